"""Terraform's references and unknown values as CloudFormation's intrinsics and parameters."""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from archproof import discovery
from archproof.resources.resource import Path, is_symbolic
from archproof.sources.terraform._text import text
from archproof.sources.terraform.item import Item, logical_id
from archproof.sources.terraform.mapping import camel
from archproof.sources.terraform.values import Reference, Sensitive, Template, Unknown, is_literal

if TYPE_CHECKING:
    from archproof.sources.terraform.translation import Translation

TYPES = "archproof.sources.terraform.types"
_HOLE = re.compile("\ue000([0-9]+)\ue001")
_OWN = re.compile(r"\$\{@(\w+)\}")
_SINGULAR = ("ss", "alias", "address", "status", "canvas", "redis", "dns", "cors", "sns", "sqs", "ecs", "kms", "acls")
_DEEP = 100
_FOLLOWED = 32
"""How many references are followed one after the other before it is taken for a circle."""


def is_plural(argument: str) -> bool:
    """Say whether an argument of this name holds a list."""
    if argument.endswith("_list") or argument == "vpc_zone_identifier":
        return True
    return argument.endswith("s") and not argument.endswith(_SINGULAR)


def addresses(translation: Translation, value: Any, item: Item) -> Iterator[str]:
    """The addresses of the resource instances that `value`, an argument of `item`, refers to."""
    if isinstance(value, Reference):
        for found in _instances(translation, value, item, many=value.every):
            if found.data:
                continue
            yield found.address
            mapping = translation.mappings.get(found.type)
            answer = mapping.answers.get(str(value.path[0])) if mapping and value.path else None
            argument = answer[1:] if answer and answer.startswith("=") else str(value.path[0]) if value.path else "id"
            inner = found.values.get(argument)
            if isinstance(inner, Reference) and inner != value:
                yield from addresses(translation, inner, found)
    elif isinstance(value, list | tuple):
        for entry in value:
            yield from addresses(translation, entry, item)
    elif isinstance(value, Template):
        yield from addresses(translation, value.parts, item)


def resolve(translation: Translation, value: Any, item: Item, path: Path) -> Any:
    """A value of `item` at `path` in CloudFormation's words."""
    if isinstance(value, Reference):
        return _reference(translation, value, item, path)
    if isinstance(value, Template):
        return text([p if isinstance(p, str) else resolve(translation, p, item, path) for p in value.parts])
    if isinstance(value, Unknown):
        return _unknown(translation, value, item, path)
    if isinstance(value, Sensitive):
        name = logical_id(item.address) + _name(path)
        return translation.parameter(name, f"a secret: {item.address}, {_dotted(path)}", secret=True)
    if isinstance(value, dict):
        return {k: resolve(translation, v, item, (*path, k)) for k, v in value.items()}
    if isinstance(value, list):
        found: list[Any] = []
        for position, entry in enumerate(value):
            resolved = resolve(translation, entry, item, (*path, position))
            if isinstance(entry, Reference) and isinstance(resolved, list):
                found += resolved
            else:
                found.append(resolved)
        return found
    return value


def document(translation: Translation, value: Any, item: Item, path: Path) -> Any:
    """A JSON document, with the references that stand in its text."""
    if isinstance(value, Template):
        written = "".join(p if isinstance(p, str) else f"\ue000{n}\ue001" for n, p in enumerate(value.parts))
        try:
            parsed = json.loads(written)
        except (ValueError, RecursionError):
            return resolve(translation, value, item, path)
        if _too_deep(parsed):
            return resolve(translation, value, item, path)
        return _filled(translation, _policy(parsed), value.parts, item, path)
    value = resolve(translation, value, item, path)
    if not isinstance(value, str):
        return value
    try:
        parsed = json.loads(value)
    except (ValueError, RecursionError):
        return value
    return value if _too_deep(parsed) else _policy(parsed)


