"""CloudFront: distributions, access to origins, functions, policies, keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archproof.sources.terraform.made import put
from archproof.sources.terraform.mapping import Mapping, block, blocks, to

if TYPE_CHECKING:
    from archproof.sources.terraform.made import Made

TYPES = (
    "aws_cloudfront_distribution", "aws_cloudfront_origin_access_control", "aws_cloudfront_origin_access_identity",
    "aws_cloudfront_function", "aws_cloudfront_cache_policy", "aws_cloudfront_origin_request_policy",
    "aws_cloudfront_response_headers_policy", "aws_cloudfront_public_key", "aws_cloudfront_key_group",
    "aws_cloudfront_key_value_store", "aws_cloudfront_realtime_log_config",
)  # fmt: skip


def _origin_groups(value: Any) -> Any:
    """Groups of origins, which CloudFormation counts."""
    if not isinstance(value, list):
        return value
    groups = []
    for group in value:
        codes = [c for f in group.get("failover_criteria") or [] for c in f.get("status_codes") or []]
        members = [{"OriginId": m.get("origin_id")} for m in group.get("member") or []]
        groups.append({
            "Id": group.get("origin_id"),
            "FailoverCriteria": {"StatusCodes": {"Items": codes, "Quantity": len(codes)}},
            "Members": {"Items": members, "Quantity": len(members)},
        })  # fmt: skip
    return {"Items": groups, "Quantity": len(groups)}


def _stores(value: Any) -> Any:
    return [{"KeyValueStoreARN": v} for v in value] if isinstance(value, list) else value


def _origins(made: Made) -> None:
    """An origin that is neither custom nor has an identity is a bucket."""
    for at, origin in enumerate(made.resource.get("DistributionConfig", "Origins") or []):
        if isinstance(origin, dict) and not {"CustomOriginConfig", "S3OriginConfig", "VpcOriginConfig"} & set(origin):
            place = (made.item.address, "origin", at)
            put(
                made.resource,
                ("DistributionConfig", "Origins", at, "S3OriginConfig"),
                {"OriginAccessIdentity": ""},
                place,
            )


def _caller_reference(made: Made) -> None:
    made.set("PublicKeyConfig.CallerReference", made.resource.logical_id)


MAPPINGS = {
    "aws_cloudfront_distribution": Mapping(
        "AWS::CloudFront::Distribution",
        "enabled=DistributionConfig.Enabled "
        "aliases=DistributionConfig.Aliases "
        "anycast_ip_list_id=DistributionConfig.AnycastIpListId "
        "comment=DistributionConfig.Comment "
        "-continuous_deployment_policy_id "
        "default_root_object=DistributionConfig.DefaultRootObject "
        "http_version=DistributionConfig.HttpVersion "
        "is_ipv6_enabled=DistributionConfig.IPV6Enabled "
        "price_class=DistributionConfig.PriceClass -retain_on_delete "
        "-staging -wait_for_deployment "
        "web_acl_id=DistributionConfig.WebACLId",
        {
            "default_cache_behavior": block(
                "DistributionConfig.DefaultCacheBehavior",
                "allowed_methods cached_methods target_origin_id "
                "viewer_protocol_policy cache_policy_id compress "
                "default_ttl=DefaultTTL field_level_encryption_id max_ttl=MaxTTL "
                "min_ttl=MinTTL origin_request_policy_id realtime_log_config_arn "
                "response_headers_policy_id smooth_streaming trusted_key_groups "
                "trusted_signers",
                {
                    "forwarded_values": block(
                        "ForwardedValues",
                        "query_string headers query_string_cache_keys",
                        {"cookies": block("Cookies", "forward whitelisted_names")},
                    ),
                    "function_association": blocks("FunctionAssociations", "event_type function_arn=FunctionARN"),
                    "grpc_config": block("GrpcConfig", "enabled"),
                    "lambda_function_association": blocks(
                        "LambdaFunctionAssociations", "event_type lambda_arn=LambdaFunctionARN include_body"
                    ),
                },
            ),
            "origin": blocks(
                "DistributionConfig.Origins",
                "domain_name origin_id=Id connection_attempts connection_timeout "
                "origin_access_control_id origin_path "
                "response_completion_timeout",
                {
                    "custom_header": blocks("OriginCustomHeaders", "name=HeaderName value=HeaderValue"),
                    "custom_origin_config": block(
                        "CustomOriginConfig",
                        "http_port=HTTPPort https_port=HTTPSPort origin_protocol_policy "
                        "origin_ssl_protocols=OriginSSLProtocols ip_address_type "
                        "origin_keepalive_timeout origin_read_timeout",
                    ),
                    "origin_shield": block("OriginShield", "enabled origin_shield_region"),
                    "s3_origin_config": block("S3OriginConfig", "origin_access_identity"),
                    "vpc_origin_config": block(
                        "VpcOriginConfig", "vpc_origin_id origin_keepalive_timeout origin_read_timeout"
                    ),
                },
            ),
            "restrictions": block(
                "DistributionConfig.Restrictions",
                "",
                {"geo_restriction": block("GeoRestriction", "restriction_type locations")},
            ),
            "viewer_certificate": block(
                "DistributionConfig.ViewerCertificate",
                "acm_certificate_arn "
                "cloudfront_default_certificate=CloudFrontDefaultCertificate "
                "iam_certificate_id minimum_protocol_version ssl_support_method",
            ),
            "custom_error_response": blocks(
                "DistributionConfig.CustomErrorResponses",
                "error_code error_caching_min_ttl=ErrorCachingMinTTL response_code response_page_path",
            ),
            "logging_config": block("DistributionConfig.Logging", "bucket include_cookies prefix"),
            "ordered_cache_behavior": blocks(
                "DistributionConfig.CacheBehaviors",
                "allowed_methods cached_methods path_pattern target_origin_id "
                "viewer_protocol_policy cache_policy_id compress "
                "default_ttl=DefaultTTL field_level_encryption_id max_ttl=MaxTTL "
                "min_ttl=MinTTL origin_request_policy_id realtime_log_config_arn "
                "response_headers_policy_id smooth_streaming trusted_key_groups "
                "trusted_signers",
                {
                    "forwarded_values": block(
                        "ForwardedValues",
                        "query_string headers query_string_cache_keys",
                        {"cookies": block("Cookies", "forward whitelisted_names")},
                    ),
                    "function_association": blocks("FunctionAssociations", "event_type function_arn=FunctionARN"),
                    "grpc_config": block("GrpcConfig", "enabled"),
                    "lambda_function_association": blocks(
                        "LambdaFunctionAssociations", "event_type lambda_arn=LambdaFunctionARN include_body"
                    ),
                },
            ),
            "origin_group": to("DistributionConfig.OriginGroups", _origin_groups),
        },
        attributes="id=Ref domain_name=DomainName "
        "arn=sub:arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${.}",
        finish=_origins,
    ),
    "aws_cloudfront_origin_access_control": Mapping(
        "AWS::CloudFront::OriginAccessControl",
        "name=OriginAccessControlConfig.Name "
        "origin_access_control_origin_type=OriginAccessControlConfig.OriginAccessControlOriginType "
        "signing_behavior=OriginAccessControlConfig.SigningBehavior "
        "signing_protocol=OriginAccessControlConfig.SigningProtocol "
        "description=OriginAccessControlConfig.Description",
        attributes="id=Ref",
        tags="",
    ),
    "aws_cloudfront_origin_access_identity": Mapping(
        "AWS::CloudFront::CloudFrontOriginAccessIdentity",
        "comment=CloudFrontOriginAccessIdentityConfig.Comment",
        attributes="id=Ref s3_canonical_user_id=S3CanonicalUserId "
        "cloudfront_access_identity_path=sub:origin-access-identity/cloudfront/${.}",
        tags="",
    ),
    "aws_cloudfront_function": Mapping(
        "AWS::CloudFront::Function",
        "code=FunctionCode name runtime=FunctionConfig.Runtime comment=FunctionConfig.Comment publish=AutoPublish",
        {"key_value_store_associations": to("FunctionConfig.KeyValueStoreAssociations", _stores)},
        attributes="id=Ref arn=FunctionARN name=Name",
        tags="",
    ),
    "aws_cloudfront_cache_policy": Mapping(
        "AWS::CloudFront::CachePolicy",
        "name=CachePolicyConfig.Name comment=CachePolicyConfig.Comment "
        "default_ttl=CachePolicyConfig.DefaultTTL "
        "max_ttl=CachePolicyConfig.MaxTTL "
        "min_ttl=CachePolicyConfig.MinTTL",
        {
            "parameters_in_cache_key_and_forwarded_to_origin": block(
                "CachePolicyConfig.ParametersInCacheKeyAndForwardedToOrigin",
                "enable_accept_encoding_brotli enable_accept_encoding_gzip",
                {
                    "cookies_config": block(
                        "CookiesConfig", "cookie_behavior", {"cookies": block("", "items=Cookies")}
                    ),
                    "headers_config": block(
                        "HeadersConfig", "header_behavior", {"headers": block("", "items=Headers")}
                    ),
                    "query_strings_config": block(
                        "QueryStringsConfig",
                        "query_string_behavior",
                        {"query_strings": block("", "items=QueryStrings")},
                    ),
                },
            )
        },
        attributes="id=Ref",
        tags="",
    ),
    "aws_cloudfront_origin_request_policy": Mapping(
        "AWS::CloudFront::OriginRequestPolicy",
        "name=OriginRequestPolicyConfig.Name comment=OriginRequestPolicyConfig.Comment",
        {
            "cookies_config": block(
                "OriginRequestPolicyConfig.CookiesConfig", "cookie_behavior", {"cookies": block("", "items=Cookies")}
            ),
            "headers_config": block(
                "OriginRequestPolicyConfig.HeadersConfig", "header_behavior", {"headers": block("", "items=Headers")}
            ),
            "query_strings_config": block(
                "OriginRequestPolicyConfig.QueryStringsConfig",
                "query_string_behavior",
                {"query_strings": block("", "items=QueryStrings")},
            ),
        },
        attributes="id=Ref",
        tags="",
    ),
    "aws_cloudfront_response_headers_policy": Mapping(
        "AWS::CloudFront::ResponseHeadersPolicy",
        "name=ResponseHeadersPolicyConfig.Name comment=ResponseHeadersPolicyConfig.Comment",
        {
            "cors_config": block(
                "ResponseHeadersPolicyConfig.CorsConfig",
                "access_control_allow_credentials origin_override access_control_max_age_sec",
                {
                    "access_control_allow_headers": block("AccessControlAllowHeaders", "items"),
                    "access_control_allow_methods": block("AccessControlAllowMethods", "items"),
                    "access_control_allow_origins": block("AccessControlAllowOrigins", "items"),
                    "access_control_expose_headers": block("AccessControlExposeHeaders", "items"),
                },
            ),
            "custom_headers_config": block(
                "ResponseHeadersPolicyConfig.CustomHeadersConfig",
                "",
                {"items": blocks("Items", "header override value")},
            ),
            "remove_headers_config": block(
                "ResponseHeadersPolicyConfig.RemoveHeadersConfig", "", {"items": blocks("Items", "header")}
            ),
            "security_headers_config": block(
                "ResponseHeadersPolicyConfig.SecurityHeadersConfig",
                "",
                {
                    "content_security_policy": block("ContentSecurityPolicy", "content_security_policy override"),
                    "content_type_options": block("ContentTypeOptions", "override"),
                    "frame_options": block("FrameOptions", "frame_option override"),
                    "referrer_policy": block("ReferrerPolicy", "override referrer_policy"),
                    "strict_transport_security": block(
                        "StrictTransportSecurity", "access_control_max_age_sec override include_subdomains preload"
                    ),
                    "xss_protection": block("XSSProtection", "override protection mode_block report_uri"),
                },
            ),
            "server_timing_headers_config": block(
                "ResponseHeadersPolicyConfig.ServerTimingHeadersConfig", "enabled sampling_rate"
            ),
        },
        attributes="id=Ref",
        tags="",
    ),
    "aws_cloudfront_public_key": Mapping(
        "AWS::CloudFront::PublicKey",
        "encoded_key=PublicKeyConfig.EncodedKey comment=PublicKeyConfig.Comment name=PublicKeyConfig.Name -name_prefix",
        attributes="id=Ref",
        tags="",
        finish=_caller_reference,
    ),
    "aws_cloudfront_key_group": Mapping(
        "AWS::CloudFront::KeyGroup",
        "items=KeyGroupConfig.Items name=KeyGroupConfig.Name comment=KeyGroupConfig.Comment",
        attributes="id=Ref",
        tags="",
    ),
    "aws_cloudfront_key_value_store": Mapping(
        "AWS::CloudFront::KeyValueStore",
        "name comment",
        attributes="id=Id arn=Arn name=Ref",
        tags="",
    ),
    "aws_cloudfront_realtime_log_config": Mapping(
        "AWS::CloudFront::RealtimeLogConfig",
        "fields name sampling_rate",
        {
            "endpoint": blocks(
                "EndPoints",
                "stream_type",
                {"kinesis_stream_config": block("KinesisStreamConfig", "role_arn stream_arn")},
            )
        },
        attributes="id=Ref arn=Ref",
        tags="",
    ),
}
