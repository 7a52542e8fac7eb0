"""Amazon EventBridge: buses, rules and schedules."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, model_validator

from archproof.model.base import Component, OneOrMany, Part, Placed, Shorthand, Verbatim, refers
from archproof.model.kinds._roles import RunsWith
from archproof.model.kinds._words import Failed

KINDS = {"event_bus": "EventBus", "event_rule": "EventRule", "schedule": "Schedule"}

TARGETS = (
    "lambda", "sqs_queue", "sns_topic", "state_machine", "event_bus", "kinesis_stream", "firehose", "log_group",
    "ecs_task_definition",
)  # fmt: skip
Cron = Annotated[str, Field(pattern=r"^(cron\(.+\)|rate\([0-9]+ (minutes?|hours?|days?)\))$")]
When = Annotated[str, Field(pattern=r"^(cron\(.+\)|rate\([0-9]+ (minutes?|hours?|days?)\)|at\(.+\))$")]
Matchers = Annotated[list[Any], OneOrMany()]


class EventPattern(Part):
    """What an event must be like: EventBridge's own words, and `bucket` for the bucket it comes from."""

    source: Matchers | None = None
    """Who sends it: `aws.s3`, or a name of one's own."""
    detail_type: Matchers | None = Field(default=None, alias="detail-type")
    """What happened: `Object Created`."""
    bucket: Annotated[list[Annotated[str, refers("s3_bucket", verb="notify", reverse=True)]], OneOrMany()] = []
    """Buckets of the model that it comes from."""
    detail: Verbatim = {}
    """What its detail must hold."""
    account: Matchers | None = None
    """Accounts it comes from."""
    region: Matchers | None = None
    """Regions it comes from."""
    resources: Matchers | None = None
    """ARNs it is about."""
    any_of: list[Verbatim] | None = Field(default=None, alias="$or")
    """Patterns of which one must match."""


class Target(Part):
    """Where a rule sends what it matched."""

    target: Annotated[str, refers(*TARGETS, verb="target")]
    """The component."""
    input: Verbatim | str | None = None
    """What it gets in place of the event."""
    input_path: str | None = None
    """The part of the event that it gets: `$.detail`."""
    input_paths: dict[str, str] = {}
    """Values of the event by name, for `input_template`."""
    input_template: str | None = None
    """A text with `<name>` where the values go."""
    message_group: str | None = None
    """For a FIFO queue: the group."""
    cluster: Annotated[str, refers("ecs_cluster")] | None = None
    """For a task: the cluster it runs in."""
    dead_letter: Annotated[Failed, Shorthand("to")] | None = None
    """The queue for events that could not be delivered; the rule's when left out."""
    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,64}$")] | None = None
    """Its id in the rule; the component's when left out."""
    role: Annotated[str, refers("iam_role")] | None = None
    """The role of the model with which the target is reached; one of its own, where it needs one, when left out."""
    permission: Annotated[str, Field(pattern=r"^[A-Za-z0-9]{1,255}$")] | None = None
    """For a function: the logical id of the permission; one of both ends' ids when left out (in an exact system:
    none)."""
    properties: Verbatim = {}
    """What more the target says in CloudFormation's words."""


class EventBus(Component):
    """An event bus of one's own."""

    kind: Literal["event_bus"]
    cfn: ClassVar[str] = "AWS::Events::EventBus"
    service: ClassVar[str] = "events"
    tier: ClassVar[str] = "messaging"

    kms_key: Annotated[str, refers("kms_key")] | None = None
    """The key that encrypts it; EventBridge's own when left out."""
    dead_letter: Annotated[Failed, Shorthand("to")] | None = None
    """The queue for events that the bus could not deliver."""
    archive_days: Annotated[int, Field(ge=0)] | None = None
    """Days that an archive keeps every event, for replay; 0 for ever; no archive when left out."""
    accounts: Annotated[list[Annotated[str, Field(pattern=r"^[0-9]{12}$")]], OneOrMany()] = []
    """Other accounts that may put events on it."""


class EventRule(Placed):
    """A rule: what matches its pattern, or its schedule, goes to its targets. A task it runs stands in `in`."""

    kind: Literal["event_rule"]
    cfn: ClassVar[str] = "AWS::Events::Rule"
    service: ClassVar[str] = "events"
    tier: ClassVar[str] = "messaging"

    pattern: EventPattern | None = None
    """What an event must be like."""
    schedule: Cron | None = None
    """When it fires, in UTC: `cron(0 18 * * ? *)` or `rate(5 minutes)`."""
    to: Annotated[list[Annotated[Target, Shorthand("target")]], OneOrMany()] = []
    """Where events go: components, or maps with an input; links can say it too."""
    bus: Annotated[str, refers("event_bus", verb="match", reverse=True)] | None = None
    """The bus it listens on; the account's default bus when left out."""
    enabled: bool = True
    """Whether it fires."""
    dead_letter: Annotated[Failed, Shorthand("to")] | None = None
    """The queue for events that could not be delivered."""
    retries: Annotated[int, Field(ge=0)] | None = None
    """Attempts to deliver again."""
    max_event_age_s: Annotated[int, Field(ge=1)] | None = None
    """Seconds after which an event is given up."""

    @model_validator(mode="after")
    def _when(self) -> "EventRule":
        if bool(self.pattern) == bool(self.schedule):
            raise ValueError("a rule has either a 'pattern' or a 'schedule'")
        if self.schedule and self.bus:
            raise ValueError("a 'schedule' fires on the default bus only: leave 'bus' out")
        return self


class Schedule(Placed):
    """A schedule of EventBridge Scheduler: calls one target at its time, with a role of its own.

    A task that it runs stands in `in`.
    """

    kind: Literal["schedule"]
    cfn: ClassVar[str] = "AWS::Scheduler::Schedule"
    service: ClassVar[str] = "scheduler"
    principal: ClassVar[str] = "scheduler.amazonaws.com"
    tier: ClassVar[str] = "messaging"

    at: When
    """When: `cron(0 18 * * ? *)`, `rate(5 minutes)` or `at(2027-01-01T00:00:00)`."""
    to: Annotated[str, refers(*(t for t in TARGETS if t != "log_group"), verb="target")]
    """What it calls."""
    timezone: str = "UTC"
    """The time zone of `at`, e.g. `Asia/Singapore`."""
    flexible_min: Annotated[int, Field(ge=1)] | None = None
    """Minutes after its time within which it may fire, to spread load; exactly at its time when left out."""
    input: Verbatim | str | None = None
    """What the target gets."""
    message_group: str | None = None
    """For a FIFO queue: the group."""
    cluster: Annotated[str, refers("ecs_cluster")] | None = None
    """For a task: the cluster it runs in."""
    enabled: bool = True
    """Whether it fires."""
    dead_letter: Annotated[Failed, Shorthand("to")] | None = None
    """The queue for calls that failed."""
    retries: Annotated[int, Field(ge=0)] | None = None
    """Attempts again."""
    max_event_age_s: Annotated[int, Field(ge=1)] | None = None
    """Seconds after which a call is given up."""
    kms_key: Annotated[str, refers("kms_key")] | None = None
    """The key that encrypts its input; Scheduler's own when left out."""
    role: RunsWith | None = None
    """A role of the model, or a map that says one of its own; left out: one for exactly its target."""
