"""API Gateway, HTTP and WebSocket APIs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archproof.resources.resource import is_symbolic
from archproof.sources.terraform.mapping import Mapping, block, blocks, to, unless

if TYPE_CHECKING:
    from archproof.sources.terraform.made import Made

TYPES = (
    "aws_apigatewayv2_api", "aws_apigatewayv2_stage", "aws_apigatewayv2_route", "aws_apigatewayv2_integration",
    "aws_apigatewayv2_integration_response", "aws_apigatewayv2_route_response", "aws_apigatewayv2_authorizer",
    "aws_apigatewayv2_deployment", "aws_apigatewayv2_domain_name", "aws_apigatewayv2_api_mapping",
    "aws_apigatewayv2_vpc_link", "aws_apigatewayv2_model",
)  # fmt: skip


def _target(value: Any) -> Any:
    """A route names its integration behind `integrations/`, which a plan's references do not tell."""
    if is_symbolic(value) and isinstance(value.get("Ref"), str):
        return {"Fn::Sub": f"integrations/${{{value['Ref']}}}"}
    return value


def _route(made: Made) -> None:
    """The id of an integration of the same configuration becomes a reference to it."""
    target = made.resource.get("Target")
    if not isinstance(target, str) or not target.startswith("integrations/"):
        return
    for other in made.translation.made.values():
        known = other.item.values.get("id")
        if other.item.type == "aws_apigatewayv2_integration" and target == f"integrations/{known}":
            made.set("Target", {"Fn::Sub": f"integrations/${{{other.resource.logical_id}}}"}, "target")


