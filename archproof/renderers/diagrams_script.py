"""A Python script for the `diagrams` package, for those who keep their pictures there.

Every name goes in through `repr`, every class comes from our own table, so nothing in a title can
become code. The script renders with Graphviz; this project itself never runs it.
"""

from __future__ import annotations

from archproof.renderers import text
from archproof.renderers.icons import icon
from archproof.renderers.options import DEFAULT, Options
from archproof.renderers.placed import LaidOut
from archproof.renderers.scene import Drawing, Edge, Scene
from archproof.renderers.sequence import LaidOutSequence

EXTENSIONS = ("py",)
FALLBACK = "diagrams.aws.general.General"
STYLES = {
    "data": "solid", "network": "bold", "async": "dashed", "permission": "dotted", "reference": "dotted",
    "broken": "dashed", "doubtful": "dotted", "undeclared": "bold", "way": "bold",
}  # fmt: skip


def write(drawing: Drawing | LaidOut | LaidOutSequence, options: Options = DEFAULT) -> bytes:
    """The script that draws a scene; a flow becomes the scene of its messages, numbered."""
    source = drawing.scene if isinstance(drawing, LaidOut | LaidOutSequence) else drawing
    scene = source if isinstance(source, Scene) else as_scene(source)
    return ("\n".join(script(scene)) + "\n").encode("utf-8")


def as_scene(flow: Drawing) -> Scene:
    """A flow as a graph: `diagrams` knows no lifelines."""
    from archproof.renderers.scene import Node, SequenceScene

    assert isinstance(flow, SequenceScene)
    nodes = tuple(Node(p.id, p.title, p.kind, p.icon, p.subtitle) for p in flow.participants)
    edges = tuple(
        Edge(str(n), m.source, m.target, f"{m.number or n}. {m.text}", "async" if m.mode == "async" else "data")
        for n, m in enumerate(flow.messages, 1)
    )
    return Scene(flow.id, flow.title, nodes, (), edges)


def script(scene: Scene) -> list[str]:
    """The lines of the script."""
    classes = {n.id: icon(n.icon or n.kind).diagrams_class or FALLBACK for n in scene.nodes}
    names = {n.id: f"n{i}" for i, n in enumerate(scene.nodes)}
    lines = ['"""Draws the picture beside this file; needs `pip install diagrams` and Graphviz."""', ""]
    lines += ["from pathlib import Path", "", "from diagrams import Cluster, Diagram, Edge"]
    aliases = {
        path: f"{path.split('.')[-2].title()}{path.rpartition('.')[2]}" for path in sorted(set(classes.values()))
    }
    lines += [f"from {p.rpartition('.')[0]} import {p.rpartition('.')[2]} as {a}" for p, a in aliases.items()]
    direction = "TB" if scene.direction == "DOWN" else "LR"
    title = repr(text.clean(scene.title))
    lines += ["", "target = str(Path(__file__).with_suffix(''))"]
    lines.append(f"with Diagram({title}, filename=target, outformat='png', show=False, direction={direction!r}):")
    body = members(None, scene, names, {i: aliases[c] for i, c in classes.items()}, "    ")
    body += ["    " + connection(e, names) for e in scene.edges if e.source in names and e.target in names]
    return lines + (body or ["    pass"])


def members(parent: str | None, scene: Scene, names: dict[str, str], classes: dict[str, str], indent: str) -> list[str]:
    """Nodes and clusters of a container. Clusters are told apart by label alone, so each gets one of its own."""
    lines = []
    for node in (n for n in scene.nodes if n.group == parent):
        label = "\n".join(p for p in (text.clean(node.title) or node.id, text.clean(node.subtitle)) if p)
        lines.append(f"{indent}{names[node.id]} = {classes[node.id]}({label!r})")
    titles = [text.clean(g.title) for g in scene.groups]
    for i, group in enumerate(scene.groups):
        if group.parent != parent:
            continue
        inner = members(group.id, scene, names, classes, indent + "    ")
        # two clusters of one label would silently become one: a space more is not seen
        label = titles[i] + " " * titles[:i].count(titles[i])
        lines += [f"{indent}with Cluster({label!r}):", *(inner or [f"{indent}    pass"])]
    return lines


def connection(edge: Edge, names: dict[str, str]) -> str:
    """An edge with its label and style."""
    both = ", forward=True, reverse=True" if edge.bidirectional else ""
    look = f"Edge(label={text.clean(edge.label)!r}, style={STYLES[edge.kind]!r}{both})"
    joint = "-" if edge.bidirectional else ">>"
    return f"{names[edge.source]} {joint} {look} {joint} {names[edge.target]}"
