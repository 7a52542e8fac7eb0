"""CloudFront, Route 53, certificates and web ACLs."""

from __future__ import annotations

from typing import Any

from archproof.sources.responses._call import ALL, Call, Per
from archproof.sources.responses._item import Item, Props, stack_of, tag_list
from archproof.sources.responses._snapshot import Reader, Snapshot, tagged

KEYS = {
    "Distribution": "DomainName", "HostedZones": "Id", "HostedZone": "Id", "ResourceRecordSets": "Type",
    "CertificateSummaryList": "CertificateArn", "Certificate": "CertificateArn", "WebACLs": "ARN", "WebACL": "ARN",
    "IPSets": "ARN", "IPSet": "ARN", "DistributionList": "Items",
    "OriginAccessControlList": "Items", "ResourceTagSets": "ResourceId", "TagInfoForResource": "ResourceARN",
    "LoggingConfigurations": "LogDestinationConfigs",
}  # fmt: skip
LATER = (
    "ResourceRecordSets", "CertificateSummaryList", "WebACLs", "IPSets", "DistributionList",
    "cloudfront:ListTagsForResource", "ResourceTagSets", "acm:ListTagsForCertificate", "TagInfoForResource",
    "wafv2:ListResourcesForWebACL",
)  # fmt: skip

_DISTRIBUTION = "AWS::CloudFront::Distribution"
_ZONE, _CERTIFICATE = "AWS::Route53::HostedZone", "AWS::CertificateManager::Certificate"
_ACL, _IP_SET, _LOGGING = "AWS::WAFv2::WebACL", "AWS::WAFv2::IPSet", "AWS::WAFv2::LoggingConfiguration"
_ASSOCIATION = "AWS::WAFv2::WebACLAssociation"
_ZONES = Per("ListHostedZones", "HostedZones[]", {"Id": "Id"})
_PROTECTED = ("APPLICATION_LOAD_BALANCER", "API_GATEWAY", "APPSYNC", "COGNITO_USER_POOL")


def _web(scope: str, once: bool) -> tuple[Call, ...]:
    """The calls of AWS WAF for one scope: what is for CloudFront stands in one region."""
    said = {"Scope": scope}
    acl = {"Id": "Id", "Name": "Name"}
    return (
        Call("wafv2", "ListWebACLs", "WebACLs", (_ACL,), gives={_ACL: ("Name", "Scope", "Description")}, once=once,
             parameters=said),
        Call("wafv2", "GetWebACL", "WebACL", once=once, parameters=said, per=Per("ListWebACLs", "WebACLs[]", acl),
             gives={_ACL: (ALL, "DefaultAction", "Rules", "VisibilityConfig", "CustomResponseBodies", "CaptchaConfig",
                           "ChallengeConfig", "TokenDomains", "AssociationConfig", "DataProtectionConfig")}),
        Call("wafv2", "ListTagsForResource", "TagInfoForResource", gives={_ACL: ("Tags",)}, once=once,
             per=Per("ListWebACLs", f"WebACLs[?contains(ARN, ':{'global' if once else 'regional'}/')]",
                     {"ResourceARN": "ARN"})),
        Call("wafv2", "ListTagsForResource", "TagInfoForResource", gives={_IP_SET: ("Tags",)}, once=once,
             per=Per("ListIPSets", f"IPSets[?contains(ARN, ':{'global' if once else 'regional'}/')]",
                     {"ResourceARN": "ARN"})),
        Call("wafv2", "ListLoggingConfigurations", "LoggingConfigurations", (_LOGGING,), gives={_LOGGING: (ALL,)},
             once=once, parameters=said),
        Call("wafv2", "ListIPSets", "IPSets", (_IP_SET,), gives={_IP_SET: ("Name", "Scope", "Description")},
             once=once, parameters=said),
        Call("wafv2", "GetIPSet", "IPSet", gives={_IP_SET: ("Addresses", "IPAddressVersion")}, once=once,
             parameters=said, per=Per("ListIPSets", "IPSets[]", acl)),
    )  # fmt: skip


