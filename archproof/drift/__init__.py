"""Drift: the model against what is really there, property by property, with what nobody could read named.

>>> from archproof.drift import compare_resource
>>> compare_resource("AWS::SQS::Queue", {"DelaySeconds": "5"}, {"DelaySeconds": 5}).declared
[]
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from archproof.drift.differences import ResourceDrift

__all__ = ["ResourceDrift", "compare_resource"]


def compare_resource(resource_type: str, declared: Mapping[str, Any], live: Mapping[str, Any]) -> ResourceDrift:
    """Compare what a model declares of a resource with what AWS returned, both in CloudFormation's shape."""
    from archproof.drift.compare import compare

    return compare(resource_type, declared, live)
