"""How well comparisons tell: recorded pairs of a declared resource and what AWS returned, and seeded changes of them.

Usage: python benchmarks/drift_pairs.py FOLDER [--half a|b] [--show]

The folder holds files in the form of the cdk-real-drift project's corpus (`resource.declared`, `liveRaw`, `expected`).
"""

from __future__ import annotations

import argparse
import copy
import hashlib
import json
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from archproof.drift import ResourceDrift, compare_resource


class Case(NamedTuple):
    """One recorded pair."""

    name: str
    type: str
    declared: dict[str, Any]
    live: dict[str, Any]
    drifted: list[str]
    """The paths that truly differ."""
    undeclared: list[str]


def cases(folder: Path, half: str | None) -> Iterator[Case]:
    """The pairs of a folder; halves are by type, so that rules for one half say nothing of the other."""
    for file in sorted(folder.rglob("*.json")):
        held = json.loads(file.read_text(encoding="utf-8"))
        type_ = held["resource"]["resourceType"]
        if half and "ab"[hashlib.sha256(type_.encode()).digest()[0] % 2] != half:
            continue
        tiers = {t: [e["path"] for e in held["expected"] if e["tier"] == t] for t in ("declared", "undeclared")}
        name = file.stem.removeprefix("tests__corpus__")
        yield Case(name, type_, held["resource"]["declared"], held["liveRaw"], tiers["declared"], tiers["undeclared"])


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--half", choices=("a", "b"))
    parser.add_argument("--show", action="store_true", help="print what is told falsely, and what is not found")
    options = parser.parse_args()
    found = list(cases(options.folder, options.half))
    quiet = [c for c in found if not c.drifted]
    show(found, quiet, options.show)
    changes(quiet, options.show)
    speed(quiet)
    return 0


def show(found: list[Case], quiet: list[Case], loud: bool) -> None:
    """Count false differences, true drifts and noise."""
    results = {c.name: compare_resource(c.type, c.declared, c.live) for c in found}
    false = [c for c in quiet if results[c.name].declared]
    true = [(c, path) for c in found for path in c.drifted]
    told = [(c, path) for c, path in true if any(_fits(d.property, path) for d in results[c.name].declared)]
    noisy = [c for c in found if len(results[c.name].undeclared) > len(c.undeclared)]
    print(f"pairs                                  {len(found)} of {len({c.type for c in found})} types")
    print(
        f"undrifted with a declared difference   {len(false)} of {len(quiet)} ({len(false) / max(len(quiet), 1):.1%})"
    )
    print(f"true drifts found                      {len(told)} of {len(true)}")
    print(f"pairs with undeclared noise            {len(noisy)} ({len(noisy) / max(len(found), 1):.1%})")
    print(f"pairs with something unread            {sum(bool(results[c.name].unread) for c in found)}")
    if loud:
        for case in false:
            _print(case.name, results[case.name].declared)
        for case in noisy:
            _print(f"noise {case.name}", results[case.name].undeclared)


def _print(name: str, drifts: list[Any]) -> None:
    for drift in drifts:
        print(f"  {name} {drift.property}: {json.dumps(drift.expected)[:150]} | {json.dumps(drift.actual)[:150]}")


def _fits(property: str, path: str) -> bool:
    return property == path or property.startswith((path + ".", path + "[")) or path.startswith(property)


def changes(quiet: list[Case], loud: bool, seeds: int = 3) -> None:
    """Change one declared value in the live side, by seed, and count how many are told as declared differences."""
    made = missed = elsewhere = 0
    for case in quiet:
        before = compare_resource(case.type, case.declared, case.live)
        dull = {d.property for d in (*before.unread, *before.declared)}
        places = [p for p in _leaves(case.declared, case.live, ()) if not _hidden(p, dull)]
        for seed in range(seeds):
            if not places:
                break
            random_ = random.Random(f"{case.name} {seed}")
            path = random_.choice(places)
            live = copy.deepcopy(case.live)
            _change(live, path, random_)
            after = compare_resource(case.type, case.declared, live)
            made += 1
            if len(after.declared) <= len(before.declared) and not _new(before, after):
                missed += 1
                if loud:
                    print(f"  missed {case.name} {path}: {_at(case.declared, path)!r} -> {_at(live, path)!r}")
            elif not any(d.path[:1] == path[:1] for d in after.declared):
                elsewhere += 1
    print(f"seeded changes found                   {made - missed} of {made}; {elsewhere} told of another property")


def _new(before: ResourceDrift, after: ResourceDrift) -> bool:
    return any(d not in before.declared for d in after.declared)


def _hidden(path: tuple[Any, ...], dull: set[str]) -> bool:
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
        if text in dull:
            return True
    return False


def _leaves(declared: Any, live: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    """The places of single values that both sides hold equally."""
    if isinstance(declared, dict) and isinstance(live, dict):
        for key in declared:
            if key in live and not str(declared.get("Key", "")).startswith("aws:"):
                yield from _leaves(declared[key], live[key], (*path, key))
    elif isinstance(declared, list) and isinstance(live, list) and len(declared) == len(live):
        for i, (a, b) in enumerate(zip(declared, live, strict=True)):
            yield from _leaves(a, b, (*path, i))
    elif not isinstance(declared, dict | list) and declared == live and live not in (None, ""):
        yield path


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


def _change(live: Any, path: tuple[Any, ...], random_: random.Random) -> None:
    holder = _at(live, path[:-1])
    value = holder[path[-1]]
    if isinstance(value, bool):
        holder[path[-1]] = not value
    elif isinstance(value, int | float):
        holder[path[-1]] = value + random_.choice((1, 7, 100))
    elif value.lower() in ("true", "false"):
        holder[path[-1]] = "false" if value.lower() == "true" else "true"
    elif value.replace(".", "", 1).isdigit():
        holder[path[-1]] = str(float(value) + 1) if "." in value else str(int(value) + 1)
    else:
        at = random_.randrange(len(value))
        other = random_.choice([c for c in "abcdefghij" if c.lower() != value[at].lower()])
        holder[path[-1]] = value[:at] + other + value[at + 1 :]


def speed(quiet: list[Case], count: int = 10_000) -> None:
    """Print what comparing many resources costs."""
    start = time.process_time()
    for i in range(count):
        case = quiet[i % len(quiet)]
        compare_resource(case.type, case.declared, case.live)
    print(f"{count:,} resources compared in         {time.process_time() - start:.2f} CPU s")


if __name__ == "__main__":
    sys.exit(main())
