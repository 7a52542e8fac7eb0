"""What is live, out of answers: values as they are, what was looked for, what was listed, what is unread."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from archproof.sources import responses
from archproof.sources.live import Live, Unread
from archproof.sources.reading import Probe
from archproof.sources.responses._call import Answer, Call, calls_for, declared
from archproof.sources.responses._files import files_of

ACCOUNT, REGION = "111122223333", "eu-west-1"
_NAMED = frozenset({"AWS::Logs::LogStream", "AWS::IoT::Thing", "AWS::Lambda::Version"})
CALLS = list(dict.fromkeys([*declared(), *calls_for(_NAMED)]))


def call(title: str, **parameters: Any) -> Call:
    """The call of a title, and of parameters where several have it."""
    found = [c for c in CALLS if c.title == title and parameters.items() <= c.parameters.items()]
    return found[0]


def answer(title: str, value: dict[str, Any], asked: dict[str, Any] | None = None, region: str = REGION) -> Answer:
    """An answer in the account of these tests."""
    said = call(title)
    return Answer(said, ACCOUNT, None if said.once else region, asked or {}, value)


def one(live: Live, type: str) -> tuple[str, dict[str, Any]]:
    """The id and the properties of the only resource of a type."""
    (found,) = live.resources.of_type(type)
    return found.logical_id, found.properties


def arn(service: str, rest: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{rest}"


TAGS = [
    {"Key": "team", "Value": "a"},
    {"Key": "aws:cloudformation:stack-name", "Value": "shop"},
    {"Key": "aws:cloudformation:logical-id", "Value": "Net"},
]
VPC = {"VpcId": "vpc-0a1b2c3d", "CidrBlock": "10.0.0.0/16", "DhcpOptionsId": "dopt-0a1b2c3d", "Tags": TAGS,
       "InstanceTenancy": "default", "OwnerId": ACCOUNT, "IsDefault": False}  # fmt: skip
SUBNET = {"SubnetId": "subnet-0a1b2c3d", "VpcId": "vpc-0a1b2c3d", "CidrBlock": "10.0.0.0/24",
          "AvailabilityZone": "eu-west-1a", "MapPublicIpOnLaunch": False}  # fmt: skip


def test_values_are_literals_and_tags_are_peoples_own() -> None:
    live = responses.live(
        [answer("ec2:DescribeVpcs", {"Vpcs": [VPC]}), answer("ec2:DescribeSubnets", {"Subnets": [SUBNET]})]
    )
    id, properties = one(live, "AWS::EC2::VPC")
    assert properties == {
        "CidrBlock": "10.0.0.0/16", "InstanceTenancy": "default", "Tags": [{"Key": "team", "Value": "a"}],
    }  # fmt: skip
    assert live.stack_of == {id: ("shop", "Net")}
    assert live.attributes[id][""] == live.attributes[id]["VpcId"] == "vpc-0a1b2c3d"
    _, subnet = one(live, "AWS::EC2::Subnet")
    assert subnet["VpcId"] == "vpc-0a1b2c3d"
    (found,) = live.resources.of_type("AWS::EC2::Subnet")
    assert (found.region, found.account, found.physical_id) == (REGION, ACCOUNT, "subnet-0a1b2c3d")


def test_the_list_of_a_stack_tells_what_tags_cannot() -> None:
    rule = {"Name": "shop-Nightly-1X", "Arn": arn("events", "rule/shop-Nightly-1X"), "EventBusName": "default",
            "State": "ENABLED", "ScheduleExpression": "rate(1 day)"}  # fmt: skip
    summary = {"LogicalResourceId": "Nightly", "PhysicalResourceId": "shop-Nightly-1X", "ResourceStatus": "x",
               "ResourceType": "AWS::Events::Rule"}  # fmt: skip
    strangers = [summary | {"PhysicalResourceId": "gone"}, summary | {"ResourceType": "Custom::Rule"},
                 {"LogicalResourceId": "NotMade", "ResourceType": "AWS::Events::Rule"}]  # fmt: skip
    said = {"StackResourceSummaries": [*strangers, summary]}
    live = responses.live([
        answer("cloudformation:ListStackResources", said, {"StackName": "shop"}),
        answer("cloudformation:ListStacks", {"StackSummaries": [{"StackName": "shop", "StackStatus": "x"}]}),
        answer("events:ListRules", {"Rules": [rule]}, {"EventBusName": "default"}),
    ])  # fmt: skip
    id, _ = one(live, "AWS::Events::Rule")
    assert live.stack_of == {id: ("shop", "Nightly")}
    assert live.unread == []


def test_a_property_is_looked_for_only_where_the_answer_that_has_it_is_there() -> None:
    vpcs = answer("ec2:DescribeVpcs", {"Vpcs": [VPC]})
    live = responses.live([vpcs])
    (vpc,) = live.resources.of_type("AWS::EC2::VPC")
    assert not live.saw(vpc, "EnableDnsSupport") and live.saw(vpc, "Tags")
    told = {"VpcId": "vpc-0a1b2c3d", "EnableDnsHostnames": {"Value": True}}
    names = Answer(call("ec2:DescribeVpcAttribute", Attribute="enableDnsHostnames"), ACCOUNT, REGION,
                   {"VpcId": "vpc-0a1b2c3d"}, told)  # fmt: skip
    live = responses.live([vpcs, names])
    (vpc,) = live.resources.of_type("AWS::EC2::VPC")
    assert vpc.get("EnableDnsHostnames") is True
    assert live.saw(vpc, "EnableDnsHostnames") and not live.saw(vpc, "EnableDnsSupport")


def test_an_answer_that_there_is_none_is_looked_for_and_one_that_failed_is_not() -> None:
    buckets = answer("s3:ListBuckets", {"Buckets": [{"Name": "logs", "BucketRegion": REGION}]})
    none = answer("s3:GetBucketTagging", {}, {"Bucket": "logs"})
    failed = answer("s3:GetBucketEncryption", {}, {"Bucket": "logs"})
    failed.unread.append(Unread("denied", "denied", types=("AWS::S3::Bucket",)))
    live = responses.live([buckets, none, failed])
    (bucket,) = live.resources.of_type("AWS::S3::Bucket")
    assert bucket.region == REGION
    assert live.saw(bucket, "Tags") and not live.saw(bucket, "BucketEncryption")
    assert [unread.code for unread in live.unread] == ["denied"]


def test_the_properties_that_an_answer_would_have_are_looked_for() -> None:
    live = responses.live([answer("ec2:DescribeSubnets", {"Subnets": [SUBNET]})])
    (subnet,) = live.resources.of_type("AWS::EC2::Subnet")
    assert live.saw(subnet, "PrivateDnsNameOptionsOnLaunch") and live.saw(subnet, "EnableDns64")
    assert not live.saw(subnet, "Ipv6NetmaskLength")


def test_a_list_that_is_whole_is_listed_even_if_it_is_empty_and_no_other_place_is() -> None:
    live = responses.live([answer("ec2:DescribeVpcs", {"Vpcs": []}), answer("s3:ListBuckets", {"Buckets": []})])
    assert live.was_listed(ACCOUNT, REGION, "AWS::EC2::VPC")
    assert not live.was_listed(ACCOUNT, "eu-west-3", "AWS::EC2::VPC")
    assert not live.was_listed("444455556666", REGION, "AWS::EC2::VPC")
    assert live.was_listed(ACCOUNT, "eu-west-3", "AWS::S3::Bucket")
    assert not live.was_listed(ACCOUNT, REGION, "AWS::EC2::Subnet")


def test_a_list_of_which_a_page_is_missing_is_not_listed() -> None:
    half = answer("ec2:DescribeVpcs", {"Vpcs": [VPC]})
    half.unread.append(Unread("a page failed", "partial"))
    live = responses.live([half])
    assert len(live.resources.of_type("AWS::EC2::VPC")) == 1
    assert not live.was_listed(ACCOUNT, REGION, "AWS::EC2::VPC")


def test_what_is_listed_per_thing_is_whole_only_with_each_of_them() -> None:
    balancers = answer("elbv2:DescribeLoadBalancers", {"LoadBalancers": [
        {"LoadBalancerArn": arn("elasticloadbalancing", f"loadbalancer/app/{name}/1"), "LoadBalancerName": name}
        for name in ("a", "b")
    ]})  # fmt: skip
    listeners = [
        answer("elbv2:DescribeListeners", {"Listeners": []},
               {"LoadBalancerArn": arn("elasticloadbalancing", f"loadbalancer/app/{name}/1")})
        for name in ("a", "b")
    ]  # fmt: skip
    kind = "AWS::ElasticLoadBalancingV2::Listener"
    assert not responses.live([balancers]).was_listed(ACCOUNT, REGION, kind)
    assert responses.live([balancers, *listeners]).was_listed(ACCOUNT, REGION, kind)
    listeners[1].unread.append(Unread("throttled", "throttled"))
    assert not responses.live([balancers, *listeners]).was_listed(ACCOUNT, REGION, kind)
    empty = answer("elbv2:DescribeLoadBalancers", {"LoadBalancers": []})
    assert responses.live([empty]).was_listed(ACCOUNT, REGION, kind)


def test_gateways_attachments_are_listed_by_both_lists_together() -> None:
    first = answer("ec2:DescribeInternetGateways", {"InternetGateways": []})
    kind = "AWS::EC2::VPCGatewayAttachment"
    assert not responses.live([first]).was_listed(ACCOUNT, REGION, kind)
    second = answer("ec2:DescribeVpnGateways", {"VpnGateways": []})
    assert responses.live([first, second]).was_listed(ACCOUNT, REGION, kind)


def test_a_group_says_all_of_its_rules() -> None:
    rule = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
    group = {"GroupId": "sg-0a1b2c3d", "GroupName": "web", "Description": "d", "VpcId": "vpc-0a1b2c3d",
             "IpPermissionsEgress": [], "IpPermissions": [{**rule, "IpRanges": [{"CidrIp": "10.0.0.0/8"}],
             "UserIdGroupPairs": [{"GroupId": "sg-0b1b2c3d", "Description": "peers"}]}]}  # fmt: skip
    live = responses.live([answer("ec2:DescribeSecurityGroups", {"SecurityGroups": [group]})])
    assert len(live.resources) == 1
    _, properties = one(live, "AWS::EC2::SecurityGroup")
    assert properties["SecurityGroupIngress"] == [
        {**rule, "CidrIp": "10.0.0.0/8"}, {**rule, "SourceSecurityGroupId": "sg-0b1b2c3d", "Description": "peers"},
    ]  # fmt: skip
    assert properties["SecurityGroupEgress"] == []


def test_details_find_their_thing_in_their_own_region() -> None:
    def table(region: str) -> list[Answer]:
        described = {"TableName": "orders", "TableArn": f"arn:aws:dynamodb:{region}:{ACCOUNT}:table/orders",
                     "AttributeDefinitions": [], "KeySchema": []}  # fmt: skip
        backups = {"ContinuousBackupsStatus": "ENABLED", "PointInTimeRecoveryDescription": {
            "PointInTimeRecoveryStatus": "ENABLED" if region == REGION else "DISABLED"}}  # fmt: skip
        asked = {"TableName": "orders"}
        return [
            answer("dynamodb:ListTables", {"TableNames": ["orders"]}, None, region),
            answer("dynamodb:DescribeTable", {"Table": described}, asked, region),
            answer("dynamodb:DescribeContinuousBackups", {"ContinuousBackupsDescription": backups}, asked, region),
        ]

    live = responses.live([*table("eu-west-3"), *table(REGION)])
    told = {r.region: r.get("PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled") for r in live.resources}
    assert told == {"eu-west-3": False, REGION: True}
    assert all(live.saw(found, "PointInTimeRecoverySpecification") for found in live.resources)
    assert (live.resources.region, live.resources.account) == ("eu-west-3", ACCOUNT)


def test_what_aws_made_is_known() -> None:
    live = responses.live([
        answer("ec2:DescribeVpcs", {"Vpcs": [{**VPC, "IsDefault": True}]}),
        answer("kms:ListAliases", {"Aliases": [{"AliasName": "alias/aws/s3", "TargetKeyId": "k"}]}),
        answer("kms:DescribeKey", {"KeyMetadata": {"KeyId": "k", "KeyManager": "AWS"}}, {"KeyId": "k"}),
        answer("ecs:DescribeCapacityProviders", {"capacityProviders": [
            {"name": "FARGATE", "capacityProviderArn": "a"}]}),
        answer("events:ListEventBuses", {"EventBuses": [
            {"Name": "default", "Arn": arn("events", "event-bus/default")}]}),
        answer("iam:GetAccountAuthorizationDetails", {"RoleDetailList": [
            {"RoleName": "AWSServiceRoleForRDS", "Path": "/aws-service-role/rds.amazonaws.com/",
             "Arn": f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/rds.amazonaws.com/AWSServiceRoleForRDS"}]}),
        answer("athena:ListWorkGroups", {"WorkGroups": [{"Name": "primary", "EngineVersion": {}}]}),
        answer("backup:ListBackupVaults", {"BackupVaultList": [{"BackupVaultName": "Default", "BackupVaultArn": "a"}]}),
    ])  # fmt: skip
    assert len(live.resources) >= 8
    assert {r.made_by for r in live.resources} == {"aws"}


def test_a_malformed_entry_is_unread_and_the_others_are_read() -> None:
    live = responses.live([answer("ec2:DescribeVpcs", {"Vpcs": [VPC, {"CidrBlock": 3}, "x", {"VpcId": ["?"]}]})])
    assert len(live.resources.of_type("AWS::EC2::VPC")) == 1
    assert {unread.code for unread in live.unread} == {"malformed"} and len(live.unread) == 3


def test_cloud_control_tells_any_type_in_its_own_words() -> None:
    asked = {"Identifier": "lamp"}
    listed = answer("cloudcontrol:ListResources", {"TypeName": "AWS::IoT::Thing", "ResourceDescriptions": [
        {"Identifier": "lamp", "Properties": '{"ThingName": "lamp"}'}]})  # fmt: skip
    said = {"ThingName": "lamp", "Arn": arn("iot", "thing/lamp"), "AttributePayload": {"Attributes": {"a": "b"}}}
    full = json.dumps(said)
    got = answer("cloudcontrol:GetResource", {"ResourceDescription": {"Identifier": "lamp", "Properties": full}}, asked)
    live = responses.live([listed, got])
    id, properties = one(live, "AWS::IoT::Thing")
    assert properties == {"ThingName": "lamp", "AttributePayload": {"Attributes": {"a": "b"}}}
    assert live.attributes[id]["Arn"] == "arn:aws:iot:eu-west-1:111122223333:thing/lamp"
    assert live.was_listed(ACCOUNT, REGION, "AWS::IoT::Thing")


def test_a_folder_of_plain_answers_is_live_too(tmp_path: Path) -> None:
    (tmp_path / "describe-vpcs.json").write_text(json.dumps({"Vpcs": [VPC]}), encoding="utf-8")
    (tmp_path / "describe-subnets.json").write_text(json.dumps({"Subnets": [SUBNET]}), encoding="utf-8")
    (tmp_path / "describe-nat-gateways.json").write_text('{"NatGateways": []}', encoding="utf-8")
    (tmp_path / "describe-key-pairs.json").write_text('{"KeyPairs": [], "NextToken": "more"}', encoding="utf-8")
    live = responses.live_of(files_of(Probe(tmp_path), []))
    (vpc,) = live.resources.of_type("AWS::EC2::VPC")
    assert vpc.location("CidrBlock").file.endswith("describe-vpcs.json")
    assert live.saw(vpc, "Tags") and not live.saw(vpc, "EnableDnsSupport")
    for kind, listed in (("VPC", True), ("Subnet", True), ("NatGateway", True), ("KeyPair", False), ("EIP", False)):
        assert live.was_listed(ACCOUNT, REGION, f"AWS::EC2::{kind}") is listed, kind


def test_a_snapshot_of_its_own_is_read_with_what_was_asked(tmp_path: Path) -> None:
    asked = {"Service": "s3", "Account": ACCOUNT, "Region": None, "Requests": 1, "Unread": []}
    files = {
        "s3.ListBuckets": {"Asked": {**asked, "Operation": "ListBuckets"},
                           "Buckets": [{"Name": name, "BucketRegion": REGION} for name in ("logs", "data")]},
        "s3.GetBucketTagging": {
            "Asked": {**asked, "Operation": "GetBucketTagging",
                      "Unread": [{"why": "no", "code": "denied", "id": "data", "types": ["AWS::S3::Bucket"]}]},
            "Answers": [{"Asked": {"Bucket": "logs"}, "Answer": {"TagSet": [{"Key": "a", "Value": "b"}]}}]},
    }  # fmt: skip
    for name, value in files.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(value), encoding="utf-8")
    live = responses.live_of(files_of(Probe(tmp_path), []))
    logs, data = live.resources.of_type("AWS::S3::Bucket")
    assert logs.get("Tags") == [{"Key": "a", "Value": "b"}]
    assert live.saw(logs, "Tags") and not live.saw(data, "Tags")
    assert live.unread == [Unread("no", "denied", id="data", types=("AWS::S3::Bucket",))]
    assert live.was_listed(ACCOUNT, None, "AWS::S3::Bucket")


def test_ten_thousand_resources_are_read_in_little_time() -> None:
    groups = [
        {
            "logGroupName": f"/aws/lambda/f{n}",
            "arn": arn("logs", f"log-group:/aws/lambda/f{n}:*"),
            "retentionInDays": 30,
        }
        for n in range(10_000)
    ]
    started = time.process_time()
    live = responses.live([answer("logs:DescribeLogGroups", {"logGroups": groups})])
    assert len(live.resources) == 10_000
    assert time.process_time() - started < 6  # about one second where nothing else runs


@pytest.mark.parametrize("title", sorted({c.title for c in CALLS if c.key}))
def test_an_empty_answer_says_nothing_and_breaks_nothing(title: str) -> None:
    said = call(title)
    asked = dict.fromkeys(said.per.ask, "x") if said.per else {}
    live = responses.live([answer(title, {}, asked), answer(title, {said.key.strip(".") or "x": []}, asked)])
    assert {unread.code for unread in live.unread} <= {"malformed"}
