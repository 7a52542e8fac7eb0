"""Whole systems: the tier of every difference and its line, what is unread and why, parts that stand elsewhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from archproof.drift.ignores import Rule
from archproof.drift.ignores import parse as parse_rule
from tests.drift.accounts import ACCOUNT, HEAD, REGION, arn, compare, group, queue, queues, role, told, vpc, write

QUEUE = """
components:
  orders:
    type: AWS::SQS::Queue
    properties:
      QueueName: orders
      VisibilityTimeout: 60
      RedrivePolicy: {deadLetterTargetArn: !GetAtt Dlq.Arn, maxReceiveCount: 5}
  dlq: {type: AWS::SQS::Queue, properties: {QueueName: orders-dlq}}
"""
ORDERS = arn("sqs", "orders")
REDRIVE = f'{{"deadLetterTargetArn":"{arn("sqs", "orders-dlq")}","maxReceiveCount":5}}'
WEB = """
components:
  web:
    type: AWS::EC2::SecurityGroup
    properties:
      GroupName: web
      GroupDescription: web
      VpcId: vpc-11111111
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}]
"""
APART = """
components:
  web: {type: AWS::EC2::SecurityGroup, properties: {GroupName: web, GroupDescription: web, VpcId: vpc-11111111}}
  rule:
    type: AWS::EC2::SecurityGroupIngress
    properties: {GroupId: !GetAtt Web.GroupId, IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}
"""
HTTPS = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}


def sqs(folder: Path, **attributes: str) -> Path:
    both = {"orders": queue("orders", RedrivePolicy=REDRIVE, **attributes), "dlq": queue("orders-dlq")}
    return write(folder, list=queues("orders", "orders-dlq"), **both)


def test_a_system_as_declared_has_no_differences(tmp_path: Path) -> None:
    found = compare(QUEUE, sqs(tmp_path, VisibilityTimeout="60"))
    assert told(found) == []
    assert not found.drifted and not found.uncertain
    assert found.summary == {
        "compared": 2, "declared": 0, "undeclared": 0, "unread": 0, "missing": 0, "unmanaged": 0, "ambiguous": 0,
        "ignored": 0,
    }  # fmt: skip


def test_each_difference_is_in_its_tier_and_at_its_line(tmp_path: Path) -> None:
    found = compare(QUEUE, sqs(tmp_path, DelaySeconds="7"))
    assert told(found) == ["undeclared Orders DelaySeconds: None -> 7", "declared Orders VisibilityTimeout: 60 -> 30"]
    declared = found.of("declared")[0]
    line = (HEAD + QUEUE).splitlines()[declared.location.line - 1]
    assert line.strip() == "VisibilityTimeout: 60"
    assert (declared.component, declared.account, declared.region) == ("orders", ACCOUNT, REGION)
    assert declared.physical_id == f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/orders"


def test_references_are_compared_as_what_they_are_in_the_account(tmp_path: Path) -> None:
    other = REDRIVE.replace("orders-dlq", "elsewhere")
    write(sqs(tmp_path, VisibilityTimeout="60"), orders=queue("orders", VisibilityTimeout="60", RedrivePolicy=other))
    (found,) = compare(QUEUE, tmp_path).of("declared")
    assert found.drift.property == "RedrivePolicy.deadLetterTargetArn"
    assert (found.drift.expected, found.drift.actual) == (arn("sqs", "orders-dlq"), arn("sqs", "elsewhere"))


def test_what_refers_to_something_missing_is_unread_and_says_so(tmp_path: Path) -> None:
    model = QUEUE.replace("QueueName: orders-dlq", "DelaySeconds: 3")
    write(tmp_path, list=queues("orders"), a=queue("orders", VisibilityTimeout="60", RedrivePolicy=REDRIVE))
    found = compare(model, tmp_path)
    assert [w.resource for w in found.missing] == ["Dlq"]
    (unread,) = found.of("unread")
    assert unread.drift.why == "it refers to Dlq.Arn, and that is missing"


def test_a_property_that_nobody_looked_for_is_unread(tmp_path: Path) -> None:
    model = """
components:
  fn: {type: AWS::Lambda::Function, properties: {FunctionName: fn, ReservedConcurrentExecutions: 5}}
