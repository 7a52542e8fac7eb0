"""Lifting: resources in CloudFormation shape become a concise model."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archproof.model.architecture import Architecture
    from archproof.resources.resource import Resources


def lift(resources: Resources) -> Architecture:
    """Return the architecture of `resources`; its `given` are the resources themselves.

    Each resource's `component` is set to the component that it became (part of).
    """
    from archproof.model.architecture import resolve
    from archproof.sources.lifting.document import empty
    from archproof.sources.lifting.names import identifiers

    document = empty(next(iter(resources.sources), "-"), resources.sources)
    document.value["system"] = {"name": "system", "region": resources.region}
    names = identifiers(resources.all)
    for resource in resources:
        name = resource.component = names[resource.logical_id]
        document.value["components"][name] = {"type": resource.type, "properties": resource.properties}
        document.origins["components", name] = resource, None
        document.origins["components", name, "properties"] = resource, ()
    architecture = resolve(document)
    architecture.given = resources
    return architecture
