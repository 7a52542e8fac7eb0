"""Rules that ask for proofs: what groups alone do not show is found, and what nobody can know is no finding."""

from __future__ import annotations

import datetime

import pytest

from archproof.model.architecture import loads
from archproof.validators.engine import check

TODAY = datetime.date(2026, 11, 22)


def told(text: str, rule: str) -> tuple[list[str], list[str]]:
    """The messages of a rule, and why it could not decide."""
    report = check(loads(text), TODAY, [rule])
    return [f.message for f in report.findings], [u.why for u in report.unknown if rule in u.why]


# -- functions and services

CALLS = """\
archproof: 1
system: {region: eu-west-1, account: "111111111111"}
network:
  vpc: {cidr: 10.0.0.0/16, availability_zones: 2, nat: NAT}
  subnets:
    public: {cidr: 10.0.0.0/22, egress: internet_gateway}
    app: {cidr: 10.0.4.0/22, egress: EGRESS}
  endpoints: [ENDPOINT]
  security_groups: {fn_sg: {egress: [{port: PORT, to: 0.0.0.0/0}]}}
  network_acls:
    shut:
      ingress: [{number: 1, action: allow, cidr: 0.0.0.0/0, port: 443}]
      egress: [{number: 1, action: allow, cidr: 0.0.0.0/0, port: 443}]
components:
  fn: {kind: lambda, in: {subnets: TIER, security_groups: fn_sg}}
  jobs: {kind: sqs_queue}
  door:
    type: AWS::EC2::SecurityGroup
    properties:
      GroupDescription: door
      VpcId: !Ref Vpc
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 10.9.0.0/16}]
links:
  - {from: fn, to: jobs, verb: send}
"""
ONLY_READING = "{service: sqs, policy: {Statement: [{Effect: Allow, Principal: '*', Action: 'ACTION', Resource: '*'}]}}"
CUT = "fn calls Amazon SQS, but has no way there from "


def calls(**said: str) -> tuple[list[str], list[str]]:
    values = {"NAT": "single", "EGRESS": "nat", "ENDPOINT": "", "PORT": "443", "TIER": "app"} | said
    text = CALLS
    for key, value in values.items():
        text = text.replace(key, value)
    return told(text, "lambda-no-way-to-service")


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({}, None),
        ({"PORT": "5432"}, CUT + "app: fn_sg lets out tcp 5432 to anywhere, not 443"),
        (
            {"EGRESS": "nat, network_acl: shut"},
            CUT
            + "app: the network ACL shut lets no answer into app (zone a) from sqs and the network ACL shut lets no "
            "answer into app (zone b) from sqs",
        ),
        (
            {"TIER": "public"},
            CUT + "public: fn has no public address: a function in a VPC never gets one, in a public subnet either",
        ),
        ({"EGRESS": "none"}, CUT + "app: no NAT gateway and no endpoint"),
        ({"EGRESS": "none", "ENDPOINT": "sqs"}, None),
        ({"EGRESS": "none", "ENDPOINT": "s3"}, CUT + "app: no NAT gateway and no endpoint"),
        (
            {"EGRESS": "none", "ENDPOINT": "{service: sqs, properties: {SecurityGroupIds: [!Ref door]}}"},
            CUT
            + "app: door does not let fn (10.0.4.0/23) in: it admits only tcp 443 from 10.9.0.0/16 and door does not "
            "let fn (10.0.6.0/23) in: it admits only tcp 443 from 10.9.0.0/16",
        ),
        (
            {"EGRESS": "none", "ENDPOINT": ONLY_READING.replace("ACTION", "sqs:ReceiveMessage")},
            "fn calls Amazon SQS, but the policy of the endpoint SqsEndpoint lets nothing of it in",
        ),
        ({"EGRESS": "none", "ENDPOINT": ONLY_READING.replace("ACTION", "sqs:Send*")}, None),
    ],
)
def test_what_a_function_calls_is_followed_to_its_service(said: dict[str, str], message: str | None) -> None:
    assert calls(**said) == ([message] if message else [], [])


