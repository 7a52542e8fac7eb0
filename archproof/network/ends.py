"""What a question names, as ends of flows: components, resources, addresses, the internet, services of AWS."""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Iterator
from dataclasses import field

from archproof.errors import UsageError
from archproof.fields import Fields
from archproof.network.addresses import ALL_IPV4, ALL_IPV6, SOMEWHERE, Atoms, Span, is_public, parse
from archproof.network.fabric import Fabric, Interface
from archproof.network.filters import End
from archproof.network.placing import astray, unplaced
from archproof.resources.resource import Resource, Resources
from archproof.resources.values import items, name_of
from archproof.suggest import did_you_mean

INTERNET = "internet"
_REST_LINK = "AWS::ApiGateway::VpcLink"
_KEPT = 32768
FUNCTION = ("AWS::Lambda::Function", "AWS::Serverless::Function")


class Party(Fields):
    """One side of a question."""

    name: str
    ends: list[End] = field(default_factory=list)
    listens: tuple[int, ...] = ()
    """The ports that it is known to listen on; empty where that is not known."""
    resources: list[Resource] = field(default_factory=list)
    """The resources that were named."""
    service: str | None = None
    """The service of AWS that it is, by endpoint name."""
    unplaced: bool = False
    """Whether it stands, with a part of it at least, in a subnet that is not among the resources."""
    doubt: Resource | None = None
    """An endpoint of a service whose names may lead to it, where nobody knows whether they do."""


