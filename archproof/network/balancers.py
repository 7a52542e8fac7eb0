"""Reading load balancers: listeners, the target groups behind them, and who their targets are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from archproof.network.fabric import Fabric, Listener, LoadBalancer, TargetGroup
from archproof.network.owners import BALANCER, CLASSIC
from archproof.resources.resource import Resource, Resources
from archproof.resources.values import UNKNOWN, items, known, name_of

_KINDS: dict[Any, Literal["application", "network", "gateway", "classic"]] = {
    "application": "application", "network": "network", "gateway": "gateway", None: "application",
}  # fmt: skip
_CROSS_ZONE = "load_balancing.cross_zone.enabled"


def read(resources: Resources, fabric: Fabric) -> None:
    """Add load balancers and target groups to `fabric`."""
    for resource in resources.of_type("AWS::ElasticLoadBalancingV2::TargetGroup"):
        held = fabric.target_groups[resource.logical_id] = _target_group(resources, resource)
        held.known = held.known and not {"TargetHealthDescriptions", "LoadBalancerTargetHealth"} <= fabric.absent
    _registered(resources, fabric)
    rules = resources.of_type("AWS::ElasticLoadBalancingV2::ListenerRule")
    for resource in resources.of_type(BALANCER):
        balancer = LoadBalancer(
            resource.logical_id, resource, _KINDS.get(known(resources, resource.get("Type")), "application")
        )
        balancer.filters_private = (
            known(resources, resource.get("EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic")) != "off"
        )
        balancer.cross_zone = True if balancer.kind == "application" else _cross_zone(resources, resource)
        for listener in resources.of_type("AWS::ElasticLoadBalancingV2::Listener"):
            owner = name_of(resources, listener.get("LoadBalancerArn"))
            if owner == resource.logical_id:
                own = [r for r in rules if name_of(resources, r.get("ListenerArn")) == listener.logical_id]
                balancer.listeners += _listeners(resources, listener, own)
            balancer.complete = balancer.complete and owner is not None
        balancer.complete = balancer.complete and not {"Listeners", "LoadBalancerListeners"} <= fabric.absent
        fabric.balancers[resource.logical_id] = balancer
    _shared(resources, fabric)
    for resource in resources.of_type(CLASSIC):
        fabric.balancers[resource.logical_id] = _classic(resources, resource, fabric)


def _number(resources: Resources, value: Any) -> int | None:
    found = known(resources, value)
    try:
        return int(found)
    except (TypeError, ValueError):
        return None


_TRANSPORTS = {"udp": ("udp",), "tcp_udp": ("tcp", "udp"), "quic": ("udp",), "tcp_quic": ("tcp", "udp")}
"""What listeners and target groups take whose protocol is not carried by TCP alone."""


def _listeners(resources: Resources, listener: Resource, rules: list[Resource]) -> list[Listener]:
    """A listener, once for each protocol of the network that it takes."""
    groups: dict[str, None] = {}
    for holder, key in ((listener, "DefaultActions"), *((r, "Actions") for r in rules)):
        for action in items(resources, holder.get(key)) or ():
            groups.update(dict.fromkeys(_forwards(resources, action)))
    protocol = known(resources, listener.get("Protocol"))
    carried = _TRANSPORTS.get(protocol.lower(), ("tcp",)) if isinstance(protocol, str) else ("tcp",)
    return [Listener(listener, _number(resources, listener.get("Port")), word, tuple(groups)) for word in carried]


def _shared(resources: Resources, fabric: Fabric) -> None:
    """Services of PrivateLink: the endpoints that lead to a network load balancer from other VPCs."""
    services = {s.logical_id: s for s in resources.of_type("AWS::EC2::VPCEndpointService")}
    for endpoint in fabric.endpoints.values():
        if endpoint.kind != "interface":
            continue
        for service in resources.targets(endpoint.resource.get("ServiceName")):
            held = services.get(service.logical_id)
            for value in items(resources, held.get("NetworkLoadBalancerArns")) or () if held is not None else ():
                balancer = fabric.balancers.get(name_of(resources, value) or "")
                if balancer is not None:
                    balancer.endpoints.append(endpoint.id)


def _forwards(resources: Resources, action: Any) -> Iterator[str]:
    """The target groups that an action forwards to."""
    if not isinstance(action, dict):
        return
    said = [action.get("TargetGroupArn")]
    config = action.get("ForwardConfig")
    if isinstance(config, dict) and isinstance(config.get("TargetGroups"), list):
        said += [g.get("TargetGroupArn") for g in config["TargetGroups"] if isinstance(g, dict)]
    for value in said:
        found = name_of(resources, value) if value is not None else None
        if found is not None:
            yield found


def _target_group(resources: Resources, resource: Resource) -> TargetGroup:
    protocol = str(known(resources, resource.get("Protocol"))).lower()
    owners: list[str] = []
    ports: dict[str, tuple[int, ...]] = {}
    said = items(resources, resource.get("Targets"))
    sure = said is not None
    for target in said or ():
        id = name_of(resources, target.get("Id")) if isinstance(target, dict) else None
        if id is None:
            sure = False
            continue
        owners.append(id)
        port = _number(resources, target.get("Port"))
        if port is not None:
            ports[id] = (*ports.get(id, ()), port)
    kind = known(resources, resource.get("TargetType"))
    return TargetGroup(
        resource.logical_id, resource, _number(resources, resource.get("Port")),
        "udp" if protocol == "udp" else "tcp", tuple(dict.fromkeys(owners)), ports,
        _preserves(resources, resource, protocol), sure, None if kind is UNKNOWN else kind or "instance",
        name_of(resources, resource.get("VpcId")),
        known(resources, resource.get("IpAddressType")) == "ipv6", _group_zones(resources, resource),
    )  # fmt: skip


def _group_zones(resources: Resources, group: Resource) -> bool | Literal["inherited"] | None:
    """What a target group says of other zones, which goes before what its balancer says."""
    for entry in items(resources, group.get("TargetGroupAttributes")) or ():
        if isinstance(entry, dict) and entry.get("Key") == _CROSS_ZONE:
            value = known(resources, entry.get("Value"))
            if value is UNKNOWN:
                return None
            if str(value).lower() in ("true", "false"):
                return str(value).lower() == "true"
    return "inherited"


def _preserves(resources: Resources, group: Resource, protocol: str) -> bool | None:
    """Whether a network load balancer keeps the client's address: always for UDP and for another balancer, else as
    told, and for instances where nothing is."""
    if protocol not in ("tcp", "tls", *_TRANSPORTS):
        return False
    kind = known(resources, group.get("TargetType"))
    if protocol in _TRANSPORTS or kind == "alb":
        return True
    for entry in items(resources, group.get("TargetGroupAttributes")) or ():
        if isinstance(entry, dict) and entry.get("Key") == "preserve_client_ip.enabled":
            value = known(resources, entry.get("Value"))
            return None if value is UNKNOWN else str(value).lower() == "true"
    return None if kind is UNKNOWN else kind in (None, "instance")


def _registered(resources: Resources, fabric: Fabric) -> None:
    """Targets that register themselves: services of ECS and Auto Scaling groups."""
    for service in resources.of_type("AWS::ECS::Service"):
        for entry in items(resources, service.get("LoadBalancers")) or ():
            if isinstance(entry, dict):
                port = _number(resources, entry.get("ContainerPort"))
                _add(fabric, name_of(resources, entry.get("TargetGroupArn")), service.logical_id, port)
    for group in resources.of_type("AWS::AutoScaling::AutoScalingGroup"):
        for value in items(resources, group.get("TargetGroupARNs")) or ():
            _add(fabric, name_of(resources, value), group.logical_id, None)


def _add(fabric: Fabric, group: str | None, owner: str, port: int | None) -> None:
    held = fabric.target_groups.get(group or "")
    if held is not None:
        held.owners = (*held.owners, owner) if owner not in held.owners else held.owners
        if port is not None:
            held.ports[owner] = (*held.ports.get(owner, ()), port)


def _cross_zone(resources: Resources, resource: Resource) -> bool | None:
    """Whether a network load balancer sends to other zones than its own; off where nothing is said."""
    for entry in items(resources, resource.get("LoadBalancerAttributes")) or ():
        if isinstance(entry, dict) and entry.get("Key") == _CROSS_ZONE:
            value = known(resources, entry.get("Value"))
            return None if value is UNKNOWN else str(value).lower() == "true"
    return False


def _classic(resources: Resources, resource: Resource, fabric: Fabric) -> LoadBalancer:
    """A classic load balancer: every listener has its own port of the same instances."""
    instances = [name_of(resources, i) for i in items(resources, resource.get("Instances")) or ()]
    owners = [i for i in instances if i is not None]
    owners += [
        g.logical_id for g in resources.of_type("AWS::AutoScaling::AutoScalingGroup")
        if resource.logical_id in [name_of(resources, n) for n in items(resources, g.get("LoadBalancerNames")) or ()]
    ]  # fmt: skip
    said = known(resources, resource.get("CrossZone"))
    balancer = LoadBalancer(resource.logical_id, resource, "classic", cross_zone=said in (True, "true"))
    for position, entry in enumerate(items(resources, resource.get("Listeners")) or ()):
        if not isinstance(entry, dict):
            continue
        id = f"{resource.logical_id}:{position}"
        port = _number(resources, entry.get("InstancePort"))
        fabric.target_groups[id] = TargetGroup(id, resource, port, "tcp", tuple(owners))
        balancer.listeners.append(Listener(resource, _number(resources, entry.get("LoadBalancerPort")), "tcp", (id,)))
    return balancer
