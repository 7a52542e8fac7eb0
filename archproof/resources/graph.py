"""The resource graph as plain data, for other programs: resources, where each was said, and who refers to whom."""

from __future__ import annotations

from typing import Any

from archproof.resources.resource import Resources
from archproof.resources.secrets import masked


def graph(resources: Resources) -> dict[str, Any]:
    """Return `resources`, in the order in which they were lowered, and `references`; secrets read `(hidden)`."""
    return {
        "resources": [
            {
                "logical_id": r.logical_id,
                "type": r.type,
                "component": r.component,
                "properties": masked(r.title, r.properties),
                "attributes": masked(r.title, r.attributes),
                "location": r.location().as_dict(),
            }
            for r in resources
        ],
        "references": [
            {"from": use.source, "path": ".".join(map(str, use.path)), "to": use.target, "attribute": use.attribute}
            for r in resources
            for use in resources.uses(r)
        ],
    }
