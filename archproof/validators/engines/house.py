"""Users' own rules: in YAML (in the model's section `rules` or in files), in Python files, and from packages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from archproof.errors import InputError, Location, Problem, Unknown
from archproof.validators.engines.request import Request, Result, RuleFile, Wait
from archproof.validators.house import packages

if TYPE_CHECKING:
    from archproof.resources.resource import Resource
    from archproof.validators.context import Context
    from archproof.validators.findings import Finding
    from archproof.validators.rule import Hit, Rule

ENGINE = "house"
PREFIXES = ("house",)
ALWAYS = True
RULE_FILES = (".py", ".yaml", ".yml")
_FORM = re.compile(r"""^["']?rules["']?\s*:|[\s{,]["']?resource["']?\s*:""", re.M)


def recognises(file: RuleFile) -> bool:
    """Say whether a file is Python, or looks like a rule in YAML."""
    return file.ending == ".py" or _FORM.search(file.text) is not None


def start(request: Request) -> Wait:
    """Read the rules and return what runs them. Raises InputError with all that is wrong with them."""
    written = request.architecture.written_rules if request.architecture is not None else []
    if not (request.files or written or packages.offer()):
        return Result  # nothing more is loaded where there are no such rules
    rules = _read(request)
    return lambda: _run(rules, request)


def rules(request: Request) -> dict[str, Rule]:
    """Every rule of the user's, by id."""
    return dict(sorted(_read(request).items()))


def _read(request: Request) -> dict[str, Rule]:
    from archproof.validators.house.code import of_file, of_packages

    problems: list[Problem] = []
    found = of_packages(problems)
    for file in request.files:
        found += of_file(file, problems) if file.ending == ".py" else _of_yaml(file, problems)
    found += _of_model(request, problems)
    by_id: dict[str, Rule] = {}
    for rule in found:
        if rule.id in by_id:
            problems.append(Problem(_place(request, rule), f"two rules are called {rule.id}"))
        by_id[rule.id] = rule
    if problems:
        raise InputError(problems)
    return by_id


def _place(request: Request, rule: Rule) -> Location:
    """Where a rule's id stands: the first file of the user's that has it."""
    bare = rule.id.partition("/")[2]
    for file in request.files:
        for number, line in enumerate(file.text.splitlines(), 1):
            if bare in line:
                return Location(file.name, number, 1, number, len(line) + 1)
    return Location(request.architecture.document.file if request.architecture else "-")


def _of_yaml(file: RuleFile, problems: list[Problem]) -> list[Rule]:
    from archproof.model.yaml import parse
    from archproof.validators.house.yaml_form import Reader

    try:
        parsed = parse(file.text, file.name, tags=False)
    except InputError as error:
        problems += error.problems
        return []
    problems += parsed.problems
    value, mark = parsed.value, parsed.mark
    if isinstance(value, dict) and "rules" in value:
        for key in value:
            if key != "rules":
                problems.append(Problem(mark.children[key].key(), f"beside 'rules' nothing is read here: '{key}'"))
        value, mark = value["rules"], mark.children["rules"]
    entries = list(zip(value, mark.children, strict=True)) if isinstance(value, list) else [(value, mark)]
    reader = Reader()
    found = [reader.rule(entry, at) for entry, at in entries]
    problems += reader.problems
    return [rule for rule in found if rule is not None]


def _of_model(request: Request, problems: list[Problem]) -> list[Rule]:
    """The rules that stand in the model itself."""
    if request.architecture is None or not request.architecture.written_rules:
        return []
    from archproof.validators.house.yaml_form import Reader

    reader = Reader()
    found = [reader.rule(value, mark) for value, mark in request.architecture.written_rules]
    problems += reader.problems
    return [rule for rule in found if rule is not None]


def _run(rules: dict[str, Rule], request: Request) -> Result:
    if not rules:
        return Result()
    from archproof.validators.context import Context

    context = Context(request.resources, request.today, request.architecture)
    result = Result(rules=rules, ran=len(rules))
    for rule in rules.values():
        context.rule = rule.id
        _one(rule, context, result)
    result.unknown += context.unknowns()
    return result


def _one(rule: Rule, context: Context, result: Result) -> None:
    """Run a rule; one that fails is told at the resource that it failed on."""
    from archproof.validators.engine import finding
    from archproof.validators.house.conditions import fits

    def judge(resource: Resource | None, hits: Callable[[], Iterator[Hit]]) -> list[Finding]:
        try:
            return [finding(rule, hit, hit.on or resource) for hit in hits()]
        except Exception as error:
            told = f"the rule fails: {type(error).__name__}: {str(error)[:120]}; not decided: {rule.id}"
            place = (
                resource.location() if resource is not None else Location(next(iter(context.resources.sources), "-"))
            )
            result.unknown.append(Unknown(resource.title if resource is not None else rule.id, told, place))
            return []

    if rule.whole_system:
        result.findings += judge(None, lambda: rule.check(context))
        return
    for resource in context.resources:
        if fits(resource.type, rule.types):
            result.findings += judge(resource, lambda on=resource: rule.check(on, context))  # type: ignore[misc]
