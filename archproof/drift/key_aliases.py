"""What the aliases of KMS keys stand for, as far as it was read: so an alias and a key can be told apart or not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from archproof.drift.scalars import ALIAS
from archproof.resources.resource import Resource

TYPE = "AWS::KMS::Alias"
_BEFORE = re.compile(r"^arn:[\w-]+:kms:[\w-]*:\d*:(?=alias/|key/)")


class Keys:
    """The aliases of one account and region."""

    __slots__ = ("_ids",)

    def __init__(self, aliases: Mapping[str, str]) -> None:
        """`aliases`: alias (`alias/orders`) → the id or the ARN of its key."""
        self._ids = {alias: _id(key) for alias, key in aliases.items()}

    def same(self, a: str, b: str) -> bool | str:
        """Say whether an alias and a key are the same; the reason why not where nobody read what it stands for."""
        names = [_BEFORE.sub("", text) for text in (a, b)]
        known = [self._ids.get(name) if name.startswith("alias/") else _id(name) for name in names]
        return known[0] == known[1] if None not in known else ALIAS


class Aliases:
    """The aliases of every account and region that was read."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        held: dict[tuple[str | None, str | None], dict[str, str]] = {}
        for resource in resources:
            alias, key = resource.get("AliasName"), resource.get("TargetKeyId")
            if isinstance(alias, str) and isinstance(key, str):
                held.setdefault((resource.account, resource.region), {})[alias] = key
        self._keys = {place: Keys(aliases) for place, aliases in held.items()}

    def near(self, resource: Resource) -> Keys | None:
        """The aliases where a live resource is; None where none were read."""
        return self._keys.get((resource.account, resource.region))


def wanted(resources: Iterable[Resource]) -> bool:
    """Whether any of some resources names a key by an alias, so that a comparison needs to know what it stands for."""
    return any(_names_alias(value) for resource in resources for value in resource.properties.values())


def _names_alias(value: object) -> bool:
    if isinstance(value, str):
        return value.startswith("alias/") or ":alias/" in value
    if isinstance(value, dict):
        return any(_names_alias(inner) for inner in value.values())
    return isinstance(value, list) and any(_names_alias(inner) for inner in value)


def _id(key: str) -> str:
    return _BEFORE.sub("", key).removeprefix("key/")
