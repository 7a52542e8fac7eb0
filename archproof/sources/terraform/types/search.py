"""OpenSearch, MSK, MQ, Kafka Connect."""

from __future__ import annotations

from typing import Any

from archproof.sources.terraform.mapping import Mapping, Merge, block, blocks, to

TYPES = (
    "aws_opensearch_domain", "aws_opensearch_domain_policy", "aws_elasticsearch_domain",
    "aws_opensearchserverless_collection", "aws_opensearchserverless_security_policy",
    "aws_opensearchserverless_access_policy", "aws_opensearchserverless_vpc_endpoint", "aws_msk_cluster",
    "aws_msk_serverless_cluster", "aws_msk_configuration", "aws_msk_cluster_policy", "aws_msk_replicator",
    "aws_mskconnect_custom_plugin", "aws_mq_broker", "aws_mq_configuration",
)  # fmt: skip


def _log_types(value: Any) -> Any:
    """Logs by their type."""
    if not isinstance(value, list):
        return value
    return {
        str(said.get("log_type")): {
            "CloudWatchLogsLogGroupArn": said.get("cloudwatch_log_group_arn"),
            "Enabled": said.get("enabled") is not False,
        }
        for said in value
    }


def _base64(value: Any) -> Any:
    return {"Fn::Base64": value}


