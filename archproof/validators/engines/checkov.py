"""checkov's policies over the resources: in a process of its own, each finding at the line of the source.

checkov gets the resources in CloudFormation shape, whatever they were read from: a system described in Terraform
is judged by checkov's policies for CloudFormation. What checkov leaves out, drops or fails on is unknown.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from archproof.errors import Location, Unknown
from archproof.validators.engines import _cache
from archproof.validators.engines import _checkov_policies as policies
from archproof.validators.engines._checkov_process import Checkov, CheckovError, Process, digest, find
from archproof.validators.engines._checkov_template import Template, path_of, write
from archproof.validators.engines.request import Request, Result, RuleFile, Wait
from archproof.validators.rule import Rule, of_engine

if TYPE_CHECKING:
    from archproof.resources.resource import Resource
    from archproof.validators.findings import Finding, Severity

ENGINE = "checkov"
PREFIXES = ("checkov",)
ALWAYS = False
RULE_FILES = (".yaml", ".yml", ".json")
_DEFAULT_SEVERITY: Severity = "medium"
_INSTALL = "pip install 'archproof[checkov]', or --checkov-path"


def recognises(file: RuleFile) -> bool:
    """Say whether a file is a policy in checkov's YAML form."""
    return policies.recognises(file)


def start(request: Request) -> Wait:
    """Start checkov on the resources, and on the users' policies. Raises InputError for a policy that is wrong."""
    own = policies.read(request.files)
    checkov = find(request.program)
    if checkov is None:
        why = f"checkov is not installed ({_INSTALL})"
        return lambda: Result(unknown=[Unknown("checkov", why, _top(request))])
    template = write(request.resources)
    checks = () if request.asked else [policy.id for policy in own]
    if not template.resources:
        return lambda: Result(unknown=template.unknown)
    texts = {policy.file_name: policy.text for policy in own}
    key = digest(checkov, template.text, texts, checks) if request.cache else None
    kept = _cache.read(key) if key else None
    if kept is not None:
        return lambda: _collect(request, template, lambda: kept, own)[0]
    process = Process(checkov, template.text, len(template.resources), texts, checks)

    def wait() -> Result:
        result, answer = _collect(request, template, process.answer, own)
        if key and answer is not None:
            _cache.write(key, answer)
        return result

    return wait


def _collect(
    request: Request, template: Template, ask: Callable[[], dict[str, Any]], own: list[policies.Policy]
) -> tuple[Result, dict[str, Any] | None]:
    """What checkov finds, and its answer where it is understood."""
    result = Result(unknown=[*template.unknown], repeats=repeats())
    try:
        answer = ask()
        _judge(request, template, answer, own, result)
        return result, answer
    except CheckovError as error:
        why = f"{error}; none of its checks is decided"
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        why = f"its report is not understood ({type(error).__name__}); none of its checks is decided"
    return Result(unknown=[*template.unknown, Unknown("checkov", why, _top(request))]), None


def _judge(
    request: Request, template: Template, answer: dict[str, Any], own: list[policies.Policy], result: Result
) -> None:
    """Turn an answer into findings, and what it leaves out into unknowns. Raises CheckovError."""
    if answer["parsing_errors"]:
        raise CheckovError(f"it does not read the template ({str(answer['parsing_errors'][0])[:200]})")
    _account(template, answer, result)
    mine = {policy.id: policy for policy in own}
    result.ran = int(answer["ran"])
    for record in (*answer["failed"], *answer["skipped"]):
        resource = template.resources.get(record["resource"])
        if resource is None:
            raise CheckovError(f"it names a resource that it was not given ({record['resource'][:80]})")
        rule = result.rules.setdefault(f"checkov/{record['check']}", _rule(record, mine))
        result.findings.append(_finding(request, rule, record, resource))
    for (check, name), why in _left_open(answer).items():
        found = template.resources.get(name)
        place = found.location() if found else _top(request)
        result.unknown.append(Unknown(found.title if found else name, f"{why}; not decided: checkov/{check}", place))
    result.unknown += [
        Unknown("checkov", f"it reports an error: {message}", _top(request)) for message in answer.get("errors", ())
    ]
    policies.account(own, answer, result)


def _left_open(answer: dict[str, Any]) -> dict[tuple[str, str], str]:
    """Why, by check and resource, something that checkov drops from its report is not decided."""
    reasons = {"undecided": "checkov cannot analyse its policy", "crashed": "checkov's check failed on it"}
    return {(check, name): why for kind, why in reasons.items() for check, name in answer.get(kind, ())}


def _account(template: Template, answer: dict[str, Any], result: Result) -> None:
    """Every resource that went in has to come out. Raises CheckovError where only the number is known and is wrong."""
    if "resources" in answer:
        seen = set(answer["resources"])
        for name, resource in template.resources.items():
            if name not in seen:
                why = "checkov drops it; not decided: checkov"
                result.unknown.append(Unknown(resource.title, why, resource.location()))
        return
    count = answer["count"]
    if count != len(template.resources):
        raise CheckovError(f"it read {count} of {len(template.resources)} resources")


def _finding(request: Request, rule: Rule, record: Mapping[str, Any], resource: Resource) -> Finding:
    return request.place(rule, f"{resource.title}: {rule.title}", resource, path_of(resource, record["keys"]))


def _rule(record: Mapping[str, Any], mine: Mapping[str, policies.Policy]) -> Rule:
    from archproof.facts._table import rows

    id = record["check"]
    name = str(record["name"])
    own = mine.get(id)
    if own is not None:
        severity = own.severity or _DEFAULT_SEVERITY
        return of_engine(f"checkov/{id}", severity, name, why=own.why, remediation=own.remediation, url=own.url)
    known = {row["check"]: row["severity"] for row in rows("checkov_checks")}
    found: Any = known.get(id) or _DEFAULT_SEVERITY
    remedy = f"Make it so, or accept it in the source with a reason: checkov:skip={id}:REASON."
    why = f"A policy of checkov: {name}."
    return of_engine(f"checkov/{id}", found, name, why=why, remediation=remedy, url=record.get("guideline") or "")


def repeats() -> dict[str, tuple[str, ...]]:
    """Checks that say what a rule of archproof's own says: a table."""
    from archproof.facts._table import names, rows

    return {f"checkov/{row['check']}": names(row["repeats"]) for row in rows("checkov_checks") if row["repeats"]}


def _top(request: Request) -> Location:
    """The source as a whole: what stands for it in messages about no line."""
    if request.architecture is not None:
        return Location(request.architecture.document.file)
    return Location(next(iter(request.resources.sources), "-"))


def rules(request: Request) -> dict[str, Rule]:
    """Every check that checkov has for CloudFormation, and the users' policies; none where there is no checkov."""
    own = policies.read(request.files)
    checkov = find(request.program)
    found = {f"checkov/{p.id}": _rule({"check": p.id, "name": p.name}, {p.id: p}) for p in own}
    for check in _listed(checkov) if checkov else ():
        rule = _rule({"check": check["id"], "name": check["name"]}, {})
        types = tuple(type for type in check["types"] if "::" in type)
        found.setdefault(rule.id, replace(rule, types=types))
    return dict(sorted(found.items()))


@functools.cache
def _listed(checkov: Checkov) -> list[dict[str, Any]]:
    if checkov.python is None:
        return []
    try:
        checks: list[dict[str, Any]] = Process(checkov, None, 0).answer()["checks"]
    except (CheckovError, KeyError):
        return []
    return checks
