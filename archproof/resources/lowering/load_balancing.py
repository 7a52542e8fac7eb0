"""Elastic Load Balancing: load balancers with their listeners, rules and target groups."""

from __future__ import annotations

from typing import Any

from archproof.model.kinds.load_balancing import (
    ApplicationLoadBalancer,
    Listener,
    LoadBalancer,
    NetworkLoadBalancer,
    TargetGroup,
    nlb_port,
)  # fmt: skip
from archproof.resources.lowering import _targets
from archproof.resources.lowering._context import Lowering

KINDS = ("alb", "nlb", "listener", "target_group")

_LISTENER = "AWS::ElasticLoadBalancingV2::Listener"
_LOG_WRITERS = {
    "application": "logdelivery.elasticloadbalancing.amazonaws.com",
    "network": "delivery.logs.amazonaws.com",
}
Settings = dict[str, tuple[Any, str]]


def lower_alb(name: str, balancer: ApplicationLoadBalancer, ctx: Lowering) -> None:
    """The load balancer, its target groups, its listeners and rules, its web ACL."""
    settings: Settings = {
        "routing.http.drop_invalid_header_fields.enabled": (balancer.drop_invalid_headers, "drop_invalid_headers"),
        "idle_timeout.timeout_seconds": (balancer.idle_timeout_s, "idle_timeout_s"),
    }
    _balancer(name, balancer, "application", settings, ctx)
    for target in dict.fromkeys([*balancer.to, *balancer.routes.values()]):
        _targets.lower(name, balancer, target, ctx)
    if balancer.to:
        _alb_listeners(name, balancer, ctx)
    if balancer.waf:
        ctx.add(
            name,
            "AWS::WAFv2::WebACLAssociation",
            {
                "ResourceArn": ctx.ref(name),
                # a web ACL that exists already has its ARN alone
                "WebACLArn": getattr(ctx.component(balancer.waf), "arn", None) or ctx.arn(balancer.waf),
            },
            suffix="WebAclAssociation",
            origins={"WebACLArn": "waf"},
        )


def lower_nlb(name: str, balancer: NetworkLoadBalancer, ctx: Lowering) -> None:
    """The load balancer, its target group and its listener."""
    settings = {"load_balancing.cross_zone.enabled": (balancer.cross_zone, "cross_zone")}
    _balancer(name, balancer, "network", settings, ctx)
    for target in balancer.to:
        _targets.lower(name, balancer, target, ctx)
        protocol = (balancer.protocol or ("tls" if balancer.certificate else "tcp")).upper()
        ctx.add(
            name,
            _LISTENER,
            {
                "LoadBalancerArn": ctx.ref(name),
                "Port": nlb_port(balancer, ctx.architecture),
                "Protocol": protocol,
                **(_tls(balancer, ctx) if protocol == "TLS" else {}),
                "DefaultActions": [{"Type": "forward", "TargetGroupArn": _targets.group(name, target, ctx)}],
            },
            suffix="Listener",
            origins=_TLS_ORIGINS | {"DefaultActions": "to", "Protocol": "protocol"},
        )


def _balancer(name: str, balancer: LoadBalancer, type: str, settings: Settings, ctx: Lowering) -> None:
    """The load balancer itself; every attribute points at the field that says it."""
    settings = {"deletion_protection.enabled": (balancer.deletion_protection, "deletion_protection"), **settings}
    depends = None
    if balancer.access_logs:
        settings |= {
            "access_logs.s3.enabled": (True, "access_logs"),
            "access_logs.s3.bucket": (ctx.ref(balancer.access_logs), "access_logs"),
        }
        if balancer.log_prefix:
            settings["access_logs.s3.prefix"] = (balancer.log_prefix, "log_prefix")
        depends = _log_bucket(balancer, type, ctx)
    kept = {key: (value, field) for key, (value, field) in settings.items() if value is not None}
    resource = ctx.add(
        name,
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        {
            "Name": ctx.name(name),
            "Type": type,
            "Scheme": "internal" if balancer.internal else "internet-facing",
            "Subnets": ctx.subnets(name),
            "SecurityGroups": ctx.groups(name) or None,
            "LoadBalancerAttributes": [{"Key": key, "Value": _text(value)} for key, (value, _) in kept.items()],
            "Tags": ctx.tags(name),
        },
        origins={
            "Name": "physical_name",
            "Scheme": "internal",
            "Subnets": "in.subnets",
            "SecurityGroups": "in.security_groups",
        },
        attributes={"DependsOn": depends} if depends else None,
    )
    for position, (_, field) in enumerate(kept.values()):
        resource.origins[("LoadBalancerAttributes", position)] = (field,)


