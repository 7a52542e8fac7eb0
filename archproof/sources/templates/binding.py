"""The names of a nested template in the words of the one around it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from archproof.resources.parameters import is_list
from archproof.resources.resource import SUBSTITUTION, Resource, Resources

_OWN = ("AWS::StackName", "AWS::StackId", "AWS::NotificationARNs")
"""Pseudo parameters of which every stack has its own."""


class Binding:
    """What each name of a nested template is in the template around it."""

    def __init__(self, stack: Resource, inner: Resources, outer: Resources) -> None:
        self.stack = stack
        self.inner = inner
        self.outer = outer
        self.prefix = stack.logical_id
        passed = stack.get("Parameters", default={})
        self.passed: dict[str, Any] = passed if isinstance(passed, dict) else {}
        taken = {*outer.all, *outer.parameters}
        self.ids = {name: _free(self.prefix + name, taken) for name in inner.all}
        self.parameters = {name: _free(self.prefix + name, taken) for name in inner.parameters}
        self.conditions = {name: _free(self.prefix + name, {*outer.conditions}) for name in inner.conditions}
        self.mappings = {name: _free(self.prefix + name, {*outer.mappings}) for name in inner.mappings}

    def declare(self) -> None:
        """Add the sections of the nested template to those around it."""
        outer, inner = self.outer, self.inner
        unset = {self.parameters[n]: v for n, v in inner.parameters.items() if n not in self.passed}
        outer.parameters = {**outer.parameters, **unset}
        outer.mappings = {**outer.mappings, **{self.mappings[n]: v for n, v in inner.mappings.items()}}
        written = {self.conditions[n]: self.value(v) for n, v in inner.conditions.items()}
        outer.conditions = {**outer.conditions, **written}

    def resource(self, resource: Resource) -> Resource:
        """A resource of the nested template as one of the template around it."""
        properties = self.value(resource.properties)
        attributes = {k: self.value(v) for k, v in resource.attributes.items() if k not in ("DependsOn", "Condition")}
        said = resource.attributes.get("DependsOn")
        names = [self.ids.get(n, n) for n in (said if isinstance(said, list) else [said] if said else [])]
        outer = self.stack.attributes.get("DependsOn")
        names += [n for n in (outer if isinstance(outer, list) else [outer] if outer else []) if n not in names]
        if names:
            attributes["DependsOn"] = names
        condition = self._condition(resource.attributes.get("Condition"))
        if condition is not None:
            attributes["Condition"] = condition
        return Resource(
            self.ids[resource.logical_id], resource.type, properties, attributes=attributes,
            origins=resource.origins, locate=resource.locate,
        )  # fmt: skip

    def _condition(self, own: Any) -> str | None:
        """The condition of a resource: its own, and that of the stack."""
        around = self.stack.attributes.get("Condition")
        mine = self.conditions.get(own, own) if isinstance(own, str) else None
        if not isinstance(around, str) or mine is None:
            return mine if mine is not None else around if isinstance(around, str) else None
        both = f"{mine}And{around}"
        parts = [{"Condition": around}, {"Condition": mine}]
        self.outer.conditions = {**self.outer.conditions, both: {"Fn::And": parts}}
        return both

    def value(self, value: Any) -> Any:
        """A value of the nested template in the words of the one around it."""
        if isinstance(value, list):
            return [self.value(item) for item in value]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            key, said = next(iter(value.items()))
            if key == "Ref" and isinstance(said, str):
                return self._reference(said)
            if key == "Condition" and isinstance(said, str):
                return {key: self.conditions.get(said, said)}
            if key in ("Fn::GetAtt", "Fn::If", "Fn::FindInMap", "Fn::Sub"):
                return self._function(key, said)
        return {key: self.value(item) for key, item in value.items()}

    def _function(self, key: str, said: Any) -> Any:
        if key == "Fn::Sub":
            return self._substitution(said)
        parts = said.split(".", 1) if key == "Fn::GetAtt" and isinstance(said, str) else said
        if not isinstance(parts, list) or not parts:
            return {key: self.value(said)}
        names = {"Fn::GetAtt": self.ids, "Fn::If": self.conditions, "Fn::FindInMap": self.mappings}[key]
        first = names.get(parts[0], parts[0]) if isinstance(parts[0], str) else self.value(parts[0])
        return {key: [first, *(self.value(part) for part in parts[1:])]}

    def _reference(self, name: str) -> Any:
        if name in self.ids:
            return {"Ref": self.ids[name]}
        if name in self.passed and name in self.inner.parameters:
            found = self.passed[name]
            return _as_list(found) if is_list(self.inner.parameters[name]) else found
        if name in self.parameters:
            return {"Ref": self.parameters[name]}
        return {"Ref": self._own(name) if name in _OWN else name}

    def _own(self, name: str) -> str:
        """The parameter that stands for a pseudo parameter of the nested stack."""
        parameter = f"{self.prefix}{name.removeprefix('AWS::')}"
        if parameter not in self.outer.parameters:
            about = f"what {name} is in the nested stack {self.prefix}"
            self.outer.parameters = {**self.outer.parameters, parameter: {"Type": "String", "Description": about}}
        return parameter

    def _substitution(self, said: Any) -> Any:
        pattern = said[0] if isinstance(said, list) and said else said
        own = said[1] if isinstance(said, list) and len(said) > 1 and isinstance(said[1], dict) else {}
        if not isinstance(pattern, str):
            return {"Fn::Sub": self.value(said)}
        variables = {name: self.value(item) for name, item in own.items()}

        def put(found: Any) -> str:
            name = found[2].strip()
            if found[1] or name in own:
                return str(found[0])
            first, dot, attribute = name.partition(".")
            if first in self.ids:
                return f"${{{self.ids[first]}{dot}{attribute}}}"
            value = self._reference(name)
            short = _in_text(value)
            if short is None:
                variables[name] = value
            return short or str(found[0])

        written = SUBSTITUTION.sub(put, pattern)
        return {"Fn::Sub": [written, variables] if variables else written}


def _as_list(value: Any) -> Any:
    """What a list parameter is where a stack passes one text for it."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(",")]
    joined = value.get("Fn::Join") if isinstance(value, dict) else None
    if isinstance(joined, list) and len(joined) == 2 and joined[0] == ",":
        return joined[1]
    if isinstance(value, (list, dict)) and not (isinstance(value, dict) and "Ref" in value):
        return value if isinstance(value, list) else {"Fn::Split": [",", value]}
    return value


