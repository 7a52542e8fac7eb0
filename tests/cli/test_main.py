"""The command line itself: what it says without a command, with a wrong one, and when something fails."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from archproof.cli.main import main
from archproof.discovery import index


def test_without_a_command_it_shows_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert main(["--help"]) == 0
    out = capsys.readouterr().out
    for command in index("archproof.cli.commands", "COMMAND"):
        assert f"\n  {command:<8} " in out


@pytest.mark.parametrize("command", sorted(index("archproof.cli.commands", "COMMAND")))
def test_every_command_has_help_and_takes_no_unknown_option(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "--help"]) == 0
    assert capsys.readouterr().out.startswith(f"usage: archproof {command}")
    assert main([command, "--nonsense"]) == 2
    assert f"archproof {command}: error: " in capsys.readouterr().err


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    from archproof import __version__

    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"archproof {__version__}\n"


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("chek", "archproof: no command is called 'chek'; did you mean 'check'? `archproof --help` lists them\n"),
        ("zzz", "archproof: no command is called 'zzz'; `archproof --help` lists them\n"),
        ("\x1b[31m", "archproof: no command is called '�[31m'; `archproof --help` lists them\n"),
    ],
)
def test_an_unknown_command(command: str, expected: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command]) == 2
    assert capsys.readouterr().err == expected


def test_errors_of_the_input_are_told_with_places(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(
        'archproof: 1\ncomponents: {f: {kind: lambda, timeout: 1, runtime: ["\\e[1m"]}}\n', encoding="utf-8"
    )
    assert main(["export", str(path), "--to", "json"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.splitlines()[-1] == "archproof: 3 errors in the input; nothing was written"
    assert captured.err.startswith(f"{path}:2:32: error: unknown key 'timeout'; did you mean 'timeout_s'?")
    assert "\x1b" not in captured.err


def test_a_name_of_a_file_cannot_write_to_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "\x1b[2J.yaml", "--to", "json"]) == 2
    assert "\x1b" not in capsys.readouterr().err


def test_an_empty_name_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "", "--to", "json"]) == 2
    assert capsys.readouterr().err == "archproof: the name of the file is empty\n"


@pytest.mark.parametrize("module", ["networkx", "jinja2", "yaml", "pydantic", "boto3", "py_mini_racer"])
def test_starting_imports_nothing_heavy(module: str) -> None:
    code = f"import sys, archproof.cli.main as m; m.main(['--version']); sys.exit({module!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], stdout=subprocess.DEVNULL).returncode == 0


def test_a_reader_that_goes_away_is_no_error() -> None:
    command = [sys.executable, "-m", "archproof", "schema"]
    reader, writer = os.pipe()
    os.close(reader)
    result = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, text=True)
    os.close(writer)
    assert result.stderr == ""
