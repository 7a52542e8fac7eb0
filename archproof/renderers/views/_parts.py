"""What the views share: how a component is named in pictures, its badge, and what is drawn as part of what."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from archproof.model.architecture import Architecture
from archproof.model.base import Component
from archproof.model.graph import ports
from archproof.renderers.scene import Badge, Edge, EdgeKind, Node
from archproof.renderers.views._wiring import hidden

if TYPE_CHECKING:
    from archproof.model.architecture import Link
    from archproof.validators.findings import Finding

SEVERITIES = ("critical", "high", "medium", "low", "info")
_INITIALS = {
    "api": "API", "alb": "ALB", "nlb": "NLB", "rds": "RDS", "sqs": "SQS", "sns": "SNS", "s3": "S3", "ecs": "ECS",
    "ecr": "ECR", "ec2": "EC2", "efs": "EFS", "iam": "IAM", "kms": "KMS", "ssm": "SSM", "waf": "WAF", "dns": "DNS",
    "http": "HTTP", "rest": "REST", "vpc": "VPC", "db": "DB", "acl": "ACL", "nat": "NAT", "dynamodb": "DynamoDB",
    "elasticache": "ElastiCache", "cloudfront": "CloudFront", "eventbridge": "EventBridge",
}  # fmt: skip


def kind_label(component: Component) -> str:
    """A kind as words under a title: `s3_bucket` as `S3 bucket`."""
    if component.kind == "resource":
        return str(getattr(component, "type", "")).removeprefix("AWS::").replace("::", " ")
    if component.kind in ("person", "external_system"):
        return "" if component.kind == "person" else "External system"
    words = [_INITIALS.get(w, w) for w in component.kind.split("_")]
    first = words[0] if words[0] in _INITIALS.values() else words[0].capitalize()
    engine = getattr(component, "engine", None)
    label = " ".join([first, *words[1:]])
    return f"{label} · {engine}" if isinstance(engine, str) else label


def badges(findings: Iterable[Finding]) -> dict[str, tuple[Badge, ...]]:
    """The badges of a component: one a finding that matters, the worst first."""
    by_component: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.component and finding.severity in ("critical", "high", "medium"):
            by_component.setdefault(finding.component, []).append(finding)
    for found in by_component.values():
        found.sort(key=lambda f: SEVERITIES.index(f.severity))
    return {n: tuple(Badge(f.severity, f.message, f.rule) for f in found) for n, found in by_component.items()}


def folded(architecture: Architecture) -> dict[str, str | None]:
    """For every component that overviews draw as part of another, that other (None: drawn not at all).

    A detail belongs to what it names; where it names nothing that is drawn, to what names it.
    """
    names: dict[str, list[str]] = {}
    named_by: dict[str, list[str]] = {}
    for reference in architecture.references:
        if reference.target in architecture.components:
            names.setdefault(reference.source, []).append(reference.target)
            named_by.setdefault(reference.target, []).append(reference.source)
    result: dict[str, str | None] = dict.fromkeys(hidden(architecture))
    for name, component in architecture.components.items():
        if component.detail:
            candidates = [*names.get(name, ()), *named_by.get(name, ())]
            drawn = [c for c in candidates if not architecture.components[c].detail]
            linked = any(
                not architecture.components[other].detail
                for link in architecture.links
                for other in ((link.target,) if link.source == name else (link.source,) if link.target == name else ())
            )
            if drawn or not linked:
                result[name] = drawn[0] if drawn else None
    for name, holder in list(result.items()):
        # a detail of a detail belongs where that one belongs
        seen = {name}
        while holder in result and holder not in seen:
            seen.add(str(holder))
            holder = result[str(holder)]
        result[name] = None if holder == name else holder
    return result


def node(architecture: Architecture, name: str, **more: object) -> Node:
    """The node of a component."""
    component = architecture.components[name]
    icon = str(getattr(component, "type", component.kind)) if component.kind == "resource" else component.kind
    return Node(
        str(more.pop("id", name)), architecture.title(name), component.kind, icon,
        subtitle=kind_label(component), tooltip=component.description or "", **more,  # type: ignore[arg-type]
    )  # fmt: skip


def edge_kind(link: Link) -> EdgeKind:
    """How an arrow is drawn: dashed for what does not wait, dotted for mere references."""
    return "async" if link.verb.mode == "async" else "data"


def label(architecture: Architecture, link: Link) -> str:
    """What an arrow says: the verb, and the port where it says more than HTTPS."""
    opened = ports(architecture, link)
    shown = [p for p in opened if p not in (80, 443)]
    numbers = f" · {', '.join(map(str, shown))}" if shown and len(shown) <= 2 else ""
    return f"{link.title}{numbers}"


def join(edges: Iterable[Edge]) -> tuple[Edge, ...]:
    """One arrow for all that passes the same way between the same two ends."""
    merged: dict[tuple[str, str, str], Edge] = {}
    for edge in edges:
        if edge.source == edge.target:
            continue
        key = (edge.source, edge.target, edge.kind)
        held = merged.get(key)
        if held is None:
            merged[key] = edge
        elif edge.label not in held.label.split(", "):
            text = f"{held.label}, {edge.label}" if held.label else edge.label
            merged[key] = Edge(held.id, held.source, held.target, text, held.kind)
    return tuple(merged.values())
