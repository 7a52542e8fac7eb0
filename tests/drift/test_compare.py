"""Two sets of properties are compared for what they say, and every true difference is told with its path."""

from __future__ import annotations

from typing import Any

import pytest

from archproof.drift import ResourceDrift, compare_resource
from archproof.drift.compare import FIXED, NOT_LOOKED, REQUIRED, WRITE_ONLY, compare
from archproof.drift.placeholders import LOSSY, MASKED, SECRET, UNRESOLVED
from archproof.drift.scalars import ALIAS
from archproof.sources.hiding import hidden

ACCOUNT = "111122223333"
KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1b2c3d4e-0000-4000-8000-1234567890ab"


def told(found: ResourceDrift) -> list[tuple[str, Any, Any]]:
    return [(d.property, d.expected, d.actual) for d in found.declared]


def declared(type: str, mine: dict[str, Any], live: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    return told(compare_resource(type, mine, live))


def undeclared(type: str, mine: dict[str, Any], live: dict[str, Any]) -> list[tuple[str, Any]]:
    return [(d.property, d.actual) for d in compare_resource(type, mine, live).undeclared]


def unread(type: str, mine: dict[str, Any], live: dict[str, Any]) -> list[tuple[str, str]]:
    return [(d.property, d.why) for d in compare_resource(type, mine, live).unread]


# -- what is different


def test_a_changed_value_is_told_with_both_values() -> None:
    found = declared("AWS::SQS::Queue", {"VisibilityTimeout": 60}, {"VisibilityTimeout": 120})
    assert found == [("VisibilityTimeout", 60, 120)]


def test_a_changed_value_deep_within_is_told_with_its_path() -> None:
    mine = {"VpcConfig": {"SubnetIds": ["subnet-1", "subnet-2"]}, "Environment": {"Variables": {"MODE": "a"}}}
    live = {"VpcConfig": {"SubnetIds": ["subnet-3", "subnet-1"]}, "Environment": {"Variables": {"MODE": "b"}}}
    assert declared("AWS::Lambda::Function", mine, live) == [
        ("VpcConfig.SubnetIds[1]", "subnet-2", "subnet-3"),
        ("Environment.Variables.MODE", "a", "b"),
    ]


def test_an_entry_more_in_a_list_is_a_difference_of_the_list() -> None:
    found = declared(
        "AWS::Lambda::Function", {"VpcConfig": {"SubnetIds": ["s-1"]}}, {"VpcConfig": {"SubnetIds": ["s-1", "s-2"]}}
    )
    assert found == [("VpcConfig.SubnetIds", ["s-1"], ["s-1", "s-2"])]


def test_a_rule_more_in_a_group_is_told_as_that_rule() -> None:
    one = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "10.0.0.0/8"}
    two = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "0.0.0.0/0"}
    found = declared("AWS::EC2::SecurityGroup", {"SecurityGroupIngress": [one]}, {"SecurityGroupIngress": [two, one]})
    assert found == [("SecurityGroupIngress[1]", None, two)]


def test_what_is_gone_is_a_difference() -> None:
    found = declared("AWS::SQS::Queue", {"KmsMasterKeyId": KEY}, {"QueueName": "jobs"})
    assert found == [("KmsMasterKeyId", KEY, None)]


def test_a_version_is_no_number() -> None:
    assert declared("AWS::EKS::Cluster", {"Version": "1.3"}, {"Version": "1.30"}) == [("Version", "1.3", "1.30")]


def test_a_protocol_of_another_version_is_another() -> None:
    mine, live = ({"ViewerCertificate": {"MinimumProtocolVersion": v}} for v in ("TLSv1", "TLSv1.2_2021"))
    assert declared("AWS::CloudFront::Distribution", {"DistributionConfig": mine}, {"DistributionConfig": live})


