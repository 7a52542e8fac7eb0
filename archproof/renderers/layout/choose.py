"""Lay out scenes: try a few variants, mend each, measure each with the gate, keep the best.

The best has the fewest faults, then the lowest cost: how much it must be shrunk to fit on a slide,
how often lines cross, how long they are. Everything is deterministic.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from archproof.renderers.layout.cache import RememberingEngine
from archproof.renderers.layout.engine import LayoutError
from archproof.renderers.layout.fold import candidates, misread
from archproof.renderers.layout.graph import Variant, elk_graph
from archproof.renderers.layout.reading import read
from archproof.renderers.layout.repair import mend
from archproof.renderers.placed import LaidOut
from archproof.renderers.quality import Quality, length, measure
from archproof.renderers.scene import Scene

SLIDE = (1600.0, 1000.0)
SIMPLEX = (("elk.layered.nodePlacement.strategy", "NETWORK_SIMPLEX"),)
STRAIGHT = (("elk.layered.nodePlacement.bk.edgeStraightening", "IMPROVE_STRAIGHTNESS"),)
ROOMY = (
    ("elk.spacing.edgeNode", "24"),
    ("elk.spacing.edgeEdge", "16"),
    ("elk.spacing.nodeNode", "36"),
    ("elk.layered.spacing.edgeNodeBetweenLayers", "24"),
)
# How many folds are laid out in a direction; to the right is what people expect, and so gets more tries
FOLDS = {"RIGHT": 2, "DOWN": 1}
# What the eye follows without effort
FEW_CROSSINGS = 4
# Up to this many nodes a layout takes no time, and more of them are tried
SMALL = 20
HASTY = (("elk.layered.thoroughness", "4"),)
# Beyond this many nodes one layout takes a second, and a slide is not what it will be shown on
LARGE = 120


def layout(scene: Scene) -> LaidOut:
    """Lay out one scene."""
    return layout_many([scene])[0]


def layout_many(scenes: Iterable[Scene]) -> list[LaidOut]:
    """Lay out many scenes with one start of the engine, in their order."""
    listed = list(scenes)
    for scene in listed:
        if problems := scene.problems():
            raise LayoutError(f"scene {scene.id!r}: " + "; ".join(problems))
    if not listed:
        return []
    with RememberingEngine() as elk:
        return [best(scene, elk) for scene in listed]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One layout of a scene with what the gate says of it."""

    scene: Scene
    variant: Variant
    laid_out: LaidOut
    quality: Quality
    cost: float


def attempts(jobs: list[tuple[Scene, Variant]], elk: RememberingEngine) -> list[Attempt]:
    """Lay out scenes in variants, mend and measure each."""
    found = []
    for scene, variant in jobs:
        laid_out = mend(read(scene, elk.layout(elk_graph(scene, variant)), variant))
        quality = measure(laid_out)
        found.append(
            Attempt(scene, variant, laid_out, quality, cost(laid_out, quality) + misread(scene, variant.turned))
        )
    return found


def rank(found: Attempt) -> tuple[int, float]:
    """What makes one attempt better than another."""
    return found.quality.faults, found.cost


def refinements(found: Attempt) -> list[Variant]:
    """Other beginnings for the search that orders the columns, where the best attempt still has crossings."""
    quality, scene = found.quality, found.scene
    if len(scene.nodes) > SMALL or (quality.passed and quality.crossings < FEW_CROSSINGS):
        return []
    seeds = [(("elk.randomSeed", seed),) for seed in ("2", "3")]
    return [replace(found.variant, options=found.variant.options + seed) for seed in seeds]


def best(scene: Scene, elk: RememberingEngine) -> LaidOut:
    """The best of some attempts; more variants are tried, one by one, only while there are faults."""
    first, more = variants(scene)
    found: list[Attempt] = []
    for variant in first:
        found += attempts([(scene, variant)], elk)
        if good_enough(found[-1]):
            return found[-1].laid_out
    found += attempts([(scene, v) for v in refinements(min(found, key=rank))], elk)
    for variant in more:
        if any(f.quality.passed for f in found):
            break
        found += attempts([(scene, variant)], elk)
    return min(found, key=rank).laid_out


def good_enough(found: Attempt) -> bool:
    """Whether other variants could hardly be better: no fault, few crossings, and it fits on a slide."""
    fits = found.laid_out.width <= SLIDE[0] and found.laid_out.height <= SLIDE[1]
    return found.quality.passed and found.quality.crossings < FEW_CROSSINGS and fits


def variants(scene: Scene) -> tuple[list[Variant], list[Variant]]:
    """What is always tried, and what is tried where that leaves faults."""
    directions = ["RIGHT", "DOWN"] if scene.direction == "AUTO" else [scene.direction]
    if len(scene.nodes) > LARGE:
        return [Variant(directions[0], HASTY)], [Variant(directions[-1], SIMPLEX), Variant(directions[0], ROOMY)]
    folds = FOLDS if len(scene.nodes) <= SMALL else {directions[0]: 1}
    first = [Variant(d, SIMPLEX, back) for d in directions if d in folds for back in folded(scene, d, folds[d])]
    return first, [Variant(v.direction, options, v.turned) for options in ((), STRAIGHT, ROOMY) for v in first]


def folded(scene: Scene, direction: str, count: int) -> list[frozenset[str]]:
    """The folds to try in a direction."""
    return candidates(scene, Variant(direction).style, SLIDE, count)


def cost(laid_out: LaidOut, quality: Quality) -> float:
    """What makes a faultless picture worse than another: smaller on a slide, more crossings, longer lines."""
    shrink = max(1.0, laid_out.width / SLIDE[0], laid_out.height / SLIDE[1])
    lines = length(laid_out) / max(1, len(laid_out.edges))
    return round(500 * (shrink - 1) + 14 * quality.crossings + lines / 4, 3)
