"""Whether two single values are the same to AWS: numbers as text, names whose case AWS lowers, ARNs and names of one
thing, durations, moments, addresses."""

from __future__ import annotations

import base64
import binascii
import ipaddress
import re
from datetime import UTC, datetime
from typing import Any

# names in whose values AWS changes the case: hosts, identifiers, engines, words of a closed list
_CASELESS = re.compile(
    r"(name|names|identifier|identifiers|domain|domains|host|hosts|hostname|dns|email|engine|protocol|protocols|type|"
    r"types|mode|class|family|method|methods|state|status|level|window|endpoint|username|mac|cidr|ip|ips|address|"
    r"effect|action|actions|notaction|algorithm|unit|version|scheme|day|dayofweek|timezone|location|encoding)$", re.I,
)  # fmt: skip
# values whose case is the user's own, whatever their names end in
_CASED = re.compile(r"(displayname|s3key|parametername|variablename|tagkey|attributename|fieldname)$", re.I)
_HOSTED = re.compile(
    r"(names?|domains?|hosts?|dns|endpoints?|records|aliases|url|urls|uri|uris|origins?|target|location|issuer|path|arn)$",
    re.I,
)
"""Properties that hold the name of a host or the address of a page."""
_DIGEST = re.compile(r"^([0-9a-fA-F]{2}:?){16,64}$")
_MAIL = re.compile(r"^[^\s@<>]+@[\w-]+(\.[\w-]+)+$")
_SIZE = re.compile(r"^(\d*\.?\d+) ?(vcpu|gb)$")
"""Shares of a machine, which AWS keeps as 1,024 of them, or as mebibytes."""
_HOST = re.compile(r"^[\w*-]+(\.[\w*-]+)+\.?$")
_ARN = re.compile(r"^arn:aws[\w-]*:([\w-]*):([\w-]*):([\w-]*):(.+)$", re.S)
_VERSION = re.compile(r"^(?!tls|ssl)([a-z]+_)?v?\d+(\.\d+)*$")
_DURATION = re.compile(r"^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$")
_RATE = re.compile(r"^\s*rate\(\s*(\d+)\s+(minute|hour|day)s?\s*\)\s*$", re.I)
_MINUTES = {"minute": 1, "hour": 60, "day": 1440}
_SECONDS = (604_800, 86_400, 3_600, 60, 1)
_MOMENT = re.compile(r"^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$")
_KIND = re.compile(r"^/?(hostedzone|delegationset|change|healthcheck|key)/(?=[^/]+$)")
_NUMBER = re.compile(r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$")
_QUEUE = re.compile(r"^https://(?:sqs\.([\w-]+)|([\w-]+)\.queue)\.amazonaws\.com(?:\.cn)?/(\d{12})/([\w.-]+)$")
_KEY = re.compile(r"^arn:[\w-]+:kms:[\w-]*:\d*:(key/)?|^key/")
_KEY_ID = re.compile(r"^[\w-]{20,}$")
_LATEST = {"latest", "$latest", "$default"}
_REGION = re.compile(r"\.(s3|s3-website)[.-][a-z]{2}(?:-[a-z]+)+-\d\.amazonaws\.com")
_PROTOCOLS = {"1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6", "all": "-1"}
ALIAS = "an alias of a key and the key it stands for cannot be told apart from two different keys here"


def canonical(value: Any) -> str:
    """One text for the ways to write a truth value or a number that is not in a text; a text as it is."""
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return value.lower() if value in ("True", "False") else str(value)


def as_number(value: Any) -> int | float | None:
    """The number that a value is or holds as a text; None where it is none."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return value
    text = value.strip() if isinstance(value, str) else ""
    if len(text) > 40 or not _NUMBER.match(text):
        return None
    return int(text) if text.lstrip("+-").isdigit() else float(text)


def same(
    declared: Any, live: Any, name: str, *, words: bool = False, fixed: bool = False, number: bool = False
) -> bool | str:
    """Compare two scalars.

    name: the property, which tells how AWS treats the text.
    number: whether the property is a number, so that "1.0" is 1; a version is none.
    words: whether the values are a closed list of words.
    fixed: whether the property cannot change while the resource lives, so that another way to write it is no drift.
    Returns True, False, or a sentence that says why nobody can tell.
    """
    if declared == live:
        return True
    a, b = canonical(declared), canonical(live)
    if a == b:
        return True
    if isinstance(declared, bool) or isinstance(live, bool):
        return False
    if isinstance(declared, int | float) != isinstance(live, int | float) and _epoch(declared, live):
        return True
    if number or isinstance(declared, int | float) or isinstance(live, int | float):
        one = as_number(declared)
        if one is not None and one == as_number(live):
            return True
    return _texts(a, b, name, words, fixed)


def _texts(a: str, b: str, name: str, words: bool, fixed: bool) -> bool | str:
    """Compare two texts that differ: first what they are, then how they may be written."""
    if a.replace("\r\n", "\n").strip() == b.replace("\r\n", "\n").strip():
        return True
    low, other = a.lower(), b.lower()
    if low == other:
        return _case(a, b, name, words, fixed)
    if name != "AliasName" and _is_key(name, a, b):
        return _keys(a, b)
    if name.endswith(("rotocol", "rotocols")) and _PROTOCOLS.get(low, low) == _PROTOCOLS.get(other, other):
        return True
    if name == "AccessString":
        return _users(a) == _users(b)
    if name.endswith("ersion") and _versions(low, other):
        return True
    if _HOSTED.search(name) and _hosts(low, other):
        return True
    if name in ("Cpu", "Memory") and _size(low) == _size(other) is not None:
        return True
    if "PublicKey" in name and a.startswith(("ssh-", "ecdsa-", "sk-")) and a.split()[:2] == b.split()[:2]:
        return True  # without the comment at its end
    if name == "Url" and low == f"https://{other}":
        return True
    return _things(a, b, name) or _addresses(a, b) or _times(a, b) or _spaced(a, b) or _encoded(a, b)


def _case(a: str, b: str, name: str, words: bool, fixed: bool) -> bool:
    """Whether texts that differ in case only name the same."""
    if words or fixed or name in ("Action", "NotAction"):
        return True
    if _DIGEST.match(a) or (b == a.lower() and _MAIL.match(a)):
        return True
    if _CASED.search(name) or not name[:1].isupper():
        return False
    if re.search(r"(types?|protocols?|mode|engine|status|state)(name)?$", name, re.I):
        return True
    return b == a.lower() and bool(_CASELESS.search(name) or (_HOSTED.search(name) and _HOST.match(a)))


def _size(text: str) -> float | None:
    """A share of a machine as AWS keeps it."""
    found = _SIZE.match(text)
    return float(found[1]) * 1024 if found else as_number(text)


def _versions(a: str, b: str) -> bool:
    """Whether a version is what a declared beginning of one, or the latest, came to."""
    if a in _LATEST:
        return bool(re.match(r"^v?\d", b))
    if a.endswith(".x"):
        return b.startswith(a[:-1])
    return bool(_VERSION.match(a)) and b.startswith((a + ".", a + "-")) and b[len(a) + 1 : len(a) + 2].isdigit()


def _users(text: str) -> list[str]:
    """The words of a Redis access string; a user starts with no command, whether or not that is said."""
    words = text.split()
    commands = [at for at, word in enumerate(words) if word[0] in "+-"]
    if commands and words[commands[0]] == "-@all":
        del words[commands[0]]
    return words


def _is_key(name: str, a: str, b: str) -> bool:
    return "alias/" in a or "alias/" in b or ":kms:" in a or ":kms:" in b or name.lower().startswith("kms")


def _keys(a: str, b: str) -> bool | str:
    """Compare two names of a KMS key."""
    if a.startswith("arn:") and b.startswith("arn:") and (":alias/" in a) == (":alias/" in b):
        return False
    tails = [_KEY.sub("", text) for text in (a, b)]
    if tails[0] == tails[1]:
        return True
    aliases = [tail.startswith("alias/") for tail in tails]
    if aliases[0] != aliases[1] and _KEY_ID.match(tails[aliases[0]]):
        return ALIAS
    return False


def _hosts(a: str, b: str) -> bool:
    """Compare hosts and addresses of pages: a last dot or slash, and the region of a bucket's host, say nothing."""
    if "." not in a or " " in a:
        return a.rstrip("/") == b.rstrip("/") != "" and "/" in a + b and " " not in a
    a, b = (_REGION.sub(r".\1.amazonaws.com", x.rstrip("/")) for x in (a, b))
    if a == b:
        return True
    return (a.rstrip(".") == b.rstrip(".") and bool(_HOST.match(a))) or (
        a.endswith(".amazonaws.com") and b == f"dualstack.{a}"
    )


def _things(a: str, b: str, name: str) -> bool:
    """Whether an ARN, an identifier, a name or an address names the same thing as another."""
    one, two = _ARN.match(a), _ARN.match(b)
    if one and two:
        return a.removesuffix(":*") == b.removesuffix(":*")
    if one or two:
        arn, short = (one, b) if one else (two, a)
        assert arn
        return _names(arn, short)
    if name.endswith(("Id", "Ids", "Arn", "Arns", "Identifier")):
        # an identifier with the kind of thing before it: /hostedzone/Z1, key/1234
        return a == _KIND.sub("", b) or b == _KIND.sub("", a)
    return False


def _names(arn: re.Match[str], short: str) -> bool:
    """Whether a short text names what an ARN does."""
    service, region, account, rest = arn.groups()
    rest = rest.removesuffix(":*")
    if not short or not rest or ("*" in short and not short.startswith(("execute-api:/", "/aws/"))):
        # everything is more than everything of one thing
        return False
    if service == "execute-api" and short.startswith("execute-api:/"):
        return rest.partition("/")[2] == short.removeprefix("execute-api:/")
    queue = _QUEUE.match(short)
    if service == "sqs" and queue:
        return ((queue[1] or queue[2]), queue[3], queue[4]) == (region, account, rest)
    if service == "iam" and rest == "root":
        return short == account
    if service == "secretsmanager":
        rest = re.sub(r"-\w{6}$", "", rest) if not re.search(r"-\w{6}$", short) else rest
    if service in ("ecs", "batch", "lambda") and ":" not in short:
        # a family or a function by its name is its newest revision
        rest = re.sub(r":\d+$", "", rest)
    short = short.removesuffix(":*")
    if re.match(r"^\d{12}:", short):
        short = short[13:]
    return rest == short or rest.endswith(("/" + short, ":" + short))


def _addresses(a: str, b: str) -> bool:
    """Whether two texts are the same IP address or network."""
    if not (a[:1].isalnum() or a[:1] == ":") or not any(c in a for c in ".:") or len(a) > 50 or len(b) > 50:
        return False
    try:
        return ipaddress.ip_network(a, strict=False) == ipaddress.ip_network(b, strict=False)
    except ValueError:
        return False


def _times(a: str, b: str) -> bool:
    """Whether two texts are the same duration or the same moment."""
    if a.startswith("P") and b.startswith("P"):
        one, two = _DURATION.match(a), _DURATION.match(b)
        return bool(one and two) and _seconds(one) == _seconds(two)
    rates = [_RATE.match(text) for text in (a, b)]
    if all(rates):
        return len({int(r[1]) * _MINUTES[r[2].lower()] for r in rates if r}) == 1
    one, two = _moment(a), _moment(b)
    return one is not None and one == two


def _seconds(duration: re.Match[str] | None) -> float:
    groups = duration.groups() if duration else ()
    return sum(float(g or 0) * unit for g, unit in zip(groups, _SECONDS, strict=False))


def _moment(text: str) -> Any:
    if not _MOMENT.match(text):
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found


def _epoch(a: Any, b: Any) -> bool:
    """Whether one value is a moment and the other its seconds, or thousandths, since 1970."""
    text, number = (a, b) if isinstance(a, str) else (b, a)
    moment = _moment(text) if isinstance(text, str) else None
    return moment is not None and number in (moment.timestamp(), moment.timestamp() * 1000)


def _spaced(a: str, b: str) -> bool:
    """Whether two expressions or lists in a text differ in white space only."""
    if len(a) < 200_000 and re.match(r"\s*(cron|rate|at)\s*\(|[\w*.-]+\s*,|\{|\[|<|fields\b|select\b", a, re.I):
        return " ".join(a.split()).replace(", ", ",") == " ".join(b.split()).replace(", ", ",")
    return "\n" in a and [x.rstrip() for x in a.splitlines()] == [x.rstrip() for x in b.splitlines()]


def _encoded(a: str, b: str) -> bool:
    """Whether one text is the other in base64."""
    if len(a) > 200_000 or len(b) > 200_000:
        return False
    for plain, coded in ((a, b), (b, a)):
        if len(coded) >= 8 and len(coded) % 4 == 0 and len(coded) >= len(plain) * 4 / 3:
            try:
                if base64.b64decode(coded, validate=True) == plain.encode():
                    return True
            except (binascii.Error, ValueError):
                continue
    return False
