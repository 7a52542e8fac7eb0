"""IAM's own words: the actions that exist, and the documents of AWS's managed policies."""

from __future__ import annotations

import functools
import json
from typing import Any

from archproof.facts._table import find, rows


@functools.cache
def managed_policy(name: str) -> Any:
    """Return the document of a managed policy of AWS (`AmazonSQSFullAccess`); None for one that no row holds."""
    row = find("managed_policies", name)
    return json.loads(row["document"]) if row is not None else None


@functools.cache
def iam_actions(service: str) -> tuple[str, ...] | None:
    """Return the names of the actions of a service by its prefix (`sqs`), sorted; None for no such prefix."""
    row = find("actions", service)
    return tuple(row["actions"].split()) if row is not None else None


@functools.cache
def iam_services() -> tuple[str, ...]:
    """Return every prefix of actions, sorted."""
    return tuple(row["service"] for row in rows("actions"))
