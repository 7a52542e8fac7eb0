"""What the tests of kinds outside the network share: components alone, lowered; the errors of wrong ones."""

from __future__ import annotations

import pytest

from archproof.errors import InputError
from archproof.resources.resource import Resources

from . import lowered as shared

# Advice that does not fit a model: names left to CloudFormation, data that AWS keeps anyway, ARNs of AWS's own.
_IGNORED = ("I4010", "I9040", "I9001", "I3013", "I3011", "W9002")
_ORDER = ("FATAL", "ERROR", "WARN", "INFO")


def lowered(components: str, *, head: str = "") -> Resources:
    """Lower components, written as the body of `components:`; the first one stands on line 3."""
    indented = "\n".join("  " + line for line in components.strip("\n").splitlines())
    return shared.lowered(indented + "\n", f"archproof: 1\n{head}components:\n")


def problems(components: str) -> list[str]:
    """The messages of the errors of components, with their positions."""
    with pytest.raises(InputError) as caught:
        lowered(components)
    return [str(p) for p in caught.value.problems]


def findings(resources: Resources, *, least: str = "WARN") -> list[str]:
    """What AWS's validator says of the resources, at this level and above."""
    said = shared.complaints(resources, *_ORDER[: _ORDER.index(least) + 1])
    return [line for line in said if line.split()[1] not in _IGNORED]
