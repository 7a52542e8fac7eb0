"""IAM: what roles may do and who may take them; keys; secrets."""

from __future__ import annotations

import functools
from collections.abc import Iterator

from archproof.resources.resource import Resource
from archproof.resources.secrets import looks_secret
from archproof.validators import policies
from archproof.validators.context import Context, amount, listed
from archproof.validators.rule import Hit, rule

TYPES = (
    "AWS::IAM::Role", "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::User", "AWS::KMS::Key",
    "AWS::SecretsManager::Secret", "AWS::SSM::Parameter", "AWS::Lambda::Function", "AWS::ECS::TaskDefinition",
    "AWS::StepFunctions::StateMachine", "AWS::IAM::InstanceProfile", "AWS::Scheduler::Schedule", "AWS::RDS::DBProxy",
    "AWS::Pipes::Pipe", "AWS::CodeBuild::Project",
)  # fmt: skip
ROLE, POLICY, MANAGED, USER, KEY, SECRET, PARAMETER, FUNCTION = TYPES[:8]
HOLDERS = (ROLE, POLICY, MANAGED, USER)


def _everything(statement: policies.Statement) -> bool:
    return "*" in statement.resources


@rule(
    "iam-administrator", "high", *HOLDERS, wa="SEC", fsbp="IAM.1", cis="1.15",
    title="A policy allows everything on everything",
    why="Whoever gets this role has the account.",
    fix="Leave `policies` out: the role then gets exactly the actions that its links need.",
)  # fmt: skip
def administrator(r: Resource, ctx: Context) -> Iterator[Hit]:
    for statement in policies.own(ctx, r):
        if statement.allows and "*" in statement.actions and _everything(statement) and not statement.condition:
            yield Hit(f"{r.title} allows every action on every resource", *statement.path)
    for position, arn in enumerate(policies.as_list(r.get("ManagedPolicyArns"))):
        text = arn.get("Fn::Sub") if isinstance(arn, dict) else arn
        if isinstance(text, str) and text.endswith("policy/AdministratorAccess"):
            yield Hit(f"{r.title} has the policy AdministratorAccess", "ManagedPolicyArns", position)


@rule(
    "iam-wildcard-action", "medium", *HOLDERS, wa="SEC", fsbp="IAM.21",
    title="A policy allows every action of a service",
    why="Reading is then never without deleting, and every action that AWS adds is allowed too.",
    fix="Name the actions; a link's verb gives exactly those that it needs.",
)  # fmt: skip
def wildcard_action(r: Resource, ctx: Context) -> Iterator[Hit]:
    for statement in policies.own(ctx, r):
        wide = [a for a in statement.actions if a.endswith(":*")]
        if statement.allows and wide and not statement.not_actions:
            yield Hit(f"{r.title} allows {listed(wide)}", *statement.path, "Action")


_SENSITIVE = (
    "iam:passrole", "kms:decrypt", "secretsmanager:getsecretvalue", "s3:getobject", "s3:putobject", "s3:deleteobject",
    "sts:assumerole", "lambda:invokefunction", "lambda:updatefunctioncode", "dynamodb:getitem", "dynamodb:putitem",
    "dynamodb:deleteitem", "dynamodb:scan", "dynamodb:query", "sqs:receivemessage", "sqs:sendmessage", "sns:publish",
    "ssm:getparameter", "ssm:getparameters", "ecs:runtask", "states:startexecution", "events:putevents",
)  # fmt: skip
"""Actions that take the ARN of what they touch: on `*` they touch everything."""


@rule(
    "iam-wildcard-resource", "medium", *HOLDERS, wa="SEC", fsbp="KMS.1 KMS.2",
    title="A policy allows a sensitive action on every resource",
    why="Secrets, keys, objects and roles of other systems in the account are then open to this one.",
    fix="Name the resource; a link names the one that it reaches.",
)  # fmt: skip
def wildcard_resource(r: Resource, ctx: Context) -> Iterator[Hit]:
    for statement in policies.own(ctx, r):
        if not statement.allows or not _everything(statement) or statement.condition or "*" in statement.actions:
            continue
        wide = [a for a in statement.actions if a.lower() in _SENSITIVE]
        if wide:
            yield Hit(f"{r.title} allows {listed(wide)} on every resource", *statement.path, "Resource")


