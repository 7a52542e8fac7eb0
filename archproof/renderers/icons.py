"""Which icon stands for a component kind or a CloudFormation resource type.

The table is `facts/icons.csv`. A key that is not in it falls back to its service (`AWS::Lambda::Url` →
`AWS::Lambda`), then to a generic icon. People and systems outside AWS have drawings of our own.
"""

from __future__ import annotations

import csv
import functools
import re
from dataclasses import dataclass
from importlib import resources

from archproof.assets import read_json

GENERIC = "*"
_STROKE = 'fill="none" stroke="currentColor" stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round"'
OWN = {
    name: f"<g {_STROKE}>{shapes}</g>"
    for name, shapes in {
        "own/person": '<circle cx="24" cy="15.5" r="7.5"/><path d="M9 40c0-9 6.5-14.500 15-14.500S39 31 39 40z"/>',
        "own/people": '<circle cx="18" cy="17" r="6.5"/><path d="M5 39c0-8 5.500-12.500 13-12.500S31 31 31 39z"/>'
        '<path d="M30 11.200a6 6 0 1 1 2 11.500M34 26.500c5.500.8 9 5.200 9 12.500h-6.500"/>',
        "own/external": '<rect x="8" y="12" width="32" height="24" rx="3"/>'
        '<path d="M8 19h32M13 15.500h.1M17 15.500h.1"/>',
        "own/internet": '<circle cx="24" cy="24" r="16"/>'
        '<path d="M8 24h32M24 8c-11 10-11 22 0 32M24 8c11 10 11 22 0 32"/>',
        "own/shield": '<path d="M24 7l14 5v10c0 9-5.500 15.500-14 19-8.500-3.500-14-10-14-19V12z"/>',
        "own/generic": '<path d="M24 7l15 8.500v17L24 41 9 32.500v-17zM9 15.500L24 24l15-8.500M24 24v17"/>',
    }.items()
}


@dataclass(frozen=True, slots=True)
class Icon:
    """An icon: its markup, the square it is drawn in, its category's colour, and whether it is a full tile."""

    name: str
    view_box: str
    markup: str
    colour: str
    tile: bool
    diagrams_class: str


@functools.cache
def table() -> dict[str, dict[str, str]]:
    """The rows of the icon table by key."""
    text = resources.files("archproof").joinpath("facts/icons.csv").read_text(encoding="utf-8")
    return {row["key"]: row for row in csv.DictReader(text.splitlines())}


def find(key: str) -> dict[str, str]:
    """The row for a component kind, a resource type or an icon name; the generic one if there is none."""
    rows = table()
    while key not in rows and "::" in key:
        key = key.rpartition("::")[0]
    return rows.get(key, rows[GENERIC])


def known(key: str) -> bool:
    """Tell whether the key has a row of its own or of its service."""
    return find(key) is not table()[GENERIC]


@functools.cache
def icon(key: str) -> Icon:
    """The icon for a key."""
    row = find(key)
    name = row["icon"]
    view_box, markup = ("0 0 48 48", OWN[name]) if name in OWN else read_json("icons.json")[name]
    tile = name.startswith(("architecture-service/", "architecture-group/"))
    return Icon(name, view_box, _safe(markup), row["colour"], tile, row["diagrams_class"])


def _safe(markup: str) -> str:
    """Icons hold shapes only; ids would clash between pictures on one page, scripts have no place in one."""
    if re.search(r"<(?!/?(?:g|path|rect|circle|ellipse|polygon|polyline|line)\b)|\bid=|\bon\w+=|href", markup):
        raise ValueError("an icon holds more than plain shapes")
    return markup
