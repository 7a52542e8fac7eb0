"""One pair of doubles and one deployment of the reference system for all tests of this folder."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.live import deploying, doubles

REGION, ACCOUNT = "eu-central-1", "123456789012"
REFERENCE = Path(__file__).parents[2] / "architecture.yaml"


@dataclass(frozen=True)
class Doubles:
    """The addresses of the doubles."""

    ministack: str
    moto: str

    @property
    def environment(self) -> dict[str, str]:
        """What tells boto3 where each service is, and who asks."""
        services = {f"AWS_ENDPOINT_URL_{s.upper()}": self.moto for s in doubles.OF_MOTO}
        return services | {
            "AWS_ENDPOINT_URL": self.ministack,
            "AWS_ACCESS_KEY_ID": ACCOUNT,
            "AWS_SECRET_ACCESS_KEY": "double",
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def cloud(self) -> deploying.Cloud:
        """Clients of both."""
        return deploying.Cloud(self.ministack, REGION, ACCOUNT, dict.fromkeys(doubles.OF_MOTO, self.moto))


@pytest.fixture(scope="session")
def aws() -> Iterator[Doubles]:
    """ministack and a moto server, for one process of the tests."""
    for package in ("boto3", "moto", "ministack"):
        pytest.importorskip(package, reason=f"needs {package}: pip install 'archproof[test]'")
    with doubles.ministack() as ministack, doubles.moto() as moto:
        yield Doubles(ministack, moto)


@pytest.fixture(scope="session")
def deployed(aws: Doubles) -> deploying.Deployment:
    """The reference system, deployed from its own export."""
    from archproof.api import load
    from archproof.resources import exports
    from archproof.resources.lowering import lower

    files = exports.export(lower(load(REFERENCE)), "cloudformation", exports.Wanted(json=True))
    template = json.loads(files[""])
    cloud = aws.cloud()
    deploying.prepare(cloud, template)
    return deploying.Deployment(cloud, template, "cast3", {"CodeBucket": deploying.BUCKET}).run()
