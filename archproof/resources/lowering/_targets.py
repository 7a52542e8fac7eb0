"""Target groups: how a load balancer reaches a component, and how that component finds its target groups."""

from __future__ import annotations

from typing import Any

from archproof.model.base import Component
from archproof.model.kinds.load_balancing import (
    ApplicationLoadBalancer,
    HealthCheck,
    Listener,
    LoadBalancer,
    NetworkLoadBalancer,
)  # fmt: skip
from archproof.resources.lowering._context import Lowering, logical_id

TYPE = "AWS::ElasticLoadBalancingV2::TargetGroup"
ELB = "elasticloadbalancing.amazonaws.com"
_TYPES = {
    "ecs_service": "ip", "ec2_instance": "instance", "auto_scaling_group": "instance", "lambda": "lambda", "alb": "alb",
}  # fmt: skip


def suffix(target: str) -> str:
    """What the logical id of a load balancer's target group for a component ends in."""
    return logical_id(target, "TargetGroup")


def group(name: str, target: str, ctx: Lowering) -> dict[str, Any]:
    """`Ref` to the target group through which the load balancer `name` reaches a component."""
    return ctx.ref(target) if ctx.component(target).kind == "target_group" else ctx.ref(name, suffix(target))


def lower(name: str, balancer: LoadBalancer, target: str, ctx: Lowering) -> None:
    """Make the target group of a load balancer for one component."""
    component = ctx.component(target)
    if component.kind == "target_group":
        return
    kind = _TYPES.get(component.kind, "ip")
    web = isinstance(balancer, ApplicationLoadBalancer)
    protocol = _protocol(balancer)
    port = port_of_target(balancer, component, ctx)
    properties: dict[str, Any] = {
        "TargetType": kind,
        "Tags": ctx.tags(name),
        **health(balancer.health_check, http=web or component.kind == "alb", function=kind == "lambda"),
    }
    depends: list[str] = []
    if kind != "lambda":
        properties |= {"Port": port, "Protocol": protocol, "VpcId": ctx.vpc(name)}
        properties["TargetGroupAttributes"] = attributes(balancer, component)
    if targets := registered(target, port, ctx, depends):
        properties["Targets"] = targets
    ctx.add(
        name,
        TYPE,
        properties,
        suffix=suffix(target),
        origins={
            "Port": "target_port",
            "Targets": "to",
            "HealthCheckPath": "health_check.path",
            "HealthCheckIntervalSeconds": "health_check.interval_s",
            "HealthCheckTimeoutSeconds": "health_check.timeout_s",
            "HealthyThresholdCount": "health_check.healthy",
            "UnhealthyThresholdCount": "health_check.unhealthy",
            "HealthCheckPort": "health_check.port",
            "HealthCheckProtocol": "health_check.protocol",
            "Matcher": "health_check.codes",
            "TargetGroupAttributes": "deregistration_delay_s",
        },
        attributes={"DependsOn": depends} if depends else None,
    )


def _protocol(balancer: LoadBalancer) -> str:
    if isinstance(balancer, ApplicationLoadBalancer):
        return "HTTPS" if balancer.target_tls else "HTTP"
    # TLS ends at the load balancer unless it is said to pass through
    said = balancer.protocol if isinstance(balancer, NetworkLoadBalancer) else None
    return {"udp": "UDP", "tcp_udp": "TCP_UDP"}.get(said or "", "TCP")


def port_of_target(balancer: LoadBalancer, component: Component, ctx: Lowering) -> int:
    """The port on which a target is reached: what the balancer says, what the target listens on, or HTTP's."""
    from archproof.model.kinds._ports import port_of

    found = component.listens(ctx.architecture)
    return balancer.target_port or (found[0] if found else port_of("http"))


