"""What the readers of plans and states share: items of a tree of modules, places, secrets, region and account."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from archproof.errors import Location
from archproof.model.yaml import Mark
from archproof.resources.resource import Path, Resources
from archproof.sources._binding import bind
from archproof.sources.terraform.addresses import key_text
from archproof.sources.terraform.item import Item
from archproof.sources.terraform.translation import Translation, mapping_of
from archproof.sources.terraform.values import NOT_KNOWN, Sensitive

_ARN = re.compile(r"arn:(aws[a-z-]*):[a-z0-9-]+:([a-z]{2}(?:-[a-z]+)+-\d)?:(\d{12})?:")
_ID = re.compile(
    r"(?:[a-z][a-z0-9]{0,15}-(?:attach-|rule-|assoc-)?[0-9a-f]{8}(?:[0-9a-f]{9})?|arn:aws.*|"
    r"[\w.-]+\.(?:amazonaws\.com|cloudfront\.net))\Z"
)  # fmt: skip
_SECRET = re.compile(r"(?:^|_)(?:password|secret_string|secret_binary|secret|private_key|auth_token|private_key_pem)\Z")
"""Arguments that are secrets whatever the file says of them: older versions mark none."""
_FOREIGN_SECRETS = {
    "random_password": frozenset({"result", "bcrypt_hash"}),
    "random_bytes": frozenset({"base64", "hex"}),
    "local_sensitive_file": frozenset({"content", "content_base64"}),
    "vault_generic_secret": frozenset({"data_json"}),
}
"""Arguments of other providers' types that are secrets, whatever their name; states of old versions mark none."""
DEEP = 64
"""How deep modules may stand in one another."""


def tree(module: Any, path: Path, depth: int = 0) -> Iterator[tuple[dict[str, Any], str, Path]]:
    """Every resource of a module and the modules in it: what is said of it, its address, its place."""
    if not isinstance(module, dict) or depth > DEEP:
        return
    prefix = module.get("address")
    for position, entry in enumerate(_list(module.get("resources"))):
        if isinstance(entry, dict) and isinstance(entry.get("type"), str):
            yield entry, address(entry, prefix if isinstance(prefix, str) else ""), (*path, "resources", position)
    for position, inner in enumerate(_list(module.get("child_modules"))):
        yield from tree(inner, (*path, "child_modules", position), depth + 1)


def address(entry: dict[str, Any], module: str) -> str:
    """The absolute address of an instance; early versions leave the module or the key out."""
    text = entry.get("address")
    if not isinstance(text, str):
        text = f"{'data.' if entry.get('mode') == 'data' else ''}{entry.get('type')}.{entry.get('name')}"
    if module and not text.startswith(f"{module}."):
        text = f"{module}.{text}"
    key = entry.get("index")
    if isinstance(key, int | str) and not text.endswith("]"):
        text += key_text(key)
    return text


def unique(text: str, taken: dict[str, Any]) -> str:
    """An address that no other item has."""
    wanted, number = text, 1
    while text in taken:
        number += 1
        text = f"{wanted}#{number}"
    return text


def locator(mark: Mark, place: Path, *inner: Path) -> Callable[[Path | None], Location]:
    """Places of an item at `place` of a file; its arguments stand in the first of `inner` that has them."""

    def locate(path: Path | None) -> Location:
        at = mark.within(place)
        if not path:
            return at.entry()
        for base in inner:
            found = mark.within(base)
            if path[0] in (found.children or ()):
                return found.within(path).entry()
        return at.entry()

    return locate


def without_secrets(item_type: str, values: dict[str, Any]) -> dict[str, Any]:
    """The values of an item with `Sensitive` in place of what its type or its name says is a secret."""
    mapping = mapping_of(item_type)
    own = mapping.secret if mapping else _FOREIGN_SECRETS.get(item_type, frozenset())

    def hide(value: Any, depth: int) -> Any:
        if isinstance(value, dict):
            return {k: Sensitive() if secret(k, v, depth) else hide(v, depth + 1) for k, v in value.items()}
        return [hide(v, depth) for v in value] if isinstance(value, list) else value

    def secret(name: str, value: Any, depth: int) -> bool:
        if isinstance(value, NOT_KNOWN) or not isinstance(value, str) or not value:
            return False
        return name in own or (bool(_SECRET.search(name)) and not value.startswith("arn:"))

    found = hide(values, 0)
    return found if isinstance(found, dict) else {}


def secrets_of(before: Any, after: Any) -> Iterator[str]:
    """The texts of `before` that `after` hides."""
    if isinstance(after, Sensitive):
        yield from _texts(before)
    elif isinstance(before, dict) and isinstance(after, dict):
        for key, value in before.items():
            yield from secrets_of(value, after.get(key))
    elif isinstance(before, list) and isinstance(after, list):
        for one, other in zip(before, after, strict=False):
            yield from secrets_of(one, other)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)


def masked_text(text: str, secrets: set[str]) -> str:
    """The text of a file with stars, as many as letters, in place of every secret in it."""
    for secret in sorted(secrets, key=lambda s: (-len(s), s)):
        for form in {json.dumps(secret), json.dumps(secret, ensure_ascii=False)}:
            if len(form) > 3:
                text = text.replace(form, f'"{"*" * (len(form) - 2)}"')
    return text


def home(items: list[Item]) -> tuple[str | None, str | None]:
    """The region and the account that most ARNs of the items are in."""
    regions: Counter[str] = Counter()
    accounts: Counter[str] = Counter()
    for item in items:
        for name in ("arn", "id", "availability_zone", "owner_id"):
            value = item.values.get(name)
            if not isinstance(value, str):
                continue
            if match := _ARN.match(value):
                regions.update([match[2]] if match[2] else [])
                accounts.update([match[3]] if match[3] else [])
            elif name == "availability_zone" and re.fullmatch(r"[a-z]{2}(-[a-z]+)+-\d[a-z]", value):
                regions[value[:-1]] += 1
            elif name == "owner_id" and re.fullmatch(r"\d{12}", value):
                accounts[value] += 1
    return _most(regions), _most(accounts)


def _most(found: Counter[str]) -> str | None:
    return min(found, key=lambda k: (-found[k], k)) if found else None


def bind_literals(translation: Translation, resources: Resources) -> None:
    """Bind the ids and ARNs in all properties to the resources that have them."""
    identities: dict[str, tuple[str, str | None]] = {}
    for made in translation.made.values():
        for name, answer in made.mapping.answers.items():
            value = made.item.values.get(name)
            if not isinstance(value, str) or not _ID.match(value) or answer.startswith(("sub:", "first:", "=")):
                continue
            identities.setdefault(value, (made.resource.logical_id, None if answer == "Ref" else answer))
    bind(resources, identities)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
