"""EC2 Auto Scaling: groups, launch configurations, policies, schedules, hooks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archproof.resources.resource import is_symbolic
from archproof.sources.terraform import convert
from archproof.sources.terraform.made import forget, is_absent
from archproof.sources.terraform.mapping import Mapping, Merge, Rule, block, blocks, to
from archproof.sources.terraform.types.ec2 import block_devices, user_data

if TYPE_CHECKING:
    from archproof.sources.terraform.made import Made

TYPES = (
    "aws_autoscaling_group", "aws_launch_configuration", "aws_autoscaling_policy", "aws_autoscaling_schedule",
    "aws_autoscaling_lifecycle_hook", "aws_autoscaling_attachment", "aws_autoscaling_notification",
    "aws_autoscaling_group_tag", "aws_autoscaling_traffic_source_attachment",
)  # fmt: skip


def _group(made: Made) -> None:
    """Tags tell whether instances get them; the latest version of a template is an attribute of it."""
    for argument in ("tag", "tags"):
        entries = made.item.values.get(argument)
        for position, said in enumerate(entries if isinstance(entries, list) else []):
            if not isinstance(said, dict):
                continue
            launch = said.get("propagate_at_launch")
            entry = {
                "Key": made.value(argument, position, "key"),
                "Value": made.value(argument, position, "value") or "",
                "PropagateAtLaunch": convert.flag(launch) if not isinstance(launch, bool) else launch,
            }
            made.add("Tags", entry, argument, position)
    metrics = made.value("enabled_metrics")
    if metrics is not None:
        granularity = made.value("metrics_granularity") or "1Minute"
        made.add("MetricsCollection", {"Granularity": granularity, "Metrics": metrics}, "enabled_metrics")
    if made.resource.has("VPCZoneIdentifier"):  # a state tells the zones of the subnets
        forget(made.resource, ("AvailabilityZones",))
    for path in (("LaunchTemplate",), ("MixedInstancesPolicy", "LaunchTemplate", "LaunchTemplateSpecification")):
        _version(made, path)


def _version(made: Made, path: tuple[str, ...]) -> None:
    """CloudFormation takes no `$Latest`, and either the id or the name of a template."""
    said = made.resource.get(*path)
    if not isinstance(said, dict) or is_symbolic(said):
        return
    if "LaunchTemplateId" in said:
        said.pop("LaunchTemplateName", None)
    template = made.translation.resources.target(said.get("LaunchTemplateId"))
    wanted = said.get("Version", "$Default")
    attribute = {"$Latest": "LatestVersionNumber", "$Default": "DefaultVersionNumber"}.get(str(wanted))
    if attribute and template is not None:
        said["Version"] = {"Fn::GetAtt": [template.logical_id, attribute]}
    else:
        said.setdefault("Version", "$Default")


def _configuration(made: Made) -> None:
    block_devices(made)
    encoded = made.value("user_data_base64")
    if encoded is not None and not made.resource.has("UserData"):
        made.set("UserData", encoded, "user_data_base64")


def _attachment(made: Made) -> None:
    for argument, path in (("elb", "LoadBalancerNames"), ("alb_target_group_arn", "TargetGroupARNs"),
                           ("lb_target_group_arn", "TargetGroupARNs")):  # fmt: skip
        value = made.value(argument)
        if value is not None and value not in (made.resource.get(path) or []):
            made.add(path, value, argument)


def _notification(made: Made) -> None:
    names = made.value("group_names")
    for position, name in enumerate(names if isinstance(names, list) else []):
        for holder in [m for m in made.translation.made.values() if m.item.type == "aws_autoscaling_group"]:
            if name in (holder.ref("name"), holder.item.values.get("name")):
                entry = {"TopicARN": made.value("topic_arn"), "NotificationTypes": made.value("notifications")}
                made.on(holder).add("NotificationConfigurations", entry, "group_names", position)


def _tag(made: Made) -> None:
    entry = {
        "Key": made.value("tag", 0, "key"),
        "Value": made.value("tag", 0, "value") or "",
        "PropagateAtLaunch": made.item.literal("tag", 0, "propagate_at_launch") is True,
    }
    if not is_absent(entry["Key"]):
        made.add("Tags", entry, "tag", 0)


_METADATA = block("MetadataOptions", "http_endpoint http_tokens http_put_response_hop_limit:nonzero")
_SPECIFICATION = "launch_template_id launch_template_name version"
_OVERRIDE: dict[str, Rule] = {
    "launch_template_specification": block("LaunchTemplateSpecification", _SPECIFICATION),
}
_MIXED = block(
    "MixedInstancesPolicy",
    table={
        "instances_distribution": block(
            "InstancesDistribution",
            "on_demand_allocation_strategy on_demand_base_capacity on_demand_percentage_above_base_capacity "
            "spot_allocation_strategy spot_instance_pools:nonzero spot_max_price",
        ),
        "launch_template": block(
            "LaunchTemplate",
            table={
                "launch_template_specification": block("LaunchTemplateSpecification", _SPECIFICATION),
                "override": blocks("Overrides", "instance_type weighted_capacity", _OVERRIDE),
            },
        ),
    },
)
_DIMENSIONS = blocks("Dimensions", "name value")
_TRACKING = block(
    "TargetTrackingConfiguration",
    "target_value disable_scale_in:true",
    {
        "predefined_metric_specification": block(
            "PredefinedMetricSpecification", "predefined_metric_type resource_label"
        ),
        "customized_metric_specification": block(
            "CustomizedMetricSpecification",
            "metric_name namespace statistic unit",
            {
                "metric_dimension": _DIMENSIONS,
                "metrics": blocks(
                    "Metrics",
                    "expression id label return_data",
                    {
                        "metric_stat": block(
                            "MetricStat",
                            "stat unit",
                            {"metric": block("Metric", "metric_name namespace", {"dimensions": _DIMENSIONS})},
                        )
                    },
                ),
            },
        ),
    },
)


def _schedule(value: Any) -> Any:
    return None if value == -1 else value


MAPPINGS = {
    "aws_autoscaling_group": Mapping(
        "AWS::AutoScaling::AutoScalingGroup",
        "name=AutoScalingGroupName availability_zones capacity_rebalance:true default_cooldown=Cooldown:text "
        "default_instance_warmup:nonzero desired_capacity:text desired_capacity_type health_check_grace_period "
        "health_check_type launch_configuration=LaunchConfigurationName load_balancers=LoadBalancerNames "
        "max_instance_lifetime:nonzero max_size:text min_size:text placement_group "
        "protect_from_scale_in=NewInstancesProtectedFromScaleIn:true service_linked_role_arn=ServiceLinkedRoleARN "
        "target_group_arns=TargetGroupARNs termination_policies vpc_zone_identifier=VPCZoneIdentifier "
        "-name_prefix -force_delete -min_elb_capacity -wait_for_capacity_timeout -wait_for_elb_capacity +tag +tags "
        "+enabled_metrics +metrics_granularity -suspended_processes -instance_refresh -force_delete_warm_pool "
        "-ignore_failed_scaling_activities -warm_pool -predicted_capacity -warm_pool_size",
        {
            "launch_template": block("LaunchTemplate", "id=LaunchTemplateId name=LaunchTemplateName version"),
            "mixed_instances_policy": _MIXED,
            "initial_lifecycle_hook": blocks(
                "LifecycleHookSpecificationList",
                "name=LifecycleHookName default_result heartbeat_timeout:nonzero lifecycle_transition "
                "notification_metadata notification_target_arn=NotificationTargetARN role_arn=RoleARN",
            ),
            "instance_maintenance_policy": block(
                "InstanceMaintenancePolicy", "max_healthy_percentage min_healthy_percentage"
            ),
            "traffic_source": blocks("TrafficSources", "identifier type"),
        },
        tags="",
        attributes="id=Ref name=Ref arn=AutoScalingGroupARN",
        wants={"target_group_arns": "arn"},
        finish=_group,
    ),
    "aws_launch_configuration": Mapping(
        "AWS::AutoScaling::LaunchConfiguration",
        "name=LaunchConfigurationName associate_public_ip_address ebs_optimized:true iam_instance_profile image_id "
        "instance_type key_name enable_monitoring=InstanceMonitoring placement_tenancy security_groups spot_price "
        "-name_prefix +user_data_base64 +root_block_device +ebs_block_device +ephemeral_block_device",
        {"metadata_options": _METADATA, "user_data": to("UserData", user_data, symbolic=True)},
        tags="",
        attributes="id=Ref name=Ref",
        finish=_configuration,
    ),
    "aws_autoscaling_policy": Mapping(
        "AWS::AutoScaling::ScalingPolicy",
        "adjustment_type autoscaling_group_name=AutoScalingGroupName estimated_instance_warmup:nonzero "
        "metric_aggregation_type "
        "min_adjustment_magnitude:nonzero policy_type -name -enabled -predictive_scaling_configuration",
        {
            "cooldown": to("Cooldown", lambda value: str(value) if value else None),
            "scaling_adjustment": to("ScalingAdjustment", convert.nonzero),
            "step_adjustment": blocks(
                "StepAdjustments",
                "scaling_adjustment metric_interval_lower_bound:number metric_interval_upper_bound:number",
            ),
            "target_tracking_configuration": _TRACKING,
        },
        tags="",
        attributes="id=Ref arn=Ref name=PolicyName",
    ),
    "aws_autoscaling_schedule": Mapping(
        "AWS::AutoScaling::ScheduledAction",
        "autoscaling_group_name=AutoScalingGroupName end_time recurrence start_time time_zone -scheduled_action_name",
        {
            a: to(p, _schedule)
            for a, p in (("desired_capacity", "DesiredCapacity"), ("max_size", "MaxSize"), ("min_size", "MinSize"))
        },
        tags="",
        attributes="id scheduled_action_name=ScheduledActionName",
    ),
    "aws_autoscaling_lifecycle_hook": Mapping(
        "AWS::AutoScaling::LifecycleHook",
        "autoscaling_group_name=AutoScalingGroupName name=LifecycleHookName default_result heartbeat_timeout:nonzero "
        "lifecycle_transition "
        "notification_metadata notification_target_arn=NotificationTargetARN role_arn=RoleARN",
        tags="",
    ),
    "aws_autoscaling_attachment": Mapping(
        None,
        "+autoscaling_group_name +elb +alb_target_group_arn +lb_target_group_arn",
        tags="",
        merge=Merge("autoscaling_group_name", "aws_autoscaling_group"),
        finish=_attachment,
    ),
    "aws_autoscaling_traffic_source_attachment": Mapping(
        None,
        "+autoscaling_group_name",
        {"traffic_source": blocks("TrafficSources", "identifier type")},
        tags="",
        merge=Merge("autoscaling_group_name", "aws_autoscaling_group"),
    ),
    "aws_autoscaling_notification": Mapping(
        None,
        "+group_names +notifications +topic_arn",
        tags="",
        merge=Merge("group_names", "aws_autoscaling_group"),
        finish=_notification,
    ),
    "aws_autoscaling_group_tag": Mapping(
        None,
        "+autoscaling_group_name +tag",
        tags="",
        merge=Merge("autoscaling_group_name", "aws_autoscaling_group"),
        finish=_tag,
    ),
}
