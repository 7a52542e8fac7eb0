"""Names of endpoint services in whatever way a template says them."""

from __future__ import annotations

import re
from typing import Any

_NAME = re.compile(r"com\.amazonaws\.(?:\$\{AWS::Region\}|[a-z0-9-]+)\.([a-z0-9.-]+)")


def endpoint_of(value: Any) -> str | None:
    """The endpoint's name (`s3`, `ecr.api`) in a `ServiceName`; None where it is not known."""
    text = _text(value)
    match = _NAME.fullmatch(text) if text is not None else None
    return match[1] if match else None


def _text(value: Any) -> str | None:
    """A text with references to the region in it as `Fn::Sub` writes them."""
    if isinstance(value, str):
        return value
    if value == {"Ref": "AWS::Region"}:
        return "${AWS::Region}"
    if not isinstance(value, dict) or len(value) != 1:
        return None
    key, inner = next(iter(value.items()))
    if key == "Fn::Sub" and isinstance(inner, str):
        return inner
    if key == "Fn::Join" and isinstance(inner, list) and len(inner) == 2 and isinstance(inner[1], list):
        parts = [_text(part) for part in inner[1]]
        return None if None in parts or not isinstance(inner[0], str) else inner[0].join(p or "" for p in parts)
    return None
