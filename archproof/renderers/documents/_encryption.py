"""Encryption at rest: whether a store is encrypted and by whose key, from its resource and the facts about its type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from archproof.renderers.documents._evidence import Evidence, Fact
from archproof.renderers.documents._reader import Named, Reader
from archproof.renderers.documents._words import noun
from archproof.resources.resource import Resource, is_symbolic


@dataclass(frozen=True, slots=True)
class Encryption:
    """What encrypts a store at rest. `part` says which part of the component it is, where that is not plain."""

    named: Named
    part: str
    encrypted: Fact
    key: str


def encryption(reader: Reader) -> list[Encryption]:
    """Every store of the model, in the order of the resources."""
    from archproof.facts import rows

    table = {row["type"]: row for row in rows("encryption")}
    found = []
    for resource in reader.resources:
        row = table.get(resource.type)
        if row is not None and resource.component is not None and not resource.has("DBClusterIdentifier"):
            found.append(_read(reader, resource, row))
    return found


def _read(reader: Reader, resource: Resource, row: dict[str, str]) -> Encryption:
    """One store: the key that is named, else the one that AWS takes for this setting."""
    named = reader.named(resource.component)
    own = getattr(reader.component(named.id), "cfn", None) or getattr(reader.component(named.id), "type", None)
    part = "" if own == resource.type or not own else f"its {_noun(resource.type)}"
    switch, key = _path(row["switch"]), _path(row["key"])
    setting = resource.get(*switch) if switch else None
    said = key if resource.has(*key) else switch if setting is not None else ()
    place = reader.where(resource.location(*said)) if said else reader.resource(resource).where
    evidence: tuple[Evidence, ...] = (Evidence(place, f"{resource.logical_id}: {_words(resource, said)}"),)
    if not said or not resource.has(*key):
        page = row["source"]
        evidence = (*evidence, Evidence(page, f"encryption of {resource.type}", row["checked"]))
    if resource.has(*key):
        return Encryption(named, part, Fact(True, "encrypted", evidence), _key(reader, resource, resource.get(*key)))
    if setting is None:
        default = row["unset_key"]
    else:
        default = row["on_key"] if _text(setting) in row["on"].split(";") else row["off_key"]
    return Encryption(named, part, Fact(bool(default), "encrypted" if default else "not encrypted", evidence), default)


def _key(reader: Reader, resource: Resource, value: Any) -> str:
    """The key that a property names: a component, one made for this store alone, or what the property says."""
    target = reader.resources.target(value) if is_symbolic(value) else None
    if target is not None:
        if target.component in (None, resource.component):
            return "a customer managed key of its own"
        return f"the customer managed key {reader.named(target.component)}"
    text = str(value)
    return f"the AWS managed key {text.removeprefix('alias/')}" if text.startswith("alias/aws/") else f"the key {text}"


def _path(dotted: str) -> tuple[str | int, ...]:
    return tuple(int(step) if step.isdigit() else step for step in dotted.split(".")) if dotted else ()


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _words(resource: Resource, path: tuple[str | int, ...]) -> str:
    if not path:
        return "nothing is said about encryption"
    value = resource.get(*path)
    return f"{path[-1]}: {'a key' if is_symbolic(value) else _text(value)}"


def _noun(type: str) -> str:
    """What a resource beside the component's own is called."""
    return {"AWS::SecretsManager::Secret": noun("secret")}.get(type, type)
