"""Step Functions: durations, rights, logs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from archproof.resources.resource import Resource
from archproof.validators import policies
from archproof.validators.context import Context, amount
from archproof.validators.rule import Hit, rule

TYPES = ("AWS::StepFunctions::StateMachine",)
MACHINE = "AWS::StepFunctions::StateMachine"
FUNCTION = "AWS::Lambda::Function"
Steps = list[tuple[tuple[str | int, ...], str, dict[str, Any]]]


def states(r: Resource) -> Steps:
    """Every state with its path and name, those inside Map and Parallel too."""
    definition = r.get("Definition")
    path: tuple[str | int, ...] = ("Definition",)
    if definition is None and isinstance(text := r.get("DefinitionString"), str):
        try:
            definition, path = json.loads(text), ("DefinitionString",)
        except ValueError:
            definition = None
    found: Steps = []
    _walk(definition, path, found, fixed=path == ("DefinitionString",))
    return found


def _walk(definition: Any, path: tuple[str | int, ...], found: Steps, *, fixed: bool) -> None:
    held = definition.get("States") if isinstance(definition, dict) else None
    for name, state in held.items() if isinstance(held, dict) else ():
        if not isinstance(state, dict):
            continue
        here = path if fixed else (*path, "States", name)
        found.append((here, name, state))
        for key in ("Iterator", "ItemProcessor"):
            _walk(state.get(key), here if fixed else (*here, key), found, fixed=fixed)
        for position, branch in enumerate(policies.as_list(state.get("Branches"))):
            _walk(branch, here if fixed else (*here, "Branches", position), found, fixed=fixed)


@rule(
    "states-express-wait", "high", MACHINE, wa="REL",
    title="An express workflow waits for longer than it may run",
    why="An express workflow ends after five minutes, whatever it waits for.",
    fix="Set the type to STANDARD, or shorten the wait.",
)  # fmt: skip
def express_wait(r: Resource, ctx: Context) -> Iterator[Hit]:
    if ctx.text(r, "StateMachineType", default="STANDARD") != "EXPRESS":
        return
    limit = ctx.quota("states", "Express execution duration").seconds
    for path, name, state in states(r):
        seconds = state.get("Seconds")
        if state.get("Type") == "Wait" and isinstance(seconds, int | float) and seconds > limit:
            message = (
                f"{name} of {r.title} waits for {amount(seconds)} s; an express workflow may run for {amount(limit)} s"
            )
            yield Hit(message, *path)


def _function(ctx: Context, r: Resource, state: dict[str, Any]) -> Resource | None:
    names = r.get("DefinitionSubstitutions", default={})
    arguments = state.get("Arguments", {})
    for value in (state.get("Resource"), state.get("Parameters", {}).get("FunctionName"),
                  arguments.get("FunctionName") if isinstance(arguments, dict) else None):  # fmt: skip
        target = next((t for t in ctx.resources.targets({"x": value}) if t.type == FUNCTION), None)
        if target is None and isinstance(value, str) and value.startswith("${") and isinstance(names, dict):
            target = next((t for t in ctx.resources.targets({"x": names.get(value[2:-1])}) if t.type == FUNCTION), None)
        if target is not None:
            return target
    return None


@rule(
    "states-timeout-below-function", "medium", MACHINE, wa="REL",
    title="A state gives up before its function",
    why="The workflow goes on, or fails, while the function still works and costs.",
    fix="Set the state's TimeoutSeconds above the function's `timeout_s`.",
)  # fmt: skip
def timeout_below(r: Resource, ctx: Context) -> Iterator[Hit]:
    for path, name, state in states(r):
        function, limit = _function(ctx, r, state), state.get("TimeoutSeconds")
        if function is None or not isinstance(limit, int | float):
            continue
        timeout = ctx.number(function, "Timeout", default=ctx.quota("lambda", "Function timeout default").number)
        if timeout is not None and limit < timeout:
            message = f"{name} of {r.title} gives up after {amount(limit)} s"
            yield Hit(f"{message}; {function.title} may run for {amount(timeout)} s", *path)


@rule(
    "states-invoke-rights", "high", MACHINE, wa="REL",
    title="A workflow's role may not invoke its function",
    why="The state fails with AccessDenied as soon as it is reached.",
    fix="Link the workflow to the function (`verb: invoke`), or give the role lambda:InvokeFunction.",
)  # fmt: skip
def invoke_rights(r: Resource, ctx: Context) -> Iterator[Hit]:
    role = policies.role_of(ctx, r, "RoleArn")
    if role is None:
        return
    for path, name, state in states(r):
        function = _function(ctx, r, state)
        if function is None:
            continue
        answer = policies.may(ctx, role, "lambda:InvokeFunction", function)
        if answer is False:
            message = (
                f"{name} of {r.title} invokes {function.title}, but the role {role.title} lacks lambda:InvokeFunction"
            )
            yield Hit(message, *path)
        elif answer is None:
            ctx.undecided(r, "RoleArn", why=f"a policy of {role.title} cannot be read here")


@rule(
    "states-logging-off", "low", MACHINE, wa="OPS", fsbp="StepFunctions.1",
    title="A workflow is not logged",
    why="Express workflows keep no history of their own, and that of standard ones ends after 90 days.",
    fix="Leave `logging` at its default.",
)  # fmt: skip
def logging(r: Resource, ctx: Context) -> Iterator[Hit]:
    if ctx.text(r, "LoggingConfiguration", "Level", default="OFF") == "OFF":
        yield Hit(f"{r.title} is not logged", "LoggingConfiguration", "Level")
