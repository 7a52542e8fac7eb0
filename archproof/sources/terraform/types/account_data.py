"""Data sources that ask where Terraform works: CloudFormation's pseudo parameters."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from archproof.sources.terraform.item import Item

DATA = ("aws_caller_identity", "aws_region", "aws_partition", "aws_availability_zones")

_ANSWERS: dict[tuple[str, str], Any] = {
    ("aws_caller_identity", "account_id"): {"Ref": "AWS::AccountId"},
    ("aws_caller_identity", "id"): {"Ref": "AWS::AccountId"},
    ("aws_region", "name"): {"Ref": "AWS::Region"},
    ("aws_region", "id"): {"Ref": "AWS::Region"},
    ("aws_region", "region"): {"Ref": "AWS::Region"},
    ("aws_partition", "partition"): {"Ref": "AWS::Partition"},
    ("aws_partition", "id"): {"Ref": "AWS::Partition"},
    ("aws_partition", "dns_suffix"): {"Ref": "AWS::URLSuffix"},
    ("aws_availability_zones", "names"): {"Fn::GetAZs": ""},
}


def attribute(item: Item, name: str, resolve: Callable[..., Any]) -> Any:
    """The pseudo parameter that an attribute is, or None."""
    return _ANSWERS.get((item.type, name))
