"""Graphviz text, for tools that read it."""

from __future__ import annotations

from archproof.renderers import text
from archproof.renderers.diagrams_script import STYLES, as_scene
from archproof.renderers.options import DEFAULT, Options
from archproof.renderers.placed import LaidOut
from archproof.renderers.scene import Drawing, Edge, Scene
from archproof.renderers.sequence import LaidOutSequence

EXTENSIONS = ("dot", "gv")
CHANGES = {
    "missing": 'color="#c81e1e", style="rounded,dashed", penwidth=2', "extra": 'color="#c2570c", penwidth=2',
    "changed": 'color="#a16207", penwidth=2',
}  # fmt: skip


def write(drawing: Drawing | LaidOut | LaidOutSequence, options: Options = DEFAULT) -> bytes:
    """The graph of a scene or of a flow's messages."""
    source = drawing.scene if isinstance(drawing, LaidOut | LaidOutSequence) else drawing
    scene = source if isinstance(source, Scene) else as_scene(source)
    lines = ["digraph {", f"  label={quoted(scene.title)}; labelloc=t; compound=true; fontname=Helvetica"]
    lines += [f"  rankdir={'TB' if scene.direction == 'DOWN' else 'LR'}", "  node [shape=box, style=rounded]"]
    lines += inside(None, scene, "  ")
    first = {g.id: f"g:{g.id}" for g in scene.groups}
    lines += [f"  {edge_line(e, first)}" for e in scene.edges]
    return ("\n".join([*lines, "}"]) + "\n").encode("utf-8")


def quoted(value: str) -> str:
    """A double-quoted Graphviz string."""
    return '"' + text.clean(value).replace("\\", "\\\\").replace('"', '\\"') + '"'


def inside(parent: str | None, scene: Scene, indent: str) -> list[str]:
    """The members of a container."""
    lines = []
    for n in scene.nodes:
        if n.group == parent:
            below = [quoted(said)[1:-1] for said in (n.subtitle, *n.alarms, *n.told) if said]
            label = "\\n".join([quoted(n.title or n.id)[:-1], *below]) + '"'
            look = f", {CHANGES[n.change]}" if n.change else ""
            lines.append(f"{indent}{quoted('n:' + n.id)} [label={label}{look}]")
    for g in scene.groups:
        if g.parent == parent:
            lines += [f"{indent}subgraph {quoted('cluster:' + g.id)} {{", f"{indent}  label={quoted(g.title)}"]
            lines += [f'{indent}  {quoted("g:" + g.id)} [style=invis, shape=point, label=""]']
            lines += [*inside(g.id, scene, indent + "  "), indent + "}"]
    return lines


def edge_line(edge: Edge, groups: dict[str, str]) -> str:
    """An edge; one that ends at a container is cut at its border."""
    options = [f"label={quoted(edge.label)}", f"style={STYLES[edge.kind]}"]
    options += ["dir=both"] if edge.bidirectional else []
    options += [f"ltail={quoted('cluster:' + edge.source)}"] if edge.source in groups else []
    options += [f"lhead={quoted('cluster:' + edge.target)}"] if edge.target in groups else []
    ends = [quoted(groups.get(i, "n:" + i)) for i in (edge.source, edge.target)]
    return f"{ends[0]} -> {ends[1]} [{', '.join(options)}]"
