"""Load balancers of both generations, listeners and their rules, target groups and targets; Auto Scaling."""

from __future__ import annotations

from typing import Any

from archproof.resources.resource import Resource
from archproof.sources.responses._call import ALL, Call, Per, listing
from archproof.sources.responses._item import Item, Props, only
from archproof.sources.responses._snapshot import Snapshot, plain

KEYS = {
    "LoadBalancers": "LoadBalancerArn", "LoadBalancerDescriptions": "LoadBalancerName", "Listeners": "ListenerArn",
    "LoadBalancerListeners": "Listeners", "LoadBalancerAttributes": "LoadBalancerArn", "TargetGroups": "TargetGroupArn",
    "TargetHealthDescriptions": "Target", "LoadBalancerTargetHealth": "TargetHealthDescriptions", "Attributes": "Key",
    "TagDescriptions": "ResourceArn", "LifecycleHooks": "LifecycleHookName", "Rules": "RuleArn",
    "ScheduledUpdateGroupActions": "ScheduledActionARN", "AutoScalingGroups": "AutoScalingGroupARN",
    "LaunchConfigurations": "LaunchConfigurationARN",
    "ScalingPolicies": "PolicyARN", "TargetGroupAttributes": "TargetGroupArn",
}  # fmt: skip
LATER = (
    "Listeners", "LoadBalancerListeners", "LoadBalancerAttributes", "TargetHealthDescriptions", "Rules", "Attributes",
    "TagDescriptions", "LifecycleHooks", "elbv2:DescribeListenerCertificates",
    "LoadBalancerTargetHealth", "ScalingPolicies", "TargetGroupAttributes",
)  # fmt: skip

_V2 = "AWS::ElasticLoadBalancingV2::"
_LOAD_BALANCER = "AWS::ElasticLoadBalancingV2::LoadBalancer"
_TARGET_GROUP = "AWS::ElasticLoadBalancingV2::TargetGroup"

_OF_BALANCER = Per("DescribeLoadBalancers", "LoadBalancers[]", {"LoadBalancerArn": "LoadBalancerArn"})
_OF_LISTENER = Per("DescribeListeners", "Listeners[]", {"ListenerArn": "ListenerArn"})
_OF_GROUP = Per("DescribeTargetGroups", "TargetGroups[]", {"TargetGroupArn": "TargetGroupArn"})
_LISTENER, _LISTENER_RULE = f"{_V2}Listener", f"{_V2}ListenerRule"
_AUTO_SCALING = "AWS::AutoScaling::AutoScalingGroup"


def _tags_of(type: str, per: Per) -> Call:
    arn = next(iter(per.ask.values()))
    each = Per(per.operation, per.each, {"ResourceArns": arn}, batch=20)
    return Call("elbv2", "DescribeTags", "TagDescriptions", gives={type: ("Tags",)}, per=each)


