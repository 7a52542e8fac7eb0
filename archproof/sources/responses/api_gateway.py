"""APIs of API Gateway, both generations, with what they are made of."""

from __future__ import annotations

from typing import Any

from archproof.sources.responses._call import ALL, Call, Per, listing
from archproof.sources.responses._item import Item, Props, capital
from archproof.sources.responses._snapshot import Snapshot

KEYS = {
    "items": "id",
    "item": "stageName",
    "Items": ("ApiEndpoint", "RouteKey", "IntegrationId", "StageName", "AuthorizerId", "DeploymentId"),
}
LATER = ("items", "item", "Items")
_V1, _V2 = "AWS::ApiGateway::", "AWS::ApiGatewayV2::"
_APIS = Per("GetRestApis", "items[]", {"restApiId": "id"})
_HTTP_APIS = Per("GetApis", "Items[]", {"ApiId": "ApiId"})


def _of_rest(operation: str, key: str, noun: str, *gives: str, **more: Any) -> Call:
    type = f"{_V1}{noun}"
    return Call("apigateway", operation, key, (type,), gives={type: (ALL, *gives)}, per=_APIS, **more)


def _of_http(operation: str, noun: str, *gives: str) -> Call:
    type = f"{_V2}{noun}"
    return Call("apigatewayv2", operation, "Items", (type,), gives={type: (ALL, *gives)}, per=_HTTP_APIS)


CALLS = (
    listing("apigateway", "GetRestApis", "items", f"{_V1}RestApi", page=500,
            gives={f"{_V1}RestApi": (ALL, "Tags", "EndpointConfiguration", "Policy", "ApiKeySourceType", "Description",
                                     "BinaryMediaTypes", "MinimumCompressionSize")}),
    Call("apigateway", "GetResources", "items", (f"{_V1}Resource", f"{_V1}Method"), per=_APIS,
         gives={f"{_V1}Resource": (ALL,), f"{_V1}Method": (ALL, "Integration", "MethodResponses", "OperationName",
                                                           "RequestValidatorId")},
         parameters={"embed": ["methods"]}, page=500),
    _of_rest("GetStages", "item", "Stage", "Tags", "Description", "MethodSettings", "AccessLogSetting",
             "CanarySetting", "ClientCertificateId", "CacheClusterSize", "DocumentationVersion"),
    _of_rest("GetAuthorizers", "items", "Authorizer", page=500),
    _of_rest("GetDeployments", "items", "Deployment", page=500),
    _of_rest("GetModels", "items", "Model", "Schema", page=500),
    _of_rest("GetRequestValidators", "items", "RequestValidator", page=500),
    _of_rest("GetGatewayResponses", "items", "GatewayResponse", page=500),
    listing("apigatewayv2", "GetApis", "Items", f"{_V2}Api", gives={f"{_V2}Api": (ALL, "Tags")}),
    _of_http("GetRoutes", "Route"),
    _of_http("GetIntegrations", "Integration"),
    _of_http("GetAuthorizers", "Authorizer"),
    _of_http("GetStages", "Stage", "Tags"),
    _of_http("GetDeployments", "Deployment"),
)  # fmt: skip

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
        if snapshot.live:
            props.take("ApiKeySourceType", "apiKeySource")
        endpoint = capital(item.get("endpointConfiguration"))
        if isinstance(endpoint, dict):
            kept = {k: v for k, v in endpoint.items() if k in ("Types", "VpcEndpointIds", "IpAddressType") and v}
            props.set("EndpointConfiguration", kept, "endpointConfiguration")
        props.document("Policy", "policy")
        id = item.text("id")
        api = snapshot.add(item, _REST, id, props, name=id, call=f"{item.get('name')} RestApi")
        if api is not None and item.get("rootResourceId"):
            snapshot.returned[api.logical_id]["RootResourceId"] = str(item.get("rootResourceId"))
            snapshot.names.setdefault((_REST, f"RootResourceId|{item.get('rootResourceId')}"), api)
    elif "authType" in item.value or "authorizerUri" in item.value:
        props = item.props("Name", "Type", "AuthorizerUri", "IdentitySource", "AuthorizerResultTtlInSeconds",
                           ProviderARNs="providerARNs")  # fmt: skip
        _of_api(item, props, snapshot)
        id = item.text("id")
        snapshot.add(
            item,
            "AWS::ApiGateway::Authorizer",
            id,
            props,
            name=id,
            attributes={"AuthorizerId": id} if snapshot.live else None,
            call=f"{item.get('name')} Authorizer",
        )
    elif "createdDate" in item.value and item.value.keys() <= {"id", "createdDate", "description", "apiSummary"}:
        props = item.props("Description")
        _of_api(item, props, snapshot)
        id = item.text("id")
        snapshot.add(
            item,
            "AWS::ApiGateway::Deployment",
            id,
            props,
            name=id,
            attributes={"DeploymentId": id} if snapshot.live else None,
            call=f"{id} Deployment",
        )
    else:
        snapshot.unreadable(item, "an entry of API Gateway that no reader here knows")


