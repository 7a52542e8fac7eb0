"""Nested stacks whose templates lie beside the main one: their resources stand in the place of the stack.

The logical id of the stack goes before the names that its template gives, its parameters become what the stack
passes, and `Fn::GetAtt: [Stack, Outputs.X]` becomes what the output says.
"""

from __future__ import annotations

import functools
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

from archproof.errors import InputError, Location, Problem, Unknown
from archproof.resources.resource import Resource, Resources
from archproof.sources.templates.binding import Binding, connected
from archproof.sources.templates.files import MAX_FILES, Files, OutsideError, is_remote
from archproof.suggest import did_you_mean

if TYPE_CHECKING:
    from archproof.sources.reading import Request
    from archproof.sources.templates.template import Template

STACK = "AWS::CloudFormation::Stack"
SET = "AWS::CloudFormation::StackSet"
MAX_DEPTH = 10
"""How deep stacks may nest."""


def connect(resources: Resources, template: Template, files: Files, request: Request, within: tuple[str, ...]) -> None:
    """Put the resources of every nested stack whose template lies beside in the place of the stack.

    `within`: the files of the templates around, this one the last. Raises InputError for a path that leaves
    the folder, a template that nests itself, a parameter that its template does not have or that is missing.
    """
    problems: list[Problem] = []
    outputs: dict[str, dict[str, Any]] = {}
    for stack in resources.of_type(STACK):
        path = _template(stack, template, files, resources.unknown, problems)
        if path is None:
            continue
        inner = _read(stack, path, files, request, within, problems)
        if inner is not None:
            outputs[stack.logical_id] = _inline(stack, inner, resources, files.shown(path), problems)
    for stack in resources.of_type(SET):
        _stack_set(stack, template, files, request, within, resources, problems)
    if outputs:
        _connect_outputs(resources, outputs, problems)
    if problems:
        raise InputError(problems)


def _template(
    stack: Resource, template: Template, files: Files, unknown: list[Unknown], problems: list[Problem]
) -> FilePath | None:
    """The file of a stack's template, or None where it does not lie beside (told in `unknown`)."""
    metadata = stack.attributes.get("Metadata")
    asset = metadata.get("aws:asset:path") if isinstance(metadata, dict) else None
    url = asset if isinstance(asset, str) else stack.get("TemplateURL")
    place = stack.location("TemplateURL")
    if not isinstance(url, str) or is_remote(url):
        shown = url[:200] if isinstance(url, str) else "an address known only at deployment"
        unknown.append(Unknown(f"the stack {stack.logical_id}", f"its template is not beside this one: {shown}", place))
        return None
    try:
        path = files.find(url, template.path.parent)
    except OutsideError:
        problems.append(Problem(place, f"the template '{url[:120]}' leaves the folder of the main template"))
        return None
    if path is None:
        why = f"there is no file '{url[:120]}' beside the template"
        unknown.append(Unknown(f"the stack {stack.logical_id}", why, place))
    return path


def _read(
    stack: Resource, path: FilePath, files: Files, request: Request, within: tuple[str, ...], problems: list[Problem]
) -> Resources | None:
    """The resources of a nested template, or None where it cannot be read; what is wrong with it is a problem."""
    from archproof.sources.cloudformation import read_template
    from archproof.sources.reading import Probe, Request

    place = stack.location("TemplateURL")
    if str(path) in within:
        problems.append(Problem(place, f"the template {path.name} nests itself"))
        return None
    files.count += 1
    if len(within) > MAX_DEPTH or files.count > MAX_FILES:
        limit = f"{MAX_DEPTH} deep" if len(within) > MAX_DEPTH else f"of more than {MAX_FILES} files"
        problems.append(Problem(place, f"stacks nested {limit}"))
        return None
    probe = Probe(path)
    probe.name = files.shown(path)
    try:
        return read_template(probe, Request({}, request.region), files, within)
    except InputError as error:
        problems.extend(error.problems)
        return None


def _inline(
    stack: Resource, inner: Resources, resources: Resources, file: str, problems: list[Problem]
) -> dict[str, Any]:
    """Put the resources of `inner` in the place of `stack`; return its outputs, in the words of this template."""
    binding = Binding(stack, inner, resources)
    problems.extend(_parameter_problems(stack, inner))
    binding.declare()
    kept = list(resources)
    resources.all.clear()
    resources.by_type.clear()
    for resource in kept:
        if resource is not stack:
            resources.add(resource)
            continue
        for one in inner:
            resources.add(binding.resource(one))
    ids = [binding.ids[one.logical_id] for one in inner]
    for resource in kept:
        _depends(resource, stack.logical_id, ids)
    resources.stacks[stack.logical_id] = file
    resources.stacks.update({binding.prefix + name: f for name, f in inner.stacks.items()})
    resources.sources.update(inner.sources)
    resources.unknown.extend(inner.unknown)
    return {
        name: binding.value(output["Value"])
        for name, output in inner.outputs.items()
        if isinstance(output, dict) and "Value" in output
    }


