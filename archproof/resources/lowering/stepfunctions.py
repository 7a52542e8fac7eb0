"""AWS Step Functions: state machines, from a definition or from short steps."""

from __future__ import annotations

import re
from typing import Any

from archproof.model.kinds.stepfunctions import StateMachine, Step
from archproof.resources.lowering._context import Lowering
from archproof.resources.lowering._tasks import cluster_arn, pass_statement, task
from archproof.resources.lowering.lambda_ import package

KINDS = ("state_machine",)

_NAMED = re.compile(r"\$\{([a-z][a-z0-9_]*)(?:\.([A-Za-z.]+))?\}")
_LOG_DELIVERY = (
    "logs:CreateLogDelivery", "logs:GetLogDelivery", "logs:UpdateLogDelivery", "logs:DeleteLogDelivery",
    "logs:ListLogDeliveries", "logs:PutResourcePolicy", "logs:DescribeResourcePolicies", "logs:DescribeLogGroups",
)  # fmt: skip
_TRACING = (
    "xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules", "xray:GetSamplingTargets",
)  # fmt: skip
_TRANSIENT = ["Lambda.ServiceException", "Lambda.AWSLambdaException", "Lambda.SdkClientException",
              "Lambda.TooManyRequestsException", "States.Timeout", "States.TaskFailed"]  # fmt: skip


def lower_state_machine(name: str, machine: StateMachine, ctx: Lowering) -> None:
    """The machine, its log group, and what its role needs beside what it calls."""
    substitutions: dict[str, Any] = {}
    definition = _steps(machine, ctx) if machine.steps else ctx.translate(machine.definition)
    written = _substitute(definition, substitutions, ctx)
    ctx.add(
        name,
        "AWS::StepFunctions::StateMachine",
        {
            "StateMachineName": ctx.name(name),
            "StateMachineType": machine.type.upper(),
            "RoleArn": ctx.role_arn(name),
            "Definition": written or None,
            "DefinitionS3Location": _file(machine.file, ctx) if machine.file else None,
            "DefinitionSubstitutions": {**substitutions, **ctx.translate(machine.substitutions)} or None,
            "LoggingConfiguration": _logging(name, machine, ctx),
            "TracingConfiguration": {"Enabled": machine.tracing},
            "EncryptionConfiguration": {"Type": "CUSTOMER_MANAGED_KMS_KEY", "KmsKeyId": ctx.arn(machine.kms_key)}
            if machine.kms_key
            else None,
            "Tags": ctx.tags(name),
        },
        origins={
            "StateMachineName": "physical_name",
            "StateMachineType": "type",
            "RoleArn": "role",
            "Definition": "steps" if machine.steps else "definition",
            "DefinitionS3Location": "file",
            "DefinitionSubstitutions": "substitutions" if machine.file else "steps" if machine.steps else "definition",
            "LoggingConfiguration": "logging",
            "TracingConfiguration": "tracing",
            "EncryptionConfiguration": "kms_key",
        },
    )
    if machine.tracing:
        ctx.allow(name, _TRACING, "*")
    _rights(name, machine, ctx)


def _file(file: str, ctx: Lowering) -> dict[str, Any]:
    """Where a definition lies."""
    place = package(file, "", ctx)
    assert place is not None
    return {"Bucket": place["S3Bucket"], "Key": place["S3Key"]}


def _logging(name: str, machine: StateMachine, ctx: Lowering) -> dict[str, Any] | None:
    if machine.logging == "off":
        return None
    group = {
        # this prefix keeps the account's policy for log delivery within its size
        "LogGroupName": f"/aws/vendedlogs/states/{ctx.architecture.name_prefix}-{name}".replace("_", "-"),
        "RetentionInDays": machine.log_retention_days,
        "KmsKeyId": ctx.arn(machine.log_key) if machine.log_key else None,
        "Tags": ctx.tags(name),
    }
    origins = {"RetentionInDays": "log_retention_days", "KmsKeyId": "log_key"}
    ctx.add(name, "AWS::Logs::LogGroup", group, suffix="LogGroup", origins=origins)
    ctx.allow(name, _LOG_DELIVERY, "*")
    destination = {"CloudWatchLogsLogGroup": {"LogGroupArn": ctx.att(name, "Arn", "LogGroup")}}
    return {"Level": machine.logging.upper(), "IncludeExecutionData": False, "Destinations": [destination]}


