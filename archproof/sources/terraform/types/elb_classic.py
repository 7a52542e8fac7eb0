"""Classic load balancers and their policies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archproof.sources.terraform.made import forget
from archproof.sources.terraform.mapping import Mapping, Merge, block, blocks, choose

if TYPE_CHECKING:
    from archproof.sources.terraform.made import Made

TYPES = (
    "aws_elb", "aws_elb_attachment", "aws_app_cookie_stickiness_policy", "aws_lb_cookie_stickiness_policy",
    "aws_lb_ssl_negotiation_policy", "aws_load_balancer_policy", "aws_load_balancer_listener_policy",
    "aws_load_balancer_backend_server_policy", "aws_proxy_protocol_policy",
)  # fmt: skip


def _balancer(made: Made) -> None:
    """Draining and its time are two arguments; a state tells the zones of the subnets."""
    if made.item.values.get("connection_draining") is True:
        made.set("ConnectionDrainingPolicy.Enabled", True, "connection_draining")
        timeout = made.value("connection_draining_timeout")
        made.set("ConnectionDrainingPolicy.Timeout", timeout, "connection_draining_timeout")
    if made.resource.has("Subnets"):
        forget(made.resource, ("AvailabilityZones",))
    if made.resource.has("AccessLoggingPolicy") and not made.resource.has("AccessLoggingPolicy", "Enabled"):
        made.set("AccessLoggingPolicy.Enabled", True, "access_logs")


def _instance(made: Made) -> None:
    instance = made.value("instance")
    if instance not in (made.resource.get("Instances") or []):
        made.add("Instances", instance, "instance")


def _use(made: Made) -> None:
    """A listener names its policies."""
    name, port = made.value("name"), made.value("lb_port")
    for position, listener in enumerate(made.resource.get("Listeners", default=[])):
        if isinstance(listener, dict) and str(listener.get("LoadBalancerPort")) == str(port):
            made.add(("Listeners", position, "PolicyNames"), name, "lb_port")


def _app_cookie(made: Made) -> None:
    entry = {"PolicyName": made.value("name"), "CookieName": made.value("cookie_name")}
    made.add("AppCookieStickinessPolicy", entry, "name")
    _use(made)


def _lb_cookie(made: Made) -> None:
    entry = {"PolicyName": made.value("name")}
    if period := made.value("cookie_expiration_period"):
        entry["CookieExpirationPeriod"] = str(period)
    made.add("LBCookieStickinessPolicy", entry, "name")
    _use(made)


def _policy(made: Made) -> None:
    """The attributes of a policy stand in blocks of name and value."""
    argument = "attribute" if made.item.values.get("attribute") else "policy_attribute"
    entries = made.item.values.get(argument)
    attributes = [
        {"Name": made.value(argument, n, "name"), "Value": made.value(argument, n, "value")}
        for n, _ in enumerate(entries if isinstance(entries, list) else [])
    ]
    kind = made.value("policy_type_name") or "SSLNegotiationPolicyType"
    entry = {
        "PolicyName": made.value("name") or made.value("policy_name"),
        "PolicyType": kind,
        "Attributes": attributes,
    }
    made.add("Policies", entry, "name")
    if made.value("lb_port") is not None:
        _use(made)


def _listener_policies(made: Made) -> None:
    port = made.value("load_balancer_port")
    for position, listener in enumerate(made.resource.get("Listeners", default=[])):
        if isinstance(listener, dict) and str(listener.get("LoadBalancerPort")) == str(port):
            for number, name in enumerate(made.value("policy_names") or []):
                made.add(("Listeners", position, "PolicyNames"), name, "policy_names", number)


_NAMED = Merge("load_balancer load_balancer_name elb", "aws_elb")

MAPPINGS = {
    "aws_elb": Mapping(
        "AWS::ElasticLoadBalancing::LoadBalancer",
        "name=LoadBalancerName availability_zones cross_zone_load_balancing=CrossZone "
        "idle_timeout=ConnectionSettings.IdleTimeout instances security_groups subnets -name_prefix "
        "+connection_draining +connection_draining_timeout -source_security_group -desync_mitigation_mode",
        {
            "internal": choose("Scheme", {True: "internal", False: None}),
            "listener": blocks(
                "Listeners",
                "instance_port:text instance_protocol:upper lb_port=LoadBalancerPort:text lb_protocol=Protocol:upper "
                "ssl_certificate_id=SSLCertificateId",
            ),
            "health_check": block(
                "HealthCheck", "target interval:text timeout:text healthy_threshold:text unhealthy_threshold:text"
            ),
            "access_logs": block(
                "AccessLoggingPolicy",
                "bucket=S3BucketName bucket_prefix=S3BucketPrefix interval=EmitInterval enabled",
            ),
        },
        attributes="id=Ref name=Ref dns_name=DNSName zone_id=CanonicalHostedZoneNameID "
        "arn=sub:arn:${AWS::Partition}:elasticloadbalancing:${AWS::Region}:${AWS::AccountId}:loadbalancer/${.}",
        defaults={"cross_zone_load_balancing": True},
        finish=_balancer,
    ),
    "aws_elb_attachment": Mapping(None, "+elb +instance", tags="", merge=_NAMED, finish=_instance),
    "aws_app_cookie_stickiness_policy": Mapping(
        None, "+name +load_balancer +lb_port +cookie_name", tags="", merge=_NAMED, finish=_app_cookie
    ),
    "aws_lb_cookie_stickiness_policy": Mapping(
        None, "+name +load_balancer +lb_port +cookie_expiration_period", tags="", merge=_NAMED, finish=_lb_cookie
    ),
    "aws_lb_ssl_negotiation_policy": Mapping(
        None, "+name +load_balancer +lb_port +attribute -triggers", tags="", merge=_NAMED, finish=_policy
    ),
    "aws_load_balancer_policy": Mapping(
        None,
        "+load_balancer_name +policy_name +policy_type_name +policy_attribute",
        tags="",
        merge=_NAMED,
        attributes="policy_name==policy_name",
        finish=_policy,
    ),
    "aws_load_balancer_listener_policy": Mapping(
        None,
        "+load_balancer_name +load_balancer_port +policy_names -triggers",
        tags="",
        merge=_NAMED,
        finish=_listener_policies,
    ),
    "aws_load_balancer_backend_server_policy": Mapping(None, tags=""),
    "aws_proxy_protocol_policy": Mapping(None, tags=""),
}
