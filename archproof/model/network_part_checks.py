"""What the model itself gets wrong about the explicit parts of a network: routes, endpoints, attachments."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from archproof.model.document import KeyPath
from archproof.suggest import did_you_mean

if TYPE_CHECKING:
    from archproof.model.architecture import Architecture

_FULL_NAME = re.compile(r"com\.amazonaws\.[a-z0-9.-]+\Z|aws\.[a-z0-9.-]+\Z")


def check(architecture: Architecture) -> None:
    """Note every problem of the components that are parts of a network."""
    for name, component in architecture.components.items():
        function = _CHECKS.get(component.kind)
        if function is not None:
            function(architecture, ("components", name), component)


def _route_table(architecture: Architecture, path: KeyPath, table: Any) -> None:
    for position, route in enumerate(table.routes):
        here = (*path, "routes", position)
        _destination(architecture, (*here, "to"), route)
        _via(architecture, (*here, "via"), table.vpc, route.via)
    for position, subnet in enumerate(table.subnets):
        if subnet in architecture.places.tiers:
            message = f"'{subnet}' is a tier of 'network', which has route tables of its own"
            architecture.document.problem((*path, "subnets", position), message, at="value")
    _same_vpc(architecture, path, table)


def _destination(architecture: Architecture, path: KeyPath, route: Any) -> None:
    """Where a route leads: `internet`, a CIDR, a VPC, a prefix list, or the service of a gateway endpoint."""
    from archproof.model import endpoint_names
    from archproof.model.network_checks import block_of_any_family, is_prefix_list

    via = architecture.components.get(route.via)
    if via is not None and via.kind == "vpc_endpoint" and getattr(via, "gateway", False):
        if route.to != via.to:  # type: ignore[attr-defined]
            message = f"'{route.via}' is the endpoint of '{via.to}'; its route is to '{via.to}'"  # type: ignore[attr-defined]
            architecture.document.problem(path, message, at="value")
        return
    vpcs = [*architecture.places.vpcs, *architecture.of_kind("vpc")]
    if route.to == "internet" or route.to in vpcs or is_prefix_list(route.to):
        return
    if route.to in endpoint_names.gateways():
        message = f"a route to '{route.to}' goes via a 'vpc_endpoint' of that service"
        architecture.document.problem(path, message, at="value")
    elif re.match(r"[0-9a-fA-F:.]+(/[0-9]+)?\Z", route.to):
        block_of_any_family(architecture, path, route.to)
    else:
        hint = did_you_mean(route.to, ["internet", *vpcs])
        message = f"'{route.to[:60]}' is no CIDR, VPC, prefix list or 'internet'{hint}"
        architecture.document.problem(path, message, at="value")


def _via(architecture: Architecture, path: KeyPath, vpc: str, via: str) -> None:
    """A way out in the words of the section is one that this VPC of the section has."""
    from archproof.model.kinds.vpc import WAYS

    if via not in WAYS or via in architecture.components:
        return
    network = architecture.places.vpcs.get(vpc)
    if network is None:
        message = f"'{via}' is a way out of a VPC of 'network', and '{vpc}' is not one: name the gateway"
        architecture.document.problem(path, message, at="value")
        return
    ways = {tier.egress for tier in network.subnets.values()}
    ipv6 = network.vpc is not None and network.vpc.ipv6 and ways & {"nat", "egress_only"}
    gateway = architecture.network.transit_gateway
    attached = gateway is not None and vpc in [a.vpc for a in gateway.attach]
    has = {"egress_only": bool(ipv6), "transit_gateway": attached}.get(via, via in ways)
    if not has:
        architecture.document.problem(path, f"the VPC '{vpc}' has no {via.replace('_', ' ')}", at="value")


def _same_vpc(architecture: Architecture, path: KeyPath, part: Any) -> None:
    """The subnets of a part are of its own VPC."""
    from archproof.model.network_checks import vpc_of

    for position, subnet in enumerate(part.subnets):
        other = vpc_of(architecture, "tier", subnet)
        if other is not None and other != part.vpc:
            message = f"'{subnet}' is in the VPC '{other}', not in '{part.vpc}'"
            architecture.document.problem((*path, "subnets", position), message, at="value")


def _endpoint(architecture: Architecture, path: KeyPath, endpoint: Any) -> None:
    from archproof.model import endpoint_names

    known = endpoint_names.known()
    if endpoint.to not in known and not _FULL_NAME.match(endpoint.to):
        message = f"unknown endpoint '{endpoint.to[:60]}'{did_you_mean(endpoint.to, known)}"
        architecture.document.problem((*path, "to"), message, at="value")
    elif endpoint.type == "gateway" and endpoint.to not in endpoint_names.gateways():
        names = ", ".join(sorted(endpoint_names.gateways()))
        message = f"'{endpoint.to}' has no gateway endpoint; only {names} have"
        architecture.document.problem((*path, "type"), message, at="value")
    placement = endpoint.placement
    if endpoint.gateway and not (placement and (placement.vpc or placement.subnets)):
        message = f"'{path[-1]}' needs its VPC: 'in: {{vpc: …}}'"
        architecture.document.problem(path, message, at="key")
    elif not endpoint.gateway and not (placement and placement.subnets):
        message = f"'{path[-1]}' needs the subnets of its interfaces: 'in: {{subnets: …}}'"
        architecture.document.problem(path, message, at="key")


def _transit_gateway(architecture: Architecture, path: KeyPath, gateway: Any) -> None:
    attached = [attachment.vpc for attachment in gateway.attach]
    for position, attachment in enumerate(gateway.attach):
        here = (*path, "attach", position)
        if attached.index(attachment.vpc) != position:
            architecture.document.problem(here, f"'{attachment.vpc}' is attached already", at="value")
        if not attachment.subnets and attachment.vpc in architecture.components:
            message = f"the attachment of '{attachment.vpc}' needs 'subnets': one in each zone"
            architecture.document.problem(here, message, at="value")
    _attached(architecture, (*path, "isolated"), gateway.isolated, attached)
    if gateway.egress_vpc is not None and gateway.egress_vpc not in attached:
        message = f"'{gateway.egress_vpc}' is not attached{did_you_mean(gateway.egress_vpc, attached)}"
        architecture.document.problem((*path, "egress_vpc"), message, at="value")


def _vpn_connection(architecture: Architecture, path: KeyPath, vpn: Any) -> None:
    """The transit gateway of `network` is there, and the tiers named are of what the connection ends at."""
    from archproof.model.network_checks import vpc_of

    own = architecture.network.transit_gateway
    if vpn.to == "transit_gateway" and vpn.to not in architecture.components and own is None:
        message = "'network' has no 'transit_gateway': name a VPC, or a transit gateway among the components"
        architecture.document.problem((*path, "to"), message, at="value")
        return
    reached = [a.vpc for a in own.attach] if own and vpn.to == "transit_gateway" else [vpn.to]
    for position, tier in enumerate(vpn.subnets):
        other = vpc_of(architecture, "tier", tier)
        if other is not None and other not in reached:
            message = f"'{tier}' is no tier of {' or '.join(repr(v) for v in reached)}"
            architecture.document.problem((*path, "subnets", position), message, at="value")


def _attached(architecture: Architecture, path: KeyPath, names: Iterable[str], attached: list[str]) -> None:
    for position, name in enumerate(names):
        if name not in attached:
            message = f"'{name}' is not attached{did_you_mean(name, attached)}"
            architecture.document.problem((*path, position), message, at="value")


_CHECKS = {
    "route_table": _route_table,
    "network_acl": _same_vpc,
    "vpc_endpoint": _endpoint,
    "transit_gateway": _transit_gateway,
    "vpn_connection": _vpn_connection,
}
