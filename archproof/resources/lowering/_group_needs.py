"""What links need of security groups: who must be let in at which port, and who must be let out where.

A direction for which a group says rules of its own is left alone. Everything else gets exactly one rule for
each pair of groups and port that some link joins, with the place of the first such link.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from archproof.model.architecture import Link
from archproof.model.document import KeyPath
from archproof.model.endpoint_names import known, needed
from archproof.model.kinds._ports import port_of
from archproof.resources.lowering import _groups
from archproof.resources.lowering._context import Lowering, logical_id
from archproof.resources.lowering._endpoints import private_dns
from archproof.resources.lowering._places import EndpointPlace, Group, state

ANYWHERE = "0.0.0.0/0"
ANYWHERE_IPV6 = "::/0"
_WAYS_OUT = ("nat", "internet_gateway", "transit_gateway")
_WAYS_OUT_IPV6 = ("nat", "internet_gateway", "egress_only")
# What keeps data (a proxy that reads its secret) and an API call services from AWS's side, not by their interfaces.
_FROM_AWS = ("data", "api")
# A database's password lies in Secrets Manager: who asks for it calls that, and not the database.
_SECRET_OF_DATABASE = ("inject", "fetch")
_LABELS = {ANYWHERE: "Anywhere", ANYWHERE_IPV6: "AnywhereIpv6"}


class Peer(NamedTuple):
    """The other side of a rule: a `group` (by logical id), a `cidr`, or a `prefix` list (an id or a parameter)."""

    kind: str
    value: Any
    """A text; for a block also an intrinsic that gives one."""
    service: str = field(default="", compare=False)
    """For a prefix list of AWS: the service."""

    @classmethod
    def of(cls, group: Group) -> Peer:
        """A group as the other side."""
        return cls("group", group.id)

    def field(self, direction: str) -> str:
        """The CloudFormation property that holds it."""
        side = "Source" if direction == "ingress" else "Destination"
        if self.kind == "group":
            return f"{side}SecurityGroupId"
        if self.kind == "prefix":
            return f"{side}PrefixListId"
        return "CidrIpv6" if isinstance(self.value, str) and ":" in self.value else "CidrIp"

    def written(self) -> Any:
        """Its value in CloudFormation."""
        if self.kind == "group":
            return {"Fn::GetAtt": [self.value, "GroupId"]}
        if self.kind == "prefix" and not self.value.startswith("pl-"):
            return {"Ref": self.value}
        return self.value

    @property
    def label(self) -> str:
        """What a logical id calls it."""
        if self.kind == "group":
            return str(self.value.removesuffix("SecurityGroup"))
        if self.kind == "prefix":
            return logical_id((self.service or self.value).replace("-", "_"))
        text = self.value if isinstance(self.value, str) else "".join(map(str, self.value.values()))
        return _LABELS.get(text) or "".join(c if c.isalnum() else "x" for c in text) or "Block"


@dataclass(slots=True)
class Need:
    """One rule of one group."""

    group: Group
    direction: str
    peer: Peer
    protocol: str
    ports: tuple[int, int]
    description: str
    path: KeyPath
    """Where what needs it is said."""
    said: bool = False
    """Whether the group says it itself."""
    name: str | None = None
    """Its logical id where that is said."""


@dataclass(slots=True)
class _Gathering:
    ctx: Lowering
    needs: dict[tuple[str, str, Peer, str, int], Need] = field(default_factory=dict)
    explicit_ways: dict[str, list[str]] = field(default_factory=dict)
    """Where the route tables among the components lead, by subnet."""
    peered: set[frozenset[str]] = field(default_factory=set)

    def want(self, groups: Iterable[Group], direction: str, peers: list[Peer], port: int, why: _Why) -> None:
        """Note a rule for each group that leaves this direction to the links."""
        for group in groups:
            if group.verbatim or getattr(group, direction) is not None:
                continue
            for peer in peers:
                key = (group.id, direction, peer, why.protocol, port)
                if key not in self.needs:
                    ports = (port, port)
                    self.needs[key] = Need(group, direction, peer, why.protocol, ports, why.text, why.path)


class _Why(NamedTuple):
    text: str
    path: KeyPath
    protocol: str = "tcp"


def gather(ctx: Lowering) -> list[Need]:
    """Every rule that links and kinds need, each once, in the order of the model."""
    gathering = _Gathering(ctx)
    _explicit(gathering)
    if ctx.exact:
        return list(gathering.needs.values())
    for link in ctx.architecture.links:
        if not link.wired:
            _link(gathering, link)
    for name, component in ctx.architecture.components.items():
        groups = _groups.of(ctx, name) if component.placement else []
        for service in component.calls_services() if groups else ():
            why = _Why(f"{name} calls {service}", ("components", name))
            for endpoint in known().get(service, (service,)):
                _call(gathering, name, groups, endpoint, port_of("https"), why)
    return list(gathering.needs.values())


def everywhere(ctx: Lowering, vpc: str | None) -> list[str]:
    """All addresses, IPv6's too where the VPC has them."""
    place = state(ctx).vpcs.get(vpc or "")
    said = place.network.vpc if place else ctx.architecture.components.get(vpc or "")
    return [ANYWHERE, ANYWHERE_IPV6] if getattr(said, "ipv6", False) else [ANYWHERE]