CALLS = (
    Call("cloudfront", "ListDistributions", "DistributionList", (_DISTRIBUTION,), once=True),
    Call("cloudfront", "GetDistribution", "Distribution", gives={_DISTRIBUTION: ("DistributionConfig",)}, once=True,
         per=Per("ListDistributions", "DistributionList.Items[]", {"Id": "Id"})),
    Call("cloudfront", "ListTagsForResource", ".Tags", gives={_DISTRIBUTION: ("Tags",)}, once=True,
         per=Per("ListDistributions", "DistributionList.Items[]", {"Resource": "ARN"})),
    Call("cloudfront", "ListOriginAccessControls", "OriginAccessControlList",
         ("AWS::CloudFront::OriginAccessControl",),
         gives={"AWS::CloudFront::OriginAccessControl": ("OriginAccessControlConfig",)}, once=True),
    Call("route53", "ListHostedZones", "HostedZones", (_ZONE,), gives={_ZONE: ("Name", "HostedZoneConfig")},
         once=True),
    Call("route53", "GetHostedZone", "HostedZone", gives={_ZONE: ("VPCs",)}, per=_ZONES, once=True),
    Call("route53", "ListTagsForResources", "ResourceTagSets", gives={_ZONE: ("HostedZoneTags",)}, once=True,
         parameters={"ResourceType": "hostedzone"},
         per=Per("ListHostedZones", "HostedZones[]", {"ResourceIds": "Id"}, batch=10)),
    Call("route53", "ListResourceRecordSets", "ResourceRecordSets", ("AWS::Route53::RecordSet",), once=True,
         gives={"AWS::Route53::RecordSet": (ALL,)},
         per=Per("ListHostedZones", "HostedZones[]", {"HostedZoneId": "Id"})),
    Call("acm", "ListCertificates", "CertificateSummaryList", (_CERTIFICATE,), gives={_CERTIFICATE: ("DomainName",)},
         parameters={"Includes": {"keyTypes": ["RSA_1024", "RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1",
                                               "EC_secp384r1", "EC_secp521r1"]}}),
    Call("acm", "DescribeCertificate", "Certificate",
         gives={_CERTIFICATE: ("SubjectAlternativeNames", "ValidationMethod", "KeyAlgorithm",
                               "CertificateAuthorityArn", "CertificateTransparencyLoggingPreference")},
         per=Per("ListCertificates", "CertificateSummaryList[]", {"CertificateArn": "CertificateArn"})),
    Call("acm", "ListTagsForCertificate", ".Tags", gives={_CERTIFICATE: ("Tags",)},
         per=Per("ListCertificates", "CertificateSummaryList[]", {"CertificateArn": "CertificateArn"})),
    *_web("REGIONAL", False),
    *_web("CLOUDFRONT", True),
    *(
        Call("wafv2", "ListResourcesForWebACL", ".ResourceArns", (_ASSOCIATION,), gives={_ASSOCIATION: (ALL,)},
             parameters={"ResourceType": kind},
             per=Per("ListWebACLs", "WebACLs[?contains(ARN, ':regional/')]", {"WebACLArn": "ARN"}))
        for kind in _PROTECTED
    ),
)  # fmt: skip


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


def _tags_inside(types: tuple[str, ...], field: str, id: str) -> Reader:
    """A reader of tags with the id of whose they are beside them."""

    def read(item: Item, snapshot: Snapshot) -> None:
        found = next((f for f in (snapshot.find(type, item.text(id)) for type in types) if f is not None), None)
        if found is not None:
            props = Props(item)
            if item.get(field):
                props.set("Tags", tag_list(item.get(field)), field)
                props.stack = stack_of(item.get(field))
            snapshot.extend(found, item, props)

    return read


def _distribution_tags(item: Item, snapshot: Snapshot) -> None:
    found = snapshot.told_by_path(item, _DISTRIBUTION) or next(
        (d for d in snapshot.resources.of_type(_DISTRIBUTION)
         if str(item.asked.get("Resource")).endswith(f"/{d.physical_id}")), None,
    )  # fmt: skip
    if found is not None:
        props = Props(item)
        props.set("Tags", tag_list(item.get("Tags.Items")), "Tags", "Items")
        props.stack = stack_of(item.get("Tags.Items"))
        snapshot.extend(found, item, props)


def _associations(item: Item, snapshot: Snapshot) -> None:
    for arn in item.get("ResourceArns"):
        props = Props(item)
        props.set("ResourceArn", arn, "ResourceArns")
        props.set("WebACLArn", item.asked.get("WebACLArn"))
        snapshot.add(item, _ASSOCIATION, f"{arn}|{item.asked.get('WebACLArn')}", props)


def _logging(item: Item, snapshot: Snapshot) -> None:
    props = item.props("LogDestinationConfigs", "RedactedFields", "LoggingFilter", "ResourceArn")
    made_by = "aws" if item.get("ManagedByFirewallManager") is True else None
    snapshot.add(item, _LOGGING, item.text("ResourceArn"), props, made_by=made_by)


def _zone(item: Item, snapshot: Snapshot) -> None:
    id = str(item.get("Id")).rpartition("/")[2]
    props = item.props("Name")
    props.looked.add("HostedZoneConfig")
    if item.get("Config.Comment"):
        props.set("HostedZoneConfig", {"Comment": item.get("Config.Comment")}, "Config")
    vpcs = item.around.get("VPCs")
    if isinstance(vpcs, list) and vpcs:
        props.values["VPCs"] = vpcs
        if snapshot.live:
            props.values["VPCs"] = [{"VPCId": v.get("VPCId"), "VPCRegion": v.get("VPCRegion")} for v in vpcs]
    zone = snapshot.add(item, _ZONE, id, props, name=id, call=f"{item.get('Name')} HostedZone")
    if zone is not None:
        snapshot.names.setdefault((_ZONE, str(item.get("Id"))), zone)
        if isinstance(item.around.get("DelegationSet"), dict):
            servers = item.around["DelegationSet"].get("NameServers") or []
            snapshot.returned[zone.logical_id]["NameServers"] = ",".join(servers)


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
    if snapshot.live:
        algorithm = item.text("KeyAlgorithm")
        if algorithm:  # RSA-2048 in answers, RSA_2048 in templates
            props.set("KeyAlgorithm", algorithm.replace("-", "_"), "KeyAlgorithm")
        props.take("CertificateTransparencyLoggingPreference", "Options.CertificateTransparencyLoggingPreference")
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


READERS = {
    "cloudfront:ListTagsForResource": _distribution_tags,
    "ResourceTagSets": _tags_inside((_ZONE,), "Tags", "ResourceId"),
    "acm:ListTagsForCertificate": tagged("AWS::CertificateManager::Certificate"),
    "TagInfoForResource": _tags_inside((_ACL, _IP_SET), "TagList", "ResourceARN"),
    "wafv2:ListResourcesForWebACL": _associations,
    "LoggingConfigurations": _logging,
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
}
