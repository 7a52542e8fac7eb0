"""What stands beside the APIs of API Gateway: domain names, usage plans, keys, links into a VPC, the account's role."""

from __future__ import annotations

from archproof.sources.responses._call import ALL, Call, Per
from archproof.sources.responses._item import Item, Props
from archproof.sources.responses._snapshot import Reader, Snapshot

KEYS = {".cloudwatchRoleArn": "cloudwatchRoleArn"}
LATER = (
    "apigateway:GetUsagePlanKeys", "apigateway:GetBasePathMappings", "apigatewayv2:GetApiMappings",
    "apigatewayv2:GetDomainNames",
)  # fmt: skip
_V1, _V2 = "AWS::ApiGateway::", "AWS::ApiGatewayV2::"
_MAPPING, _API_MAPPING, _PLAN_KEY = f"{_V1}BasePathMapping", f"{_V2}ApiMapping", f"{_V1}UsagePlanKey"


def _list(service: str, operation: str, key: str, type: str, *gives: str, page: int = 0) -> Call:
    return Call(service, operation, key, (type,), gives={type: (ALL, "Tags", *gives)}, page=page)


CALLS = (
    _list("apigateway", "GetDomainNames", "items", f"{_V1}DomainName", page=500),
    Call("apigateway", "GetBasePathMappings", "items", (_MAPPING,), gives={_MAPPING: (ALL, "DomainName")}, page=500,
         per=Per("GetDomainNames", "items[]", {"domainName": "domainName"})),
    Call("apigateway", "GetApiKeys", "items", (f"{_V1}ApiKey",), page=500,
         gives={f"{_V1}ApiKey": ("Name", "Description", "Enabled", "CustomerId", "StageKeys", "Tags")},
         parameters={"includeValues": False}),
    _list("apigateway", "GetUsagePlans", "items", f"{_V1}UsagePlan", "ApiStages", "Quota", "Throttle", page=500),
    # GetUsagePlanKeys tells the keys themselves: it is read where somebody else asked, and never sent
    _list("apigateway", "GetVpcLinks", "items", f"{_V1}VpcLink", page=500),
    Call("apigateway", "GetAccount", ".", (f"{_V1}Account",), gives={f"{_V1}Account": ("CloudWatchRoleArn",)}),
    _list("apigatewayv2", "GetDomainNames", "Items", f"{_V2}DomainName"),
    Call("apigatewayv2", "GetApiMappings", "Items", (_API_MAPPING,), gives={_API_MAPPING: (ALL, "DomainName")},
         per=Per("GetDomainNames", "Items[]", {"DomainName": "DomainName"})),
    _list("apigatewayv2", "GetVpcLinks", "Items", f"{_V2}VpcLink"),
)  # fmt: skip


def _named(type: str, id: str, *same: str, attribute: str = "", **renamed: str) -> Reader:
    """A reader of what has an id and a name; the id is what `Fn::GetAtt` returns under `attribute`."""

    def read(item: Item, snapshot: Snapshot) -> None:
        props = item.props(*same, **renamed)
        own = item.text(id)
        more = {attribute: own} if attribute else None
        snapshot.add(item, type, own, props, name=own, attributes=more,
                     call=f"{item.get('name') or item.get('Name') or own} {type.rpartition('::')[2]}")  # fmt: skip

    return read


def _domain(item: Item, snapshot: Snapshot) -> None:
    props = item.props("DomainName", "CertificateArn", "RegionalCertificateArn", "SecurityPolicy",
                       "OwnershipVerificationCertificateArn", "MutualTlsAuthentication", "EndpointConfiguration",
                       "RoutingMode")  # fmt: skip
    name = item.text("domainName")
    snapshot.add(item, f"{_V1}DomainName", name, props, name=name, call=f"{name} DomainName", attributes={
        "DistributionDomainName": item.text("distributionDomainName"),
        "DistributionHostedZoneId": item.text("distributionHostedZoneId"),
        "RegionalDomainName": item.text("regionalDomainName"),
        "RegionalHostedZoneId": item.text("regionalHostedZoneId"),
    } if snapshot.live else None)  # fmt: skip


