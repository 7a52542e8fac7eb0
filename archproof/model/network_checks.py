"""What the model itself gets wrong about its network: addresses, names and ways out that cannot be meant.

Problems are gathered in the document with all the others. What AWS would accept but should not be (subnets
that overlap, a subnet outside its VPC, peered VPCs that overlap) are findings of rules, not problems here.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from archproof.model import network_part_checks
from archproof.model.document import KeyPath, found
from archproof.suggest import did_you_mean

if TYPE_CHECKING:
    from archproof.model.architecture import Architecture
    from archproof.model.network import AclRule, Endpoint, GroupRule, VpcNetwork

_PREFIX_LIST = re.compile(r"pl-[0-9a-f]{8,17}\Z")
_RANGE = re.compile(r"([0-9]{1,5})(?:-([0-9]{1,5}))?\Z")
_LAST_PORT = 65535
TABLES = ("one", "per_az", "main")
_EXPLICIT = {"subnet": "tiers", "security_group": "groups", "vpc": "vpcs"}


def check(architecture: Architecture) -> None:
    """Note every problem of the section `network`, of the explicit network kinds, and of placements."""
    for name, network in architecture.places.vpcs.items():
        _vpc(architecture, name, network)
    _names(architecture)
    _joins(architecture)
    for name, component in architecture.components.items():
        path: KeyPath = ("components", name)
        if component.kind in ("vpc", "subnet"):
            block(architecture, (*path, "cidr"), component.cidr)  # type: ignore[attr-defined]
        elif component.kind == "security_group":
            _rules(architecture, path, component)
        elif component.kind == "network_acl":
            _acl(architecture, path, component)
        if component.placement is not None:
            _placement(architecture, name)
    network_part_checks.check(architecture)


def is_prefix_list(name: str) -> bool:
    """Whether `name` is the id of a prefix list."""
    return _PREFIX_LIST.match(name) is not None


def base(architecture: Architecture, vpc: str) -> KeyPath:
    """Where the parts of a VPC of the section stand in the document."""
    return architecture.places.paths[vpc][:-1]


def ports(value: int | str | dict[str, Any] | None) -> tuple[int, int] | None:
    """The first and last port of `443`, `8000-8100` or `all`; None where it is none of them."""
    if value == "all":
        return (0, _LAST_PORT)
    match = _RANGE.match(str(value))
    if not match or isinstance(value, bool):
        return None
    first, last = int(match[1]), int(match[2] or match[1])
    return (first, last) if first <= last <= _LAST_PORT else None


def _problem(architecture: Architecture, path: KeyPath, message: str, at: str = "value") -> None:
    architecture.document.problem(path, message, at=at)


def _sizes() -> tuple[int, int]:
    """The shortest and the longest prefix of a VPC and of a subnet."""
    from archproof import facts

    names = ("IPv4 prefix of the largest VPC or subnet", "IPv4 prefix of the smallest VPC or subnet")
    largest, smallest = (facts.quota("vpc", name).value for name in names)
    return int(largest or 0), int(smallest or 0)


def network_of(architecture: Architecture, path: KeyPath, cidr: Any) -> ipaddress.IPv4Network | None:
    """Return `cidr` as an IPv4 network, or None after noting what is wrong with it (an intrinsic is none yet)."""
    if not isinstance(cidr, str):
        return None
    try:
        network = ipaddress.ip_network(cidr, strict=False)
    except ValueError:
        _problem(architecture, path, f"'{cidr[:60]}' is no CIDR block; expected one such as 10.0.0.0/16")
        return None
    if isinstance(network, ipaddress.IPv6Network):
        message = f"'{cidr}' is IPv6; expected IPv4 (with 'ipv6: true' the VPC gets Amazon's IPv6 addresses)"
        _problem(architecture, path, message)
        return None
    if ipaddress.ip_interface(cidr).ip != network.network_address:
        _problem(architecture, path, f"'{cidr}' has host bits set; the network is {network}")
        return None
    return network


def block(architecture: Architecture, path: KeyPath, cidr: Any) -> None:
    """Note where `cidr` cannot be the block of a VPC or of one subnet."""
    network = network_of(architecture, path, cidr)
    largest, smallest = _sizes()
    if network is not None and not largest <= network.prefixlen <= smallest:
        _problem(architecture, path, f"'{cidr}' is a /{network.prefixlen}; AWS takes /{largest} to /{smallest}")


def _vpc(architecture: Architecture, name: str, network: VpcNetwork) -> None:
    path = base(architecture, name)
    if network.vpc is None:
        _problem(architecture, path, f"'{name}' needs 'vpc': the VPC itself, with its 'cidr'", at="key")
        return
    block(architecture, (*path, "vpc", "cidr"), network.vpc.cidr)
    for position, cidr in enumerate(network.vpc.secondary_cidrs):
        block(architecture, (*path, "vpc", "secondary_cidrs", position), cidr)
    _tiers(architecture, path, network)
    _ways_out(architecture, path, name, network)
    seen: dict[str, str] = {}
    for position, endpoint in enumerate(network.endpoints):
        _endpoint(architecture, (*path, "endpoints", position), endpoint, network, seen)
    for group, value in network.security_groups.items():
        _rules(architecture, (*path, "security_groups", group), value)
    for acl, rules in network.network_acls.items():
        _acl(architecture, (*path, "network_acls", acl), rules)


def _tiers(architecture: Architecture, path: KeyPath, network: VpcNetwork) -> None:
    """The blocks of the tiers, split over the zones; their network ACLs."""
    assert network.vpc is not None
    largest, smallest = _sizes()
    zones = network.vpc.availability_zones
    for name, tier in network.subnets.items():
        here = (*path, "subnets", name)
        for position, (zone, cidr) in enumerate(tier.said or ()):
            inner = zone if tier.names_zones else position
            block(architecture, (*here, "cidr", inner), cidr)
        addresses = network_of(architecture, (*here, "cidr"), tier.addresses)
        if addresses is not None:
            each = addresses.prefixlen + (zones - 1).bit_length()
            if not largest <= each <= smallest:
                message = (
                    f"'{tier.cidr}' cannot be split over {zones} availability zones: each subnet would be"
                    f" a /{each}; AWS takes /{largest} to /{smallest}"
                )
                _problem(architecture, (*here, "cidr"), message)
        _tables(architecture, (*here, "route_tables"), name, network)
        if tier.network_acl and tier.network_acl not in network.network_acls:
            hint = did_you_mean(tier.network_acl, network.network_acls)
            message = f"no network ACL is called '{tier.network_acl[:60]}'{hint}"
            _problem(architecture, (*here, "network_acl"), message)


def _tables(architecture: Architecture, path: KeyPath, name: str, network: VpcNetwork) -> None:
    """The tables of a tier are its own, the VPC's, or those of a tier before it."""
    said = network.subnets[name].route_tables
    names = list(network.subnets)
    if said is None or said in TABLES:
        return
    if said not in names[: names.index(name)]:
        known = [*TABLES, *names[: names.index(name)]]
        message = f"'route_tables' is one, per_az, main or a tier before this one; found {found(said)}"
        _problem(architecture, path, message + did_you_mean(said, known))
    elif network.subnets[said].egress != network.subnets[name].egress:
        message = f"'{name}' uses the tables of '{said}', and so its 'egress: {network.subnets[said].egress}' too"
        _problem(architecture, path, message)


