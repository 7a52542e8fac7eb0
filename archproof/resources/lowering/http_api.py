"""Amazon API Gateway: HTTP APIs with their routes, integrations, authorizers, stage and domain."""

from __future__ import annotations

from typing import Any

from archproof.model.base import components_of
from archproof.model.kinds._api import Authorizer, Cors
from archproof.model.kinds.cognito import CognitoAppClient
from archproof.model.kinds.http_api import HttpApi, HttpRoute
from archproof.resources.lowering import _openapi
from archproof.resources.lowering._api import (
    access_logs,
    authorization,
    endpoint_closed,
    function_uri,
    integration_role,
    let_invoke,
    tag_map,
    word,
)
from archproof.resources.lowering._context import Lowering, logical_id

KINDS = ("http_api",)

_SERVICES = ("sqs_queue", "state_machine", "event_bus", "kinesis_stream")


def lower_http_api(name: str, api: HttpApi, ctx: Lowering) -> None:
    """The API, an integration for each target, its routes, and the stage that publishes them."""
    ctx.add(
        name,
        "AWS::ApiGatewayV2::Api",
        {
            "Name": ctx.name(name) or f"{ctx.architecture.name_prefix}-{name.replace('_', '-')}",
            "Description": api.description,
            "ProtocolType": "HTTP",
            "CorsConfiguration": _cors(api.cors) if api.cors else None,
            "DisableExecuteApiEndpoint": endpoint_closed(api.execute_api_endpoint, api.domain),
            "Tags": tag_map(ctx, name),
            **(_defined(name, api, ctx) if api.definition else {}),
        },
        origins={
            "Name": "physical_name",
            "CorsConfiguration": "cors",
            "Body": "definition",
            "Body.paths": "routes",
            "Body.x-amazon-apigateway-cors": "cors",
            "Body.tags": "tags",
            "DisableExecuteApiEndpoint": "execute_api_endpoint",
        },
    )
    if api.definition:
        _open(name, api, ctx)
        _stage(name, api, ctx)
        _domain(name, api, ctx)
        return
    authorizer = _authorizer(name, api.authorizer, ctx) if api.authorizer and not api.authorizer.iam else None
    for key, route in api.routes.items():
        _route(name, api, key, route, authorizer, ctx)
    _stage(name, api, ctx)
    _domain(name, api, ctx)


def _defined(name: str, api: HttpApi, ctx: Lowering) -> dict[str, Any]:
    """The routes as the document that says them all; the body brings name, tags and CORS itself."""
    made = {
        key: _openapi.proxy(ctx, route, rest=False)
        if ctx.component(route.to).kind == "lambda"
        else _integration_of(name, api, key, route, ctx)
        for key, route in api.routes.items()
    }
    body = _openapi.document(name, api, made, ctx)
    if api.cors:
        body["x-amazon-apigateway-cors"] = {k[:1].lower() + k[1:]: v for k, v in _cors(api.cors).items()}
    if tags := tag_map(ctx, name):
        body["tags"] = [{"name": k, "x-amazon-apigateway-tag-value": v} for k, v in tags.items()]
    if not ctx.exact:
        body["info"]["title"] = ctx.name(name) or f"{ctx.architecture.name_prefix}-{name.replace('_', '-')}"
    return {"Name": None, "ProtocolType": None, "CorsConfiguration": None, "Tags": None, "Body": body}


def _open(name: str, api: HttpApi, ctx: Lowering) -> None:
    """Let an API in a body call its functions: each route alone where it says so, else all of them."""
    for key, route in api.routes.items():
        _openapi.permit(name, key, route, ctx, rest=False)
        if not ctx.exact and not route.permission and ctx.component(route.to).kind == "lambda":
            let_invoke(ctx, name, route.to)
    _openapi.let_authorize(name, api.authorizer, ctx)


def _cors(cors: Cors) -> dict[str, Any]:
    return {
        "AllowOrigins": cors.origins,
        "AllowMethods": cors.methods,
        "AllowHeaders": cors.headers,
        **({"ExposeHeaders": cors.expose} if cors.expose else {}),
        "AllowCredentials": cors.credentials,
        "MaxAge": cors.max_age_s,
    }


def _authorizer(name: str, authorizer: Authorizer, ctx: Lowering) -> tuple[str, dict[str, Any]]:
    """Make the authorizer; return the type that routes name, and its id."""
    source = authorizer.identity_source or "$request.header.Authorization"
    properties: dict[str, Any] = {"ApiId": ctx.ref(name), "Name": authorizer.name, "IdentitySource": [source]}
    if authorizer.lambda_:
        properties |= {
            "AuthorizerType": "REQUEST",
            "AuthorizerUri": function_uri(ctx, authorizer.lambda_),
            "AuthorizerPayloadFormatVersion": "2.0",
            "EnableSimpleResponses": True,
            "AuthorizerResultTtlInSeconds": authorizer.cache_s,
        }
        let_invoke(ctx, name, authorizer.lambda_)
    else:
        properties |= {"AuthorizerType": "JWT", "JwtConfiguration": jwt(authorizer, ctx)}
    origins = {
        "JwtConfiguration": "authorizer.jwt" if authorizer.jwt else "authorizer",
        "AuthorizerUri": "authorizer.lambda",
        "IdentitySource": "authorizer.identity_source",
    }
    ctx.add(name, "AWS::ApiGatewayV2::Authorizer", properties, suffix="Authorizer", origins=origins)
    return ("CUSTOM" if authorizer.lambda_ else "JWT"), ctx.ref(name, "Authorizer")


