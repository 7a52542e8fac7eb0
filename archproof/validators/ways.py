"""What rules ask of the network: whether a resource gets through to a service, a peer, or is met from the internet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from archproof.resources.resource import Resource
from archproof.validators.context import Context, listed

if TYPE_CHECKING:
    from archproof.network.answers import Answer
    from archproof.network.ends import Party
    from archproof.network.fabric import Interface
    from archproof.network.system import Network

HTTPS = 443
_OUTSIDE = ("person", "external_system")
_MANY = 1 << 24
"""Who is reached by more addresses than a /8 holds is reached by the internet, and not by somebody there."""


def network(ctx: Context) -> Network:
    """The network of the system that is checked; the same one that links and guarantees are proved in."""
    from archproof.network.system import network as of

    architecture = ctx.architecture
    outside = ctx.cached(
        "outside", lambda: tuple(architecture.of_kind(*_OUTSIDE)) if architecture is not None else ()
    )  # fmt: skip
    return of(ctx.resources, outside)


def interfaces(ctx: Context, resource: Resource) -> list[Interface]:
    """The interfaces of a resource, one in each of its subnets; none where these are not among the resources."""
    return network(ctx).fabric.interfaces.get(resource.logical_id, [])


def party(resource: Resource, held: Sequence[Interface], listens: tuple[int, ...] = ()) -> Party:
    """A resource by some of its interfaces."""
    from archproof.network.ends import Party
    from archproof.network.filters import End

    return Party(resource.title, [End(span, i) for i in held for span in i.spans], listens, [resource])


def to_service(ctx: Context, resource: Resource, service: str, port: int = HTTPS) -> Iterator[tuple[Interface, Answer]]:
    """Whether each interface of a resource gets through to a service of AWS, named as its endpoint is."""
    held = network(ctx)
    passed: dict[object, Answer] = ctx.cached("ways to services", dict)
    for interface in interfaces(ctx, resource):
        alike = (
            service, port, interface.subnet.id, interface.spans, interface.groups, interface.filtered,
            interface.groups_known, interface.public, interface.six, interface.proxy, interface.owner.type,
        )  # fmt: skip
        answer = passed.get(alike)
        if answer is None:
            source = party(resource, [interface])
            answer = held.between(source, held.naming.service(service, source), port)
            if answer.verdict == "reachable":  # another's reasons would name that one
                passed[alike] = answer
        yield interface, answer


def told_of_links(ctx: Context) -> set[tuple[str, str, int]]:
    """What `link-blocked` has told: component, endpoint name of the service that it does not reach, and port.

    Rules of the whole system run before those of a resource: it holds nothing only where that rule does not run,
    or found nothing.
    """
    return ctx.cached("links told", set[tuple[str, str, int]])


def reasons(answers: Sequence[Answer]) -> str:
    """Everything that stands in the way, in a sentence."""
    return listed([step.because for answer in answers for step in answer.blockers])


def subnets(held: Sequence[Interface]) -> str:
    """The subnets of interfaces, in a sentence."""
    return listed([i.subnet.resource.title for i in held])


def from_internet(ctx: Context, resource: Resource, port: int | None) -> Answer | None:
    """Whether the internet at large reaches a resource on a port; None where it has no interface that is known.

    Somebody whose addresses are known (an office) is not the internet: what only he reaches is blocked here.
    """
    own = interfaces(ctx, resource)
    if not own:
        return None
    held = network(ctx)
    everyone = held.naming.party("internet")
    target = party(resource, own, (port,) if port is not None else ())
    answer = held.between(everyone, target, port)
    if answer.verdict != "reachable":
        return answer
    paths = held.paths("tcp", [port] if port is not None else [])
    asked = paths.filters.ports.mask(port, port) if port is not None else paths.filters.ports.all
    works = {w.source.span for w in paths.ways(everyone.ends, target.ends) if w.passes.yes & asked and w.back != "none"}
    reached = sum(s.last - s.first + 1 for s in works if s.version == 4)
    six = any(s.version == 6 and s.last - s.first >> 120 for s in works)
    if reached <= _MANY and not six:
        return answer.changed(verdict="blocked", notes=[*answer.notes, "from some addresses only"])
    return answer
