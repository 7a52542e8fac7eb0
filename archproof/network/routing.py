"""Which route of a table wins for an address."""

from __future__ import annotations

from typing import NamedTuple

from archproof.network.addresses import fits
from archproof.network.fabric import Entry, Table, TransitTable, Truth
from archproof.network.filters import End


class Choice(NamedTuple):
    """The route that wins, and whether that is sure."""

    entry: Entry | None
    sure: bool
    over: Entry | None = None
    """The next best: what would win without it."""


def choose(table: Table | TransitTable, end: End) -> Choice:
    """The route of a table to an address: the longest prefix, then static over propagated.

    What may lead there without anyone knowing (a prefix list, an unknown route) makes the choice unsure.
    """
    inside = end.interface is not None and not end.public
    key = end.span, end.service, inside
    held: Choice | None = table.chosen.get(key)
    if held is None:
        held = table.chosen[key] = _choose(table, end)
    return held


def _choose(table: Table | TransitTable, end: End) -> Choice:
    found: list[tuple[tuple[int, int], Entry]] = []
    sure = table.complete
    for entry in table.entries:
        leads = _leads(entry, end)
        if leads is None:
            sure = False
        elif leads:
            found.append((_rank(entry), entry))
    found.sort(key=lambda f: f[0], reverse=True)
    entries = [entry for _, entry in found]
    return Choice(entries[0] if entries else None, sure, entries[1] if len(entries) > 1 else None)


def _leads(entry: Entry, end: End) -> Truth:
    """Whether a route leads to an address."""
    leads = _covers(entry, end)
    return None if leads and not entry.sure else leads


def _covers(entry: Entry, end: End) -> Truth:
    if entry.service is not None and end.service is not None and (entry.span is None or end.service == entry.service):
        return entry.service == end.service
    if entry.span is None:
        if entry.service is None:
            return _listed(entry, end)
        # the addresses of a service are public ones: nobody inside has one
        return False if end.interface is not None and not end.public else None
    return fits(entry.span, end.span)


def _listed(entry: Entry, end: End) -> Truth:
    """A route to a prefix list that is not known; one of AWS's holds public addresses."""
    public = entry.prefix_list is not None and entry.via == "vpc_endpoint"
    return False if public and end.interface is not None and not end.public else None


def _rank(entry: Entry) -> tuple[int, int]:
    """Longest prefix first, then static over propagated; the list of a service is as long as any."""
    if entry.span is None:
        return (1 << 10, 1)
    size = (entry.span.last - entry.span.first).bit_length()
    return (entry.span.version * 32 - size if entry.span.version == 4 else 128 - size, 0 if entry.propagated else 1)