def _ways_out(architecture: Architecture, path: KeyPath, name: str, network: VpcNetwork) -> None:
    """What the tiers' default routes need: a NAT gateway with a public tier, IPv6, a transit gateway."""
    vpc = network.vpc
    assert vpc is not None
    public = any(t.egress == "internet_gateway" for t in network.subnets.values())
    gateway = architecture.network.transit_gateway
    attached = [a.vpc for a in gateway.attach] if gateway else []
    leaving = [tier for tier, value in network.subnets.items() if value.egress == "nat"]
    if vpc.nat != "none" and not public and (leaving or "nat" in vpc.model_fields_set):
        message = "a NAT gateway stands in a public tier, and no tier has 'egress: internet_gateway'"
        said = "nat" in vpc.model_fields_set
        _problem(architecture, (*path, "vpc", "nat") if said else (*path, "subnets", leaving[0], "egress"), message)
    for tier, value in network.subnets.items():
        here = (*path, "subnets", tier, "egress")
        if value.egress == "nat" and vpc.nat == "none":
            _problem(architecture, here, f"'{tier}' leaves by NAT, and the VPC has 'nat: none'")
        if value.egress == "egress_only" and not vpc.ipv6:
            _problem(architecture, here, "an egress-only gateway is for IPv6; the VPC needs 'ipv6: true'")
        if value.egress == "transit_gateway" and name not in attached:
            _problem(architecture, here, f"no 'transit_gateway' of 'network' attaches the VPC '{name}'")


