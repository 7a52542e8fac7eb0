"""Rules of EventBridge: their patterns in the words of the language, and their targets."""

from __future__ import annotations

import functools
from typing import Any

from archproof.model.kinds.events import TARGETS
from archproof.resources.resource import is_symbolic
from archproof.sources.lifting import _compare, _guess
from archproof.sources.lifting.drafts import PLAIN, Draft, Lifting
from archproof.sources.lifting.triggers import arn_of, permission_of

SUBJECT = "rules"
ORDER = 82

_LISTS = ("source", "detail-type", "account", "region", "resources", "$or")
_EVENTS = "events.amazonaws.com"


def lift(lifting: Lifting) -> None:
    """Every rule."""
    for drafted in list(lifting.of_type("AWS::Events::Rule")):
        _rule(lifting, drafted)


def _rule(lifting: Lifting, drafted: Draft) -> None:
    rule = drafted.resource
    drafted.kind = "event_rule"
    drafted.fields.clear()
    drafted.places.clear()
    _guess.fill(lifting, drafted)
    for field in ("pattern", "to"):
        drafted.unsay(field)
    pattern = _pattern(lifting, rule.get("EventPattern"))
    if pattern:
        drafted.say("pattern", pattern, "EventPattern")
    if "schedule" in drafted.fields:
        drafted.unsay("bus")
    if not _guess.sound(drafted) or ("pattern" in drafted.fields) == ("schedule" in drafted.fields):
        drafted.become_plain()
    _targets(lifting, drafted)


def _pattern(lifting: Lifting, held: Any) -> dict[str, Any] | None:
    """A pattern in the words of the language; None where it has others."""
    if not isinstance(held, dict) or is_symbolic(held) or set(held) - {*_LISTS, "detail"}:
        return None
    found: dict[str, Any] = {}
    for key in _LISTS:
        if key in held:
            if not isinstance(held[key], list) or not held[key]:
                return None
            found[key] = held[key]
    detail = held.get("detail", {})
    if not isinstance(detail, dict) or is_symbolic(detail) or ("detail" in held and not detail):
        return None
    bucket = detail.get("bucket")
    names = bucket.get("name") if isinstance(bucket, dict) and set(bucket) == {"name"} else None
    buckets = [lifting.named(n, "") for n in names] if isinstance(names, list) and names else []
    if buckets and "source" in found and all(b is not None and b.kind == "s3_bucket" for b in buckets):
        found["bucket"] = [b.name for b in buckets if b is not None]
        if found["source"] == ["aws.s3"]:
            del found["source"]
        detail = {k: v for k, v in detail.items() if k != "bucket"}
    return {**found, **({"detail": detail} if detail else {})}


def _targets(lifting: Lifting, drafted: Draft) -> None:
    """The targets, where all of them are components that a rule can have; else links to those that are."""
    listed = drafted.resource.get("Targets")
    listed = listed if isinstance(listed, list) else []
    found = [_target(lifting, t) for t in listed]
    if drafted.kind != PLAIN and listed and all(t is not None and t.pop("_known") for t in found):
        said = [t for t in found if t is not None]
        drafted.say("to", said, "Targets")
        for entry in said:
            function = next(d for d in lifting.drafts.values() if d.name == entry["target"])
            arn = {"Fn::GetAtt": [drafted.resource.logical_id, "Arn"]}
            permission = permission_of(lifting, function, _EVENTS, arn) if function.kind == "lambda" else None
            take_back = functools.partial(entry.pop, "permission", None)
            if permission is not None and lifting.entrust(permission, function, take_back):
                entry["permission"] = permission.logical_id
        return
    for number, held in enumerate(listed):
        target = lifting.named(held.get("Arn")) if isinstance(held, dict) else None
        if target is not None and target is not drafted:
            verb = "target" if drafted.kind != PLAIN and target.kind in TARGETS else "connect"
            place = drafted.resource, ("Targets", number, "Arn")
            lifting.link(drafted, target, verb, place, title="sends", wired=True)


def _target(lifting: Lifting, held: Any) -> dict[str, Any] | None:
    """A target in the words of the language, and whether the language has its kind."""
    target = lifting.named(held.get("Arn")) if isinstance(held, dict) else None
    if target is None or not isinstance(held.get("Id"), str):
        return None
    found: dict[str, Any] = {"target": target.name, "_known": target.kind in TARGETS, "id": held["Id"]}
    rest = {k: v for k, v in held.items() if k not in ("Arn", "Id")}
    if target.kind == "log_group" or not _compare.same(arn_of(target), held["Arn"]):
        rest["Arn"] = held["Arn"]
    role = lifting.named(rest.get("RoleArn"), "Arn")
    if role is not None and role.kind == "iam_role":
        found["role"] = role.name
        del rest["RoleArn"]
    for key, field in (("Input", "input"), ("InputPath", "input_path")):
        if isinstance(rest.get(key), str):
            found[field] = rest.pop(key)
    transformer = rest.get("InputTransformer")
    if isinstance(transformer, dict) and isinstance(transformer.get("InputTemplate"), str):
        paths = transformer.get("InputPathsMap", {})
        if (
            set(transformer) <= {"InputTemplate", "InputPathsMap"}
            and isinstance(paths, dict)
            and all(isinstance(v, str) for v in paths.values())
        ):
            found |= {"input_paths": paths} if paths else {}
            found["input_template"] = transformer["InputTemplate"]
            del rest["InputTransformer"]
    if rest:
        found["properties"] = rest
    return found
