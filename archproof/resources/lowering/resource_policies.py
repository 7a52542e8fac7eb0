"""The policies that stand on queues, topics and buckets: one each, gathered from all that needs a statement.

CloudFormation lets several policy resources name one queue, and the last one written silently wins. So
whoever needs a statement says so with `allow_service` (or `add_statement`), and the one policy is made at
the end. Each begins with the refusal of connections without TLS.
"""

from __future__ import annotations

from typing import Any

from archproof.resources.lowering._context import Lowering

FINISH = "resource_policies"

_VERSION = "2012-10-17"
_KEY = "resource_policies"
_POLICIES = {
    "sqs_queue": ("AWS::SQS::QueuePolicy", "Queues", "sqs:*"),
    "sns_topic": ("AWS::SNS::TopicPolicy", "Topics", "sns:Publish"),
    "s3_bucket": ("AWS::S3::BucketPolicy", "Bucket", "s3:*"),
}


def add_statement(ctx: Lowering, name: str, statement: dict[str, Any]) -> None:
    """Add a statement to the policy of the queue, topic or bucket `name`; the same one counts once."""
    held = ctx.extra.setdefault(_KEY, {}).setdefault(name, [])
    if statement not in held:
        held.append(statement)


def allow_service(
    ctx: Lowering, name: str, service: str, actions: list[str], source: Any = None, path: str = ""
) -> None:
    """Let an AWS service act on `name`, on behalf of the ARN `source`, or of this account only.

    `path` follows the ARN of a bucket (`/*`). Where `name` is encrypted with a key of the model, the
    service may use that key too.
    """
    own = ctx.arn(name)
    statement: dict[str, Any] = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": actions if len(actions) > 1 else actions[0],
        "Resource": {"Fn::Sub": "${" + ".".join(own["Fn::GetAtt"]) + "}" + path} if path else own,
        "Condition": {"ArnEquals": {"aws:SourceArn": source}} if source is not None else account_only(),
    }
    add_statement(ctx, name, statement)
    use_key(ctx, name, service)


def account_only() -> dict[str, Any]:
    """The condition that a service acts for a resource of this account."""
    return {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}


def use_key(ctx: Lowering, name: str, service: str) -> None:
    """Note that a service needs the key with which `name` is encrypted."""
    key = getattr(ctx.component(name), "kms_key", None)
    if key:
        users = ctx.key_users.setdefault(key, [])
        if service not in users:
            users.append(service)


def finish(ctx: Lowering) -> None:
    """Write the policy of every queue, topic and bucket."""
    gathered: dict[str, list[dict[str, Any]]] = ctx.extra.get(_KEY, {})
    for name, component in ctx.architecture.components.items():
        shape = _POLICIES.get(component.kind)
        if shape is None or ctx.id(name) not in ctx.resources:
            continue
        type, key, actions = shape
        document = {"Version": _VERSION, "Statement": [_tls_only(ctx, name, actions), *gathered.get(name, [])]}
        on = ctx.ref(name) if key == "Bucket" else [ctx.ref(name)]
        ctx.add(name, type, {key: on, "PolicyDocument": document}, suffix="Policy", implied=True)


def _tls_only(ctx: Lowering, name: str, actions: str) -> dict[str, Any]:
    """The refusal of everything that comes without TLS."""
    arn = ctx.arn(name)
    inside = [{"Fn::Sub": "${" + ".".join(arn["Fn::GetAtt"]) + "}/*"}] if actions == "s3:*" else []
    return {
        "Sid": "DenyWithoutTLS",
        "Effect": "Deny",
        "Principal": "*",
        "Action": actions,
        "Resource": [arn, *inside] if inside else arn,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