def destinations(ctx: Lowering, vpc: str | None, route: Any) -> list[Any]:
    """The blocks or prefix lists that a route of a `route_table` component leads to."""
    if route.to == "internet":
        only_ipv6 = getattr(ctx.architecture.components.get(route.via), "kind", route.via).startswith("egress_only")
        return [ANYWHERE_IPV6] if only_ipv6 else everywhere(ctx, vpc) if _carries_ipv6(ctx, route.via) else [ANYWHERE]
    place = state(ctx).vpcs.get(route.to)
    if place is not None and place.network.vpc is not None:
        return [place.network.vpc.cidr, *place.network.vpc.secondary_cidrs]
    component = ctx.architecture.components.get(route.to)
    return [getattr(component, "cidr", route.to)]


def _carries_ipv6(ctx: Lowering, via: str) -> bool:
    """Whether a way to the internet takes IPv6 too: a NAT gateway translates IPv4 only."""
    component = ctx.architecture.components.get(via)
    return (component.kind if component else via) not in ("nat", "nat_gateway")


def _explicit(gathering: _Gathering) -> None:
    """What the explicit kinds say of endpoints, peerings and ways out."""
    ctx = gathering.ctx
    for name, component in ctx.architecture.components.items():
        found: Any = component
        if component.kind == "vpc_endpoint":
            vpc = _groups.vpc_name(ctx, name)
            for service in known().get(found.to, (found.to,)) if vpc else ():
                groups = _groups.of(ctx, name)
                place = EndpointPlace(service, found.gateway, private_dns(service, found.private_dns), groups)
                state(ctx).add_endpoint(vpc or "", place)
        elif component.kind == "vpc_peering" and found.peer:
            gathering.peered.add(frozenset((found.vpc, found.peer)))
        elif component.kind == "route_table":
            ways = [
                w for r in found.routes for w in destinations(ctx, found.vpc, r) if isinstance(w, str) and w in _LABELS
            ]
            for subnet in found.subnets:
                gathering.explicit_ways.setdefault(subnet, []).extend(ways)
    for peering in ctx.architecture.network.peerings:
        gathering.peered.add(frozenset(peering.between))