class Naming:
    """Names in one system."""

    def __init__(
        self, resources: Resources, fabric: Fabric, atoms: Atoms, outside: Collection[str] = (),
    ) -> None:  # fmt: skip
        """`outside`: names of people and systems that are met over the internet."""
        self.resources = resources
        self.fabric = fabric
        self.atoms = atoms
        self.outside = outside
        self._components: dict[str, list[Resource]] = {}
        self._aliases: dict[str, Resource] = {}
        self._parties: dict[str, Party] = {}
        """By name, where no other side was given."""
        for resource in resources:
            if resource.component is not None:
                self._components.setdefault(resource.component, []).append(resource)
            for alias in (resource.address, resource.physical_id):
                if alias is not None:
                    self._aliases.setdefault(alias, resource)

    def party(self, text: str, peer: Party | None = None) -> Party:
        """The party that `text` names. `peer`: the other side, already known, which decides how a service is met.

        Raises UsageError where nothing has the name.
        """
        if peer is None and text in self._parties:
            return self._parties[text]
        found = self._party(text, peer)
        if peer is None and len(self._parties) < _KEPT:
            self._parties[text] = found
        return found

    def _party(self, text: str, peer: Party | None) -> Party:
        if text == INTERNET or text in self.outside:
            return Party(text, list(self._internet(text)))
        named = self._resources(text)
        if named:
            return self._of(text, named, peer)
        where = parse(text)
        if where is not None:
            return Party(text, list(self._addresses(text, where)))
        inside = self._group(text)
        if inside is not None:
            return Party(text, [e for i in inside for e in _ends(i)])
        if text in self._services():
            return self.service(text, peer)
        names = [
            INTERNET,
            *self._components,
            *self.resources.all,
            *self._aliases,
            *self.fabric.groups,
            *self._services(),
        ]
        raise UsageError(_nothing(text, did_you_mean(text, names), self._services()))

    # -- names

    def _resources(self, text: str) -> list[Resource]:
        if text in self._components:
            return self._components[text]
        found = self.resources.all.get(text) or self._aliases.get(text)
        if found is None and text.startswith("arn:"):
            from archproof.iam.attached import attached

            names = attached(self.resources).names
            found = next((r for r in self.resources if names.arn(r) == text), None)
        return [found] if found is not None else []

    def _of(self, text: str, named: list[Resource], peer: Party | None) -> Party:
        """A component or a resource: its interfaces, else the service that it is part of."""
        ends = [e for r in named for i in self.fabric.interfaces.get(r.logical_id, ()) for e in _ends(i)]
        # what a component has beside its main part (a rotation function) is not met when its name is called
        main = [r for r in named if not r.implied] or named
        own = [e for r in main for i in self.fabric.interfaces.get(r.logical_id, ()) for e in _ends(i)]
        if own or ends:
            from archproof.network.listening import listens

            owners = {id(e.interface.owner): e.interface.owner for e in own or ends if e.interface is not None}
            lost = any(astray(self.resources, r, self.fabric.subnets) for r in owners.values())
            return Party(text, own or ends, listens(self.resources, list(owners.values())), named, unplaced=lost)
        parts = [e for r in named for i in self.fabric.parts.get(r.logical_id, ()) for e in _ends(i)]
        if parts:
            return Party(text, parts, resources=named)
        linked = [e for r in named if r.type == _REST_LINK for e in self._linked(r)]
        if linked:
            return Party(text, linked, resources=named)
        gateway = next((r for r in named if r.type in ("AWS::EC2::VPNGateway", "AWS::EC2::InternetGateway")), None)
        if gateway is not None:
            return Party(text, list(self._behind(text, gateway)), resources=named)
        held = self._group(next((r.logical_id for r in named), text))
        if held is not None:
            return Party(text, [e for i in held for e in _ends(i)], resources=named)
        if any(unplaced(self.resources, r) for r in main):
            return Party(text, [], resources=main, unplaced=True)
        if any(r.type in FUNCTION for r in main):
            # a function outside a VPC has addresses of AWS's own
            functions = [r for r in main if r.type in FUNCTION]
            return Party(text, [End(SOMEWHERE, None, service=INTERNET, name=text)], resources=functions)
        service = next((s for s in map(service_of, named) if s is not None), None)
        if service is not None:
            ends = list(self._service(service, peer, text))
            return Party(text, ends, resources=named, service=service, doubt=self._doubted(service, peer))
        return Party(text, [], resources=named)

    def _linked(self, link: Resource) -> Iterator[End]:
        """A link of a REST API: what it carries comes from the network load balancer that it names."""
        for value in items(self.resources, link.get("TargetArns")) or ():
            for interface in self.fabric.interfaces.get(name_of(self.resources, value) or "", ()):
                yield from _ends(interface)

    def _services(self) -> list[str]:
        from archproof.model.endpoint_names import gateways, known

        return sorted({*known(), *gateways()})

    def _group(self, text: str) -> list[Interface] | None:
        """The interfaces that a security group, a subnet or a VPC holds; None where it is none of these."""
        fabric = self.fabric
        if text in fabric.groups:
            return [i for i in self._everything() if text in i.groups]
        if text in fabric.subnets:
            return [i for i in self._everything() if i.subnet.id == text]
        if text in fabric.vpcs:
            return [i for i in self._everything() if i.vpc == text]
        placed = self._placed["subnet"].get(text)
        if placed:
            return [i for i in self._everything() if i.subnet.id in placed]
        by_place = self._placed["group"].get(text)
        if by_place:
            return [i for i in self._everything() if by_place & set(i.groups)]
        return None

    def _everything(self) -> list[Interface]:
        return [i for held in self.fabric.interfaces.values() for i in held]

    @functools.cached_property
    def _placed(self) -> dict[str, dict[str, set[str]]]:
        """The subnets and the groups that the section `network` was lowered to, by their names there."""
        found: dict[str, dict[str, set[str]]] = {"subnet": {}, "group": {}}
        for subnet in self.fabric.subnets.values():
            if subnet.resource.place is not None:
                found["subnet"].setdefault(subnet.resource.place, set()).add(subnet.id)
        for group in self.fabric.groups.values():
            if group.resource is not None and group.resource.place is not None:
                found["group"].setdefault(group.resource.place, set()).add(group.id)
        return found

    # -- addresses

    def _internet(self, name: str) -> Iterator[End]:
        """Every range of public addresses that some rule tells apart."""
        wholes = [ALL_IPV4]
        if any(s.version == 6 for vpc in self.fabric.vpcs.values() for s in vpc.spans):
            wholes.append(ALL_IPV6)
        inside = [s for vpc in self.fabric.vpcs.values() for s in vpc.spans]
        for whole in wholes:
            for atom in self._public_atoms(whole):
                if not any(block.meets(atom) for block in inside):
                    yield End(atom, None, service=INTERNET, name=name)

    def _public_atoms(self, whole: Span) -> Iterator[Span]:
        from archproof.network.addresses import PRIVATE

        cuts = Atoms([*(p for p in PRIVATE if p.version == whole.version)])
        for part in cuts.of(whole):
            if is_public(part):
                yield from self.atoms.of(part)

    def _addresses(self, text: str, where: Span) -> Iterator[End]:
        """An address or a block: the interfaces that have it, else addresses out there."""
        found = False
        for interface in (i for held in self.fabric.interfaces.values() for i in held):
            if any(s.meets(where) for s in interface.public_spans):
                yield End(where, interface, public=True)
                return
            # two VPCs may use the same addresses: each of them is meant
            if interface.exact and any(where.covers(s) or s.covers(where) for s in interface.spans):
                found = True
                yield from (e._replace(literal=where.single) for e in _ends(interface) if e.span.meets(where))
            elif not interface.exact:
                # which address it has is not known, but it is one of these
                yield from (e for e in _ends(interface) if where.covers(e.span))
        if found and where.single:
            return
        for atom in self.atoms.of(where):
            yield End(atom, None, name=text)

    def _behind(self, text: str, gateway: Resource) -> Iterator[End]:
        """What lies behind a gateway: the internet, or the networks that its routes name."""
        if gateway.type == "AWS::EC2::InternetGateway":
            yield from self._internet(INTERNET)
            return
        spans = list(self.fabric.behind.get(gateway.logical_id, ()))
        if not spans:
            routes = [e for t in self.fabric.tables.values() for e in t.entries if e.target == gateway.logical_id]
            spans = [e.span for e in routes if e.span is not None and e.span.first > 0]
        for where in dict.fromkeys(spans):
            for atom in self.atoms.of(where):
                yield End(atom, None, name=text, via=gateway.logical_id)

    # -- services

    def service(self, service: str, peer: Party | None = None) -> Party:
        """A service of AWS by the name of its endpoint, whatever else is called so."""
        ends = list(self._service(service, peer))
        return Party(service, ends, service=service, doubt=self._doubted(service, peer))

    def _doubted(self, service: str, peer: Party | None) -> Resource | None:
        """An endpoint of a service that the names of the peer's VPC may lead to."""
        vpcs = {e.interface.vpc for e in peer.ends if e.interface is not None} if peer is not None else set()
        held = [
            e for e in self.fabric.endpoints.values()
            if e.service == service and e.kind == "interface" and e.vpc in vpcs and e.private_dns is not False
        ]  # fmt: skip
        if any(e.private_dns for e in held):
            return None
        return next((e.resource for e in held), None)

    def _service(self, service: str, peer: Party | None, name: str | None = None) -> Iterator[End]:
        """A service of AWS: an interface endpoint where the names of the peer's VPC lead there, else its addresses."""
        vpcs = {e.interface.vpc for e in peer.ends if e.interface is not None} if peer is not None else set()
        for endpoint in self.fabric.endpoints.values():
            if endpoint.service == service and endpoint.kind == "interface" and endpoint.vpc in vpcs:
                if endpoint.private_dns is False:
                    continue
                for interface in self.fabric.interfaces.get(endpoint.id, ()):
                    yield from _ends(interface)
        if not any(
            e.service == service and e.kind == "interface" and e.vpc in vpcs and e.private_dns is not False
            for e in self.fabric.endpoints.values()
        ):
            yield End(SOMEWHERE, None, service=service, name=name or service)


