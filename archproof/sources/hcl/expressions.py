"""Expressions of HCL, and what they are in a scope."""

from __future__ import annotations

import operator
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from archproof.sources.hcl import symbols
from archproof.sources.hcl.evaluation import MAX_TEXT, HclSet, as_bool, as_number, as_text, type_name, whole
from archproof.sources.hcl.symbols import Failure, Symbol, Unknown, symbols_references
from archproof.suggest import did_you_mean

if TYPE_CHECKING:
    from archproof.errors import Location
    from archproof.sources.hcl.evaluation import Run
    from archproof.sources.hcl.scan import Source


class Members(Protocol):
    """A thing with named parts that are worked out when they are asked for: a resource, a module, `var`."""

    def member(self, key: str | int) -> Any:
        """The part at `key`. Raises Failure where there is none."""


class Scope(Protocol):
    """Where an expression stands: what its names mean."""

    run: Run

    def lookup(self, name: str, expression: Expression) -> Any:
        """What a name at the beginning of an expression means."""

    def within(self, names: dict[str, Any]) -> Scope:
        """The scope inside a `for`, with its own names."""

    def call(self, name: str, arguments: list[Any], expression: Expression) -> Any:
        """The value of a function."""


@dataclass(slots=True)
class Expression(ABC):
    """Any expression; `start` and `end` are its offsets in `source`."""

    source: Source
    start: int
    end: int

    @abstractmethod
    def value(self, scope: Scope) -> Any:
        """Its value in `scope`: plain, a symbol, or a thing with members. Raises Failure."""

    def inside(self, step: str | int) -> Expression | None:
        """The expression of what stands at a key or index of its value, where it is written out."""
        return None

    @property
    def text(self) -> str:
        """How it is written, in one line."""
        written = " ".join(self.source.text[self.start : self.end].split())
        return written if len(written) <= 100 else written[:97] + "..."

    @property
    def location(self) -> Location:
        """Where it is written."""
        return self.source.location(self.start, self.end)

    def unknown(self, *values: Any) -> Unknown:
        """A symbol for it, made of these values."""
        return Unknown(self.text, tuple(dict.fromkeys(r for v in values for r in symbols_references(v))))


@dataclass(slots=True)
class Literal(Expression):
    held: Any = None

    def value(self, scope: Scope) -> Any:
        return self.held


@dataclass(slots=True)
class Name(Expression):
    name: str = ""

    def value(self, scope: Scope) -> Any:
        return scope.lookup(self.name, self)


