"""Findings that the source itself accepts: comments such as `# checkov:skip=ID:reason`, and metadata of templates.

They are honoured as the tools do that they were written for, and shown as accepted: by which line, for which
reason, without a last day. A suppression of a check of checkov also counts for the rule of archproof's own that
says the same (a table), as one fault is told once.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from archproof.validators.findings import Finding, Waived

if TYPE_CHECKING:
    from archproof.resources.resource import Resource, Resources

_COMMENT = re.compile(
    r"(?:#|//|/\*).*?\b((?:checkov|bridgecrew|cortex):skip)= *([A-Za-z_\d-]+(?:,[A-Za-z_\d-]+)*)(?::([^\n]*))?"
)
_NO_REASON = "no reason is given"


class Suppression(NamedTuple):
    """What a source accepts at a resource: an id of a check, why, and what says so."""

    id: str
    reason: str
    by: str


def accept(findings: Iterable[Finding], resources: Resources) -> None:
    """Mark the findings that the source accepts, where nothing else has accepted them."""
    found = {resource.logical_id: list(_metadata(resource)) for resource in resources}
    for logical_id, suppression in _comments(resources):
        found[logical_id].append(suppression)
    if not any(found.values()):
        return
    same = _same()
    for finding in findings:
        if finding.waived is None and finding.resource is not None:
            said = _fitting(finding, found.get(finding.resource, []), same)
            if said is not None:
                finding.waived = Waived(said.reason, None, said.by)


def _fitting(
    finding: Finding, suppressions: list[Suppression], same: dict[tuple[str, str | None], list[str]]
) -> Suppression | None:
    """The suppression that accepts a finding; where several checks say its parts, the first of all of them."""
    by_id = {suppression.id: suppression for suppression in reversed(suppressions)}
    own = by_id.get(finding.rule) or by_id.get(finding.rule.rpartition("/")[2])
    if own is not None:
        return own
    checks = same.get((finding.rule, finding.type), [])
    return by_id[checks[0]] if checks and all(check in by_id for check in checks) else None


def _same() -> dict[tuple[str, str | None], list[str]]:
    """The checks of checkov that say together what a rule of archproof's own says of a type."""
    from archproof.facts._table import names, rows

    found: dict[tuple[str, str | None], list[str]] = {}
    for row in rows("checkov_checks"):
        for rule in names(row["repeats"]):
            for type in names(row["types"]):
                found.setdefault((rule, type), []).append(row["check"])
    return found


def _metadata(resource: Resource) -> Iterator[Suppression]:
    """What the `Metadata` of a resource accepts, in the words of checkov, cfn_nag, cfn-lint and Guard."""
    metadata = resource.attributes.get("Metadata")
    if not isinstance(metadata, dict):
        return
    for tool, key, id, reason in (
        ("checkov", "skip", "id", "comment"),
        ("bridgecrew", "skip", "id", "comment"),
        ("cfn_nag", "rules_to_suppress", "id", "reason"),
        ("cfn-lint", "config.ignore_checks", "", ""),
        ("guard", "SuppressedRules", "", ""),
    ):
        by = f"Metadata.{tool} of {resource.logical_id}"
        for entry in _entries(metadata.get(tool), key.split(".")):
            if isinstance(entry, dict) and isinstance(entry.get(id), str):
                yield Suppression(entry[id], str(entry.get(reason) or _NO_REASON), by)
            elif isinstance(entry, str) and not id:
                yield Suppression(entry, _NO_REASON, by)


def _entries(value: Any, keys: list[str]) -> list[Any]:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, list) else []


def _comments(resources: Resources) -> Iterator[tuple[str, Suppression]]:
    """Every comment that accepts something, with the resource it stands in; several where one entry made them."""
    places: dict[str, dict[int, list[Resource]]] = {}
    for file, text in sorted(resources.sources.items()):
        if ":skip=" not in text or _is_json(text):
            continue
        if not places:
            for resource in resources:
                place = resource.location()
                places.setdefault(place.file, {}).setdefault(place.line, []).append(resource)
        of_file = places.get(file, {})
        lines = text.splitlines()
        starts = sorted(of_file)
        for number, line in enumerate(lines, 1):
            match = _COMMENT.search(line)
            if match is None:
                continue
            start = _start(lines, starts, number, file)
            for resource in of_file.get(start, ()):
                for id in match[2].split(","):
                    reason = (match[3] or "").strip() or _NO_REASON
                    yield resource.logical_id, Suppression(id, reason, f"{match[1]} at {file}:{number}")


def _is_json(text: str) -> bool:
    return text.lstrip()[:1] in ("{", "[")


def _start(lines: list[str], starts: list[int], number: int, file: str) -> int:
    """The first line of the entry that the comment at line `number` stands in or directly above; 0 for none."""
    at = bisect_right(starts, number) - 1
    if at >= 0 and number <= _end(lines, starts[at], file):
        return starts[at]
    below = number
    while below < len(lines) and lines[below].strip().startswith(("#", "//")):
        below += 1
    return below + 1 if below + 1 in starts else 0


def _end(lines: list[str], start: int, file: str) -> int:
    """The last line of the entry that begins at `start`: by its indentation, or by the brace that ends a block."""
    if file.endswith((".tf", ".hcl")):
        for number in range(start, len(lines)):
            if lines[number].startswith("}"):
                return number + 1
        return start
    indent = _indent(lines[start - 1])
    last = start
    for number in range(start, len(lines)):
        stripped = lines[number].strip()
        if not stripped:
            continue
        if _indent(lines[number]) <= indent:
            break
        last = number + 1
    return last


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