def test_a_function_in_subnets_that_nobody_knows_is_unknown() -> None:
    text = """\
archproof: 1
components:
  fn:
    type: AWS::Lambda::Function
    properties: {Role: !GetAtt [role, Arn], VpcConfig: {SubnetIds: [subnet-1], SecurityGroupIds: [sg-1]}}
  role: {kind: iam_role, trust: lambda.amazonaws.com, policies: {own: [{allow: "sqs:SendMessage", on: "*"}]}}
"""
    messages, unknown = told(text, "lambda-no-way-to-service")
    assert (messages, len(unknown)) == ([], 1)
    assert unknown[0].startswith("its subnets are not among the resources")


# -- images

TASKS = """\
archproof: 1
system: {region: eu-west-1}
network:
  vpc: {cidr: 10.0.0.0/16, availability_zones: 2}
  subnets: {app: {cidr: 10.0.4.0/22, egress: none}}
  endpoints: [ENDPOINTS]
components:
  web: {kind: ecs_service, launch: fargate, image: images, port: 8080, in: {subnets: app}}
  images: {kind: ecr_repository}
"""


@pytest.mark.parametrize(
    ("endpoints", "missing"),
    [("ecr, s3, logs", ""), ("ecr, s3", "logs"), ("ecr.api, logs", "ecr.dkr and s3")],
)
def test_a_task_needs_every_endpoint_that_it_starts_with(endpoints: str, missing: str) -> None:
    messages, unknown = told(TASKS.replace("ENDPOINTS", endpoints), "ecs-no-way-to-registry")
    wanted = f"web stands in app without a NAT gateway, and the VPC has no endpoint for {missing}"
    assert (messages, unknown) == ([wanted] if missing else [], [])


def test_tasks_on_instances_have_their_images_pulled() -> None:
    text = TASKS.replace("ENDPOINTS", "").replace("fargate", "ec2")
    assert told(text, "ecs-no-way-to-registry") == ([], [])


# -- databases

EXPOSED = """\
archproof: 1
network:
  vpc: {cidr: 10.0.0.0/16, availability_zones: 2}
  subnets:
    public: {cidr: 10.0.0.0/22, egress: internet_gateway ACL}
    data: {cidr: 10.0.8.0/22, egress: none}
  security_groups: {db_sg: {ingress: [{port: PORT, from: FROM}]}}
  network_acls:
    shut:
      ingress: [{number: 1, action: deny, cidr: 0.0.0.0/0, port: 5432}]
      egress: [{number: 1, action: allow, cidr: 0.0.0.0/0}]
components:
  db: {KIND, instance_class: db.m7g.large, public: true, in: {subnets: TIER, security_groups: db_sg}}
"""
REACHED = "db can be reached from the internet: a public address, a public subnet and a security group that is open to the world"  # noqa: E501


@pytest.mark.parametrize(
    ("said", "reached"),
    [
        ({}, True),
        ({"KIND": "kind: aurora, engine: aurora-postgresql"}, True),
        ({"FROM": "0.0.0.0/1"}, True),
        ({"FROM": "203.0.113.0/24"}, False),  # an office is not the internet
        ({"PORT": "3306"}, False),
        ({"ACL": ", network_acl: shut"}, False),
        ({"TIER": "data"}, False),
    ],
)
def test_a_database_is_exposed_where_the_internet_reaches_it(said: dict[str, str], reached: bool) -> None:
    values = {
        "ACL": "", "PORT": "5432", "FROM": "0.0.0.0/0", "KIND": "kind: rds, engine: postgres", "TIER": "public",
    } | said  # fmt: skip
    text = EXPOSED
    for key, value in values.items():
        text = text.replace(key, value)
    assert told(text, "rds-exposed-to-internet") == ([REACHED] if reached else [], [])


def test_a_database_in_subnets_that_nobody_knows_is_unknown() -> None:
    text = """\
archproof: 1
components:
  db:
    type: AWS::RDS::DBInstance
    properties: {Engine: postgres, PubliclyAccessible: true, DBSubnetGroupName: elsewhere, VPCSecurityGroups: [sg-1]}
"""
    messages, unknown = told(text, "rds-exposed-to-internet")
    assert (messages, len(unknown)) == ([], 1)


