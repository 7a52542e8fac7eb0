"""Tags in either of the forms that CloudFormation gives them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

FIELDS = ("Tags", "HostedZoneTags", "FileSystemTags", "UserPoolTags", "TagList", "BackupVaultTags", "BackupPlanTags")


def tags_of(properties: Mapping[str, Any]) -> dict[str, str]:
    """The tags of a resource whose keys and values are texts."""
    for field in FIELDS:
        held = properties.get(field)
        if isinstance(held, Mapping):
            return {k: v for k, v in held.items() if isinstance(v, str)}
        if isinstance(held, list):
            pairs = [(t.get("Key"), t.get("Value")) for t in held if isinstance(t, Mapping)]
            return {k: v for k, v in pairs if isinstance(k, str) and isinstance(v, str)}
    return {}
