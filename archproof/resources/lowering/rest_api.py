"""Amazon API Gateway: REST APIs with their tree of paths, methods, deployment, stage and usage plans."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from archproof.model.kinds._api import Authorizer, Cors
from archproof.model.kinds.cognito import CognitoAppClient
from archproof.model.kinds.rest_api import RestApi, RestRoute
from archproof.resources.lowering import _openapi
from archproof.resources.lowering._api import (
    access_logs,
    authorization,
    endpoint_closed,
    function_uri,
    let_invoke,
    word,
)  # fmt: skip
from archproof.resources.lowering._context import Lowering
from archproof.resources.lowering._grants import service_role
from archproof.resources.lowering._rest_integrations import integration, is_direct, path_parameters

KINDS = ("rest_api",)

_VERSION = "2012-10-17"
_ACCOUNT = "rest_api_account"
_ALL = "/*"
_ANSWERS = ("200", "400", "500")


def lower_rest_api(name: str, api: RestApi, ctx: Lowering) -> None:
    """The API, its paths and methods, and what publishes them."""
    ctx.add(
        name,
        "AWS::ApiGateway::RestApi",
        {
            "Name": ctx.name(name) or f"{ctx.architecture.name_prefix}-{name.replace('_', '-')}",
            "Description": api.description,
            "EndpointConfiguration": {
                "Types": [api.endpoint.upper()],
                **({"VpcEndpointIds": [ctx.ref(e) for e in api.vpc_endpoints]} if api.vpc_endpoints else {}),
            },
            "Policy": _policy(api, ctx),
            "Body": _body(name, api, ctx) if api.definition else None,
            # without it an imported body makes the API answer at the edge
            "Parameters": {"endpointConfigurationTypes": api.endpoint.upper()} if api.definition else None,
            "BinaryMediaTypes": api.binary_types or None,
            "DisableExecuteApiEndpoint": endpoint_closed(api.execute_api_endpoint, api.domain),
            "Tags": ctx.tags(name),
        },
        origins={
            "Name": "physical_name",
            "EndpointConfiguration": "endpoint",
            "EndpointConfiguration.VpcEndpointIds": "vpc_endpoints",
            "Policy": "policy" if api.policy else "vpc_endpoints",
            "Body": "definition",
            "Parameters": "endpoint",
            "Body.paths": "routes",
            "BinaryMediaTypes": "binary_types",
            "DisableExecuteApiEndpoint": "execute_api_endpoint",
        },
    )
    if api.definition:
        _open(name, api, ctx)
        _deploy(name, api, [], ctx)
        _usage(name, api, ctx)
        _domain(name, api, ctx)
        return
    authorizer = _authorizer(name, api.authorizer, ctx) if api.authorizer and not api.authorizer.iam else None
    methods = [_method(name, api, key, route, authorizer, ctx) for key, route in api.routes.items()]
    if api.cors:
        methods += _preflight(name, api, api.cors, ctx)
    _deploy(name, api, methods, ctx)
    _usage(name, api, ctx)
    _domain(name, api, ctx)


def _body(name: str, api: RestApi, ctx: Lowering) -> dict[str, Any]:
    """The routes as the document that says them all."""
    made: dict[str, dict[str, Any]] = {}
    for key, route in api.routes.items():
        if ctx.component(route.to).kind == "lambda":
            made[key] = _openapi.proxy(ctx, route, rest=True)
        else:
            made[key] = integration(name, api, key, route, ctx)
            if is_direct(route, ctx):
                made[key]["MethodResponses"] = [{"StatusCode": s} for s in _ANSWERS]
    body: dict[str, Any] = _openapi.document(name, api, made, ctx)
    if api.cors:
        preflight = _openapi.preflight(_cors_headers(api.cors))
        for operations in body["paths"].values():
            operations.setdefault("options", preflight)
    return body


def _open(name: str, api: RestApi, ctx: Lowering) -> None:
    """Let an API in a body call its functions: each route alone where it says so, else all of them."""
    for key, route in api.routes.items():
        _openapi.permit(name, key, route, ctx, rest=True)
        if not ctx.exact and not route.permission and ctx.component(route.to).kind == "lambda":
            let_invoke(ctx, name, route.to)
    _openapi.let_authorize(name, api.authorizer, ctx)


def _policy(api: RestApi, ctx: Lowering) -> dict[str, Any] | None:
    """The policy said; for a private API, that nothing comes in but through its endpoints."""
    if api.policy:
        policy: dict[str, Any] = ctx.translate(api.policy)
        return policy
    if api.endpoint != "private":
        return None
    everything = {"Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}
    endpoints = [ctx.ref(e) for e in api.vpc_endpoints]
    elsewhere = {"StringNotEquals": {"aws:SourceVpce": endpoints}}
    deny = {"Effect": "Deny", **everything, "Condition": elsewhere}
    return {"Version": _VERSION, "Statement": [deny, {"Effect": "Allow", **everything}]}


def _authorizer(name: str, authorizer: Authorizer, ctx: Lowering) -> tuple[str, dict[str, Any]]:
    """Make the authorizer; return the type that methods name, and its id."""
    source = authorizer.identity_source or "method.request.header.Authorization"
    properties: dict[str, Any] = {"RestApiId": ctx.ref(name), "Name": authorizer.name, "IdentitySource": source}
    if authorizer.lambda_:
        properties |= {
            "Type": "REQUEST" if "," in source else "TOKEN",
            "AuthorizerUri": function_uri(ctx, authorizer.lambda_),
            "AuthorizerResultTtlInSeconds": authorizer.cache_s,
        }
        let_invoke(ctx, name, authorizer.lambda_)
    else:
        clients = [c for c in map(ctx.component, authorizer.jwt) if isinstance(c, CognitoAppClient)]
        pools = [*authorizer.cognito, *dict.fromkeys(c.pool for c in clients)]
        properties |= {"Type": "COGNITO_USER_POOLS", "ProviderARNs": [ctx.arn(p) for p in pools]}
    origins = {
        "ProviderARNs": "authorizer.cognito" if authorizer.cognito else "authorizer.jwt",
        "AuthorizerUri": "authorizer.lambda",
        "IdentitySource": "authorizer.identity_source",
        "AuthorizerResultTtlInSeconds": "authorizer.cache_s",
    }
    ctx.add(name, "AWS::ApiGateway::Authorizer", properties, suffix="Authorizer", origins=origins)
    return ("CUSTOM" if authorizer.lambda_ else "COGNITO_USER_POOLS"), ctx.ref(name, "Authorizer")


def _path(name: str, path: str, ctx: Lowering) -> dict[str, Any]:
    """The id of a path's resource, made with all that it is below."""
    if path in ("", "/"):
        return ctx.att(name, "RootResourceId")
    suffix = word(path) + "Resource"
    if ctx.id(name, suffix) not in ctx.resources:
        above, _, part = path.rpartition("/")
        properties = {"RestApiId": ctx.ref(name), "ParentId": _path(name, above, ctx), "PathPart": part}
        ctx.add(name, "AWS::ApiGateway::Resource", properties, suffix=suffix, origins={"PathPart": "routes"})
    return ctx.ref(name, suffix)


