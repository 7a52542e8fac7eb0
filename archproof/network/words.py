"""The sentences of an answer: what each hop does with a flow, and why."""

from __future__ import annotations

from collections.abc import Sequence

from archproof.network.addresses import ALL_IPV4, ALL_IPV6, Span
from archproof.network.fabric import Acl, AclEntry, Entry, Fabric, Group, Interface, Subnet, Table, TransitTable, Truth
from archproof.network.filters import End, Filters, Hit, Pass
from archproof.network.owners import switch
from archproof.network.ports import told
from archproof.resources.network_types import Rule

_VIA = {
    "local": "the VPC itself",
    "internet_gateway": "the internet gateway",
    "nat_gateway": "a NAT gateway",
    "egress_only_gateway": "an egress-only gateway",
    "peering": "a peering connection",
    "transit_gateway": "a transit gateway",
    "vpn_gateway": "a VPN gateway",
    "vpc_endpoint": "a VPC endpoint",
    "interface": "a network interface",
    "instance": "an instance",
    "blackhole": "nothing (blackhole)",
    "other": "another gateway",
    "unknown": "a way that is not known",
}


_NOWHERE = ("127.0.0.1/32", "::1/128")
"""Addresses that a rule names so that it lets nothing through."""


def vpc(fabric: Fabric, id: str | None) -> str:
    """A VPC in a sentence."""
    held = fabric.vpcs.get(id or "")
    return f"the VPC {held.title}" if held is not None else f"the VPC {id}" if id else "no VPC"


def table(held: Table | TransitTable) -> str:
    """A route table in a sentence."""
    if held.resource is not None:
        return f"the route table {held.resource.address or held.resource.logical_id}"
    return "the main route table" if held.id.startswith("main:") else "a route table that is not known"


def via(entry: Entry | None) -> str:
    """Where a route leads."""
    return _VIA[entry.via] if entry is not None else "nowhere"


def leads(entry: Entry) -> str:
    """A route in a sentence: `0.0.0.0/0 is reached through a NAT gateway`."""
    if entry.via == "local":
        return f"{where(entry)} stays inside the VPC"
    return f"{where(entry)} {'are' if entry.service else 'is'} reached through {via(entry)}"


def where(entry: Entry) -> str:
    """The destination of a route."""
    if entry.service is not None:
        return f"the addresses of {entry.service}"
    if entry.span is None:
        return f"the prefix list {entry.prefix_list}" if entry.prefix_list else "an unknown destination"
    return str(entry.span)


def addresses(span: Span) -> str:
    """A span in a sentence."""
    return "the internet" if span in (ALL_IPV4, ALL_IPV6) else str(span)


def called(end: End) -> str:
    """An end by its name alone, inside a sentence."""
    return "the internet" if end.title == "internet" else end.title


def party(end: End) -> str:
    """An end with its addresses: `orders_fn (10.20.16.0/21)`."""
    if end.interface is None and end.service == "internet" and not end.span.single:
        return "the internet" if end.name in ("", "internet") else f"{end.name} (the internet)"
    if end.interface is None and end.service not in (None, "internet"):
        return end.title  # nobody knows which addresses a service of AWS answers on
    text = addresses(end.span)
    return text if end.title in (text, str(end.span)) else f"{end.title} ({end.span})"


def no_public_address(interface: Interface, function: bool, has: Truth) -> str:
    """Why the internet does not know an interface."""
    if has is None:
        return f"whether {interface.title} has a public address is not known"
    if function:
        return f"{interface.title} has no public address: a function in a VPC never gets one, in a public subnet either"
    property = switch(interface.owner)
    return f"{interface.title} has no public address" + (f": {property} is off" if property else "")


def rule_text(rule: Rule, fabric: Fabric) -> str:
    """What a rule of a group says: `tcp 5432 from proxy_sg`."""
    what, other = _rule(rule, fabric)
    return f"{what} {other}"


def _rules(rules: Sequence[Rule], fabric: Fabric) -> str:
    """What rules say together: `tcp 5432 from web_sg and from proxy_sg, and udp 53 from anywhere`."""
    by_ports: dict[str, dict[str, None]] = {}
    for rule in rules:
        what, other = _rule(rule, fabric)
        by_ports.setdefault(what, {})[other] = None
    parts = []
    for what, others in by_ports.items():
        shown = [*others][:3] + ([f"{len(others) - 3} more"] if len(others) > 3 else [])
        parts.append(f"{what} {_and(shown)}")
    if len(parts) > 3:
        parts = [*parts[:3], f"{len(parts) - 3} more"]
    return _and(parts, sep=", and " if any(" and " in part for part in parts) else " and ")


