"""Lay out scenes: try a few variants, mend each, measure each with the gate, keep the best.

The best has the fewest faults, then the lowest cost: how much it must be shrunk to fit on a slide,
how often lines cross, how long they are. Everything is deterministic.
"""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, replace

from archproof.renderers.layout.cache import RememberingEngine
from archproof.renderers.layout.engine import LayoutError
from archproof.renderers.layout.fold import candidates
from archproof.renderers.layout.graph import Variant, elk_graph
from archproof.renderers.layout.reading import read
from archproof.renderers.layout.repair import mend
from archproof.renderers.placed import LaidOut
from archproof.renderers.quality import Quality, length, measure
from archproof.renderers.scene import Scene

SLIDE = (1600.0, 1000.0)
SIMPLEX = (("elk.layered.nodePlacement.strategy", "NETWORK_SIMPLEX"),)
STRAIGHT = (("elk.layered.nodePlacement.bk.edgeStraightening", "IMPROVE_STRAIGHTNESS"),)
DEPTH = (("elk.layered.cycleBreaking.strategy", "DEPTH_FIRST"),)
ROOMY = (
    ("elk.spacing.edgeNode", "24"),
    ("elk.spacing.edgeEdge", "16"),
    ("elk.spacing.nodeNode", "36"),
    ("elk.layered.spacing.edgeNodeBetweenLayers", "24"),
)
# How many folds are laid out in a direction; to the right is what people expect, and so gets more tries
FOLDS = {"RIGHT": 2, "DOWN": 1}
# Layouts at a time: each engine takes some 80 MB
WORKERS = 2
# What the eye follows without effort
FEW_CROSSINGS = 4
# Up to this many nodes there is time for more tries
SMALL = 60
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
    with RememberingEngine() as elk, ThreadPoolExecutor(WORKERS) as workers:
        return best(listed, elk, workers)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One layout of a scene with what the gate says of it."""

    scene: Scene
    variant: Variant
    laid_out: LaidOut
    quality: Quality
    cost: float


def attempt(scene: Scene, variant: Variant, elk: RememberingEngine) -> Attempt:
    """Lay out a scene in one variant, mend and measure it."""
    laid_out = mend(read(scene, elk.layout(elk_graph(scene, variant)), variant))
    quality = measure(laid_out)
    return Attempt(scene, variant, laid_out, quality, cost(laid_out, quality))


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


def best(scenes: list[Scene], elk: RememberingEngine, workers: Executor) -> list[LaidOut]:
    """The best of some attempts at each scene; more variants are tried, one by one, only while there are faults.

    What is tried depends on nothing but the scene, so the answer is the same in whatever order they end.
    """
    found: list[list[Attempt]] = [[] for _ in scenes]

    def lay_out(jobs: list[tuple[int, Variant]]) -> None:
        made = workers.map(lambda job: attempt(scenes[job[0]], job[1], elk), jobs)
        for (number, _), one in zip(jobs, made, strict=True):
            found[number].append(one)

    plans = [variants(scene) for scene in scenes]
    lay_out([(n, variant) for n, (first, _) in enumerate(plans) for variant in first])
    lay_out([(n, variant) for n in range(len(scenes)) for variant in refinements(min(found[n], key=rank))])
    for number, (_, more) in enumerate(plans):
        for variant in more:
            if any(f.quality.passed for f in found[number]):
                break
            lay_out([(number, variant)])
    return [min(made, key=rank).laid_out for made in found]


def variants(scene: Scene) -> tuple[list[Variant], list[Variant]]:
    """What is always tried, and what is tried where that leaves faults."""
    directions = ["RIGHT", "DOWN"] if scene.direction == "AUTO" else [scene.direction]
    if len(scene.nodes) > LARGE:
        return [Variant(directions[0], HASTY)], [Variant(directions[-1], SIMPLEX), Variant(directions[0], ROOMY)]
    first = [
        Variant(d, SIMPLEX, back)
        for d in directions
        for back in folded(scene, d, FOLDS[d] if len(scene.nodes) <= SMALL else 1)
    ]
    return first, [Variant(v.direction, options, v.turned) for options in ((), STRAIGHT, ROOMY) for v in first]


def folded(scene: Scene, direction: str, count: int) -> list[frozenset[str]]:
    """The folds to try in a direction."""
    return candidates(scene, Variant(direction).style, SLIDE, count)


def cost(laid_out: LaidOut, quality: Quality) -> float:
    """What makes a faultless picture worse than another: smaller on a slide, more crossings, longer lines."""
    shrink = max(1.0, laid_out.width / SLIDE[0], laid_out.height / SLIDE[1])
    lines = length(laid_out) / max(1, len(laid_out.edges))
    return round(500 * (shrink - 1) + 14 * quality.crossings + lines / 4, 3)
