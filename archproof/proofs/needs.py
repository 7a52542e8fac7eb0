"""What a use of one resource by another needs: who has to be allowed which action on what."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from archproof.iam.attached import attached
from archproof.iam.globs import hole, literal
from archproof.iam.names import forms
from archproof.model import verbs
from archproof.model.verbs import Verb
from archproof.proofs import callers
from archproof.proofs.callers import Caller, Delivery
from archproof.proofs.origins import Origins
from archproof.resources.resource import Resource, Resources

KINDS = {
    "AWS::S3::Bucket": "s3_bucket", "AWS::DynamoDB::Table": "dynamodb_table", "AWS::SQS::Queue": "sqs_queue",
    "AWS::SNS::Topic": "sns_topic", "AWS::Events::EventBus": "event_bus", "AWS::Kinesis::Stream": "kinesis_stream",
    "AWS::KinesisFirehose::DeliveryStream": "firehose", "AWS::Lambda::Function": "lambda",
    "AWS::StepFunctions::StateMachine": "state_machine", "AWS::SecretsManager::Secret": "secret",
    "AWS::SSM::Parameter": "ssm_parameter", "AWS::KMS::Key": "kms_key", "AWS::ECR::Repository": "ecr_repository",
    "AWS::ECS::TaskDefinition": "ecs_task_definition", "AWS::EFS::FileSystem": "efs",
    "AWS::ApiGateway::RestApi": "rest_api", "AWS::ApiGatewayV2::Api": "http_api",
    "AWS::CloudFront::Distribution": "cloudfront", "AWS::Events::Rule": "event_rule",
    "AWS::Scheduler::Schedule": "schedule", "AWS::ECS::Service": "ecs_service", "AWS::EC2::Instance": "ec2_instance",
}  # fmt: skip
"""The kinds of the language that stand for a type, by which facts/verbs.csv knows it."""
_BESIDE = (
    "sqs:GetQueueAttributes", "sqs:ChangeMessageVisibility", "s3:ListBucket", "s3:AbortMultipartUpload",
    "dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:Scan", "dynamodb:UpdateItem", "dynamodb:DeleteItem",
    "dynamodb:BatchWriteItem", "kinesis:PutRecords", "kinesis:DescribeStreamSummary", "kinesis:ListShards",
    "firehose:PutRecordBatch", "secretsmanager:DescribeSecret", "ssm:GetParameters", "s3:ListBucketMultipartUploads",
    "ecr:BatchCheckLayerAvailability", "elasticfilesystem:ClientWrite", "kms:GenerateDataKey",
)  # fmt: skip
"""Actions that a verb grants for comfort: who only puts, gets or sends one thing can do without."""

_LISTS = ("dynamodb:ListStreams", "kinesis:ListStreams")
"""Actions that help to find what is read: not every poller asks."""


class Need(NamedTuple):
    """One action that someone has to be allowed."""

    caller: Caller
    action: str
    on: Resource | None
    arn: str
    title: str
    """What it is done to, in a few words."""
    optional: bool = False
    """Whether the use works without it."""


class Needs:
    """What uses need in one set of resources."""

    def __init__(self, resources: Resources) -> None:
        self.resources = resources
        self.names = attached(resources).names
        self.origins = Origins(self.names)
        self._holders: dict[tuple[str, ...], list[Caller]] = {}

    def verb(self, sources: Sequence[Resource], targets: Sequence[Resource]) -> Verb | None:
        """The verb that is meant between resources when none is given; None where none needs a right."""
        for source in sources:
            for target in targets:
                first, second = KINDS.get(source.type, "resource"), KINDS.get(target.type)
                found = verbs.default(first, second) if second else None
                if found is not None and (found.holder or found.target != "*"):
                    return found
        return None

    def of(
        self, sources: Sequence[Resource], targets: Sequence[Resource], verb: Verb | None, *,
        actions: Sequence[str] = (), prefix: str = "",
    ) -> Iterator[Need]:  # fmt: skip
        """What it takes that `sources` use `targets`.

        `actions`: those asked for, in place of the verb's; `prefix`: the part of a bucket that they are for.
        """
        pollers = verb is not None and verb.holder == "target"
        own, other = (targets, sources) if pollers else (sources, targets)
        wanted = [(a, "/*" if _on_objects(a) else "") for a in actions] or (list(verb.actions) if verb else [])
        by_service = verb is not None and verb.verb == "dead_letter" and any(self.deliveries(sources, targets))
        asked = self._callers(own) if wanted and (actions or (verb and verb.holder)) else []
        if by_service:  # the role of a rule is for its target, its dead letters EventBridge sends itself
            asked = []
        if not asked and not (verb and verb.holder):
            asked = self._acting(sources, targets)
            wanted = wanted or (self._usual(targets) if asked else [])
        for caller in asked:
            for action, suffix in wanted:
                yield from self._need(caller, action, suffix, other, prefix, not actions and not pollers)
        if not asked:
            yield from self._delivered(sources, targets, actions)

    def _callers(self, named: Sequence[Resource]) -> list[Caller]:
        """The identities that some resources act with; asked for each of their links."""
        key = tuple([r.logical_id for r in named])
        found = self._holders.get(key)
        if found is None:
            found = self._holders[key] = callers.holders(self.resources, named)
        return found

    def _need(
        self, caller: Caller, action: str, suffix: str, others: Sequence[Resource], prefix: str, comfort: bool
    ) -> Iterator[Need]:  # fmt: skip
        on = _of_service(others, action)
        if suffix == "*":
            yield Need(caller, action, None, "*", "any resource", action in _LISTS or (comfort and action in _BESIDE))
            return
        if on is None or (suffix.startswith("/index") and not _has_indexes(on)):
            return
        arn = self.names.arn(on) + self._suffix(on, suffix, prefix)
        optional = comfort and (action in _BESIDE or suffix.startswith("/index"))
        yield Need(caller, action, on, arn, on.title, optional)

    def _suffix(self, on: Resource, suffix: str, prefix: str) -> str:
        if suffix == "stream":
            return f"/stream/{hole(f'{on.logical_id}.StreamArn')}"
        if suffix == "/*":
            return f"/{literal(prefix)}{hole('key')}"
        return suffix.replace("*", hole("name"))

    def _usual(self, targets: Sequence[Resource]) -> list[tuple[str, str]]:
        """What is done to resources where no verb says more: the first action of their default verb."""
        rows = (verbs.default("lambda", KINDS.get(t.type, "resource")) for t in targets)
        return list(next((row.actions[:1] for row in rows if row.actions), ()))

    def _acting(self, sources: Sequence[Resource], targets: Sequence[Resource]) -> list[Caller]:
        """The roles by which a service calls a target for its source: of a rule's target, of an integration."""
        found: dict[str, Caller] = {}
        named = {t.logical_id for t in targets}
        for source in sources:
            for held in (source, *(r for r in self.resources.users(source) if _connects(r))):
                uses = self.resources.uses(held)
                roots = [u.path[:2] if u.path[0] == "Targets" else () for u in uses if u.target in named]
                for use in uses:
                    role = self.resources[use.target]
                    if role.type == callers.ROLE and any(use.path[: len(root)] == root for root in roots):
                        found.setdefault(role.title, Caller(role.title, role, callers.calling()))
        return list(found.values())

    # -- what services of AWS do

    def _delivered(
        self, sources: Sequence[Resource], targets: Sequence[Resource], actions: Sequence[str]
    ) -> Iterator[Need]:
        for source, target, delivery in self.deliveries(sources, targets):
            if actions and delivery.action not in actions:
                continue
            suffix = f"/{hole('key')}" if target.type == "AWS::S3::Bucket" else ""
            for arn in self.origins.arns(source, target):
                caller = callers.service(self.names, source, delivery, arn)
                yield Need(caller, delivery.action, target, self.names.arn(target) + suffix, target.title)

    def deliveries(
        self, sources: Sequence[Resource], targets: Sequence[Resource]
    ) -> Iterator[tuple[Resource, Resource, Delivery]]:
        """Pairs between which a service of AWS delivers, wired by some property."""
        known = callers.deliveries()
        for source in sources:
            for target in targets:
                delivery = known.get((source.type, target.type))
                if delivery is not None and self.delivers(source, target, delivery):
                    yield source, target, delivery

    def delivers(self, source: Resource, target: Resource, delivery: Delivery) -> bool:
        """Whether a property makes the service deliver there: of the source, or of what joins the two."""
        uses = (u for u in self.resources.uses(source) if u.target == target.logical_id)
        if any(str(u.path[0]) in delivery.properties for u in uses):
            return True
        if not delivery.through:
            return False
        joining = self.resources.users(target, delivery.through)
        return any(u.target == source.logical_id for r in joining for u in self.resources.uses(r))

    def wired(self, source: Resource, target: Resource) -> bool:
        """Whether one names the other, or something joins the two (an event source mapping)."""
        if any(use.target == target.logical_id for use in self.resources.uses(source)):
            return True
        around = {r.logical_id for r in self.resources.users(source) if _connects(r)}
        return any(r.logical_id in around for r in self.resources.users(target) if _connects(r))


def _connects(resource: Resource) -> bool:
    """Whether a resource may connect two others: policies and permissions only allow."""
    return not resource.type.endswith(("Policy", "::Permission", "::Role", "::Alarm", "::Dashboard"))


def _on_objects(action: str) -> bool:
    return action.startswith("s3:") and "Object" in action


def _has_indexes(table: Resource) -> bool:
    return table.has("GlobalSecondaryIndexes") or table.has("LocalSecondaryIndexes")


@functools.cache
def _services() -> dict[str, str]:
    """The prefix of actions on resources of a type, from the form of its ARN."""
    return {type: form.arn.split(":")[2] for type, form in forms().items()}


def _of_service(resources: Sequence[Resource], action: str) -> Resource | None:
    """The first of some resources that an action can be done to."""
    prefix, services = action.partition(":")[0], _services()
    for resource in resources:
        # a role is taken through another service than it is made with
        taken = prefix == "sts" and resource.type == callers.ROLE
        if taken or (services.get(resource.type) == prefix and resource.type not in _NO_TARGET):
            return resource
    return None


_NO_TARGET = ("AWS::Events::Rule",)
