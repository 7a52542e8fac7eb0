"""Runs checkov's CloudFormation checks over one template: the program that archproof starts under checkov's Python.

usage: python _checkov_launcher.py REQUEST.json ANSWER.json

It stands alone (archproof is not installed where checkov is) and does what `checkov -f TEMPLATE --framework
cloudformation` does, without the rest of checkov's command line. It differs in five things:

- it has no network: every connection and every look-up of a name is refused;
- checks for Terraform, which look at no template, are not loaded;
- what cloudsplaining's pure functions said is remembered, as they are asked the same again and again;
- the garbage collector runs seldom, as the process is short;
- what checkov keeps to itself is told: checks that raised, policies that it could not analyse, and errors that it
  only logged.
"""

from __future__ import annotations

import functools
import gc
import importlib.util
import json
import logging
import os
import sys
import types
from typing import Any

_COLLECT_AFTER = 500_000
"""Objects made between two runs of the garbage collector."""
_REFUSED = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.sendto")
_ANALYSERS = ("remove_actions_not_matching_access_level", "remove_wildcard_only_actions")


def main() -> None:
    """Read the request, run, write the answer; an answer with `error` where checkov itself failed."""
    sys.path[:] = [path for path in sys.path if os.path.abspath(path) != os.path.dirname(os.path.abspath(__file__))]
    sys.addaudithook(_refuse)
    gc.set_threshold(_COLLECT_AFTER, 50, 100)
    with open(sys.argv[1], encoding="utf-8") as file:
        request = json.load(file)
    try:
        answer = _run(request)
    except BaseException as error:  # whatever stops checkov is told, and told as a failure
        answer = {"error": f"{type(error).__name__}: {error}"[:500]}
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        file.write(json.dumps(answer))


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event in _REFUSED:
        raise PermissionError("archproof gives checkov no network")


def _run(request: dict[str, Any]) -> dict[str, Any]:
    """The answer to a request: `template` (a path; none only lists the checks), `policies` (folders), `checks`."""
    _leave_out_terraform()
    from checkov.cloudformation.runner import Runner
    from checkov.common.models.enums import CheckResult
    from checkov.runner_filter import RunnerFilter
    from checkov.version import version

    log = _Errors()
    logging.getLogger().handlers[:] = [log]
    logging.disable(logging.WARNING)
    _remember()
    _alone()
    _cut()
    if request.get("template") is None:
        return {"version": version, "checks": _checks(request["policies"])}
    crashed, undecided = _listen(CheckResult.UNKNOWN)
    before = {check["id"] for check in _checks([])} if request["policies"] else set()
    report = Runner().run(
        None,
        external_checks_dir=request["policies"] or None,
        files=[request["template"]],
        runner_filter=RunnerFilter(
            framework=["cloudformation"], checks=request["checks"] or None, show_progress_bar=False
        ),
    )
    return {
        "version": version,
        "resources": sorted(resource.removeprefix(f"{request['template']}:") for resource in report.resources),
        "parsing_errors": [str(error) for error in report.parsing_errors],
        "failed": [_record(record) for record in report.failed_checks],
        "skipped": [_record(record) for record in report.skipped_checks],
        "ran": len({r.check_id for r in (*report.failed_checks, *report.passed_checks, *report.skipped_checks)}),
        "crashed": sorted(crashed),
        "undecided": sorted(undecided),
        "policies": sorted({check["id"] for check in _checks([])} - before) if request["policies"] else [],
        "errors": log.told,
    }


def _record(record: Any) -> dict[str, Any]:
    result = record.check_result
    return {
        "check": record.check_id,
        "name": record.check_name,
        "resource": record.resource,
        "keys": [str(key) for key in result.get("evaluated_keys") or ()],
        "guideline": record.guideline,
        "reason": result.get("suppress_comment"),
    }


def _checks(policies: list[str]) -> list[dict[str, Any]]:
    """Every check for CloudFormation, with the policies of these folders."""
    from checkov.cloudformation.checks.resource.registry import cfn_registry
    from checkov.common.checks_infra.registry import get_graph_checks_registry

    graph = get_graph_checks_registry("cloudformation")
    graph.load_checks()
    for folder in policies:
        graph.load_external_checks(folder)
        cfn_registry.load_external_checks(folder)
    found: dict[str, dict[str, Any]] = {}
    tables = (cfn_registry.checks, cfn_registry.wildcard_checks)
    pairs = [(check, type) for table in tables for type, checks in table.items() for check in checks]
    pairs += [(check, type) for check in graph.checks for type in check.resource_types or ()]
    for check, type in pairs:
        entry = found.setdefault(check.id, {"id": check.id, "name": check.name, "types": []})
        if type not in entry["types"]:
            entry["types"].append(type)
    return [found[id] for id in sorted(found)]


