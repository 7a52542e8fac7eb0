"""Who delivers, as the target's policy sees it: the ARN of the very route, authorizer or log group."""

from __future__ import annotations

from typing import Any

import pytest

from archproof.proofs.connection import Prover
from archproof.resources.resource import Resource, Resources

URI = {"Fn::Sub": "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Fn.Arn}/invocations"}
INTEGRATION = {"x-amazon-apigateway-integration": {"type": "aws_proxy", "uri": URI}}


def asked(source: Resource, arn: str, principal: str = "apigateway.amazonaws.com") -> list[str]:
    """The verdicts on a delivery where the function's permission is for `arn`."""
    resources = Resources("eu-west-1", "111111111111")
    resources.add(Resource("Fn", "AWS::Lambda::Function", {"FunctionName": "fn"}))
    resources.add(Resource("Logs", "AWS::Logs::LogGroup", {"LogGroupName": "app"}))
    resources.add(source)
    permission = {"FunctionName": {"Ref": "Fn"}, "Principal": principal, "SourceArn": {"Fn::Sub": arn}}
    resources.add(Resource("May", "AWS::Lambda::Permission", permission | {"Action": "lambda:InvokeFunction"}))
    prover = Prover(resources)
    needs = prover.needs.of([source], [resources["Fn"]], None)
    return [p.verdict for need in needs for p in prover.permissions.decide(need)]


def api(paths: dict[str, Any], type: str = "AWS::ApiGateway::RestApi", **more: Any) -> Resource:
    return Resource("Api", type, {"Body": {"openapi": "3.0.1", "paths": paths, **more}})


BASE = "arn:aws:execute-api:eu-west-1:111111111111:${Api}"
AUTHORIZER = {"securitySchemes": {"own": {"x-amazon-apigateway-authorizer": {"authorizerUri": URI}}}}


@pytest.mark.parametrize(
    ("source", "arn", "verdicts"),
    [
        (api({"/items": {"get": INTEGRATION}}), "/*/GET/items", ["allowed"]),
        (api({"/items": {"get": INTEGRATION}}), "/*/*/*", ["allowed"]),
        (api({"/items": {"get": INTEGRATION}}), "/*/POST/items", ["denied"]),
        (api({"/items/": {"get": INTEGRATION}}), "/*/GET/items", ["allowed"]),
        (api({"/items/{id}": {"get": INTEGRATION}}), "/*/GET/items/*", ["allowed"]),
        (api({"/": {"x-amazon-apigateway-any-method": INTEGRATION}}), "/*/*/", ["allowed"]),
        (api({"/": {"x-amazon-apigateway-any-method": INTEGRATION}}), "/*/GET/", ["conditional"]),
        (api({"/a": {"get": INTEGRATION, "put": INTEGRATION}}), "/*/GET/a", ["allowed", "denied"]),
        (api({"/$default": {"x-amazon-apigateway-any-method": INTEGRATION}}, "AWS::ApiGatewayV2::Api"),
         "/*/$default", ["allowed"]),
        (api({}, components=AUTHORIZER), "/authorizers/*", ["allowed"]),
    ],
)  # fmt: skip
def test_an_api_is_known_by_the_routes_of_its_definition(source, arn, verdicts):
    assert asked(source, BASE + arn) == verdicts


@pytest.mark.parametrize(("group", "verdict"), [({"Ref": "Logs"}, "allowed"), ("app", "allowed"), ("web", "denied")])
def test_logs_are_known_by_their_group(group, verdict):
    source = Resource(
        "Filter", "AWS::Logs::SubscriptionFilter",
        {"LogGroupName": group, "DestinationArn": {"Fn::GetAtt": ["Fn", "Arn"]}},
    )  # fmt: skip
    arn = "arn:aws:logs:eu-west-1:111111111111:log-group:app:*"
    assert asked(source, arn, "logs.amazonaws.com") == [verdict]
