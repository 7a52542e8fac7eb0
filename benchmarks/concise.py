"""How long an imported model is beside its source, in lines."""

from __future__ import annotations

import contextlib
import io
import statistics
import tempfile
from pathlib import Path


def command(*arguments: str) -> tuple[int, str]:
    """Run a command of archproof in this process: its exit status, and what it said on standard error."""
    from archproof.cli.main import main

    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
        status = main(arguments)
    return status, said.getvalue()


def known(name: str) -> bool:
    """Say whether archproof has this command."""
    from archproof.cli.main import PACKAGE
    from archproof.discovery import index

    return name in index(PACKAGE, "COMMAND")


def lines(text: str) -> int:
    """The lines of a text that say something: neither empty nor a comment."""
    return sum(1 for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#"))


def show(kind: str, inputs: list[tuple[str, Path]]) -> None:
    """Import each of these; print the ratio of lines of each, and the average of each group of inputs."""
    if not known("import"):
        print("import: there is no such command yet")
        return
    ratios: dict[str, list[tuple[float, int, int, str]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, path) in enumerate(inputs):
            output = Path(folder) / f"{number}.yaml"
            status, said = command("import", str(path), "-o", str(output))
            if status or not output.is_file():
                print(f"  import fails {name}: {said.strip()[:300]}")
                continue
            status, said = command("check", str(output), "--fail-on", "never")
            if status:
                print(f"  imported is no model {name}: {said.strip()[:300]}")
            before, after = (lines(source(p)) for p in (path, output))
            group = name.split("/")[0] if "/" in name else kind
            ratios.setdefault(group, []).append((after / max(1, before), before, after, name))
    for group, rows in ratios.items():
        average = statistics.mean(row[0] for row in rows)
        total = sum(row[2] for row in rows) / max(1, sum(row[1] for row in rows))
        print(f"import, {group}: {len(rows)} inputs, lines {average:.2f} of the source on average, {total:.2f} in all")
        for ratio, before, after, name in sorted(rows, reverse=True):
            print(f"    {ratio:5.2f}  {before:5} → {after:5}  {name}")


def source(path: Path) -> str:
    """The text of a file, or of every file of a folder."""
    if path.is_dir():
        return "\n".join(source(p) for p in sorted(path.rglob("*.json")))
    return path.read_text(encoding="utf-8-sig", errors="replace")
