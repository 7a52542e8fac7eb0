"""Mermaid text: flowcharts and sequence diagrams for READMEs and wikis."""

from __future__ import annotations

from archproof.renderers import text
from archproof.renderers.options import DEFAULT, Options
from archproof.renderers.placed import LaidOut
from archproof.renderers.scene import Drawing, Edge, Group, Node, Scene, SequenceScene
from archproof.renderers.sequence import LaidOutSequence

EXTENSIONS = ("mmd",)
ARROWS = {
    "data": "-->", "network": "==>", "async": "-.->", "permission": "-.->", "reference": "-.->",
    "broken": "-.-x", "doubtful": "-.->", "undeclared": "==>", "way": "==>",
}  # fmt: skip
STYLES = {
    "vpc": "fill:#faf7ff,stroke:#8c4fff", "region": "fill:#f7fbfb,stroke:#00a4a6,stroke-dasharray:6 4",
    "cloud": "fill:#fbfcfd,stroke:#242f3e", "subnet_public": "fill:#f1f6e2,stroke:#7aa116",
    "subnet_private": "fill:#e4f5f4,stroke:#00a4a6", "subnet_isolated": "fill:#e7f1fb,stroke:#1873b8",
}  # fmt: skip
CHANGES = {
    "missing": "stroke:#c81e1e,stroke-width:3px,stroke-dasharray:5 4", "extra": "stroke:#c2570c,stroke-width:3px",
    "changed": "stroke:#a16207,stroke-width:3px",
}  # fmt: skip
PLAIN = frozenset(" ,.()/%+=*'?!@_-")


def write(drawing: Drawing | LaidOut | LaidOutSequence, options: Options = DEFAULT) -> bytes:
    """The Mermaid text of a scene or of a flow."""
    source = drawing.scene if isinstance(drawing, LaidOut | LaidOutSequence) else drawing
    lines = flowchart(source) if isinstance(source, Scene) else sequence(source)
    return ("\n".join(lines) + "\n").encode("utf-8")


def quoted(value: str) -> str:
    """Any text as a Mermaid string: whatever could be syntax becomes a character code (`#35;`)."""
    return "".join(c if c.isalnum() or c in PLAIN else f"#{ord(c)};" for c in text.clean(value)) or " "


def flowchart(scene: Scene) -> list[str]:
    """Subgraphs for containers, numbered ids (names could be keywords), one line an edge."""
    ids = {n.id: f"n{i}" for i, n in enumerate(scene.nodes)} | {g.id: f"g{i}" for i, g in enumerate(scene.groups)}
    lines = ["---", f"title: {yaml_string(scene.title)}", "---"] if text.clean(scene.title) else []
    lines.append("flowchart " + ("TD" if scene.direction == "DOWN" else "LR"))
    lines += inside(None, scene, ids, "  ")
    lines += [f"  {arrow(e, ids)}" for e in scene.edges]
    for group in scene.groups:
        if group.kind in STYLES:
            lines.append(f"  style {ids[group.id]} {STYLES[group.kind]}")
    lines += [f"  style {ids[n.id]} {CHANGES[n.change]}" for n in scene.nodes if n.change]
    return lines


def yaml_string(value: str) -> str:
    """A YAML double-quoted scalar; Mermaid reads the title from front matter."""
    import json

    return json.dumps(text.clean(value), ensure_ascii=False)


def inside(parent: str | None, scene: Scene, ids: dict[str, str], indent: str) -> list[str]:
    """The members of a container, deeper ones indented."""
    lines = [indent + node_line(n, ids) for n in scene.nodes if n.group == parent]
    for group in (g for g in scene.groups if g.parent == parent):
        lines += [indent + group_line(group, ids), *inside(group.id, scene, ids, indent + "  "), indent + "end"]
    return lines


def node_line(node: Node, ids: dict[str, str]) -> str:
    """A node with its title and, on a second line, its subtitle."""
    more = f"<br/>{quoted(node.subtitle)}" if text.clean(node.subtitle) else ""
    more += "".join(f"<br/>{quoted(said)}" for said in (*node.alarms, *node.told))
    return f'{ids[node.id]}["{quoted(node.title or node.id)}{more}"]'


def group_line(group: Group, ids: dict[str, str]) -> str:
    """The opening of a container."""
    return f'subgraph {ids[group.id]}["{quoted(group.title)}"]'


def arrow(edge: Edge, ids: dict[str, str]) -> str:
    """An edge with its label."""
    shape = ("<" if edge.bidirectional else "") + ARROWS[edge.kind]
    label = f'|"{quoted(edge.label)}"|' if text.clean(edge.label) else ""
    return f"{ids[edge.source]} {shape}{label} {ids[edge.target]}"


def sequence(scene: SequenceScene) -> list[str]:
    """Participants, messages, dashed answers, failures as notes."""
    ids = {p.id: f"p{i}" for i, p in enumerate(scene.participants)}
    lines = ["---", f"title: {yaml_string(scene.title)}", "---"] if text.clean(scene.title) else []
    lines += ["sequenceDiagram", "  autonumber"]
    for p in scene.participants:
        word = "actor" if p.kind in ("person", "people") else "participant"
        lines.append(f"  {word} {ids[p.id]} as {quoted(p.title or p.id)}")
    for m in scene.messages:
        a, b = ids[m.source], ids[m.target]
        lines.append(f"  {a}{'-)' if m.mode == 'async' else '->>'}{b}: {quoted(m.text)}")
        for code, why in m.failures:
            lines.append(f"  Note over {b}: {quoted(f'{code}: {why}')}")
        if text.clean(m.returns):
            lines.append(f"  {b}-->>{a}: {quoted(m.returns)}")
    return lines
