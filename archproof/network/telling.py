"""An answer as a colleague tells it: the way hop by hop, or everything that stands in it; and what a guarantee shows.

Hops and blockers are read as the dictionaries of the JSON contract (`Answer.as_dict`), so that whoever holds a report
tells the same story as whoever holds the answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Hop = Mapping[str, Any]
_LED = {
    "nat_gateway": "the NAT gateway", "peering": "the peering connection", "vpc_endpoint": "the endpoint",
    "egress_only_gateway": "the egress-only gateway", "vpn": "the VPN", "load_balancer": "the load balancer",
    "transit_gateway": "the transit gateway",
}  # fmt: skip
"""Kinds of hops whose sentence begins with the name of what stands there."""
_NUMBERS = ("nothing", "one thing", "two things", "three things", "four things", "five things", "six things")


def hop(step: Hop) -> str:
    """One hop as a sentence without its end: `from users, on the internet`."""
    title, kind, because = str(step.get("component") or ""), step.get("kind"), str(step.get("because") or "")
    if kind in ("source", "target") and because.endswith("s on the internet"):
        to = "from" if kind == "source" else "to"
        return f"{to} the internet" if title == "internet" else f"{to} {title}, on the internet"
    if kind == "source":
        where = because.removeprefix("begins").strip()
        return f"from {title}, {where}" if where else f"from {title}"
    if kind == "target" and because.startswith("arrives"):
        where = because.removeprefix("arrives").strip()
        return f"to {title}, {where}" if where else f"to {title}"
    if kind == "target":
        return f"{title} {because}"
    if kind == "internet_gateway" and title not in because:
        return f"through the internet gateway: {because}"
    if kind in _LED and not because.startswith(("a ", "an ", "the ", "whether ")) and title not in because:
        return f"{_LED[kind]} {title} {because}"
    return because


def way(steps: Sequence[Hop]) -> list[str]:
    """A way from its beginning to its end, one sentence a hop."""
    return [hop(step) for step in steps]


_FOR_GOOD = ("NO_PATH", "CANNOT_ROUTE", "DISCONNECTED_VPCS", "UNKNOWN_DESTINATION", "UNSUPPORTED_COMPONENT")
"""Codes of what is no setting that could be changed."""


def obstacles(count: int, codes: Sequence[str] = ()) -> str:
    """How many things block a way, and what that means. `codes`: theirs."""
    number = _NUMBERS[count] if count < len(_NUMBERS) else f"{count} things"
    if count == 1 and any(code in _FOR_GOOD for code in codes):
        return "one thing stands in the way"
    if count == 1:
        return "only one thing stands in the way, and changing it alone would open it"
    return f"{number} stand in the way; each is enough, and only changing all of them would open it"


def name(party: str) -> str:
    """A party at the beginning of a sentence."""
    return "The internet" if party == "internet" else party


def inside(party: str) -> str:
    """A party within a sentence."""
    return "the internet" if party == "internet" else party


def guarantee(text: str, verdict: str, witness: Sequence[Hop], blockers: Sequence[Hop]) -> tuple[str, list[Hop]]:
    """What is to be said below a guarantee: a sentence that leads in, and the hops or blockers to tell.

    `text` is the guarantee in words (`internet never reaches db`).
    """
    kind = "only" if text.startswith("only ") else "always" if " always " in text else "never"
    if verdict == "unknown":
        return ("What leaves it open:", list(blockers)) if blockers else ("", [])
    if witness:
        first = str(witness[0].get("component") or "something")
        if verdict == "refuted":
            return {
                "only": f"{name(first)} gets there as well, and this is how:",
                "never": "It does get there, and this is how:",
                "always": "It gets there only in part; this is the way that works:",
            }[kind], list(witness)
        return "This is the way that it takes:", list(witness)
    if not blockers:
        return "", []
    said = obstacles(len(blockers), [str(b.get("code")) for b in blockers])
    if kind == "always":
        return f"It does not get there: {said}:", list(blockers)
    if kind == "only":
        return "Everyone else, the internet among them, was tried, and nobody gets there.", []
    return f"{said[0].upper()}{said[1:]}:", list(blockers)


def said(step: Hop) -> str:
    """A hop or a blocker as a sentence: a blocker has a code, and its reason says it all."""
    return str(step.get("because") or "") if "code" in step else hop(step)
