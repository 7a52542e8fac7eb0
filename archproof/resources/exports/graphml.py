"""The resource graph as GraphML, which yEd, Gephi, Cytoscape and networkx open."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from archproof.resources.exports import Wanted
from archproof.resources.resource import Resource, Resources
from archproof.resources.secrets import masked

FORMAT = "graphml"
ABOUT = "the graph of the resources as GraphML, for yEd, Gephi and Cytoscape"

_NODE = ("label", "type", "component", "address", "region", "account", "file", "line")
_EDGE = ("label", "path", "attribute")
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold in any form."""
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xmlns:y="http://www.yworks.com/xml/graphml" xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns \
http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
"""


def export(resources: Resources, wanted: Wanted) -> dict[str, str]:
    """The graph as one document: a node for each resource, an edge for each reference with the path that holds it."""
    return {"": "".join(_document(resources, wanted.description))}


def _document(resources: Resources, description: str) -> Iterator[str]:
    yield _HEAD
    for owner, names in (("node", _NODE), ("edge", _EDGE)):
        for name in names:
            type = "int" if name == "line" else "string"
            yield f'  <key id="{owner}-{name}" for="{owner}" attr.name="{name}" attr.type="{type}"/>\n'
    yield '  <key id="picture" for="node" yfiles.type="nodegraphics"/>\n'
    yield '  <graph id="system" edgedefault="directed">\n'
    if description:
        yield f"    <desc>{_text(description)}</desc>\n"
    for resource in resources:
        yield from _node(resource)
    number = 0
    for resource in resources:
        for use in resources.uses(resource):
            path = ".".join(map(str, use.path))
            values = {"label": path, "path": path, "attribute": use.attribute}
            ends = f"source={_quoted(use.source)} target={_quoted(use.target)}"
            yield f'    <edge id="e{number}" {ends}>\n{_data("edge", values)}    </edge>\n'
            number += 1
    yield "  </graph>\n</graphml>\n"


def _node(resource: Resource) -> Iterator[str]:
    place = resource.location()
    label = str(masked("", resource.component or resource.logical_id))
    values = {
        "label": label, "type": resource.type, "component": resource.component, "address": resource.address,
        "region": resource.region, "account": resource.account, "file": place.file, "line": str(place.line),
    }  # fmt: skip
    yield f"    <node id={_quoted(resource.logical_id)}>\n{_data('node', values)}"
    yield f'      <data key="picture"><y:ShapeNode><y:NodeLabel>{_text(label)}</y:NodeLabel></y:ShapeNode></data>\n'
    yield "    </node>\n"


def _data(owner: str, values: dict[str, str | None]) -> str:
    return "".join(f'      <data key="{owner}-{k}">{_text(v)}</data>\n' for k, v in values.items() if v)


def _text(value: str) -> str:
    return escape(_FORBIDDEN.sub("\ufffd", value))


def _quoted(value: str) -> str:
    return quoteattr(_FORBIDDEN.sub("\ufffd", value))
