"""A model to be written without the secrets of its source: each becomes a parameter that deployment asks for."""

from __future__ import annotations

import re
from typing import Any

from archproof.resources.lowering._context import logical_id
from archproof.resources.resource import Path
from archproof.resources.secrets import masked, shown_parameter, without_secrets

_VERBATIM = ("properties", "environment", "resources", "attributes", "resource_attributes")
_NO_PARAMETER = ("mappings", "outputs", "metadata", "description")
"""Sections of a stack in which no parameter can take the place of a secret."""
_SAID = "a secret that the source holds in plain text; pass it at deployment or move it to Secrets Manager"


def without(value: dict[str, Any]) -> dict[str, Any]:
    """The sections of a model with `!Ref` to a new parameter in place of every secret in plain text."""
    parameters: dict[str, Any] = dict(value.get("stack", {}).get("parameters", {}))
    taken = {*parameters, *value.get("components", {})}
    asked: dict[str, Any] = {}

    def component(name: str, held: dict[str, Any]) -> dict[str, Any]:
        def ask(path: Path, called: str, secret: str) -> dict[str, str]:
            key = wanted = logical_id(name) + _words(called)
            number = 1
            while key in taken or key in asked:
                number += 1
                key = f"{wanted}{number}"
            asked[key] = {"Type": "String", "NoEcho": True, "Description": _SAID}
            return {"Ref": key}

        called = held.get("physical_name")
        title = called if isinstance(called, str) else name
        return {k: without_secrets(v, ask, title) if k in _VERBATIM else v for k, v in held.items()}

    components = {name: component(name, held) for name, held in value.get("components", {}).items()}
    parameters = {name: shown_parameter(name, said) for name, said in parameters.items()} | asked
    result = {**value, "components": components}
    result |= {name: masked("", value[name]) for name in ("system",) if name in value}
    stack = {k: masked("", held) if k in _NO_PARAMETER else held for k, held in value.get("stack", {}).items()}
    if parameters or stack:
        result["stack"] = {**stack, **({"parameters": parameters} if parameters else {})}
    return result


def _words(name: str) -> str:
    """`DbPassword` of `DB_PASSWORD`."""
    words = re.findall(r"[A-Za-z0-9]+", name)
    return "".join(w.capitalize() if w.isupper() else w[:1].upper() + w[1:] for w in words)
