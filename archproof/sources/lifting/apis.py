"""APIs whose body says their routes (as SAM writes them): routes, stage, deployment and permissions in one."""

from __future__ import annotations

import functools
import re
from typing import Any

from archproof.resources.lowering import _openapi
from archproof.resources.resource import Resource, is_symbolic
from archproof.sources.lifting import _guess
from archproof.sources.lifting.drafts import Draft, Lifting, inlined

SUBJECT = "apis"
ORDER = 40

_METHODS = ("get", "post", "put", "patch", "delete", "head", "options")
_DEPLOYED = re.compile(r"RestApi deployment id: ([0-9a-f]{40})")
_NAME = re.compile(r"[A-Za-z0-9]{1,255}")
_FUNCTION = re.compile(r":lambda:path/[0-9-]+/functions/\$\{([A-Za-z0-9]+)(?:\.Arn)?\}/")


def lift(lifting: Lifting) -> None:
    """Every API that has a body with paths."""
    for drafted in list(lifting.of_type("AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api")):
        body = drafted.resource.get("Body")
        paths = body.get("paths") if isinstance(body, dict) else None
        rest = drafted.resource.type == "AWS::ApiGateway::RestApi"
        written_elsewhere = rest and isinstance(body, dict) and is_symbolic(body)
        if not isinstance(body, dict) or not (isinstance(paths, dict) or written_elsewhere):
            continue
        if not rest and "openapi" not in body:
            continue
        drafted.kind = "rest_api" if rest else "http_api"
        drafted.unsay("definition")
        _guess.fill(lifting, drafted)
        drafted.fields.pop("endpoint", None)
        _endpoint(drafted)
        drafted.firm = frozenset({"Body"})
        drafted.say("definition", "swagger" if "swagger" in body else "openapi", "Body")
        tags = body.get("tags")
        if not rest and isinstance(tags, list):
            _tags(drafted, tags)
        _authorizer(lifting, drafted, body)
        routes = _routes(lifting, drafted, paths) if isinstance(paths, dict) else {}
        if routes:
            drafted.say("routes", routes, "Body", "paths")
            _permissions(lifting, drafted, routes)
        _published(lifting, drafted)


def _endpoint(drafted: Draft) -> None:
    types = drafted.resource.get("EndpointConfiguration", "Types")
    if types in (["REGIONAL"], ["EDGE"]):
        drafted.say("endpoint", types[0].lower(), "EndpointConfiguration", "Types")


def _tags(drafted: Draft, listed: list[Any]) -> None:
    """The tags that the body brings."""
    found = {
        t["name"]: t["x-amazon-apigateway-tag-value"] for t in listed
        if isinstance(t, dict) and set(t) == {"name", "x-amazon-apigateway-tag-value"}
        and all(isinstance(v, str) for v in t.values())
    }  # fmt: skip
    if found and len(found) == len(listed):
        drafted.say("tags", found, "Body", "tags")


def function_of(lifting: Lifting, uri: Any) -> Draft | None:
    """The function that an integration's (or authorizer's) address names."""
    text = inlined(uri.get("Fn::Sub")) if isinstance(uri, dict) and set(uri) == {"Fn::Sub"} else None
    match = _FUNCTION.search(text) if isinstance(text, str) else None
    found = lifting.drafts.get(match[1]) if match else None
    return found if found is not None and found.kind == "lambda" else None


