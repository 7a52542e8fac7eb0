"""Check a system: every rule, every guarantee. Exit status 1 where a finding reaches the threshold."""

from __future__ import annotations

import argparse

from archproof.cli import engines
from archproof.cli import options as shared

COMMAND = "check"
HELP = "check every rule and guarantee"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `check`."""
    from archproof.validators import formats

    shared.add_file(parser)
    shared.add_today(parser)
    names = formats.formats()
    parser.add_argument("--format", default="text", choices=names, metavar="FORMAT", help=", ".join(names) + " (text)")
    parser.add_argument(
        "--fail-on", default="high", choices=("info", "low", "medium", "high", "critical", "never"), metavar="LEVEL",
        help="the severity from which findings fail: info, low, medium, high, critical or never (high)",
    )  # fmt: skip
    parser.add_argument("--only", action="append", default=[], metavar="RULE", help="only this rule; may be repeated")
    parser.add_argument("--skip", action="append", default=[], metavar="RULE", help="not this rule; may be repeated")
    parser.add_argument("--strict", action="store_true", help="exit with 3 where something is unknown")
    engines.add_engines(parser)
    parser.add_argument("-o", "--output", metavar="OUT", help="a file for the report; standard output when left out")


def run(options: argparse.Namespace) -> int:
    """Check the model and print the report."""
    from archproof.validators import formats
    from archproof.validators.engine import check

    only, skip = _split(options.only), _split(options.skip)
    report = check(shared.load(options), shared.today(options), only, skip, engines=engines.engines(options))
    terminal = shared.colour() and not options.output
    text = formats.render(report, options.format, colour=terminal, excerpts=terminal)
    shared.emit(text, options.output)
    failing = options.fail_on != "never" and report.at_or_above(options.fail_on)
    if failing or (report.refuted and options.fail_on != "never"):
        return 1
    return 3 if options.strict and report.unknown else 0


def _split(rules: list[str]) -> list[str]:
    """Rules may be given one a time or with commas between them."""
    return [rule.strip() for given in rules for rule in given.split(",") if rule.strip()]
