"""The resource graph as GraphML."""

from __future__ import annotations

import networkx
import pytest

from archproof.errors import Location
from archproof.resources import exports
from archproof.resources.resource import Resource, Resources


def system() -> Resources:
    """A function that uses a queue, with names that an attacker would choose."""
    resources = Resources()
    queue = Resource("Q", "AWS::SQS::Queue", {}, component='<b>&"\x00\x0b', locate=lambda path: Location("a<b.yaml", 3))
    resources.add(queue)
    dead = {"deadLetterTargetArn": {"Fn::GetAtt": ["Q", "Arn"]}}
    resources.add(Resource("R", "AWS::SQS::Queue", {"RedrivePolicy": dead}, region="eu-west-1"))
    return resources


def test_nodes_and_edges_say_what_they_are() -> None:
    text = exports.export(system(), "graphml", exports.Wanted(description="Orders & more"))[""]
    graph = networkx.parse_graphml(text)
    assert graph.nodes["Q"]["type"] == "AWS::SQS::Queue"
    assert graph.nodes["Q"]["label"] == '<b>&"\ufffd\ufffd'
    assert (graph.nodes["Q"]["file"], graph.nodes["Q"]["line"]) == ("a<b.yaml", 3)
    assert graph.nodes["R"]["region"] == "eu-west-1"
    assert next(iter(graph.edges(data=True)))[:2] == ("R", "Q")
    data = next(iter(graph.edges(data=True)))[2]
    assert (data["path"], data["attribute"]) == ("RedrivePolicy.deadLetterTargetArn", "Arn")


def test_every_format_is_found_and_says_what_it_is() -> None:
    assert list(exports.formats()) == ["cloudformation", "graphml", "json"]
    with pytest.raises(KeyError):
        exports.export(system(), "cobol")
