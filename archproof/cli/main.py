"""The entry point: finds the command, imports only that, and turns errors into messages and exit codes.

Exit status: 0 clean; 1 findings at or above the threshold; 2 the input or the call is wrong; 3 something
is unknown (with `--strict`).
"""

from __future__ import annotations

import argparse
import gc
import importlib
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from archproof.cli.postponed import postpone
from archproof.discovery import constants, index
from archproof.errors import ArchproofError, InputError

PACKAGE = "archproof.cli.commands"
INTRO = """Architecture as code for AWS: draws, checks, proves, compares and explains a system.

usage: archproof COMMAND [FILE] [options]
"""


def entry() -> NoReturn:
    """Run the command line of this process and exit."""
    # a short-lived process that mostly builds: collecting garbage costs more than it frees
    gc.disable()
    # pydantic would read the metadata of every installed package for plug-ins, which nothing here uses
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    postpone("importlib.metadata")
    _open_streams()
    code = main(sys.argv[1:])
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError as error:
        code = _unwritable(error, code)
    sys.exit(code)


def _open_streams() -> None:
    """See that there are streams to write to, and that no character is too much for them."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # whoever started this closed it
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
        elif stream.encoding.lower().replace("-", "") != "utf8":
            stream.reconfigure(errors="backslashreplace")


def _unwritable(error: OSError, code: int) -> int:
    """The status where standard output takes no more: a reader who has enough is no error."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if isinstance(error, BrokenPipeError):
        return code
    return _fail(f"cannot write the output: {error.strerror or error}")


def main(arguments: Sequence[str]) -> int:
    """Run `archproof` with these arguments and return its exit status."""
    commands = index(PACKAGE, "COMMAND")
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(_overview())
        return 0 if arguments else 2
    if arguments[0] in ("-V", "--version", "version"):
        from archproof import __version__

        print(f"archproof {__version__}")
        return 0
    name, *rest = arguments
    if name not in commands:
        from archproof.suggest import did_you_mean

        hint = did_you_mean(name, commands) or ";"
        return _fail(f"no command is called '{name[:60]}'{hint} `archproof --help` lists them")
    module = importlib.import_module(commands[name])
    parser = argparse.ArgumentParser(prog=f"archproof {name}", description=module.__doc__, allow_abbrev=False)
    module.arguments(parser)
    try:
        options = parser.parse_args(rest)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 2
    return _run(module.run, options)


def _run(run: object, options: argparse.Namespace) -> int:
    try:
        status = run(options)  # type: ignore[operator]
        return int(status)
    except InputError as error:
        for problem in error.problems:
            print(_clean(f"{problem.location}: error: {problem.message}"), file=sys.stderr)
        count = len(error.problems)
        return _fail(f"{count} error{'s' if count != 1 else ''} in the input; nothing was written")
    except ArchproofError as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        print("archproof: interrupted", file=sys.stderr)
        return 130
    except Exception as error:
        if isinstance(error, OSError) and error.filename is None:  # of a stream, not of a file
            return _unwritable(error, 0)
        # the last resort: no traceback for a user, but never silence about a bug either
        if os.environ.get("ARCHPROOF_DEBUG"):
            raise
        return _fail(
            f"internal error: {type(error).__name__}: {str(error)[:300]}\n"
            "archproof: this is a bug in archproof, not in your file; ARCHPROOF_DEBUG=1 shows where it happened"
        )


def _fail(message: str) -> int:
    print(f"archproof: {_clean(message)}", file=sys.stderr)
    return 2


def _clean(text: str) -> str:
    """Keep control characters of hostile names out of a terminal."""
    return "".join(c if c.isprintable() or c == "\n" else "�" for c in text)


def _overview() -> str:
    helps = {modules.rsplit(".", 1)[1]: text for modules, text in constants(PACKAGE, "HELP").items()}
    rows = []
    for name, module in index(PACKAGE, "COMMAND").items():
        rows.append(f"  {name:<8} {helps.get(module.rsplit('.', 1)[1], '')}")
    return f"{INTRO}\n" + "\n".join(sorted(rows)) + "\n\n`archproof COMMAND --help` tells a command's options."
