"""API Gateway: who may call, how fast, what is logged, and the limits on the way to the functions."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from archproof.resources.resource import Resource
from archproof.validators.context import Context, amount
from archproof.validators.rule import Hit, rule

TYPES = (
    "AWS::ApiGatewayV2::Api", "AWS::ApiGatewayV2::Route", "AWS::ApiGatewayV2::Stage", "AWS::ApiGatewayV2::Integration",
    "AWS::ApiGateway::RestApi", "AWS::ApiGateway::Method", "AWS::ApiGateway::Stage",
)  # fmt: skip
ROUTE, METHOD = "AWS::ApiGatewayV2::Route", "AWS::ApiGateway::Method"
STAGES = ("AWS::ApiGatewayV2::Stage", "AWS::ApiGateway::Stage")
FUNCTION = "AWS::Lambda::Function"


def api_of(r: Resource, ctx: Context) -> Resource | None:
    """The API of a route, a method or a stage."""
    return ctx.resources.target(r.get("ApiId", default=r.get("RestApiId")))


def name_of(r: Resource, ctx: Context) -> str:
    """A route or a method in words: `GET /orders of api`."""
    api = api_of(r, ctx)
    title = api.title if api is not None else r.title
    if r.type == ROUTE:
        return f"{r.get('RouteKey', default='a route')} of {title}"
    resource = ctx.resources.target(r.get("ResourceId"))
    part = resource.get("PathPart") if resource is not None and resource.type == "AWS::ApiGateway::Resource" else ""
    return f"{r.get('HttpMethod', default='a method')} /{part} of {title}"


def _open(r: Resource, ctx: Context) -> bool:
    """Whether nothing authorises: also not an API key, a resource policy or a CORS preflight to be excused."""
    if r.get("HttpMethod") == "OPTIONS" or str(r.get("RouteKey", default="")).startswith(("OPTIONS ", "$disconnect")):
        return False
    if str(r.get("RouteKey", default="")).startswith("$") and r.get("RouteKey") not in ("$default", "$connect"):
        return False  # later messages of a WebSocket are covered by its $connect
    return ctx.text(r, "AuthorizationType", default="NONE") == "NONE"


def _said_open(r: Resource, ctx: Context) -> bool:
    """Whether the model says `auth: open` for the route: a decision, not an omission."""
    component = ctx.component(r)
    routes: Any = getattr(component, "routes", None)
    if not isinstance(routes, dict):
        return False
    if r.type == ROUTE:
        return getattr(routes.get(r.get("RouteKey")), "auth", None) == "open"
    method = str(r.get("HttpMethod"))
    resource = ctx.resources.target(r.get("ResourceId"))
    part = resource.get("PathPart") if resource is not None and resource.type == "AWS::ApiGateway::Resource" else None
    ending = f"/{part}" if part else "/"
    wanted = [route for key, route in routes.items() if key.split(" ")[0] in (method, "ANY") and key.endswith(ending)]
    return bool(wanted) and all(getattr(route, "auth", None) == "open" for route in wanted)


def _authorizers(api: Resource, ctx: Context) -> list[Resource]:
    return ctx.resources.users(api, "AWS::ApiGatewayV2::Authorizer", "AWS::ApiGateway::Authorizer")


@rule(
    "api-route-bypasses-authorizer", "high", ROUTE, METHOD, wa="SEC", fsbp="APIGateway.8",
    title="An authorizer is declared, but a route is left open",
    why="The authorizer guards only the routes that name it; the others answer everyone.",
    fix="Remove the route's own authorization so that the API's `authorizer` covers it, or say `auth: open` on "
    "purpose.",
)  # fmt: skip
def bypasses(r: Resource, ctx: Context) -> Iterator[Hit]:
    api = api_of(r, ctx)
    if api is not None and _open(r, ctx) and not _said_open(r, ctx) and (held := _authorizers(api, ctx)):
        message = f"{name_of(r, ctx)} asks for no authorization, although the API has the authorizer {_label(held[0])}"
        yield Hit(message, "AuthorizationType")


def _label(authorizer: Resource) -> str:
    return str(authorizer.get("Name", default=authorizer.title))


@rule(
    "api-route-open", "medium", ROUTE, METHOD, wa="SEC", fsbp="APIGateway.8",
    title="A route answers everyone, and the API has no authorizer",
    why="Everyone on the internet can call it, and run what stands behind it.",
    fix="Set `authorizer` on the API (`{jwt: …}`), or `auth: iam` on the route; say `auth: open` where it is meant.",
)  # fmt: skip
def route_open(r: Resource, ctx: Context) -> Iterator[Hit]:
    api = api_of(r, ctx)
    if api is None or _private(api) or ctx.flag(r, "ApiKeyRequired", default=False) is True:
        return
    if _open(r, ctx) and not _said_open(r, ctx) and not _authorizers(api, ctx):
        yield Hit(f"{name_of(r, ctx)} asks for no authorization", "AuthorizationType")


def _private(api: Resource) -> bool:
    return "PRIVATE" in (api.get("EndpointConfiguration", "Types", default=[]) or [])


@rule(
    "api-route-open-on-purpose", "info", ROUTE, METHOD, wa="SEC", fsbp="APIGateway.8",
    title="A route is open on purpose",
    why="The model says so; the list of such routes is what a reviewer asks for first.",
    fix="Nothing, where it is meant: a health check, a webhook that verifies a signature.",
)  # fmt: skip
def on_purpose(r: Resource, ctx: Context) -> Iterator[Hit]:
    if _open(r, ctx) and _said_open(r, ctx):
        yield Hit(f"{name_of(r, ctx)} is open on purpose", "AuthorizationType")


@rule(
    "api-scopes-missing", "medium", ROUTE, METHOD, wa="SEC",
    title="A route requires no scope, so an ID token passes for an access token",
    why="An ID token says who someone is and is meant for the application. Without a scope to look for, the authorizer "
    "takes it like an access token.",
    fix="Set `scopes` on the route, and define them in `resource_servers` of the user pool.",
)  # fmt: skip
def scopes(r: Resource, ctx: Context) -> Iterator[Hit]:
    kind = ctx.text(r, "AuthorizationType", default="NONE")
    if kind in ("JWT", "COGNITO_USER_POOLS") and not ctx.items(r, "AuthorizationScopes") and not _symbolic_scopes(r):
        message = f"{name_of(r, ctx)} requires no scope: an ID token passes for an access token"
        yield Hit(message, "AuthorizationScopes")


def _symbolic_scopes(r: Resource) -> bool:
    return isinstance(r.get("AuthorizationScopes"), dict)


@rule(
    "api-throttling-missing", "low", *STAGES, wa="REL SEC",
    title="A stage has no throttle of its own",
    why="One caller can then use up the rate of the whole account, which all APIs in the Region share.",
    fix="Set `throttle` on the API, to what its functions can serve.",
)  # fmt: skip
def throttling(r: Resource, ctx: Context) -> Iterator[Hit]:
    if _throttles(r, ctx) is None:
        yield Hit(f"the stage {r.get('StageName', default='')} of {_api_title(r, ctx)} has no throttle of its own")


def _throttles(r: Resource, ctx: Context) -> tuple[float, tuple[str | int, ...]] | None:
    """The rate of a stage's default throttle, and where it is said."""
    path: tuple[str | int, ...] = ("DefaultRouteSettings", "ThrottlingRateLimit")
    if r.type == "AWS::ApiGateway::Stage":
        for position, entry in enumerate(ctx.items(r, "MethodSettings")):
            if isinstance(entry, dict) and "ThrottlingRateLimit" in entry:
                path = ("MethodSettings", position, "ThrottlingRateLimit")
    if not r.has(*path):
        return None
    rate = ctx.number(r, *path)
    return (math.inf if rate is None else rate), path


