"""One pair of doubles and one deployment of the reference system for all tests of this folder."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.live import deploying, doubles, gaps

REGION, ACCOUNT = "ap-southeast-1", "123456789012"
REFERENCE = Path(__file__).parents[2] / "architecture.yaml"
_OF_THE_MACHINE = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_ENDPOINT_URL")


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
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        }

    def cloud(self) -> deploying.Cloud:
        """Clients of both."""
        return deploying.Cloud(self.ministack, REGION, ACCOUNT, dict.fromkeys(doubles.OF_MOTO, self.moto))

    def run(self, *arguments: str) -> int:
        """Run the command line with these doubles as AWS; the exit status."""
        from archproof.cli.main import main

        with pytest.MonkeyPatch.context() as patch:
            for name in _OF_THE_MACHINE:
                patch.delenv(name, raising=False)
            for name, value in self.environment.items():
                patch.setenv(name, value)
            return main(list(arguments))

    def drift(self, folder: Path, *arguments: str, live: str = "aws") -> Report:
        """The report of `archproof drift` on the reference system, without what the doubles do not keep."""
        file = folder / "drift.json"
        said = ["drift", str(REFERENCE), "--live", live, "--format", "json", "-o", str(file), *arguments]
        for gap in gaps.GAPS:
            said += ["--ignore", gap.rule]
        status = self.run(*said)
        return Report(status, json.loads(file.read_text(encoding="utf-8")))


@dataclass(frozen=True)
class Report:
    """What `archproof drift` said in JSON, and its exit status."""

    status: int
    json: dict[str, Any]

    def of(self, *tiers: str) -> list[dict[str, Any]]:
        """The differences of some tiers that no rule ignores."""
        return [d for d in self.json["differences"] if d["tier"] in tiers and d["ignored"] is None]

    def told(self, *tiers: str) -> set[str]:
        """The same as `resource property`."""
        return {f"{d['resource']} {d['property']}".strip() for d in self.of(*tiers)}

    def names(self, key: str) -> list[str]:
        """The resources that are `missing` or `unmanaged`, by the name that each has in the account or the model."""
        found: Sequence[dict[str, Any]] = self.json[key]
        return sorted(str(w["resource"] if key == "missing" else w["physical_id"]) for w in found if not w["ignored"])


@pytest.fixture(scope="session")
def aws() -> Iterator[Doubles]:
    """ministack and a moto server, for one process of the tests."""
    for package in ("boto3", "moto", "ministack"):
        pytest.importorskip(package, reason=f"needs {package}: pip install 'archproof[test]'")
    with doubles.ministack() as ministack, doubles.moto() as moto:
        yield Doubles(ministack, moto)


@pytest.fixture(scope="session")
def deployed(aws: Doubles) -> deploying.Deployment:
    """The reference system, deployed from its own export. Only what depends on `pristine` may change it."""
    from archproof.api import load
    from archproof.resources import exports
    from archproof.resources.lowering import lower

    files = exports.export(lower(load(REFERENCE)), "cloudformation", exports.Wanted(json=True))
    template = json.loads(files[""])
    cloud = aws.cloud()
    deploying.prepare(cloud, template)
    return deploying.Deployment(cloud, template, "cast3", {"CodeBucket": deploying.BUCKET}).run()


@pytest.fixture(scope="session")
def snapshot(aws: Doubles, deployed: deploying.Deployment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A snapshot of the account as it was deployed."""
    folder = tmp_path_factory.mktemp("snapshot") / "account"
    status = aws.run("import", "aws", "--snapshot", str(folder), "--region", REGION)
    assert status == 0, status
    return folder


@pytest.fixture(scope="session")
def pristine(aws: Doubles, snapshot: Path, tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The comparison with the account as it was deployed."""
    return aws.drift(tmp_path_factory.mktemp("pristine"))
