"""Amazon CloudFront: distributions, with the access control that lets only them read their buckets."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from archproof.facts import managed_id
from archproof.model.kinds.cloudfront import Behavior, CloudFront
from archproof.resources.lowering._context import Lowering, logical_id
from archproof.resources.lowering.resource_policies import allow_service

KINDS = ("cloudfront",)

_READ = ["GET", "HEAD", "OPTIONS"]
_WRITE = ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"]
_PRICES = {"all": "PriceClass_All", "200": "PriceClass_200", "100": "PriceClass_100"}
_PRINCIPAL = "cloudfront.amazonaws.com"


def lower_cloudfront(name: str, distribution: CloudFront, ctx: Lowering) -> None:
    """The distribution and what stands beside it."""
    first = Behavior.model_construct(
        origin=distribution.origin, origin_domain=distribution.origin_domain, cache=distribution.cache,
        write=distribution.write,
    )  # fmt: skip
    origins = {b.origin: b for b in (*distribution.behaviors.values(), first)}
    headers = _headers(name, distribution, ctx)
    configuration: dict[str, Any] = {
        "Enabled": True,
        "Comment": ctx.title(name),
        "HttpVersion": distribution.http_version,
        "IPV6Enabled": distribution.ipv6,
        "PriceClass": _PRICES[distribution.price_class],
        "DefaultRootObject": _root(distribution, ctx),
        "Origins": [_origin(name, o, b, ctx) for o, b in sorted(origins.items())],
        "DefaultCacheBehavior": _behavior(first, headers, ctx),
        "CacheBehaviors": [
            {"PathPattern": path, **_behavior(b, headers, ctx)} for path, b in distribution.behaviors.items()
        ],
        "CustomErrorResponses": _errors(distribution, ctx) if distribution.spa else None,
        "Aliases": distribution.aliases or None,
        "ViewerCertificate": _certificate(distribution, ctx),
        "Logging": _logging(name, distribution, ctx),
        "WebACLId": ctx.arn(distribution.waf) if distribution.waf else None,
        "Restrictions": {"GeoRestriction": _geo(distribution)},
    }
    kept = {k: v for k, v in configuration.items() if v not in (None, [])}
    ctx.add(
        name,
        "AWS::CloudFront::Distribution",
        {"DistributionConfig": kept, "Tags": ctx.tags(name)},
        origins={f"DistributionConfig.{key}": field for key, field in _ORIGINS.items()},
    )


_ORIGINS = {
    "HttpVersion": "http_version",
    "IPV6Enabled": "ipv6",
    "PriceClass": "price_class",
    "DefaultRootObject": "root",
    "Origins": "origin",
    "DefaultCacheBehavior": "origin",
    "CacheBehaviors": "behaviors",
    "CustomErrorResponses": "spa",
    "Aliases": "aliases",
    "ViewerCertificate": "certificate",
    "ViewerCertificate.MinimumProtocolVersion": "min_tls",
    "Logging": "access_logs",
    "WebACLId": "waf",
    "Restrictions": "geo",
}


def _root(distribution: CloudFront, ctx: Lowering) -> str | None:
    bucket = ctx.component(distribution.origin).kind == "s3_bucket"
    return distribution.root or ("index.html" if bucket else None)


def _origin(name: str, origin: str, behavior: Behavior, ctx: Lowering) -> dict[str, Any]:
    """One origin: a bucket behind access control, or a server over HTTPS."""
    kind = ctx.component(origin).kind
    written: dict[str, Any] = {"Id": origin, "DomainName": behavior.origin_domain or _domain(origin, kind, ctx)}
    if kind == "s3_bucket":
        written["S3OriginConfig"] = {"OriginAccessIdentity": ""}
        written["OriginAccessControlId"] = _access(name, origin, "s3", ctx)
        allow_service(ctx, origin, _PRINCIPAL, ["s3:GetObject"], ctx.arn(name), path="/*")
        return written
    if kind == "lambda":
        written["OriginAccessControlId"] = _access(name, origin, "lambda", ctx)
        properties = {
            "FunctionName": ctx.att(origin, "Arn"), "Action": "lambda:InvokeFunctionUrl", "Principal": _PRINCIPAL,
            "SourceArn": ctx.arn(name), "FunctionUrlAuthType": "AWS_IAM",
        }  # fmt: skip
        suffix = f"{logical_id(name)}UrlPermission"
        ctx.add(origin, "AWS::Lambda::Permission", properties, suffix=suffix, implied=True)
    if kind == "rest_api":
        written["OriginPath"] = f"/{getattr(ctx.component(origin), 'stage', '')}"
    written["CustomOriginConfig"] = {"OriginProtocolPolicy": "https-only", "OriginSSLProtocols": ["TLSv1.2"]}
    return written


def _domain(origin: str, kind: str, ctx: Lowering) -> Any:
    if kind == "s3_bucket":
        return ctx.att(origin, "RegionalDomainName")
    if kind in ("alb", "nlb"):
        return ctx.att(origin, "DNSName")
    if kind in ("http_api", "rest_api"):
        return {"Fn::Sub": f"${{{ctx.id(origin)}}}.execute-api.${{AWS::Region}}.${{AWS::URLSuffix}}"}
    if kind == "lambda":
        return {"Fn::Select": [2, {"Fn::Split": ["/", ctx.att(origin, "FunctionUrl", "Url")]}]}
    return urlsplit(getattr(ctx.component(origin), "url", None) or "").hostname or "example.invalid"


def _access(name: str, origin: str, kind: str, ctx: Lowering) -> dict[str, Any]:
    """Origin access control: every request to the origin is signed."""
    suffix = f"{logical_id(origin)}AccessControl"
    configuration = {
        "Name": {"Fn::Sub": f"${{AWS::StackName}}-{name}-{origin}".replace("_", "-")},
        "OriginAccessControlOriginType": kind,
        "SigningBehavior": "always",
        "SigningProtocol": "sigv4",
    }
    properties = {"OriginAccessControlConfig": configuration}
    ctx.add(name, "AWS::CloudFront::OriginAccessControl", properties, suffix=suffix, implied=True)
    return ctx.att(name, "Id", suffix)


def _behavior(behavior: Behavior, headers: Any, ctx: Lowering) -> dict[str, Any]:
    bucket = ctx.component(behavior.origin).kind == "s3_bucket"
    write = not bucket if behavior.write is None else behavior.write
    cache = behavior.cache or ("optimized" if bucket else "disabled")
    written: dict[str, Any] = {
        "TargetOriginId": behavior.origin,
        "ViewerProtocolPolicy": "redirect-to-https",
        "AllowedMethods": _WRITE if write else _READ,
        "CachedMethods": _READ,
        "Compress": True,
        "CachePolicyId": managed_id("cloudfront", "cache_policy", cache),
    }
    if not bucket:
        everything = managed_id("cloudfront", "origin_request_policy", "all_viewer_except_host")
        written["OriginRequestPolicyId"] = everything
    if headers is not None:
        written["ResponseHeadersPolicyId"] = headers
    return written


def _headers(name: str, distribution: CloudFront, ctx: Lowering) -> Any:
    """The policy that adds security headers: AWS's, or one of the distribution's with its content policy."""
    if not distribution.security_headers:
        return None
    if distribution.content_security_policy is None:
        return managed_id("cloudfront", "response_headers_policy", "security")
    year = 31536000
    security = {
        "ContentSecurityPolicy": {
            "ContentSecurityPolicy": distribution.content_security_policy, "Override": True,
        },
        "StrictTransportSecurity": {
            "AccessControlMaxAgeSec": year, "IncludeSubdomains": True, "Preload": True, "Override": True,
        },
        "ContentTypeOptions": {"Override": True},
        "FrameOptions": {"FrameOption": "DENY", "Override": True},
        "ReferrerPolicy": {"ReferrerPolicy": "strict-origin-when-cross-origin", "Override": True},
    }  # fmt: skip
    own = {"Fn::Sub": f"${{AWS::StackName}}-{name}".replace("_", "-")}
    configuration = {"Name": own, "SecurityHeadersConfig": security}
    ctx.add(
        name, "AWS::CloudFront::ResponseHeadersPolicy", {"ResponseHeadersPolicyConfig": configuration},
        suffix="Headers", origins={"ResponseHeadersPolicyConfig": "content_security_policy"},
    )  # fmt: skip
    return ctx.ref(name, "Headers")


def _errors(distribution: CloudFront, ctx: Lowering) -> list[dict[str, Any]]:
    """Unknown paths answer with the application. A private bucket says 403 for what it does not hold."""
    page = f"/{_root(distribution, ctx) or 'index.html'}"
    return [{"ErrorCode": code, "ResponseCode": 200, "ResponsePagePath": page} for code in (403, 404)]


def _certificate(distribution: CloudFront, ctx: Lowering) -> dict[str, Any]:
    if distribution.certificate is None:
        return {"CloudFrontDefaultCertificate": True}
    return {
        "AcmCertificateArn": ctx.arn(distribution.certificate),
        "MinimumProtocolVersion": distribution.min_tls,
        "SslSupportMethod": "sni-only",
    }


def _logging(name: str, distribution: CloudFront, ctx: Lowering) -> dict[str, Any] | None:
    if distribution.access_logs is None:
        return None
    prefix = distribution.access_logs.prefix or f"{name}/"
    return {"Bucket": ctx.att(distribution.access_logs.bucket, "DomainName"), "Prefix": prefix, "IncludeCookies": False}


def _geo(distribution: CloudFront) -> dict[str, Any]:
    if distribution.geo is None:
        return {"RestrictionType": "none"}
    if distribution.geo.allow:
        return {"RestrictionType": "whitelist", "Locations": distribution.geo.allow}
    return {"RestrictionType": "blacklist", "Locations": distribution.geo.deny}