def _endpoint(
    architecture: Architecture, path: KeyPath, endpoint: Endpoint, network: VpcNetwork, seen: dict[str, str]
) -> None:
    from archproof.model import endpoint_names

    # the shorthand has no key of its own: the service then stands at the entry itself
    place = (*path, "service") if architecture.document.has((*path, "service")) else path
    known = endpoint_names.known()
    if endpoint.service not in known:
        hint = did_you_mean(endpoint.service, known)
        _problem(architecture, place, f"unknown endpoint '{endpoint.service[:60]}'{hint}")
        return
    if endpoint.type == "gateway" and endpoint.service not in endpoint_names.gateways():
        names = ", ".join(sorted(endpoint_names.gateways()))
        message = f"'{endpoint.service}' has no gateway endpoint; only {names} have"
        _problem(architecture, (*path, "type"), message)
    service_type = endpoint_names.type_of(endpoint.service, endpoint.type)
    for service in known[endpoint.service]:
        key = f"{service}:{service_type}"
        if key in seen:
            _problem(architecture, place, f"'{service}' has an endpoint in this VPC already: '{seen[key]}'")
        seen[key] = endpoint.service
    _tier(architecture, (*path, "subnets"), endpoint.subnets, network)
    if service_type == "interface" and not network.subnets:
        _problem(architecture, place, f"the VPC has no 'subnets' for the endpoint '{endpoint.service}' to stand in")


def _members(architecture: Architecture, path: KeyPath, names: Iterable[str], known: Iterable[str], what: str) -> None:
    """Note every name that is not among the known ones."""
    known = list(known)
    for position, name in enumerate(names):
        if name not in known:
            _problem(architecture, (*path, position), f"no {what} is called '{name[:60]}'{did_you_mean(name, known)}")


def _tier(architecture: Architecture, path: KeyPath, name: str | None, network: VpcNetwork) -> None:
    """Note a tier that the VPC does not have."""
    if name is not None and name not in network.subnets:
        hint = did_you_mean(name, network.subnets)
        _problem(architecture, path, f"no tier of this VPC is called '{name[:60]}'{hint}")


def _rules(architecture: Architecture, path: KeyPath, group: Any) -> None:
    """The rules of a security group: their ports, and the other side of each."""
    for direction, field in (("ingress", "from"), ("egress", "to")):
        for position, rule in enumerate(getattr(group, direction) or []):
            _rule(architecture, (*path, direction, position), rule, field)


def _rule(architecture: Architecture, path: KeyPath, rule: GroupRule, field: str) -> None:
    if rule.protocol in ("tcp", "udp"):
        _ports(architecture, path, rule)
    names, other = (rule.from_, "to") if field == "from" else (rule.to, "from")
    wrong = rule.to if field == "from" else rule.from_
    if wrong:
        _problem(architecture, (*path, other), f"'{other}' has no meaning here; this direction has '{field}'", at="key")
    elif not names:
        _problem(architecture, path, f"the rule needs '{field}': internet, a CIDR, a group, pl-… or a component")
    for position, name in enumerate(names):
        if isinstance(name, str):
            _peer(architecture, (*path, field, position), name)


def _ports(architecture: Architecture, path: KeyPath, rule: GroupRule | AclRule) -> None:
    if isinstance(rule.port, dict):
        return
    if rule.port is None:
        _problem(architecture, path, "the rule needs 'port': a port, a range such as 8000-8100, or all")
    elif ports(rule.port) is None:
        expected = f"a port from 0 to {_LAST_PORT}, a range such as 8000-8100, or all"
        _problem(architecture, (*path, "port"), f"'port' is {expected}; found {found(rule.port)}")


def _peer(architecture: Architecture, path: KeyPath, name: str) -> None:
    """The other side of a rule: `internet`, a CIDR, a prefix list, a group, or a component with groups."""
    if name == "internet" or _PREFIX_LIST.match(name) or name in architecture.places.groups:
        return
    if "/" in name or re.match(r"[0-9.]+\Z|[0-9a-fA-F:]*:[0-9a-fA-F:]*\Z", name):
        block_of_any_family(architecture, path, name)
        return
    component = architecture.components.get(name)
    if component is None:
        if name not in architecture.document.value.get("components", {}):
            known = ["internet", *architecture.places.groups, *architecture.components]
            message = f"no security group or component is called '{name[:60]}'{did_you_mean(name, known)}"
            _problem(architecture, path, message)
        return
    placed = component.placement is not None and (component.placement.subnets or component.placement.security_groups)
    if not placed and component.kind not in ("security_group", "resource") and not getattr(component, "cidr", None):
        _problem(architecture, path, f"'{name}' stands in no subnets: it has no security group to name")


def block_of_any_family(architecture: Architecture, path: KeyPath, name: str) -> None:
    """A block of either family, in full."""
    try:
        network = ipaddress.ip_network(name, strict=False)
    except ValueError:
        _problem(architecture, path, f"'{name[:60]}' is no CIDR block; expected one such as 203.0.113.0/24")
        return
    if "/" not in name:
        _problem(architecture, path, f"'{name}' is an address; write it as a block: {network}")
    elif ipaddress.ip_interface(name).ip != network.network_address:
        _problem(architecture, path, f"'{name}' has host bits set; the network is {network}")


