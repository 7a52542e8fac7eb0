"""The canonical form of architecture.yaml, with every comment.

Sections and keys stand in the order of the language; what fits on one line stands on one; indentation is
two spaces. What is written means exactly what was read: the result is parsed again and compared, and a
file that cannot be written so is left as it is.
"""

from __future__ import annotations

from collections import Counter

from archproof.errors import InputError, Location, Problem
from archproof.model.document import SECTIONS
from archproof.model.yaml import parse
from archproof.suggest import did_you_mean


def canonical(text: str, file: str = "architecture.yaml") -> str:
    """Return the canonical form of a model, or of a file that a model includes.

    Raises InputError where the text is no model that can be read.
    """
    from archproof.model.formatting import emit, tree

    source = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    parsed = parse(source, file)
    problems = list(parsed.problems)
    if not isinstance(parsed.value, dict):
        raise InputError([*problems, Problem(parsed.mark.at(), "expected sections (a map)")])
    for name in parsed.value:
        if name not in SECTIONS:
            message = f"unknown section '{name[:60]}'{did_you_mean(name, SECTIONS)}"
            problems.append(Problem(parsed.mark.children[name].key(), message))
    if problems:
        raise InputError(problems)
    try:
        written = emit.emit(tree.read(source))
    except emit.UnformattableError as reason:
        raise InputError([Problem(Location(file), f"{reason} cannot be formatted; write it in another form")]) from None
    if not _same(source, written, parsed.value, file):
        message = "the file uses a form of YAML that cannot be formatted without a loss"
        raise InputError([Problem(Location(file), message)])
    return written


def _same(before: str, after: str, value: object, file: str) -> bool:
    """Say whether nothing is lost: the same values and the same comments."""
    from archproof.model.formatting.tree import comments

    try:
        again = parse(after, file)
    except InputError:
        return False
    if again.problems or _typed(again.value) != _typed(value):
        return False
    return Counter(c.text for c in comments(before)) == Counter(c.text for c in comments(after))


def _typed(value: object) -> object:
    """A form of `value` that is equal only for the same values of the same types (`1` is not `true`)."""
    if isinstance(value, dict):
        return {key: _typed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_typed(item) for item in value]
    return (type(value).__name__, repr(value))
