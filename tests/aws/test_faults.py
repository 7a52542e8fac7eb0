"""Everything that can go wrong on the way is told with its reason, and nothing that was not seen is called empty."""

from __future__ import annotations

import json
import socket

import pytest

pytest.importorskip("boto3")

from archproof.sources.aws import account, sessions
from archproof.sources.aws.scope import Scope
from archproof.sources.responses._call import Call
from tests.aws.doubles import ACCOUNT, Question, Reply, double, error, identity, json_error, vpcs
from tests.aws.scanning import FUNCTIONS, QUEUE, QUEUES, ROLES, SUBNETS, VPCS, plain, scanned, scope, told, unread


def said(reply: Reply) -> list[tuple[str | None, str, str]]:
    """What is unread where ec2:DescribeVpcs is answered like this."""
    with double(lambda q: reply if q.operation == "DescribeVpcs" else None) as aws:
        return told(scanned(aws.url, VPCS))


def test_a_denial_is_told_with_the_call_the_types_and_the_place() -> None:
    reply = 403, error("UnauthorizedOperation", "You are not authorized to perform this operation.")
    with double(lambda q: reply if q.operation == "DescribeVpcs" else None) as aws:
        [one] = unread(scanned(aws.url, VPCS))
    assert one.as_dict() == {
        "why": "UnauthorizedOperation: You are not authorized to perform this operation.", "code": "denied",
        "account": ACCOUNT, "region": "eu-west-1", "operation": "ec2:DescribeVpcs", "types": ["AWS::EC2::VPC"],
        "id": None, "properties": [],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("status", "code", "meaning"),
    [
        (403, "AccessDenied", "denied"),
        (400, "AccessDeniedException", "denied"),
        (403, "403", "denied"),
        (403, "SomethingNew", "denied"),
        (401, "Whatever", "denied"),
        (400, "Throttling", "throttled"),
        (400, "RequestThrottled", "throttled"),
        (503, "RequestLimitExceeded", "throttled"),
        (503, "SlowDown", "throttled"),
        (429, "TooMany", "throttled"),
        (400, "ExpiredToken", "expired"),
        (403, "ExpiredTokenException", "expired"),
        (400, "RequestExpired", "expired"),
        (400, "OptInRequired", "unavailable"),
        (400, "InvalidAction", "unavailable"),
        (404, "404", "unavailable"),
        (501, "NotYet", "unavailable"),
        (500, "InternalError", "unreachable"),
        (503, "ServiceUnavailable", "unreachable"),
    ],
)
def test_a_code_or_else_the_status_says_what_it_is(status: int, code: str, meaning: str) -> None:
    assert said((status, error(code))) == [("ec2:DescribeVpcs", meaning, f"{code}: told so")]


def test_a_denial_of_a_service_of_json_is_told() -> None:
    reply = 400, json_error("AccessDeniedException", "not for you")
    with double(lambda q: reply if q.operation == "ListQueues" else None) as aws:
        found = told(scanned(aws.url, QUEUES))
    assert found == [("sqs:ListQueues", "denied", "AccessDeniedException: not for you")]


@pytest.mark.parametrize(
    "body",
    [
        "", "<html><body>Sign in to the hotel</body></html>", "<DescribeVpcsResponse><vpcSet><item><vpcId>vpc",
        "not XML at all", '{"Vpcs": []}', "<?xml version='1.0'?><Other/>",
    ],
)  # fmt: skip
def test_an_answer_of_xml_that_is_none_is_malformed_and_never_empty(body: str) -> None:
    [(operation, code, why)] = said((200, body))
    assert (operation, code) == ("ec2:DescribeVpcs", "malformed"), why


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<html></html>",
        '{"QueueUrls": ["a"',
        "[]",
        '"text"',
        '{"QueueUrls": 5}',
        '{"QueueUrls": {"a": 1}}',
        '{"message": "hello"}',
        "nonsense",
    ],
)
def test_an_answer_of_json_that_is_none_is_malformed_and_never_empty(body: str) -> None:
    with double(lambda q: (200, body) if q.operation == "ListQueues" else None) as aws:
        [(operation, code, why)] = told(scanned(aws.url, QUEUES))
    assert (operation, code) == ("sqs:ListQueues", "malformed"), why


