"""APIs of API Gateway, both generations, with what they are made of."""

from __future__ import annotations

from typing import Any

from archproof.sources.responses._item import Item, Props, capital
from archproof.sources.responses._snapshot import Snapshot

KEYS = {
    "items": "id",
    "item": "stageName",
    "Items": ("ApiEndpoint", "RouteKey", "IntegrationId", "StageName", "AuthorizerId"),
}
LATER = ("items", "item", "Items")

_REST, _HTTP = "AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api"


def early(item: Item) -> bool:
    """Whether an entry is an API itself, which all others belong to."""
    return any(field in item.value for field in ("endpointConfiguration", "apiKeySource", "ApiEndpoint"))


def _rest_items(item: Item, snapshot: Snapshot) -> None:
    """`items` of API Gateway's first generation: APIs, their resources with methods, authorizers, deployments."""
    if "path" in item.value:
        _resource(item, snapshot)
    elif "endpointConfiguration" in item.value or "apiKeySource" in item.value:
        props = item.props("Name", "Description", "ApiKeySourceType", "BinaryMediaTypes", "MinimumCompressionSize",
                           "DisableExecuteApiEndpoint")  # fmt: skip
        props.values.pop("ApiKeySourceType", None)
        endpoint = capital(item.get("endpointConfiguration"))
        if isinstance(endpoint, dict):
            kept = {k: v for k, v in endpoint.items() if k in ("Types", "VpcEndpointIds", "IpAddressType")}
            props.set("EndpointConfiguration", kept, "endpointConfiguration")
        props.document("Policy", "policy")
        id = item.text("id")
        api = snapshot.add(item, _REST, id, props, name=id, call=f"{item.get('name')} RestApi")
        if api is not None and item.get("rootResourceId"):
            snapshot.names.setdefault((_REST, f"RootResourceId|{item.get('rootResourceId')}"), api)
    elif "authType" in item.value or "authorizerUri" in item.value:
        props = item.props("Name", "Type", "AuthorizerUri", "IdentitySource", "AuthorizerResultTtlInSeconds",
                           ProviderARNs="providerARNs")  # fmt: skip
        _of_api(item, props, snapshot)
        id = item.text("id")
        snapshot.add(item, "AWS::ApiGateway::Authorizer", id, props, name=id, call=f"{item.get('name')} Authorizer")
    elif "createdDate" in item.value and item.value.keys() <= {"id", "createdDate", "description", "apiSummary"}:
        props = item.props("Description")
        _of_api(item, props, snapshot)
        id = item.text("id")
        snapshot.add(item, "AWS::ApiGateway::Deployment", id, props, name=id, call=f"{id} Deployment")
    else:
        snapshot.unreadable(item, "an entry of API Gateway that no reader here knows")


def _of_api(item: Item, props: Props, snapshot: Snapshot) -> None:
    apis = snapshot.resources.of_type(_REST)
    api = snapshot.told_by_path(item, _REST) or (apis[0] if len(apis) == 1 else None)
    if api is not None:
        props.set("RestApiId", api.physical_id)
    else:
        snapshot.unreadable(item, "whose API it is stands in no field: name the file after the API's id")


def _resource(item: Item, snapshot: Snapshot) -> None:
    id, path = item.text("id"), str(item.get("path"))
    props = item.props(PathPart="pathPart", ParentId="parentId")
    _of_api(item, props, snapshot)
    called = path if path != "/" else "root"
    if path != "/":
        snapshot.add(item, "AWS::ApiGateway::Resource", id, props, name=id, call=f"{called} Resource")
    elif "RestApiId" in props.values:
        api = snapshot.find(_REST, props.values["RestApiId"])
        if api is not None:
            snapshot.names.setdefault((_REST, f"RootResourceId|{id}"), api)
    for verb, method in (item.get("resourceMethods") or {}).items():
        said = Item(item.key, method, item.mark, item.file, item.value, item.region, item.account)
        more = said.props("ApiKeyRequired", "AuthorizerId", "AuthorizationScopes", "RequestParameters", "RequestModels",
                          AuthorizationType="authorizationType")  # fmt: skip
        more.values.pop("Tags", None)
        more.set("HttpMethod", verb)
        more.set("ResourceId", id)
        more.values.setdefault("AuthorizationType", "NONE")
        if "RestApiId" in props.values:
            more.set("RestApiId", props.values["RestApiId"])
        integration = _integration(capital(method.get("methodIntegration")))
        if integration:
            more.set("Integration", integration)
        snapshot.add(item, "AWS::ApiGateway::Method", f"{id}|{verb}", more, call=f"{called} {verb.title()} Method")


