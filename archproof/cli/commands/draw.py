"""Draw a system: one view, in the format of the output's name."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from archproof import files
from archproof.cli import comparing
from archproof.cli import options as shared
from archproof.errors import UsageError

if TYPE_CHECKING:
    from archproof.model.architecture import Architecture
    from archproof.renderers.scene import Drawing

COMMAND = "draw"
HELP = "draw a view as SVG, PNG, Mermaid, Graphviz or a diagrams script"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `draw`."""
    shared.add_file(parser)
    shared.add_today(parser)
    parser.add_argument(
        "--view",
        metavar="V",
        help="overview, zones, network, exposure, context, a flow, or one of the model's (overview)",
    )
    parser.add_argument("--path", metavar="A:B", help="the way from A to B, or what blocks it, as `path` answers it")
    parser.add_argument("-o", "--output", metavar="OUT", help="the file: its ending is the format (VIEW.svg)")
    themes = ("light", "dark", "auto")
    parser.add_argument("--theme", default="light", choices=themes, help="light, dark, or the reader's")
    parser.add_argument("--scale", type=float, default=2.0, help="pixels for each unit, for PNG (2)")
    parser.add_argument("--findings", action="store_true", help="mark components with their findings")
    comparing.add(parser, None)
    parser.add_argument(
        "--quality", action="store_true", help="print what the gate measures (of all views without --view)"
    )


def run(options: argparse.Namespace) -> int:
    """Draw one view, or measure pictures."""
    from archproof.renderers import formats, views

    if not 0.1 <= options.scale <= 10:
        raise UsageError(f"a scale lies between 0.1 and 10; found {options.scale:g}")
    if options.path and options.view:
        raise UsageError("a picture shows a view or a path: give --view or --path, not both")
    if options.live is not None and options.path:
        raise UsageError("--live paints on views; a path is proved of the model alone")
    if options.live is not None and options.quality:
        raise UsageError("--quality measures the model's own views: leave out --live")
    named = "path" if options.path else options.view or "overview"
    output = Path(options.output or f"{named}.svg")
    if options.output == "-":
        output = Path("-.svg")
    elif options.output and output.suffix.lstrip(".").lower() not in formats.extensions():
        raise UsageError(f"'{output.name}' has no ending of a picture: {', '.join(formats.extensions())}")
    architecture = shared.load(options)
    findings = []
    if options.findings:
        from archproof.validators.engine import check

        findings = check(architecture, shared.today(options)).findings
    if options.path:
        drawing = _path(architecture, options.path)
        if options.quality:
            status = _quality([drawing])
            if not options.output:
                return status
        return _write(drawing, output, options)
    if options.quality:
        names = [options.view] if options.view else views.names(architecture)
        status = _quality([views.build(n, architecture, findings) for n in names])
        if not options.output:
            return status
    drawing = views.build(options.view or "overview", architecture, findings)
    if options.live is not None:
        drawing = _painted(drawing, architecture, options)
    return _write(drawing, output, options)


def _painted(drawing: Drawing, architecture: Architecture, options: argparse.Namespace) -> Drawing:
    """The picture with what is really there painted on it."""
    from archproof.drift import system
    from archproof.renderers.views import _drift

    _, lock = comparing.lock(options)
    live = comparing.live(options, architecture)
    comparison = system.compare(
        architecture, live, today=shared.today(options), lock=lock, stack=options.stack, region=options.region
    )
    return _drift.painted(drawing, options.view or "overview", architecture, comparison, live, options.live)


def _path(architecture: Architecture, asked: str) -> Drawing:
    """The picture of a question: `A:B`, where an ARN or an IPv6 address may hold colons of its own."""
    from archproof.proofs.connection import Prover
    from archproof.renderers.views import _path
    from archproof.renderers.views._reach import proved

    held = Prover(proved(architecture)[1], architecture)
    refused: UsageError | None = None
    for position, sign in enumerate(asked):
        source, target = asked[:position], asked[position + 1 :]
        if sign == ":" and source and target:
            try:
                return _path.build(architecture, held.ask(source, target))
            except UsageError as error:
                refused = refused or error
    raise refused or UsageError(f"'{asked[:60]}' is no path: two names with a colon between, as in internet:db")


def _write(drawing: Drawing, output: Path, options: argparse.Namespace) -> int:
    from archproof.renderers import formats
    from archproof.renderers.options import Options

    data = formats.write(drawing, output.suffix.lower(), Options(theme=options.theme, scale=options.scale))
    if options.output == "-":
        sys.stdout.buffer.write(data)
        return 0
    files.write(output, data)
    shared.note(f"wrote {output}")
    return 0


def _quality(drawings: list[object]) -> int:
    """Print the gate's report of every picture; 1 where one fails."""
    from archproof.renderers.layout import layout_many
    from archproof.renderers.quality import measure
    from archproof.renderers.scene import Scene, SequenceScene
    from archproof.renderers.sequence import layout_sequence, measure_sequence

    scenes = [d for d in drawings if isinstance(d, Scene)]
    measured = {s.id: measure(placed) for s, placed in zip(scenes, layout_many(scenes), strict=True)}
    measured |= {d.id: measure_sequence(layout_sequence(d)) for d in drawings if isinstance(d, SequenceScene)}
    for name, quality in measured.items():
        print(f"{name}\n{quality.report()}\n")
    failed = not all(quality.passed for quality in measured.values())
    return 1 if failed else 0
