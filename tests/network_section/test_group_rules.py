"""Rules of security groups: what links need, what is said, and what is never there."""

from __future__ import annotations

from .network import TIERS, complaints, lowered, place, rules

FUNCTIONS = """components:
  fn: {kind: lambda, runtime: nodejs22.x, in: {subnets: app, security_groups: [fn_sg]}}
  db: {kind: rds, engine: postgres, instance_class: db.m7g.large, in: {subnets: data, security_groups: [db_sg]}}
  jobs: {kind: sqs_queue}
  files: {kind: s3_bucket}
"""
GROUPS = "  security_groups: {fn_sg: {}, db_sg: {}}\n"


def test_a_link_opens_exactly_its_port_between_the_groups_of_both_ends() -> None:
    resources = lowered(TIERS + GROUPS + FUNCTIONS + "links:\n  - {from: fn, to: db}\n")
    assert rules(resources) == [
        "DbSgIngressFromFnSg5432: fn queries db @16",
        "FnSgEgressToDbSg5432: fn queries db @16",
    ]
    assert resources["FnSgEgressToDbSg5432"].properties == {
        "GroupId": {"Fn::GetAtt": ["FnSg", "GroupId"]},
        "IpProtocol": "tcp",
        "FromPort": 5432,
        "ToPort": 5432,
        "DestinationSecurityGroupId": {"Fn::GetAtt": ["DbSg", "GroupId"]},
        "Description": "fn queries db",
    }
    assert resources["FnSgEgressToDbSg5432"].place == "fn_sg"
    assert resources["FnSgEgressToDbSg5432"].implied
    assert complaints(resources) == []


def test_a_port_of_the_link_wins_and_the_same_rule_is_written_once() -> None:
    links = "links:\n  - {from: fn, to: db, port: 6432}\n  - {from: fn, to: db, port: 6432, title: again}\n"
    assert rules(lowered(TIERS + GROUPS + FUNCTIONS + links)) == [
        "DbSgIngressFromFnSg6432: fn queries db @16",
        "FnSgEgressToDbSg6432: fn queries db @16",
    ]


def test_a_component_that_names_no_group_gets_one_of_its_own() -> None:
    text = TIERS + FUNCTIONS.replace(", security_groups: [fn_sg]", "").replace(", security_groups: [db_sg]", "")
    resources = lowered(text + "links:\n  - {from: fn, to: db}\n")
    assert rules(resources) == [
        "DbIngressFromFn5432: fn queries db @15",
        "FnEgressToDb5432: fn queries db @15",
    ]
    group = resources["FnSecurityGroup"]
    assert (group.component, group.get("VpcId")) == ("fn", {"Ref": "Vpc"})
    assert resources["Fn"].get("VpcConfig", "SecurityGroupIds") == [{"Fn::GetAtt": ["FnSecurityGroup", "GroupId"]}]


def test_a_service_is_reached_by_its_interface_endpoint_which_lets_the_caller_in() -> None:
    text = TIERS + "  endpoints: [sqs]\n" + GROUPS + FUNCTIONS + "links:\n  - {from: fn, to: jobs}\n"
    assert rules(lowered(text)) == [
        "SqsEndpointIngressFromFnSg443: fn sends jobs @17",
        "FnSgEgressToSqsEndpoint443: fn sends jobs @17",
    ]


def test_a_service_is_reached_by_the_prefix_list_of_its_gateway_endpoint() -> None:
    text = TIERS + "  endpoints: [s3]\n" + GROUPS + FUNCTIONS + "links:\n  - {from: fn, to: files}\n"
    resources = lowered(text)
    assert resources["FnSgEgressToS3Port443"].get("DestinationPrefixListId") == "pl-6da54004"
    assert "S3PrefixListId" not in resources.parameters
    elsewhere = lowered(text.replace("eu-west-1", "eu-south-2"))
    rule = elsewhere["FnSgEgressToS3Port443"]
    assert rule.get("DestinationPrefixListId") == {"Ref": "S3PrefixListId"}
    assert elsewhere.parameters["S3PrefixListId"]["AllowedPattern"] == "^pl-[0-9a-f]+$"
    assert complaints(elsewhere) == []


def test_without_an_endpoint_a_tier_with_a_way_out_leaves_by_it_and_an_isolated_one_gets_no_rule() -> None:
    text = TIERS + GROUPS + FUNCTIONS + "links:\n  - {from: fn, to: jobs}\n"
    resources = lowered(text)
    assert rules(resources) == ["FnSgEgressToAnywhere443: fn sends jobs @16"]
    assert resources["FnSgEgressToAnywhere443"].get("CidrIp") == "0.0.0.0/0"
    assert rules(lowered(text.replace("in: {subnets: app", "in: {subnets: data"))) == []