@dataclass(slots=True)
class Text(Expression):
    """A text with expressions in it."""

    parts: tuple[Any, ...] = ()
    """Texts, expressions and directives."""

    def value(self, scope: Scope) -> Any:
        if (
            len(self.parts) == 1
            and isinstance(self.parts[0], Expression)
            and not isinstance(self.parts[0], Choice | Loop)
        ):
            return self.parts[0].value(scope)
        return self.joined(scope)

    def joined(self, scope: Scope) -> Any:
        """The text of all parts."""
        parts: list[Any] = []
        length = 0
        for part in self.parts:
            value = part if isinstance(part, str) else part.value(scope)
            if not isinstance(value, Symbol):
                value = _in_text(value, part, scope)
                length += len(value) if isinstance(value, str) else 0
            parts.append(value)
            if length > MAX_TEXT:
                raise Failure(f"a text of more than {MAX_TEXT:,} characters")
        scope.run.step(1 + length // 100)
        return symbols.text(parts)


def _in_text(value: Any, part: Any, scope: Scope) -> Any:
    if isinstance(value, (str, int, float)):
        return as_text(value)
    if isinstance(value, (dict, list)) or value is None:
        raise Failure(f"a text cannot hold a {type_name(value)}")
    return part.unknown(value)


@dataclass(slots=True)
class Choice(Expression):
    """`%{ if … } … %{ else } … %{ endif }`."""

    condition: Expression = None  # type: ignore[assignment]
    yes: Text = None  # type: ignore[assignment]
    no: Text = None  # type: ignore[assignment]

    def value(self, scope: Scope) -> Any:
        condition = scope.run.settle(self.condition.value(scope))
        if isinstance(condition, Symbol):
            return self.unknown(condition)
        return (self.yes if as_bool(condition) else self.no).joined(scope)


@dataclass(slots=True)
class Loop(Expression):
    """`%{ for … } … %{ endfor }`."""

    names: tuple[str, ...] = ()
    collection: Expression = None  # type: ignore[assignment]
    body: Text = None  # type: ignore[assignment]

    def value(self, scope: Scope) -> Any:
        held = self.collection.value(scope)
        pairs = elements(scope.run.settle(held) if isinstance(held, Symbol) else held)
        if pairs is None:
            return self.unknown(held)
        found = []
        for key, item in pairs:
            scope.run.step()
            found.append(self.body.joined(scope.within(_bound(self.names, key, item))))
        return symbols.text(found)


def _bound(names: tuple[str, ...], key: Any, item: Any) -> dict[str, Any]:
    return {names[0]: key, names[1]: item} if len(names) > 1 else {names[0]: item}


@dataclass(slots=True)
class Tuple(Expression):
    items: tuple[Expression, ...] = ()

    def value(self, scope: Scope) -> Any:
        scope.run.step(len(self.items))
        return [i.value(scope) for i in self.items]

    def inside(self, step: str | int) -> Expression | None:
        return self.items[step] if isinstance(step, int) and step < len(self.items) else None


@dataclass(slots=True)
class Entry:
    """A key of an object and its value."""

    key: Expression
    held: Expression


@dataclass(slots=True)
class Object(Expression):
    entries: tuple[Entry, ...] = ()

    def value(self, scope: Scope) -> Any:
        scope.run.step(len(self.entries))
        found = {}
        for entry in self.entries:
            key = scope.run.settle(entry.key.value(scope))
            if isinstance(key, Symbol):
                return self.unknown(key)
            found[as_text(key)] = entry.held.value(scope)
        return found

    def inside(self, step: str | int) -> Expression | None:
        for entry in self.entries:
            if isinstance(entry.key, Literal) and entry.key.held == step:
                return _At(entry.held.source, entry.key.start, entry.held.end, entry.held)
        return None


@dataclass(slots=True)
class _Around(Expression):
    """What stands around another expression and has its value."""

    held: Expression = None  # type: ignore[assignment]

    def value(self, scope: Scope) -> Any:
        return self.held.value(scope)

    def inside(self, step: str | int) -> Expression | None:
        return self.held.inside(step)


@dataclass(slots=True)
class _At(_Around):
    """An entry of an object: its place begins at its key."""


@dataclass(slots=True)
class Group(_Around):
    """An expression in parentheses."""


@dataclass(slots=True)
class Member(Expression):
    """`base.name`."""

    base: Expression = None  # type: ignore[assignment]
    name: str = ""

    def value(self, scope: Scope) -> Any:
        return member(self.base.value(scope), self.name)


@dataclass(slots=True)
class Index(Expression):
    """`base[key]`."""

    base: Expression = None  # type: ignore[assignment]
    key: Expression = None  # type: ignore[assignment]

    def value(self, scope: Scope) -> Any:
        key = scope.run.settle(self.key.value(scope))
        base = self.base.value(scope)
        if isinstance(key, (dict, list)) or key is None:
            raise Failure(f"an index cannot be a {type_name(key)}")
        if isinstance(key, Symbol):
            return self.unknown(base if isinstance(base, Symbol) else None, key)
        return item_at(base, key)


@dataclass(slots=True)
class Splat(Expression):
    """`base[*].a.b` and `base.*.a.b`."""

    base: Expression = None  # type: ignore[assignment]
    steps: tuple[str | Expression, ...] = ()

    def value(self, scope: Scope) -> Any:
        base = self.base.value(scope)
        if isinstance(base, Symbol):
            settled = scope.run.settle(base)
            if isinstance(settled, Symbol):
                return self.unknown(base)
            base = settled
        items = base if isinstance(base, list) else [] if base is None else [base]
        scope.run.step(len(items))
        return [self._follow(item, scope) for item in items]

    def _follow(self, item: Any, scope: Scope) -> Any:
        for step in self.steps:
            item = member(item, step) if isinstance(step, str) else item_at(item, scope.run.settle(step.value(scope)))
        return item


def member(base: Any, name: str) -> Any:
    """What stands at `name` in a value. Raises Failure."""
    if isinstance(base, dict):
        if name in base:
            return base[name]
        raise Failure(f"there is no '{name[:60]}' in it{did_you_mean(name, map(str, list(base)[:200]))}")
    if isinstance(base, list):
        if name.isdigit():
            return item_at(base, int(name))
        raise Failure(f"a {type_name(base)} has no '{name[:60]}': an index is needed first")
    if hasattr(base, "member"):
        return base.member(name)
    raise Failure(f"a {type_name(base)} has no '{name[:60]}'")


def item_at(base: Any, key: Any) -> Any:
    """What stands at an index or key of a value. Raises Failure."""
    if isinstance(base, list):
        index = as_number(key)
        if not isinstance(index, int) or not 0 <= index < len(base):
            raise Failure(f"there is no element {str(key)[:40]} in a list of {len(base)}")
        return base[index]
    if isinstance(base, dict):
        return member(base, as_text(key))
    if hasattr(base, "member"):
        return base.member(key)
    raise Failure(f"a {type_name(base)} has no elements")


def elements(value: Any) -> list[tuple[Any, Any]] | None:
    """The keys and values of a collection; None where they are not known. Raises Failure for what is none."""
    if isinstance(value, dict):
        return list(value.items())
    if isinstance(value, HclSet):
        return [(v, v) for v in value]
    if isinstance(value, list):
        return list(enumerate(value))
    if isinstance(value, Symbol) or hasattr(value, "member"):
        return None
    raise Failure(f"a {type_name(value)} has no elements")


@dataclass(slots=True)
class Call(Expression):
    name: str = ""
    arguments: tuple[Expression, ...] = ()
    expand: bool = False
    """Whether the last argument is a list of arguments (`…`)."""

    def value(self, scope: Scope) -> Any:
        if self.name in ("try", "can"):
            return self._tried(scope)
        scope.run.step()
        found = [a.value(scope) for a in self.arguments]
        if self.expand and found:
            last = scope.run.settle(found.pop()) if isinstance(found[-1], Symbol) else found.pop()
            if not isinstance(last, list):
                return self.unknown(last, *found)
            found += last
        return scope.call(self.name, found, self)

    def _tried(self, scope: Scope) -> Any:
        for argument in self.arguments:
            try:
                found = argument.value(scope)
            except Failure:
                continue
            return True if self.name == "can" and not isinstance(found, Symbol) else self._certain(found)
        if self.name == "can":
            return False
        raise Failure("no argument of try has a value")

    def _certain(self, found: Any) -> Any:
        return self.unknown(found) if self.name == "can" else found

    def inside(self, step: str | int) -> Expression | None:
        if self.name in ("jsonencode", "tolist", "toset", "tomap", "merge", "concat") and self.arguments:
            for argument in reversed(self.arguments):
                if (found := argument.inside(step)) is not None:
                    return found
        return None


@dataclass(slots=True)
class Conditional(Expression):
    condition: Expression = None  # type: ignore[assignment]
    yes: Expression = None  # type: ignore[assignment]
    no: Expression = None  # type: ignore[assignment]

    def value(self, scope: Scope) -> Any:
        condition = scope.run.settle(self.condition.value(scope))
        if isinstance(condition, Symbol):
            return self.unknown(condition)
        return (self.yes if as_bool(condition) else self.no).value(scope)


@dataclass(slots=True)
class Unary(Expression):
    operator: str = "-"
    operand: Expression = None  # type: ignore[assignment]

    def value(self, scope: Scope) -> Any:
        held = scope.run.settle(self.operand.value(scope))
        if isinstance(held, Symbol):
            return self.unknown(held)
        return not as_bool(held) if self.operator == "!" else -as_number(held)


_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "<": operator.lt, ">": operator.gt,
    "<=": operator.le, ">=": operator.ge,
}  # fmt: skip


