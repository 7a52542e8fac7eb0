"""Policy documents as statements, each knowing where it was said."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from archproof.errors import Location
from archproof.iam import globs
from archproof.iam.conditions import evaluate as evaluate_condition
from archproof.iam.requests import ABSENT, Principal, Request
from archproof.iam.truth import Truth, both, either, every, negate, some
from archproof.iam.variables import substitute

Resolve = Callable[[Any], str]
"""A value of a policy that is no text as one, with holes for what is known only after deployment."""
_ROOT = ":root"
_REGIONAL = re.compile(r"([a-z0-9-]+)(?:\.(?:\x00[^\x00]*\x00|[a-z]{2}(?:-[a-z]+)+-\d))?\.amazonaws\.com(?:\.cn)?")


def as_text(value: Any) -> str:
    """The plain resolver: texts as they are, everything else a hole."""
    return value if isinstance(value, str) else globs.hole(json.dumps(value, sort_keys=True, default=str))


class Statement(NamedTuple):
    """One statement, its texts resolved."""

    effect: str
    """`Allow` or `Deny`."""
    actions: tuple[str, ...]
    not_action: bool = False
    resources: tuple[str, ...] = ("*",)
    not_resource: bool = False
    principals: tuple[tuple[str, str], ...] | None = None
    """(kind, name): kind `AWS`, `Service`, `Federated`, `CanonicalUser` or `*`. None in an identity's policy."""
    not_principal: bool = False
    condition: Any = None
    sid: str = ""
    location: Location = Location("-")
    sure: bool = True
    """Whether it is there for sure: a condition of its template may leave its policy out."""

    def about(self, request: Request) -> tuple[Truth, tuple[str, ...]]:
        """Whether it speaks of the request's action and resource, its condition met; and the keys it hangs on."""
        covers = self.covers(request.action)
        if covers is False:
            return False, ()
        truth = both(covers, self._on(request))
        if not self.sure:
            truth = both(truth, None)
        if truth is False or self.condition is None:
            return truth, ()
        met, keys = evaluate_condition(self.condition, request.context)
        return every((truth, met)), keys

    def covers(self, action: str) -> Truth:
        """Whether it speaks of an action."""
        found = _name_action(self.actions, action)
        return negate(found) if self.not_action else found

    def _on(self, request: Request) -> Truth:
        found: Truth = False
        for pattern in self.resources:
            fits = pattern == "*" or _arn_fits(pattern, request)
            if fits:
                found = True
                break
            if fits is None:
                found = None
        return negate(found) if self.not_resource else found

    def names_session(self, principal: Principal) -> Truth:
        """Whether it names the caller's session: what that grants no boundary and no session policy limits."""
        if not principal.session or self.principals is None or self.not_principal:
            return False
        return some(globs.equal(name, principal.session) for kind, name in self.principals if kind == "AWS")

    def names(self, principal: Principal) -> tuple[Truth, Truth]:
        """Whether it names the caller itself (or everyone), and whether it names the caller's account.

        Naming an account hands the decision to that account's own policies.
        """
        if self.principals is None:
            return True, False
        direct: Truth = False
        account: Truth = False
        for kind, name in self.principals:
            mine, whole = _principal_fits(kind, name, principal)
            direct, account = either(direct, mine), either(account, whole)
        if self.not_principal:
            return negate(either(direct, account)), False
        return direct, account


@functools.lru_cache(maxsize=16384)
def _name_action(patterns: tuple[str, ...], action: str) -> Truth:
    """Whether one of some patterns of actions fits an action; a system has few of both, and asks often."""
    return some(globs.like(pattern, action, fold=True) for pattern in patterns)


def _arn_fits(pattern: str, request: Request) -> Truth:
    text = substitute(pattern, request.context, wild=True)
    if text is None:
        return None
    if text is ABSENT:
        return False
    fits = globs.arn_like(str(text), request.resource)
    if fits is None and request.logical_id and (globs.owner(str(text)) or request.logical_id) != request.logical_id:
        return False
    return fits


