"""Which field says a property: read from the `origins` that each lowering declares, without running it."""

from __future__ import annotations

import ast
import functools
import importlib.util
import re
from pathlib import Path

from archproof.discovery import index
from archproof.model import registry
from archproof.resources.lowering import PACKAGE

_TYPE = re.compile(r'^    cfn: ClassVar\[str\] = "([^"]*)"', re.M)
Fields = dict[tuple[str, ...], tuple[str, ...]]
"""Path of a field (its key first) by path of a property."""


@functools.cache
def kinds_by_type() -> dict[str, tuple[str, ...]]:
    """The kinds whose main resource is of a CloudFormation type."""
    found: dict[str, list[str]] = {}
    for kind in registry.kinds():
        module, name = registry.classes()[kind]
        # read and not imported: a system has few of all kinds
        declared = _types(module).get(name)
        if cfn := registry.kind_class(kind).cfn if declared is None else declared:
            found.setdefault(cfn, []).append(kind)
    return {cfn: tuple(kinds) for cfn, kinds in found.items()}


@functools.cache
def _types(module: str) -> dict[str, str]:
    """The CloudFormation type of every class of a module that says its own."""
    spec = importlib.util.find_spec(module)
    assert spec is not None and spec.origin is not None
    parts = re.split(r"^class (\w+)", Path(spec.origin).read_text(encoding="utf-8"), flags=re.M)
    found = {name: _TYPE.search(body) for name, body in zip(parts[1::2], parts[2::2], strict=True)}
    return {name: match[1] for name, match in found.items() if match}


@functools.cache
def fields(kind: str) -> Fields:
    """The fields of a kind by the properties of its main resource that they say."""
    module = index(PACKAGE, "KINDS").get(kind)
    if module is None:
        return {}
    declared = _declared(module).get(registry.kind_class(kind).cfn, {})
    known = set(registry.keys(kind))
    found: Fields = {("Tags",): ("tags",)}
    for path, said in declared.items():
        steps = tuple(said.split("."))
        if steps[0] in known and steps[0] not in ("in", "kind", "properties", "tags"):
            found[tuple(path.split("."))] = steps
    return found


@functools.cache
def _declared(module: str) -> dict[str, dict[str, str]]:
    """The origins of every main resource that a lowering adds, by its type."""
    spec = importlib.util.find_spec(module)
    assert spec is not None and spec.origin is not None
    tree = ast.parse(Path(spec.origin).read_text(encoding="utf-8"))
    tables = {
        target.id: node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    found: dict[str, dict[str, str]] = {}
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "add"):
            continue
        named = {k.arg: k.value for k in node.keywords}
        if len(node.args) < 2 or not isinstance(node.args[1], ast.Constant) or "suffix" in named:
            continue
        origins = named.get("origins")
        if isinstance(origins, ast.Name):
            origins = tables.get(origins.id)
        if isinstance(origins, ast.Dict):
            found.setdefault(str(node.args[1].value), {}).update(_texts(origins))
    return found


def _texts(table: ast.Dict) -> dict[str, str]:
    return {
        key.value: value.value
        for key, value in zip(table.keys, table.values, strict=True)
        if isinstance(key, ast.Constant) and isinstance(value, ast.Constant)
        and isinstance(key.value, str) and isinstance(value.value, str)
    }  # fmt: skip
