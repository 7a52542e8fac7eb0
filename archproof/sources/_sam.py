"""SAM templates (`Transform: AWS::Serverless-2016-10-31`): what CloudFormation would make of them.

The reader of templates calls `transform` with a SAM template and goes on with the CloudFormation template
that comes back. Every value of that has its place in the SAM template: a property where it is said
(or under `Globals`), a generated role at `Policies`, a permission or a rule at its event. References to
parameters stay references. A parameter stands for what only a deployment makes: the bucket of the code, an
image, the URL of an application of the Serverless Application Repository.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path as File
from typing import TYPE_CHECKING, Any

from archproof.errors import InputError, Problem, Unknown
from archproof.model.yaml import Mark
from archproof.resources.resource import referenced

if TYPE_CHECKING:
    from archproof.sources._sam_files import StandIns
    from archproof.sources._sam_places import Places
    from archproof.sources._sam_translator import Fault
    from archproof.sources._sam_values import Node, Reader
    from archproof.sources.reading import Request

TRANSFORM = "AWS::Serverless-2016-10-31"
SERVERLESS = "AWS::Serverless::"
_NAMED = re.compile(r"'([A-Za-z0-9_.]+)'|\[([A-Za-z0-9_.]+)\]|property ([A-Za-z0-9_]+) ")
"""What a message of the translator may name: a property, a section."""
_NO_PROPERTY = re.compile(r"property (\w+) not defined for resource of type (AWS::Serverless::\w+)")


@dataclass
class Expansion:
    """The CloudFormation template that a SAM template becomes."""

    value: dict[str, Any]
    mark: Mark
    """The place of every value, in the SAM template or in a definition beside it."""
    unknown: list[Unknown] = field(default_factory=list)
    sources: dict[str, str] = field(default_factory=dict)
    """The texts of the definitions that were read, by the names that the marks have."""


def applies(template: dict[str, Any]) -> bool:
    """Say whether a template is to be transformed by SAM."""
    return any(_named(macro) == TRANSFORM for macro in _macros(template))


def _macros(template: dict[str, Any]) -> list[Any]:
    said = template.get("Transform")
    return said if isinstance(said, list) else [said]


def _named(macro: Any) -> Any:
    return macro.get("Name") if isinstance(macro, dict) else macro


def transform(template: dict[str, Any], mark: Mark, request: Request, folder: File) -> Expansion:
    """Transform a SAM template. One that has resources which are none comes back as it is, to be refused.

    `folder`: where the files that it names by local paths lie. Raises InputError with everything that
    SAM refuses, each at the resource, event or property that it names.
    """
    resources = template.get("Resources")
    if not isinstance(resources, dict) or not all(_is_resource(r) for r in resources.values()):
        return Expansion(template, mark)
    if not any(r["Type"].startswith(SERVERLESS) or "Connectors" in r for r in resources.values()):
        return Expansion(_without_macro(template), mark)
    from archproof.facts import quota
    from archproof.sources._sam_places import Places
    from archproof.sources._sam_translator import routes

    most = int(quota("cloudformation", "Resources per template").number)
    if (count := routes(template)) > most:
        message = (
            f"{count:,} events of APIs make more resources than the {most} that a stack may have: split the template"
        )
        raise InputError([Problem(mark.children["Transform"].entry(), message)])
    return _Transformation(template, Places(template, mark), request, folder).run()


def _is_resource(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("Type"), str)


def _hint(message: str) -> str:
    """The nearest right spelling of a property that SAM does not have."""
    from archproof.sources._sam_translator import properties
    from archproof.suggest import did_you_mean

    found = _NO_PROPERTY.search(message)
    return did_you_mean(found[1], properties().get(found[2], ())) if found else ""


def _without_macro(template: dict[str, Any]) -> dict[str, Any]:
    left = [macro for macro in _macros(template) if macro is not None and _named(macro) != TRANSFORM]
    kept = {key: value for key, value in template.items() if key not in ("Transform", "Globals")}
    return {**kept, "Transform": left} if left else kept


class _Transformation:
    """One template on its way."""

    def __init__(self, template: dict[str, Any], places: Places, request: Request, folder: File) -> None:
        self.template = template
        self.places = places
        self.request = request
        self.folder = folder
        self.unknown: list[Unknown] = []
        self.sources: dict[str, str] = {}

    def run(self) -> Expansion:
        """Translate, and read the outcome back with its places."""
        from archproof.sources._sam_values import Reader

        outcome, stand_ins = self._translated()
        reader = Reader(stand_ins.values)
        kept = _without_macro(self.template)
        value: dict[str, Any] = {}
        marks: dict[str, Mark] = {}
        for section in kept:
            if section == "Resources":
                value[section], marks[section] = self._resources(outcome["Resources"], reader, stand_ins)
            elif section in ("Conditions", "Outputs") and isinstance(outcome.get(section), dict):
                value[section], node = reader.read(outcome[section], symbolic=section == "Outputs")
                marks[section] = self.places.value(node, section, (), value[section], exact=True)
            else:
                value[section] = kept[section]
                marks[section] = self.places.mark.children[section]
        self._parameters(value, marks, reader, stand_ins)
        return Expansion(value, self.places.mark._replace(children=marks), self.unknown, self.sources)

    def _translated(self) -> tuple[dict[str, Any], StandIns]:
        """The outcome of the translator; with a value for every parameter where it will not do without."""
        from archproof.sources._sam_translator import RefusedError

        try:
            return self._translate({})
        except RefusedError as refused:
            first = refused
        assumed = self._assumed(first.faults)
        try:
            if not assumed:
                raise first
            outcome = self._translate(assumed)
        except RefusedError as refused:
            raise InputError([self._problem(fault) for fault in refused.faults]) from None
        for name, text in assumed.items():
            why = f"SAM asks for a value of it, and it has none: '{text}' was taken (--parameter {name}=…)"
            place = self.places.nearest(("Parameters", name)).key()
            self.unknown.append(Unknown(f"the parameter {name}", why, place))
        return outcome

    def _assumed(self, faults: list[Fault]) -> dict[str, str]:
        """A value for every parameter without one that what is refused refers to: the first allowed, or its name."""
        resources = [self.template["Resources"].get(fault.logical_id) for fault in faults]
        wanted = {name for name, _ in referenced([*resources, self.template.get("Globals")])}
        found = {}
        for name, said in (self.template.get("Parameters") or {}).items():
            if not isinstance(said, dict) or "Default" in said or name in self.request.parameters:
                continue
            if name in wanted:
                allowed = said.get("AllowedValues")
                found[name] = str(allowed[0]) if isinstance(allowed, list) and allowed else name
        return found

    def _translate(self, assumed: dict[str, str]) -> tuple[dict[str, Any], StandIns]:
        from archproof.sources._sam_files import stand_in
        from archproof.sources._sam_translator import translate
        from archproof.sources._sam_values import leaf, marked

        template = marked(self.template)
        for name, said in (template.get("Parameters") or {}).items():
            if isinstance(said, dict) and isinstance(said.get("Default"), bool):
                said["Default"] = leaf(str(said["Default"]).lower(), ("Parameters", name, "Default"))
        stand_ins = stand_in(template)
        known = self.template.get("Parameters") or {}
        given = {**assumed, **{k: v for k, v in self.request.parameters.items() if k in known}}
        region = self.request.region or self.request.parameters.get("AWS::Region") or "us-east-1"
        values = {name: leaf(text, ("Parameters", name)) for name, text in given.items()}
        values["AWS::Region"] = leaf(region, ("Parameters", "AWS::Region"))
        return translate(template, values, region), stand_ins

    def _problem(self, fault: Fault) -> Problem:
        """An error of the translator, at the property that it names, else at the event or the resource."""
        base = self._refused(fault.logical_id)
        place = self.places.nearest(base).key()
        inner = (*base, "Properties") if base[0] == "Resources" else base
        if fault.event and self.places.at((*inner, "Events", fault.event)) is not None:
            inner = (*inner, "Events", fault.event)
            place = self.places.nearest(inner).key()
        for quoted in _NAMED.finditer(fault.message):
            path = (*inner, *next(part for part in quoted.groups() if part).split("."))
            if (found := self.places.at(path)) is not None:
                place = found.entry()
                break
        title = f" '{fault.logical_id}'" if fault.logical_id is not None else " the template"
        return Problem(place, f"the SAM transform refuses{title}: {fault.message}{_hint(fault.message)}")

    def _refused(self, logical_id: str | None) -> tuple[str, ...]:
        """The path of what an error of the translator names."""
        if logical_id == "Globals":
            return ("Globals",)
        resources = self.template["Resources"]
        for maker in (logical_id, *self.places.serverless) if logical_id is not None else ():
            if maker in resources and logical_id is not None and logical_id.startswith(maker):
                return "Resources", maker
        return ("Transform",)

    def _resources(self, outcome: dict[str, Any], reader: Reader, stand_ins: StandIns) -> tuple[dict[str, Any], Mark]:
        """The resources of the outcome in the order of the template, each with its marks."""
        rows: list[tuple[int, str, dict[str, Any], Mark]] = []
        order = {logical_id: index for index, logical_id in enumerate(self.template["Resources"])}
        for logical_id, entry in dict.items(outcome):
            value, node = self._resource(str(logical_id), entry, reader)
            mark = self.places.resource(str(logical_id), value, node)
            source = self.places.source(str(logical_id), str(value.get("Type")), node)
            place = order.get(str(source[1]), len(order)) if source[0] == "Resources" else len(order)
            mark = self._definition(str(logical_id), value, mark, stand_ins)
            rows.append((place, str(logical_id), value, mark))
            if str(value.get("Type")).startswith(SERVERLESS):
                self._unsupported(str(logical_id), str(value["Type"]), mark)
        rows.sort(key=lambda row: row[0])
        values = {logical_id: value for _, logical_id, value, _ in rows}
        marks = {logical_id: mark for _, logical_id, _, mark in rows}
        return values, self.places.nearest(("Resources",))._replace(children=marks)

    def _resource(self, logical_id: str, entry: dict[str, Any], reader: Reader) -> tuple[dict[str, Any], Node]:
        """A resource of the outcome: parameters are referred to in its properties, not in what stands beside."""
        from archproof.sources._sam_values import Node

        value: dict[str, Any] = {}
        node = Node()
        for key, item in dict.items(entry):
            name = str(key)
            value[name], node.inside[name] = reader.read(item, symbolic=name == "Properties")
        self._whole_definition(logical_id, value, node)
        return value, node

    def _whole_definition(self, logical_id: str, value: dict[str, Any], node: Node) -> None:
        """Put a state machine's definition back as it was said: SAM makes one long text of it."""
        from archproof.sources._sam_values import Reader, marked

        said = (self.template["Resources"].get(logical_id) or {}).get("Properties") or {}
        properties = value.get("Properties") or {}
        if value.get("Type") != "AWS::StepFunctions::StateMachine" or not isinstance(said.get("Definition"), dict):
            return
        if "DefinitionString" not in properties:
            return
        path = ("Resources", logical_id, "Properties", "Definition")
        inside = node.inside["Properties"].inside
        for key in ("DefinitionString", "DefinitionSubstitutions"):
            properties.pop(key, None)
            inside.pop(key, None)
        reader = Reader({})
        for key in ("Definition", "DefinitionSubstitutions"):
            if isinstance(said.get(key), dict):
                whole = marked(said[key], (*path[:-1], key))
                properties[key], inside[key] = reader.read(whole, symbolic=True)

    def _definition(self, logical_id: str, value: dict[str, Any], mark: Mark, stand_ins: StandIns) -> Mark:
        """Put a definition that lies beside the template into the resource that it belongs to."""
        from archproof.sources._sam_files import definition, unread

        where, whole, found, reason = definition(value, stand_ins, self.folder, self.sources)
        if not where:
            return mark
        properties = mark.children["Properties"]
        if found is None:
            said = value["Properties"][where]["Key"]
            self.unknown.append(unread(str(said), reason, properties.children[where].entry()))
            return mark
        value["Properties"] = {whole if k == where else k: v for k, v in value["Properties"].items()}
        value["Properties"][whole] = found.value
        inside = {whole if k == where else k: m for k, m in properties.children.items()}
        inside[whole] = found.mark
        return mark._replace(children={**mark.children, "Properties": properties._replace(children=inside)})

    def _unsupported(self, logical_id: str, kind: str, mark: Mark) -> None:
        from archproof.sources._sam_translator import properties
        from archproof.suggest import did_you_mean

        hint = did_you_mean(kind, properties())
        why = f"the SAM transform has no type {kind[:100]}{hint}"
        self.unknown.append(Unknown(logical_id, why, mark.key()))

    def _parameters(self, value: dict[str, Any], marks: dict[str, Mark], reader: Reader, stand_ins: StandIns) -> None:
        """Add the parameters that stand for what a deployment makes."""
        from archproof.sources._sam_translator import APPLICATION

        wanted = dict(stand_ins.needs[text] for text in stand_ins.needs if text in reader.used)
        for text in stand_ins.needs:
            if text.startswith(APPLICATION) and text in reader.used:
                logical_id = text.removeprefix(APPLICATION)
                why = "its template is in the Serverless Application Repository, which is not asked"
                place = self.places.nearest(("Resources", logical_id)).key()
                self.unknown.append(Unknown(f"the application {logical_id}", why, place))
        if not wanted:
            return
        section = marks.get("Parameters") or self.places.nearest(("Transform",))._replace(children={})
        value["Parameters"] = dict(value.get("Parameters") or {})
        inside = dict(section.children or {})
        for name, description in wanted.items():
            value["Parameters"][name] = {"Type": "String", "Description": description}
            mark = self.places.nearest(("Transform",))
            inside[name] = mark._replace(children=dict.fromkeys(("Type", "Description"), mark))
        marks["Parameters"] = section._replace(children=inside)
