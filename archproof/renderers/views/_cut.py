"""Cutting a scene down to some of its nodes: groups and edges that lose their ends go with them."""

from __future__ import annotations

from dataclasses import replace

from archproof.renderers.scene import Scene, ancestors


def cut(scene: Scene, only: set[str] | None, without: set[str]) -> Scene:
    """Keep the nodes in `only` (all for None) that are not in `without`; replicas (`id@zone`) follow their id."""
    nodes = tuple(
        n for n in scene.nodes if (only is None or n.id.split("@")[0] in only) and n.id.split("@")[0] not in without
    )
    kept = {n.id for n in nodes}
    groups = {g.id: g for g in scene.groups}
    used = {a for n in nodes for a in ancestors(groups, n.group)}
    ends = kept | used
    overlays = {o for n in nodes for o in n.overlays}
    return replace(
        scene,
        nodes=nodes,
        groups=tuple(g for g in scene.groups if g.id in used),
        edges=tuple(e for e in scene.edges if e.source in ends and e.target in ends),
        overlays=tuple(o for o in scene.overlays if o.id in overlays),
    )
