"""Functions and layers: where their code lies, what their environment names, where they stand."""

from __future__ import annotations

from typing import Any

from archproof.resources.resource import is_symbolic
from archproof.sources.lifting import _guess
from archproof.sources.lifting._assembly import PARAMETER
from archproof.sources.lifting._standing import placement
from archproof.sources.lifting.drafts import PLAIN, Draft, Lifting

SUBJECT = "functions"
ORDER = 30

_NO_PATHS = ("s3://",)


def lift(lifting: Lifting) -> None:
    """Every function and layer."""
    for drafted in lifting.of_type("AWS::Lambda::Function"):
        if drafted.kind == PLAIN:
            drafted.kind = "lambda"
            _guess.fill(lifting, drafted)
        _code(drafted, "Code")
        _environment(lifting, drafted)
        _place(lifting, drafted)
        if drafted.resource.get("PackageType") == "Image":
            drafted.say("package", "image", "PackageType")
    for drafted in lifting.of_type("AWS::Lambda::LayerVersion"):
        _code(drafted, "Content")


def _code(drafted: Draft, property: str) -> None:
    """The zip by its path, where it is no more than a bucket and a key."""
    drafted.unsay("code")
    code = drafted.resource.get(property)
    if not isinstance(code, dict) or set(code) != {"S3Bucket", "S3Key"} or drafted.kind == PLAIN:
        return
    bucket, key = code["S3Bucket"], code["S3Key"]
    if not isinstance(key, str) or not key or key.startswith(_NO_PATHS):
        return
    if bucket == {"Ref": PARAMETER}:
        drafted.say("code", key, property)
    elif isinstance(bucket, str) and bucket and "/" not in bucket:
        drafted.say("code", f"s3://{bucket}/{key}", property)


def _environment(lifting: Lifting, drafted: Draft) -> None:
    """All variables, with intrinsics as they are."""
    variables = drafted.resource.get("Environment", "Variables")
    if not isinstance(variables, dict) or is_symbolic(variables) or not variables:
        return
    said: dict[str, Any] = {}
    for key, value in variables.items():
        if isinstance(value, dict) and is_symbolic(value):
            said[str(key)] = value
        elif isinstance(value, str | int | float):
            said[str(key)] = _guess.text(value)
    if said:
        drafted.say("environment", said, "Environment", "Variables")


def _place(lifting: Lifting, drafted: Draft) -> None:
    """Where it stands, where subnets and groups are components."""
    place = placement(lifting, drafted.resource.get("VpcConfig"), "SubnetIds", "SecurityGroupIds")
    if place is not None:
        drafted.say("in", place)