def _acl(architecture: Architecture, path: KeyPath, acl: Any) -> None:
    for direction in ("ingress", "egress"):
        numbers: set[int] = set()
        for position, rule in enumerate(getattr(acl, direction)):
            here = (*path, direction, position)
            block_of_any_family(architecture, (*here, "cidr"), rule.cidr)
            if rule.protocol in ("tcp", "udp"):
                _ports(architecture, here, rule)
            if rule.number in numbers:
                _problem(architecture, (*here, "number"), f"{direction} has a rule {rule.number} already")
            numbers.add(rule.number)


def _joins(architecture: Architecture) -> None:
    """Peerings and the transit gateway: both need several VPCs, by their names."""
    network, vpcs = architecture.network, architecture.places.vpcs
    for key, said in (("peerings", bool(network.peerings)), ("transit_gateway", network.transit_gateway is not None)):
        if said and len(vpcs) < 2:
            message = f"'{key}' joins VPCs, and there is one at most: write them under 'vpcs'"
            _problem(architecture, ("network", key), message, at="key")
            return
    seen: set[frozenset[str]] = set()
    for position, peering in enumerate(network.peerings):
        path: KeyPath = ("network", "peerings", position)
        _members(architecture, (*path, "between"), peering.between, vpcs, "VPC")
        both = frozenset(peering.between)
        if len(both) == 1 or both in seen:
            message = "a VPC is not peered with itself" if len(both) == 1 else "these two VPCs are peered already"
            _problem(architecture, (*path, "between"), message)
        seen.add(both)
        tiers = [t for v in peering.between if v in vpcs for t in vpcs[v].subnets]
        _members(architecture, (*path, "subnets"), peering.subnets, tiers, "tier of the two VPCs")
    _transit(architecture)


def _transit(architecture: Architecture) -> None:
    gateway, vpcs = architecture.network.transit_gateway, architecture.places.vpcs
    if gateway is None:
        return
    path: KeyPath = ("network", "transit_gateway")
    attached: list[str] = []
    for position, attachment in enumerate(gateway.attach):
        here = (*path, "attach", position)
        place = (*here, "vpc") if architecture.document.has((*here, "vpc")) else here
        if attachment.vpc not in vpcs:
            hint = did_you_mean(attachment.vpc, vpcs)
            _problem(architecture, place, f"no VPC is called '{attachment.vpc[:60]}'{hint}")
            continue
        if attachment.vpc in attached:
            _problem(architecture, place, f"'{attachment.vpc}' is attached already")
        attached.append(attachment.vpc)
        _tier(architecture, (*here, "subnets"), attachment.subnets, vpcs[attachment.vpc])
        if not vpcs[attachment.vpc].subnets:
            _problem(architecture, place, f"'{attachment.vpc}' has no 'subnets' for the attachment to stand in")
    _members(architecture, (*path, "isolated"), gateway.isolated, attached, "attached VPC")
    if gateway.egress_vpc is not None and gateway.egress_vpc not in attached:
        hint = did_you_mean(gateway.egress_vpc, attached)
        _problem(architecture, (*path, "egress_vpc"), f"no attached VPC is called '{gateway.egress_vpc[:60]}'{hint}")


def _names(architecture: Architecture) -> None:
    """A VPC, a subnet or a group among the components must not be called like one of the section."""
    if architecture.network.vpc is not None and "vpc" in architecture.network.vpcs:
        message = "'vpc' is the name of the VPC of 'network' itself; call this one otherwise"
        _problem(architecture, ("network", "vpcs", "vpc"), message, at="key")
    for name, component in architecture.components.items():
        attribute = _EXPLICIT.get(component.kind)
        if attribute and name in getattr(architecture.places, attribute):
            words = {"tiers": "tier", "groups": "security group", "vpcs": "VPC"}[attribute]
            message = f"'{name}' is the name of a {words} of 'network' already"
            _problem(architecture, ("components", name), message, at="key")


def _placement(architecture: Architecture, name: str) -> None:
    """The subnets and the groups of one component are of one VPC."""
    placement = architecture.components[name].placement
    assert placement is not None
    held: str | None = None
    places = [("subnets", i, s) for i, s in enumerate(placement.subnets)]
    places += [("security_groups", i, g) for i, g in enumerate(placement.security_groups or [])]
    for field, position, place in places:
        vpc = vpc_of(architecture, "tier" if field == "subnets" else "group", place)
        if vpc is not None and held is not None and vpc != held:
            message = f"'{place}' is in the VPC '{vpc}'; '{name}' stands in '{held}'"
            _problem(architecture, ("components", name, "in", field, position), message)
        held = held or vpc


def vpc_of(architecture: Architecture, what: str, name: str) -> str | None:
    """The VPC of a `tier` or a `group`, of the section or among the components; None where it is not said."""
    if vpc := architecture.places.vpc_of.get(f"{what}:{name}"):
        return vpc
    return getattr(architecture.components.get(name), "vpc", None)
