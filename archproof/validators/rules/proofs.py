"""What is proved of every link: that its traffic passes, that what it asks for is permitted; and who else comes in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from archproof.errors import Location, UsageError
from archproof.validators import ways
from archproof.validators.context import Context, listed
from archproof.validators.rule import Hit, system_rule

if TYPE_CHECKING:
    from archproof.model.architecture import Architecture, Link
    from archproof.network.answers import Answer
    from archproof.network.ends import Party
    from archproof.network.system import Network
    from archproof.resources.resource import Resource

TYPES = ("*",)

_OUTSIDE = ("person", "external_system")
_BY_AWS = ("dead_letter", "deliver", "trigger", "notify", "target")
"""Verbs that AWS itself carries out, and not the interfaces of the source."""
STORES = (
    "AWS::RDS::DBInstance", "AWS::RDS::DBCluster", "AWS::RDS::DBProxy", "AWS::ElastiCache::ReplicationGroup",
    "AWS::ElastiCache::ServerlessCache", "AWS::EFS::MountTarget", "AWS::Redshift::Cluster",
    "AWS::OpenSearchService::Domain", "AWS::DocDB::DBCluster", "AWS::Neptune::DBCluster", "AWS::MSK::Cluster",
)  # fmt: skip


@system_rule(
    "link-blocked", "high", wa="REL",
    title="The traffic of a link does not pass",
    why="The model says that one part uses another, and its network does not let it: calls time out, or answers do "
    "not come back.",
    fix="Change everything that is named; `archproof path --from A --to B` shows the way hop by hop.",
)  # fmt: skip
def blocked(ctx: Context) -> Iterator[Hit]:
    architecture = ctx.architecture
    if architecture is None or not any(link.verb.port for link in architecture.links):
        return
    held = ways.network(ctx)
    for link in architecture.links:
        for port, answer in flows(held, architecture, link, troubled=True):
            place = architecture.document.locate(link.path)
            if answer.verdict == "unknown":
                why = "; ".join(dict.fromkeys(step.because for step in answer.blockers))
                ctx.unsure(f"whether {link.source} reaches {link.target} on port {port}", why, place)
            elif answer.verdict == "blocked":
                reasons = listed([step.because for step in answer.blockers])
                message = f"{link.source} cannot reach {link.target} on port {port}: {reasons}"
                target = held.naming.party(link.target, held.naming.party(link.source))
                if target.service is not None:  # what it calls is not told again by the rules of its type
                    ways.told_of_links(ctx).add((link.source, target.service, port))
                yield Hit(message, location=place, component=link.source)


def flows(
    held: Network, architecture: Architecture, link: Link, *, troubled: bool = False
) -> Iterator[tuple[int, Answer]]:
    """The connections that a link opens, each with its answer; none where the network has no part in it.

    `troubled`: only those that do not surely pass.
    """
    if not link.verb.port or link.verb.verb in _BY_AWS:
        return
    source = _party(held, link.source)
    if source is None or (not any(end.interface for end in source.ends) and not _outside(architecture, link.source)):
        return
    target = _party(held, link.target, source)
    if target is None or not target.ends:
        return
    if target.service is not None and _outside(architecture, link.source):
        return  # a public endpoint of AWS, from outside
    asked = link.options.port if link.options and link.options.port else None
    ports = (asked,) if asked else target.listens if target.service is None else (int(link.verb.port),)
    if not ports and not asked:
        yield from _offered(held, source, target, architecture.components[link.target].listens(architecture))
        return
    for port in ports:
        if port is not None and not (troubled and held.passes(source, target, port)):
            yield port, held.between(source, target, port)


def _offered(held: Network, source: Party, target: Party, offered: tuple[int, ...]) -> Iterator[tuple[int, Answer]]:
    """The port that a source gets through to of those that a load balancer offers; all where it gets to none."""
    answers = []
    for port in offered:
        answers.append((port, held.between(source, target, port)))
        if answers[-1][1].verdict == "reachable":
            yield answers[-1]
            return
    yield from answers


def _outside(architecture: Architecture, name: str) -> bool:
    return architecture.components[name].kind in _OUTSIDE


def _party(held: Network, name: str, peer: Party | None = None) -> Party | None:
    """The party that a component is; None for one that nothing was lowered to."""
    try:
        return held.naming.party(name, peer)
    except UsageError:
        return None


@system_rule(
    "data-store-reachable-undeclared", "medium", wa="SEC",
    title="Something reaches a data store that no link speaks of",
    why="What can reach a database can try its passwords and its faults. A way that nobody declared is one that "
    "nobody watches.",
    fix="Declare the link, or take the rule away that opens the way.",
)  # fmt: skip
def undeclared(ctx: Context) -> Iterator[Hit]:
    stores = ctx.resources.of_type(*STORES)
    if not stores:
        return
    held = ways.network(ctx)
    pairs = declared(ctx.architecture)
    for store in stores:
        if store.logical_id not in held.fabric.interfaces:
            continue
        target = held.naming.party(store.logical_id)
        found = [
            (other, answer)
            for other in held.others(target, ())
            if not _known(pairs, other, store) and not _rotates(ctx, other, store)
            for answer in _reached(held, other, target)
        ]
        for other, answer in found:
            ports = ", ".join(f"{a}-{b}" if a != b else str(a) for a, b in answer.ports[:3])
            who = "the internet" if other.name == "internet" else other.name
            message = f"{who} reaches {store.title} on {answer.protocol} {ports}, and no link says so"
            yield Hit(message, on=store, location=_place(answer, store))


def _reached(held: Network, other: Party, target: Party) -> Iterator[Answer]:
    """The answer for each port that a store listens on, where it is reached."""
    for port in target.listens:
        answer = held.between(other, target, port)
        if answer.verdict == "reachable":
            yield answer


def _place(answer: Answer, store: Resource) -> Location:
    """The rule that opens the way: the last that lets it in."""
    groups = [s.location for s in answer.hops if s.kind == "security_group" and s.location is not None]
    return groups[-1] if groups else store.location()


def declared(architecture: Architecture | None) -> set[tuple[str, str]]:
    """Pairs of components between which the model says that something passes."""
    if architecture is None:
        return set()
    found = {(link.source, link.target) for link in architecture.links}
    for reference in architecture.references:
        found.add((reference.source, reference.target))
        found.add((reference.target, reference.source))
    return found


def _known(pairs: set[tuple[str, str]], other: Party, store: Resource) -> bool:
    names: list[Any] = [r.component for r in other.resources] or [other.name]
    return any((name, store.component) in pairs or name == store.component for name in names)


def _rotates(ctx: Context, other: Party, store: Resource) -> bool:
    """Whether it is the function that AWS makes to rotate this store's own secret."""
    found = [r for r in other.resources if r.type == "AWS::SecretsManager::RotationSchedule"]
    named = [t for r in found for t in ctx.resources.targets(r.get("SecretId"))]
    secrets = [*named, *(t for r in named for t in ctx.resources.targets(r.get("SecretId")))]
    attached = [a for s in secrets for a in ctx.resources.users(s, "AWS::SecretsManager::SecretTargetAttachment")]
    attached += [r for r in secrets if r.type == "AWS::SecretsManager::SecretTargetAttachment"]
    return any(store in ctx.resources.targets(a.get("TargetId")) for a in attached)
