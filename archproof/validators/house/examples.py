"""Examples beside rules: small models or templates that break a rule, where and in which words, or keep it.

- rule: queue-has-key
  fails: |
    archproof: 1
    components:
      jobs: {kind: sqs_queue}
  at: [3, 3]
  message: "jobs: KmsMasterKeyId must exist"
  passes: |
    ...
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from archproof.errors import InputError, Location, Problem
from archproof.model.text import read_text
from archproof.suggest import did_you_mean

if TYPE_CHECKING:
    from archproof.model.yaml import Mark

KEYS = ("rule", "fails", "at", "message", "severity", "passes", "today")
_BESIDE = ("{}.examples", "{}_examples", "{}.test", "{}_test", "{}.tests", "{}_tests")
_FOLDERS = ("examples", "tests")
_ENDINGS = (".yaml", ".yml")


class Example(NamedTuple):
    """One entry of a file of examples."""

    rule: str
    """The rule's id as it is written, with or without its prefix; empty where the file holds one rule alone."""
    place: Location
    fails: str | None = None
    at: tuple[int, int | None] | None = None
    """Line, and column where it is said."""
    message: str | None = None
    severity: str | None = None
    passes: str | None = None
    today: datetime.date | None = None


def beside(rules: str) -> str | None:
    """The file of examples beside a file of rules, such as `NAME.examples.yaml` or `examples/NAME.yaml`; or None."""
    folder, name = os.path.split(rules)
    stem = os.path.splitext(name)[0]
    names = [os.path.join(folder, form.format(stem) + ending) for form in _BESIDE for ending in _ENDINGS]
    names += [os.path.join(folder, inner, stem + ending) for inner in _FOLDERS for ending in _ENDINGS]
    return next((path for path in names if os.path.isfile(path)), None)


def read(path: str) -> list[Example]:
    """Read a file of examples. Raises InputError with every problem in it."""
    from archproof.model.yaml import parse

    parsed = parse(read_text(Path(path), path), path, tags=False)
    problems = list(parsed.problems)
    value, mark = parsed.value, parsed.mark
    if not isinstance(value, list):
        raise InputError([*problems, Problem(mark.at(), "expected a list of examples, each with 'rule' and 'fails'")])
    found = [_example(entry, place, problems) for entry, place in zip(value, mark.children, strict=True)]
    if problems:
        raise InputError(problems)
    return found


def _example(value: Any, mark: Mark, problems: list[Problem]) -> Example:
    if not isinstance(value, dict):
        problems.append(Problem(mark.at(), "expected an example: a map with 'fails' or 'passes'"))
        return Example("", mark.at())
    problems += _wrong(value, mark)
    at = value.get("at")
    if isinstance(at, int):
        at = [at]
    return Example(
        str(value.get("rule", "")), mark.at(), value.get("fails"),
        (at[0], at[1] if len(at) > 1 else None) if isinstance(at, list) and at else None,
        value.get("message"), value.get("severity"), value.get("passes"), _day(value.get("today")),
    )  # fmt: skip


def _wrong(value: dict[str, Any], mark: Mark) -> Iterator[Problem]:
    for key, item in value.items():
        place = mark.children[key]
        if key not in KEYS:
            yield Problem(place.key(), f"an example has no '{str(key)[:60]}'{did_you_mean(str(key), KEYS)}")
        elif key == "at":
            numbers = [item] if isinstance(item, int) else item
            if not isinstance(numbers, list) or len(numbers) not in (1, 2) or not all(type(n) is int for n in numbers):
                yield Problem(place.at(), "at: expected a line, or [line, column]")
        elif not isinstance(item, str):
            yield Problem(place.at(), f"{key}: expected text")
        elif key == "today" and _day(item) is None:
            yield Problem(place.at(), "today: expected a day such as 2026-12-31")
    if "fails" not in value and "passes" not in value:
        yield Problem(mark.at(), "an example needs 'fails' or 'passes': a model or a template, as text")


def _day(text: Any) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
