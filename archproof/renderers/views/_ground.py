"""The ground that pictures of proofs stand on: VPCs, their tiers as routes make them, and a card for each spot."""

from __future__ import annotations

from archproof.model.architecture import Architecture
from archproof.network.addresses import Span
from archproof.network.fabric import Interface, Subnet
from archproof.network.filters import End
from archproof.network.routing import choose
from archproof.renderers.scene import Group, Node, Overlay, ancestors
from archproof.renderers.views._parts import kind_label
from archproof.renderers.views._places import tier_kind, tier_title
from archproof.renderers.views._reach import ENDPOINT, Reach, Spot
from archproof.resources.resource import Resource

INTERNET_NODE = Node("internet", "Internet", "internet", "internet")
_ANYWHERE = End(Span(4, 8 << 24, (8 << 24) + 1), None, service="internet")
"""Public addresses that no rule is likely to name: where a route for them leads says what a subnet is."""
_KINDS = {"internet_gateway": "subnet_public", "local": "subnet_isolated", None: "subnet_isolated"}
_WORDS = {"subnet_public": "public", "subnet_private": "private", "subnet_isolated": "isolated"}
_SERVICES = {"s3": "Amazon S3", "dynamodb": "DynamoDB"}


class Ground:
    """Frames for what a picture shows, made as they are asked for."""

    def __init__(self, reach: Reach) -> None:
        self.reach = reach
        self.architecture: Architecture = reach.architecture
        self.groups: dict[str, Group] = {}

    # -- frames

    def vpc(self, id: str | None) -> str | None:
        """The frame of a VPC."""
        held = self.reach.fabric.vpcs.get(id or "")
        if id is None or held is None:
            return None
        cidr = str(held.spans[0]) if held.spans else ""
        own = self.architecture.places.vpcs.get(held.title)
        title = (own.vpc.title if own is not None and own.vpc is not None else None) or self._name(held.resource, id)
        text = title if title.upper().startswith("VPC") else f"VPC {title}"
        text = "VPC" if text.lower() == "vpc vpc" or title == "vpc" else text
        self.groups.setdefault(f"vpc:{id}", Group(f"vpc:{id}", f"{text} {cidr}".strip(), "vpc"))
        return f"vpc:{id}"

    def tier(self, subnet: Subnet) -> str | None:
        """The frame of the tier that a subnet is part of: the model's, or all subnets of its kind in its VPC."""
        vpc = self.vpc(subnet.vpc)
        place = subnet.resource.place
        tiers = self.architecture.places.tiers
        if place in tiers:
            id = f"tier:{place}"
            self.groups.setdefault(
                id, Group(id, tier_title(str(place), tiers[str(place)]), tier_kind(tiers[str(place)]), vpc)
            )
            return id
        kind = self.kind(subnet)
        id = f"tier:{subnet.vpc}:{kind}"
        if id not in self.groups:
            alike = [s for s in self.reach.fabric.subnets.values() if s.vpc == subnet.vpc and self.kind(s) == kind]
            title = (
                f"{len(alike)} {_WORDS[kind]} subnets"
                if len(alike) > 1
                else f"{self._name(subnet.resource, subnet.id)} · {_WORDS[kind]}"
            )
            shown = ", ".join(str(s.spans[0]) for s in alike[:3] if s.spans) + (" …" if len(alike) > 3 else "")
            self.groups[id] = Group(id, f"{title} · {shown}" if shown else title, kind, vpc)
        return id

    def kind(self, subnet: Subnet) -> str:
        """What a subnet is, by where its route to the internet leads: out, out behind something, or nowhere."""
        entry = choose(subnet.table, _ANYWHERE).entry
        return _KINDS.get(entry.via if entry is not None else None, "subnet_private")

    def home(self, interfaces: list[Interface]) -> str | None:
        """The innermost frame around interfaces: their tier, or their VPC where they stand in several."""
        tiers = list(dict.fromkeys(self.tier(i.subnet) for i in interfaces))
        if len(tiers) == 1:
            return tiers[0]
        vpcs = list(dict.fromkeys(self.vpc(i.vpc) for i in interfaces))
        return vpcs[0] if vpcs else None

    def used(self, nodes: list[Node], also: list[str]) -> tuple[Group, ...]:
        """The frames that hold something, each after the one around it."""
        kept = {a for n in nodes for a in ancestors(self.groups, n.group)} | {
            a for g in also for a in ancestors(self.groups, g)
        }
        return tuple(g for g in self.groups.values() if g.id in kept)

    # -- cards

    def card(self, spot: Spot, group: str | None = None) -> Node:
        """The card of a spot, with its security groups."""
        owner = spot.owners[0]
        component = self.architecture.components.get(owner.component or "")
        listed = list(dict.fromkeys(g for i in spot.interfaces for g in i.groups))
        title, kind, icon, subtitle = (
            owner.title,
            owner.type,
            owner.type,
            owner.type.removeprefix("AWS::").replace("::", " "),
        )
        if owner.type == ENDPOINT:
            endpoint = self.reach.fabric.endpoints.get(owner.logical_id)
            title, subtitle = (
                f"{service_title(endpoint.service) if endpoint else owner.title} endpoint",
                "Interface endpoint",
            )
        elif owner.implied and component is not None:
            what = "Secret rotation" if "Rotation" in owner.type else self._plain(owner)
            title, subtitle = what, self.architecture.title(str(owner.component))
        elif component is not None:
            title, kind, subtitle = self.architecture.title(str(owner.component)), component.kind, kind_label(component)
            icon = owner.type if component.kind == "resource" else component.kind
        if len(spot.owners) > 1:
            names = ", ".join(o.title for o in spot.owners[:2])
            title, subtitle = f"{len(spot.owners)} × {subtitle}", f"{names} and {len(spot.owners) - 2} more"
        chips = tuple(f"group:{g}" for g in listed[:2]) if owner.type != ENDPOINT else ()
        return Node(spot.id, title, kind, icon, subtitle, group=group or self.home(spot.interfaces), overlays=chips)

    def overlays(self, nodes: list[Node]) -> tuple[Overlay, ...]:
        """The security groups on these cards."""
        ids = sorted({o for n in nodes for o in n.overlays})
        return tuple(Overlay(o, self.group_title(o.removeprefix("group:"))) for o in ids)

    def group_title(self, id: str) -> str:
        """What a security group is called."""
        held = self.reach.fabric.groups.get(id)
        if id.startswith("default:"):
            return "default group"
        return held.title.removeprefix("the group of ") if held is not None else id

    def gateway_endpoint(self, id: str) -> Node:
        """The card of a gateway endpoint: the service that it leads to."""
        endpoint = self.reach.fabric.endpoints[id]
        title = _SERVICES.get(endpoint.service or "") or service_title(endpoint.service)
        return Node(
            id, title, "vpc_endpoint", "AWS::EC2::VPCEndpoint", "by a gateway endpoint", group=self.vpc(endpoint.vpc)
        )

    def way_out(self, resource: Resource | None, interface: Interface | None) -> Node | None:
        """The card of the NAT gateways of a VPC's tier, drawn as one."""
        if resource is None or interface is None:
            return None
        group = self.tier(interface.subnet)
        return Node(f"nat:{group}", "NAT gateway", "nat_gateway", "nat_gateway", group=group)

    @staticmethod
    def _plain(resource: Resource) -> str:
        return resource.type.rsplit("::", 1)[-1]

    def _name(self, resource: Resource | None, id: str) -> str:
        if resource is None:
            return id
        if resource.component in self.architecture.components:
            return self.architecture.title(str(resource.component))
        return resource.title


def service_title(service: str | None) -> str:
    """A service of AWS by the name of its endpoint, as people write it where that is its initials."""
    name = service or "unknown service"
    return name.upper() if name in ("sqs", "sns", "kms", "ssm", "sts") else name
