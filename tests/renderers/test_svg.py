"""SVG and PNG are well formed, inert, reproducible and complete whatever the names are."""

from __future__ import annotations

import re
import struct
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archproof.renderers import raster, svg
from archproof.renderers.layout import layout
from archproof.renderers.options import Options
from archproof.renderers.scene import Badge, Edge, Group, Message, Node, Participant, Scene, SequenceScene
from archproof.renderers.sequence import layout_sequence, measure_sequence
from archproof.renderers.svg_parts import esc, safe_href

from . import cast3

EVIL = "</text><script>alert(1)</script>\"'&<![CDATA[ ]]>\u0000\u202e漢字🙂" + "W" * 3000


def evil_scene() -> Scene:
    nodes = (
        Node(
            "a\"'<>&",
            EVIL,
            EVIL,
            EVIL,
            EVIL,
            (Badge("high", EVIL, EVIL),),
            "g",
            href="javascript:alert(1)",
            tooltip=EVIL,
        ),
        Node("b", EVIL, "lambda"),
    )
    return Scene(
        EVIL, EVIL, nodes, (Group("g", EVIL, "vpc"),), (Edge("e", nodes[0].id, "b", EVIL, tooltip=EVIL),), EVIL
    )


@pytest.mark.parametrize("theme", ["light", "dark", "auto"])
def test_hostile_names_stay_text(theme: str) -> None:
    data = svg.write(evil_scene(), Options(theme=theme))  # type: ignore[arg-type]
    root = ElementTree.fromstring(data)
    tags = {e.tag.rpartition("}")[2] for e in root.iter()}
    assert "script" not in tags and "a" not in tags
    assert b"javascript" not in data and b"\x00" not in data and "\u202e".encode() not in data
    assert not any(name.startswith("on") for e in root.iter() for name in e.attrib)


@given(st.text(max_size=80))
def test_escaped_text_is_well_formed_in_elements_and_attributes(value: str) -> None:
    root = ElementTree.fromstring(f'<a b="{esc(value)}">{esc(value)}</a>')
    assert (root.text or "") == root.attrib["b"]


@pytest.mark.parametrize(
    ("link", "kept"),
    [
        ("page.html#x", "page.html#x"),
        ("https://example.com", "https://example.com"),
        ("JaVaScRiPt:alert(1)", ""),
        ("java\nscript:alert(1)", ""),
        ("data:text/html,x", ""),
    ],
)
def test_links_can_do_nothing_but_lead_somewhere(link: str, kept: str) -> None:
    assert safe_href(link) == kept


def test_the_same_scene_gives_the_same_bytes() -> None:
    placed = layout(cast3.overview(direction="RIGHT"))
    assert svg.write(placed) == svg.write(placed)
    assert raster.write(placed, Options(scale=0.5)) == raster.write(placed, Options(scale=0.5))


def test_ids_of_two_pictures_on_one_page_differ_and_all_references_resolve() -> None:
    found = []
    for scene in (cast3.overview(direction="RIGHT"), cast3.overview(direction="RIGHT", id="other")):
        text = svg.write(scene, Options(theme="auto", embed_font=False)).decode()
        ids = set(re.findall(r' id="([^"]+)"', text))
        used = set(re.findall(r'href="#([^"]+)"', text)) | set(re.findall(r"url\(#([^)]+)\)", text))
        assert used <= ids
        found.append(ids)
    assert not found[0] & found[1]


def test_the_picture_is_told_in_words() -> None:
    root = ElementTree.fromstring(svg.write(cast3.overview(direction="RIGHT")))
    assert root.attrib["role"] == "img"
    described = {e.tag.rpartition("}")[2]: e.text or "" for e in root[:2]}
    assert described["title"] == "CAST 3" and "db_proxy to db (5432)" in described["desc"]


def test_nothing_is_fetched_from_elsewhere() -> None:
    text = svg.write(cast3.overview(direction="RIGHT")).decode()
    assert "://" not in text.replace('xmlns="http://www.w3.org/2000/svg"', "")


def test_a_png_has_the_size_of_the_picture_times_the_scale() -> None:
    placed = layout(cast3.overview(direction="RIGHT"))
    width, height = struct.unpack(">LL", raster.write(placed, Options(scale=0.5))[16:24])
    assert abs(width - placed.width / 2) <= 1 and abs(height - placed.height / 2) <= 1


def test_a_png_shows_its_text() -> None:
    with_text = Scene("t", "T", (Node("a", "WWWWWWW", "lambda"),), legend=False)
    without = Scene("t", "T", (Node("a", "iiiiiii", "lambda"),), legend=False)
    assert raster.write(with_text) != raster.write(without)


def test_a_flow_passes_the_gate_and_is_well_formed() -> None:
    placed = layout_sequence(cast3.signing_in())
    assert measure_sequence(placed).passed, measure_sequence(placed).report()
    ElementTree.fromstring(svg.write(placed))


@given(
    st.lists(
        st.tuples(
            st.integers(0, 3), st.integers(0, 3), st.text(max_size=200), st.text(max_size=50), st.text(max_size=50)
        ),
        max_size=6,
    )
)
def test_any_flow_passes_the_gate(steps: list[tuple[int, int, str, str, str]]) -> None:
    people = tuple(Participant(str(i), f"{i} {EVIL[:60]}", "lambda") for i in range(4))
    messages = tuple(Message(str(a), str(b), t, r, failures=((f, t),)) for a, b, t, r, f in steps)
    placed = layout_sequence(SequenceScene("f", "F", people, messages))
    assert measure_sequence(placed).passed, measure_sequence(placed).report()
    ElementTree.fromstring(svg.write(placed, Options(embed_font=False)))
