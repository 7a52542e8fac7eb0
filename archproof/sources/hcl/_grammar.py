"""The grammar of Terraform's language: that of python-hcl2, which the build packs into the assets.

It is packed and not depended upon: checkov brings a fork of that package under the same import name, and in an
environment with both only one of them is there.
"""

from __future__ import annotations

import functools
import importlib.util
from pathlib import Path
from typing import Any

from archproof.errors import UsageError

FOLDER = Path(__file__).parents[2] / "_assets" / "hcl2"


def parse(text: str) -> Any:
    """The tree of a text. Raises lark's UnexpectedInput where it does not fit."""
    return _parser().parse(text + "\n")  # the grammar ends every line with its break


@functools.cache
def _parser() -> Any:
    from lark import Lark

    if not FOLDER.is_dir():
        raise UsageError("the grammar of Terraform's language is missing: `pip install .` (or `-e .`) builds it")
    spec = importlib.util.spec_from_file_location("archproof._hcl2_postlexer", FOLDER / "postlexer.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return Lark(
        (FOLDER / "hcl2.lark").read_text(encoding="utf-8"),
        parser="lalr", propagate_positions=True, postlex=module.PostLexer(), cache=str(FOLDER / "tables.bin"),
    )  # fmt: skip
