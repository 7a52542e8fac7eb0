"""List the rules, show one with its reason, remedy and examples, or test rules of one's own."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from archproof.cli import engines
from archproof.errors import UsageError

if TYPE_CHECKING:
    from archproof.model.architecture import Architecture

COMMAND = "rules"
HELP = "list the rules, show one, or test rules of your own"
_USAGE = "say `archproof rules list`, `archproof rules show RULE` or `archproof rules test DIR`"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `rules`."""
    parser.add_argument("action", nargs="?", default="list", metavar="list|show|test", help="what to do (list)")
    parser.add_argument(
        "rule", nargs="?", metavar="RULE|DIR", help="for show: the rule's id; for test: a folder of rules, or one file"
    )
    parser.add_argument("--model", metavar="FILE", help="a model whose own rules are listed and shown too")
    parser.add_argument("--format", default="text", choices=("text", "json"), help="text or json (text)")
    engines.add_engines(parser)


def run(options: argparse.Namespace) -> int:
    """Print the rules, or test some."""
    from archproof.validators import catalogue
    from archproof.validators.engines.listing import described, listed

    if options.action == "list" and not options.rule:
        more = listed(engines.engines(options), _model(options))
        sys.stdout.write(catalogue.list_rules(options.format, more.values()))
    elif options.action == "show" and options.rule:
        found = described(options.rule, engines.engines(options), _model(options))
        sys.stdout.write(catalogue.show(options.rule, options.format, found))
    elif options.action == "test" and options.rule:
        return _test(options)
    else:
        raise UsageError(_USAGE)
    return 0


def _model(options: argparse.Namespace) -> Architecture | None:
    if not options.model:
        return None
    from archproof.model.architecture import load

    return load(options.model)


def _test(options: argparse.Namespace) -> int:
    """Run rules against their examples; 1 where an example does not do what it says."""
    from archproof.validators.house import testing

    tested = testing.test(options.rule, engines.engines(options))
    sys.stdout.write(testing.render(tested, options.format))
    return 0 if all(one.passed for one in tested) else 1
