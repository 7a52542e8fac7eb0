"""A bucket whose events a rule matches: the rule's pattern names the bucket.

Whether the bucket tells EventBridge anything at all is the bucket's own word (`eventbridge: true`).
"""

from __future__ import annotations

from archproof.model.architecture import Link
from archproof.resources.lowering._context import Lowering

IMPLIES = "bucket_events"


def lower(link: Link, ctx: Lowering) -> None:
    """Name the bucket in the pattern, where a link says it and the rule does not."""
    rule = ctx.resources[ctx.id(link.target)]
    pattern = rule.properties.get("EventPattern")
    if not isinstance(pattern, dict) or link.implied:
        return
    names = pattern.setdefault("detail", {}).setdefault("bucket", {}).setdefault("name", [])
    if isinstance(names, list) and ctx.ref(link.source) not in names:
        names.append(ctx.ref(link.source))
