"""Encodings, hashes and addresses."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import ipaddress
import json
import uuid
from typing import Any
from urllib.parse import quote_plus, unquote_plus

from archproof.sources.hcl.evaluation import MAX_TEXT, as_number, as_text, whole
from archproof.sources.hcl.symbols import Failure

_HTML = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def json_text(value: Any) -> str:
    """JSON as Terraform writes it: compact, keys in order, `<`, `>` and `&` escaped."""
    return json.dumps(_sorted(value), separators=(",", ":"), ensure_ascii=False).translate(_HTML)


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _sorted(value[k]) for k in sorted(value)}
    return [_sorted(v) for v in value] if isinstance(value, list) else value


def json_value(text: Any) -> Any:
    """The value of a JSON text. Raises Failure."""
    try:
        found = json.loads(as_text(text))
    except (ValueError, RecursionError) as error:
        raise Failure(f"jsondecode(): {str(error)[:80]}") from None
    return _whole(found)


def _whole(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _whole(v) for k, v in value.items()}
    return [_whole(v) for v in value] if isinstance(value, list) else whole(value) if type(value) is float else value


def _yamldecode(text: Any) -> Any:
    from archproof.errors import InputError
    from archproof.model.yaml import parse

    try:
        parsed = parse(as_text(text), "yamldecode()", tags=False)
    except InputError as error:
        raise Failure(str(error)[:200]) from None
    if parsed.problems:
        raise Failure(str(parsed.problems[0])[:200])
    return _whole(parsed.value)


def _yamlencode(value: Any) -> str:
    import yaml

    class _Dumper(yaml.SafeDumper):
        """Quotes texts as Terraform does, and has no aliases."""

        def ignore_aliases(self, data: Any) -> bool:
            return True

    _Dumper.add_representer(str, lambda d, s: d.represent_scalar("tag:yaml.org,2002:str", s, style='"'))
    text: str = yaml.dump(_sorted(value), Dumper=_Dumper, default_flow_style=False, width=1 << 30)
    return text


def _csvdecode(text: Any) -> list[dict[str, str]]:
    rows = list(csv.reader(io.StringIO(as_text(text))))
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:] if row] if rows else []


def _base64decode(text: Any) -> str:
    return base64.b64decode(as_text(text), validate=True).decode("utf-8")


def _hash(name: str, encode: Any = None) -> Any:
    def hashed(text: Any) -> str:
        digest = hashlib.new(name, as_text(text).encode("utf-8"), usedforsecurity=False)
        return base64.b64encode(digest.digest()).decode() if encode else digest.hexdigest()

    return hashed


_NAMESPACES = {"dns": uuid.NAMESPACE_DNS, "url": uuid.NAMESPACE_URL, "oid": uuid.NAMESPACE_OID,
               "x500": uuid.NAMESPACE_X500}  # fmt: skip


def _uuidv5(namespace: Any, name: Any) -> str:
    space = _NAMESPACES.get(as_text(namespace)) or uuid.UUID(as_text(namespace))
    return str(uuid.uuid5(space, as_text(name)))


def _network(prefix: Any) -> Any:
    address, _, length = as_text(prefix).partition("/")
    if not length:
        raise Failure(f"'{as_text(prefix)[:40]}' is no block of addresses, such as '10.0.0.0/16'")
    return ipaddress.ip_network(f"{address}/{length}", strict=False)


def _cidrsubnet(prefix: Any, newbits: Any, number: Any) -> str:
    network, bits, at = _network(prefix), int(as_number(newbits)), int(as_number(number))
    length = network.prefixlen + bits
    if bits < 0 or length > network.max_prefixlen:
        raise Failure(f"{bits} more bits than the /{network.prefixlen} have no room in an address")
    if not 0 <= at < 1 << bits:
        raise Failure(f"{bits} bits have no subnet number {at}")
    start = int(network.network_address) + (at << (network.max_prefixlen - length))
    return f"{network.network_address.__class__(start)}/{length}"


def _cidrsubnets(prefix: Any, *newbits: Any) -> list[str]:
    network = _network(prefix)
    position = int(network.network_address)
    end = position + network.num_addresses
    found = []
    for extra in newbits:
        length = network.prefixlen + int(as_number(extra))
        if length > network.max_prefixlen:
            raise Failure(f"a /{length} has no room in an address")
        size = 1 << (network.max_prefixlen - length)
        position = -(-position // size) * size
        if position + size > end:
            raise Failure(f"no room for a /{length} in {network}")
        found.append(f"{network.network_address.__class__(position)}/{length}")
        position += size
    return found


def _cidrhost(prefix: Any, number: Any) -> str:
    network, at = _network(prefix), int(as_number(number))
    if not -network.num_addresses <= at < network.num_addresses:
        raise Failure(f"{network} has no address number {at}")
    return str(network[at])


def _cidrnetmask(prefix: Any) -> str:
    return str(_network(prefix).netmask)


def _base64encode(text: Any) -> str:
    raw = as_text(text).encode("utf-8")
    if len(raw) > MAX_TEXT:
        raise Failure("a text that is too long")
    return base64.b64encode(raw).decode()


FUNCTIONS = {
    "base64decode": _base64decode,
    "base64encode": _base64encode,
    "base64sha256": _hash("sha256", encode=True),
    "base64sha512": _hash("sha512", encode=True),
    "cidrhost": _cidrhost,
    "cidrnetmask": _cidrnetmask,
    "cidrsubnet": _cidrsubnet,
    "cidrsubnets": _cidrsubnets,
    "csvdecode": _csvdecode,
    "jsondecode": json_value,
    "jsonencode": json_text,
    "md5": _hash("md5"),
    "sha1": _hash("sha1"),
    "sha256": _hash("sha256"),
    "sha512": _hash("sha512"),
    "textdecodebase64": lambda t, e: base64.b64decode(as_text(t)).decode(as_text(e)),
    "textencodebase64": lambda t, e: base64.b64encode(as_text(t).encode(as_text(e))).decode(),
    "urlencode": lambda t: quote_plus(as_text(t), safe="-_.~"),
    "urldecode": lambda t: unquote_plus(as_text(t)),
    "uuidv5": _uuidv5,
    "yamldecode": _yamldecode,
    "yamlencode": _yamlencode,
}
