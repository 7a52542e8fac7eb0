"""Telling a secret in plain text from a name, a flag or a reference to a secret."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from archproof.resources.parameters import is_secret
from archproof.resources.resource import Path, is_symbolic

_NAME = re.compile(
    r"(?<![a-z])(pass(word|wd|phrase)?|pwd?|secret|api_?key|access_?key|private_?key|token|credentials?|"
    r"connection_?string|conn_?str)(?![a-z])", re.I,
)  # fmt: skip
_NOT = re.compile(
    r"(_|\b|(?<=[a-z]))(arn|name|id|url|uri|path|host|ttl|expiry|minutes|seconds|days|enabled|endpoint)$|"
    r"(_|\b)(expiration|lifetime|validity|age|hours|required|length|min|max|size|limit|count|policy|version|type|"
    r"header|field|audience|issuer|algorithm|file|prefix|regex|pattern|template|expression|domains|parameter)$", re.I,
)  # fmt: skip
_SHAPES = re.compile(
    r"(?<![A-Za-z0-9])(AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])|-----BEGIN [A-Z ]*PRIVATE KEY-----|"
    r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ|\bgh[pousr]_[A-Za-z0-9]{36}|://[^/\s:@]+:[^/\s:@{$]+@|\bpassword=[^;\s{$]+;|"
    r"(?<![a-z])(pass(word|wd)|pwd|secret_?(access_?)?key)(=[\"']?[^\s;,(){}\[\]<>\"'$]+(?=[\s;&\"']|$)|"
    r"\s*=\s*[\"'][^\"'\s{}$<]+[\"'])", re.I,
)  # fmt: skip
_BARE = re.compile(r"([:,\[])\s*\$\{[^{}]+\}")
"""A reference without quotes in JSON."""
_LONGEST = 20_000
"""Characters of a text up to which it is read as JSON that may hold secrets."""

HIDDEN = "(hidden)"
_REFERENCES = ("{{resolve:", "arn:", "${", "$.", "$$.", "{%")
_WORDS = ("true", "false", "seconds", "minutes", "hours", "days")
"""Values that say how, and not what: flags, and the units of a token's life."""
_NAMED = {"Value": ("Name", "OptionName"), "HeaderValue": ("HeaderName",)}
"""Properties whose meaning is told by the one beside them: `{Name: DB_PASSWORD, Value: …}`."""
_NO_SECRETS = ("ServiceToken",)
"""Names that AWS gave to what is none: the ARN of the function behind a custom resource."""
_STORES = ("PARAMETER_STORE", "SECRETS_MANAGER")
"""Types of a CodeBuild variable whose value only names the secret."""

Replace = Callable[[Path, str, str], Any]


def looks_secret(name: str, value: Any) -> bool:
    """Say whether a variable called `name` holds a secret in plain text.

    A reference (`{{resolve:…}}`, an ARN, an intrinsic, a path into a workflow's state) is none; nor is an
    empty value.
    """
    if not isinstance(value, str) or not value or name in _NO_SECRETS or value.startswith(_REFERENCES):
        return False
    if _SHAPES.search(value):
        return True
    if _holds_secret(value):
        return True
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return bool(_NAME.search(words)) and not _NOT.search(words) and value.lower() not in _WORDS


def _holds_secret(text: str) -> bool:
    """Whether a text is JSON with a secret in it."""
    if text[0] not in "{[" or len(text) > _LONGEST or not _NAME.search(text):
        return False
    found: list[str] = []
    try:
        without_secrets(json.loads(text), lambda path, called, secret: found.append(called))
    except (ValueError, RecursionError):
        return False
    return bool(found)


def masked(name: str, value: Any) -> Any:
    """A value for people to read: with `(hidden)` in place of every secret in it, at any depth."""
    return without_secrets(value, lambda path, called, text: HIDDEN, name)


def without_secrets(value: Any, replace: Replace, name: str = "", path: Path = ()) -> Any:
    """A copy of `value` with what `replace(path, name, text)` gives in place of every secret in it.

    `name` is what the value is called, `path` where it stands.
    """
    if isinstance(value, dict):
        if is_symbolic(value):
            return _intrinsic(value, replace, name, path)
        return {k: without_secrets(v, replace, _called(value, str(k), name), (*path, k)) for k, v in value.items()}
    if isinstance(value, list):
        return [without_secrets(held, replace, name, (*path, place)) for place, held in enumerate(value)]
    return replace(path, name, value) if looks_secret(name, value) else value


def _called(holder: dict[str, Any], key: str, outer: str) -> str:
    """What the value of `key` is called: its key, the name that stands beside it, or what holds a mere value."""
    if key == "Value" and holder.get("Type") in _STORES:
        return ""
    for beside in _NAMED.get(key, ()):
        if isinstance(holder.get(beside), str):
            return str(holder[beside])
    return outer if key == "Value" else key


def _intrinsic(value: dict[str, Any], replace: Replace, name: str, path: Path) -> Any:
    """An intrinsic names other things; only the texts of its own that look like secrets are replaced."""
    key, inner = next(iter(value.items()))
    if key == "Fn::Sub":  # its text cannot be an intrinsic: the secret takes the place of the whole
        text = inner[0] if isinstance(inner, list) and inner else inner
        called = "" if _says_all(text) else name
        return replace(path, name, text) if looks_secret(called, text) else value
    if key == "Fn::Base64" or (key == "Fn::Join" and _literal(inner)):  # a text of its own, in another form
        text = inner if key == "Fn::Base64" else inner[0].join(inner[1])
        if looks_secret(name, text):
            return replace(path, name, text)
    if key in ("Ref", "Condition", "Fn::GetAtt"):
        return value
    if key == "Fn::If" and isinstance(inner, list):  # a condition's name, and values that are the variable's own
        return {key: [*inner[:1], *without_secrets(inner[1:], replace, name, path)]}
    return {key: without_secrets(inner, replace, "", (*path, key))}


def _says_all(text: Any) -> bool:
    """Whether a text with references is JSON, whose own names say which of its values are secrets."""
    if not isinstance(text, str) or "${" not in text or text.lstrip()[:1] not in ("{", "[") or len(text) > _LONGEST:
        return False
    try:
        json.loads(_BARE.sub(r"\1 0", text))
    except (ValueError, RecursionError):
        return False
    return True


def _literal(inner: Any) -> bool:
    """Whether what is joined is texts alone."""
    return (
        isinstance(inner, list)
        and len(inner) == 2
        and isinstance(inner[0], str)
        and isinstance(inner[1], list)
        and all(isinstance(part, str) for part in inner[1])
    )


def shown_parameter(name: str, declaration: Any) -> Any:
    """A parameter as an output may have it: one that is a secret (`NoEcho`, or by name and value) has no default."""
    if not isinstance(declaration, dict):
        return declaration
    default = declaration.get("Default")
    kept = default in (None, "") or (isinstance(default, str) and default.startswith(_REFERENCES))
    if kept or not (is_secret(declaration) or looks_secret(name, default)):
        return declaration
    return {**{k: v for k, v in declaration.items() if k != "Default"}, "NoEcho": True}
