"""The data source `aws_iam_policy_document`: a policy written in Terraform's own words."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from archproof.sources.terraform.item import Item

DATA = ("aws_iam_policy_document",)

_PLAIN = (
    ("sid", "Sid"), ("effect", "Effect"), ("actions", "Action"), ("not_actions", "NotAction"),
    ("resources", "Resource"), ("not_resources", "NotResource"),
)  # fmt: skip
Resolve = Callable[..., Any]


def attribute(item: Item, name: str, resolve: Resolve) -> Any:
    """The document, where `name` asks for it."""
    if name not in ("json", "minified_json"):
        return None
    statements: list[Any] = []
    for argument in ("source_policy_documents", "source_json"):
        statements = _merged(statements, _documents(item, argument, resolve), replace=False)
    said = item.values.get("statement")
    own = [
        _statement(entry, ("statement", position), resolve)
        for position, entry in enumerate(said if isinstance(said, list) else [])
        if isinstance(entry, dict)
    ]
    statements = _merged(statements, own, replace=True)
    for argument in ("override_policy_documents", "override_json"):
        statements = _merged(statements, _documents(item, argument, resolve), replace=True)
    document: dict[str, Any] = {"Version": item.values.get("version") or "2012-10-17"}
    if isinstance(item.values.get("policy_id"), str):
        document["Id"] = item.values["policy_id"]
    return {**document, "Statement": statements}


def _documents(item: Item, argument: str, resolve: Resolve) -> list[Any]:
    """The statements of the documents that an argument names, as far as they are known."""
    value = item.values.get(argument)
    if not value:
        return []
    resolved = resolve(value, argument)
    found: list[Any] = []
    for document in resolved if isinstance(resolved, list) else [resolved]:
        if isinstance(document, str):
            try:
                document = json.loads(document)
            except (ValueError, RecursionError):
                continue
        statements = document.get("Statement", []) if isinstance(document, dict) else []
        found += statements if isinstance(statements, list) else [statements]
    return found


def _merged(before: list[Any], added: list[Any], *, replace: bool) -> list[Any]:
    """Statements with the same Sid stand once, where later ones override."""
    found = list(before)
    for statement in added:
        sid = statement.get("Sid") if isinstance(statement, dict) else None
        same = next((n for n, s in enumerate(found) if sid and isinstance(s, dict) and s.get("Sid") == sid), None)
        if same is None or not replace:
            found.append(statement)
        else:
            found[same] = statement
    return found


def _statement(said: dict[str, Any], place: tuple[str | int, ...], resolve: Resolve) -> dict[str, Any]:
    statement: dict[str, Any] = {}
    for argument, name in _PLAIN:
        value = said.get(argument)
        if value not in (None, "", []):
            statement[name] = _single(resolve(value, *place, argument))
    statement.setdefault("Effect", "Allow")
    for argument, name in (("principals", "Principal"), ("not_principals", "NotPrincipal")):
        if principals := _principals(said.get(argument), (*place, argument), resolve):
            statement[name] = principals
    conditions: dict[str, Any] = {}
    for position, entry in enumerate(said.get("condition") or []):
        if isinstance(entry, dict):
            values = resolve(entry.get("values"), *place, "condition", position, "values")
            conditions.setdefault(str(entry.get("test")), {})[str(entry.get("variable"))] = _single(values)
    return {**statement, "Condition": conditions} if conditions else statement


def _principals(said: Any, place: tuple[str | int, ...], resolve: Resolve) -> Any:
    found: dict[str, Any] = {}
    for position, entry in enumerate(said if isinstance(said, list) else []):
        if not isinstance(entry, dict):
            continue
        identifiers = resolve(entry.get("identifiers"), *place, position, "identifiers")
        if entry.get("type") == "*":
            return "*"
        kind = str(entry.get("type"))
        held = found.get(kind)
        more = identifiers if isinstance(identifiers, list) else [identifiers]
        found[kind] = more if held is None else [*held, *more]
    return {kind: _single(names) for kind, names in found.items()}


def _single(value: Any) -> Any:
    return value[0] if isinstance(value, list) and len(value) == 1 else value
