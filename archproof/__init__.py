"""Architecture as code for AWS: one YAML file that draws, checks, proves, compares and explains a system.

The Python face is small and loads nothing until it is used:

>>> import archproof
>>> architecture = archproof.load("architecture.yaml")      # doctest: +SKIP
>>> archproof.check(architecture).findings                   # doctest: +SKIP
>>> archproof.drift(architecture, live="snapshot").missing   # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["__version__", "check", "draw", "drift", "explain", "load"]

if TYPE_CHECKING:
    from archproof import drift
    from archproof.api import check, draw, explain, load


def __getattr__(name: str) -> Any:
    if name == "drift":  # a package that can be called
        from importlib import import_module

        return import_module("archproof.drift")
    if name in __all__:
        from archproof import api

        return getattr(api, name)
    raise AttributeError(f"module 'archproof' has no attribute {name!r}")
