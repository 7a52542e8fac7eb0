"""What the lowerings of REST and HTTP APIs share."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from archproof.model.kinds._api import ApiDomain
from archproof.resources.lowering._context import Lowering, logical_id
from archproof.resources.lowering._grants import allow_invoke, may, service_role, use_key

if TYPE_CHECKING:
    from archproof.model.kinds.http_api import HttpRoute
    from archproof.model.kinds.rest_api import RestRoute

_GATEWAY = "apigateway.amazonaws.com"
_FIELDS = {
    "requestId": "$context.requestId",
    "ip": "$context.identity.sourceIp",
    "time": "$context.requestTime",
    "method": "$context.httpMethod",
    "status": "$context.status",
    "responseLength": "$context.responseLength",
    "latency": "$context.responseLatency",
}
_ACTIONS = {
    "sqs_queue": ["sqs:SendMessage"],
    "sns_topic": ["sns:Publish"],
    "state_machine": ["states:StartExecution", "states:StartSyncExecution"],
    "event_bus": ["events:PutEvents"],
    "kinesis_stream": ["kinesis:PutRecord"],
}


def word(text: str) -> str:
    """A path or a method in the letters of a logical id: `/orders/{id}` is `OrdersId`."""
    return logical_id("".join(c if c.isalnum() else "_" for c in text))


def authorization(route: HttpRoute | RestRoute, authorizer: tuple[str, dict[str, Any]] | None) -> dict[str, Any]:
    """Who may call a route: what it says, else the API's authorizer, else callers with IAM credentials."""
    if route.auth == "open":
        return {"AuthorizationType": "NONE"}
    if route.auth == "iam" or authorizer is None:
        return {"AuthorizationType": "AWS_IAM"}
    kind, reference = authorizer
    return {"AuthorizationType": kind, "AuthorizerId": reference, "AuthorizationScopes": route.scopes or None}


def access_logs(name: str, ctx: Lowering, days: int, key: str | None, extra: dict[str, str]) -> dict[str, Any]:
    """The log group of access logs, and the settings that write to it."""
    properties = {
        "RetentionInDays": days,
        "KmsKeyId": ctx.arn(key) if key else None,
        "Tags": ctx.tags(name),
    }
    origins = {"RetentionInDays": "log_retention_days", "KmsKeyId": "log_key"}
    ctx.add(name, "AWS::Logs::LogGroup", properties, suffix="AccessLogs", origins=origins)
    return {"DestinationArn": ctx.att(name, "Arn", "AccessLogs"), "Format": json.dumps({**_FIELDS, **extra})}


def let_invoke(ctx: Lowering, api: str, function: str) -> None:
    """Let the API, on any of its routes, invoke a function."""
    arn = f"arn:${{AWS::Partition}}:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:${{{ctx.id(api)}}}/*"
    allow_invoke(ctx, function, api, _GATEWAY, {"Fn::Sub": arn})


def function_uri(ctx: Lowering, function: str) -> dict[str, str]:
    """The address at which API Gateway invokes a function."""
    gateway = "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/"
    return {"Fn::Sub": f"{gateway}${{{ctx.id(function)}.Arn}}/invocations"}


def integration_role(ctx: Lowering, api: str, targets: list[str]) -> dict[str, Any]:
    """The role with which the API calls AWS services; it holds what its routes need."""
    suffix = "IntegrationRole"
    if ctx.id(api, suffix) not in ctx.resources:
        statements: list[dict[str, Any]] = []
        for target in dict.fromkeys(targets):
            kind = ctx.component(target).kind
            if kind in _ACTIONS:
                actions = _ACTIONS[kind]
                if kind == "state_machine":
                    express = getattr(ctx.component(target), "type", "") == "express"
                    actions = ["states:StartSyncExecution"] if express else ["states:StartExecution"]
                statements += [may(actions, ctx.arn(target)), *use_key(ctx, target)]
        service_role(ctx, api, _GATEWAY, statements, suffix, "routes")
    return ctx.att(api, "Arn", suffix)


def tag_map(ctx: Lowering, name: str) -> dict[str, Any]:
    """The tags of a component as the map that API Gateway V2 wants."""
    return {tag["Key"]: tag["Value"] for tag in ctx.tags(name)}


def endpoint_closed(answers: bool | None, domain: ApiDomain | None) -> bool:
    """Whether the name that AWS gives an API does not answer."""
    return domain is not None if answers is None else not answers
