"""The least IAM policy that a scope needs: the actions of the calls that it would send, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from archproof import facts
from archproof.sources.aws.scope import ALL, Scope
from archproof.sources.responses._call import Call

_VERSION = "2012-10-17"


def policies(scope: Scope) -> list[dict[str, Any]]:
    """The documents for a scope, each within the size of a managed policy, sorted.

    What the caller needs to get into other accounts (assuming roles, listing the organisation) is in the first. Where
    regions are chosen, what is asked in a region is permitted in these alone.
    """
    from archproof.sources.aws.account import calls

    asked = calls(scope)
    regions = () if ALL in scope.regions else scope.regions
    return documents(actions(asked), _getting_in(scope), regions, actions(c for c in asked if _everywhere(c)))


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


def _everywhere(call: Call) -> bool:
    """Whether a call is one of a global service, which answers in a region that nobody chose."""
    services = [facts.service_of(type) for type in call.types]
    return call.once or any(service is not None and service.scope == "global" for service in services)


def documents(
    names: list[str], first: list[dict[str, Any]] | None = None, regions: Sequence[str] = (),
    everywhere: Iterable[str] = (),
) -> list[dict[str, Any]]:  # fmt: skip
    """Policy documents that permit some actions on everything, as few as fit the size of a managed policy.

    `first` are statements for the first document. With `regions` the actions are permitted in these alone, but for
    those that are to be permitted `everywhere`.
    """
    largest = int(facts.quota("iam", "Managed policy size").number)
    free = set(everywhere) if regions else set(names)
    done: list[dict[str, Any]] = []
    statements = list(first or [])
    held: list[str] = []
    for name in names:
        if held and _size(_document(statements, [*held, name], len(done), free, regions)) > largest:
            done.append(_document(statements, held, len(done), free, regions))
            statements, held = [], []
        held.append(name)
    if held or statements:
        done.append(_document(statements, held, len(done), free, regions))
    return done


def _document(
    statements: list[dict[str, Any]], held: list[str], number: int, free: set[str], regions: Sequence[str]
) -> dict[str, Any]:
    said = list(statements)
    end = str(number + 1) if number else ""
    here = [name for name in held if name not in free]
    if here:
        condition = {"StringEquals": {"aws:RequestedRegion": sorted(regions)}}
        said.append(
            {"Sid": f"ReadRegions{end}", "Effect": "Allow", "Action": here, "Resource": "*", "Condition": condition}
        )
    if len(here) < len(held):
        rest = [name for name in held if name in free]
        said.append({"Sid": f"Read{end}", "Effect": "Allow", "Action": rest, "Resource": "*"})
    return {"Version": _VERSION, "Statement": said}


def _size(document: dict[str, Any]) -> int:
    """The characters that IAM counts: all but white space."""
    return len(json.dumps(document, separators=(",", ":")))


def _getting_in(scope: Scope) -> list[dict[str, Any]]:
    said: list[dict[str, Any]] = []
    roles = sorted(scope.roles)
    if scope.organization_role is not None:
        roles.append(f"arn:{_partition(scope)}:iam::*:role/{scope.organization_role}")
        said.append({"Sid": "Accounts", "Effect": "Allow", "Action": "organizations:ListAccounts", "Resource": "*"})
    if roles:
        said.append({"Sid": "Roles", "Effect": "Allow", "Action": "sts:AssumeRole", "Resource": roles})
    if ALL in scope.regions:
        said.append({"Sid": "Regions", "Effect": "Allow", "Action": "ec2:DescribeRegions", "Resource": "*"})
    return said


def _partition(scope: Scope) -> str:
    """The partition of the regions of a scope; that of all where none is chosen."""
    return next((facts.partition_of(region) for region in scope.regions if region != ALL), "aws")


def _prefix(service: str) -> str:
    """What the signatures of a service call it. Raises UsageError without boto3."""
    from archproof.sources.aws.sessions import service_model

    metadata = service_model(service)["metadata"]
    return str(metadata.get("signingName") or metadata["endpointPrefix"])
