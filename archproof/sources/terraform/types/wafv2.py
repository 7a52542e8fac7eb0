"""WAF: web ACLs, rule groups, sets of addresses and patterns, logging."""

from __future__ import annotations

from typing import Any

from archproof.resources.resource import is_symbolic
from archproof.sources.terraform.mapping import Mapping, block, blocks, camel, to

TYPES = (
    "aws_wafv2_web_acl_association", "aws_wafv2_ip_set", "aws_wafv2_regex_pattern_set",
    "aws_wafv2_web_acl_logging_configuration", "aws_wafv2_web_acl", "aws_wafv2_rule_group",
)  # fmt: skip


_NAMES = {
    "ip_set_reference_statement": "IPSetReferenceStatement", "ip_set_forwarded_ip_config": "IPSetForwardedIPConfig",
    "forwarded_ip_config": "ForwardedIPConfig", "cloudwatch_metrics_enabled": "CloudWatchMetricsEnabled",
    "text_transformation": "TextTransformations", "rule_action_override": "RuleActionOverrides",
    "excluded_rule": "ExcludedRules", "insert_header": "InsertHeaders", "rule_label": "RuleLabels",
    "custom_key": "CustomKeys", "ja3_fingerprint": "JA3Fingerprint", "ja4_fingerprint": "JA4Fingerprint",
    "aws_managed_rules_bot_control_rule_set": "AWSManagedRulesBotControlRuleSet",
    "aws_managed_rules_acfp_rule_set": "AWSManagedRulesACFPRuleSet",
    "aws_managed_rules_atp_rule_set": "AWSManagedRulesATPRuleSet",
    "aws_managed_rules_anti_ddos_rule_set": "AWSManagedRulesAntiDDoSRuleSet",
    "api_gateway": "API_GATEWAY", "cloudfront": "CLOUDFRONT",
    "cognito_user_pool": "COGNITO_USER_POOL",
    "app_runner_service": "APP_RUNNER_SERVICE", "verified_access_instance": "VERIFIED_ACCESS_INSTANCE",
    "data_protection": "DataProtections", "uri_path": "UriPath",
    "asn_list": "AsnList", "response_header": "ResponseHeaders",
}  # fmt: skip
_LISTS = frozenset({
    "text_transformation", "rule_action_override", "excluded_rule", "insert_header", "rule_label", "custom_key", "rule",
    "managed_rule_group_configs", "response_header", "data_protection",
})  # fmt: skip
_EMPTY = frozenset({
    "allow", "block", "count", "captcha", "challenge", "none", "all_query_arguments", "method", "query_string",
    "uri_path", "http_method", "ip", "forwarded_ip", "all",
})  # fmt: skip
"""Blocks that mean something with nothing in them."""


def _statement(value: dict[str, Any], around: str = "") -> dict[str, Any]:
    """A block with all that is in it: statements hold statements to any depth."""
    found: dict[str, Any] = {}
    for key, inner in value.items():
        if inner is None or (inner == [] and key not in _EMPTY) or inner == "":
            continue
        if key == "statement" and around in ("and_statement", "or_statement"):
            found["Statements"] = [_statement(i, key) for i in inner if isinstance(i, dict)]
            continue
        made = _made(key, inner)
        if made not in ({}, None) or key in _EMPTY:
            found[_NAMES.get(key) or camel(key)] = made if made is not None else {}
    return found


def _made(key: str, inner: Any) -> Any:
    if isinstance(inner, dict) and not is_symbolic(inner):
        return _statement(inner, key)
    if not isinstance(inner, list) or not any(isinstance(i, dict) and not is_symbolic(i) for i in inner):
        return {} if key in _EMPTY and isinstance(inner, list) else inner
    made = [_statement(i, key) if isinstance(i, dict) else i for i in inner]
    return made if key in _LISTS else made[0]


def _rules(value: Any) -> Any:
    """The rules of a list or group, in their order."""
    if not isinstance(value, list):
        return value
    return sorted((_statement(r) for r in value if isinstance(r, dict)), key=lambda r: _order(r.get("Priority")))


def _order(priority: Any) -> tuple[bool, Any]:
    known = isinstance(priority, int)
    return (not known, priority if known else 0)


def _one(value: Any) -> Any:
    inner = value[0] if isinstance(value, list) and value else value
    return _statement(inner) if isinstance(inner, dict) and not is_symbolic(inner) else inner


def _bodies(value: Any) -> Any:
    """Own answers by their keys."""
    if not isinstance(value, list):
        return value
    return {b.get("key"): {"Content": b.get("content"), "ContentType": b.get("content_type")} for b in value}


def _expressions(value: Any) -> Any:
    return [e.get("regex_string") for e in value] if isinstance(value, list) else value


def _redacted(value: Any) -> Any:
    return [_statement(f) for f in value if isinstance(f, dict)] if isinstance(value, list) else value


MAPPINGS = {
    "aws_wafv2_web_acl_association": Mapping(
        "AWS::WAFv2::WebACLAssociation", "resource_arn web_acl_arn=WebACLArn", attributes="id", tags=""
    ),
    "aws_wafv2_ip_set": Mapping(
        "AWS::WAFv2::IPSet",
        "ip_address_version=IPAddressVersion scope addresses description name -name_prefix",
        attributes="id=Id arn=Arn name==name",
    ),
    "aws_wafv2_regex_pattern_set": Mapping(
        "AWS::WAFv2::RegexPatternSet",
        "scope description name -name_prefix",
        {"regular_expression": to("RegularExpressionList", _expressions)},
        attributes="id=Id arn=Arn",
    ),
    "aws_wafv2_web_acl_logging_configuration": Mapping(
        "AWS::WAFv2::LoggingConfiguration",
        "log_destination_configs resource_arn",
        {
            "logging_filter": block(
                "LoggingFilter",
                "default_behavior",
                {
                    "filter": blocks(
                        "Filters",
                        "behavior requirement",
                        {
                            "condition": blocks(
                                "Conditions",
                                "",
                                {
                                    "action_condition": block("ActionCondition", "action"),
                                    "label_name_condition": block("LabelNameCondition", "label_name"),
                                },
                            )
                        },
                    )
                },
            ),
            "redacted_fields": to("RedactedFields", _redacted),
        },
        attributes="id",
        tags="",
    ),
    "aws_wafv2_web_acl": Mapping(
        "AWS::WAFv2::WebACL",
        "name description scope token_domains -name_prefix -rule_json",
        {
            "default_action": to("DefaultAction", _one),
            "rule": to("Rules", _rules),
            "visibility_config": to("VisibilityConfig", _one),
            "captcha_config": to("CaptchaConfig", _one),
            "challenge_config": to("ChallengeConfig", _one),
            "association_config": to("AssociationConfig", _one),
            "data_protection_config": to("DataProtectionConfig", _one),
            "custom_response_body": to("CustomResponseBodies", _bodies),
        },
        attributes="id=Id arn=Arn capacity=Capacity name==name",
    ),
    "aws_wafv2_rule_group": Mapping(
        "AWS::WAFv2::RuleGroup",
        "name description scope capacity -name_prefix",
        {
            "rule": to("Rules", _rules),
            "visibility_config": to("VisibilityConfig", _one),
            "custom_response_body": to("CustomResponseBodies", _bodies),
        },
        attributes="id=Id arn=Arn name==name",
    ),
}
