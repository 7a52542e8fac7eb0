"""Which drafts a model fails on, where the failure does not say: the others are lifted all the same.

A step at the end of a lowering (policies of keys, rules of groups) is about all components at once. What makes it
fail is found by trying: drafts are added by halves to a model in which everything else is a bare resource.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from archproof.errors import InputError
from archproof.sources.lifting._assembly import document_of
from archproof.sources.lifting.document import LiftedDocument
from archproof.sources.lifting.drafts import PLAIN, Lifting

_TRIALS = 80
"""So many models are tried; what is not known to be right then is given up."""
LINKS = "links"


def culprits(lifting: Lifting) -> list[str]:
    """The components and sections (and `links`) that a failure comes from which names none of them."""
    return _Search(lifting).found()


class _Search:
    def __init__(self, lifting: Lifting) -> None:
        self.document = document_of(lifting, {})
        self.types = {d.name: d.resource.type for d in lifting.drafts.values() if d.kind != PLAIN}
        self.sections = list(lifting.sections)
        self.trials = 0

    def found(self) -> list[str]:
        guilty: list[str] = []
        self._add([*self.sections, *self.types, LINKS], set(), guilty)
        return guilty

    def _add(self, group: list[str], good: set[str], guilty: list[str]) -> None:
        """Add those of a group to the good ones with which the model still lowers."""
        if self.trials < _TRIALS and self._works(good | set(group)):
            good.update(group)
        elif len(group) == 1 or self.trials >= _TRIALS:
            guilty.extend(group)
        else:
            self._add(group[: len(group) // 2], good, guilty)
            self._add(group[len(group) // 2 :], good, guilty)

    def _works(self, kept: set[str]) -> bool:
        """Whether a model with only these lifted has no failure that names nobody."""
        from archproof.model.architecture import resolve
        from archproof.resources.lowering import attempt

        self.trials += 1
        bare = set(self.types) - kept
        for _ in range(2):
            document = self._trial(kept, bare)
            try:
                _, failed = attempt(resolve(document))
            except InputError:
                failed = list(document.refused)
            if not failed:
                return True
            if any(name not in self.types or name in bare for name in failed):
                return False
            bare |= set(failed)  # a failure that names somebody is another matter
        return True

    def _trial(self, kept: set[str], bare: set[str]) -> LiftedDocument:
        """The document with bare resources in place of some drafts."""
        value: dict[str, Any] = {k: v for k, v in self.document.value.items() if k not in self.sections or k in kept}
        components = value["components"]
        value["components"] = {n: {"type": self.types[n]} if n in bare else c for n, c in components.items()}
        links = [k for k in value.pop(LINKS, ()) if LINKS in kept and not bare.intersection((*k["from"], *k["to"]))]
        if links:
            value[LINKS] = links
        return dataclasses.replace(self.document, value=value, problems=[], refused={})
