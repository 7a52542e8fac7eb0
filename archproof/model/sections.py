"""The smaller sections: links, load, flows, guarantees, decisions, accepted findings and differences, views."""

import datetime
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from archproof.discovery import index
from archproof.model.base import OneOrMany, Part, Verbatim

Ids = Annotated[list[str], OneOrMany()]


def _day(value: Any) -> Any:
    """YAML 1.2 has no dates: an ISO day is text."""
    if isinstance(value, str):
        try:
            return datetime.date.fromisoformat(value)
        except ValueError:
            raise ValueError(f"'{value[:40]}' is not a day; write it as 2027-03-31") from None
    return value


Day = Annotated[datetime.date, BeforeValidator(_day, json_schema_input_type=str)]

_VIEWS = "archproof.renderers.views"


def _base(value: str) -> str:
    """A view that there is: each is a module, and none is named here."""
    known = sorted(index(_VIEWS, "VIEW"))
    if value not in known:
        expected = ", ".join(f"'{name}'" for name in known)
        raise PydanticCustomError("literal_error", "not a view", {"expected": expected})
    return value


def _bases(schema: dict[str, Any]) -> None:
    schema["enum"] = sorted(index(_VIEWS, "VIEW"))


Base = Annotated[str, AfterValidator(_base), Field(json_schema_extra=_bases)]


class LinkEntry(Part):
    """Who talks to whom, and what it does there. The verb implies port, group rules and IAM actions."""

    from_: Ids = Field(alias="from")
    """The component that begins it, or several."""
    to: Ids
    """The component it reaches, or several."""
    verb: str | None = None
    """What it does: `query`, `read`, `write`, `send`, `publish`, …; what is usual for the target when left out."""
    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    """The port, where it is not the target's."""
    protocol: Literal["tcp", "udp"] = "tcp"
    """The protocol."""
    title: str | None = None
    """What the arrow says in pictures; the verb when left out."""
    prefix: str | None = None
    """For a bucket: the keys it is limited to."""
    batch: Annotated[int, Field(ge=1)] | None = None
    """For `trigger`: the most records in one invocation."""
    batch_window_s: Annotated[int, Field(ge=0)] | None = None
    """For `trigger`: how long records are gathered, in seconds."""
    max_concurrency: Annotated[int, Field(ge=1)] | None = None
    """For `trigger` by a queue: the most invocations at once."""
    parallelization: Annotated[int, Field(ge=1)] | None = None
    """For `trigger` by a stream: batches of one shard at once."""
    filter: list[dict[str, Any]] | None = None
    """For `trigger`: event patterns; what matches none is dropped."""
    retries: Annotated[int, Field(ge=0)] | None = None
    """For `trigger` by a stream: attempts again after a failure; until a record expires when left out."""
    max_age_s: Annotated[int, Field(ge=1)] | None = None
    """For `trigger` by a stream: seconds after which a record is given up."""
    dead_letter: str | None = None
    """For `trigger` by a stream: the queue or topic that hears of records given up; the function's when left out."""
    starting_position: Literal["latest", "trim_horizon"] | None = None
    """For `trigger` by a stream: where it begins, with new records (`latest`, if left out) or the oldest kept."""
    user: str | None = None
    """For `query` with `iam_auth`: the database user that it signs in as; any that the target has when left out."""
    actions: list[str] | None = None
    """IAM actions, where the verb's are not the right ones."""
    wired: bool = False
    """Whether all that it needs is said elsewhere in the model: it is drawn and proved, and nothing is made for it."""
    logical_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9]{1,255}$")] | None = None
    """What the resource that it implies is called in templates; one of both ends' ids when left out."""
    permission: Annotated[str, Field(pattern=r"^[A-Za-z0-9]{1,255}$")] | None = None
    """For a topic that delivers to a function: the logical id of the permission; one of both ends' ids when left out
    (in an exact system: none)."""
    properties: Verbatim = {}
    """CloudFormation properties laid over the resource that it implies (the event source mapping, the
    subscription), verbatim."""


class Stack(Part):
    """The sections of the CloudFormation template beside its resources, verbatim, and the names in it."""

    parameters: dict[str, Verbatim] = {}
    """Parameters by name; `!Ref NAME` in any verbatim property reads one."""
    mappings: Verbatim = {}
    """Mappings, for `!FindInMap`."""
    conditions: dict[str, Verbatim] = {}
    """Conditions by name; `resource_attributes: {Condition: NAME}` puts a component under one."""
    outputs: dict[str, Verbatim] = {}
    """Outputs by name."""
    rules: Verbatim = {}
    """Rules that check the values of parameters."""
    metadata: Verbatim = {}
    """Metadata of the template."""
    transform: Annotated[list[str | Verbatim], OneOrMany()] = []
    """Macros that the template names."""
    logical_ids: dict[str, str] = {}
    """Logical ids where they are not those that the tool makes of the components' ids: `{OrdersDb: OrdersDB}`."""


