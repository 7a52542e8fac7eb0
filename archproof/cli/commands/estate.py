"""Check and compare many accounts and regions at once, and ask about the results."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from archproof.cli import options as shared
from archproof.errors import UsageError

if TYPE_CHECKING:
    from archproof.estate.file import Estate
    from archproof.estate.results import Results
    from archproof.estate.units import Outcome, Unit
    from archproof.sources.aws.sessions import Member

COMMAND = "estate"
HELP = "check and compare many accounts and regions at once"
DEFAULT_FILE = "estate.yaml"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `estate`."""
    parser.add_argument(
        "file", nargs="?", default=DEFAULT_FILE, metavar="FILE",
        help=f"the estate ({DEFAULT_FILE}), or the results of one (.json), to ask about them",
    )  # fmt: skip
    shared.add_today(parser)
    parser.add_argument("--account", action="append", default=[], metavar="A", help="only this account; repeatable")
    parser.add_argument("--region", action="append", default=[], metavar="R", help="only this region; repeatable")
    parser.add_argument("--list", action="store_true", help="only list the account-regions that it has")
    parser.add_argument("--no-check", action="store_true", help="compare with the models only, run no rules")
    parser.add_argument("--workers", type=int, default=8, metavar="N", help="account-regions at once (8)")
    parser.add_argument("--scheduler", metavar="ADDRESS", help="do them on the workers of this scheduler of dask")
    parser.add_argument("--endpoint-url", metavar="URL", help="send everything there, and not to AWS")
    parser.add_argument("--query", metavar="SQL", help="answer this question about the results")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="text or json (text)")
    parser.add_argument(
        "--fail-on", choices=("drift", "critical", "high", "medium", "low", "info", "never"), default="drift",
        help="what fails: drift, or drift and findings of this severity, or never (drift)",
    )  # fmt: skip
    parser.add_argument(
        "--resume", action="store_true", help="keep what is whole in the results of -o FILE.json, and do the others"
    )
    parser.add_argument("--strict", action="store_true", help="exit with 3 where something was not read")
    parser.add_argument("-o", "--output", metavar="OUT", help="a file for the results: .json or .sqlite")


def run(options: argparse.Namespace) -> int:
    """Do the estate, or read results that are there; write, tell or ask."""
    from archproof.estate import results as kept
    from archproof.estate import telling

    if options.output and not options.output.endswith((".json", ".sqlite")):
        raise UsageError(f"results are written as .json or .sqlite; found '{options.output[-40:]}'")
    if not 1 <= options.workers <= 256:
        raise UsageError("the number of workers is from 1 to 256")
    if options.file.endswith(".json"):
        results = kept.load(Path(options.file))
    else:
        estate, units = _units(options)
        if options.list:
            for unit in units:
                print(*(v for v in (unit.account, unit.region, unit.name, unit.model, unit.live) if v))
            return 0
        results = _do(options, estate, units)
    if options.output:
        _write(results, options.output)
    if options.query:
        columns, rows = kept.ask(results, options.query)
        answer = [dict(zip(columns, row, strict=True)) for row in rows]
        sys.stdout.write(_json(answer) if options.format == "json" else telling.table(columns, rows))
    elif not options.output or options.format == "text":
        sys.stdout.write(_json(results.as_dict()) if options.format == "json" else telling.text(results))
    return _status(results, options)


def _units(options: argparse.Namespace) -> tuple[Estate, list[Unit]]:
    from archproof.estate.file import read
    from archproof.estate.units import chosen, units

    estate = read(options.file)
    listed: list[Member] = []
    if estate.organization is not None:
        from archproof.sources.aws.scope import Scope
        from archproof.sources.aws.sessions import members

        profile = estate.organization.profile or estate.defaults.profile
        scope = Scope(profiles=(profile,) if profile else (), endpoint_url=options.endpoint_url)
        listed = members(scope)
    found = units(estate, os.path.dirname(options.file), listed)
    return estate, chosen(found, options.account, options.region)


def _do(options: argparse.Namespace, estate: Estate, units: list[Unit]) -> Results:
    import functools

    from archproof.estate import executors, work
    from archproof.estate.models import pack
    from archproof.estate.results import Results

    folder = os.path.dirname(options.file)
    used = {unit.model for unit in units}
    models = {n: pack(os.path.join(folder, m.file), m.env) for n, m in estate.models.items() if n in used}
    plan = work.Plan(models, shared.today(options), not options.no_check, endpoint_url=options.endpoint_url)
    results = Results(estate.name)
    name = "dask" if options.scheduler else "threads"
    how = executors.Options(options.workers, options.scheduler)
    results.outcomes, left = _known(options, units)
    shown = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
    try:
        for outcome in executors.run(name, left, functools.partial(work.do, plan=plan), how):
            results.outcomes.append(outcome)
            if shown:
                sys.stderr.write(f"\r{len(results.outcomes):,} of {len(units):,} account-regions\x1b[K")
    except KeyboardInterrupt:
        results.sort()
        _interrupted(options, results, len(units))
        raise
    finally:
        if shown:
            sys.stderr.write("\r\x1b[K")
    results.sort()
    return results


def _known(options: argparse.Namespace, units: list[Unit]) -> tuple[list[Outcome], list[Unit]]:
    """With --resume the outcomes of earlier results that are whole, and the units that are left to do."""
    from archproof.estate.results import load

    if not options.resume:
        return [], units
    if not (options.output or "").endswith(".json"):
        raise UsageError("--resume goes on with the results of `-o FILE.json`")
    if not os.path.exists(options.output):
        return [], units
    wanted = {unit.key: unit for unit in units}
    whole = [o for o in load(Path(options.output)).outcomes if o.status == "ok" and o.key in wanted]
    kept = [o for o in whole if o.model == wanted[o.key].model]
    done = {outcome.key for outcome in kept}
    return kept, [unit for unit in units if unit.key not in done]


def _interrupted(options: argparse.Namespace, results: Results, all_: int) -> None:
    """Keep what was done, and say how to go on."""
    said = f"{len(results.outcomes):,} of {all_:,} account-regions were done"
    if not (options.output or "").endswith(".json"):
        shared.note(f"{said}; nothing was written")
        return
    _write(results, options.output)
    shared.note(f"{said}; --resume does the others")


def _write(results: Results, output: str) -> None:
    if output.endswith(".json"):
        shared.emit(_json(results.as_dict()), output)
        return
    from archproof import files
    from archproof.estate.results import database

    connection = database(results)
    files.write(Path(output), connection.serialize())
    connection.close()
    shared.note(f"wrote {output}")


def _json(value: object) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False, default=str) + "\n"


def _status(results: Results, options: argparse.Namespace) -> int:
    from archproof.validators.findings import RANK

    if options.fail_on != "never":
        if results.drifted:
            return 1
        least = RANK.get(options.fail_on)
        graves = (f for o in results.outcomes for f in o.findings if not f.get("waived"))
        if least is not None and any(RANK[f["severity"]] >= least for f in graves):
            return 1
    return 3 if options.strict and any(o.status != "ok" for o in results.outcomes) else 0
