"""Is there a path from one thing to another: the witness hop by hop, or everything that would have to change."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

from archproof.cli import options as shared

if TYPE_CHECKING:
    from archproof.errors import Location
    from archproof.network.answers import Answer
    from archproof.network.trace import Step

COMMAND = "path"
HELP = "say whether one thing reaches another, and why"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `path`."""
    shared.add_file(parser)
    names = "a component, logical id, ARN, address, CIDR, security group, subnet, service of AWS, or internet"
    parser.add_argument("--from", dest="source", required=True, metavar="A", help=f"where it begins: {names}")
    parser.add_argument("--to", dest="target", required=True, metavar="B", help="where it arrives, in the same words")
    parser.add_argument("--port", type=_port, metavar="N", help="one port; any when left out")
    parser.add_argument("--protocol", default="tcp", choices=("tcp", "udp", "icmp"), help="tcp, udp or icmp (tcp)")
    parser.add_argument("--format", default="text", choices=("text", "json"), help="text or json (text)")
    parser.add_argument("--strict", action="store_true", help="exit with 3 where the answer is unknown")
    parser.add_argument("-o", "--output", metavar="OUT", help="a file for the answer; standard output when left out")


def _port(text: str) -> int:
    from archproof.resources.network_types import LAST_PORT

    if not text.isdigit() or not 0 < int(text) <= LAST_PORT:
        raise argparse.ArgumentTypeError(f"'{text[:20]}' is not a port: a number from 1 to {LAST_PORT}")
    return int(text)


def run(options: argparse.Namespace) -> int:
    """Answer the question."""
    from archproof.network.system import network
    from archproof.resources.evaluation import evaluate
    from archproof.resources.lowering import lower

    architecture = shared.load(options)
    resources = lower(architecture)
    if resources.format:
        resources = evaluate(resources)
    outside = tuple(architecture.of_kind("person", "external_system"))
    answer = network(resources, outside).ask(options.source, options.target, options.port, options.protocol)
    if options.format == "json":
        text = json.dumps(answer.as_dict(), indent=2, ensure_ascii=False) + "\n"
    else:
        text = told(answer)
    shared.emit(text, options.output)
    return 3 if options.strict and answer.verdict == "unknown" else 0


def told(answer: Answer) -> str:
    """The answer in words."""
    from archproof.network.ports import told as ports

    about = f"{answer.source} → {answer.target}, {answer.protocol}"
    if answer.verdict == "reachable":
        lines = [f"{about}: reachable on {ports(answer.ports)}", ""]
    elif answer.verdict == "unknown":
        maybe = f" on {ports(answer.ports)}" if answer.ports else ""
        lines = [f"{about}: unknown, perhaps{maybe}", ""]
    else:
        lines = [f"{about}: blocked", ""]
    if answer.verdict == "blocked":
        count = len(answer.blockers)
        lines.append("What blocks it:" if count == 1 else f"{count} things block it; all of them would have to change:")
        for number, step in enumerate(answer.blockers, 1):
            lines += [f"  {number}. {step.because}", f"     {step.code}{_at(step.location)}"]
    else:
        if answer.verdict == "unknown":
            lines.append("What leaves it open:")
            lines += [f"  - {step.because}{_at(step.location)}" for step in answer.blockers]
            lines.append("")
        lines += _hops(answer.hops)
        lines += ["", f"  The way back: {_BACK[answer.back]}"]
        lines += [f"    - {step.because}{_at(step.location)}" for step in answer.back_blockers or answer.back_hops]
    lines += [f"  Note: {note}" for note in answer.notes]
    return "\n".join(lines) + "\n"


_BACK = {
    "all": "answers get through",
    "some": "answers get through on some of the ports that clients use",
    "none": "no answer gets through",
    "unknown": "whether answers get through is not known",
}


def _hops(steps: list[Step]) -> list[str]:
    """The way, one line a hop."""
    last = len(steps) - 1
    found = []
    for position, step in enumerate(steps):
        mark = "●" if position in (0, last) else "│"
        text = f"{step.title}: {step.because}" if position in (0, last) or step.kind in _NAMED else step.because
        found.append(f"  {mark} {text}{_at(step.location)}")
    return found


_NAMED = ("internet_gateway", "nat_gateway", "load_balancer", "vpc_endpoint", "peering", "target")


def _at(place: Location | None) -> str:
    return f"   {place.file}:{place.line}" if place is not None else ""
