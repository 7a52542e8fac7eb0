"""What `path` does beside one question: prove promises that no file holds, and take out what no link needs."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from archproof.cli import options as shared
from archproof.errors import UsageError

if TYPE_CHECKING:
    from archproof.proofs.connection import Prover
    from archproof.validators.findings import GuaranteeResult
    from archproof.validators.tightening import Tightened

_WORDS = {
    "never": "prove that A never reaches B; exit with 1 where it does",
    "always": "prove that A always reaches B; exit with 1 where it does not",
    "only": "prove that only A reaches B; exit with 1 where something else does",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """`--never`, `--always`, `--only` and `--tighten`."""
    for word, text in _WORDS.items():
        parser.add_argument(f"--{word}", nargs=2, action="append", default=[], metavar=("A", "B"), help=text)
    text = "a patch of the model: security-group rules and IAM actions that no link or guarantee needs"
    parser.add_argument("--tighten", action="store_true", help=text)
    shared.add_today(parser)


def begun(options: argparse.Namespace) -> Literal["ask", "prove", "tighten"]:
    """Which of the three is asked for. Raises UsageError where it is none, or more than one."""
    asked = [bool(options.source or options.target), bool(promised(options)), options.tighten]
    if sum(asked) != 1 or (asked[0] and not (options.source and options.target)):
        raise UsageError("path wants --from A and --to B, or --never, --always or --only A B, or --tighten")
    return "ask" if asked[0] else "prove" if asked[1] else "tighten"


def promised(options: argparse.Namespace) -> list[tuple[str, str, str]]:
    """What is to be proved: a word, who, and whom."""
    return [(word, *pair) for word in _WORDS for pair in getattr(options, word)]


def prove(options: argparse.Namespace, prover: Prover) -> int:
    """Prove guarantees that no file holds: 1 where one is refuted."""
    from archproof.errors import Location
    from archproof.model.sections import Guarantee
    from archproof.network import telling
    from archproof.validators.guarantees import prove as proved

    results: list[GuaranteeResult] = []
    lines: list[str] = []
    for word, source, target in promised(options):
        for name in (source, target):
            prover.network.naming.party(name)  # a name that nothing has is an error of the call
        ends = {"from": source, "to": target, "protocol": options.protocol}
        if options.port is not None:
            ends["port"] = options.port
        result, why = proved(prover.network, Guarantee.model_validate({word: ends}), Location("--" + word))
        results.append(result)
        lines.append(f"{result.verdict}: {result.text}")
        lead, steps = telling.guarantee(result.text, result.verdict, result.witness, result.blockers)
        lines += [f"  {lead or why}"] if lead or why else []
        lines += [f"  {n}. {telling.said(step)}{_placed(step.get('location'))}" for n, step in enumerate(steps, 1)]
    if options.format == "json":
        told = [{"text": r.text, "verdict": r.verdict, "witness": r.witness, "blockers": r.blockers} for r in results]
        shared.emit(as_json({"guarantees": told}), options.output)
    else:
        shared.emit("\n".join(lines) + "\n", options.output)
    if any(r.verdict == "refuted" for r in results):
        return 1
    return 3 if options.strict and any(r.verdict == "unknown" for r in results) else 0


def _placed(place: Mapping[str, object] | None) -> str:
    return f"   {place['file']}:{place['line']}" if place else ""


def tighten(options: argparse.Namespace) -> int:
    """Print the patch that takes out what no link or guarantee needs, and name each part of it."""
    from archproof.validators.tightening import tighten_file

    architecture = shared.load(options)
    if architecture.given is not None:
        raise UsageError("--tighten wants a model: `archproof import` makes one of any source")
    found = tighten_file(architecture.document.file, options.env, shared.today(options))
    if options.format == "json":
        changes = [{"what": c.told, "removed": not c.entries, "instead": list(c.entries)} for c in found.changes]
        proved = {"links": found.links, "guarantees": found.guarantees}
        text = as_json({"changes": changes, "patch": found.patch(), "proved": proved})
    elif not architecture.document.value.get("links"):
        text = "# the model has no section `links`: nothing says what is needed, so nothing is taken out\n"
    else:
        lines = [*(c.sentence for c in found.changes), _settled(found)]
        text = "".join(f"# {line}\n" for line in lines) + found.patch()
    shared.emit(text, options.output)
    return 0


def _settled(found: Tightened) -> str:
    """What the model that is left was proved to hold."""
    links = f"{found.links} link{'' if found.links == 1 else 's'}"
    also = f" and {found.guarantees} guarantee{'' if found.guarantees == 1 else 's'}" if found.guarantees else ""
    if not found.changes:
        return f"nothing to take out: no narrower rule or statement keeps {links}{also} alive"
    return f"proved again without it: {links}{also}, and no finding is new"


def as_json(answer: object) -> str:
    """An answer as JSON."""
    return json.dumps(answer, indent=2, ensure_ascii=False) + "\n"
