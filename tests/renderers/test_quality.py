"""The gate counts each kind of fault on its own, and passes what has none."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from archproof.renderers.placed import Box, LaidOut, PlacedEdge, PlacedGroup, PlacedNode, Text
from archproof.renderers.quality import Quality, cuts, measure
from archproof.renderers.scene import Edge, Group, Node, Scene

A, B, C = (Node(i, i, "lambda") for i in "abc")
INNER = Group("g", "Inner")


def placed(node: Node, x: float, y: float) -> PlacedNode:
    return PlacedNode(node, Box(x, y, 100, 60), Box(x + 5, y + 5, 40, 40))


def group(x: float, y: float, width: float = 160, height: float = 140) -> PlacedGroup:
    return PlacedGroup(INNER, Box(x, y, width, height), Text("Inner", x + 8, y + 18, 12, 40))


def edge(*points: tuple[float, float], label: Box | None = None, id: str = "e") -> PlacedEdge:
    return PlacedEdge(Edge(id, "a", "b", "x" if label else ""), points, label)


def picture(**parts: object) -> LaidOut:
    """A and B side by side with one clean edge, C below, unless the parts say otherwise."""
    values: dict[str, object] = {
        "nodes": (placed(A, 20, 20), placed(B, 320, 20), placed(C, 170, 400)),
        "groups": (),
        "edges": (edge((120, 50), (320, 50), label=Box(200, 42, 40, 16)),),
        **parts,
    }
    return LaidOut(Scene("s", "S", (A, B, C)), 600, 600, **values)  # type: ignore[arg-type]


def only(quality: Quality) -> dict[str, int]:
    names = [f for f in Quality.__dataclass_fields__ if f not in ("smallest_text_px", "crossings")]
    return {n: getattr(quality, n) for n in names if getattr(quality, n)}


def test_a_clean_picture_passes() -> None:
    quality = measure(picture())
    assert quality.passed and quality.faults == 0 and "passed" in quality.report()


def test_cards_on_cards_fail() -> None:
    found = measure(picture(nodes=(placed(A, 20, 20), placed(B, 320, 20), placed(C, 330, 60))))
    assert only(found) == {"node_overlaps": 1}
    assert not found.passed and "FAULT" in found.report()


def test_a_card_in_a_foreign_container_fails() -> None:
    assert only(measure(picture(groups=(group(150, 370),)))) == {"node_overlaps": 1}


def test_an_edge_through_a_card_fails() -> None:
    found = measure(
        picture(nodes=(placed(A, 20, 20), placed(B, 320, 20), placed(C, 170, 10)), edges=(edge((120, 50), (320, 50)),))
    )
    assert only(found) == {"edges_through_nodes": 1}


def test_an_edge_through_a_foreign_container_and_its_title_fails_twice() -> None:
    found = measure(picture(groups=(group(150, 35),), edges=(edge((120, 50), (320, 50)),)))
    assert only(found) == {"edges_through_groups": 1, "edges_through_titles": 1}


def test_a_label_on_a_card_fails() -> None:
    assert only(measure(picture(edges=(edge((120, 50), (320, 50), label=Box(300, 42, 40, 16)),)))) == {
        "labels_on_nodes": 1
    }


def test_a_label_on_another_line_fails_and_the_crossing_is_reported() -> None:
    other = PlacedEdge(Edge("f", "a", "c"), ((120, 25), (220, 25), (220, 400)))
    found = measure(picture(edges=(*picture().edges, other)))
    assert only(found) == {"labels_on_edges": 1}
    assert found.crossings == 1


def test_labels_on_labels_fail() -> None:
    other = edge((120, 60), (320, 60), label=Box(210, 52, 40, 16), id="f")
    assert only(measure(picture(edges=(*picture().edges, other)))) == {"labels_on_labels": 1}


def test_a_label_on_the_title_of_the_picture_fails() -> None:
    header = (Text("S", 190, 55, 20, 60),)
    found = measure(picture(header=header, edges=(edge((120, 70), (320, 70), label=Box(200, 50, 40, 16)),)))
    assert only(found) == {"labels_on_titles": 1}


def test_lines_on_one_another_fail() -> None:
    found = measure(picture(edges=(edge((120, 50), (320, 50)), edge((120, 50), (320, 50), id="f"))))
    assert only(found) == {"edges_on_edges": 1}


def test_a_line_that_ends_in_the_air_fails() -> None:
    assert only(measure(picture(edges=(edge((120, 50), (300, 50)),)))) == {"loose_ends": 1}


def test_text_outside_its_card_or_too_small_fails() -> None:
    wide = replace(placed(A, 20, 20), texts=(Text("long", 25, 40, 12, 300),))
    assert only(measure(picture(nodes=(wide, placed(B, 320, 20))))) == {"texts_outside": 1}
    small = replace(placed(A, 20, 20), texts=(Text("s", 25, 40, 8, 10),))
    assert measure(picture(nodes=(small, placed(B, 320, 20)))).faults == 1


@given(st.integers(0, 500), st.integers(0, 500), st.integers(0, 500), st.integers(0, 500))
def test_a_level_or_upright_line_cuts_a_box_exactly_when_they_share_inner_points(
    x: int, y: int, u: int, v: int
) -> None:
    box = Box(100, 100, 200, 150)
    inner = box.grown(-0.75)
    assert cuts(((x, y), (u, y)), box) == (
        inner.y <= y <= inner.bottom and min(x, u) <= inner.right and max(x, u) >= inner.x
    )
    assert cuts(((x, y), (x, v)), box) == (
        inner.x <= x <= inner.right and min(y, v) <= inner.bottom and max(y, v) >= inner.y
    )


@given(st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 1000)), max_size=12))
def test_overlaps_found_by_the_grid_are_those_of_comparing_all_pairs(corners: list[tuple[int, int]]) -> None:
    nodes = tuple(placed(Node(str(i), "", "lambda"), x, y) for i, (x, y) in enumerate(corners))
    pairs = sum(a.box.overlaps(b.box) for i, a in enumerate(nodes) for b in nodes[:i])
    assert measure(LaidOut(Scene("s", "", ()), 2000, 2000, nodes, (), ())).node_overlaps == pairs
