"""Fold long chains, so that a picture becomes a page and not a ribbon.

A layered layout gives every step of the longest chain a column of its own. Here the columns of each
container are bent back like a river: past the fold, edges are turned round for the layout (the arrow is
drawn as declared), so that the chain runs back beneath what came before. Which folds are worth a try is
estimated from sizes alone, in microseconds, before the layouter is asked.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field

from archproof.renderers.layout import boxes
from archproof.renderers.scene import Scene, ancestors

Folds = tuple[tuple[str, int], ...]
ROOT = ""
MOST_COMBINATIONS = 600
MISREAD = 160.0
"""What it costs when data stands before what asks for it: as much as a third more in width."""


@dataclass(slots=True)
class Level:
    """One container: its members in order, the edges between them, and the column of each unfolded."""

    members: list[str] = field(default_factory=list)
    edges: list[tuple[str, str, str]] = field(default_factory=list)
    columns: dict[str, int] = field(default_factory=dict)

    @property
    def depth(self) -> int:
        """The number of the last column."""
        return max(self.columns.values(), default=0)


def levels(scene: Scene) -> dict[str, Level]:
    """Every container of a scene by its id; the picture itself is the one with the empty id.

    Node and group ids are told apart by a leading letter, as in the layouter's graph.
    """
    groups = {g.id: g for g in scene.groups}
    found = {ROOT: Level()} | {g.id: Level() for g in scene.groups}
    for group in scene.groups:
        found[group.parent or ROOT].members.append(f"g:{group.id}")
    paths: dict[str, list[str]] = {}
    for node in scene.nodes:
        found[node.group or ROOT].members.append(f"n:{node.id}")
        paths[node.id] = [*(f"g:{a}" for a in reversed(ancestors(groups, node.group))), f"n:{node.id}"]
    for group in scene.groups:
        paths[group.id] = [f"g:{a}" for a in reversed(ancestors(groups, group.id))]
    for edge in scene.edges:
        a, b = paths[edge.source], paths[edge.target]
        if edge.reverse_for_layout:
            a, b = b, a
        common = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), None)
        if common is not None:
            found[a[common - 1][2:] if common else ROOT].edges.append((edge.id, a[common], b[common]))
    for level in found.values():
        level.columns = columns(level)
    return found


def columns(level: Level) -> dict[str, int]:
    """Longest-path columns: cycles are broken where a walk in the given order closes them."""
    after: dict[str, list[str]] = {m: [] for m in level.members}
    for _, a, b in level.edges:
        after[a].append(b)
    order, state = [], dict.fromkeys(level.members, 0)
    forward: list[tuple[str, str]] = []
    for start in level.members:
        if state[start]:
            continue
        state[start] = 1
        stack = [(start, iter(after[start]))]
        while stack:
            member, rest = stack[-1]
            for target in rest:
                if state[target] != 1:
                    forward.append((member, target))
                if state[target] == 0:
                    state[target] = 1
                    stack.append((target, iter(after[target])))
                    break
            else:
                state[member] = 2
                order.append(member)
                stack.pop()
    place = dict.fromkeys(level.members, 0)
    before: dict[str, list[str]] = {}
    following: dict[str, list[str]] = {}
    for a, b in forward:
        before.setdefault(b, []).append(a)
        following.setdefault(a, []).append(b)
    for member in reversed(order):
        place[member] = max((place[a] + 1 for a in before.get(member, ())), default=0)
    for member in order:  # what nothing leads to stands next to what it leads to
        if member not in before and member in following:
            place[member] = min(place[b] for b in following[member]) - 1
    return place


def bent(column: int, fold: int) -> int:
    """Where a column comes to lie when the river turns at `fold` and again at 0."""
    at = column % (2 * fold)
    return at if at <= fold else 2 * fold - at


def turned(found: dict[str, Level], folds: Folds) -> frozenset[str]:
    """The edges that run back under these folds."""
    back = set()
    for name, fold in folds:
        level = found[name]
        for edge, a, b in level.edges:
            if level.columns[a] < level.columns[b] and bent(level.columns[a], fold) > bent(level.columns[b], fold):
                back.add(edge)
    return frozenset(back)


def candidates(scene: Scene, style: boxes.Style, slide: tuple[float, float], count: int) -> list[frozenset[str]]:
    """The most promising sets of edges to turn, the unfolded picture among them only if it is one of the best."""
    found = levels(scene)
    choices = [[(name, fold) for fold in range(1, level.depth)] for name, level in found.items() if level.depth >= 2]
    options: list[list[tuple[str, int] | None]] = [[None, *c] for c in choices]
    while options and combinations(options) > MOST_COMBINATIONS:
        longest = max(options, key=len)
        del longest[1::2]
    sizes = {f"n:{n.id}": size_of(scene, n.id, style) for n in scene.nodes}
    dear = against_reading(scene, found)
    rated: dict[frozenset[str], float] = {}
    for picked in itertools.product(*options):
        folds = tuple(p for p in picked if p)
        width, height = extent(ROOT, found, dict(folds), sizes, style)
        back = turned(found, folds)
        shrink = max(1.0, width / slide[0], height / slide[1])
        price = 500 * (shrink - 1) + 9 * len(back) + (MISREAD if back & dear else 0)
        rated[back] = min(price, rated.get(back, price))
    return sorted(rated, key=lambda back: (rated[back], sorted(back)))[:count]


def against_reading(scene: Scene, found: dict[str, Level]) -> frozenset[str]:
    """The edges that should lead on: calls from tier to tier, where readers expect the data behind what asks for it."""
    tiers = {f"g:{g.id}" for g in scene.groups if g.kind.startswith("subnet_")}
    calls = {e.id for e in scene.edges if e.kind == "data"}
    edges = (edge for level in found.values() for edge in level.edges)
    return frozenset(id for id, a, b in edges if id in calls and a in tiers and b in tiers)


def misread(scene: Scene, turned: frozenset[str]) -> float:
    """What turning these edges costs the reader."""
    return MISREAD if turned and turned & against_reading(scene, levels(scene)) else 0.0


def combinations(options: Iterable[list[tuple[str, int] | None]]) -> int:
    """How many ways there are to pick one of each."""
    total = 1
    for option in options:
        total *= len(option)
    return total


def size_of(scene: Scene, node: str, style: boxes.Style) -> tuple[float, float]:
    """The size of a card."""
    overlays = {o.id: o for o in scene.overlays}
    item = next(n for n in scene.nodes if n.id == node)
    card = boxes.card(item, [overlays[o] for o in item.overlays], style)
    return card.width, card.height


def extent(
    name: str, found: dict[str, Level], folds: dict[str, int], sizes: dict[str, tuple[float, float]], style: boxes.Style
) -> tuple[float, float]:
    """A guess at the size of a container: columns side by side, members of one column stacked."""
    level, right = found[name], style == "tall"
    gap, stack = (100.0, 24.0) if right else (64.0, 24.0)
    along: dict[int, float] = {}
    across: dict[int, float] = {}
    linked = {m for _, a, b in level.edges for m in (a, b)}
    for member in level.members:
        size = sizes.get(member) or extent(member[2:], found, folds, sizes, style)
        column = level.columns[member]
        if name in folds:
            column = bent(column, folds[name]) if column >= 0 else column
        if not level.edges and name != ROOT and member not in linked:
            column = len(along) % 3 if right else 0  # packed in a block
        length, breadth = size if right else size[::-1]
        along[column] = max(along.get(column, 0.0), length)
        across[column] = across.get(column, 0.0) + breadth + stack
    total = sum(along.values()) + gap * max(0, len(along) - 1)
    broad = max(across.values(), default=60.0)
    pad = (36.0, 60.0) if name != ROOT else (0.0, 0.0)
    return (total + pad[0], broad + pad[1]) if right else (broad + pad[0], total + pad[1])