@dataclass(slots=True)
class Binary(Expression):
    """Operands of one precedence with the operators between them, from left to right."""

    first: Expression = None  # type: ignore[assignment]
    rest: tuple[tuple[str, Expression], ...] = ()

    def value(self, scope: Scope) -> Any:
        found = self.first.value(scope)
        for sign, expression in self.rest:
            scope.run.step()
            if sign in ("&&", "||"):
                found = self._logic(sign, found, expression, scope)
            else:
                found = self._applied(sign, found, expression.value(scope), scope)
        return found

    def _logic(self, sign: str, left: Any, expression: Expression, scope: Scope) -> Any:
        deciding = sign == "||"
        left = scope.run.settle(left)
        if not isinstance(left, Symbol) and as_bool(left) is deciding:
            return deciding
        right = scope.run.settle(expression.value(scope))
        if not isinstance(right, Symbol) and as_bool(right) is deciding:
            return deciding
        if isinstance(left, Symbol) or isinstance(right, Symbol):
            return self.unknown(left, right)
        return not deciding

    def _applied(self, sign: str, left: Any, right: Any, scope: Scope) -> Any:
        left, right = scope.run.settle(left), scope.run.settle(right)
        if sign in ("==", "!="):
            same = _same(left, right, scope)
            return self.unknown(left, right) if same is None else same == (sign == "==")
        if isinstance(left, Symbol) or isinstance(right, Symbol):
            return self.unknown(left, right)
        a, b = as_number(left), as_number(right)
        if sign in ("/", "%"):
            if not b:
                raise Failure("division by zero")
            return whole(a / b) if sign == "/" else whole(a - b * int(a / b))
        if max(abs(a), abs(b)) > 1e300:
            raise Failure("a number that is too large")
        found = _ARITHMETIC[sign](a, b)
        return whole(float(f"{found:.15g}")) if isinstance(found, float) else found


