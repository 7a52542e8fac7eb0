"""Telling a secret in plain text from a name, a flag or a reference to a secret."""

from __future__ import annotations

import re
from typing import Any

_NAME = re.compile(
    r"(?<![a-z])(pass(word|wd|phrase)?|pwd|secret|api_?key|access_?key|private_?key|token|credentials?|"
    r"connection_?string|conn_?str)(?![a-z])", re.I,
)  # fmt: skip
_NOT = re.compile(
    r"(_|\b|(?<=[a-z]))(arn|name|id|url|uri|path|host|ttl|expiry|minutes|seconds|days|enabled|endpoint)$|"
    r"(_|\b)(expiration|lifetime|validity|age|hours|required|length|min|max|size|limit|count|policy|version|type|"
    r"header|field|audience|issuer|algorithm|file|prefix|regex|pattern)$", re.I,
)  # fmt: skip
_SHAPES = re.compile(
    r"(?<![A-Za-z0-9])(AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])|-----BEGIN [A-Z ]*PRIVATE KEY-----|"
    r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ|\bgh[pousr]_[A-Za-z0-9]{36}|://[^/\s:@]+:[^/\s:@{$]+@|\bpassword=[^;\s{$]+", re.I,
)  # fmt: skip

HIDDEN = "(hidden)"


def looks_secret(name: str, value: Any) -> bool:
    """Say whether a variable called `name` holds a secret in plain text.

    A reference (`{{resolve:…}}`, an ARN, an intrinsic) is none; nor is an empty value.
    """
    if not isinstance(value, str) or not value or value.startswith(("{{resolve:", "arn:", "${")):
        return False
    if _SHAPES.search(value):
        return True
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return bool(_NAME.search(words)) and not _NOT.search(words) and value.lower() not in ("true", "false")


def masked(name: str, value: Any) -> Any:
    """A value for people to read: with `(hidden)` in place of every secret in it, at any depth."""
    if isinstance(value, dict):
        return {key: masked(str(key), held) for key, held in value.items()}
    if isinstance(value, list):
        return [masked(name, held) for held in value]
    return HIDDEN if looks_secret(name, value) else value
