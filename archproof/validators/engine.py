"""Running the rules over a system: each resource once, and for each only the rules of its type."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import TYPE_CHECKING

from archproof.errors import Location
from archproof.validators import suppressions, waivers
from archproof.validators.context import Context
from archproof.validators.engines.running import begin
from archproof.validators.findings import Finding, Report, order
from archproof.validators.guarantees import judge
from archproof.validators.registry import chosen, rules_for
from archproof.validators.rule import Hit, Rule, dotted

if TYPE_CHECKING:
    from archproof.model.architecture import Architecture
    from archproof.resources.resource import Resource, Resources
    from archproof.validators.engines.request import Options


def check(
    architecture: Architecture | None,
    today: date,
    only: Collection[str] = (),
    skip: Collection[str] = (),
    *,
    resources: Resources | None = None,
    engines: Options | None = None,
) -> Report:
    """Check a model, or resources that another source gave.

    `today` decides what has expired. `only` and `skip` name rules, wildcards allowed; with `only` the
    guarantees are judged all the same. `resources` are lowered from the model where they are not given.
    `engines`: which policy engines take part, and with what rules of the user's; none where it is left out.
    Raises UsageError where a rule that is named does not exist, ValueError with neither model nor resources.
    """
    if resources is None:
        if architecture is None:
            raise ValueError("a check needs an architecture or resources")
        from archproof.resources.lowering import lower

        resources = lower(architecture)
    said = resources
    if resources.format:
        from archproof.resources.evaluation import evaluate

        resources = evaluate(said)
    context = Context(resources, today, architecture)
    rules = chosen(rules_for(resources.by_type), only, skip)
    running = begin(engines, resources, said, today, architecture, only, skip) if engines else None
    findings = list(_run(rules, context))
    if said.format:
        for found in findings:
            found.remediation = _of_source(found)
    report = Report(findings, resources=len(resources), rules=len(rules))
    if running is not None:
        findings += running.join(report, findings)
    suppressions.accept(findings, said)
    if architecture is not None:
        report.findings += waivers.apply(architecture, findings, today, rules, report.ran, partial=bool(only or skip))
        report.guarantees, undecided = judge(architecture, resources)
        report.sources = architecture.document.sources
    else:
        undecided = []
    report.findings.sort(key=order)
    report.sources = report.sources or resources.sources
    report.unknown = [*resources.unknown, *context.unknowns(), *undecided, *report.unknown]
    return report


def _run(rules: list[Rule], context: Context) -> Iterator[Finding]:
    by_type: dict[str, list[Rule]] = {}
    for rule in rules:
        for type in rule.types:
            by_type.setdefault(type, []).append(rule)
    for rule in by_type.pop("*", ()):
        context.rule = rule.id
        for hit in rule.check(context):
            yield finding(rule, hit, hit.on)
    for resource in context.resources:
        for rule in by_type.get(resource.type, ()):
            context.rule = rule.id
            try:
                for hit in rule.check(resource, context):
                    yield finding(rule, hit, hit.on or resource)
            except (TypeError, ValueError, AttributeError, KeyError, IndexError) as error:
                # a property of a shape that CloudFormation does not allow: said, never passed over
                why = f"it does not have the shape that {resource.type} has ({type_name(error)})"
                context.undecided(resource, why=why)


def _of_source(found: Finding) -> str:
    """What to do about a finding in a source that is no model: the property to set, then what a model says.

    The rules speak of the fields of a model, which are not those of a template or a plan.
    """
    fix = found.remediation
    if not fix[1:2].isupper():
        fix = fix[:1].lower() + fix[1:]
    if found.property and found.type:
        return f"`{found.property}` of {found.type}; in a model: {fix}"
    return f"In a model: {fix}"


def type_name(error: Exception) -> str:
    """An error in a few words."""
    return f"{type(error).__name__}: {str(error)[:80]}"


def finding(rule: Rule, hit: Hit, resource: Resource | None) -> Finding:
    """A hit with all that a reader needs."""
    if hit.location is not None:
        place = hit.location
    else:
        place = resource.location(*hit.path) if resource is not None else Location("-")
    return Finding(
        rule.id, rule.severity, hit.message, rule.remediation, place,
        hit.component or (resource.component if resource is not None else None),
        resource.logical_id if resource is not None else None,
        resource.type if resource is not None else None,
        dotted(hit.path),
        rule.frameworks,
    )  # fmt: skip