def _and(parts: Sequence[str], sep: str = " and ") -> str:
    return sep.join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)


def _rule(rule: Rule, fabric: Fabric) -> tuple[str, str]:
    """What a rule lets through, and whom: `tcp 5432`, `from proxy_sg`."""
    ports = "" if rule.protocol == "all" or rule.ports is None else f" {_ports(rule)}"
    protocol = "everything" if rule.protocol == "all" else rule.protocol
    if rule.cidr is not None:
        other = "anywhere" if rule.open else str(rule.cidr)
    else:
        held = fabric.groups.get(rule.peer_group or "")
        service = fabric.service_lists.get(rule.prefix_list or "")
        listed = f"the addresses of {service}" if service else rule.prefix_list
        other = (held.title if held is not None else rule.peer_group) or listed or "what is not known"
    return f"{protocol}{ports}", f"{'from' if rule.direction == 'ingress' else 'to'} {other}"


def _ports(rule: Rule) -> str:
    said = told([rule.ports]) if rule.ports is not None else ""
    return "on all ports" if said == "all ports" else said


def group(
    groups: Sequence[Group], direction: str, peer: End, hits: Sequence[Hit], filters: Filters, preserved: bool
) -> str:
    """What security groups let through between an interface and a peer."""
    name = " and ".join(g.title for g in groups) or "its groups"
    way = "in from" if direction == "ingress" else "out to"
    if hits:
        first = hits[0]
        said = rule_text(first.rule, filters.fabric) if isinstance(first.rule, Rule) else "everything"
        more = f" (and by {len(hits) - 1} more rule{'s' if len(hits) > 2 else ''})" if len(hits) > 1 else ""
        sure = "" if any(h.passes.yes for h in hits) else ", perhaps"
        return f"{first.group.title if first.group else name} lets {way.split()[0]} {said}{more}{sure}"
    rules = [r for g in groups for r in (g.ingress if direction == "ingress" else g.egress)]
    if any(not g.complete for g in groups):
        return f"the rules of {name} are not known"
    rules = [r for r in rules if r.cidr is None or str(r.cidr) not in _NOWHERE]
    if not rules:
        return f"{name} lets nothing {way.split()[0]}"
    if not preserved and peer.interface is not None and any(r.peer_group in peer.interface.groups for r in rules):
        return f"{name} names the group of {peer.title}, which this way does not keep"
    some = _rules(rules, filters.fabric)
    if direction == "ingress":
        return f"{name} does not let {party(peer)} in: it admits only {some}"
    return f"{name} lets nothing out to {party(peer)}: it lets out only {some}"


def acl(held: Acl, subnet: Subnet, direction: str, peer: End, hits: Sequence[Hit], filters: Filters) -> str:
    """What a network ACL lets through on the border of a subnet."""
    name = f"the network ACL {held.resource.title if held.resource is not None else held.id}"
    way = f"into {subnet.title} from" if direction == "ingress" else f"out of {subnet.title} to"
    allowed = [h for h in hits if isinstance(h.rule, AclEntry) and h.rule.allow]
    denied = [h for h in hits if isinstance(h.rule, AclEntry) and not h.rule.allow]
    if not held.complete:
        return f"the entries of {name} are not known"
    if allowed:
        first = allowed[0]
        assert isinstance(first.rule, AclEntry)
        ports = told(filters.ports.ranges(first.passes.maybe))
        return f"entry {first.rule.number} of {name} lets {ports} {way} {party(peer)}"
    if denied:
        assert isinstance(denied[0].rule, AclEntry)
        return f"entry {denied[0].rule.number} of {name} denies what goes {way} {party(peer)}"
    return f"{name} lets nothing {way} {party(peer)}"


def answers(held: Acl, subnet: Subnet, direction: str, peer: End, passes: Pass, filters: Filters) -> str:
    """What a network ACL lets answers take."""
    name = f"the network ACL {held.resource.title if held.resource is not None else held.id}"
    way = f"into {subnet.title} from" if direction == "ingress" else f"out of {subnet.title} to"
    if not passes.maybe:
        return f"{name} lets no answer {way} {party(peer)}"
    open_ = told(filters.ports.ranges(passes.maybe)) if filters.protocol in ("tcp", "udp") else "answers"
    return f"{name} lets answers {way} {party(peer)} on {open_}"


def standing(end: End) -> str:
    """Where an end stands: `in app (zone a), 10.20.16.0/21`, `on the internet`."""
    if end.interface is not None:
        return f"in {end.interface.subnet.title}, {end.span}"
    if end.service == "internet":
        return f"on the internet, {end.span}" if end.span.single else "on the internet"
    return f"at {end.span}" if end.service is None else f"at the public addresses of {end.service}"