def _api_title(r: Resource, ctx: Context) -> str:
    api = api_of(r, ctx)
    return api.title if api is not None else r.title


@rule(
    "api-access-log-off", "medium", *STAGES, wa="OPS SEC", fsbp="APIGateway.1 APIGateway.9",
    title="A stage writes no access log",
    why="Without it nobody can say who called what, and which calls were refused.",
    fix="Leave access logs on (`access_logs: true`).",
)  # fmt: skip
def access_log(r: Resource, ctx: Context) -> Iterator[Hit]:
    key = "AccessLogSettings" if r.type == STAGES[0] else "AccessLogSetting"
    if not r.has(key, "DestinationArn"):
        yield Hit(f"the stage {r.get('StageName', default='')} of {_api_title(r, ctx)} writes no access log")


@rule(
    "api-tracing-off", "info", "AWS::ApiGateway::Stage", wa="OPS", fsbp="APIGateway.3",
    title="A stage is not traced",
    why="Traces begin at the door: without them the time before the function is not seen.",
    fix="Set `tracing` to true.",
)  # fmt: skip
def tracing(r: Resource, ctx: Context) -> Iterator[Hit]:
    if ctx.flag(r, "TracingEnabled", default=False) is False:
        yield Hit(f"the stage {r.get('StageName', default='')} of {_api_title(r, ctx)} is not traced", "TracingEnabled")


@rule(
    "api-cors-everyone", "low", "AWS::ApiGatewayV2::Api", wa="SEC",
    title="Every website may call the API from a browser",
    why="With the origin `*` a page of anyone can use the API in the name of a user who has a token.",
    fix="Name the origins of the front ends in `cors`.",
)  # fmt: skip
def cors(r: Resource, ctx: Context) -> Iterator[Hit]:
    if "*" in ctx.items(r, "CorsConfiguration", "AllowOrigins"):
        yield Hit(f"{r.title} allows every origin", "CorsConfiguration", "AllowOrigins")