def _method(
    name: str, api: RestApi, key: str, route: RestRoute, authorizer: tuple[str, dict[str, Any]] | None, ctx: Lowering
) -> str:
    """One method; returns its logical id."""
    method, path = key.split(" ", 1)
    parameters = {f"method.request.path.{p}": True for p in path_parameters(path)}
    parameters |= {f"method.request.{p}": True for p in route.required}
    properties: dict[str, Any] = {
        "RestApiId": ctx.ref(name),
        "ResourceId": _path(name, path.rstrip("/"), ctx),
        "HttpMethod": method,
        "ApiKeyRequired": route.api_key,
        "RequestParameters": parameters or None,
        "RequestValidatorId": _validator(name, key, route, ctx),
        "RequestModels": _model(name, key, route, ctx),
        "Integration": integration(name, api, key, route, ctx),
    }
    if is_direct(route, ctx):
        properties["MethodResponses"] = [{"StatusCode": s} for s in _ANSWERS]
    properties |= authorization(route, authorizer)
    here = ("routes", key)
    ctx.add(
        name, "AWS::ApiGateway::Method", properties, suffix=word(key) + "Method",
        origins={
            "HttpMethod": here,
            "AuthorizationType": (*here, "auth") if route.auth else "authorizer" if api.authorizer else here,
            "AuthorizerId": "authorizer",
            "AuthorizationScopes": (*here, "scopes"),
            "ApiKeyRequired": (*here, "api_key"),
            "Integration": (*here, "to"),
            "Integration.TimeoutInMillis": (*here, "timeout_ms"),
            "RequestValidatorId": (*here, "validate"),
            "RequestModels": (*here, "body_schema"),
        },
    )  # fmt: skip
    return ctx.id(name, word(key) + "Method")


def _validator(name: str, key: str, route: RestRoute, ctx: Lowering) -> dict[str, Any] | None:
    checks = route.validate_ or ("all" if route.body_schema or route.required else None)
    if checks is None:
        return None
    suffix = word(checks) + "Validator"
    if ctx.id(name, suffix) not in ctx.resources:
        properties = {
            "RestApiId": ctx.ref(name),
            "Name": checks,
            "ValidateRequestBody": checks in ("body", "all"),
            "ValidateRequestParameters": checks in ("parameters", "all"),
        }
        ctx.add(name, "AWS::ApiGateway::RequestValidator", properties, suffix=suffix)
    return ctx.ref(name, suffix)


