"""The least policy of a scope: the actions of its calls, as IAM names them, in documents that IAM takes."""

from __future__ import annotations

import json

import pytest

pytest.importorskip("boto3")

from archproof import facts
from archproof.sources.aws import account, policy
from archproof.sources.aws.scope import Scope
from archproof.sources.responses._call import Call

LARGEST = 6144


def size(document: object) -> int:
    return len(json.dumps(document, separators=(",", ":")))


def test_an_operation_is_permitted_by_the_action_that_iam_calls_it() -> None:
    calls = [
        Call("ec2", "DescribeVpcs", ""),
        Call("s3", "ListBuckets", ""),
        Call("s3", "GetBucketEncryption", ""),
        Call("s3", "GetPublicAccessBlock", ""),
        Call("s3control", "GetPublicAccessBlock", ""),
        Call("apigateway", "GetRestApis", ""),
        Call("apigatewayv2", "GetApis", ""),
        Call("cloudwatch", "DescribeAlarms", ""),
        Call("opensearch", "DescribeDomains", ""),
        Call("elbv2", "DescribeLoadBalancers", ""),
        Call("stepfunctions", "ListStateMachines", ""),
        Call("efs", "DescribeFileSystems", ""),
        Call("resourcegroupstaggingapi", "GetResources", ""),
        Call("cloudcontrol", "ListResources", "", needs=("athena:ListWorkGroups",)),
    ]
    assert policy.actions(calls) == [
        "apigateway:GET",
        "athena:ListWorkGroups",
        "cloudformation:ListResources",
        "cloudwatch:DescribeAlarms",
        "ec2:DescribeVpcs",
        "elasticfilesystem:DescribeFileSystems",
        "elasticloadbalancing:DescribeLoadBalancers",
        "es:DescribeDomains",
        "s3:GetAccountPublicAccessBlock",
        "s3:GetBucketPublicAccessBlock",
        "s3:GetEncryptionConfiguration",
        "s3:ListAllMyBuckets",
        "states:ListStateMachines",
        "tag:GetResources",
    ]


def test_every_action_of_everything_exists_and_reads() -> None:
    found = policy.actions(account.calls(Scope()))
    unknown = []
    for action in found:
        prefix, _, name = action.partition(":")
        if action != "apigateway:GET" and name not in (facts.iam_actions(prefix) or ()):
            unknown.append(action)
    assert unknown == []
    assert found == sorted(set(found))


def test_a_scope_of_few_types_needs_few_actions() -> None:
    [document] = policy.policies(Scope(types=frozenset({"AWS::SQS::Queue"})))
    assert document["Version"] == "2012-10-17"
    [statement] = document["Statement"]
    assert statement["Effect"] == "Allow" and statement["Resource"] == "*" and statement["Sid"] == "Read"
    assert {action.partition(":")[0] for action in statement["Action"]} == {"cloudformation", "sqs"}
    assert "sqs:ListQueues" in statement["Action"]
    stacks = [action for action in statement["Action"] if action.startswith("cloudformation:")]
    assert stacks == ["cloudformation:ListStackResources", "cloudformation:ListStacks"]  # which stack made a thing


def test_what_gets_into_other_accounts_is_permitted_too() -> None:
    role = "arn:aws:iam::111122223333:role/Audit"
    said = Scope(
        types=frozenset({"AWS::EC2::VPC"}), roles=(role,), organization_role="Read", regions=("all",)
    )  # fmt: skip
    statements = {s["Sid"]: s for s in policy.policies(said)[0]["Statement"]}
    assert statements["Roles"]["Action"] == "sts:AssumeRole"
    assert statements["Roles"]["Resource"] == [role, "arn:aws:iam::*:role/Read"]
    assert statements["Accounts"]["Action"] == "organizations:ListAccounts"
    assert statements["Regions"]["Action"] == "ec2:DescribeRegions"


def test_the_role_of_an_organisation_is_one_of_the_partition_of_its_regions() -> None:
    for region, partition in (("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov"), ("eu-west-1", "aws")):
        said = Scope(types=frozenset({"AWS::EC2::VPC"}), organization_role="Read", regions=(region,))
        statements = {s["Sid"]: s for s in policy.policies(said)[0]["Statement"]}
        assert statements["Roles"]["Resource"] == [f"arn:{partition}:iam::*:role/Read"]


def test_chosen_regions_are_the_only_ones_but_for_global_services() -> None:
    types = frozenset({"AWS::SQS::Queue", "AWS::IAM::Role", "AWS::S3::Bucket", "AWS::WAFv2::WebACL"})
    documents = policy.policies(Scope(types=types, regions=("eu-west-1", "eu-central-1")))
    [bound, free] = documents[0]["Statement"]
    assert bound["Sid"] == "ReadRegions" and free["Sid"] == "Read" and "Condition" not in free
    assert bound["Condition"] == {"StringEquals": {"aws:RequestedRegion": ["eu-central-1", "eu-west-1"]}}
    assert {"sqs:ListQueues", "cloudformation:ListStacks"} <= set(bound["Action"])
    assert {"iam:GetAccountAuthorizationDetails", "s3:ListAllMyBuckets", "wafv2:ListWebACLs"} <= set(free["Action"])
    assert not set(bound["Action"]) & set(free["Action"])
    everything = Scope(regions=("eu-west-1",))
    assert all(size(document) <= LARGEST for document in policy.policies(everything))
    said = [a for d in policy.policies(everything) for s in d["Statement"] for a in s["Action"]]
    assert sorted(said) == policy.actions(account.calls(everything))


def test_documents_are_split_at_the_size_that_iam_takes_and_lose_nothing() -> None:
    names = [f"service{n:03}:DescribeSomethingWithALongName" for n in range(400)]
    documents = policy.documents(names)
    assert len(documents) > 2
    assert all(size(document) <= LARGEST for document in documents)
    assert [a for d in documents for s in d["Statement"] for a in s["Action"]] == names
    assert [s["Sid"] for d in documents for s in d["Statement"]][:3] == ["Read", "Read2", "Read3"]


def test_everything_fits_and_is_text_that_iam_takes() -> None:
    for text in policy.texts(Scope()):
        assert size(json.loads(text)) <= LARGEST
