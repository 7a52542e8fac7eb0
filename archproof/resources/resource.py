"""One AWS resource in CloudFormation shape, and all of them as a graph.

References stay in CloudFormation's words (`Ref`, `Fn::GetAtt`, `Fn::Sub`, …) and are followed with
`Resources.target`. A value that cannot be known before deployment stays symbolic: `literal` says None
for it, which is never the same as absent (`resource.has`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from archproof.errors import Location, Unknown

if TYPE_CHECKING:
    from archproof.resources.organization import Organization

Path = tuple[str | int, ...]
SUBSTITUTION = re.compile(r"\$\{(!?)([^}]+)\}")

OBSERVED = frozenset(
    ["Devices", "Holder", "Ipv6Address", "ManagementAccountId", "PrivateAddresses", "PublicAddresses",
     "PublicIpAddress"]
)  # fmt: skip
"""Attributes that an account told of a resource: what is proved may take them, and no template has them."""


def declared(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes of a resource that a template has."""
    return {name: value for name, value in attributes.items() if name not in OBSERVED}


@dataclass(slots=True)
class Resource:
    """A resource: its type and properties, and where each of them was said."""

    logical_id: str
    type: str
    properties: dict[str, Any]
    component: str | None = None
    """The component it was lowered from."""
    attributes: dict[str, Any] = field(default_factory=dict)
    """What stands beside `Properties`: `DependsOn`, `DeletionPolicy`, `Condition`, …"""
    origins: dict[Path, Path] = field(default_factory=dict)
    """Property path → path in the source that said it; what is not here comes from the whole component."""
    locate: Callable[[Path | None], Location] | None = None
    """The place of a path in the source; None asks for the place of the resource itself."""
    implied: bool = False
    """Whether the tool made it from something else that was said (a role from links)."""
    place: str | None = None
    """The VPC, tier or group of the section `network` it was lowered from, by name."""
    address: str | None = None
    """What its source calls it where that is no logical id: a Terraform address, an ARN, a physical id."""
    physical_id: str | None = None
    """What `Ref` returns for it in the account, where the source tells (a state, an account)."""
    region: str | None = None
    """Its own region where the source tells one; else that of the `Resources`."""
    account: str | None = None
    """Its own account where the source tells one; else that of the `Resources`."""
    made_by: str | None = None
    """What made it where no person did: `aws` (a default VPC, a main route table, the interfaces of a service)."""

    def get(self, *path: str | int, default: Any = None) -> Any:
        """Return the value at `path` in the properties, or `default` where nothing is said."""
        value: Any = self.properties
        for step in path:
            try:
                value = value[step]
            except (KeyError, IndexError, TypeError):
                return default
        return value

    def has(self, *path: str | int) -> bool:
        """Say whether anything, known or symbolic, stands at `path`."""
        return self.get(*path, default=_NOTHING) is not _NOTHING

    def location(self, *path: str | int) -> Location:
        """The place that says the property at `path`: the deepest origin known, else the resource.

        What the resource does not have stands nowhere: the place is the resource's own.
        """
        if self.locate is None:
            return Location("-")
        origins = self.origins
        if path and origins:
            for end in range(len(path), -1 if path[0] in self.properties else 0, -1):
                origin = origins.get(path[:end])
                if origin is not None:
                    return self.locate((*origin, *path[end:]))
        return self.locate(None)

    @property
    def title(self) -> str:
        """What a message calls it: its component, its place in the network, its address, or its logical id."""
        placed = self.place if self.type not in _NAMELESS else None
        return self.component or placed or self.address or self.logical_id


_NAMELESS = (
    "AWS::EC2::NatGateway", "AWS::EC2::VPCEndpoint", "AWS::EC2::InternetGateway", "AWS::EC2::EgressOnlyInternetGateway",
)  # fmt: skip
"""Types that a network makes for itself: what they are placed by is the name of the network, and not theirs."""
_NOTHING = object()


def is_symbolic(value: Any) -> bool:
    """Say whether `value` is an intrinsic function: something known only after deployment."""
    if not isinstance(value, dict) or len(value) != 1:
        return False
    key = next(iter(value))
    return key in ("Ref", "Condition") or (isinstance(key, str) and key.startswith("Fn::"))


def referenced(value: Any) -> list[tuple[str, str | None]]:
    """Return every (logical id, attribute) that `value` refers to, at any depth, in order."""
    if type(value) is dict and len(value) == 1:
        # most values are one reference
        target = value.get("Ref")
        if type(target) is str:
            return [(target, None)]
    found: list[tuple[str, str | None]] = []
    if isinstance(value, dict | list):
        _refer(value, found)
    return found


def _refer(value: dict[str, Any] | list[Any], found: list[tuple[str, str | None]]) -> None:
    """Add every reference inside `value` to `found`: a list that is filled is far cheaper than generators."""
    if isinstance(value, dict):
        if len(value) == 1:
            key, inner = next(iter(value.items()))
            if key == "Ref" and isinstance(inner, str):
                found.append((inner, None))
                return
            if key == "Fn::GetAtt":
                parts = inner.split(".", 1) if isinstance(inner, str) else inner
                if isinstance(parts, list) and parts and isinstance(parts[0], str):
                    found.append((parts[0], parts[1] if len(parts) > 1 and isinstance(parts[1], str) else None))
                    return
            if key == "Fn::Sub":
                text = inner[0] if isinstance(inner, list) and inner else inner
                if isinstance(text, str):
                    for literal, name in SUBSTITUTION.findall(text):
                        if not literal:
                            logical_id, _, attribute = name.strip().partition(".")
                            found.append((logical_id, attribute or None))
                if isinstance(inner, list) and len(inner) > 1 and isinstance(inner[1], dict | list):
                    _refer(inner[1], found)
                return
        for item in value.values():
            if type(item) is not str and isinstance(item, dict | list):
                _refer(item, found)
        return
    for item in value:
        if type(item) is not str and isinstance(item, dict | list):
            _refer(item, found)


