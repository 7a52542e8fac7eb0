"""Make a concise model of any source: a template, a Terraform plan, state or folder, AWS's output, the live account."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from typing import TYPE_CHECKING

from archproof.cli import accounts
from archproof.cli import options as shared
from archproof.errors import UsageError

if TYPE_CHECKING:
    from archproof.model.architecture import Architecture

COMMAND = "import"
HELP = "make a concise model of a template, a plan, a state, a folder of AWS's output, or the live account"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `import`."""
    parser.add_argument(
        "source", metavar="SOURCE",
        help="a template, a plan, a state, a folder of Terraform or of AWS's output; `aws` for the live account",
    )  # fmt: skip
    parser.add_argument(
        "-o", "--output", metavar="FILE", help="the model to write (architecture.yaml); standard output when left out"
    )
    parser.add_argument("--force", action="store_true", help="replace a file that is there")
    parser.add_argument(
        "--snapshot", metavar="FOLDER", help="of `aws`: keep AWS's answers in a folder, which every command takes"
    )
    parser.add_argument("--resume", action="store_true", help="of `aws`: go on with a snapshot that was broken off")
    shared.add_source(parser)
    accounts.add(parser)


def run(options: argparse.Namespace) -> int:
    """Import the source."""
    from archproof.sources.reading import is_model

    options.env = None
    if not options.source:
        raise UsageError("the name of the source is empty")
    if options.output == "":
        raise UsageError("the name of the file is empty")
    if options.output and os.path.lexists(options.output) and not options.force:
        raise UsageError(f"{options.output} is there already; --force replaces it")
    if options.source == accounts.AWS:
        return _live(options)
    wrong = accounts.given(options) + [f"--{n}" for n in ("snapshot", "resume") if getattr(options, n)]
    if wrong:
        raise UsageError(f"{wrong[0]} is for the live account: `archproof import aws`")
    if os.path.exists(options.source) and is_model(options.source):
        raise UsageError(f"{options.source} is a model already")
    _write(options, options.source)
    return 0


def _live(options: argparse.Namespace) -> int:
    """Import the live account; with a snapshot and no output only that is written."""
    from archproof.sources.aws.account import snapshot

    if options.resume and not options.snapshot:
        raise UsageError("--resume goes on with a --snapshot FOLDER")
    if options.parameter:
        raise UsageError("an account has no parameters: leave --parameter out")
    scope = accounts.scope(options)
    with tempfile.TemporaryDirectory(prefix="archproof-") as temporary:
        folder = options.snapshot or temporary
        line = accounts.Line()
        try:
            done = snapshot(scope, folder, resume=options.resume, tell=line)
        except KeyboardInterrupt:
            if options.snapshot:
                shared.note(f"{folder} holds what was read so far; --resume goes on with it")
            raise
        finally:
            line.end()
        if not done.accounts:
            raise UsageError("no account was read: " + "; ".join(u.why for u in done.unread))
        accounts.tell_unread(done.unread)
        shared.note(f"read {_counted(done.accounts, 'account')} with {_counted(done.requests, 'call')}")
        if options.snapshot:
            shared.note(f"wrote {folder}")
        if options.output or not options.snapshot:
            _write(options, folder)
    return 0


def _write(options: argparse.Namespace, source: str) -> None:
    """Write the model of a source, and tell what it holds."""
    from archproof.sources.lifting.importing import imported, summary

    architecture: Architecture
    architecture, text = imported(source, shared.request(options))
    if options.output:
        shared.emit(text, options.output)
    else:
        sys.stdout.write(text)
    for line in summary(architecture):
        shared.note(line)


def _counted(number: int, word: str) -> str:
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"
