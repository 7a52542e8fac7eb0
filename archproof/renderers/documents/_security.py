"""Identity, roles, secrets and encryption."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from archproof.renderers.documents._encryption import Encryption, encryption
from archproof.renderers.documents._evidence import Evidence, Fact
from archproof.renderers.documents._parts import APIS, Parts
from archproof.renderers.documents._reader import Named, Reader
from archproof.resources.resource import Resource, is_symbolic


@dataclass(frozen=True, slots=True)
class Pool:
    """A user pool with its clients."""

    named: Named
    physical_name: Fact
    mfa: Fact
    password: Fact
    min_length: Fact
    sign_up: Fact
    clients: list[Client]


@dataclass(frozen=True, slots=True)
class Client:
    """An app client: how long its tokens live, and whether it has a secret."""

    named: Named
    access: Fact
    id_token: Fact
    refresh: Fact
    secret: Fact


@dataclass(frozen=True, slots=True)
class IdentityPool:
    """An identity pool: which clients it takes, which role it gives and what that role may do."""

    named: Named
    clients: Fact
    role: Named | None
    may: list[Grant]


@dataclass(frozen=True, slots=True)
class Grant:
    """Some actions on some resources."""

    actions: list[str]
    on: list[str]
    wide: bool
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Role:
    """A role: who assumes it and what it may do."""

    id: str
    holder: Named
    trusted: list[str]
    grants: list[Grant]
    managed: list[str]
    evidence: Evidence

    @property
    def merged(self) -> list[Merged]:
        """The grants with those of the same actions on one line."""
        found: dict[tuple[str, ...], list[Grant]] = {}
        for grant in self.grants:
            found.setdefault(tuple(grant.actions), []).append(grant)
        return [
            Merged(list(actions), list(dict.fromkeys(r for g in held for r in g.on)), [g.evidence for g in held])
            for actions, held in found.items()
        ]


@dataclass(frozen=True, slots=True)
class Merged:
    """The same actions on several resources."""

    actions: list[str]
    on: list[str]
    evidence: list[Evidence]


@dataclass(frozen=True, slots=True)
class Route:
    """A route of an API, with who may call it."""

    key: str
    to: Named
    open: bool
    scopes: list[str]
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Api:
    """An API with its authorizer and its routes."""

    named: Named
    authorizer: Fact
    routes: list[Route]

    @property
    def open_routes(self) -> list[Route]:
        """The routes that anyone may call."""
        return [r for r in self.routes if r.open]

    @property
    def guarded(self) -> list[Route]:
        """The routes that take a token."""
        return [r for r in self.routes if not r.open]

    @property
    def unscoped(self) -> list[Route]:
        """The guarded routes that require no scope, so that an ID token passes."""
        return [r for r in self.guarded if not r.scopes]


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret, its rotation and its readers."""

    named: Named
    rotation: Fact
    readers: list[Named]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Transit:
    """How a component keeps what passes it from being read: `kind` is the field that says it."""

    named: Named
    kind: str
    said: Fact


@dataclass(frozen=True, slots=True)
class Security:
    """Everything that the section says."""

    pools: list[Pool]
    identity_pools: list[IdentityPool]
    apis: list[Api]
    roles: list[Role]
    secrets: list[Secret]
    encryption: list[Encryption]
    in_transit: list[Transit]


IN_TRANSIT = ("require_tls", "tls", "certificate", "in_transit_encryption")


def security(reader: Reader, parts: Parts) -> Security:
    """Gather the section."""
    return Security(
        [_pool(reader, p, parts) for p in parts.pools],
        [_identity_pool(reader, p) for p in parts.identity_pools],
        [_api(reader, a) for a in reader.of_kind(*APIS)],
        roles(reader),
        [_secret(reader, s) for s in parts.secrets],
        encryption(reader),
        _in_transit(reader),
    )  # fmt: skip


def _in_transit(reader: Reader) -> list[Transit]:
    return [
        Transit(reader.named(name), "default" if _own_certificate(reader, name, attribute) else attribute,
                reader.field(name, attribute))
        for name in reader.architecture.components for attribute in IN_TRANSIT if reader.has(name, attribute)
    ]  # fmt: skip


def _own_certificate(reader: Reader, name: str, attribute: str) -> bool:
    """Whether a distribution has no certificate of ours, and so answers under CloudFront's own name and certificate."""
    said = reader.field(name, attribute).declared
    return attribute == "certificate" and not said and reader.component(name).kind == "cloudfront"


