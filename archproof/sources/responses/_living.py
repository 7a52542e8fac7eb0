"""The answers of one or more accounts as they are: nothing bound, and exactly what was looked for and listed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from archproof.errors import Unknown
from archproof.resources.resource import Resources
from archproof.sources.live import Live, Unread
from archproof.sources.reading import Probe
from archproof.sources.responses import _shaping
from archproof.sources.responses._call import ALL, Answer, Call, declared, parents
from archproof.sources.responses._gathering import Gathering
from archproof.sources.responses._heard import Heard, Place
from archproof.sources.responses._item import NOWHERE, Item
from archproof.sources.responses._snapshot import Snapshot


def of_answers(answers: Iterable[Answer]) -> Live:
    """What answers in memory say."""
    gathering = _gathering()
    gathering.answers(answers)
    gathering.places(None)
    return _live(gathering, None)


def of_files(files: Iterable[Probe], region: str | None = None) -> Live:
    """What the files of a snapshot say; `region` is that of what does not tell its own. Raises InputError."""
    gathering = _gathering()
    for file in files:
        gathering.file(file)
    gathering.places(region)
    return _live(gathering, region)


def _gathering() -> Gathering:
    resources = Resources()
    resources.lists = set()
    resources.format = "aws-output"
    return Gathering(resources, live=True)


def _live(gathering: Gathering, region: str | None) -> Live:
    resources = gathering.resources
    snapshot = Snapshot(resources, gathering.items, live=True)
    gathering.read(snapshot)
    live = Live(resources, snapshot.returned, stack_of=snapshot.stacks, stack_ids=snapshot.stack_ids)
    live.unread = gathering.unread + [entry for heard in gathering.heard for entry in heard.unread]
    live.unread += [_unread(unknown) for unknown in resources.unknown]
    _details(gathering.heard, snapshot)
    for resource in resources:
        resource.properties = _shaping.fit_all(resource.type, resource.properties)
    for id, seen in snapshot.looked.items():
        if id in resources:
            tags = {_shaping.tagging(resources[id].type)} if "Tags" in seen else set()
            live.looked[id] = frozenset(seen | tags)
    live.listed = _listed(gathering.heard)
    return live


def _unread(unknown: Unknown) -> Unread:
    code = "unsupported" if unknown.why.startswith("no reader") else "malformed"
    return Unread(f"{unknown.what}: {unknown.why}", code)


def _details(heard: list[Heard], snapshot: Snapshot) -> None:
    """Remember what was looked for by calls about one thing, whether or not they found anything."""
    for answer in heard:
        if not answer.asked or not answer.whole:
            continue
        snapshot.here = Item("", None, NOWHERE, "-", region=answer.region, account=answer.account)
        for type, names in answer.call.gives.items():
            told = [name for name in names if name != ALL]
            if not told:
                continue
            for value in _texts(answer.asked.values()):
                found = snapshot.find(type, value)
                if found is not None and found.account in (answer.account, None):
                    snapshot.looked.setdefault(found.logical_id, set()).update(told)


def _texts(values: Iterable[Any]) -> Iterable[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            yield from (entry for entry in value if isinstance(entry, str))


def _listed(heard: list[Heard]) -> set[tuple[str | None, str | None, str]]:
    """The types of which every resource was listed, by account and region."""
    every = list(declared())
    by_call: dict[Call, dict[Place, list[Heard]]] = {}
    for answer in heard:
        by_call.setdefault(answer.call, {}).setdefault((answer.account, answer.region), []).append(answer)
    every += [call for call in by_call if call not in every]
    needed: dict[str, list[Call]] = {}
    for call in every:
        for type in call.lists:
            needed.setdefault(type, []).append(call)
    places = sorted({place for said in by_call.values() for place in said}, key=str)
    return {
        (account, region, type)
        for type, calls in needed.items()
        for account, region in places
        if _applies(calls, region) and all(_is_whole(c, (account, region), by_call, every) for c in calls)
    }


def _applies(calls: list[Call], region: str | None) -> bool:
    """Whether any of the calls that list a type is one of this place: a region, or the account as such."""
    return any(call.once == (region is None) for call in calls)


def _is_whole(call: Call, place: Place, by_call: dict[Call, dict[Place, list[Heard]]], every: list[Call]) -> bool:
    """Whether nothing is missing of what a call could tell in a place, nor of what names its things."""
    account, region = place
    if call.once and region is not None:
        region = None
    said = by_call.get(call, {})
    found = said.get((account, region), [])
    if region is None and call.per is not None:  # things of a global list may be asked in the regions they stand in
        found = [h for (whose, _), answers in said.items() if whose == account for h in answers]
    if call.per is None:
        return bool(found) and _all_pages(found)
    named = parents(call, every)
    if not all(_is_whole(other, place, by_call, every) for other in named):
        return False
    if found:
        return all(h.whole for h in found)
    return not any(
        _names_any(call, h) for other in named for h in by_call.get(other, {}).get((account, region), [])
    )  # fmt: skip


def _all_pages(found: list[Heard]) -> bool:
    """Whether the last page is there; of answers whose pages are together, whether all are whole."""
    if all(h.asked is None and not h.unread for h in found):
        return found[-1].whole
    return all(h.whole for h in found)


def _names_any(call: Call, heard: Heard) -> bool:
    """Whether an answer names a thing that the call would have been sent for."""
    assert call.per is not None
    value: Any = heard.value
    for step in call.per.each.partition("[")[0].split("."):
        value = value.get(step) if isinstance(value, dict) else None
    return bool(value)
