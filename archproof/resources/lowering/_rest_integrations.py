"""How the methods of a REST API reach their targets."""

from __future__ import annotations

import re
from typing import Any

from archproof.model.kinds.rest_api import RestApi, RestRoute
from archproof.resources.lowering._api import function_uri, integration_role, let_invoke
from archproof.resources.lowering._context import Lowering

_GATEWAY = "arn:${AWS::Partition}:apigateway:${AWS::Region}:"
_FORM = "'application/x-www-form-urlencoded'"
_JSON = "'application/x-amz-json-1.1'"
_DIRECT = ("sqs_queue", "sns_topic", "state_machine", "event_bus")


def integration(name: str, api: RestApi, key: str, route: RestRoute, ctx: Lowering) -> dict[str, Any]:
    """Return the integration of a route's method."""
    kind = ctx.component(route.to).kind
    if kind == "lambda":
        let_invoke(ctx, name, route.to)
        written: dict[str, Any] = {
            "Type": "AWS_PROXY", "IntegrationHttpMethod": "POST", "Uri": function_uri(ctx, route.to),
        }  # fmt: skip
    elif kind in _DIRECT:
        written = _direct(name, api, route, kind, ctx)
    else:
        written = _forward(name, key, route, kind, ctx)
    if route.timeout_ms:
        written["TimeoutInMillis"] = route.timeout_ms
    return written


def is_direct(route: RestRoute, ctx: Lowering) -> bool:
    """Whether the API calls a service itself, and so has to say what an answer looks like."""
    return ctx.component(route.to).kind in _DIRECT


def _direct(name: str, api: RestApi, route: RestRoute, kind: str, ctx: Lowering) -> dict[str, Any]:
    """A call of an AWS service with the body of the request."""
    target = ctx.id(route.to)
    headers = {"integration.request.header.Content-Type": _FORM if kind in ("sqs_queue", "sns_topic") else _JSON}
    if kind == "sqs_queue":
        uri = f"{_GATEWAY}sqs:path/${{AWS::AccountId}}/${{{target}.QueueName}}"
        body: Any = "Action=SendMessage&MessageBody=$util.urlEncode($input.body)"
        if getattr(ctx.component(route.to), "fifo", False):
            body += f"&MessageGroupId={name}"
    elif kind == "sns_topic":
        uri = f"{_GATEWAY}sns:action/Publish"
        topic = f"$util.urlEncode('${{{target}}}')"
        body = {"Fn::Sub": f"Action=Publish&TopicArn={topic}&Message=$util.urlEncode($input.body)"}
    elif kind == "state_machine":
        express = getattr(ctx.component(route.to), "type", "") == "express"
        uri = f"{_GATEWAY}states:action/{'StartSyncExecution' if express else 'StartExecution'}"
        escaped = "$util.escapeJavaScript($input.json('$'))"
        body = {"Fn::Sub": f'{{"input": "{escaped}", "stateMachineArn": "${{{target}}}"}}'}
    else:
        uri = f"{_GATEWAY}events:action/PutEvents"
        headers["integration.request.header.X-Amz-Target"] = "'AWSEvents.PutEvents'"
        source = ctx.architecture.name_prefix
        detail = "$util.escapeJavaScript($input.json('$'))"
        entry = (
            f'{{"Source": "{source}", "DetailType": "$context.resourcePath", "Detail": "{detail}", '
            f'"EventBusName": "${{{target}}}"}}'
        )
        body = {"Fn::Sub": f'{{"Entries": [{entry}]}}'}
    return {
        "Type": "AWS",
        "IntegrationHttpMethod": "POST",
        "Uri": {"Fn::Sub": uri},
        "Credentials": integration_role(ctx, name, [r.to for r in api.routes.values()]),
        "PassthroughBehavior": "NEVER",
        "RequestParameters": headers,
        "RequestTemplates": {"application/json": body},
        "IntegrationResponses": [
            {"StatusCode": "200"},
            {"StatusCode": "400", "SelectionPattern": "4\\d{2}"},
            {"StatusCode": "500", "SelectionPattern": "5\\d{2}"},
        ],
    }


def _forward(name: str, key: str, route: RestRoute, kind: str, ctx: Lowering) -> dict[str, Any]:
    """A request that is passed on: through a private link to a load balancer, or over the internet."""
    method, path = key.split(" ", 1)
    written: dict[str, Any] = {"Type": "HTTP_PROXY", "IntegrationHttpMethod": method}
    plain = path.replace("+}", "}")
    if parameters := path_parameters(path):
        written["RequestParameters"] = {f"integration.request.path.{p}": f"method.request.path.{p}" for p in parameters}
    if kind == "external_system":
        url = getattr(ctx.component(route.to), "url", None) or "https://example.invalid"
        return {**written, "Uri": url.rstrip("/") + plain}
    written |= {"ConnectionType": "VPC_LINK", "ConnectionId": _link(name, route.to, ctx)}
    return {**written, "Uri": {"Fn::Sub": f"http://${{{ctx.id(route.to)}.DNSName}}" + plain}}


def path_parameters(path: str) -> list[str]:
    """The parameters of a path, in order."""
    return [p.rstrip("+") for p in re.findall(r"\{([^}]+)\}", path)]


def _link(name: str, target: str, ctx: Lowering) -> dict[str, Any]:
    suffix = "VpcLink"
    if ctx.id(name, suffix) not in ctx.resources:
        properties = {
            "Name": f"{ctx.architecture.name_prefix}-{name.replace('_', '-')}",
            "TargetArns": [ctx.arn(target)],
            "Tags": ctx.tags(name),
        }
        ctx.add(name, "AWS::ApiGateway::VpcLink", properties, suffix=suffix)
    return ctx.ref(name, suffix)
