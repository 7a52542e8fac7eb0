"""The nearest right spelling, for every message that says 'unknown'."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word closest to `word`, or None where nothing is near.

    A word that another one begins with counts as near (`timeout` and `timeout_s`): units are left out
    more often than letters are swapped.
    """
    if len(word) > 100:
        return None
    from difflib import get_close_matches

    names = sorted(set(known))
    stem = word.lower().replace("-", "_")
    lowered = {name.lower(): name for name in reversed(names)}
    if stem in lowered:
        return lowered[stem]
    close = get_close_matches(stem, lowered, n=1, cutoff=0.7)
    if close:
        return lowered[close[0]]
    bare = stem.rsplit("_", 1)[0]
    for name in names:
        if len(bare) >= 3 and (name.startswith(stem + "_") or name.rsplit("_", 1)[0] == bare):
            return name
    loose = get_close_matches(stem, lowered, n=1, cutoff=0.6)
    return lowered[loose[0]] if loose else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return `; did you mean 'x'?`, or nothing where no known word is near."""
    near = nearest(word, known)
    return f"; did you mean '{near}'?" if near else ""