class Use(NamedTuple):
    """One resource's reference to another."""

    source: str
    path: Path
    target: str
    attribute: str | None


class Resources:
    """All resources of a system, by logical id, with the references between them."""

    def __init__(self, region: str = "us-east-1", account: str | None = None) -> None:
        self.region = region
        self.account = account
        self.parameters: dict[str, dict[str, Any]] = {}
        self.given: dict[str, Any] = {}
        """Values of parameters that the user gave, by name; they win over the defaults."""
        self.conditions: dict[str, dict[str, Any]] = {}
        self.mappings: dict[str, Any] = {}
        self.outputs: dict[str, Any] = {}
        self.template: dict[str, Any] = {}
        """Every other section of the template that it was read from (`Metadata`, `Rules`, …), verbatim."""
        self.format = ""
        """What it was read from (`cloudformation`, `terraform-plan`, …); empty for what a model lowers to."""
        self.sources: dict[str, str] = {}
        """The text of every file it was read from, by the name it has in messages."""
        self.unknown: list[Unknown] = []
        """What the reader could not read or map."""
        self.notes: list[str] = []
        """What the reader left out on purpose, for people: files that are of another kind."""
        self.lists: set[str] | None = None
        """The lists that a snapshot of an account holds, empty ones too; None for a source that tells everything."""
        self.stacks: dict[str, str] = {}
        """Nested stacks whose resources stand here in their place, by logical id: the file of the template."""
        self.organization: Organization | None = None
        """The organization of the account, where the source gives it beside the resources."""
        self.within: dict[str, Resources] = {}
        """The templates of stack sets, by the logical id of the set: no part of this system, and checked with it."""
        self.all: dict[str, Resource] = {}
        self.by_type: dict[str, list[Resource]] = {}
        self._uses: dict[str, list[Use]] | None = None
        self._used: dict[str, list[Use]] | None = None

    def add(self, resource: Resource) -> Resource:
        """Add a resource. Raises ValueError where its logical id is taken."""
        if resource.logical_id in self.all:
            raise ValueError(f"two resources are called {resource.logical_id}")
        self.all[resource.logical_id] = resource
        self.by_type.setdefault(resource.type, []).append(resource)
        self.changed()
        return resource

    def changed(self) -> None:
        """Say that properties have changed, so that the references are gathered anew."""
        self._uses = self._used = None

    def __iter__(self) -> Iterator[Resource]:
        return iter(self.all.values())

    def __len__(self) -> int:
        return len(self.all)

    def __contains__(self, logical_id: object) -> bool:
        return logical_id in self.all

    def __getitem__(self, logical_id: str) -> Resource:
        return self.all[logical_id]

    def of_type(self, *types: str) -> list[Resource]:
        """The resources of these types, in the order of the types, then of the source."""
        return [r for t in types for r in self.by_type.get(t, ())]

    def target(self, value: Any) -> Resource | None:
        """The resource that `value` (a `Ref`, `Fn::GetAtt`, `Fn::Sub`, …) names, or None."""
        if not isinstance(value, dict):
            return None
        for logical_id, _ in referenced(value):
            if logical_id in self.all:
                return self.all[logical_id]
        return None

    def targets(self, value: Any) -> list[Resource]:
        """Every resource that `value` names, at any depth, each once, in order."""
        seen = {i: self.all[i] for i, _ in referenced(value) if i in self.all}
        return list(seen.values())

    def uses(self, resource: Resource) -> list[Use]:
        """What `resource` refers to."""
        self._index()
        assert self._uses is not None
        return self._uses.get(resource.logical_id, [])

    def users(self, resource: Resource, *types: str) -> list[Resource]:
        """The resources that refer to `resource`, of these types (any when none is given), each once."""
        self._index()
        assert self._used is not None
        found = {u.source: self.all[u.source] for u in self._used.get(resource.logical_id, ())}
        return [r for r in found.values() if not types or r.type in types]

    def _index(self) -> None:
        if self._uses is not None:
            return
        self._uses, self._used = {}, {}
        for resource in self:
            found: list[tuple[Path, str, str | None]] = []
            _collect(resource.properties, (), found)
            for path, logical_id, attribute in found:
                if logical_id in self.all:
                    use = Use(resource.logical_id, path, logical_id, attribute)
                    self._uses.setdefault(resource.logical_id, []).append(use)
                    self._used.setdefault(logical_id, []).append(use)


def _collect(value: dict[str, Any] | list[Any], path: Path, found: list[tuple[Path, str, str | None]]) -> None:
    """Add every reference inside `value`, with the path of the property that holds it, to `found`.

    A list that is filled, and not a generator: every value of a large system passes through here.
    """
    if len(value) == 1 and type(value) is dict and is_symbolic(value):
        found += [(path, logical_id, attribute) for logical_id, attribute in referenced(value)]
        return
    for key, item in value.items() if isinstance(value, dict) else enumerate(value):
        if type(item) is dict or type(item) is list:
            _collect(item, (*path, key), found)
