"""The main job: check, draw every view and write the documents into a folder, with an index of them all."""

from __future__ import annotations

import argparse
from pathlib import Path

from archproof import files
from archproof.cli import engines
from archproof.cli import options as shared

COMMAND = "build"
HELP = "check, draw and explain everything into build/"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `build`."""
    shared.add_file(parser)
    shared.add_today(parser)
    parser.add_argument("-o", "--output", default="build", metavar="DIR", help="the folder to write into (build)")
    levels = ("info", "low", "medium", "high", "critical", "never")
    parser.add_argument(
        "--fail-on", default="high", choices=levels, metavar="LEVEL",
        help="the severity from which findings fail: info, low, medium, high, critical or never (high)",
    )  # fmt: skip
    engines.add_engines(parser)


def run(options: argparse.Namespace) -> int:
    """Build everything; the files are there before a finding makes the build fail."""
    from archproof.renderers.publishing import files as published
    from archproof.renderers.publishing import publish

    publication = publish(shared.load(options), shared.today(options), engines=engines.engines(options))
    folder = Path(options.output)
    made = published(publication)
    for name, data in made.items():
        files.write(folder / name, data)
    report = publication.report
    counts = report.summary["findings"]
    told = ", ".join(f"{count} {severity}" for severity, count in counts.items() if count) or "none"
    waived = f", {report.summary['waived']} accepted" if report.summary["waived"] else ""
    shared.note(f"findings: {told}{waived}")
    shared.note(f"{len(publication.placed)} pictures, {len(made)} files")
    print(folder / "index.html")
    failing = options.fail_on != "never" and report.at_or_above(options.fail_on)
    return 1 if failing or (report.refuted and options.fail_on != "never") else 0
