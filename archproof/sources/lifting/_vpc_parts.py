"""What belongs to one VPC among the resources: its subnets with their zones and tables, its gateways, its routes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from archproof.model.network import ZONES
from archproof.resources.resource import Resource, Resources, is_symbolic
from archproof.sources.lifting.drafts import named

ANYWHERE = "0.0.0.0/0"
_ZONE = re.compile(r"[a-z]{2}(-[a-z]+)+-[0-9][a-z]|[a-z0-9]+-az[0-9]")
_LOCAL_TARGETS = ("GatewayId", "NatGatewayId")


@dataclass(slots=True, eq=False)
class SubnetParts:
    """One subnet, and what only it has."""

    resource: Resource
    cidr: Any
    zone: str | None
    """A letter, a name or an id; None where it is known only after deployment, or AWS chooses."""
    table: Resource | None = None
    association: Resource | None = None
    acl: Resource | None = None


@dataclass(slots=True, eq=False)
class TableParts:
    """A route table: where its default route leads, and the routes beside it."""

    resource: Resource
    egress: str = "none"
    default: Resource | None = None
    nat: Resource | None = None
    """The NAT gateway of the default route."""
    others: list[Resource] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class VpcParts:
    """All that belongs to a VPC."""

    resource: Resource
    subnets: list[SubnetParts] = field(default_factory=list)
    tables: dict[str, TableParts] = field(default_factory=dict)
    gateway: Resource | None = None
    """The internet gateway that is attached to it."""
    attachment: Resource | None = None
    nats: list[Resource] = field(default_factory=list)
    others: list[Resource] = field(default_factory=list)
    """What joins something to it and has no word of its own."""


def gather(resources: Resources, vpc: Resource) -> VpcParts:
    """The parts of a VPC."""
    parts = VpcParts(vpc)
    inside = [r for r in resources.users(vpc) if refers_to(r.get("VpcId"), vpc)]
    for resource in inside:
        if resource.type == "AWS::EC2::Subnet":
            parts.subnets.append(SubnetParts(resource, resource.get("CidrBlock"), _zone(resource)))
        elif resource.type == "AWS::EC2::RouteTable":
            parts.tables[resource.logical_id] = TableParts(resource)
        elif resource.type == "AWS::EC2::VPCGatewayAttachment" and parts.attachment is None and _internet(resource):
            gateway = whole(resources, resource.get("InternetGatewayId"), "AWS::EC2::InternetGateway")
            if gateway is not None:
                parts.gateway, parts.attachment = gateway, resource
                continue
            parts.others.append(resource)
        elif resource.type in ("AWS::EC2::VPCGatewayAttachment", "AWS::EC2::VPCDHCPOptionsAssociation",
                               "AWS::EC2::VPCCidrBlock", "AWS::EC2::EgressOnlyInternetGateway"):  # fmt: skip
            parts.others.append(resource)
    for subnet in parts.subnets:
        _associations(resources, parts, subnet)
        parts.nats += [n for n in resources.users(subnet.resource, "AWS::EC2::NatGateway")
                       if refers_to(n.get("SubnetId"), subnet.resource)]  # fmt: skip
    for table in parts.tables.values():
        _routes(resources, parts, table)
    return parts


def refers_to(value: Any, resource: Resource) -> bool:
    """Say whether `value` is the id of this resource and nothing else."""
    found = named(value)
    return found is not None and found[0] == resource.logical_id


def whole(resources: Resources, value: Any, type: str) -> Resource | None:
    """The resource of this type that `value` stands for whole."""
    found = named(value)
    resource = resources.all.get(found[0]) if found is not None else None
    return resource if resource is not None and resource.type == type else None


def _internet(attachment: Resource) -> bool:
    return "InternetGatewayId" in attachment.properties and "VpnGatewayId" not in attachment.properties


def _zone(subnet: Resource) -> str | None:
    value = subnet.get("AvailabilityZone")
    if value is None:
        value = subnet.get("AvailabilityZoneId")
    if isinstance(value, str):
        return value if _ZONE.fullmatch(value) else None
    chosen = value.get("Fn::Select") if isinstance(value, dict) else None
    if not isinstance(chosen, list) or len(chosen) != 2 or not isinstance(chosen[1], dict):
        return None
    number = str(chosen[0])
    if chosen[1].get("Fn::GetAZs", None) not in ("", {"Ref": "AWS::Region"}):
        return None
    return ZONES[int(number)] if number.isdigit() and int(number) < len(ZONES) else None


def _associations(resources: Resources, parts: VpcParts, subnet: SubnetParts) -> None:
    """The table of a subnet, where it has one; a second association is something else."""
    for resource in resources.users(subnet.resource, "AWS::EC2::SubnetRouteTableAssociation"):
        table = whole(resources, resource.get("RouteTableId"), "AWS::EC2::RouteTable")
        if subnet.association is None and table is not None and table.logical_id in parts.tables:
            subnet.table, subnet.association = table, resource
        else:
            parts.others.append(resource)


def _routes(resources: Resources, parts: VpcParts, table: TableParts) -> None:
    for route in resources.users(table.resource, "AWS::EC2::Route"):
        if not refers_to(route.get("RouteTableId"), table.resource):
            continue
        if route.get("DestinationCidrBlock") != ANYWHERE or table.default is not None:
            table.others.append(route)
            continue
        gateway = whole(resources, route.get("GatewayId"), "AWS::EC2::InternetGateway")
        nat = whole(resources, route.get("NatGatewayId"), "AWS::EC2::NatGateway")
        if gateway is not None and gateway is parts.gateway:
            table.egress, table.default = "internet_gateway", route
        elif nat is not None and nat in parts.nats:
            table.egress, table.default, table.nat = "nat", route, nat
        else:
            table.others.append(route)


def known_block(value: Any) -> bool:
    """Say whether a tier can say this block: a CIDR, or an intrinsic that gives one."""
    if isinstance(value, dict):
        return is_symbolic(value)
    return isinstance(value, str) and bool(re.fullmatch(r"[0-9.]+/[0-9]{1,2}", value))
