"""What is really there, painted on a view: what is missing, what nothing declares, and what is otherwise, with how.

Every difference is either on a card, a chip or a frame of the picture, or counted in a line below it.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from archproof.drift import telling
from archproof.drift.differences import Comparison, Difference, Whole
from archproof.drift.masking import masked
from archproof.drift.things import Things
from archproof.errors import UsageError
from archproof.model.architecture import Architecture
from archproof.renderers.scene import Change, Drawing, Group, Node, Scene, ancestors
from archproof.renderers.views._parts import folded
from archproof.renderers.views._places import Frame
from archproof.renderers.views._wiring import WIRING

if TYPE_CHECKING:
    from archproof.resources.resource import Resource, Resources
    from archproof.sources.live import Live

_MOST = 3
"""So many changes are told on one card."""
_ALIKE = 3
"""More things of one type in one place than these are one card."""
_NOTED = 6
_VALUE = 22
"""The longest value on a card, in characters."""
_SUBNET, _VPC = "AWS::EC2::Subnet", "AWS::EC2::VPC"
_AROUND = (_SUBNET, _VPC, "AWS::EC2::SecurityGroup", "AWS::RDS::DBSubnetGroup", "AWS::ElastiCache::SubnetGroup")
"""Types through which a live resource says where it stands."""
_EXTRAS = ("overview", "zones", "network")
"""Views that show what nothing declares; the others have no place for it."""
_PARTS = (
    "Policy", "Permission", "Attachment", "Association", "Subscription", "Mapping", "LogGroup", "LogStream", "Version",
    "Alias", "Stage", "Deployment", "Method", "Resource", "Route", "Integration", "Authorizer", "RecordSet", "Target",
    "Configuration", "Group", "Filter", "Membership",
)  # fmt: skip
"""Ends of types that are part of something else."""
_GLOBAL = ("AWS::CloudFront::", "AWS::IAM::", "AWS::Route53::")


def painted(
    drawing: Drawing, view: str, architecture: Architecture, comparison: Comparison, live: Live, name: str
) -> Scene:
    """A view with what differs painted on it. `name`: what it was compared with. Raises UsageError for a flow."""
    if not isinstance(drawing, Scene):
        raise UsageError(
            f"'{view}' tells a flow, which has no place for what is live; --live paints on views of systems"
        )
    return _Paint(drawing, view, architecture, comparison, live).scene(name)


class _Paint:
    """One picture."""

    def __init__(self, scene: Scene, view: str, architecture: Architecture, comparison: Comparison, live: Live) -> None:
        from archproof.resources.lowering import lower

        self.drawn = scene
        self.view = architecture.views[view].base if view in architecture.views else view
        self.own = view in architecture.views
        self.architecture = architecture
        self.comparison = masked(comparison)
        self.live = live
        self.declared: Resources = lower(architecture)
        self.things = Things(live)
        self.folded = folded(architecture)
        self.main: dict[str, str] = {}
        for resource in self.declared:
            if resource.component is not None and not resource.implied:
                self.main.setdefault(resource.component, resource.logical_id)
        self.nodes: dict[str, list[str]] = {}
        """The ids of the cards of a name: a component, a logical id."""
        for node in scene.nodes:
            self.nodes.setdefault(node.id.partition("@")[0], []).append(node.id)
        self.change: dict[str, Change] = {}
        self.told: dict[str, list[str]] = {}
        self.alarms: dict[str, list[str]] = {}
        self.aside: Counter[str] = Counter()
        self.groups = {g.id: g for g in scene.groups}
        self.overlays = {o.id: o for o in scene.overlays}

    def scene(self, name: str) -> Scene:
        """The picture."""
        for whole in telling.missing(self.comparison):
            self._missing(whole)
        for subject in telling.subjects(self.comparison):
            for d in subject.differences:
                if d.tier == "declared":
                    self._differs(d)
        extra = self._extra()
        nodes = [self._node(n) for n in self.drawn.nodes] + extra
        gone = {n.id for n in nodes if n.change == "missing"}
        edges = tuple(replace(e, change="missing") if gone & {e.source, e.target} else e for e in self.drawn.edges)
        counts, compared = telling.summary(self.comparison)
        said = f"Compared with {name}: {counts}; {compared}"
        return replace(
            self.drawn, nodes=tuple(nodes), edges=edges, groups=tuple(self.groups.values()), subtitle=said,
            overlays=tuple(self.overlays.values()), notes=(*self.drawn.notes, *self._notes()),
            description=f"{self.drawn.description}. {said}" if self.drawn.description else said,
        )  # fmt: skip

    def _node(self, node: Node) -> Node:
        change = self.change.get(node.id, "")
        alarms, told = ((), []) if change == "missing" else (self.alarms.get(node.id, ()), self.told.get(node.id, []))
        shown = told[:_MOST] + ([f"and {len(told) - _MOST} more"] if len(told) > _MOST else [])
        tooltip = "; ".join(p for p in (node.tooltip or node.title, *alarms, *told) if p)
        return replace(
            node,
            change=change,
            told=tuple(shown),
            alarms=tuple(alarms),
            tooltip=tooltip if told or alarms else node.tooltip,
        )

    # -- what is declared

    def _missing(self, whole: Whole) -> None:
        if self._is_main(whole.component, whole.resource):
            for id in self._cards(whole.component, whole.resource):
                own = whole.component or whole.resource
                if id.partition("@")[0] == own:
                    self.change[id] = "missing"
                else:
                    self._tell([id], f"{self._title(own)} missing")
            if not self._cards(whole.component, whole.resource):
                self._elsewhere(whole.component, whole.resource, "missing", whole.type)
            return
        word = f"{_noun(whole.type)} missing"
        cards = [c for c in self._cards(whole.component, whole.resource) if self.change.get(c) != "missing"]
        if cards:
            self._tell(cards, word)
        elif not self._cards(whole.component, whole.resource):
            self._elsewhere(whole.component, whole.resource, "missing", whole.type)

    def _differs(self, d: Difference) -> None:
        if d.resource in self.declared:  # a part may have said it; the card is that of the whole
            d = d._replace(component=self.declared[d.resource].component)
        cards = self._cards(d.component, d.resource)
        if cards:
            own = {id.partition("@")[0] for id in cards} & {d.component, d.resource}
            part = "" if self._is_main(d.component, d.resource) else f"{_noun(d.type)}: "
            whose = "" if own else f"{self._title(d.component or d.resource)}: "
            self._tell(cards, whose + part + _said(d), alarm=telling.widens(d))
        else:
            self._elsewhere(d.component, d.resource, _said(d), d.type, alarm=telling.widens(d))

    def _is_main(self, component: str | None, resource: str) -> bool:
        return component is None or self.main.get(component, resource) == resource

    def _cards(self, component: str | None, resource: str) -> list[str]:
        """The cards that show a resource: its own, its component's, or those of what it is drawn as part of."""
        for name in (resource, component):
            if name is not None and name in self.nodes:
                return self.nodes[name]
        if component is None:
            return []
        holder = self.folded.get(component)
        if holder is not None and holder in self.nodes:
            return self.nodes[holder]
        gathered = self.architecture.components[component].gathered
        return self.nodes.get(f"all:{gathered}", []) if gathered else []

    def _tell(self, cards: Iterable[str], said: str, *, alarm: bool = False) -> None:
        for id in cards:
            held = (self.alarms if alarm else self.told).setdefault(id, [])
            if said not in held:
                held.append(said)
            self.change.setdefault(id, "changed")

    def _elsewhere(self, component: str | None, resource: str, said: str, type: str, *, alarm: bool = False) -> None:
        """What has no card: a group on the cards of its members, a frame, or a line below the picture."""
        declared = self.declared.all.get(resource)
        names = [n for n in (declared.place if declared is not None else None, component, resource) if n]
        chips = [
            f"{kind}:{n}" for n in names for kind in ("group", "waf", "dead_letter") if f"{kind}:{n}" in self.overlays
        ]
        if chips:
            chip = self.overlays[chips[0]]
            self.overlays[chip.id] = replace(chip, change="missing" if said == "missing" else "changed")
            members = [n.id for n in self.drawn.nodes if chip.id in n.overlays]
            self._tell(members, f"{chip.title} {said}", alarm=alarm)
            return
        frames = [g for g in self.groups if g.partition("@")[0].partition(":")[2] in names and type in (_VPC, _SUBNET)]
        for frame in frames:
            held = self.groups[frame]
            self.groups[frame] = replace(held, change="changed", title=f"{held.title} · {said}")
        if not frames:
            self.aside[f"{names[0] if names else resource}: {said}"] += 1

    def _title(self, name: str) -> str:
        return self.architecture.title(name) if name in self.architecture.components else name

    # -- what nothing declares

    def _extra(self) -> list[Node]:
        """A card for each thing that nothing declares, where it stands; many that are alike are one card."""
        found: dict[tuple[str, str | None], list[Whole]] = {}
        for type, held in telling.unmanaged(self.comparison).items():
            for whole in held:
                if not _has_card(type) or self.own or self.view not in _EXTRAS:
                    self.aside[f"not declared: {type}"] += 1
                    continue
                place = self._place(whole)
                if self.view != "overview" and (place is None or not place.startswith(("vpc:", "tier:", "subnet:"))):
                    self.aside[f"not declared: {type}"] += 1
                    continue
                found.setdefault((type, place), []).append(whole)
        nodes = []
        for (type, place), held in found.items():
            label = type.removeprefix("AWS::").replace("::", " ")
            if len(held) > _ALIKE:
                names = ", ".join(_short(w) for w in held[:3])
                title = f"{len(held)} × {label}"
                id = f"extra:{type}:{place or ''}"
                nodes.append(Node(id, title, type, type, f"{names} …", group=place, change="extra"))
                continue
            for whole in held:
                tooltip = f"{type} {telling.called(whole)}: there, and not declared"
                title, id = self._named(whole), f"extra:{whole.resource}"
                nodes.append(Node(id, title, type, type, label, group=place, tooltip=tooltip, change="extra"))
        return nodes

    def _named(self, whole: Whole) -> str:
        resource = self.live.resources.all.get(whole.resource)
        tags = resource.get("Tags") if resource is not None else None
        named = (
            [t["Value"] for t in tags if isinstance(t, dict) and t.get("Key") == "Name"]
            if isinstance(tags, list)
            else []
        )
        return str(named[0]) if named and named[0] else _short(whole)

    def _place(self, whole: Whole) -> str | None:
        """The frame that a live resource stands in, as far as its subnet or VPC is one that is drawn."""
        resource = self.live.resources.all.get(whole.resource)
        for type in (_SUBNET, _VPC):
            for id in self._around(resource, type):
                bound = next((b.resource for b in self.comparison.bindings if b.live == id), None)
                frame = self._frame(bound) if bound is not None else None
                if frame is not None:
                    return frame
        if self.view != "overview":
            return None
        if whole.type.startswith(_GLOBAL):
            return self._held("cloud")
        for name, main in self.main.items():
            cards = self.nodes.get(name, [])
            if cards and self.declared[main].type == whole.type:
                home = next(n.group for n in self.drawn.nodes if n.id == cards[0])
                if home is not None and not home.startswith(("vpc:", "tier:", "subnet:")):
                    return home
        return self._held("region")

    def _held(self, group: str) -> str | None:
        return group if group in self.groups else None

    def _around(self, resource: Resource | None, type: str, depth: int = 2) -> list[str]:
        """The live subnets or VPCs that a live resource names, itself or through its groups."""
        if resource is None or not depth:
            return []
        named = list(
            dict.fromkeys(id for text in _texts(resource.properties) for id in self.things.named(text, *_AROUND))
        )
        found = [id for id in named if self.live.resources[id].type == type]
        more = [i for id in named for i in self._around(self.live.resources.all.get(id), type, depth - 1)]
        return [*found, *more]

    def _frame(self, declared: str) -> str | None:
        """The frame of a declared subnet or VPC; one of the overview that holds nothing yet is put in its place."""
        resource = self.declared[declared]
        names = [n for n in (resource.place, resource.component, declared) if n]
        kinds = ("tier", "subnet") if resource.type == _SUBNET else ("vpc",)
        wanted = [f"{kind}:{name}" for name in names for kind in kinds]
        zone = declared[-1:].lower()
        for id in wanted:
            zoned = [g for g in self.groups if g.startswith(f"{id}@")]
            if id in self.groups or zoned:
                return id if id in self.groups else next((g for g in zoned if g.endswith(f"@{zone}")), zoned[0])
        if self.view == "overview":
            frames = Frame(self.architecture).groups
            for id in (w for w in wanted if w in frames):
                for outer in reversed(ancestors(frames, id)):
                    self._add(frames[outer])
                return id
        return None

    def _add(self, group: Group) -> None:
        self.groups.setdefault(group.id, group)

    # -- what no card shows

    def _notes(self) -> list[str]:
        held = self.comparison.summary
        lines = []
        if self.aside:
            told = [f"{what}{f' ({count} of them)' if count > 1 else ''}" for what, count in self.aside.items()]
            more = f"; and {len(told) - _NOTED} more" if len(told) > _NOTED else ""
            lines.append(f"Not in this picture: {'; '.join(told[:_NOTED])}{more}")
        if held["undeclared"]:
            names = [d.component or d.resource for d in self.comparison.of("undeclared")]
            lines.append(f"Set in AWS, and stated nowhere: {_some(names)}")
        if self.comparison.uncertain:
            names = [d.component or d.resource for d in self.comparison.of("unread")]
            names += [resource for resource, *_ in self.comparison.ambiguous]
            names += [u.operation or u.why for u in self.comparison.unread]
            lines.append(f"Not known, and so not painted: {_some(names)}")
        return lines


