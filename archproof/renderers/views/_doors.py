"""Services that the internet meets without a network: APIs, function URLs, distributions, open buckets and queues."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from archproof.facts import rows
from archproof.iam.attached import attached
from archproof.iam.policies import Statement
from archproof.iam.requests import Context, Principal
from archproof.model import verbs
from archproof.model.architecture import Architecture
from archproof.proofs.needs import KINDS
from archproof.resources.resource import Resource, Resources
from archproof.resources.values import known

V2, REST, URL, GRAPHQL = (
    "AWS::ApiGatewayV2::Api", "AWS::ApiGateway::RestApi", "AWS::Lambda::Url", "AWS::AppSync::GraphQLApi",
)  # fmt: skip
_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "x-amazon-apigateway-any-method")
_SHOWN = 2


class Door(NamedTuple):
    """A service that takes calls from the internet."""

    resource: Resource
    says: str
    """What a caller needs: `open to anyone`, `token needed`, `open: GET /health`."""
    open: bool
    """Whether some of it takes calls without any authorization."""
    port: str = "443"
    """The ports that it is met on."""


def doors(architecture: Architecture, resources: Resources) -> Iterator[Door]:
    """Every public service of a system: those that are so by nature, then those whose own policy lets anyone in."""
    for type in (V2, REST):
        for api in resources.of_type(type):
            found = _api(architecture, resources, api)
            if found is not None:
                yield found
    for url in resources.of_type(URL):
        is_open = known(resources, url.get("AuthType")) == "NONE"
        yield Door(url, "open to anyone" if is_open else "IAM needed", is_open)
    for graph in resources.of_type(GRAPHQL):
        if known(resources, graph.get("Visibility")) != "PRIVATE":
            kind = str(known(resources, graph.get("AuthenticationType")))
            yield Door(graph, f"{kind.replace('_', ' ').lower()} needed", False)
    for row in rows("public_services"):
        for resource in resources.of_type(row["type"]):
            if not _is(resources, resource, row["private_if"]) and _is(resources, resource, row["only_if"], True):
                yield _by_nature(resources, resource, row)
    yield from opened(resources)


def _by_nature(resources: Resources, resource: Resource, row: dict[str, str]) -> Door:
    """A service that facts tell to be public."""
    if row["action"] and anyone(resources, resource, row["action"]) == "allowed":
        return Door(resource, "open to anyone", True, row["port"])
    is_open = not row["needs"] or _is(resources, resource, row["open_if"])
    return Door(resource, "open to anyone" if is_open else row["needs"], is_open, row["port"])


def _is(resources: Resources, resource: Resource, said: str, nothing: bool = False) -> bool:
    """Whether a resource is as facts say: `Path.To=value`, or `Path.To` for a property that it has; `;` for or."""
    if not said:
        return nothing
    for part in said.split(";"):
        path, equals, value = part.partition("=")
        held = known(resources, resource.get(*path.split(".")))
        if held is not None and (not equals or str(held).lower() == value.lower()):
            return True
    return False


# -- what a policy opens


def opened(resources: Resources) -> Iterator[Door]:
    """Resources whose own policy, or ACL, lets anyone on the internet use them."""
    held = attached(resources)
    for resource in resources:
        kind = KINDS.get(resource.type)
        if kind is None or resource.type in (V2, REST):
            continue
        said: dict[str, str] = {}
        policy = () if resource.type == _BUCKET and _guarded(resources, resource, _POLICIES) else None
        if policy is None and any(_for_all(s) for s in held.resource_policy(resource) or ()):
            for verb in verbs.table():
                if verb.target == kind and verb.holder == "source" and verb.actions:
                    action, behind = verb.actions[0]
                    said.setdefault(anyone(resources, resource, action, behind), verb.title)
        if resource.type == _BUCKET and _listed(resources, resource):
            said.setdefault("allowed", "lists")
        port = "80, 443" if resource.has("WebsiteConfiguration") else "443"
        if "allowed" in said:
            yield Door(resource, f"anyone {said['allowed']}", True, port)
        elif "conditional" in said:
            yield Door(resource, f"{said['conditional']} on conditions", False, port)


_BUCKET = "AWS::S3::Bucket"
_POLICIES, _ACLS = ("BlockPublicPolicy", "RestrictPublicBuckets"), ("BlockPublicAcls", "IgnorePublicAcls")
_ABSENT = (
    "aws:sourcevpce", "aws:sourcevpc", "aws:principalorgid", "aws:principalaccount", "aws:principalarn",
    "aws:sourcearn", "aws:sourceaccount", "kms:calleraccount", "kms:viaservice",
)  # fmt: skip
"""Condition keys that a call from the internet, by nobody that AWS knows, does not have."""


def _guarded(resources: Resources, bucket: Resource, blocks: tuple[str, ...]) -> bool:
    """Whether a block of public access is on. A new bucket has all of them unless it says otherwise."""
    if not bucket.has("PublicAccessBlockConfiguration"):
        return bucket.physical_id is None
    return any(known(resources, bucket.get("PublicAccessBlockConfiguration", b)) in (True, "true") for b in blocks)


def _listed(resources: Resources, bucket: Resource) -> bool:
    """Whether the ACL of a bucket is public, and heeded."""
    said = known(resources, bucket.get("AccessControl"))
    return said in ("PublicRead", "PublicReadWrite") and not _guarded(resources, bucket, _ACLS)


def _for_all(statement: Statement) -> bool:
    """Whether a statement may speak of anyone."""
    return statement.effect == "Allow" and any(name == "*" for _, name in statement.principals or ())


def anyone(resources: Resources, on: Resource, action: str, behind: str = "") -> str:
    """What it comes to when somebody on the internet, whom no account knows, does something to a resource."""
    held = attached(resources)
    arn = held.names.arn(on) + (behind if behind.startswith("/") else "")
    absent = Context(dict.fromkeys(_ABSENT, ()))
    return held.decide(Principal("anonymous"), action, on, arn=arn, context=absent).verdict


# -- APIs


def _api(architecture: Architecture, resources: Resources, api: Resource) -> Door | None:
    """An API; None for one that only a VPC reaches."""
    types = known(resources, api.get("EndpointConfiguration", "Types"))
    if isinstance(types, list) and "PRIVATE" in types:
        return None
    routes = dict(_routes(architecture, resources, api))
    free = [name for name, is_open in routes.items() if is_open]
    if not routes:
        return Door(api, "routes not known", False)
    if not free:
        return Door(api, "every route authorized", False)
    if len(free) == len(routes):
        return Door(api, "open to anyone", True)
    more = f" and {len(free) - _SHOWN} more" if len(free) > _SHOWN else ""
    return Door(api, f"open: {', '.join(free[:_SHOWN])}{more}", True)


def _routes(architecture: Architecture, resources: Resources, api: Resource) -> Iterator[tuple[str, bool]]:
    """The routes of an API, each with whether it takes calls from anyone."""
    component = architecture.components.get(api.component or "")
    declared: Any = getattr(component, "routes", None)
    if isinstance(declared, dict) and declared:
        guarded = getattr(component, "authorizer", None) is not None
        for key, route in declared.items():
            auth = getattr(route, "auth", None)
            yield str(key), auth == "open" or (auth is None and not guarded)
        return
    sockets = known(resources, api.get("ProtocolType")) == "WEBSOCKET"
    for route in resources.users(api, "AWS::ApiGatewayV2::Route"):
        key = str(known(resources, route.get("RouteKey")))
        if not sockets or key == "$connect":  # of a WebSocket API only the connection is authorized
            yield key, _free(resources, route)
    if api.type == V2 and api.has("Target"):
        yield "$default", True
    for method in resources.users(api, "AWS::ApiGateway::Method"):
        held = resources.target(method.get("ResourceId"))
        place = str(known(resources, held.get("PathPart"))) if held is not None and held is not api else ""
        verb = str(known(resources, method.get("HttpMethod")))
        if verb != "OPTIONS":
            yield f"{verb} …/{place}" if place else f"{verb} /", _free(resources, method)
    yield from _body(api.get("Body"))


def _free(resources: Resources, route: Resource) -> bool:
    said = known(resources, route.get("AuthorizationType"))
    key = known(resources, route.get("ApiKeyRequired"))
    return said in (None, "NONE") and key not in (True, "true")


def _body(body: Any) -> Iterator[tuple[str, bool]]:
    """The routes of an OpenAPI definition."""
    paths = body.get("paths") if isinstance(body, dict) else None
    for path, methods in paths.items() if isinstance(paths, dict) else ():
        for method, said in methods.items() if isinstance(methods, dict) else ():
            if method.lower() in _METHODS and method.lower() != "options" and isinstance(said, dict):
                verb = "ANY" if method.startswith("x-") else method.upper()
                yield f"{verb} {path}", not said.get("security", body.get("security"))
