"""How values and kinds are written: units, numbers, nouns, and titles within a sentence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from archproof.model.architecture import ABBREVIATIONS

if TYPE_CHECKING:
    from archproof.model.base import Component

UNITS = {
    "s": "s", "ms": "ms", "mb": "MB", "kb": "KiB", "gb": "GB", "gib": "GiB", "days": "days", "min": "min", "hours": "h",
    "percent": "%", "rps": "requests/s",
}  # fmt: skip
"""The last word of a field's name, and the unit that it stands for."""
NOUNS = {
    "person": "people", "external_system": "external system", "lambda": "Lambda function", "rds": "RDS database",
    "aurora": "Aurora cluster", "alb": "Application Load Balancer", "nlb": "Network Load Balancer",
    "cloudfront": "CloudFront distribution", "cognito_app_client": "app client", "s3_bucket": "S3 bucket",
    "cognito_user_pool": "Cognito user pool", "cognito_identity_pool": "Cognito identity pool",
    "event_rule": "EventBridge rule", "event_bus": "EventBridge bus", "dynamodb_table": "DynamoDB table",
    "security_hub": "Security Hub", "certificate": "ACM certificate", "secret": "Secrets Manager secret",
    "state_machine": "Step Functions workflow", "kinesis_stream": "Kinesis stream", "firehose": "Firehose stream",
    "elasticache": "ElastiCache cluster", "alarm": "CloudWatch alarm", "dashboard": "CloudWatch dashboard",
    "log_group": "log group", "waf": "WAF web ACL", "rds_proxy": "RDS Proxy", "lambda_layer": "Lambda layer",
    "schedule": "EventBridge schedule", "event_pipe": "EventBridge pipe",
}  # fmt: skip
"""Kinds whose name in sentences is not their id with spaces."""
PLURALS = {"people": "people", "Security Hub": "Security Hub"}
LONGEST_TITLE = 90


def kind_noun(component: Component) -> str:
    """What a component is, as a sentence calls it."""
    if component.kind == "resource":
        return str(getattr(component, "type", "AWS resource"))
    return noun(component.kind)


def noun(kind: str) -> str:
    """What a kind is called."""
    if kind in NOUNS:
        return NOUNS[kind]
    return " ".join(w.upper() if w in ABBREVIATIONS else w for w in kind.split("_"))


def plural(word: str, number: int = 2) -> str:
    """A noun for a number of things."""
    if number == 1:
        return word
    if word in PLURALS:
        return PLURALS[word]
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "x", "ch")) else "s")


def article(word: str) -> str:
    """`a` or `an` before a word, as it is spoken."""
    first = word.split(" ")[0]
    spoken_letters = first.isupper() and first[:1] in "AEFHILMNORSX"
    return "an" if spoken_letters or (not first.isupper() and first[:1].lower() in "aeiou") else "a"


GENERIC = frozenset({
    "api", "application", "archive", "balancer", "bucket", "bus", "cache", "cdn", "client", "cluster", "dashboard",
    "database", "distribution", "end", "function", "gateway", "group", "host", "index", "key", "name", "network",
    "pipeline", "pool", "proxy", "queue", "role", "secret", "server", "service", "store", "stream", "system",
    "table", "topic",
})  # fmt: skip
"""Words that say what a thing is: a title that ends in one takes an article within a sentence."""
PLAIN = GENERIC | {"user", "identity", "connection", "load", "web"}
"""Words that a sentence writes small."""


def the(title: str) -> str:
    """A title within a sentence: `the user pool`, `the Orders function`; as it stands where it is a name."""
    words = [w.strip("()") for w in title.split()]
    if not words or words[-1].lower() not in GENERIC or words[0].lower() in ("the", "a", "an", "our"):
        return title
    plain = all(w.lower() in PLAIN and ((w[:1].isupper() and w[1:].islower()) or w.islower()) for w in words)
    return f"the {title[:1].lower() + title[1:] if plain else title}"


def sentence(title: str) -> str:
    """A title cut to what a sentence can hold."""
    text = " ".join(title.split())
    return text if len(text) <= LONGEST_TITLE else text[: LONGEST_TITLE - 1] + "…"


def number_text(value: float) -> str:
    """A number with thousands apart and no more decimals than it has, two at most (one from ten on)."""
    rounded = round(value, 2 if abs(value) < 10 else 1)
    return f"{int(rounded):,}" if rounded == int(rounded) else f"{rounded:,}"


def amount(value: float, unit: str) -> str:
    """A number and its unit, in the unit that reads best: `1,048,576 bytes` is `1 MiB`."""
    if unit == "bytes":
        for size, name in BYTES:
            if value >= size and value % size == 0:
                return f"{number_text(value / size)} {name}"
    if unit in ("count", ""):
        return number_text(value)
    if unit == "days" and value == 1:
        return "1 day"
    return f"{number_text(value)} {unit}" if unit != "%" else f"{number_text(value)} %"


BYTES = (
    (1024**4, "TiB"), (1000**4, "TB"), (1024**3, "GiB"), (1000**3, "GB"), (1024**2, "MiB"), (1000**2, "MB"),
    (1024, "KiB"), (1000, "kB"),
)  # fmt: skip


def spoken(text: str) -> str:
    """Seconds and bytes in a text in the unit that one would say: `1,800 s` is `30 min`, `262,144 bytes` `256 KiB`."""
    text = re.sub(r"\b([\d,]+) bytes\b", lambda m: amount(int(m[1].replace(",", "")), "bytes"), text)
    return re.sub(r"\b([\d,]+) s\b", lambda m: duration(int(m[1].replace(",", ""))), text)


def duration(seconds: float) -> str:
    """A time in hours, minutes or seconds, whichever is whole."""
    if seconds >= 7200 and seconds % 3600 == 0:
        return f"{number_text(seconds / 3600)} h"
    return f"{number_text(seconds / 60)} min" if seconds >= 120 and seconds % 60 == 0 else f"{number_text(seconds)} s"


def value_text(value: Any, field: str) -> str:
    """A value as sentences write it, with the unit in which the field's name ends."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        unit = UNITS.get(field.rsplit("_", 1)[-1], "") if "_" in field or field in UNITS else ""
        return amount(value, unit)
    if isinstance(value, dict):
        return ", ".join(f"{k}: {value_text(v, '')}" for k, v in value.items()) or "empty"
    if isinstance(value, list | tuple):
        return ", ".join(value_text(v, "") for v in value) or "none"
    if hasattr(value, "model_dump"):
        return value_text(value.model_dump(exclude_none=True, by_alias=True, exclude_defaults=True), "")
    return re.sub(r"\s+", " ", str(value))
