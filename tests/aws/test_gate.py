"""Nothing but reads leaves, and of those none that hands out secrets."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("boto3")

from archproof import facts
from archproof.sources.aws import sessions
from archproof.sources.aws.gate import Gate, RefusedCall, verdict
from archproof.sources.aws.scope import Scope
from archproof.sources.responses._call import declared
from tests.aws.doubles import Question, double, identity, vpcs

REFUSED: list[tuple[str, str, dict[str, Any]]] = [
    ("ec2", "terminate_instances", {"InstanceIds": ["i-1"]}),
    ("ec2", "create_tags", {"Resources": ["vpc-1"], "Tags": [{"Key": "a", "Value": "b"}]}),
    ("ec2", "get_password_data", {"InstanceId": "i-1"}),
    ("s3", "delete_bucket", {"Bucket": "a"}),
    ("s3", "put_bucket_policy", {"Bucket": "a", "Policy": "{}"}),
    ("s3", "get_object", {"Bucket": "a", "Key": "b"}),
    ("s3", "list_objects_v2", {"Bucket": "a"}),
    ("iam", "create_user", {"UserName": "a"}),
    ("lambda", "invoke", {"FunctionName": "a"}),
    ("lambda", "update_function_configuration", {"FunctionName": "a"}),
    ("secretsmanager", "get_secret_value", {"SecretId": "a"}),
    ("ssm", "get_parameters", {"Names": ["a"], "WithDecryption": True}),
    ("ssm", "send_command", {"DocumentName": "a"}),
    ("kms", "decrypt", {"CiphertextBlob": b"a"}),
    ("sts", "get_session_token", {}),
    ("ecr", "get_authorization_token", {}),
    ("dynamodb", "get_item", {"TableName": "t", "Key": {"a": {"S": "b"}}}),
    ("dynamodb", "scan", {"TableName": "t"}),
    ("sqs", "receive_message", {"QueueUrl": "http://127.0.0.1/q"}),
    ("apigateway", "get_api_keys", {"includeValues": True}),
    ("glue", "get_connections", {}),
    ("logs", "filter_log_events", {"logGroupName": "a"}),
    ("cloudformation", "detect_stack_drift", {"StackName": "a"}),
    ("iam", "generate_credential_report", {}),
]


def everything(question: Question) -> tuple[int, str]:
    if question.operation == "GetCallerIdentity":
        return 200, identity()
    return 200, vpcs("vpc-1") if question.operation == "DescribeVpcs" else "{}"


def account(url: str, calls: list[str] | None = None) -> sessions.Account:
    found, unread = sessions.accounts(Scope(regions=("eu-west-1",), endpoint_url=url), calls)
    assert unread == []
    return found[0]


@pytest.mark.parametrize(("service", "operation", "parameters"), REFUSED, ids=[f"{s}-{o}" for s, o, _ in REFUSED])
def test_what_is_no_read_or_reads_a_secret_never_reaches_the_wire(
    service: str, operation: str, parameters: dict[str, Any]
) -> None:
    with double(everything) as aws:
        client = account(aws.url).client(service, "eu-west-1")
        before = len(aws.asked)
        with pytest.raises(RefusedCall, match="was refused before it was sent"):
            getattr(client, operation)(**parameters)
        assert len(aws.asked) == before
        client = account(aws.url).client("ec2", "eu-west-1")
        assert client.describe_vpcs()["Vpcs"][0]["VpcId"] == "vpc-1"  # and a read does


def test_a_read_that_nothing_declares_is_refused() -> None:
    with double(everything) as aws:
        client = account(aws.url, ["ec2:DescribeVpcs"]).client("ec2", "eu-west-1")
        assert client.describe_vpcs()["Vpcs"]
        before = len(aws.asked)
        with pytest.raises(RefusedCall, match=r"ec2:DescribeSubnets .* nothing here declares that it is needed"):
            client.describe_subnets()
        assert len(aws.asked) == before


def test_a_request_that_no_call_made_is_refused_at_the_wire() -> None:
    gate = Gate()
    with pytest.raises(RefusedCall, match="nobody made this call"):
        gate.sent(event_name="before-send.ec2.DescribeVpcs")


def test_a_write_is_refused_at_the_wire_too() -> None:
    gate = Gate()
    gate._services["ec2"] = "ec2"
    gate.sent(event_name="before-send.ec2.DescribeVpcs")
    with pytest.raises(RefusedCall, match=r"ec2:DeleteVpc .* it is no read"):
        gate.sent(event_name="before-send.ec2.DeleteVpc")


def test_a_role_may_be_assumed_but_no_session_handed_out() -> None:
    assert verdict("sts", "AssumeRole", {}) is None
    assert verdict("sts", "GetCallerIdentity", {}) is None
    assert verdict("sts", "GetFederationToken", {}) == "hands out credentials"
    assert verdict("sso", "GetRoleCredentials", {}) is None
    assert verdict("sso", "ListAccounts", {}) == "hands out credentials"


def test_a_parameter_that_is_not_decrypted_may_be_read() -> None:
    assert verdict("ssm", "GetParameters", {"Names": ["a"]}) is None
    assert verdict("ssm", "GetParameters", {"Names": ["a"], "WithDecryption": False}) is None
    assert verdict("glue", "GetConnections", {"HidePassword": True}) is None


def test_every_declared_call_may_be_sent() -> None:
    assert {c.title: why for c in declared() if (why := verdict(c.service, c.operation, c.parameters))} == {}


def test_every_operation_that_is_withheld_exists() -> None:
    from botocore.loaders import create_loader

    loader = create_loader()
    services = set(loader.list_available_services("service-2"))
    unknown = []
    for row in facts.rows("withheld"):
        if row["service"] in services and row["operation"] != "*":
            operations = loader.load_service_model(row["service"], "service-2")["operations"]
            unknown += [row] if row["operation"] not in operations else []
    assert unknown == []
