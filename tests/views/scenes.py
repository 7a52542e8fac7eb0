"""What the tests of views share: a model as text, and its scenes."""

from __future__ import annotations

from archproof.model.architecture import loads
from archproof.renderers import views
from archproof.renderers.scene import Node, Scene

NETWORK = """network:
  vpc: {cidr: 10.0.0.0/16}
  subnets:
    public: {cidr: 10.0.0.0/20, egress: internet_gateway}
    app: {cidr: 10.0.16.0/20, egress: nat}
    data: {cidr: 10.0.32.0/20}
  security_groups: {fn_sg: {}}
"""
SYSTEM = "archproof: 1\nsystem: {name: shop, title: Web shop, summary: Sells things, region: eu-west-1}\n"


def scene(components: str, view: str = "overview", *, network: str = NETWORK, rest: str = "") -> Scene:
    """A view of a model with these components (not indented), checked for contradictions."""
    indented = "".join(f"  {line}\n" for line in components.strip().splitlines())
    drawing = views.build(view, loads(f"{SYSTEM}{network}components:\n{indented}{rest}"))
    assert isinstance(drawing, Scene)
    assert drawing.problems() == []
    return drawing


def ids(drawn: Scene) -> list[str]:
    """The ids of the nodes, in order."""
    return [n.id for n in drawn.nodes]


def node(drawn: Scene, id: str) -> Node:
    """One node."""
    return next(n for n in drawn.nodes if n.id == id)


def homes(drawn: Scene) -> dict[str, str | None]:
    """The container of each node."""
    return {n.id: n.group for n in drawn.nodes}


def arrows(drawn: Scene) -> list[str]:
    """The arrows in words: `fn -> db: queries (data)`."""
    sign = {True: "<->", False: "->"}
    return [f"{e.source} {sign[e.bidirectional]} {e.target}: {e.label} ({e.kind})" for e in drawn.edges]
