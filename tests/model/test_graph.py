"""The graph of a model: typed nodes, and edges that tell five relations apart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import networkx

import archproof
from archproof.model.architecture import loads

MODEL = """\
archproof: 1
system: {name: shop, title: Shop}
network:
  vpc: {cidr: 10.0.0.0/16}
  subnets: {app: {cidr: 10.0.0.0/20, egress: nat}, public: {cidr: 10.0.16.0/20, egress: internet_gateway}}
  security_groups: {fn_sg: {}}
components:
  user: {kind: person}
  fn: {kind: lambda, title: Orders, dead_letter: failed, role: rights, in: {subnets: app, security_groups: [fn_sg]}}
  jobs: {kind: sqs_queue}
  failed: {kind: sqs_queue}
  rights: {kind: iam_role, trust: lambda.amazonaws.com}
links:
  - {from: user, to: fn, verb: invoke}
  - {from: fn, to: jobs, verb: send, title: queues work}
"""


def edges(graph: networkx.MultiDiGraph[str], type: str) -> dict[tuple[str, str, str], dict[str, Any]]:
    return {(a, b, key): data for a, b, key, data in graph.edges(keys=True, data=True) if data["type"] == type}


def test_nodes_have_types_and_components_their_kind() -> None:
    graph = loads(MODEL).graph
    assert isinstance(graph, networkx.MultiDiGraph)
    assert {name: data["type"] for name, data in graph.nodes(data=True)} == {
        "system": "system", "vpc:vpc": "vpc", "subnet:app": "subnet_tier", "subnet:public": "subnet_tier",
        "security_group:fn_sg": "security_group", "user": "component", "fn": "component", "jobs": "component",
        "failed": "component", "rights": "component",
    }  # fmt: skip
    fn = graph.nodes["fn"]
    assert (fn["kind"], fn["title"], fn["scope"], fn["component"].kind) == ("lambda", "Orders", "regional", "lambda")
    assert graph.nodes["system"]["title"] == "Shop"
    assert graph.nodes["subnet:app"]["egress"] == "nat"
    assert graph.name == "shop"


def test_containment_leads_from_the_system_to_what_stands_in_a_tier() -> None:
    contained = set(edges(loads(MODEL).graph, "containment"))
    assert contained == {
        ("system", "vpc:vpc", "containment"), ("vpc:vpc", "subnet:app", "containment"),
        ("vpc:vpc", "subnet:public", "containment"), ("vpc:vpc", "security_group:fn_sg", "containment"),
        ("subnet:app", "fn", "containment"), ("security_group:fn_sg", "fn", "containment"),
        ("system", "user", "containment"), ("system", "jobs", "containment"), ("system", "failed", "containment"),
        ("system", "rights", "containment"),
    }  # fmt: skip


def test_fields_are_references_and_placement_is_none() -> None:
    assert edges(loads(MODEL).graph, "reference") == {
        ("fn", "rights", "reference:role"): {"type": "reference", "field": "role"}
    }


def test_links_are_data_flow_whether_said_or_implied() -> None:
    data = edges(loads(MODEL).graph, "data")
    assert set(data) == {
        ("user", "fn", "data:invoke"), ("fn", "jobs", "data:send"), ("fn", "failed", "data:dead_letter"),
    }  # fmt: skip
    assert data["fn", "jobs", "data:send"] == {
        "type": "data", "verb": "send", "title": "queues work", "mode": "async", "implied": False,
    }  # fmt: skip
    assert data["fn", "failed", "data:dead_letter"]["implied"] is True


def test_links_carry_permissions_and_connections() -> None:
    graph = loads(MODEL).graph
    assert edges(graph, "permission")["fn", "jobs", "permission:send"]["actions"] == (
        "sqs:SendMessage", "sqs:GetQueueAttributes",
    )  # fmt: skip
    network = edges(graph, "network")["fn", "jobs", "network:443"]
    assert (network["port"], network["protocol"]) == (443, "tcp")


def test_every_edge_ends_at_nodes_that_have_a_type() -> None:
    graph = loads(MODEL).graph
    assert all("type" in graph.nodes[end] for edge in graph.edges for end in edge[:2])


def test_the_graph_of_a_file_is_reached_through_the_package(tmp_path: Path) -> None:
    (tmp_path / "architecture.yaml").write_text(MODEL)
    graph = archproof.load(tmp_path / "architecture.yaml").graph
    assert networkx.has_path(graph, "user", "jobs")