CALLS = (
    listing("elbv2", "DescribeLoadBalancers", "LoadBalancers", _LOAD_BALANCER,
            gives={_LOAD_BALANCER: ("Name", "Scheme", "Type", "IpAddressType", "SecurityGroups", "Subnets",
                                    "SubnetMappings")}),
    Call("elbv2", "DescribeLoadBalancerAttributes", "Attributes", gives={_LOAD_BALANCER: ("LoadBalancerAttributes",)},
         per=_OF_BALANCER),
    listing("elbv2", "DescribeListeners", "Listeners", _LISTENER, per=_OF_BALANCER,
            gives={_LISTENER: ("LoadBalancerArn", "Port", "Protocol", "SslPolicy", "AlpnPolicy", "Certificates",
                               "DefaultActions", "MutualAuthentication")}),
    Call("elbv2", "DescribeListenerAttributes", "Attributes", gives={_LISTENER: ("ListenerAttributes",)},
         per=_OF_LISTENER),
    listing("elbv2", "DescribeListenerCertificates", "Certificates", f"{_V2}ListenerCertificate", per=_OF_LISTENER),
    listing("elbv2", "DescribeRules", "Rules", _LISTENER_RULE, per=_OF_LISTENER,
            gives={_LISTENER_RULE: ("ListenerArn", "Priority", "Conditions", "Actions", "Transforms")}),
    listing("elbv2", "DescribeTargetGroups", "TargetGroups", _TARGET_GROUP, gives={_TARGET_GROUP: (ALL,)}),
    Call("elbv2", "DescribeTargetGroupAttributes", "Attributes", gives={_TARGET_GROUP: ("TargetGroupAttributes",)},
         per=_OF_GROUP),
    Call("elbv2", "DescribeTargetHealth", "TargetHealthDescriptions", gives={_TARGET_GROUP: ("Targets",)},
         per=_OF_GROUP),
    _tags_of(_LOAD_BALANCER, _OF_BALANCER),
    _tags_of(_TARGET_GROUP, _OF_GROUP),
    _tags_of(_LISTENER, _OF_LISTENER),
    _tags_of(_LISTENER_RULE, Per("DescribeRules", "Rules[?!IsDefault]", {"RuleArn": "RuleArn"})),
    listing("elb", "DescribeLoadBalancers", "LoadBalancerDescriptions", "AWS::ElasticLoadBalancing::LoadBalancer",
            gives={"AWS::ElasticLoadBalancing::LoadBalancer": (ALL,)}),
    listing("autoscaling", "DescribeAutoScalingGroups", "AutoScalingGroups", _AUTO_SCALING,
            gives={_AUTO_SCALING: (ALL, "Tags", "VPCZoneIdentifier", "Cooldown")}),
    listing("autoscaling", "DescribeLaunchConfigurations", "LaunchConfigurations",
            "AWS::AutoScaling::LaunchConfiguration", gives={"AWS::AutoScaling::LaunchConfiguration": (ALL,)}),
    listing("autoscaling", "DescribePolicies", "ScalingPolicies", "AWS::AutoScaling::ScalingPolicy",
            gives={"AWS::AutoScaling::ScalingPolicy": (ALL,)}),
    listing("autoscaling", "DescribeLifecycleHooks", "LifecycleHooks", "AWS::AutoScaling::LifecycleHook",
            gives={"AWS::AutoScaling::LifecycleHook": (ALL,)},
            per=Per("DescribeAutoScalingGroups", "AutoScalingGroups[]",
                    {"AutoScalingGroupName": "AutoScalingGroupName"})),
    listing("autoscaling", "DescribeScheduledActions", "ScheduledUpdateGroupActions",
            "AWS::AutoScaling::ScheduledAction", gives={"AWS::AutoScaling::ScheduledAction": (ALL,)}),
)  # fmt: skip


def _load_balancer(item: Item, snapshot: Snapshot) -> None:
    props = item.props("Scheme", "Type", "IpAddressType", "SecurityGroups", Name="LoadBalancerName")
    mappings: list[dict[str, Any]] = []
    for _, zone in item.entries("AvailabilityZones"):
        addresses = [
            a for a in zone.get("LoadBalancerAddresses") or () if isinstance(a, dict) and a.get("AllocationId")
        ]
        mapping = {"SubnetId": zone.get("SubnetId")}
        if addresses:
            mapping["AllocationId"] = addresses[0]["AllocationId"]
        mappings.append(mapping)
    if any("AllocationId" in m for m in mappings) or (snapshot.live and mappings):
        props.set("SubnetMappings", mappings, "AvailabilityZones")
    if mappings and (snapshot.live or "SubnetMappings" not in props.values):
        props.set("Subnets", [m["SubnetId"] for m in mappings], "AvailabilityZones")
    arn = item.text("LoadBalancerArn")
    more = {
        "DNSName": item.text("DNSName"),
        "CanonicalHostedZoneID": item.text("CanonicalHostedZoneId") if snapshot.live else None,
        "LoadBalancerFullName": (arn or "").partition(":loadbalancer/")[2],
    }  # fmt: skip
    snapshot.add(item, _LOAD_BALANCER, arn, props, arn=arn, name=item.text("LoadBalancerName"), attributes=more)