@pytest.mark.parametrize("value", [{"Functions": {"a": 1}}, {"Functions": ["text"]}, {"Functions": 5}])
def test_fields_of_another_shape_are_malformed(value: dict[str, object]) -> None:
    with double(lambda q: (200, json.dumps(value)) if q.service == "lambda" else None) as aws:
        assert [code for _, code, _ in told(scanned(aws.url, FUNCTIONS))] == ["malformed"]


def test_an_empty_list_is_read_and_empty() -> None:
    with double(lambda q: {"DescribeVpcs": (200, vpcs()), "ListQueues": (200, "{}")}.get(q.operation)) as aws:
        assert [(a.value, a.whole) for a in scanned(aws.url, VPCS)] == [({"Vpcs": []}, True)]
        assert [(a.value, a.whole) for a in scanned(aws.url, QUEUES)] == [({}, True)]


def test_pages_that_fail_half_way_keep_what_was_read() -> None:
    def answers(q: Question) -> Reply | None:
        if q.operation != "DescribeVpcs":
            return None
        page = q.said.get("NextToken", "1")
        return (200, vpcs(f"vpc-{page}", more=str(int(page) + 1))) if page < "3" else (503, error("Unavailable"))

    with double(answers) as aws:
        [answer] = scanned(aws.url, VPCS)
    assert [v["VpcId"] for v in answer.value["Vpcs"]] == ["vpc-1", "vpc-2"]
    assert [(u.code, u.why) for u in answer.unread] == [("partial", "after 2 pages: Unavailable: told so")]
    assert "NextToken" not in answer.value


def test_pages_that_lead_back_are_partial_and_end() -> None:
    with double(lambda q: (200, vpcs("vpc-1", more="again")) if q.operation == "DescribeVpcs" else None) as aws:
        [answer] = scanned(aws.url, VPCS)
    assert [u.code for u in answer.unread] == ["partial"]
    assert len(aws.asked) < 6


def test_pages_without_a_paginator_are_followed_where_the_answer_nests_them() -> None:
    policies = Call("cloudfront", "ListCachePolicies", "", ("AWS::CloudFront::CachePolicy",), once=True)

    def answers(q: Question) -> Reply | None:
        if q.service != "cloudfront":
            return None
        page = int(q.said.get("Marker", "1"))
        held = f"<CachePolicySummary><Type>custom</Type><CachePolicy><Id>{page}</Id></CachePolicy></CachePolicySummary>"
        more = f"<NextMarker>{page + 1}</NextMarker>" if page < 3 else ""
        return 200, f"<CachePolicyList>{more}<Items>{held}</Items></CachePolicyList>"

    with double(answers) as aws:
        [answer] = scanned(aws.url, policies)
    assert answer.unread == []
    assert [e["CachePolicy"]["Id"] for e in answer.value["CachePolicyList"]["Items"]] == ["1", "2", "3"]


def test_an_answer_that_goes_on_and_cannot_be_followed_is_partial() -> None:
    streams = Call("firehose", "ListDeliveryStreams", "", ("AWS::KinesisFirehose::DeliveryStream",))
    reply = 200, '{"DeliveryStreamNames": ["a"], "HasMoreDeliveryStreams": true}'
    with double(lambda q: reply if q.operation == "ListDeliveryStreams" else None) as aws:
        [answer] = scanned(aws.url, streams)
        [asked] = [q for q in aws.asked if q.operation == "ListDeliveryStreams"]
    assert asked.said == {"Limit": 10000}
    assert answer.value["DeliveryStreamNames"] == ["a"]
    assert [u.code for u in answer.unread] == ["partial"]


