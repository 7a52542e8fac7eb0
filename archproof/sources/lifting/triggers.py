"""What begins what: event source mappings, subscriptions of topics, rules and their targets."""

from __future__ import annotations

import functools
import json
import re
from typing import Any

from archproof.model import verbs
from archproof.resources.lowering._arns import ARNS
from archproof.resources.resource import Resource, is_symbolic
from archproof.sources.lifting import _compare
from archproof.sources.lifting.drafts import Draft, Lifting, LinkDraft

SUBJECT = "triggers"
ORDER = 60

_NAME = re.compile(r"[A-Za-z0-9]{1,255}")
_NUMBERS = {
    "BatchSize": ("batch", 1),
    "MaximumBatchingWindowInSeconds": ("batch_window_s", 0),
    "ParallelizationFactor": ("parallelization", 1),
    "MaximumRetryAttempts": ("retries", 0),
    "MaximumRecordAgeInSeconds": ("max_age_s", 1),
}
_POSITIONS = {"LATEST": "latest", "TRIM_HORIZON": "trim_horizon"}


def lift(lifting: Lifting) -> None:
    """Every mapping and every subscription."""
    for drafted in list(lifting.of_type("AWS::Lambda::EventSourceMapping")):
        _mapping(lifting, drafted.resource)
    for drafted in list(lifting.of_type("AWS::SNS::Subscription")):
        _subscription(lifting, drafted.resource)


def _mapping(lifting: Lifting, mapping: Resource) -> None:
    """A trigger, where the model has both its ends; else a link that says what is said elsewhere."""
    source, target = lifting.named(mapping.get("EventSourceArn")), lifting.named(mapping.get("FunctionName"))
    if source is None or target is None or target.kind != "lambda":
        return
    if verbs.find("trigger", source.kind, target.kind) is None:
        if source.kind not in ("iam_role", "lambda"):
            lifting.link(source, target, "connect", (mapping, ("EventSourceArn",)), title="triggers", wired=True)
        return
    wanted = {"Fn::GetAtt": [source.resource.logical_id, "StreamArn" if source.kind == "dynamodb_table" else "Arn"]}
    options: dict[str, Any] = {}
    rest: dict[str, Any] = {}
    for key, value in mapping.properties.items():
        made = wanted if key == "EventSourceArn" else {"Ref": target.resource.logical_id}
        if key in ("EventSourceArn", "FunctionName"):
            if not _compare.same(made, value):
                rest[key] = value
        elif (said := _option(source, key, value)) is not None:
            options |= said
        else:
            rest[key] = value
    _made(lifting, mapping, source, target, "trigger", {**options, **({"properties": rest} if rest else {})})


def _option(source: Draft, key: str, value: Any) -> dict[str, Any] | None:
    """The option of a trigger that says a property; None where none does."""
    stream = source.kind != "sqs_queue"
    if key in _NUMBERS:
        name, least = _NUMBERS[key]
        usable = type(value) is int and value >= least and (stream or name in ("batch", "batch_window_s"))
        return {name: value} if usable else None
    if key == "StartingPosition" and stream and str(value) in _POSITIONS:
        return {"starting_position": _POSITIONS[str(value)]}
    if key == "ScalingConfig" and not stream and isinstance(value, dict) and set(value) == {"MaximumConcurrency"}:
        most = value["MaximumConcurrency"]
        return {"max_concurrency": most} if type(most) is int and most > 0 else None
    if key == "FilterCriteria":
        found = patterns(value)
        return {"filter": found} if found else None
    return None


def patterns(criteria: Any) -> list[dict[str, Any]] | None:
    """The patterns of a filter, where all of them are JSON."""
    filters = criteria.get("Filters") if isinstance(criteria, dict) and set(criteria) == {"Filters"} else None
    found: list[dict[str, Any]] = []
    for held in filters if isinstance(filters, list) else ():
        text = held.get("Pattern") if isinstance(held, dict) and set(held) == {"Pattern"} else None
        try:
            pattern = json.loads(text) if isinstance(text, str) and len(text) < 1 << 16 else None
        except (ValueError, RecursionError):
            return None
        if not isinstance(pattern, dict):
            return None
        found.append(pattern)
    return found or None


def _made(
    lifting: Lifting, resource: Resource, source: Draft, target: Draft, verb: str, options: dict[str, Any]
) -> LinkDraft | None:
    """A link that makes `resource`; one that makes nothing, where it cannot be made so."""
    place = resource, ()
    before = len(lifting.links)
    plain = not resource.attributes and _NAME.fullmatch(resource.logical_id)
    if not plain or any((k.source, k.target, k.verb) == (source.name, target.name, verb) for k in lifting.links):
        lifting.link(source, target, verb, place, wired=True)
        return None
    lifting.link(source, target, verb, place, **options, logical_id=resource.logical_id)
    link = lifting.links[before]

    def take_back() -> None:
        link.options = {"wired": True}

    if not lifting.entrust(resource, target, take_back):
        take_back()
        return None
    return link


def _subscription(lifting: Lifting, held: Resource) -> None:
    """A topic that delivers to a function or a queue."""
    topic, target = lifting.named(held.get("TopicArn"), ""), lifting.named(held.get("Endpoint"), "Arn")
    wanted = {"lambda": "lambda", "sqs": "sqs_queue"}.get(str(held.get("Protocol")))
    if topic is None or target is None or topic.kind != "sns_topic" or target.kind != wanted:
        return
    rest = {k: v for k, v in held.properties.items() if k not in ("TopicArn", "Protocol", "Endpoint")}
    options: dict[str, Any] = {}
    if isinstance(rest.get("FilterPolicy"), dict) and not is_symbolic(rest["FilterPolicy"]):
        options["filter"] = [rest.pop("FilterPolicy")]
    link = _made(lifting, held, topic, target, "subscribe", {**options, **({"properties": rest} if rest else {})})
    if link is None or target.kind != "lambda":
        return
    permission = permission_of(lifting, target, "sns.amazonaws.com", {"Ref": topic.resource.logical_id})
    if permission is not None:
        take_back = functools.partial(link.options.pop, "permission", None)
        if lifting.entrust(permission, target, take_back):
            link.options["permission"] = permission.logical_id


def permission_of(lifting: Lifting, function: Draft, principal: str, source_arn: Any) -> Resource | None:
    """The permission that a source needs to invoke a function, where it says nothing else."""
    made = Resource(
        "", "AWS::Lambda::Permission",
        {
            "Action": "lambda:InvokeFunction", "FunctionName": {"Ref": function.resource.logical_id},
            "Principal": principal, "SourceArn": source_arn,
        },
    )  # fmt: skip
    for held in lifting.users(function.resource, "AWS::Lambda::Permission"):
        if held.logical_id in lifting.drafts and _compare.alike(made, held) and _NAME.fullmatch(held.logical_id):
            return held
    return None


def arn_of(drafted: Draft) -> Any:
    """What a lowering writes for the ARN of a component."""
    form = ARNS.get(drafted.resource.type, "Arn")
    name = drafted.resource.logical_id
    if form == "Ref":
        return {"Ref": name}
    return (
        {"Fn::Sub": form.replace("${}", "${" + name + "}")} if form.startswith("arn:") else {"Fn::GetAtt": [name, form]}
    )