def jwt(authorizer: Authorizer, ctx: Lowering) -> dict[str, Any]:
    """Issuer and audience: those said, or the pool of the app clients and the clients."""
    if authorizer.issuer:
        return {"Issuer": authorizer.issuer, "Audience": authorizer.audience}
    if authorizer.cognito:
        return {"Issuer": ctx.att(authorizer.cognito[0], "ProviderURL"), "Audience": authorizer.audience}
    client = ctx.component(authorizer.jwt[0])
    issuer: Any = ctx.att(client.pool, "ProviderURL") if isinstance(client, CognitoAppClient) else None
    return {"Issuer": issuer, "Audience": [ctx.ref(c) for c in authorizer.jwt]}


def _route(
    name: str, api: HttpApi, key: str, route: HttpRoute, authorizer: tuple[str, dict[str, Any]] | None, ctx: Lowering
) -> None:
    """One route, with the integration of its target."""
    integration = _integration(name, api, key, route, ctx)
    properties: dict[str, Any] = {
        "ApiId": ctx.ref(name),
        "RouteKey": key,
        "Target": {"Fn::Sub": f"integrations/${{{integration}}}"},
    }
    properties |= authorization(route, authorizer)
    here = ("routes", key)
    ctx.add(
        name, "AWS::ApiGatewayV2::Route", properties, suffix=word(key) + "Route",
        origins={
            "RouteKey": here,
            "Target": (*here, "to"),
            "AuthorizationType": (*here, "auth") if route.auth else "authorizer" if api.authorizer else here,
            "AuthorizerId": "authorizer",
            "AuthorizationScopes": (*here, "scopes"),
        },
    )  # fmt: skip


def _integration(name: str, api: HttpApi, key: str, route: HttpRoute, ctx: Lowering) -> str:
    """Make the integration of a route's target, once for all routes that need the same; return its id."""
    kind = ctx.component(route.to).kind
    properties = _integration_of(name, api, key, route, ctx)
    suffix = logical_id(route.to) + (str(route.timeout_ms) if route.timeout_ms else "")
    suffix += (word(route.message_group) if route.message_group else "") + "Integration"
    if properties.get("IntegrationMethod") and kind == "external_system":
        suffix = word(key) + "Integration"
    wanted = ctx.id(name, suffix)
    if wanted not in ctx.resources:
        here = ("routes", key)
        origins = {"IntegrationUri": (*here, "to"), "TimeoutInMillis": (*here, "timeout_ms")}
        ctx.add(name, "AWS::ApiGatewayV2::Integration", properties, suffix=suffix, origins=origins)
    return wanted


def _integration_of(name: str, api: HttpApi, key: str, route: HttpRoute, ctx: Lowering) -> dict[str, Any]:
    """What an integration says."""
    kind = ctx.component(route.to).kind
    properties: dict[str, Any] = {"ApiId": ctx.ref(name), "TimeoutInMillis": route.timeout_ms}
    if kind == "lambda":
        let_invoke(ctx, name, route.to)
        properties |= {
            "IntegrationType": "AWS_PROXY", "IntegrationUri": ctx.arn(route.to), "PayloadFormatVersion": "2.0",
        }  # fmt: skip
    elif kind in _SERVICES:
        targets = [r.to for r in api.routes.values()]
        subtype, parameters = _service(name, route, kind, ctx)
        properties |= {
            "IntegrationType": "AWS_PROXY",
            "IntegrationSubtype": subtype,
            "PayloadFormatVersion": "1.0",
            "CredentialsArn": integration_role(ctx, name, targets),
            "RequestParameters": parameters,
        }
    else:
        properties |= _forward(name, key, route, kind, ctx)
    return properties


def _service(name: str, route: HttpRoute, kind: str, ctx: Lowering) -> tuple[str, dict[str, Any]]:
    """The service's call and its parameters."""
    body = "$request.body"
    target = ctx.component(route.to)
    if kind == "sqs_queue":
        parameters: dict[str, Any] = {"QueueUrl": ctx.ref(route.to), "MessageBody": body}
        if getattr(target, "fifo", False):
            parameters["MessageGroupId"] = route.message_group or name
        return "SQS-SendMessage", parameters
    if kind == "state_machine":
        call = "StartSyncExecution" if getattr(target, "type", "") == "express" else "StartExecution"
        return f"StepFunctions-{call}", {"StateMachineArn": ctx.arn(route.to), "Input": body}
    if kind == "event_bus":
        return "EventBridge-PutEvents", {
            "EventBusName": ctx.ref(route.to), "Detail": body, "DetailType": "$request.path",
            "Source": ctx.architecture.name_prefix,
        }  # fmt: skip
    return "Kinesis-PutRecord", {
        "StreamName": ctx.ref(route.to), "Data": body, "PartitionKey": "$context.requestId",
    }  # fmt: skip


