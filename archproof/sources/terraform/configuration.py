"""The section `configuration` of a plan: which expressions say what is only known after apply."""

from __future__ import annotations

from typing import Any

from archproof.sources.terraform.addresses import Named, key_text, modules, named, prefix
from archproof.sources.terraform.values import Reference

_OWN = ("each", "count", "path", "terraform", "self")
"""Names that refer to no resource."""
_DEEP = 64
"""How deep modules may stand in one another."""

Scope = list[tuple[str, str]]
"""The modules that something is in, with their keys."""


class Configuration:
    """What the configuration of a plan says, by module."""

    def __init__(self, value: Any) -> None:
        root = value.get("root_module") if isinstance(value, dict) else None
        self.root: dict[str, Any] = root if isinstance(root, dict) else {}
        self.said = bool(self.root)
        self.providers: dict[str, Any] = _dict(_dict(value).get("provider_config"))
        self._known: dict[tuple[tuple[tuple[str, str], ...], str], tuple[Reference | str, ...]] = {}
        self._tables: dict[tuple[str, ...], dict[str, tuple[list[str | int], dict[str, Any]]]] = {}

    def path(self, scope: Scope) -> list[str | int]:
        """The place of a module in the section."""
        found: list[str | int] = ["root_module"]
        for name, _ in scope:
            found += ["module_calls", name, "module"]
        return found

    def module(self, scope: Scope) -> dict[str, Any]:
        """The configuration of a module; empty where it is not said."""
        found: Any = self.root
        for name, _ in scope:
            found = _dict(_dict(_dict(found.get("module_calls")).get(name)).get("module"))
        return _dict(found)

    def resource(self, scope: Scope, head: str) -> tuple[list[str | int], dict[str, Any]]:
        """The place and the content of a resource or data source; empty where it is not said."""
        return self.resources(scope).get(head, ([], {}))

    def resources(self, scope: Scope) -> dict[str, tuple[list[str | int], dict[str, Any]]]:
        """Everything in a module by its address there."""
        names = tuple(name for name, _ in scope)
        if names not in self._tables:
            table: dict[str, tuple[list[str | int], dict[str, Any]]] = {}
            base = self.path(scope)
            entries = self.module(scope).get("resources")
            for position, entry in enumerate(entries if isinstance(entries, list) else []):
                if isinstance(entry, dict):
                    head = f"{entry.get('type')}.{entry.get('name')}"
                    head = f"data.{head}" if entry.get("mode") == "data" else head
                    table[head] = ([*base, "resources", position], entry)
            self._tables[names] = table
        return self._tables[names]

    def references(self, names: list[Any], scope: Scope) -> list[Reference | str]:
        """What an expression in `scope` refers to: resources, or in words what is none that is known."""
        said: list[str] = []
        found: dict[Reference | str, None] = {}
        for name in names if isinstance(names, list) else []:
            if not isinstance(name, str) or any(s.startswith((f"{name}.", f"{name}[")) or s == name for s in said):
                continue
            said.append(name)
            found.update(dict.fromkeys(self._referred(name, scope)))
        return list(found)

    def _referred(self, name: str, scope: Scope) -> tuple[Reference | str, ...]:
        """What one name refers to; a circle of variables and outputs ends in nothing."""
        key = (tuple(scope), name)
        known = self._known.get(key)
        if known is None:
            self._known[key] = ()
            known = self._known[key] = tuple(self._followed(name, named(name), scope))
        return known

    def _followed(self, name: str, found: Named, scope: Scope) -> list[Reference | str]:
        kind, _, rest = found.head.partition(".")
        if kind in _OWN:
            return []
        if kind == "module" and len(scope) < _DEEP:
            inner = [*scope, (rest, key_text(found.key) or _same_key(scope))]
            outputs = _dict(self.module(inner).get("outputs"))
            wanted = [str(found.path[0])] if found.path else list(outputs)
            expressions = [_dict(_dict(outputs.get(w)).get("expression")).get("references") for w in wanted]
            lists = [e for e in expressions if isinstance(e, list)]
            return self.references([n for e in lists for n in e], inner) or [name]
        if kind == "var":
            call = _dict(_dict(self.module(scope[:-1]).get("module_calls")).get(scope[-1][0])) if scope else {}
            expression = _dict(_dict(call.get("expressions")).get(rest)).get("references")
            results = self.references(expression, scope[:-1]) if isinstance(expression, list) else []
            return results or ([name] if not scope or expression else [])
        if kind in ("local", "module") or "." not in found.head:
            return [name]
        return [Reference(f"{prefix(scope)}{found.head}{key_text(found.key)}", found.path)]


def _same_key(scope: Scope) -> str:
    return scope[-1][1] if scope else ""


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def split(address: str) -> tuple[Scope, str]:
    """An address as the modules that it is in, and what it is called there."""
    scope = modules(address)
    return scope, address[len(prefix(scope)) :]
