"""What archproof makes of other people's templates, plans, states and describe output.

usage: python benchmarks/corpus.py DIR [--kind KIND] [--only TEXT] [--no-draw] [--import] [--checkov PATH] [--speed]

DIR holds `cloudformation/**`, `terraform-plan/**`, `terraform-state/**` and `describe-snapshots/*`. Every
input is loaded, checked and drawn in this process. Printed: how many load, every one that does not with
its reason, resources in beside resources accounted for, the share of Terraform resources that are mapped,
with `--import` the lines of imported YAML beside those of the source, with `--checkov` the round trip,
with `--speed` what 1,000 resources cost beside the peers.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import os
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import raw

TODAY = datetime.date(2026, 1, 1)
FILES = (".yaml", ".yml", ".json", ".template", ".tfstate")


@dataclass(frozen=True)
class Kind:
    """One kind of input: its folder, and how its resources are counted without archproof."""

    name: str
    count: Callable[[Path], raw.Raw]
    folders: bool = False
    terraform: bool = False


KINDS = (
    Kind("cloudformation", raw.template),
    Kind("terraform-plan", raw.plan, terraform=True),
    Kind("terraform-state", raw.state, terraform=True),
    Kind("describe-snapshots", raw.snapshot, folders=True),
)


@dataclass
class Outcome:
    """What became of one input."""

    name: str
    path: Path
    held: raw.Raw
    seconds: float = 0.0
    verdict: str = ""
    """`loads`, `error` (an error that names its place) or `crash`."""
    reason: str = ""
    failures: list[str] = field(default_factory=list)
    """What failed after loading: check, draw."""
    unaccounted: list[str] = field(default_factory=list)
    unmapped: list[str] = field(default_factory=list)
    findings: int = 0
    unknown: int = 0


def main() -> None:
    """Run what the command line asks for and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="a corpus")
    parser.add_argument("--kind", action="append", choices=[k.name for k in KINDS], help="only this kind of input")
    parser.add_argument("--only", default="", metavar="TEXT", help="only inputs with TEXT in their names")
    parser.add_argument("--no-draw", action="store_true", help="do not draw")
    parser.add_argument("--limit", type=int, default=60, metavar="SECONDS", help="the longest for one input (60)")
    parser.add_argument("--import", action="store_true", dest="imports", help="also import, and compare the lines")
    parser.add_argument("--checkov", metavar="PATH", help="the checkov for the round trip")
    parser.add_argument("--speed", action="store_true", help="also what 1,000 resources cost, beside the peers")
    parser.add_argument("--debug", action="store_true", help="the traceback of every crash")
    options = parser.parse_args()
    for kind in KINDS:
        if not options.kind or kind.name in options.kind:
            outcomes = [examine(kind, path, options) for path in inputs(options.folder, kind, options.only)]
            show(kind, outcomes)
            if options.imports and outcomes:
                import concise

                concise.show(kind.name, [(o.name, o.path) for o in outcomes if o.verdict == "loads"])
            if options.checkov and kind.name == "cloudformation":
                import round_trip

                round_trip.show(options.checkov, [(o.name, o.path) for o in outcomes if o.verdict == "loads"])
    if options.speed:
        import speed

        speed.show(options.checkov)


def inputs(corpus: Path, kind: Kind, only: str) -> list[Path]:
    """The inputs of a kind: its files, or the folders right under it."""
    folder = corpus / kind.name
    if kind.folders:
        found = [p for p in sorted(folder.glob("*")) if p.is_dir()]
    else:
        found = [p for p in sorted(folder.rglob("*")) if p.is_file() and p.suffix.lower() in FILES]
    return [p for p in found if only in str(p)]


def examine(kind: Kind, path: Path, options: argparse.Namespace) -> Outcome:
    """Load, account, check and draw one input."""
    from archproof.errors import ArchproofError

    outcome = Outcome(str(path.relative_to(options.folder / kind.name)), path, kind.count(path))
    start = time.perf_counter()
    try:
        with limited(options.limit):
            architecture = load(path)
    except ArchproofError as error:
        outcome.verdict, outcome.reason = "error", str(error)
        return outcome
    except Exception as error:
        outcome.verdict, outcome.reason = "crash", crash(error, options.debug)
        return outcome
    outcome.verdict = "loads"
    account(kind, outcome, architecture.given)
    stages: list[tuple[str, Callable[[], Any]]] = [("check", lambda: check(architecture, outcome))]
    if not options.no_draw:
        stages.append(("draw", lambda: draw(architecture)))
    for name, stage in stages:
        try:
            with limited(options.limit):
                stage()
        except Exception as error:
            outcome.failures.append(f"{name}: {crash(error, options.debug)}")
    outcome.seconds = time.perf_counter() - start
    return outcome


def load(path: Path) -> Any:
    """The architecture of an input."""
    import archproof.api

    return archproof.api.load(path)