def _required(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    named = [p for p in value if isinstance(p, dict)]
    return {str(p.get("request_parameter_key")): {"Required": p.get("required") is True} for p in named}


def _routes(made: Made) -> None:
    entries = made.item.values.get("route_settings")
    for position, said in enumerate(entries if isinstance(entries, list) else []):
        if isinstance(said, dict) and isinstance(said.get("route_key"), str):
            base = ("RouteSettings", said["route_key"])
            made.nested(_SETTINGS, said, ("route_settings", position), base)


def _parameters(value: Any) -> Any:
    """The mapping of parameters of each status: a list of source and destination."""
    if not isinstance(value, list):
        return value
    found: dict[str, Any] = {}
    for entry in value:
        if isinstance(entry, dict) and isinstance(entry.get("mappings"), dict):
            pairs = [{"Source": v, "Destination": k} for k, v in entry["mappings"].items()]
            found[str(entry.get("status_code"))] = {"ResponseParameters": pairs}
    return found


_ROUTE_SETTINGS = (
    "data_trace_enabled:true detailed_metrics_enabled:true logging_level throttling_burst_limit:nonzero "
    "throttling_rate_limit:nonzero"
)
_SETTINGS = Mapping(None, _ROUTE_SETTINGS).rules

MAPPINGS = {
    "aws_apigatewayv2_api": Mapping(
        "AWS::ApiGatewayV2::Api",
        "name protocol_type description version body:json credentials_arn disable_execute_api_endpoint:true "
        "fail_on_warnings:true route_key target ip_address_type",
        {
            "api_key_selection_expression": unless("ApiKeySelectionExpression", "$request.header.x-api-key"),
            "route_selection_expression": unless(
                "RouteSelectionExpression", "$request.method $request.path", "${request.method} ${request.path}"
            ),
            "cors_configuration": block(
                "CorsConfiguration",
                "allow_credentials:true allow_headers allow_methods allow_origins expose_headers max_age:nonzero",
            ),
        },
        tags="map",
        attributes="id api_endpoint=ApiEndpoint "
        "execution_arn=sub:arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${.} "
        "arn=sub:arn:${AWS::Partition}:apigateway:${AWS::Region}::/apis/${.}",
    ),
    "aws_apigatewayv2_stage": Mapping(
        "AWS::ApiGatewayV2::Stage",
        "api_id name=StageName auto_deploy client_certificate_id description stage_variables -deployment_id "
        "+route_settings",
        {
            "access_log_settings": block("AccessLogSettings", "destination_arn format"),
            "default_route_settings": block("DefaultRouteSettings", _ROUTE_SETTINGS),
        },
        tags="map",
        attributes="id=Ref name=Ref",
        finish=_routes,
    ),
    "aws_apigatewayv2_route": Mapping(
        "AWS::ApiGatewayV2::Route",
        "api_id route_key api_key_required:true authorization_scopes authorizer_id model_selection_expression "
        "operation_name request_models route_response_selection_expression",
        {
            "authorization_type": unless("AuthorizationType", "NONE"),
            "target": to("Target", _target, symbolic=True),
            "request_parameter": to("RequestParameters", _required),
        },
        tags="",
        finish=_route,
    ),
    "aws_apigatewayv2_integration": Mapping(
        "AWS::ApiGatewayV2::Integration",
        "api_id integration_type integration_uri integration_method integration_subtype connection_id "
        "content_handling_strategy credentials_arn description payload_format_version request_parameters "
        "request_templates template_selection_expression timeout_milliseconds=TimeoutInMillis:nonzero "
        "passthrough_behavior",
        {
            "connection_type": unless("ConnectionType", "INTERNET"),
            "tls_config": block("TlsConfig", "server_name_to_verify"),
            "response_parameters": to("ResponseParameters", _parameters),
        },
        tags="",
        defaults={"payload_format_version": "1.0"},
        wants={"integration_uri": "invoke_arn"},
    ),
    "aws_apigatewayv2_integration_response": Mapping(
        "AWS::ApiGatewayV2::IntegrationResponse",
        "api_id integration_id integration_response_key content_handling_strategy response_templates "
        "template_selection_expression",
        tags="",
    ),
    "aws_apigatewayv2_route_response": Mapping(
        "AWS::ApiGatewayV2::RouteResponse",
        "api_id route_id route_response_key model_selection_expression response_models",
        tags="",
    ),
    "aws_apigatewayv2_authorizer": Mapping(
        "AWS::ApiGatewayV2::Authorizer",
        "api_id name authorizer_type authorizer_uri authorizer_credentials_arn authorizer_payload_format_version "
        "authorizer_result_ttl_in_seconds:nonzero enable_simple_responses:true identity_sources=IdentitySource",
        {"jwt_configuration": block("JwtConfiguration", "audience issuer")},
        tags="",
        attributes="id=AuthorizerId",
        wants={"authorizer_uri": "invoke_arn"},
    ),
    "aws_apigatewayv2_deployment": Mapping(
        "AWS::ApiGatewayV2::Deployment", "api_id description -triggers", tags="", attributes="id=DeploymentId"
    ),
    "aws_apigatewayv2_domain_name": Mapping(
        "AWS::ApiGatewayV2::DomainName",
        "domain_name",
        {
            "domain_name_configuration": blocks(
                "DomainNameConfigurations",
                "certificate_arn endpoint_type security_policy ip_address_type ownership_verification_certificate_arn",
            ),
            "mutual_tls_authentication": block("MutualTlsAuthentication", "truststore_uri truststore_version"),
        },
        tags="map",
        attributes="id=Ref domain_name=Ref arn=DomainNameArn",
    ),
    "aws_apigatewayv2_api_mapping": Mapping(
        "AWS::ApiGatewayV2::ApiMapping",
        "api_id domain_name stage api_mapping_key",
        tags="",
        attributes="id=ApiMappingId",
    ),
    "aws_apigatewayv2_vpc_link": Mapping(
        "AWS::ApiGatewayV2::VpcLink", "name security_group_ids subnet_ids", tags="map"
    ),
    "aws_apigatewayv2_model": Mapping(
        "AWS::ApiGatewayV2::Model", "api_id name content_type description schema:json", tags="", attributes="id=ModelId"
    ),
}
