"""Drift: the model against what is really there, property by property, with what nobody could read named.

The package can be called, so that `archproof.drift(architecture, live="aws")` compares a whole system:

>>> from archproof.drift import compare_resource
>>> compare_resource("AWS::SQS::Queue", {"DelaySeconds": "5"}, {"DelaySeconds": 5}).declared
[]
"""

from __future__ import annotations

import datetime
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from archproof.drift.differences import Comparison, ResourceDrift

if TYPE_CHECKING:
    from archproof.drift.lock import Lock
    from archproof.model.architecture import Architecture
    from archproof.sources.live import Live

__all__ = ["Comparison", "ResourceDrift", "compare_resource", "compare_system"]


def compare_resource(resource_type: str, declared: Mapping[str, Any], live: Mapping[str, Any]) -> ResourceDrift:
    """Compare what a model declares of a resource with what AWS returned, both in CloudFormation's shape."""
    from archproof.drift.compare import compare

    return compare(resource_type, declared, live)


def compare_system(
    architecture: Architecture, live: Live | str | Path = "aws", *, lock: Lock | None = None, stack: str | None = None,
    region: str | None = None, today: datetime.date | None = None,
) -> Comparison:  # fmt: skip
    """Compare an architecture with what is live: `aws`, a folder of AWS's answers, any other source, or a `Live`.

    `lock`: bindings that are known (`archproof.drift.lock.read`). `stack`: the stack of CloudFormation that it is.
    `region`: that of a source that does not say its own. Raises InputError, UsageError.
    """
    from archproof.drift import living, system

    if isinstance(live, str | Path):
        live = living.read(str(live), architecture, region, lock=lock, stack=stack)
    day = today or datetime.datetime.now(datetime.UTC).date()
    return system.compare(architecture, live, today=day, lock=lock, stack=stack, region=region)


class _Callable(ModuleType):
    """This package, which answers as a function as well: the Python face calls it `archproof.drift`."""

    def __call__(self, architecture: Architecture, live: Live | str | Path = "aws", **options: Any) -> Comparison:
        """See `compare_system`."""
        return compare_system(architecture, live, **options)


sys.modules[__name__].__class__ = _Callable
