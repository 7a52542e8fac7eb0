"""Functions of times that are given: `formatdate`, `timeadd`, `timecmp`."""

from __future__ import annotations

import datetime
import re
from typing import Any

from archproof.sources.hcl.evaluation import as_text
from archproof.sources.hcl.symbols import Failure

_DURATION = re.compile(r"(-?\d+(?:\.\d+)?)(ms|us|ns|h|m|s)")
_SECONDS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}
_TOKENS = re.compile(r"'(?:[^']|'')*'|YYYY|YY|MMMM|MMM|MM|M|DD|D|EEEE|EEE|hh|h|HH|H|AA|aa|mm|m|ss|s|ZZZZZ|ZZZZ|ZZZ|Z|.")
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December")  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _time(text: Any) -> datetime.datetime:
    try:
        return datetime.datetime.fromisoformat(as_text(text).replace("Z", "+00:00"))
    except ValueError:
        raise Failure(f"'{as_text(text)[:40]}' is no time as RFC 3339 writes it") from None


def _written(time: datetime.datetime) -> str:
    return time.isoformat().replace("+00:00", "Z")


def _timeadd(time: Any, duration: Any) -> str:
    text = as_text(duration)
    if not text or _DURATION.sub("", text) not in ("", "-"):
        raise Failure(f"'{text[:40]}' is no duration, such as '24h'")
    sign = -1 if text.startswith("-") else 1
    seconds = sum(abs(float(n)) * _SECONDS[u] for n, u in _DURATION.findall(text))
    return _written(_time(time) + sign * datetime.timedelta(seconds=seconds))


def _timecmp(one: Any, other: Any) -> int:
    a, b = _time(one), _time(other)
    return (a > b) - (a < b)


def _formatdate(pattern: Any, time: Any) -> str:
    moment = _time(time)
    offset = moment.strftime("%z") or "+0000"
    zone = "Z" if offset == "+0000" else offset[:3] + ":" + offset[3:]
    words = {
        "YYYY": f"{moment.year:04}", "YY": f"{moment.year % 100:02}", "MMMM": _MONTHS[moment.month - 1],
        "MMM": _MONTHS[moment.month - 1][:3], "MM": f"{moment.month:02}", "M": str(moment.month),
        "DD": f"{moment.day:02}", "D": str(moment.day), "EEEE": _DAYS[moment.weekday()],
        "EEE": _DAYS[moment.weekday()][:3], "hh": f"{moment.hour:02}", "h": str(moment.hour),
        "HH": f"{(moment.hour - 1) % 12 + 1:02}", "H": str((moment.hour - 1) % 12 + 1),
        "AA": "AM" if moment.hour < 12 else "PM", "aa": "am" if moment.hour < 12 else "pm",
        "mm": f"{moment.minute:02}", "m": str(moment.minute), "ss": f"{moment.second:02}", "s": str(moment.second),
        "ZZZZZ": offset[:3] + ":" + offset[3:], "ZZZZ": offset, "ZZZ": "UTC" if zone == "Z" else offset, "Z": zone,
    }  # fmt: skip
    return _TOKENS.sub(lambda m: m[0][1:-1].replace("''", "'") if m[0][0] == "'" and len(m[0]) > 1
                       else words.get(m[0], m[0]), as_text(pattern))  # fmt: skip


FUNCTIONS = {"formatdate": _formatdate, "timeadd": _timeadd, "timecmp": _timecmp}
