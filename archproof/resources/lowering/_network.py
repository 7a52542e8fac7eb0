"""The section `network`: VPCs, tiers by zone, ways out, endpoints, flow logs; and who stands where in it."""

from __future__ import annotations

from typing import Any

from archproof.model import network_checks
from archproof.model.network import SINGLE, VpcNetwork
from archproof.resources.lowering import _acls, _endpoints, _flow_logs, _groups, _peerings, _transit, _vpcs
from archproof.resources.lowering._context import Lowering, logical_id
from archproof.resources.lowering._places import VpcPlace, section_adder, state, vpc_ref


def lower(ctx: Lowering) -> None:
    """Lower the VPCs of the section `network`, before the components that stand in them."""
    places = ctx.architecture.places
    for name, network in places.vpcs.items():
        _lower_vpc(ctx, name, network)
    _peerings.lower(ctx)
    _transit.lower(ctx)
    _groups.declare(ctx)
    for place in state(ctx).vpcs.values():
        _endpoints.lower(ctx, place)


def _lower_vpc(ctx: Lowering, name: str, network: VpcNetwork) -> None:
    base = network_checks.base(ctx.architecture, name)
    place = VpcPlace(name, base, "" if name == SINGLE else logical_id(name), network)
    state(ctx).vpcs[name] = place
    _vpcs.lower(ctx, place)
    _acls.lower(ctx, place)
    vpc = network.vpc
    assert vpc is not None
    if vpc.flow_logs != "none" and (not ctx.exact or "flow_logs" in vpc.model_fields_set):
        adder = section_adder(ctx, (*base, "vpc"), f"{place.prefix}VpcFlowLog", name, vpc, "FlowLog")
        _flow_logs.lower(
            ctx, adder, ("VPC", {"Ref": place.id}), vpc.flow_logs, vpc.flow_log_retention_days,
            origins={"LogDestinationType": "flow_logs", "RetentionInDays": "flow_log_retention_days"},
        )  # fmt: skip


def subnets_of(ctx: Lowering, name: str) -> list[dict[str, Any]]:
    """The subnets a component stands in, by tier and zone."""
    placement = ctx.component(name).placement
    if placement is None:
        return []
    return [{"Ref": subnet} for place in placement.subnets for subnet in subnet_ids(ctx, place)]


def subnet_ids(ctx: Lowering, place: str) -> list[str]:
    """The logical ids of the subnets of a tier, or of one `subnet` component."""
    vpc = ctx.architecture.places.vpc_of.get(f"tier:{place}")
    return state(ctx).vpcs[vpc].subnets[place] if vpc else [ctx.id(place)]


def groups_of(ctx: Lowering, name: str) -> list[dict[str, Any]]:
    """The security groups of a component; one of its own is made where it names none."""
    return [_groups.reference(ctx, group) for group in _groups.of(ctx, name, make=True)]


def vpc_of(ctx: Lowering, name: str) -> dict[str, Any] | None:
    """The VPC a component stands in."""
    return vpc_ref(ctx, _groups.vpc_name(ctx, name))
