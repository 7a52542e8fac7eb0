"""Flows as numbered steps, and what happens when each step fails."""

from __future__ import annotations

from dataclasses import dataclass

from archproof.model.sections import Step
from archproof.renderers.documents import Picture
from archproof.renderers.documents._evidence import Evidence, Fact, derive
from archproof.renderers.documents._reader import Named, Reader
from archproof.renderers.documents._words import sentence

_STREAMS = ("kinesis_stream", "dynamodb_table")


@dataclass(frozen=True, slots=True)
class Failure:
    """What is seen when a step fails."""

    code: str
    seen: str
    place: Named | None = None
    """The component that it ends up in, where the code is one's id."""


def failure(reader: Reader, code: str, seen: str) -> Failure:
    """One entry of a step's `fails`."""
    return Failure(code, seen, reader.named(code) if code in reader.architecture.components else None)


@dataclass(frozen=True, slots=True)
class Told:
    """One step of a flow, with what the model implies about its failure."""

    number: int
    source: Named
    target: Named
    does: str
    returns: str | None
    waits: bool
    fails: list[Failure]
    implied: list[Implied]
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Implied:
    """A failure that follows from the model: the template words it by `kind`."""

    kind: str
    facts: dict[str, Fact]


@dataclass(frozen=True, slots=True)
class Story:
    """A flow."""

    id: str
    title: Fact
    summary: Fact
    steps: list[Told]
    picture: Picture | None

    @property
    def unseen(self) -> list[Told]:
        """The steps that whoever began the flow does not wait for: those after the first hand-over, until that one
        speaks again."""
        found, away = [], False
        for step in self.steps:
            away = (away and step.source.id != self.steps[0].source.id) or not step.waits
            if away:
                found.append(step)
        return found


def stories(reader: Reader, pictures: dict[str, Picture]) -> list[Story]:
    """Every flow of the model."""
    return [story(reader, name, pictures) for name in reader.architecture.flows]


def story(reader: Reader, name: str, pictures: dict[str, Picture]) -> Story:
    """One flow with its picture, which is called `flow:<id>` or like the flow."""
    flow = reader.architecture.flows[name]
    title = sentence(flow.title or name.replace("_", " ").capitalize())
    steps = [_told(reader, name, position, step) for position, step in enumerate(flow.steps)]
    picture = next((pictures[k] for k in (f"flow:{name}", f"flow-{name}", name) if k in pictures), None)
    place = reader.place(("flows", name), f"flows.{name}")
    return Story(
        name, Fact(title, title, (place,)), reader.section("flows", name, "summary", value=flow.summary), steps, picture
    )


def _told(reader: Reader, flow: str, position: int, step: Step) -> Told:
    path = ("flows", flow, "steps", position)
    what = f"flows.{flow}.steps.{position}: {step.from_} → {step.to}"
    return Told(
        position + 1,
        reader.named(step.from_),
        reader.named(step.to),
        step.does,
        step.returns,
        step.mode == "sync",
        [failure(reader, code, seen) for code, seen in step.fails.items()],
        _implied(reader, step),
        reader.place(path, what),
    )


def _implied(reader: Reader, step: Step) -> list[Implied]:
    """What the settings of both ends say about a failure of this step."""
    kinds = tuple(reader.component(n).kind for n in (step.from_, step.to))
    target = step.to
    found = []
    if kinds[1] == "lambda":
        facts = {"timeout": reader.field(target, "timeout_s")}
        if kinds[0] in ("http_api", "rest_api"):
            facts["limit"] = integration_limit(reader, kinds[0])
            found.append(Implied("api_function", facts))
        elif kinds[0] == "sqs_queue":
            found.append(Implied("queue_function", queue_facts(reader, step.from_)))
        elif kinds[0] in _STREAMS:
            pass  # a batch of a stream is tried again until its records expire: not as an asynchronous event is
        elif step.mode == "async" or kinds[0] in ("event_rule", "sns_topic", "s3_bucket", "schedule"):
            facts["retries"] = retries(reader, target)
            facts["dead_letter"] = reader.field(target, "dead_letter", "to")
            found.append(Implied("async_function", facts))
    elif kinds[1] == "sqs_queue":
        found.append(Implied("to_queue", queue_facts(reader, target)))
    elif kinds[1] in ("rds", "aurora"):
        found.append(Implied("to_database", {"multi_az": standby(reader, target)}))
    return found


def standby(reader: Reader, name: str) -> Fact:
    """Whether another one takes over: an Aurora cluster's second instance, else what the database says of zones."""
    if reader.component(name).kind != "aurora":
        return reader.field(name, "multi_az")
    instances = reader.field(name, "instances")
    several = int(instances.value) > 1
    return derive(several, "yes" if several else "no", instances)


def queue_facts(reader: Reader, name: str) -> dict[str, Fact]:
    """What decides over a message that fails."""
    return {
        "visibility": reader.field(name, "visibility_s"),
        "receives": reader.field(name, "dead_letter", "max_receives"),
        "dead_letter": reader.field(name, "dead_letter", "queue"),
        "retention": reader.field(name, "retention_days"),
    }


def retries(reader: Reader, name: str) -> Fact:
    """How often Lambda tries a failed event again: what the function says, else AWS's own number."""
    own = reader.field(name, "retries")
    return own if own.declared else reader.quota("lambda", "Async retry attempts")


def integration_limit(reader: Reader, kind: str) -> Fact:
    """How long API Gateway waits for what is behind it."""
    if kind == "http_api":
        return reader.quota("apigatewayv2", "HTTP API integration timeout")
    return reader.quota("apigateway", "REST integration timeout (Regional/private)")