@rule(
    "iam-trust-everyone", "critical", ROLE, wa="SEC",
    title="Everyone may take a role",
    why="A trust policy for `*` without a condition gives the role to every AWS account in the world.",
    fix="Name the service, the account or the identity pool in `trust`.",
)  # fmt: skip
def trust_everyone(r: Resource, ctx: Context) -> Iterator[Hit]:
    for statement in policies.trust(ctx, r):
        if policies.everyone(statement):
            yield Hit(f"everyone may take the role {r.title}", *statement.path, "Principal")


_PRINCIPALS: dict[str, tuple[tuple[tuple[str, ...], str], ...]] = {
    FUNCTION: ((("Role",), "lambda.amazonaws.com"),),
    "AWS::ECS::TaskDefinition": (
        (("TaskRoleArn",), "ecs-tasks.amazonaws.com"), (("ExecutionRoleArn",), "ecs-tasks.amazonaws.com"),
    ),
    "AWS::StepFunctions::StateMachine": ((("RoleArn",), "states.amazonaws.com"),),
    "AWS::IAM::InstanceProfile": ((("Roles",), "ec2.amazonaws.com"),),
    "AWS::Scheduler::Schedule": ((("Target", "RoleArn"), "scheduler.amazonaws.com"),),
    "AWS::RDS::DBProxy": ((("RoleArn",), "rds.amazonaws.com"),),
    "AWS::Pipes::Pipe": ((("RoleArn",), "pipes.amazonaws.com"),),
    "AWS::CodeBuild::Project": ((("ServiceRole",), "codebuild.amazonaws.com"),),
}  # fmt: skip
"""The properties that hand a role to a service, and the service that takes it."""


@rule(
    "iam-trust-leaves-out-service", "high", *_PRINCIPALS, wa="REL",
    title="A role's trust leaves out the service that uses it",
    why="The service cannot take the role; the deployment fails, or the first call does.",
    fix="Name the service in `trust`, or leave `role` out.",
)  # fmt: skip
def trust_leaves_out(r: Resource, ctx: Context) -> Iterator[Hit]:
    for path, principal in _PRINCIPALS[r.type]:
        for role in ctx.resources.targets({"x": r.get(*path)}):
            if role.type != ROLE or role.get("AssumeRolePolicyDocument") is None:
                continue
            verdict, keys = policies.assumes(ctx, r, role, principal)
            if verdict == "denied":
                yield Hit(f"{r.title} runs with the role {role.title}, which does not trust {principal}", *path)
            elif verdict != "allowed":
                why = (
                    f"its trust depends on {listed(list(keys))}" if keys else "its trust is known only after deployment"
                )
                ctx.undecided(r, *path, why=why)


@rule(
    "iam-inline-policy-size", "high", ROLE, wa="REL",
    title="A role's inline policies are above the quota",
    why="IAM counts the characters of all inline policies without whitespace, and rejects the role beyond the quota.",
    fix="Move statements into managed policies (`kind: iam_policy`), or name resources by prefix.",
)  # fmt: skip
def inline_size(r: Resource, ctx: Context) -> Iterator[Hit]:
    from archproof.validators.rules.quotas import compact_size

    held = policies.as_list(r.get("Policies"))
    size = sum(compact_size(p["PolicyDocument"]) for p in held if isinstance(p, dict) and "PolicyDocument" in p)
    quota = ctx.quota("iam", "Inline policies total per role")
    if size > quota.number:
        message = (
            f"{r.title} has inline policies of {amount(size)} characters, above IAM's maximum of {amount(quota.number)}"
        )
        yield Hit(message, "Policies")


