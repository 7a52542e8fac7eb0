"""Target groups: whether what a load balancer sends, and what it asks to see who is well, arrives."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from archproof.resources.resource import Resource
from archproof.validators import vpc, ways
from archproof.validators.context import Context
from archproof.validators.rule import Hit, rule

if TYPE_CHECKING:
    from archproof.network.answers import Answer
    from archproof.network.fabric import Interface, LoadBalancer, TargetGroup

TYPES = ("AWS::ElasticLoadBalancingV2::TargetGroup",)
(TARGETS,) = TYPES
_TRAFFIC = "traffic-port"


@rule(
    "alb-health-check-blocked", "high", TARGETS, wa="REL",
    title="A health check goes to a port that nobody listens on, or that is closed",
    why="Every target then counts as sick, and the load balancer answers 503.",
    fix="Set the health check's port to the container's, or leave it out: it is then the traffic port.",
)  # fmt: skip
def health_check(r: Resource, ctx: Context) -> Iterator[Hit]:
    said = r.get("HealthCheckPort")
    port = ctx.number(r, "HealthCheckPort") if said not in (None, _TRAFFIC) else None
    if port is None:
        return
    number, path, told = int(port), "HealthCheckPort", set()
    for service in ctx.resources.users(r, "AWS::ECS::Service"):
        groups = vpc.groups_at(ctx, service, "NetworkConfiguration", "AwsvpcConfiguration", "SecurityGroups")
        held = [rule for group in groups for rule in vpc.ingress(ctx, group)]
        about = f"the health check of {r.title} goes to {number}"
        if held and not any(rule.covers(number) for rule in held):
            told.add(service.logical_id)
            yield Hit(f"{about}, which the security group of {service.title} closes", path)
        elif (listening := _listening(ctx, service)) and number not in listening:
            told.add(service.logical_id)
            yield Hit(f"{about}, on which no container of {service.title} listens", path)
    for line in _lines(r, ctx):
        answer = _reaches(ctx, line, number)
        if line.owner.logical_id in told or answer is None:
            continue
        if answer.verdict == "blocked":
            told.add(line.owner.logical_id)
            why = ways.reasons([answer])
            yield Hit(f"the health check of {r.title} goes to {number}, which {line.title} does not reach: {why}", path)
        elif answer.verdict == "unknown":
            ctx.undecided(r, path, why=ways.reasons([answer]))


def _listening(ctx: Context, service: Resource) -> set[int]:
    """The ports that the containers of a service listen on; none where they do not say."""
    definition = ctx.resources.target(service.get("TaskDefinition"))
    found: set[int] = set()
    for container in ctx.items(definition, "ContainerDefinitions") if definition is not None else ():
        mappings = container.get("PortMappings", []) if isinstance(container, dict) else []
        ports = [m.get("ContainerPort") for m in mappings if isinstance(m, dict)] if isinstance(mappings, list) else []
        if not ports or not all(isinstance(p, int) or (isinstance(p, str) and p.isdigit()) for p in ports):
            return set()
        found |= {int(p) for p in ports if p is not None}
    return found


@rule(
    "alb-target-unreachable", "high", TARGETS, wa="REL",
    title="A load balancer does not reach its targets",
    why="What it cannot reach counts as sick and gets nothing: clients see 502, 503 and 504.",
    fix="Change everything that is named; a link from the load balancer to its target makes the rules of both groups.",
)  # fmt: skip
def unreachable(r: Resource, ctx: Context) -> Iterator[Hit]:
    checked_elsewhere = r.get("HealthCheckPort") not in (None, _TRAFFIC)
    told: dict[tuple[str, int], list[tuple[Interface, Answer]]] = {}
    for line in _lines(r, ctx):
        by_checks = line.balancer.kind == "network" and line.group.preserves is not False
        if (by_checks and checked_elsewhere) or line.group.protocol == "udp" or _linked(ctx, line):
            continue  # its targets see its clients, and the balancer itself only in health checks
        about = f"{line.title} cannot reach {line.owner.title} {'with its health checks ' if by_checks else ''}on port"
        for port in line.ports:
            answer = _reaches(ctx, line, port)
            if answer is not None and answer.verdict == "blocked":
                told.setdefault((about, port), []).append((line.interface, answer))
            elif answer is not None and answer.verdict == "unknown":
                ctx.undecided(r, why=f"on the way from {line.title} to {line.owner.title}: {ways.reasons([answer])}")
    path = ("Port",) if r.has("Port") else ()
    for (about, port), found in told.items():
        where = _where(ctx, [interface for interface, _ in found])
        yield Hit(f"{about} {port}{where}: {ways.reasons([answer for _, answer in found])}", *path)


def _linked(ctx: Context, line: _Line) -> bool:
    """Whether `link-blocked` judges the same: a link of the model leads from the load balancer to the target."""
    architecture = ctx.architecture
    source, target = line.balancer.resource.component, line.owner.component
    if architecture is None or source is None:
        return False
    links = [link for link in architecture.links_from.get(source, ()) if link.target == target]
    if not links:
        return False
    from archproof.validators.rules.proofs import flows

    held = ways.network(ctx)
    judged = ctx.cached(("judged", source, target), lambda: [a for k in links for a in flows(held, architecture, k)])
    return bool(judged)


def _where(ctx: Context, found: list[Interface]) -> str:
    """The subnets where a target is not reached, where it is in others."""
    owner = found[0].owner
    return "" if len(found) >= len(ways.interfaces(ctx, owner)) else f" in {', '.join(i.subnet.title for i in found)}"


class _Line(NamedTuple):
    """What leads from a load balancer to one interface of a target."""

    balancer: LoadBalancer
    group: TargetGroup
    owner: Resource
    interface: Interface
    ports: tuple[int, ...]

    @property
    def title(self) -> str:
        """What a message calls the load balancer."""
        return self.balancer.resource.title


def _lines(r: Resource, ctx: Context) -> Iterator[_Line]:
    fabric = ways.network(ctx).fabric
    group = fabric.target_groups.get(r.logical_id)
    if group is None or group.kind == "lambda":
        return
    for balancer in fabric.balancers.values():
        if balancer.kind not in ("application", "network") or not any(
            r.logical_id in x.targets for x in balancer.listeners
        ):
            continue
        for name in group.owners:
            owner = ctx.resources.all.get(name)
            ports = group.ports.get(name) or ((group.port,) if group.port else ())
            for interface in fabric.interfaces.get(name, ()) if owner is not None else ():
                assert owner is not None
                yield _Line(balancer, group, owner, interface, tuple(p for p in ports if p))


def _reaches(ctx: Context, line: _Line, port: int) -> Answer | None:
    """Whether a load balancer itself reaches a target on a TCP port, from the zones that it sends from.

    None where it sends nothing there: it has no part in the target's zone, of which `alb-single-zone` and its like
    tell, or where nobody knows.
    """
    nodes = ways.interfaces(ctx, line.balancer.resource)
    zone = line.interface.subnet.zone
    inherited = line.group.cross_zone == "inherited"
    across = line.balancer.cross_zone if inherited else line.group.cross_zone
    if across is not True and zone is not None:
        nodes = [n for n in nodes if n.subnet.zone in (zone, None)]
    if not nodes:
        return None
    source = ways.party(line.balancer.resource, nodes)
    return ways.network(ctx).between(source, ways.party(line.owner, [line.interface]), port)
