"""Modules that are imported by their first use."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAM = """
import sys
from archproof.cli.postponed import postpone
postpone("importlib.metadata")
import importlib.metadata as metadata
print("email" in sys.modules)
{use}
print("email" in sys.modules, type(sys.modules["importlib.metadata"]).__name__)
"""


@pytest.mark.parametrize(
    "use",
    [
        "from importlib.metadata import version; assert version('pydantic')",
        "assert metadata.version('pydantic')",
        "import importlib.metadata._meta",
    ],
)
def test_a_module_is_imported_when_something_of_it_is_used(use: str) -> None:
    program = PROGRAM.format(use=use)
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["False", "True", "module"]


def test_a_module_that_is_imported_stays() -> None:
    import importlib.metadata

    from archproof.cli.postponed import postpone

    before = sys.modules["importlib.metadata"]
    postpone("importlib.metadata")
    assert sys.modules["importlib.metadata"] is before is importlib.metadata