def _of_api(item: Item, props: Props, snapshot: Snapshot) -> None:
    if item.asked.get("restApiId"):
        props.set("RestApiId", item.asked["restApiId"])
        return
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
        if snapshot.live:
            more.natural = False
            _answers(method, more)
        if "RestApiId" in props.values:
            more.set("RestApiId", props.values["RestApiId"])
        integration = _integration(capital(method.get("methodIntegration")), snapshot.live)
        if integration:
            more.set("Integration", integration)
        snapshot.add(item, "AWS::ApiGateway::Method", f"{id}|{verb}", more, call=f"{called} {verb.title()} Method")


def _answers(method: dict[str, Any], props: Props) -> None:
    """What a method may answer, and how what stands behind it is turned into that."""
    for name, field in (("OperationName", "operationName"), ("RequestValidatorId", "requestValidatorId")):
        if method.get(field):
            props.set(name, method[field])
    responses = capital(method.get("methodResponses"))
    if isinstance(responses, dict):
        props.set("MethodResponses", list(responses.values()))


def _integration(value: Any, live: bool = False) -> dict[str, Any]:
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
    responses = value.get("IntegrationResponses")
    if live and isinstance(responses, dict):
        said["IntegrationResponses"] = list(responses.values())
    if live and value.get("TlsConfig"):
        said["TlsConfig"] = value["TlsConfig"]
    return said


def _stage(item: Item, snapshot: Snapshot) -> None:
    props = item.props(StageName="stageName", DeploymentId="deploymentId", Variables="variables",
                       TracingEnabled="tracingEnabled", CacheClusterEnabled="cacheClusterEnabled")  # fmt: skip
    log = capital(item.get("accessLogSettings"))
    if log:
        props.set("AccessLogSetting", log, "accessLogSettings")
    _of_api(item, props, snapshot)
    if snapshot.live:
        _settings(item, props)
        props.take("CanarySetting", "canarySettings")
    snapshot.add(item, "AWS::ApiGateway::Stage", f"{props.values.get('RestApiId')}|{item.get('stageName')}", props,
                 ref=item.text("stageName"), call=f"{item.get('stageName')} Stage")  # fmt: skip


def _settings(item: Item, props: Props) -> None:
    """The settings of a stage's methods, by path and verb."""
    settings = []
    for path, said in (item.get("methodSettings") or {}).items():
        place, _, verb = path.rpartition("/")
        settings.append(
            {"ResourcePath": "/" + place.replace("~1", "/").lstrip("/"), "HttpMethod": verb, **capital(said)}
        )
    if settings:
        props.set("MethodSettings", settings, "methodSettings")


def _model(item: Item, snapshot: Snapshot) -> None:
    props = item.props("Name", "ContentType", "Description")
    props.document("Schema", "schema")
    api, name = item.asked.get("restApiId"), item.text("name")
    props.set("RestApiId", api)
    made_by = "aws" if name in ("Empty", "Error") else None
    snapshot.add(item, "AWS::ApiGateway::Model", f"{api}|{name}", props, ref=name, made_by=made_by)


