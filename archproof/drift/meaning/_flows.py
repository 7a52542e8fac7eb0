"""The rules of security groups as sets of flows: protocol × ports × peers, cut so that no rule splits a cell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from archproof.network.addresses import ALL_IPV4, ALL_IPV6, Atoms, Span, parse
from archproof.network.ports import Ports, told
from archproof.resources.network_types import LAST_PORT
from archproof.resources.resource import is_symbolic

_NUMBERS = {"6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6", "-1": "all", "": "all"}
_PORTED, _TYPED = ("tcp", "udp"), ("icmp", "icmpv6")
OTHERS = "other protocols"
_NOWHERE = (Span(4, 127 << 24, (128 << 24) - 1), Span(6, 1, 1))
"""Addresses that a rule names so that it lets nothing through."""
_PEERS = {
    "CidrIp": "block", "CidrIpv6": "block", "SourceSecurityGroupId": "group", "DestinationSecurityGroupId": "group",
    "SourcePrefixListId": "prefix list", "DestinationPrefixListId": "prefix list",
    "SourceSecurityGroupName": "group name",
}  # fmt: skip
Peer = tuple[str, Any]
Cells = dict[tuple[str, Peer], int]
"""(protocol, peer) → the ports, as bits."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, read."""

    number: int
    """Its position in the list."""
    said: dict[str, Any]
    protocol: str
    ports: tuple[int, int] | None
    """First and last port, or type and code of ICMP; None for all."""
    peer: Peer

    @property
    def key(self) -> tuple[str, tuple[int, int] | None, Peer]:
        """What it lets through, whatever it is called."""
        return self.protocol, self.ports, self.peer

    @property
    def nothing(self) -> bool:
        """Whether it lets nothing through."""
        return self.peer[0] == "block" and any(span.covers(self.peer[1]) for span in _NOWHERE)


class Vague(NamedTuple):
    """A rule of which a part is not known."""

    number: int
    said: dict[str, Any]
    unknown: Any
    """The part that is not known."""

    def may_be(self, rule: Rule) -> bool:
        """Whether the rule may be this one."""
        protocol = self.said.get("IpProtocol")
        if not is_symbolic(protocol) and _protocol(protocol) != rule.protocol:
            return False
        kinds = [_PEERS[k] for k in _PEERS if k in self.said]
        if kinds and rule.peer[0] not in kinds:
            return False
        ports = (self.said.get("FromPort"), self.said.get("ToPort"))
        return any(is_symbolic(p) for p in ports) or _ports(self.said, rule.protocol) == rule.ports


def read(rules: Any) -> tuple[list[Rule], list[Vague]]:
    """The rules of a list, those that are known and those that are not."""
    known: list[Rule] = []
    vague: list[Vague] = []
    for number, said in enumerate(rules if isinstance(rules, list) else [] if rules is None else [rules]):
        if not isinstance(said, dict) or is_symbolic(said):
            vague.append(Vague(number, {}, said))
            continue
        unknown = [v for v in said.values() if is_symbolic(v)]
        if unknown:
            vague.append(Vague(number, said, unknown[0]))
            continue
        peer = _peer(said)
        if peer is None:
            vague.append(Vague(number, said, None))
        else:
            protocol = _protocol(said.get("IpProtocol", "-1"))
            known.append(Rule(number, said, protocol, _ports(said, protocol), peer))
    return known, vague


def _protocol(value: Any) -> str:
    text = str(value).strip().lower()
    return _NUMBERS.get(text, text)


def _ports(said: dict[str, Any], protocol: str) -> tuple[int, int] | None:
    """The ports of a rule; None where it speaks of all."""
    try:
        first, last = int(said.get("FromPort", -1)), int(said.get("ToPort", said.get("FromPort", -1)))
    except (TypeError, ValueError):
        return None
    if protocol in _PORTED:
        return None if first < 0 or (first, last) == (0, LAST_PORT) else (first, last)
    if protocol in _TYPED:
        return None if first < 0 else (first, last)
    return None


def _peer(said: dict[str, Any]) -> Peer | None:
    for name, kind in _PEERS.items():
        value = said.get(name)
        if value in (None, ""):
            continue
        if kind != "block":
            return kind, str(value)
        span = parse(str(value))
        return ("block", span) if span is not None else None
    return None


