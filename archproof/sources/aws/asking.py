"""Asking one question: every page of an answer, put together as AWS's command line does, and why it broke off."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from archproof.sources.aws.faults import Fault, MalformedAnswer, fault

MAX_PAGES = 10_000
"""Where a listing that never ends is given up."""
_TOKENS = (
    ("NextToken", "NextToken"), ("nextToken", "nextToken"), ("NextMarker", "NextMarker"), ("Marker", "NextMarker"),
    ("Marker", "Marker"), ("marker", "nextMarker"), ("PageToken", "NextPageToken"), ("pageToken", "nextPageToken"),
    ("position", "position"), ("nextPageToken", "nextPageToken"),
)  # fmt: skip
"""What a request calls the place to go on from, and what an answer calls it, where no paginator is defined."""
_LEFT_OUT = frozenset(
    ["ResponseMetadata", "NextToken", "nextToken", "NextMarker", "Marker", "marker", "nextMarker", "IsTruncated",
     "position", "NextPageToken", "nextPageToken", "MaxItems", "MaxResults", "PaginationToken"]
)  # fmt: skip
_ROOT = re.compile(rb"<(?![?!])(?:[\w.-]+:)?([\w.-]+)")
_SUCCESS = range(200, 300)
_NO_CONTENT = 204
_BROKEN = 500
_MENDED = 3
"""So many attempts mend what goes away by itself."""


@dataclass(slots=True)
class Reply:
    """What came back."""

    value: dict[str, Any] = field(default_factory=dict)
    requests: int = 0
    fault: Fault | None = None
    pages: int = 0
    """How many pages were read."""


@dataclass(frozen=True, slots=True)
class Paging:
    """How the pages of an operation follow each other."""

    limit: str | None
    largest: int | None
    results: tuple[str, ...]
    """What of a page goes on in the next, as JMESPath; empty for every list at the top."""
    tokens: tuple[str, str] | None
    """Of an operation without a paginator."""
    paginator: bool


def ask(client: Any, operation: str, parameters: Mapping[str, Any], page: int = 0) -> Reply:
    """Ask a question to its end. What went wrong is in the reply; only what stops the process is raised."""
    reply = Reply()
    paging = _paging(client, operation)
    size = page or paging.largest
    _read(client, operation, dict(parameters), paging, size, reply)
    refused = reply.fault is not None and reply.fault.code == "unavailable" and not reply.pages
    if refused and size and paging.limit:  # perhaps only the size of the pages
        again = Reply(requests=reply.requests)
        _read(client, operation, dict(parameters), paging, None, again)
        if again.pages:
            return again
    return reply


def _read(
    client: Any, operation: str, parameters: dict[str, Any], paging: Paging, size: int | None, reply: Reply
) -> None:
    from botocore.utils import set_value_from_jmespath

    if size and paging.limit:
        parameters[paging.limit] = size
    try:
        for answer in _pages(client, operation, parameters, paging, reply):
            if not reply.pages:
                reply.value = answer
            else:
                for result in paging.results or [k for k, v in answer.items() if isinstance(v, list)]:
                    held, more = _search(result, reply.value), _search(result, answer)
                    if isinstance(held, list) and isinstance(more, list):
                        held.extend(more)
                    elif held is None and more is not None:
                        set_value_from_jmespath(reply.value, result, more)
            reply.pages += 1
    except Exception as error:  # whatever comes back, it is told and never a traceback
        reply.requests += 1
        reply.fault = fault(error)
    for key in _LEFT_OUT & reply.value.keys():
        del reply.value[key]


def _search(path: str, value: Any) -> Any:
    if path.isidentifier():
        return value.get(path)
    return _compiled(path).search(value)


@functools.cache
def _compiled(path: str) -> Any:
    import jmespath

    return jmespath.compile(path)


def _pages(
    client: Any, operation: str, parameters: dict[str, Any], paging: Paging, reply: Reply
) -> Iterator[dict[str, Any]]:
    """The pages of an answer."""
    from botocore import xform_name

    name = xform_name(operation)
    if paging.paginator:
        for number, answer in enumerate(client.get_paginator(name).paginate(**parameters)):
            if number >= MAX_PAGES:
                raise MalformedAnswer(f"more than {MAX_PAGES:,} pages")
            reply.requests += 1
            yield answer
        return
    seen: set[str] = set()
    while True:
        answer = getattr(client, name)(**parameters)
        reply.requests += 1
        yield answer
        token = _search(paging.tokens[1], answer) if paging.tokens else None
        if not token or answer.get("IsTruncated") is False:
            if _goes_on(answer):
                raise MalformedAnswer("the answer goes on, and nothing says how to ask for the rest")
            return
        if token in seen or len(seen) >= MAX_PAGES:
            raise MalformedAnswer("the pages come back to one that was read")
        seen.add(token)
        parameters[paging.tokens[0]] = token  # type: ignore[index]


def _goes_on(answer: Mapping[str, Any], depth: int = 0) -> bool:
    """Whether an answer says that there is more of it, at its top or in a map there."""
    for name, value in answer.items():
        if value is True and (name == "IsTruncated" or name.startswith("HasMore")):
            return True
        if isinstance(value, dict) and not depth and name != "ResponseMetadata" and _goes_on(value, 1):
            return True
    return False


_known: dict[tuple[str, str], Paging] = {}


def _paging(client: Any, operation: str) -> Paging:
    """How an operation pages, as AWS's models of it say."""
    service = client.meta.service_model.service_name
    if (service, operation) not in _known:
        _known[service, operation] = _look_up(client, operation)
    return _known[service, operation]