def queues(number: int, reply: Reply) -> tuple[list[tuple[str | None, str, str]], int]:
    """What is unread of some queues whose details are answered like this, and how often those were asked."""

    def answers(q: Question) -> Reply | None:
        if q.operation == "ListQueues":
            return 200, json.dumps({"QueueUrls": [f"https://sqs/{ACCOUNT}/q{n:05}" for n in range(number)]})
        return reply if q.operation == "GetQueueAttributes" else None

    with double(answers) as aws:
        return told(scanned(aws.url, QUEUES, QUEUE, threads=4)), aws.count("GetQueueAttributes")


def test_a_resource_that_vanishes_between_list_and_detail_is_told_by_its_id() -> None:
    def answers(q: Question) -> Reply | None:
        if q.operation == "ListQueues":
            return 200, json.dumps({"QueueUrls": ["https://sqs/a", "https://sqs/b"]})
        if q.operation != "GetQueueAttributes":
            return None
        if q.said["QueueUrl"].endswith("b"):
            return 400, json_error("QueueDoesNotExist", "The specified queue does not exist.")
        return 200, '{"Attributes": {"DelaySeconds": "5"}}'

    with double(answers) as aws:
        found = scanned(aws.url, QUEUES, QUEUE)
    assert [(u.code, u.id, u.properties) for u in unread(found)] == [("vanished", "https://sqs/b", ("DelaySeconds",))]
    assert [a.value for a in found if a.call is QUEUE and a.whole] == [{"Attributes": {"DelaySeconds": "5"}}]


def test_a_code_that_says_there_is_none_is_an_answer() -> None:
    assert queues(2, (400, json_error("NoAttributes"))) == ([], 2)


def test_one_expired_token_stops_asking() -> None:
    found, asked = queues(5_000, (400, json_error("ExpiredToken", "The security token included is expired")))
    assert asked <= 8
    assert {(operation, code) for operation, code, _ in found} == {("sqs:GetQueueAttributes", "expired")}
    assert any(why.endswith("questions were not asked)") for _, _, why in found)


def test_a_detail_that_is_denied_again_and_again_is_not_asked_ten_thousand_times() -> None:
    found, asked = queues(2_000, (403, json_error("AccessDenied")))
    assert 20 <= asked <= 60
    assert {code for _, code, _ in found} == {"denied"}
    assert found[-1][2].startswith("every one of the first 2") and found[-1][2].endswith("questions were not asked)")


def test_credentials_that_a_region_does_not_know_make_it_unavailable() -> None:
    def answers(q: Question) -> Reply | None:
        if q.operation != "DescribeVpcs":
            return None
        return (200, vpcs("vpc-1")) if q.region == "eu-west-1" else (401, error("AuthFailure"))

    with double(answers) as aws:
        found = scanned(aws.url, VPCS, regions=("eu-west-1", "me-south-1"))
    assert [(a.region, a.whole) for a in found] == [("eu-west-1", True), ("me-south-1", False)]
    assert [(u.region, u.code) for u in unread(found)] == [("me-south-1", "unavailable")]


def test_a_host_that_is_not_there_is_unreachable_and_soon_given_up() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{taken.getsockname()[1]}"
        found, unsigned = sessions.accounts(scope(nowhere))
    assert found == []
    assert [(u.code, u.operation) for u in unsigned] == [("unreachable", "sts:GetCallerIdentity")]


def test_a_region_that_cannot_be_reached_leaves_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    from archproof.sources.aws import sessions

    make = sessions.client

    def elsewhere(session: object, service: str, region: str, said: Scope) -> object:
        if region == "eu-north-1":
            said = scope("http://127.0.0.1:1")
        return make(session, service, region, said)

    monkeypatch.setattr(sessions, "client", elsewhere)

    def answers(q: Question) -> Reply | None:
        return None if q.service == "sts" else (200, vpcs("vpc-1") if q.service == "ec2" else "{}")

    with double(answers) as aws:
        found = scanned(aws.url, VPCS, QUEUES, FUNCTIONS, regions=("eu-west-1", "eu-north-1"), threads=1)
    assert [a.whole for a in found if a.region == "eu-west-1"] == [True, True, True]
    assert [u.code for u in unread(found) if u.region == "eu-north-1"] == ["unreachable"] * 3


