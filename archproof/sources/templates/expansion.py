"""`Fn::ForEach`: what a loop of a template stands for, with the places of what it repeats."""

from __future__ import annotations

import re
from typing import Any

from archproof.errors import InputError, Problem, Unknown
from archproof.model.yaml import MAX_REPEATED, Mark
from archproof.resources._functions import is_known
from archproof.resources.parameters import text
from archproof.sources.templates.sections import kind_of
from archproof.sources.templates.template import LANGUAGE_EXTENSIONS, Path, Template, functions, inner

LOOP = "Fn::ForEach"
_VARIABLE = re.compile(r"([$&])\{\s*([A-Za-z0-9_]+)\s*\}")
_OTHER = re.compile(r"[^A-Za-z0-9]+")
_Pair = tuple[Any, Mark]


def expand(template: Template) -> None:
    """Replace every loop of the template by what it stands for.

    A loop over something that is not known before deployment stays out and is told in `unknown`. Raises
    InputError where the loops make more than may be held.
    """
    if LOOP not in template.text:
        return
    if LANGUAGE_EXTENSIONS not in template.transforms:
        for name in ("Resources", "Outputs", "Conditions"):
            for key in template.section(name):
                if key.startswith(LOOP):
                    message = f"{LOOP} needs the transform {LANGUAGE_EXTENSIONS}: `Transform: {LANGUAGE_EXTENSIONS}`"
                    template.problem((name, key), message, key=True)
        return
    loops = _Loops(template)
    for name in ("Conditions", "Resources", "Outputs"):
        section = template.value.get(name)
        if isinstance(section, dict):
            value, mark = loops.node(section, inner(template.mark, name), {}, (name,))
            template.value = {**template.value, name: value}
            children = {key: template.mark.children[key] for key in template.mark.children}
            template.mark = template.mark._replace(children={**children, name: mark})


class _Loops:
    def __init__(self, template: Template) -> None:
        self.template = template
        self.evaluation = template.evaluation()
        self.made = 0

    def node(self, value: Any, mark: Mark, variables: dict[str, Any], path: Path) -> _Pair:
        """`value` with its loops written out and `variables` in place; the same object where there is nothing."""
        if variables:
            self.count(mark)
        if isinstance(value, dict):
            return self.map(value, mark, variables, path)
        if isinstance(value, list):
            items = [self.node(item, inner(mark, n), variables, (*path, n)) for n, item in enumerate(value)]
            if all(new is old for (new, _), old in zip(items, value, strict=True)):
                return value, mark
            return [v for v, _ in items], mark._replace(children=[m for _, m in items])
        return (self.text(value, variables) if isinstance(value, str) and variables else value), mark

    def count(self, mark: Mark) -> None:
        self.made += 1
        if self.made > MAX_REPEATED:
            message = f"the loops make more than {MAX_REPEATED:,} values: write fewer of them"
            raise InputError([*self.template.problems, Problem(mark.entry(), message)])

    def map(self, value: dict[str, Any], mark: Mark, variables: dict[str, Any], path: Path) -> _Pair:
        name = value.get("Ref") if len(value) == 1 else None
        if isinstance(name, str) and name in variables:
            return variables[name], mark._replace(children=None)
        values: dict[str, Any] = {}
        marks: dict[str, Mark] = {}
        same = True
        for key, item in value.items():
            place = inner(mark, key)
            if key.startswith(f"{LOOP}::"):
                same = False
                self.loop(key, item, place, variables, path, values, marks)
                continue
            new_key = self.text(key, variables) if variables else key
            new, new_mark = self.node(item, place, variables, (*path, key))
            same = same and new is item and new_key == key
            values[new_key], marks[new_key] = new, new_mark
        if same:
            return value, mark
        pattern = values.get("Fn::Sub") if len(values) == 1 else None
        if isinstance(pattern, str) and "${" not in pattern:
            return pattern, mark._replace(children=None)
        return values, mark._replace(children=marks)

    def text(self, said: str, variables: dict[str, Any]) -> str:
        """A text with the loops' variables in place: `${Name}` as it is, `&{Name}` letters and digits only."""

        def put(found: re.Match[str]) -> str:
            value = variables.get(found[2])
            if not isinstance(value, (str, int, float)):
                return found[0]
            return text(value) if found[1] == "$" else _OTHER.sub("", text(value))

        return _VARIABLE.sub(put, said)

    def loop(
        self, key: str, said: Any, mark: Mark, variables: dict[str, Any], path: Path,
        values: dict[str, Any], marks: dict[str, Mark],
    ) -> None:  # fmt: skip
        """Add what a loop stands for to `values` and `marks`."""
        sound = isinstance(said, list) and len(said) == 3
        if not sound or not isinstance(said[0], str) or not isinstance(said[2], dict):
            message = f"{key} is a list of three: the name of the variable, the values it takes, and what is repeated"
            self.template.problems.append(Problem(mark.entry(), message))
            return
        name, collection, body = said
        place = inner(mark, 1)
        for item in self.collection(key, collection, place, variables):
            if isinstance(item, (dict, list)) and not is_known(item):
                self.unknown(key, collection, inner(mark, 1))
                return
            made, made_mark = self.node(body, inner(mark, 2), {**variables, name: item}, path)
            for new_key, new in made.items():
                if new_key in values:
                    message = f"{key} makes '{new_key[:60]}' twice: its name needs ${{{name}}} in it"
                    self.template.problems.append(Problem(inner(made_mark, new_key).key(), message))
                else:
                    values[new_key], marks[new_key] = new, inner(made_mark, new_key)

    def collection(self, key: str, said: Any, mark: Mark, variables: dict[str, Any]) -> list[Any]:
        """The values that a loop goes over; none where they are not known."""
        filled, _ = self.node(said, mark, variables, ())
        found = self.evaluation.value(filled)
        if isinstance(found, str) and isinstance(filled, dict):
            found = [part.strip() for part in found.split(",")]
        if isinstance(found, list):
            items: list[Any] = []
            for item in found:
                items.extend(item if isinstance(item, list) else [item])
            return items
        if isinstance(found, dict):
            self.unknown(key, said, mark)
        else:
            message = f"{key} goes over a list of values; found {kind_of(found)}"
            self.template.problems.append(Problem(mark.entry(), message))
        return []

    def unknown(self, key: str, said: Any, mark: Mark) -> None:
        why = "what it repeats is not known: the values that it goes over are known only at deployment"
        names = [
            n
            for function, n, _ in functions(said)
            if function == "Ref" and isinstance(n, str) and n in self.evaluation.parameters
        ]
        if names:
            why += f" (--parameter {names[0]}=… says them)"
        self.template.unknown.append(Unknown(key, why, mark.entry()))
        self.template.open = True