def _link(gathering: _Gathering, link: Link) -> None:
    ctx = gathering.ctx
    verb, options = link.verb, link.options
    source, target = ctx.component(link.source), ctx.component(link.target)
    asks_for_secret = verb.verb in _SECRET_OF_DATABASE and target.service == "rds"
    if not (verb.port or asks_for_secret) or (source.placement is None and target.placement is None):
        return
    title = link.title
    text = f"{link.source} {title} {link.target}" if title[:1].islower() else f"{link.source} to {link.target}: {title}"
    why = _Why(text, link.path, options.protocol if options else "tcp")
    if asks_for_secret:
        for endpoint in needed("secretsmanager"):
            _call(gathering, link.source, _groups.of(ctx, link.source), endpoint, port_of("https"), why)
        return
    ports = _ports(gathering, link)
    if ports:
        for port in ports:
            _connection(gathering, link, port, why)
    elif verb.port != "listens" and source.tier not in _FROM_AWS:
        port = options.port if options and options.port else int(verb.port)
        groups = _groups.of(ctx, link.source)
        if target.scope == "outside" or not needed(target.service):
            cidr = getattr(target, "cidr", None)
            ways = [cidr] if isinstance(cidr, str) and target.scope == "outside" else None
            _leave(gathering, link.source, groups, port, why, ways)
        else:
            for endpoint in needed(target.service):
                _call(gathering, link.source, groups, endpoint, port, why)


def _ports(gathering: _Gathering, link: Link) -> tuple[int, ...]:
    """The ports at which a link opens connections to interfaces of its target; none where it calls a service."""
    target = gathering.ctx.component(link.target)
    if target.placement is None or not (target.placement.subnets or target.placement.security_groups):
        return ()
    if link.options and link.options.port:
        return (link.options.port,)
    if link.verb.port != "listens" and link.verb.target != "*":
        return ()
    # a load balancer may say another port than its targets do, and one more to ask for their health
    source: Any = gathering.ctx.component(link.source)
    own = getattr(source, "target_port", None) if link.implied else None
    health = getattr(getattr(source, "health_check", None), "port", None) if link.implied else None
    ports = [own] if own else list(target.listens(gathering.ctx.architecture))
    return tuple(dict.fromkeys([*ports, health] if health else ports))


def _connection(gathering: _Gathering, link: Link, port: int, why: _Why) -> None:
    """Let the source out to the target, and the target take it in."""
    ctx = gathering.ctx
    into, out = _groups.of(ctx, link.target), _groups.of(ctx, link.source)
    source = ctx.component(link.source)
    if source.placement is not None and (source.placement.subnets or source.placement.security_groups):
        gathering.want(into, "ingress", _peers(gathering, link.source, link.target), port, why)
        gathering.want(out, "egress", _peers(gathering, link.target, link.source), port, why)
        return
    clients = _from_outside(gathering, link)
    gathering.want(into, "ingress", clients, port, why)
    if any(client.value in _LABELS for client in clients) and _redirects(ctx, link.target):
        # anyone may type the name without https, and is then sent on
        gathering.want(into, "ingress", clients, port_of("http"), why._replace(text=f"{why.text} (redirect)"))


def _redirects(ctx: Lowering, name: str) -> bool:
    """Whether a load balancer sends requests without TLS to the port that has it."""
    target: Any = ctx.component(name)
    return bool(getattr(target, "redirect_http", False) and target.certificate and target.to)


def _peers(gathering: _Gathering, name: str, other: str) -> list[Peer]:
    """How a rule names a component: by its groups where the other end can, else by its subnets' addresses."""
    ctx = gathering.ctx
    groups = _groups.of(ctx, name)
    here, there = _groups.vpc_name(ctx, name), _groups.vpc_name(ctx, other)
    near = here == there or here is None or there is None or frozenset((here, there)) in gathering.peered
    if groups and near:
        return [Peer.of(group) for group in groups]
    placement = ctx.component(name).placement
    tiers = ctx.architecture.places.tiers
    cidrs = []
    for place in placement.subnets if placement else ():
        subnet = tiers.get(place) or ctx.architecture.components.get(place)
        cidrs.append(getattr(subnet, "cidr", None))
    return [Peer("cidr", cidr) for cidr in dict.fromkeys(cidrs) if cidr]


def _from_outside(gathering: _Gathering, link: Link) -> list[Peer]:
    """Who comes from outside the VPC: known addresses, CloudFront's, or anyone where the target says so."""
    ctx = gathering.ctx
    source, target = ctx.component(link.source), ctx.component(link.target)
    cidr = getattr(source, "cidr", None)
    if source.scope == "outside" and isinstance(cidr, str):
        return [Peer("cidr", cidr)]
    if source.kind == "cloudfront":
        return [prefix_list(ctx, "cloudfront-origin-facing")]
    if source.scope == "outside" and target.faces_internet():
        return [Peer("cidr", c) for c in everywhere(ctx, _groups.vpc_name(ctx, link.target))]
    return []


