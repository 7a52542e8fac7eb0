"""The context, flows, a model's own views, and which views there are."""

from __future__ import annotations

import pytest

from archproof.errors import UsageError
from archproof.model.architecture import loads
from archproof.renderers import views
from archproof.renderers.scene import Scene, SequenceScene

from .scenes import SYSTEM, arrows, homes, ids, node, scene

SHOP = """\
users: {kind: person}
bank: {kind: external_system}
api: {kind: http_api, authorizer: iam, routes: {GET /a: fn}}
fn: {kind: lambda, runtime: python3.13, in: {subnets: app}}
table: {kind: dynamodb_table, keys: {id: string}}
news: {kind: sns_topic}
"""
LINKS = "links:\n  - {from: users, to: api}\n  - {from: fn, to: [table, bank, news]}\n  - {from: news, to: users}\n"
FLOW = """flows:
  order:
    title: Ordering
    summary: Someone buys
    steps:
      - {from: users, to: api, does: send the order, returns: a number, fails: {"401": no token}}
      - {from: api, to: fn, does: invokes}
      - {from: fn, to: table, does: keeps it, mode: async, fails: {news: it was full}}
"""


def test_the_context_is_the_system_its_doors_and_who_is_outside() -> None:
    drawn = scene(SHOP, "context", rest=LINKS)
    assert homes(drawn) == {
        "users": None, "bank": None, "api": "system", "fn": "system", "news": "system", "inside": "system",
    }  # fmt: skip
    assert [g.title for g in drawn.groups] == ["Web shop"]
    assert node(drawn, "inside").subtitle == "DynamoDB table"


def test_in_the_context_mail_is_asynchronous_and_a_call_is_not() -> None:
    drawn = scene(SHOP, "context", rest=LINKS)
    assert "news -> users: mails (async)" in arrows(drawn)
    assert "users -> api: HTTPS (data)" in arrows(drawn)


def test_a_door_that_only_leaves_messages_inside_is_asynchronous_too() -> None:
    drawn = scene(
        "users: {kind: person}\napi: {kind: http_api, authorizer: iam, routes: {GET /a: jobs}}\n"
        "jobs: {kind: sqs_queue}\n", "context", rest="links:\n  - {from: users, to: api}\n",
    )  # fmt: skip
    assert "api -> inside: sends (async)" in arrows(drawn)


def test_a_flow_has_its_participants_in_the_order_in_which_they_act() -> None:
    drawn = views.build("order", loads(f"{SYSTEM}components:\n" + "".join(
        f"  {line}\n" for line in SHOP.replace(", in: {subnets: app}", "").splitlines()) + LINKS + FLOW))  # fmt: skip
    assert isinstance(drawn, SequenceScene) and drawn.problems() == []
    assert [p.id for p in drawn.participants] == ["users", "api", "fn", "table"]
    assert (drawn.title, drawn.subtitle) == ("Ordering", "Someone buys")
    first, second, third = drawn.messages
    assert (first.number, first.text, first.returns, first.failures) == (
        "1", "send the order", "a number", (("401", "no token"),),
    )  # fmt: skip
    assert (second.mode, third.mode) == ("sync", "async")
    assert third.failures == (("News", "it was full"),)
    assert drawn.description.startswith("Ordering: 1. Users to API: send the order; 2. ")


OWN = """views:
  data: {title: Only data, only: [fn, table], direction: down}
  calm: {without: [news, users], base: overview}
  racks: {base: zones, only: fn}
"""


def test_a_view_of_ones_own_shows_only_what_it_names() -> None:
    drawn = scene(SHOP, "data", rest=LINKS + OWN)
    assert ids(drawn) == ["fn", "table"]
    assert arrows(drawn) == ["fn -> table: reads and writes (data)"]
    assert (drawn.id, drawn.title, drawn.direction) == ("data", "Only data", "DOWN")
    assert [g.id for g in drawn.groups] == ["cloud", "region", "vpc:vpc", "tier:app"]


def test_or_all_but_what_it_leaves_out() -> None:
    drawn = scene(SHOP, "calm", rest=LINKS + OWN)
    assert ids(drawn) == ["bank", "api", "fn", "table"]
    assert (drawn.title, drawn.direction) == ("Web shop: calm", "RIGHT")


def test_and_may_be_cut_from_another_view() -> None:
    assert ids(scene(SHOP, "racks", rest=LINKS + OWN)) == ["fn@a", "fn@b"]


def test_views_are_named_the_built_in_first_flows_last() -> None:
    components = "".join(f"  {line}\n" for line in SHOP.replace(", in: {subnets: app}", "").splitlines())
    network = "network: {vpc: {cidr: 10.0.0.0/16}}\n"
    model = loads(SYSTEM + network + "components:\n" + components + LINKS + FLOW + OWN)
    assert views.names(model) == [
        "overview", "zones", "network", "exposure", "context", "data", "calm", "racks", "order",
    ]  # fmt: skip


def test_without_a_vpc_there_are_no_zones_to_draw() -> None:
    assert views.names(loads(f"{SYSTEM}components:\n  fn: {{kind: lambda, runtime: python3.13}}\n")) == [
        "overview", "context",
    ]  # fmt: skip


def test_a_vpc_among_the_components_has_zones() -> None:
    assert "zones" in views.names(loads(f"{SYSTEM}components:\n  lan: {{kind: vpc, cidr: 10.0.0.0/16}}\n"))


def test_a_view_that_is_not_there_is_answered_with_those_that_are() -> None:
    model = loads(f"{SYSTEM}components:\n  fn: {{kind: lambda, runtime: python3.13}}\n")
    with pytest.raises(UsageError) as caught:
        views.build("overvew", model)
    assert str(caught.value) == "no view 'overvew'; did you mean 'overview'? (views: overview, context)"


@pytest.mark.parametrize("title", ["<script>alert(1)</script>", "a\\u202eb", "]]>&amp;", "字" * 300, '\\"'])
def test_hostile_titles_are_only_text_in_every_format(title: str) -> None:
    from xml.etree import ElementTree

    from archproof.renderers import formats

    drawn = scene(f'fn: {{kind: lambda, runtime: python3.13, title: "{title}", description: "{title}"}}', network="")
    assert isinstance(drawn, Scene)
    picture = formats.write(drawn, "svg")
    names = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(picture).iter()}
    assert "script" not in names
    for extension in ("mmd", "dot", "py"):
        formats.write(drawn, extension)
