"""Instances of resources and data sources: one for every element of `count` or `for_each`, with their values."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from archproof.errors import InputError, Location, Problem
from archproof.sources.hcl import expressions as ex
from archproof.sources.hcl.blocks import Attribute, Block, Body
from archproof.sources.hcl.evaluation import MAX_INSTANCES, HclSet, as_number, type_name
from archproof.sources.hcl.symbols import Failure, Path, Reference, Symbol, Unknown

if TYPE_CHECKING:
    from archproof.sources.hcl.module import Module, ModuleScope

META = frozenset({"count", "for_each", "provider", "depends_on", "lifecycle", "provisioner", "connection"})


def instances_of(module: Module, block: Block, address: str, make: Callable[[Any, dict[str, Any], bool], Any]) -> Any:
    """What a block with `count` or `for_each` stands for: one instance, a list or a map of them."""
    count, each = block.body.expression("count"), block.body.expression("for_each")
    if count is not None and each is not None:
        module.run.problem(each.location, f"{address} has both count and for_each; only one may stand")
    if count is not None:
        found: Any = _counted(module, count, address, make)
    elif each is not None:
        found = _for_each(module, each, address, make)
    else:
        found = make(None, {}, False)
    module.run.instances += len(found) if isinstance(found, (list, dict)) else 1
    if module.run.instances > MAX_INSTANCES:
        raise InputError(
            [Problem(block.location, f"more than {MAX_INSTANCES:,} resources: {address} and those before it")]
        )
    return found


def _counted(module: Module, count: ex.Expression, address: str, make: Callable[..., Any]) -> Any:
    number = _known(module, count, address)
    if isinstance(number, Symbol):
        _blur(module, count, address, "count", number)
        return make(None, {"count": {"index": Unknown("count.index")}}, True)
    if number is None:
        raise Failure("count cannot be null")
    times = as_number(number)
    if not isinstance(times, int) or times < 0:
        raise Failure(f"count cannot be {times}")
    if times > MAX_INSTANCES:
        raise InputError([Problem(count.location, f"more than {MAX_INSTANCES:,} instances of {address}")])
    return [make(n, {"count": {"index": n}}, False) for n in range(times)]


def _for_each(module: Module, each: ex.Expression, address: str, make: Callable[..., Any]) -> Any:
    held = _known(module, each, address)
    if isinstance(held, HclSet) or (isinstance(held, list) and not held):
        keys = [module.run.settle(k) for k in held]
        if any(not isinstance(k, str) for k in keys):
            unknown = next((k for k in keys if isinstance(k, Symbol)), None)
            if unknown is None:
                raise Failure("for_each takes a set of texts")
            held = unknown
        else:
            held = dict(zip(keys, keys, strict=True))
    if isinstance(held, Symbol) or (hasattr(held, "member") and not isinstance(held, dict)):
        _blur(module, each, address, "for_each", held)
        return make(None, {"each": {"key": Unknown("each.key"), "value": Unknown("each.value")}}, True)
    if not isinstance(held, dict):
        raise Failure(f"for_each takes a map or a set of texts, and this is {type_name(held)}")
    return {k: make(k, {"each": {"key": k, "value": held[k]}}, False) for k in sorted(held)}


def _known(module: Module, expression: ex.Expression, address: str) -> Any:
    """The value of `count` or `for_each`; a symbol, and a note, where it has none."""
    try:
        held = expression.value(module.scope)
    except Failure as failure:
        return Unknown(f"{expression.text}: {failure}")
    if isinstance(held, Symbol):
        settled = held.settled()
        return settled if not isinstance(settled, Symbol) else held
    return held


def _blur(module: Module, expression: ex.Expression, address: str, what: str, held: Any) -> None:
    named = held.name() if isinstance(held, Symbol) else expression.text
    why = f"known only when Terraform runs ({named[:200]}); one instance stands for all"
    module.run.note(f"{module.prefix}{address}: {what}", why, expression.location)


class Instance:
    """One instance of a resource or data source."""

    def __init__(
        self, module: Module, block: Block, mode: str, type: str, address: str, key: Any, names: dict[str, Any],
        blurred: bool,
    ) -> None:  # fmt: skip
        self.module = module
        self.block = block
        self.mode = mode
        self.type = type
        self.address = address
        self.key = key
        self.blurred = blurred
        """Whether it stands for a number of instances that is not known."""
        self.scope: ModuleScope = module.scope.within(names)
        self._known: dict[str, Any] = {}
        self.places: dict[str, Place] = {}

    def member(self, key: str | int) -> Any:
        """An attribute; of one that stands for many, an element is itself."""
        if self.blurred and (isinstance(key, int) or (key not in ("id", "arn") and self._is_key(str(key)))):
            return self
        if isinstance(key, int):
            raise Failure(f"{self.address} has no count: there is no element {key}")
        return Reference(self, (key,))

    def _is_key(self, key: str) -> bool:
        return not key.isidentifier() or key != key.lower()

    def configured(self, path: Path) -> Any:
        """The value that its block gives to an attribute; None where it gives none."""
        name = str(path[0])
        value = self.value(name)
        for step in path[1:]:
            try:
                value = value[step]
            except (KeyError, IndexError, TypeError):
                return None
        return value

    def value(self, name: str) -> Any:
        """The value of an argument, or the list of the blocks of this name."""
        if name in self._known:
            return self._known[name]
        key = f"{self.address}.{name}"
        with self.module.world.opened(key) as fresh:
            if not fresh:
                return None  # a resource that asks for itself: the reference stays one
            found = self._value(name)
        self._known[name] = found
        return found

    def _value(self, name: str) -> Any:
        attribute = self.block.body.attributes.get(name)
        if attribute is not None:
            self.places[name] = attribute
            return self.module.attempt(
                f"{self.address}: {name}", attribute.location, lambda: attribute.expression.value(self.scope)
            )
        blocks = [b for b in self.block.body.blocks if _name(b) == name]
        if not blocks:
            return None
        values, self.places[name] = expanded(self, blocks, self.scope, name)
        return values

    def values(self) -> dict[str, Any]:
        """All that its block says, in the shape of a plan: blocks are lists of maps."""
        return {n: self.value(n) for n in names(self.block.body) if n not in META}

    def locate(self, path: Path | None) -> Location:
        """Where its block says what stands at `path`; None asks for the block."""
        if not path:
            return self.block.location
        return _located(self.places.get(str(path[0])), path[1:]) or self.block.location


Place = Attribute | list[tuple[Block, dict[str, Any]]]
"""Where an argument was said: its attribute, or for every block the places of what it says."""


def _located(place: Place | None, path: Path) -> Location | None:
    if place is None:
        return None
    if isinstance(place, Attribute):
        expression: ex.Expression = place.expression
        location = place.location
        for step in path:
            inner = expression.inside(step)
            if inner is None:
                break
            expression, location = inner, inner.location
        return location
    if not path or not isinstance(path[0], int) or path[0] >= len(place):
        return place[0][0].location if place else None
    block, inside = place[path[0]]
    if len(path) < 2:
        return block.location
    return _located(inside.get(str(path[1])), path[2:]) or block.location


def names(body: Body) -> list[str]:
    """The arguments and blocks of a body, each once, in their order."""
    return list(dict.fromkeys([*body.attributes, *map(_name, body.blocks)]))


def _name(block: Block) -> str:
    return block.labels[0] if block.type == "dynamic" and block.labels else block.type


def expanded(owner: Instance, blocks: list[Block], scope: ModuleScope, title: str) -> tuple[list[Any], Place]:
    """The values of blocks of one name, `dynamic` ones for each of their elements, and their places."""
    values: list[Any] = []
    places: list[tuple[Block, dict[str, Any]]] = []
    for block in blocks:
        for body, inner in _dynamic(owner, block, scope, title) if block.type == "dynamic" else [(block.body, scope)]:
            owner.module.run.step()
            found, inside = _body(owner, body, inner, title)
            values.append(found)
            places.append((block, inside))
    return values, places


def _body(owner: Instance, body: Body, scope: ModuleScope, title: str) -> tuple[dict[str, Any], dict[str, Any]]:
    values: dict[str, Any] = {}
    places: dict[str, Any] = {}
    for name, attribute in body.attributes.items():
        what = f"{owner.address}: {title}.{name}"
        expression = attribute.expression
        values[name] = owner.module.attempt(what, attribute.location, lambda e=expression: e.value(scope))  # type: ignore[misc]
        places[name] = attribute
    for name in dict.fromkeys(map(_name, body.blocks)):
        inner = [b for b in body.blocks if _name(b) == name]
        values[name], places[name] = expanded(owner, inner, scope, f"{title}.{name}")
    return values, places


def _dynamic(owner: Instance, block: Block, scope: ModuleScope, title: str) -> list[tuple[Body, ModuleScope]]:
    """The contents of a `dynamic` block, once for each element."""
    content = next(iter(block.body.of_type("content")), None)
    each = block.body.expression("for_each")
    if content is None or each is None:
        owner.module.run.problem(block.location, "a dynamic block needs for_each and content")
        return []
    iterator = block.body.expression("iterator")
    name = iterator.name if isinstance(iterator, ex.Name) else block.labels[0]
    try:
        held = each.value(scope)
        held = held.settled() if isinstance(held, Symbol) else held
        pairs = ex.elements(held)
        why = held.name() if isinstance(held, Symbol) else each.text
    except Failure as failure:
        pairs, why = None, str(failure)
    if pairs is None:
        told = f"known only when Terraform runs ({why[:200]}); one block stands for all"
        owner.module.run.note(f"{owner.address}: {title}", told, each.location)
        pairs = [(Unknown(f"{name}.key"), Unknown(f"{name}.value"))]
    return [(content.body, scope.within({name: {"key": k, "value": v}})) for k, v in pairs]


class RemoteModule:
    """A module that does not stand in the configuration: from a registry, a repository or an archive."""

    blurred = False

    def __init__(self, address: str, source: str, block: Block) -> None:
        self.address = address
        self.source = source
        self.block = block

    def member(self, key: str | int) -> Any:
        """An output: known only to who has the module; of one that stands for many, an element is itself."""
        return self if isinstance(key, int) else Reference(self, (key,))

    def configured(self, path: Path) -> Any:
        """Nothing is known of it."""
        return None


__all__ = ["META", "Instance", "RemoteModule", "expanded", "instances_of", "type_name"]
