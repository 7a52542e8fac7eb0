"""Policy variables: `${aws:username}`, `${aws:PrincipalTag/team, 'none'}`, `${*}`.

Semantics of the IAM User Guide, "IAM policy elements: Variables and tags": a value stands for itself, wildcards in
it are none; a key that the request has not makes the element fit nothing, unless a default is given.
"""

from __future__ import annotations

import re

from archproof.iam import globs
from archproof.iam.requests import ABSENT, UNKNOWN, Context, _Missing

_VARIABLE = re.compile(r"\$\{([^{}]*)\}")
_DEFAULT = re.compile(r"^(.*?)\s*,\s*'(.*)'\s*$")
_SPECIAL = ("*", "?", "$")


def substitute(text: str, context: Context, *, wild: bool) -> str | _Missing | None:
    """`text` with its variables in place: ABSENT where one has no value, None where one is not known.

    `wild`: whether `*` and `?` of the text itself are wildcards; where they are not, they stand for themselves.
    """
    if "${" not in text:
        return text
    pieces: list[str] = []
    end = 0
    for match in _VARIABLE.finditer(text):
        pieces.append(text[end : match.start()])
        end = match.end()
        value = _value(match[1].strip(), context)
        if value is ABSENT or value is None:
            return value
        pieces.append(globs.literal(str(value)) if wild else str(value))
    return "".join([*pieces, text[end:]])


def _value(name: str, context: Context) -> str | _Missing | None:
    """The value of one variable; None where it is not known."""
    if name in _SPECIAL:
        return name
    default = _DEFAULT.match(name)
    held = context.get(default[1] if default else name)
    if held is UNKNOWN:
        return None
    if held is ABSENT:
        return default[2] if default else ABSENT
    assert isinstance(held, tuple)
    return held[0] if len(held) == 1 else ABSENT  # a key with several values is no variable
