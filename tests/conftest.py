"""What all tests share: engines that they keep are let go before the interpreter takes their library apart."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

TESTS = str(Path(__file__).parent)
_CACHE: list[str] = []


def pytest_configure() -> None:
    """Give engines a cache of the tests' own, which all processes of a run share."""
    if "ARCHPROOF_CACHE" not in os.environ:
        _CACHE.append(tempfile.mkdtemp(prefix="archproof-tests-"))
        os.environ["ARCHPROOF_CACHE"] = _CACHE[0]


def pytest_unconfigure() -> None:
    """Empty the caches of the tests' helpers; a validator that outlives its own module complains at the end."""
    for module in list(sys.modules.values()):
        engine = getattr(module, "_engine", None)
        if str(getattr(module, "__file__", "")).startswith(TESTS) and hasattr(engine, "cache_clear"):
            engine.cache_clear()
    for folder in _CACHE:
        shutil.rmtree(folder, ignore_errors=True)
