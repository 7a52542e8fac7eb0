"""The pages of the documentation as the examples that they hold, in order, and how each is run.

- ```yaml that begins with `archproof: 1` is a whole model: it loads and lowers. `<!-- file: NAME -->` before
  it writes it to the page's folder; `<!-- file: NAME, with errors -->` is not loaded.
- ```console holds commands after `$ ` with what they print on standard output and standard error; a line
  `...` stands for any lines. `archproof`, `echo $?` and `ls FOLDER` are known.
- ```python after `<!-- module: archproof/… -->` is a new module of the program, in its place for the rest of
  the page. Other ```python is executed, ```pycon is a session that prints what it says. The Python of a page
  shares its names.
- ```mermaid after `<!-- draw: VIEW -->` is that view of the reference system.

Everything else (```sh, ```text, ```json, ```hcl) is not run; JSON and HCL after a file note are written as well.
"""

from __future__ import annotations

import contextlib
import doctest
import importlib
import io
import re
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archproof.cli.main import main

ROOT = Path(__file__).resolve().parents[2]
PAGES = ["README.md", *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))]
_BLOCK = re.compile(r"(?:<!-- (?P<note>[^\n]*?) -->\n\n?)?```(?P<language>\w+)\n(?P<text>.*?)^```$", re.M | re.S)


@dataclass(frozen=True, slots=True)
class Block:
    """One example: its language, what the comment before it says, its text, and where that stands."""

    language: str
    note: str
    text: str
    start: int
    line: int

    @property
    def file(self) -> str | None:
        """The name it is written under."""
        return self.note.removeprefix("file: ").partition(",")[0] if self.note.startswith("file: ") else None

    @property
    def module(self) -> str | None:
        """The file that it would be, of the program."""
        return self.note.removeprefix("module: ") if self.note.startswith("module: ") else None

    @property
    def wrong(self) -> bool:
        """Whether it has errors on purpose."""
        return self.note.endswith(", with errors")

    @property
    def model(self) -> bool:
        """Whether it is a whole model."""
        return self.language == "yaml" and self.text.startswith("archproof: 1")


@dataclass(frozen=True, slots=True)
class Command:
    """A command of a console block and what the page says that it prints."""

    line: str
    output: str


def blocks(page: str) -> list[Block]:
    """The examples of a page."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return [
        Block(m["language"], m["note"] or "", m["text"], m.start("text"), text.count("\n", 0, m.start("text")) + 1)
        for m in _BLOCK.finditer(text)
    ]


def commands(block: Block) -> list[Command]:
    """The commands of a console block."""
    parts = re.split(r"^\$ (.*)\n", block.text, flags=re.M)
    assert not parts[0], f"line {block.line}: a console block begins with a command"
    return [Command(line, output) for line, output in zip(parts[1::2], parts[2::2], strict=True)]


class Shell:
    """Runs the commands of one page, in the folder that is current."""

    def __init__(self) -> None:
        self.status = 0
        self.names: dict[str, Any] = {"__name__": "page"}
        self._added: list[tuple[Any, str, str]] = []

    def run(self, line: str) -> str:
        """What a command prints."""
        if line == "echo $?":
            return f"{self.status}\n"
        program, *arguments = shlex.split(line)
        if program == "ls":
            return "".join(f"{path.name}\n" for path in sorted(Path(*arguments).iterdir()))
        assert program == "archproof", f"no command {program} in examples"
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            self.status = main(arguments)
        return printed.getvalue()

    def add(self, module: str, text: str) -> None:
        """Put a new module beside those of its package."""
        path = Path("modules", module).resolve()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        name = ".".join(Path(module).parent.parts)
        package = importlib.import_module(name)
        package.__path__.append(str(path.parent))
        self._added.append((package, str(path.parent), f"{name}.{path.stem}"))
        _forget()

    def close(self) -> None:
        """Take the new modules out again."""
        for package, folder, module in self._added:
            package.__path__.remove(folder)
            sys.modules.pop(module, None)
            vars(package).pop(module.rpartition(".")[2], None)
        _forget()

    def execute(self, block: Block, where: str) -> list[str]:
        """Run Python; return what a session printed otherwise than it says."""
        if block.language == "python":
            exec(compile(block.text, where, "exec", dont_inherit=True), self.names)
            return []
        test = doctest.DocTestParser().get_doctest(block.text, self.names, where, where, 0)
        told: list[str] = []
        runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
        runner.run(test, out=told.append, clear_globs=False)
        self.names.update(test.globs)
        return told


def _forget() -> None:
    """Empty every cache of the program: what it knows of its modules has changed."""
    importlib.invalidate_caches()
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "archproof":
            for value in list(vars(module).values()):
                if callable(getattr(value, "cache_clear", None)):
                    value.cache_clear()


def same(expected: str, printed: str) -> bool:
    """Whether the output is as a page says, where a line `...` stands for any lines.

    How many rules looked is left aside: a new rule would otherwise change every page.
    """
    expected, printed = (re.sub(r"\(\d+ rules?,", "(# rules,", text) for text in (expected, printed))
    pieces = [re.escape(piece) for piece in re.split(r"^\.\.\.\n", expected, flags=re.M)]
    return re.fullmatch("(?:.*\n)*?".join(pieces), printed) is not None


def renewed(expected: str, printed: str) -> str:
    """What a page should say: what is printed now, unless it shows parts only, or an error of ours is printed."""
    return expected if "...\n" in expected or "internal error" in printed else printed
