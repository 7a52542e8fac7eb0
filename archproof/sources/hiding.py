"""Values that are told apart without being told: what stands in a snapshot in place of a variable's value.

`hidden` is an HMAC over the name and the value, keyed with the number of the account, so that the same value of the
same name in the same account always looks the same: two snapshots can be compared, and a declared value with a live
one (`same`). It keeps a value from being read; it does not keep a short one from being guessed and tried, so that a
snapshot deserves the care that the account's configuration does.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import Any

_HIDDEN = re.compile(r"hashed:([\w-]*):([0-9a-f]{32})\Z")
_HEX = 32


def hidden(name: str, value: str, salt: str) -> str:
    """What stands for the value of a name: `hashed:111122223333:9f86d0…`."""
    digest = hmac.new(salt.encode(), f"{name}\0{value}".encode(), hashlib.sha256).hexdigest()
    return f"hashed:{salt}:{digest[:_HEX]}"


def is_hidden(value: Any) -> bool:
    """Say whether a value stands for another.

    >>> is_hidden(hidden("MODE", "fast", "111122223333")), is_hidden("fast")
    (True, False)
    """
    return isinstance(value, str) and _HIDDEN.match(value) is not None


def same(name: str, value: Any, live: str) -> bool:
    """Say whether `live`, a hidden value, stands for the plain `value` of a name.

    >>> live = hidden("MODE", "fast", "111122223333")
    >>> same("MODE", "fast", live), same("MODE", "slow", live), same("MODE", live, live)
    (True, False, True)
    """
    match = _HIDDEN.match(live)
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return value == live or (match is not None and hidden(name, text, match[1]) == live)
