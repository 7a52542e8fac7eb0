"""The law of importing: a model that was made of an account is in sync with that account."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("boto3")

from archproof.cli.main import main
from tests.aws import many_kinds
from tests.live import doubles

_NAMELESS = {"AWS::EC2::Volume", "AWS::EFS::FileSystem"}
"""Types of which nothing that is declared tells one from another: without a lock they are told, and not guessed."""


@pytest.fixture(params=["moto", "ministack"])
def filled(request: pytest.FixtureRequest) -> Iterator[str]:
    """A double with things of many kinds."""
    pytest.importorskip(request.param, reason=f"needs {request.param}: pip install 'archproof[test]'")
    with getattr(doubles, request.param)() as url:
        made, refused = many_kinds.make(url)
        assert len(made) > 20, refused
        yield url


def test_an_account_is_in_sync_with_the_model_that_was_made_of_it(
    filled: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", many_kinds.OWNER)  # ministack takes a key of this form for the account
    model, report = tmp_path / "architecture.yaml", tmp_path / "drift.json"
    account = ["--endpoint-url", filled, "--region", many_kinds.REGION]
    assert main(["import", "aws", *account, "-o", str(model)]) == 0
    assert main(["drift", str(model), *account, "--format", "json", "-o", str(report)]) == 0
    said = json.loads(report.read_text(encoding="utf-8"))
    assert said["missing"] == []
    assert [d for d in said["differences"] if d["tier"] != "unread"] == []
    assert said["unmanaged"] == []
    live = Counter(binding["by"] for binding in said["bindings"])
    assert live.total() > 80
    from archproof.api import load
    from archproof.resources.lowering import lower

    declared = lower(load(model))
    assert {declared[a["resource"]].type for a in said["ambiguous"]} <= _NAMELESS