@rule(
    "api-timeout-below-function", "medium", "AWS::ApiGatewayV2::Integration", METHOD, wa="REL",
    title="An API gives up before its function",
    why="The caller sees an error while the function still works and costs; the work may be done twice.",
    fix="Set the function's `timeout_s` below the API's limit (29 s REST, 30 s HTTP), or answer 202 and use a queue.",
)  # fmt: skip
def timeout_below(r: Resource, ctx: Context) -> Iterator[Hit]:
    rest = r.type == METHOD
    uri = r.get("Integration", "Uri") if rest else r.get("IntegrationUri")
    function = next((f for f in ctx.resources.targets({"x": uri}) if f.type == FUNCTION), None)
    if function is None:
        return
    if rest:
        quota = ctx.quota("apigateway", "REST integration timeout (Regional/private)")
        path: tuple[str, ...] = ("Integration", "TimeoutInMillis")
    else:
        quota = ctx.quota("apigatewayv2", "HTTP API integration timeout")
        path = ("TimeoutInMillis",)
    limit = ctx.number(r, *path, default=quota.seconds * 1000)
    timeout = ctx.number(function, "Timeout", default=ctx.quota("lambda", "Function timeout default").number)
    if limit is None or timeout is None or timeout * 1000 <= limit:
        return
    message = (
        f"{function.title} may run for {amount(timeout)} s, but {_api_title(r, ctx)} gives up after "
        f"{amount(limit / 1000)} s"
    )
    told = ctx.cached("api timeouts told", set[tuple[str, str]])
    if (function.logical_id, message) not in told:  # several routes, one function
        told.add((function.logical_id, message))
        yield Hit(message, "Timeout", on=function)


@rule(
    "api-throttle-above-functions", "medium", *STAGES, wa="REL",
    title="A stage lets in more than the functions behind it can serve",
    why="Beyond their concurrency functions are throttled, and callers get errors in place of a clean 429.",
    fix="Lower the stage's `throttle`, or raise `reserved_concurrency` of the functions.",
)  # fmt: skip
def throttle_above(r: Resource, ctx: Context) -> Iterator[Hit]:
    found, api = _throttles(r, ctx), api_of(r, ctx)
    p95 = ctx.architecture.load.p95_ms if ctx.architecture else None
    if found is None or api is None or not p95:
        return
    functions = {f.logical_id: f for i in ctx.resources.users(api, "AWS::ApiGatewayV2::Integration", METHOD)
                 for f in ctx.resources.targets(i.properties) if f.type == FUNCTION}  # fmt: skip
    reserved = [ctx.number(f, "ReservedConcurrentExecutions") for f in functions.values()]
    if not reserved or any(number is None for number in reserved):
        return
    total = sum(number for number in reserved if number is not None)
    needed = math.ceil(found[0] * p95 / 1000) if math.isfinite(found[0]) else 0
    if needed > total:
        message = (
            f"{api.title} lets in {amount(found[0])} requests a second, which at {amount(p95)} ms keep "
            f"{amount(needed)} "
            f"invocations busy; its functions may run {amount(total)}"
        )
        yield Hit(message, *found[1])


@rule(
    "http-api-routes-quota", "high", "AWS::ApiGatewayV2::Api", wa="REL",
    title="An HTTP API has more routes than the quota",
    why="A route beyond the quota is rejected until AWS raises it.",
    fix="Use a path parameter or `{proxy+}`, split the API, or have the quota raised.",
)  # fmt: skip
def routes_quota(r: Resource, ctx: Context) -> Iterator[Hit]:
    number, quota = len(ctx.resources.users(r, ROUTE)), ctx.quota("apigatewayv2", "HTTP API routes")
    if number > quota.number:
        message = (
            f"{r.title} has {amount(number)} routes, above API Gateway's maximum of {quota.text}, which AWS can raise"
        )
        yield Hit(message)


@rule(
    "rest-api-resources-quota", "high", "AWS::ApiGateway::RestApi", wa="REL",
    title="A REST API has more resources than the quota",
    why="A resource beyond the quota is rejected until AWS raises it.",
    fix="Use a path parameter or `{proxy+}`, split the API, or have the quota raised.",
)  # fmt: skip
def resources_quota(r: Resource, ctx: Context) -> Iterator[Hit]:
    number, quota = (
        len(ctx.resources.users(r, "AWS::ApiGateway::Resource")),
        ctx.quota("apigateway", "REST resources per API"),
    )
    if number > quota.number:
        message = (
            f"{r.title} has {amount(number)} resources, above API Gateway's maximum of "
            f"{quota.text}, which AWS can raise"
        )
        yield Hit(message)


@rule(
    "api-stages-quota", "high", "AWS::ApiGatewayV2::Api", "AWS::ApiGateway::RestApi", wa="REL",
    title="An API has more stages than the quota",
    why="A stage beyond the quota is rejected until AWS raises it.",
    fix="Give each environment an API of its own, or have the quota raised.",
)  # fmt: skip
def stages_quota(r: Resource, ctx: Context) -> Iterator[Hit]:
    number, quota = len(ctx.resources.users(r, *STAGES)), ctx.quota("apigateway", "Stages per API")
    if number > quota.number:
        message = (
            f"{r.title} has {amount(number)} stages, above API Gateway's maximum of {quota.text}, which AWS can raise"
        )
        yield Hit(message)
