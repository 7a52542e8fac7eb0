"""Small accounts in the shape of AWS's answers, and models to compare them with."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

from archproof.drift import living, system
from archproof.drift.differences import Comparison
from archproof.drift.ignores import Rule
from archproof.drift.lock import Lock
from archproof.model.architecture import loads
from archproof.sources.reading import Request

ACCOUNT, REGION = "111122223333", "eu-west-1"
TODAY = datetime.date(2026, 11, 23)
HEAD = f'archproof: 1\nsystem: {{name: shop, region: {REGION}, account: "{ACCOUNT}", exact: true}}\n'


def arn(service: str, name: str) -> str:
    """An ARN in the account."""
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{name}"


def queue(name: str, **attributes: str) -> dict[str, Any]:
    """What `sqs get-queue-attributes` says."""
    return {"Attributes": {"QueueArn": arn("sqs", name), "VisibilityTimeout": "30", **attributes}}


def queues(*names: str) -> dict[str, Any]:
    """What `sqs list-queues` says."""
    return {"QueueUrls": [f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{name}" for name in names]}


def vpc(id: str, cidr: str = "10.0.0.0/16", name: str | None = None, **more: Any) -> dict[str, Any]:
    """One entry of `ec2 describe-vpcs`."""
    tags = [{"Key": "Name", "Value": name}] if name else []
    return {"VpcId": id, "OwnerId": ACCOUNT, "CidrBlock": cidr, "Tags": tags, **more}


def subnet(id: str, vpc: str, cidr: str, **more: Any) -> dict[str, Any]:
    """One entry of `ec2 describe-subnets`."""
    return {
        "SubnetId": id,
        "OwnerId": ACCOUNT,
        "AvailabilityZone": f"{REGION}a",
        "VpcId": vpc,
        "CidrBlock": cidr,
        **more,
    }


def group(id: str, name: str, ingress: list[Any], egress: list[Any] | None = None, **more: Any) -> dict[str, Any]:
    """One entry of `ec2 describe-security-groups`."""
    open_ = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
    return {
        "GroupId": id, "OwnerId": ACCOUNT, "VpcId": "vpc-11111111", "GroupName": name, "Description": name,
        "IpPermissions": ingress, "IpPermissionsEgress": open_ if egress is None else egress, **more,
    }  # fmt: skip


def role(name: str, policies: dict[str, Any] | None = None, trust: Any = None, **more: Any) -> dict[str, Any]:
    """One entry of `iam get-account-authorization-details`."""
    own = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}  # fmt: skip
    return {
        "RoleName": name, "Path": "/", "Arn": f"arn:aws:iam::{ACCOUNT}:role/{name}",
        "AssumeRolePolicyDocument": trust or own, "AttachedManagedPolicies": [],
        "RolePolicyList": [{"PolicyName": n, "PolicyDocument": d} for n, d in (policies or {}).items()], **more,
    }  # fmt: skip


def write(folder: Path, **answers: Any) -> Path:
    """Write answers to a folder, a file each."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, answer in answers.items():
        (folder / f"{name}.json").write_text(json.dumps(answer), encoding="utf-8")
    return folder


def compare(
    model: str, folder: Path, *, lock: Lock | None = None, stack: str | None = None, ignore: list[Rule] | None = None
) -> Comparison:
    """Compare a model with the answers in a folder."""
    live = living.of_path(str(folder), Request(region=REGION))
    architecture = loads(HEAD + model)
    return system.compare(architecture, live, today=TODAY, lock=lock, stack=stack, ignore=ignore or [])


def told(comparison: Comparison) -> list[str]:
    """Every difference on a line."""
    lines = [
        f"{d.tier} {d.resource} {d.drift.property}: {d.drift.expected!r} -> {d.drift.actual!r}"
        for d in comparison.differences
    ]
    lines += [f"missing {w.resource}" + (f": {w.why}" if w.why else "") for w in comparison.missing]
    lines += [f"unmanaged {w.type} {w.physical_id}" for w in comparison.unmanaged]
    return [*lines, *(f"ambiguous {r}: {', '.join(c)}; {why}" for r, c, why in comparison.ambiguous)]


def ways(comparison: Comparison) -> dict[str, str]:
    """How each resource was matched."""
    return {b.resource: b.by for b in comparison.bindings}