def _validator(item: Item, snapshot: Snapshot) -> None:
    props = item.props("Name", "ValidateRequestBody", "ValidateRequestParameters")
    props.set("RestApiId", item.asked.get("restApiId"))
    id = item.text("id")
    snapshot.add(item, "AWS::ApiGateway::RequestValidator", id, props, name=id, call=f"{item.get('name')} Validator",
                 attributes={"RequestValidatorId": id})  # fmt: skip


def _gateway_response(item: Item, snapshot: Snapshot) -> None:
    props = item.props("ResponseType", "StatusCode", "ResponseParameters", "ResponseTemplates")
    api = item.asked.get("restApiId")
    props.set("RestApiId", api)
    made_by = "aws" if item.get("defaultResponse") is True else None
    snapshot.add(item, "AWS::ApiGateway::GatewayResponse", f"{api}|{item.get('responseType')}", props,
                 call=f"{item.get('responseType')} GatewayResponse", made_by=made_by)  # fmt: skip


def _http_api(item: Item, snapshot: Snapshot) -> None:
    id = item.text("ApiId")
    props = item.props("Name", "ProtocolType", "Description", "CorsConfiguration", "RouteSelectionExpression",
                       "DisableExecuteApiEndpoint")  # fmt: skip
    tags = props.values.pop("Tags", None)
    if tags:
        props.set("Tags", {t["Key"]: t["Value"] for t in tags}, "Tags")
    more = {"ApiEndpoint": item.text("ApiEndpoint"), **({"ApiId": id} if snapshot.live else {})}
    snapshot.add(item, _HTTP, id, props, name=id, call=f"{item.get('Name')} Api", attributes=more)


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
            if field != "StageName" or not snapshot.live:
                props.values.pop("Tags", None)
            id = item.text(field)
            called = item.text("RouteKey") or item.text("Name") or item.text("StageName") or id
            noun = type.rpartition("::")[2]
            snapshot.add(
                item, type, f"{api.physical_id}|{id}", props, ref=id, name=id,
                call=f"{api.logical_id} {called} {noun}", attributes=_own(field, id) if snapshot.live else None,
            )  # fmt: skip
            return


def _own(field: str, id: str | None) -> dict[str, str | None]:
    """The id of a part, as `Fn::GetAtt` returns it."""
    return {field: id} if field != "StageName" else {}


_PARTS = (
    ("RouteId", "AWS::ApiGatewayV2::Route", ("RouteKey", "Target", "AuthorizationType", "AuthorizerId",
     "AuthorizationScopes", "ApiKeyRequired", "OperationName")),
    ("IntegrationId", "AWS::ApiGatewayV2::Integration", ("IntegrationType", "IntegrationUri", "IntegrationMethod",
     "PayloadFormatVersion", "ConnectionType", "ConnectionId", "TimeoutInMillis", "RequestParameters", "CredentialsArn",
     "IntegrationSubtype", "Description", "TlsConfig")),
    ("AuthorizerId", "AWS::ApiGatewayV2::Authorizer", ("Name", "AuthorizerType", "AuthorizerUri", "IdentitySource",
     "JwtConfiguration", "AuthorizerPayloadFormatVersion", "EnableSimpleResponses", "AuthorizerResultTtlInSeconds")),
    ("StageName", "AWS::ApiGatewayV2::Stage", ("StageName", "AutoDeploy", "DeploymentId", "StageVariables",
     "DefaultRouteSettings", "AccessLogSettings", "Description", "RouteSettings", "ClientCertificateId")),
    ("DeploymentId", "AWS::ApiGatewayV2::Deployment", ("Description",)),
)  # fmt: skip
READERS = {
    "apigateway:GetModels": _model,
    "apigateway:GetRequestValidators": _validator,
    "apigateway:GetGatewayResponses": _gateway_response,
    "items": _rest_items,
    "item": _stage,
    "Items": _second,
}
