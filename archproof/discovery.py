"""Finding the module that serves a kind, a rule or a format without importing its siblings.

A family of modules (component kinds, lowerings, rules, formats) is a package; each module says what
it serves in one literal constant at its top. Reading that constant from the source costs some
microseconds a module, where importing them all would cost tens of milliseconds at every start. A new
member of a family is one new file that nothing else has to name.
"""

from __future__ import annotations

import ast
import functools
import importlib
import os
import pkgutil
import re
from pathlib import Path
from types import ModuleType
from typing import Any

HEAD = 4096
"""Bytes at the start of a module within which its constant begins."""


@functools.cache
def constants(package: str, constant: str) -> dict[str, Any]:
    """Return the literal `constant` of every module of `package` that has one, keyed by module name."""
    found: dict[str, Any] = {}
    start = re.compile(rf"^{constant}\b[^=\n]*= *", re.M)
    for name, path, head in _heads(package):
        if constant in head and (match := start.search(head)):
            try:
                value = _literal(head[match.end() :])
            except SyntaxError:  # it goes on past the head
                value = _literal(Path(path).read_text(encoding="utf-8")[match.end() :])
            found[f"{package}.{name}"] = value
    return found


@functools.cache
def _heads(package: str) -> list[tuple[str, str, str]]:
    """The name, the path and the beginning of every module of `package`, sorted."""
    found = []
    for folder in importlib.import_module(package).__path__:
        for file in sorted(os.listdir(folder)):
            if file.endswith(".py") and "a" <= file[0] <= "z":
                path = os.path.join(folder, file)
                with open(path, "rb") as opened:
                    found.append((file.removesuffix(".py"), path, opened.read(HEAD).decode("utf-8", "ignore")))
    return found


def _literal(source: str) -> Any:
    """Evaluate the literal at the start of `source`: the fewest whole lines that parse."""
    end = open_ = last = 0
    while (end := source.find("\n", end + 1)) != -1:
        line = source[last:end]
        open_ += sum(map(line.count, "([{")) - sum(map(line.count, ")]}"))
        last = end
        if open_ > 0:  # parsing costs more than counting
            continue
        try:
            return ast.literal_eval(source[:end])
        except SyntaxError:
            continue
    return ast.literal_eval(source)


@functools.cache
def index(package: str, constant: str) -> dict[str, str]:
    """Return, for every key that the modules of `package` list in `constant`, the module that serves it.

    The constant is a tuple (or dict) of strings, or one string. Raises ValueError where two modules
    claim the same key.
    """
    table: dict[str, str] = {}
    for module, keys in constants(package, constant).items():
        for key in (keys,) if isinstance(keys, str) else keys:
            if key in table:
                raise ValueError(f"{key!r} is served by both {table[key]} and {module}")
            table[key] = module
    return table


def module_for(package: str, constant: str, key: str) -> ModuleType | None:
    """Import and return the module of `package` that lists `key` in `constant`, or None."""
    name = index(package, constant).get(key)
    return importlib.import_module(name) if name else None


def modules(package: str) -> list[str]:
    """Return the names of all public modules of `package`, sorted."""
    path = importlib.import_module(package).__path__
    return sorted(f"{package}.{m.name}" for m in pkgutil.iter_modules(path) if not m.name.startswith("_"))
