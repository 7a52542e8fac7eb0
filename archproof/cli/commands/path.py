"""Is there a path from one thing to another: the witness hop by hop, or everything that would have to change."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from archproof.cli import options as shared
from archproof.cli import promises
from archproof.errors import UsageError

if TYPE_CHECKING:
    from archproof.errors import Location
    from archproof.model.architecture import Architecture
    from archproof.network.answers import Answer
    from archproof.network.trace import Step
    from archproof.proofs.connection import Proof
    from archproof.proofs.permission import Permission

COMMAND = "path"
HELP = "say whether one thing reaches another and may use it, and why"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `path`."""
    shared.add_file(parser)
    names = "a component, logical id, ARN, address, CIDR, security group, subnet, service of AWS, or internet"
    parser.add_argument("--from", dest="source", metavar="A", help=f"where it begins: {names}")
    parser.add_argument("--to", dest="target", metavar="B", help="where it arrives, in the same words")
    promises.arguments(parser)
    parser.add_argument("--port", type=_port, metavar="N", help="one port; any when left out")
    parser.add_argument("--protocol", default="tcp", choices=("tcp", "udp", "icmp"), help="tcp, udp or icmp (tcp)")
    action = "an action of IAM, such as sqs:SendMessage; what the link between them needs when left out"
    parser.add_argument("--action", action="append", default=[], type=_action, metavar="ACTION", help=action)
    parser.add_argument("--format", choices=("text", "json"), help="text or json (text; json for a file called so)")
    parser.add_argument("--strict", action="store_true", help="exit with 3 where the answer is unknown")
    output = "a file for the answer, a picture where its ending is one; standard output when left out"
    parser.add_argument("-o", "--output", metavar="OUT", help=output)


def _port(text: str) -> int:
    from archproof.resources.network_types import LAST_PORT

    if not (text.isascii() and text.isdigit()) or not 0 < int(text) <= LAST_PORT:
        raise argparse.ArgumentTypeError(f"'{text[:20]}' is not a port: a number from 1 to {LAST_PORT}")
    return int(text)


def _action(text: str) -> str:
    service, colon, name = text.partition(":")
    if not (service and colon and name) or "*" in text:
        raise argparse.ArgumentTypeError(f"'{text[:60]}' is not an action: a service and a name, as in sqs:SendMessage")
    return text


def run(options: argparse.Namespace) -> int:
    """Answer the question."""
    if promises.begun(options) == "tighten":
        return promises.tighten(options)
    from archproof.proofs.connection import Prover
    from archproof.resources.evaluation import evaluate
    from archproof.resources.lowering import lower

    architecture = shared.load(options)
    resources = lower(architecture)
    if resources.format:
        resources = evaluate(resources)
    if options.port is not None and options.protocol == "icmp":
        raise UsageError("icmp has no ports: leave --port out, or ask for tcp or udp")
    prover = Prover(resources, architecture)
    if promises.begun(options) == "prove":
        return promises.prove(options, prover)
    proof = prover.ask(options.source, options.target, options.port, options.protocol, options.action)
    ending = Path(options.output or "").suffix.lower()
    if ending and ending not in _TEXTS and options.format is None:
        _draw(architecture, proof, Path(options.output))
    else:
        as_json = (options.format or ending.lstrip(".")) == "json"
        shared.emit(_as_json(proof.as_dict()) if as_json else told(proof), options.output)
    return 3 if options.strict and proof.verdict == "unknown" else 0


def _draw(architecture: Architecture, proof: Proof, output: Path) -> None:
    """Write the answer as a picture, in the format that the ending says."""
    from archproof import files
    from archproof.renderers import formats
    from archproof.renderers.options import Options
    from archproof.renderers.views import _path

    files.write(output, formats.write(_path.build(architecture, proof), output.suffix.lower(), Options()))
    shared.note(f"wrote {output}")


_TEXTS = (".txt", ".json", ".md", ".log")
"""Endings of outputs that are no pictures, as all others are."""


def _as_json(answer: object) -> str:
    return json.dumps(answer, indent=2, ensure_ascii=False) + "\n"