@rule(
    "iam-user-policy", "low", USER, wa="SEC", fsbp="IAM.2", cis="1.14",
    title="Policies hang on a user",
    why="Rights by group or role can be reviewed and taken back; a user also means a key that lives for long.",
    fix="Use a role, or a group.",
)  # fmt: skip
def user_policy(r: Resource, ctx: Context) -> Iterator[Hit]:
    for key in ("Policies", "ManagedPolicyArns"):
        if r.has(key):
            yield Hit(f"{r.title} is a user with policies of its own", key)


@rule(
    "kms-rotation-off", "medium", KEY, wa="SEC", hub="KMS.4", cis="3.6",
    title="A key is not rotated",
    why="A key that changes every year limits what one leaked version opens.",
    fix="Set `rotation` to true (or leave it out).",
)  # fmt: skip
def rotation(r: Resource, ctx: Context) -> Iterator[Hit]:
    symmetric = r.get("KeySpec", default="SYMMETRIC_DEFAULT") == "SYMMETRIC_DEFAULT"
    if (
        symmetric
        and r.get("Origin", default="AWS_KMS") == "AWS_KMS"
        and ctx.flag(r, "EnableKeyRotation", default=False) is False
    ):
        yield Hit(f"{r.title} is not rotated", "EnableKeyRotation")


@rule(
    "kms-deletion-window", "high", KEY, wa="REL",
    title="A key's waiting period is outside the quota of KMS",
    why="KMS waits before it deletes a key, so that someone notices; CloudFormation takes 7 to 30 days.",
    fix="Set the waiting period to a number of days from 7 to 30.",
)  # fmt: skip
def window(r: Resource, ctx: Context) -> Iterator[Hit]:
    quota = ctx.quota("kms", "Deletion waiting period (CloudFormation)")
    least = float(quota.unit.partition("(")[2].partition("-")[0])
    days = ctx.number(r, "PendingWindowInDays")
    if days is not None and not least <= days <= quota.number:
        message = (
            f"{r.title} waits {amount(days)} days for its deletion; KMS takes {amount(least)} to {amount(quota.number)}"
        )
        yield Hit(message, "PendingWindowInDays")


@rule(
    "kms-policy-public", "critical", KEY, wa="SEC", fsbp="KMS.5",
    title="Everyone may use a key",
    why="A key policy for `*` without a condition opens everything that the key encrypts.",
    fix="Name the account and the roles.",
)  # fmt: skip
def key_public(r: Resource, ctx: Context) -> Iterator[Hit]:
    for statement in policies.statements(r, "KeyPolicy"):
        if policies.everyone(statement):
            yield Hit(f"everyone may use the key {r.title}", *statement.path, "Principal")


@rule(
    "secret-not-rotated", "low", SECRET, wa="SEC", fsbp="SecretsManager.1 SecretsManager.4",
    title="A secret is not rotated",
    why="A secret that never changes is open for ever to whoever saw it once.",
    fix="Set `rotation_days`, e.g. to 30.",
)  # fmt: skip
def not_rotated(r: Resource, ctx: Context) -> Iterator[Hit]:
    if getattr(ctx.component(r), "kind", "") == "elasticache":
        return  # the token that a cache makes for itself: whoever uses the cache has no say in it
    if not ctx.resources.users(r, "AWS::SecretsManager::RotationSchedule"):
        yield Hit(f"{r.title} is not rotated")


@rule(
    "secret-value-in-clear", "high", SECRET, PARAMETER, wa="SEC",
    title="A secret's value stands in plain text",
    why="Whoever reads the file, or its history, has the secret.",
    fix="Leave the value out: Secrets Manager generates one, or it is put in by hand.",
)  # fmt: skip
def value_in_clear(r: Resource, ctx: Context) -> Iterator[Hit]:
    if r.type == SECRET:
        value = r.get("SecretString")
        if isinstance(value, str) and value and not value.startswith("{{resolve:"):
            yield Hit(f"the value of {r.title} stands in plain text", "SecretString")
    elif looks_secret(str(r.get("Name", default=r.title)), r.get("Value")):
        yield Hit(f"{r.title} looks like a secret in a plain parameter", "Value")


