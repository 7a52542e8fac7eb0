"""Finding a checkov and running it: in its own process and folder, without a network, for a limited time."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archproof.errors import ArchproofError, UsageError

VARIABLE = "ARCHPROOF_CHECKOV"
"""The environment's way to name a checkov."""
_LAUNCHER = Path(__file__).with_name("_checkov_launcher.py")
_BASE_SECONDS, _SECONDS_A_RESOURCE = 120, 0.1
"""How long a run may take."""
_NOWHERE = "http://127.0.0.1:9"
"""A proxy that nothing answers at (the port `discard`)."""
_KEPT = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "COMSPEC", "PATHEXT", "LD_LIBRARY_PATH")
"""What of the environment checkov may see: no credentials, no settings of its own."""
_SHEBANG = re.compile(rb"\A#!\s*(?:/usr/bin/env\s+(?:-S\s+)?)?([^\s'\"]*python[\w.]*)\s*$", re.M)
_EXEC = re.compile(rb"""\A#!/bin/sh\n'''exec'\s+(?:"([^"]+)"|(\S+))\s""")


class CheckovError(ArchproofError):
    """checkov could not be run, or what it said is not understood: the reason in words."""


@dataclass(frozen=True)
class Checkov:
    """A checkov that was found."""

    program: str | None
    """Its script, or None where it is a package of this environment."""
    python: str | None
    """The Python that has it installed; None where that is not known, and the script is run as it is."""

    @property
    def stamp(self) -> str:
        """What changes when another version is installed; empty where that cannot be told cheaply."""
        for folder in self._packages():
            versions = sorted(path.name for path in folder.glob("checkov-*.dist-info"))
            if versions:
                return f"{folder}/{versions[-1]}"
        if self.program is None:
            return ""
        state = os.stat(self.program)
        return f"{self.program}:{state.st_mtime_ns}:{state.st_size}"

    def _packages(self) -> list[Path]:
        if self.program is None:
            return [Path(sysconfig.get_paths()["purelib"])]
        home = Path(self.program).resolve().parent.parent
        return [*sorted(home.glob("lib/python3*/site-packages")), home / "Lib" / "site-packages"]


def digest(checkov: Checkov, template: str, policies: Mapping[str, str], checks: Sequence[str]) -> str | None:
    """The name of an answer among others: of all that it is made from. None where the version cannot be told."""
    if not checkov.stamp:
        return None
    parts = [checkov.stamp, str(checkov.python), _LAUNCHER.read_text(encoding="utf-8"), template]
    parts += [json.dumps(sorted(policies.items())), json.dumps(sorted(checks))]
    return "checkov-" + hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def find(named: str | None) -> Checkov | None:
    """The checkov to use: the one named, this environment's, or the first on PATH. None where there is none.

    Raises UsageError where the one that is named is no program.
    """
    named = named or os.environ.get(VARIABLE) or None
    if named is not None:
        path = shutil.which(named)
        if path is None:
            raise UsageError(f"no checkov at '{named}': name a program (--checkov-path, {VARIABLE})")
        return Checkov(path, _python_of(path))
    from importlib.util import find_spec

    if find_spec("checkov") is not None:
        return Checkov(None, sys.executable)
    path = shutil.which("checkov")
    return Checkov(path, _python_of(path)) if path else None


def _python_of(program: str) -> str | None:
    """The interpreter that the first line of a script names, where there is one."""
    try:
        with open(program, "rb") as file:
            head = file.read(1024)
    except OSError:
        return None
    match = _EXEC.match(head) or _SHEBANG.match(head)
    if match is None:
        return None
    return shutil.which(os.fsdecode(next(group for group in match.groups() if group)))


