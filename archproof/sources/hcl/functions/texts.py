"""Functions of texts."""

from __future__ import annotations

import re
from typing import Any

from archproof.sources.hcl.evaluation import MAX_TEXT, as_bool, as_number, as_text
from archproof.sources.hcl.symbols import Failure

_VERB = re.compile(
    r"%(?P<flags>[-+ 0#]*)(?P<width>\d*)(?:\.(?P<precision>\d+))?(?:\[(?P<at>\d+)\])?(?P<verb>[a-zA-Z%])"
)
_GO_GROUP = re.compile(r"\(\?P<|\(\?<(?![=!])")
MAX_PATTERN = 500
MAX_SEARCHED = 10_000


def _format(pattern: Any, *arguments: Any) -> str:
    taken = 0

    def one(match: re.Match[str]) -> str:
        nonlocal taken
        if match["verb"] == "%":
            return "%"
        at = int(match["at"]) - 1 if match["at"] else taken
        taken = at + 1
        if at >= len(arguments):
            raise Failure(f"format() has no argument for '{match[0]}'")
        return _formatted(match, arguments[at])

    return _VERB.sub(one, as_text(pattern))


def _formatted(match: re.Match[str], value: Any) -> str:
    verb, flags = match["verb"], match["flags"]
    width = match["width"]
    if (width and int(width) > 10_000) or (match["precision"] and int(match["precision"]) > 1_000):
        raise Failure("format() with a width over 10,000")
    precision = f".{match['precision']}" if match["precision"] else ""
    if verb in "sv":
        from archproof.sources.hcl.functions.encoding import json_text

        text = as_text(value) if not isinstance(value, (list, dict)) and value is not None else json_text(value)
        return f"%{flags.replace('0', '')}{width}{precision}s" % text
    if verb == "q":
        from archproof.sources.hcl.functions.encoding import json_text

        return json_text(as_text(value))
    if verb == "t":
        return "true" if as_bool(value) else "false"
    if verb == "b":
        return f"{int(as_number(value)):{'0' if '0' in flags else ''}{width}b}"
    if verb in "dxXo":
        return f"%{flags}{width}{verb}" % int(as_number(value))
    if verb in "eEfgG":
        return f"%{flags}{width}{precision}{verb}" % as_number(value)
    raise Failure(f"format() with '{match[0]}'")


def _formatlist(pattern: Any, *arguments: Any) -> list[str]:
    length = max((len(a) for a in arguments if isinstance(a, list)), default=1)
    if any(isinstance(a, list) and len(a) != length for a in arguments):
        raise Failure("formatlist() with lists of different lengths")
    return [_format(pattern, *(a[n] if isinstance(a, list) else a for a in arguments)) for n in range(length)]


def _compiled(pattern: str) -> re.Pattern[str]:
    if len(pattern) > MAX_PATTERN:
        raise Failure(f"a regular expression of more than {MAX_PATTERN} characters")
    try:
        return re.compile(_GO_GROUP.sub("(?P<", pattern).replace("\\z", "\\Z"))
    except (re.error, RecursionError) as error:
        raise Failure(f"the regular expression '{pattern[:40]}': {error}") from None


_REPEATS = re.compile(r"[*+}]\)*[*+{]|\([^()]*[*+|}][^()]*\)[*+{]")


def _searched(pattern: str, text: str) -> re.Pattern[str]:
    """The pattern, where looking for it cannot take for ever: Go's engine has no such patterns, Python's has."""
    if len(text) > MAX_SEARCHED or (_REPEATS.search(pattern) and len(text) > 30):
        raise Failure("a regular expression that may take very long")
    return _compiled(pattern)


def _found(match: re.Match[str]) -> Any:
    if match.re.groupindex:
        return dict(match.groupdict())
    return list(match.groups()) if match.re.groups else match[0]


def _regex(pattern: Any, text: Any) -> Any:
    match = _searched(as_text(pattern), as_text(text)).search(as_text(text))
    if match is None:
        raise Failure(f"'{as_text(pattern)[:40]}' matches nothing in '{as_text(text)[:40]}'")
    return _found(match)


def _replace(text: Any, old: Any, new: Any) -> str:
    return _replaced(as_text(text), as_text(old), as_text(new))


def _replaced(text: str, old: str, new: str) -> str:
    if len(old) > 1 and old[0] == old[-1] == "/":
        pattern = _searched(old[1:-1], text)
        filled = re.sub(r"\$(?:\{(\w+)\}|(\w+)|(\$))", lambda m: "$" if m[3] else f"\\g<{m[1] or m[2]}>",
                        new.replace("\\", "\\\\"))  # fmt: skip
        return pattern.sub(filled, text)
    if len(text) * max(len(new), 1) > MAX_TEXT * 10:
        raise Failure("a text that is too long")
    return text.replace(old, new)


def _substr(text: Any, offset: Any, length: Any) -> str:
    whole, start, count = as_text(text), int(as_number(offset)), int(as_number(length))
    start = start + len(whole) if start < 0 else start
    return whole[start:] if count == -1 else whole[start : start + count]


def _split(separator: Any, text: Any) -> list[str]:
    text = as_text(text)
    if not separator:
        return list(text)
    return text.split(as_text(separator)) if text else []


def _indent(count: Any, text: Any) -> str:
    if (spaces := int(as_number(count))) > 1000:
        raise Failure("indent() by more than 1,000")
    return as_text(text).replace("\n", "\n" + " " * spaces)


def _title(text: Any) -> str:
    return re.sub(r"(?<!\w)\w", lambda m: m[0].upper(), as_text(text))


def _join(separator: Any, *lists: Any) -> str:
    return as_text(separator).join(as_text(item) for items in lists for item in items)


FUNCTIONS = {
    "chomp": lambda t: as_text(t).rstrip("\r\n"),
    "endswith": lambda t, s: as_text(t).endswith(as_text(s)),
    "format": _format,
    "formatlist": _formatlist,
    "indent": _indent,
    "join": _join,
    "lower": lambda t: as_text(t).lower(),
    "regex": _regex,
    "regexall": lambda p, t: [_found(m) for m in _searched(as_text(p), as_text(t)).finditer(as_text(t))],
    "replace": _replace,
    "split": _split,
    "startswith": lambda t, s: as_text(t).startswith(as_text(s)),
    "strcontains": lambda t, s: as_text(s) in as_text(t),
    "strrev": lambda t: as_text(t)[::-1],
    "substr": _substr,
    "title": _title,
    "trim": lambda t, c: as_text(t).strip(as_text(c)),
    "trimprefix": lambda t, p: as_text(t).removeprefix(as_text(p)),
    "trimspace": lambda t: as_text(t).strip(),
    "trimsuffix": lambda t, s: as_text(t).removesuffix(as_text(s)),
    "upper": lambda t: as_text(t).upper(),
}
