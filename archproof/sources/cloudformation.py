"""CloudFormation templates, YAML and JSON, with the stacks that they nest and the files that they include.

Every resource stands as the template says it, with the place of every property; loops are written out and
SAM's resources are those that SAM makes of them. What CloudFormation itself would refuse is an error. What is
not known before deployment stays a function, and what cannot be read is told in `unknown`.
"""

from __future__ import annotations

import functools
import os
from typing import TYPE_CHECKING, Any

from archproof.errors import InputError, Location, Problem
from archproof.resources.resource import Path, Resource, Resources
from archproof.sources.reading import Probe, Request

if TYPE_CHECKING:
    from archproof.model.yaml import Mark
    from archproof.sources.templates.files import Files
    from archproof.sources.templates.template import Template

FORMAT = "cloudformation"
PARAMETERS = True
_SURE = frozenset({"Resources", "AWSTemplateFormatVersion"})
_ATTRIBUTES = ("Type", "Properties")


def recognises(probe: Probe) -> bool:
    """Say whether the input is a template, or a part of one."""
    if _SURE & probe.keys:
        return True
    value: Any = {} if probe.is_folder else probe.parsed.value
    return isinstance(value, dict) and any(_is_resource(entry) for entry in value.values())


def _is_resource(entry: Any) -> bool:
    kind = entry.get("Type") if isinstance(entry, dict) else None
    return isinstance(kind, str) and kind.startswith(("AWS::", "Custom::"))


def read(probe: Probe, request: Request) -> Resources:
    """Read a template. Raises InputError with every problem of it."""
    from archproof.sources.templates.files import Files

    return read_template(probe, request, Files(probe.path.parent, os.path.dirname(probe.name)), ())


def read_template(probe: Probe, request: Request, files: Files, within: tuple[str, ...]) -> Resources:
    """Read a template that may itself be nested: `within` are the files of the templates around it."""
    from archproof.resources.parameters import faults
    from archproof.sources.templates import nesting, references
    from archproof.sources.templates.template import from_probe

    probe.small_enough()
    template = from_probe(probe, request)
    if not isinstance(template.value, dict):
        raise InputError([Problem(template.mark.at(), "a template is a map with a section Resources")])
    _prepare(template, files)
    for name, message in faults(template.section("Parameters"), template.given):
        template.problem(("Parameters",) if name is None else ("Parameters", name), message, key=True)
    if not template.is_sam:
        references.check(template)
    _raise(template)
    is_sam = template.is_sam
    if is_sam:
        _sam(template, request, files)
        references.check(template)
        _raise(template)
    resources = _resources(template, request)
    resources.format = "sam" if is_sam else FORMAT
    resources.sources.update({probe.name: probe.text, **files.texts})
    nesting.connect(resources, template, files, request, (*within, str(probe.path.resolve())))
    return resources


def _raise(template: Template) -> None:
    if template.problems:
        raise InputError(template.problems)


def _prepare(template: Template, files: Files) -> None:
    """Bring in what the template includes, write its loops out, and note what is wrong with its parts."""
    from archproof.sources.templates import calls, expansion, sections
    from archproof.sources.templates.includes import include

    # what Rain's directives stand for may name anything
    template.open = "Rain::" in template.text
    include(template, files)
    for name in template.macros:
        why = "a macro that runs in the account: what it makes of the template is not known"
        template.not_known(("Transform",), f"the transform {name[:100]}", why)
    expansion.expand(template)
    _local_macros(template)
    sections.check(template)
    calls.check(template)


def _local_macros(template: Template) -> None:
    """Note every macro that is called within the template."""
    from archproof.sources.templates.template import INCLUDE

    if "Fn::Transform" not in template.text:
        return
    for path, said in _calls(template.section("Resources"), ("Resources",)):
        name = said.get("Name") if isinstance(said, dict) else None
        if name != INCLUDE:
            why = "a macro that runs in the account: what it makes is not known"
            template.not_known(path, f"the transform {str(name)[:100]}", why)
            template.open = True


def _calls(value: Any, path: Path) -> list[tuple[Path, Any]]:
    """Every `Fn::Transform` in a value, with its path."""
    found: list[tuple[Path, Any]] = []
    if isinstance(value, dict):
        for key, item in value.items():
            if key == "Fn::Transform":
                found.extend(((*path, key), one) for one in (item if isinstance(item, list) else [item]))
            else:
                found.extend(_calls(item, (*path, key)))
    elif isinstance(value, list):
        for position, item in enumerate(value):
            found.extend(_calls(item, (*path, position)))
    return found


def _sam(template: Template, request: Request, files: Files) -> None:
    """Put what SAM makes of the template in its place."""
    from archproof.sources import _sam

    # `Properties:` with nothing below it says no properties
    resources = {
        name: {k: v for k, v in entry.items() if k != "Properties" or v is not None}
        if isinstance(entry, dict)
        else entry
        for name, entry in template.section("Resources").items()
    }
    template.value = {**template.value, "Resources": resources}
    expansion = _sam.transform(template.value, template.mark, request, template.path.parent)
    template.value, template.mark = expansion.value, expansion.mark
    template.unknown.extend(expansion.unknown)
    files.texts.update(expansion.sources)


def _resources(template: Template, request: Request) -> Resources:
    """The resources of a template that is sound."""
    from archproof.sources.templates.sections import is_type

    resources = Resources(request.region or "us-east-1")
    resources.parameters = template.section("Parameters")
    resources.conditions = template.section("Conditions")
    resources.mappings = template.section("Mappings")
    resources.outputs = template.section("Outputs")
    resources.given = dict(template.given)
    kept = ("Parameters", "Conditions", "Mappings", "Outputs", "Resources")
    resources.template = {name: value for name, value in template.value.items() if name not in kept}
    for logical_id, entry in template.section("Resources").items():
        mark = template.mark_of(("Resources", logical_id))
        if not isinstance(entry, dict) or not is_type(entry.get("Type")):
            why = "a macro of the account makes it: it has no type of its own"
            template.not_known(("Resources", logical_id), f"the resource {logical_id[:100]}", why)
            continue
        attributes = {name: value for name, value in entry.items() if name not in _ATTRIBUTES}
        resources.add(
            Resource(
                logical_id, entry["Type"], entry.get("Properties") or {}, attributes=attributes,
                origins={(): ()}, locate=functools.partial(locate, mark),
            )
        )  # fmt: skip
    resources.unknown = template.unknown
    return resources


def locate(mark: Mark, path: Path | None) -> Location:
    """The place of a property in the entry of a resource whose mark is `mark`; None asks for the resource."""
    from archproof.sources.templates.template import inner

    found = inner(mark, "Properties")
    if path is None or found is mark:
        return mark.key()
    for depth, step in enumerate(path):
        try:
            found = found.children[step]
        except (KeyError, IndexError, TypeError):
            # the place of what holds it; the resource where that is nothing but its properties
            return found.entry() if depth else mark.key()
    return found.entry()