@pytest.mark.parametrize(
    ("type", "mine", "live"),
    [
        ("AWS::Lambda::Function", {"Handler": "index.Handler"}, {"Handler": "index.handler"}),
        ("AWS::S3::Bucket", {"Prefix": "logs/"}, {"Prefix": "logs"}),
        ("AWS::X::Y", {"SubnetId": "subnet-1"}, {"SubnetId": "other/subnet-1"}),
        ("AWS::X::Y", {"RoleArn": f"arn:aws:iam::{ACCOUNT}:role/a"}, {"RoleArn": f"arn:aws:iam::{ACCOUNT}:role/x/a"}),
        (
            "AWS::X::Y",
            {"Topic": f"arn:aws:sns:eu-west-1:{ACCOUNT}:a"},
            {"Topic": "arn:aws:sns:eu-west-1:444455556666:a"},
        ),
        ("AWS::SQS::Queue", {"KmsMasterKeyId": KEY}, {"KmsMasterKeyId": KEY.replace(ACCOUNT, "444455556666")}),
    ],
)
def test_what_is_only_much_alike_is_different(type: str, mine: dict[str, Any], live: dict[str, Any]) -> None:
    assert declared(type, mine, live)


@pytest.mark.parametrize("resource", ["arn:aws:s3:::orders/*", "arn:aws:ecr:eu-west-1:1:repository/*"])
def test_everything_is_more_than_everything_of_one_thing(resource: str) -> None:
    def policy(on: str) -> dict[str, Any]:
        return {"PolicyDocument": {"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": on}]}}

    found = declared("AWS::IAM::Policy", policy(resource), policy("*"))
    assert found == [("PolicyDocument.Statement[0].Resource[0]", resource, "*")]


def test_the_case_of_a_text_of_ones_own_counts() -> None:
    assert declared("AWS::SNS::Topic", {"DisplayName": "Alarms"}, {"DisplayName": "alarms"})


def test_the_order_of_a_command_counts() -> None:
    mine = {"ContainerDefinitions": [{"Name": "a", "Image": "i", "Command": ["run", "fast"]}]}
    live = {"ContainerDefinitions": [{"Name": "a", "Image": "i", "Command": ["fast", "run"]}]}
    assert declared("AWS::ECS::TaskDefinition", mine, live)


def test_a_policy_with_one_more_action_is_told_at_its_statement() -> None:
    def policy(*actions: str) -> dict[str, Any]:
        return {"Statement": [{"Effect": "Allow", "Action": list(actions), "Resource": "*"}]}

    found = declared(
        "AWS::IAM::Policy",
        {"PolicyDocument": policy("s3:GetObject")},
        {"PolicyDocument": policy("s3:GetObject", "s3:*")},
    )
    assert found == [("PolicyDocument.Statement[0].Action", ["s3:GetObject"], ["s3:GetObject", "s3:*"])]


def test_a_condition_that_is_gone_from_a_policy_is_told() -> None:
    statement = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*", "Principal": "*"}
    condition = {"ArnEquals": {"aws:SourceArn": "arn:aws:sns:eu-west-1:1:t"}}
    mine = {"PolicyDocument": {"Statement": [{**statement, "Condition": condition}]}}
    found = declared("AWS::SQS::QueuePolicy", mine, {"PolicyDocument": {"Statement": [statement]}})
    assert [path for path, _, _ in found] == ["PolicyDocument.Statement[0].Condition"]


# -- what is the same in another way of writing

