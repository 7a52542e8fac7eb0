"""The options that say which accounts of AWS are read, and the line that says how far the reading is."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from archproof.cli import options as shared

if TYPE_CHECKING:
    from archproof.sources.aws.scan import Progress
    from archproof.sources.aws.scope import Scope
    from archproof.sources.live import Unread

AWS = "aws"
"""What stands in place of a file or folder for the live account."""
_EVERY_S = 0.1
_TOLD = 20
"""So many things that could not be read are told one by one."""
_NAMES = (
    "profile", "assume_role", "external_id", "session_name", "organization", "endpoint_url", "threads", "attempts",
    "with_values",
)  # fmt: skip


def add(parser: argparse.ArgumentParser) -> None:
    """The options of a command that reads accounts; `--region` is in `options.add_source` and may be repeated."""
    group = parser.add_argument_group("the live account")
    group.add_argument(
        "--profile", action="append", default=[], metavar="P",
        help="a profile of AWS's configuration files; may be repeated, an account each",
    )  # fmt: skip
    group.add_argument(
        "--assume-role", action="append", default=[], metavar="ARN", help="a role to assume; may be repeated"
    )
    group.add_argument("--external-id", metavar="ID", help="the external id that the roles ask for")
    group.add_argument("--session-name", metavar="NAME", help="the name of the roles' sessions (archproof)")
    group.add_argument("--organization", metavar="ROLE", help="read every account of the organisation by this role")
    group.add_argument("--endpoint-url", metavar="URL", help="send everything there, and not to AWS")
    group.add_argument("--threads", type=int, metavar="N", help="how many calls are under way at a time (16)")
    group.add_argument("--attempts", type=int, metavar="N", help="how often a call is tried before it is given up (8)")
    group.add_argument(
        "--with-values", action="store_true", help="keep the values of environments as they are, and not hashed"
    )


def given(options: argparse.Namespace) -> list[str]:
    """The options about accounts that were given, as they are written."""
    return ["--" + name.replace("_", "-") for name in _NAMES if getattr(options, name, None)]


def scope(options: argparse.Namespace, types: frozenset[str] | None = None) -> Scope:
    """What the options say is to be read. Raises UsageError for what cannot be meant."""
    from archproof.sources.aws.scope import Scope

    said = {
        "session_name": options.session_name, "threads": options.threads, "attempts": options.attempts,
    }  # fmt: skip
    found = Scope(
        profiles=tuple(dict.fromkeys(options.profile)), roles=tuple(dict.fromkeys(options.assume_role)),
        organization_role=options.organization, external_id=options.external_id,
        regions=tuple(dict.fromkeys(getattr(options, "regions", None) or ())), endpoint_url=options.endpoint_url,
        types=types, with_values=options.with_values, **{k: v for k, v in said.items() if v is not None},
    )  # fmt: skip
    found.check()
    return found


class Line:
    """One line on a terminal that says how far a scan is; nothing where standard error is none."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self._begun = time.monotonic()
        self._last = 0.0

    def __call__(self, progress: Progress) -> None:
        """Show how far it is, ten times a second at most."""
        now = time.monotonic()
        if not self._shown or now - self._last < _EVERY_S:
            return
        self._last = now
        rate = progress.requests / max(now - self._begun, _EVERY_S)
        done, all_ = progress.answered, max(progress.questions, 1)
        bar = "━" * (done * 20 // all_)
        text = f"{bar:─<20} {done:,} of {progress.questions:,} questions, {progress.requests:,} calls, {rate:,.0f}/s"
        if progress.accounts > 1:
            text = f"{progress.accounts} accounts {text}"
        if progress.faults:
            text += f", {progress.faults:,} unread"
        sys.stderr.write(f"\r{text}\x1b[K")
        sys.stderr.flush()

    def end(self) -> None:
        """Take the line away."""
        if self._shown and self._last:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def tell_unread(unread: Iterable[Unread]) -> None:
    """Tell on standard error what could not be read, the same reason of one call once."""
    counts = Counter((u.operation or "", u.account or "", u.region or "", u.code, u.why) for u in unread)
    for number, ((operation, account, region, code, why), count) in enumerate(sorted(counts.items())):
        if number == _TOLD:
            shared.note(f"unread: and {len(counts) - _TOLD:,} more")
            return
        place = " ".join(part for part in (operation, account, region) if part)
        times = f" ({count:,} times)" if count > 1 else ""
        shared.note(f"unread: {place}: {code}: {why}{times}")
