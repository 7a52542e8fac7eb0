"""Answers without their secrets: cleaned before anything is kept."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from archproof import facts
from archproof.sources.hiding import hidden

_PLAIN = (None, "", "PLAINTEXT")
"""The types of a variable whose value is the value itself, and not where it is kept."""
_SIGNED = ("X-Amz-Signature=", "X-Amz-Security-Token=", "&Signature=")
_SECURE = "SecureString"
_NAMES = ("name", "Name", "Key", "key")
_VALUES = ("value", "Value")
_UNITS = ("seconds", "minutes", "hours", "days")
_DROP = object()


class Cleaner:
    """Takes the secrets out of answers: hashes values, drops passwords, links and what is no text."""

    def __init__(self, salt: str, with_values: bool = False) -> None:
        self.salt = salt
        self.with_values = with_values
        self._fields = facts.secret_fields()

    def clean(self, value: Any) -> Any:
        """The value in JSON's types alone, without secrets. Maps and lists are changed in place."""
        kept = self._clean(value)
        return None if kept is _DROP else kept

    def _clean(self, value: Any) -> Any:
        if isinstance(value, str):
            return _DROP if len(value) > 100 and any(mark in value for mark in _SIGNED) else value
        if isinstance(value, dict):
            return self._map(value)
        if isinstance(value, list):
            value[:] = [kept for kept in map(self._clean, value) if kept is not _DROP]
            return value
        if value is None or isinstance(value, bool | int | float):
            return value
        if isinstance(value, datetime):
            return value.isoformat()
        return _DROP  # bytes, and bodies that are read from the wire

    def _map(self, held: dict[str, Any]) -> dict[str, Any]:
        held.pop("ResponseMetadata", None)
        if held.get("Type") == _SECURE:
            held.pop("Value", None)
        for name, value in list(held.items()):
            field = self._fields.get(name)
            kept = self._clean(value) if field is None else self._secret(name, value, field)
            if name == "Properties" and isinstance(kept, str):
                kept = self._text(kept)
            if kept is _DROP:
                del held[name]
            elif kept is not value:
                held[name] = kept
        return held

    def _text(self, text: str) -> str:
        """The properties of a resource as a text of JSON, in which Cloud Control tells them."""
        try:
            return json.dumps(self.clean(json.loads(text)))
        except (ValueError, RecursionError):
            return text

    def _secret(self, name: str, value: Any, field: facts.SecretField) -> Any:
        """What is kept of a field that may hold a secret."""
        if field.treatment == "drop":
            if value in _UNITS:  # `TokenValidityUnits` has the unit of each token under the token's name
                return value
            return _DROP if isinstance(value, str | bytes) or field.form == "any" else self._clean(value)
        if self.with_values:
            return self._clean(value)
        if field.form == "text":
            return self._hash(name, value) if isinstance(value, str) else self._start_script(name, value)
        if field.form == "variables" and isinstance(value, dict):
            if isinstance(value.get("Variables"), dict):
                value["Variables"] = self._pairs(value["Variables"])
            return self._clean({k: v for k, v in value.items() if k != "Error"})
        return self._pairs(value)

    def _start_script(self, name: str, value: Any) -> Any:
        """`{"UserData": {"Value": …}}`, as an attribute of an instance is told."""
        if isinstance(value, dict) and isinstance(value.get("Value"), str):
            return {"Value": self._hash(name, value["Value"])}
        return self._clean(value)

    def _pairs(self, value: Any) -> Any:
        """Variables, as a map or as a list of names and values."""
        if isinstance(value, dict):
            return {k: self._hash(k, v) if isinstance(v, str) else self._clean(v) for k, v in value.items()}
        for pair in value if isinstance(value, list) else ():
            if not isinstance(pair, dict) or pair.get("type", pair.get("Type")) not in _PLAIN:
                continue
            called = next((pair[k] for k in _NAMES if isinstance(pair.get(k), str)), "")
            for key in _VALUES:
                if isinstance(pair.get(key), str):
                    pair[key] = self._hash(called, pair[key])
        return self._clean(value)

    def _hash(self, name: str, value: str) -> str:
        return hidden(name, value, self.salt)
