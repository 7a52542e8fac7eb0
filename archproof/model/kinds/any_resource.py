"""Any AWS resource by its CloudFormation type, for what no kind covers."""

from typing import Annotated, Any, Literal

from pydantic import Field

from archproof.model.base import Component

KINDS = {"resource": "AnyResource"}

TYPE_PATTERN = r"^(AWS|Alexa|Custom|[A-Za-z0-9]{2,64})::[A-Za-z0-9]+(::[A-Za-z0-9]+){0,2}$"


class AnyResource(Component):
    """Any AWS resource: its CloudFormation type and its properties, verbatim.

    Written with `type:` in place of `kind:`.
    """

    kind: Literal["resource"] = "resource"
    type: Annotated[str, Field(pattern=TYPE_PATTERN)]
    """The CloudFormation type, e.g. `AWS::OpenSearchService::Domain`."""
    attributes: dict[str, Any] = {}
    """Resource attributes: `DeletionPolicy`, `UpdateReplacePolicy`, `Condition`, `Metadata`, …"""