def _leave_out_terraform() -> None:
    """Put an empty package in the place of each provider's checks for Terraform; its modules can still be imported."""
    found = importlib.util.find_spec("checkov")
    for root in (found.submodule_search_locations or ()) if found else ():
        for kind in ("resource", "data", "provider", "module"):
            folder = os.path.join(root, "terraform", "checks", kind)
            for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else ():
                path = os.path.join(folder, name)
                if os.path.isfile(os.path.join(path, "__init__.py")):
                    package = types.ModuleType(f"checkov.terraform.checks.{kind}.{name}")
                    package.__path__ = [path]
                    sys.modules[package.__name__] = package


def _alone() -> None:
    """Do the work in this process: handing one file to another costs more than reading it."""
    try:
        from checkov.common.parallelizer.parallel_runner import ParallelizationType, parallel_runner

        parallel_runner.type = ParallelizationType.NONE
    except (ImportError, AttributeError):
        return  # it only costs time


def _cut() -> None:
    """Leave out the text of the whole template that is made for a log that is off."""
    from checkov.cloudformation import runner

    if hasattr(runner, "json"):
        runner.json = types.SimpleNamespace(dumps=lambda *_, **__: "")


def _remember() -> None:
    """Remember what the two analysers of cloudsplaining said, wherever they are known by name."""
    import cloudsplaining.scan.policy_document  # noqa: F401  (all of its modules are loaded by it)
    from checkov.cloudformation.checks.resource.BaseCloudsplainingIAMCheck import BaseCloudsplainingIAMCheck

    modules = [module for name, module in list(sys.modules.items()) if name.partition(".")[0] == "cloudsplaining"]
    for name in _ANALYSERS:
        known = [module for module in modules if callable(getattr(module, name, None))]
        remembered: dict[int, Any] = {}
        for module in known:
            original = getattr(module, name)
            setattr(module, name, remembered.setdefault(id(original), _remembering(original)))
    for check in BaseCloudsplainingIAMCheck.__subclasses__():
        check.cloudsplaining_analysis = _once_a_policy(check.cloudsplaining_analysis)


def _once_a_policy(analyse: Any) -> Any:
    """Remember what a check said of a policy: it is asked twice, for the verdict and for the place."""
    answers: dict[int, tuple[Any, Any]] = {}

    @functools.wraps(analyse)
    def ask(self: Any, policy: Any) -> Any:
        if id(policy) not in answers:
            answers[id(policy)] = policy, analyse(self, policy)  # the policy is kept, so that its id stays its own
        answer = answers[id(policy)][1]
        return list(answer) if isinstance(answer, list) else answer

    return ask


def _remembering(function: Any) -> Any:
    answers: dict[Any, list[str]] = {}

    @functools.wraps(function)
    def ask(actions_list: list[str], *more: Any) -> list[str]:
        try:
            key = (tuple(actions_list), *more)
            answer = answers.get(key)
        except TypeError:
            return function(actions_list, *more)  # type: ignore[no-any-return]
        if answer is None:
            answer = answers[key] = function(actions_list, *more)
        return list(answer)  # callers add to what they get

    return ask


def _listen(unknown: Any) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """Note the checks that raise, and the policies that could not be analysed, as (check, resource).

    checkov drops both from its report. A check that says UNKNOWN otherwise means that it does not apply.
    """
    from checkov.cloudformation.checks.resource.BaseCloudsplainingIAMCheck import BaseCloudsplainingIAMCheck
    from checkov.common.checks.base_check import BaseCheck

    crashed: set[tuple[str, str]] = set()
    undecided: set[tuple[str, str]] = set()
    told, run = BaseCheck.log_check_error, BaseCheck.run

    def log_check_error(self: Any, *args: Any, **named: Any) -> None:
        crashed.add((self.id, f"{named.get('entity_type')}.{named.get('entity_name')}"))
        told(self, *args, **named)

    def run_check(self: Any, *args: Any, **named: Any) -> Any:
        result = run(self, *args, **named)
        if result.get("result") == unknown and isinstance(self, BaseCloudsplainingIAMCheck):
            undecided.add((self.id, f"{named.get('entity_type')}.{named.get('entity_name')}"))
        return result

    BaseCheck.log_check_error = log_check_error
    BaseCheck.run = run_check
    return crashed, undecided


class _Errors(logging.Handler):
    """Keeps what checkov logs as an error, the first line of each, once."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a message; the failure of one check is told with its resource instead."""
        message = record.getMessage().split("\n")[0][:300]
        if not message.startswith("Failed to run check") and message not in self.told:
            self.told.append(message)


if __name__ == "__main__":
    main()
