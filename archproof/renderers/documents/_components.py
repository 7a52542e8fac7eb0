"""Components by tier: what each is, what it does, why it is there, and how much of each limit it uses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from archproof.renderers.documents._evidence import Evidence, Fact, derive, join, missing
from archproof.renderers.documents._parts import TIERS, Parts
from archproof.renderers.documents._reader import Named, Reader
from archproof.renderers.documents._words import amount, number_text

VERBS = {
    "call": "calls", "dead_letter": "hands what fails for good to", "use": "uses", "connect": "connects to",
    "sign_in": "signs in at", "federate": "gets AWS credentials from", "upload": "uploads to", "notify": "notifies",
    "publish": "publishes to", "put": "puts records into", "subscribe": "delivers to", "send": "sends to",
    "read": "reads from", "write": "writes to", "read_write": "reads and writes", "deliver": "delivers to",
    "receive": "receives from", "delete": "deletes from", "pull": "pulls its image from", "query": "queries",
    "trigger": "triggers", "invoke": "invokes", "start": "starts", "run": "runs", "mount": "mounts",
}  # fmt: skip
"""How a sentence says the verbs of links."""
TITLES = {
    "forwards": "forwards to",
    "sends": "sends to",
    "publishes": "publishes to",
    "puts events": "puts events on",
    "puts records": "puts records into",
    "reads": "reads from",
    "logs": "logs to",
    "HTTPS": "fetches from",
    "asks": "asks",
}
"""How a sentence says the verbs that it knows by their titles only."""
FIELDS = {
    "of": "watches",
    "notify": "tells",
    "pool": "belongs to",
    "authenticated_role": "gives the role",
    "waf": "is guarded by",
}
"""How a sentence says fields that name another component without data passing."""


@dataclass(frozen=True, slots=True)
class Doing:
    """What a component does to others: one verb and all that it is done to."""

    verb: str
    targets: list[Named]
    evidence: tuple[Evidence, ...]

    @property
    def infinitive(self) -> str:
        """The verb as it stands after `can`: whoever does it may be one or many."""
        first, space, rest = self.verb.partition(" ")
        if first in ("is", "has", "HTTPS") or not first.endswith("s"):
            return self.verb
        if first.endswith("shes"):
            return f"{first[:-2]}{space}{rest}"
        return f"{first[:-3] + 'y' if first.endswith('ies') else first[:-1]}{space}{rest}"


@dataclass(frozen=True, slots=True)
class Part:
    """A component in its table."""

    named: Named
    what: Fact
    why: Fact
    does: list[Doing]


@dataclass(frozen=True, slots=True)
class Use:
    """How much of a limit is used: `20 s of 900 s = 2 %`. An unset figure is not declared."""

    named: Named
    what: str
    used: Fact
    limit: Fact
    share: Fact


@dataclass(frozen=True, slots=True)
class Tier:
    """The components of one tier."""

    name: str
    parts: list[Part]


POLLED = ("sqs_queue", "kinesis_stream", "dynamodb_table")
"""What Lambda reads itself, in batches."""
OWN_TITLES = {
    "AWS::EC2::SecurityGroup": "Amazon VPC: security groups",
    "AWS::EC2::SecurityGroupIngress": "Amazon VPC: security groups",
    "AWS::EC2::SecurityGroupEgress": "Amazon VPC: security groups", "AWS::EC2::Subnet": "Amazon VPC: subnets",
    "AWS::EC2::NetworkAcl": "Amazon VPC: network ACLs", "AWS::EC2::NetworkAclEntry": "Amazon VPC: network ACLs",
    "AWS::EC2::SubnetNetworkAclAssociation": "Amazon VPC: network ACLs", "AWS::EC2::VPC": "Amazon VPC",
    "AWS::EC2::RouteTable": "Amazon VPC: routes", "AWS::EC2::Route": "Amazon VPC: routes",
    "AWS::EC2::SubnetRouteTableAssociation": "Amazon VPC: routes", "AWS::EC2::NatGateway": "Amazon VPC: gateways",
    "AWS::EC2::InternetGateway": "Amazon VPC: gateways", "AWS::EC2::VPCGatewayAttachment": "Amazon VPC: gateways",
    "AWS::EC2::EIP": "Amazon VPC: gateways", "AWS::EC2::VPCEndpoint": "Amazon VPC: endpoints",
    "AWS::EC2::FlowLog": "Amazon VPC: flow logs",
    "AWS::ElasticLoadBalancingV2::TargetGroup": "Elastic Load Balancing: target groups",
}  # fmt: skip
"""Types that people count apart from the service that they belong to."""

# kind → (what, field, quota's service, its name, factor from the field's unit to the quota's)
LIMITS: dict[str, tuple[tuple[str, str, str, str, float], ...]] = {
    "lambda": (
        ("memory", "memory_mb", "lambda", "Function memory maximum", 1),
        ("timeout", "timeout_s", "lambda", "Function timeout maximum", 1),
        ("payload of a synchronous call", "payload_mb", "lambda", "Synchronous payload request", 1),
        ("environment variables", "environment", "lambda", "Environment variables aggregate", 1 / 1024),
        ("layers", "layers", "lambda", "Layers per function", 1),
        ("package, zipped, uploaded directly", "package_mb", "lambda", "Deployment package zipped (direct upload)", 1),
        ("package, unzipped with layers", "unzipped_mb", "lambda", "Deployment package unzipped incl. layers", 1),
        ("scratch space in /tmp", "ephemeral_storage_mb", "lambda", "/tmp maximum", 1),
        ("reserved concurrency", "reserved_concurrency", "lambda", "Concurrent executions per Region", 1),
    ),
    "sqs_queue": (
        ("visibility timeout", "visibility_s", "sqs", "Visibility timeout maximum", 1),
        ("retention", "retention_days", "sqs", "Message retention maximum", 86400),
        ("message size", "max_message_kb", "sqs", "Message size maximum", 1024),
    ),
    "http_api": (("routes", "routes", "apigatewayv2", "HTTP API routes", 1),),
    "rest_api": (("resources", "routes", "apigateway", "REST resources per API", 1),),
    "cognito_app_client": (
        ("access token", "access_token_min", "cognito-idp", "ID/access token validity maximum", 1 / 60),
        ("refresh token", "refresh_token_days", "cognito-idp", "Refresh token validity maximum", 1),
    ),
}


def tiers(reader: Reader) -> list[Tier]:
    """Every component in its tier, in the order in which a request meets them."""
    found: dict[str, list[Part]] = {}
    for name, component in reader.architecture.components.items():
        if component.kind == "alarm":
            continue  # each has its line beside what it watches
        found.setdefault(component.tier if component.tier in TIERS else "", []).append(part(reader, name))
    return [Tier(tier, found[tier]) for tier in TIERS if tier in found]


def part(reader: Reader, name: str) -> Part:
    """One component with all that is said about it."""
    return Part(reader.named(name), reader.field(name, "description"), _why(reader, name), does(reader, name))


def _why(reader: Reader, name: str) -> Fact:
    """Why a component is there: its own words, else the decisions that concern it."""
    own = reader.field(name, "why")
    if own.declared:
        return own
    for position, decision in enumerate(reader.architecture.decisions):
        if name in decision.affects:
            return Fact(decision.title, decision.title, (reader.place(("decisions", position), decision.id),))
    return own


def does(reader: Reader, name: str) -> list[Doing]:
    """What a component does, by verb."""
    found: dict[str, dict[str, tuple[Evidence, ...]]] = {}
    for link in reader.links(source=name):
        held = found.setdefault(VERBS.get(link.verb.verb, TITLES.get(link.verb.title, link.verb.title)), {})
        held[link.target] = (*held.get(link.target, ()), reader.link(link))
    for reference in reader.architecture.references:
        if reference.source == name and reference.field in FIELDS and reference.meaning.edge != "data":
            held = found.setdefault(FIELDS[reference.field], {})
            held[reference.target] = (reader.place(reference.path, f"{name}.{reference.field}: {reference.target}"),)
    return [
        Doing(verb, [reader.named(t) for t in targets], join(e for held in targets.values() for e in held))
        for verb, targets in found.items()
    ]


@dataclass(frozen=True, slots=True)
class Trigger:
    """What runs a function: `kind` is how it is invoked."""

    named: Named
    source: Named
    kind: str
    evidence: Evidence


def triggers(reader: Reader, parts: Parts) -> list[Trigger]:
    """What runs each function, in the order of the functions."""
    found: dict[tuple[str, str], Trigger] = {}
    for function in parts.functions:
        for link in reader.links(target=function.id):
            kind = reader.component(link.source).kind
            how = "polled" if kind in POLLED else link.verb.mode
            if link.verb.verb != "dead_letter":
                trigger = Trigger(function, reader.named(link.source), how, reader.link(link))
                found.setdefault((function.id, link.source), trigger)
    return list(found.values())


def services(reader: Reader) -> list[tuple[str, int, list[Named], Evidence]]:
    """The AWS services of the resources: title, number of resources, the components behind them, where they begin."""
    from archproof.facts import service_of

    held: dict[str, tuple[list[Any], dict[str, Named]]] = {}
    for resource in reader.resources:
        if "::" not in resource.type:  # Terraform's own, of another provider or without a counterpart
            continue
        known = service_of(resource.type)
        title = OWN_TITLES.get(resource.type) or (known.title if known else resource.type.split("::")[1])
        resources, components = held.setdefault(title, ([], {}))
        resources.append(resource)
        if resource.component is not None and not resource.implied:
            components.setdefault(resource.component, reader.named(resource.component))
    return [
        (title, len(resources), list(components.values()), reader.resource(resources[0]))
        for title, (resources, components) in sorted(held.items(), key=lambda item: item[0].lower())
    ]


def uses(reader: Reader) -> list[Use]:
    """How much of each limit each component uses, where the model says how much."""
    found = []
    for name, component in reader.architecture.components.items():
        for what, attribute, service, quota, factor in LIMITS.get(component.kind, ()):
            if reader.has(name, attribute):
                found.append(use(reader, name, what, attribute, reader.quota(service, quota), factor))
    return found


def use(reader: Reader, name: str, what: str, attribute: str, limit: Fact, factor: float) -> Use:
    """One limit and how much of it a component uses."""
    used = size(reader.field(name, attribute), attribute)
    share = missing()
    if used.declared and isinstance(limit.value, int | float):
        share = derive(used.value * factor / limit.value, percent(used.value * factor / limit.value))
        limit = derive(limit.value, _alike(limit.value, factor, used.note) or limit.text, limit)
    return Use(reader.named(name), what, used, limit, share)


def size(fact: Fact, attribute: str) -> Fact:
    """A figure as a number that can be compared: lists and maps are counted, variables weighed in bytes."""
    value: Any = fact.value
    if isinstance(value, dict) and attribute == "environment":
        weight = sum(len(str(k).encode()) + len(str(v).encode()) for k, v in value.items())
        return Fact(weight, amount(weight, "bytes"), fact.evidence, "bytes")
    if isinstance(value, dict | list):
        return Fact(len(value), str(len(value)), fact.evidence, "")
    unit = attribute.rsplit("_", 1)[-1]
    return Fact(value, fact.text, fact.evidence, unit if unit in ("days", "min", "kb") else "")


def _alike(limit: float, factor: float, unit: str) -> str:
    """The limit in the unit of what is compared with it, where the two differ."""
    words = {"days": "days", "min": "min", "kb": "KiB"}
    return amount(limit / factor, words[unit]) if unit in words else ""


def percent(share: float) -> str:
    """A share as people say it: `2 %`, `under 1 %`."""
    if 0 < share < 0.005:
        return "under 1 %"
    return f"{number_text(round(share * 100))} %"
