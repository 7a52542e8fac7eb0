"""What the resources of a lifted model are called: their own logical ids, or the tool's where nobody chose any."""

from __future__ import annotations

from archproof.resources.lowering._context import logical_id as lowered
from archproof.sources.lifting.drafts import Lifting
from archproof.sources.lifting.names import named_by_tool

_USUAL = {"trigger": "Mapping", "subscribe": "Subscription"}
"""How the logical id of what a link makes ends, where the link says none."""


def logical_ids(lifting: Lifting) -> dict[str, str]:
    """The logical ids that differ from those the tool makes; see `Lowering.id`."""
    made = _made(lifting)
    usual = {name: name for name in made} | _after_main(lifting, made)
    return {name: wanted for name, wanted in made.items() if wanted != usual[name]} | lifting.called


def _after_main(lifting: Lifting, made: dict[str, str]) -> dict[str, str]:
    """What resources beside a main one are called that is not called as the tool would; see `Lowering.id`."""
    found: dict[str, str] = {}
    for drafted in lifting.drafts.values():
        main, wanted = lowered(drafted.name), drafted.resource.logical_id
        if main != wanted and made.get(main) == wanted:
            beside = {r.logical_id for r in drafted.satellites.values()}
            found |= {n: wanted + n.removeprefix(main) for n, w in made.items() if w in beside and n.startswith(main)}
    return found


def own_names(lifting: Lifting) -> dict[str, str]:
    """The logical id that the tool makes for every resource, where a reader made those of the source from addresses.

    Empty where the source has names that somebody chose, or where two resources would be called the same.
    """
    resources = lifting.resources
    if not len(resources) or not named_by_tool(resources):
        return {}
    found = {logical_id: logical_id for logical_id in resources.all}
    found |= {wanted: made for made, wanted in {**_made(lifting), **lifting.called}.items()}
    names = list(found.values())
    taken = {*names, *resources.parameters, *resources.conditions, *resources.mappings}
    for link in lifting.links:
        said, end = link.options.get("logical_id"), _USUAL.get(link.verb)
        usual = f"{lowered(link.source)}{lowered(link.target)}{end}"
        if said in found and end and usual not in taken:
            found[said] = usual
            taken.add(usual)
    sections = {*resources.parameters, *resources.conditions, *resources.mappings}
    return found if len(set(found.values())) == len(found) and not sections & set(found.values()) else {}


def _made(lifting: Lifting) -> dict[str, str]:
    """The logical ids of components and of what is beside them, by those that the tool makes."""
    found: dict[str, str] = {}

    def call(name: str, suffix: str, wanted: str) -> None:
        first = candidate = lowered(name, suffix)
        number = 2
        while candidate in found:
            candidate, number = f"{first}{number}", number + 1
        found[candidate] = wanted

    for drafted in lifting.drafts.values():
        call(drafted.name, "", drafted.resource.logical_id)
    for drafted in lifting.drafts.values():
        for suffix, resource in drafted.satellites.items():
            call(drafted.name, suffix, resource.logical_id)
    return found