def _too_deep(value: Any) -> bool:
    """Whether a document is nested deeper than any that AWS takes."""
    level = [value]
    for _ in range(_DEEP):
        level = [v for held in level if isinstance(held, dict | list) for v in _inside(held)]
        if not level:
            return False
    return True


def _inside(value: dict[str, Any] | list[Any]) -> Any:
    return value.values() if isinstance(value, dict) else value


def _policy(value: Any) -> Any:
    """A document; an empty Sid in a statement, which the provider writes, says nothing."""
    statements = value.get("Statement") if isinstance(value, dict) else None
    for statement in statements if isinstance(statements, list) else [statements]:
        if isinstance(statement, dict) and statement.get("Sid") == "":
            del statement["Sid"]
    return value


def _filled(translation: Translation, value: Any, parts: tuple[Any, ...], item: Item, path: Path) -> Any:
    if isinstance(value, dict):
        return {
            _HOLE.sub(lambda m: _words(parts[int(m[1])]), k): _filled(translation, v, parts, item, path)
            for k, v in value.items()
        }
    if isinstance(value, list):
        return [_filled(translation, v, parts, item, path) for v in value]
    if not isinstance(value, str) or "\ue000" not in value:
        return value
    split = _HOLE.split(value)
    pieces = [parts[int(p)] if n % 2 else p for n, p in enumerate(split) if n % 2 or p]
    return resolve(translation, pieces[0] if len(pieces) == 1 else Template(tuple(pieces)), item, path)


def _words(value: Any) -> str:
    if isinstance(value, Reference):
        return "${" + ".".join([value.address, *map(str, value.path)]) + "}"
    return "${unknown}"


def _reference(translation: Translation, reference: Reference, item: Item, path: Path) -> Any:
    argument = next((p for p in reversed(path) if isinstance(p, str)), "")
    many = reference.every or is_plural(argument)
    found = _instances(translation, reference, item, many)
    if not found:
        return _missing(translation, reference, item, path)
    inner = reference.path or (_wanted(translation, item, argument),)
    values = [attribute(translation, f, inner) for f in found]
    return values if reference.every or len(values) > 1 else values[0]


def _instances(translation: Translation, reference: Reference, item: Item, many: bool) -> list[Item]:
    """The instances that a reference means: the one with its key, the one with the referrer's key, or all."""
    exact = translation.by_address.get(reference.address)
    if exact is not None:
        return [exact]
    found = translation.instances.get(reference.address, [])
    if many or len(found) < 2:
        return found
    return [f for f in found if f.key == item.key][:1]


def _wanted(translation: Translation, item: Item, argument: str) -> str:
    mapping = translation.mappings.get(item.type)
    wanted = mapping.wants.get(argument) if mapping else None
    arn = argument.removesuffix("s").endswith("arn") or (item.data and argument in ("resources", "identifiers"))
    return wanted or ("arn" if arn else "id")


def attribute(translation: Translation, item: Item, path: Path, depth: int = 0) -> Any:
    """What a reference to an attribute of `item` is in CloudFormation's words."""
    key = (item.address, path)
    if key in translation.open:  # a circle, which Terraform refuses
        return _asked(translation, item.address, path, item)
    translation.open.add(key)
    try:
        return _attribute(translation, item, path, depth)
    finally:
        translation.open.discard(key)


