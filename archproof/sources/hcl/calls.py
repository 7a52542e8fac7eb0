"""Calls of modules: those by a path are read, all others are named as unknown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from archproof.errors import Problem
from archproof.sources.hcl import expressions as ex
from archproof.sources.hcl.blocks import Block
from archproof.sources.hcl.instances import RemoteModule, instances_of
from archproof.sources.hcl.symbols import Unknown
from archproof.suggest import did_you_mean

if TYPE_CHECKING:
    from archproof.sources.hcl.folder import Config
    from archproof.sources.hcl.module import Module

_LOCAL = re.compile(r"\.\.?(?:/|\Z)")
_META = frozenset({"source", "version", "count", "for_each", "providers", "depends_on"})


def make_call(module: Module, name: str, block: Block) -> Any:
    """The module, or the list or map of modules, that a call stands for."""
    from archproof.sources.hcl.module import MAX_DEPTH

    address = f"{module.prefix}module.{name}"
    expression = block.body.expression("source")
    source = module.run.settle(expression.value(module.scope)) if expression is not None else None
    if expression is None:
        module.run.problem(block.location, f"module '{name}' needs a source")
        return Unknown(address)
    if not isinstance(source, str) or not _LOCAL.match(source):
        return _remote(module, address, source, block)
    config = module.world.folders.module(module.config, source, expression.location)
    if config is None:
        return Unknown(address)
    if module.depth >= MAX_DEPTH or _calls_itself(module, config):
        way = "it calls itself" if _calls_itself(module, config) else f"deeper than {MAX_DEPTH} modules"
        module.run.problem(expression.location, f"module '{name}' is not read: {way}")
        return Unknown(address)
    _check_inputs(module, name, block, config)
    return instances_of(module, block, f"module.{name}", lambda k, n, _: _called(module, name, block, config, k, n))


def _calls_itself(module: Module | None, config: Config) -> bool:
    while module is not None:
        if module.config is config:
            return True
        module = module.parent
    return False


def _remote(module: Module, address: str, source: Any, block: Block) -> RemoteModule:
    where = source if isinstance(source, str) else "a source that is not known"
    found = RemoteModule(address, where, block)
    module.world.remote.append(found)
    return found


def _check_inputs(module: Module, name: str, block: Block, config: Config) -> None:
    for argument, attribute in block.body.attributes.items():
        if argument not in _META and argument not in config.variables:
            message = f"module '{name}' has no variable '{argument[:60]}'{did_you_mean(argument, config.variables)}"
            module.run.problems.append(Problem(attribute.location, message))
    for variable, declared in config.variables.items():
        if "default" not in declared.body.attributes and variable not in block.body.attributes:
            module.run.problem(block.location, f"module '{name}' needs a value for its variable '{variable[:60]}'")


def _called(module: Module, name: str, block: Block, config: Config, key: Any, names: dict[str, Any]) -> Any:
    from archproof.sources.hcl.module import Module, _key

    scope = module.scope.within(names)

    def given(expression: ex.Expression) -> Any:
        return lambda: expression.value(scope)

    inputs = {n: given(a.expression) for n, a in block.body.attributes.items() if n in config.variables}
    prefix = f"{module.prefix}module.{name}{_key(key)}."
    return Module(module.world, config, prefix, inputs, module, _providers(module, block))


def _providers(module: Module, block: Block) -> dict[str, Any]:
    """The providers that the called module has by name: those it is handed, else the ones without an alias."""
    held = block.body.expression("providers")
    found = {n: v for n, v in module.providers.items() if "." not in n}
    if isinstance(held, ex.Object):
        for entry in held.entries:
            found[_named(entry.key)] = module.providers.get(_named(entry.held))
    return found


def _named(expression: ex.Expression) -> str:
    if isinstance(expression, ex.Literal):
        return str(expression.held)
    return "".join(expression.text.split())


__all__ = ["make_call"]