def _classic(item: Item, snapshot: Snapshot) -> None:
    props = item.props("LoadBalancerName", "Scheme", "Subnets", "SecurityGroups", "HealthCheck")
    if not props.values.get("Subnets"):
        props.take("AvailabilityZones", "AvailabilityZones")
    for path, entry in item.entries("ListenerDescriptions"):
        listener = dict(entry.get("Listener") or {})
        if entry.get("PolicyNames"):
            listener["PolicyNames"] = entry["PolicyNames"]
        props.append("Listeners", listener, *path)
    instances = [i.get("InstanceId") for _, i in item.entries("Instances")]
    if instances:
        props.set("Instances", instances, "Instances")
    name = item.text("LoadBalancerName")
    snapshot.add(
        item, "AWS::ElasticLoadBalancing::LoadBalancer", name, props, name=name,
        attributes={"DNSName": item.text("DNSName")},
    )  # fmt: skip


def _listener(item: Item, snapshot: Snapshot) -> None:
    props = item.props("LoadBalancerArn", "Port", "Protocol", "SslPolicy", "AlpnPolicy", "MutualAuthentication")
    certificates = [only(c, "CertificateArn") for _, c in item.entries("Certificates")]
    if certificates:
        props.set("Certificates", certificates, "Certificates")
    for path, action in item.entries("DefaultActions"):
        props.append("DefaultActions", _action(action), *path)
    arn = item.text("ListenerArn")
    balancer = snapshot.find(_LOAD_BALANCER, item.text("LoadBalancerArn"))
    of = balancer.logical_id if balancer else "LoadBalancer"
    snapshot.add(
        item, "AWS::ElasticLoadBalancingV2::Listener", arn, props, arn=arn,
        call=f"{of} {item.get('Protocol', '')} {item.get('Port', '')} Listener",
    )  # fmt: skip


def _action(action: dict[str, Any]) -> dict[str, Any]:
    """An action; where one group is named, without the list of groups that says the same again."""
    groups = (action.get("ForwardConfig") or {}).get("TargetGroups") or []
    if action.get("TargetGroupArn") and len(groups) < 2:
        return {k: v for k, v in action.items() if k != "ForwardConfig"}
    return {k: v for k, v in action.items() if k != "TargetGroupArn" or not groups}


def _rule(item: Item, snapshot: Snapshot) -> None:
    if item.get("IsDefault") is True:  # the listener says it as its default actions
        return
    props = Props(item)
    for path, condition in item.entries("Conditions"):
        config = any(k.endswith("Config") for k in condition)
        said = {k: v for k, v in condition.items() if v not in ([], None) and not (config and k == "Values")}
        props.append("Conditions", said, *path)
    for path, action in item.entries("Actions"):
        props.append("Actions", _action(action), *path)
    props.take("Transforms", "Transforms")
    arn = item.text("RuleArn")
    listener = (arn or "").replace(":listener-rule/", ":listener/").rpartition("/")[0]
    props.set("ListenerArn", listener, "RuleArn")
    priority = str(item.get("Priority"))
    props.set("Priority", int(priority) if priority.isdigit() else priority, "Priority")
    found = snapshot.find("AWS::ElasticLoadBalancingV2::Listener", listener)
    snapshot.add(
        item, "AWS::ElasticLoadBalancingV2::ListenerRule", arn, props, arn=arn,
        call=f"{found.logical_id if found else 'Listener'} Rule {priority}",
    )  # fmt: skip


def _target_group(item: Item, snapshot: Snapshot) -> None:
    props = item.props(
        "Port", "Protocol", "ProtocolVersion", "VpcId", "TargetType", "IpAddressType", "HealthCheckEnabled",
        "HealthCheckIntervalSeconds", "HealthCheckPath", "HealthCheckPort", "HealthCheckProtocol",
        "HealthCheckTimeoutSeconds", "HealthyThresholdCount", "UnhealthyThresholdCount", "Matcher",
        Name="TargetGroupName",
    )  # fmt: skip
    arn = item.text("TargetGroupArn")
    more = {"TargetGroupFullName": "targetgroup/" + (arn or "").partition(":targetgroup/")[2]}
    snapshot.add(item, _TARGET_GROUP, arn, props, arn=arn, name=item.text("TargetGroupName"), attributes=more)


