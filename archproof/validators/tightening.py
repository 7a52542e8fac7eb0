"""Least privilege: what explicit rules and statements allow beyond what links need, and the text without it.

Nothing is guessed: an entry goes only where the model that is left still proves every link and guarantee, and is told
no finding that it was not told before. What links imply is minimal already and stays as it is.
"""

from __future__ import annotations

import datetime
import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from archproof.errors import InputError
from archproof.model import verbs
from archproof.model.architecture import Architecture, loads
from archproof.model.document import KeyPath
from archproof.model.edits import Edits
from archproof.model.graph import ports

_ENDS = {"ingress": "from", "egress": "to"}


@dataclass(frozen=True, slots=True)
class Change:
    """An entry of a list that may go, or give way to narrower ones."""

    path: KeyPath
    told: str
    """What it is, in a few words."""
    entries: tuple[str, ...] = ()
    """What takes its place, as YAML's flow style writes it."""

    @property
    def sentence(self) -> str:
        """What the change does."""
        return f"narrowed: {self.told} to {', '.join(self.entries)}" if self.entries else f"removed: {self.told}"


@dataclass(slots=True)
class Tightened:
    """The text that is left, and what was taken out of it."""

    before: str
    after: str
    changes: list[Change] = field(default_factory=list)

    def patch(self, file: str) -> str:
        """A unified diff, empty where nothing changes."""
        lines = difflib.unified_diff(
            self.before.splitlines(keepends=True), self.after.splitlines(keepends=True), f"a/{file}", f"b/{file}"
        )
        return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


@dataclass(frozen=True, slots=True)
class _Proved:
    """What a model is known to hold."""

    findings: frozenset[tuple[str, str, str]]
    unknown: frozenset[tuple[str, str]]
    guarantees: frozenset[tuple[str, str]]
    allowed: frozenset[tuple[str, str, str, str]]
    reached: frozenset[tuple[str, str, str, int]]

    def kept_by(self, other: _Proved) -> bool:
        """Whether another model holds all of it, and is told nothing worse."""
        return (
            other.findings <= self.findings
            and other.unknown <= self.unknown
            and self.guarantees <= other.guarantees
            and self.allowed <= other.allowed
            and self.reached <= other.reached
        )


class Tightening:
    """One search."""

    def __init__(self, text: str, environment: str | None, today: datetime.date, file: str) -> None:
        self.environment = environment
        self.today = today
        self.file = file
        self.text = text
        self.architecture = loads(text, environment, file)
        self.start = self._proved(self.architecture)

    def run(self) -> Tightened:
        """Take out all that may go, then narrow what is left."""
        found = Tightened(self.text, self.text)
        found.changes = self._most(list(candidates(self.architecture)), [])
        found.after = self._applied(found.changes) or self.text
        for change in narrowings(self.architecture):
            if any(change.path == gone.path for gone in found.changes):
                continue
            inside = len(change.path)
            wanted = [*(c for c in found.changes if c.path[:inside] != change.path), change]
            after = self._applied(wanted)
            if after is not None and self._alive(after):
                # what is narrowed as a whole needs no word on its parts
                found.changes, found.after = wanted, after
        found.changes.sort(key=lambda c: self.architecture.document.locate(c.path))
        return found

    def _most(self, wanted: list[Change], gone: list[Change]) -> list[Change]:
        """As many of `wanted` as may go beside those that are `gone`: all at once, else by halves."""
        if not wanted:
            return gone
        after = self._applied([*gone, *wanted])
        if after is not None and self._alive(after):
            return [*gone, *wanted]
        if len(wanted) == 1:
            return gone
        middle = len(wanted) // 2
        return self._most(wanted[middle:], self._most(wanted[:middle], gone))

    def _applied(self, changes: Sequence[Change]) -> str | None:
        """The text with some changes, from its end to its beginning; None where one of them has no place."""
        text = self.text
        for change in sorted(changes, key=lambda c: _order(c.path), reverse=True):
            try:
                text = Edits(text).replaced(change.path, change.entries)
            except KeyError:
                return None
        return text

    def _alive(self, text: str) -> bool:
        try:
            architecture = loads(text, self.environment, self.file)
        except InputError:
            return False
        return self.start.kept_by(self._proved(architecture))

    def _proved(self, architecture: Architecture) -> _Proved:
        from archproof.proofs.connection import Prover
        from archproof.resources.lowering import lower
        from archproof.validators.engine import check
        from archproof.validators.rules.proofs import flows

        resources = lower(architecture)
        report = check(architecture, self.today, resources=resources)
        prover = Prover(resources, architecture)
        allowed = {
            (link.source, link.target, p.caller, p.action)
            for link in architecture.links for p in prover.link(link) if p.verdict == "allowed"
        }  # fmt: skip
        reached = {
            (link.source, link.target, link.verb.verb, port)
            for link in architecture.links
            for port, answer in flows(prover.network, architecture, link) if answer.verdict == "reachable"
        }  # fmt: skip
        return _Proved(
            frozenset((f.rule, f.component or "", _count_free(f.message)) for f in report.findings),
            frozenset((u.what, u.why) for u in report.unknown),
            frozenset((g.text, g.verdict) for g in report.guarantees if g.verdict == "proved"),
            frozenset(allowed),
            frozenset(reached),
        )