# -- targets

BALANCED = """\
archproof: 1
network:
  vpc: {cidr: 10.0.0.0/16, availability_zones: 2}
  subnets: {web: {cidr: 10.0.0.0/20}, app: {cidr: 10.0.16.0/20 ACL}}
  security_groups:
    lb_sg: {ingress: [{port: 80, from: 10.0.0.0/8}], egress: [{port: all, to: OUT}]}
    web_sg: {ingress: [{port: 8000-9000, from: lb_sg}]}
  network_acls:
    shut:
      ingress: [{number: 1, action: allow, cidr: 10.0.0.0/16, port: 443}]
      egress: [{number: 1, action: allow, cidr: 10.0.0.0/16}]
components:
  lb:
    type: AWS::ElasticLoadBalancingV2::LoadBalancer
    properties: {Scheme: internal, SecurityGroups: [!Ref LbSg], Subnets: [!Ref WebSubnetA, !Ref WebSubnetB]}
  http:
    type: AWS::ElasticLoadBalancingV2::Listener
    properties:
      LoadBalancerArn: !Ref lb
      Port: 80
      Protocol: HTTP
      DefaultActions: [{Type: forward, TargetGroupArn: !Ref targets}]
  targets:
    type: AWS::ElasticLoadBalancingV2::TargetGroup
    properties: {VpcId: !Ref Vpc, TargetType: ip, Port: 80, Protocol: HTTP HEALTH}
  task:
    type: AWS::ECS::TaskDefinition
    properties: {ContainerDefinitions: [{Name: web, Image: web, PortMappings: [{ContainerPort: 8080}]}]}
  web:
    type: AWS::ECS::Service
    properties:
      TaskDefinition: !Ref task
      LoadBalancers: [{TargetGroupArn: !Ref targets, ContainerName: web, ContainerPort: CONTAINER}]
      NetworkConfiguration:
        AwsvpcConfiguration: {SecurityGroups: [!Ref WebSg], Subnets: [!Ref AppSubnetA, !Ref AppSubnetB]}
"""


def balanced(rule: str, **said: str) -> tuple[list[str], list[str]]:
    text = BALANCED
    for key, value in ({"ACL": "", "OUT": "web_sg", "HEALTH": "", "CONTAINER": "8080"} | said).items():
        text = text.replace(key, value)
    return told(text, rule)


@pytest.mark.parametrize(
    ("said", "begins"),
    [
        ({}, None),
        ({"CONTAINER": "7000"}, "lb cannot reach web on port 7000: web_sg lets in tcp 8000-9000 from lb_sg, not 7000"),
        ({"OUT": "10.9.0.0/16"}, "lb cannot reach web on port 8080: lb_sg lets nothing out to web (10.0.16.0/21)"),
        (
            {"ACL": ", network_acl: shut"},
            "lb cannot reach web on port 8080: entry 1 of the network ACL shut lets 443 into app (zone a) from lb",
        ),
    ],
)
def test_a_balancer_is_followed_to_the_port_of_its_targets(said: dict[str, str], begins: str | None) -> None:
    messages, unknown = balanced("alb-target-unreachable", **said)
    assert unknown == []
    assert len(messages) == (begins is not None)
    assert all(message.startswith(begins or "") for message in messages)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"HEALTH": ", HealthCheckPort: '8080'"}, None),
        ({"HEALTH": ", HealthCheckPort: traffic-port"}, None),
        (
            {"HEALTH": ", HealthCheckPort: '8500'"},
            "the health check of targets goes to 8500, on which no container of web listens",
        ),
        (
            {"HEALTH": ", HealthCheckPort: '7000'"},
            "the health check of targets goes to 7000, which the security group of web closes",
        ),
        (
            {"HEALTH": ", HealthCheckPort: '8080'", "OUT": "10.9.0.0/16"},
            "the health check of targets goes to 8080, which lb does not reach: lb_sg lets nothing out to web "
            "(10.0.16.0/21): it lets out only tcp on all ports to 10.9.0.0/16",
        ),
    ],
)
def test_a_health_check_is_followed_to_its_port(said: dict[str, str], message: str | None) -> None:
    assert balanced("alb-health-check-blocked", **said) == ([message] if message else [], [])


