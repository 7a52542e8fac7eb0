"""References of a template that lead nowhere, or in a circle: CloudFormation refuses both."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archproof.resources.circles import strongly_connected
from archproof.resources.parameters import PSEUDO
from archproof.resources.resource import SUBSTITUTION
from archproof.sources.templates.template import Path, Template, functions
from archproof.suggest import did_you_mean

MAX_CHAIN = 100
"""How many conditions may each rest on the next."""


def check(template: Template) -> None:
    """Note every reference to something that the template does not have, and every circle of resources."""
    _Check(template).run()


class _Check:
    def __init__(self, template: Template) -> None:
        self.template = template
        self.parameters = template.section("Parameters")
        self.conditions = template.section("Conditions")
        self.mappings = template.section("Mappings")
        self.resources = template.section("Resources")
        types = [e.get("Type") for e in self.resources.values() if isinstance(e, dict)]
        # a module's resources and what a macro makes have names that only AWS knows
        modules = any(isinstance(t, str) and t.endswith("::MODULE") for t in types)
        loops = any(name.startswith("Fn::") for name in self.resources)
        self.open = bool(template.open or template.macros or modules or loops)
        self.made_elsewhere = self.open or template.is_sam

    def run(self) -> None:
        for name, expression in self.conditions.items():
            self.expression(expression, ("Conditions", name))
        self.chains()
        needs: dict[str, list[str]] = {}
        for logical_id, entry in self.resources.items():
            if isinstance(entry, dict):
                needs[logical_id] = self.resource(logical_id, entry)
        for name, output in self.template.section("Outputs").items():
            if isinstance(output, dict):
                self.condition(output.get("Condition"), ("Outputs", name, "Condition"))
                self.values(output.get("Value"), ("Outputs", name, "Value"))
        if not self.template.problems:
            self.circles(needs)

    def chains(self) -> None:
        """Note conditions that rest on themselves, or on one another too deep."""
        needs = {
            name: [
                value["Condition"]
                for _, value in _maps(expression, ())
                if len(value) == 1 and isinstance(value.get("Condition"), str) and value["Condition"] in self.conditions
            ]
            for name, expression in self.conditions.items()
        }
        circles = _circles(needs)
        for circle in circles:
            names = ", ".join(circle[:12]) + (", …" if len(circle) > 12 else "")
            self.template.problem(("Conditions", circle[0]), f"conditions rest on each other: {names}", key=True)
        deep = None if circles else _deeper(needs, MAX_CHAIN)
        if deep is not None:
            message = f"conditions rest on one another more than {MAX_CHAIN} deep"
            self.template.problem(("Conditions", deep), message, key=True)

    def resource(self, logical_id: str, entry: dict[str, Any]) -> list[str]:
        """Check one resource; return the resources that it needs for certain."""
        path: Path = ("Resources", logical_id)
        self.condition(entry.get("Condition"), (*path, "Condition"))
        needed = []
        said = entry.get("DependsOn")
        for position, one in enumerate(said if isinstance(said, list) else [said]):
            if isinstance(one, str):
                needed.append(one)
                if one not in self.resources and not self.made_elsewhere:
                    where: Path = (*path, "DependsOn", position) if isinstance(said, list) else (*path, "DependsOn")
                    message = f"DependsOn names no resource of the template: '{one[:60]}'"
                    self.template.problem(where, message + did_you_mean(one, self.resources))
        needed += self.values(entry.get("Properties"), (*path, "Properties"))
        return needed

    def values(self, value: Any, path: Path) -> list[str]:
        """Check the functions in a value; return the names that it refers to whatever the conditions are."""
        found = []
        for function, said, where in functions(value, path):
            for name, attribute in _names(function, said):
                self.name(name, attribute, where, function)
                if "Fn::If" not in where:
                    found.append(name)
            if function == "Fn::If" and isinstance(said, list) and said:
                self.condition(said[0], (*where, "Fn::If", 0))
            if function == "Fn::FindInMap":
                self.mapping(said, where)
        return found

    def name(self, name: str, attribute: str | None, where: Path, function: str) -> None:
        if name in self.resources or self.made_elsewhere:
            return
        shown = name[:60]
        if attribute is not None:
            if name in self.parameters:
                message = f"{function} takes an attribute of '{shown}', which is a parameter and no resource"
            else:
                hint = did_you_mean(name, self.resources)
                message = f"{function} names no resource of the template: '{shown}'{hint}"
            self.template.problem(where, message)
        elif name not in self.parameters and name not in PSEUDO:
            hint = did_you_mean(name, [*self.resources, *self.parameters, *PSEUDO])
            what = " (a condition: Fn::If takes it)" if name in self.conditions else hint
            message = f"{function} names no parameter and no resource of the template: '{shown}'{what}"
            self.template.problem(where, message)

    def condition(self, name: Any, where: Path) -> None:
        if isinstance(name, str) and name not in self.conditions and not self.open:
            message = f"there is no condition '{name[:60]}'{did_you_mean(name, self.conditions)}"
            self.template.problem(where, message)

    def expression(self, expression: Any, path: Path) -> None:
        """Check one entry of the section `Conditions`, which may name parameters and other conditions only."""
        for where, value in _maps(expression, path):
            name = value.get("Condition")
            if len(value) == 1 and isinstance(name, str):
                self.condition(name, (*where, "Condition"))
        for function, said, where in functions(expression, path):
            if function == "Ref" and isinstance(said, str) and said not in self.parameters and said not in PSEUDO:
                if said in self.resources:
                    message = f"a condition cannot rest on a resource: '{said[:60]}'"
                elif self.open:
                    continue
                else:
                    hint = did_you_mean(said, self.parameters)
                    message = f"Ref names no parameter of the template: '{said[:60]}'{hint}"
                self.template.problem(where, message)
            elif function == "Fn::FindInMap":
                self.mapping(said, where)

    def mapping(self, said: Any, where: Path) -> None:
        if isinstance(said, list) and said and isinstance(said[0], str) and said[0] not in self.mappings:
            with_default = len(said) == 4
            if not self.open and not with_default:
                message = f"there is no mapping '{said[0][:60]}'{did_you_mean(said[0], self.mappings)}"
                self.template.problem(where, message)

    def circles(self, needs: dict[str, list[str]]) -> None:
        """Note every circle of resources that are created whatever the conditions are."""
        certain = {
            name: [n for n in dict.fromkeys(found) if n in needs and "Condition" not in self.resources[n]]
            for name, found in needs.items()
            if "Condition" not in self.resources[name]
        }
        for circle in _circles(certain):
            names = ", ".join(circle[:12]) + (", …" if len(circle) > 12 else "")
            message = f"circular dependency between resources: {names}"
            if len(circle) == 1:
                message = f"the resource '{circle[0][:60]}' refers to itself"
            self.template.problem(("Resources", circle[0]), message, key=True)


def _names(function: str, said: Any) -> Iterator[tuple[str, str | None]]:
    """The names that a call refers to, each with its attribute."""
    if function == "Ref" and isinstance(said, str):
        yield said, None
    elif function == "Fn::GetAtt":
        parts = said.split(".", 1) if isinstance(said, str) else said
        if isinstance(parts, list) and len(parts) > 1 and isinstance(parts[0], str):
            yield parts[0], str(parts[1])
    elif function == "Fn::Sub":
        pattern = said[0] if isinstance(said, list) and said else said
        own = said[1] if isinstance(said, list) and len(said) > 1 and isinstance(said[1], dict) else {}
        if isinstance(pattern, str):
            for literal, found in SUBSTITUTION.findall(pattern):
                name = found.strip()
                if not literal and name not in own:
                    logical_id, _, attribute = name.partition(".")
                    yield logical_id, attribute or None


def _maps(value: Any, path: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    if isinstance(value, dict):
        yield path, value
    if isinstance(value, (dict, list)):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _maps(item, (*path, key))


def _deeper(needs: dict[str, list[str]], limit: int) -> str | None:
    """The first name (of a graph without circles) that rests on more than `limit` others in a row, or None."""
    users: dict[str, list[str]] = {}
    waiting = {name: len(others) for name, others in needs.items()}
    for name, others in needs.items():
        for other in others:
            users.setdefault(other, []).append(name)
    level = [name for name, count in waiting.items() if not count]
    for _ in range(limit):
        if not level:
            return None
        freed = []
        for name in level:
            for user in users.get(name, ()):
                waiting[user] -= 1
                if not waiting[user]:
                    freed.append(user)
        level = freed
    return level[0] if level else None


def _circles(needs: dict[str, list[str]]) -> list[list[str]]:
    """The strongly connected parts of the graph that hold a circle, each in the order of the template."""
    order = {name: n for n, name in enumerate(needs)}
    parts = strongly_connected(needs, lambda name: [other for other in needs[name] if other in needs])
    return [sorted(part, key=order.__getitem__) for part in parts if len(part) > 1 or part[0] in needs[part[0]]]
