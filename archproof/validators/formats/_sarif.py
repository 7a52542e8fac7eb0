"""What every SARIF log of ours is made of: results with a place and a fingerprint, and the run around them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from archproof.errors import Location

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def log(rules: list[dict[str, Any]], results: list[dict[str, Any]], told: Iterable[Mapping[str, Any]] = ()) -> str:
    """One run of archproof as a file. `told`: notifications of the run, which no place in a file shows."""
    from archproof import __version__

    driver = {"name": "archproof", "version": __version__, "rules": rules}
    run: dict[str, Any] = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    notifications = list(told)
    if notifications:
        run["invocations"] = [{"executionSuccessful": True, "toolExecutionNotifications": notifications}]
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False) + "\n"


def result(
    rule: str, number: int, level: str, text: str, place: Location, name: str, accepted: str | None = None
) -> dict[str, Any]:
    """A result. `number`: the rule's place among the rules; `name`: what tells it from all others, run after run;
    `accepted`: the reason of what suppresses it."""
    region = {"startLine": place.line, "startColumn": place.column, "endLine": place.end_line,
              "endColumn": place.end_column}  # fmt: skip
    found: dict[str, Any] = {
        "ruleId": rule,
        "ruleIndex": number,
        "level": level,
        "message": {"text": text},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": quote(place.file)}, "region": region}}],
        "partialFingerprints": {"archproof/v1": hashlib.sha256(name.encode()).hexdigest()[:32]},
    }
    if accepted:
        found["suppressions"] = [{"kind": "inSource", "justification": accepted}]
    return found