MAPPINGS = {
    "aws_opensearch_domain": Mapping(
        "AWS::OpenSearchService::Domain",
        "domain_name access_policies:json advanced_options "
        "-auto_tune_options engine_version ip_address_type=IPAddressType",
        {
            "advanced_security_options": block(
                "AdvancedSecurityOptions",
                "enabled anonymous_auth_enabled internal_user_database_enabled",
                {
                    "master_user_options": block(
                        "MasterUserOptions", "master_user_arn=MasterUserARN master_user_name master_user_password"
                    )
                },
            ),
            "aiml_options": block("AIMLOptions", "", {"s3_vectors_engine": block("S3VectorsEngine", "enabled")}),
            "cluster_config": block(
                "ClusterConfig",
                "dedicated_master_count dedicated_master_enabled "
                "dedicated_master_type instance_count instance_type "
                "multi_az_with_standby_enabled=MultiAZWithStandbyEnabled "
                "warm_count warm_enabled warm_type zone_awareness_enabled",
                {
                    "cold_storage_options": block("ColdStorageOptions", "enabled"),
                    "node_options": blocks(
                        "NodeOptions", "node_type", {"node_config": block("NodeConfig", "count enabled type")}
                    ),
                    "zone_awareness_config": block("ZoneAwarenessConfig", "availability_zone_count"),
                },
            ),
            "cognito_options": block("CognitoOptions", "identity_pool_id role_arn user_pool_id enabled"),
            "domain_endpoint_options": block(
                "DomainEndpointOptions",
                "custom_endpoint custom_endpoint_certificate_arn "
                "custom_endpoint_enabled enforce_https=EnforceHTTPS "
                "tls_security_policy=TLSSecurityPolicy",
            ),
            "ebs_options": block("EBSOptions", "ebs_enabled=EBSEnabled iops throughput volume_size volume_type"),
            "encrypt_at_rest": block("EncryptionAtRestOptions", "enabled kms_key_id"),
            "identity_center_options": block(
                "IdentityCenterOptions",
                "enabled_api_access=EnabledAPIAccess "
                "identity_center_instance_arn=IdentityCenterInstanceARN "
                "roles_key subject_key",
            ),
            "log_publishing_options": to("LogPublishingOptions", _log_types),
            "node_to_node_encryption": block("NodeToNodeEncryptionOptions", "enabled"),
            "off_peak_window_options": block(
                "OffPeakWindowOptions",
                "enabled",
                {
                    "off_peak_window": block(
                        "OffPeakWindow", "", {"window_start_time": block("WindowStartTime", "hours minutes")}
                    )
                },
            ),
            "snapshot_options": block("SnapshotOptions", "automated_snapshot_start_hour"),
            "software_update_options": block("SoftwareUpdateOptions", "auto_software_update_enabled"),
            "vpc_options": block("VPCOptions", "security_group_ids subnet_ids"),
        },
        attributes="id=Ref arn=Arn endpoint=DomainEndpoint domain_name=Ref",
        secret="advanced_security_options.master_user_options.master_user_password",
    ),
    "aws_opensearch_domain_policy": Mapping(
        None,
        "access_policies:json -domain_name",
        attributes="id",
        tags="",
        merge=Merge("domain_name", "aws_opensearch_domain"),
    ),
    "aws_elasticsearch_domain": Mapping(
        "AWS::Elasticsearch::Domain",
        "domain_name access_policies:json advanced_options -auto_tune_options elasticsearch_version",
        {
            "advanced_security_options": block(
                "AdvancedSecurityOptions",
                "enabled internal_user_database_enabled",
                {
                    "master_user_options": block(
                        "MasterUserOptions", "master_user_arn=MasterUserARN master_user_name master_user_password"
                    )
                },
            ),
            "cluster_config": block(
                "ElasticsearchClusterConfig",
                "dedicated_master_count dedicated_master_enabled "
                "dedicated_master_type instance_count instance_type warm_count "
                "warm_enabled warm_type zone_awareness_enabled",
                {
                    "cold_storage_options": block("ColdStorageOptions", "enabled"),
                    "zone_awareness_config": block("ZoneAwarenessConfig", "availability_zone_count"),
                },
            ),
            "cognito_options": block("CognitoOptions", "identity_pool_id role_arn user_pool_id enabled"),
            "domain_endpoint_options": block(
                "DomainEndpointOptions",
                "custom_endpoint custom_endpoint_certificate_arn "
                "custom_endpoint_enabled enforce_https=EnforceHTTPS "
                "tls_security_policy=TLSSecurityPolicy",
            ),
            "ebs_options": block("EBSOptions", "ebs_enabled=EBSEnabled iops volume_size volume_type"),
            "encrypt_at_rest": block("EncryptionAtRestOptions", "enabled kms_key_id"),
            "log_publishing_options": to("LogPublishingOptions", _log_types),
            "node_to_node_encryption": block("NodeToNodeEncryptionOptions", "enabled"),
            "snapshot_options": block("SnapshotOptions", "automated_snapshot_start_hour"),
            "vpc_options": block("VPCOptions", "security_group_ids subnet_ids"),
        },
        attributes="id=Ref arn=Arn endpoint=DomainEndpoint domain_name=Ref",
    ),
    "aws_opensearchserverless_collection": Mapping(
        "AWS::OpenSearchServerless::Collection",
        "name description standby_replicas type",
        attributes="id=Ref arn=Arn collection_endpoint=CollectionEndpoint dashboard_endpoint=DashboardEndpoint",
    ),
    "aws_opensearchserverless_security_policy": Mapping(
        "AWS::OpenSearchServerless::SecurityPolicy",
        "name policy type description",
        attributes="id=Ref name=Ref",
        tags="",
    ),
    "aws_opensearchserverless_access_policy": Mapping(
        "AWS::OpenSearchServerless::AccessPolicy",
        "name policy type description",
        attributes="id=Ref name=Ref",
        tags="",
    ),
    "aws_opensearchserverless_vpc_endpoint": Mapping(
        "AWS::OpenSearchServerless::VpcEndpoint",
        "name subnet_ids vpc_id security_group_ids",
        attributes="id=Ref",
        tags="",
    ),
    "aws_msk_cluster": Mapping(
        "AWS::MSK::Cluster",
        "cluster_name kafka_version number_of_broker_nodes enhanced_monitoring storage_mode",
        {
            "broker_node_group_info": block(
                "BrokerNodeGroupInfo",
                "client_subnets instance_type security_groups",
                {
                    "connectivity_info": block(
                        "ConnectivityInfo",
                        "",
                        {
                            "public_access": block("PublicAccess", "type"),
                            "vpc_connectivity": block(
                                "VpcConnectivity",
                                "",
                                {
                                    "client_authentication": block(
                                        "ClientAuthentication",
                                        "tls=Tls.Enabled",
                                        {"sasl": block("Sasl", "iam=Iam.Enabled scram=Scram.Enabled")},
                                    )
                                },
                            ),
                        },
                    ),
                    "storage_info": block(
                        "StorageInfo",
                        "",
                        {
                            "ebs_storage_info": block(
                                "EBSStorageInfo",
                                "volume_size",
                                {"provisioned_throughput": block("ProvisionedThroughput", "enabled volume_throughput")},
                            )
                        },
                    ),
                },
            ),
            "client_authentication": block(
                "ClientAuthentication",
                "unauthenticated=Unauthenticated.Enabled",
                {
                    "sasl": block("Sasl", "iam=Iam.Enabled scram=Scram.Enabled"),
                    "tls": block("Tls", "certificate_authority_arns=CertificateAuthorityArnList"),
                },
            ),
            "configuration_info": block("ConfigurationInfo", "arn revision"),
            "encryption_info": block(
                "EncryptionInfo",
                "encryption_at_rest_kms_key_arn=EncryptionAtRest.DataVolumeKMSKeyId",
                {"encryption_in_transit": block("EncryptionInTransit", "client_broker in_cluster")},
            ),
            "logging_info": block(
                "LoggingInfo",
                "",
                {
                    "broker_logs": block(
                        "BrokerLogs",
                        "",
                        {
                            "cloudwatch_logs": block("CloudWatchLogs", "enabled log_group"),
                            "firehose": block("Firehose", "enabled delivery_stream"),
                            "s3": block("S3", "enabled bucket prefix"),
                        },
                    )
                },
            ),
            "open_monitoring": block(
                "OpenMonitoring",
                "",
                {
                    "prometheus": block(
                        "Prometheus",
                        "",
                        {
                            "jmx_exporter": block("JmxExporter", "enabled_in_broker"),
                            "node_exporter": block("NodeExporter", "enabled_in_broker"),
                        },
                    )
                },
            ),
            "rebalancing": block("Rebalancing", "status"),
        },
        attributes="id=Ref arn=Ref cluster_name==cluster_name",
        tags="map",
    ),
    "aws_msk_serverless_cluster": Mapping(
        "AWS::MSK::ServerlessCluster",
        "cluster_name",
        {
            "client_authentication": block(
                "ClientAuthentication", "", {"sasl": block("Sasl", "", {"iam": block("Iam", "enabled")})}
            ),
            "vpc_config": blocks("VpcConfigs", "subnet_ids security_group_ids=SecurityGroups"),
        },
        attributes="id=Ref arn=Ref",
        tags="map",
    ),
    "aws_msk_configuration": Mapping(
        "AWS::MSK::Configuration",
        "name server_properties description kafka_versions=KafkaVersionsList",
        attributes="id=Ref arn=Ref",
        tags="",
    ),
    "aws_msk_cluster_policy": Mapping(
        "AWS::MSK::ClusterPolicy",
        "cluster_arn policy:json",
        attributes="id",
        tags="",
    ),
    "aws_msk_replicator": Mapping(
        "AWS::MSK::Replicator",
        "replicator_name service_execution_role_arn description",
        {
            "kafka_cluster": blocks(
                "KafkaClusters",
                "",
                {
                    "amazon_msk_cluster": block("AmazonMskCluster", "msk_cluster_arn"),
                    "vpc_config": block("VpcConfig", "subnet_ids"),
                },
            ),
            "replication_info_list": blocks(
                "ReplicationInfoList",
                "source_kafka_cluster_arn target_compression_type target_kafka_cluster_arn",
                {
                    "consumer_group_replication": block(
                        "ConsumerGroupReplication",
                        "consumer_groups_to_replicate consumer_groups_to_exclude "
                        "detect_and_copy_new_consumer_groups "
                        "synchronise_consumer_group_offsets",
                    ),
                    "topic_replication": block(
                        "TopicReplication",
                        "topics_to_replicate copy_access_control_lists_for_topics "
                        "copy_topic_configurations detect_and_copy_new_topics "
                        "topics_to_exclude",
                        {
                            "starting_position": block("StartingPosition", "type"),
                            "topic_name_configuration": block("TopicNameConfiguration", "type"),
                        },
                    ),
                },
            ),
        },
        attributes="id=Ref arn=Ref",
    ),
    "aws_mskconnect_custom_plugin": Mapping(
        "AWS::KafkaConnect::CustomPlugin",
        "content_type name description",
        {"location": block("Location", "", {"s3": block("S3Location", "bucket_arn file_key object_version")})},
        attributes="id=Ref arn=Ref",
    ),
    "aws_mq_broker": Mapping(
        "AWS::AmazonMQ::Broker",
        "broker_name engine_type engine_version host_instance_type "
        "-apply_immediately authentication_strategy "
        "auto_minor_version_upgrade data_replication_mode "
        "data_replication_primary_broker_arn deployment_mode "
        "publicly_accessible security_groups storage_type subnet_ids",
        {
            "user": blocks("Users", "password username console_access groups replication_user"),
            "configuration": block("Configuration", "id revision"),
            "encryption_options": block("EncryptionOptions", "kms_key_id use_aws_owned_key"),
            "ldap_server_metadata": block(
                "LdapServerMetadata",
                "hosts role_base role_name role_search_matching "
                "role_search_subtree service_account_password "
                "service_account_username user_base user_role_name "
                "user_search_matching user_search_subtree",
            ),
            "logs": block("Logs", "audit:flag general"),
            "maintenance_window_start_time": block("MaintenanceWindowStartTime", "day_of_week time_of_day time_zone"),
        },
        attributes="id=Ref arn=Arn",
        secret="user.password",
    ),
    "aws_mq_configuration": Mapping(
        "AWS::AmazonMQ::Configuration",
        "engine_type engine_version name authentication_strategy description",
        {"data": to("Data", _base64)},
        attributes="id=Ref arn=Arn",
    ),
}