def _in_text(value: Any) -> str | None:
    """A reference as `Fn::Sub` writes it; None for what is no plain reference."""
    name = value.get("Ref") if isinstance(value, dict) and len(value) == 1 else None
    if isinstance(name, str):
        return f"${{{name}}}"
    said = value.get("Fn::GetAtt") if isinstance(value, dict) and len(value) == 1 else None
    parts = said.split(".", 1) if isinstance(said, str) else said
    if isinstance(parts, list) and len(parts) > 1 and all(isinstance(p, str) for p in parts):
        return f"${{{'.'.join(parts)}}}"
    return None


def _free(wanted: str, taken: set[str]) -> str:
    name, number = wanted, 1
    while name in taken:
        number += 1
        name = f"{wanted}{number}"
    taken.add(name)
    return name


def connected(value: Any, outputs: dict[str, dict[str, Any]], missing: Callable[[str, str], None]) -> Any:
    """`value` with what the outputs of nested stacks say in place; the same object where there are none."""
    if isinstance(value, list):
        items = [connected(item, outputs, missing) for item in value]
        return value if all(a is b for a, b in zip(items, value, strict=True)) else items
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        key, said = next(iter(value.items()))
        if key == "Fn::GetAtt":
            stack, output = _output(said)
            if output and stack in outputs:
                if output not in outputs[stack]:
                    missing(stack, output)
                    return value
                return outputs[stack][output]
        if key == "Fn::Sub":
            return _connected_text(value, said, outputs, missing)
    pairs = {key: connected(item, outputs, missing) for key, item in value.items()}
    return value if all(pairs[key] is value[key] for key in value) else pairs


def _output(said: Any) -> tuple[str, str]:
    parts = said.split(".", 1) if isinstance(said, str) else said
    if isinstance(parts, list) and len(parts) >= 2 and all(isinstance(p, str) for p in parts):
        name = ".".join(parts[1:])
        return parts[0], name.removeprefix("Outputs.") if name.startswith("Outputs.") else ""
    return "", ""


def _connected_text(
    whole: dict[str, Any], said: Any, outputs: dict[str, dict[str, Any]], missing: Callable[[str, str], None]
) -> Any:
    pattern = said[0] if isinstance(said, list) and said else said
    own = said[1] if isinstance(said, list) and len(said) > 1 and isinstance(said[1], dict) else {}
    variables = connected(own, outputs, missing)
    added: dict[str, Any] = {}
    changed: list[str] = []

    def put(found: Any) -> str:
        stack, output = _output(found[2].strip())
        if found[1] or not output or stack not in outputs:
            return str(found[0])
        if output not in outputs[stack]:
            missing(stack, output)
            return str(found[0])
        value = outputs[stack][output]
        short = _in_text(value)
        if short is None:
            short = f"${{{stack}Outputs{output}}}"
            added[f"{stack}Outputs{output}"] = value
        changed.append(output)
        return short

    written = SUBSTITUTION.sub(put, pattern) if isinstance(pattern, str) else pattern
    if not changed and variables is own:
        return whole
    left = {**variables, **added}
    return {"Fn::Sub": [written, left] if left else written}
