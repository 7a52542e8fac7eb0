"""CloudFront, Route 53, certificates, web ACLs and Cognito."""

from __future__ import annotations

from typing import Any

from archproof.sources.responses._item import Item, Props
from archproof.sources.responses._snapshot import Snapshot

KEYS = {
    "Distribution": "DomainName", "HostedZones": "Id", "HostedZone": "Id", "ResourceRecordSets": "Type",
    "CertificateSummaryList": "CertificateArn", "Certificate": "CertificateArn", "WebACLs": "ARN", "WebACL": "ARN",
    "IPSets": "ARN", "IPSet": "ARN", "UserPool": "Id", "UserPools": "Id", "UserPoolClient": "ClientId",
    "UserPoolClients": "ClientId", "DistributionList": "Items",
    "OriginAccessControlList": "Items",
}  # fmt: skip
LATER = ("ResourceRecordSets", "CertificateSummaryList", "WebACLs", "IPSets", "UserPools", "UserPoolClients",
         "UserPoolClient", "DistributionList")  # fmt: skip

_DISTRIBUTION = "AWS::CloudFront::Distribution"


def flat(value: Any) -> Any:
    """CloudFront's `{"Quantity": 1, "Items": […]}` as the list that CloudFormation has."""
    if isinstance(value, dict):
        if "Quantity" in value and value.keys() <= {"Quantity", "Items"}:
            return [flat(v) for v in value.get("Items") or []]
        return {k: flat(v) for k, v in value.items() if k != "Quantity" and v not in ("", None)}
    return [flat(v) for v in value] if isinstance(value, list) else value


def _behaviour(value: dict[str, Any]) -> dict[str, Any]:
    methods = value.get("AllowedMethods")
    if isinstance(methods, dict):
        value["AllowedMethods"], value["CachedMethods"] = methods.get("Items"), methods.get("CachedMethods")
    signers = value.pop("TrustedSigners", None)
    if isinstance(signers, dict) and signers.get("Items"):
        value["TrustedSigners"] = signers["Items"]
    groups = value.pop("TrustedKeyGroups", None)
    if isinstance(groups, dict) and groups.get("Items"):
        value["TrustedKeyGroups"] = groups["Items"]
    for name in ("LambdaFunctionAssociations", "FunctionAssociations"):
        if not value.get(name):
            value.pop(name, None)
    return {k: v for k, v in value.items() if v is not None and k != "GrpcConfig"}


def _distribution(item: Item, snapshot: Snapshot) -> None:
    config = flat(item.get("DistributionConfig") or item.value)
    own = (
        "Id",
        "ARN",
        "Status",
        "LastModifiedTime",
        "DomainName",
        "AliasICPRecordals",
        "CallerReference",
        "Staging",
        "DistributionConfig",
        "ETag",
        "InProgressInvalidationBatches",
        "ConnectionMode",
        "ViewerMtlsConfig",
    )
    config = {k: v for k, v in config.items() if k not in own and v not in ([], {})}
    if isinstance(config.get("DefaultCacheBehavior"), dict):
        config["DefaultCacheBehavior"] = _behaviour(config["DefaultCacheBehavior"])
    for name in ("CacheBehaviors", "Origins"):
        held = config.get(name)
        if isinstance(held, list):
            config[name] = [_behaviour(b) if name == "CacheBehaviors" else _origin(b) for b in held]
    groups = config.get("OriginGroups")
    if isinstance(groups, list):
        config["OriginGroups"] = {"Quantity": len(groups), "Items": groups}
    config["IPV6Enabled"] = config.pop("IsIPV6Enabled", None)
    certificate = config.get("ViewerCertificate")
    if isinstance(certificate, dict):
        kept = {"ACMCertificateArn": "AcmCertificateArn", "IAMCertificateId": "IamCertificateId",
                "SSLSupportMethod": "SslSupportMethod"}  # fmt: skip
        certificate = {
            kept.get(k, k): v for k, v in certificate.items() if k not in ("Certificate", "CertificateSource")
        }
        config["ViewerCertificate"] = certificate
    if config.get("WebACLId") == "":
        config.pop("WebACLId")
    props = Props(item)
    config = {k: v for k, v in config.items() if v is not None}
    props.set("DistributionConfig", config, *(["DistributionConfig"] if "DistributionConfig" in item.value else []))
    id = item.text("Id")
    called = (config.get("Aliases") or [None])[0] or config.get("Comment") or id
    snapshot.add(
        item, _DISTRIBUTION, id, props, attributes={"DomainName": item.text("DomainName")}, name=id,
        call=f"{called} Distribution",
    )  # fmt: skip