def _principal_fits(kind: str, name: str, principal: Principal) -> tuple[Truth, Truth]:
    """Whether an entry of `Principal` is the caller, and whether it is the caller's account."""
    if name == "*" and kind in ("*", "AWS"):
        return True, False
    if principal.kind == "anonymous":
        return False, False
    if kind == "Service":
        return (globs.equal(_service(name), principal.arn) if principal.kind == "service" else False), False
    if kind == "Federated":
        return (globs.equal(name, principal.arn) if principal.kind == "federated" else False), False
    if kind != "AWS" or principal.kind in ("service", "federated"):
        return False, False
    account = name
    if name.startswith("arn:") and name.endswith(_ROOT):
        account = name.split(":")[4]
    if account.isdigit() or account != name:
        same = globs.equal(account, principal.account)
        return (same if principal.kind == "root" else False), same
    if globs.has_hole(name) and not name.startswith("arn:"):
        return None, None  # an account, a role or a unique id: nobody knows yet
    exact = globs.equal(name, principal.arn)
    return (either(exact, globs.equal(name, principal.session)) if principal.session else exact), False


def _service(name: str) -> str:
    """A service's name without the region or the country that old ones carry: `states.eu-west-1.amazonaws.com`."""
    found = _REGIONAL.fullmatch(name)
    return f"{found[1]}.amazonaws.com" if found else name


def statements(document: Any, locate: Callable[..., Location], resolve: Resolve = as_text) -> Iterator[Statement]:
    """The statements of a policy document, a map or JSON text.

    `locate(*path)` tells the place of a path inside the document. A statement that is no map, or whose effect is
    neither Allow nor Deny, is one that nobody can read: it stands as a Deny and an Allow that may hold.
    """
    if isinstance(document, str):
        try:
            document = json.loads(document)
        except ValueError:
            document = None
    held = document.get("Statement") if isinstance(document, dict) else None
    if held is None:
        yield from _unreadable(locate())
        return
    for position, entry in enumerate(held if isinstance(held, list) else [held]):
        path = ("Statement", position) if isinstance(held, list) else ("Statement",)
        if not isinstance(entry, dict) or entry.get("Effect") not in ("Allow", "Deny"):
            yield from _unreadable(locate(*path))
            continue
        yield _statement(entry, locate(*path), resolve)


def _unreadable(place: Location) -> Iterator[Statement]:
    unknown = (globs.hole("unreadable"),)
    for effect in ("Allow", "Deny"):
        yield Statement(effect, unknown, resources=unknown, principals=(("AWS", unknown[0]),), location=place)


def _statement(entry: dict[str, Any], place: Location, resolve: Resolve) -> Statement:
    not_action, not_resource = "NotAction" in entry, "NotResource" in entry
    not_principal = "NotPrincipal" in entry
    resources = entry.get("NotResource") if not_resource else entry.get("Resource", "*")
    sid = entry.get("Sid")
    return Statement(
        entry["Effect"],
        _texts(entry.get("NotAction") if not_action else entry.get("Action"), resolve),
        not_action,
        _texts(resources, resolve),
        not_resource,
        _principals(entry.get("NotPrincipal") if not_principal else entry.get("Principal"), resolve),
        not_principal,
        _resolved(entry.get("Condition"), resolve),
        sid if isinstance(sid, str) else "",
        place,
    )


def _texts(value: Any, resolve: Resolve) -> tuple[str, ...]:
    if value is None:
        return ()
    return tuple([v if type(v) is str else resolve(v) for v in (value if isinstance(value, list) else [value])])


def _principals(value: Any, resolve: Resolve) -> tuple[tuple[str, str], ...] | None:
    if value is None:
        return None
    if value == "*":
        return (("*", "*"),)
    if not isinstance(value, dict) or any(str(k).startswith(("Fn::", "Ref")) for k in value):
        return (("AWS", resolve(value)),)
    return tuple((str(kind), name) for kind, names in value.items() for name in _texts(names, resolve))


def _resolved(block: Any, resolve: Resolve) -> Any:
    """A condition block with its values as texts; a block that is no map of maps as it is."""
    if not isinstance(block, dict):
        return block
    return {
        operator: {key: list(_texts(values, resolve)) for key, values in tests.items()}
        if isinstance(tests, dict) else tests
        for operator, tests in block.items()
    }  # fmt: skip
