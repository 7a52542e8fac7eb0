"""List the rules, or show one with its reason, its remedy and its examples."""

from __future__ import annotations

import argparse
import sys

from archproof.errors import UsageError

COMMAND = "rules"
HELP = "list the rules, or show one"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `rules`."""
    parser.add_argument("action", nargs="?", default="list", metavar="list|show", help="what to do (list)")
    parser.add_argument("rule", nargs="?", metavar="RULE", help="for show: the rule's id")
    parser.add_argument("--format", default="text", choices=("text", "json"), help="text or json (text)")


def run(options: argparse.Namespace) -> int:
    """Print the rules."""
    from archproof.validators import catalogue

    if options.action == "list" and not options.rule:
        sys.stdout.write(catalogue.list_rules(options.format))
    elif options.action == "show" and options.rule:
        sys.stdout.write(catalogue.show(options.rule, options.format))
    else:
        raise UsageError("say `archproof rules list` or `archproof rules show RULE`")
    return 0