SAME: list[tuple[str, str, Any, Any]] = [
    ("a number as a text", "AWS::SQS::Queue", {"DelaySeconds": "80"}, {"DelaySeconds": 80}),
    ("a truth value as a text", "AWS::SQS::Queue", {"FifoQueue": "true"}, {"FifoQueue": True}),
    ("a float as a whole number", "AWS::CloudWatch::Alarm", {"Threshold": 1.0}, {"Threshold": 1}),
    ("a number with zeros", "AWS::CloudWatch::Alarm", {"Threshold": "1.50"}, {"Threshold": 1.5}),
    ("nothing and an empty list", "AWS::SQS::Queue", {"Tags": []}, {}),
    ("nothing and false", "AWS::SQS::Queue", {"FifoQueue": False}, {}),
    ("an unordered list", "AWS::RDS::DBSubnetGroup", {"SubnetIds": ["a", "b"]}, {"SubnetIds": ["b", "a"]}),
    ("a name that AWS lowers", "AWS::RDS::DBInstance", {"Engine": "MySQL"}, {"Engine": "mysql"}),
    ("the last dot of a zone", "AWS::Route53::HostedZone", {"Name": "example.com"}, {"Name": "example.com."}),
    ("a host's capitals", "AWS::Route53::RecordSet", {"Name": "API.example.com"}, {"Name": "api.example.com."}),
    ("the last slash", "AWS::X::Y", {"Url": "https://a.example/b/"}, {"Url": "https://a.example/b"}),
    ("a key and its ARN", "AWS::SQS::Queue", {"KmsMasterKeyId": KEY}, {"KmsMasterKeyId": KEY.rpartition("/")[2]}),
    ("a function and its ARN", "AWS::Lambda::EventSourceMapping", {"FunctionName": "work"},
     {"FunctionName": f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:work"}),
    ("a log group's ARN with :*", "AWS::StepFunctions::StateMachine",
     {"LoggingConfiguration": {"LogDestination": f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:/x:*"}},
     {"LoggingConfiguration": {"LogDestination": f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:/x"}}),
    ("a queue's address and its ARN", "AWS::SNS::Subscription",
     {"RedriveTarget": f"https://sqs.eu-west-1.amazonaws.com/{ACCOUNT}/dead"},
     {"RedriveTarget": f"arn:aws:sqs:eu-west-1:{ACCOUNT}:dead"}),
    ("an engine's version", "AWS::RDS::DBInstance", {"EngineVersion": "16"}, {"EngineVersion": "16.4"}),
    ("the latest platform", "AWS::ECS::Service", {"PlatformVersion": "LATEST"}, {"PlatformVersion": "1.4.0"}),
    ("a network", "AWS::EC2::Route", {"DestinationIpv6CidrBlock": "0::/0"}, {"DestinationIpv6CidrBlock": "::/0"}),
    ("a protocol by number", "AWS::EC2::SecurityGroupIngress", {"IpProtocol": "6"}, {"IpProtocol": "tcp"}),
    ("a duration", "AWS::Transfer::X", {"Wait": "PT60M"}, {"Wait": "PT1H"}),
    ("a rate", "AWS::Events::Rule", {"ScheduleExpression": "rate(60 minutes)"}, {"ScheduleExpression": "rate(1 hour)"}),
    ("a cron line", "AWS::Events::Rule", {"ScheduleExpression": "cron(0  8 * * ? *)"},
     {"ScheduleExpression": "cron(0 8 * * ? *)"}),
    ("a moment", "AWS::Scheduler::Schedule", {"StartDate": "2030-01-01T00:00:00Z"},
     {"StartDate": "2030-01-01T01:00:00.000+01:00"}),
    ("a moment in seconds", "AWS::Scheduler::Schedule", {"StartDate": "1970-01-02T00:00:00Z"}, {"StartDate": 86400}),
    ("base64", "AWS::EC2::X", {"UserData": "echo hello"}, {"UserData": "ZWNobyBoZWxsbw=="}),
    ("the last line break", "AWS::EC2::X", {"Text": "a\nb\n"}, {"Text": "a\r\nb"}),
    ("JSON in a text", "AWS::CloudWatch::Dashboard", {"DashboardBody": '{"x": [1]}'}, {"DashboardBody": '{"x":[1]}'}),
    ("an object and its JSON", "AWS::SSM::Document", {"Content": {"a": [1]}}, {"Content": '{"a": [1]}'}),
    ("an object and its YAML", "AWS::SSM::X", {"Content": {"a": [1], "b": 2}}, {"Content": "a:\n- 1\nb: 2\n"}),
    ("a single value and a list", "AWS::X::Y", {"Values": "a"}, {"Values": ["a"]}),
    ("a list of tags and a map", "AWS::X::Y", {"Labels": [{"Key": "a", "Value": "b"}]}, {"Labels": {"a": "b"}}),
    ("tags of AWS", "AWS::SQS::Queue", {"Tags": [{"Key": "a", "Value": "b"}]},
     {"Tags": [{"Key": "aws:cloudformation:stack-name", "Value": "s"}, {"Key": "a", "Value": "b"}]}),
    ("ports of all protocols", "AWS::EC2::SecurityGroup",
     {"SecurityGroupEgress": [{"IpProtocol": "-1", "FromPort": -1, "ToPort": -1, "CidrIp": "0.0.0.0/0"}]},
     {"SecurityGroupEgress": [{"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}]}),
    ("a property in other capitals", "AWS::X::Y", {"A": {"AwsVpc": 1, "B": 2}}, {"A": {"awsvpc": 1, "B": 2}}),
    ("a Redis access string", "AWS::MemoryDB::User", {"AccessString": "on ~* +@read"},
     {"AccessString": "on ~* -@all +@read"}),
    ("a bucket's host", "AWS::X::Y", {"DomainName": "b.s3.amazonaws.com"},
     {"DomainName": "b.s3.eu-west-1.amazonaws.com"}),
    ("a hosted zone's id", "AWS::X::Y", {"HostedZoneId": "Z123456"}, {"HostedZoneId": "/hostedzone/Z123456"}),
]  # fmt: skip


@pytest.mark.parametrize(("type", "mine", "live"), [row[1:] for row in SAME], ids=[row[0] for row in SAME])
def test_what_says_the_same_is_no_difference(type: str, mine: dict[str, Any], live: dict[str, Any]) -> None:
    found = compare_resource(type, mine, live)
    assert (found.declared, found.undeclared, found.unread) == ([], [], [])


def test_a_policy_may_be_written_in_many_ways() -> None:
    mine = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": ["s3:getobject", "s3:PutObject"], "Resource": "*",
             "Principal": {"AWS": ACCOUNT}, "Condition": {"Bool": {"aws:SecureTransport": True}}},
            {"Effect": "Deny", "Action": "s3:*", "Resource": ["*"], "Principal": "*"},
        ],
    }  # fmt: skip
    live = {
        "Version": "2012-10-17",
        "Id": "made-by-aws",
        "Statement": [
            {"Sid": "", "Effect": "Deny", "Action": ["s3:*"], "Resource": "*", "Principal": {"AWS": "*"}},
            {"Effect": "Allow", "Action": ["s3:PutObject", "s3:GetObject"], "Resource": "*",
             "Principal": {"AWS": [f"arn:aws:iam::{ACCOUNT}:root"]},
             "Condition": {"bool": {"AWS:SecureTransport": ["true"]}}},
        ],
    }  # fmt: skip
    assert declared("AWS::S3::BucketPolicy", {"PolicyDocument": mine}, {"PolicyDocument": live}) == []


def test_a_definition_is_compared_with_its_substitutions_made() -> None:
    mine = {"DefinitionString": '{"Resource": "${work}"}', "DefinitionSubstitutions": {"work": "arn:aws:lambda:x"}}
    live = {"DefinitionString": '{"Resource":"arn:aws:lambda:x"}'}
    assert declared("AWS::StepFunctions::StateMachine", mine, live) == []
    live = {"DefinitionString": '{"Resource":"arn:aws:lambda:y"}'}
    assert [path for path, _, _ in declared("AWS::StepFunctions::StateMachine", mine, live)] == ["DefinitionString"]


def test_a_definition_that_is_never_returned_is_compared_with_the_text_that_is() -> None:
    live = {"DefinitionString": '{"StartAt": "A"}'}
    assert declared("AWS::StepFunctions::StateMachine", {"Definition": {"StartAt": "A"}}, live) == []
    found = declared("AWS::StepFunctions::StateMachine", {"Definition": {"StartAt": "B"}}, live)
    assert found == [("Definition.StartAt", "B", "A")]


def test_the_rules_of_the_registry_are_worked_out() -> None:
    live = {"FunctionName": "work", "Description": ""}
    mine = {"FunctionName": f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:work"}
    assert declared("AWS::Lambda::Version", mine, live) == []
    live = {"Schema": [{"Name": "custom:tenant", "AttributeDataType": "String"}, {"Name": "sub"}]}
    mine = {"Schema": [{"Name": "tenant", "AttributeDataType": "String"}]}
    assert declared("AWS::Cognito::UserPool", mine, live) == []


def test_a_rule_of_the_registry_makes_no_pattern_of_what_was_declared() -> None:
    evil = "(a+)+$"
    assert declared(
        "AWS::DMS::Endpoint", {"ExtraConnectionAttributes": evil}, {"ExtraConnectionAttributes": "a" * 40 + "!"}
    )


# -- what nobody can tell


def test_what_is_write_only_is_unread_and_compared_where_it_is_returned() -> None:
    mine = {"MasterUserPassword": "x", "Engine": "mysql"}
    assert unread("AWS::RDS::DBInstance", mine, {"Engine": "mysql"}) == [("MasterUserPassword", WRITE_ONLY)]
    mine = {"CidrIp": "10.0.0.0/8", "IpProtocol": "tcp"}
    found = declared("AWS::EC2::SecurityGroupIngress", mine, {"CidrIp": "0.0.0.0/0", "IpProtocol": "tcp"})
    assert found == [("CidrIp", "10.0.0.0/8", "0.0.0.0/0")]


def test_what_cannot_change_or_cannot_be_missing_is_unread_where_it_is_absent() -> None:
    assert unread("AWS::SQS::Queue", {"QueueName": "jobs"}, {"DelaySeconds": 0}) == [("QueueName", FIXED)]
    found = unread("AWS::EC2::SecurityGroup", {"GroupDescription": "d"}, {})
    assert found == [("GroupDescription", FIXED)]
    assert unread("AWS::Lambda::Permission", {"Action": "a"}, {}) == [("Action", FIXED)]
    assert unread("AWS::IAM::Policy", {"PolicyDocument": {"a": 1}}, {}) == [("PolicyDocument", REQUIRED)]


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ({"Ref": "Parameter"}, UNRESOLVED),
        ({"Fn::GetAtt": ["A", "Arn"]}, UNRESOLVED),
        ("{{resolve:secretsmanager:db:SecretString:password}}", SECRET),
        ("****", MASKED),
        ("(known after apply)", UNRESOLVED),
    ],
)
def test_what_is_not_known_here_is_unread(value: Any, why: str) -> None:
    assert unread("AWS::SNS::Topic", {"DisplayName": value}, {"DisplayName": "x"}) == [("DisplayName", why)]
    assert declared("AWS::SNS::Topic", {"DisplayName": value}, {"DisplayName": "x"}) == []


def test_an_unresolved_entry_hides_no_entry_that_is_known() -> None:
    mine = {"VpcSecurityGroupIds": [{"Ref": "Group"}, "sg-1"]}
    found = compare_resource("AWS::RDS::DBCluster", mine, {"VpcSecurityGroupIds": ["sg-9", "sg-1"]})
    assert (found.declared, [d.property for d in found.unread]) == ([], ["VpcSecurityGroupIds[0]"])
    found = compare_resource("AWS::RDS::DBCluster", mine, {"VpcSecurityGroupIds": ["sg-9"]})
    assert found.declared and [d.property for d in found.unread] == ["VpcSecurityGroupIds[0]"]


def test_no_value_is_no_declaration() -> None:
    found = compare_resource("AWS::SNS::Topic", {"DisplayName": {"Ref": "AWS::NoValue"}}, {})
    assert not found.declared and not found.unread


def test_an_alias_and_a_key_cannot_be_compared() -> None:
    assert unread("AWS::SQS::Queue", {"KmsMasterKeyId": "alias/jobs"}, {"KmsMasterKeyId": KEY}) == [
        ("KmsMasterKeyId", ALIAS)
    ]


def test_characters_that_a_template_lost_are_unread() -> None:
    assert unread("AWS::SSM::Parameter", {"Value": "Z?rich"}, {"Value": "Zürich"}) == [("Value", LOSSY)]


def test_what_was_not_looked_for_is_unread_where_that_is_known() -> None:
    found = compare("AWS::SQS::Queue", {"KmsMasterKeyId": KEY}, {}, looked=frozenset({"DelaySeconds"}))
    assert [(d.property, d.why) for d in found.unread] == [("KmsMasterKeyId", NOT_LOOKED)] and not found.declared
    found = compare("AWS::SQS::Queue", {"KmsMasterKeyId": KEY}, {}, looked=frozenset({"KmsMasterKeyId"}))
    assert [d.property for d in found.declared] == ["KmsMasterKeyId"]


def test_a_value_that_a_snapshot_hides_is_compared_by_what_stands_for_it() -> None:
    live = {"Environment": {"Variables": {"MODE": hidden("MODE", "fast", ACCOUNT)}}}
    assert declared("AWS::Lambda::Function", {"Environment": {"Variables": {"MODE": "fast"}}}, live) == []
    found = declared("AWS::Lambda::Function", {"Environment": {"Variables": {"MODE": "slow"}}}, live)
    assert [path for path, _, _ in found] == ["Environment.Variables.MODE"]
    image = {"Name": "web", "Image": "i"}
    mine = {"ContainerDefinitions": [{**image, "Environment": [{"Name": "MODE", "Value": "fast"}]}]}
    live = {
        "ContainerDefinitions": [{**image, "Environment": [{"Name": "MODE", "Value": hidden("MODE", "fast", ACCOUNT)}]}]
    }
    assert declared("AWS::ECS::TaskDefinition", mine, live) == []


# -- what nobody declared


def test_what_aws_sets_by_itself_is_not_told() -> None:
    live = {
        "QueueUrl": "https://sqs", "Arn": "arn:aws:sqs:eu-west-1:1:q", "QueueName": "Stack-Queue-1ABCDEFGHIJKL",
        "VisibilityTimeout": 30, "MessageRetentionPeriod": 345600, "MaximumMessageSize": 1048576, "DelaySeconds": 0,
        "ReceiveMessageWaitTimeSeconds": 0, "SqsManagedSseEnabled": True, "Tags": [],
    }  # fmt: skip
    assert undeclared("AWS::SQS::Queue", {}, live) == []


def test_what_is_no_default_is_told() -> None:
    assert undeclared("AWS::SQS::Queue", {}, {"VisibilityTimeout": 31}) == [("VisibilityTimeout", 31)]
    assert undeclared("AWS::Events::Rule", {"ScheduleExpression": "rate(1 day)"}, {
        "ScheduleExpression": "rate(1 day)", "State": "DISABLED",
    }) == [("State", "DISABLED")]  # fmt: skip


def test_a_default_may_depend_on_what_is_declared_beside_it() -> None:
    live = {"KmsMasterKeyId": KEY, "SqsManagedSseEnabled": False}
    assert undeclared("AWS::SQS::Queue", {"KmsMasterKeyId": KEY}, live) == []
    assert undeclared("AWS::SQS::Queue", {}, {"SqsManagedSseEnabled": False}) == [("SqsManagedSseEnabled", False)]


def test_tags_that_are_stated_are_all_of_them() -> None:
    mine = {"Tags": [{"Key": "team", "Value": "a"}]}
    live = {"Tags": [{"Key": "cost", "Value": "1"}, {"Key": "team", "Value": "b"}]}
    assert declared("AWS::SQS::Queue", mine, live) == [
        ("Tags[0].Value", "a", "b"),
        ("Tags[1]", None, {"Key": "cost", "Value": "1"}),
    ]
    assert undeclared("AWS::SQS::Queue", {}, live) == [("Tags", live["Tags"])]


def test_variables_that_are_stated_are_all_of_them() -> None:
    mine = {"Environment": {"Variables": {"A": "1"}}}
    live = {"Environment": {"Variables": {"A": "1", "DEBUG": "yes"}}}
    assert declared("AWS::Lambda::Function", mine, live) == [("Environment.Variables.DEBUG", None, "yes")]
    assert undeclared("AWS::Lambda::Function", {}, live) == [("Environment", live["Environment"])]


def test_an_attribute_more_is_undeclared_unless_it_is_a_default() -> None:
    timeout = {"Key": "idle_timeout.timeout_seconds", "Value": "90"}
    mine = {"LoadBalancerAttributes": [timeout]}
    live = {
        "LoadBalancerAttributes": [
            {"Key": "routing.http2.enabled", "Value": "true"},
            timeout,
            {"Key": "deletion_protection.enabled", "Value": "true"},
        ]
    }
    found = compare_resource("AWS::ElasticLoadBalancingV2::LoadBalancer", mine, live)
    assert not found.declared
    assert [(d.property, d.actual) for d in found.undeclared] == [("LoadBalancerAttributes[2]", "true")]


def test_a_type_that_the_registry_does_not_know_is_compared_all_the_same() -> None:
    found = compare_resource("Custom::Thing", {"A": "1", "B": [1, 2]}, {"A": 1, "B": [2, 3], "C": "x"})
    assert told(found) == [("B[0]", 1, 3)]
    assert [d.property for d in found.undeclared] == ["C"]


# -- hostile input


def test_depth_and_length_are_bounded() -> None:
    deep: Any = "x"
    for _ in range(500):
        deep = {"a": deep}
    other: Any = "y"
    for _ in range(500):
        other = {"a": other}
    assert declared("AWS::X::Y", {"A": deep}, {"A": other})
    mine = {"A": [{"n": i, "m": i} for i in range(3000)]}
    live = {"A": [{"n": i, "m": i + 1} for i in range(3000)]}
    assert declared("AWS::X::Y", mine, live)


def test_a_property_named_condition_is_no_function() -> None:
    mine, live = ({"Rules": [{"Condition": v}]} for v in ("a", "b"))
    assert declared("AWS::X::Y", mine, live) == [("Rules[0].Condition", "a", "b")]


def test_values_of_a_condition_that_are_returned_in_its_own_object_are_the_same() -> None:
    rule, live = {"Field": "path-pattern", "Values": ["/b", "/a"]}, {"Values": ["/a", "/b"]}
    there = {"Conditions": [{"Field": "path-pattern", "PathPatternConfig": live}]}
    found = compare_resource("AWS::ElasticLoadBalancingV2::ListenerRule", {"Conditions": [rule]}, there)
    assert not found.declared and not found.undeclared
    wider = {"Conditions": [{"Field": "path-pattern", "PathPatternConfig": {"Values": ["/a", "/b", "/c"]}}]}
    assert declared("AWS::ElasticLoadBalancingV2::ListenerRule", {"Conditions": [rule]}, wider)


@pytest.mark.parametrize(
    ("type", "property", "mine", "live"),
    [
        (
            "AWS::IAM::OIDCProvider",
            "ThumbprintList",
            ["6938FD4D98BAB03F6938FD4D98BAB03F"],
            ["6938fd4d98bab03f6938fd4d98bab03f"],
        ),
        ("AWS::IAM::OIDCProvider", "Url", "https://tokens.example.com", "tokens.example.com"),
        ("AWS::AppRunner::Service", "InstanceConfiguration", {"Cpu": "1 vCPU"}, {"Cpu": "1024"}),
        ("AWS::AppRunner::Service", "InstanceConfiguration", {"Memory": "0.5 GB"}, {"Memory": "512"}),
        ("AWS::SES::ReceiptRule", "Rule", {"Recipients": ["Info@Example.com"]}, {"Recipients": ["info@example.com"]}),
        ("AWS::Transfer::User", "SshPublicKeys", ["ssh-rsa AAAA me@home"], ["ssh-rsa AAAA"]),
        (
            "AWS::WorkSpaces::Workspace",
            "WorkspaceProperties",
            {"ComputeTypeName": "value"},
            {"ComputeTypeName": "VALUE"},
        ),
    ],
)
def test_digests_sizes_and_addresses_are_kept_in_one_form(type: str, property: str, mine: Any, live: Any) -> None:
    assert declared(type, {property: mine}, {property: live}) == []


@pytest.mark.parametrize(
    ("mine", "live"), [("https://a.example.com", "b.example.com"), ("1 vCPU", "2048"), ("A@b.example", "C@b.example")]
)
def test_other_digests_sizes_and_addresses_are_different(mine: str, live: str) -> None:
    name = "Cpu" if "vCPU" in mine else "Url"
    assert declared("AWS::Made::Up", {name: mine}, {name: live}) == [(name, mine, live)]


def test_an_object_whose_names_the_registry_knows_is_no_map_of_the_users_own() -> None:
    mine = {"Environment": {"Type": "LINUX_CONTAINER", "ComputeType": "BUILD_GENERAL1_SMALL", "Image": "i"}}
    live = {"Environment": {**mine["Environment"], "PrivilegedMode": False, "ImagePullCredentialsType": "CODEBUILD"}}
    assert declared("AWS::CodeBuild::Project", mine, live) == []
    assert declared("AWS::SageMaker::Model", {"PrimaryContainer": {"Environment": {"A": "1"}}},
                    {"PrimaryContainer": {"Environment": {"A": "1", "B": "2"}}})  # fmt: skip


def test_other_keys_of_the_same_kind_are_different() -> None:
    for mine, live in (
        ("ssh-rsa AAAA me@home", "ssh-rsa AAAB"),
        ("-----BEGIN PUBLIC KEY-----\nA", "-----BEGIN PUBLIC KEY-----\nB"),
    ):
        assert declared("AWS::Made::Up", {"PublicKey": mine}, {"PublicKey": live}) == [("PublicKey", mine, live)]


def test_a_password_is_never_gone_though_the_registry_does_not_say_so() -> None:
    assert unread("AWS::DocDB::DBCluster", {"MasterUserPassword": "x"}, {"Port": 27017}) == [
        ("MasterUserPassword", WRITE_ONLY)
    ]


def test_a_policy_that_is_open_by_default_is_no_difference_though_it_is_a_text() -> None:
    text = '{"Version": "2008-10-17", "Statement": [{"Effect":"Allow", "Principal":"*", "Action":"*", "Resource":"*"}]}'
    assert undeclared("AWS::EC2::VPCEndpoint", {"VpcId": "vpc-1"}, {"VpcId": "vpc-1", "PolicyDocument": text}) == []
