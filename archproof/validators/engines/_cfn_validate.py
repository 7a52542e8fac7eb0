"""AWS's validator itself: found, loaded when it is needed, and run; its answers in words that a cache can keep."""

from __future__ import annotations

import functools
import importlib.util
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypedDict

from archproof.validators.engines.request import RuleFile

MODULE = "cloudformation_validate"
KINDS = {".guard": "guard", ".rego": "rego", ".cel": "cel", ".json": "cel"}


class Diagnostic(TypedDict):
    """One answer."""

    rule: str
    """The id with its prefix: `cfn/E3012`, `guard/named`."""
    severity: str
    """`FATAL`, `ERROR`, `WARN`, `INFO` or `DEBUG`."""
    entity: str
    """`RESOURCE`, `PARAMETER`, `OUTPUT`, …; empty for the template as a whole."""
    id: str
    path: str
    message: str
    fix: str
    url: str
    category: str
    title: str
    """What the rule says of itself."""
    origin: str
    """`SCHEMA`, `CFN_LINT`, `ENGINE`, `CUSTOM` or `GUARD`."""


class Answer(TypedDict):
    """All that one run said."""

    diagnostics: list[Diagnostic]
    ran: int
    """How many rules were run."""
    incomplete: list[str]
    """What it gave up on, in its own words."""


class Question(NamedTuple):
    """What is asked."""

    template: str
    region: str
    parameters: dict[str, str]
    files: tuple[RuleFile, ...]
    builtin: bool
    """Whether AWS's own rules run, beside those of the files."""
    without: tuple[str, ...]
    """Ids of AWS's own rules that are not wanted."""


class RefusedError(Exception):
    """The validator took no answer from the question: a rule file is wrong, or it failed."""


@functools.cache
def version() -> str | None:
    """What tells one installed validator from another, without loading it; None where there is none."""
    found = importlib.util.find_spec(MODULE)
    if found is None or not found.origin:
        return None
    home = Path(found.origin).parent
    try:
        names = sorted(n for n in os.listdir(home.parent) if n.startswith(f"{MODULE}-") and n.endswith(".dist-info"))
        about = os.stat(found.origin)
    except OSError:
        return None
    return f"{names[-1] if names else MODULE}/{about.st_size}/{about.st_mtime_ns}"


def kind(file: RuleFile) -> str:
    """In which language a file of rules is written."""
    return KINDS[file.ending]


def run(question: Question) -> Answer:
    """Ask the validator. Raises RefusedError, ImportError where its native part does not fit this machine."""
    try:
        import cloudformation_validate as library
    except (RuntimeError, OSError, AttributeError) as error:
        raise ImportError(str(error)) from None
    try:
        engine = library.CompositeEngine(_configuration(library, question.files))
        settings = library.ValidateConfig(
            exclude=library.RuleFilterConfig(ids=list(question.without)),
            parameter_overrides=question.parameters,
            pseudo_parameter_overrides=library.PseudoParameterOverrides(region=question.region),
            disable_builtin_rules=not question.builtin,
        )
        report = engine.validate_template(library.TemplateContent(question.template), settings)
    except library.ValidationError as error:
        raise RefusedError(str(getattr(error, "msg", "") or error)) from None
    cel = {id for file in question.files if kind(file) == "cel" for id in _cel_ids(file)}
    exhausted = report.metadata.budget_exhaustions or []
    incomplete = [record.description for record in exhausted if record.analysis_incomplete]
    diagnostics = [_diagnostic(found, cel) for found in report.diagnostics]
    if report.status.name == "ERROR":
        incomplete += [found["message"] for found in diagnostics if found["rule"] == "cfn/F1101"]
    return Answer(diagnostics=diagnostics, ran=report.metadata.rules_evaluated, incomplete=incomplete)


def rules(files: tuple[RuleFile, ...] = ()) -> list[Diagnostic]:
    """What every rule says of itself, as diagnostics without a place. Raises like `run`."""
    try:
        import cloudformation_validate as library
    except (RuntimeError, OSError, AttributeError) as error:
        raise ImportError(str(error)) from None
    try:
        listed = library.CompositeEngine(_configuration(library, files)).list_rules()
    except library.ValidationError as error:
        raise RefusedError(str(getattr(error, "msg", "") or error)) from None
    cel = {id for file in files if kind(file) == "cel" for id in _cel_ids(file)}
    return [
        Diagnostic(
            rule=_id(rule.id, rule.origin.name, rule.category, cel), severity=rule.severity.name, entity="", id="",
            path="", message="", fix="", url="", category=rule.category or "", title=rule.description,
            origin=rule.origin.name,
        )
        for rule in listed
    ]  # fmt: skip


def _configuration(library: Any, files: Sequence[RuleFile]) -> Any:
    sources: dict[str, list[Any]] = {"guard": [], "rego": [], "cel": []}
    for file in files:
        sources[kind(file)].append(library.ExternalRuleSource(name=file.name, content=file.text))
    return library.CompositeEngineConfig(
        rego_rules=sources["rego"], cel_rules=sources["cel"], guard_rules=sources["guard"]
    )


def _diagnostic(found: Any, cel: set[str]) -> Diagnostic:
    entity = found.entity
    return Diagnostic(
        rule=_id(found.rule_id, found.source.name, found.category, cel), severity=found.severity.name,
        entity=entity.entity_type.name if entity else "", id=entity.logical_id if entity else "",
        path=found.property_path or "", message=found.message, fix=found.suggested_fix or "",
        url=found.documentation_url or "", category=found.category or "", title=found.rule_description or "",
        origin=found.source.name,
    )  # fmt: skip


def _id(id: str, origin: str, category: str | None, cel: set[str]) -> str:
    if origin == "GUARD":  # what stands outside of every rule is called by its file's name
        file = (category or "").removeprefix("guard:")
        return f"guard/{file}/default" if file and id.endswith("/default") else f"guard/{id}"
    if origin == "CUSTOM":
        return f"cel/{id}" if id in cel else f"rego/{id}"
    return f"cfn/{id}"


def _cel_ids(file: RuleFile) -> list[str]:
    import json

    try:
        listed = json.loads(file.text).get("rules", [])
        return [rule["rule_id"] for rule in listed if isinstance(rule, dict) and isinstance(rule.get("rule_id"), str)]
    except (ValueError, AttributeError, TypeError, RecursionError):
        return []
