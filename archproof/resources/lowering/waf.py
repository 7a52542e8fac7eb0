"""AWS WAF: web ACLs, their logs, and what they stand before (load balancers say that themselves)."""

from __future__ import annotations

from typing import Any

from archproof.facts import managed_id
from archproof.model.kinds.waf import WebAcl
from archproof.resources.lowering._context import Lowering, logical_id

KINDS = ("waf",)


def lower_waf(name: str, acl: WebAcl, ctx: Lowering) -> None:
    """The web ACL, its log, and its associations."""
    protected = _protected(name, acl, ctx)
    if acl.arn is None:
        _acl(name, acl, ctx)
    for other in protected:
        kind = ctx.component(other).kind
        properties = {"WebACLArn": ctx.arn(name), "ResourceArn": _arn(other, kind, ctx)}
        ctx.add(
            name, "AWS::WAFv2::WebACLAssociation", properties, suffix=f"{logical_id(other)}Association",
            origins={"ResourceArn": "protects"}, implied=True,
        )  # fmt: skip


def _acl(name: str, acl: WebAcl, ctx: Lowering) -> None:
    global_ = any(
        r.target == name and ctx.component(r.source).kind == "cloudfront" for r in ctx.architecture.references
    )
    ctx.add(
        name,
        "AWS::WAFv2::WebACL",
        {
            "Name": ctx.name(name),
            "Description": acl.description,
            "Scope": "CLOUDFRONT" if global_ else "REGIONAL",
            "DefaultAction": {"Allow": {}},
            "VisibilityConfig": _seen(logical_id(name)),
            "Rules": _rules(acl),
            "Tags": ctx.tags(name),
        },
        origins={"Name": "physical_name", "Rules": "rules"},
    )
    group = {
        # WAF writes only to groups of this name
        "LogGroupName": f"aws-waf-logs-{ctx.architecture.name_prefix}-{name}".replace("_", "-"),
        "RetentionInDays": acl.log_retention_days,
        "KmsKeyId": ctx.arn(acl.log_key) if acl.log_key else None,
        "Tags": ctx.tags(name),
    }
    origins = {"RetentionInDays": "log_retention_days", "KmsKeyId": "log_key"}
    ctx.add(name, "AWS::Logs::LogGroup", group, suffix="Logs", origins=origins)
    logging = {
        "ResourceArn": ctx.arn(name),
        "LogDestinationConfigs": [ctx.att(name, "Arn", "Logs")],
        "RedactedFields": [{"SingleHeader": {"Name": "authorization"}}],
    }
    ctx.add(name, "AWS::WAFv2::LoggingConfiguration", logging, suffix="Logging", implied=True)


def _rules(acl: WebAcl) -> list[dict[str, Any]]:
    """The rules by priority: countries, the rate, then the managed groups in their order."""
    rules: list[dict[str, Any]] = []
    if acl.block_countries:
        statement: dict[str, Any] = {"GeoMatchStatement": {"CountryCodes": acl.block_countries}}
        rules.append({"Name": "countries", "Action": {"Block": {}}, "Statement": statement})
    if acl.rate_limit:
        statement = {"RateBasedStatement": {"Limit": acl.rate_limit, "AggregateKeyType": "IP"}}
        rules.append({"Name": "rate", "Action": {"Block": {}}, "Statement": statement})
    for group in acl.rules:
        managed = {"VendorName": "AWS", "Name": managed_id("wafv2", "rule_group", group)}
        action: dict[str, Any] = {"Count": {}} if group in acl.count_only else {"None": {}}
        statement = {"ManagedRuleGroupStatement": managed}
        rules.append({"Name": group, "OverrideAction": action, "Statement": statement})
    return [{**rule, "Priority": place, "VisibilityConfig": _seen(rule["Name"])} for place, rule in enumerate(rules)]


def _seen(metric: str) -> dict[str, Any]:
    return {"CloudWatchMetricsEnabled": True, "SampledRequestsEnabled": True, "MetricName": metric}


def _protected(name: str, acl: WebAcl, ctx: Lowering) -> list[str]:
    """What it stands before, said here or there; load balancers that say it make the association themselves."""
    found = list(acl.protects)
    for reference in ctx.architecture.references:
        if reference.target == name and reference.field == "waf":
            kind = ctx.component(reference.source).kind
            if kind in ("rest_api", "cognito_user_pool"):
                found.append(reference.source)
            elif reference.source in found:
                found.remove(reference.source)
    return list(dict.fromkeys(found))


def _arn(name: str, kind: str, ctx: Lowering) -> Any:
    """The ARN of what is protected: of a REST API its stage."""
    if kind != "rest_api":
        return ctx.arn(name)
    api, stage = ctx.id(name), ctx.id(name, "Stage")
    return {"Fn::Sub": f"arn:${{AWS::Partition}}:apigateway:${{AWS::Region}}::/restapis/${{{api}}}/stages/${{{stage}}}"}
