"""APIs whose routes stand in their body, pipes, machines of a file, and statements by a policy template of SAM."""

from __future__ import annotations

import pytest

from archproof.errors import InputError

from .lowered import complaints, lowered

HEAD = "archproof: 1\nsystem: {name: shop}\ncomponents:\n"
MODEL = """\
  fn: {kind: lambda, runtime: python3.13}
  guard: {kind: lambda, runtime: python3.13}
  jobs: {kind: sqs_queue}
  flow: {kind: state_machine, file: flow.asl.json, substitutions: {Fn: !GetAtt fn.Arn}}
  api:
    kind: rest_api
    definition: openapi
    authorizer: {lambda: guard, name: Guard}
    cors: https://app.example.com
    routes:
      GET /orders/{id}: fn
      POST /orders: {to: jobs, auth: iam}
      GET /open: {to: fn, auth: open, api_key: true, permission: OpenPermission}
  web:
    kind: http_api
    definition: openapi
    authorizer: {issuer: https://id.example.com, audience: web}
    routes: {$default: fn, POST /jobs: {to: jobs, auth: open}}
  pipe: {kind: event_pipe, from: jobs, to: fn, filter: [{body: {a: [1]}}], batch: 5}
  worker:
    kind: lambda
    runtime: python3.13
    role: {policies: {jobs: {template: SQSPollerPolicy, with: {QueueName: !GetAtt jobs.QueueName}}}}
"""


def test_aws_has_nothing_against_them() -> None:
    assert complaints(lowered(MODEL, HEAD)) == []


def test_a_body_says_every_route_and_who_may_call_it() -> None:
    resources = lowered(MODEL, HEAD)
    body = resources["Api"].get("Body")
    assert body["paths"]["/orders/{id}"]["get"]["security"] == [{"Guard": []}]
    assert body["paths"]["/orders"]["post"]["security"] == [{"AWS_IAM": []}]
    assert body["paths"]["/open"]["get"]["security"] == [{"api_key": []}]
    assert list(body["components"]["securitySchemes"]) == ["Guard", "AWS_IAM", "api_key"]
    assert set(body["paths"]["/orders"]) == {"post", "options"}
    assert not list(resources.of_type("AWS::ApiGateway::Method", "AWS::ApiGatewayV2::Route"))
    assert resources["Web"].get("Body", "paths", "$default", "x-amazon-apigateway-any-method", "isDefaultRoute")


def test_a_permission_of_its_own_lets_one_route_alone_call() -> None:
    arn = lowered(MODEL, HEAD)["OpenPermission"].get("SourceArn", "Fn::Sub")
    assert arn == "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*/GET/open"


def test_another_route_is_another_deployment() -> None:
    def deployments(model: str) -> list[str]:
        return [r.logical_id for r in lowered(model, HEAD).of_type("AWS::ApiGateway::Deployment")]

    assert deployments(MODEL) != deployments(MODEL.replace("/open", "/shut"))


def test_the_role_of_a_pipe_holds_its_ends() -> None:
    resources = lowered(MODEL, HEAD)
    statements = resources["PipeRole"].get("Policies", 0, "PolicyDocument", "Statement")
    assert [s["Resource"] for s in statements] == [{"Fn::GetAtt": ["Jobs", "Arn"]}, {"Fn::GetAtt": ["Fn", "Arn"]}]
    assert resources["Pipe"].get("SourceParameters") == {
        "FilterCriteria": {"Filters": [{"Pattern": '{"body": {"a": [1]}}'}]},
        "SqsQueueParameters": {"BatchSize": 5},
    }


def test_a_machine_of_a_file_is_filled_in_by_its_substitutions() -> None:
    machine = lowered(MODEL, HEAD)["Flow"]
    assert machine.get("DefinitionS3Location") == {"Bucket": {"Ref": "CodeBucket"}, "Key": "flow.asl.json"}
    assert machine.get("DefinitionSubstitutions") == {"Fn": {"Fn::GetAtt": ["Fn", "Arn"]}}


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("SQSPollerPolicy", "SQSPolerPolicy", "did you mean 'SQSPollerPolicy'?"),
        ("with: {QueueName: !GetAtt jobs.QueueName}", "with: {Queue: jobs}", "needs 'with': QueueName"),
        ("    definition: openapi\n    authorizer: {l", "    authorizer: {l", "need a 'definition'"),
        ("to: jobs, auth: iam", "to: jobs, validate: body", "what 'POST /orders' checks stands in the 'Body'"),
        ("file: flow.asl.json, ", "", "exactly one of 'definition', 'steps' and 'file'"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told(before: str, after: str, message: str) -> None:
    with pytest.raises(InputError) as error:
        lowered(MODEL.replace(before, after), HEAD)
    assert message in str(error.value)