"""
    write(tmp_path, functions={"Functions": [{"FunctionName": "fn", "FunctionArn": arn("lambda", "function:fn")}]})
    found = compare(model, tmp_path)
    assert told(found) == ["unread Fn ReservedConcurrentExecutions: 5 -> None"]
    assert found.of("unread")[0].drift.why == "no call that was made tells it"


def test_rules_in_the_group_and_beside_it_are_the_same(tmp_path: Path) -> None:
    write(tmp_path, groups={"SecurityGroups": [group("sg-11111111", "web", [HTTPS])]})
    for model in (WEB, APART):
        assert told(compare(model, tmp_path)) == []


def test_a_difference_of_a_part_stands_at_the_line_of_the_part(tmp_path: Path) -> None:
    write(tmp_path, groups={"SecurityGroups": [group("sg-11111111", "web", [])]})
    (found,) = compare(APART, tmp_path).of("declared")
    assert (found.resource, found.component, found.drift.why) == (
        "Web", "rule", "closes tcp 443 to the whole internet (0.0.0.0/0)",
    )  # fmt: skip
    assert (HEAD + APART).splitlines()[found.location.line - 1].strip() == "rule:"


def test_a_rule_of_a_group_that_is_not_declared_is_looked_for_in_it(tmp_path: Path) -> None:
    lines = APART.replace("!GetAtt Web.GroupId", "sg-99999999").splitlines()
    model = "\n".join(line for line in lines if not line.startswith("  web:")) + "\n"
    ssh = {**HTTPS, "FromPort": 22, "ToPort": 22}
    write(tmp_path, groups={"SecurityGroups": [group("sg-99999999", "theirs", [HTTPS, ssh])]})
    assert told(compare(model, tmp_path)) == []
    write(tmp_path, groups={"SecurityGroups": [group("sg-99999999", "theirs", [ssh])]})
    assert [d.drift.why for d in compare(model, tmp_path).of("declared")] == [
        "closes tcp 443 to the whole internet (0.0.0.0/0)"
    ]


def test_a_policy_beside_its_role_is_a_policy_of_the_role(tmp_path: Path) -> None:
    statement = {"Effect": "Allow", "Action": ["sqs:SendMessage"], "Resource": [ORDERS]}
    model = """
components:
  fn: {type: AWS::IAM::Role, properties: {RoleName: fn}}
  own:
    type: AWS::IAM::Policy
    properties:
      PolicyName: own
      Roles: [!Ref Fn]
      PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: sqs:SendMessage, Resource: %s}]}
""" % (ORDERS,)  # noqa: UP031
    document = {"Version": "2012-10-17", "Statement": [statement]}
    write(tmp_path, roles={"RoleDetailList": [role("fn", {"any": document})]})
    found = compare(model, tmp_path)
    assert [line for line in told(found) if not line.startswith("undeclared")] == []
    statement["Action"].append("sqs:PurgeQueue")  # type: ignore[attr-defined]
    write(tmp_path, roles={"RoleDetailList": [role("fn", {"any": document})]})
    (one,) = compare(model, tmp_path).of("declared")
    assert (one.component, one.drift.why) == ("own", f"allows sqs:PurgeQueue on {ORDERS}")


def test_subscriptions_in_the_topic_and_beside_it_are_the_same(tmp_path: Path) -> None:
    topic = arn("sns", "news")
    subscriptions = [{
        "SubscriptionArn": f"{topic}:0a", "TopicArn": topic, "Protocol": "sqs", "Endpoint": ORDERS, "Owner": ACCOUNT,
    }]  # fmt: skip
    write(
        tmp_path, topics={"Topics": [{"TopicArn": topic}]}, attributes={"Attributes": {"TopicArn": topic}},
        subscriptions={"Subscriptions": subscriptions},
    )  # fmt: skip
    inline = f"""
components:
  news:
    type: AWS::SNS::Topic
    properties: {{TopicName: news, Subscription: [{{Protocol: sqs, Endpoint: "{ORDERS}"}}]}}
"""
    apart = f"""
components:
  news: {{type: AWS::SNS::Topic, properties: {{TopicName: news}}}}
  sub: {{type: AWS::SNS::Subscription, properties: {{TopicArn: !Ref News, Protocol: sqs, Endpoint: "{ORDERS}"}}}}
"""
    for model in (inline, apart):
        found = compare(model, tmp_path)
        assert len(found.bindings) == 2 and not found.unmanaged and not found.missing, told(found)


def test_what_aws_makes_is_counted_and_not_told(tmp_path: Path) -> None:
    vpcs = [vpc("vpc-22222222", "172.31.0.0/16", IsDefault=True), vpc("vpc-33333333", "10.3.0.0/16")]
    roles = [role("AWSServiceRoleForX", Path="/aws-service-role/x.amazonaws.com/"), role("theirs")]
    write(tmp_path, vpcs={"Vpcs": vpcs}, roles={"RoleDetailList": roles}, list=queues())
    found = compare("components: {}\n", tmp_path)
    assert [w.physical_id for w in found.unmanaged] == []  # nothing is declared, so that no place is meant
    found = compare("components: {net: {type: AWS::EC2::VPC, properties: {CidrBlock: 10.9.0.0/16}}}\n", tmp_path)
    assert [w.physical_id for w in found.unmanaged] == ["vpc-33333333", "theirs"]
    assert "made by AWS and left out: 1 AWS::EC2::VPC, 1 AWS::IAM::Role" in found.notes


def test_ignored_differences_are_marked_and_spent_rules_told(tmp_path: Path) -> None:
    ignore = """