def told(proof: Proof) -> str:
    """The answer in words."""
    lines = _network(proof)
    if not proof.permissions:
        return "\n".join(lines) + "\n"
    if proof.verdict != proof.answer.verdict:
        why = "it is not permitted" if proof.verdict == "blocked" else "whether it is permitted is not sure"
        lines[0] = f"{_about(proof)}: {proof.verdict}; the network lets it through, but {why}"
    said = [p.verdict for p in proof.needed]
    title = "denied" if "denied" in said else "not sure" if set(said) - {"allowed"} else "permitted"
    lines += ["", f"  Permission: {title}"]
    for permission in proof.permissions:
        lines += _permission(permission)
    return "\n".join(lines) + "\n"


def _about(proof: Proof) -> str:
    return f"{proof.answer.source} → {proof.answer.target}, {proof.answer.protocol}"


def _permission(permission: Permission) -> list[str]:
    """One action, what it comes to, and the statements that say so."""
    keys = f", by {' and '.join(permission.keys)}" if permission.keys else ""
    spare = " (it works without)" if permission.optional and permission.verdict != "allowed" else ""
    said = f"    {_MARKS[permission.verdict]} {permission.caller}: {permission.action} on {permission.on}"
    lines = [f"{said}: {permission.verdict}{keys}{spare}"]
    for reason in permission.reasons:
        code = f" [{reason.code}]" if reason.code else ""
        lines.append(f"        {reason.because}{code}{_at(reason.location)}")
    return lines


_MARKS = {"allowed": "✓", "denied": "✗", "conditional": "?", "unknown": "?"}


def _network(proof: Proof) -> list[str]:
    """What the network says."""
    from archproof.network.ports import told as ports
    from archproof.network.telling import inside, name, obstacles

    answer, about = proof.answer, _about(proof)
    if answer.verdict == "reachable":
        lines = [f"{about}: reachable" + (f" on {ports(answer.ports)}" if answer.ports else ""), ""]
    elif answer.verdict == "unknown":
        maybe = f" on {ports(answer.ports)}" if answer.ports else ""
        lines = [f"{about}: unknown, perhaps{maybe}", ""]
    else:
        lines = [f"{about}: blocked", ""]
    if answer.verdict == "blocked":
        count = len(answer.blockers)
        codes = [step.code for step in answer.blockers]
        whom = inside(answer.target)
        lines.append(f"{name(answer.source)} cannot reach {whom}: {obstacles(count, codes)}." if count else "")
        for number, step in enumerate(answer.blockers, 1):
            lines += [f"  {number}. {step.because}", f"     {step.code}{_at(step.location)}"]
        lines += _rest(answer)
    else:
        if answer.verdict == "unknown":
            lines.append("What leaves it open:")
            lines += [f"  - {step.because}{_at(step.location)}" for step in answer.blockers]
            lines.append("")
        lines += _hops(answer.hops)
        lines += ["", f"  The way back: {_BACK[answer.back]}"]
        lines += [f"    - {step.because}{_at(step.location)}" for step in answer.back_blockers or answer.back_hops]
    notes = [f"  Note: {note}" for note in answer.notes]
    return [*lines, *([""] if notes and answer.verdict == "blocked" else []), *notes]


_NEARLY = 2
"""With so few blockers, what else the way passes is told too: it is what a change would lay open."""


def _rest(answer: Answer) -> list[str]:
    """What is open already on a way that little stands in."""
    from archproof.network.telling import hop

    if not 0 < len(answer.blockers) <= _NEARLY:
        return []
    steps = [s for s in (*answer.hops[1:-1], *answer.back_hops) if s.passes.yes and s.kind not in _ENDS]
    held = {hop({"component": s.title, "kind": s.kind, "because": s.because}): s for s in steps}
    blocking = [step.because for step in answer.blockers]
    told = {text: s for text, s in held.items() if not any(b.startswith(s.because) for b in blocking)}
    lines = [f"    - {text}{_at(step.location)}" for text, step in told.items()]
    return ["", "  The rest of the way is open:", *lines] if lines else []


_ENDS = ("source", "target", "interface", "function")
_BACK = {
    "all": "answers get through",
    "some": "answers get through on some of the ports that clients use",
    "none": "no answer gets through",
    "unknown": "whether answers get through is not known",
}


def _hops(steps: list[Step]) -> list[str]:
    """The way, one line a hop."""
    from archproof.network.telling import hop

    last = len(steps) - 1
    found = []
    for position, step in enumerate(steps):
        mark = "●" if position in (0, last) else "│"
        text = hop({"component": step.title, "kind": step.kind, "because": step.because})
        found.append(f"  {mark} {text}{_at(step.location)}")
    return found


def _at(place: Location | None) -> str:
    return f"   {place.file}:{place.line}" if place is not None else ""