# -- deliveries

DELIVERED = """\
archproof: 1
system: {region: eu-west-1, account: "111111111111"}
components:
  topic: {type: AWS::SNS::Topic}
  other: {type: AWS::SNS::Topic}
  key:
    type: AWS::KMS::Key
    properties:
      KeyPolicy:
        Statement: [{Effect: Allow, Principal: {Service: sns.amazonaws.com}, Action: 'kms:*', Resource: '*' WHEN}]
  alias: {type: AWS::KMS::Alias, properties: {AliasName: alias/jobs, TargetKeyId: !Ref key}}
  queue: {type: AWS::SQS::Queue, properties: {KmsMasterKeyId: KEY}}
  sub: {type: AWS::SNS::Subscription, properties: {TopicArn: TOPIC, Protocol: sqs, Endpoint: !GetAtt queue.Arn}}
  policy:
    type: AWS::SQS::QueuePolicy
    properties:
      Queues: [!Ref queue]
      PolicyDocument:
        Statement:
          - Effect: EFFECT
            Principal: {Service: WHO}
            Action: sqs:SendMessage
            Resource: '*'
            Condition: {ArnEquals: {aws:SourceArn: SOURCE}}
"""
AWAY = "arn:aws:sns:eu-west-1:222222222222:news"
NONE = "topic delivers to queue, but no policy of the queue lets it send"
ANOTHER = "sub delivers to queue, but what lets sns.amazonaws.com in is not for this source"
KEYLESS = "topic delivers to queue, but the policy of its key key leaves SNS out"


@pytest.mark.parametrize(
    ("said", "rule", "message"),
    [
        ({}, None, None),
        ({"WHO": "s3.amazonaws.com"}, "sns-queue-policy-missing", NONE),
        ({"EFFECT": "Deny"}, "sns-queue-policy-missing", NONE),
        ({"SOURCE": "!Ref other"}, "delivery-not-permitted", ANOTHER.replace("sub", "topic")),
        ({"TOPIC": AWAY}, "sns-queue-policy-missing", ANOTHER),
        ({"TOPIC": AWAY, "SOURCE": AWAY}, None, None),
        ({"KEY": "!Ref alias"}, None, None),
        ({"KEY": "alias/jobs"}, None, None),
        (
            {"WHEN": ", Condition: {StringEquals: {kms:ViaService: s3.eu-west-1.amazonaws.com}}"},
            "sns-encrypted-queue-key", KEYLESS,
        ),
        (
            {"WHEN": ", Condition: {ArnLike: {aws:SourceArn: !Ref other}}", "KEY": "!Ref alias"},
            "sns-encrypted-queue-key", KEYLESS,
        ),
    ],
)  # fmt: skip
def test_a_delivery_is_told_once_by_what_keeps_it_out(
    said: dict[str, str], rule: str | None, message: str | None
) -> None:
    values = {
        "TOPIC": "!Ref topic", "KEY": "!Ref key", "WHO": "sns.amazonaws.com", "SOURCE": "!Ref topic", "WHEN": "",
        "EFFECT": "Allow",
    } | said  # fmt: skip
    text = DELIVERED
    for key in ("WHEN", "KEY", "TOPIC", "WHO", "SOURCE", "EFFECT"):
        text = text.replace(f" {key}", f" {values[key]}" if values[key] else "")
    rules = ["sns-queue-policy-missing", "sns-encrypted-queue-key", "delivery-not-permitted"]
    found = [(f.rule, f.message) for f in check(loads(text), TODAY, rules).findings]
    assert found == ([(rule, message)] if rule else [])


