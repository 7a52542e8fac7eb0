"""The reports of drift for pull requests, build servers, code scanning and people."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from pathlib import Path

import pytest

from archproof.cli.main import main
from archproof.drift.differences import Comparison, Difference, PropertyDrift, Whole
from archproof.drift.formats import formats, render
from archproof.drift.words import compared, shown
from archproof.errors import Location
from archproof.sources.live import Unread
from tests.drift.accounts import HEAD, write
from tests.drift.test_drift_command import LIVE, MODEL, URL

NASTY = "<script>alert('x')</script>|`\n# up\u202e"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "architecture.yaml").write_text(HEAD + MODEL, encoding="utf-8")
    write(tmp_path / "live", **LIVE)
    return tmp_path


def report(capsys: pytest.CaptureFixture[str], format: str, *more: str) -> str:
    assert main(["drift", "--live", "live", "--today", "2026-11-23", "--format", format, *more]) == 1
    return capsys.readouterr().out


def hostile() -> Comparison:
    """A comparison in which every name is an attack."""
    place = Location("a.yaml", 3, 2, 3, 9)
    drift = PropertyDrift((NASTY,), NASTY, {"a": NASTY}, NASTY)
    return Comparison(
        [Difference(t, NASTY, NASTY, NASTY, drift, place, NASTY) for t in ("declared", "undeclared", "unread")],
        [Whole(NASTY, NASTY, NASTY, location=place, why=NASTY)], [Whole(NASTY, NASTY, physical_id=NASTY)],
        [Unread(NASTY, "denied", NASTY, NASTY, NASTY)], [(NASTY, [NASTY], NASTY)], notes=[NASTY],
    )  # fmt: skip


def test_the_formats_are_those_of_check_and_a_page() -> None:
    assert formats() == ["github", "html", "json", "junit", "markdown", "sarif", "text"]


def test_markdown_for_a_comment(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        report(capsys, "markdown", "--ignore", "orders:VisibilityTimeout")
        == f"""\
## ✗ Drift: shop and live

| declared | missing | undeclared | unmanaged | ambiguous | unread | ignored |
|---:|---:|---:|---:|---:|---:|---:|
| 1 | 1 | 1 | 1 | 0 | 0 | 1 |

1 declared, 1 missing, 1 undeclared, 1 unmanaged, 1 ignored; 2 resources compared, 1 as declared.

### Declared otherwise

| resource | property | declared | live | where |
|---|---|---|---|---|
| `web` | `SecurityGroupIngress[0]` | `tcp 22 from 10.0.0.0/8` | `tcp 22 from 0.0.0.0/0`<br>**opens tcp 22 to the whole internet (0.0.0.0/0) but 10.0.0.0/8** | `architecture.yaml:16:30` |

### Missing: declared, and not there

- `dlq` (`AWS::SQS::Queue`), `architecture.yaml:9:3`

<details>
<summary>Undeclared: there, and stated nowhere (1)</summary>

| resource | property | live | where |
|---|---|---|---|
| `orders` | `DelaySeconds` | `5` | `architecture.yaml:4:3` |

</details>

<details>
<summary>Unmanaged: resources that nothing declares (1)</summary>

- `AWS::SQS::Queue`: `{URL}extra`

</details>

<details>
<summary>Ignored (1)</summary>

- `Orders` `VisibilityTimeout`: ignored on the command line

</details>
"""  # noqa: E501
    )


def test_markdown_ends_long_tables_and_takes_no_markup_from_names() -> None:
    from markdown_it import MarkdownIt

    place = Location("a.yaml")
    many = [
        Difference("declared", None, f"R{n}", "T", PropertyDrift(("P",), 1, 2), place._replace(line=n + 1))
        for n in range(100)
    ]
    text = render(Comparison(many), "markdown")
    assert text.count("| `P` |") == 60 and "\n…and 40 more\n" in text
    page = MarkdownIt("commonmark").enable("table").render(render(hostile(), "markdown"))
    assert "<script" not in page and "<h1" not in page
    assert page.count("<tr>") == 8  # the heads and one row each: no name broke its row


def test_sarif_points_at_the_lines_of_the_model(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = json.loads(report(capsys, "sarif", "--ignore", "orders:DelaySeconds"))["runs"][0]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == [
        "drift-declared", "drift-missing", "drift-undeclared", "drift-unread",
    ]  # fmt: skip
    results = {(r["ruleId"], r["locations"][0]["physicalLocation"]["region"]["startLine"]): r for r in run["results"]}
    assert sorted(results) == [
        ("drift-declared", 8), ("drift-declared", 16), ("drift-missing", 9), ("drift-undeclared", 4),
    ]  # fmt: skip
    first = results["drift-declared", 8]
    assert first["level"] == "error" and first["ruleIndex"] == 0
    assert first["message"]["text"] == f"orders: VisibilityTimeout: 60 → 30; live: {URL}orders"
    assert first["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": "architecture.yaml"}
    assert results["drift-missing", 9]["message"]["text"] == "dlq: AWS::SQS::Queue Dlq is declared, and is not there"
    suppressed = results["drift-undeclared", 4]["suppressions"]
    assert suppressed == [{"kind": "inSource", "justification": "ignored on the command line"}]
    assert len({r["partialFingerprints"]["archproof/v1"] for r in run["results"]}) == 4
    told = run["invocations"][0]["toolExecutionNotifications"]
    assert told == [{"level": "note", "message": {"text": f"unmanaged: AWS::SQS::Queue: {URL}extra"}}]


def test_annotations_for_github(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        report(capsys, "github")
        == f"""\
