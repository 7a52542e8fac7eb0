"""A rule that sends events to a component: the target, and its leave to be sent to."""

from __future__ import annotations

import json
from typing import Any

from archproof.model.architecture import Link
from archproof.model.kinds.events import EventRule, Target
from archproof.resources.lowering._context import Lowering, logical_id, merge
from archproof.resources.lowering._grants import allow_invoke, may, permit, service_role
from archproof.resources.lowering._tasks import cluster_arn, run_statements, task
from archproof.resources.lowering.resource_policies import add_statement, allow_service, use_key

IMPLIES = "rule_target"

_EVENTS = "events.amazonaws.com"
_LOGS_POLICY = "EventsToLogs"
_BY_ROLE = {
    "state_machine": ["states:StartExecution"],
    "event_bus": ["events:PutEvents"],
    "kinesis_stream": ["kinesis:PutRecord", "kinesis:PutRecords"],
    "firehose": ["firehose:PutRecord", "firehose:PutRecordBatch"],
}


def lower(link: Link, ctx: Lowering) -> None:
    """Append the target to the rule."""
    rule = ctx.component(link.source)
    assert isinstance(rule, EventRule)
    resource = ctx.resources[ctx.id(link.source)]
    targets: list[dict[str, Any]] = resource.properties.setdefault("Targets", [])
    place = next((p for p in link.path if isinstance(p, int)), 0) if link.implied else None
    said = rule.to[place] if place is not None else None
    target: dict[str, Any] = {
        "Id": (said.id if said else None) or _id(link.target, targets),
        **_delivery(link, rule, said, ctx),
        **_input(said),
    }
    target |= _options(rule, said, ctx)
    if said and said.properties:
        target = merge(target, ctx.translate(said.properties))
    if link.implied:
        resource.origins[("Targets", len(targets))] = ("to",) if len(rule.to) == 1 else ("to", place or 0)
    targets.append(target)
    failed = (said.dead_letter if said else None) or rule.dead_letter
    if failed:
        allow_service(ctx, failed.to, _EVENTS, ["sqs:SendMessage"], ctx.att(link.source, "Arn"))


def _id(name: str, targets: list[dict[str, Any]]) -> str:
    """An id of its own for every target of the rule."""
    taken = {t["Id"] for t in targets}
    wanted, number = logical_id(name), 2
    candidate = wanted
    while candidate in taken:
        candidate, number = f"{wanted}{number}", number + 1
    return candidate


def _delivery(link: Link, rule: EventRule, said: Target | None, ctx: Lowering) -> dict[str, Any]:
    """Where events go, after letting EventBridge in: by a policy of the target, or by a role."""
    name, source = link.target, link.source
    kind = ctx.component(name).kind
    target: dict[str, Any] = {"Arn": ctx.arn(name)}
    permission = said.permission if said else link.options.permission if link.options else None
    if said and said.role:
        target["RoleArn"] = ctx.att(said.role, "Arn")
    if permission and kind == "lambda":
        permit(ctx, name, permission, _EVENTS, ctx.att(source, "Arn"), link.path)
    elif ctx.exact:
        if kind == "ecs_task_definition":
            target["EcsParameters"] = task(ctx, source, name)
    elif kind == "lambda":
        allow_invoke(ctx, name, source, _EVENTS, ctx.att(source, "Arn"))
    elif kind == "sqs_queue":
        allow_service(ctx, name, _EVENTS, ["sqs:SendMessage"], ctx.att(source, "Arn"))
        if getattr(ctx.component(name), "fifo", False):
            target["SqsParameters"] = {"MessageGroupId": (said.message_group if said else None) or source}
    elif kind == "sns_topic":
        # EventBridge publishes to topics without naming its rule: a condition would keep it out
        principal = {"Service": _EVENTS}
        add_statement(ctx, name, {"Principal": principal, **may(["sns:Publish"], ctx.arn(name))})
        use_key(ctx, name, _EVENTS)
    elif kind == "log_group":
        _let_log(link, ctx)
        target["Arn"] = {"Fn::Sub": f"arn:${{AWS::Partition}}:logs:${{AWS::Region}}:${{AWS::AccountId}}:log-group:"
                         f"${{{ctx.id(name)}}}"}  # fmt: skip
    elif kind == "ecs_task_definition":
        target["Arn"] = cluster_arn(ctx, said.cluster if said else None, name)
        target["EcsParameters"] = task(ctx, source, name)
        target["RoleArn"] = target.get("RoleArn") or _role(link, run_statements(ctx, name), ctx)
    elif "RoleArn" not in target:
        target["RoleArn"] = _role(link, [may(_BY_ROLE.get(kind, []), ctx.arn(name))], ctx)
    return target


def _role(link: Link, statements: list[dict[str, Any]], ctx: Lowering) -> dict[str, Any]:
    return service_role(ctx, link.source, _EVENTS, statements, logical_id(link.target) + "Role", "target")


def _let_log(link: Link, ctx: Lowering) -> None:
    """One policy of the account lets EventBridge write to the group."""
    suffix = logical_id(link.target) + _LOGS_POLICY
    if ctx.id(link.source, suffix) in ctx.resources:
        return
    group = ctx.id(link.target)
    document = (
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":["events.amazonaws.com",'
        '"delivery.logs.amazonaws.com"]},"Action":["logs:CreateLogStream","logs:PutLogEvents"],'
        '"Resource":"${' + group + '.Arn}"}]}'
    )
    properties = {"PolicyName": f"{group}{_LOGS_POLICY}", "PolicyDocument": {"Fn::Sub": document}}
    ctx.add(link.source, "AWS::Logs::ResourcePolicy", properties, suffix=suffix, implied=True)


def _input(said: Target | None) -> dict[str, Any]:
    """What the target gets in place of the event."""
    if said is None:
        return {}
    if said.input is not None:
        return {"Input": said.input if isinstance(said.input, str) else json.dumps(said.input, sort_keys=True)}
    if said.input_path:
        return {"InputPath": said.input_path}
    if said.input_template:
        transformer: dict[str, Any] = {"InputTemplate": said.input_template}
        if said.input_paths:
            transformer["InputPathsMap"] = said.input_paths
        return {"InputTransformer": transformer}
    return {}


def _options(rule: EventRule, said: Target | None, ctx: Lowering) -> dict[str, Any]:
    """What happens when delivery fails."""
    options: dict[str, Any] = {}
    failed = (said.dead_letter if said else None) or rule.dead_letter
    if failed:
        options["DeadLetterConfig"] = {"Arn": ctx.arn(failed.to)}
    retry = {"MaximumRetryAttempts": rule.retries, "MaximumEventAgeInSeconds": rule.max_event_age_s}
    if kept := {k: v for k, v in retry.items() if v is not None}:
        options["RetryPolicy"] = kept
    return options