def _target(item: Item, snapshot: Snapshot) -> None:
    """A target of a group; the group is told by the response around it or by the file's name."""
    group = snapshot.find(_TARGET_GROUP, item.around.get("TargetGroupArn"))
    group = group or snapshot.told_by_path(item, _TARGET_GROUP) or _only(snapshot, _TARGET_GROUP)
    if group is None:
        snapshot.unreadable(item, "whose target it is stands in no field: name the file after the target group")
        return
    target = only(item.get("Target"), "Id", "Port", "AvailabilityZone")
    if isinstance(target, dict) and target.get("Id"):
        snapshot.append(group, "Targets", target, item, "Target")


def _only(snapshot: Snapshot, type: str) -> Resource | None:
    found = snapshot.resources.of_type(type)
    return found[0] if len(found) == 1 else None


def _target_health(item: Item, snapshot: Snapshot) -> None:
    for entry in item.each("TargetHealthDescriptions"):
        _target(entry, snapshot)


def _listeners(item: Item, snapshot: Snapshot) -> None:
    for entry in item.each("Listeners"):
        _listener(entry, snapshot)


def _attributes(item: Item, snapshot: Snapshot) -> None:
    """Attributes of a load balancer or of a target group, with its ARN beside them."""
    for type, name, arn in (
        (_LOAD_BALANCER, "LoadBalancerAttributes", "LoadBalancerArn"),
        (_TARGET_GROUP, "TargetGroupAttributes", "TargetGroupArn"),
    ):
        found = snapshot.find(type, item.text(arn))
        if found is not None:
            props = Props(item)
            props.take(name, "Attributes")
            snapshot.extend(found, item, props)


def _attribute(item: Item, snapshot: Snapshot) -> None:
    """One attribute of `describe-load-balancer-attributes`, which does not say whose it is."""
    key = str(item.get("Key"))
    for type, name in (
        (_TARGET_GROUP, "TargetGroupAttributes"), (_LOAD_BALANCER, "LoadBalancerAttributes"),
        (_LISTENER, "ListenerAttributes"),
    ):  # fmt: skip
        found = snapshot.told_by_path(item, type)
        if found is not None:
            if item.get("Value") or (snapshot.live and item.get("Value") is not None):
                snapshot.append(found, name, only(item.value, "Key", "Value"), item)
            return
    snapshot.unreadable(item, f"whose attribute {key} is stands in no field: name the file after the load balancer")


def _tags(item: Item, snapshot: Snapshot) -> None:
    """Tags of one of several things that were asked about."""
    for type in (_LOAD_BALANCER, _TARGET_GROUP, _LISTENER, _LISTENER_RULE):
        found = snapshot.find(type, item.text("ResourceArn"))
        if found is not None:
            props = Props(item)
            props.tags()
            snapshot.extend(found, item, props)


def _listener_certificate(item: Item, snapshot: Snapshot) -> None:
    """A further certificate of a listener; its first one the listener itself says."""
    listener = item.asked.get("ListenerArn")
    if item.get("IsDefault") is True or not isinstance(listener, str):
        return
    props = Props(item)
    props.set("ListenerArn", listener)
    props.set("Certificates", [{"CertificateArn": item.get("CertificateArn")}], "CertificateArn")
    snapshot.add(item, f"{_V2}ListenerCertificate", f"{listener}|{item.get('CertificateArn')}", props)


def _scheduled(item: Item, snapshot: Snapshot) -> None:
    props = item.props("AutoScalingGroupName", "MinSize", "MaxSize", "DesiredCapacity", "Recurrence", "StartTime",
                       "EndTime", "TimeZone")  # fmt: skip
    arn = item.text("ScheduledActionARN")
    snapshot.add(item, "AWS::AutoScaling::ScheduledAction", arn, props, ref=item.text("ScheduledActionName"))