::error file=architecture.yaml,line=8,endLine=8,col=7,endColumn=28,title=drift%2C declared::orders: VisibilityTimeout: 60 → 30
::warning file=architecture.yaml,line=4,endLine=4,col=3,endColumn=9,title=drift%2C undeclared::orders: DelaySeconds: 5, which nothing declares
::error file=architecture.yaml,line=16,endLine=16,col=30,endColumn=93,title=drift%2C declared::web: SecurityGroupIngress[0]: tcp 22 from 10.0.0.0/8 → tcp 22 from 0.0.0.0/0%0Aopens tcp 22 to the whole internet (0.0.0.0/0) but 10.0.0.0/8
::error file=architecture.yaml,line=9,endLine=9,col=3,endColumn=6,title=drift%2C missing::dlq: AWS::SQS::Queue is declared, and is not there
::warning title=drift%2C unmanaged::AWS::SQS::Queue: {URL}extra
::notice title=drift%3A 2 declared%2C 1 missing%2C 1 undeclared%2C 1 unmanaged::2 resources compared, 0 as declared
"""  # noqa: E501
    )


def test_a_case_a_resource_for_build_servers(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    suite = ET.fromstring(report(capsys, "junit", "--ignore", "web").encode())
    assert suite.attrib == {"name": "archproof drift", "tests": "3", "failures": "2", "skipped": "1"}
    found = {case.get("name"): next(iter(case), None) for case in suite}
    assert {name: (None if e is None else e.tag) for name, e in found.items()} == {
        "Dlq": "failure", "Orders": "failure", "Web": "skipped",
    }  # fmt: skip
    orders = found["Orders"]
    assert orders is not None and orders.text == "architecture.yaml:8:7: VisibilityTimeout: 60 → 30"
    assert ET.fromstring(render(hostile(), "junit").encode()).get("skipped") == "1"


class _Tags(HTMLParser):
    """The tags of a page, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_page_for_people(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = report(capsys, "html")
    body = page[page.index("<body>") :]
    assert "<b>2</b> declared" in body and "<b>0</b> unread" in body
    assert '<section class="opened" data-kind="declared"><h2>Wider than declared</h2>' in body
    assert '<a href="#r1-web">web</a> opens tcp 22 to the whole internet (0.0.0.0/0) but 10.0.0.0/8</li>' in body
    assert "<code>tcp 22 from <del>10.0.0.0/8</del></code>" in body
    assert "<code>tcp 22 from <ins>0.0.0.0/0</ins></code>" in body
    assert "<del>60</del>" in body and "<ins>30</ins>" in body and "<em>not declared</em>" in body
    assert "<summary>AWS::SQS::Queue <span>1</span></summary>" in body
    assert f'<li class="high"><i>+</i><div><code>{URL}extra</code>' in body
    assert not re.search(r"(src|href)=\"(?!#)", page)


def test_a_page_takes_nothing_of_a_name_for_html() -> None:
    page = render(hostile(), "html", title=NASTY, live=NASTY)
    tags = _Tags()
    tags.feed(page[page.index("<body>") :])
    assert tags.tags.count("script") == 1
    assert "alert('x')" in tags.text and "\u202e" not in page


def test_what_changed_is_marked_word_by_word() -> None:
    old, new = compared("arn:aws:s3:::shop/in/*", "arn:aws:s3:::shop/out/*")
    assert [p.text for p in old if p.changed] == ["in"]
    assert [p.text for p in new if p.changed] == ["out"]
    assert "".join(p.text for p in new) == "arn:aws:s3:::shop/out/*"
    assert shown({"Statement": [{"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "*"}]}) == (
        '{\n  "Statement": {\n    "Effect": "Allow",\n    "Action": [\n      "s3:GetObject",\n      "s3:PutObject"\n'
        '    ],\n    "Resource": "*"\n  }\n}'
    )
    same = compared("x" + " y" * 400 + " 1", "x" + " y" * 400 + " 2")[0]
    assert (len(same[0].text), same[0].text[157:166], same[1].text) == (323, " y  … y y", "1")
    long = "a b " * 20_000
    assert [p.changed for p in compared(long, long + "c")[0]] == [True]  # too long to be worth the time


def test_hashed_values_are_told_as_hidden() -> None:
    from archproof.sources.hiding import hidden

    value = {"MODE": hidden("MODE", "fast", "1")}
    drift = PropertyDrift(("Environment", "Variables"), {"MODE": "slow"}, value)
    comparison = Comparison([Difference("declared", "fn", "Fn", "AWS::Lambda::Function", drift, Location("a.yaml"))])
    for format in ("html", "markdown", "sarif", "github", "junit", "text"):
        assert "hashed:" not in render(comparison, format)
