"""Security groups by the flows that they let through: rules split, joined or put in another order are no drift."""

from __future__ import annotations

import dataclasses
from typing import Any

from archproof.drift.differences import PropertyDrift
from archproof.drift.meaning import Context
from archproof.drift.meaning._flows import Cells, Rule, Space, Vague, read
from archproof.network.addresses import ALL_IPV4, ALL_IPV6

SUBJECT = "security-groups"
Opened = tuple[Rule, Cells]
_EVERYONE = (("block", ALL_IPV4), ("block", ALL_IPV6))
_GROUP = "AWS::EC2::SecurityGroup"
_OPEN = ({"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}, {"IpProtocol": "-1", "CidrIpv6": "::/0"})
"""What AWS lets out of a group for which nothing is said (reference: security group rules)."""


def compare(context: Context) -> None:
    """Compare the rules of a group, in and out."""
    if context.type != _GROUP:
        return
    for name in ("SecurityGroupIngress", "SecurityGroupEgress"):
        seen = context.saw(name)
        declared, live = context.take(name)
        if not seen and live is None:
            if declared:
                context.unread_tier.append(PropertyDrift((name,), declared, None))
            continue
        if declared is not None and not isinstance(declared, list):
            context.unread_tier.append(PropertyDrift((name,), declared, None, context.waits_for(declared)))
            continue
        _Direction(context, name, declared or [], live or []).compare()


class _Direction:
    """The rules of one direction."""

    def __init__(self, context: Context, name: str, declared: list[Any], live: list[Any]) -> None:
        self.context = context
        self.name = name
        self.outward = name == "SecurityGroupEgress"
        self.declared, self.vague = read(declared)
        known, self.strange = read(live)
        if self.outward and context.live_stated is not None and name not in context.live_stated:
            known += read(list(_OPEN))[0]
        self.live = list({rule.key: rule for rule in known}.values())
        self.implied: list[Rule] = []
        if self.outward and name not in context.stated and not context.partial:
            self.implied = read(list(_OPEN))[0]

    def compare(self) -> None:
        """Tell what is opened, what is closed, and what is called otherwise."""
        space = Space([*self.declared, *self.implied, *self.live])
        mine, theirs = space.union([*self.declared, *self.implied]), space.union(self.live)
        opened = [(rule, left) for rule in self.live if (left := space.left(rule, mine))]
        closed = [(rule, left) for rule in self.declared if (left := space.left(rule, theirs))]
        if self.context.partial:
            opened = []
        opened, perhaps = self._sure(opened)
        for rule, left in opened:
            partner = self._partner(rule, [c for c, _ in closed])
            words = [self._words("opens", space.what(rule, left), space.whom(rule, left, self.context.name))]
            for other, lost in list(closed):
                if other is partner:
                    closed.remove((other, lost))
                    words.append(self._words("closes", space.what(other, lost), self._whom(space, other, lost)))
            path = (self.name, partner.number) if partner else (self.name,)
            self._tell(path, partner.said if partner else None, rule.said, "; ".join(words))
        for rule, left in closed:
            words = [self._words("closes", space.what(rule, left), self._whom(space, rule, left))]
            self._tell((self.name, rule.number), rule.said, None, words[0])
        for vague, held in perhaps:
            words = [self._words("opens", space.what(r, c), space.whom(r, c, self.context.name)) for r, c in held]
            why = f"{', or '.join(words)}: only one of these can be what is declared"
            self._tell((self.name, vague.number), vague.said, [rule.said for rule, _ in held], why)
        if self.implied and space.left(self.implied[0], theirs):
            why = "the way out to everywhere, which AWS opens where nothing is declared, is closed"
            live = [rule.said for rule in self.live]
            self.context.undeclared_tier.append(PropertyDrift((self.name,), None, live, why))
        self._descriptions()
        self._vague()

    def _sure(self, opened: list[Opened]) -> tuple[list[Opened], list[tuple[Vague, list[Opened]]]]:
        """What is opened for sure; and of what rules that are not known may be, what is more than they can be."""
        sure: list[Opened] = []
        may: dict[int, list[Opened]] = {}
        for rule, left in opened:
            fitting = [v.number for v in self.vague if v.may_be(rule)]
            if fitting:
                may.setdefault(min(fitting, key=lambda n: len(may.get(n, ()))), []).append((rule, left))
            else:
                sure.append((rule, left))
        by_number = {v.number: v for v in self.vague}
        return sure, [(by_number[n], held) for n, held in may.items() if len(held) > 1]

    def _whom(self, space: Space, rule: Rule, left: Cells) -> str:
        """Whom a rule that is gone was for; a group or a list that a rule for everyone lets in still has its way."""
        whom = space.whom(rule, left, self.context.name)
        everyone = [other for other in self.live if other.peer in _EVERYONE and rule.peer[0] != "block"]
        lets = space.union(dataclasses.replace(other, peer=rule.peer) for other in everyone)
        return f"{whom}, whom a rule for everyone lets in" if everyone and not space.left(rule, lets) else whom

    def _words(self, verb: str, what: str, whom: str) -> str:
        return f"{verb} the way out to {whom}, {what}" if self.outward else f"{verb} {what} to {whom}"

    def _tell(self, path: Any, expected: Any, actual: Any, why: str) -> None:
        self.context.declared_tier.append(PropertyDrift(path, expected, actual, why))

    def _partner(self, rule: Rule, closed: list[Rule]) -> Rule | None:
        """The declared rule that a live one seems to have been."""
        live = {other.key for other in self.live}
        changed = [d for d in self.declared if d.key not in live]
        ports = [d for d in changed if d.protocol == rule.protocol and d.ports == rule.ports]
        peers = [d for d in changed if d.peer == rule.peer]
        found = [d for d in (*ports, *peers) if d in closed]
        found += [d for d in ports if d.peer[0] == rule.peer[0]]
        found += [d for d in peers if d.protocol == rule.protocol]
        return found[0] if found else None

    def _descriptions(self) -> None:
        """What rules that are the same on both sides are called."""
        live: dict[Any, list[Rule]] = {}
        for rule in self.live:
            live.setdefault(rule.key, []).append(rule)
        for rule in self.declared:
            held = live.get(rule.key, [])
            wanted = rule.said.get("Description")
            if len(held) != 1 or not isinstance(wanted, str):
                continue
            found = held[0].said.get("Description")
            if found != wanted:
                self.context.declared_tier.append(PropertyDrift((self.name, rule.number, "Description"), wanted, found))

    def _vague(self) -> None:
        for rule in self.vague:
            why = self.context.waits_for(rule.unknown) if rule.unknown is not None else "whom it is for is not known"
            self.context.unread_tier.append(
                PropertyDrift((self.name, rule.number), rule.said or rule.unknown, None, why)
            )
        for strange in self.strange:
            why = "a live rule of a shape that is not known"
            self.context.unread_tier.append(PropertyDrift((self.name,), None, _shown(strange), why))


def _shown(rule: Vague) -> Any:
    return rule.said or rule.unknown
