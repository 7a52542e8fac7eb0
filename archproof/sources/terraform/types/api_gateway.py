"""API Gateway, REST APIs: a method's integration and responses are resources of their own in Terraform."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archproof.sources.terraform.made import is_absent
from archproof.sources.terraform.mapping import Mapping, Merge, block, blocks, to, unless

if TYPE_CHECKING:
    from archproof.sources.terraform.item import Item
    from archproof.sources.terraform.made import Made
    from archproof.sources.terraform.translation import Translation

TYPES = (
    "aws_api_gateway_rest_api", "aws_api_gateway_rest_api_policy", "aws_api_gateway_resource",
    "aws_api_gateway_method", "aws_api_gateway_integration", "aws_api_gateway_integration_response",
    "aws_api_gateway_method_response", "aws_api_gateway_method_settings", "aws_api_gateway_deployment",
    "aws_api_gateway_stage", "aws_api_gateway_account", "aws_api_gateway_api_key", "aws_api_gateway_usage_plan",
    "aws_api_gateway_usage_plan_key", "aws_api_gateway_authorizer", "aws_api_gateway_base_path_mapping",
    "aws_api_gateway_domain_name", "aws_api_gateway_model", "aws_api_gateway_request_validator",
    "aws_api_gateway_gateway_response", "aws_api_gateway_vpc_link", "aws_api_gateway_client_certificate",
    "aws_api_gateway_documentation_part", "aws_api_gateway_documentation_version",
)  # fmt: skip


def _key(translation: Translation, item: Item, *arguments: str) -> tuple[str, ...]:
    """What an item names by several arguments, comparable with what others name."""
    return tuple(repr(translation.resolve(item.values.get(a), item, (a,))) for a in arguments)


def _method_of(translation: Translation, item: Item) -> Made | None:
    """The method that an integration or a response belongs to: of the same API, path and verb."""
    arguments = ("rest_api_id", "resource_id", "http_method")
    memo: dict[str, dict[tuple[str, ...], Made]] = translation.memo
    if "methods" not in memo:
        memo["methods"] = {
            _key(translation, made.item, *arguments): made
            for made in translation.made.values()
            if made.item.type == "aws_api_gateway_method"
        }
    return memo["methods"].get(_key(translation, item, *arguments))


def _stage_of(translation: Translation, item: Item) -> Made | None:
    """The stage that settings of methods are of."""
    wanted = _key(translation, item, "rest_api_id")
    name = item.values.get("stage_name")
    stages = [m for m in translation.made.values() if m.item.type == "aws_api_gateway_stage"]
    stages = [s for s in stages if _key(translation, s.item, "rest_api_id") == wanted]
    named = translation.target(item, "stage_name", ("aws_api_gateway_stage",))
    return named or next((s for s in stages if s.item.values.get("stage_name") == name), None)


def _response(path: tuple[str, ...], words: dict[str, str]) -> Any:
    """Adds an item to a list of its method."""

    def finish(made: Made) -> None:
        entry = {name: made.value(argument) for argument, name in words.items()}
        entry = {name: value for name, value in entry.items() if not is_absent(value)}
        if "StatusCode" in entry:
            entry["StatusCode"] = str(entry["StatusCode"])
        made.add(path, entry, "status_code")

    return finish


def _settings(made: Made) -> None:
    """Terraform names a method by its path and verb in one text."""
    path, _, verb = str(made.value("method_path") or "*/*").rpartition("/")
    escaped = path.replace("~1", "/").strip("/")
    resource_path = "/*" if path == "*" else "/" + escaped.replace("/", "~1") if escaped else "/"
    entry: dict[str, Any] = {"ResourcePath": resource_path, "HttpMethod": verb or "*"}
    names = {"metrics_enabled": "MetricsEnabled", "logging_level": "LoggingLevel",
             "data_trace_enabled": "DataTraceEnabled",
             "throttling_burst_limit": "ThrottlingBurstLimit", "throttling_rate_limit": "ThrottlingRateLimit",
             "caching_enabled": "CachingEnabled", "cache_ttl_in_seconds": "CacheTtlInSeconds",
             "cache_data_encrypted": "CacheDataEncrypted"}  # fmt: skip
    for argument, name in names.items():
        value = made.value("settings", 0, argument)
        if not is_absent(value) and value != -1:
            entry[name] = value
    made.add("MethodSettings", entry, "settings", 0)


def _deployment(made: Made) -> None:
    """A deployment takes the methods as they are: it comes after them."""
    api = made.resource.get("RestApiId")
    methods = [r.logical_id for r in made.translation.resources.of_type("AWS::ApiGateway::Method")
               if r.get("RestApiId") == api]  # fmt: skip
    if methods:
        made.resource.attributes["DependsOn"] = methods


def _size(value: Any) -> Any:
    try:
        return int(value) if int(value) >= 0 else None
    except (TypeError, ValueError):
        return value


_ENDPOINT = block("EndpointConfiguration", "types vpc_endpoint_ids ip_address_type")
_RESPONSES = {"status_code": "StatusCode", "response_parameters": "ResponseParameters"}
_API = "id==rest_api_id"
_METHOD = "+rest_api_id +resource_id +http_method"

MAPPINGS = {
    "aws_api_gateway_rest_api": Mapping(
        "AWS::ApiGateway::RestApi",
        "name description body:json api_key_source=ApiKeySourceType binary_media_types "
        "disable_execute_api_endpoint:true "
        "parameters policy:json fail_on_warnings:true",
        {
            "endpoint_configuration": _ENDPOINT,
            "minimum_compression_size": to("MinimumCompressionSize", _size),
            "put_rest_api_mode": unless("Mode", "overwrite"),
        },
        attributes="id root_resource_id=RootResourceId "
        "execution_arn=sub:arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${.} "
        "arn=sub:arn:${AWS::Partition}:apigateway:${AWS::Region}::/restapis/${.}",
    ),
    "aws_api_gateway_rest_api_policy": Mapping(
        None,
        "policy=Policy:json +rest_api_id",
        attributes=_API,
        tags="",
        merge=Merge("rest_api_id", "aws_api_gateway_rest_api"),
    ),
    "aws_api_gateway_resource": Mapping(
        "AWS::ApiGateway::Resource", "rest_api_id parent_id path_part", attributes="id=ResourceId", tags=""
    ),
    "aws_api_gateway_method": Mapping(
        "AWS::ApiGateway::Method",
        "rest_api_id resource_id http_method authorization=AuthorizationType authorizer_id authorization_scopes "
        "api_key_required:true operation_name request_models request_validator_id request_parameters",
        tags="",
    ),
    "aws_api_gateway_integration": Mapping(
        None,
        f"{_METHOD} "
        + " ".join(
            f"{a}=Integration.{p}"
            for a, p in (
                ("type", "Type"),
                ("uri", "Uri"),
                ("integration_http_method", "IntegrationHttpMethod"),
                ("credentials", "Credentials"),
                ("request_parameters", "RequestParameters"),
                ("request_templates", "RequestTemplates"),
                ("passthrough_behavior", "PassthroughBehavior"),
                ("cache_key_parameters", "CacheKeyParameters"),
                ("cache_namespace", "CacheNamespace"),
                ("content_handling", "ContentHandling"),
                ("timeout_milliseconds", "TimeoutInMillis:nonzero"),
                ("connection_id", "ConnectionId"),
            )
        )
        + " -tls_config",
        {"connection_type": unless("Integration.ConnectionType", "INTERNET")},
        tags="",
        wants={"credentials": "arn", "uri": "invoke_arn"},
        merge=Merge("", "aws_api_gateway_method", _method_of),
    ),
    "aws_api_gateway_integration_response": Mapping(
        None,
        f"{_METHOD} +status_code +response_parameters +response_templates +selection_pattern +content_handling",
        tags="",
        merge=Merge("", "aws_api_gateway_method", _method_of),
        finish=_response(
            ("Integration", "IntegrationResponses"),
            {
                **_RESPONSES,
                "response_templates": "ResponseTemplates",
                "selection_pattern": "SelectionPattern",
                "content_handling": "ContentHandling",
            },
        ),
    ),
    "aws_api_gateway_method_response": Mapping(
        None,
        f"{_METHOD} +status_code +response_parameters +response_models",
        tags="",
        merge=Merge("", "aws_api_gateway_method", _method_of),
        finish=_response(("MethodResponses",), {**_RESPONSES, "response_models": "ResponseModels"}),
    ),
    "aws_api_gateway_method_settings": Mapping(
        None,
        "+rest_api_id +stage_name +method_path +settings",
        tags="",
        merge=Merge("", "aws_api_gateway_stage", _stage_of),
        finish=_settings,
    ),
    "aws_api_gateway_deployment": Mapping(
        "AWS::ApiGateway::Deployment",
        "rest_api_id description stage_name stage_description=StageDescription.Description "
        "variables=StageDescription.Variables -triggers",
        tags="",
        attributes="id=DeploymentId",
        finish=_deployment,
    ),
    "aws_api_gateway_stage": Mapping(
        "AWS::ApiGateway::Stage",
        "rest_api_id stage_name deployment_id description cache_cluster_enabled:true cache_cluster_size "
        "client_certificate_id documentation_version variables xray_tracing_enabled=TracingEnabled",
        {
            "access_log_settings": block("AccessLogSetting", "destination_arn format"),
            "canary_settings": block(
                "CanarySetting", "deployment_id percent_traffic stage_variable_overrides use_stage_cache"
            ),
        },
        attributes="stage_name=Ref "
        "arn=sub:arn:${AWS::Partition}:apigateway:${AWS::Region}::/restapis/${@rest_api_id}/stages/${.} "
        "execution_arn=sub:arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${@rest_api_id}/${.} "
        "invoke_url=sub:https://${@rest_api_id}.execute-api.${AWS::Region}.${AWS::URLSuffix}/${.}",
    ),
    "aws_api_gateway_account": Mapping(
        "AWS::ApiGateway::Account",
        "cloudwatch_role_arn=CloudWatchRoleArn -reset_on_delete",
        attributes="id=Id",
        tags="",
    ),
    "aws_api_gateway_api_key": Mapping(
        "AWS::ApiGateway::ApiKey",
        "name description enabled customer_id value",
        secret="value",
        attributes="id=APIKeyId",
    ),
    "aws_api_gateway_usage_plan": Mapping(
        "AWS::ApiGateway::UsagePlan",
        "name=UsagePlanName description -product_code",
        {
            "api_stages": blocks("ApiStages", "api_id stage"),
            "quota_settings": block("Quota", "limit offset:nonzero period"),
            "throttle_settings": block("Throttle", "burst_limit rate_limit"),
        },
        attributes="id=Id",
    ),
    "aws_api_gateway_usage_plan_key": Mapping(
        "AWS::ApiGateway::UsagePlanKey", "key_id key_type usage_plan_id", tags="", attributes="id=Id"
    ),
    "aws_api_gateway_authorizer": Mapping(
        "AWS::ApiGateway::Authorizer",
        "rest_api_id name type identity_source authorizer_uri authorizer_credentials "
        "authorizer_result_ttl_in_seconds identity_validation_expression provider_arns=ProviderARNs",
        tags="",
        attributes="id=AuthorizerId",
        defaults={"type": "TOKEN"},
        wants={"authorizer_uri": "invoke_arn", "authorizer_credentials": "arn"},
    ),
    "aws_api_gateway_base_path_mapping": Mapping(
        "AWS::ApiGateway::BasePathMapping",
        "domain_name base_path api_id=RestApiId stage_name=Stage -domain_name_id",
        tags="",
    ),
    "aws_api_gateway_domain_name": Mapping(
        "AWS::ApiGateway::DomainName",
        "domain_name certificate_arn regional_certificate_arn security_policy "
        "ownership_verification_certificate_arn -certificate_name -certificate_body -certificate_chain "
        "-certificate_private_key -regional_certificate_name -policy",
        {
            "endpoint_configuration": block("EndpointConfiguration", "types ip_address_type"),
            "mutual_tls_authentication": block("MutualTlsAuthentication", "truststore_uri truststore_version"),
        },
        secret="certificate_private_key",
        attributes="id=Ref domain_name=Ref arn=DomainNameArn cloudfront_domain_name=DistributionDomainName "
        "cloudfront_zone_id=DistributionHostedZoneId regional_domain_name=RegionalDomainName "
        "regional_zone_id=RegionalHostedZoneId",
    ),
    "aws_api_gateway_model": Mapping(
        "AWS::ApiGateway::Model",
        "rest_api_id name description content_type schema:json",
        attributes="name=Ref",
        tags="",
    ),
    "aws_api_gateway_request_validator": Mapping(
        "AWS::ApiGateway::RequestValidator",
        "rest_api_id name validate_request_body validate_request_parameters",
        attributes="id=RequestValidatorId",
        tags="",
    ),
    "aws_api_gateway_gateway_response": Mapping(
        "AWS::ApiGateway::GatewayResponse",
        "rest_api_id response_type status_code:text response_parameters response_templates",
        tags="",
        attributes="id=Id",
    ),
    "aws_api_gateway_vpc_link": Mapping(
        "AWS::ApiGateway::VpcLink", "name description target_arns", attributes="id=VpcLinkId"
    ),
    "aws_api_gateway_client_certificate": Mapping(
        "AWS::ApiGateway::ClientCertificate", "description", attributes="id=ClientCertificateId"
    ),
    "aws_api_gateway_documentation_part": Mapping(
        "AWS::ApiGateway::DocumentationPart",
        "rest_api_id properties",
        {"location": block("Location", "method name path status_code type")},
        attributes="documentation_part_id=DocumentationPartId",
        tags="",
    ),
    "aws_api_gateway_documentation_version": Mapping(
        "AWS::ApiGateway::DocumentationVersion",
        "rest_api_id version=DocumentationVersion description",
        attributes="version=Ref",
        tags="",
    ),
}
