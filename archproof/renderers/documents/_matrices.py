"""Two matrices of a document: which security group reaches which on which ports, and which role may do what on what.

Both say what is proved, not what is written: ways are followed and policies evaluated. Lines that are alike fold into
one, and from many columns on the heads are numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from archproof.iam.attached import attached
from archproof.model import verbs
from archproof.model.architecture import Architecture
from archproof.network.ends import INTERNET
from archproof.network.filters import End
from archproof.renderers.views._reach import ENDPOINT, Reach
from archproof.resources.resource import Resource, Resources

NUMBERED = 7
"""From so many columns on, their heads are numbers, which the rows tell."""
LISTED = 24
"""From so many rows on, a matrix is told as a list of its cells."""
_NAMES = 3
_REPRESENTATIVES = 12
"""Ends of a group that are asked: those that differ in their place or in their other groups."""


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
    members: dict[str, dict[object, End]] = {}
    heard: dict[str, set[int] | None] = {}
    targets: set[str] = set()
    for spot in reach.spots.values():
        for interface in spot.interfaces:
            for group in interface.groups:
                key = (interface.subnet.id, interface.groups, interface.public)
                held = members.setdefault(group, {})
                if len(held) < _REPRESENTATIVES and interface.spans:
                    held.setdefault(key, End(interface.spans[0], interface))
                known = heard.setdefault(group, set())
                heard[group] = known | set(spot.listens) if known is not None and spot.listens else None
                if spot.owners[0].type != ENDPOINT:
                    targets.add(group)
    named = {g: _group_name(reach, g) for g in members}
    cells: dict[tuple[str, str], str] = {}
    internet = reach.network.naming.party(INTERNET).ends
    for source in (INTERNET, *members):
        ends = internet if source == INTERNET else list(members[source].values())
        if source != INTERNET and source not in targets:
            continue  # endpoints begin nothing
        for target in members:
            sure, perhaps = reach.straight(ends, list(members[target].values()), sorted(heard[target] or ()))
            if sure or perhaps:
                cells[named.get(source, "the internet"), named[target]] = sure or f"{perhaps} ?"
    rows = ["the internet", *(named[g] for g in members if g in targets)]
    return _folded(rows, [named[g] for g in members], cells)


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
