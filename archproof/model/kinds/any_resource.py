"""Any AWS resource by its CloudFormation type, for what no kind covers."""

from typing import Annotated, Any, Literal

from pydantic import Field

from archproof.model.base import Component

KINDS = {"resource": "AnyResource"}

TYPE_PATTERN = r"^([A-Za-z0-9]{2,64}(::[A-Za-z0-9_@-]+){1,3}|[a-z][a-z0-9]*_[a-z0-9_]+)$"


class AnyResource(Component):
    """Any AWS resource: its CloudFormation type and its properties, verbatim.

    Written with `type:` in place of `kind:`.
    """

    kind: Literal["resource"] = "resource"
    type: Annotated[str, Field(pattern=TYPE_PATTERN)]
    """The CloudFormation type, e.g. `AWS::OpenSearchService::Domain`."""
    attributes: dict[str, Any] = {}
    """Resource attributes: `DeletionPolicy`, `UpdateReplacePolicy`, `Condition`, `Metadata`, …"""
