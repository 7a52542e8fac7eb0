"""Ids of components: `OrdersFunction` is `orders_function`, `module.api.aws_lambda_function.orders` is `orders`.

A template's logical id was chosen by somebody and becomes the id, word by word. What has an address (of Terraform,
of an account) has a logical id that its reader made: there the shortest name that tells it from all others is
taken, first that of what people ask for (a function before its role).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator

from archproof.resources.lowering._context import logical_id as lowered
from archproof.resources.resource import Resource
from archproof.sources.lifting import _origins

_WORDS = re.compile(r"DynamoDB|GraphQL|MySQL|NoSQL|OAuth|IoT|[A-Z]{2,}s(?![a-z])|[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+|[0-9]+")
_STEP = re.compile(r'([A-Za-z_][\w-]*)|\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]')
_TERRAFORM = re.compile(r'(?:module\.[\w-]+(?:\[[^\]]*\])?\.)*(?:data\.)?aws_\w+\.[\w-]+(?:\[(?:\d+|".*")\])?')
_TAIL = re.compile(r"[a-z][a-z0-9-]*-[0-9a-f]*([0-9a-f]{4})")
_GENERAL = ("this", "main", "default", "example", "self", "resource", "the")
"""Names of Terraform resources that say nothing."""
_BESIDE = (
    "iam_role", "iam_policy", "log_group", "kms_key", "security_group", "certificate", "alarm", "subnet",
    "route_table", "dns_record", "event_rule", "launch_template", "target_group", "listener", "internet_gateway",
    "nat_gateway", "network_acl", "vpc_endpoint", "flow_log", "lambda_layer", "dashboard", "ssm_parameter",
)  # fmt: skip
"""Kinds that stand beside what people ask for."""
MAX = 63


def identifier(logical_id: str) -> str:
    """The id that a logical id (or any name) becomes: lower-case words with underscores between them."""
    words = _WORDS.findall(logical_id)
    text = ""
    for word in words:
        text += word if word.isdigit() or not text else f"_{word.lower()}"
    return _sound(text.lower())


def identifiers(resources: Iterable[Resource], reserved: Container[str] = ()) -> dict[str, str]:
    """Ids for all of these by logical id, each its own, none of `reserved`, and no two that lower to one logical id."""
    listed = list(resources)
    taken: set[str] = set()
    found: dict[str, str] = {}

    def free(name: str) -> bool:
        return name not in taken and lowered(name) not in taken and name not in reserved

    def take(resource: Resource, name: str) -> None:
        taken.update((name, lowered(name)))
        found[resource.logical_id] = name

    if named_by_tool(listed):
        _shortest(listed, free, take)
    for resource in listed:
        if resource.logical_id in found:
            continue
        wanted = name = identifier(resource.logical_id)
        number = 1
        while not free(name):
            number += 1
            name = f"{wanted[: MAX - len(str(number))]}{number}"
        take(resource, name)
    return {r.logical_id: found[r.logical_id] for r in listed}


def named_by_tool(resources: Iterable[Resource]) -> bool:
    """Say whether nobody chose the logical ids of these resources: their reader made them of addresses."""
    return all(r.address is not None for r in resources)


def ending(owner: Resource, resource: Resource) -> str:
    """What a resource is called in `resources` of the component that it belongs to."""
    if resource.address is not None and _TERRAFORM.fullmatch(resource.address):
        base = [name or key or number for name, key, number in map(re.Match.groups, _STEP.finditer(resource.address))]
        at = -2 if resource.address.endswith("]") else -1
        own = "" if base[at].lower() in _GENERAL else lowered(_words(base[at]))
        return resource.type.rsplit("::", 1)[-1] + own + "".join(lowered(_words(b)) for b in base[at:][1:])
    rest = resource.logical_id.removeprefix(owner.logical_id)
    return rest if rest[:1].isupper() else resource.logical_id


def _shortest(listed: list[Resource], free: Callable[[str], bool], take: Callable[[Resource, str], None]) -> None:
    """Give every resource the first of its names that only it has among those that are as important."""
    heads: dict[str, int] = {}
    for resource in listed:
        head = (resource.address or "").partition("[")[0]
        heads[head] = heads.get(head, 0) + 1
    names = {r.logical_id: list(dict.fromkeys(_names(r, heads))) for r in listed}
    ranks = {r.logical_id: _rank(r.type) for r in listed}
    pending = listed
    for level in range(max((len(n) for n in names.values()), default=0)):
        wanted: dict[str, list[Resource]] = {}
        for resource in pending:
            held = names[resource.logical_id]
            wanted.setdefault(held[min(level, len(held) - 1)], []).append(resource)
        for name, rivals in wanted.items():
            best = min(ranks[r.logical_id] for r in rivals)
            first = [r for r in rivals if ranks[r.logical_id] == best]
            if len(first) == 1 and free(name):
                take(first[0], name)
                names[first[0].logical_id] = []
        pending = [r for r in pending if names[r.logical_id]]
    for resource in pending:
        wanted_name = name = names[resource.logical_id][-1]
        number = 1
        while not free(name):
            number += 1
            name = f"{wanted_name[: MAX - len(str(number))]}{number}"
        take(resource, name)


def _names(resource: Resource, heads: dict[str, int]) -> Iterator[str]:
    """The names that a resource may have, from the shortest on."""
    noun = identifier(resource.type.rsplit("::", 1)[-1])
    address = resource.address or ""
    if _TERRAFORM.fullmatch(address):
        yield from _of_terraform(address, noun, alone=heads[address.partition("[")[0]] == 1)
        return
    base = _base(resource, noun)
    if base:
        yield _sound(base)
        yield _joined(base, noun)
    else:
        yield identifier(resource.logical_id)


def _of_terraform(address: str, noun: str, *, alone: bool) -> Iterator[str]:
    """The names of an address: the resource's own, with what it is, with its modules.

    `alone`: whether no other instance of it is there, so that its key says nothing.
    """
    steps = [m.groups() for m in _STEP.finditer(address)]
    texts = [name or key or number or "" for name, key, number in steps]
    keyed = steps[-1][0] is None
    key = _words(texts.pop()) if keyed else ""
    base, kind = texts.pop(), texts.pop()
    scope = "_".join(_words(t) for t in texts if t not in ("module", "data"))
    general = base.lower() in _GENERAL
    own = _words(kind.removeprefix("aws_")) if general else _words(base)
    if keyed and not alone:
        own = f"{own}{key}" if key.isdigit() else f"{own}_{key}"
    full = own if general else _joined(own, noun)
    yield _sound(own)
    yield full
    if general:
        yield _joined(_words(base), own)
    if scope:
        yield _joined(scope, own)
        yield _joined(scope, full)


def _base(resource: Resource, noun: str) -> str:
    """What people call a resource of an account: its tag, its name, or what it is with the end of its id."""
    tags = resource.get("Tags")
    for tag in tags if isinstance(tags, list) else ():
        if isinstance(tag, dict) and tag.get("Key") == "Name" and isinstance(tag.get("Value"), str):
            return _words(tag["Value"])
    id = resource.physical_id or ""
    if match := _TAIL.fullmatch(id):
        return f"{noun}_{match[1]}"
    name = _words(id) if resource.address and resource.address.endswith(id) else ""
    return name if name and lowered(name).lower() in resource.logical_id.lower() else ""


def _joined(first: str, second: str) -> str:
    """Two names as one; the second is left out where the first ends with it."""
    return _sound(first if f"_{first}".endswith(f"_{second}") else f"{first}_{second}")


def _words(name: str) -> str:
    """The words of a name that people wrote."""
    return "_".join(_PARTS.findall(name)).lower()


def _sound(text: str) -> str:
    return (text if text[:1].isalpha() else f"r{text}")[:MAX].rstrip("_") or "r"


def _rank(type: str) -> int:
    """How much people ask for resources of a type: 0 for most."""
    kinds = _origins.kinds_by_type().get(type)
    return 2 if not kinds else 1 if kinds[0] in _BESIDE else 0
