"""How this model stands to what is commonly said: to a correction, and to the two sides of a comparison."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from archproof.renderers.documents._evidence import Evidence, Fact, join
from archproof.renderers.documents._parts import Parts, placed_in
from archproof.renderers.documents._reader import Named, Reader

FIELDS: dict[str, tuple[tuple[str, str], ...]] = {
    "lambda-public-subnet": (("lambda", "in.subnets"),),
    "dotnet8-on-lambda": (("lambda", "runtime"),),
    "s3-to-eventbridge": (("s3_bucket", "eventbridge"),),
    "queue-without-dead-letter": (("sqs_queue", "dead_letter.queue"), ("sqs_queue", "visibility_s")),
    "open-choice": (("rds", "engine"),),
    "rds-highly-available": (("rds", "multi_az"),),
    "pooling-in-functions": (("rds_proxy", "target"),),
    "deployed-to-ecr": (("ecs_service", "image"),),
    "tls-in-vpc": (("rds", "require_tls"), ("aurora", "require_tls"), ("rds_proxy", "require_tls")),
    "jwt-validated-twice": (("http_api", "authorizer.jwt"), ("rest_api", "authorizer.cognito")),
    "sqs-exactly-once": (("sqs_queue", "fifo"),),
    "unlimited-lambda": (("lambda", "reserved_concurrency"),),
    "cognito-secret-in-browser": (("cognito_app_client", "secret"),),
    "s3-public-frontend": (("cloudfront", "origin"),),
    "certificate-region": (("cloudfront", "certificate"),),
    "security-hub-protects": (("security_hub", "standards"),),
}
"""Corrections → the fields that show how this model stands."""
NETWORK = {"flow-logs-claimed": "flow_logs", "one-nat-is-enough": "nat"}
KINDS = {
    "parts-left-out": ("cloudfront", "ecs_service", "alb"),
    "everything-in-vpc": ("cognito_user_pool", "http_api", "rest_api", "s3_bucket", "sqs_queue", "event_rule",
                          "sns_topic", "cloudfront"),
}  # fmt: skip
"""Corrections → the kinds whose components they speak of."""


def here(reader: Reader, claim: str, parts: Parts) -> list[Fact]:
    """The fields of this model that a correction is about, those of one value together."""
    found = [f for kind, path in FIELDS.get(claim, ()) for f in _alike(reader, kind, path, parts)]
    for name, vpc in reader.architecture.places.vpcs.items() if claim in NETWORK else ():
        if vpc.vpc is not None:
            key = NETWORK[claim]
            fact = reader.section(*reader.architecture.places.paths[name], key, value=getattr(vpc.vpc, key))
            found.append(Fact(fact.value, f"{key} of {name} is {fact.text}", fact.evidence))
    if claim in KINDS and (named := reader.of_kind(*KINDS[claim])):
        word = "outside the VPC" if claim == "everything-in-vpc" else "part of the model"
        found.append(_together(named, f"{{}} {'is' if len(named) == 1 else 'are'} {word}"))
    return found


def _alike(reader: Reader, kind: str, path: str, parts: Parts) -> list[Fact]:
    """`runtime of orders_fn and mail_fn is dotnet10`: the components of a kind that say the same, in one line."""
    held: dict[str, list[tuple[str, Fact]]] = {}
    for named in reader.of_kind(kind):
        if named in parts.dead_letters or named in parts.log_buckets:
            continue
        fact = reader.field(named.id, *path.split("."))
        if fact.declared:
            held.setdefault(fact.text, []).append((named.id, fact))
    return [
        Fact(text, f"{path} of {_listing([n for n, _ in said])} is {text}", join(f for _, f in said))
        for text, said in held.items()
    ]


def _listing(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def _together(named: list[Named], words: str = "{}") -> Fact:
    return Fact(len(named), words.format(_listing([str(n) for n in named])), join(n.title for n in named))


@dataclass(frozen=True, slots=True)
class Pair:
    """A comparison with what this model has of each side."""

    row: Any
    evidence: Evidence
    sides: list[tuple[str, Fact | None]]


SIDES: dict[str, tuple[str, ...]] = {
    "User pool": ("cognito_user_pool",), "Identity pool": ("cognito_identity_pool",), "SQS": ("sqs_queue",),
    "SNS": ("sns_topic",), "EventBridge": ("event_rule", "event_bus", "schedule", "event_pipe"),
    "REST API": ("rest_api",), "HTTP API": ("http_api",), "API Gateway": ("http_api", "rest_api"), "ALB": ("alb",),
    "NLB": ("nlb",), "RDS": ("rds",), "Aurora": ("aurora",), "DynamoDB": ("dynamodb_table",),
    "RDS Proxy": ("rds_proxy",), "Lambda": ("lambda",), "ECS": ("ecs_service",), "ECR": ("ecr_repository",),
    "Secrets Manager": ("secret",),
    "Parameter Store": ("ssm_parameter",), "CloudWatch": ("alarm", "dashboard"), "CloudTrail": ("cloudtrail",),
    "Security Hub": ("security_hub",), "GuardDuty": ("guardduty",), "EventBridge rule": ("event_rule",),
    "Step Functions": ("state_machine",), "Identity pool credentials": ("cognito_identity_pool",),
}  # fmt: skip
"""Words of comparisons → the kinds that they name."""


def _where(kinds: tuple[str, ...], test: Callable[[Reader, str], bool]) -> Callable[[Reader], list[Named]]:
    return lambda reader: [n for n in reader.of_kind(*kinds) if test(reader, n.id)]


def _says(attribute: str, *values: Any) -> Callable[[Reader, str], bool]:
    return lambda reader, name: reader.field(name, *attribute.split(".")).value in values


POLLED = ("sqs_queue", "kinesis_stream", "dynamodb_table")
"""What Lambda itself reads, and then invokes synchronously."""


def _async(reader: Reader, name: str) -> bool:
    return any(
        k.verb.mode == "async" and k.verb.verb != "dead_letter" and reader.component(k.source).kind not in POLLED
        for k in reader.links(target=name)
    )


def _sync(reader: Reader, name: str) -> bool:
    return any(
        k.verb.mode == "sync" or (k.verb.verb == "trigger" and reader.component(k.source).kind in POLLED)
        for k in reader.links(target=name)
    )


def _subnets(*ways: str) -> Callable[[Reader, str], bool]:
    def stands(reader: Reader, name: str) -> bool:
        where = placed_in(reader, name)
        tiers = reader.architecture.places.tiers
        return where is not None and any(getattr(tiers.get(t), "egress", None) in ways for t in where[0])

    return stands


TESTED: dict[str, Callable[[Reader], list[Named]]] = {
    "Standard queue": _where(("sqs_queue",), _says("fifo", False)),
    "FIFO queue": _where(("sqs_queue",), _says("fifo", True)),
    "Multi-AZ": _where(("rds",), _says("multi_az", True)),
    "Fargate": _where(("ecs_service",), _says("launch", "fargate")),
    "ECS on EC2": _where(("ecs_service",), _says("launch", "ec2")),
    "Reserved concurrency": _where(("lambda",), lambda r, n: bool(r.field(n, "reserved_concurrency"))),
    "Provisioned concurrency": _where(("lambda",), lambda r, n: bool(r.field(n, "provisioned_concurrency"))),
    "Synchronous invocation": _where(("lambda",), _sync),
    "Asynchronous invocation": _where(("lambda",), _async),
    "S3 event through EventBridge": _where(("s3_bucket",), _says("eventbridge", True)),
    "JWT authorizer": _where(("http_api",), lambda r, n: r.field(n, "authorizer", "jwt").declared),
    "Origin access control": _where(
        ("s3_bucket",), lambda r, n: any(k.verb.verb == "origin" for k in r.links(target=n))
    ),
    "Public subnet": _where(("alb", "nlb", "ec2_instance", "lambda", "ecs_service"), _subnets("internet_gateway")),
    "Private subnet": _where(
        ("lambda", "ecs_service", "rds", "aurora", "rds_proxy", "ec2_instance", "alb", "nlb", "elasticache"),
        _subnets("nat", "none", "transit_gateway", "egress_only"),
    ),
    "Customer managed key": lambda reader: reader.of_kind("kms_key"),
}
"""Words of comparisons → the components that are so."""
KNOWN = {*SIDES, *TESTED, "Security group", "Network ACL", "Gateway endpoint", "Interface endpoint"}
"""Words of which a model can tell."""


def comparisons(reader: Reader) -> list[Pair]:
    """The comparisons of which this model has at least one side."""
    found = []
    for row in reader.rows("comparisons"):
        sides = [(word, _side(reader, word)) for word in (row.a, row.b) if word in KNOWN]
        if any(fact for _, fact in sides):
            found.append(Pair(row, reader.row(row, f"comparison of {row.a} and {row.b}"), sides))
    return found


def _side(reader: Reader, word: str) -> Fact | None:
    """What the model has of one side; None where it has nothing or where nobody can tell."""
    named = TESTED[word](reader) if word in TESTED else reader.of_kind(*SIDES.get(word, ()))
    if word == "Security group" and (groups := list(reader.architecture.places.groups)):
        return _places(reader, "group", groups)
    if word == "Network ACL":
        acls = [a for n in reader.architecture.places.vpcs.values() for a in n.network_acls]
        return Fact(len(acls), _listing(acls), _vpcs(reader)) if acls else None
    if word in ("Gateway endpoint", "Interface endpoint"):
        return _endpoints(reader, gateway=word.startswith("Gateway"))
    if len(named) > 5:
        few = _together(named[:4])
        return Fact(len(named), f"{', '.join(str(n) for n in named[:4])} and {len(named) - 4} more", few.evidence)
    return _together(named) if named else None


def _endpoints(reader: Reader, *, gateway: bool) -> Fact | None:
    from archproof.facts import services

    free = {s.key for s in services() if s.gateway_endpoint}
    found = [
        e.service for n in reader.architecture.places.vpcs.values() for e in n.endpoints
        if (e.service in free) is gateway
    ]  # fmt: skip
    said = list(dict.fromkeys(found))
    return Fact(len(said), _listing(said), _vpcs(reader)) if said else None


def _places(reader: Reader, prefix: str, names: list[str]) -> Fact:
    paths = reader.architecture.places.paths
    evidence = tuple(reader.place(paths[f"{prefix}:{n}"], f"security group {n}") for n in names)
    return Fact(len(names), _listing(names), evidence)


def _vpcs(reader: Reader) -> tuple[Evidence, ...]:
    places = reader.architecture.places
    return tuple(reader.place(places.paths[name], f"network of {name}") for name in places.vpcs)
