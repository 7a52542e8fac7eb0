"""Files of users' rules: found, read, and given to the engine that recognises each."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from archproof.discovery import constants
from archproof.errors import InputError, Location, Problem, Unknown, UsageError
from archproof.model.text import UnreadableError, decode, read_bytes
from archproof.validators.engines.request import RuleFile

if TYPE_CHECKING:
    from collections.abc import Collection

    from archproof.model.architecture import Architecture

PACKAGE = "archproof.validators.engines"
_MOST_FILES = 2_000
_MOST_BYTES = 4 * 1024 * 1024
_TEST_STEMS = tuple(f"{mark}{word}" for mark in "_-." for word in ("test", "tests", "examples"))
_TESTS = ("test", "tests", "example", "examples", "fixtures")


class Found:
    """The rule files of one check, by engine module, and what was named but holds no rules."""

    def __init__(self) -> None:
        self.by_module: dict[str, list[RuleFile]] = {}
        self.unknown: list[Unknown] = []
        self.problems: list[Problem] = []
        self.trusting = True
        """Whether what is taken now may run as code."""
        self._seen: set[str] = set()

    def take(self, path: str, name: str, place: Location, *, within: str | None, named: bool) -> None:
        """Read a file and give it to its engine; `named`: by the user and not found in a folder."""
        real = os.path.realpath(path)
        if real in self._seen:
            return
        self._seen.add(real)
        if within is not None and not _inside(real, within):
            self.problems.append(Problem(place, f"'{name}' leads outside the folder {within}"))
            return
        try:
            raw = read_bytes(Path(path), name)
            if len(raw) > _MOST_BYTES:
                message = f"the file is larger than {_MOST_BYTES // 1024 // 1024} MiB, the most that rules may be"
                raise UnreadableError(name, message)
            file = RuleFile(name, path, decode(raw, name), self.trusting)
        except UnreadableError as error:
            self.problems.append(Problem(place if named else Location(name), f"'{name}': {error.message}"))
            return
        except InputError as error:
            self.problems.extend(error.problems)
            return
        module = _engine_of(file)
        if module is not None:
            self.by_module.setdefault(module, []).append(file)
        elif named:
            self.problems.append(Problem(place, f"'{name}' holds no rules of a kind that is known ({_kinds()})"))
        else:
            self.unknown.append(Unknown(f"rules of {name}", "no engine recognises what it holds", Location(name)))


def gather(rules: Collection[str], architecture: Architecture | None, allow_code: bool = False) -> Found:
    """Find and read every rule file. Raises InputError, UsageError for a path that is not there.

    `allow_code`: whether code may run that the model names and the user does not.
    """
    found = Found()
    for name in rules:
        if not os.path.exists(name):
            raise UsageError(f"--rules {name}: no such file or folder")
        _add(found, name, name, Location(name), within=None)
    found.trusting = allow_code
    if architecture is not None and architecture.rules:
        folder = os.path.dirname(architecture.document.file)
        for entry in architecture.rules:
            place = architecture.document.locate_value(("rules", entry.position))
            path = os.path.join(folder, entry.path)
            if not _inside(os.path.realpath(path), os.path.realpath(folder or ".")):
                found.problems.append(Problem(place, f"'{entry.path}' lies outside the folder of the model"))
            elif not os.path.exists(path):
                found.problems.append(Problem(place, f"'{entry.path}': no such file or folder"))
            else:
                _add(found, path, path, place, within=os.path.realpath(folder or "."))
    if found.problems:
        raise InputError(found.problems)
    for files in found.by_module.values():
        files.sort(key=lambda file: file.name)
    return found


def _add(found: Found, path: str, name: str, place: Location, within: str | None) -> None:
    if not os.path.isdir(path):
        found.take(path, name, place, within=within, named=True)
        return
    within = within or os.path.realpath(path)
    before = sum(map(len, found.by_module.values()))
    for number, file in enumerate(_files(path)):
        if number >= _MOST_FILES:
            found.problems.append(Problem(place, f"'{name}' holds more than {_MOST_FILES:,} rule files"))
            return
        found.take(file, file, place, within=within, named=False)
    if sum(map(len, found.by_module.values())) == before and not found.problems:
        found.problems.append(Problem(place, f"'{name}' holds no file of rules ({_kinds()})"))


def _files(folder: str) -> Iterator[str]:
    """The files of a folder and those below it that may hold rules, sorted; not the examples to test rules with."""
    endings = tuple(_endings())
    for at, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name.lower() not in _TESTS and not name.startswith("."))
        for name in sorted(names):
            stem, ending = os.path.splitext(name.lower())
            if ending in endings and not name.startswith(".") and not _is_test(stem):
                yield os.path.join(at, name)


def _is_test(stem: str) -> bool:
    """Say whether a file's name (in lower case, without its ending) says that it tests rules."""
    return stem.startswith("test_") or stem.endswith(_TEST_STEMS)


def _endings() -> list[str]:
    return sorted({ending for endings in constants(PACKAGE, "RULE_FILES").values() for ending in endings})


def _kinds() -> str:
    return ", ".join(_endings()) or "none"


def _engine_of(file: RuleFile) -> str | None:
    """The engine module that recognises a file."""
    for module, endings in sorted(constants(PACKAGE, "RULE_FILES").items()):
        if file.ending in endings and importlib.import_module(module).recognises(file):
            return module
    return None


def _inside(real: str, folder: str) -> bool:
    return real == folder or real.startswith(os.path.join(folder, ""))
