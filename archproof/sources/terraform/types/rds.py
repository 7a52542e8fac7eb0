"""RDS: instances, clusters and their members, subnet and parameter groups, proxies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archproof.sources.terraform.made import forget, is_absent
from archproof.sources.terraform.mapping import Mapping, Merge, block, blocks, to

if TYPE_CHECKING:
    from archproof.sources.terraform.item import Item
    from archproof.sources.terraform.made import Made
    from archproof.sources.terraform.translation import Translation

TYPES = (
    "aws_db_instance", "aws_rds_cluster", "aws_rds_cluster_instance", "aws_db_subnet_group", "aws_db_parameter_group",
    "aws_rds_cluster_parameter_group", "aws_db_option_group", "aws_db_proxy", "aws_db_proxy_default_target_group",
    "aws_db_proxy_target", "aws_db_proxy_endpoint", "aws_db_event_subscription", "aws_rds_global_cluster",
    "aws_db_instance_role_association", "aws_rds_cluster_role_association", "aws_rds_cluster_endpoint",
    "aws_db_snapshot", "aws_db_cluster_snapshot", "aws_db_instance_automated_backups_replication",
)  # fmt: skip


def _kept(made: Made) -> None:
    """Terraform destroys with a last snapshot, or without one where it is told to."""
    skipped = made.item.values.get("skip_final_snapshot")
    given = made.item.given
    if skipped is None and not made.item.sparse and (given is None or "skip_final_snapshot" not in given):
        return
    policy = "Delete" if skipped is True else "Snapshot"
    made.resource.attributes.setdefault("DeletionPolicy", policy)
    made.resource.attributes.setdefault("UpdateReplacePolicy", policy)


def _chosen(made: Made, *names: str) -> None:
    """What AWS chose, which a state tells, is nothing that was said."""
    if made.item.given is None:
        for name in names:
            forget(made.resource, (name,))


def _instance(made: Made) -> None:
    _kept(made)
    _chosen(made, "AvailabilityZone", "CACertificateIdentifier")
    if made.resource.get("StorageType") in ("gp2", "standard"):
        for name in ("Iops", "StorageThroughput"):
            forget(made.resource, (name,))
    if made.resource.has("SourceDBInstanceIdentifier"):  # a replica has what its source has
        for name in ("MasterUsername", "MasterUserPassword", "DBName", "BackupRetentionPeriod"):
            if name != "BackupRetentionPeriod" or not made.resource.get(name):
                forget(made.resource, (name,))
    if made.resource.get("ManageMasterUserPassword") is True:
        forget(made.resource, ("MasterUserPassword",))


def _cluster(made: Made) -> None:
    _kept(made)
    _chosen(made, "AvailabilityZones")
    if made.resource.get("ManageMasterUserPassword") is True:
        forget(made.resource, ("MasterUserPassword",))


def _member(made: Made) -> None:
    """What belongs to the cluster is not said of its members in CloudFormation."""
    _chosen(made, "AvailabilityZone", "CACertificateIdentifier", "PreferredBackupWindow")
    made.resource.attributes.setdefault("DeletionPolicy", "Delete")


def _described(name: str) -> Any:
    def finish(made: Made) -> None:
        if not made.resource.has(name):
            made.set(name, "Managed by Terraform", "description")
        if made.resource.type == "AWS::RDS::DBClusterParameterGroup" and not made.resource.has("Parameters"):
            made.resource.properties["Parameters"] = {}

    return finish


def _parameters(value: Any) -> Any:
    if not isinstance(value, list):
        return None
    return {p["name"]: p.get("value") for p in value if isinstance(p, dict) and isinstance(p.get("name"), str)}


def _options(made: Made) -> None:
    if made.resource.has("OptionConfigurations"):
        return
    made.resource.properties.setdefault("OptionConfigurations", [])


def _of_proxy(translation: Translation, item: Item) -> Made | None:
    """The default target group of the same proxy."""
    proxy = repr(translation.resolve(item.values.get("db_proxy_name"), item, ("db_proxy_name",)))
    for made in translation.made.values():
        if made.item.type == "aws_db_proxy_default_target_group" and repr(made.value("db_proxy_name")) == proxy:
            return made
    return None


def _target(made: Made) -> None:
    for argument, path in (("db_instance_identifier", "DBInstanceIdentifiers"),
                           ("db_cluster_identifier", "DBClusterIdentifiers")):  # fmt: skip
        if (found := made.value(argument)) is not None:
            made.add(path, found, argument)
    if not made.resource.has("TargetGroupName"):
        made.set("TargetGroupName", made.value("target_group_name") or "default", "target_group_name")
    if not made.resource.has("DBProxyName"):
        made.set("DBProxyName", made.value("db_proxy_name"), "db_proxy_name")


def _default_group(made: Made) -> None:
    made.set("TargetGroupName", "default", "name")


def _role(made: Made) -> None:
    entry = {"FeatureName": made.value("feature_name"), "RoleArn": made.value("role_arn")}
    entry = {k: v for k, v in entry.items() if not is_absent(v)}
    if entry not in made.resource.get("AssociatedRoles", default=[]):
        made.add("AssociatedRoles", entry, "role_arn")


_COMMON = (
    "allow_major_version_upgrade:true backup_retention_period copy_tags_to_snapshot "
    "db_subnet_group_name=DBSubnetGroupName deletion_protection domain domain_iam_role_name=DomainIAMRoleName "
    "enabled_cloudwatch_logs_exports=EnableCloudwatchLogsExports engine engine_version engine_lifecycle_support "
    "iam_database_authentication_enabled=EnableIAMDatabaseAuthentication iops:nonzero kms_key_id "
    "manage_master_user_password:true master_user_secret_kms_key_id=MasterUserSecret.KmsKeyId network_type "
    "port:nonzero "
    "storage_encrypted storage_type database_insights_mode "
    "+skip_final_snapshot -final_snapshot_identifier -apply_immediately -master_user_secret"
)
_INSIGHTS = (
    "performance_insights_enabled=EnablePerformanceInsights "
    "performance_insights_kms_key_id=PerformanceInsightsKMSKeyId "
    "performance_insights_retention_period:nonzero monitoring_interval monitoring_role_arn"
)

MAPPINGS = {
    "aws_db_instance": Mapping(
        "AWS::RDS::DBInstance",
        f"{_COMMON} {_INSIGHTS} identifier=DBInstanceIdentifier allocated_storage:text auto_minor_version_upgrade "
        "availability_zone backup_target ca_cert_identifier=CACertificateIdentifier character_set_name "
        "custom_iam_instance_profile=CustomIAMInstanceProfile db_name=DBName name=DBName dedicated_log_volume:true "
        "delete_automated_backups instance_class=DBInstanceClass license_model max_allocated_storage:nonzero "
        "multi_az=MultiAZ nchar_character_set_name option_group_name parameter_group_name=DBParameterGroupName "
        "password=MasterUserPassword backup_window=PreferredBackupWindow "
        "maintenance_window=PreferredMaintenanceWindow publicly_accessible replica_mode "
        "replicate_source_db=SourceDBInstanceIdentifier snapshot_identifier=DBSnapshotIdentifier "
        "storage_throughput:nonzero timezone username=MasterUsername vpc_security_group_ids=VPCSecurityGroups "
        "security_group_names=DBSecurityGroups -identifier_prefix -blue_green_update -upgrade_storage_config "
        "-s3_import -restore_to_point_in_time -password_wo_version",
        defaults={"publicly_accessible": False},
        secret="password password_wo",
        attributes="id=Ref identifier=Ref arn=DBInstanceArn address=Endpoint.Address port=Endpoint.Port "
        "endpoint=sub:${.Endpoint.Address}:${.Endpoint.Port} resource_id=DbiResourceId "
        "hosted_zone_id=Endpoint.HostedZoneId",
        finish=_instance,
    ),
    "aws_rds_cluster": Mapping(
        "AWS::RDS::DBCluster",
        f"{_COMMON.replace('allow_major_version_upgrade:true', '-allow_major_version_upgrade')} "
        "allocated_storage:nonzero availability_zones backtrack_window:nonzero "
        "cluster_identifier=DBClusterIdentifier database_name db_cluster_instance_class=DBClusterInstanceClass "
        "db_cluster_parameter_group_name=DBClusterParameterGroupName "
        "db_instance_parameter_group_name=DBInstanceParameterGroupName db_system_id=DBSystemId "
        "delete_automated_backups enable_http_endpoint:true enable_global_write_forwarding:true "
        "enable_local_write_forwarding:true engine_mode global_cluster_identifier master_password=MasterUserPassword "
        "master_username preferred_backup_window preferred_maintenance_window "
        "replication_source_identifier snapshot_identifier source_region vpc_security_group_ids "
        "performance_insights_enabled:true performance_insights_kms_key_id "
        "performance_insights_retention_period:nonzero "
        "monitoring_interval:nonzero monitoring_role_arn cluster_scalability_type -cluster_identifier_prefix "
        "-cluster_members -s3_import -restore_to_point_in_time -ca_certificate_identifier -master_password_wo_version",
        {
            "iam_roles": to("AssociatedRoles", lambda v: [{"RoleArn": r} for r in v] if isinstance(v, list) else v),
            "scaling_configuration": block(
                "ScalingConfiguration",
                "auto_pause max_capacity min_capacity seconds_until_auto_pause timeout_action seconds_before_timeout",
            ),
            "serverlessv2_scaling_configuration": block(
                "ServerlessV2ScalingConfiguration", "max_capacity min_capacity seconds_until_auto_pause"
            ),
        },
        secret="master_password master_password_wo",
        attributes="id=Ref cluster_identifier=Ref arn=DBClusterArn endpoint=Endpoint.Address port=Endpoint.Port "
        "reader_endpoint=ReadEndpoint.Address cluster_resource_id=DBClusterResourceId",
        finish=_cluster,
    ),
    "aws_rds_cluster_instance": Mapping(
        "AWS::RDS::DBInstance",
        f"{_INSIGHTS} identifier=DBInstanceIdentifier cluster_identifier=DBClusterIdentifier engine engine_version "
        "instance_class=DBInstanceClass publicly_accessible db_subnet_group_name=DBSubnetGroupName "
        "db_parameter_group_name=DBParameterGroupName auto_minor_version_upgrade availability_zone "
        "ca_cert_identifier=CACertificateIdentifier copy_tags_to_snapshot:true promotion_tier:nonzero "
        "preferred_maintenance_window custom_iam_instance_profile=CustomIAMInstanceProfile "
        "-preferred_backup_window -identifier_prefix -apply_immediately -force_destroy",
        attributes="id=Ref identifier=Ref arn=DBInstanceArn endpoint=Endpoint.Address port=Endpoint.Port",
        finish=_member,
    ),
    "aws_db_subnet_group": Mapping(
        "AWS::RDS::DBSubnetGroup",
        "name=DBSubnetGroupName description=DBSubnetGroupDescription subnet_ids -name_prefix",
        attributes="id=Ref name=Ref arn=DBSubnetGroupArn",
        finish=_described("DBSubnetGroupDescription"),
    ),
    "aws_db_parameter_group": Mapping(
        "AWS::RDS::DBParameterGroup",
        "name=DBParameterGroupName description family -name_prefix -skip_destroy",
        {"parameter": to("Parameters", _parameters)},
        attributes="id=Ref name=Ref arn=DBParameterGroupArn",
        finish=_described("Description"),
    ),
    "aws_rds_cluster_parameter_group": Mapping(
        "AWS::RDS::DBClusterParameterGroup",
        "name=DBClusterParameterGroupName description family -name_prefix",
        {"parameter": to("Parameters", _parameters)},
        attributes="id=Ref name=Ref",
        finish=_described("Description"),
    ),
    "aws_db_option_group": Mapping(
        "AWS::RDS::OptionGroup",
        "name=OptionGroupName option_group_description engine_name major_engine_version -name_prefix -skip_destroy",
        {
            "option": blocks(
                "OptionConfigurations",
                "option_name port:nonzero version=OptionVersion "
                "db_security_group_memberships=DBSecurityGroupMemberships "
                "vpc_security_group_memberships",
                {"option_settings": blocks("OptionSettings", "name value")},
            )
        },
        attributes="id=Ref name=Ref",
        finish=_options,
    ),
    "aws_db_proxy": Mapping(
        "AWS::RDS::DBProxy",
        "name=DBProxyName debug_logging:true engine_family idle_client_timeout require_tls=RequireTLS role_arn "
        "vpc_security_group_ids vpc_subnet_ids default_auth_scheme",
        {
            "auth": blocks(
                "Auth", "auth_scheme description iam_auth=IAMAuth secret_arn client_password_auth_type -username"
            )
        },
        attributes="id=Ref name=Ref arn=DBProxyArn endpoint=Endpoint",
        finish=None,
    ),
    "aws_db_proxy_default_target_group": Mapping(
        "AWS::RDS::DBProxyTargetGroup",
        "db_proxy_name=DBProxyName",
        {
            "connection_pool_config": block(
                "ConnectionPoolConfigurationInfo",
                "connection_borrow_timeout init_query max_connections_percent max_idle_connections_percent "
                "session_pinning_filters",
            )
        },
        tags="",
        attributes="id=Ref arn=Ref name=TargetGroupName",
        finish=_default_group,
    ),
    "aws_db_proxy_target": Mapping(
        "AWS::RDS::DBProxyTargetGroup",
        "+db_proxy_name +target_group_name +db_instance_identifier +db_cluster_identifier",
        tags="",
        merge=Merge("db_proxy_name", "aws_db_proxy_default_target_group", _of_proxy),
        finish=_target,
    ),
    "aws_db_proxy_endpoint": Mapping(
        "AWS::RDS::DBProxyEndpoint",
        "db_proxy_name=DBProxyName db_proxy_endpoint_name=DBProxyEndpointName target_role vpc_security_group_ids "
        "vpc_subnet_ids",
        attributes="id=Ref db_proxy_endpoint_name=Ref arn=DBProxyEndpointArn endpoint=Endpoint",
    ),
    "aws_db_event_subscription": Mapping(
        "AWS::RDS::EventSubscription",
        "name=SubscriptionName enabled event_categories sns_topic=SnsTopicArn source_ids source_type -name_prefix",
        attributes="id=Ref name=Ref",
        wants={"sns_topic": "arn"},
    ),
    "aws_rds_global_cluster": Mapping(
        "AWS::RDS::GlobalCluster",
        "global_cluster_identifier engine engine_version deletion_protection storage_encrypted "
        "source_db_cluster_identifier=SourceDBClusterIdentifier engine_lifecycle_support -database_name -force_destroy",
        attributes="id=Ref global_cluster_identifier=Ref",
    ),
    "aws_db_instance_role_association": Mapping(
        None,
        "+db_instance_identifier +feature_name +role_arn",
        tags="",
        merge=Merge("db_instance_identifier", "aws_db_instance"),
        finish=_role,
    ),
    "aws_rds_cluster_role_association": Mapping(
        None,
        "+db_cluster_identifier +feature_name +role_arn",
        tags="",
        merge=Merge("db_cluster_identifier", "aws_rds_cluster"),
        finish=_role,
    ),
    "aws_rds_cluster_endpoint": Mapping(None),
    "aws_db_snapshot": Mapping(None, why="a snapshot, which no CloudFormation type makes"),
    "aws_db_cluster_snapshot": Mapping(None, why="a snapshot, which no CloudFormation type makes"),
    "aws_db_instance_automated_backups_replication": Mapping(None),
}
