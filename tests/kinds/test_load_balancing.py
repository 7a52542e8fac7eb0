"""Load balancers, listeners and target groups."""

from __future__ import annotations

import pytest

from archproof.errors import InputError
from archproof.model.architecture import loads

from .lowered import HEAD, complaints, lowered, place

WEB = "  web: {kind: ecs_service, image: nginx:1, port: 8080, in: {subnets: app, security_groups: [app_sg]}}\n"
CERT = "  cert: {type: AWS::CertificateManager::Certificate, properties: {DomainName: shop.example.com}}\n"
ALB = "  lb: {kind: alb, to: web, certificate: cert, in: {subnets: public, security_groups: [web_sg]}}\n"


def errors(components: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        loads(HEAD + components)
    return [p.message for p in caught.value.problems]


def test_a_certificate_makes_a_tls_listener_and_a_redirection_to_it() -> None:
    resources = lowered(WEB + CERT + ALB)
    balancer = resources["Lb"]
    assert (balancer.get("Type"), balancer.get("Scheme")) == ("application", "internet-facing")
    assert balancer.get("Subnets") == [{"Ref": "PublicSubnetA"}, {"Ref": "PublicSubnetB"}]
    assert {a["Key"]: a["Value"] for a in balancer.get("LoadBalancerAttributes")} == {
        "deletion_protection.enabled": "true",
        "routing.http.drop_invalid_header_fields.enabled": "true",
    }
    listener = resources["LbListener"]
    assert (listener.get("Port"), listener.get("Protocol")) == (443, "HTTPS")
    assert listener.get("Certificates") == [{"CertificateArn": {"Ref": "Cert"}}]
    redirect = resources["LbRedirectListener"]
    assert redirect.get("DefaultActions", 0, "RedirectConfig") == {
        "Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301",
    }  # fmt: skip
    group = resources["LbWebTargetGroup"]
    assert (group.get("TargetType"), group.get("Port"), group.get("HealthCheckPath")) == ("ip", 8080, "/")
    assert resources["Web"].get("LoadBalancers", 0, "TargetGroupArn") == {"Ref": "LbWebTargetGroup"}
    assert resources["Web"].attributes == {"DependsOn": ["LbListener"]}
    assert resources["AppSgIngressFromWebSg8080"].get("FromPort") == 8080
    assert complaints(resources) == []


def test_clear_text_has_to_be_said() -> None:
    bare = ALB.replace("certificate: cert, ", "")
    assert errors(WEB + bare) == ["'lb': needs a 'certificate' to forward, or 'http: true' to serve clear text"]
    resources = lowered(WEB + bare.replace("to: web", "to: web, http: true"))
    assert (resources["LbListener"].get("Port"), resources["LbListener"].get("Protocol")) == (80, "HTTP")
    assert "LbRedirectListener" not in resources
    assert place(resources, "LbListener", "Protocol") == "2:28"


def test_every_setting_points_at_its_field() -> None:
    resources = lowered(
        WEB
        + CERT
        + """\
  logs: {kind: s3_bucket}
  lb:
    kind: alb
    to: web
    certificate: [cert, cert]
    internal: true
    deletion_protection: false
    drop_invalid_headers: false
    idle_timeout_s: 120
    access_logs: logs
    health_check: {path: /health, interval_s: 10, codes: 200-299}
    deregistration_delay_s: 30
    stickiness_s: 3600
    in: {subnets: app, security_groups: [web_sg]}
"""
    )
    attributes = resources["Lb"].get("LoadBalancerAttributes")
    assert {a["Key"]: a["Value"] for a in attributes}["access_logs.s3.bucket"] == {"Ref": "Logs"}
    places = {a["Key"]: place(resources, "Lb", "LoadBalancerAttributes", i) for i, a in enumerate(attributes)}
    assert places["deletion_protection.enabled"] == "9:5"
    assert places["routing.http.drop_invalid_header_fields.enabled"] == "10:5"
    assert places["idle_timeout.timeout_seconds"] == "11:5"
    assert place(resources, "Lb", "Scheme") == "8:5"
    assert place(resources, "LbWebTargetGroup", "HealthCheckIntervalSeconds") == "13:35"
    writer = {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"}
    statements = resources["LogsPolicy"].get("PolicyDocument", "Statement")
    assert [s["Action"] for s in statements if s.get("Principal") == writer] == ["s3:PutObject"]
    assert resources["Lb"].attributes == {"DependsOn": ["LogsPolicy"]}
    assert "LbCertificates" in resources
    assert complaints(resources) == []


def test_routes_by_path_and_host_lead_to_functions_machines_and_groups() -> None:
    balancer = ALB.replace("to: web", "to: web, routes: {/api/*: fn, admin.example.com: vm}")
    resources = lowered(
        WEB
        + CERT
        + balancer
        + """\
  fn: {kind: lambda, runtime: python3.13}
  vm: {kind: ec2_instance, instance_type: m7g.large, port: 9000, in: {subnets: app}}
"""
    )
    first, second = resources["LbRule1"], resources["LbRule2"]
    assert first.get("Conditions", 0) == {"Field": "path-pattern", "PathPatternConfig": {"Values": ["/api/*"]}}
    assert second.get("Conditions", 0, "HostHeaderConfig") == {"Values": ["admin.example.com"]}
    assert resources["LbFnTargetGroup"].get("TargetType") == "lambda"
    assert resources["LbFnTargetGroup"].attributes == {"DependsOn": ["FnLoadBalancerPermission"]}
    assert resources["LbVmTargetGroup"].get("Targets") == [{"Id": {"Ref": "Vm"}, "Port": 9000}]
    assert complaints(resources) == []


def test_a_network_balancer_passes_the_port_of_its_target_through() -> None:
    resources = lowered("""\
  asg: {kind: auto_scaling_group, instance_type: m7g.large, port: 5000, in: {subnets: app}}
  lb: {kind: nlb, to: asg, internal: true, in: {subnets: app, security_groups: [web_sg]}}
""")
    assert (resources["LbListener"].get("Port"), resources["LbListener"].get("Protocol")) == (5000, "TCP")
    assert resources["Asg"].get("TargetGroupARNs") == [{"Ref": "LbAsgTargetGroup"}]
    assert resources["Asg"].get("HealthCheckType") == "ELB"
    assert resources["Lb"].get("Scheme") == "internal"
    assert complaints(resources) == []


def test_listeners_and_groups_can_be_written_out() -> None:
    resources = lowered(
        CERT
        + """\
  lb: {kind: alb, in: {subnets: public, security_groups: [web_sg]}}
  https:
    {kind: listener, load_balancer: lb, port: 443, protocol: https, certificate: cert, to: blue,
     rules: [{path: /v2/*, to: green}]}
  http: {kind: listener, load_balancer: lb, port: 80, protocol: http, redirect_to_https: true}
  blue: {kind: target_group, port: 8080, protocol: http, to: web, health_check: /ok}
  green: {kind: target_group, port: 8080, protocol: http}
"""
        + WEB
    )
    assert resources["HttpsRule1"].get("Actions", 0, "TargetGroupArn") == {"Ref": "Green"}
    assert resources["Http"].get("DefaultActions", 0, "Type") == "redirect"
    assert resources["Blue"].get("VpcId") == {"Ref": "Vpc"}
    assert resources["Green"].get("VpcId") == {"Ref": "Vpc"}
    assert resources["Blue"].get("HealthCheckPath") == "/ok"
    assert resources["Web"].get("LoadBalancers", 0, "TargetGroupArn") == {"Ref": "Blue"}
    assert resources["Web"].attributes == {"DependsOn": ["Https"]}
    assert complaints(resources) == []


def test_a_listener_says_exactly_one_thing() -> None:
    text = "  lb: {kind: alb}\n  l: {kind: listener, load_balancer: lb, port: 80, protocol: http}\n"
    assert errors(text) == ["'l': needs exactly one of 'to', 'redirect_to_https' and 'fixed_status'"]


def test_what_it_forwards_to_must_take_requests() -> None:
    text = WEB + CERT + ALB.replace("to: web", "to: q") + "  q: {kind: sqs_queue}\n"
    assert errors(text) == [
        "'q' is a sqs queue; expected a ecs service or ec2 instance or auto scaling group or lambda"
    ]


def test_a_web_acl_stands_before_it() -> None:
    acl = "  acl: {type: AWS::WAFv2::WebACL, properties: {Scope: REGIONAL}}\n"
    resources = lowered(WEB + CERT + ALB.replace("to: web", "to: web, waf: acl") + acl)
    assert resources["LbWebAclAssociation"].properties == {
        "ResourceArn": {"Ref": "Lb"}, "WebACLArn": {"Fn::GetAtt": ["Acl", "Arn"]},
    }  # fmt: skip


def test_ports_that_balancers_listen_on() -> None:
    architecture = loads(
        HEAD
        + WEB
        + CERT
        + ALB
        + """\
  plain: {kind: alb, to: web, http: true}
  tcp: {kind: nlb, to: web}
  tls: {kind: nlb, to: web, certificate: cert}
"""
    )
    listens = {n: c.listens(architecture) for n, c in architecture.of_kind("alb", "nlb").items()}
    assert listens == {"lb": (443,), "plain": (80,), "tcp": (8080,), "tls": (443,)}