def attributes(said: Any, component: Component | None) -> list[dict[str, str]] | None:
    """The attributes of a target group as the list that CloudFormation takes."""
    result: dict[str, str] = {}
    if said.deregistration_delay_s is not None:
        result["deregistration_delay.timeout_seconds"] = str(said.deregistration_delay_s)
    if getattr(said, "stickiness_s", None):
        result |= {
            "stickiness.enabled": "true",
            "stickiness.type": "lb_cookie",
            "stickiness.lb_cookie.duration_seconds": str(said.stickiness_s),
        }
    preserve = getattr(said, "preserve_client_ip", None)
    if preserve is not None and not (component and component.kind == "alb"):
        result["preserve_client_ip.enabled"] = str(preserve).lower()
    return [{"Key": key, "Value": value} for key, value in result.items()] or None


def health(check: HealthCheck | None, *, http: bool, function: bool = False) -> dict[str, Any]:
    """The properties of a health check."""
    said = check or HealthCheck()
    web = http or said.protocol in ("http", "https") or said.path is not None
    return {
        "HealthCheckEnabled": True,
        "HealthCheckPath": (said.path or "/") if web else None,
        "HealthCheckPort": str(said.port) if said.port else None,
        "HealthCheckProtocol": said.protocol.upper() if said.protocol and not function else None,
        "HealthCheckIntervalSeconds": said.interval_s,
        "HealthCheckTimeoutSeconds": said.timeout_s,
        "HealthyThresholdCount": said.healthy,
        "UnhealthyThresholdCount": said.unhealthy,
        "Matcher": {"HttpCode": said.codes} if said.codes else None,
    }


def registered(target: str, port: int, ctx: Lowering, depends: list[str]) -> list[dict[str, Any]] | None:
    """What is registered by name; services and scaling groups register their own."""
    kind = ctx.component(target).kind
    if kind == "ec2_instance":
        return [{"Id": ctx.ref(target), "Port": port}]
    if kind == "alb":
        depends.append(ctx.id(target, "Listener"))
        return [{"Id": ctx.ref(target), "Port": port}]
    if kind == "lambda":
        depends.append(_permission(target, ctx))
        return [{"Id": ctx.arn(target)}]
    return None


def _permission(function: str, ctx: Lowering) -> str:
    """Let target groups of this account invoke a function: before its registration, so none is named."""
    logical = ctx.id(function, "LoadBalancerPermission")
    if logical not in ctx.resources:
        any_group = "arn:${AWS::Partition}:elasticloadbalancing:${AWS::Region}:${AWS::AccountId}:targetgroup/*"
        ctx.add(
            function,
            "AWS::Lambda::Permission",
            {
                "FunctionName": ctx.att(function, "Arn"),
                "Action": "lambda:InvokeFunction",
                "Principal": ELB,
                "SourceArn": {"Fn::Sub": any_group},
            },
            suffix="LoadBalancerPermission",
            implied=True,
        )
    return logical


def attachments(target: str, ctx: Lowering) -> list[tuple[dict[str, Any], list[str]]]:
    """The target groups that a component is registered in, each with the listeners that must exist before."""
    found: dict[str, tuple[dict[str, Any], list[str]]] = {}
    for link in ctx.architecture.links_to.get(target, ()):
        if link.verb.verb != "forward" or not link.implied:
            continue
        source = ctx.component(link.source)
        if isinstance(source, LoadBalancer):
            ref = ctx.ref(link.source, suffix(target))
            found[ref["Ref"]] = (ref, [ctx.id(link.source, "Listener")])
        elif source.kind == "target_group":
            ref = ctx.ref(link.source)
            found[ref["Ref"]] = (ref, _before(link.source, ctx))
    return list(found.values())


def _before(group_name: str, ctx: Lowering) -> list[str]:
    """The listeners that lead to a target group of the model."""
    result: list[str] = []
    for link in ctx.architecture.links_to.get(group_name, ()):
        source = ctx.component(link.source)
        if link.implied and isinstance(source, LoadBalancer):
            result.append(ctx.id(link.source, "Listener"))
        elif link.implied and isinstance(source, Listener):
            result.append(ctx.id(link.source))
    return list(dict.fromkeys(result))
