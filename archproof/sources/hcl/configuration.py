"""A whole configuration: its root module with the values of its variables, and everything in it, in order."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from archproof.errors import InputError, Location, Problem
from archproof.sources.hcl import expressions as ex
from archproof.sources.hcl.blocks import Block
from archproof.sources.hcl.evaluation import Run
from archproof.sources.hcl.folder import Config, Folders
from archproof.sources.hcl.instances import Instance, RemoteModule
from archproof.sources.hcl.module import Module, World
from archproof.sources.hcl.scan import Source
from archproof.sources.hcl.symbols import Failure, Symbol
from archproof.suggest import did_you_mean


def load(folders: Folders, run: Run, parameters: Mapping[str, str]) -> Module:
    """The root module of a configuration, with its variables' values. Raises InputError."""
    config = folders.main()
    world = World(run, folders)
    given = _files_of_values(config, folders, run)
    given.update(_parameters(config, folders, parameters))
    root = Module(world, config, given=given)
    root.providers = _providers(root)
    return root


def walk(module: Module) -> Iterator[Instance | RemoteModule]:
    """Every instance of every module, in the order in which they are written."""
    for mode, type, name in module.config.resources:
        held = module.resource(mode, type, name)
        yield from (i for i in _each(held) if isinstance(i, Instance))
    for name in module.config.calls:
        for called in _each(module.call(name)):
            if isinstance(called, RemoteModule):
                yield called
            elif isinstance(called, Module):
                own = _providers(called)
                called.providers = {**called.providers, **own}
                yield from walk(called)


def _each(held: Any) -> list[Any]:
    if isinstance(held, dict):
        return list(held.values())
    return held if isinstance(held, list) else [held]


# --- values of variables


def _files_of_values(config: Config, folders: Folders, run: Run) -> dict[str, Callable[[], Any]]:
    """What `terraform.tfvars` and the files that Terraform loads by itself say, the last one winning."""
    given: dict[str, Callable[[], Any]] = {}
    for name in values_files(config.path):
        shown = os.path.join(config.name, name)
        source = folders.source(config.path / name, shown)
        if name.endswith(".json"):
            from archproof.sources.hcl.json_files import parse_values

            given.update({k: _always(v) for k, v in parse_values(source).items()})
        else:
            given.update(_tfvars(source, run))
    return given


def values_files(path: Any) -> list[str]:
    """The files of values of a folder, in the order in which they win."""
    try:
        names = sorted(os.listdir(path))
    except OSError:
        return []
    first = [n for n in ("terraform.tfvars", "terraform.tfvars.json") if n in names]
    return first + [n for n in names if n.endswith((".auto.tfvars", ".auto.tfvars.json")) and not n.startswith(".")]


def _always(value: Any) -> Callable[[], Any]:
    return lambda: value


def _tfvars(source: Source, run: Run) -> dict[str, Callable[[], Any]]:
    from archproof.sources.hcl.build import parse_body

    body = parse_body(source)
    for block in body.blocks:
        run.problem(block.location, f"a file of values holds no block '{block.type[:60]}'")
    return {n: _constant(a.expression, run) for n, a in body.attributes.items()}


def _constant(expression: ex.Expression, run: Run) -> Callable[[], Any]:
    return lambda: expression.value(_Constants(run))


class _Constants:
    """The scope of a file of values: nothing has a name there."""

    def __init__(self, run: Run) -> None:
        self.run = run

    def lookup(self, name: str, expression: ex.Expression) -> Any:
        """No name means anything."""
        raise Failure(f"a value of a variable cannot name '{name[:60]}'")

    def within(self, names: dict[str, Any]) -> ex.Scope:
        """Values hold no `for`."""
        raise Failure("a value of a variable is written out")

    def call(self, name: str, arguments: list[Any], expression: ex.Expression) -> Any:
        """Values hold no functions."""
        raise Failure(f"a value of a variable cannot call {name[:60]}()")


def _parameters(config: Config, folders: Folders, parameters: Mapping[str, str]) -> dict[str, Callable[[], Any]]:
    """The values given on the command line. Raises InputError for names of no variable."""
    problems = []
    found: dict[str, Callable[[], Any]] = {}
    for name, value in parameters.items():
        if name not in config.variables:
            hint = did_you_mean(name, config.variables)
            problems.append(Problem(Location(folders.name), f"no variable is called '{name[:60]}' (--parameter){hint}"))
            continue
        try:
            held = _parameter(value, config.variables[name])
        except InputError as error:
            problems += [Problem(Location(f"--parameter {name}"), p.message) for p in error.problems]
            continue
        found[name] = _always(held)
    if problems:
        raise InputError(problems)
    return found


def _parameter(value: str, block: Block) -> Any:
    """The value of a `--parameter`: a text, or an expression where the variable's type is no scalar."""
    from archproof.sources.hcl.build import parse_expression

    constraint = block.body.expression("type")
    scalar = constraint is None or (
        isinstance(constraint, ex.Name) and constraint.name in ("string", "number", "bool", "any")
    )
    if scalar or isinstance(constraint, ex.Literal):
        return value
    source = Source(value, "--parameter")
    try:
        return parse_expression(source, 0, len(value)).value(_Constants(Run()))
    except Failure as failure:
        raise source.error(0, str(failure)) from None


# --- providers


def _providers(module: Module) -> dict[str, Any]:
    """The region of each provider of AWS that a module configures: `aws` and `aws.ALIAS`; None where not known."""
    found: dict[str, Any] = {}
    for block in module.config.providers:
        if block.labels[:1] != ["aws"]:
            continue
        alias, region = block.body.expression("alias"), block.body.expression("region")
        name = f"aws.{alias.held}" if isinstance(alias, ex.Literal) else "aws"
        held = _value(module, region, f"provider {name}: region", block) if region is not None else None
        found[name] = held if isinstance(held, str) and not isinstance(held, Symbol) else None
    return found


def _value(module: Module, expression: ex.Expression, what: str, block: Block) -> Any:
    return module.run.settle(module.attempt(what, block.location, lambda: expression.value(module.scope)))
