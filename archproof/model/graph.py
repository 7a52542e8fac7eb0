"""The model as a networkx graph: typed nodes, and edges that tell five relations apart.

Nodes have `type` (`system`, `vpc`, `subnet_tier`, `security_group`, `component`), and components their
`kind`, `title`, `scope` and `component` (the pydantic model). Edges have `type`:

- `containment`: from what holds to what is held (system → VPC → tier → component; security group → member);
- `reference`: a field that names something (`field`);
- `data`: a link (`verb`, `title`, `mode`, `implied`);
- `permission`: a link's source or target may do `actions` on the other end;
- `network`: a link opens a connection (`port`, `protocol`).

The key of an edge is its type, with the verb or the field behind a colon.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx

    from archproof.model.architecture import Architecture, Link


def build(architecture: Architecture) -> networkx.MultiDiGraph[str]:
    """Build the graph of an architecture."""
    import networkx

    graph: networkx.MultiDiGraph[str] = networkx.MultiDiGraph(name=architecture.system.name)
    graph.add_node("system", type="system", title=architecture.system.title or architecture.system.name)
    _places(graph, architecture)
    for name, component in architecture.components.items():
        graph.add_node(
            name, type="component", kind=component.kind, title=architecture.title(name),
            scope=component.scope, component=component,
        )  # fmt: skip
        _contain(graph, architecture, name)
    for reference in architecture.references:
        target = _node(graph, reference.target, reference.meaning.kinds)
        if target and reference.meaning.edge == "reference" and not _is_placement(reference.path):
            key = f"reference:{reference.field}"
            graph.add_edge(reference.source, target, key=key, type="reference", field=reference.field)
    for link in architecture.links:
        _link(graph, architecture, link)
    return graph


def _is_placement(path: tuple[str | int, ...]) -> bool:
    return len(path) > 2 and path[2] == "in"


def _places(graph: networkx.MultiDiGraph[str], architecture: Architecture) -> None:
    places = architecture.places
    for vpc, network in places.vpcs.items():
        cidr = network.vpc.cidr if network.vpc and isinstance(network.vpc.cidr, str) else None
        graph.add_node(f"vpc:{vpc}", type="vpc", title=vpc, cidr=cidr)
        graph.add_edge("system", f"vpc:{vpc}", key="containment", type="containment")
    for name, tier in places.tiers.items():
        graph.add_node(f"subnet:{name}", type="subnet_tier", title=name, cidr=tier.blocks, egress=tier.egress)
        vpc = places.vpc_of[f"tier:{name}"]
        graph.add_edge(f"vpc:{vpc}", f"subnet:{name}", key="containment", type="containment")
    for name in places.groups:
        graph.add_node(f"security_group:{name}", type="security_group", title=name)
        vpc = places.vpc_of[f"group:{name}"]
        graph.add_edge(f"vpc:{vpc}", f"security_group:{name}", key="containment", type="containment")


def _node(graph: networkx.MultiDiGraph[str], name: str, kinds: tuple[str, ...]) -> str | None:
    """The node that a reference means: a component, or a place of the network section."""
    for prefix in ("subnet", "security_group", "vpc"):
        if prefix in kinds and f"{prefix}:{name}" in graph:
            return f"{prefix}:{name}"
    return name


def _contain(graph: networkx.MultiDiGraph[str], architecture: Architecture, name: str) -> None:
    placement = architecture.components[name].stands_in
    holders: list[str] = []
    if placement is not None:
        holders += [str(_node(graph, s, ("subnet",))) for s in placement.subnets]
        holders += [str(_node(graph, g, ("security_group",))) for g in placement.security_groups or []]
        if not placement.subnets and placement.vpc:
            holders.append(str(_node(graph, placement.vpc, ("vpc",))))
    for holder in holders or ["system"]:
        graph.add_edge(holder, name, key="containment", type="containment")


def _link(graph: networkx.MultiDiGraph[str], architecture: Architecture, link: Link) -> None:
    verb = link.verb
    graph.add_edge(
        link.source, link.target, key=f"data:{verb.verb}", type="data", verb=verb.verb, title=link.title,
        mode=verb.mode, implied=link.implied,
    )  # fmt: skip
    if verb.holder and verb.actions:
        ends = (link.source, link.target) if verb.holder == "source" else (link.target, link.source)
        actions = tuple(action for action, _ in verb.actions)
        graph.add_edge(*ends, key=f"permission:{verb.verb}", type="permission", actions=actions)
    for port in ports(architecture, link):
        graph.add_edge(
            link.source, link.target, key=f"network:{port}", type="network", port=port,
            protocol=link.options.protocol if link.options else "tcp",
        )  # fmt: skip


def ports(architecture: Architecture, link: Link) -> tuple[int, ...]:
    """The ports on which a link opens connections; empty where it opens none."""
    if link.options and link.options.port:
        return (link.options.port,)
    if link.verb.port == "listens":
        return architecture.components[link.target].listens(architecture)
    return (int(link.verb.port),) if link.verb.port else ()
