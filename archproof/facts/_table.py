"""Reading a table of facts, and the error for a fact that no table holds."""

from __future__ import annotations

import csv
import functools
import mmap
from collections.abc import Iterable
from datetime import date
from pathlib import Path


class UnknownFactError(KeyError):
    """No row of `table` has the key that was asked for; `nearest` holds up to three keys that come close."""

    def __init__(self, table: str, key: str, known: Iterable[str], why: str = "") -> None:
        from difflib import get_close_matches

        names = sorted(set(known))
        lowered = {name.lower(): name for name in reversed(names)}
        close = get_close_matches(key.lower(), lowered, n=3, cutoff=0.5)
        holding = [low for low in lowered if key.lower() in low and low not in close]
        self.table = table
        self.key = key
        self.nearest = tuple(lowered[low] for low in (close + holding)[:3])
        hint = "; did you mean " + " or ".join(f"'{name}'" for name in self.nearest) + "?"
        self.message = why or f"no row '{key}' in the table '{table}'" + (hint if self.nearest else "")
        super().__init__(self.message)

    def __str__(self) -> str:
        return self.message


@functools.cache
def rows(table: str) -> tuple[dict[str, str], ...]:
    """Return the rows of `<table>.csv` in this folder, as text, in file order; each file is read once.

    Raises UnknownFactError where there is no such file.
    """
    folder = Path(__file__).parent
    path = folder / f"{table}.csv"
    if not path.is_file():
        raise UnknownFactError("tables", table, (file.stem for file in folder.glob("*.csv")))
    with path.open(encoding="utf-8", newline="") as file:
        header, *lines = csv.reader(file, strict=True)
    return tuple(dict(zip(header, line, strict=True)) for line in lines)


@functools.cache
def _lines(table: str) -> tuple[list[str], mmap.mmap]:
    """The header of a table and its bytes, of which only those are read that are looked at."""
    with (Path(__file__).parent / f"{table}.csv").open("rb") as file:
        held = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    return held.readline().decode().strip().split(","), held


def find(table: str, key: str) -> dict[str, str] | None:
    """Return the row of a large table whose first cell is `key`, or None, without reading the others.

    It is looked for where it stands in a sorted table, and then in every line. No cell holds a line break.
    """
    header, held = _lines(table)
    wanted = key.encode()
    if b"\n" in wanted:
        return None
    low, high = held.find(b"\n", 0) + 1, len(held)
    while low < high:
        start = held.rfind(b"\n", 0, (low + high) // 2) + 1
        end = held.find(b"\n", start)
        cell = held[start : held.find(b",", start)]
        if cell == wanted:
            break
        low, high = (end + 1 if end >= 0 else high, high) if cell < wanted else (low, start)
    else:
        start = held.find(b"\n" + wanted + b",", 0) + 1
        if not start:
            return None
        end = held.find(b"\n", start)
    line = held[start : end if end >= 0 else len(held)]
    return dict(zip(header, next(csv.reader([line.decode()], strict=True)), strict=True))


def names(cell: str) -> tuple[str, ...]:
    """Return the values of a cell that holds several, separated by semicolons."""
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def flag(cell: str) -> bool:
    """Return whether a yes-or-no cell says yes. Raises ValueError for anything but `yes` and `no`."""
    if cell not in ("yes", "no"):
        raise ValueError(f"expected yes or no, found {cell!r}")
    return cell == "yes"


def day(cell: str) -> date | None:
    """Return the ISO day in a cell, or None where the cell is empty."""
    return date.fromisoformat(cell) if cell else None


def number(cell: str) -> int | float:
    """Return the number in a cell: an int where it is whole, else a float. Raises ValueError otherwise."""
    value = float(cell)
    return int(value) if value.is_integer() else value