def _call(gathering: _Gathering, name: str, groups: list[Group], service: str, port: int, why: _Why) -> None:
    """Let a component out to an AWS service: to its endpoint in the VPC, else to the internet where there is a way."""
    vpc = _groups.vpc_name(gathering.ctx, name)
    places = state(gathering.ctx).endpoints.get(vpc or "", {}).get(service, [])
    # private DNS takes the traffic before any route is asked; without it a gateway's route comes first
    places = sorted(places, key=lambda p: (not p.private_dns, not p.gateway))
    if not places:
        _leave(gathering, name, groups, port, why)
    elif places[0].gateway:
        gathering.want(groups, "egress", [prefix_list(gathering.ctx, service)], port, why)
    else:
        gathering.want(groups, "egress", [Peer.of(g) for g in places[0].groups], port, why)
        gathering.want(places[0].groups, "ingress", [Peer.of(g) for g in groups], port, why)


def _leave(
    gathering: _Gathering, name: str, groups: list[Group], port: int, why: _Why, to: list[str] | None = None
) -> None:
    """Let a component out of the VPC, as far as its subnets have a way: without one, a rule would do nothing."""
    if not groups:
        return
    ways = _ways(gathering, name)
    known_way = bool(to) and (bool(ways) or any(_by_vpn(gathering.ctx, name, cidr) for cidr in to or ()))
    gathering.want(groups, "egress", [Peer("cidr", c) for c in ((to or []) if known_way else ways)], port, why)


def _by_vpn(ctx: Lowering, name: str, cidr: str) -> bool:
    """Whether a VPN leads from a component's VPC to these addresses."""
    vpc = _groups.vpc_name(ctx, name)
    ends = {vpc, *(("transit_gateway",) if vpc in state(ctx).transit_attachments else ())}
    behind = [c for vpn in ctx.architecture.of_kind("vpn_connection").values()
              if getattr(vpn, "to", "") in ends for c in getattr(vpn, "cidrs", ())]  # fmt: skip
    return any(_within(cidr, block) for block in behind)


def _within(cidr: str, block: str) -> bool:
    try:
        inner, outer = (ipaddress.ip_network(c, strict=False) for c in (cidr, block))
    except ValueError:
        return False
    return inner.version == outer.version and inner.subnet_of(outer)  # type: ignore[arg-type]


def _ways(gathering: _Gathering, name: str) -> list[str]:
    """Where the default routes of a component's subnets lead: IPv4, IPv6, both or nowhere."""
    placement = gathering.ctx.component(name).placement
    places = gathering.ctx.architecture.places
    ways: list[str] = []
    for subnet in placement.subnets if placement else ():
        tier = places.tiers.get(subnet)
        if tier is None:
            ways += gathering.explicit_ways.get(subnet, [])
            continue
        vpc = places.vpcs[places.vpc_of[f"tier:{subnet}"]].vpc
        if tier.egress in _WAYS_OUT:
            ways.append(ANYWHERE)
        if vpc is not None and vpc.ipv6 and tier.egress in _WAYS_OUT_IPV6:
            ways.append(ANYWHERE_IPV6)
    return list(dict.fromkeys(ways))


def prefix_list(ctx: Lowering, service: str) -> Peer:
    """AWS's prefix list of a service: its id where the facts know the region's, else a parameter of the template."""
    from archproof import facts

    for entry in facts.prefix_lists(ctx.resources.region):
        if entry.service == service:
            return Peer("prefix", entry.id, service)
    name = logical_id(service.replace("-", "_")) + "PrefixListId"
    ctx.resources.parameters[name] = {
        "Type": "String",
        "Description": f"AWS's prefix list of {service} in this region: see aws ec2 describe-managed-prefix-lists",
        "AllowedPattern": "^pl-[0-9a-f]+$",
    }
    return Peer("prefix", name, service)
