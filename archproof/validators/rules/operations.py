"""Operations: logs, alarms, Security Hub."""

from __future__ import annotations

from collections.abc import Iterator

from archproof.resources.resource import Resource
from archproof.validators.context import Context, amount, listed
from archproof.validators.rule import Hit, model_rule, rule, system_rule
from archproof.validators.rules.sqs import is_dead_letter

TYPES = (
    "AWS::Logs::LogGroup",
    "AWS::CloudWatch::Alarm",
    "AWS::SQS::Queue",
    "AWS::RDS::DBInstance",
    "AWS::RDS::DBCluster",
    "*",
)
GROUP, ALARM, QUEUE, DATABASE, CLUSTER, _ = TYPES
_WEEK = 7


@rule(
    "log-never-expires", "low", GROUP, wa="COST SEC",
    title="A log group never expires",
    why="Logs that are kept for ever cost for ever, and keep personal data for longer than anyone may.",
    fix="Set `log_retention_days`, e.g. to 30.",
)  # fmt: skip
def never_expires(r: Resource, ctx: Context) -> Iterator[Hit]:
    if not r.has("RetentionInDays"):
        yield Hit(f"the log group {r.title} never expires")


@rule(
    "log-retention-short", "low", GROUP, wa="OPS SEC",
    title="A log group is kept for less than a week",
    why="A fault that is found after a weekend has no logs any more.",
    fix="Set `log_retention_days` to 7 or more.",
)  # fmt: skip
def retention_short(r: Resource, ctx: Context) -> Iterator[Hit]:
    days = ctx.number(r, "RetentionInDays")
    if days is not None and days < _WEEK:
        message = f"the log group {r.title} keeps logs for {amount(days)} day{'' if days == 1 else 's'}"
        yield Hit(message, "RetentionInDays")


@rule(
    "alarm-without-action", "medium", ALARM, wa="OPS",
    title="An alarm tells nobody",
    why="An alarm that only changes its colour in the console wakes no one.",
    fix="Set `notify` to a topic that someone reads.",
)  # fmt: skip
def without_action(r: Resource, ctx: Context) -> Iterator[Hit]:
    off = ctx.flag(r, "ActionsEnabled", default=True) is False
    if off:
        yield Hit(f"{r.title} has its actions switched off", "ActionsEnabled")
    elif not r.get("AlarmActions"):
        yield Hit(f"{r.title} has no action: nobody hears of it")


def watched(r: Resource, ctx: Context) -> bool:
    """Whether an alarm looks at a resource."""
    if ctx.resources.users(r, ALARM, "AWS::CloudWatch::CompositeAlarm"):
        return True
    names = {
        value for key in ("QueueName", "DBInstanceIdentifier", "FunctionName") if isinstance(value := r.get(key), str)
    }
    return bool(names) and any(
        isinstance(d, dict) and isinstance(value := d.get("Value"), str) and value in names
        for alarm in ctx.resources.of_type(ALARM)
        for d in ctx.items(alarm, "Dimensions")
    )


@rule(
    "dead-letter-without-alarm", "medium", QUEUE, wa="OPS REL",
    title="Nobody hears of a dead letter",
    why="Messages in a dead-letter queue are work that was not done; without an alarm they expire unread.",
    fix="Add `kind: alarm` of the queue with `metric: ApproximateNumberOfMessagesVisible`, `above: 0` and `notify`.",
)  # fmt: skip
def dead_letter_alarm(r: Resource, ctx: Context) -> Iterator[Hit]:
    if is_dead_letter(ctx, r) and not watched(r, ctx):
        yield Hit(f"no alarm watches the dead-letter queue {r.title}")


@rule(
    "rds-alarm-missing", "low", DATABASE, CLUSTER, wa="OPS",
    title="No alarm watches a database",
    why="Full storage and used-up connections announce themselves for hours before the database stops.",
    fix="Add `kind: alarm` of the database, for FreeStorageSpace, CPUUtilization and DatabaseConnections.",
)  # fmt: skip
def database_alarm(r: Resource, ctx: Context) -> Iterator[Hit]:
    if r.has("DBClusterIdentifier") and r.type == DATABASE:
        return  # its cluster is asked
    members = ctx.resources.users(r, DATABASE) if r.type == CLUSTER else []
    if not any(watched(one, ctx) for one in (r, *members)):
        yield Hit(f"no alarm watches {r.title}")


@system_rule(
    "lambda-alarm-missing", "low", wa="OPS",
    title="No alarm watches the functions",
    why="A function that fails says so in its log only; someone has to be told.",
    fix="Add `kind: alarm` of each function that users wait for, with `metric: Errors`, `above: 0` and `notify`.",
)  # fmt: skip
def function_alarm(ctx: Context) -> Iterator[Hit]:
    functions = ctx.resources.of_type("AWS::Lambda::Function")
    if functions and not any(watched(f, ctx) for f in functions):
        some = listed([f.title for f in functions[:3]])
        more = f" and {len(functions) - 3} more" if len(functions) > 3 else ""
        yield Hit(f"no alarm watches any function ({some}{more})", on=functions[0])


_WORKLOAD = (
    "AWS::Lambda::Function", "AWS::RDS::DBInstance", "AWS::RDS::DBCluster", "AWS::ECS::Service", "AWS::EC2::Instance",
    "AWS::S3::Bucket",
)  # fmt: skip


@model_rule(
    "security-hub-absent", "info", wa="SEC", cis="4.16",
    title="Security Hub is not part of the model",
    why="Security Hub checks the live account against these same controls, every day. It may be set up elsewhere.",
    fix="Add `kind: security_hub` with `standards: [fsbp]`, or waive this where the organisation runs it centrally.",
)  # fmt: skip
def security_hub(ctx: Context) -> Iterator[Hit]:
    hubs = ctx.resources.of_type("AWS::SecurityHub::Hub", "AWS::SecurityHub::HubV2")
    if len(ctx.resources.of_type(*_WORKLOAD)) > 1 and not hubs:
        location = ctx.architecture.document.locate_key(("components",)) if ctx.architecture else None
        yield Hit("Security Hub is not part of the model", location=location)