def _origin(origin: dict[str, Any]) -> dict[str, Any]:
    origin = {k: v for k, v in origin.items() if v not in ([], {}, None, "")}
    headers = origin.pop("CustomHeaders", None)
    if headers:
        origin["OriginCustomHeaders"] = headers
    custom = origin.get("CustomOriginConfig")
    if isinstance(custom, dict):
        renamed = {"OriginSslProtocols": "OriginSSLProtocols"}
        origin["CustomOriginConfig"] = {renamed.get(k, k): v for k, v in custom.items() if k != "IpAddressType"}
    return origin


def _distributions(item: Item, snapshot: Snapshot) -> None:
    for entry in item.each("Items"):
        if entry.get("DomainName") and snapshot.find(_DISTRIBUTION, entry.text("Id")) is None:
            _distribution(entry, snapshot)


def _access_controls(item: Item, snapshot: Snapshot) -> None:
    for entry in item.each("Items"):
        said = {
            "Name": entry.get("Name"),
            "OriginAccessControlOriginType": entry.get("OriginAccessControlOriginType"),
            "SigningBehavior": entry.get("SigningBehavior"),
            "SigningProtocol": entry.get("SigningProtocol"),
        }
        props = Props(entry)
        props.set("OriginAccessControlConfig", said)
        snapshot.add(entry, "AWS::CloudFront::OriginAccessControl", entry.text("Id"), props, name=entry.text("Name"))


def _zone(item: Item, snapshot: Snapshot) -> None:
    id = str(item.get("Id")).rpartition("/")[2]
    props = item.props("Name")
    if item.get("Config.Comment"):
        props.set("HostedZoneConfig", {"Comment": item.get("Config.Comment")}, "Config")
    vpcs = item.around.get("VPCs")
    if isinstance(vpcs, list) and vpcs:
        props.values["VPCs"] = vpcs
    snapshot.add(item, "AWS::Route53::HostedZone", id, props, name=id, call=f"{item.get('Name')} HostedZone")


def _records(item: Item, snapshot: Snapshot) -> None:
    name, type = str(item.get("Name")), str(item.get("Type"))
    zones = [z for z in snapshot.resources.of_type("AWS::Route53::HostedZone") if name.endswith(str(z.get("Name")))]
    told = snapshot.told_by_path(item, "AWS::Route53::HostedZone")
    zone = told or (max(zones, key=lambda z: len(str(z.get("Name")))) if zones else None)
    props = item.props("Name", "Type", "SetIdentifier", "Weight", "Region", "Failover", "HealthCheckId", "GeoLocation",
                       "AliasTarget", "MultiValueAnswer")  # fmt: skip
    if item.get("TTL") is not None:
        props.set("TTL", str(item.get("TTL")), "TTL")
    values = [r.get("Value") for _, r in item.entries("ResourceRecords")]
    if values:
        props.set("ResourceRecords", values, "ResourceRecords")
    made_by = None
    if zone is not None:
        props.set("HostedZoneId", zone.physical_id)
        made_by = "aws" if type in ("NS", "SOA") and name == zone.get("Name") else None
    elif name.endswith("."):
        props.set("HostedZoneName", name.partition(".")[2] or name)
    id = f"{props.values.get('HostedZoneId')}|{name}|{type}|{item.get('SetIdentifier', '')}"
    snapshot.add(item, "AWS::Route53::RecordSet", id, props, call=f"{name} {type} Record", made_by=made_by)