@functools.cache
def _kinds() -> dict[str, bool]:
    """By CloudFormation type: whether the kind that it is the main resource of has cards of its own."""
    from archproof.model import registry

    found: dict[str, bool] = {}
    for kind in map(registry.kind_class, registry.kinds()):
        if kind.cfn:
            found[kind.cfn] = found.get(kind.cfn, False) or not (kind.detail or kind.chip or kind.gathered)
    return found


def _has_card(type: str) -> bool:
    """Whether something of a type is drawn, and not what it belongs to: a queue, and not its policy."""
    return type not in WIRING and _kinds().get(type, not type.startswith("AWS::IAM::") and not type.endswith(_PARTS))


def _some(names: Iterable[str]) -> str:
    found = list(dict.fromkeys(names))
    return ", ".join(found[:_NOTED]) + (f" and {len(found) - _NOTED} more" if len(found) > _NOTED else "")


def _noun(type: str) -> str:
    return type.rpartition("::")[2]


def _short(whole: Whole) -> str:
    """The end of an id: what follows the last slash or colon."""
    called = telling.called(whole)
    return called.rstrip("/").replace("/", ":").rpartition(":")[2] or called


def _said(d: Difference) -> str:
    """A difference in a few words."""
    drift = d.drift
    if drift.why and (telling.widens(d) or drift.expected is None or drift.actual is None):
        return drift.why
    name = next((str(step) for step in reversed(drift.path) if isinstance(step, str)), "")
    if drift.expected is None:
        return f"{name} {telling.value(drift.actual, _VALUE)} added"
    if drift.actual is None:
        return f"{name} {telling.value(drift.expected, _VALUE)} gone"
    return f"{name} {telling.value(drift.expected, _VALUE)} → {telling.value(drift.actual, _VALUE)}"


def _texts(value: Any) -> Iterable[str]:
    """Every text in a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)
