"""Who tells whom, where resources say it in their own words: notifications, destinations, permissions to invoke."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archproof.model import verbs
from archproof.resources.lowering._openapi import INTEGRATION
from archproof.resources.resource import Path, Resource, referenced
from archproof.sources.lifting.drafts import PLAIN, Draft, Lifting

SUBJECT = "notices"
ORDER = 88

_SHAPES = {
    "LambdaConfigurations": "Function", "QueueConfigurations": "Queue", "TopicConfigurations": "Topic",
}  # fmt: skip
_BEGINS = ("trigger", "subscribe", "target", "route", "notify", "invoke")
"""Verbs of a source that begins a function by itself, in the order in which they are tried."""
_SENDS = ("invoke", "send", "publish", "connect")
_APIS = ("AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api")
_INTEGRATIONS = {
    "AWS::ApiGateway::Method": ("RestApiId", "Integration"), "AWS::ApiGatewayV2::Integration": ("ApiId", None),
}  # fmt: skip
"""Resources that say what an API calls: the property that names the API, and the one that says it."""
_STORES = ("dynamodb_table", "s3_bucket", "kinesis_stream", "event_bus", "sns_topic", "sqs_queue", "state_machine")
_NO_ENDS = ("iam_role", "iam_policy", "log_group", "kms_key", "rest_api", "http_api")
_NO_SOURCES = ("iam_role", "iam_policy", "log_group", "kms_key")


def lift(lifting: Lifting) -> None:
    """A link for each of them, which makes nothing: the resources stay as they say it."""
    for drafted in list(lifting.of_type("AWS::S3::Bucket")):
        for target, place in _notified(lifting, drafted):
            _link(lifting, drafted, target, _BEGINS, (drafted.resource, place))
    for held in lifting.resources.of_type(*_APIS):
        api = lifting.drafts.get(held.logical_id)
        if api is not None:
            for place, value in _operations(held):
                _integrated(lifting, api, held, place, value)
    for kind, (owner, property) in _INTEGRATIONS.items():
        for held in lifting.resources.of_type(kind):
            api = lifting.named(held.get(owner), "")
            if api is not None:
                value = held.properties if property is None else held.get(property)
                _integrated(lifting, api, held, (property,) if property else (), value)
    for held in lifting.resources.of_type("AWS::Lambda::EventInvokeConfig"):
        _destinations(lifting, held)
    for held in lifting.resources.of_type("AWS::Lambda::Permission"):
        _permitted(lifting, held)


def _notified(lifting: Lifting, drafted: Draft) -> Iterator[tuple[Draft, Path]]:
    """Whom a bucket notifies, with the place that says so."""
    for key, name in _SHAPES.items():
        listed = drafted.resource.get("NotificationConfiguration", key)
        for number, held in enumerate(listed if isinstance(listed, list) else ()):
            target = lifting.named(held.get(name)) if isinstance(held, dict) else None
            if target is not None:
                yield target, ("NotificationConfiguration", key, number)


def _operations(api: Resource) -> Iterator[tuple[Path, Any]]:
    """The integrations that the body of an API says, with their places."""
    paths = api.get("Body", "paths")
    for path, methods in paths.items() if isinstance(paths, dict) else ():
        for method, held in methods.items() if isinstance(methods, dict) else ():
            if isinstance(held, dict) and INTEGRATION in held:
                yield ("Body", "paths", path, method), held[INTEGRATION]


def _integrated(lifting: Lifting, api: Draft, held: Resource, place: Path, value: Any) -> None:
    """What an integration reaches by itself, with no function between."""
    for name, _ in referenced(value):
        target = lifting.drafts.get(name)
        if target is None or target is api or target.kind in _NO_ENDS or _known(lifting, api, target):
            continue
        if verbs.find("route", api.kind, target.kind) is not None:
            _link(lifting, api, target, ("route",), (held, place))
        elif target.kind in _STORES:
            _link(lifting, api, target, (), (held, place), title="calls")


def _destinations(lifting: Lifting, held: Resource) -> None:
    """Where the outcome of asynchronous invocations goes."""
    function = lifting.named(held.get("FunctionName"))
    for end, title in (("OnSuccess", "on success"), ("OnFailure", "on failure")):
        target = lifting.named(held.get("DestinationConfig", end, "Destination"))
        if function is not None and target is not None and function is not target:
            place: Path = ("DestinationConfig", end, "Destination")
            _link(lifting, function, target, _SENDS, (held, place), title=title)


def _permitted(lifting: Lifting, held: Resource) -> None:
    """The one component that a permission lets invoke a function, where nothing else says that it does."""
    function = lifting.named(held.get("FunctionName"))
    sources = {name for name, _ in referenced(held.get("SourceArn")) if name in lifting.drafts}
    if function is None or function.kind != "lambda" or len(sources) != 1:
        return
    source = lifting.drafts[sources.pop()]
    if source is not function and not _known(lifting, source, function):
        _link(lifting, source, function, _BEGINS, (held, ("SourceArn",)))


def _known(lifting: Lifting, source: Draft, target: Draft) -> bool:
    """Whether a link or a field of the source says that it has to do with the target."""
    if any((k.source, k.target) == (source.name, target.name) for k in lifting.links):
        return True
    queue: list[Any] = list(source.fields.values())
    while queue:
        value = queue.pop()
        if value == target.name:
            return True
        queue += value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return False


def _link(
    lifting: Lifting, source: Draft, target: Draft, tried: tuple[str, ...], place: tuple[Resource, Path], **more: Any
) -> None:
    """A link with the first verb that both ends have, or one that says in words that the source begins the target."""
    if source.kind in _NO_SOURCES or any(
        (k.source, k.target) == (source.name, target.name) and k.verb in tried for k in lifting.links
    ):
        return
    known = [v for v in tried if (row := verbs.find(v, source.kind, target.kind)) and row.source in ("*", source.kind)]
    exact = [v for v in known if v != "invoke" or source.kind not in (PLAIN, "s3_bucket", "rest_api", "http_api")]
    if exact:
        lifting.link(source, target, exact[0], place, **more, wired=True)
    else:
        lifting.link(source, target, "connect", place, **{"title": "invokes", **more}, wired=True)
