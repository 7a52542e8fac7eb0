"""What every lowering works with: names, references, places in the network, roles, and origins."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from archproof.errors import Location
from archproof.model.architecture import Architecture
from archproof.model.base import Component, Part
from archproof.model.document import KeyPath
from archproof.resources.lowering._arns import ARNS
from archproof.resources.resource import Path, Resource, Resources

_BESIDE = ("attributes", "type")
"""Keys of a map in `resources` that are no properties."""
Origins = Mapping[str, str | KeyPath]


def logical_id(name: str, suffix: str = "") -> str:
    """A component's id in CloudFormation's letters: `orders_fn` is `OrdersFn`."""
    return "".join(part[:1].upper() + part[1:] for part in name.split("_") if part) + suffix


class Lowering:
    """The state of one lowering: the resources so far, and what is gathered for the end."""

    def __init__(self, architecture: Architecture) -> None:
        self.architecture = architecture
        self.resources = Resources(architecture.region, architecture.account)
        self.exact = architecture.system.exact
        """Whether only what is said is made."""
        self.unmade: dict[str, Resource] = {}
        """What a kind would make beside its main resource and is not to be made, by logical id."""
        self.ids: dict[tuple[str, str], str] = {}
        """The logical id of (component, suffix)."""
        self.statements: dict[str, list[dict[str, Any]]] = {}
        """IAM statements that a role's holder needs beside its links, by component."""
        self.managed: dict[str, list[str]] = {}
        """Names of AWS managed policies that a role's holder needs, by component."""
        self.key_users: dict[str, list[str]] = {}
        """Service principals that need a KMS key to reach what it encrypts, by the key's component."""
        self.extra: dict[str, Any] = {}
        """What the modules of one subject share (the network's subnets by zone)."""
        self._taken: dict[str, tuple[str, str]] = {}
        self._called = dict(architecture.stack.logical_ids)
        self._said: dict[str, frozenset[str]] = {}
        self._locators: dict[str, Callable[[Path | None], Location]] = {}
        for name in architecture.components:
            self.id(name)

    # -- names and references

    def id(self, name: str, suffix: str = "") -> str:
        """The logical id of a component's resource: the main one, or the one with `suffix`."""
        key = (name, suffix)
        if key not in self.ids:
            wanted = candidate = logical_id(name, suffix)
            number = 2
            while candidate in self._taken:
                candidate, number = f"{wanted}{number}", number + 1
            self._taken[candidate] = key
            self.ids[key] = self._called.get(candidate) or self._after_main(name, suffix, candidate)
        return self.ids[key]

    def _after_main(self, name: str, suffix: str, usual: str) -> str:
        """What is beside a main resource is called after it, in an exact system also by `logical_ids`."""
        main = logical_id(name)
        if not suffix or not self.exact or main not in self._called or self.ids.get((name, "")) != self._called[main]:
            return usual
        return self._called[main] + usual.removeprefix(main)

    def ref(self, name: str, suffix: str = "") -> dict[str, Any]:
        """`Ref` to a component's resource."""
        return {"Ref": self.id(name, suffix)}

    def att(self, name: str, attribute: str, suffix: str = "") -> dict[str, Any]:
        """`Fn::GetAtt` of a component's resource."""
        return {"Fn::GetAtt": [self.id(name, suffix), attribute]}

    def arn(self, name: str) -> Any:
        """The ARN of a component's main resource."""
        component = self.component(name)
        if existing := getattr(component, "arn", None):
            return existing
        cfn = component.type if component.kind == "resource" else component.cfn  # type: ignore[attr-defined]
        form = ARNS.get(cfn, "Arn")
        if form == "Ref":
            return self.ref(name)
        if form.startswith("arn:"):
            if cfn == "AWS::SSM::Parameter" and (component.physical_name or "").startswith("/"):
                form = form.replace("/${}", "${}")  # the name brings its slash
            return {"Fn::Sub": form.replace("${}", "${" + self.id(name) + "}")}
        return self.att(name, form)

    def component(self, name: str) -> Component:
        """The component of this id."""
        return self.architecture.components[name]

    def name(self, name: str) -> str | None:
        """The physical name that is declared for a component, or None: CloudFormation then makes one."""
        return self.component(name).physical_name

    def title(self, name: str) -> str:
        """A component's title."""
        return self.architecture.title(name)

    # -- resources

    def add(
        self,
        name: str,
        type: str,
        properties: dict[str, Any],
        *,
        suffix: str = "",
        origins: Origins | None = None,
        attributes: dict[str, Any] | None = None,
        implied: bool = False,
        linked: bool = False,
    ) -> Resource:
        """Add a resource of the component `name`.

        `properties` with the value None are left out. `origins` names, for a property (dots for
        depth: `VpcConfig.SubnetIds`), the field that says it (dots for depth, or a path from the
        component). A main resource (no suffix) takes the component's `properties` over its own, what is
        made beside it the map that `resources` has for its suffix; where that is null it is returned and
        not added. In an exact system what no field says is left out, and so is a resource beside the main
        one that neither a field, nor `resources`, nor a link (`linked`) asks for.
        """
        component = self.component(name)
        kept = {k: v for k, v in properties.items() if v is not None}
        sources = _paths(tuple(origins.items())) if origins else {}
        laid = component.resources.get(suffix) if suffix else component.properties
        made = not suffix or laid is not None or (suffix not in component.resources and not self.exact)
        if self.exact:
            kept, said = exactly(kept, sources, self.said(name), suffix)
            made = made or (suffix not in component.resources and (said or linked))
        extra = dict(attributes or {})
        if component.resources or component.resource_attributes or component.depends_on:
            extra = self._attributes(name, suffix, extra)
        if laid:
            key = ("resources", suffix) if suffix else ("properties",)
            over = {k: v for k, v in laid.items() if k not in _BESIDE} if suffix else laid
            kept = merge(kept, self.translate(over))
            sources = sources | {(path,): (*key, path) for path in over}
        if component.kind == "resource":
            sources = sources | {(): ("properties",)}
        resource = Resource(
            self.id(name, suffix), type, kept, name, extra, sources, self.locator(name), implied or bool(suffix)
        )
        if not made:
            self.unmade[resource.logical_id] = resource
            return resource
        return self.resources.add(resource)

    def said(self, name: str) -> frozenset[str]:
        """The keys that a component says, or that the defaults of its kind say for it."""
        found = self._said.get(name)
        if found is None:
            component = self.component(name)
            fields = type(component).model_fields
            found = frozenset(fields[f].alias or f for f in component.model_fields_set)
            if self.architecture.system.tags:
                found |= {"tags"}
            self._said[name] = found
        return found

    def _attributes(self, name: str, suffix: str, made: dict[str, Any]) -> dict[str, Any]:
        """The attributes of a resource: those of its kind under those that are said."""
        component = self.component(name)
        if suffix:
            said = (component.resources.get(suffix) or {}).get("attributes", {})
            if "Condition" in component.resource_attributes:
                said = {"Condition": component.resource_attributes["Condition"], **said}
        else:
            said = component.resource_attributes
            if component.depends_on:
                names = self.architecture.components
                after = [self.id(d) if d in names else d for d in component.depends_on]
                said = {"DependsOn": after, **said}
        return {k: v for k, v in {**made, **self.translate(said)}.items() if v is not None}

    def add_for(
        self,
        path: KeyPath,
        logical_id: str,
        type: str,
        properties: dict[str, Any],
        *,
        component: str | None = None,
        origins: Origins | None = None,
        attributes: dict[str, Any] | None = None,
        implied: bool = False,
        place: str | None = None,
        part: Part | None = None,
        over: Iterable[tuple[KeyPath, dict[str, Any]]] = (),
        wanted: bool = True,
    ) -> Resource:
        """Add a resource that comes from a place in the document that is no component (a tier, a group).

        `place`: the name of that VPC, tier or group. `part`: the entry itself; in an exact system what it does not
        say is left out. `over`: what it lays over the resource, with where that stands. A resource that is not
        `wanted` is returned and not added.
        """
        made, number = logical_id, 2
        while logical_id in self._taken:
            logical_id, number = f"{made}{number}", number + 1
        self._taken[logical_id] = (str(path), "")
        logical_id = self._called.get(logical_id, logical_id)
        kept = {k: v for k, v in properties.items() if v is not None}
        sources = _paths(tuple(origins.items())) if origins else {}
        extra = dict(attributes or {})
        if self.exact and part is not None:
            kept = _as_said(kept, sources, part)
        for held, laid in over:
            kept = merge(kept, self.translate({k: v for k, v in laid.items() if k not in _BESIDE}))
            extra = merge(extra, self.translate(laid.get("attributes") or {}))
            sources = sources | {(key,): (*held[len(path) :], key) for key in laid}
        document = self.architecture.document

        def locate(inner: Path | None) -> Location:
            return document.locate_key(path) if inner is None else document.locate((*path, *inner))

        resource = Resource(logical_id, type, kept, component, extra, sources, locate, implied, place)
        return self.resources.add(resource) if wanted else resource

    def locator(self, name: str) -> Callable[[Path | None], Location]:
        """What finds the places of a component's fields."""
        found = self._locators.get(name)
        if found is None:
            found = self._locators[name] = functools.partial(_locate, self.architecture, name)
        return found

    def translate(self, value: Any) -> Any:
        """Verbatim CloudFormation with ids of components where logical ids stand: `!Ref orders_fn` works."""
        from archproof.resources.lowering import _verbatim

        return _verbatim.translate(value, self)

    def tags(self, name: str | None, *, title: str | None = None) -> list[dict[str, Any]]:
        """Tags of a resource: the system's, the component's, and its Name."""
        own = self.component(name).tags if name else {}
        merged = {"Name": title or f"{self.architecture.name_prefix}-{(name or '').replace('_', '-')}"}
        if self.exact:
            merged = {}
        merged |= self.architecture.system.tags | own
        return [{"Key": key, "Value": value} for key, value in merged.items()]

    # -- places in the network

    def subnets(self, name: str) -> list[dict[str, Any]]:
        """The subnets a component stands in, one `Ref` for each zone of each tier; empty outside a VPC."""
        from archproof.resources.lowering import _network

        return _network.subnets_of(self, name)

    def groups(self, name: str) -> list[dict[str, Any]]:
        """The ids of a component's security groups; a group of its own is made where it names none."""
        from archproof.resources.lowering import _network

        return _network.groups_of(self, name)

    def vpc(self, name: str) -> dict[str, Any] | None:
        """The VPC a component stands in, or None."""
        from archproof.resources.lowering import _network

        return _network.vpc_of(self, name)

    # -- roles

    def allow(self, name: str, actions: Iterable[str], resources: Any, **condition: Any) -> None:
        """Let the role of a component do `actions` on `resources` (an ARN, or a list)."""
        statement: dict[str, Any] = {"Effect": "Allow", "Action": list(actions), "Resource": resources}
        if condition:
            statement["Condition"] = condition
        self.statements.setdefault(name, []).append(statement)

    def manage(self, name: str, policy: str) -> None:
        """Attach an AWS managed policy (by its path, e.g. `service-role/…`) to a component's role."""
        policies = self.managed.setdefault(name, [])
        if policy not in policies:
            policies.append(policy)

    def role_arn(self, name: str) -> dict[str, Any]:
        """The ARN of the role a component runs with: the one its `role` names, or its own."""
        role = getattr(self.component(name), "role", None)
        return self.att(role, "Arn") if isinstance(role, str) else self.att(name, "Arn", "Role")

    def settle(self) -> None:
        """Write the sections of the stack; in an exact system, what is said wins over what was added later."""
        stack = self.architecture.stack
        resources = self.resources
        for name, component in self.architecture.components.items():
            for suffix, laid in component.resources.items():
                if laid and isinstance(laid.get("type"), str) and self.id(name, suffix) not in resources:
                    self.add(name, laid["type"], {}, suffix=suffix)
        resources.parameters = {**resources.parameters, **self.translate(stack.parameters)}
        resources.conditions = {**resources.conditions, **stack.conditions}
        resources.mappings = {**resources.mappings, **stack.mappings}
        resources.outputs = {**resources.outputs, **self.translate(stack.outputs)}
        for key, value in (("Rules", stack.rules), ("Metadata", stack.metadata), ("Transform", stack.transform)):
            if value:
                resources.template[key] = value
        for name, component in self.architecture.components.items() if self.exact else ():
            resource = resources.all.get(self.id(name))
            if resource is not None:
                resource.properties = merge(resource.properties, self.translate(component.properties))
                verbatim = resource.attributes if component.kind == "resource" else {}
                resource.attributes = self._attributes(name, "", verbatim)

    def finish(self) -> None:
        """Raise InputError for references in verbatim properties to nothing there."""
        from archproof.resources.lowering import _verbatim

        _verbatim.check(self)