def _model(name: str, key: str, route: RestRoute, ctx: Lowering) -> dict[str, Any] | None:
    if route.body_schema is None:
        return None
    properties = {"RestApiId": ctx.ref(name), "ContentType": "application/json", "Schema": route.body_schema}
    suffix = word(key) + "Model"
    origins = {"Schema": ("routes", key, "body_schema")}
    ctx.add(name, "AWS::ApiGateway::Model", properties, suffix=suffix, origins=origins)
    return {"application/json": ctx.ref(name, suffix)}


def _cors_headers(cors: Cors) -> dict[str, str]:
    """The headers of the answer to OPTIONS, with their values as API Gateway quotes them."""
    headers = {
        "Access-Control-Allow-Origin": f"'{cors.origins[0]}'",
        "Access-Control-Allow-Methods": f"'{','.join(cors.methods)}'",
        "Access-Control-Allow-Headers": f"'{','.join(cors.headers)}'",
        "Access-Control-Max-Age": f"'{cors.max_age_s}'",
    }
    return headers | ({"Access-Control-Allow-Credentials": "'true'"} if cors.credentials else {})


def _preflight(name: str, api: RestApi, cors: Cors, ctx: Lowering) -> list[str]:
    """An OPTIONS method on every path, and the headers on the API's own errors."""
    headers = _cors_headers(cors)
    made = []
    taken = {k.split(" ", 1)[1].rstrip("/") for k in api.routes if k.split(" ")[0] in ("ANY", "OPTIONS")}
    for path in dict.fromkeys(k.split(" ", 1)[1].rstrip("/") for k in api.routes):
        if path in taken:
            continue
        response = {f"method.response.header.{h}": v for h, v in headers.items()}
        properties = {
            "RestApiId": ctx.ref(name),
            "ResourceId": _path(name, path, ctx),
            "HttpMethod": "OPTIONS",
            "AuthorizationType": "NONE",
            "Integration": {
                "Type": "MOCK",
                "RequestTemplates": {"application/json": '{"statusCode": 204}'},
                "IntegrationResponses": [{"StatusCode": "204", "ResponseParameters": response}],
            },
            "MethodResponses": [{"StatusCode": "204", "ResponseParameters": dict.fromkeys(response, True)}],
        }
        suffix = word(f"OPTIONS {path}") + "Method"
        origins = {"HttpMethod": "cors"}
        ctx.add(name, "AWS::ApiGateway::Method", properties, suffix=suffix, origins=origins, implied=True)
        made.append(ctx.id(name, suffix))
    allowed = {"gatewayresponse.header.Access-Control-Allow-Origin": headers["Access-Control-Allow-Origin"]}
    for kind in ("DEFAULT_4XX", "DEFAULT_5XX"):
        answer = {"RestApiId": ctx.ref(name), "ResponseType": kind, "ResponseParameters": allowed}
        ctx.add(name, "AWS::ApiGateway::GatewayResponse", answer, suffix=word(kind) + "Response", implied=True)
    return made


def _deploy(name: str, api: RestApi, methods: list[str], ctx: Lowering) -> None:
    """The deployment and its stage. A deployment is a picture of the API at one moment: its id holds a hash
    of what it pictures, so that every change makes a new one."""
    own = [r for r in ctx.resources if r.component == name and r.type.startswith("AWS::ApiGateway::")]
    pictured = {r.logical_id: r.properties for r in own}
    digest = hashlib.sha256(json.dumps(pictured, sort_keys=True, default=str).encode()).hexdigest()[:10]
    suffix = f"Deployment{(api.deployment or digest)[:10]}"
    after = {"DependsOn": methods} if methods else None
    picture: dict[str, Any] = {"RestApiId": ctx.ref(name)}
    if api.deployment:
        picture["Description"] = f"RestApi deployment id: {api.deployment}"
        picture["StageName"] = "Stage" if api.definition == "swagger" else None
    origins = {"Description": "deployment"}
    ctx.add(name, "AWS::ApiGateway::Deployment", picture, suffix=suffix, attributes=after, origins=origins)
    every: dict[str, Any] = {
        "HttpMethod": "*",
        "ResourcePath": _ALL,
        "MetricsEnabled": api.detailed_metrics,
        "LoggingLevel": api.logging.upper(),
        "DataTraceEnabled": False,
    }
    if api.throttle:
        every["ThrottlingRateLimit"] = api.throttle.rps
        every["ThrottlingBurstLimit"] = api.throttle.burst or max(1, round(api.throttle.rps))
    if api.cache_gb:
        every |= {"CachingEnabled": True, "CacheDataEncrypted": True, "CacheTtlInSeconds": api.cache_s}
    size = str(api.cache_gb).removesuffix(".0") if api.cache_gb else None
    extra = {"resourcePath": "$context.resourcePath", "error": "$context.error.message"}
    stage = _stage_suffix(api)
    properties = {
        "RestApiId": ctx.ref(name),
        "DeploymentId": ctx.ref(name, suffix),
        "StageName": api.stage,
        "TracingEnabled": api.tracing,
        "AccessLogSetting": access_logs(name, ctx, api.log_retention_days, api.log_key, extra),
        "MethodSettings": [every],
        "CacheClusterEnabled": True if api.cache_gb else None,
        "CacheClusterSize": size,
        "Tags": ctx.tags(name),
    }
    ctx.add(
        name, "AWS::ApiGateway::Stage", properties, suffix=stage,
        origins={
            "StageName": "stage", "TracingEnabled": "tracing", "CacheClusterSize": "cache_gb",
            "AccessLogSetting": "log_retention_days",
            "MethodSettings": "throttle" if api.throttle else "logging",
        },
        attributes=None if ctx.exact else {"DependsOn": [_account(name, ctx)]},
    )  # fmt: skip