def _text(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else str(value) if isinstance(value, int) else value


def _log_bucket(balancer: LoadBalancer, type: str, ctx: Lowering) -> list[str] | None:
    """Let the service write its logs into the bucket, and wait for the policy that says so."""
    from archproof.resources.lowering.resource_policies import add_statement

    bucket = balancer.access_logs
    assert bucket is not None
    if ctx.component(bucket).kind != "s3_bucket":
        return None
    path = f"/{balancer.log_prefix}/AWSLogs/" if balancer.log_prefix else "/AWSLogs/"
    add_statement(
        ctx,
        bucket,
        {
            "Effect": "Allow",
            "Principal": {"Service": _LOG_WRITERS[type]},
            "Action": "s3:PutObject",
            "Resource": {"Fn::Sub": "${" + ctx.id(bucket) + ".Arn}" + path + "${AWS::AccountId}/*"},
        },
    )
    if type == "network":
        add_statement(
            ctx,
            bucket,
            {
                "Effect": "Allow",
                "Principal": {"Service": _LOG_WRITERS[type]},
                "Action": "s3:GetBucketAcl",
                "Resource": ctx.arn(bucket),
            },
        )
    return [ctx.id(bucket, "Policy")]


_TLS_ORIGINS = {"Certificates": "certificate", "SslPolicy": "tls_policy", "Port": "port"}


def _tls(said: LoadBalancer | Listener, ctx: Lowering) -> dict[str, Any]:
    first = said.certificate[:1]
    return {"SslPolicy": said.tls_policy, "Certificates": [{"CertificateArn": ctx.arn(c)} for c in first]}


def _more_certificates(name: str, said: LoadBalancer | Listener, listener: dict[str, Any], ctx: Lowering) -> None:
    """A listener itself takes one certificate; the others are a resource of their own."""
    if len(said.certificate) > 1:
        ctx.add(
            name,
            "AWS::ElasticLoadBalancingV2::ListenerCertificate",
            {"ListenerArn": listener, "Certificates": [{"CertificateArn": ctx.arn(c)} for c in said.certificate[1:]]},
            suffix="Certificates",
            origins={"Certificates": "certificate"},
        )


def _alb_listeners(name: str, balancer: ApplicationLoadBalancer, ctx: Lowering) -> None:
    from archproof.model.kinds._ports import port_of

    secure = bool(balancer.certificate)
    port = balancer.port or port_of("https" if secure else "http")
    ctx.add(
        name,
        _LISTENER,
        {
            "LoadBalancerArn": ctx.ref(name),
            "Port": port,
            "Protocol": "HTTPS" if secure else "HTTP",
            **(_tls(balancer, ctx) if secure else {}),
            "DefaultActions": [_forward(name, balancer.to, ctx)],
        },
        suffix="Listener",
        origins=_TLS_ORIGINS | {"DefaultActions": "to", "Protocol": "certificate" if secure else "http"},
    )
    _more_certificates(name, balancer, ctx.ref(name, "Listener"), ctx)
    if secure and balancer.redirect_http and port != port_of("http"):
        ctx.add(
            name,
            _LISTENER,
            {
                "LoadBalancerArn": ctx.ref(name),
                "Port": port_of("http"),
                "Protocol": "HTTP",
                "DefaultActions": [_redirect(port)],
            },
            suffix="RedirectListener",
            origins={"DefaultActions": "redirect_http", "Port": "redirect_http", "Protocol": "redirect_http"},
        )
    for position, (pattern, target) in enumerate(balancer.routes.items(), 1):
        field = "path-pattern" if pattern.startswith("/") else "host-header"
        key = "PathPatternConfig" if pattern.startswith("/") else "HostHeaderConfig"
        ctx.add(
            name,
            "AWS::ElasticLoadBalancingV2::ListenerRule",
            {
                "ListenerArn": ctx.ref(name, "Listener"),
                "Priority": position,
                "Conditions": [{"Field": field, key: {"Values": [pattern]}}],
                "Actions": [_forward(name, [target], ctx)],
            },
            suffix=f"Rule{position}",
        ).origins[()] = ("routes", pattern)


def _forward(name: str, targets: list[str], ctx: Lowering) -> dict[str, Any]:
    """The action that forwards to one target group, or to several evenly."""
    groups = [_targets.group(name, target, ctx) for target in targets]
    if len(groups) == 1:
        return {"Type": "forward", "TargetGroupArn": groups[0]}
    shares = [{"TargetGroupArn": group, "Weight": 1} for group in groups]
    return {"Type": "forward", "ForwardConfig": {"TargetGroups": shares}}


def _redirect(port: int) -> dict[str, Any]:
    config = {"Protocol": "HTTPS", "Port": str(port), "StatusCode": "HTTP_301"}
    return {"Type": "redirect", "RedirectConfig": config}


def lower_listener(name: str, listener: Listener, ctx: Lowering) -> None:
    """A listener written out, with its rules."""
    from archproof.model.kinds._ports import port_of

    if listener.redirect_to_https:
        action = _redirect(port_of("https"))
    elif listener.to:
        action = _forward(name, [listener.to], ctx)
    else:
        answer = {"StatusCode": str(listener.fixed_status), "ContentType": "text/plain"}
        action = {"Type": "fixed-response", "FixedResponseConfig": answer}
    ctx.add(
        name,
        _LISTENER,
        {
            "LoadBalancerArn": ctx.ref(listener.load_balancer),
            "Port": listener.port,
            "Protocol": listener.protocol.upper(),
            **(_tls(listener, ctx) if listener.certificate else {}),
            "DefaultActions": [action],
        },
        origins=_TLS_ORIGINS
        | {"DefaultActions": "to", "Protocol": "protocol", "Port": "port", "LoadBalancerArn": "load_balancer"},
    )
    _more_certificates(name, listener, ctx.ref(name), ctx)
    for position, rule in enumerate(listener.rules, 1):
        conditions: list[dict[str, Any]] = []
        if rule.path:
            conditions.append({"Field": "path-pattern", "PathPatternConfig": {"Values": rule.path}})
        if rule.host:
            conditions.append({"Field": "host-header", "HostHeaderConfig": {"Values": rule.host}})
        ctx.add(
            name,
            "AWS::ElasticLoadBalancingV2::ListenerRule",
            {
                "ListenerArn": ctx.ref(name),
                "Priority": position,
                "Conditions": conditions,
                "Actions": [_forward(name, [rule.to], ctx)],
            },
            suffix=f"Rule{position}",
        ).origins[()] = ("rules", position - 1)


def lower_target_group(name: str, group: TargetGroup, ctx: Lowering) -> None:
    """A target group written out."""
    depends: list[str] = []
    targets = [t for target in group.to for t in _targets.registered(target, group.port, ctx, depends) or ()]
    function = group.target_type == "lambda"
    ctx.add(
        name,
        _targets.TYPE,
        {
            "Name": ctx.name(name),
            "TargetType": group.target_type,
            "Port": None if function else group.port,
            "Protocol": None if function else group.protocol.upper(),
            "VpcId": None if function else _vpc(name, ctx),
            "Targets": targets or None,
            "TargetGroupAttributes": _targets.attributes(group, None),
            **_targets.health(group.health_check, http=group.protocol in ("http", "https"), function=function),
            "Tags": ctx.tags(name),
        },
        origins={
            "Name": "physical_name",
            "TargetType": "target_type",
            "Port": "port",
            "Protocol": "protocol",
            "VpcId": "in",
            "Targets": "to",
            "HealthCheckPath": "health_check",
            "TargetGroupAttributes": "deregistration_delay_s",
        },
        attributes={"DependsOn": depends} if depends else None,
    )


def _vpc(name: str, ctx: Lowering) -> dict[str, Any] | None:
    """The VPC that the group says, that of its first target, or that of a load balancer before it."""
    group = ctx.component(name)
    assert isinstance(group, TargetGroup)
    before = [link.source for link in ctx.architecture.links_to.get(name, ())]
    balancers = [getattr(ctx.component(source), "load_balancer", source) for source in before]
    for candidate in ([name] if group.in_ else []) + group.to + balancers:
        if found := ctx.vpc(candidate):
            return found
    return ctx.vpc(name)
