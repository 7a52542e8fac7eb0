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


def read(resources: Resources, fabric: Fabric) -> None:
    """Add load balancers and target groups to `fabric`."""
    for resource in resources.of_type("AWS::ElasticLoadBalancingV2::TargetGroup"):
        fabric.target_groups[resource.logical_id] = _target_group(resources, resource)
    _registered(resources, fabric)
    rules = resources.of_type("AWS::ElasticLoadBalancingV2::ListenerRule")
    for resource in resources.of_type(BALANCER):
        balancer = LoadBalancer(
            resource.logical_id, resource, _KINDS.get(known(resources, resource.get("Type")), "application")
        )
        balancer.cross_zone = True if balancer.kind == "application" else _cross_zone(resources, resource)
        for listener in resources.of_type("AWS::ElasticLoadBalancingV2::Listener"):
            if name_of(resources, listener.get("LoadBalancerArn")) == resource.logical_id:
                own = [r for r in rules if name_of(resources, r.get("ListenerArn")) == listener.logical_id]
                balancer.listeners.append(_listener(resources, listener, own))
        fabric.balancers[resource.logical_id] = balancer
    for resource in resources.of_type(CLASSIC):
        fabric.balancers[resource.logical_id] = _classic(resources, resource, fabric)


def _number(resources: Resources, value: Any) -> int | None:
    found = known(resources, value)
    try:
        return int(found)
    except (TypeError, ValueError):
        return None


def _listener(resources: Resources, listener: Resource, rules: list[Resource]) -> Listener:
    groups: dict[str, None] = {}
    for holder, key in ((listener, "DefaultActions"), *((r, "Actions") for r in rules)):
        for action in items(resources, holder.get(key)) or ():
            groups.update(dict.fromkeys(_forwards(resources, action)))
    protocol = known(resources, listener.get("Protocol"))
    word = protocol.lower() if isinstance(protocol, str) else "tcp"
    transport = "udp" if word == "udp" else "tcp"
    return Listener(listener, _number(resources, listener.get("Port")), transport, tuple(groups))


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
    protocol = known(resources, resource.get("Protocol"))
    owners: list[str] = []
    ports: dict[str, int] = {}
    sure = True
    for target in items(resources, resource.get("Targets")) or ():
        id = name_of(resources, target.get("Id")) if isinstance(target, dict) else None
        if id is None:
            sure = False
            continue
        owners.append(id)
        port = _number(resources, target.get("Port"))
        if port is not None:
            ports[id] = port
    return TargetGroup(
        resource.logical_id, resource, _number(resources, resource.get("Port")),
        "udp" if str(protocol).lower() == "udp" else "tcp", tuple(dict.fromkeys(owners)), ports,
        _preserves(resources, resource, str(protocol).lower()), sure,
    )  # fmt: skip


def _preserves(resources: Resources, group: Resource, protocol: str) -> bool | None:
    """Whether a network load balancer keeps the client's address: for instances, and for UDP, unless told otherwise."""
    if protocol not in ("tcp", "tls", "udp", "tcp_udp"):
        return False
    for entry in items(resources, group.get("TargetGroupAttributes")) or ():
        if isinstance(entry, dict) and entry.get("Key") == "preserve_client_ip.enabled":
            value = known(resources, entry.get("Value"))
            return None if value is UNKNOWN else str(value).lower() == "true"
    kind = known(resources, group.get("TargetType"))
    return None if kind is UNKNOWN else kind in (None, "instance") or protocol in ("udp", "tcp_udp")


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
            held.ports[owner] = port


def _cross_zone(resources: Resources, resource: Resource) -> bool | None:
    """Whether a network load balancer sends to other zones than its own; off where nothing is said."""
    for entry in items(resources, resource.get("LoadBalancerAttributes")) or ():
        if isinstance(entry, dict) and entry.get("Key") == "load_balancing.cross_zone.enabled":
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