@rule(
    "lambda-secret-in-environment", "high", FUNCTION, wa="SEC",
    title="A function gets a secret in plain text",
    why="Whoever may read the function's configuration reads it, and so does everyone with the file.",
    fix="Keep it in a secret, link the function to it (`verb: read`), and pass only its name in `environment`.",
)  # fmt: skip
def secret_in_environment(r: Resource, ctx: Context) -> Iterator[Hit]:
    variables = ctx.value(r, "Environment", "Variables", default={})
    for name, value in variables.items() if isinstance(variables, dict) else ():
        if looks_secret(str(name), value):
            yield Hit(f"{name} of {r.title} looks like a secret in plain text", "Environment", "Variables", name)


_KEYS: dict[str, tuple[str, ...]] = {
    "AWS::S3::Bucket": ("BucketEncryption",), "AWS::SecretsManager::Secret": ("KmsKeyId",),
    "AWS::SQS::Queue": ("KmsMasterKeyId",), "AWS::SNS::Topic": ("KmsMasterKeyId",),
    "AWS::DynamoDB::Table": ("SSESpecification",), "AWS::Kinesis::Stream": ("StreamEncryption",),
}  # fmt: skip
"""Types of what a function uses, and the property that names its key."""


@functools.cache
def _key_actions() -> dict[str, tuple[str, ...]]:
    """What each action needs of the key of what it is done to (facts/key_uses.csv)."""
    from archproof.facts import rows

    return {row["action"]: tuple(row["key_actions"].split()) for row in rows("key_uses")}


@rule(
    "lambda-decrypt-missing", "high", FUNCTION, wa="REL",
    title="A function may use data whose key it may not use",
    why="What a customer's key encrypts can be read and written only with that key: the call fails with AccessDenied.",
    fix="Give the role `kms:Decrypt` (and `kms:GenerateDataKey` to write) on the key, or leave `role` out.",
)  # fmt: skip
def decrypt_missing(r: Resource, ctx: Context) -> Iterator[Hit]:
    role = policies.role_of(ctx, r)
    if role is None:
        return
    mappings = ctx.resources.users(r, "AWS::Lambda::EventSourceMapping")
    # of what triggers it `lambda-key-rights` tells
    seen = {s.logical_id for m in mappings for s in ctx.resources.targets({"x": m.get("EventSourceArn")})}
    wanted: dict[str, dict[str, None]] = {}
    keys: dict[str, Resource | None] = {}
    for statement in policies.inline(ctx, role):
        for target in ctx.resources.targets(statement.resources) if statement.allows else ():
            name = target.logical_id
            if target.type not in _KEYS or name in seen:
                continue
            if name not in keys:
                keys[name] = policies.key_at(ctx, target, *_KEYS[target.type])
            if keys[name] is None:
                continue  # no key of a customer, no right on it
            held = wanted.setdefault(name, {})
            for action, needed in _key_actions().items():
                if statement.covers(action) and policies.may(ctx, role, action, target) is not False:
                    held.update(dict.fromkeys(needed))
    for name, actions in wanted.items():
        target, key = ctx.resources[name], keys[name]
        answers = {action: policies.may(ctx, role, action, key) for action in actions}
        missing = [action for action, answer in answers.items() if answer is False]
        if missing and key is not None:
            lacks = listed(missing)
            message = f"{r.title} uses {target.title}, but its role {role.title} lacks {lacks} on {key.title}"
            yield Hit(message, "Role")
        elif None in answers.values():
            ctx.undecided(r, "Role", why=f"a policy of {role.title} cannot be read here")