def _forward(name: str, key: str, route: HttpRoute, kind: str, ctx: Lowering) -> dict[str, Any]:
    """A request that is passed on: to a load balancer through the private link, or over the internet."""
    method = key.split(" ")[0] if " " in key else "ANY"
    if kind == "external_system":
        url = getattr(ctx.component(route.to), "url", None) or "https://example.invalid"
        path = key.split(" ")[1] if " " in key else ""
        return {
            "IntegrationType": "HTTP_PROXY", "IntegrationMethod": method,
            "IntegrationUri": url.rstrip("/") + path.replace("+}", "}"), "PayloadFormatVersion": "1.0",
        }  # fmt: skip
    forwarded: dict[str, Any] = {
        "IntegrationType": "HTTP_PROXY",
        "IntegrationMethod": "ANY",
        "IntegrationUri": ctx.ref(route.to, "Listener"),
        "ConnectionType": "VPC_LINK",
        "ConnectionId": _link(name, route.to, ctx),
        "PayloadFormatVersion": "1.0",
    }
    certificates = components_of(getattr(ctx.component(route.to), "certificate", None))
    if certificates and (domain := getattr(ctx.component(certificates[0]), "domain", None)):
        forwarded["TlsConfig"] = {"ServerNameToVerify": domain}
    return forwarded


def _link(name: str, target: str, ctx: Lowering) -> dict[str, Any]:
    """The private link, in the subnets of the API, else in those of its target."""
    if ctx.id(name, "VpcLink") not in ctx.resources:
        placed = bool(ctx.subnets(name))
        properties = {
            "Name": f"{ctx.architecture.name_prefix}-{name.replace('_', '-')}",
            "SubnetIds": ctx.subnets(name) or ctx.subnets(target),
            "SecurityGroupIds": ctx.groups(name) if placed else None,
            "Tags": tag_map(ctx, name),
        }
        origins = {"SubnetIds": "in.subnets", "SecurityGroupIds": "in.security_groups"}
        ctx.add(name, "AWS::ApiGatewayV2::VpcLink", properties, suffix="VpcLink", origins=origins)
    return ctx.ref(name, "VpcLink")


def _stage(name: str, api: HttpApi, ctx: Lowering) -> None:
    """The stage, deployed with every change, with access logs, metrics and limits."""
    extra = {"routeKey": "$context.routeKey", "error": "$context.error.message"}
    settings: dict[str, Any] = {"DetailedMetricsEnabled": api.detailed_metrics}
    if api.throttle:
        settings |= _limits(api.throttle)
    routes = {k: _limits(r.throttle) for k, r in api.routes.items() if r.throttle}
    properties = {
        "ApiId": ctx.ref(name),
        "StageName": api.stage,
        "AutoDeploy": True,
        "AccessLogSettings": access_logs(name, ctx, api.log_retention_days, api.log_key, extra),
        "DefaultRouteSettings": settings,
        "RouteSettings": routes or None,
        "Tags": tag_map(ctx, name),
    }
    depends = [] if api.definition else [ctx.id(name, word(k) + "Route") for k in routes]
    ctx.add(
        name, "AWS::ApiGatewayV2::Stage", properties, suffix=_stage_suffix(api),
        origins={
            "StageName": "stage",
            "AccessLogSettings": "log_retention_days",
            "DefaultRouteSettings.DetailedMetricsEnabled": "detailed_metrics",
            "DefaultRouteSettings": "throttle",
            "RouteSettings": "routes",
        },
        attributes={"DependsOn": depends} if depends else None,
    )  # fmt: skip


def _stage_suffix(api: HttpApi) -> str:
    return _openapi.stage_suffix(api.stage) if api.definition else "Stage"


def _limits(throttle: Any) -> dict[str, Any]:
    return {
        "ThrottlingRateLimit": throttle.rps,
        "ThrottlingBurstLimit": throttle.burst or max(1, round(throttle.rps)),
    }


def _domain(name: str, api: HttpApi, ctx: Lowering) -> None:
    """The name of the API's own, over TLS 1.2 at least."""
    if api.domain is None:
        return
    certificate = ctx.arn(api.domain.certificate)
    configuration = {"CertificateArn": certificate, "EndpointType": "REGIONAL", "SecurityPolicy": "TLS_1_2"}
    properties = {
        "DomainName": api.domain.name,
        "DomainNameConfigurations": [configuration],
        "Tags": tag_map(ctx, name),
    }
    ctx.add(name, "AWS::ApiGatewayV2::DomainName", properties, suffix="Domain", origins={"DomainName": "domain.name"})
    mapping = {
        "ApiId": ctx.ref(name),
        "DomainName": ctx.ref(name, "Domain"),
        "Stage": ctx.ref(name, _stage_suffix(api)),
        "ApiMappingKey": api.domain.path,
    }
    ctx.add(name, "AWS::ApiGatewayV2::ApiMapping", mapping, suffix="Mapping", origins={"ApiMappingKey": "domain.path"})