def _certificate(item: Item, snapshot: Snapshot) -> None:
    arn = item.text("CertificateArn")
    props = item.props("DomainName", "KeyAlgorithm", CertificateAuthorityArn="CertificateAuthorityArn")
    props.values.pop("KeyAlgorithm", None)
    names = item.get("SubjectAlternativeNames")
    if isinstance(names, list) and names != [item.get("DomainName")]:
        props.set(
            "SubjectAlternativeNames", [n for n in names if n != item.get("DomainName")], "SubjectAlternativeNames"
        )
    options = item.entries("DomainValidationOptions")
    if options and options[0][1].get("ValidationMethod"):
        props.set("ValidationMethod", options[0][1]["ValidationMethod"], "DomainValidationOptions")
    snapshot.add(
        item, "AWS::CertificateManager::Certificate", arn, props, arn=arn, call=f"{item.get('DomainName')} Certificate"
    )


def _web_acl(item: Item, snapshot: Snapshot) -> None:
    props = item.props("Name", "Description", "DefaultAction", "Rules", "VisibilityConfig", "CustomResponseBodies")
    arn = str(item.get("ARN"))
    props.set("Scope", "CLOUDFRONT" if ":global/" in arn else "REGIONAL", "ARN")
    snapshot.add(item, "AWS::WAFv2::WebACL", arn, props, arn=arn, name=item.text("Name"))


def _ip_set(item: Item, snapshot: Snapshot) -> None:
    props = item.props("Name", "Description", "IPAddressVersion", "Addresses")
    arn = str(item.get("ARN"))
    props.set("Scope", "CLOUDFRONT" if ":global/" in arn else "REGIONAL", "ARN")
    snapshot.add(item, "AWS::WAFv2::IPSet", arn, props, arn=arn, name=item.text("Name"))


def _user_pool(item: Item, snapshot: Snapshot) -> None:
    props = item.props(
        "Policies",
        "DeletionProtection",
        "AutoVerifiedAttributes",
        "AliasAttributes",
        "UsernameAttributes",
        "MfaConfiguration",
        "UserPoolAddOns",
        "AccountRecoverySetting",
        "AdminCreateUserConfig",
        "UsernameConfiguration",
        "VerificationMessageTemplate",
        "UserPoolTier",
        UserPoolName="Name",
    )
    triggers = item.get("LambdaConfig")
    if isinstance(triggers, dict) and triggers:
        props.set("LambdaConfig", triggers, "LambdaConfig")
    tags = item.get("UserPoolTags")
    if isinstance(tags, dict) and tags:
        props.set("UserPoolTags", {k: v for k, v in tags.items() if not k.startswith("aws:")}, "UserPoolTags")
    id = item.text("Id")
    snapshot.add(
        item, "AWS::Cognito::UserPool", id, props, arn=item.text("Arn"), name=id, call=f"{item.get('Name')} UserPool"
    )


def _user_pool_client(item: Item, snapshot: Snapshot) -> None:
    """A client; its secret is never taken."""
    props = item.props(
        "UserPoolId", "ClientName", "RefreshTokenValidity", "AccessTokenValidity", "IdTokenValidity",
        "TokenValidityUnits", "ExplicitAuthFlows", "SupportedIdentityProviders", "CallbackURLs", "LogoutURLs",
        "AllowedOAuthFlows", "AllowedOAuthScopes", "AllowedOAuthFlowsUserPoolClient", "PreventUserExistenceErrors",
        "EnableTokenRevocation",
    )  # fmt: skip
    if item.get("ClientSecret"):
        props.set("GenerateSecret", True, "ClientSecret")
    id = item.text("ClientId")
    snapshot.add(
        item, "AWS::Cognito::UserPoolClient", id, props, name=id, call=f"{item.get('ClientName')} UserPoolClient"
    )


READERS = {
    "Distribution": _distribution,
    "DistributionList": _distributions,
    "OriginAccessControlList": _access_controls,
    "HostedZones": _zone,
    "HostedZone": _zone,
    "ResourceRecordSets": _records,
    "CertificateSummaryList": _certificate,
    "Certificate": _certificate,
    "WebACLs": _web_acl,
    "WebACL": _web_acl,
    "IPSets": _ip_set,
    "IPSet": _ip_set,
    "UserPools": _user_pool,
    "UserPool": _user_pool,
    "UserPoolClients": _user_pool_client,
    "UserPoolClient": _user_pool_client,
}
