"""AWS Step Functions: state machines."""

import json
import re
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, model_validator

from archproof.model.base import Component, OneOrMany, Part, Shorthand, Verbatim, refers
from archproof.model.kinds._roles import RunsWith

KINDS = {"state_machine": "StateMachine"}

NAMED = re.compile(r"\$\{([a-z][a-z0-9_]*)(?:\.[A-Za-z.]+)?\}")
"""A component in a definition: `${orders_fn}` for its ARN, `${jobs.Ref}` or `${jobs.QueueUrl}` for more."""
TARGETS = (
    "lambda", "sqs_queue", "sns_topic", "event_bus", "state_machine", "dynamodb_table", "ecs_task_definition",
)  # fmt: skip


class Step(Part):
    """One step of a short definition: it calls a component, or waits."""

    call: Annotated[str, refers(*TARGETS, verb="step")] | None = None
    """The component: a function is invoked, a queue is sent to, a topic is published to, a machine is run."""
    wait_s: Annotated[int, Field(ge=1)] | None = None
    """Seconds to wait."""
    name: str | None = None
    """The name of the state; the component's title when left out."""
    input: Verbatim | None = None
    """What the component gets, in the words of its service; the state's input when left out."""
    retries: Annotated[int, Field(ge=0)] = 3
    """Attempts again, each after twice the time."""
    on_error: str | None = None
    """The name of the state that goes on after a failure; the machine fails when left out."""

    @model_validator(mode="after")
    def _one(self) -> "Step":
        if (self.call is None) == (self.wait_s is None):
            raise ValueError("a step has either 'call' or 'wait_s'")
        return self


class StateMachine(Component):
    """A state machine, logged and traced; its role holds what its steps call."""

    kind: Literal["state_machine"]
    cfn: ClassVar[str] = "AWS::StepFunctions::StateMachine"
    service: ClassVar[str] = "states"
    principal: ClassVar[str] = "states.amazonaws.com"
    tier: ClassVar[str] = "compute"

    type: Literal["standard", "express"] = "standard"
    """`express`: short, many, at least once; `standard`: up to a year, each step exactly once."""
    definition: Verbatim = {}
    """The definition in Amazon States Language; `${orders_fn}` stands for the ARN of a component."""
    steps: list[Annotated[Step, Shorthand("call")]] = []
    """A short definition: steps one after the other."""
    file: str | None = None
    """Where the definition lies instead: `s3://bucket/key`, or a path in the bucket of the parameter `CodeBucket`."""
    substitutions: dict[str, str | Verbatim] = {}
    """What stands for `${NAME}` in a definition that lies in a file; an intrinsic (`!GetAtt orders_fn.Arn`) may stand
    for a value."""
    calls: Annotated[list[Annotated[str, refers(verb="step")]], OneOrMany()] = []
    """Components that it calls; those that `definition` names are found without it."""
    logging: Literal["all", "error", "off"] = "error"
    """What its log holds; payloads are left out."""
    log_retention_days: Annotated[int, Field(ge=1)] = 30
    """Days that its log is kept."""
    log_key: Annotated[str, refers("kms_key")] | None = None
    """The key that encrypts the log; AWS's own when left out."""
    tracing: bool = True
    """Whether X-Ray traces it."""
    kms_key: Annotated[str, refers("kms_key")] | None = None
    """The key that encrypts its definition and history; AWS's own when left out."""
    role: RunsWith | None = None
    """A role of the model, or a map that says one of its own; left out: one with exactly what its steps need."""

    @model_validator(mode="before")
    @classmethod
    def _find_calls(cls, value: Any) -> Any:
        """Take the components that the definition names as components that it calls."""
        if not isinstance(value, dict) or not isinstance(value.get("definition"), dict):
            return value
        said = value.get("calls", [])
        known = [said] if isinstance(said, str) else list(said) if isinstance(said, list) else []
        text = json.dumps(value["definition"], default=str)
        found = [n for n in dict.fromkeys(NAMED.findall(text)) if n not in known]
        return {**value, "calls": [*known, *found]}

    @model_validator(mode="after")
    def _one(self) -> "StateMachine":
        verbatim = {"DefinitionString", "DefinitionS3Location"} & set(self.properties)
        said = (self.definition, self.steps, self.file, verbatim)
        if sum(bool(x) for x in said) != 1:
            raise ValueError("a state machine has exactly one of 'definition', 'steps' and 'file'")
        if self.substitutions and not self.file:
            raise ValueError("'substitutions' are those of a 'file'; a definition here names components")
        return self