def _pool(reader: Reader, pool: Named, parts: Parts) -> Pool:
    clients = [c for c in parts.clients if getattr(reader.component(c.id), "pool", None) == pool.id]
    return Pool(
        pool,
        reader.field(pool.id, "physical_name"),
        reader.field(pool.id, "mfa"),
        reader.field(pool.id, "password"),
        reader.field(pool.id, "password", "min_length"),
        reader.field(pool.id, "self_sign_up"),
        [_client(reader, c) for c in clients],
    )


def _client(reader: Reader, client: Named) -> Client:
    secret = next((a for a in ("generate_secret", "secret", "client_secret") if reader.has(client.id, a)), "secret")
    return Client(
        client,
        reader.field(client.id, "access_token_min"),
        reader.field(client.id, "id_token_min"),
        reader.field(client.id, "refresh_token_days"),
        reader.field(client.id, secret),
    )


def _identity_pool(reader: Reader, pool: Named) -> IdentityPool:
    role = getattr(reader.component(pool.id), "authenticated_role", None)
    may = [g for r in roles(reader) if r.holder.id == role for g in r.grants]
    return IdentityPool(pool, reader.field(pool.id, "clients"), reader.named(role) if role else None, may)


def _api(reader: Reader, api: Named) -> Api:
    routes = []
    declared: Any = getattr(reader.component(api.id), "routes", None) or {}
    guarded = reader.field(api.id, "authorizer")
    for key, route in declared.items() if isinstance(declared, dict) else ():
        to = getattr(route, "to", None)
        own = getattr(route, "auth", None)
        evidence = reader.place(("components", api.id, "routes", key), f"{api.id}.routes: {key}")
        is_open = own == "open" or (own is None and not guarded)
        scopes = [str(s) for s in getattr(route, "scopes", None) or ()]
        routes.append(Route(str(key), reader.named(str(to)), is_open, scopes, evidence))
    return Api(api, guarded, routes)


def roles(reader: Reader) -> list[Role]:
    """Every role with its policies in words."""
    return [_role(reader, r) for r in reader.resources.of_type("AWS::IAM::Role")]


def _role(reader: Reader, resource: Resource) -> Role:
    grants = []
    for number, policy in enumerate(resource.get("Policies", default=[]) or []):
        document = policy.get("PolicyDocument", {}) if isinstance(policy, dict) else {}
        for position, statement in enumerate(_list(document.get("Statement"))):
            where = reader.where(resource.location("Policies", number, "PolicyDocument", "Statement", position))
            grants.append(_grant(reader, resource, statement, where))
    managed = [_named_value(reader, a).rsplit("/", 1)[-1] for a in _list(resource.get("ManagedPolicyArns"))]
    trust = _list(resource.get("AssumeRolePolicyDocument", "Statement"))
    trusted = [_named_value(reader, p) for s in trust if isinstance(s, dict) for p in _principals(s.get("Principal"))]
    holder = reader.named(resource.component or resource.logical_id)
    return Role(resource.logical_id, holder, trusted, grants, managed, reader.resource(resource))


def _grant(reader: Reader, role: Resource, statement: Any, where: str) -> Grant:
    actions = [str(a) for a in _list(statement.get("Action"))]
    on = [_named_value(reader, r) for r in _list(statement.get("Resource"))]
    wide = "*" in on or any(a == "*" or a.endswith(":*") for a in actions)
    return Grant(actions, on, wide, Evidence(where, f"{role.logical_id} may {', '.join(actions)} on {', '.join(on)}"))


def _principals(principal: Any) -> list[Any]:
    if isinstance(principal, dict):
        return [p for value in principal.values() for p in _list(value)]
    return _list(principal)


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _named_value(reader: Reader, value: Any) -> str:
    """A value that may name a resource: the component behind it with what follows, else the text."""
    if isinstance(value, str):
        return value
    target = reader.resources.target(value)
    if target is None or not is_symbolic(value):
        text = value.get("Fn::Sub") if isinstance(value, dict) else None
        return str(text[0] if isinstance(text, list) and text else text or value)
    text = value.get("Fn::Sub")
    tail = text.rsplit("}", 1)[-1] if isinstance(text, str) else ""
    return f"{target.component or target.logical_id}{tail}"


def _secret(reader: Reader, secret: Named) -> Secret:
    found = [k for k in reader.links(target=secret.id) if k.verb.verb in ("read", "inject")]
    return Secret(
        secret, reader.field(secret.id, "rotation_days"),
        list({k.source: reader.named(k.source) for k in found}.values()), tuple(reader.link(k) for k in found),
    )  # fmt: skip
