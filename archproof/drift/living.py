"""The side that is compared with: an account, a snapshot of one, or any other description of a system."""

from __future__ import annotations

import dataclasses
import os
from typing import TYPE_CHECKING

from archproof.drift.described import Described
from archproof.drift.elsewhere import substituted
from archproof.drift.folding import unfold
from archproof.drift.resolving import Resolver
from archproof.errors import InputError, Location, Problem, UsageError
from archproof.resources.evaluation import evaluate
from archproof.resources.resource import Resources
from archproof.sources.live import Live

if TYPE_CHECKING:
    from archproof.drift.lock import Lock
    from archproof.model.architecture import Architecture
    from archproof.sources.aws.scope import Scope
    from archproof.sources.reading import Probe, Request

AWS = "aws"


def of_path(path: str, request: Request) -> Live:
    """What a folder of AWS's answers, a single answer, or any other source says. Raises InputError, UsageError."""
    from archproof.resources.lowering import lower
    from archproof.sources import describe
    from archproof.sources.reading import Probe, Request, is_model, load, read

    if not os.path.exists(path):
        raise UsageError(f"{path} does not exist; --live takes aws, a folder of AWS's answers, or another source")
    if is_model(path):
        return of_resources(lower(load(path, Request(environment=request.environment))), request.region)
    probe = Probe(path)
    if describe.recognises(probe):
        return _answers(probe, request)
    return of_resources(read(path, Request(region=request.region)), request.region)


def _answers(probe: Probe, request: Request) -> Live:
    from archproof.sources.responses import live_of
    from archproof.sources.responses._files import files_of

    live = live_of(files_of(probe, []) if probe.is_folder else [probe], request.region)
    if not live.resources.all and not live.listed and not live.unread:
        raise InputError([Problem(Location(probe.name), "no response of AWS in it: nothing was read")])
    return live


def of_resources(resources: Resources, region: str | None = None) -> Live:
    """A description as a live side: what it leaves to deployment is a text that stands for itself.

    `region`: what it is deployed to, where it leaves that open.
    """
    evaluated = evaluate(resources)
    if region is not None and "AWS::Region" not in evaluated.given:
        evaluated.given = {**evaluated.given, "AWS::Region": region}
        evaluated = evaluate(evaluated)
    evaluated = unfold(evaluated)
    result = Resources(evaluated.region, evaluated.account)
    for key, value in vars(evaluated).items():
        if key not in ("all", "by_type") and not key.startswith("_"):
            setattr(result, key, value)
    live = Described(evaluated)
    resolver = Resolver(evaluated, live, {r.logical_id: r.logical_id for r in evaluated})
    for resource in evaluated:
        live.stack_of[resource.logical_id] = ("", resource.logical_id)
        properties = resolver.properties(resource)
        if "DefinitionSubstitutions" in properties:
            properties = {**properties, **substituted(properties)}
        result.add(dataclasses.replace(resource, properties=properties))
    live.resources = result
    return live


def read(
    live: str, architecture: Architecture, region: str | None = None, *, lock: Lock | None = None,
    stack: str | None = None,
) -> Live:  # fmt: skip
    """The live side of an architecture by name: `aws` with the environment's own credentials, or a path.

    Of an account the details are read only of what the comparison with this lock and stack needs.
    """
    from archproof.drift.system import choosing, region_of
    from archproof.sources.reading import Request

    if live != AWS:
        return of_path(live, Request(region=region or region_of(architecture)))
    from archproof.sources.aws import account

    choose = choosing(architecture, lock=lock, stack=stack, region=region)
    return account.read(scope(architecture, region), choose=choose)


def scope(architecture: Architecture, region: str | None = None) -> Scope:
    """What has to be read of an account for a comparison with an architecture."""
    from archproof.drift.system import region_of, wanted
    from archproof.resources.lowering import lower
    from archproof.sources.aws.scope import Scope

    declared = lower(architecture)
    own = [r.region for r in declared if r.region]
    regions = dict.fromkeys([region or region_of(architecture) or "", *own])
    return Scope(regions=tuple(r for r in regions if r), types=wanted(declared))
