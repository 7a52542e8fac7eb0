"""Application Auto Scaling: what scales with load, and by which policy."""

from __future__ import annotations

from archproof.sources.responses._call import ALL, Call, listing
from archproof.sources.responses._item import Item
from archproof.sources.responses._snapshot import Snapshot

KEYS = {"ScalableTargets": "ScalableDimension", "ScalingPolicies": "ScalableDimension"}
LATER = ("ScalingPolicies",)
_TARGET, _POLICY = "AWS::ApplicationAutoScaling::ScalableTarget", "AWS::ApplicationAutoScaling::ScalingPolicy"
_SERVICES = (
    "ecs", "dynamodb", "rds", "lambda", "elasticache", "appstream", "cassandra", "comprehend", "custom-resource",
    "ec2", "elasticmapreduce", "kafka", "neptune", "sagemaker", "workspaces",
)  # fmt: skip
CALLS: tuple[Call, ...] = tuple(
    call
    for service in _SERVICES
    for call in (
        listing("application-autoscaling", "DescribeScalableTargets", "ScalableTargets", _TARGET,
                gives={_TARGET: (ALL, "ScheduledActions")}, parameters={"ServiceNamespace": service}),
        listing("application-autoscaling", "DescribeScalingPolicies", "ScalingPolicies", _POLICY,
                gives={_POLICY: (ALL, "ScalingTargetId")}, parameters={"ServiceNamespace": service}),
    )
)  # fmt: skip


def _target(item: Item, snapshot: Snapshot) -> None:
    props = item.props("ServiceNamespace", "ResourceId", "ScalableDimension", "MinCapacity", "MaxCapacity", "RoleARN",
                       "SuspendedState")  # fmt: skip
    id = _id(item)
    snapshot.add(item, _TARGET, id, props, name=id, call=f"{item.get('ResourceId')} ScalableTarget",
                 attributes={"Id": id} if snapshot.live else None)  # fmt: skip


def _id(item: Item) -> str:
    """What `Ref` returns for a target."""
    return f"{item.get('ResourceId')}|{item.get('ScalableDimension')}|{item.get('ServiceNamespace')}"


def _policy(item: Item, snapshot: Snapshot) -> None:
    props = item.props(
        "PolicyName", "PolicyType", "ServiceNamespace", "ResourceId", "ScalableDimension",
        "TargetTrackingScalingPolicyConfiguration", "StepScalingPolicyConfiguration",
        "PredictiveScalingPolicyConfiguration",
    )  # fmt: skip
    props.set("ScalingTargetId", _id(item))
    arn = item.text("PolicyARN")
    snapshot.add(item, _POLICY, arn, props, ref=arn, arn=arn, name=item.text("PolicyName"))


READERS = {"ScalableTargets": _target, "ScalingPolicies": _policy}