def _count_free(message: str) -> str:
    """A message without the numbers of what it counts: a rule less is no other finding."""
    return "".join(c for c in message if not c.isdigit())


def _order(path: KeyPath) -> tuple[tuple[bool, int, str], ...]:
    return tuple((isinstance(p, int), p if isinstance(p, int) else 0, str(p)) for p in path)


# -- what may go


def candidates(architecture: Architecture) -> Iterator[Change]:
    """Every entry that is explicit: rules of security groups, and allowed actions on what links can reach."""
    value = architecture.document.value
    for path, rule in _group_rules(value):
        yield Change(path, f"the {path[-2]} rule {_told(rule)} of {path[-3]}")
    for path, statement in _statements(value):
        actions = _actions(statement)
        if all(map(_about_links, actions)):
            yield Change(path, f"the statement {', '.join(actions)} of {path[1]}")
        for position, action in enumerate(actions if len(actions) > 1 else ()):
            if _about_links(action):
                yield Change((*path, "allow", position), f"{action} of {path[1]}")


def narrowings(architecture: Architecture) -> Iterator[Change]:
    """Wide entries with what links need in their place."""
    value = architecture.document.value
    for path, rule in _group_rules(value):
        narrow = tuple(dict.fromkeys(_needed(architecture, path, rule)))
        if narrow:
            yield Change(path, f"the {path[-2]} rule {_told(rule)} of {path[-3]}", narrow)
    for path, statement in _statements(value):
        actions = _actions(statement)
        wide = any("*" in action for action in actions) or statement.get("on") in ("*", ["*"])
        if wide and set(statement) <= {"allow", "on"} and all(map(_about_links, actions)):
            narrow = tuple(_linked(architecture, str(path[1]), actions))
            if narrow:
                yield Change(path, f"the statement {', '.join(actions)} of {path[1]}", narrow)


def _actions(statement: dict[str, Any]) -> list[str]:
    """The actions that a statement allows."""
    allowed = statement.get("allow")
    return [a for a in (allowed if isinstance(allowed, list) else [allowed]) if isinstance(a, str)]


def _group_rules(value: dict[str, Any]) -> Iterator[tuple[KeyPath, dict[str, Any]]]:
    """The rules of the network's security groups, with their places."""
    network = value.get("network")
    places: list[tuple[KeyPath, Any]] = [(("network",), network)]
    vpcs = network.get("vpcs") if isinstance(network, dict) else None
    if isinstance(vpcs, dict):
        places += [(("network", "vpcs", name), held) for name, held in vpcs.items()]
    for base, held in places:
        groups = held.get("security_groups") if isinstance(held, dict) else None
        for name, group in groups.items() if isinstance(groups, dict) else ():
            for direction in _ENDS:
                rules = group.get(direction) if isinstance(group, dict) else None
                for position, rule in enumerate(rules if isinstance(rules, list) else ()):
                    if isinstance(rule, dict):
                        yield (*base, "security_groups", name, direction, position), rule