def _second_domain(item: Item, snapshot: Snapshot) -> None:
    """A domain name of the second generation; each of the first is in this list too."""
    props = item.props("DomainName", "DomainNameConfigurations", "MutualTlsAuthentication", "RoutingMode")
    name = item.text("DomainName")
    told = (item.get("DomainNameConfigurations") or [{}])[0]
    also_first = snapshot.find(f"{_V1}DomainName", name) is not None
    domain = snapshot.add(item, f"{_V2}DomainName", name, props, name=name, call=f"{name} DomainName",
                          implied=also_first)  # fmt: skip
    if domain is not None and isinstance(told, dict):
        own = {"RegionalDomainName": told.get("ApiGatewayDomainName"), "RegionalHostedZoneId": told.get("HostedZoneId")}
        snapshot.returned[domain.logical_id].update({k: v for k, v in own.items() if v})


def _mapping(item: Item, snapshot: Snapshot) -> None:
    domain, path = item.asked.get("domainName"), item.text("basePath")
    props = item.props("Stage", RestApiId="restApiId")
    if path not in (None, "(none)"):
        props.set("BasePath", path, "basePath")
    props.looked.add("BasePath")
    props.set("DomainName", domain)
    snapshot.add(item, _MAPPING, f"{domain}|{path or '(none)'}", props)


def _api_mapping(item: Item, snapshot: Snapshot) -> None:
    domain = item.asked.get("DomainName")
    props = item.props("ApiId", "Stage", "ApiMappingKey")
    props.set("DomainName", domain)
    id = item.text("ApiMappingId")
    snapshot.add(item, _API_MAPPING, f"{domain}|{id}", props, ref=id, attributes={"ApiMappingId": id})


def _plan(item: Item, snapshot: Snapshot) -> None:
    props = item.props("Description", "ApiStages", "Quota", "Throttle", UsagePlanName="name")
    id = item.text("id")
    snapshot.add(item, f"{_V1}UsagePlan", id, props, name=id, call=f"{item.get('name')} UsagePlan",
                 attributes={"Id": id})  # fmt: skip


def _plan_key(item: Item, snapshot: Snapshot) -> None:
    plan, id = item.asked.get("usagePlanId"), item.text("id")
    props = Props(item)
    props.set("KeyId", id, "id")
    props.set("KeyType", item.get("type"), "type")
    props.set("UsagePlanId", plan)
    snapshot.add(item, _PLAN_KEY, f"{id}:{plan}", props, call=f"{item.get('name') or id} UsagePlanKey")


def _account(item: Item, snapshot: Snapshot) -> None:
    """The role by which API Gateway logs; an account where none is set has nothing to say."""
    props = Props(item)
    props.take("CloudWatchRoleArn", "cloudwatchRoleArn")
    if props.values:
        snapshot.add(item, f"{_V1}Account", f"{item.account}-{item.region}", props, call="ApiGatewayAccount")


READERS = {
    "apigateway:GetDomainNames": _domain,
    "apigateway:GetBasePathMappings": _mapping,
    "apigateway:GetApiKeys": _named(f"{_V1}ApiKey", "id", "Name", "Description", "Enabled", "CustomerId", "StageKeys",
                                    attribute="APIKeyId"),
    "apigateway:GetUsagePlans": _plan,
    "apigateway:GetUsagePlanKeys": _plan_key,
    "apigateway:GetVpcLinks": _named(f"{_V1}VpcLink", "id", "Name", "Description", "TargetArns",
                                     attribute="VpcLinkId"),
    "apigateway:GetAccount": _account,
    ".cloudwatchRoleArn": _account,
    "apigatewayv2:GetDomainNames": _second_domain,
    "apigatewayv2:GetApiMappings": _api_mapping,
    "apigatewayv2:GetVpcLinks": _named(f"{_V2}VpcLink", "VpcLinkId", "Name", "SecurityGroupIds", "SubnetIds",
                                       attribute="VpcLinkId"),
}  # fmt: skip
