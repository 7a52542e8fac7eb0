"""What lets one resource act on another beside roles of components: permissions of functions, roles that
a service assumes for one resource, statements of policies in the words of the language."""

from __future__ import annotations

from typing import Any

from archproof import facts
from archproof.model.document import KeyPath
from archproof.model.kinds._roles import Managed
from archproof.model.kinds._words import Statement
from archproof.resources.lowering._context import Lowering, logical_id
from archproof.resources.lowering._roles import as_sub, trust

_VERSION = "2012-10-17"


def allow_invoke(ctx: Lowering, function: str, source: str, principal: str, source_arn: Any = None) -> str:
    """Let `principal` invoke a function for the component `source`; return the permission's logical id.

    `source_arn` None: for anything of this account. What is asked for twice is made once.
    """
    suffix = f"{logical_id(source)}Permission"
    wanted = ctx.id(function, suffix)
    if wanted not in ctx.resources:
        properties = {
            "FunctionName": ctx.att(function, "Arn"),
            "Action": "lambda:InvokeFunction",
            "Principal": principal,
            "SourceArn": source_arn,
            "SourceAccount": None if source_arn is not None and principal != "s3.amazonaws.com" else account(),
        }
        ctx.add(function, "AWS::Lambda::Permission", properties, suffix=suffix, implied=True, linked=True)
    return wanted


def permit(ctx: Lowering, function: str, logical_id: str, principal: str, source_arn: Any, path: KeyPath) -> str:
    """Let `principal` invoke a function for one source, by a permission of this logical id, which `path` says."""
    properties = {
        "Action": "lambda:InvokeFunction",
        "FunctionName": ctx.ref(function),
        "Principal": principal,
        "SourceArn": source_arn,
    }
    if logical_id not in ctx.resources:
        ctx.add_for(path, logical_id, "AWS::Lambda::Permission", properties, component=function, implied=True)
    return logical_id


def account() -> dict[str, str]:
    """The account of the stack."""
    return {"Ref": "AWS::AccountId"}


def service_role(
    ctx: Lowering, name: str, principal: str, statements: list[dict[str, Any]], suffix: str, policy: str = "links"
) -> dict[str, Any]:
    """Make a role that a service assumes for the component `name` in this account; return its ARN."""
    document = {"Version": _VERSION, "Statement": statements}
    properties: dict[str, Any] = {
        "AssumeRolePolicyDocument": trust(principal, StringEquals={"aws:SourceAccount": account()}),
        "Policies": [{"PolicyName": policy, "PolicyDocument": document}] if statements else None,
        "Tags": ctx.tags(name),
    }
    ctx.add(name, "AWS::IAM::Role", properties, suffix=suffix, implied=True, linked=True)
    return ctx.att(name, "Arn", suffix)


def may(actions: list[str], resources: Any) -> dict[str, Any]:
    """An allowing statement."""
    return {"Effect": "Allow", "Action": actions, "Resource": resources}


def use_key(ctx: Lowering, name: str) -> list[dict[str, Any]]:
    """The statement that lets a role use the key of `name`; none where it has no key of the model."""
    key = getattr(ctx.component(name), "kms_key", None)
    return [may(["kms:Decrypt", "kms:GenerateDataKey"], ctx.arn(key))] if key else []


def statement(ctx: Lowering, said: Statement) -> dict[str, Any]:
    """A statement of the language as IAM writes it."""
    if said.verbatim is not None:
        return dict(ctx.translate(said.verbatim))
    resources: list[Any] = []
    for on in said.on:
        arn = ctx.translate(on.arn) if on.component is None else ctx.arn(on.component)
        resources.append({"Fn::Sub": as_sub(arn) + on.path} if on.path else arn)
    written: dict[str, Any] = {
        "Effect": "Allow" if said.allow else "Deny",
        "Action": said.allow or said.deny,
        "Resource": resources if len(resources) > 1 else resources[0],
    }
    if said.sid:
        written = {"Sid": said.sid, **written}
    if said.when:
        written["Condition"] = ctx.translate(said.when)
    return written


def document(ctx: Lowering, statements: list[Statement]) -> dict[str, Any]:
    """A policy document."""
    written: list[dict[str, Any]] = []
    for said in statements:
        written += _from_template(ctx, said) if said.template else [statement(ctx, said)]
    return {"Version": _VERSION, "Statement": written}


def _from_template(ctx: Lowering, said: Statement) -> list[dict[str, Any]]:
    """The statements of a policy template of SAM, with values in the place of its parameters."""
    template = facts.policy_templates()[said.template or ""]
    values = ctx.translate(said.with_)

    def fill(value: Any) -> Any:
        if isinstance(value, list):
            return [fill(v) for v in value]
        if not isinstance(value, dict):
            return value
        if set(value) == {"Ref"} and value["Ref"] in values:
            return values[value["Ref"]]
        return {k: fill(v) for k, v in value.items()}

    return [fill(s) for s in template.statements]


def policy(ctx: Lowering, name: str, statements: list[Statement]) -> dict[str, Any]:
    """An inline policy of a role; a name with `${…}` is put together by `Fn::Sub`."""
    called = ctx.translate({"Fn::Sub": name}) if "${" in name else name
    return {"PolicyName": called, "PolicyDocument": document(ctx, statements)}


def managed_arn(ctx: Lowering, managed: Managed) -> Any:
    """The ARN of a managed policy of the model, of AWS, or as it stands."""
    if managed.policy:
        return ctx.arn(managed.policy)
    if managed.arn:
        return ctx.translate(managed.arn)
    if ctx.exact:
        return f"arn:{partition(ctx.architecture.region)}:iam::aws:policy/{managed.aws}"
    return {"Fn::Sub": f"arn:${{AWS::Partition}}:iam::aws:policy/{managed.aws}"}


def partition(region: str) -> str:
    """The partition of a region, as it stands in ARNs."""
    return {"cn": "aws-cn", "us-gov": "aws-us-gov"}.get(region.rsplit("-", 2)[0], "aws")