def _attribute(translation: Translation, item: Item, path: Path, depth: int) -> Any:
    name = str(path[0]) if path else "id"
    if item.data:
        return _data(translation, item, path)
    mapping = translation.mappings.get(item.type)
    made = translation.made.get(item.address)
    answer = mapping.answers.get(name) if mapping else None
    if answer and answer.startswith("=") and depth < _FOLLOWED:
        inner = item.values.get(answer[1:])
        if isinstance(inner, Reference):
            for target in _instances(translation, inner, item, many=False)[:1]:
                return attribute(translation, target, inner.path or ("id",), depth + 1)
        if inner is not None:
            return translation.resolve(inner, item, (answer[1:],))
    elif answer and made is not None and len(path) < 2:
        own = made.resource.logical_id
        if answer == "Ref":
            return {"Ref": own}
        if answer.startswith("sub:"):
            return _composed(
                translation, item, answer[4:].replace("{.", "{" + own + ".").replace(own + ".}", own + "}")
            )
        if answer.startswith("first:"):
            return {"Fn::Select": [0, {"Fn::GetAtt": [own, answer[6:]]}]}
        return {"Fn::GetAtt": [own, answer]}
    known = item.literal(*path)
    if known is not None and is_literal(known):
        return known
    if known is not None and depth < _FOLLOWED:
        if isinstance(known, Reference):
            targets = _instances(translation, known, item, many=False)[:1]
            for target in targets:
                return attribute(translation, target, known.path or (_wanted(translation, item, name),), depth + 1)
        elif not isinstance(known, Unknown):
            return resolve(translation, known, item, path)
    return _asked(translation, item.address, path, item)


def _composed(translation: Translation, item: Item, pattern: str) -> Any:
    """A text for `Fn::Sub`, with the item's own arguments in the place of `${@argument}`."""
    pieces = _OWN.split(pattern)
    if len(pieces) == 1:
        return {"Fn::Sub": pattern}
    values = (item.values.get(p) if n % 2 else None for n, p in enumerate(pieces))
    resolved = [
        translation.resolve(value, item, (piece,)) if n % 2 else {"Fn::Sub": piece}
        for n, (piece, value) in enumerate(zip(pieces, values, strict=True))
    ]
    return text(resolved)


def _data(translation: Translation, item: Item, path: Path) -> Any:
    known = item.literal(*path)
    if known is not None and is_literal(known):
        return known
    module = discovery.index(TYPES, "DATA").get(item.type)
    if module is not None:

        def resolved(value: Any, *place: str | int) -> Any:
            return translation.resolve(value, item, place)

        found = importlib.import_module(module).attribute(item, str(path[0]) if path else "id", resolved)
        for step in path[1:]:
            if is_symbolic(found) and isinstance(step, int):
                found = {"Fn::Select": [step, found]}
            else:
                try:
                    found = found[step]
                except (KeyError, IndexError, TypeError):
                    found = None
        if found is not None:
            return found
    return _asked(translation, item.address, path, item)


def _asked(translation: Translation, address: str, path: Path, said: Item) -> dict[str, str]:
    """The parameter for an attribute that only Terraform or AWS can tell."""
    dotted = ".".join([address, *map(str, path)])
    name = logical_id(address) + _name(path)
    last = next((str(p) for p in reversed(path) if isinstance(p, str)), "")
    translation.note(dotted, "known only after Terraform has asked or made it", said.locate(None))
    return translation.parameter(name, dotted, many=is_plural(last) and not isinstance(path[-1], int))


def _missing(translation: Translation, reference: Reference, item: Item, path: Path) -> dict[str, str]:
    """The parameter for a reference to what is no resource here (a variable, an output of a missing module)."""
    dotted = ".".join([reference.address, *map(str, reference.path)])
    translation.note(dotted, "nothing of this name is in the configuration", item.locate(path))
    return translation.parameter(logical_id(dotted), dotted)


def _unknown(translation: Translation, value: Unknown, item: Item, path: Path) -> dict[str, str]:
    place = f"{item.address}: {_dotted(path)}"
    why = value.why or "known only after apply"
    if value.references:
        why += f" (from {', '.join(value.references[:5])})"
    translation.note(place, why, item.locate(path))
    argument = next((p for p in reversed(path) if isinstance(p, str)), "")
    many = is_plural(argument) and not isinstance(path[-1], int)
    return translation.parameter(logical_id(item.address) + _name(path), place, many=many)


def _name(path: Path) -> str:
    return "".join(camel(str(p)) for p in path if isinstance(p, str))[:100]


def _dotted(path: Path) -> str:
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


__all__ = ["addresses", "attribute", "document", "is_plural", "resolve"]
