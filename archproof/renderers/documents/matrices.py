"""The matrices as a page of their own: which security group reaches which, and which role may do what on what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archproof.renderers.documents import Document, Picture
from archproof.renderers.documents._matrices import groups, permissions
from archproof.renderers.documents._reader import Reader

if TYPE_CHECKING:
    import datetime

    from archproof.model.architecture import Architecture
    from archproof.resources.resource import Resources

DOCUMENT = "matrices"


def matrices(
    architecture: Architecture, resources: Resources, report: Any, pictures: dict[str, Picture], today: datetime.date
) -> Document:
    """Gather both matrices."""
    reader = Reader(architecture, resources, report, today)
    title = architecture.system.title or architecture.system.name
    context = {
        "title": title,
        "groups": groups(architecture),
        "permissions": permissions(resources),
        "place": reader.place(("network",), "security groups, routes and network ACLs"),
        "policies": reader.place(("components",), "roles, policies of resources and of keys"),
    }
    return Document("matrices", f"{title}: who reaches whom, who may do what", context, {})
