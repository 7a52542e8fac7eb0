"""Peering connections of the section `network`, with routes in the tables of both sides."""

from __future__ import annotations

from typing import Any

from archproof.resources.lowering._context import Lowering, logical_id
from archproof.resources.lowering._places import VpcPlace, named, section_adder, state


def lower(ctx: Lowering) -> None:
    """Every peering: the connection, and the way to the other VPC in each table of both."""
    for position, peering in enumerate(ctx.architecture.network.peerings):
        one, other = (state(ctx).vpcs[name] for name in peering.between)
        prefix = logical_id(one.name) + logical_id(other.name)
        add = section_adder(ctx, ("network", "peerings", position), prefix)
        connection = add(
            "Peering",
            "AWS::EC2::VPCPeeringConnection",
            {"VpcId": {"Ref": one.id}, "PeerVpcId": {"Ref": other.id}, "Tags": named(ctx, one.name, other.name)},
            origins={"VpcId": ("between", 0), "PeerVpcId": ("between", 1)},
        )
        tiers = set(peering.subnets)
        for side, far in ((one, other), (other, one)):
            for tier, tables in side.tables.items():
                if tiers and tier not in tiers:
                    continue
                for table in tables:
                    for number, cidr in enumerate(cidrs(far)):
                        add(
                            f"{table}Route{number + 1 if number else ''}",
                            "AWS::EC2::Route",
                            {
                                "RouteTableId": {"Ref": table},
                                "DestinationCidrBlock": cidr,
                                "VpcPeeringConnectionId": {"Ref": connection},
                            },
                            origins={"RouteTableId": "between", "VpcPeeringConnectionId": "between"},
                        )


def cidrs(place: VpcPlace) -> list[Any]:
    """The IPv4 blocks of a VPC."""
    vpc = place.network.vpc
    assert vpc is not None
    return [vpc.cidr, *vpc.secondary_cidrs]
