"""CloudWatch metrics of the kinds of components: where they are, and how one usually looks at them."""

from __future__ import annotations

import functools
from datetime import date
from typing import NamedTuple

from archproof.facts._table import flag, names, rows


class Metric(NamedTuple):
    """One metric of one kind of component.

    `dimensions` names for each dimension what fills it: `Ref` or an attribute of the component's main
    resource, `@Path` for a property of it, `AWS::Region`, or a text in single quotes. `statistic` is the one that
    tells something (`Sum`, `Maximum`, `p95`), `period_s` how often there is a value worth looking at, in
    seconds; `dashboard`: a dashboard shows it.
    """

    kind: str
    namespace: str
    dimensions: tuple[tuple[str, str], ...]
    name: str
    statistic: str
    unit: str
    period_s: int
    dashboard: bool
    source: str
    checked: date
    evidence: str


@functools.cache
def _index() -> dict[str, tuple[Metric, ...]]:
    """The metrics by kind, in the order of the table."""
    table: dict[str, list[Metric]] = {}
    for row in rows("metrics"):
        pairs = (part.partition("=") for part in names(row["dimensions"]))
        table.setdefault(row["kind"], []).append(
            Metric(
                kind=row["kind"],
                namespace=row["namespace"],
                dimensions=tuple((name, value) for name, _, value in pairs),
                name=row["metric"],
                statistic=row["statistic"],
                unit=row["unit"],
                period_s=int(row["period_s"]),
                dashboard=flag(row["dashboard"]),
                source=row["source"],
                checked=date.fromisoformat(row["checked"]),
                evidence=row["evidence"],
            )
        )
    return {kind: tuple(found) for kind, found in table.items()}


def metrics(kind: str) -> tuple[Metric, ...]:
    """Return the metrics of a kind of component (`sqs_queue`), the most telling first; none for an unknown one."""
    return _index().get(kind, ())


def metric(kind: str, name: str) -> Metric | None:
    """Return one metric of a kind, or None where no row knows it."""
    return next((found for found in metrics(kind) if found.name == name), None)
