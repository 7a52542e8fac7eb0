"""What is proved of permissions: links and deliveries that policies deny, steps of flows, names of actions."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import TYPE_CHECKING

from archproof.iam.policies import Statement
from archproof.resources.resource import Resource
from archproof.suggest import did_you_mean
from archproof.validators import policies
from archproof.validators.context import Context, listed
from archproof.validators.rule import Hit, rule, system_rule

if TYPE_CHECKING:
    from archproof.model.architecture import Architecture, Link
    from archproof.proofs.connection import Prover
    from archproof.proofs.permission import Permission

TYPES = ("*", "AWS::IAM::Role", "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::User")
HOLDERS = TYPES[1:]


def proofs(ctx: Context) -> Prover:
    """The proofs of the system that is checked."""
    return ctx.cached("proofs", lambda: _prover(ctx))


def _prover(ctx: Context) -> Prover:
    from archproof.proofs.connection import Prover

    return Prover(ctx.resources, ctx.architecture)


def _decided(ctx: Context, link: Link) -> list[Permission]:
    """The permissions without which a link does not work, each decided once a check."""
    return ctx.cached(("permissions", link.path, link.source, link.target), lambda: proofs(ctx).link(link, needed=True))


@system_rule(
    "link-not-permitted", "high", wa="REL SEC",
    title="A link needs an action that policies deny",
    why="The call arrives and is refused: AccessDenied, however open the network is.",
    fix="Allow the action where the message says that it is missing; `archproof path --from A --to B` shows every "
    "policy that was asked.",
)  # fmt: skip
def not_permitted(ctx: Context) -> Iterator[Hit]:
    architecture = ctx.architecture
    for link in architecture.links if architecture is not None else ():
        assert architecture is not None
        if architecture.given is not None and link.verb.holder != "target":
            continue  # of a template a link is read from names that it hands over: it promises no call
        place = architecture.document.locate(link.path)
        for permission in _decided(ctx, link):
            if permission.optional or permission.verdict == "allowed" or permission.caller.endswith(".amazonaws.com"):
                continue
            about = f"{permission.caller} may {{}}{permission.action} on {permission.on}"
            if permission.verdict == "denied":
                reasons = listed([r.because for r in permission.reasons if r.code])
                yield Hit(f"{about.format('not ')}: {reasons}", location=place, component=link.source)
            else:
                ctx.unsure(f"whether {about.format('')}", _doubt(permission), place)


def _doubt(permission: Permission) -> str:
    """What leaves a permission open."""
    if permission.verdict == "conditional":
        return f"it depends on {listed(list(permission.keys))}"
    return "; ".join(dict.fromkeys(r.because for r in permission.reasons)) or "it is known only after deployment"


@system_rule(
    "delivery-not-permitted", "high", wa="REL SEC",
    title="A service of AWS may not deliver where it is told to",
    why="A bucket, topic, rule or alarm delivers only where the target's policy lets that service in for this very "
    "source; what it cannot deliver is lost.",
    fix="Name the source in the policy or permission of the target (`aws:SourceArn`), or write the link.",
)  # fmt: skip
def delivery(ctx: Context) -> Iterator[Hit]:
    from archproof.proofs.callers import deliveries

    needs = proofs(ctx).needs
    for (first, second), row in deliveries().items():
        if not ctx.resources.of_type(second):
            continue
        for source in ctx.resources.of_type(first):
            for target in _near(ctx, source, second, row.through):
                if needs.delivers(source, target, row):
                    yield from _delivered(ctx, source, target)


def _near(ctx: Context, source: Resource, type: str, through: str) -> list[Resource]:
    """The resources of a type that a source names, or that something of the type `through` may join to it."""
    joining = ctx.resources.users(source, through) if through else []
    named = {use.target for held in (source, *joining) for use in ctx.resources.uses(held)}
    found = [ctx.resources[name] for name in named if ctx.resources[name].type == type]
    order = ctx.cached("order of resources", lambda: {name: n for n, name in enumerate(ctx.resources.all)})
    return sorted(found, key=lambda resource: order[resource.logical_id])


def _delivered(ctx: Context, source: Resource, target: Resource) -> Iterator[Hit]:
    """The hit where a wired delivery is denied; noted as unknown where nobody can say."""
    from archproof.proofs.callers import deliveries

    prover, service = proofs(ctx), deliveries()[source.type, target.type]
    found = [p for need in prover.needs.of([source], [target], None) for p in prover.permissions.decide(need)]
    denied = [p for p in found if p.verdict == "denied" and p.caller == service.principal]
    if (source.type, target.type) == _BY_KEY and denied and denied[0].action != service.action:
        return  # of the key that leaves the topic out `sns-encrypted-queue-key` tells
    policy = prover.permissions.attached.resource_policy(target) or []
    named = [s for s in policy if _names(s, service.principal)]
    if denied and (named or not _told_elsewhere(source, target)):
        first = denied[0]
        denying = policies.denial(first.reasons)
        if not named:
            why = f"no policy of {target.title} names {service.principal}"
        elif first.action != service.action:
            why = f"{first.on} does not let it {first.action}"
        elif denying is not None:
            why = denying.because
        else:
            why = f"what lets {service.principal} in is not for this source"
        place = named[0].location if named and first.action == service.action else target.location()
        if denying is not None and denying.location is not None:
            place = denying.location
        yield Hit(f"{source.title} delivers to {target.title}, but {why}", on=target, location=place)
    for permission in found:
        if permission.verdict in ("unknown", "conditional"):
            ctx.unsure(f"whether {source.title} may deliver to {target.title}", _doubt(permission), target.location())


def _names(statement: Statement, principal: str) -> bool:
    return statement.effect == "Allow" and any(name in (principal, "*") for _, name in statement.principals or ())


_BY_KEY = ("AWS::SNS::Topic", "AWS::SQS::Queue")
_INVOKED = ("AWS::S3::Bucket", "AWS::SNS::Topic", "AWS::Events::Rule", "AWS::ApiGateway::RestApi",
            "AWS::ApiGatewayV2::Api")  # fmt: skip


def _told_elsewhere(source: Resource, target: Resource) -> bool:
    """Whether another rule tells that no policy at all names the service."""
    if target.type == "AWS::Lambda::Function":
        return source.type in _INVOKED
    return (source.type, target.type) in (
        ("AWS::SNS::Topic", "AWS::SQS::Queue"), ("AWS::CloudFront::Distribution", "AWS::S3::Bucket"),
    )  # fmt: skip


@system_rule(
    "flow-step-unproved", "medium", wa="REL OPS",
    title="A step of a flow cannot happen as the model says",
    why="A story that the model does not carry is drawn and told all the same, and people believe it.",
    fix="Write the link between the two ends, mend what blocks it, or take the step out of the flow.",
)  # fmt: skip
def flow_step(ctx: Context) -> Iterator[Hit]:
    architecture = ctx.architecture
    if architecture is None or not architecture.flows:
        return
    joined = _joined(architecture)
    for name, flow in architecture.flows.items():
        for position, step in enumerate(flow.steps):
            if step.from_ == step.to:
                continue
            place = architecture.document.locate(("flows", name, "steps", position))
            about = f"step {position + 1} of {name}, {step.from_} to {step.to}"
            if (step.from_, step.to) not in joined:
                yield Hit(f"{about}: no link joins the two", location=place, component=step.from_)
                continue
            links = [link for link in architecture.links_from.get(step.from_, ()) if link.target == step.to]
            denied = [p for link in links for p in _decided(ctx, link) if p.verdict == "denied" and not p.optional]
            if denied:
                message = f"{about}: {denied[0].caller} may not {denied[0].action} on {denied[0].on}"
                yield Hit(message, location=place, component=step.from_)
            elif blocked := [port for link in links for port in _blocked(ctx, architecture, link)]:
                message = f"{about}: the network does not let port {blocked[0]} through"
                yield Hit(message, location=place, component=step.from_)


def _joined(architecture: Architecture) -> set[tuple[str, str]]:
    """Pairs of components that a link or a field joins, either way round."""
    pairs = {(link.source, link.target) for link in architecture.links}
    pairs |= {(reference.source, reference.target) for reference in architecture.references}
    return pairs | {(second, first) for first, second in pairs}


def _blocked(ctx: Context, architecture: Architecture, link: Link) -> Iterator[int]:
    from archproof.validators.rules.proofs import flows

    for port, answer in flows(proofs(ctx).network, architecture, link):
        if answer.verdict == "blocked":
            yield port


@rule(
    "iam-action-unknown", "low", *HOLDERS, wa="SEC REL",
    title="A policy names an action that does not exist",
    why="IAM takes the policy without a word, and the action that was meant is not allowed, or not denied.",
    fix="Write the action as the Service Authorization Reference does; a link's verb names the right ones.",
)  # fmt: skip
def unknown_action(r: Resource, ctx: Context) -> Iterator[Hit]:
    for statement in policies.own(ctx, r):
        key = "NotAction" if statement.not_actions else "Action"
        several = isinstance(r.get(*statement.path, key), list)
        for position, action in enumerate(statement.actions):
            why = _unknown(action)
            if why:
                yield Hit(f"{r.title} names {action}: {why}", *statement.path, key, *((position,) if several else ()))


@functools.lru_cache(maxsize=16384)
def _unknown(action: str) -> str:
    """Why no action fits a pattern; empty where one does."""
    from archproof.facts import iam_actions, iam_services

    service, colon, name = action.partition(":")
    if "*" in service or "?" in service or "$" in service:
        return ""
    if not colon:
        return "an action is a service and a name, as in sqs:SendMessage"
    known = iam_actions(service.lower())
    if known is None:
        return f"no service has the prefix {service}{did_you_mean(service, iam_services())}"
    if name in known or any(policies.matches(name, one) for one in known):
        return ""
    if "*" in name or "?" in name:
        return f"no action of {service} fits it"
    return f"{service} has no such action{did_you_mean(name, known)}"