class Space:
    """All flows of which some rules speak, in cells."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        held = list(rules)
        self.protocols = list(dict.fromkeys([*(r.protocol for r in held if r.protocol != "all"), OTHERS]))
        self.ports = {
            p: Ports([r.ports for r in held if r.protocol == p and r.ports is not None]) for p in _PORTED
        }  # fmt: skip
        self.kinds = {p: sorted({r.ports for r in held if r.protocol == p and r.ports}) for p in _TYPED}
        self.atoms = Atoms([r.peer[1] for r in held if r.peer[0] == "block"])

    def cells(self, rule: Rule) -> Cells:
        """The cells of a rule."""
        if rule.nothing:
            return {}
        peers: list[Peer] = [rule.peer]
        if rule.peer[0] == "block":
            peers = [("block", atom) for atom in self.atoms.of(rule.peer[1])]
        masks = [(p, self._mask(p, rule)) for p in (self.protocols if rule.protocol == "all" else [rule.protocol])]
        return {(protocol, peer): mask for protocol, mask in masks for peer in peers}

    def union(self, rules: Iterable[Rule]) -> Cells:
        """The cells of several rules."""
        found: Cells = {}
        for rule in rules:
            for cell, mask in self.cells(rule).items():
                found[cell] = found.get(cell, 0) | mask
        return found

    def _mask(self, protocol: str, rule: Rule) -> int:
        every = rule.protocol == "all" or rule.ports is None
        if protocol in _PORTED:
            ports = self.ports[protocol]
            return ports.all if every or rule.ports is None else ports.mask(*rule.ports)
        if protocol in _TYPED:
            # a bit for each type and code that is said, one for the rest of each type, one for all other types
            kinds = self.kinds[protocol]
            if every or rule.ports is None:
                return (1 << (2 * len(kinds) + 1)) - 1
            type, code = rule.ports
            mask = 0
            for n, (t, c) in enumerate(kinds):
                if t == type and (code in (-1, c) or c == code):
                    mask |= 1 << (2 * n)
                if t == type and code == -1:
                    mask |= 2 << (2 * n)
            return mask
        return 1

    # -- words

    def left(self, rule: Rule, without: Cells) -> Cells:
        """The cells of a rule that are not among others."""
        found = {cell: mask & ~without.get(cell, 0) for cell, mask in self.cells(rule).items()}
        return {cell: mask for cell, mask in found.items() if mask}

    def what(self, rule: Rule, cells: Cells) -> str:
        """The protocol and the ports of some of a rule's cells."""
        whole = self.cells(rule)
        protocols = list(dict.fromkeys(protocol for protocol, _ in cells))
        if rule.protocol == "all":
            if all(mask == whole[cell] for cell, mask in cells.items()) and len(protocols) == len(self.protocols):
                return "everything"
            return "everything but what is declared" if OTHERS in protocols else " and ".join(protocols)
        if rule.protocol in _PORTED:
            mask = 0
            for held in cells.values():
                mask |= held
            return f"{rule.protocol} {told(self.ports[rule.protocol].ranges(mask))}"
        if rule.protocol in _TYPED and rule.ports is not None:
            code = "" if rule.ports[1] < 0 else f" code {rule.ports[1]}"
            return f"{rule.protocol} type {rule.ports[0]}{code}"
        return rule.protocol if not rule.protocol.isdigit() else f"protocol {rule.protocol}"

    def whom(self, rule: Rule, cells: Cells, name: Any) -> str:
        """The peers of some of a rule's cells."""
        kind, peer = rule.peer
        if kind != "block":
            called = name(peer)
            return called if called != peer else f"the {kind} {peer}"
        spans = joined([p[1] for _, p in cells])
        return said(peer, spans)


def said(whole: Span, spans: list[Span]) -> str:
    """Addresses out of a block: the block itself, or what of it is meant."""
    called = f"the whole internet ({whole})" if whole in (ALL_IPV4, ALL_IPV6) else str(whole)
    if spans == [whole]:
        return called
    rest = _without(whole, spans)
    if len(rest) <= len(spans):
        return f"{called} but {_listed(rest)}"
    return _listed(spans)


def _listed(spans: list[Span]) -> str:
    more = f" and {len(spans) - 3} more" if len(spans) > 3 else ""
    return ", ".join(str(span) for span in spans[:3]) + more


def joined(spans: list[Span]) -> list[Span]:
    """Spans in order, those that touch as one."""
    found: list[Span] = []
    for span in sorted(set(spans)):
        last = found[-1] if found else None
        if last is not None and last.version == span.version and span.first <= last.last + 1:
            found[-1] = Span(span.version, last.first, max(last.last, span.last))
        else:
            found.append(span)
    return found


def _without(whole: Span, spans: list[Span]) -> list[Span]:
    """What is left of a block."""
    found, at = [], whole.first
    for span in spans:
        if span.first > at:
            found.append(Span(whole.version, at, span.first - 1))
        at = span.last + 1
    if at <= whole.last:
        found.append(Span(whole.version, at, whole.last))
    return found
