"""The least IAM policy that a scope needs: the actions of the calls that it would send, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from archproof import facts
from archproof.sources.aws.scope import ALL, Scope
from archproof.sources.responses._call import Call

_VERSION = "2012-10-17"


def policies(scope: Scope) -> list[dict[str, Any]]:
    """The documents for a scope, each within the size of a managed policy, sorted.

    What the caller needs to get into other accounts (assuming roles, listing the organisation) is in the first.
    """
    from archproof.sources.aws.account import calls

    return documents(actions(calls(scope)), _getting_in(scope))


def texts(scope: Scope) -> list[str]:
    """The documents as they are attached: JSON, each with a line break at its end."""
    return [json.dumps(document, indent=2) + "\n" for document in policies(scope)]


def actions(calls: Iterable[Call]) -> list[str]:
    """The IAM actions of calls, sorted, each once."""
    found: set[str] = set()
    for call in calls:
        found.add(facts.call_action(call.service, call.operation, _prefix(call.service)))
        found.update(call.needs)
    return sorted(found)


def documents(names: list[str], first: list[dict[str, Any]] | None = None) -> list[dict[str, Any]]:
    """Policy documents that permit some actions on everything, as few as fit the size of a managed policy.

    `first` are statements for the first document.
    """
    largest = int(facts.quota("iam", "Managed policy size").number)
    done: list[dict[str, Any]] = []
    statements = list(first or [])
    held: list[str] = []
    for name in names:
        if held and _size(_document(statements, [*held, name], len(done))) > largest:
            done.append(_document(statements, held, len(done)))
            statements, held = [], []
        held.append(name)
    if held or statements:
        done.append(_document(statements, held, len(done)))
    return done


def _document(statements: list[dict[str, Any]], held: list[str], number: int) -> dict[str, Any]:
    said = list(statements)
    if held:
        sid = f"Read{number + 1}" if number else "Read"
        said.append({"Sid": sid, "Effect": "Allow", "Action": held, "Resource": "*"})
    return {"Version": _VERSION, "Statement": said}


def _size(document: dict[str, Any]) -> int:
    """The characters that IAM counts: all but white space."""
    return len(json.dumps(document, separators=(",", ":")))


def _getting_in(scope: Scope) -> list[dict[str, Any]]:
    said: list[dict[str, Any]] = []
    roles = sorted(scope.roles)
    if scope.organization_role is not None:
        roles.append(f"arn:aws:iam::*:role/{scope.organization_role}")
        said.append({"Sid": "Accounts", "Effect": "Allow", "Action": "organizations:ListAccounts", "Resource": "*"})
    if roles:
        said.append({"Sid": "Roles", "Effect": "Allow", "Action": "sts:AssumeRole", "Resource": roles})
    if ALL in scope.regions:
        said.append({"Sid": "Regions", "Effect": "Allow", "Action": "ec2:DescribeRegions", "Resource": "*"})
    return said


def _prefix(service: str) -> str:
    """What the signatures of a service call it. Raises UsageError without boto3."""
    from archproof.sources.aws.sessions import service_model

    metadata = service_model(service)["metadata"]
    return str(metadata.get("signingName") or metadata["endpointPrefix"])