def test_a_service_that_is_not_in_a_region_is_unavailable_without_being_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions.Account, "offers", lambda self, service, region: service != "sqs")
    with double(lambda q: (200, vpcs("vpc-1")) if q.operation == "DescribeVpcs" else None) as aws:
        found = scanned(aws.url, VPCS, QUEUES, QUEUE)
        assert aws.count("ListQueues") == 0
    assert told(found) == [("sqs:ListQueues", "unavailable", "sqs is not in eu-west-1")]


def test_a_service_is_looked_up_in_the_list_of_endpoints() -> None:
    with double(lambda q: None) as aws:
        [account], _ = sessions.accounts(scope(aws.url))
    real = sessions.Account(ACCOUNT, account.session, Scope(), ("eu-west-1",), "us-east-1", "the environment")
    assert real.offers("ec2", "eu-west-1") and real.offers("iam", "us-east-1")
    assert not real.offers("braket", "af-south-1")


def test_one_account_that_cannot_be_signed_in_to_leaves_the_others() -> None:
    def answers(q: Question) -> Reply | None:
        if q.operation == "AssumeRole" and "Denied" in q.said["RoleArn"]:
            return 403, (
                "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>"
            )  # fmt: skip
        if q.operation == "AssumeRole":
            keys = "<AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>"
            inner = f"<Credentials>{keys}<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>"
            return 200, f"<AssumeRoleResponse><AssumeRoleResult>{inner}</AssumeRoleResult></AssumeRoleResponse>"
        return (200, identity("444455556666")) if q.operation == "GetCallerIdentity" else None

    roles = ("arn:aws:iam::111122223333:role/Denied", "arn:aws:iam::444455556666:role/Audit")
    with double(answers) as aws:
        found, unsigned = sessions.accounts(scope(aws.url, roles=roles, external_id="x-1", session_name="nightly"))
        [asked, *_] = [q for q in aws.asked if q.operation == "AssumeRole" and "Audit" in q.said["RoleArn"]]
    assert [a.number for a in found] == ["444455556666"]
    assert [(u.account, u.code) for u in unsigned] == [("111122223333", "denied")]
    assert (asked.said["ExternalId"], asked.said["RoleSessionName"]) == ("x-1", "nightly")


def test_what_fails_in_one_list_fails_in_no_other() -> None:
    def answers(q: Question) -> Reply | None:
        return {"DescribeVpcs": (200, vpcs("vpc-1")), "DescribeSubnets": (403, error("AccessDenied"))}.get(q.operation)

    with double(answers) as aws:
        found = scanned(aws.url, VPCS, SUBNETS, ROLES)
    assert {(p["call"], len(p["unread"])) for p in plain(found)} == {
        ("ec2.DescribeVpcs", 0), ("ec2.DescribeSubnets", 1), ("iam.ListRoles", 1)
    }  # fmt: skip


def test_a_detail_that_was_not_asked_says_which_properties_it_would_have_told() -> None:
    def answers(q: Question) -> Reply | None:
        if q.operation == "ListQueues":
            return 200, json.dumps({"QueueUrls": [f"https://sqs.eu-west-1.amazonaws.com/{ACCOUNT}/{n}" for n in "ab"]})
        return (400, json_error("ExpiredTokenException")) if q.service == "sqs" else None

    with double(answers) as aws:
        live = account.read(scope(aws.url, types=frozenset({"AWS::SQS::Queue"}), threads=1))
    left = {(u.operation, u.properties) for u in live.unread if u.id is None and u.operation == "sqs:ListQueueTags"}
    assert left == {("sqs:ListQueueTags", ("Tags",))}
