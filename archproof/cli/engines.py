"""Options about policy engines, which `check` and `build` share."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archproof.validators.engines.request import Options


def add_engines(parser: argparse.ArgumentParser) -> None:
    """Rules of the user's own, an option for each engine that only runs when asked for, and the cache."""
    from archproof.validators.engines import running

    parser.add_argument(
        "--rules", action="append", default=[], metavar="PATH",
        help="a file of rules of your own (Guard, CEL, Rego, checkov, Python), or a folder of them; may be repeated",
    )  # fmt: skip
    for name in running.optional():
        parser.add_argument(
            f"--{name}", action="append_const", dest="engines", const=name, default=[], help=f"run {name} too"
        )
        parser.add_argument(f"--{name}-path", metavar="PROGRAM", help=f"the {name} to run, where not the one found")
    parser.add_argument(
        "--engine", action="append", dest="engines", default=[], metavar="ENGINE",
        help=f"run this engine however long it takes: {', '.join(running.names())}; may be repeated",
    )  # fmt: skip
    parser.add_argument(
        "--allow-code", action="store_true", help="run rules in Python that the model names, and not only --rules"
    )
    parser.add_argument("--no-cache", action="store_true", help="neither read nor keep results of engines")


def engines(options: argparse.Namespace) -> Options:
    """What the options say about engines."""
    from archproof.validators.engines import running
    from archproof.validators.engines.request import Options

    paths = {name: getattr(options, f"{name.replace('-', '_')}_path") for name in running.optional()}
    programs = {name: path for name, path in paths.items() if path}
    return Options(
        tuple(dict.fromkeys(options.engines)), tuple(options.rules), cache=not options.no_cache,
        programs=programs, allow_code=options.allow_code,
    )  # fmt: skip
