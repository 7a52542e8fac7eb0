"""Answers of AWS's validator as findings: which count, how much, and at which line of the source."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, NamedTuple, TypeGuard

from archproof.errors import Unknown
from archproof.validators.engines._cfn_places import Places, property_path
from archproof.validators.engines._cfn_template import HIDDEN, Origin, counted_as, ids_of, origin
from archproof.validators.engines._cfn_validate import Answer, Diagnostic
from archproof.validators.engines.request import Request, Result
from archproof.validators.rule import of_engine

if TYPE_CHECKING:
    from archproof.resources.resource import Resource
    from archproof.validators.findings import Finding, Severity
    from archproof.validators.rule import Rule

_LINT = "https://github.com/aws-cloudformation/cfn-lint/blob/main/docs/rules.md#"
_OWN: dict[str, Severity] = {"FATAL": "critical", "ERROR": "high", "WARN": "medium", "INFO": "info", "DEBUG": "info"}
"""How much a rule of the user's counts."""
_REMEDIES = {
    "Schema": "Write it as the schema of the resource's type has it.",
    "Security": "Close it, or accept it with a reason.",
    "Best Practice": "Follow the advice, or accept it with a reason.",
    "Deprecation": "Move to what AWS supports.",
}
_REMEDY = "Mend it before it is deployed: CloudFormation refuses it, or makes something else of it."
_OWN_REMEDY = "Do as the rule asks, or accept the finding with a reason."
_LONGEST = 400


class Judgement(NamedTuple):
    """What archproof makes of one of AWS's rules."""

    on_for: tuple[str, ...]
    """For what it counts: `model`, `template` (`cloudformation`: without SAM), `other`."""
    severity: str
    """Where it is another than the rule's own."""
    repeats: tuple[str, ...]


@functools.cache
def judgements() -> dict[str, Judgement]:
    """The table, by the rule's id without its prefix."""
    from archproof.facts import rows

    def names(cell: str) -> tuple[str, ...]:
        return tuple(name for name in cell.split(";") if name)

    return {
        row["rule"]: Judgement(names(row["on_for"]), row["severity"], names(row["repeats"]))
        for row in rows("cfn_rules")
    }  # fmt: skip


def unwanted(request: Request) -> tuple[str, ...]:
    """The rules that do not count for these resources, and that the user does not name one by one."""
    of = set(counted_as(request.verbatim))
    named = {name.removeprefix("cfn/") for name in request.only}
    return tuple(id for id, judged in judgements().items() if not of & set(judged.on_for) and id not in named)


def is_answer(kept: Any) -> TypeGuard[Answer]:
    """Say whether what a cache held is an answer."""
    if not (isinstance(kept, dict) and kept.keys() == Answer.__annotations__.keys()):
        return False
    wanted = Diagnostic.__annotations__.keys()
    return (
        isinstance(kept["ran"], int)
        and all(isinstance(text, str) for text in kept["incomplete"])
        and all(d.keys() == wanted and all(isinstance(v, str) for v in d.values()) for d in kept["diagnostics"])
    )


def rule_of(found: Diagnostic, of: Origin) -> Rule:
    """The description of the rule that a diagnostic names."""
    own = not found["rule"].startswith("cfn/")
    id = found["rule"].partition("/")[2]
    lint = f"{_LINT}{id}" if found["origin"] == "CFN_LINT" else ""
    url = lint or (found["url"] if not found["url"].endswith(".git") else "")
    title = " ".join((found["title"] or id).split())
    remedy = _OWN_REMEDY if own else _REMEDIES.get(found["category"], _REMEDY)
    why = title if own else f"{title} (a rule of AWS's own validator, category {found['category'] or 'none'})"
    return of_engine(found["rule"], _severity(found, of), title, why=why, remediation=remedy, url=url)


def _severity(found: Diagnostic, of: Origin) -> Severity:
    if not found["rule"].startswith("cfn/"):
        return _OWN[found["severity"]]
    judged = judgements().get(found["rule"].partition("/")[2])
    if judged is not None and judged.severity:
        return judged.severity  # type: ignore[return-value]
    if found["severity"] in ("FATAL", "ERROR"):
        return "high"
    if found["severity"] == "WARN":
        return "medium" if found["category"] in ("Security", "Deprecation") else "low"
    return "info"


def gather(request: Request, answer: Answer, unknown: list[Unknown]) -> Result:
    """The findings of an answer, with what stayed unknown."""
    places = Places(request.verbatim, request.architecture)
    result = Result(ran=answer["ran"], unknown=list(unknown))
    of = origin(request.verbatim)
    resources, unmapped = ids_of(request.verbatim)
    seen: set[tuple[Any, ...]] = set()
    for found in answer["diagnostics"]:
        if not _counts(found, of, request) or found["id"] in unmapped:
            continue
        rule = result.rules.get(found["rule"]) or rule_of(found, of)
        made = _finding(request, rule, found, resources, places)
        once = (made.rule, made.resource, made.property, made.message, made.location)
        if once not in seen:
            seen.add(once)
            made.severity = _severity(found, of)
            result.rules[rule.id] = rule
            result.findings.append(made)
    for text in answer["incomplete"]:
        result.unknown.append(Unknown("AWS's validator", f"it did not look at everything: {text}", places.top()))
    table = judgements()
    result.repeats = {id: table[id[4:]].repeats for id in result.rules if id[:4] == "cfn/" and id[4:] in table}
    return result


def _counts(found: Diagnostic, of: Origin, request: Request) -> bool:
    """Say whether a diagnostic is to be told; of informational rules those that the table names."""
    if not found["rule"].startswith("cfn/"):
        return True
    if found["rule"] == "cfn/F1101" and of != "template":
        return False  # the template is the tool's own: told as unknown
    judged = judgements().get(found["rule"][4:])
    return judged is not None or found["severity"] not in ("INFO", "DEBUG") or found["rule"] in request.only


def _finding(
    request: Request, rule: Rule, found: Diagnostic, resources: dict[str, Resource], places: Places
) -> Finding:
    message = " ".join(found["message"].replace(HIDDEN, "(hidden)").split()).rstrip(".")
    message = message if len(message) <= _LONGEST else message[: _LONGEST - 3] + "..."
    resource = resources.get(found["id"]) if found["entity"] == "RESOURCE" else None
    if resource is None:
        place = places.section(found["entity"], found["id"], found["path"]) if found["entity"] else places.top()
        return request.place(rule, message, None, location=place, remediation=found["fix"])
    if found["path"] and not found["path"].startswith("Properties"):
        place = places.attribute(resource, found["path"])
        return request.place(rule, message, resource, (), location=place, remediation=found["fix"])
    return request.place(rule, message, resource, property_path(resource, found["path"]), remediation=found["fix"])
