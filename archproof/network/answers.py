"""Is there a path: every way between two parties, what passes on it, and what would have to change.

A party is one or several ends: a function has one in each of its subnets, the internet one for each range of
addresses that some rule tells apart. A path is there where a session works, there and back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import field
from typing import Any, Literal

from archproof.fields import Fields
from archproof.network import words
from archproof.network.addresses import SOMEWHERE
from archproof.network.balancing import Balancing
from archproof.network.fabric import Fabric
from archproof.network.filters import EPHEMERAL, End, Filters, Pass
from archproof.network.ports import Ranges, told
from archproof.network.trace import Step, Trace, Tracer

Verdict = Literal["reachable", "blocked", "unknown"]
Share = Literal["all", "some", "none", "unknown"]


class Way:
    """One way from an end to an end: one flow, or several with a load balancer between them."""

    __slots__ = ("back", "passes", "relays", "traces")

    def __init__(self, traces: list[Trace], passes: Pass, back: Share, relays: Sequence[Step] = ()) -> None:
        """`passes`: the ports at its beginning that get through to its end."""
        self.traces = traces
        self.passes = passes
        self.back = back
        self.relays = relays

    @property
    def source(self) -> End:
        """Where it begins."""
        return self.traces[0].source

    @property
    def target(self) -> End:
        """Where it ends."""
        return self.traces[-1].target


class Answer(Fields):
    """The answer to one question."""

    source: str
    target: str
    protocol: str
    verdict: Verdict
    ports: Ranges
    """What passes for sure; what may pass, where that is not known."""
    hops: list[Step] = field(default_factory=list)
    blockers: list[Step] = field(default_factory=list)
    back: Share = "all"
    back_hops: list[Step] = field(default_factory=list)
    back_blockers: list[Step] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """The shape of the JSON contract of `path`."""
        returns = {"all": "reachable", "some": "reachable", "none": "blocked", "unknown": "unknown"}[self.back]
        return {
            "from": self.source,
            "to": self.target,
            "protocol": self.protocol,
            "verdict": self.verdict,
            "ports": [list(pair) for pair in self.ports],
            "hops": [_hop(step) for step in self.hops],
            "blockers": [_blocker(step) for step in self.blockers],
            "return": {
                "verdict": returns,
                "ephemeral_ports": self.back,
                "hops": [_hop(step) for step in self.back_hops],
                "blockers": [_blocker(step) for step in self.back_blockers],
            },
            "notes": self.notes,
        }


def _hop(step: Step) -> dict[str, Any]:
    place = step.location.as_dict() if step.location is not None else None
    return {"component": step.title, "kind": step.kind, "because": step.because, "location": place}


def _blocker(step: Step) -> dict[str, Any]:
    place = step.location.as_dict() if step.location is not None else None
    return {"code": step.code, "component": step.title, "because": step.because, "location": place}


class Paths:
    """Questions about one protocol in one network."""

    def __init__(self, fabric: Fabric, filters: Filters) -> None:
        self.fabric = fabric
        self.filters = filters
        self.tracer = Tracer(fabric, filters)
        self.balancing = Balancing(fabric, filters, self.tracer)

    # -- ways

    def ways(self, sources: Sequence[End], targets: Sequence[End], listens: Sequence[int] = ()) -> Iterator[Way]:
        """Every way from one of `sources` to one of `targets`: straight, and through load balancers.

        `listens`: the ports that the targets are known to listen on.
        """
        for target in targets:
            for source in sources:
                if source != target:
                    yield from self._from_balancer(source, target, listens) or [self._straight(source, target)]
                    yield from self._by_public(source, target)
            if target.interface is not None and self.fabric.balancers:
                for found in self.balancing.ways(sources, target, listens):
                    yield Way(found.traces, found.passes, self._back(*found.traces), found.relays)

    def _by_public(self, source: End, target: End) -> Iterator[Way]:
        """From inside to the public address of an interface, over the internet, where that is sure to work."""
        met, here = target.interface, source.interface
        if here is None or met is None or met is here or target.public or target.literal or here.proxy or met.proxy:
            return
        if target.span.version == 4 and met.public:
            for span in met.public_spans or (SOMEWHERE,):
                service = None if met.public_spans else "internet"
                way = self._straight(source, End(span, met, public=True, service=service))
                if way.passes.yes and way.back in ("all", "some"):
                    yield way

    def _from_balancer(self, source: End, target: End, listens: Sequence[int]) -> list[Way]:
        """What a load balancer opens itself: connections to its targets, and to nobody else."""
        if source.interface is None or target.interface is None or not source.interface.proxy:
            return []
        balancer = self.fabric.balancers.get(source.interface.owner.logical_id)
        if balancer is None:
            return []
        found = [
            Way([trace], passes, self._back(trace))
            for trace, passes in self.balancing.opened(balancer, source.interface, target, listens)
        ]
        if not found:
            way = self._straight(source, target)
            because = f"{balancer.resource.title} opens connections to its targets alone, and {target.title} is none"
            step = Step(balancer.resource.title, "load_balancer", because, Pass(0, 0), "NO_PATH",
                        balancer.resource.location(), balancer.resource)  # fmt: skip
            way.traces[0].steps.append(step)
            found = [Way(way.traces, Pass(0, 0), way.back)]
        return found

    def _straight(self, source: End, target: End) -> Way:
        trace = self.tracer.trace(source, target)
        return Way([trace], trace.passes(self.filters.ports.all), self._back(trace))

    def _back(self, *traces: Trace) -> Share:
        """How many of the ports that a client may use for answers get them."""
        share: Share = "all"
        for passes, wanted in self._backs(traces):
            if passes.maybe & wanted == 0:
                return "none"
            if passes.yes & wanted != wanted:
                share = _worst(share, "some" if passes.yes & wanted else "unknown")
        return share

    def _backs(self, traces: Sequence[Trace]) -> list[tuple[Pass, int]]:
        """The parts of the way back of a whole way: flows of a client whose address a balancer keeps are one."""
        found: list[tuple[Pass, int]] = []
        for position, trace in enumerate(traces):
            masks, node = self.back_masks(trace), trace.source.interface
            kept = position > 0 and node is not None and trace.source.span not in node.spans
            if kept and found and masks:
                (first, wanted), (second, _) = found.pop(), masks.pop(0)
                found.append((Pass(first.yes & second.yes, first.maybe & second.maybe), wanted))
            found += masks
        return found

    def back_masks(self, trace: Trace) -> list[tuple[Pass, int]]:
        """For every part of the way back, the ports that answers can take, and those that clients use."""
        every = (
            self.filters.ports.mask(*EPHEMERAL) if self.filters.protocol in ("tcp", "udp") else self.filters.ports.all
        )
        found = []
        for segment in sorted({step.segment for step in trace.back}):
            passes = Pass(every, every)
            for step in trace.back:
                if step.segment == segment:
                    passes = Pass(passes.yes & step.passes.yes, passes.maybe & step.passes.maybe)
            found.append((passes, every))
        return found

    def _answered(self, way: Way) -> int:
        """The ports of clients that get answers for sure."""
        open_ = self.filters.ports.all
        for passes, wanted in self._backs(way.traces):
            open_ &= passes.yes & wanted
        return open_

    # -- answers

    def answer(
        self, source: str, target: str, sources: Sequence[End], targets: Sequence[End],
        port: int | None = None, listens: Sequence[int] = (),
    ) -> Answer:  # fmt: skip
        """Whether there is a path from one party to another, on one port or any; with its witness or every blocker.

        `listens`: the ports that the target listens on, where that is known: what else gets through reaches nobody.
        """
        ports = self.filters.ports
        asked = ports.mask(port, port) if port is not None else ports.all
        ways = list(self.ways(sources, targets, listens))
        if not ways:
            why = f"{target} has no address in this network" if not targets else f"{source} has no address in it"
            step = Step(target, "address", why, Pass(0, 0), "UNKNOWN_DESTINATION")
            return Answer(source, target, self.filters.protocol, "unknown", [], blockers=[step])
        works = [w for w in ways if w.passes.yes & asked and w.back in ("all", "some")]
        if works:
            return self._reachable(source, target, works, asked, ways)
        perhaps = [w for w in ways if w.passes.maybe & asked and w.back != "none"]
        best = min(
            perhaps or ways,
            key=lambda w: (
                len(self._blocking(w, asked, listens, bool(perhaps))),
                # of equals, the way that is meant: through the balancer that takes what is asked for
                not any(relay.passes.yes & asked for relay in w.relays[:1]),
            ),
        )
        verdict: Verdict = "unknown" if perhaps else "blocked"
        answer = Answer(source, target, self.filters.protocol, verdict, [], back=best.back)
        if perhaps:
            answer.ports = ports.ranges(_union(w.passes.maybe & asked for w in perhaps))
        answer.blockers = self._blocking(best, asked, listens, bool(perhaps))
        answer.hops = _hops(best)
        answer.back_hops = [s for t in best.traces for s in t.back]
        answer.back_blockers = [s for s in answer.back_hops if self._stops_answers(s)]
        answer.notes += _elsewhere(best, ways) if source != target and not perhaps else []
        return answer

    def _reachable(self, source: str, target: str, works: list[Way], asked: int, ways: list[Way]) -> Answer:
        best = min(works, key=lambda w: (w.back != "all", len(w.traces), -(w.passes.yes & asked).bit_count()))
        mask = _union(w.passes.yes & asked for w in works)
        answer = Answer(source, target, self.filters.protocol, "reachable", self.filters.ports.ranges(mask))
        answer.hops = _hops(best)
        answer.back = best.back
        answer.back_hops = [s for t in best.traces for s in t.back]
        if best.back == "some":
            answer.back_blockers = [s for s in answer.back_hops if self._stops_answers(s)]
            open_ = self.filters.ports.ranges(self._answered(best))
            where = f" ({told(open_)})" if open_ and self.filters.protocol in ("tcp", "udp") else ""
            answer.notes.append(f"answers get through on some of the ports that clients use{where}, not on all")
        spans = {w.source.span for w in works if w.source.interface is None}
        all_spans = {w.source.span for w in ways if w.source.interface is None}
        if spans and spans != all_spans and len(all_spans) > 1:
            some = sorted(spans)[:4]
            answer.notes.append(f"from {', '.join(map(str, some))}{' …' if len(spans) > 4 else ''} only")
        answer.notes += self._partial(works, ways)
        return answer

    def _partial(self, works: list[Way], ways: list[Way]) -> list[str]:
        """Interfaces of the source from which it does not work: what runs there fails, now and then."""
        good = {id(w.source.interface) for w in works}
        held = [w.source.interface for w in ways if w.source.interface is not None]
        bad = [i for i in held if id(i) not in good]
        if len({id(i.owner) for i in held}) > 1:  # of several parts, those that never get there are named
            owners = {id(i.owner) for i in held if id(i) in good}
            names = list(dict.fromkeys(i.title for i in bad if id(i.owner) not in owners))
        else:
            names = list(dict.fromkeys(i.subnet.title for i in bad))
        more = f" and {len(names) - 4} more" if len(names) > 4 else ""
        return [f"not from {', '.join(names[:4])}{more}"] if names else []

    def _blocking(self, way: Way, asked: int, listens: Sequence[int], unsure: bool) -> list[Step]:
        """The steps of a way that stop what was asked for; of one that is unsure, those that leave it open.

        Where each step passes some ports and all together none, those are told that do not pass what the last one
        that filters ports does.
        """
        found: list[Step] = []
        found += [s for s in way.relays[:1] if not s.passes.maybe & asked]
        found += [s for s in way.relays[1:] if not s.passes.maybe]
        if unsure:
            found += [s for s in way.relays if not s.passes.yes and s.passes.maybe]
        for position, trace in enumerate(way.traces):
            wanted = asked if position == 0 else self.filters.ports.all
            if position < len(way.relays):
                relay = way.relays[position].passes.maybe
                wanted = wanted & relay or relay or wanted
            wanted = self._wanted(trace, wanted, listens)
            if unsure:
                found += [s for s in trace.steps if s.passes.yes & wanted != wanted and s.passes.maybe & wanted]
            else:
                found += [self._told(s, wanted) for s in trace.steps if not s.passes.maybe & wanted]
                stops = [s for s in trace.back if self._stops_answers(s, fully=True)]
                if not stops and self._back(trace) == "none":
                    # each lets some answers take ports that the others deny
                    stops = [s for s in trace.back if self._stops_answers(s)]
                found += stops
        if not found and not unsure and self._back(*way.traces) == "none":
            found = [s for trace in way.traces for s in trace.back if self._stops_answers(s)]
        if found and not listens and asked == self.filters.ports.all and not unsure:
            found = [*self._narrow(way, found), *found]
        return list({(s.code, s.title, s.because): s for s in found}.values())

    def _told(self, step: Step, wanted: int) -> Step:
        """A blocker that lets other ports through says that it is about these."""
        if step.kind not in ("security_group", "network_acl") or not step.passes.maybe:
            return step
        return step.changed(because=f"{step.because}, not {told(self.filters.ports.ranges(wanted))}")

    def _narrow(self, way: Way, found: list[Step]) -> Iterator[Step]:
        """Where answers alone stop what is asked of every port: the group that denies most of them comes first."""
        trace = way.traces[-1]
        if any(all(step is not b for b in trace.back) for step in found):
            return
        for step in [s for s in trace.steps if s.kind == "security_group"][-1:]:
            if step.passes.maybe != self.filters.ports.all and trace.target.interface is not None:
                yield step.changed(because=f"{step.because}, and nothing on any other port")

    def _wanted(self, trace: Trace, asked: int, listens: Sequence[int]) -> int:
        """The ports that it is about: those asked for and listened on, else those that the target lets in."""
        heard = _union(self.filters.ports.mask(p, p) for p in listens) & asked
        if heard:
            return heard
        narrow = [s.passes.maybe & asked for s in trace.steps if s.passes.maybe & asked not in (0, asked)]
        return narrow[-1] if narrow else asked

    def _stops_answers(self, step: Step, *, fully: bool = False) -> bool:
        wanted = self.filters.ports.mask(*EPHEMERAL) if step.kind == "network_acl" else self.filters.ports.all
        if fully:
            return step.passes.maybe & wanted == 0
        return step.passes.yes & wanted != wanted


def _elsewhere(best: Way, ways: Sequence[Way]) -> list[str]:
    """Where else the ends of a way stand: what is told is the way with the least in it."""
    pairs = [(best.source, [w.source for w in ways]), (best.target, [w.target for w in ways])]
    return [said for end, others in pairs if (said := _also(end, others))]


def _also(end: End, others: Sequence[End]) -> str:
    """The other places of what stands at an end, in a sentence."""
    here = end.interface
    if here is None:
        return ""
    held = [o.interface for o in others if o.interface is not None and o.interface.owner is here.owner]
    places = [p for p in dict.fromkeys(i.subnet.title for i in held) if p != here.subnet.title]
    if not places:
        return ""
    more = f" and {len(places) - 3} more" if len(places) > 3 else ""
    return f"{end.title} stands in {', '.join(places[:3])}{more} as well; at least as much is in the way there"


def _hops(way: Way) -> list[Step]:
    """The steps of a way with its two ends."""
    whole = Pass(-1, -1)
    first = way.source
    place = first.interface.owner.location() if first.interface is not None else None
    hops = [Step(first.title, "source", f"begins {words.standing(first)}", whole, "", place)]
    for position, trace in enumerate(way.traces):
        hops += trace.steps
        if position < len(way.relays):
            hops.append(way.relays[position])
    last = way.target
    place = last.interface.owner.location() if last.interface is not None else None
    return [*hops, Step(last.title, "target", f"arrives {words.standing(last)}", whole, "", place)]


_ORDER: tuple[Share, ...] = ("all", "some", "unknown", "none")


def _worst(left: Share, right: Share) -> Share:
    return max(left, right, key=_ORDER.index)


def _union(masks: Iterator[int] | Any) -> int:
    whole = 0
    for mask in masks:
        whole |= mask
    return whole
