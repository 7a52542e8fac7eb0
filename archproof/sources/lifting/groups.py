"""Security groups that stand among the components, with their rules."""

from __future__ import annotations

from archproof.sources.lifting import _group_words, _guess
from archproof.sources.lifting.drafts import PLAIN, Lifting

SUBJECT = "security groups"
ORDER = 15


def lift(lifting: Lifting) -> None:
    """Every group that no VPC of the section has."""
    for drafted in list(lifting.of_type(_group_words.GROUP)):
        if drafted.kind == PLAIN and not _guess.guess(lifting, drafted, "security_group"):
            continue
        description = drafted.resource.get("GroupDescription")
        if isinstance(description, str):
            drafted.say("description", description, "GroupDescription")
        _group_words.say(lifting, drafted)
