"""Kinds by name: the pydantic model of each is imported when the first component of it is met."""

from __future__ import annotations

import functools
import importlib
from typing import cast

from archproof.discovery import constants
from archproof.model.base import Component

PACKAGE = "archproof.model.kinds"


@functools.cache
def classes() -> dict[str, tuple[str, str]]:
    """Return, for every kind, the module and the class that model it."""
    return {
        kind: (module, name) for module, kinds in constants(PACKAGE, "KINDS").items() for kind, name in kinds.items()
    }


def kinds() -> list[str]:
    """Return every kind's name, sorted."""
    return sorted(classes())


@functools.cache
def kind_class(kind: str) -> type[Component]:
    """Return the model of `kind`. Raises KeyError where there is none."""
    module, name = classes()[kind]
    return cast("type[Component]", getattr(importlib.import_module(module), name))


@functools.cache
def keys(kind: str) -> tuple[str, ...]:
    """Return the keys that a component of `kind` may have, as they stand in a file. Raises KeyError."""
    return tuple(field.alias or name for name, field in kind_class(kind).model_fields.items())