def _locate(architecture: Architecture, name: str, path: Path | None) -> Location:
    return architecture.locate(name, *(path or ()))


@functools.cache
def _paths(origins: tuple[tuple[str, str | KeyPath], ...]) -> dict[Path, Path]:
    """Dotted origins as paths; resources of one kind share the table, which nobody changes."""
    return {tuple(p.split(".")): tuple(f.split(".")) if isinstance(f, str) else f for p, f in origins}


def _as_said(properties: dict[str, Any], origins: Mapping[Path, Path], part: Part) -> dict[str, Any]:
    """The properties that an entry of the section `network` says, and those that hold its resources together."""
    said = {type(part).model_fields[f].alias or f for f in part.model_fields_set}
    fields: dict[str, set[str]] = {}
    for path, field in origins.items():
        fields.setdefault(str(path[0]), set()).add(str(field[0]))
    kept = {k: v for k, v in properties.items() if k not in fields or fields[k] & said}
    return {k: v for k, v in kept.items() if k != "Tags" or v}


def exactly(
    properties: dict[str, Any], origins: Mapping[Path, Path], said: frozenset[str], suffix: str
) -> tuple[dict[str, Any], bool]:
    """The properties of an exact system, and whether any field says one of them.

    A property stays where a field that is said is its origin. One without an origin comes from the kind
    itself: it stays in what is made beside a main resource (without it that would be nothing). `kind` is
    always said: it is the origin of what makes a resource one of its kind.
    """
    general = {"Tags": "tags", "TagList": "tags"} | ({} if suffix else {"Description": "description"})
    by_property: dict[str, list[tuple[Path, bool]]] = {}
    for path, field in origins.items():
        key = str(path[0]) if path else ""
        by_property.setdefault(key, []).append((path, bool(field) and (field[0] in said or field[0] == "kind")))
    kept: dict[str, Any] = {}
    some = False
    for key, value in properties.items():
        found = by_property.get(key)
        if found is None:
            if general[key] in said if key in general else bool(suffix):
                kept[key] = value
            continue
        if not any(is_said for _, is_said in found):
            continue
        some = True
        unsaid = [path for path, is_said in found if not is_said and len(path) > 1]
        kept[key] = _pruned(value, [p[1:] for p in unsaid]) if unsaid else value
    return kept, some


def _pruned(value: Any, paths: list[Path]) -> Any:
    """A map without what stands at `paths`."""
    if not isinstance(value, dict):
        return value
    ends = {p[0] for p in paths if len(p) == 1}
    inner = [p for p in paths if len(p) > 1]
    return {k: _pruned(v, [p[1:] for p in inner if p[0] == k]) for k, v in value.items() if k not in ends}


def merge(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Lay `over` on `under`: maps merge, everything else is replaced, None removes."""
    merged = dict(under)
    for key, value in over.items():
        if isinstance(value, dict) and isinstance(merged.get(key), dict) and not _intrinsic(value):
            merged[key] = merge(merged[key], value)
        elif value is None:
            merged.pop(key, None)
        else:
            merged[key] = value
    return merged


def _intrinsic(value: dict[str, Any]) -> bool:
    return len(value) == 1 and next(iter(value)).startswith(("Ref", "Fn::"))