def _parameter_problems(stack: Resource, inner: Resources) -> list[Problem]:
    """What CloudFormation refuses of the parameters that a stack passes."""
    passed = stack.get("Parameters", default={})
    if not isinstance(passed, dict) or any(name.startswith("Fn::") for name in passed):
        return []
    problems = []
    for name in passed:
        if name not in inner.parameters:
            message = f"the template of {stack.logical_id} has no parameter '{name[:60]}'"
            message += did_you_mean(name, inner.parameters)
            problems.append(Problem(stack.location("Parameters", name), message))
    for name, declaration in inner.parameters.items():
        if name not in passed and isinstance(declaration, dict) and "Default" not in declaration:
            message = f"the template of {stack.logical_id} needs a value of its parameter '{name[:60]}'"
            problems.append(Problem(stack.location("Parameters"), message))
    return problems


def _depends(resource: Resource, stack: str, ids: list[str]) -> None:
    """What waits for a stack waits for its resources."""
    said = resource.attributes.get("DependsOn")
    names = said if isinstance(said, list) else [said] if said else []
    if stack in names:
        written = [one for name in names for one in (ids if name == stack else [name])]
        resource.attributes = {**resource.attributes, "DependsOn": written}


def _connect_outputs(resources: Resources, outputs: dict[str, dict[str, Any]], problems: list[Problem]) -> None:
    """Put what the outputs of the nested stacks say in the place of what refers to them."""

    def missing(place: Location, stack: str, output: str) -> None:
        hint = did_you_mean(output, outputs[stack])
        problems.append(Problem(place, f"the stack {stack} has no output '{output[:60]}'{hint}"))

    for resource in resources:
        report = functools.partial(missing, resource.location())
        resource.properties = connected(resource.properties, outputs, report)
    home = next((r.location() for r in resources), Location("-"))
    resources.outputs = connected(resources.outputs, outputs, functools.partial(missing, home))


def _stack_set(
    stack: Resource, template: Template, files: Files, request: Request, within: tuple[str, ...],
    resources: Resources, problems: list[Problem],
) -> None:  # fmt: skip
    """Read the template of a stack set, which is checked beside the main one and never part of it."""
    body = stack.get("TemplateBody")
    if isinstance(body, str):
        found = _body(stack, body, files, request, within, template, problems)
    else:
        url = stack.get("TemplateURL")
        if url is None and body is None:
            return
        path = _template(stack, template, files, resources.unknown, problems)
        found = _read(stack, path, files, request, within, problems) if path is not None else None
    if found is not None:
        resources.within[stack.logical_id] = found
        resources.sources.update(found.sources)


def _body(
    stack: Resource, body: str, files: Files, request: Request, within: tuple[str, ...], template: Template,
    problems: list[Problem],
) -> Resources | None:  # fmt: skip
    """The resources of a template that stands in the text of another; all of its places are that text."""
    from archproof.sources.cloudformation import read_template
    from archproof.sources.reading import Probe, Request

    place = stack.location("TemplateBody")
    if len(within) > MAX_DEPTH:
        problems.append(Problem(place, f"stacks nested {MAX_DEPTH} deep"))
        return None
    probe = Probe(template.path)
    probe.name = template.name
    probe.__dict__["text"] = body
    try:
        found = read_template(probe, Request({}, request.region), files, within)
    except InputError as error:
        problems.extend(Problem(place, f"in the text of the template: {p.message}") for p in error.problems)
        return None
    found.sources.pop(probe.name, None)
    shift = place.line if place.end_line - place.line >= body.count("\n") > 0 else None
    for resource in found:
        resource.locate = _Within(resource.locate, place, shift)
    found.unknown = [u._replace(location=place) for u in found.unknown]
    return found


class _Within:
    """Places in a text that stands in another: the same lines where it is written in lines, else the text's."""

    def __init__(self, locate: Any, place: Location, shift: int | None) -> None:
        self.locate = locate
        self.place = place
        self.shift = shift

    def __call__(self, path: Any) -> Location:
        if self.shift is None:
            return self.place
        found: Location = self.locate(path)
        return Location(found.file, found.line + self.shift, 1, found.end_line + self.shift, 1)