drift:
  ignore:
    - {component: orders, property: VisibilityTimeout, reason: tuned by hand, until: 2026-12-31}
    - {type: "AWS::Logs::*", reason: nobody knows, until: 2027-01-31}
    - {resource: Dlq, reason: long ago, until: 2026-01-31}
"""
    found = compare(QUEUE + ignore, sqs(tmp_path))
    assert not found.drifted and found.summary["ignored"] == 1
    assert [d.ignored for d in found.differences] == ["tuned by hand"]
    assert [(s.rule, s.why) for s in found.spent] == [
        ("type AWS::Logs::*", "fits no difference"),
        ("resource Dlq", "ended on 2026-01-31; nothing needs it any more"),
    ]
    found = compare(QUEUE + ignore.replace("2026-12-31", "2026-11-01"), sqs(tmp_path))
    assert found.drifted
    assert found.spent[0].why == "ended on 2026-11-01; what it ignored counts again (1)"


def test_rules_of_the_command_line(tmp_path: Path) -> None:
    assert parse_rule("Orders:VisibilityTimeout") == Rule(resource="Orders", property="VisibilityTimeout")
    assert parse_rule("AWS::SQS::Queue:VisibilityTimeout") == Rule(type="AWS::SQS::Queue", property="VisibilityTimeout")
    assert parse_rule("AWS::SQS::Queue") == Rule(type="AWS::SQS::Queue")
    for text in ("orders:VisibilityTimeout", "AWS::SQS::*:Visib*", "*:VisibilityTimeout", "Orders"):
        assert not compare(QUEUE, sqs(tmp_path), ignore=[parse_rule(text)]).drifted, text


def test_values_that_are_hidden_are_compared(tmp_path: Path) -> None:
    from archproof.sources.hiding import hidden

    def functions(**variables: str) -> dict[str, Any]:
        held = {key: hidden(key, value, ACCOUNT) for key, value in variables.items()}
        found = {"FunctionName": "fn", "FunctionArn": arn("lambda", "function:fn"), "Environment": {"Variables": held}}
        return {"Functions": [found]}

    model = """
components:
  fn: {type: AWS::Lambda::Function, properties: {FunctionName: fn, Environment: {Variables: {MODE: fast, N: 5}}}}
"""
    assert told(compare(model, write(tmp_path, functions=functions(MODE="fast", N="5")))) == []
    (found,) = compare(model, write(tmp_path, functions=functions(MODE="slow", N="5"))).of("declared")
    assert found.drift.property == "Environment.Variables.MODE"


def test_a_managed_policy_that_names_its_roles_is_attached_to_them(tmp_path: Path) -> None:
    policy = f"arn:aws:iam::{ACCOUNT}:policy/send"
    document = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}],
    }
    model = f"""
components:
  fn: {{type: AWS::IAM::Role, properties: {{RoleName: fn}}}}
  send:
    type: AWS::IAM::ManagedPolicy
    properties:
      ManagedPolicyName: send
      Roles: [!Ref Fn]
      PolicyDocument: {json.dumps(document)}
"""
    entry = {
        "Arn": policy, "PolicyName": "send", "DefaultVersionId": "v1", "AttachmentCount": 1,
        "PolicyVersionList": [{"VersionId": "v1", "IsDefaultVersion": True, "Document": document}],
    }  # fmt: skip

    def answer(*attached: str) -> Path:
        held = role("fn", AttachedManagedPolicies=[{"PolicyArn": a, "PolicyName": a} for a in attached])
        return write(tmp_path, iam={"RoleDetailList": [held], "Policies": [entry]})

    found = compare(model, answer(policy))
    assert not found.drifted and len(found.bindings) == 2, told(found)
    (one,) = compare(model, answer()).of("declared")
    assert (one.resource, one.component, one.drift.expected) == ("Fn", "send", policy)
    assert one.drift.why == f"send ({policy}) is no longer attached"
    (one,) = compare(model, answer(policy, "arn:aws:iam::aws:policy/AdministratorAccess")).of("declared")
    assert one.drift.why == "arn:aws:iam::aws:policy/AdministratorAccess is attached as well"
