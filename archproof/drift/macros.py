"""Macros that run in the account: what they make of a template is not known here, so that it is not compared."""

from __future__ import annotations

from typing import Any

from archproof.resources.resource import Resource, Resources
from archproof.sources.templates.template import OWN

_CALL = "Fn::Transform"


class Macros:
    """The macros of a template that are none of those known here."""

    def __init__(self, declared: Resources) -> None:
        self.whole = _unknown(declared.template.get("Transform"))
        """Those of the whole template."""

    def why(self, resource: Resource) -> str | None:
        """Why what is declared of a resource is not what is deployed; None where it is."""
        found = self.whole or _called(resource.properties)
        if not found:
            return None
        names = ", ".join(name[:100] for name in found)
        word = "macro" if len(found) == 1 else "macros"
        return f"the {word} {names} may make something else of it in the account"


def _called(value: Any) -> list[str]:
    """The macros that are called anywhere in a value."""
    found: list[str] = []
    if isinstance(value, dict):
        found += _unknown(value.get(_CALL))
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for item in inner:
        found += _called(item)
    return list(dict.fromkeys(found))


def _unknown(said: Any) -> list[str]:
    names = [one.get("Name") if isinstance(one, dict) else one for one in (said if isinstance(said, list) else [said])]
    return [name for name in names if isinstance(name, str) and name not in OWN]
