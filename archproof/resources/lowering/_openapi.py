"""APIs whose routes stand in their own body: an OpenAPI document with API Gateway's extensions."""

from __future__ import annotations

import re
from typing import Any

from archproof.model.kinds._api import Authorizer
from archproof.model.kinds.cognito import CognitoAppClient
from archproof.model.kinds.http_api import HttpApi, HttpRoute
from archproof.model.kinds.rest_api import RestApi, RestRoute
from archproof.resources.lowering._context import Lowering
from archproof.resources.lowering._grants import partition

ANY = "x-amazon-apigateway-any-method"
INTEGRATION = "x-amazon-apigateway-integration"
AUTHORIZER = "x-amazon-apigateway-authorizer"
AUTHTYPE = "x-amazon-apigateway-authtype"
IAM, API_KEY = "AWS_IAM", "api_key"
_WORDS = {
    "Type": "type", "IntegrationType": "type", "IntegrationSubtype": "integrationSubtype",
    "IntegrationHttpMethod": "httpMethod", "IntegrationMethod": "httpMethod", "Uri": "uri", "IntegrationUri": "uri",
    "Credentials": "credentials", "CredentialsArn": "credentials", "PassthroughBehavior": "passthroughBehavior",
    "RequestParameters": "requestParameters", "RequestTemplates": "requestTemplates",
    "TimeoutInMillis": "timeoutInMillis", "ConnectionType": "connectionType", "ConnectionId": "connectionId",
    "PayloadFormatVersion": "payloadFormatVersion", "TlsConfig": "tlsConfig",
}  # fmt: skip
_KEY_SCHEME = {"type": "apiKey", "name": "x-api-key", "in": "header"}
_IAM_SCHEME = {"type": "apiKey", "name": "Authorization", "in": "header", AUTHTYPE: "awsSigv4"}


def document(name: str, api: RestApi | HttpApi, integrations: dict[str, dict[str, Any]], ctx: Lowering) -> Any:
    """The body of an API; `integrations` are those of its routes, in the words of CloudFormation."""
    swagger = api.definition == "swagger"
    paths: dict[str, dict[str, Any]] = {}
    for key, route in api.routes.items():
        method, path = split(key)
        paths.setdefault(path, {})[method] = _operation(api, key, route, integrations[key])
    written = {
        **({"swagger": "2.0"} if swagger else {"openapi": "3.0.1"}),
        "info": {"version": "1.0", "title": {"Ref": "AWS::StackName"}},
        "paths": paths,
    }
    if schemes := _schemes(api, ctx):
        written |= {"securityDefinitions": schemes} if swagger else {"components": {"securitySchemes": schemes}}
    return written


def split(key: str) -> tuple[str, str]:
    """The method and the path of a route as a body says them: `GET /orders` is (`get`, `/orders`)."""
    method, _, path = key.partition(" ")
    return (ANY, method) if not path else (ANY if method == "ANY" else method.lower(), path)


