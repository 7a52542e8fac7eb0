"""A lifted model as text: the canonical form of `fmt`, intrinsics in their short forms."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from archproof.errors import InputError
from archproof.model.architecture import Architecture
from archproof.model.document import SECTIONS
from archproof.model.formatting import canonical
from archproof.model.yaml import SHORT_FORMS, scalar
from archproof.sources.lifting._secrets import without
from archproof.sources.lifting._short import shortened

_PLAIN = re.compile(r"[A-Za-z0-9_/$.(+~^<][^\n\t\"]*")
_NOT_PLAIN = re.compile(r": | #|:$|\s$")
_FLOW_SIGNS = re.compile(r"[,\[\]{}]")
"""Signs that may not stand bare in a text behind a tag where the text is to fit between brackets."""
_PRINTABLE = re.compile(r"[\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\n]*")


def write(architecture: Architecture) -> str:
    """The text of a lifted model."""
    value = shortened(without(architecture.document.value))
    ordered = {name: value[name] for name in SECTIONS if name in value}
    text = "\n".join(_map(ordered, 0)) + "\n"
    try:
        return canonical(text)
    except InputError:  # a text that `fmt` would not take either: the long form says the same
        return text


def _map(value: dict[str, Any], indent: int) -> Iterator[str]:
    for key, item in value.items():
        yield from _entry(f"{' ' * indent}{_text(str(key))}:", item, indent)


def _entry(head: str, item: Any, indent: int) -> Iterator[str]:
    """A value behind its key (or the `-` of a list)."""
    tag, inner = _tagged(item)
    if tag:
        head = f"{head} {tag}"
    if isinstance(inner, dict) and inner:
        yield head
        yield from _map(inner, indent + 2)
    elif isinstance(inner, list) and inner:
        yield head
        for member in inner:
            yield from _entry(f"{' ' * (indent + 2)}-", member, indent + 2)
    elif isinstance(inner, str) and "\n" in inner.strip("\n") and _literal(inner):
        sign = (
            "|" if inner.endswith("\n") and not inner.endswith("\n\n") else "|-" if not inner.endswith("\n") else "|+"
        )
        yield f"{head} {sign}"
        for line in inner[:-1].split("\n") if inner.endswith("\n") else inner.split("\n"):
            yield f"{' ' * (indent + 2)}{line}" if line else ""
    else:
        quoted = bool(tag) and isinstance(inner, str) and bool(_FLOW_SIGNS.search(inner))
        yield f"{head} {json.dumps(inner, ensure_ascii=False) if quoted else _scalar(inner)}"


def _literal(text: str) -> bool:
    """Whether a text can stand as a literal block: it begins with no space, and every sign of it is printable."""
    lines = text.split("\n")
    return bool(_PRINTABLE.fullmatch(text)) and lines[0][:1] not in ("", " ") and all(
        line == line.rstrip() for line in lines
    )  # fmt: skip


def _tagged(value: Any) -> tuple[str, Any]:
    """The tag of an intrinsic in its short form, and what stands behind it; no tag where there is none."""
    if isinstance(value, dict) and len(value) == 1:
        key, inner = next(iter(value.items()))
        if key == "Ref" and isinstance(inner, str):
            return "!Ref", inner
        if key == "Fn::GetAtt" and isinstance(inner, list) and len(inner) == 2 and all(_simple(p) for p in inner):
            return "!GetAtt", ".".join(inner)
        name = key.removeprefix("Fn::") if isinstance(key, str) else ""
        if name in SHORT_FORMS and name not in (key, "GetAtt"):
            nested = isinstance(inner, dict) and bool(_tagged(inner)[0])
            if isinstance(inner, str | list) or (isinstance(inner, dict) and not nested and name == "Transform"):
                return f"!{name}", inner
    return "", value


def _simple(part: Any) -> bool:
    return isinstance(part, str) and bool(re.fullmatch(r"[A-Za-z0-9_.:-]+", part))


def _scalar(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    return json.dumps(value)


def _text(text: str) -> str:
    """A text as it stands where nothing else could be meant, else in quotes."""
    plain = _PLAIN.fullmatch(text) and not _NOT_PLAIN.search(text) and _PRINTABLE.fullmatch(text)
    if plain and isinstance(scalar(text), str):
        return text
    if "'" not in text and _PRINTABLE.fullmatch(text) and "\n" not in text and ('"' in text or "\\" in text):
        return f"'{text}'"
    return json.dumps(text, ensure_ascii=not _PRINTABLE.fullmatch(text))
