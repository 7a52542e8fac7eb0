"""Layouts pass the gate, are the same in every run and in both engines, and are remembered soundly."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archproof.renderers.layout import cache, engine, layout, layout_many
from archproof.renderers.layout.choose import variants
from archproof.renderers.layout.engine import LayoutError
from archproof.renderers.layout.graph import elk_graph
from archproof.renderers.quality import measure
from archproof.renderers.scene import Edge, Group, Node, Scene

from . import cast3


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ARCHPROOF_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.mark.parametrize("direction", ["AUTO", "RIGHT", "DOWN"])
def test_the_reference_system_passes_the_gate(direction: str) -> None:
    quality = measure(layout(cast3.overview(direction=direction)))
    assert quality.passed, quality.report()
    assert quality.crossings <= 9


def test_the_reference_system_is_no_ribbon() -> None:
    placed = layout(cast3.overview())
    assert 1.0 <= placed.width / placed.height <= 2.2


def test_both_engines_give_the_same_geometry() -> None:
    pytest.importorskip("py_mini_racer", reason="no V8 on this machine")
    pytest.importorskip("quickjs", reason="quickjs-ng is for machines without V8")
    scene = cast3.overview(nodes=cast3.NODES[:12], edges=(), groups=cast3.GROUPS)
    small = Scene(
        "small",
        "Small",
        cast3.NODES[:7],
        cast3.GROUPS,
        tuple(e for e in cast3.EDGES if e.id in ("e1", "e2", "e3", "e4", "e5", "e29")),
    )
    for drawn in (scene, small):
        graph = elk_graph(drawn, variants(drawn)[0][0])
        with engine.v8() as fast, engine.quickjs() as portable:
            assert fast.layout(graph) == portable.layout(graph)


def test_a_second_layout_needs_no_engine_and_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    first = layout(cast3.overview())
    monkeypatch.setattr(cache, "engine", None)  # starting one would raise
    assert layout(cast3.overview()) == first


def test_a_damaged_cache_is_no_harm(own_cache: Path) -> None:
    first = layout(cast3.overview(direction="RIGHT"))
    for path in own_cache.glob("*.json"):
        path.write_text("{", encoding="utf-8")
    assert layout(cast3.overview(direction="RIGHT")) == first


def test_the_result_does_not_depend_on_hash_seeds() -> None:
    code = (
        "import hashlib; from tests.renderers import cast3; from archproof.renderers import svg;"
        "print(hashlib.sha256(svg.write(cast3.overview(direction='RIGHT'))).hexdigest())"
    )
    root = Path(__file__).parents[2]
    digests = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=root,
            env={**os.environ, "PYTHONHASHSEED": seed, "ARCHPROOF_CACHE": "off"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "12345")
    }
    assert len(digests) == 1


def test_edges_may_end_at_containers() -> None:
    scene = Scene(
        "g",
        "Groups",
        (Node("a", "a", "lambda"), Node("b", "b", "rds", group="vpc")),
        (Group("vpc", "VPC with a rather long title", "vpc"), Group("empty", "Empty", "zone")),
        (Edge("1", "a", "vpc", "enters"), Edge("2", "vpc", "empty")),
    )
    quality = measure(layout(scene))
    assert quality.passed, quality.report()


def test_an_empty_scene_and_no_scene_are_fine() -> None:
    assert layout(Scene("e", "Empty", ())).nodes == ()
    assert layout_many([]) == []


def test_a_scene_that_contradicts_itself_is_refused_with_every_reason() -> None:
    scene = Scene("s", "S", (Node("a", "a", "lambda", group="nowhere"),), (), (Edge("e", "a", "ghost"),))
    with pytest.raises(LayoutError, match=r"ghost.*nowhere"):
        layout(scene)


names = st.text(max_size=60)


@st.composite
def scenes(draw: st.DrawFn) -> Scene:
    groups = [
        Group("g0", draw(names), "vpc"),
        Group("g1", draw(names), "subnet_private", "g0"),
        Group("g2", draw(names)),
    ]
    count = draw(st.integers(1, 9))
    homes = st.sampled_from([None, "g0", "g1", "g2"])
    nodes = tuple(Node(f"n{i}", draw(names), "lambda", subtitle=draw(names), group=draw(homes)) for i in range(count))
    ends = st.sampled_from([n.id for n in nodes])
    edges = tuple(
        Edge(f"e{i}", draw(ends), draw(ends), draw(st.text(max_size=20))) for i in range(draw(st.integers(0, 10)))
    )
    return Scene("s", draw(names), nodes, tuple(groups), tuple(e for e in edges if e.source != e.target))


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(scenes())
def test_any_small_scene_is_laid_out_without_overlaps_and_with_text_in_its_boxes(scene: Scene) -> None:
    quality = measure(layout(scene))
    assert not quality.node_overlaps and not quality.texts_outside and not quality.loose_ends, quality.report()
    assert not quality.edges_through_nodes and not quality.labels_on_nodes, quality.report()


def test_an_answer_does_not_depend_on_what_was_laid_out_before() -> None:
    scenes = [cast3.overview(direction="RIGHT"), cast3.overview(direction="DOWN")]
    graphs = [elk_graph(s, variants(s)[0][0]) for s in scenes]
    with engine.engine() as first:
        there = [first.layout(g) for g in graphs]
    with engine.engine() as second:
        back = [second.layout(g) for g in reversed(graphs)]
    assert there == back[::-1]


def test_a_process_that_laid_out_ends() -> None:
    code = (
        "from tests.renderers import cast3; from archproof.renderers.layout import layout;"
        "layout(cast3.overview(direction='RIGHT'))"
    )
    env = {**os.environ, "ARCHPROOF_CACHE": "off"}
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=Path(__file__).parents[2], env=env, timeout=60, check=False
    )
    assert ended.returncode == 0