INVOKED = """\
archproof: 1
system: {region: eu-west-1, account: "111111111111"}
components:
  fn: {type: AWS::Lambda::Function, properties: {Role: "arn:aws:iam::111111111111:role/fn"}}
  nightly: {type: AWS::Events::Rule, properties: {Name: nightly, Targets: [{Id: fn, Arn: !GetAtt fn.Arn}]}}
  hourly: {type: AWS::Events::Rule, properties: {Name: hourly}}
  may:
    type: AWS::Lambda::Permission
    properties: {FunctionName: !Ref fn, Action: "lambda:InvokeFunction", Principal: WHO, SourceArn: SOURCE}
"""


@pytest.mark.parametrize(
    ("who", "source", "rule"),
    [
        ("events.amazonaws.com", "!GetAtt nightly.Arn", None),
        ("events.amazonaws.com", "!GetAtt hourly.Arn", "delivery-not-permitted"),
        ("s3.amazonaws.com", "!GetAtt nightly.Arn", "lambda-permission-missing"),
    ],
)
def test_a_permission_is_for_its_source(who: str, source: str, rule: str | None) -> None:
    text = INVOKED.replace("WHO", who).replace("SOURCE", source)
    found = check(loads(text), TODAY, ["lambda-permission-missing", "delivery-not-permitted"]).findings
    assert [f.rule for f in found] == ([rule] if rule else [])


# -- roles

RIGHTS = """\
archproof: 1
system: {region: eu-west-1, account: "111111111111"}
ORGANIZATION
network: {vpc: {cidr: 10.0.0.0/16}, subnets: {app: {cidr: 10.0.0.0/20}}}
components:
  fn: {kind: lambda, role: role, in: {subnets: app}}
  role:
    kind: iam_role
    trust: lambda.amazonaws.com
    managed: [service-role/AWSLambdaVPCAccessExecutionRole]
    policies: {own: [{ALSO allow: "sqs:SendMessage", on: "*"}]}
    BOUNDARY
  limit: {kind: iam_policy, statements: {allow: ["sqs:*", "logs:*"], on: "*"}}
"""


@pytest.mark.parametrize(
    ("said", "lacks"),
    [
        ({}, False),
        ({"BOUNDARY": "permissions_boundary: limit"}, True),
        ({"ALSO": "deny: 'ec2:*', on: '*'}, {"}, True),
        ({"ORGANIZATION": "organization: {service_controls: {root: {deny: 'ec2:*NetworkInterface*'}}}"}, True),
    ],
)
def test_a_right_is_none_where_a_deny_a_boundary_or_the_organization_takes_it(
    said: dict[str, str], lacks: bool
) -> None:
    text = RIGHTS
    for key, value in ({"BOUNDARY": "", "ALSO": "", "ORGANIZATION": ""} | said).items():
        text = text.replace(key, value)
    messages, _ = told(text, "lambda-interface-rights")
    assert bool(messages) == lacks


def test_writing_needs_more_of_a_key_than_reading() -> None:
    text = """\
archproof: 1
components:
  key: {kind: kms_key}
  role:
    kind: iam_role
    trust: lambda.amazonaws.com
    policies: {own: [{allow: "s3:PutObject", on: files/*}, {allow: "kms:Decrypt", on: key}]}
  files: {kind: s3_bucket, kms_key: key}
  fn: {kind: lambda, role: role}
"""
    messages, _ = told(text, "lambda-decrypt-missing")
    assert messages == ["fn uses files, but its role role lacks kms:GenerateDataKey on key"]


def test_a_role_of_a_function_alone_may_hold_what_a_database_asks_for() -> None:
    text = """\
archproof: 1
system: {exact: true}
components:
  db: {kind: rds, engine: postgres, instance_class: db.m7g.large}
  fn:
    kind: lambda
    role: {policies: [[{allow: "ACTION", on: "*"}]]}
links:
  - {from: fn, to: db, verb: query, wired: true}
"""
    rule = "database-without-credentials"
    assert len(told(text.replace("ACTION", "sqs:SendMessage"), rule)[0]) == 1
    assert told(text.replace("ACTION", "secretsmanager:GetSecretValue"), rule)[0] == []
