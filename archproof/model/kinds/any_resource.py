"""Any AWS resource by its CloudFormation type, for what no kind covers."""

from typing import Annotated, Any, Literal

from pydantic import Field

from archproof.model.base import Placed

KINDS = {"resource": "AnyResource"}

TYPE_PATTERN = r"^([A-Za-z0-9]{2,64}(::[A-Za-z0-9_@-]+){1,3}|[a-z][a-z0-9]*_[a-z0-9_]+)$"


class AnyResource(Placed):
    """Any AWS resource: its CloudFormation type and its properties, verbatim.

    Written with `type:` in place of `kind:`. `in` says where it stands, for pictures and rules; its properties say
    it to AWS.
    """

    kind: Literal["resource"] = "resource"
    type: Annotated[str, Field(pattern=TYPE_PATTERN)]
    """The CloudFormation type, e.g. `AWS::OpenSearchService::Domain`."""
    attributes: dict[str, Any] = {}
    """Resource attributes: `DeletionPolicy`, `UpdateReplacePolicy`, `Condition`, `Metadata`, …"""
