"""Compare a system with what is really there: an account, a snapshot of one, or any other description of it.

Exit status: 0 as declared; 1 something declared is otherwise or missing; 3 something could not be told (with --strict).
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from archproof.cli import comparing
from archproof.cli import options as shared
from archproof.errors import UsageError

if TYPE_CHECKING:
    from archproof.drift.differences import Comparison, Difference
    from archproof.drift.ignores import Rule
    from archproof.drift.lock import Lock
    from archproof.model.architecture import Architecture
    from archproof.sources.live import Live

COMMAND = "drift"
HELP = "compare the model with what is really there"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `drift`."""
    from archproof.drift import formats
    from archproof.drift.differences import THRESHOLDS

    shared.add_file(parser)
    shared.add_today(parser)
    comparing.add(parser, "aws")
    names = formats.formats()
    parser.add_argument("--format", default="text", choices=names, metavar="FORMAT", help=", ".join(names) + " (text)")
    parser.add_argument(
        "--fail-on", default="declared", choices=THRESHOLDS, metavar="TIER",
        help=f"from what on it fails: {', '.join(THRESHOLDS)} (declared)",
    )  # fmt: skip
    parser.add_argument("--strict", action="store_true", help="exit with 3 where something could not be told")
    parser.add_argument(
        "--ignore", action="append", default=[], metavar="RULE",
        help="a resource, a component or a type, and after ':' a property; may be repeated",
    )  # fmt: skip
    parser.add_argument("--write-lock", action="store_true", help="write what was bound to the lock")
    parser.add_argument("--print-policy", action="store_true", help="print the least IAM policy that reading needs")
    parser.add_argument(
        "--against", metavar="CODE",
        help="the code beside the model: a template, a plan, a state; tells who of the three says what",
    )  # fmt: skip
    parser.add_argument(
        "--accept", action="store_true",
        help="write the live values of what is declared otherwise into the model, and print the difference",
    )  # fmt: skip
    parser.add_argument("--dry-run", action="store_true", help="with --accept: print, and write nothing")
    parser.add_argument(
        "--only", action="append", default=[], metavar="RULE",
        help="with --accept: only this resource, component or type, and after ':' property; may be repeated",
    )  # fmt: skip
    parser.add_argument("-o", "--output", metavar="OUT", help="a file for the report; standard output when left out")


def run(options: argparse.Namespace) -> int:
    """Compare, and print the report."""
    from archproof.drift import formats, ignores, system
    from archproof.drift import lock as locks

    if (options.dry_run or options.only) and not options.accept:
        raise UsageError(f"{'--dry-run' if options.dry_run else '--only'} is for --accept")
    if options.accept and options.against is not None:
        raise UsageError("--against tells who says what, and --accept writes what is live: one at a time")
    architecture = shared.load(options)
    if options.accept and architecture.given is not None:
        raise UsageError("--accept wants a model: `archproof import` makes one of any source")
    code = _code(options)
    if options.print_policy:
        return _policy(options, architecture, *code)
    rules = [ignores.parse(text) for text in options.ignore]
    path, lock = comparing.lock(options, writing=options.write_lock)
    live = comparing.live(options, architecture, *code)
    comparison = system.compare(
        architecture, live, today=shared.today(options), lock=lock, stack=options.stack, region=options.region,
        ignore=rules,
    )  # fmt: skip
    if options.against is not None:
        return _against(options, architecture, code[0], comparison, live)
    if options.accept:
        comparison = _accept(options, architecture, comparison, live, lock)
        return _status(options, comparison)
    terminal = shared.colour() and not options.output
    title = architecture.system.title or architecture.system.name
    text = formats.render(comparison, options.format, title=title, live=options.live, colour=terminal)
    shared.emit(text, options.output)
    if options.write_lock:
        held = system.locked(comparison, live, lock, architecture)
        locks.write(path, held)
        shared.note(f"wrote {path}: {len(held)} binding{'' if len(held) == 1 else 's'}")
    return _status(options, comparison)


def _status(options: argparse.Namespace, comparison: Comparison) -> int:
    if comparison.fails(options.fail_on):
        return 1
    return 3 if options.strict and comparison.uncertain else 0


def _code(options: argparse.Namespace) -> list[Architecture]:
    """What `--against` names, read."""
    from archproof.drift import three_ways
    from archproof.sources.reading import load

    if options.against is None:
        return []
    three_ways.check(options.format)
    return [load(options.against, shared.request(options))]


def _against(
    options: argparse.Namespace, architecture: Architecture, code: Architecture, comparison: Comparison, live: Live
) -> int:
    """Compare the model, the code and what is live, and print who says what."""
    from archproof.drift import living, system, three_ways
    from archproof.resources.lowering import lower

    region = options.region or system.region_of(architecture)
    day = shared.today(options)
    described = living.of_resources(lower(code), region)
    with_code = system.compare(architecture, described, today=day, region=region)
    code_with_live = system.compare(code, live, today=day, stack=options.stack, region=region)
    three = three_ways.join(comparison, with_code, code_with_live)
    title = architecture.system.title or architecture.system.name
    terminal = shared.colour() and not options.output
    text = three_ways.render(
        three, options.format, title=title, code=options.against, live=options.live, colour=terminal
    )
    shared.emit(text, options.output)
    if three.fails(options.fail_on):
        return 1
    return 3 if options.strict and three.uncertain else 0


def _accept(
    options: argparse.Namespace, architecture: Architecture, comparison: Comparison, live: Live, lock: Lock
) -> Comparison:
    """Write what is live into the model, print what changes and what cannot, and return what still differs."""
    from pathlib import Path

    from archproof import files
    from archproof.drift import accepting, ignores, system

    only = [ignores.parse(text, "--only") for text in options.only]
    rules = [ignores.parse(text) for text in options.ignore]
    tiers = ("declared", "undeclared") if any(rule.property for rule in only) else ("declared",)
    open_ = [d for d in comparison.differences if d.tier in tiers and d.ignored is None]
    wanted = [d for d in open_ if not only or any(_named(rule, d) for rule in only)]

    def again(changed: Architecture) -> Comparison:
        return system.compare(
            changed, live, today=shared.today(options), lock=lock, stack=options.stack, region=options.region,
            ignore=rules,
        )  # fmt: skip

    found = accepting.accept(architecture, comparison, wanted, again, live.resources)
    lines = [f"# accepted: {one.sentence}" for one in found.accepted]
    lines += [f"# not accepted: {what}; {why}" for what, why in found.refused]
    for whole in comparison.missing if not only else ():
        if whole.ignored is None:
            lines.append(f"# not accepted: {whole.resource} is missing; deploy it, or take it out of the model")
    lines += [] if lines else ["# nothing to accept"]
    shared.emit("".join(f"{line}\n" for line in lines) + found.patch(), options.output)
    if not options.dry_run:
        for file, text in found.after.items():
            if text != found.before[file]:
                files.write(Path(file), text)
                shared.note(f"wrote {file}")
    return comparison if options.dry_run else found.left or comparison


def _named(rule: Rule, difference: Difference) -> bool:
    """Whether `--only` names a difference; what nothing declares only where its property is named."""
    from archproof.drift import ignores

    return ignores.fits(rule, difference) and (difference.tier == "declared" or rule.property is not None)


def _policy(options: argparse.Namespace, *architectures: Architecture) -> int:
    """Print the least policy that reading for this comparison needs."""
    from archproof.sources.aws import policy

    shared.emit("\n".join(policy.texts(comparing.scope(options, *architectures))) + "\n", options.output)
    return 0
