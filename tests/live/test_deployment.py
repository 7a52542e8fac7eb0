"""The reference system deployed into the doubles: as declared, live and from a snapshot."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.live import deploying, gaps
from tests.live.conftest import REFERENCE, Doubles, Report
from tests.live.deploying import Deployment


def test_every_resource_of_the_reference_system_is_made_in_the_doubles(deployed: Deployment) -> None:
    assert deployed.physical.keys() == deployed.resources.keys()
    groups = deployed.cloud.client("ec2").describe_security_groups()["SecurityGroups"]
    made = {deployed.physical[k] for k, r in deployed.resources.items() if r["Type"] == "AWS::EC2::SecurityGroup"}
    assert made <= {group["GroupId"] for group in groups}


def test_the_reference_system_as_deployed_has_no_difference(pristine: Report) -> None:
    assert pristine.told("declared") == set()
    assert pristine.told("undeclared") == set()
    assert pristine.names("missing") == []
    assert pristine.json["ambiguous"] == []
    assert pristine.names("unmanaged") == [deploying.BUCKET]  # where the deployer keeps templates and code
    assert pristine.status == 0


def test_nothing_is_unread_but_what_cannot_be_read(pristine: Report) -> None:
    assert pristine.told("unread") == gaps.NEVER_READ | gaps.UNREAD.keys()


def test_no_gap_of_the_doubles_is_listed_that_is_none_any_more(pristine: Report) -> None:
    assert [spent["rule"] for spent in pristine.json["ignores"]] == []


def test_all_that_is_declared_is_found(pristine: Report, deployed: Deployment) -> None:
    bound = {b["resource"] for b in pristine.json["bindings"]}
    parts = {"SecurityGroupIngress", "SecurityGroupEgress", "SecretTargetAttachment"}  # of others, or never listed
    assert bound == {k for k, r in deployed.resources.items() if r["Type"].rpartition("::")[2] not in parts}


def test_a_snapshot_tells_the_same_as_the_account(
    aws: Doubles, pristine: Report, snapshot: Path, tmp_path: Path
) -> None:
    offline = aws.drift(tmp_path, live=str(snapshot))
    assert offline.json["calls"] == 0 and pristine.json["calls"] > 100
    for key in ("missing", "ambiguous", "bindings", "ignores"):
        assert offline.json[key] == pristine.json[key], key
    # why something is unread is another matter where nobody asked for it
    told, live = ([d | {"why": ""} for d in r.json["differences"]] for r in (offline, pristine))
    assert told == live
    assert offline.names("unmanaged") == pristine.names("unmanaged")
    assert offline.status == pristine.status


@pytest.mark.parametrize(
    ("command", "statuses"),
    [
        (("check", "--format", "json"), (0, 1)),
        (("draw", "-o", "{out}.svg"), (0,)),
        (("explain", "-o", "{out}.md"), (0,)),
        (("path", "--from", "internet", "--to", "{db}"), (0, 1)),
        (("export", "--to", "cloudformation", "-o", "{out}.json"), (0,)),
        (("import", "-o", "{out}.yaml"), (0,)),
    ],
    ids=lambda value: value[0] if isinstance(value[0], str) else "",
)
def test_every_command_takes_a_snapshot_offline(
    command: tuple[str, ...], statuses: tuple[int, ...], snapshot: Path, deployed: Deployment, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    from archproof.cli.main import main

    monkeypatch.chdir(tmp_path)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_ENDPOINT_URL", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    name, *rest = (part.format(out=tmp_path / "out", db=deployed.physical["Db"]) for part in command)
    assert main([name, str(snapshot), *rest]) in statuses, capsys.readouterr().err
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    if "json" in rest:
        json.loads(said.out)
    for written in tmp_path.glob("out.*"):
        assert written.stat().st_size > 1000


def test_the_lock_of_a_deployment_binds_all_of_it(aws: Doubles, snapshot: Path, tmp_path: Path) -> None:
    lock = tmp_path / "archproof.lock"
    first = aws.drift(tmp_path, "--lock", str(lock), "--write-lock", live=str(snapshot))
    again = aws.drift(tmp_path, "--lock", str(lock), live=str(snapshot))
    assert {b["by"] for b in again.json["bindings"]} == {"lock"}
    assert again.json["differences"] == first.json["differences"]
    assert REFERENCE.with_name("archproof.lock").exists() is False
