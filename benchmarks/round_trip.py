"""checkov on templates as they are, and on what archproof exports from the models that it imports."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import raw
from concise import command, known


class Pair(NamedTuple):
    """A check and the resource that it judged, in one file; the resource by its logical id."""

    file: str
    check: str
    resource: str


@dataclass
class Input:
    """One input of the round trip."""

    name: str
    held: raw.Raw
    read: bool = True
    """Whether checkov says anything of the original."""

    def became(self, resource: str) -> str | None:
        """The SAM resource of the original that made a resource of the export, by its name."""
        makers = (i for i, kind in self.held.resources.items() if kind.startswith("AWS::Serverless::"))
        return max((m for m in makers if resource.startswith(m)), key=len, default=None)

    def why_new(self, pair: Pair) -> str:
        """Why the export has a pair that the original has not; empty where it should have it."""
        if not self.read:
            return "checkov does not read the original"
        if pair.resource not in self.held.resources:
            return "SAM makes the resource" if self.held.sam else "a loop makes the resource"
        if self.held.resources[pair.resource].startswith("AWS::Serverless::"):
            return "checkov has the check for what the SAM resource becomes, not for itself"
        return ""


def show(checkov: str, inputs: list[tuple[str, Path]]) -> None:
    """Print the share of equal pairs, and every pair that only one side has, with the reason where there is one."""
    with tempfile.TemporaryDirectory() as folder:
        before, after = Path(folder) / "before", Path(folder) / "after"
        before.mkdir()
        after.mkdir()
        known_: dict[str, Input] = {}
        for number, (name, path) in enumerate(inputs):
            if said := _export(path, after / f"{number}.json", Path(folder) / f"{number}.yaml"):
                print(f"  no round trip {name}: {said.strip()[:300]}")
                continue
            shutil.copy(path, before / f"{number}{path.suffix}")
            known_[str(number)] = Input(name, raw.template(path))
        first, second = _judge(checkov, before), _judge(checkov, after)
    spoken = {pair.file for pair in first}
    for file, one in known_.items():
        one.read = file in spoken
    for title, sam in (("templates", False), ("SAM templates", True)):
        chosen = {n for n, one in known_.items() if one.held.sam is sam}
        for verdict in ("FAILED", "PASSED"):
            ours = {p for p, v in first.items() if v == verdict and p.file in chosen}
            theirs = {p for p, v in second.items() if v == verdict and p.file in chosen}
            _compare(f"round trip, {title}, {verdict.lower()}", known_, ours, theirs)


def _compare(title: str, inputs: dict[str, Input], ours: set[Pair], theirs: set[Pair]) -> None:
    """Print what two sets of pairs have in common, what explains the rest, and what nothing explains."""
    equal = ours & theirs
    new = theirs - ours
    moved: set[Pair] = set()
    found: set[Pair] = set()
    for pair in sorted(ours - theirs):
        on = [p for p in new if (p.file, p.check) == (pair.file, pair.check)]
        if same := [p for p in on if inputs[pair.file].became(p.resource) == pair.resource]:
            moved.add(pair)
            found.update(same)
    lost = sorted(ours - theirs - moved)
    reasons: dict[str, list[Pair]] = {}
    for pair in sorted(new - found):
        reasons.setdefault(inputs[pair.file].why_new(pair) or "only in the export", []).append(pair)
    if lost:
        reasons["only in the original"] = lost
    unexplained = len(lost) + len(reasons.get("only in the export", ()))
    whole = len(equal) + len(moved) + unexplained
    print(f"{title}: {len(equal) + len(moved)} of {whole} pairs equal ({_percent(len(equal) + len(moved), whole)})")
    if moved:
        print(f"  of these on what the SAM resource becomes: {len(moved)}")
    for reason, pairs in reasons.items():
        common = ", ".join(f"{check} {count}" for check, count in Counter(p.check for p in pairs).most_common(8))
        print(f"  {reason}: {len(pairs)} ({common})")
        for pair in pairs if reason.startswith("only in") else ():
            print(f"    {inputs[pair.file].name}: {pair.check} {pair.resource}")


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
    arguments = [checkov, "-d", str(folder), "--framework", "cloudformation", "-o", "json"]
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


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f} %" if whole else "none"
