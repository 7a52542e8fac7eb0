"""Keys that AWS itself keeps, and defaults that follow from what is declared beside them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from archproof.drift import compare_resource
from tests.drift.accounts import arn, compare, told, write

MODEL = """
components:
  logs: {type: AWS::Logs::LogGroup, properties: {LogGroupName: logs}}
"""
OWN, OURS, GONE = (arn("kms", f"key/{n}1111111-1111-1111-1111-111111111111") for n in "abc")


def account(folder: Path, key: str, *, listed: bool = True) -> Path:
    group = {"logGroupName": "logs", "arn": arn("logs", "log-group:logs:*"), "kmsKeyId": key, "storedBytes": 0}
    said: dict[str, Any] = {"log-groups": {"logGroups": [group]}}
    if listed:
        said["list-keys"] = {"Keys": [{"KeyId": k.rpartition("/")[2], "KeyArn": k} for k in (OWN, OURS)]}
        said["own"] = {"KeyMetadata": {"KeyId": OWN.rpartition("/")[2], "Arn": OWN, "KeyManager": "AWS"}}
    return write(folder, **said)


def keys(folder: Path) -> list[str]:
    return [line for line in told(compare(MODEL, folder)) if "KmsKeyId" in line]


def test_a_key_of_awss_own_is_the_default_and_one_of_ours_is_not(tmp_path: Path) -> None:
    assert keys(account(tmp_path / "own", OWN)) == []
    assert keys(account(tmp_path / "gone", GONE)) == []  # all keys were listed, and it is none of ours
    assert keys(account(tmp_path / "ours", OURS)) == [f"undeclared Logs KmsKeyId: None -> {OURS!r}"]


def test_where_the_keys_were_not_listed_nobody_knows_whose_it_is(tmp_path: Path) -> None:
    assert keys(account(tmp_path, OWN, listed=False)) == [f"undeclared Logs KmsKeyId: None -> {OWN!r}"]


def test_a_default_may_be_a_share_of_what_is_declared_beside_it() -> None:
    def left(idle: int) -> list[str]:
        pool = {"MaxConnectionsPercent": 75}
        live = {"ConnectionPoolConfigurationInfo": pool | {"MaxIdleConnectionsPercent": idle}}
        found = compare_resource("AWS::RDS::DBProxyTargetGroup", {"ConnectionPoolConfigurationInfo": pool}, live)
        return [d.property for d in found.undeclared]

    assert left(37) == []
    assert left(20) == ["ConnectionPoolConfigurationInfo.MaxIdleConnectionsPercent"]