def _substitute(value: Any, substitutions: dict[str, Any], ctx: Lowering) -> Any:
    """The definition with a name for every component in it, which CloudFormation fills in."""
    if isinstance(value, dict):
        return {k: _substitute(v, substitutions, ctx) for k, v in value.items()}
    if isinstance(value, list):
        return [_substitute(v, substitutions, ctx) for v in value]
    if not isinstance(value, str):
        return value

    def name(match: re.Match[str]) -> str:
        component, attribute = match.group(1), match.group(2)
        if component not in ctx.architecture.components:
            return match.group(0)
        key = component + (f"_{attribute.replace('.', '_')}" if attribute else "")
        if not attribute:
            substitutions[key] = ctx.arn(component)
        else:
            substitutions[key] = ctx.ref(component) if attribute == "Ref" else ctx.att(component, attribute)
        return "${" + key + "}"

    return _NAMED.sub(name, value)


def _steps(machine: StateMachine, ctx: Lowering) -> dict[str, Any]:
    """The short steps in Amazon States Language."""
    names: list[str] = []
    for position, step in enumerate(machine.steps, 1):
        name = step.name or (ctx.title(step.call) if step.call else f"Wait {step.wait_s} s")
        names.append(f"{name} {position}" if name in names else name)
    states: dict[str, Any] = {}
    for position, (name, step) in enumerate(zip(names, machine.steps, strict=True)):
        state = {"Type": "Wait", "Seconds": step.wait_s} if step.call is None else _task(step, ctx)
        last = position == len(names) - 1
        states[name] = {**state, **({"End": True} if last else {"Next": names[position + 1]})}
    return {"StartAt": names[0], "States": states}


def _task(step: Step, ctx: Lowering) -> dict[str, Any]:
    """A state that calls a component through the service integration of its kind."""
    assert step.call is not None
    kind, own = ctx.component(step.call).kind, "${" + step.call + "}"
    integration, parameters = _call(step.call, kind, own, ctx)
    if kind == "ecs_task_definition":
        parameters = {**task(ctx, step.call, step.call), "Cluster": cluster_arn(ctx, None, step.call)}
        parameters["TaskDefinition"] = parameters.pop("TaskDefinitionArn")
        parameters["Count"] = parameters.pop("TaskCount")
    if step.input is not None:
        parameters = {**{k: v for k, v in parameters.items() if not k.endswith(".$")}, **step.input}
    state: dict[str, Any] = {
        "Type": "Task",
        "Resource": f"arn:aws:states:::{integration}",
        "Parameters": parameters,
    }
    if kind == "lambda":
        state["OutputPath"] = "$.Payload"
    if step.retries:
        state["Retry"] = [
            {"ErrorEquals": _TRANSIENT, "IntervalSeconds": 2, "MaxAttempts": step.retries, "BackoffRate": 2}
        ]
    if step.on_error:
        state["Catch"] = [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": step.on_error}]
    return state


def _call(name: str, kind: str, own: str, ctx: Lowering) -> tuple[str, dict[str, Any]]:
    """The service integration of a kind, with the state's input as what it gets."""
    entry = {"EventBusName": own, "Source": ctx.architecture.name_prefix, "DetailType": name, "Detail.$": "$"}
    calls: dict[str, tuple[str, dict[str, Any]]] = {
        "sqs_queue": ("sqs:sendMessage", {"QueueUrl": "${" + name + ".QueueUrl}", "MessageBody.$": "$"}),
        "sns_topic": ("sns:publish", {"TopicArn": own, "Message.$": "$"}),
        "event_bus": ("events:putEvents", {"Entries": [entry]}),
        "state_machine": ("states:startExecution.sync:2", {"StateMachineArn": own, "Input.$": "$"}),
        "dynamodb_table": ("dynamodb:putItem", {"TableName": "${" + name + ".Ref}", "Item.$": "$"}),
        "ecs_task_definition": ("ecs:runTask.sync", {}),
    }
    return calls.get(kind, ("lambda:invoke", {"FunctionName": own, "Payload.$": "$"}))


def _rights(name: str, machine: StateMachine, ctx: Lowering) -> None:
    """What a key, and waiting for another machine or a task, need beside the steps themselves."""
    if machine.kms_key:
        ctx.allow(name, ["kms:Decrypt", "kms:GenerateDataKey"], ctx.arn(machine.kms_key))
    kinds = {ctx.component(s.call).kind for s in machine.steps if s.call}
    if kinds & {"state_machine", "ecs_task_definition"}:
        rules = "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/StepFunctionsGetEvents*"
        ctx.allow(name, ["events:PutTargets", "events:PutRule", "events:DescribeRule"], {"Fn::Sub": rules})
        stopping = ["states:DescribeExecution", "states:StopExecution", "ecs:StopTask", "ecs:DescribeTasks"]
        ctx.allow(name, stopping, "*")
    if "ecs_task_definition" in kinds:
        ctx.statements.setdefault(name, []).append(pass_statement())
