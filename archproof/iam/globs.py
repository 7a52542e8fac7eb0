"""Texts with wildcards and with holes.

IAM's patterns know `*` (any text) and `?` (any one character). A text may also hold holes: parts that are known
only after deployment. A hole has a name (`hole("OrdersQueue")`), and is equal to a hole of the same name and to
nothing else for sure. Comparing is three-valued: None where the holes decide.
"""

from __future__ import annotations

import functools
import re

from archproof.iam.truth import Truth

_MARK = "\x00"
_STAR, _QUESTION, _COLON, _UNIQUE = "\ue000", "\ue001", "\ue002", "\ue003"
_TOKEN = re.compile(r"\x00[^\x00]*\x00|[\s\S]")
_OWN = re.compile(rf"{_MARK}{_UNIQUE}[^{_MARK}]*{_MARK}(?=[/:]|$)")
_SEGMENTS = 6
"""The parts of an ARN: arn, partition, service, region, account, resource."""


def hole(name: str) -> str:
    """A part of a text that is not known yet; holes of one name are equal."""
    # a colon in its name must not end a part of an ARN
    return f"{_MARK}{name.replace(_MARK, '').replace(':', _COLON)}{_MARK}"


def unique(name: str) -> str:
    """A hole for a name that nothing else has: the name that AWS makes for one resource of a stack."""
    return hole(_UNIQUE + name)


def owner(text: str) -> str | None:
    """Whose made name the first whole name in `text` is that AWS makes; None where it has none."""
    found = _OWN.search(text)
    return found[0].strip(_MARK).removeprefix(_UNIQUE) if found else None


def has_hole(text: str) -> bool:
    """Whether a part of `text` is not known."""
    return _MARK in text


def literal(text: str) -> str:
    """`text` as part of a pattern that stands for itself: its `*` and `?` are no wildcards."""
    return text.replace("*", _STAR).replace("?", _QUESTION)


def plain(text: str) -> str:
    """A pattern's text for people, with `${name}` for what is not known."""
    if _MARK not in text and text.isascii():
        return text
    text = text.replace(_STAR, "*").replace(_QUESTION, "?").replace(_COLON, ":").replace(_UNIQUE, "")
    return re.sub(r"\x00([^\x00]*)\x00", r"${\1}", text)


def like(pattern: str, value: str, *, fold: bool = False) -> Truth:
    """Whether `value` fits `pattern`; `fold`: upper and lower case do not count."""
    if fold:
        pattern, value = _folded(pattern), _folded(value)
    fits = _fits(pattern, value)
    if fits or (_MARK not in pattern and _MARK not in value):
        return fits
    if _differ(pattern, value):
        return False
    return None if _may_meet(pattern, value) else False


def equal(left: str, right: str, *, fold: bool = False) -> Truth:
    """Whether two texts are the same, without wildcards."""
    return like(literal(left), right, fold=fold)


def arn_like(pattern: str, value: str) -> Truth:
    """Whether an ARN fits a pattern, part by part: a `*` in one part does not reach into the next.

    A pattern with fewer parts has `*` for those that are missing (IAM User Guide, "IAM JSON policy elements:
    Resource"). What is no ARN (`*`) is compared as a whole.
    """
    if pattern.startswith("arn:") and (missing := _SEGMENTS - 1 - pattern.count(":")) > 0 and not has_hole(pattern):
        pattern += ":*" * missing
    if pattern == value and _STAR not in pattern and _QUESTION not in pattern:
        return True
    parts, values = _split(pattern), _split(value)
    if parts is None or values is None:
        return like(pattern, value)
    result: Truth = True
    for part, held in zip(parts, values, strict=True):
        # most parts are the same text, and stand for themselves
        fits = True if part == held and _STAR not in part and _QUESTION not in part else like(part, held)
        if fits is False:
            return False
        if fits is None:
            result = None
    return result


def _split(arn: str) -> list[str] | None:
    """The six parts of an ARN; None where it has fewer, or a hole may hide colons."""
    parts = arn.split(":", _SEGMENTS - 1)
    return parts if len(parts) == _SEGMENTS and parts[0] == "arn" else None


def _folded(text: str) -> str:
    """Lower case, but for the names of holes."""
    return "".join(t if t[0] == _MARK else t.lower() for t in _TOKEN.findall(text)) if _MARK in text else text.lower()


def _fits(pattern: str, value: str) -> bool:
    """Whether the text fits, holes being texts like others. Most patterns are plain texts: no regex is made of them."""
    if "?" in pattern or "*" in pattern:
        plain_ = pattern[:-1]
        if pattern[-1] != "*" or "?" in plain_ or "*" in plain_:
            return _walk(pattern, value)
        return value.startswith(plain_.replace(_STAR, "*").replace(_QUESTION, "?"))
    return pattern.replace(_STAR, "*").replace(_QUESTION, "?") == value


@functools.lru_cache(maxsize=65536)
def _walk(pattern: str, value: str) -> bool:
    """Whether the text fits, token by token and never back before the last `*`: patterns may be hostile.

    A hole of the pattern meets only the hole of its name; `?` is one known character, and none of a hole's name.
    """
    mine, other = _TOKEN.findall(pattern), _TOKEN.findall(value)
    at = here = begun = 0
    star = -1
    while here < len(other):
        token = mine[at] if at < len(mine) else ""
        if token == "*":
            star, begun = at, here
            at += 1
        elif token and _meets(token, other[here]):
            at, here = at + 1, here + 1
        elif star >= 0:
            begun += 1
            at, here = star + 1, begun
        else:
            return False
    return all(token == "*" for token in mine[at:])


def _meets(token: str, other: str) -> bool:
    if token == "?":
        return other[0] != _MARK
    return token == other or token.replace(_STAR, "*").replace(_QUESTION, "?") == other


def _differ(pattern: str, value: str) -> bool:
    """Whether both say the same up to a whole name, and there are two that cannot be the same."""
    mine, other = _OWN.search(pattern), _OWN.search(value)
    if mine is None or other is None or mine[0] == other[0]:
        return False
    return pattern[: mine.start()] == value[: other.start()]


def _may_meet(pattern: str, value: str) -> bool:
    """Whether some text fits both, when every hole may stand for any text."""
    left, right = _tokens(pattern, wild=True), _tokens(value, wild=False)
    row = [True] + [False] * len(right)
    for column, token in enumerate(right):
        row[column + 1] = row[column] and token is None
    for mine in left:
        before, row = row, [row[0] and mine is None] + [False] * len(right)
        for column, other in enumerate(right):
            if mine is None or other is None:
                row[column + 1] = (
                    (mine is None and (before[column + 1] or row[column] or before[column]))
                    or (other is None and (row[column] or before[column + 1] or before[column]))
                )  # fmt: skip
            else:
                row[column + 1] = before[column] and (mine == "" or mine == other)
    return row[-1]


def _tokens(text: str, *, wild: bool) -> list[str | None]:
    """One entry a character: None for any text, an empty one for any character."""
    found: list[str | None] = []
    for token in _TOKEN.findall(text):
        if token[0] == _MARK or (wild and token == "*"):
            found.append(None)
        elif wild and token == "?":
            found.append("")
        else:
            found.append(token.replace(_STAR, "*").replace(_QUESTION, "?"))
    return found
