"""A description of a system in the place of an account: it tells all there is, but for what AWS will make up."""

from __future__ import annotations

import re
from dataclasses import dataclass

from archproof.resources.resource import Resource
from archproof.sources.live import Live


@dataclass(slots=True)
class Described(Live):
    """Another description of a system: a template, a plan, a state, a model."""

    def was_listed(self, account: str | None, region: str | None, type: str) -> bool:
        """Whatever it does not name is not there."""
        return True

    def saw(self, resource: Resource, property: str) -> bool:
        """Whatever it does not say is not said."""
        return True


def token(id: str, attribute: str) -> str:
    """What stands for an attribute that a description leaves to deployment: equal to itself, and to nothing else."""
    return f"${{{id}.{attribute}}}" if attribute else f"${{{id}}}"


_TOKEN = re.compile(r"\$\{([A-Za-z0-9]+)(?:\.[\w.]+)?\}")


def named(text: str) -> str | None:
    """The logical id that a token names; None for any other text."""
    found = _TOKEN.fullmatch(text)
    return found[1] if found else None
