"""SAM's policy templates (`S3CrudPolicy`), as the package `aws-sam-translator` brings them."""

from __future__ import annotations

import functools
import importlib.util
import json
from pathlib import Path
from typing import Any, NamedTuple

_PACKAGE = "samtranslator"
_FILE = ("policy_templates_data", "policy_templates.json")


class PolicyTemplate(NamedTuple):
    """A policy with places for values."""

    statements: tuple[dict[str, Any], ...]
    """Its statements; `{Ref: NAME}` stands for the value of a parameter."""
    parameters: tuple[str, ...]


@functools.cache
def policy_templates() -> dict[str, PolicyTemplate]:
    """Every policy template of SAM by its name. The package is not imported: that costs a second."""
    spec = importlib.util.find_spec(_PACKAGE)
    assert spec is not None and spec.submodule_search_locations
    text = Path(spec.submodule_search_locations[0]).joinpath(*_FILE).read_text(encoding="utf-8")
    return {
        name: PolicyTemplate(tuple(held["Definition"]["Statement"]), tuple(held["Parameters"]))
        for name, held in json.loads(text)["Templates"].items()
    }
