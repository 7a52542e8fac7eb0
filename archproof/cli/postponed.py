"""Modules that are imported when something of them is used, and not where their name is written."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import Any


class _Postponed(ModuleType):
    """What stands for a module until something of it is used."""

    def __getattr__(self, attribute: str) -> Any:
        name = self.__name__
        if sys.modules.get(name) is self:
            del sys.modules[name]
        return getattr(importlib.import_module(name), attribute)


def postpone(name: str) -> None:
    """Let the module `name` be imported by its first use; nothing happens where it is imported already."""
    if name not in sys.modules:
        sys.modules[name] = _Postponed(name)
