"""Whatever a model calls its parts, the documents show it and do nothing else."""

from __future__ import annotations

import re

import pytest

from archproof.model.architecture import loads
from archproof.renderers import documents
from archproof.renderers.documents._markdown import escape
from archproof.renderers.documents.index import File, index
from tests.documents.systems import SVG, TODAY, Reader, document, markdown, report

TEXTS = {
    "jinja": "{{7*7}}{% raw %}",
    "script": "</script><script>alert(1)</script>",
    "style": "</style><img src=x onerror=alert(1)>",
    "link": "[x](javascript:alert(1))",
    "image": "![x](http://evil.example/x.png)",
    "reference": "[1]",
    "definition": "[1]: http://evil.example",
    "anchor": '<a id="e1"></a>',
    "table": "a | b | c",
    "code": "`` ` ``",
    "heading": "# Big",
    "item": "1. first",
    "quote": "> said",
    "rule": "---",
    "entity": "&lt;b&gt; &#x3c;b",
    "bold": "**x** __y__ ~~z~~",
    "auto": "<http://evil.example>",
    "escape": "\\",
    "right": "\u202etxt.exe\u202c",
    "long": "n" * 10_000,
}
MODEL = """\
archproof: 1
system: {{name: odd, title: {0}, summary: {0}, purpose: {0}, owner: {0}, requirements: [{0}]}}
components:
  people: {{kind: person, title: {0}, description: {0}, why: {0}}}
  fn: {{kind: lambda, title: {0}, description: {0}, why: {0}, environment: {{A: {0}}}}}
  jobs: {{kind: sqs_queue, title: {0}, dead_letter: dead}}
  dead: {{kind: sqs_queue, title: {0}}}
  db: {{kind: s3_bucket, title: {0}}}
links:
  - {{from: people, to: fn}}
  - {{from: fn, to: jobs, verb: send}}
  - {{from: jobs, to: fn, verb: trigger}}
flows:
  f: {{title: {0}, summary: {0}, steps: [{{from: people, to: fn, does: {0}, returns: {0}, fails: {{{1}: {0}}}}}]}}
guarantees: [{{never: {{from: internet, to: fn}}, because: {0}}}]
decisions: [{{id: {0}, title: {0}, because: {0}, instead_of: [{0}], affects: [fn]}}]
accepted: [{{rule: "*", component: fn, reason: {0}, until: 2027-01-01, by: {0}}}]
"""


def quoted(text: str) -> str:
    """A text as YAML writes it between double quotes."""
    return (
        '"'
        + text.replace("\\", "\\\\").replace('"', '\\"').replace("\u202e", "\\u202e").replace("\u202c", "\\u202c")
        + '"'
    )


def model(text: str) -> str:
    return MODEL.format(quoted(text), quoted(text[:50]))


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_hostile_text_stays_text_in_html(text: str) -> None:
    page = documents.html(document(model(text)))
    read = Reader(page)
    assert read.open == []
    assert page.count("<script") == 1
    assert read.loads == []
    assert not [name for name, _ in read.attributes if name.startswith("on")]
    assert all(link.startswith("#") for link in read.links)
    assert len(read.ids) == len(set(read.ids))
    assert max(len(t) for t in "".join(read.text).split()) < 700


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_hostile_text_stays_text_in_markdown(text: str) -> None:
    from markdown_it import MarkdownIt

    made = markdown(model(text))
    parsed = MarkdownIt("commonmark", {"html": False}).enable("table").parse(made)
    links = [c.attrs["href"] for t in parsed for c in t.children or [] if c.type == "link_open"]
    images = [c.attrs["src"] for t in parsed for c in t.children or [] if c.type == "image"]
    assert all(re.fullmatch(r"#e\d+", str(link)) for link in links)
    assert sorted(set(map(str, images))) == ["f.svg", "overview.svg"]
    assert [t.tag for t in parsed if t.type == "heading_open"].count("h1") == 1
    assert len(re.findall(r'^\| <a id="e1"></a>1 \|', made, re.M)) == 1


def test_the_jinja_of_a_title_is_shown_and_not_run() -> None:
    page = documents.html(document(model(TEXTS["jinja"])))
    assert "{{7*7}}{% raw %}" in page


@pytest.mark.parametrize("text", [t for n, t in TEXTS.items() if n != "long"], ids=[n for n in TEXTS if n != "long"])
def test_an_escaped_text_reads_as_it_was_written(text: str) -> None:
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark", {"html": False}).enable("table").parse(escape(text))
    assert [t.type for t in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    shown = "".join(c.content for c in tokens[1].children or [])
    assert shown == text.replace("\u202e", "").replace("\u202c", "")


def test_the_index_shows_hostile_texts_and_leads_nowhere_else() -> None:
    text = TEXTS["script"]
    architecture = loads(model(text))
    found = report(architecture) if "db" in architecture.components else None
    files = [File(text, "javascript:alert(1)"), File(text, "//evil.example/x"), File("Fine", "interview.html", text)]
    page = index(architecture, found, {"overview": (text, SVG)}, {"overview": files}, files, TODAY)
    read = Reader(page)
    assert read.open == []
    assert page.count("<script") == 1
    assert read.loads == []
    assert {link for link in read.links if not link.startswith("#")} == {"interview.html"}


def test_the_index_shows_a_name_in_no_other_order() -> None:
    page = index(loads('archproof: 1\nsystem: {name: odd, title: "ab\\u202Edc"}\n'), None, {}, {}, [], TODAY)
    assert "\u202e" not in page and "abdc" in page


def test_a_secret_in_a_model_stands_in_no_document() -> None:
    model = """\
archproof: 1
network: {vpc: {cidr: 10.0.0.0/16, availability_zones: 2}, subnets: {data: {cidr: 10.0.0.0/20, egress: none}}}
components:
  fn:
    kind: lambda
    environment: {DB_PASSWORD: correct-horse-1, DSN: "postgres://app:correct-horse-2@db/app", STAGE: prod}
    properties: {Environment: {Variables: {API_KEY: correct-horse-3}}}
  task: {kind: ecs_task_definition, image: {uri: "a/b:1"}, environment: {TOKEN: correct-horse-4}}
  db:
    kind: rds
    engine: postgres
    instance_class: db.m7g.large
    in: {subnets: data}
    properties: {MasterUserPassword: correct-horse-5}
  cache: {type: AWS::ElastiCache::ReplicationGroup, properties: {AuthToken: correct-horse-6}}
  kept: {kind: secret, properties: {SecretString: correct-horse-7}}
"""
    text = markdown(model)
    assert "correct-horse" not in text + documents.html(document(model))
    assert "STAGE: prod" in text
