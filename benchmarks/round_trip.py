"""checkov on templates as they are, and on what archproof exports from the models that it imports."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import raw
from concise import command, known


class Pair(NamedTuple):
    """A check and the resource that it judged, in one file; the resource by its logical id."""

    file: str
    check: str
    resource: str


def show(checkov: str, inputs: list[tuple[str, Path]]) -> None:
    """Print the share of equal pairs, and every pair that only one side has."""
    with tempfile.TemporaryDirectory() as folder:
        before, after = Path(folder) / "before", Path(folder) / "after"
        before.mkdir()
        after.mkdir()
        names = {}
        for number, (name, path) in enumerate(inputs):
            if said := _export(path, after / f"{number}.json", Path(folder) / f"{number}.yaml"):
                print(f"  no round trip {name}: {said.strip()[:300]}")
                continue
            shutil.copy(path, before / f"{number}{path.suffix}")
            names[str(number)] = name, raw.template(path).sam
        first, second = _judge(checkov, before), _judge(checkov, after)
    for title, sam in (("templates", False), ("SAM templates", True)):
        chosen = {n for n, (_, is_sam) in names.items() if is_sam is sam}
        for verdicts in (("FAILED",), ("FAILED", "PASSED")):
            ours = {p: v for p, v in first.items() if v in verdicts and p.file in chosen}
            theirs = {p: v for p, v in second.items() if v in verdicts and p.file in chosen}
            equal = {p for p, v in ours.items() if theirs.get(p) == v}
            whole = len(ours | theirs)
            what = " and ".join(verdicts).lower()
            print(f"round trip, {title}, {what}: {len(equal)} of {whole} pairs equal ({_percent(len(equal), whole)})")
            if verdicts == ("FAILED",):
                _differences(names, set(ours) - equal, set(theirs) - equal)


def _export(path: Path, output: Path, model: Path) -> str:
    """Import a template and export the model; what went wrong, or nothing."""
    source = path
    if known("import"):
        status, said = command("import", str(path), "-o", str(model))
        if status or not model.is_file():
            return said or "nothing was written"
        source = model
    status, said = command("export", str(source), "--to", "cloudformation", "-o", str(output))
    return said if status or not output.is_file() else ""


def _judge(checkov: str, folder: Path) -> dict[Pair, str]:
    """What checkov says of every template of a folder."""
    arguments = [checkov, "-d", str(folder), "--framework", "cloudformation", "-o", "json", "--quiet"]
    environment = {**os.environ, "LOG_LEVEL": "ERROR", "CKV_IGNORE_HIDDEN_DIRECTORIES": "false"}
    done = subprocess.run(
        [*arguments, "--skip-download"], capture_output=True, text=True, check=False, env=environment
    )  # fmt: skip
    try:
        report: Any = json.loads(done.stdout)
    except ValueError:
        print(f"checkov said no JSON: {done.stdout[:300]} {done.stderr[-600:]}")
        return {}
    verdicts: dict[Pair, str] = {}
    for part in report if isinstance(report, list) else [report]:
        for name in part.get("results", {}).get("parsing_errors", ()):
            print(f"  checkov cannot read {name}")
        for rows in (
            part.get("results", {}).get("passed_checks", ()),
            part.get("results", {}).get("failed_checks", ()),
        ):
            for row in rows:
                pair = Pair(Path(row["file_path"]).stem, row["check_id"], row["resource"].split(".")[-1])
                verdicts[pair] = row["check_result"]["result"]
    return verdicts


def _differences(names: dict[str, tuple[str, bool]], lost: set[Pair], new: set[Pair]) -> None:
    for title, pairs in (("only in the original", lost), ("only in the export", new)):
        if pairs:
            common = ", ".join(f"{check} {count}" for check, count in Counter(p.check for p in pairs).most_common(12))
            print(f"  {title}: {len(pairs)} ({common})")
        for pair in sorted(pairs)[:400]:
            print(f"    {names[pair.file][0]}: {pair.check} {pair.resource}")


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f} %" if whole else "none"