def test_rules_that_are_said_stand_and_only_the_other_direction_follows_the_links() -> None:
    groups = """  security_groups:
    fn_sg: {egress: [{port: 443, to: [internet, db_sg], description: out}]}
    db_sg: {}
"""
    resources = lowered(TIERS + groups + FUNCTIONS + "links:\n  - {from: fn, to: db}\n")
    assert resources["FnSg"].get("SecurityGroupEgress") == [
        {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "0.0.0.0/0", "Description": "out"}
    ]
    assert rules(resources) == ["DbSgIngressFromFnSg5432: fn queries db @18", "FnSgEgressToDbSg443: out @10"]
    assert place(resources, "FnSg", "SecurityGroupEgress", 0, "FromPort") == "10:23"
    assert place(resources, "FnSg", "SecurityGroupEgress", 0, "CidrIp") == "10:39"
    assert not resources["FnSgEgressToDbSg443"].implied


def test_the_other_side_of_a_rule_may_be_a_component_a_block_or_a_prefix_list() -> None:
    groups = """  security_groups:
    fn_sg: {}
    db_sg: {ingress: [{port: 8000-8100, protocol: udp, from: [fn, 192.0.2.0/24, "2001:db8::/32", pl-12345678]}]}
"""
    resources = lowered(TIERS + groups + FUNCTIONS)
    written = [
        next((k, v) for k, v in rule.items() if k not in ("IpProtocol", "FromPort", "ToPort"))
        for rule in resources["DbSg"].get("SecurityGroupIngress")
    ]
    assert written == [
        ("CidrIp", "192.0.2.0/24"),
        ("CidrIpv6", "2001:db8::/32"),
        ("SourcePrefixListId", "pl-12345678"),
    ]
    assert rules(resources) == ["DbSgIngressFromFnSg8000To8100Udp:  @11"]


def test_people_reach_a_load_balancer_that_faces_the_internet_and_an_internal_one_from_nowhere() -> None:
    text = (
        TIERS
        + """components:
  people: {kind: person}
  office: {kind: external_system, cidr: 203.0.113.0/24}
  web: {kind: alb, certificate: cert, to: app_fn, in: {subnets: public}}
  cert: {kind: certificate, domain: shop.example.com}
  app_fn: {kind: lambda, runtime: nodejs22.x}
links:
  - {from: [people, office], to: web}
"""
    )
    resources = lowered(text)
    assert rules(resources) == [
        "WebIngressFromAnywhere443: people to web: HTTPS @16",
        "WebIngressFromAnywhere80: people to web: HTTPS (redirect) @16",
        "WebIngressFrom203x0x113x0x24Port443: office to web: HTTPS @16",
    ]
    inside = lowered(text.replace("kind: alb,", "kind: alb, internal: true,"))
    assert rules(inside) == ["WebIngressFrom203x0x113x0x24Port443: office to web: HTTPS @16"]


def test_a_container_reaches_what_its_start_needs() -> None:
    text = (
        TIERS
        + """  endpoints: [ecr, s3, logs]
components:
  images: {kind: ecr_repository}
  web: {kind: ecs_service, image: images, port: 8080, in: {subnets: app}}
"""
    )
    ids = [line.split(":")[0] for line in rules(lowered(text))]
    assert ids == [
        "EcrApiEndpointIngressFromWeb443",
        "EcrDkrEndpointIngressFromWeb443",
        "LogsEndpointIngressFromWeb443",
        "WebEgressToEcrApiEndpoint443",
        "WebEgressToEcrDkrEndpoint443",
        "WebEgressToS3Port443",
        "WebEgressToLogsEndpoint443",
    ]


def test_a_proxy_that_reads_its_secret_does_so_from_aws_side_and_needs_no_rule() -> None:
    text = (
        TIERS
        + """  endpoints: [secretsmanager]
components:
  db: {kind: rds, engine: postgres, instance_class: db.m7g.large, in: {subnets: data}}
  key: {kind: secret}
  proxy: {kind: rds_proxy, target: db, secret: key, in: {subnets: app}}
"""
    )
    assert [line.split(":")[0] for line in rules(lowered(text))] == ["DbIngressFromProxy5432", "ProxyEgressToDb5432"]


def test_a_load_balancer_reaches_its_targets_at_the_ports_it_says() -> None:
    text = (
        TIERS
        + """components:
  images: {kind: ecr_repository}
  app_svc: {kind: ecs_service, image: images, port: 8080, in: {subnets: data}}
  web: {kind: alb, certificate: cert, to: app_svc, target_port: 9000, health_check: {port: 9001}, in: {subnets: app}}
  cert: {kind: certificate, domain: shop.example.com}
"""
    )
    assert [line.split(":")[0] for line in rules(lowered(text))] == [
        "AppSvcIngressFromWeb9000",
        "AppSvcIngressFromWeb9001",
        "WebEgressToAppSvc9000",
        "WebEgressToAppSvc9001",
    ]
