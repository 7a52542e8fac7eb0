"""What a picture is worth to its reader: whole titles, data behind what asks for it, the same PNG everywhere."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from archproof.errors import ArchproofError, UsageError
from archproof.renderers import formats, raster, text
from archproof.renderers.layout import layout
from archproof.renderers.layout.fold import MISREAD, levels, misread
from archproof.renderers.scene import Edge, Group, Node, Scene

TIERS = (
    Group("vpc", "VPC 10.0.0.0/16 · 2 zones", "vpc"),
    Group("app", "Application · 10.16.0.0/22 · private, transit gateway", "subnet_private", "vpc"),
    Group("data", "data · 10.32.0.0/22 · isolated", "subnet_isolated", "vpc"),
)
SCENE = Scene(
    "tiers", "Tiers",
    (Node("fn", "fn", "lambda", group="app"), Node("db", "db", "rds", group="data"), Node("q", "q", "sqs_queue")),
    TIERS,
    (Edge("call", "fn", "db", "queries"), Edge("send", "fn", "q", "sends", "async")),
)  # fmt: skip


def test_a_container_is_as_wide_as_its_title() -> None:
    titles = {g.group.title: g.title.content for g in layout(SCENE).groups}
    assert {whole: shown for whole, shown in titles.items() if whole != shown} == {}


def test_a_title_beyond_all_measure_is_cut_all_the_same() -> None:
    scene = Scene("long", "", (Node("n", "n", "lambda", group="g"),), (Group("g", "long " * 60),))
    assert layout(scene).groups[0].title.content.endswith("…")


def test_a_call_from_tier_to_tier_is_not_turned_for_nothing() -> None:
    assert misread(SCENE, frozenset({"call"})) == MISREAD
    assert misread(SCENE, frozenset({"send"})) == 0
    assert misread(SCENE, frozenset()) == 0
    assert levels(SCENE)["vpc"].edges == [("call", "g:app", "g:data")]


def test_without_its_painter_a_png_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    with pytest.raises(ArchproofError, match="a PNG needs the package resvg-py, which is not installed here"):
        raster.write(SCENE)


@pytest.mark.parametrize(("title", "alone"), [("Zürich → Genève · 10 €", True), ("東京", False)])
def test_the_systems_fonts_are_asked_only_for_what_the_bundled_one_has_not(
    title: str, alone: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: dict[str, object] = {}

    def paint(**options: object) -> bytes:
        said.update(options)
        return b""

    monkeypatch.setitem(sys.modules, "resvg_py", SimpleNamespace(svg_to_bytes=paint))
    raster.write(Scene("s", title, (Node("n", "n & m", "lambda"),)))
    assert said["skip_system_fonts"] is alone


def test_the_font_has_latin_letters_and_no_chinese() -> None:
    assert text.covered("a b\tÆ · – …")
    assert not text.covered("a中")
    assert text.covered("")


def test_a_picture_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    formats.save(SCENE, tmp_path / "new" / "a.mmd")
    assert (tmp_path / "new" / "a.mmd").read_bytes() == formats.write(SCENE, "mmd")
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot write"):
        formats.save(SCENE, tmp_path / "file" / "a.mmd")
    assert [p.name for p in (tmp_path / "new").iterdir()] == ["a.mmd"]
