"""What stands in the place of a value: functions nobody could resolve, references to secrets, masks."""

from __future__ import annotations

import re
from typing import Any

from archproof.resources.resource import is_symbolic

UNRESOLVED = "depends on a value that is not known here"
SECRET = "comes from a secret store, which is not read"
MASKED = "is masked by AWS or by the snapshot"
LOSSY = "was declared with characters that its source masks as '?'"

_REFERENCE = re.compile(r"\{\{resolve:|\(known after apply\)|<unresolved>|^__\w*unresolved\w*__$", re.I)
_MASK = re.compile(
    r"^(\*{3,}|\(sensitive value\)|<(hidden|redacted|masked|secret)>|\[?REDACTED\]?|HIDDEN_DUE_TO_\w+)$", re.I
)


def unresolved(value: Any) -> str:
    """Say why a declared value cannot be compared; an empty text where it can."""
    if isinstance(value, str):
        if "{{resolve:" in value:
            return SECRET
        if value.startswith(("_", "<", "(")) and _REFERENCE.search(value):
            return UNRESOLVED
        return MASKED if _MASK.match(value) else ""
    if isinstance(value, dict):
        # a condition alone is no value: there are properties of that name
        return UNRESOLVED if is_symbolic(value) and "Condition" not in value else ""
    return ""


def removed(value: Any) -> bool:
    """Whether a declared value says that there is none."""
    return isinstance(value, dict) and value.get("Ref") == "AWS::NoValue" and len(value) == 1


def masked(value: Any) -> str:
    """Say why a live value tells nothing; an empty text where it does."""
    return MASKED if isinstance(value, str) and _MASK.match(value) else ""


def lossy(declared: str, live: str) -> bool:
    """Whether two texts are equal but for `?` where the other has a character that is not ASCII."""
    if "?" not in declared or live.isascii() or len(declared) != len(live):
        return False
    return all(a == b or (a == "?" and ord(b) > 127) for a, b in zip(declared, live, strict=True))
