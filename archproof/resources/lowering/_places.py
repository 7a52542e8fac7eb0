"""What the lowering of the network knows while it runs: the VPCs, their parts, and every security group."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from archproof.model.document import KeyPath
from archproof.model.network import GroupRule, NetworkPart, VpcNetwork
from archproof.resources.lowering._context import Lowering, Origins, logical_id

_LETTERS = "ABCDEF"


@dataclass(slots=True)
class Group:
    """A security group, with what it says of its rules (None: what the links need)."""

    id: str
    name: str
    """What messages call it."""
    vpc: str | None
    path: KeyPath
    """Where it, and so its `ingress` and `egress`, stand in the document."""
    ingress: list[GroupRule] | None = None
    egress: list[GroupRule] | None = None
    component: str | None = None
    """The component it belongs to; None for a group of the section."""
    place: str | None = None
    """Its name in the section."""
    part: NetworkPart | None = None
    """Its entry in the section."""
    verbatim: bool = False
    """Whether it is a resource written out by hand, whose rules are left alone."""

    @property
    def ref(self) -> dict[str, Any]:
        """The group's id."""
        return {"Fn::GetAtt": [self.id, "GroupId"]}


@dataclass(slots=True)
class EndpointPlace:
    """A VPC endpoint: the service's endpoint name, and how one reaches it."""

    service: str
    gateway: bool
    private_dns: bool = False
    groups: list[Group] = field(default_factory=list)


@dataclass(slots=True)
class VpcPlace:
    """One VPC of the section `network`, with the logical ids of its parts."""

    name: str
    base: KeyPath
    prefix: str
    """What logical ids begin with: nothing for the only VPC."""
    network: VpcNetwork
    id: str = ""
    subnets: dict[str, list[str]] = field(default_factory=dict)
    """Subnets of a tier, by zone."""
    tables: dict[str, list[str]] = field(default_factory=dict)
    """Route tables of a tier: one, or one a zone."""
    internet_gateway: str | None = None
    internet_attachment: str | None = None
    egress_only: str | None = None
    nats: list[str] = field(default_factory=list)
    ipv6_block: str | None = None

    @property
    def private_tier(self) -> str:
        """The tier that endpoints and attachments stand in: the first behind NAT, else not public, else any."""
        egress = {name: tier.egress for name, tier in self.network.subnets.items()}
        for wanted in (("nat",), ("nat", "none", "egress_only", "transit_gateway")):
            for name, way in egress.items():
                if way in wanted:
                    return name
        return next(iter(egress))


@dataclass(slots=True)
class NetworkState:
    """All of the network, by name."""

    vpcs: dict[str, VpcPlace] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    """Groups of the section and `security_group` components, by name."""
    own: dict[str, Group] = field(default_factory=dict)
    """Groups made for components that name none, by component."""
    all_groups: list[Group] = field(default_factory=list)
    """Every group, in the order they were met."""
    endpoints: dict[str, dict[str, list[EndpointPlace]]] = field(default_factory=dict)
    """Endpoints by VPC and service."""
    parts: dict[str, tuple[KeyPath, str]] = field(default_factory=dict)
    """The entry of the section that makes a resource, and what its `resources` calls it, by logical id."""
    transit_gateway: str | None = None
    transit_attachments: dict[str, str] = field(default_factory=dict)

    def add_endpoint(self, vpc: str, place: EndpointPlace) -> None:
        """Note an endpoint of a VPC."""
        self.endpoints.setdefault(vpc, {}).setdefault(place.service, []).append(place)


def state(ctx: Lowering) -> NetworkState:
    """The network of this lowering."""
    found: NetworkState | None = ctx.extra.get("network")
    if found is None:
        found = ctx.extra["network"] = NetworkState()
    return found


def letter(zone: int) -> str:
    """The letter of a zone in logical ids: A for the first."""
    return _LETTERS[zone]


class Adder(Protocol):
    """Adds a resource whose logical id ends in `suffix`, and returns the logical id it got."""

    def __call__(
        self,
        suffix: str,
        type: str,
        properties: dict[str, Any],
        *,
        origins: Origins | None = None,
        attributes: dict[str, Any] | None = None,
        implied: bool = False,
    ) -> str: ...


def section_adder(
    ctx: Lowering,
    path: KeyPath,
    prefix: str,
    place: str | None = None,
    part: NetworkPart | None = None,
    stem: str | None = None,
    *,
    main: bool = False,
) -> Adder:
    """What adds the resources of one entry of the section `network`.

    `part`: the entry, whose `properties` and `resources` are laid over what is added. `stem`: what the names in
    `resources` begin with; left out for a part whose resource without a suffix is its main one. `main`: whether
    all of them are main ones (the subnets of a tier).
    """

    def add(suffix: str, type: str, properties: dict[str, Any], **rest: Any) -> str:
        name = (stem or "") + suffix
        made = prefix + suffix
        if part is None:
            return ctx.add_for(path, made, type, properties, place=place, **rest).logical_id
        laid = part.resources.get(name)
        over = [((*path, "resources", name), laid)] if laid else []
        if main or not name:
            over.insert(0, ((*path, "properties"), {**part.properties, "attributes": part.resource_attributes}))
        resource = ctx.add_for(
            path, made, type, properties, place=place, part=part, over=over,
            wanted=not name or name not in part.resources or part.resources[name] is not None, **rest,
        )  # fmt: skip
        state(ctx).parts[resource.logical_id] = path, name
        return resource.logical_id

    return add


def more(ctx: Lowering, path: KeyPath, prefix: str, place: str | None, part: NetworkPart) -> None:
    """Add the resources that an entry of the section names by their type alone."""
    known = {name for held, name in state(ctx).parts.values() if held == path}
    for name, laid in part.resources.items():
        if name not in known and laid and isinstance(laid.get("type"), str):
            section_adder(ctx, path, prefix, place, part, "")(name, laid["type"], {})


def component_adder(ctx: Lowering, name: str) -> Adder:
    """What adds the resources of one component; the main one has no suffix."""

    def add(suffix: str, type: str, properties: dict[str, Any], **rest: Any) -> str:
        return ctx.add(name, type, properties, suffix=suffix, **rest).logical_id

    return add


def named(ctx: Lowering, *parts: str) -> list[dict[str, Any]]:
    """Tags of a part of the section `network`: the system's, and its Name."""
    title = "-".join([ctx.architecture.name_prefix, *(p.lower().replace("_", "-") for p in parts if p)])
    return ctx.tags(None, title=title)


def vpc_ref(ctx: Lowering, vpc: str | None) -> dict[str, Any] | None:
    """`Ref` to a VPC of the section or among the components."""
    if vpc is None:
        return None
    place = state(ctx).vpcs.get(vpc)
    return {"Ref": place.id} if place else ctx.ref(vpc)


def id_prefix(place: VpcPlace, name: str) -> str:
    """What the logical ids of a tier, a group or an ACL begin with; a VPC's name is not said twice."""
    return logical_id(name) if _says_vpc(place, name) else place.prefix + logical_id(name)


def own_name(place: VpcPlace, name: str = "") -> str:
    """The part of Name tags that tells several VPCs apart; nothing where `name` says it already."""
    return place.name if place.prefix and not _says_vpc(place, name) else ""


def _says_vpc(place: VpcPlace, name: str) -> bool:
    return f"{name}_".startswith(f"{place.name}_")