def check(architecture: Any, outcome: Outcome) -> None:
    """Check, and write the report down."""
    import archproof.api
    from archproof.validators import formats

    report = archproof.api.check(architecture, TODAY)
    formats.render(report, "json")
    outcome.findings, outcome.unknown = len(report.findings), len(report.unknown)


def draw(architecture: Any) -> None:
    """Draw the overview as SVG."""
    import archproof.api
    from archproof.renderers import formats
    from archproof.renderers.options import Options

    formats.write(archproof.api.draw(architecture), ".svg", Options())


def account(kind: Kind, outcome: Outcome, resources: Any) -> None:
    """Find every resource of the text in what was read: itself, part of another, or named as unknown."""
    there: Counter[str] = Counter()
    for resource in resources:
        for name in names(resource):
            there[name] += 1
    lost = [name for name in outcome.held.resources if name not in there]
    said = " ".join(f"{u.what} {u.why}" for u in resources.unknown)
    starts = tuple(there)
    for name in lost:
        of_sam = outcome.held.resources[name].startswith("AWS::Serverless::")
        if name not in said and not (of_sam and any(s.startswith(name) for s in starts)):
            outcome.unaccounted.append(f"{name} ({outcome.held.resources[name]})")
    if kind.terraform:
        mapped = {n for r in resources if r.type.startswith("AWS::") for n in names(r)}
        outcome.unmapped = [t for n, t in outcome.held.resources.items() if n not in mapped]


def names(resource: Any) -> Iterator[str]:
    """Everything that the source calls a resource, and what was merged into it."""
    yield resource.logical_id
    for name in (resource.address, resource.physical_id):
        if name:
            yield name
    # what became a part of it: the properties that it gave say so
    for origin in resource.origins.values():
        if origin:
            yield str(origin[0])


@contextlib.contextmanager
def limited(seconds: int) -> Iterator[None]:
    """Raise TimeoutError after so many seconds."""

    def stop(*_: object) -> None:
        raise TimeoutError(f"took longer than {seconds} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def crash(error: Exception, debug: bool) -> str:
    """What happened, and the last line of archproof that it happened on."""
    if debug:
        traceback.print_exception(error)
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f"archproof{os.sep}" in f.filename]
    at = f" ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}: {str(error)[:200]}{at}"


def show(kind: Kind, outcomes: list[Outcome]) -> None:
    """Print the figures of one kind."""
    print(f"\n== {kind.name}: {len(outcomes)} inputs")
    if not outcomes:
        return
    verdicts = Counter(o.verdict for o in outcomes)
    print(f"load {verdicts['loads']}   end in an error {verdicts['error']}   crash {verdicts['crash']}")
    loaded = [o for o in outcomes if o.verdict == "loads"]
    sound = [o for o in loaded if not o.failures]
    print(f"of those that load, draw and check: {share(len(sound), len(loaded))}")
    held = sum(len(o.held.resources) for o in loaded)
    lost = sum(len(o.unaccounted) for o in loaded)
    print(f"resources in {held}, accounted for {share(held - lost, held)}")
    if kind.terraform:
        unmapped = Counter(t for o in loaded for t in o.unmapped)
        print(f"mapped: {share(held - unmapped.total(), held)}")
        for name, count in sorted(unmapped.items(), key=lambda item: (-item[1], item[0])):
            print(f"    not mapped: {name} {count}")
    slowest = max(outcomes, key=lambda o: o.seconds)
    total = sum(o.seconds for o in outcomes)
    print(f"findings {sum(o.findings for o in loaded)}, unknown {sum(o.unknown for o in loaded)}; {total:.1f} s,")
    print(f"    the slowest {slowest.seconds:.1f} s ({slowest.name})")
    told: dict[tuple[str, str], list[str]] = {}
    for outcome in outcomes:
        for verdict, lines in (
            (outcome.verdict, outcome.reason.splitlines() if outcome.verdict != "loads" else []),
            ("fails", outcome.failures),
            ("lost", outcome.unaccounted),
        ):
            shown = [line.replace(str(outcome.path), "")[:300] for line in lines[:6]]
            for line in [*shown, f"… {len(lines) - 6} more"] if len(lines) > 6 else shown:
                told.setdefault((verdict, line), []).append(outcome.name)
    for (verdict, line), names_ in told.items():
        if len(names_) > 3:
            print(f"  {verdict:<6} {len(names_)} inputs, such as {names_[0]}: {line}")
        else:
            for name in names_:
                print(f"  {verdict:<6} {name}: {line}")


def share(part: int, whole: int) -> str:
    """A part as a percentage of the whole."""
    return f"{part} of {whole} ({100 * part / whole:.2f} %)" if whole else "0 of 0"


if __name__ == "__main__":
    sys.exit(main())
