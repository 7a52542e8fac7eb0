"""A snapshot folder: the answers of a scan as files, each written whole or not at all, so that a scan can go on later.

`ACCOUNT/REGION/SERVICE.OPERATION.json` holds what AWS answered, in the shape of AWS's command line, with `Asked` beside
it; `global` is the region of calls that are asked once an account. `.archproof-snapshot.json` says how values are kept.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from archproof import files
from archproof.errors import InputError, Location, Problem, UsageError
from archproof.sources.aws.jobs import Job, question_key
from archproof.sources.live import Unread
from archproof.sources.responses._call import Answer

MANIFEST = ".archproof-snapshot.json"
VERSION = 1
SIGN_IN = "sts.GetCallerIdentity.json"
"""The file, at the top, of what is unread because nobody could sign in."""


class Store:
    """The folder of one snapshot."""

    def __init__(self, folder: str | Path, with_values: bool, resume: bool) -> None:
        """Raises UsageError where the folder holds something that is not to be gone on with."""
        self.folder = Path(folder)
        said = {"Version": VERSION, "Values": "plain" if with_values else "hashed"}
        if self.folder.exists() and not self.folder.is_dir():
            raise UsageError(f"{folder} is a file, and a snapshot is a folder")
        there = self.folder.is_dir() and any(self.folder.iterdir())
        if there and not resume:
            raise UsageError(f"{folder} is not empty; --resume goes on with a snapshot that was broken off")
        if there and (known := self._manifest()) != said:
            raise UsageError(
                f"{folder} cannot be gone on with: it holds {known.get('Values', 'unknown')} values in version "
                f"{known.get('Version', '?')}, and {said['Values']} ones in version {VERSION} are wanted"
            )
        self.resume = there
        files.write(self.folder / MANIFEST, json.dumps(said) + "\n")

    def _manifest(self) -> dict[str, Any]:
        path = self.folder / MANIFEST
        if not path.is_file():
            raise UsageError(f"{self.folder} is not empty and holds no snapshot of an account")
        said = _read(path)
        return said if isinstance(said, dict) else {}

    def path(self, job: Job) -> Path:
        """The file of a job's answers."""
        account, region, name = job.order
        return self.folder / account / region / name

    def known(self, job: Job) -> dict[int, Answer]:
        """The whole answers that the folder has already. Raises InputError for a file that is no answer."""
        path = self.path(job)
        if not self.resume or not path.is_file():
            return {}
        held = _read(path)
        asked = held.get("Asked") if isinstance(held, dict) else None
        if not isinstance(asked, dict):
            raise InputError([Problem(Location(str(path)), "no answer of a snapshot: `Asked` is missing")])
        if job.call.per is None:
            value = {k: v for k, v in held.items() if k != "Asked"}
            return {} if asked.get("Unread") else {0: self._answer(job, {}, value)}
        there = {}
        for entry in held.get("Answers", ()):
            if isinstance(entry, dict) and isinstance(entry.get("Answer"), dict) and entry.get("Whole", True) is True:
                there[question_key(entry.get("Asked"))] = entry["Answer"]
        numbered = enumerate(job.questions)
        return {n: self._answer(job, q, there[question_key(q)]) for n, q in numbered if question_key(q) in there}

    def _answer(self, job: Job, asked: Mapping[str, Any], value: dict[str, Any]) -> Answer:
        return Answer(job.call, job.account.number, job.region, asked, value)

    def keep(self, job: Job) -> None:
        """Write the answers of a job. Raises UsageError where that cannot be done."""
        answers = job.done()
        unread = [unread.as_dict() for answer in answers for unread in answer.unread]
        said: dict[str, Any] = {
            "Asked": {
                "Service": job.call.service, "Operation": job.call.operation, "Account": job.account.number,
                "Region": job.region, "Requests": job.requests, "Unread": unread,
            }
        }  # fmt: skip
        if job.call.per is None:
            said.update(answers[0].value if answers else {})
        else:
            entries: list[dict[str, Any]] = []
            for answer in answers:
                if answer.whole:
                    entries.append({"Asked": dict(answer.asked), "Answer": answer.value})
                elif answer.value:
                    entries.append({"Asked": dict(answer.asked), "Answer": answer.value, "Whole": False})
            said["Answers"] = entries
        files.write(self.path(job), json.dumps(said, indent=1, ensure_ascii=False) + "\n")

    def not_signed_in(self, unread: list[Unread]) -> None:
        """Write, or take away, what is unread because accounts could not be signed in to or listed."""
        path = self.folder / SIGN_IN
        if unread:
            asked = {"Service": "sts", "Operation": "GetCallerIdentity", "Account": None, "Region": None}
            said = {"Asked": {**asked, "Requests": len(unread), "Unread": [u.as_dict() for u in unread]}}
            files.write(path, json.dumps(said, indent=1, ensure_ascii=False) + "\n")
        elif path.is_file():
            path.unlink()


def _read(path: Path) -> Any:
    """The value of a file of JSON. Raises InputError."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise InputError([Problem(Location(str(path)), f"cannot be read: {error}")]) from None