def _integration(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        return {}
    kept = (
        "Type",
        "Uri",
        "ConnectionType",
        "ConnectionId",
        "Credentials",
        "RequestParameters",
        "RequestTemplates",
        "PassthroughBehavior",
        "ContentHandling",
        "TimeoutInMillis",
        "CacheNamespace",
        "CacheKeyParameters",
    )
    said = {k: value[k] for k in kept if value.get(k)}
    if value.get("HttpMethod"):
        said["IntegrationHttpMethod"] = value["HttpMethod"]
    return said


def _stage(item: Item, snapshot: Snapshot) -> None:
    props = item.props(StageName="stageName", DeploymentId="deploymentId", Variables="variables",
                       TracingEnabled="tracingEnabled", CacheClusterEnabled="cacheClusterEnabled")  # fmt: skip
    log = capital(item.get("accessLogSettings"))
    if log:
        props.set("AccessLogSetting", log, "accessLogSettings")
    _of_api(item, props, snapshot)
    snapshot.add(item, "AWS::ApiGateway::Stage", f"{props.values.get('RestApiId')}|{item.get('stageName')}", props,
                 ref=item.text("stageName"), call=f"{item.get('stageName')} Stage")  # fmt: skip


def _http_api(item: Item, snapshot: Snapshot) -> None:
    id = item.text("ApiId")
    props = item.props("Name", "ProtocolType", "Description", "CorsConfiguration", "RouteSelectionExpression",
                       "DisableExecuteApiEndpoint")  # fmt: skip
    tags = props.values.pop("Tags", None)
    if tags:
        props.set("Tags", {t["Key"]: t["Value"] for t in tags}, "Tags")
    snapshot.add(item, _HTTP, id, props, name=id, call=f"{item.get('Name')} Api",
                 attributes={"ApiEndpoint": item.text("ApiEndpoint")})  # fmt: skip


def _second(item: Item, snapshot: Snapshot) -> None:
    """`Items` of API Gateway's second generation."""
    if "ApiEndpoint" in item.value:
        _http_api(item, snapshot)
        return
    apis = snapshot.resources.of_type(_HTTP)
    api = snapshot.told_by_path(item, _HTTP) or (apis[0] if len(apis) == 1 else None)
    if api is None:
        snapshot.unreadable(item, "whose API it is stands in no field: name the file after the API's id")
        return
    for field, type, same in _PARTS:
        if field in item.value:
            props = item.props(*same)
            props.set("ApiId", api.physical_id)
            props.values.pop("Tags", None)
            id = item.text(field)
            called = item.text("RouteKey") or item.text("Name") or item.text("StageName") or id
            noun = type.rpartition("::")[2]
            snapshot.add(
                item, type, f"{api.physical_id}|{id}", props, ref=id, name=id, call=f"{api.logical_id} {called} {noun}"
            )
            return


_PARTS = (
    ("RouteId", "AWS::ApiGatewayV2::Route", ("RouteKey", "Target", "AuthorizationType", "AuthorizerId",
     "AuthorizationScopes", "ApiKeyRequired", "OperationName")),
    ("IntegrationId", "AWS::ApiGatewayV2::Integration", ("IntegrationType", "IntegrationUri", "IntegrationMethod",
     "PayloadFormatVersion", "ConnectionType", "ConnectionId", "TimeoutInMillis", "RequestParameters", "CredentialsArn",
     "IntegrationSubtype", "Description", "TlsConfig")),
    ("AuthorizerId", "AWS::ApiGatewayV2::Authorizer", ("Name", "AuthorizerType", "AuthorizerUri", "IdentitySource",
     "JwtConfiguration", "AuthorizerPayloadFormatVersion", "EnableSimpleResponses", "AuthorizerResultTtlInSeconds")),
    ("StageName", "AWS::ApiGatewayV2::Stage", ("StageName", "AutoDeploy", "DeploymentId", "StageVariables",
     "DefaultRouteSettings", "AccessLogSettings", "Description")),
)  # fmt: skip
READERS = {"items": _rest_items, "item": _stage, "Items": _second}
