"""Resources with the parameters in force: what a template says of them before it is deployed.

Parameters that were given win over their defaults. What is not known (a parameter without a default, what
Systems Manager holds, a resource's attribute) stays a function, so that no rule takes a guess for a fact. The
region is known where the user says it; an account's number likewise.
"""

from __future__ import annotations

import dataclasses
import re
from typing import Any

from archproof.errors import Unknown
from archproof.resources._evaluation import NO_VALUE, Evaluation, depends_on
from archproof.resources.parameters import MISSING, in_force, text
from archproof.resources.resource import SUBSTITUTION, Path, Resource, Resources


def evaluate(resources: Resources) -> Resources:
    """Return the resources as they would be created with the parameters in force.

    A resource whose condition is false is left out, and told in `unknown` where no parameter that was given
    makes it so; one whose condition is not known is kept. Every property keeps its place in the source.
    `resources` itself is not changed.
    """
    evaluation = of(resources)
    result = Resources(resources.region, resources.account)
    for name, value in vars(resources).items():
        if name not in ("all", "by_type") and not name.startswith("_"):
            setattr(result, name, value)
    result.unknown = list(resources.unknown)
    reasons: dict[str, str | None] = {}
    for resource in resources:
        condition = resource.attributes.get("Condition") if resources.conditions else None
        if isinstance(condition, str) and evaluation.condition(condition) is False:
            if condition not in reasons:
                reasons[condition] = _absent(resources, condition)
            why = reasons[condition]
            if why is not None:
                result.unknown.append(Unknown(f"{resource.type} {resource.title}", why, resource.location()))
        else:
            result.add(_evaluated(resource, evaluation))
    for name, inner in resources.within.items():
        _beside(result, name, evaluate(inner))
    result.outputs = {
        name: output
        for name, output in resources.outputs.items()
        if not (isinstance(output, dict) and isinstance(output.get("Condition"), str))
        or evaluation.condition(output["Condition"]) is not False
    }
    return result


def _beside(result: Resources, name: str, inner: Resources) -> None:
    """Add the resources of a stack set, under names of their own: they are created elsewhere, and checked here."""
    ids = {resource.logical_id: f"{name}{resource.logical_id}" for resource in inner}
    for resource in inner:
        logical_id = ids[resource.logical_id]
        if logical_id not in result:
            properties = _renamed(resource.properties, ids)
            component = result[name].component if name in result else None
            result.add(dataclasses.replace(resource, logical_id=logical_id, properties=properties, component=component))
    result.unknown.extend(inner.unknown)


def _renamed(value: Any, ids: dict[str, str]) -> Any:
    """A value with the resources it refers to under other names."""
    if isinstance(value, list):
        return [_renamed(item, ids) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        key, said = next(iter(value.items()))
        if key == "Ref" and isinstance(said, str):
            return {key: ids.get(said, said)}
        if key == "Fn::GetAtt":
            parts = said.split(".", 1) if isinstance(said, str) else said
            if isinstance(parts, list) and parts and isinstance(parts[0], str):
                return {key: [ids.get(parts[0], parts[0]), *parts[1:]]}
        if key == "Fn::Sub":
            pattern, rest = (said[0], said[1:]) if isinstance(said, list) and said else (said, [])
            if isinstance(pattern, str):
                text_ = SUBSTITUTION.sub(lambda found: _renamed_place(found, ids), pattern)
                return {key: [text_, *(_renamed(r, ids) for r in rest)] if rest else text_}
    return {key: _renamed(item, ids) for key, item in value.items()}


def _renamed_place(found: re.Match[str], ids: dict[str, str]) -> str:
    first, dot, attribute = found[2].strip().partition(".")
    return found[0] if found[1] or first not in ids else f"${{{ids[first]}{dot}{attribute}}}"


def of(resources: Resources, *, region: str | None = None) -> Evaluation:
    """What the parameters of `resources` say; `region` is the one to assume where none was given."""

    def attribute(logical_id: str, name: str) -> Any:
        if name != "CidrBlock" or logical_id not in resources:
            return MISSING
        resource = resources[logical_id]
        if resource.type not in ("AWS::EC2::VPC", "AWS::EC2::Subnet"):
            return MISSING
        return resource.get("CidrBlock", default=MISSING)

    return Evaluation(
        resources.parameters, resources.given, resources.conditions, resources.mappings,
        region=region, account=resources.account, attribute=attribute,
    )  # fmt: skip


def _evaluated(resource: Resource, evaluation: Evaluation) -> Resource:
    evaluation.moves = {}
    properties = evaluation.value(resource.properties, (), ())
    if properties is resource.properties:
        return resource
    if properties is NO_VALUE or not isinstance(properties, dict):
        properties = {}
    moved = {now: origin for now, said in evaluation.moves.items() if (origin := _origin(resource, said)) is not None}
    return dataclasses.replace(resource, properties=properties, origins={**resource.origins, **moved})


def _origin(resource: Resource, path: Path) -> Path | None:
    """Where the source says the property that stands at `path` before evaluation."""
    for end in range(len(path), -1, -1):
        origin = resource.origins.get(path[:end])
        if origin is not None:
            return (*origin, *path[end:])
    return None


def _absent(resources: Resources, condition: str) -> str | None:
    """Why a resource is not created; None where the values that were given say so."""
    asked = {n: c for n, c in depends_on(resources.conditions, condition).items() if n in resources.parameters}
    open_ = {n: c for n, c in asked.items() if n not in resources.given}
    if not open_:
        return None if asked else f"not created: condition {condition} is false"
    for name, compared in open_.items():
        allowed = resources.parameters[name].get("AllowedValues")
        for value in [*(allowed if isinstance(allowed, list) else ()), *compared, ""]:
            if not isinstance(value, (str, int, float)):
                continue
            trial = of(resources)
            trial.given = {**resources.given, name: value}
            if trial.condition(condition):
                creates = f"; --parameter {name}={text(value)} creates it"
                return f"not created: condition {condition} is false with the parameters' defaults{creates}"
    return f"not created: condition {condition} is false with the parameters' defaults"


def parameter(resources: Resources, name: str) -> Any:
    """The value that is in force for a parameter; MISSING where it is not known."""
    return in_force(name, resources.parameters.get(name), resources.given)


__all__ = ["MISSING", "NO_VALUE", "Evaluation", "evaluate", "of", "parameter"]