def _routes(lifting: Lifting, drafted: Draft, paths: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The routes to functions whose callers the language can say; the others stay in the body."""
    found: dict[str, dict[str, Any]] = {}
    for path, operations in paths.items():
        for method, operation in operations.items() if isinstance(operations, dict) else ():
            key = _key(drafted, str(path), method)
            integration = operation.get(_openapi.INTEGRATION) if isinstance(operation, dict) else None
            if key is None or not isinstance(integration, dict):
                continue
            target = function_of(lifting, integration.get("uri"))
            who = _who(drafted, operation.get("security"))
            if target is None:
                continue
            place = drafted.resource, ("Body", "paths", path, method)
            streams = "response-streaming" in str(integration)
            proxied = str(integration.get("type")).lower() == "aws_proxy" and not streams
            if who is None or not proxied:
                lifting.link(drafted, target, "route", place)
                continue
            found[key] = {"to": target.name, **who}
            if (timeout := integration.get("timeoutInMillis")) and isinstance(timeout, int):
                found[key]["timeout_ms"] = timeout
    return found


def _key(drafted: Draft, path: str, method: Any) -> str | None:
    if drafted.kind == "http_api" and path == "$default":
        return "$default" if method == _openapi.ANY else None
    if not path.startswith("/") or re.search(r"\s", path):
        return None
    return f"ANY {path}" if method == _openapi.ANY else f"{method.upper()} {path}" if method in _METHODS else None


def _who(drafted: Draft, security: Any) -> dict[str, Any] | None:
    """Who may call, by the names in `security`; None where the language cannot say it."""
    if security is None:
        return {"auth": "open"}
    if not isinstance(security, list) or not all(isinstance(s, dict) and len(s) == 1 for s in security):
        return None
    names = {str(n): scopes for s in security for n, scopes in s.items()}
    own = drafted.fields.get("authorizer")
    found: dict[str, Any] = {}
    if names.pop(_openapi.API_KEY, None) == [] and drafted.kind == "rest_api":
        found["api_key"] = True
    if not names:
        return {"auth": "open", **found} if found else None
    if set(names) == {_openapi.IAM}:
        return {**({"auth": "iam"} if own else {}), **found}
    if isinstance(own, dict) and set(names) == {own["name"]}:
        scopes = names[own["name"]]
        return {**found, **({"scopes": scopes} if scopes else {})} if isinstance(scopes, list) else None
    return None


def _authorizer(lifting: Lifting, drafted: Draft, body: dict[str, Any]) -> None:
    """The one authorizer that a function or a user pool is."""
    held = body.get("securityDefinitions", body.get("components"))
    held = held.get("securitySchemes") if isinstance(held, dict) and "securitySchemes" in held else held
    if not isinstance(held, dict):
        return
    schemes = {n: s for n, s in held.items() if isinstance(s, dict) and isinstance(s.get(_openapi.AUTHORIZER), dict)}
    for name, scheme in schemes.items():
        decides = function_of(lifting, scheme[_openapi.AUTHORIZER].get("authorizerUri"))
        if decides is not None:
            lifting.link(drafted, decides, "authorize", (drafted.resource, ("Body", "components", name)))
    if len(schemes) != 1 or drafted.kind != "rest_api":
        return
    name, scheme = next(iter(schemes.items()))
    own = scheme[_openapi.AUTHORIZER]
    function = function_of(lifting, own.get("authorizerUri"))
    listed = own.get("providerARNs")
    pools = [lifting.named(p, "Arn") for p in (listed if isinstance(listed, list) else ())]
    found: dict[str, Any] = {}
    if function is not None and own.get("type") == "token":
        found = {"lambda": function.name}
    elif pools and all(p is not None and p.kind == "cognito_user_pool" for p in pools):
        found = {"cognito": [p.name for p in pools if p]}
    if not found:
        return
    found["name"] = str(name)
    if isinstance(header := scheme.get("name"), str) and header != "Authorization":
        found["identity_source"] = f"method.request.header.{header}"
    if isinstance(cached := own.get("authorizerResultTtlInSeconds"), int):
        found["cache_s"] = cached
    drafted.say("authorizer", found, "Body", "securityDefinitions")
    suffix = f"{re.sub('[^A-Za-z0-9]', '', str(name))}AuthorizerPermission"
    permission = lifting.resources.all.get(f"{drafted.resource.logical_id}{suffix}")
    if permission is not None and permission.type == "AWS::Lambda::Permission":
        lifting.claim(drafted, suffix, permission)


def _permissions(lifting: Lifting, drafted: Draft, routes: dict[str, dict[str, Any]]) -> None:
    """What lets one route alone call its function."""
    waiting = {_asked(key): key for key in routes}
    for permission in lifting.users(drafted.resource, "AWS::Lambda::Permission"):
        text = inlined(permission.get("SourceArn", "Fn::Sub"))
        api = "${" + drafted.resource.logical_id + "}/*/"
        before, _, rest = text.partition(api) if isinstance(text, str) else ("", "", "")
        if not before.endswith(":execute-api:${AWS::Region}:${AWS::AccountId}:"):
            continue
        key = waiting.get(rest) if _NAME.fullmatch(permission.logical_id) else None
        function = lifting.named(permission.get("FunctionName"), "")
        if key is None or function is None or function.name != routes[key]["to"]:
            continue
        take_back = functools.partial(routes[key].pop, "permission", None)
        if lifting.entrust(permission, function, take_back):
            routes[key]["permission"] = permission.logical_id
            del waiting[rest]


def _asked(key: str) -> str:
    """What the ARN of a permission says of a route after its API and stage."""
    method, path = _openapi.split(key)
    where = "" if "/" not in path else re.sub(r"\{[^}]*\}", "*", re.sub(r"(.)/$", r"\1", path))
    return f"{'*' if method == _openapi.ANY else method.upper()}{where}"


def _published(lifting: Lifting, drafted: Draft) -> None:
    """The one stage, and the deployment that it shows."""
    rest = drafted.kind == "rest_api"
    kind = "AWS::ApiGateway::Stage" if rest else "AWS::ApiGatewayV2::Stage"
    stages = [s for s in lifting.users(drafted.resource, kind) if isinstance(s.get("StageName"), str)]
    deployments = lifting.users(drafted.resource, "AWS::ApiGateway::Deployment") if rest else []
    if len(stages) != 1 or len(deployments) > 1:
        return
    for deployment in deployments:
        match = _DEPLOYED.fullmatch(str(deployment.get("Description")))
        if match and lifting.claim(drafted, f"Deployment{match[1][:10]}", deployment):
            drafted.say("deployment", match[1], "Description", of=deployment)
    stage = stages[0]
    if (rest and not deployments) or (rest and "deployment" not in drafted.fields):
        return
    if lifting.claim(drafted, _openapi.stage_suffix(stage.get("StageName")), stage):
        drafted.say("stage", stage.get("StageName"), "StageName", of=stage)
        _settings(drafted, stage)


def _settings(drafted: Draft, stage: Resource) -> None:
    """What the stage says beside its name."""
    if drafted.kind == "rest_api" and isinstance(traced := stage.get("TracingEnabled"), bool):
        drafted.say("tracing", traced, "TracingEnabled", of=stage)
