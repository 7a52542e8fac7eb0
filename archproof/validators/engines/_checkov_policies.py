"""Users' policies in checkov's YAML form: recognised, read with places, and accounted for after the run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from archproof.errors import InputError, Location, Problem, Unknown
from archproof.suggest import did_you_mean
from archproof.validators.findings import SEVERITIES

if TYPE_CHECKING:
    from archproof.model.yaml import Mark
    from archproof.validators.engines.request import Result, RuleFile
    from archproof.validators.findings import Severity

_TOP = re.compile(r"""^\s*["']?(metadata|definition)["']?\s*:""", re.M)
_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]*\Z")
_COMPARISONS = (
    "equals", "regex_match", "contains", "within", "starting_with", "ending_with", "subset", "intersects",
    "equals_ignore_case", "range_includes",
)  # fmt: skip
_SIZES = ("equals", "not_equals", "greater_than", "greater_than_or_equal", "less_than", "less_than_or_equal")
OPERATORS = frozenset(
    [*_COMPARISONS, *(f"not_{name}" for name in _COMPARISONS if name != "range_includes"), "range_not_includes",
     "exists", "not_exists", "one_exists", "any", "is_empty", "is_not_empty", "is_true", "is_false",
     "cidr_range_subset", "cidr_range_not_subset",
     *(f"length_{size}" for size in _SIZES), *(f"number_of_words_{size}" for size in _SIZES),
     "greater_than", "greater_than_or_equal", "less_than", "less_than_or_equal"]
)  # fmt: skip
"""What checkov's policies compare with."""
_KINDS = ("attribute", "connection", "filter", "resource")


class Policy(NamedTuple):
    """A policy: what it is called, and where."""

    id: str
    name: str
    severity: Severity | None
    why: str
    remediation: str
    url: str
    types: tuple[str, ...]
    """The types of resources that it names."""
    text: str
    file_name: str
    """Its name in the folder that checkov reads."""
    place: Location


def recognises(file: RuleFile) -> bool:
    """Say whether a file has the two parts of a policy."""
    return set(_TOP.findall(file.text)) == {"metadata", "definition"}


def read(files: tuple[RuleFile, ...]) -> list[Policy]:
    """Read the policies. Raises InputError with every problem in them."""
    problems: list[Problem] = []
    found: dict[str, Policy] = {}
    for number, file in enumerate(files):
        policy = _read(file, number, problems)
        if policy is not None and policy.id in found:
            problems.append(Problem(policy.place, f"{found[policy.id].place} has a policy '{policy.id}' already"))
        elif policy is not None:
            found[policy.id] = policy
    if problems:
        raise InputError(problems)
    return list(found.values())


def _read(file: RuleFile, number: int, problems: list[Problem]) -> Policy | None:
    from archproof.model.yaml import parse

    before = len(problems)
    try:
        parsed = parse(file.text, file.name, tags=False)
    except InputError as error:
        problems += error.problems
        return None
    problems += parsed.problems
    value, mark = parsed.value, parsed.mark
    if not isinstance(value, dict) or not isinstance(value.get("metadata"), dict):
        problems.append(Problem(mark.at(), "expected a policy: a map with 'metadata' (a map) and 'definition'"))
        return None
    metadata, about = value["metadata"], mark.children["metadata"]
    for key in ("id", "name"):
        if not isinstance(metadata.get(key), str) or not metadata[key]:
            place = about.children[key].at() if key in metadata else about.key()
            problems.append(Problem(place, f"metadata.{key}: expected the policy's {key}, as text"))
    severity = str(metadata.get("severity", "")).lower()
    if severity and severity not in SEVERITIES:
        message = f"metadata.severity: expected one of {', '.join(SEVERITIES)}; found '{severity[:40]}'"
        problems.append(Problem(about.children["severity"].at(), message + did_you_mean(severity, SEVERITIES)))
    if isinstance(metadata.get("id"), str) and metadata["id"] and not _ID.match(metadata["id"]):
        problems.append(Problem(about.children["id"].at(), "metadata.id: expected letters, digits, '_' and '-'"))
    types: list[str] = []
    problems += _definition(value.get("definition"), mark.children["definition"], types)
    if len(problems) > before:
        return None
    ending = file.ending or ".yaml"
    remedy = str(metadata.get("guideline") or f"See the policy {metadata['id']} in {file.name}.")
    return Policy(
        metadata["id"], metadata["name"], severity or None,  # type: ignore[arg-type]
        str(metadata.get("description") or metadata["name"]), remedy,
        remedy if remedy.startswith("https://") else "", tuple(dict.fromkeys(types)), file.text,
        f"policy{number}{ending}", about.children["id"].at(),
    )  # fmt: skip


def _definition(value: Any, mark: Mark, types: list[str]) -> Iterator[Problem]:
    """The problems of a definition; the types that it names are added to `types`."""
    if isinstance(value, list):
        for item, inner in zip(value, mark.children, strict=True):
            yield from _definition(item, inner, types)
        return
    if not isinstance(value, dict):
        yield Problem(mark.at(), "expected a condition: a map with cond_type, or and, or, not")
        return
    for joint in ("and", "or", "not"):
        if joint in value:
            yield from _definition(value[joint], mark.children[joint], types)
            return
    kind = value.get("cond_type", "attribute")
    if kind not in _KINDS:
        place = mark.children["cond_type"].at()
        yield Problem(place, f"cond_type: expected one of {', '.join(_KINDS)}; found '{str(kind)[:40]}'")
    operator = value.get("operator")
    if not isinstance(operator, str):
        yield Problem(mark.at(), "the condition needs an operator")
    elif operator.removeprefix("jsonpath_").lower() not in OPERATORS:
        message = f"no operator '{operator[:60]}'{did_you_mean(operator, OPERATORS)}"
        yield Problem(mark.children["operator"].at(), message)
    named = [value.get(key) for key in ("resource_types", "connected_resource_types")]
    named += [value.get("value")] if kind == "filter" else []
    for entry in named:
        types += [item for item in (entry if isinstance(entry, list) else [entry]) if isinstance(item, str)]


def account(own: list[Policy], answer: dict[str, Any], result: Result) -> None:
    """Tell of every policy that checkov did not take, or that looks at nothing it was given."""
    for policy in own:
        foreign = [name for name in policy.types if name != "all" and "::" not in name]
        taken = answer["policies"] if "policies" in answer else answer["told"]
        if foreign:
            why = f"it looks at {foreign[0]}, and checkov is given CloudFormation's types (AWS::S3::Bucket)"
            result.unknown.append(Unknown(f"checkov/{policy.id}", why, policy.place))
        elif policy.id not in taken:
            result.unknown.append(Unknown(f"checkov/{policy.id}", "checkov does not say that it ran", policy.place))
