"""What all tests share: engines that they keep are let go before the interpreter takes their library apart."""

from __future__ import annotations

import sys
from pathlib import Path

TESTS = str(Path(__file__).parent)


def pytest_unconfigure() -> None:
    """Empty the caches of the tests' helpers; a validator that outlives its own module complains at the end."""
    for module in list(sys.modules.values()):
        engine = getattr(module, "_engine", None)
        if str(getattr(module, "__file__", "")).startswith(TESTS) and hasattr(engine, "cache_clear"):
            engine.cache_clear()
