"""What commands that compare with a live account share: the live side, the lock, what is to be read."""

from __future__ import annotations

import argparse
import dataclasses
import os
from itertools import chain
from typing import TYPE_CHECKING

from archproof.cli import accounts

if TYPE_CHECKING:
    from pathlib import Path

    from archproof.drift.lock import Lock
    from archproof.model.architecture import Architecture
    from archproof.sources.aws.scope import Scope
    from archproof.sources.live import Live


def add(parser: argparse.ArgumentParser, default: str | None) -> None:
    """`--live`, `--stack`, `--lock`, and the options of accounts."""
    said = f" ({default})" if default else ""
    parser.add_argument(
        "--live", default=default, metavar="LIVE",
        help=f"what to compare with: aws, a folder of AWS's answers, or another source{said}",
    )  # fmt: skip
    parser.add_argument("--stack", metavar="NAME", help="the stack that the system is; several with commas")
    parser.add_argument("--lock", metavar="F", help="the file of bindings (archproof.lock beside the model)")
    accounts.add(parser)
    parser.add_argument(
        "--snapshot", metavar="FOLDER",
        help="of aws: keep what is read in a folder, which --live takes; details are then read of all of these types",
    )  # fmt: skip


def lock(options: argparse.Namespace, *, writing: bool = False) -> tuple[Path, Lock]:
    """The lock's file, and what it says; one that was named and is not there is an error unless it is to be written."""
    from pathlib import Path

    from archproof.drift import lock as locks
    from archproof.errors import UsageError

    path = Path(options.lock) if options.lock else locks.beside(options.file, options.env)
    if path.is_file():
        return path, locks.read(path)
    if path.exists():
        raise UsageError(f"{path} is no file; a lock is one, which --write-lock writes")
    if options.lock and not writing:
        raise UsageError(f"{options.lock} does not exist; --write-lock writes it")
    return path, {}


def live(options: argparse.Namespace, *architectures: Architecture) -> Live:
    """The side that `--live` names, read: of an account, what the comparison with each of these needs."""
    from archproof.drift import living, system
    from archproof.errors import UsageError
    from archproof.sources.reading import Request

    if not options.live:
        raise UsageError("the name after --live is empty")
    if options.live == living.AWS and not os.path.exists(options.live):
        from archproof.sources.aws import account

        if options.snapshot:
            return _kept(options, *architectures)
        _, held = lock(options, writing=True)
        choosers = [system.choosing(a, lock=held, stack=options.stack, region=options.region) for a in architectures]
        line = accounts.Line()
        try:
            wanted = scope(options, *architectures)
            return account.read(wanted, line, lambda found: chain.from_iterable(choose(found) for choose in choosers))
        finally:
            line.end()
    if wrong := [*accounts.given(options), *(["--snapshot"] if options.snapshot else [])]:
        raise UsageError(f"{wrong[0]} is for the live account: --live aws")
    region = options.region or system.region_of(architectures[0])
    return living.of_path(options.live, Request(region=region, environment=options.env))


def _kept(options: argparse.Namespace, *architectures: Architecture) -> Live:
    """An account, read into a folder and from it."""
    from archproof.drift import living, system
    from archproof.sources.aws import account
    from archproof.sources.reading import Request

    line = accounts.Line()
    try:
        done = account.snapshot(scope(options, *architectures), options.snapshot, tell=line)
    finally:
        line.end()
    region = options.region or system.region_of(architectures[0])
    found = living.of_path(options.snapshot, Request(region=region))
    found.calls = done.requests
    return found


def scope(options: argparse.Namespace, *architectures: Architecture) -> Scope:
    """What is to be read for the comparison with each of these."""
    from archproof.drift import living

    needed = [living.scope(architecture, options.region) for architecture in architectures]
    said = accounts.scope(options, frozenset().union(*(n.types or () for n in needed)))
    regions = tuple(dict.fromkeys(region for n in needed for region in n.regions))
    return said if said.regions else dataclasses.replace(said, regions=regions)