class Load(Part):
    """What the system has to carry: the ground of every capacity figure."""

    peak_rps: Annotated[float, Field(ge=0)] | None = None
    """Requests a second at the peak."""
    average_rps: Annotated[float, Field(ge=0)] | None = None
    """Requests a second on average."""
    p95_ms: Annotated[float, Field(ge=0)] | None = None
    """How long a request takes at the 95th percentile, in milliseconds."""
    upload_mb: Annotated[float, Field(ge=0)] | None = None
    """The largest upload, in megabytes."""
    reports_per_hour: Annotated[float, Field(ge=0)] | None = None
    """Background jobs an hour."""
    db_pool_per_function: Annotated[int, Field(ge=0)] | None = None
    """Database connections that one execution environment holds."""
    users: Annotated[int, Field(ge=0)] | None = None
    """Users in all."""
    account_concurrency: Annotated[int, Field(ge=0)] | None = None
    """The account's Lambda concurrency, where it is not the default quota."""
    extra: dict[str, float] = {}
    """Any other figure, by name with its unit."""


class Step(Part):
    """One step of a flow."""

    from_: str = Field(alias="from")
    """Who acts."""
    to: str
    """On whom."""
    does: str
    """What it does, as the second half of a sentence."""
    returns: str | None = None
    """What comes back."""
    mode: Literal["sync", "async"] = "sync"
    """Whether the caller waits."""
    fails: dict[str, str] = {}
    """What can go wrong: a status code or a place, and what is seen there."""


class Flow(Part):
    """A story through the system, step by step: becomes a sequence diagram."""

    title: str | None = None
    """Its name."""
    summary: str | None = None
    """What it achieves."""
    steps: Annotated[list[Step], Field(min_length=1)]
    """The steps, in order."""


class Endpoints(Part):
    """The two ends of a guarantee, each one or several."""

    from_: Ids = Field(alias="from")
    """Where the traffic begins: a component, `internet`, an address or a CIDR."""
    to: Ids
    """Where it arrives: a component, `internet`, an address or a CIDR."""
    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    """One port; all of them when left out."""
    protocol: Literal["tcp", "udp"] = "tcp"
    """The protocol."""


class Guarantee(Part):
    """A statement about reachability that is proved on every check: exactly one of the three."""

    never: Endpoints | None = None
    """No traffic can pass."""
    always: Endpoints | None = None
    """Traffic can pass."""
    only: Endpoints | None = None
    """Nothing but these sources reaches the target."""
    because: str | None = None
    """Why it matters."""


class Decision(Part):
    """An architecture decision, with what was rejected."""

    id: str
    """Its name, e.g. `adr-1`."""
    title: str
    """What was decided."""
    because: str
    """Why."""
    instead_of: Annotated[list[str], OneOrMany()] = []
    """What was rejected."""
    affects: Ids = []
    """The components it concerns."""
    status: Literal["open", "proposed", "accepted", "superseded"] = "accepted"
    """Where it stands; `open` while the choice is not made."""
    between: Annotated[list[str], OneOrMany()] = []
    """While it is open: what there is to choose from."""
    date: Day | None = None
    """When it was taken."""


class Waiver(Part):
    """A finding that is accepted, with the reason and the day it ends."""

    rule: str
    """The rule; wildcards fit several (`sqs-*`), `*` every one."""
    component: str | None = None
    """The component; every one when left out."""
    reason: str
    """Why it is accepted."""
    until: Day
    """The last day it holds."""
    by: str | None = None
    """Who accepted it."""


class Ignored(Part):
    """Differences from what is really there that are accepted, with the reason and the day it ends. At least one of
    `resource`, `component`, `type` and `property` is said."""

    resource: str | None = None
    """The resource, by its logical id or its physical id; wildcards fit several (`Orders*`)."""
    component: str | None = None
    """The component; wildcards fit several."""
    type: str | None = None
    """The CloudFormation type; wildcards fit several (`AWS::Logs::*`)."""
    property: str | None = None
    """The property with all that is in it (`Tags`, `VpcConfig.SubnetIds`); wildcards fit several. A rule that names
    none covers missing and unmanaged resources as well."""
    reason: str
    """Why the difference is accepted."""
    until: Day
    """The last day it holds."""
    by: str | None = None
    """Who accepted it."""


class Drift(Part):
    """What a comparison with what is really there leaves out."""

    ignore: list[Ignored] = []
    """Differences that are accepted."""


class RuleSource(NamedTuple):
    """A file or a folder of users' rules that the section `rules` names."""

    position: int
    """Its place in the section."""
    path: str
    """Relative to the folder of the model."""


class View(Part):
    """A picture of a part of the model."""

    title: str | None = None
    """Its title."""
    base: Base = "overview"
    """The view it is cut from."""
    only: Ids = []
    """The components it shows; all when left out."""
    without: Ids = []
    """The components it leaves out."""
    direction: Literal["right", "down"] = "right"
    """Where the arrows mostly lead."""
