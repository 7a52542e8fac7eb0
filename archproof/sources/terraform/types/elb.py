"""Elastic Load Balancing: application, network and gateway load balancers with listeners, rules and target groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archproof.sources.terraform.made import forget, is_absent
from archproof.sources.terraform.mapping import Mapping, Merge, Rule, block, blocks, choose, to

if TYPE_CHECKING:
    from archproof.sources.terraform.made import Made

TYPES = (
    "aws_lb", "aws_alb", "aws_lb_target_group", "aws_alb_target_group", "aws_lb_target_group_attachment",
    "aws_alb_target_group_attachment", "aws_lb_listener", "aws_alb_listener", "aws_lb_listener_rule",
    "aws_alb_listener_rule", "aws_lb_listener_certificate", "aws_alb_listener_certificate", "aws_lb_trust_store",
)  # fmt: skip

_LB = {
    "idle_timeout": ("idle_timeout.timeout_seconds", 60),
    "enable_deletion_protection": ("deletion_protection.enabled", False),
    "enable_cross_zone_load_balancing": ("load_balancing.cross_zone.enabled", False),
    "enable_http2": ("routing.http2.enabled", True),
    "drop_invalid_header_fields": ("routing.http.drop_invalid_header_fields.enabled", False),
    "desync_mitigation_mode": ("routing.http.desync_mitigation_mode", "defensive"),
    "preserve_host_header": ("routing.http.preserve_host_header.enabled", False),
    "enable_waf_fail_open": ("waf.fail_open.enabled", False),
    "xff_header_processing_mode": ("routing.http.xff_header_processing.mode", "append"),
    "enable_xff_client_port": ("routing.http.xff_client_port.enabled", False),
    "enable_tls_version_and_cipher_suite_headers": ("routing.http.x_amzn_tls_version_and_cipher_suite.enabled", False),
    "client_keep_alive": ("client_keep_alive.seconds", 3600),
    "dns_record_client_routing_policy": ("dns_record.client_routing_policy", "any_availability_zone"),
    "enable_zonal_shift": ("zonal_shift.config.enabled", False),
}
"""Argument → the attribute of a load balancer, and the value that AWS takes anyway."""
_GROUP = {
    "deregistration_delay": ("deregistration_delay.timeout_seconds", 300),
    "slow_start": ("slow_start.duration_seconds", 0),
    "load_balancing_algorithm_type": ("load_balancing.algorithm.type", "round_robin"),
    "load_balancing_anomaly_mitigation": ("load_balancing.algorithm.anomaly_mitigation", "off"),
    "load_balancing_cross_zone_enabled": ("load_balancing.cross_zone.enabled", "use_load_balancer_configuration"),
    "proxy_protocol_v2": ("proxy_protocol_v2.enabled", False),
    "preserve_client_ip": ("preserve_client_ip.enabled", None),
    "lambda_multi_value_headers_enabled": ("lambda.multi_value_headers.enabled", False),
    "connection_termination": ("deregistration_delay.connection_termination.enabled", False),
}


def _text(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else value


def _attributes(made: Made, path: str, table: dict[str, tuple[str, Any]]) -> None:
    for argument, (key, usual) in table.items():
        value = made.value(argument)
        if value is not None and _text(value) != _text(usual):
            made.add(path, {"Key": key, "Value": _text(value)}, argument)


def _balancer(made: Made) -> None:
    """Settings are a list of attributes; mappings of subnets only where they say more than the subnet."""
    _attributes(made, "LoadBalancerAttributes", _LB)
    for argument, key in (("access_logs", "access_logs"), ("connection_logs", "connection_logs")):
        said = made.item.literal(argument, 0)
        if not isinstance(said, dict) or is_absent(said.get("bucket")):
            continue
        on = said.get("enabled")
        for name, value in (
            ("enabled", on if isinstance(on, bool) else made.item.sparse is False),
            ("bucket", made.value(argument, 0, "bucket")),
            ("prefix", made.value(argument, 0, "prefix")),
        ):
            if value is not None:
                entry = {"Key": f"{key}.s3.{name}", "Value": _text(value)}
                made.add("LoadBalancerAttributes", entry, argument, 0, name)
    mappings = made.resource.get("SubnetMappings", default=[])
    if any(len(m) > 1 for m in mappings if isinstance(m, dict)) or (mappings and not made.resource.has("Subnets")):
        forget(made.resource, ("Subnets",))
    else:
        forget(made.resource, ("SubnetMappings",))


def _group(made: Made) -> None:
    _attributes(made, "TargetGroupAttributes", _GROUP)
    sticky = made.item.literal("stickiness", 0)
    if isinstance(sticky, dict) and sticky.get("enabled") is not False:
        kind = sticky.get("type")
        names = {"enabled": "stickiness.enabled", "type": "stickiness.type"}
        if kind in ("lb_cookie", "app_cookie"):
            names["cookie_duration"] = f"stickiness.{kind}.duration_seconds"
        if kind == "app_cookie":
            names["cookie_name"] = "stickiness.app_cookie.cookie_name"
        for argument, key in names.items():
            value = made.value("stickiness", 0, argument) if argument != "enabled" else True
            if value is not None:
                entry = {"Key": key, "Value": _text(value)}
                made.add("TargetGroupAttributes", entry, "stickiness", 0, argument)
    if made.resource.get("TargetType") == "lambda":
        for name in ("Port", "Protocol", "ProtocolVersion", "VpcId", "HealthCheckProtocol", "HealthCheckPort"):
            forget(made.resource, (name,))
    if made.resource.get("Protocol") in ("TCP", "UDP", "TLS", "TCP_UDP"):
        forget(made.resource, ("ProtocolVersion",))
    if made.resource.get("ProtocolVersion") == "GRPC" and made.resource.has("Matcher", "HttpCode"):
        made.set("Matcher", {"GrpcCode": made.resource.get("Matcher", "HttpCode")}, "health_check", 0, "matcher")


def _target(made: Made) -> None:
    entry = {"Id": made.value("target_id"), "Port": made.value("port") or None,
             "AvailabilityZone": made.value("availability_zone")}  # fmt: skip
    made.add("Targets", {k: v for k, v in entry.items() if v is not None}, "target_id")


def _actions(made: Made) -> None:
    """A state says a plain target twice."""
    for name in ("DefaultActions", "Actions"):
        for position, action in enumerate(made.resource.get(name, default=[])):
            if isinstance(action, dict) and "TargetGroupArn" in action:
                forget(made.resource, (name, position, "ForwardConfig"))
            if isinstance(action, dict) and made.item.given is None and len(made.resource.get(name)) == 1:
                forget(made.resource, (name, position, "Order"))


def _conditions(conditions: Any) -> Any:
    """Each condition says the field that it is on."""
    fields = {"HostHeaderConfig": "host-header", "HttpHeaderConfig": "http-header", "PathPatternConfig": "path-pattern",
              "HttpRequestMethodConfig": "http-request-method", "QueryStringConfig": "query-string",
              "SourceIpConfig": "source-ip"}  # fmt: skip
    found = []
    for condition in conditions:
        if not isinstance(condition, dict):
            continue
        for config, field in fields.items():
            if config in condition:
                found.append({"Field": field, config: condition[config]})
        if "Values" in condition and not any(config in condition for config in fields):
            found.append(condition)
    return found


def _certificate(value: Any) -> Any:
    return [{"CertificateArn": value}]


_OIDC = (
    "authorization_endpoint client_id client_secret issuer on_unauthenticated_request scope session_cookie_name "
    "session_timeout:{} token_endpoint user_info_endpoint authentication_request_extra_params"
)
_COGNITO = (
    "user_pool_arn user_pool_client_id user_pool_domain on_unauthenticated_request scope session_cookie_name "
    "session_timeout:{} authentication_request_extra_params"
)


def _action(timeout: str) -> dict[str, Rule]:
    return {
        "forward": block(
            "ForwardConfig",
            table={
                "target_group": blocks("TargetGroups", "arn=TargetGroupArn weight"),
                "stickiness": block("TargetGroupStickinessConfig", "duration=DurationSeconds:nonzero enabled"),
            },
        ),
        "redirect": block("RedirectConfig", "host path port:text protocol query status_code"),
        "fixed_response": block("FixedResponseConfig", "content_type message_body status_code:text"),
        "authenticate_cognito": block("AuthenticateCognitoConfig", _COGNITO.format(timeout)),
        "authenticate_oidc": block("AuthenticateOidcConfig", _OIDC.format(timeout)),
    }


_ACTION = "type order:nonzero target_group_arn"
_CHECK = block(
    "",
    "enabled=HealthCheckEnabled interval=HealthCheckIntervalSeconds path=HealthCheckPath port=HealthCheckPort:text "
    "protocol=HealthCheckProtocol timeout=HealthCheckTimeoutSeconds:nonzero healthy_threshold=HealthyThresholdCount "
    "unhealthy_threshold=UnhealthyThresholdCount matcher=Matcher.HttpCode",
)
_CONDITION: dict[str, Rule] = {
    "host_header": block("HostHeaderConfig", "values"),
    "http_header": block("HttpHeaderConfig", "http_header_name values"),
    "http_request_method": block("HttpRequestMethodConfig", "values"),
    "path_pattern": block("PathPatternConfig", "values"),
    "query_string": blocks("QueryStringConfig.Values", "key value"),
    "source_ip": block("SourceIpConfig", "values"),
}

_BALANCER = Mapping(
    "AWS::ElasticLoadBalancingV2::LoadBalancer",
    "name load_balancer_type=Type ip_address_type security_groups subnets "
    "enforce_security_group_inbound_rules_on_private_link_traffic -name_prefix -customer_owned_ipv4_pool "
    f"+access_logs +connection_logs {' '.join('+' + a for a in _LB)}",
    {
        "internal": choose("Scheme", {True: "internal", False: "internet-facing"}),
        "subnet_mapping": blocks(
            "SubnetMappings",
            "allocation_id ipv6_address=IPv6Address private_ipv4_address=PrivateIPv4Address subnet_id",
        ),
    },
    attributes="id arn=Ref dns_name=DNSName zone_id=CanonicalHostedZoneID name=LoadBalancerName "
    "arn_suffix=LoadBalancerFullName",
    finish=_balancer,
)
_TARGET_GROUP = Mapping(
    "AWS::ElasticLoadBalancingV2::TargetGroup",
    "name port protocol protocol_version target_type vpc_id ip_address_type -name_prefix +stickiness "
    f"-target_failover -target_health_state -target_group_health {' '.join('+' + a for a in _GROUP)}",
    {"health_check": _CHECK},
    attributes="id arn=Ref name=TargetGroupName arn_suffix=TargetGroupFullName",
    finish=_group,
)
_ATTACHMENT = Mapping(
    None,
    "+target_group_arn +target_id +port +availability_zone",
    tags="",
    merge=Merge("target_group_arn", "aws_lb_target_group aws_alb_target_group"),
    finish=_target,
)
_LISTENER = Mapping(
    "AWS::ElasticLoadBalancingV2::Listener",
    "load_balancer_arn port:nonzero protocol ssl_policy -tcp_idle_timeout_seconds",
    {
        "certificate_arn": to("Certificates", _certificate, symbolic=True),
        "alpn_policy": to("AlpnPolicy", lambda value: [value], symbolic=True),
        "default_action": blocks("DefaultActions", _ACTION, _action("text")),
        "mutual_authentication": block(
            "MutualAuthentication", "mode trust_store_arn ignore_client_certificate_expiry:true"
        ),
    },
    attributes="id arn=Ref",
    finish=_actions,
)
_RULE = Mapping(
    "AWS::ElasticLoadBalancingV2::ListenerRule",
    "listener_arn priority",
    {
        "action": blocks("Actions", _ACTION, _action("integer")),
        "condition": blocks("Conditions", "field values", _CONDITION, _conditions),
    },
    attributes="id arn=Ref",
    finish=_actions,
)
_CERTIFICATE = Mapping(
    "AWS::ElasticLoadBalancingV2::ListenerCertificate",
    "listener_arn",
    {"certificate_arn": to("Certificates", _certificate, symbolic=True)},
    tags="",
)

MAPPINGS = {
    "aws_lb": _BALANCER,
    "aws_alb": _BALANCER,
    "aws_lb_target_group": _TARGET_GROUP,
    "aws_alb_target_group": _TARGET_GROUP,
    "aws_lb_target_group_attachment": _ATTACHMENT,
    "aws_alb_target_group_attachment": _ATTACHMENT,
    "aws_lb_listener": _LISTENER,
    "aws_alb_listener": _LISTENER,
    "aws_lb_listener_rule": _RULE,
    "aws_alb_listener_rule": _RULE,
    "aws_lb_listener_certificate": _CERTIFICATE,
    "aws_alb_listener_certificate": _CERTIFICATE,
    "aws_lb_trust_store": Mapping(
        "AWS::ElasticLoadBalancingV2::TrustStore",
        "name ca_certificates_bundle_s3_bucket=CaCertificatesBundleS3Bucket "
        "ca_certificates_bundle_s3_key=CaCertificatesBundleS3Key "
        "ca_certificates_bundle_s3_object_version=CaCertificatesBundleS3ObjectVersion -name_prefix",
        attributes="id arn=Ref",
    ),
}
