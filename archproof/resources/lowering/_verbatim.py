"""References in verbatim CloudFormation: ids of components become logical ids, and each must name something.

A `Ref`, `Fn::GetAtt`, `Fn::Sub` or `DependsOn` may name a component of the model, a logical id that the
lowering makes, a parameter of the template or a pseudo parameter (`AWS::Region`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from archproof.errors import InputError, Problem
from archproof.model.document import KeyPath
from archproof.resources.resource import SUBSTITUTION
from archproof.suggest import did_you_mean

if TYPE_CHECKING:
    from archproof.model.network import NetworkPart
    from archproof.resources.lowering._context import Lowering

PSEUDO_PARAMETERS = (
    "AWS::AccountId", "AWS::NoValue", "AWS::NotificationARNs", "AWS::Partition",
    "AWS::Region", "AWS::StackId", "AWS::StackName", "AWS::URLSuffix",
)  # fmt: skip


def translate(value: Any, ctx: Lowering) -> Any:
    """Verbatim CloudFormation with ids of components where logical ids stand: `!Ref orders_fn` works."""
    if isinstance(value, list):
        return [translate(v, ctx) for v in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        key, inner = next(iter(value.items()))
        if key == "Ref" and isinstance(inner, str):
            return {"Ref": _logical(inner, ctx)}
        if key == "Fn::GetAtt":
            parts = inner.split(".", 1) if isinstance(inner, str) else inner
            if isinstance(parts, list) and parts and isinstance(parts[0], str):
                return {"Fn::GetAtt": [_logical(parts[0], ctx), *(translate(p, ctx) for p in parts[1:])]}
        if key == "Fn::Sub":
            text, *rest = inner if isinstance(inner, list) and inner else [inner]
            if isinstance(text, str):
                text = _substituted(text, rest[0] if rest and isinstance(rest[0], dict) else {}, ctx)
                return {"Fn::Sub": [text, *(translate(r, ctx) for r in rest)] if rest else text}
    return {k: translate(v, ctx) for k, v in value.items()}


def _logical(name: str, ctx: Lowering) -> str:
    return ctx.id(name) if name in ctx.architecture.components else name


def _substituted(text: str, local: dict[str, Any], ctx: Lowering) -> str:
    """The text of an `Fn::Sub` with logical ids for components; `local` names are the function's own."""
    parts, end = [], 0
    for match in SUBSTITUTION.finditer(text):
        name, dot, attribute = match[2].strip().partition(".")
        if not match[1] and name not in local and name in ctx.architecture.components:
            parts += [text[end : match.start()], "${", ctx.id(name), dot, attribute, "}"]
            end = match.end()
    return "".join([*parts, text[end:]])


def check(ctx: Lowering) -> None:
    """Find what verbatim properties name and nothing has. Raises InputError with every such name."""
    document = ctx.architecture.document
    known = {*ctx.architecture.components, *ctx.resources.all, *ctx.resources.parameters, *PSEUDO_PARAMETERS}
    named_twice = {ctx.id(name) for name in ctx.architecture.components}
    meant = sorted(known - named_twice | set(ctx.architecture.components))
    problems: list[Problem] = []
    for component, value in ctx.architecture.components.items():
        verbatim: dict[str, Any] = {"properties": value.properties, "resources": value.resources}
        if value.kind == "lambda":
            verbatim["environment"] = getattr(value, "environment", None)
        if value.kind == "state_machine":
            verbatim["substitutions"] = getattr(value, "substitutions", None)
        if value.kind == "resource":
            verbatim["attributes"] = getattr(value, "attributes", None)
        found = [(("depends_on", i), n) for i, n in enumerate(value.depends_on)]
        for path, name in [*_names(verbatim, ()), *found]:
            if name not in known:
                # after so many nobody reads another suggestion, and each is a search of all names
                hint = did_you_mean(name, meant) if len(problems) < 200 else ""
                message = f"no component or resource is called '{name[:60]}'{hint}"
                problems.append(Problem(document.locate_value(("components", component, *path)), message))
    for link in ctx.architecture.links:
        for path, name in _names(link.options.properties, ()) if link.options else ():
            if name not in known:
                message = f"no component or resource is called '{name[:60]}'{did_you_mean(name, meant)}"
                problems.append(Problem(document.locate_value((*link.path, "properties", *path)), message))
    for path, part in _parts(ctx):
        held: dict[str, Any] = {"properties": part.properties, "resources": part.resources}
        for inner, name in _names(held, ()):
            if name not in known:
                message = f"no component or resource is called '{name[:60]}'{did_you_mean(name, meant)}"
                problems.append(Problem(document.locate_value((*path, *inner)), message))
        problems += _unmade(ctx, path, part)
    if problems:
        raise InputError(problems)


def _parts(ctx: Lowering) -> Iterator[tuple[KeyPath, NetworkPart]]:
    """Every entry of the section `network` that may lay something over its resources, with its place."""
    places = ctx.architecture.places
    for name, network in places.vpcs.items():
        base = places.paths[name][:-1]
        if network.vpc is not None:
            yield (*base, "vpc"), network.vpc
        for key in ("subnets", "security_groups", "network_acls"):
            yield from (((*base, key, n), part) for n, part in getattr(network, key).items())
        yield from (((*base, "endpoints", i), part) for i, part in enumerate(network.endpoints))


def _unmade(ctx: Lowering, path: KeyPath, part: NetworkPart) -> Iterator[Problem]:
    """What `resources` of an entry names and the entry does not make."""
    from archproof.resources.lowering._places import state

    if not part.resources:
        return
    made = [name for held, name in state(ctx).parts.values() if held == path and name]
    for name in part.resources:
        if name not in made:
            message = f"nothing that '{path[-1]}' makes is called '{name[:60]}'{did_you_mean(name, made)}"
            place = ctx.architecture.document.locate_key((*path, "resources", name))
            yield Problem(place, f"{message}; made are: {', '.join(made)}" if made else message)


def _names(value: Any, path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    """Every name that verbatim CloudFormation refers to, with where it stands."""
    if isinstance(value, list):
        for position, item in enumerate(value):
            yield from _names(item, (*path, position))
    if not isinstance(value, dict):
        return
    if len(value) == 1:
        key, inner = next(iter(value.items()))
        if key == "Ref" and isinstance(inner, str):
            yield (*path, key), inner
            return
        if key == "Fn::GetAtt":
            first = inner[0] if isinstance(inner, list) and inner else inner
            if isinstance(first, str):
                yield (*path, key), first.partition(".")[0]
                return
        if key == "Fn::Sub":
            yield from _substitutions(inner, (*path, key))
            return
    for key, item in value.items():
        yield from _names(item, (*path, key))


def _substitutions(value: Any, path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    text, *rest = value if isinstance(value, list) and value else [value]
    local = rest[0] if rest and isinstance(rest[0], dict) else {}
    for position, item in enumerate(rest):
        yield from _names(item, (*path, position + 1))
    for literal, name in SUBSTITUTION.findall(text) if isinstance(text, str) else ():
        logical_id = name.strip().partition(".")[0]
        if not literal and name.strip() not in local and logical_id not in local:
            yield path, logical_id