def _statements(value: dict[str, Any]) -> Iterator[tuple[KeyPath, dict[str, Any]]]:
    """The allowing statements of roles in the words of the language, with their places."""
    for name, component in (value.get("components") or {}).items():
        for base in ((), ("role",)):
            held = component
            for key in base:
                held = held.get(key) if isinstance(held, dict) else None
            policies = held.get("policies") if isinstance(held, dict) else None
            if isinstance(policies, list):
                policies = dict(enumerate(policies))
            for policy, said in policies.items() if isinstance(policies, dict) else ():
                for position, statement in enumerate(said if isinstance(said, list) else ()):
                    if isinstance(statement, dict) and statement.get("allow"):
                        yield ("components", name, *base, "policies", policy, position), statement


def _told(rule: dict[str, Any]) -> str:
    """A rule in a few words: `tcp 5432 from fn_sg`."""
    parts = [str(rule.get("protocol", "tcp")), str(rule.get("port", "all"))]
    for key in ("from", "to"):
        if key in rule:
            ends = rule[key] if isinstance(rule[key], list) else [rule[key]]
            parts += [key, " and ".join(str(e) for e in ends)]
    return " ".join(parts)


# -- what links need


def _about_links(action: str) -> bool:
    """Whether an action is one of a service that links speak of: of others nobody says what needs them."""
    prefix = action.partition(":")[0]
    return any(a.partition(":")[0] == prefix for v in verbs.table() for a, _ in v.actions)


def _covers(pattern: str, action: str) -> bool:
    from archproof.validators.policies import matches

    return matches(pattern, action)


def _linked(architecture: Architecture, role: str, patterns: Sequence[str]) -> Iterator[str]:
    """The statements that the links of a role's holders need of what `patterns` allow, one for each resource."""
    holders = {role, *(n for n, c in architecture.components.items() if getattr(c, "role", None) == role)}
    found: dict[str, dict[str, None]] = {}
    for link in architecture.links:
        own, other = (link.target, link.source) if link.verb.holder == "target" else (link.source, link.target)
        said = link.options.actions if link.options and link.options.actions else None
        for action, suffix in [(a, "") for a in said] if said else link.verb.actions:
            if own in holders and any(_covers(pattern, action) for pattern in patterns):
                on = '"*"' if suffix in ("*", "stream") else f'"{other}{suffix}"' if suffix else other
                found.setdefault(on, {})[action] = None
    for on, actions in found.items():
        listed = ", ".join(f'"{action}"' for action in actions)
        yield f"{{allow: [{listed}], on: {on}}}"


def _needed(architecture: Architecture, path: KeyPath, rule: dict[str, Any]) -> Iterator[str]:
    """The rules that the links of a group's members need, where a rule is wider than a port and a group."""
    group, direction = str(path[-3]), str(path[-2])
    end = _ENDS[direction]
    said = rule.get(end)
    ends = said if isinstance(said, list) else [said]
    wide = not str(rule.get("port", "all")).isdigit()
    if not wide and all(isinstance(e, str) and e in architecture.places.groups for e in ends):
        return
    for link in architecture.links:
        own, other = (link.target, link.source) if direction == "ingress" else (link.source, link.target)
        opened = ports(architecture, link)
        if group not in _groups(architecture, own) or not opened:
            continue
        for peer in _groups(architecture, other):
            for port in opened:
                yield f"{{port: {port}, {end}: {peer}}}"


def _groups(architecture: Architecture, name: str) -> list[str]:
    """The security groups that a component stands in."""
    component = architecture.components.get(name)
    placed = component.placement if component is not None else None
    return list(placed.security_groups or ()) if placed is not None else []


def tighten(text: str, environment: str | None, today: datetime.date, file: str = "architecture.yaml") -> Tightened:
    """Take out of a model's text all that no link or guarantee needs. Raises InputError where it is no model."""
    return Tightening(text, environment, today, file).run()