def _group(item: Item, snapshot: Snapshot) -> None:
    props = item.props(
        "AutoScalingGroupName",
        "LaunchConfigurationName",
        "LaunchTemplate",
        "MixedInstancesPolicy",
        "LoadBalancerNames",
        "TargetGroupARNs",
        "HealthCheckType",
        "HealthCheckGracePeriod",
        "NewInstancesProtectedFromScaleIn",
        "TerminationPolicies",
        "CapacityRebalance",
        "MaxInstanceLifetime",
    )
    for key in ("MinSize", "MaxSize", "DesiredCapacity"):
        if item.get(key) is not None:
            props.set(key, str(item.get(key)), key)
    if item.get("DefaultCooldown") is not None:
        props.set("Cooldown", str(item.get("DefaultCooldown")), "DefaultCooldown")
    subnets = [s.strip() for s in str(item.get("VPCZoneIdentifier") or "").split(",") if s.strip()]
    if subnets:
        props.set("VPCZoneIdentifier", subnets, "VPCZoneIdentifier")
    else:
        props.take("AvailabilityZones", "AvailabilityZones")
    template = props.values.get("LaunchTemplate")
    if isinstance(template, dict) and template.get("LaunchTemplateId"):
        props.values["LaunchTemplate"] = {k: v for k, v in template.items() if k != "LaunchTemplateName"}
    tags = [only(t, "Key", "Value", "PropagateAtLaunch") for _, t in item.entries("Tags")]
    if tags:
        props.set("Tags", [t for t in tags if not str(t.get("Key")).startswith("aws:")], "Tags")
    name = item.text("AutoScalingGroupName")
    snapshot.add(item, _AUTO_SCALING, name, props, name=name)


def _launch_configuration(item: Item, props: Props) -> None:
    if item.get("InstanceMonitoring.Enabled") is not None:
        props.set("InstanceMonitoring", item.get("InstanceMonitoring.Enabled"), "InstanceMonitoring", "Enabled")


READERS = {
    "TagDescriptions": _tags,
    "elbv2:DescribeListenerCertificates": _listener_certificate,
    "ScheduledUpdateGroupActions": _scheduled,
    "LifecycleHooks": plain(
        "AWS::AutoScaling::LifecycleHook", "LifecycleHookName", "LifecycleHookName", "AutoScalingGroupName",
        "LifecycleTransition", "NotificationTargetARN", "RoleARN", "NotificationMetadata", "HeartbeatTimeout",
        "DefaultResult",
    ),
    "LoadBalancers": _load_balancer,
    "LoadBalancerDescriptions": _classic,
    "Listeners": _listener,
    "LoadBalancerListeners": _listeners,
    "LoadBalancerAttributes": _attributes,
    "TargetGroupAttributes": _attributes,
    "Attributes": _attribute,
    "Rules": _rule,
    "TargetGroups": _target_group,
    "TargetHealthDescriptions": _target,
    "LoadBalancerTargetHealth": _target_health,
    "AutoScalingGroups": _group,
    "LaunchConfigurations": plain(
        "AWS::AutoScaling::LaunchConfiguration", "LaunchConfigurationName", "LaunchConfigurationName", "ImageId",
        "KeyName", "SecurityGroups", "InstanceType", "IamInstanceProfile", "EbsOptimized", "AssociatePublicIpAddress",
        "BlockDeviceMappings", "MetadataOptions", "SpotPrice", name="LaunchConfigurationName",
        also=_launch_configuration,
    ),
    "ScalingPolicies": plain(
        "AWS::AutoScaling::ScalingPolicy", "PolicyARN", "AutoScalingGroupName", "PolicyType", "AdjustmentType",
        "ScalingAdjustment", "StepAdjustments", "TargetTrackingConfiguration", "EstimatedInstanceWarmup",
        ref="PolicyARN", name="PolicyName",
    ),
}  # fmt: skip
