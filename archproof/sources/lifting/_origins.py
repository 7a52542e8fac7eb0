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
    held = _source(module)
    found: dict[str, dict[str, str]] = {}
    for node in held.calls:
        assert isinstance(node.func, ast.Attribute)
        named = {k.arg: k.value for k in node.keywords}
        if len(node.args) < 2 or "suffix" in named or "origins" not in named:
            continue
        type = node.args[1]
        if not isinstance(type, ast.Constant):
            type = held.table(type) or type
        if isinstance(type, ast.Constant):
            found.setdefault(str(type.value), {}).update(_texts(named["origins"], held))
    return found


class _Source:
    """A module of lowerings, read and not imported: what it adds, and the tables of origins that it names."""

    def __init__(self, module: str) -> None:
        spec = importlib.util.find_spec(module)
        assert spec is not None and spec.origin is not None
        tree = ast.parse(Path(spec.origin).read_text(encoding="utf-8"))
        self.calls: list[ast.Call] = []
        """Every call of a method `add`."""
        self.tables: dict[str, ast.expr] = {}
        """What names stand for: maps and constants."""
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                if isinstance(node.func, ast.Attribute) and node.func.attr == "add":
                    self.calls.append(node)
            elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict | ast.BinOp | ast.Constant):
                self.tables |= {t.id: node.value for t in node.targets if isinstance(t, ast.Name)}
        self.imported = {
            name.asname or name.name: (node.module, name.name)
            for node in tree.body
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(PACKAGE)
            for name in node.names
        }
        """The module and the name in it of everything taken from other lowerings."""

    def table(self, named: ast.expr) -> ast.expr | None:
        """What a name stands for, its own or another module's; None where that is no table and no text."""
        name, _, attribute = ast.unparse(named).partition(".")
        if name not in self.imported:
            return None if attribute else self.tables.get(name)
        module, original = self.imported[name]
        return _source(f"{module}.{original}" if attribute else module).tables.get(attribute or original)


@functools.cache
def _source(module: str) -> _Source:
    return _Source(module)


def _texts(table: ast.expr | None, held: _Source) -> dict[str, str]:
    """A table of texts: written out, by its name, or put together of others."""
    if isinstance(table, ast.Name | ast.Attribute):
        return _texts(held.table(table), held)
    if isinstance(table, ast.BinOp) and isinstance(table.op, ast.BitOr):
        return _texts(table.left, held) | _texts(table.right, held)
    if not isinstance(table, ast.Dict):
        return {}
    found: dict[str, str] = {}
    for key, value in zip(table.keys, table.values, strict=True):
        if key is None:
            found |= _texts(value, held)
            continue
        said = [part.value for part in (key, value) if isinstance(part, ast.Constant) and isinstance(part.value, str)]
        if len(said) == 2:
            found[said[0]] = said[1]
    return found
