"""Two matrices of a document: which security group reaches which on which ports, and which role may do what on what.

Both say what is proved, not what is written: ways are followed and policies evaluated. Lines that are alike fold into
one, and from many columns on the heads are numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from archproof.iam.attached import attached
from archproof.model import verbs
from archproof.model.architecture import Architecture
from archproof.network.ends import INTERNET
from archproof.network.filters import Filters
from archproof.network.matrix import Kind, matrix
from archproof.network.ports import Ports, Ranges
from archproof.renderers.views._reach import ENDPOINT, Reach, written
from archproof.resources.resource import Resource, Resources

NUMBERED = 7
"""From so many columns on, their heads are numbers, which the rows tell."""
LISTED = 24
"""From so many rows on, a matrix is told as a list of its cells."""
_NAMES = 3


@dataclass(slots=True)
class Matrix:
    """Who (rows) reaches whom (columns)."""

    rows: list[str] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    cells: dict[tuple[str, str], str] = field(default_factory=dict)

    @property
    def numbered(self) -> bool:
        """Whether its columns have numbers for heads."""
        return len(self.columns) >= NUMBERED

    @property
    def listed(self) -> bool:
        """Whether it is too large for a table."""
        return len(self.rows) > LISTED or len(self.columns) > LISTED

    @property
    def heads(self) -> list[str]:
        """What stands above the columns."""
        return [str(n) for n in range(1, len(self.columns) + 1)] if self.numbered else self.columns

    @property
    def lines(self) -> Iterator[tuple[str, list[str]]]:
        """Each row with its cells."""
        for row in self.rows:
            yield row, [self.cells.get((row, column), "") for column in self.columns]

    @property
    def legend(self) -> list[str]:
        """The numbered columns by name; empty where the heads are names."""
        return [f"{n} = {column}" for n, column in enumerate(self.columns, 1)] if self.numbered else []

    @property
    def ways(self) -> list[tuple[str, str]]:
        """Each row with all its cells in one line, for a matrix that is told as a list."""
        return [
            (row, "; ".join(f"{c} ({self.cells[row, c]})" for c in self.columns if (row, c) in self.cells))
            for row in self.rows
        ]


def groups(architecture: Architecture) -> Matrix:
    """Which security group reaches which, on which ports; the internet is the first that tries."""
    reach = Reach(architecture)
    ways = _Ways(reach)
    for version in (4, 6):
        for protocol in ("tcp", "udp"):
            ways.inside(protocol, version)
    ways.from_the_internet()
    named = {g: _group_name(reach, g) for g in ways.members}
    cells: dict[tuple[str, str], str] = {}
    for source, target in ways.found:
        sure, perhaps = (written(ways.ranges(source, target, level)) for level in (0, 1))
        cells[named.get(source, _INTERNET), named[target]] = sure or f"{perhaps} ?"
    return _folded([_INTERNET, *named.values()], list(named.values()), cells)


_INTERNET = "the internet"


class _Ways:
    """What gets from the members of one group to those of another, as sets of ports by protocol."""

    def __init__(self, reach: Reach) -> None:
        self.reach = reach
        self.members: dict[str, None] = {}
        self.listens: dict[int, tuple[int, ...]] = {}
        """The ports that the owner of an interface listens on, by the interface; empty where nobody knows."""
        self.passive: set[int] = set()
        self.ports: dict[str, Ports] = {}
        self.found: dict[tuple[str, str], dict[str, list[int]]] = {}
        """By groups and protocol: the ports for sure, and at most."""
        for spot in reach.spots.values():
            for interface in spot.interfaces:
                self.members.update(dict.fromkeys(interface.groups))
                self.listens[id(interface)] = spot.listens
                if spot.owners[0].type == ENDPOINT:
                    self.passive.add(id(interface))  # endpoints begin nothing

    def _filters(self, protocol: str) -> Filters:
        heard = sorted({port for listens in self.listens.values() for port in listens})
        filters = self.reach.network.paths(protocol, heard).filters
        self.ports[protocol] = filters.ports
        return filters

    def inside(self, protocol: str, version: int) -> None:
        """All pairs of interfaces, of one protocol and version of addresses."""
        held = matrix(self.reach.fabric, self._filters(protocol), version)
        heard = [self._heard(kind, protocol) for kind in held.kinds]
        begins = [
            {g for i in kind.interfaces if id(i) in self.listens and id(i) not in self.passive for g in i.groups}
            for kind in held.kinds
        ]
        for level in (0, 1):
            for number, row in enumerate(held.rows(level) if any(begins) else ()):
                if len(held.kinds[number].interfaces) == 1:
                    row[number] = 0  # nothing is asked about itself
                for source in begins[number]:
                    for mask, wanted in zip(row, heard, strict=True):
                        for target, ports in wanted.items() if mask else ():
                            self._add(source, target, protocol, level, mask & ports)

    def _heard(self, kind: Kind, protocol: str) -> dict[str, int]:
        """The ports that the members of a class listen on, by group."""
        ports, found = self.ports[protocol], dict[str, int]()
        for interface in kind.interfaces:
            listens = self.listens.get(id(interface))
            if listens is None:
                continue
            wanted = 0 if listens and protocol != "tcp" else ports.all
            if listens and protocol == "tcp":
                wanted = _union(ports.mask(port, port) for port in listens)
            for group in interface.groups:
                found[group] = found.get(group, 0) | wanted
        return found

    def from_the_internet(self) -> None:
        """What the internet reaches, asked of every spot."""
        internet = self.reach.network.naming.party(INTERNET)
        for spot in self.reach.spots.values():
            if spot.owners[0].type == ENDPOINT or spot.party is None:
                continue
            groups = {g for i in spot.interfaces for g in i.groups}
            masks = self.reach.masks(internet.ends, spot.party.ends, spot.listens)
            for protocol, (ports, *levels) in masks.items():
                self.ports[protocol] = ports
                for level, mask in enumerate(levels):
                    for group in groups:
                        self._add(INTERNET, group, protocol, level, mask)

    def _add(self, source: str, target: str, protocol: str, level: int, mask: int) -> None:
        if mask:
            held = self.found.setdefault((source, target), {})
            held.setdefault(protocol, [0, 0])[level] |= mask

    def ranges(self, source: str, target: str, level: int) -> dict[str, Ranges]:
        """What gets from one group to another, for sure (0) or at most (1)."""
        held = self.found[source, target]
        found = {protocol: self.ports[protocol].ranges(masks[level]) for protocol, masks in held.items()}
        return {protocol: ranges for protocol, ranges in found.items() if ranges}


def _union(masks: Iterable[int]) -> int:
    whole = 0
    for mask in masks:
        whole |= mask
    return whole


def _group_name(reach: Reach, id: str) -> str:
    held = reach.fabric.groups.get(id)
    return held.title.removeprefix("the group of ") if held is not None else id


def _folded(rows: list[str], columns: list[str], cells: dict[tuple[str, str], str]) -> Matrix:
    """A matrix without empty lines, alike lines as one."""
    rows = [r for r in dict.fromkeys(rows) if any((r, c) in cells for c in columns)]
    columns = [c for c in dict.fromkeys(columns) if any((r, c) in cells for r in rows)]
    across = _alike(columns, lambda c: tuple(cells.get((r, c)) for r in rows))
    down = _alike(rows, lambda r: tuple(cells.get((r, c)) for c in columns))
    found = {
        (text, head): cells[members[0], tops[0]]
        for text, members in down.items()
        for head, tops in across.items()
        if (members[0], tops[0]) in cells
    }
    return Matrix(list(down), list(across), found)


def _alike(lines: list[str], look: object) -> dict[str, list[str]]:
    """Lines that look the same, under one name."""
    assert callable(look)
    held: dict[object, list[str]] = {}
    for line in lines:
        held.setdefault(look(line), []).append(line)
    return {_together(members): members for members in held.values()}


def _together(names: list[str]) -> str:
    if len(names) <= _NAMES:
        return ", ".join(names)
    return f"{', '.join(names[:2])} and {len(names) - 2} more"


# -- permissions

_COLUMNS = {
    "reads": ("read", "receive", "pull"), "writes": ("write", "put", "send", "publish", "delete"),
    "runs or uses": ("invoke", "start", "run", "use", "call"),
}  # fmt: skip
"""Verbs of the language by the column that they stand in."""


def permissions(resources: Resources) -> Matrix:
    """Which role may do what on which resource, by verb: what policies of both sides come to together."""
    from archproof.proofs.needs import KINDS as kinds

    held = attached(resources)
    targets = [(r, kinds[r.type]) for r in resources if r.type in kinds]
    cells: dict[tuple[str, str], str] = {}
    roles = {_role_name(r): r for r in resources.of_type("AWS::IAM::Role")}
    for title, role in roles.items():
        for column, said in _COLUMNS.items():
            may = [
                f"{name}{' (conditional)' if verdict == 'conditional' else ''}"
                for target, kind in targets
                for name, verdict in [(target.title, _may(held, role, target, kind, said))]
                if verdict in ("allowed", "conditional")
            ]
            if may:
                cells[title, column] = ", ".join(dict.fromkeys(may))
    return _folded(list(roles), list(_COLUMNS), cells)


def _role_name(role: Resource) -> str:
    return str(role.component or role.logical_id)


def _may(held: object, role: Resource, target: Resource, kind: str, said: tuple[str, ...]) -> str:
    """What the first verb that a role is granted comes to: the action that it cannot do without decides."""
    from archproof.iam.attached import Attached

    assert isinstance(held, Attached)
    best = "denied"
    for verb in said:
        row = verbs.find(verb, "*", kind)
        if row is None or not row.actions or row.target != kind:
            continue
        action, behind = row.actions[0]
        if held.any(role, action) is False:
            continue
        arn = held.names.arn(target) + (behind if behind.startswith("/") else "")
        verdict = held.decide(role, action, target, arn=arn).verdict
        if verdict == "allowed":
            return verdict
        best = verdict if verdict == "conditional" else best
    return best