_LIKE_ADDRESS = re.compile(r"[0-9a-fA-F]*[.:][0-9a-fA-F.:]*(/[0-9]*)?")


def _nothing(text: str, near: str, services: Collection[str]) -> str:
    """What to say where nothing has a name."""
    shown = " ".join("".join(c if c.isprintable() else " " for c in text).split())[:80]
    if _LIKE_ADDRESS.fullmatch(text) and any(c.isdigit() for c in text):
        return f"'{shown}' is neither an address nor a CIDR block, such as 10.0.0.7, 10.0.0.0/16 or 2001:db8::/32"
    service = next((s for s in services if text.startswith(f"{s}.")), None)
    if service is not None:
        return f"nothing is called '{shown}': a service is met in the region of who calls it, by the name '{service}'"
    known = "components, logical ids, ARNs, physical ids, addresses, CIDR blocks, services of AWS and 'internet'"
    return f"nothing is called '{shown}'{near} (names are {known})"


def _ends(interface: Interface) -> Iterator[End]:
    """An interface by each of its addresses."""
    for addresses in interface.spans:
        yield End(addresses, interface)


def service_of(resource: Resource) -> str | None:
    """The endpoint name of the service that a resource belongs to; None for what is met in no such way."""
    from archproof import facts
    from archproof.model.endpoint_names import gateways, needed

    service = facts.service_of(resource.type)
    if service is None or service.scope == "vpc":
        return None
    if service.key in gateways():
        return service.key
    return next(iter(needed(service.key)), None)