class Process:
    """A checkov at work; `answer` waits for what it says."""

    def __init__(
        self, checkov: Checkov, template: str | None, resources: int, policies: Mapping[str, str] = {},
        checks: Sequence[str] = (),
    ) -> None:  # fmt: skip
        """Start it on a template (None only lists its checks), with users' policies by file name.

        `resources`: how many the template has. `checks`: only these; all where it is empty.
        """
        self.checkov = checkov
        self.seconds = _BASE_SECONDS + resources * _SECONDS_A_RESOURCE
        self._folder = tempfile.mkdtemp(prefix="archproof-")
        try:
            self._process = self._start(template, policies, checks)
        except BaseException:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise
        self._end = weakref.finalize(self, _end, self._process, self._folder)
        """Also when nobody waits for the answer any more."""

    def _start(
        self, template: str | None, policies: Mapping[str, str], checks: Sequence[str]
    ) -> subprocess.Popen[bytes] | OSError:
        folder = Path(self._folder)
        for name in ("home", "policies", "guard"):
            (folder / name).mkdir()
        if template is not None:
            (folder / "template.json").write_text(template, encoding="utf-8")
        for name, text in policies.items():
            (folder / "policies" / name).write_text(text, encoding="utf-8")
        command = self._command(folder, template is not None, bool(policies), checks)
        with (folder / "out").open("wb") as out, (folder / "err").open("wb") as err:
            try:
                return subprocess.Popen(
                    command, cwd=folder / "home", env=_environment(folder), stdin=subprocess.DEVNULL, stdout=out,
                    stderr=err, start_new_session=True,
                )  # fmt: skip
            except OSError as error:
                return error

    def _command(self, folder: Path, scan: bool, policies: bool, checks: Sequence[str]) -> list[str]:
        template = str(folder / "template.json")
        if self.checkov.python is not None:
            launcher = folder / "launcher.py"
            shutil.copyfile(_LAUNCHER, launcher)
            request = {
                "template": template if scan else None,
                "policies": [str(folder / "policies")] if policies else [],
                "checks": list(checks),
            }
            (folder / "request.json").write_text(json.dumps(request), encoding="utf-8")
            return [self.checkov.python, str(launcher), str(folder / "request.json"), str(folder / "answer.json")]
        assert self.checkov.program is not None
        if not scan:
            return [self.checkov.program, "--list", "--framework", "cloudformation"]
        more = ["--external-checks-dir", str(folder / "policies")] if policies else []
        more += ["--check", ",".join(checks)] if checks else []
        return [
            self.checkov.program, "-f", template, "--framework", "cloudformation", "--output", "json", "--compact",
            "--skip-download", *more,
        ]  # fmt: skip

    def answer(self) -> dict[str, Any]:
        """Wait for it and return what it found, in the launcher's words. Raises CheckovError."""
        try:
            if isinstance(self._process, OSError):
                raise CheckovError(f"it cannot be started ({self._process.strerror or self._process})")
            try:
                status = self._process.wait(self.seconds)
            except subprocess.TimeoutExpired:
                raise CheckovError(f"it was stopped after {self.seconds:,.0f} seconds") from None
            return self._read(status)
        finally:
            self._end()

    def _read(self, status: int) -> dict[str, Any]:
        folder = Path(self._folder)
        launched = self.checkov.python is not None
        path = folder / ("answer.json" if launched else "out")
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            raise CheckovError(f"it ended with status {status}{_last_line(folder / 'err')}") from None
        answer = found if launched else _translated(found, str(folder / "template.json"))
        if not isinstance(answer, dict) or "error" in answer:
            why = answer.get("error") if isinstance(answer, dict) else "no report"
            raise CheckovError(f"it failed: {why}")
        return answer


def _end(process: subprocess.Popen[bytes] | OSError, folder: str) -> None:
    """End a process and what it started, and remove its folder."""
    if isinstance(process, subprocess.Popen):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
        process.wait()
    shutil.rmtree(folder, ignore_errors=True)


def _environment(folder: Path) -> dict[str, str]:
    """The environment of the process: nobody's home, no settings, no network."""
    (folder / "guard" / "sitecustomize.py").write_text(_GUARD, encoding="utf-8")
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    proxies = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"), _NOWHERE)
    return {
        **kept, **proxies,
        "HOME": str(folder / "home"), "USERPROFILE": str(folder / "home"), "TMPDIR": str(folder),
        "PYTHONUSERBASE": os.environ.get("PYTHONUSERBASE") or os.path.expanduser(os.path.join("~", ".local")),
        "PYTHONPATH": str(folder / "guard"), "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1",
        "LOG_LEVEL": "ERROR", "BC_SKIP_MAPPING": "TRUE", "CKV_SKIP_PACKAGE_UPDATE_CHECK": "TRUE",
    }  # fmt: skip


_GUARD = """import sys


def refuse(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        raise PermissionError("archproof gives checkov no network")


sys.addaudithook(refuse)
"""
"""What a Python that we start no script of our own in runs first."""


def _translated(found: Any, template: str) -> Any:
    """checkov's own JSON report in the launcher's words; the report of no checks at all has no results."""
    if isinstance(found, list):
        found = next((part for part in found if part.get("check_type") == "cloudformation"), None)
    if not isinstance(found, dict):
        return None
    summary, results = found.get("summary", found), found.get("results", {})
    if not isinstance(summary, dict) or "resource_count" not in summary or "failed" not in summary:
        return None
    records = {name: results.get(f"{name}_checks", []) for name in ("failed", "passed", "skipped")}
    return {
        "version": str(summary.get("checkov_version")),
        "count": summary["resource_count"],
        "parsing_errors": results.get("parsing_errors", []),
        "ran": len(told := sorted({record["check_id"] for kind in records.values() for record in kind})),
        "told": told,
        **{name: [_record(record) for record in records[name]] for name in ("failed", "skipped")},
    }


def _record(record: dict[str, Any]) -> dict[str, Any]:
    result = record["check_result"]
    return {
        "check": record["check_id"], "name": record["check_name"], "resource": record["resource"],
        "keys": [str(key) for key in result.get("evaluated_keys") or ()], "guideline": record.get("guideline"),
        "reason": result.get("suppress_comment"),
    }  # fmt: skip


def _last_line(path: Path) -> str:
    with contextlib.suppress(OSError):
        lines = path.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        if lines:
            return f": {lines[-1][:300]}"
    return ""