def _look_up(client: Any, operation: str) -> Paging:
    from botocore import xform_name
    from botocore.exceptions import BotoCoreError

    try:
        model = client.meta.service_model.operation_model(operation)
        inputs = model.input_shape.members if model.input_shape else {}
        outputs = model.output_shape.members if model.output_shape else {}
        if client.can_paginate(xform_name(operation)):
            said = client.get_paginator(xform_name(operation))._pagination_cfg
            limit = said.get("limit_key")
            keys = said.get("result_key", [])
            results = tuple(keys if isinstance(keys, list) else [keys])
            return Paging(limit, _largest(inputs, limit), results, None, True)
    except (BotoCoreError, KeyError, AttributeError):
        return Paging(None, None, (), None, False)
    limit = next((k for k in ("MaxResults", "maxResults", "Limit", "limit", "MaxItems") if k in inputs), None)
    results, tokens = _tokens(inputs, outputs)
    return Paging(limit, _largest(inputs, limit), results, tokens, False)


def _tokens(inputs: Mapping[str, Any], outputs: Mapping[str, Any]) -> tuple[tuple[str, ...], tuple[str, str] | None]:
    """What goes on in the next page and how to ask for it, of an operation without a paginator.

    An answer may be a map that holds its list and the place to go on from (those of CloudFront).
    """
    found = next((t for t in _TOKENS if t[0] in inputs and t[1] in outputs), None)
    if found is not None:
        return (), found
    for name, shape in outputs.items():
        if shape.type_name == "structure":
            inner = next((t for t in _TOKENS if t[0] in inputs and t[1] in shape.members), None)
            if inner is not None:
                lists = tuple(f"{name}.{k}" for k, member in shape.members.items() if member.type_name == "list")
                return lists, (inner[0], f"{name}.{inner[1]}")
    return (), None


def _largest(inputs: Mapping[str, Any], limit: str | None) -> int | None:
    """The largest page that the model of the operation allows; None where it does not say."""
    if limit is None or limit not in inputs or inputs[limit].type_name not in ("integer", "long"):
        return None
    largest = inputs[limit].metadata.get("max")
    return int(largest) if largest else None


def enough(response: Any, attempts: int, caught_exception: Any, operation: Any, **more: Any) -> None:
    """Try no more often what trying does not mend: a host that is not there, a service that fails by itself.

    Throttling is left to botocore, which waits the longer the more often it is told to. A handler of `needs-retry`.
    Raises what the last attempt came to.
    """
    del more
    from botocore.exceptions import ClientError

    if attempts < _MENDED:
        return
    if caught_exception is not None:
        raise caught_exception
    status = response[0].status_code if response else 0
    if status >= _BROKEN:
        error = ClientError(response[1], operation.name)
        if fault(error).code != "throttled":
            raise error


def really_answered(http_response: Any, parsed: Any, model: Any, **more: Any) -> None:
    """See that an answer in which nothing was found is one: a page of a proxy must not pass for an empty list.

    A handler of botocore's `after-call`. Raises MalformedAnswer.
    """
    del more
    outputs = model.output_shape.members if model.output_shape else {}
    status = http_response.status_code
    if not outputs or status not in _SUCCESS or status == _NO_CONTENT or model.has_streaming_output:
        return
    if isinstance(parsed, dict) and any(v is not None for k, v in parsed.items() if k != "ResponseMetadata"):
        return
    content = http_response.content
    if not _is_answer(content, model, outputs):
        shown = content[:60].decode("utf-8", "replace")
        raise MalformedAnswer(f"the answer to {model.name} is none of AWS's: {' '.join(shown.split())!r}")


def _is_answer(content: bytes, model: Any, outputs: Mapping[str, Any]) -> bool:
    """Whether a body may be an answer without any entry."""
    protocol = model.service_model.resolved_protocol
    if "cbor" in protocol:
        return bool(content)
    if protocol.endswith("json"):
        try:
            value = json.loads(content or b"{}" if protocol.startswith("rest") else content)
        except (ValueError, RecursionError):
            return False
        return isinstance(value, dict) and (not value or bool(_names(outputs) & value.keys()))
    root = _ROOT.search(content[:2000])
    if root is None:
        return protocol == "rest-xml" and not content.strip()
    if protocol == "rest-xml":
        return root[1].lower() not in (b"html", b"body")
    return root[1].endswith(b"Response")


def _names(outputs: Mapping[str, Any]) -> set[str]:
    return {shape.serialization.get("name", name) for name, shape in outputs.items()} | set(outputs)
