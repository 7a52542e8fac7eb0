"""What was asked: the calls that the answers of a snapshot belong to, as far as it tells them."""

from __future__ import annotations

import functools
import importlib
import re
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any, NamedTuple

from archproof.discovery import constants
from archproof.sources.live import Unread
from archproof.sources.responses._call import Call, declared, on_demand

Place = tuple[str | None, str | None]
_WORDS = re.compile(r"[^a-z0-9]")


class Heard(NamedTuple):
    """One answer, and what was asked for it."""

    call: Call
    account: str | None
    region: str | None
    asked: Mapping[str, Any] | None
    """The parameters; None where they are not known, or where it stands for all that was asked."""
    value: dict[str, Any]
    whole: bool
    """Whether nothing of it is missing."""
    unread: list[Unread]
    file: str = ""
    """The file that it stands in where nothing says what was asked."""


@functools.cache
def _by_operation() -> dict[str, list[Call]]:
    found: dict[str, list[Call]] = {}
    for call in (*declared(), *on_demand()):
        found.setdefault(call.title, []).append(call)
    return found


@functools.cache
def _lists() -> dict[str, list[Call]]:
    """The calls that need no other, by the key of their answer."""
    found: dict[str, list[Call]] = {}
    for call in declared():
        if call.per is None and call.key and call.lists:
            found.setdefault(call.key, []).append(call)
    return found


@functools.cache
def module_with(call: Call) -> str | None:
    """The module that declares a call."""
    for name in sorted(constants("archproof.sources.responses", "KEYS")):
        if call in getattr(importlib.import_module(name), "CALLS", ()):
            return name
    return None


def call_of(file: str, key: str) -> Call | None:
    """The call that a list stands for: by the name of its file, or by a key that no other call answers with."""
    calls = _lists().get(key, [])
    words = _WORDS.sub("", PurePath(file).stem.lower())
    named = [call for call in calls if words.endswith(call.operation.lower())]
    return named[0] if len(named) == 1 else calls[0] if len(calls) == 1 else None


def asked_of(asked: Mapping[str, Any], stem: str) -> tuple[Call, str | None, str | None, list[Unread]] | None:
    """The call, the account, the region and what is unread, as a snapshot of the tool's own says them."""
    title = f"{asked.get('Service')}:{asked.get('Operation')}"
    calls = _by_operation().get(title, [])
    call = next((c for c in calls if c.file == stem), calls[0] if calls else None)
    if call is None and title.startswith("cloudcontrol:"):
        from archproof.sources.responses import cloud_control

        call = cloud_control.call_named(stem)
    if call is None:
        return None
    account, region = asked.get("Account"), asked.get("Region")
    return (
        call,
        account if isinstance(account, str) else None,
        region if isinstance(region, str) else None,
        unread_of(asked),
    )


def unread_of(asked: Mapping[str, Any]) -> list[Unread]:
    """What a snapshot of the tool's own says is unread."""
    unread = asked.get("Unread")
    return [_unread(entry) for entry in unread if isinstance(entry, dict)] if isinstance(unread, list) else []


def _unread(said: Mapping[str, Any]) -> Unread:
    kept: dict[str, Any] = {"why": "not read", "code": "malformed"}
    kept.update((k, tuple(v) if isinstance(v, list) else v) for k, v in said.items() if k in Unread._fields)
    return Unread(**kept)
