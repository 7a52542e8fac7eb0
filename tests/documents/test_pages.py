"""The HTML: one file that stands alone."""

from __future__ import annotations

import base64
import hashlib
import re

from archproof.model.architecture import loads
from archproof.renderers import documents
from archproof.renderers.documents.index import File, index
from tests.documents.systems import SHOP, SITE, SVG, TODAY, Reader, document, report


def test_the_page_parses_and_every_link_leads_to_a_place_in_it() -> None:
    read = Reader(documents.html(document(SHOP)))
    assert read.open == []
    assert len(read.ids) == len(set(read.ids))
    assert {link[1:] for link in read.links} <= set(read.ids)


def test_the_page_loads_nothing_and_its_policy_forbids_it() -> None:
    page = documents.html(document(SHOP))
    assert Reader(page).loads == []
    assert not re.findall(r"url\((?!data:)", page)
    assert not re.findall(r"@import|https?://(?!www\.w3\.org/)", re.sub(r"<title>.*?</title>", "", page))
    script = re.search(r"<script>(.*?)</script>", page, re.S)
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert script and policy
    digest = base64.b64encode(hashlib.sha256(script[1].encode()).digest()).decode()
    assert policy[1].startswith("default-src 'none'; ")
    assert f"script-src 'sha256-{digest}'; " in policy[1]


def test_the_pictures_stand_in_the_page_without_their_fonts() -> None:
    page = documents.html(document(SHOP))
    assert page.count('<svg xmlns="http://www.w3.org/2000/svg" width="80"') == 2
    assert "<style>.a{fill:red}</style>" in page
    assert "<figcaption>Flow order</figcaption>" in page


def test_numbers_are_notes_that_say_their_line() -> None:
    page = documents.html(document(SHOP))
    assert '<a class="note" href="#e1" title="architecture.yaml:2 — system">1</a>' in page
    assert '<a id="e1"></a>' in page


def test_contents_cards_and_marks_are_put_in_place() -> None:
    page = documents.html(document(SHOP))
    assert '<li class="level2"><a href="#s-capacity">Capacity</a></li>' in page
    assert '<h4><span class="family">Why</span>One database: why?</h4>' in page
    assert '<strong class="mark high">high</strong>' in page
    assert '<strong class="mark unknown">Not proved yet</strong>' in page
    assert '<span class="missing">not declared</span>' in page


def test_the_page_has_a_dark_side_and_a_printed_one() -> None:
    page = documents.html(document(SITE))
    assert "@media (prefers-color-scheme:dark)" in page
    assert "@media print" in page


def test_the_same_model_gives_the_same_page() -> None:
    assert documents.html(document(SHOP)) == documents.html(document(SHOP))


def test_the_index_opens_everything_and_counts_the_open_findings() -> None:
    architecture = loads(SHOP)
    page = index(
        architecture,
        report(architecture),
        {"overview": ("Overview", SVG)},
        {"overview": [File("PNG", "overview.png")]},
        [File("Interview", "interview.html", "The system explained")],
        TODAY,
    )
    read = Reader(page)
    assert read.open == []
    assert {"overview.png", "interview.html"} <= set(read.links)
    assert read.loads == []
    assert '<li class="high"><b>1</b> high</li>' in page
    assert '<li class="low none"><b>0</b> low</li>' in page
    assert "<b>1</b> accepted" in page
    assert "<b>1</b> not proved" in page
    assert "architecture.yaml:39" in page


def test_the_index_of_a_build_without_a_check_says_so() -> None:
    page = index(loads(SITE), None, {}, {}, [], TODAY)
    assert "No check was run." in page
    assert "No picture was drawn." in page
