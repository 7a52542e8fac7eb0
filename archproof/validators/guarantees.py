"""The guarantees of a model, each proved or refuted by searching every path that it speaks of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from archproof.errors import Location, Unknown, UsageError
from archproof.validators.context import listed
from archproof.validators.findings import GuaranteeResult

if TYPE_CHECKING:
    from archproof.model.architecture import Architecture
    from archproof.model.sections import Endpoints, Guarantee
    from archproof.network.answers import Answer
    from archproof.network.ends import Party
    from archproof.network.system import Network
    from archproof.resources.resource import Resources

_OUTSIDE = ("person", "external_system")


def judge(architecture: Architecture, resources: Resources) -> tuple[list[GuaranteeResult], list[Unknown]]:
    """Return the verdict of every guarantee, with a witness or every blocker, and what stayed unknown."""
    if not architecture.guarantees:
        return [], []
    from archproof.network.system import network

    held = network(resources, tuple(architecture.of_kind(*_OUTSIDE)))
    results: list[GuaranteeResult] = []
    unknown: list[Unknown] = []
    for position, guarantee in enumerate(architecture.guarantees):
        place = architecture.document.locate(("guarantees", position))
        result, why = prove(held, guarantee, place)
        results.append(result)
        if result.verdict == "unknown":
            unknown.append(Unknown(f"guarantee '{result.text}'", why, place))
    return results, unknown


def prove(network: Network, guarantee: Guarantee, place: Location) -> tuple[GuaranteeResult, str]:
    """Prove or refute one guarantee; with the reason where that is not known."""
    result = GuaranteeResult(sentence(guarantee), "proved", location=place)
    try:
        answers = list(_answers(network, guarantee))
    except UsageError as error:
        result.verdict = "unknown"
        return result, str(error)
    wanted = "reachable" if guarantee.always is not None else "blocked"
    bad = "blocked" if wanted == "reachable" else "reachable"
    broken = next((a for a in answers if a.verdict == bad or _in_part(a, wanted)), None)
    open_ = next((a for a in answers if a.verdict == "unknown"), None)
    shown = broken or open_ or next(iter(answers), None)
    if shown is not None:
        report = shown.as_dict()
        result.witness = report["hops"] if shown.verdict == "reachable" else []
        result.blockers = report["blockers"] if shown.verdict != "reachable" else []
    if broken is not None:
        result.verdict = "refuted"
        return result, ""
    if open_ is not None:
        result.verdict = "unknown"
        return result, f"{open_.source} to {open_.target}: {_doubt(open_)}"
    return result, ""


def _in_part(answer: Answer, wanted: str) -> bool:
    """Whether something that must always work does so only from some interfaces, or for some answers."""
    return wanted == "reachable" and answer.verdict == "reachable" and bool(answer.notes)


def _doubt(answer: Answer) -> str:
    """What leaves an answer open, in a few words."""
    return "; ".join(dict.fromkeys(step.because for step in answer.blockers)) or "it is known only after deployment"


def _answers(network: Network, guarantee: Guarantee) -> Iterator[Answer]:
    """The answers to every question that a guarantee asks."""
    ends = guarantee.never or guarantee.always or guarantee.only
    assert ends is not None
    for target_name in ends.to:
        if guarantee.only is not None:
            target = network.naming.party(target_name)
            allowed = [network.naming.party(name) for name in ends.from_]
            for other in network.others(target, allowed):
                yield network.between(other, target, ends.port, ends.protocol)
            continue
        for source_name in ends.from_:
            source = network.naming.party(source_name)
            yield network.between(source, _met(network, target_name, source), ends.port, ends.protocol)


def _met(network: Network, name: str, source: Party) -> Party:
    return network.naming.party(name, source)


def sentence(guarantee: Guarantee) -> str:
    """A guarantee in words: `internet never reaches db`."""
    if guarantee.never is not None:
        verb = "reaches" if len(guarantee.never.from_) == 1 else "reach"
        return f"{listed(guarantee.never.from_)} never {verb} {_target(guarantee.never)}"
    if guarantee.only is not None:
        verb = "reaches" if len(guarantee.only.from_) == 1 else "reach"
        return f"only {listed(guarantee.only.from_)} {verb} {_target(guarantee.only)}"
    if guarantee.always is not None:
        verb = "reaches" if len(guarantee.always.from_) == 1 else "reach"
        return f"{listed(guarantee.always.from_)} always {verb} {_target(guarantee.always)}"
    return "nothing"


def _target(ends: Endpoints) -> str:
    port = f" on {ends.protocol} {ends.port}" if ends.port else ""
    return listed(ends.to) + port
