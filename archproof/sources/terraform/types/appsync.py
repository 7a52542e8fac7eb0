"""AppSync."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archproof.sources.terraform.mapping import Mapping, block, blocks

if TYPE_CHECKING:
    from archproof.sources.terraform.made import Made

TYPES = (
    "aws_appsync_graphql_api", "aws_appsync_datasource", "aws_appsync_resolver", "aws_appsync_function",
    "aws_appsync_api_key", "aws_appsync_domain_name", "aws_appsync_domain_name_api_association",
    "aws_appsync_api_cache",
)  # fmt: skip


def _schema(made: Made) -> None:
    schema = made.value("schema")
    if schema is not None:
        said = {"ApiId": made.ref("id"), "Definition": schema}
        made.extra("Schema", "AWS::AppSync::GraphQLSchema", said, "schema")


MAPPINGS = {
    "aws_appsync_graphql_api": Mapping(
        "AWS::AppSync::GraphQLApi",
        "authentication_type name api_type introspection_config "
        "merged_api_execution_role_arn query_depth_limit "
        "resolver_count_limit +schema visibility xray_enabled",
        {
            "additional_authentication_provider": blocks(
                "AdditionalAuthenticationProviders",
                "authentication_type",
                {
                    "lambda_authorizer_config": block(
                        "LambdaAuthorizerConfig",
                        "authorizer_uri authorizer_result_ttl_in_seconds identity_validation_expression",
                    ),
                    "openid_connect_config": block(
                        "OpenIDConnectConfig", "issuer auth_ttl=AuthTTL client_id iat_ttl=IatTTL"
                    ),
                    "user_pool_config": block("UserPoolConfig", "user_pool_id app_id_client_regex aws_region"),
                },
            ),
            "enhanced_metrics_config": block(
                "EnhancedMetricsConfig",
                "data_source_level_metrics_behavior operation_level_metrics_config resolver_level_metrics_behavior",
            ),
            "lambda_authorizer_config": block(
                "LambdaAuthorizerConfig",
                "authorizer_uri authorizer_result_ttl_in_seconds identity_validation_expression",
            ),
            "log_config": block(
                "LogConfig", "cloudwatch_logs_role_arn=CloudWatchLogsRoleArn field_log_level exclude_verbose_content"
            ),
            "openid_connect_config": block("OpenIDConnectConfig", "issuer auth_ttl=AuthTTL client_id iat_ttl=IatTTL"),
            "user_pool_config": block("UserPoolConfig", "default_action user_pool_id app_id_client_regex aws_region"),
        },
        attributes="id=ApiId arn=Arn",
        finish=_schema,
    ),
    "aws_appsync_datasource": Mapping(
        "AWS::AppSync::DataSource",
        "api_id name type description service_role_arn",
        {
            "dynamodb_config": block(
                "DynamoDBConfig",
                "table_name region=AwsRegion use_caller_credentials versioned",
                {
                    "delta_sync_config": block(
                        "DeltaSyncConfig",
                        "delta_sync_table_name base_table_ttl=BaseTableTTL:text "
                        "delta_sync_table_ttl=DeltaSyncTableTTL:text",
                    )
                },
            ),
            "elasticsearch_config": block("ElasticsearchConfig", "endpoint region=AwsRegion"),
            "event_bridge_config": block("EventBridgeConfig", "event_bus_arn"),
            "http_config": block(
                "HttpConfig",
                "endpoint",
                {
                    "authorization_config": block(
                        "AuthorizationConfig",
                        "authorization_type",
                        {"aws_iam_config": block("AwsIamConfig", "signing_region signing_service_name")},
                    )
                },
            ),
            "lambda_config": block("LambdaConfig", "function_arn=LambdaFunctionArn"),
            "opensearchservice_config": block("OpenSearchServiceConfig", "endpoint region=AwsRegion"),
            "relational_database_config": block(
                "RelationalDatabaseConfig",
                "source_type=RelationalDatabaseSourceType",
                {
                    "http_endpoint_config": block(
                        "RdsHttpEndpointConfig",
                        "aws_secret_store_arn db_cluster_identifier database_name region=AwsRegion schema",
                    )
                },
            ),
        },
        attributes="id=Ref arn=DataSourceArn name=Name",
        tags="",
    ),
    "aws_appsync_resolver": Mapping(
        "AWS::AppSync::Resolver",
        "api_id field=FieldName type=TypeName code "
        "data_source=DataSourceName kind max_batch_size "
        "request_template=RequestMappingTemplate "
        "response_template=ResponseMappingTemplate",
        {
            "caching_config": block("CachingConfig", "caching_keys ttl"),
            "pipeline_config": block("PipelineConfig", "functions"),
            "runtime": block("Runtime", "name runtime_version"),
            "sync_config": block(
                "SyncConfig",
                "conflict_detection conflict_handler",
                {"lambda_conflict_handler_config": block("LambdaConflictHandlerConfig", "lambda_conflict_handler_arn")},
            ),
        },
        attributes="id=Ref arn=ResolverArn",
        tags="",
    ),
    "aws_appsync_function": Mapping(
        "AWS::AppSync::FunctionConfiguration",
        "api_id data_source=DataSourceName name code description "
        "function_version max_batch_size request_mapping_template "
        "response_mapping_template",
        {
            "runtime": block("Runtime", "name runtime_version"),
            "sync_config": block(
                "SyncConfig",
                "conflict_detection conflict_handler",
                {"lambda_conflict_handler_config": block("LambdaConflictHandlerConfig", "lambda_conflict_handler_arn")},
            ),
        },
        attributes="id=FunctionId function_id=FunctionId arn=FunctionArn",
        tags="",
    ),
    "aws_appsync_api_key": Mapping(
        "AWS::AppSync::ApiKey",
        "api_id description -expires",
        attributes="id=ApiKeyId key=ApiKey",
        tags="",
    ),
    "aws_appsync_domain_name": Mapping(
        "AWS::AppSync::DomainName",
        "certificate_arn domain_name description",
        attributes="id=DomainName appsync_domain_name=AppSyncDomainName hosted_zone_id=HostedZoneId",
        tags="",
    ),
    "aws_appsync_domain_name_api_association": Mapping(
        "AWS::AppSync::DomainNameApiAssociation",
        "api_id domain_name",
        attributes="id=Ref",
        tags="",
    ),
    "aws_appsync_api_cache": Mapping(
        "AWS::AppSync::ApiCache",
        "api_caching_behavior api_id ttl type at_rest_encryption_enabled transit_encryption_enabled",
        attributes="id=Ref",
        tags="",
    ),
}
