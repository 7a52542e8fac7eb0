"""Managed policies that are attached to a role, a user or a group, as a set: one more is a difference of its own."""

from __future__ import annotations

from archproof.drift.differences import PropertyDrift
from archproof.drift.meaning import Context

SUBJECT = "attachments"
_IDENTITIES = ("AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group")
_NAME = "ManagedPolicyArns"


def compare(context: Context) -> None:
    """Compare what is attached, where all of it is known on both sides."""
    if context.type not in _IDENTITIES or not context.saw(_NAME):
        return
    declared, live = context.declared.get(_NAME), context.live.get(_NAME) or []
    if declared is None or not all(
        isinstance(v, list) and all(isinstance(a, str) for a in v) for v in (declared, live)
    ):
        return
    context.take(_NAME)
    for number, arn in enumerate(declared):
        if arn not in live:
            why = f"{context.name(arn)} is no longer attached"
            context.declared_tier.append(PropertyDrift((_NAME, number), arn, None, why))
    for arn in dict.fromkeys(live) if not context.partial else ():
        if arn not in declared:
            context.declared_tier.append(PropertyDrift((_NAME,), None, arn, f"{context.name(arn)} is attached as well"))
