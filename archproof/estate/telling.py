"""The results of an estate as people read them: what to look at first, and what could not be looked at."""

from __future__ import annotations

from collections import Counter
from typing import Any

from archproof.estate.results import Results
from archproof.estate.units import Outcome

_FIRST = 12
_WIDTH = 60
_SEVERE = ("critical", "high")


def text(results: Results) -> str:
    """The report as text."""
    summary = results.summary()
    lines = [
        f"{results.name}: {_count(summary['units'], 'account-region')}, "
        f"{_count(summary['resources'], 'resource')}, {_count(summary['calls'], 'call')}"
    ]
    lines += _failed(results.failed)
    lines += _drifted(results)
    lines += _findings(results)
    lines += _unread(results)
    lines += ["", _verdict(summary)]
    return "\n".join(lines) + "\n"


def _title(outcome: Outcome) -> str:
    return f"{outcome.account} {outcome.region}" + (f" ({outcome.name})" if outcome.name else "")


def _failed(failed: list[Outcome]) -> list[str]:
    if not failed:
        return []
    return ["", f"Nothing came of {len(failed)}:", *_rest([f"  {_title(o)}: {_short(o.error or '')}" for o in failed])]


def _drifted(results: Results) -> list[str]:
    rows = []
    for outcome in results.drifted:
        declared = [d for d in outcome.differences if d["tier"] == "declared" and not d.get("ignored")]
        missing = [m for m in outcome.missing if not m.get("ignored")]
        said = [_count(len(declared), "property", "properties")] if declared else []
        said += [f"{len(missing)} missing"] if missing else []
        first = [f"{d['resource']}.{d['property']}" for d in declared] + [m["resource"] for m in missing]
        more = f" and {len(first) - 3} more" if len(first) > 3 else ""
        rows.append(f"  {_title(outcome)}: {', '.join(said)}: {', '.join(first[:3])}{more}")
    return ["", f"Drifted from its model, {len(rows)}:", *_rest(rows)] if rows else []


def _findings(results: Results) -> list[str]:
    counts: Counter[tuple[str, str]] = Counter()
    where: dict[tuple[str, str], set[str]] = {}
    for outcome in results.outcomes:
        for finding in outcome.findings:
            if finding["severity"] in _SEVERE and not finding.get("waived"):
                key = (finding["severity"], finding["rule"])
                counts[key] += 1
                where.setdefault(key, set()).add(outcome.key)
    order = sorted(counts, key=lambda key: (_SEVERE.index(key[0]), -counts[key], key[1]))
    rows = [
        f"  {severity:<8} {rule}: {_count(counts[severity, rule], 'finding')} in "
        f"{_count(len(where[severity, rule]), 'account-region')}"
        for severity, rule in order
    ]
    return ["", "Findings, the gravest first:", *_rest(rows)] if rows else []


def _unread(results: Results) -> list[str]:
    counts: Counter[tuple[str, str]] = Counter()
    for outcome in results.outcomes:
        for entry in outcome.unread:
            counts[entry.get("code") or "", entry.get("operation") or ""] += 1
    rows = [f"  {code}: {operation or '-'} ({count:,})" for (code, operation), count in counts.most_common()]
    return ["", f"Not read, {sum(counts.values()):,}:", *_rest(rows)] if rows else []


def _verdict(summary: dict[str, Any]) -> str:
    said = [f"{summary['ok']} whole", f"{summary['partial']} in part", f"{summary['failed']} failed"]
    return f"{', '.join(said)}; {summary['drifted']} drifted"


def _rest(rows: list[str]) -> list[str]:
    return rows if len(rows) <= _FIRST else [*rows[:_FIRST], f"  and {len(rows) - _FIRST:,} more"]


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 3 * _WIDTH else line[: 3 * _WIDTH - 1] + "…"


def _count(number: int, noun: str, several: str | None = None) -> str:
    return f"{number:,} {noun if number == 1 else several or noun + 's'}"


def table(columns: list[str], rows: list[tuple[Any, ...]]) -> str:
    """Rows of an answer in columns; what is longer than a column is wide is cut."""
    cells = [[_cell(v) for v in row] for row in rows]
    widths = [max([len(c), *(len(r[n]) for r in cells)], default=0) for n, c in enumerate(columns)]
    lines = [columns, ["─" * w for w in widths], *cells]
    return "\n".join("  ".join(v.ljust(w) for v, w in zip(line, widths, strict=True)).rstrip() for line in lines) + "\n"


def _cell(value: Any) -> str:
    line = "" if value is None else "".join(c if c.isprintable() else " " for c in str(value))
    return line if len(line) <= _WIDTH else line[: _WIDTH - 1] + "…"
