"""Services of AWS that are public by nature: APIs, distributions, function URLs; and what of them is open to anyone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from archproof.model.architecture import Architecture
from archproof.resources.resource import Resource, Resources
from archproof.resources.values import known

V2, REST, URL = "AWS::ApiGatewayV2::Api", "AWS::ApiGateway::RestApi", "AWS::Lambda::Url"
TYPES: dict[str, str] = {
    V2: "", REST: "", URL: "", "AWS::CloudFront::Distribution": "open to anyone",
    "AWS::AppSync::GraphQLApi": "", "AWS::Cognito::UserPool": "sign-in", "AWS::Cognito::IdentityPool": "token needed",
}  # fmt: skip
"""Types that take calls from the internet, and what a caller needs where the type itself says it."""
_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "x-amazon-apigateway-any-method")
_SHOWN = 2


class Door(NamedTuple):
    """A service that takes calls from the internet."""

    resource: Resource
    says: str
    """What a caller needs: `open to anyone`, `token needed`, `open: GET /health`."""
    open: bool
    """Whether some of it takes calls without any authorization."""


def doors(architecture: Architecture, resources: Resources) -> Iterator[Door]:
    """Every public service of a system."""
    for type, says in TYPES.items():
        for resource in resources.of_type(type):
            if type in (V2, REST):
                found = _api(architecture, resources, resource)
                if found is not None:
                    yield found
            elif type == URL:
                is_open = known(resources, resource.get("AuthType")) == "NONE"
                yield Door(resource, "open to anyone" if is_open else "IAM needed", is_open)
            elif type == "AWS::AppSync::GraphQLApi":
                kind = str(known(resources, resource.get("AuthenticationType")))
                yield Door(resource, f"{kind.replace('_', ' ').lower()} needed", False)
            else:
                yield Door(resource, says, says == "open to anyone")


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
        return Door(api, "every route needs a caller's proof", False)
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
    for route in resources.users(api, "AWS::ApiGatewayV2::Route"):
        yield str(known(resources, route.get("RouteKey"))), _free(resources, route)
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
