"""The contract between views and pictures: what to show, with no word about where.

Views build a `Scene` or a `SequenceScene`; layouts turn it into the placed types of `placed.py`;
writers paint those. Everything here is frozen, so that a scene can be laid out once and painted often.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Direction = Literal["RIGHT", "DOWN", "AUTO"]
EdgeKind = Literal[
    "data", "network", "permission", "reference", "async", "broken", "doubtful", "undeclared", "way",
]  # fmt: skip
"""The last four are what proofs say: declared and blocked, not known, reachable though no link says so, and one way
told hop by hop."""
Severity = Literal["info", "low", "medium", "high", "critical"]
Change = Literal["", "missing", "extra", "changed"]


@dataclass(frozen=True, slots=True)
class Badge:
    """A finding painted on the node it is about, under the id that the command line shows."""

    severity: Severity
    text: str = ""
    id: str = ""
    mark: str = ""
    """What the mark says; how many findings there are where this is empty."""


@dataclass(frozen=True, slots=True)
class Node:
    """One component: a card with an icon. `icon` is a component kind, a resource type or an icon name."""

    id: str
    title: str
    kind: str
    icon: str = ""
    subtitle: str = ""
    badges: tuple[Badge, ...] = ()
    group: str | None = None
    overlays: tuple[str, ...] = ()
    href: str = ""
    tooltip: str = ""
    change: Change = ""
    told: tuple[str, ...] = ()
    """What changed, a short line each: `MemorySize 512 → 1024`."""
    alarms: tuple[str, ...] = ()
    """What of it lets more in or allows more than was declared, told before all else."""


@dataclass(frozen=True, slots=True)
class Group:
    """A container: account, region, network, subnet tier, zone or any other area.

    Kinds with a look of their own: cloud, account, region, vpc, zone, subnet_public, subnet_private,
    subnet_isolated, auto_scaling_group, security_group; every other kind looks generic.
    """

    id: str
    title: str
    kind: str = "generic"
    parent: str | None = None
    icon: str = ""
    tooltip: str = ""
    change: Change = ""


@dataclass(frozen=True, slots=True)
class Overlay:
    """Something that lies across the containers, such as a security group: a chip on its members."""

    id: str
    title: str
    kind: str = "security_group"
    change: Change = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """A connection of two nodes or groups.

    `reverse_for_layout` lets the layout see the edge the other way round (egress to a NAT gateway),
    which saves crossings; the arrow is drawn as declared.
    """

    id: str
    source: str
    target: str
    label: str = ""
    kind: EdgeKind = "data"
    bidirectional: bool = False
    reverse_for_layout: bool = False
    emphasis: Literal["", "proved", "refuted"] = ""
    tooltip: str = ""
    change: Change = ""


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture of components and connections."""

    id: str
    title: str
    nodes: tuple[Node, ...]
    groups: tuple[Group, ...] = ()
    edges: tuple[Edge, ...] = ()
    subtitle: str = ""
    direction: Direction = "AUTO"
    overlays: tuple[Overlay, ...] = ()
    legend: bool = True
    description: str = ""
    meanings: tuple[tuple[str, str], ...] = ()
    """What kinds of lines mean in this picture, where it is not what they mean in all."""
    notes: tuple[str, ...] = ()
    """Lines below the picture."""

    def problems(self) -> list[str]:
        """Everything that makes the scene contradict itself: doubled ids, dangling ends, group cycles."""
        ids = [n.id for n in self.nodes] + [g.id for g in self.groups]
        known, chips = set(ids), {o.id for o in self.overlays}
        groups = {g.id: g for g in self.groups}
        found = [f"id {i!r} is used twice" for i in sorted({i for i in ids if ids.count(i) > 1})]
        edge_ids = [e.id for e in self.edges]
        found += [f"edge id {i!r} is used twice" for i in sorted({i for i in edge_ids if edge_ids.count(i) > 1})]
        for e in self.edges:
            found += [f"edge {e.id!r}: no node or group {end!r}" for end in (e.source, e.target) if end not in known]
        for node in self.nodes:
            if node.group is not None and node.group not in groups:
                found.append(f"node {node.id!r}: no group {node.group!r}")
            found += [f"node {node.id!r}: no overlay {o!r}" for o in node.overlays if o not in chips]
        for group in self.groups:
            if group.parent is not None and group.parent not in groups:
                found.append(f"group {group.id!r}: no group {group.parent!r}")
            elif group.id in ancestors(groups, group.parent):
                found.append(f"group {group.id!r} contains itself")
        return found


def ancestors(groups: dict[str, Group], group: str | None) -> list[str]:
    """The ids of `group` and all groups around it, innermost first; safe on cycles."""
    chain: list[str] = []
    while group is not None and group in groups and group not in chain:
        chain.append(group)
        group = groups[group].parent
    return chain


@dataclass(frozen=True, slots=True)
class Participant:
    """One lifeline of a sequence diagram."""

    id: str
    title: str
    kind: str
    icon: str = ""
    subtitle: str = ""
    href: str = ""
    tooltip: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One step of a flow. `returns` is drawn as a dashed answer, `failures` as red notes with their code."""

    source: str
    target: str
    text: str
    returns: str = ""
    mode: Literal["sync", "async"] = "sync"
    failures: tuple[tuple[str, str], ...] = ()
    number: str = ""


@dataclass(frozen=True, slots=True)
class SequenceScene:
    """A flow, told as messages between participants from top to bottom."""

    id: str
    title: str
    participants: tuple[Participant, ...]
    messages: tuple[Message, ...]
    subtitle: str = ""
    description: str = ""

    def problems(self) -> list[str]:
        """Doubled participants and messages that start or end nowhere."""
        ids = [p.id for p in self.participants]
        found = [f"participant {i!r} is there twice" for i in sorted({i for i in ids if ids.count(i) > 1})]
        for n, m in enumerate(self.messages, 1):
            found += [f"message {n}: no participant {e!r}" for e in (m.source, m.target) if e not in set(ids)]
        return found


Drawing = Scene | SequenceScene