def _stage_suffix(api: RestApi) -> str:
    return _openapi.stage_suffix(api.stage) if api.definition else "Stage"


def _account(name: str, ctx: Lowering) -> str:
    """API Gateway writes logs with one role of the account and region; it is made once."""
    if _ACCOUNT not in ctx.extra:
        role = service_role(ctx, name, "apigateway.amazonaws.com", [], "LogRole")
        managed = {"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"}
        ctx.resources[ctx.id(name, "LogRole")].properties["ManagedPolicyArns"] = [managed]
        ctx.add(name, "AWS::ApiGateway::Account", {"CloudWatchRoleArn": role}, suffix="Account", implied=True)
        ctx.extra[_ACCOUNT] = ctx.id(name, "Account")
    account: str = ctx.extra[_ACCOUNT]
    return account


def _usage(name: str, api: RestApi, ctx: Lowering) -> None:
    """Usage plans and their keys; AWS makes the keys' values."""
    for key, plan in api.usage_plans.items():
        suffix = word(key) + "Plan"
        properties: dict[str, Any] = {
            "UsagePlanName": key,
            "ApiStages": [{"ApiId": ctx.ref(name), "Stage": ctx.ref(name, _stage_suffix(api))}],
            "Quota": {"Limit": plan.quota, "Period": plan.period.upper()} if plan.quota else None,
            "Throttle": {"RateLimit": plan.throttle.rps, "BurstLimit": plan.throttle.burst or round(plan.throttle.rps)}
            if plan.throttle
            else None,
            "Tags": ctx.tags(name),
        }
        here = ("usage_plans", key)
        origins = {"Quota": (*here, "quota"), "Throttle": (*here, "throttle")}
        ctx.add(name, "AWS::ApiGateway::UsagePlan", properties, suffix=suffix, origins=origins)
        for holder in plan.keys:
            own = word(key) + word(holder)
            values = {"Name": holder, "Enabled": True, "Tags": ctx.tags(name)}
            ctx.add(name, "AWS::ApiGateway::ApiKey", values, suffix=own + "Key", origins={"Name": (*here, "keys")})
            joined = {"KeyId": ctx.ref(name, own + "Key"), "KeyType": "API_KEY", "UsagePlanId": ctx.ref(name, suffix)}
            ctx.add(name, "AWS::ApiGateway::UsagePlanKey", joined, suffix=own + "PlanKey", implied=True)


def _domain(name: str, api: RestApi, ctx: Lowering) -> None:
    """The name of the API's own, over TLS 1.2 at least."""
    if api.domain is None:
        return
    edge = api.endpoint == "edge"
    properties = {
        "DomainName": api.domain.name,
        "CertificateArn" if edge else "RegionalCertificateArn": ctx.arn(api.domain.certificate),
        "EndpointConfiguration": {"Types": ["EDGE" if edge else "REGIONAL"]},
        "SecurityPolicy": "TLS_1_2",
        "Tags": ctx.tags(name),
    }
    ctx.add(name, "AWS::ApiGateway::DomainName", properties, suffix="Domain", origins={"DomainName": "domain.name"})
    mapping = {
        "DomainName": ctx.ref(name, "Domain"),
        "RestApiId": ctx.ref(name),
        "Stage": ctx.ref(name, _stage_suffix(api)),
        "BasePath": api.domain.path,
    }
    ctx.add(name, "AWS::ApiGateway::BasePathMapping", mapping, suffix="Mapping", origins={"BasePath": "domain.path"})
