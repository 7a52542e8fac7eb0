"""The registry's rules of how AWS rewrites a declared value: the forms of JSONata that they use, on one value.

A rule's alternatives are separated by `$OR`; what comes out is a pattern that the live value must match as a whole.
"""

from __future__ import annotations

import functools
import re
from typing import Any

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?P<regex>/(?:[^/\\]|\\.)+/)|(?P<number>\d+)"""
    r"""|(?P<function>\$[a-zA-Z]+)|(?P<name>[A-Za-z_][\w.]*)|(?P<sign>[()\[\],&*-]))"""
)
_LONGEST = 2_000
_SPECIAL = re.compile(r"[()\[\]{}+*?|^$\\]")
"""What would make a pattern of its own of a declared value."""


class _Unsupported(Exception):
    """A form that is not worked out here."""


def transformed(rule: str, declared: Any, live: Any) -> bool:
    """Say whether the live value is what AWS makes of the declared one, by one of the rule's alternatives."""
    if len(str(declared)) > _LONGEST or len(str(live)) > _LONGEST:
        return False
    for alternative in _alternatives(rule):
        try:
            pattern = _Reader(alternative, declared).value()
        except (_Unsupported, IndexError, ValueError, re.error):
            continue
        if str(pattern) == str(live):
            return True
        if _SPECIAL.search(str(declared)):
            continue
        try:
            if re.fullmatch(str(pattern).replace("[[]", r"\[").replace("[]]", r"\]"), str(live)):
                return True
        except re.error:
            continue
    return False


@functools.cache
def _alternatives(rule: str) -> tuple[tuple[tuple[str, str], ...], ...]:
    """The alternatives of a rule as tokens; those of a form that is not understood are left out."""
    found = []
    for text in rule.split(" $OR "):
        tokens, at = [], 0
        text = text.strip()
        while at < len(text):
            match = _TOKEN.match(text, at)
            if not match:
                break
            tokens.append((str(match.lastgroup), str(match[str(match.lastgroup)])))
            at = match.end()
        else:
            # a pattern that takes anything would hide a difference
            if any(kind == "name" for kind, _ in tokens):
                found.append(tuple(tokens))
    return tuple(found)


class _Reader:
    """Works out one expression over one declared value."""

    def __init__(self, tokens: tuple[tuple[str, str], ...], declared: Any) -> None:
        self.tokens = tokens
        self.declared = declared
        self.at = 0

    def value(self) -> Any:
        """The value of the whole expression."""
        found = self._sum()
        if self.at != len(self.tokens):
            raise _Unsupported
        return found

    def _peek(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def _take(self) -> tuple[str, str]:
        if self.at >= len(self.tokens):
            raise _Unsupported
        self.at += 1
        return self.tokens[self.at - 1]

    def _expect(self, sign: str) -> None:
        if self._take()[1] != sign:
            raise _Unsupported

    def _sum(self) -> Any:
        found = self._term()
        while self._peek() in ("&", "*"):
            sign = self._take()[1]
            right = self._term()
            found = f"{found}{right}" if sign == "&" else float(found) * float(right)
            if isinstance(found, float) and found.is_integer():
                found = int(found)
        return found

    def _term(self) -> Any:
        found = self._atom()
        while self._peek() == "[":
            self._take()
            sign = -1 if self._peek() == "-" and self._take() else 1
            found = found[sign * int(self._take()[1])]
            self._expect("]")
        return found

    def _atom(self) -> Any:
        kind, text = self._take()
        if kind == "text":
            return text[1:-1].replace("\\\\", "\\").replace("\\/", "/").replace('\\"', '"')
        if kind == "regex":
            return re.compile(text[1:-1])
        if kind == "number":
            return int(text)
        if kind == "name":
            return self.declared
        if kind == "function":
            return self._call(text)
        if text == "[":
            return self._list("]")
        if text == "(":
            found = self._sum()
            self._expect(")")
            return found
        raise _Unsupported

    def _list(self, end: str) -> list[Any]:
        found: list[Any] = []
        while self._peek() != end:
            found.append(self._sum())
            if self._peek() == ",":
                self._take()
        self._expect(end)
        return found

    def _call(self, name: str) -> Any:
        self._expect("(")
        args = self._list(")")
        if name == "$join":
            return (args[1] if len(args) > 1 else "").join(str(a) for a in args[0])
        if name not in _FUNCTIONS or not args:
            raise _Unsupported
        return _FUNCTIONS[name](str(args[0]), *args[1:])


def _replace(text: str, what: Any, by: Any) -> str:
    if isinstance(what, re.Pattern):
        return what.sub(re.sub(r"\$(\d)", r"\\\1", str(by)), text)
    return text.replace(str(what), str(by))


_FUNCTIONS: dict[str, Any] = {
    "$lowercase": lambda text: text.lower(),
    "$uppercase": lambda text: text.upper(),
    "$string": lambda text: text,
    "$split": lambda text, by, most=0: text.split(str(by))[: most or None],
    "$substringAfter": lambda text, mark: text.partition(str(mark))[2] or text,
    "$replace": _replace,
}