def _same(left: Any, right: Any, scope: Scope) -> bool | None:
    """Whether two values are equal; None where that is not known."""
    if left is right and isinstance(left, Symbol):
        return True
    for one, other in ((left, right), (right, left)):
        if other is None and (isinstance(one, symbols.Template) or _is_set_by_aws(one)):
            return False
        if other == "" and _is_set_by_aws(one):
            return False
        if other is None and not isinstance(one, Symbol) and one is not None:
            return False
    if not (scope.run.is_known(left) and scope.run.is_known(right)):
        return True if left == right and isinstance(left, symbols.Reference) else None
    if isinstance(left, bool) != isinstance(right, bool):
        return False
    if isinstance(left, list) and isinstance(right, list):
        return list(left) == list(right)
    return bool(left == right)


def _is_set_by_aws(value: Any) -> bool:
    """Whether a value is an id that every resource has once it stands."""
    return (
        isinstance(value, symbols.Reference)
        and value.path in (("id",), ("arn",), ("name",))
        and not value.owner.address.rpartition(".")[0].endswith("data")
    )


@dataclass(slots=True)
class For(Expression):
    """`[for …]` and `{for …}`."""

    names: tuple[str, ...] = ()
    collection: Expression = None  # type: ignore[assignment]
    key: Expression | None = None
    item: Expression = None  # type: ignore[assignment]
    condition: Expression | None = None
    grouped: bool = False

    def value(self, scope: Scope) -> Any:
        held = self.collection.value(scope)
        pairs = elements(scope.run.settle(held) if isinstance(held, Symbol) else held)
        if pairs is None:
            return self.unknown(held)
        return self._list(pairs, scope) if self.key is None else self._map(self.key, pairs, scope)

    def _kept(self, pairs: list[tuple[Any, Any]], scope: Scope) -> Iterator[Scope | Symbol]:
        for key, item in pairs:
            scope.run.step()
            inner = scope.within(_bound(self.names, key, item))
            if self.condition is not None:
                condition = scope.run.settle(self.condition.value(inner))
                if isinstance(condition, Symbol):
                    yield condition
                    return
                if not as_bool(condition):
                    continue
            yield inner

    def _list(self, pairs: list[tuple[Any, Any]], scope: Scope) -> Any:
        found = []
        for inner in self._kept(pairs, scope):
            if isinstance(inner, Symbol):
                return self.unknown(inner)
            found.append(self.item.value(inner))
        return found

    def _map(self, key_of: Expression, pairs: list[tuple[Any, Any]], scope: Scope) -> Any:
        found: dict[str, Any] = {}
        for inner in self._kept(pairs, scope):
            if isinstance(inner, Symbol):
                return self.unknown(inner)
            key = scope.run.settle(key_of.value(inner))
            if isinstance(key, Symbol):
                return self.unknown(key)
            name = as_text(key)
            item = self.item.value(inner)
            if self.grouped:
                found.setdefault(name, []).append(item)
            elif name in found:
                raise Failure(f"two elements have the key '{name[:60]}'")
            else:
                found[name] = item
        return found