def _operation(api: RestApi | HttpApi, key: str, route: RestRoute | HttpRoute, made: dict[str, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {INTEGRATION: _integration(made), "responses": {}}
    if "/" not in key:
        operation["isDefaultRoute"] = True
    if made.get("MethodResponses"):
        operation["responses"] = {r["StatusCode"]: {"description": ""} for r in made["MethodResponses"]}
    security = [{n: route.scopes if n not in (IAM, API_KEY) else []} for n in _security(api, route)]
    return operation | ({"security": security} if security else {})


def _security(api: RestApi | HttpApi, route: RestRoute | HttpRoute) -> list[str]:
    """The names of what a caller of a route must bring."""
    found = [API_KEY] if getattr(route, "api_key", False) else []
    if route.auth == "open":
        return found
    own = route.auth != "iam" and api.authorizer is not None and not api.authorizer.iam
    return [api.authorizer.name if own and api.authorizer else IAM, *found]


def _integration(made: dict[str, Any]) -> dict[str, Any]:
    """An integration in the words of the extension."""
    found = {word: made[key] for key, word in _WORDS.items() if made.get(key) is not None}
    for word in ("type", "passthroughBehavior"):
        if word in found:
            found[word] = found[word].lower()
    if answers := made.get("IntegrationResponses"):
        found["responses"] = {a.get("SelectionPattern", "default"): {"statusCode": a["StatusCode"]} for a in answers}
    return found


def _schemes(api: RestApi | HttpApi, ctx: Lowering) -> dict[str, Any]:
    """What the names in `security` mean."""
    named = [n for route in api.routes.values() for n in _security(api, route)]
    fixed = {API_KEY: _KEY_SCHEME, IAM: _IAM_SCHEME}
    return {n: fixed.get(n) or _scheme(api, api.authorizer, ctx) for n in dict.fromkeys(named)}


def _scheme(api: RestApi | HttpApi, authorizer: Authorizer | None, ctx: Lowering) -> dict[str, Any]:
    assert authorizer is not None
    header = (authorizer.identity_source or "Authorization").rpartition(".")[2]
    scheme: dict[str, Any] = {"type": "apiKey", "name": header, "in": "header"}
    cached = not ctx.exact or "cache_s" in authorizer.model_fields_set
    if authorizer.lambda_:
        own: dict[str, Any] = {"type": "token", "authorizerUri": uri(ctx, authorizer.lambda_, rest=_is_rest(api))}
        if not _is_rest(api):
            own |= {
                "type": "request", "identitySource": f"$request.header.{header}",
                "authorizerPayloadFormatVersion": "2.0", "enableSimpleResponses": True,
            }  # fmt: skip
        if cached:
            own["authorizerResultTtlInSeconds"] = authorizer.cache_s
        return scheme | {AUTHTYPE: "custom", AUTHORIZER: own} if _is_rest(api) else scheme | {AUTHORIZER: own}
    clients = [c for c in map(ctx.component, authorizer.jwt) if isinstance(c, CognitoAppClient)]
    if not _is_rest(api):
        from archproof.resources.lowering.http_api import jwt

        source = authorizer.identity_source or "$request.header.Authorization"
        words = {key.lower(): value for key, value in jwt(authorizer, ctx).items()}
        return {"type": "oauth2", AUTHORIZER: {"type": "jwt", "jwtConfiguration": words, "identitySource": source}}
    pools = [*authorizer.cognito, *dict.fromkeys(c.pool for c in clients)]
    asked = {"type": "cognito_user_pools", "providerARNs": [ctx.arn(p) for p in pools]}
    return scheme | {AUTHTYPE: "cognito_user_pools", AUTHORIZER: asked}


def _is_rest(api: RestApi | HttpApi) -> bool:
    return isinstance(api, RestApi)


def _arn(ctx: Lowering, *, rest: bool) -> str:
    """The beginning of an ARN; what SAM makes of a REST API names the partition itself."""
    return f"arn:{partition(ctx.architecture.region) if rest and ctx.exact else '${AWS::Partition}'}"


def uri(ctx: Lowering, function: str, *, rest: bool) -> dict[str, str]:
    """The address at which a body has a function invoked."""
    gateway = f"{_arn(ctx, rest=rest)}:apigateway:${{AWS::Region}}:lambda:path/2015-03-31/functions/"
    return {"Fn::Sub": f"{gateway}${{{ctx.id(function)}.Arn}}/invocations"}


def proxy(ctx: Lowering, route: RestRoute | HttpRoute, *, rest: bool) -> dict[str, Any]:
    """The integration with a function."""
    found: dict[str, Any] = {"Type": "AWS_PROXY", "IntegrationHttpMethod": "POST", "Uri": uri(ctx, route.to, rest=rest)}
    if route.timeout_ms:
        found["TimeoutInMillis"] = route.timeout_ms
    return found if rest else {**found, "PayloadFormatVersion": "2.0"}


def permit(name: str, key: str, route: RestRoute | HttpRoute, ctx: Lowering, *, rest: bool) -> None:
    """Let one route alone call its function, where it says so."""
    if route.permission is None:
        return
    method, path = split(key)
    called = "*" if method == ANY else method.upper()
    where = "" if "/" not in path else re.sub(r"\{[^}]*\}", "*", re.sub(r"(.)/$", r"\1", path))
    arn = f"{_arn(ctx, rest=rest)}:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:${{{ctx.id(name)}}}"
    properties = {
        "Action": "lambda:InvokeFunction",
        "FunctionName": ctx.ref(route.to),
        "Principal": "apigateway.amazonaws.com",
        "SourceArn": {"Fn::Sub": f"{arn}/*/{called}{where}"},
    }
    path_of = ("components", name, "routes", key)
    origins = {"FunctionName": "to"}
    ctx.add_for(
        path_of, route.permission, "AWS::Lambda::Permission", properties,
        component=route.to, origins=origins, implied=True,
    )  # fmt: skip


def let_authorize(name: str, authorizer: Authorizer | None, ctx: Lowering) -> None:
    """Let an API ask the function that decides for it."""
    if authorizer is None or not authorizer.lambda_:
        return
    arn = f"arn:{partition(ctx.architecture.region) if ctx.exact else '${AWS::Partition}'}"
    properties = {
        "Action": "lambda:InvokeFunction",
        "FunctionName": ctx.att(authorizer.lambda_, "Arn"),
        "Principal": "apigateway.amazonaws.com",
        "SourceArn": {
            "Fn::Sub": f"{arn}:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:${{{ctx.id(name)}}}/authorizers/*"
        },
    }
    suffix = f"{re.sub('[^A-Za-z0-9]', '', authorizer.name)}AuthorizerPermission"
    ctx.add(name, "AWS::Lambda::Permission", properties, suffix=suffix, origins={"FunctionName": "authorizer"})


def stage_suffix(stage: str) -> str:
    """What the logical id of a stage ends in."""
    return "ApiGatewayDefaultStage" if stage == "$default" else re.sub("[^A-Za-z0-9]", "", stage) + "Stage"


def preflight(headers: dict[str, str]) -> dict[str, Any]:
    """The answer to OPTIONS that lets web pages call."""
    response = {f"method.response.header.{h}": v for h, v in headers.items()}
    return {
        INTEGRATION: {
            "type": "mock",
            "requestTemplates": {"application/json": '{"statusCode": 204}'},
            "responses": {"default": {"statusCode": "204", "responseParameters": response}},
        },
        "responses": {"204": {"description": "", "headers": {h: {"type": "string"} for h in headers}}},
    }
