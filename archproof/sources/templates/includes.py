"""`AWS::Include`: a part of a template that stands in another file."""

from __future__ import annotations

from pathlib import Path as FilePath
from typing import Any

from archproof.errors import InputError, Problem, Unknown
from archproof.model.yaml import Mark
from archproof.sources.templates.files import MAX_FILES, Files, OutsideError, is_remote
from archproof.sources.templates.template import INCLUDE, Template, inner

_TRANSFORM = "Fn::Transform"
_Pair = tuple[Any, Mark]


def include(template: Template, files: Files) -> None:
    """Put the text of every file that the template includes in its place.

    What is not beside the template (an address in S3, a file that is missing) is told in `unknown`.
    """
    if INCLUDE not in template.text:
        return
    includes = _Includes(template, files)
    value, mark = includes.node(template.value, template.mark, template.path.parent, ())
    if isinstance(value, dict):
        template.value, template.mark = value, mark
    said = template.value.get("Transform")
    for position, one in enumerate(said if isinstance(said, list) else [said]):
        if isinstance(one, dict) and one.get("Name") == INCLUDE:
            place = inner(template.mark, "Transform")
            place = inner(place, position) if isinstance(said, list) else place
            values = dict(template.value)
            marks = {key: template.mark.children[key] for key in template.mark.children}
            includes.put(one, place, template.path.parent, (), values, marks)
            template.value, template.mark = values, template.mark._replace(children=marks)


class _Includes:
    def __init__(self, template: Template, files: Files) -> None:
        self.template = template
        self.files = files

    def node(self, value: Any, mark: Mark, folder: FilePath, within: tuple[FilePath, ...]) -> _Pair:
        """`value` with what it includes; the same object where that is nothing."""
        if isinstance(value, list):
            items = [self.node(item, inner(mark, n), folder, within) for n, item in enumerate(value)]
            if all(new is old for (new, _), old in zip(items, value, strict=True)):
                return value, mark
            return [v for v, _ in items], mark._replace(children=[m for _, m in items])
        if not isinstance(value, dict):
            return value, mark
        pairs = {key: self.node(item, inner(mark, key), folder, within) for key, item in value.items()}
        said = value.get(_TRANSFORM)
        asked = [s for s in (said if isinstance(said, list) else [said]) if isinstance(s, dict)]
        asked = [s for s in asked if s.get("Name") == INCLUDE]
        if not asked and all(pairs[key][0] is value[key] for key in value):
            return value, mark
        values = {key: v for key, (v, _) in pairs.items() if not (asked and key == _TRANSFORM)}
        marks = {key: m for key, (_, m) in pairs.items() if not (asked and key == _TRANSFORM)}
        for one in asked:
            whole = self.put(one, inner(mark, _TRANSFORM), folder, within, values, marks)
            if whole is not None and len(value) == 1:
                return whole
        return values, mark._replace(children=marks)

    def put(
        self, said: dict[str, Any], mark: Mark, folder: FilePath, within: tuple[FilePath, ...],
        values: dict[str, Any], marks: dict[str, Mark],
    ) -> _Pair | None:  # fmt: skip
        """Lay what is included over `values`; return it where it is no map."""
        found = self.read(said, mark, folder, within)
        if found is None:
            values.setdefault(_TRANSFORM, said)
            marks.setdefault(_TRANSFORM, mark)
            return None
        value, place = found
        if not isinstance(value, dict):
            return found
        for key, item in value.items():
            values[key], marks[key] = item, inner(place, key)
        return None

    def read(self, said: dict[str, Any], mark: Mark, folder: FilePath, within: tuple[FilePath, ...]) -> _Pair | None:
        """The values of the file that is included, or None where it cannot be read."""
        parameters = said.get("Parameters")
        location = parameters.get("Location") if isinstance(parameters, dict) else None
        if not isinstance(location, str) or is_remote(location):
            shown = location if isinstance(location, str) else "a place known only at deployment"
            self.unknown(mark, f"its text is not beside the template: {shown[:200]}")
            return None
        try:
            path = self.files.find(location, folder)
        except OutsideError:
            self.problem(mark, f"the file '{location[:120]}' leaves the folder of the template")
            return None
        if path is None:
            self.unknown(mark, f"there is no file '{location[:120]}' beside the template")
            return None
        if path in within or len(within) > 10:
            self.problem(mark, f"the file '{location[:120]}' includes itself")
            return None
        self.files.count += 1
        if self.files.count > MAX_FILES:
            raise InputError([Problem(mark.entry(), f"more than {MAX_FILES} files are brought in")])
        from archproof.sources.reading import Probe

        probe = Probe(path)
        probe.name = self.files.shown(path)
        parsed = probe.parsed
        self.files.texts[probe.name] = probe.text
        self.template.problems.extend(parsed.problems)
        return self.node(parsed.value, parsed.mark, path.parent, (*within, path))

    def problem(self, mark: Mark, message: str) -> None:
        self.template.problems.append(Problem(mark.entry(), message))

    def unknown(self, mark: Mark, why: str) -> None:
        self.template.unknown.append(Unknown(INCLUDE, why, mark.entry()))
        self.template.open = True
