"""The resource graph as JSON."""

from __future__ import annotations

from archproof.resources.exports import Wanted
from archproof.resources.resource import Resources

FORMAT = "json"
ABOUT = "the graph of the resources: each with its place in the source, and who refers to whom"


def export(resources: Resources, wanted: Wanted) -> dict[str, str]:
    """The graph as one JSON document; secrets read `(hidden)`."""
    from archproof.resources.graph import graph
    from archproof.resources.template import to_json

    return {"": to_json(graph(resources))}
