"""What the model says in words and its components do not bear out: claims, names and figures that have aged."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from archproof.validators.context import Context, listed
from archproof.validators.rule import Hit, model_rule

if TYPE_CHECKING:
    from archproof.model.architecture import Architecture
    from archproof.model.document import KeyPath

TYPES = ("*",)

_EVERYTHING = re.compile(
    r"(\beverything\b[^.]{0,60}|\b(entire|whole|all)\b[^.]{0,60}\b(resid|liv|run|stand|sit|is|are|deploy|host|plac|"
    r"locat|kept)\w*\b[^.]{0,20})\b(in|inside|within) (a|an|the|our|one)\b[^.]{0,20}\bvpc\b", re.I,
)  # fmt: skip
_DENIED = re.compile(
    r"(\b(no|not|never|without|neither|nor|cannot|instead of|rather than)\b|n't\b)[^.,;:]{0,30}$", re.I
)
"""What stands before a claim that is none: `no flow logs`, `does not need a web ACL`."""
_NET_CORE = re.compile(r"\.NET Core ([5-9]|\d{2})", re.I)
_TWICE = re.compile(
    r"\b(validat|verif|check)\w*\b[^.]{0,40}\b(jwt|token)s?\b[^.]{0,60}\bgateway\b[^.]{0,20}\band\b[^.]{0,20}\blambda",
    re.I,
)
_POOLING = re.compile(r"\b(connection|efficient) pool\w*", re.I)
_AVAILABLE = re.compile(r"\bhigh(ly)?[ -]availab\w*|\bmulti-?az\b", re.I)
_FLOW_LOGS = re.compile(r"\bflow logs?\b", re.I)
_IN_REGISTRY = re.compile(
    r"\b(deploy|run|host)\w*\b[^.]{0,30}\b(to|on|in|from)\b[^.]{0,12}\b(ecr|container registry)\b", re.I
)
_RANGES = re.compile(r"\bip (ranges?|address(es)?)\b", re.I)
_ASYNC_SIZE = re.compile(r"\basync\w*\b[^.]{0,60}\b256 ?ki?b\b", re.I)
_SERVICES = {
    "cloudfront": ("CloudFront", re.compile(r"\bcloudfront\b", re.I)),
    "ecs_service": ("ECS", re.compile(r"\becs\b|\belastic container service\b", re.I)),
    "alb": ("an Application Load Balancer", re.compile(r"\bapplication load balancer\b|\balb\b", re.I)),
    "rds_proxy": ("RDS Proxy", re.compile(r"\brds proxy\b", re.I)),
    "waf": ("a web ACL", re.compile(r"\bweb application firewall\b|\baws waf\b", re.I)),
}  # fmt: skip


class Text:
    """A text of the model, where it stands and whose it is."""

    __slots__ = ("component", "path", "text")

    def __init__(self, text: str, path: KeyPath, component: str | None = None) -> None:
        self.text = text
        self.path = path
        self.component = component


def texts(ctx: Context) -> list[Text]:
    """Everything that the model says in words."""
    architecture = ctx.architecture
    return ctx.cached("texts", lambda: list(_texts(architecture)) if architecture else [])


def _texts(architecture: Architecture) -> Iterator[Text]:
    system = architecture.system
    for name in ("summary", "purpose"):
        if text := getattr(system, name):
            yield Text(text, ("system", name))
    for position, text in enumerate(system.requirements):
        yield Text(text, ("system", "requirements", position))
    for name, group in architecture.places.groups.items():
        if group.description:
            yield Text(group.description, (*architecture.places.paths[f"group:{name}"], "description"), name)
    for name, component in architecture.components.items():
        for field in ("description", "why"):
            if text := getattr(component, field):
                yield Text(text, ("components", name, field), name)
    for position, decision in enumerate(architecture.decisions):
        yield Text(decision.because, ("decisions", position, "because"))
    for name, flow in architecture.flows.items():
        for position, step in enumerate(flow.steps):
            yield Text(step.does, ("flows", name, "steps", position, "does"))


def saying(ctx: Context, pattern: re.Pattern[str]) -> Iterator[tuple[Text, re.Match[str]]]:
    """The texts in which `pattern` is found, other than denied."""
    for text in texts(ctx):
        for match in pattern.finditer(text.text):
            if not _DENIED.search(text.text, 0, match.start()):
                yield text, match
                break


def hit(ctx: Context, text: Text, message: str) -> Hit:
    """A hit at the place of a text."""
    assert ctx.architecture is not None
    return Hit(message, location=ctx.architecture.document.locate(text.path), component=text.component)


@model_rule(
    "words-everything-in-vpc", "medium", wa="SEC",
    title="The model says that everything is in a VPC",
    why="Cognito, API Gateway, S3, SQS and EventBridge are services of the region, and CloudFront is global; to "
    "believe them behind the VPC's border hides that only their policies protect them.",
    fix="Say what is in the VPC (functions' interfaces, databases, containers) and what guards the rest.",
)  # fmt: skip
def everything_in_vpc(ctx: Context) -> Iterator[Hit]:
    if ctx.architecture is None:
        return
    components = ctx.architecture.components.items()
    outside = [n for n, c in components if c.cfn and c.service and c.scope != "vpc" and not c.stands_in]
    for text, match in saying(ctx, _EVERYTHING):
        if outside:
            told = listed(outside[:4]) + (f" and {len(outside) - 4} more" if len(outside) > 4 else "")
            yield hit(ctx, text, f"'{match[0]}', but {told} {'is' if len(outside) == 1 else 'are'} not in a VPC")


@model_rule(
    "words-dotnet-name", "low", wa="OPS",
    title="A version of .NET is called .NET Core",
    why="Since version 5 its name is .NET; a wrong name in an interview or a ticket costs trust or an hour.",
    fix="Write '.NET 8' or '.NET 10', without 'Core'.",
)  # fmt: skip
def dotnet_name(ctx: Context) -> Iterator[Hit]:
    for text, match in saying(ctx, _NET_CORE):
        yield hit(ctx, text, f"'{match[0]}' is called .NET {match[1]}")


@model_rule(
    "words-limit-outdated", "low", wa="OPS",
    title="A figure in the text is an old quota",
    why="Quotas rise; a design that works around one that is gone is more complicated than it has to be.",
    fix="Correct the figure, or leave it out: `archproof explain` prints the quotas of today.",
)  # fmt: skip
def outdated(ctx: Context) -> Iterator[Hit]:
    for text, match in saying(ctx, _ASYNC_SIZE):
        quota = ctx.quota("lambda", "Asynchronous payload")
        yield hit(ctx, text, f"'{match[0]}': the quota of an asynchronous payload is {quota.text}")


@model_rule(
    "words-token-validated-twice", "low", wa="SEC",
    title="A token is said to be validated by the API and by the function",
    why="The API's authorizer validates; a function that validates again duplicates keys and libraries, and one that "
    "is only said to validate is trusted for what it does not do.",
    fix="Let the authorizer validate and the function authorise from the verified claims; require scopes on the "
    "routes.",
)  # fmt: skip
def validated_twice(ctx: Context) -> Iterator[Hit]:
    for text, match in saying(ctx, _TWICE):
        yield hit(ctx, text, f"'{match[0]}': the API validates the token, the function gets the verified claims")


@model_rule(
    "words-pooling-without-proxy", "medium", wa="REL",
    title="Connection pooling is claimed, and no proxy pools",
    why="Every execution environment of a function holds connections of its own; a pool in one shares nothing.",
    fix="Put an `rds_proxy` between the functions and the database.",
)  # fmt: skip
def pooling(ctx: Context) -> Iterator[Hit]:
    architecture = ctx.architecture
    if architecture is None or architecture.of_kind("rds_proxy") or not architecture.of_kind("lambda"):
        return
    databases = architecture.of_kind("rds", "aurora")
    for text, match in saying(ctx, _POOLING):
        if databases:
            names = listed(list(databases))
            yield hit(ctx, text, f"'{match[0]}' is claimed, but functions reach {names} without a proxy")


@model_rule(
    "words-high-availability", "medium", wa="REL",
    title="High availability is claimed for a database in one zone",
    why="An instance without a standby is down with its zone, and during every maintenance.",
    fix="Set `multi_az: true`, or take the words back.",
)  # fmt: skip
def available(ctx: Context) -> Iterator[Hit]:
    if ctx.architecture is None:
        return
    single = [n for n, c in ctx.architecture.of_kind("rds").items() if getattr(c, "multi_az", None) is False]
    for text, match in saying(ctx, _AVAILABLE):
        if single and text.component in (None, *single):
            yield hit(ctx, text, f"'{match[0]}' is claimed, but {listed(single)} has no standby (multi_az: false)")


@model_rule(
    "words-flow-logs", "medium", wa="SEC OPS",
    title="Flow logs are claimed and not declared",
    why="What is believed to be recorded is missed on the day it is needed.",
    fix="Set `flow_logs: cloudwatch` (or s3) on the VPC, or take the words back.",
)  # fmt: skip
def flow_logs(ctx: Context) -> Iterator[Hit]:
    if ctx.architecture is None or ctx.resources.of_type("AWS::EC2::FlowLog"):
        return
    for text, match in saying(ctx, _FLOW_LOGS):
        yield hit(ctx, text, f"'{match[0]}' are spoken of, but no flow log is declared")


@model_rule(
    "words-registry-runs-nothing", "medium", wa="OPS",
    title="Something is said to be deployed to a registry",
    why="A registry only stores images; what runs them (an ECS service, a function) is missing or not said.",
    fix="Declare what runs the image, e.g. an `ecs_service` with `image:` set to the repository.",
)  # fmt: skip
def registry(ctx: Context) -> Iterator[Hit]:
    for text, match in saying(ctx, _IN_REGISTRY):
        yield hit(ctx, text, f"'{match[0]}': a registry stores images and runs nothing")


@model_rule(
    "words-ip-ranges", "low", wa="SEC",
    title="Access is described by IP ranges",
    why="A range admits whatever will have an address in it; a reference to a security group admits its members only.",
    fix="Refer to security groups, or leave the rules out: the links give exactly the rules that they need.",
)  # fmt: skip
def ranges(ctx: Context) -> Iterator[Hit]:
    if ctx.architecture is None:
        return
    for text, match in saying(ctx, _RANGES):
        if text.component in ctx.architecture.places.groups or text.component is None:
            yield hit(ctx, text, f"'{match[0]}' are named as what limits access; security groups can name each other")


@model_rule(
    "words-service-undeclared", "medium", wa="OPS",
    title="The model speaks of a service that it does not declare",
    why="What is only spoken of is neither drawn nor checked nor compared with the account.",
    fix="Declare the component, or take the words back.",
)  # fmt: skip
def undeclared(ctx: Context) -> Iterator[Hit]:
    if ctx.architecture is None:
        return
    declared = {c.cfn for c in ctx.architecture.components.values()} | {r.type for r in ctx.resources}
    kinds = {c.kind for c in ctx.architecture.components.values()}
    types = {
        "cloudfront": "AWS::CloudFront::Distribution", "ecs_service": "AWS::ECS::Service",
        "rds_proxy": "AWS::RDS::DBProxy",
        "alb": "AWS::ElasticLoadBalancingV2::LoadBalancer", "waf": "AWS::WAFv2::WebACL",
    }  # fmt: skip
    for kind, (service, pattern) in _SERVICES.items():
        if kind in kinds or types[kind] in declared:
            continue
        for text, _ in saying(ctx, pattern):
            if text.path[0] != "decisions":
                yield hit(ctx, text, f"the text speaks of {service}, but no component is one")
