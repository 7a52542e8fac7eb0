"""Calls of AWS's API: which are never sent, which action permits each, what their errors mean, what is secret."""

from __future__ import annotations

import functools
from typing import NamedTuple

from archproof.facts._iam import iam_actions
from archproof.facts._table import rows


class Withheld(NamedTuple):
    """An operation that only reads and is never sent all the same."""

    when: str
    """The parameter which makes it so when it is set, `!Name` where it is not set; empty for always."""
    why: str


class SecretField(NamedTuple):
    """A field of answers that may hold a secret."""

    form: str
    """`text`; `pairs`: a map or a list of `name` and `value`; `variables`: such a list, or a map with `Variables`;
    `any`: whatever it holds."""
    treatment: str
    """`hash` or `drop`."""


@functools.cache
def _withheld() -> dict[tuple[str, str], Withheld]:
    return {(row["service"], row["operation"]): Withheld(row["when"], row["why"]) for row in rows("withheld")}


def withheld(service: str, operation: str) -> Withheld | None:
    """Return why an operation (of boto3's `ssm` the API's `GetParameter`) is withheld; None if it is not."""
    table = _withheld()
    return table.get((service, operation)) or table.get((service, "*"))


@functools.cache
def _actions() -> dict[tuple[str, str], str]:
    return {(row["service"], row["operation"]): row["action"] for row in rows("call_actions")}


def call_action(service: str, operation: str, prefix: str) -> str:
    """Return the IAM action that permits an operation; `prefix` is the service's name in its signatures."""
    table = _actions()
    said = table.get((service, operation)) or table.get((service, "*"))
    if said is not None and not said.endswith(":"):
        return said
    prefix = said[:-1] if said else prefix
    for action in iam_actions(prefix) or ():
        if action.lower() == operation.lower():
            return f"{prefix}:{action}"
    return f"{prefix}:{operation}"


@functools.cache
def fault_codes() -> dict[str, str]:
    """Return what the codes of AWS's errors mean: code → `denied`, `throttled`, `expired`, `strange` (credentials that
    are not known there), `unavailable` or `vanished`."""
    return {row["code"]: row["meaning"] for row in rows("fault_codes")}


@functools.cache
def secret_fields() -> dict[str, SecretField]:
    """Return the fields of answers that may hold secrets, by name."""
    return {row["field"]: SecretField(row["form"], row["treatment"]) for row in rows("secret_fields")}
