"""Amazon CloudWatch: alarms, log groups, dashboards."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from archproof.model.base import Component, OneOrMany, refers

KINDS = {"alarm": "Alarm", "log_group": "LogGroup", "dashboard": "Dashboard"}

Notified = Annotated[list[Annotated[str, refers("sns_topic", "lambda", verb="notify")]], OneOrMany()]
Statistic = Annotated[str, Field(pattern=r"^(Average|Sum|Minimum|Maximum|SampleCount|[a-z]{1,3}[0-9.]+)$")]
THRESHOLDS = ("above", "below", "at_least", "at_most")


class Alarm(Component):
    """An alarm on a metric of a component. Namespace, dimensions and statistic follow from what it is."""

    kind: Literal["alarm"]
    cfn: ClassVar[str] = "AWS::CloudWatch::Alarm"
    service: ClassVar[str] = "cloudwatch"
    tier: ClassVar[str] = "operations"
    gathered: ClassVar[str] = "CloudWatch"

    of: Annotated[str, refers()] | None = None
    """The component that it watches; left out for a metric of one's own."""
    metric: str
    """The metric: `ApproximateNumberOfMessagesVisible`."""
    above: float | int | None = None
    """It rings when the metric is above this."""
    below: float | int | None = None
    """It rings when the metric is below this."""
    at_least: float | int | None = None
    """It rings when the metric is this or more."""
    at_most: float | int | None = None
    """It rings when the metric is this or less."""
    statistic: Statistic | None = None
    """The statistic: `Sum`, `Maximum`, `p95`; the usual one of the metric when left out."""
    period_s: Annotated[int, Field(ge=1)] | None = None
    """Seconds of each value; the usual ones of the metric when left out."""
    periods: Annotated[int, Field(ge=1)] = 1
    """Values looked at."""
    breaching: Annotated[int, Field(ge=1)] | None = None
    """How many of them must be beyond the threshold; all when left out."""
    missing: Literal["not_breaching", "breaching", "ignore", "missing"] | None = None
    """What a missing value means; `breaching` for a lower threshold and `not_breaching` for an upper one, when
    left out."""
    notify: Notified = []
    """Topics and functions that are told when it rings."""
    notify_ok: Notified = []
    """Topics and functions that are told when it is over."""
    namespace: str | None = None
    """The namespace of a metric of one's own."""
    dimensions: dict[str, str] = {}
    """Dimensions, beside or in place of those that follow from the component."""

    @model_validator(mode="after")
    def _one(self) -> "Alarm":
        given = [t for t in THRESHOLDS if getattr(self, t) is not None]
        if len(given) != 1:
            found = " and ".join(given) or "none"
            raise ValueError(f"an alarm has exactly one of {', '.join(THRESHOLDS)}; found {found}")
        if self.of is None and self.namespace is None:
            raise ValueError("an alarm is 'of' a component, or has a 'namespace'")
        return self


class LogGroup(Component):
    """A log group. Functions, APIs and the like have groups of their own: this is for others."""

    kind: Literal["log_group"]
    cfn: ClassVar[str] = "AWS::Logs::LogGroup"
    service: ClassVar[str] = "logs"
    tier: ClassVar[str] = "operations"
    gathered: ClassVar[str] = "CloudWatch"

    retention_days: Annotated[int, Field(ge=1)] = 30
    """Days that it keeps logs."""
    kms_key: Annotated[str, refers("kms_key")] | None = None
    """The key that encrypts it; AWS's own when left out."""
    infrequent_access: bool = False
    """Whether it is of the cheaper class, without live features."""
    deletion_protection: bool = False
    """Whether it refuses to be deleted."""


class Dashboard(Component):
    """A dashboard: the telling metrics of components, a row each."""

    kind: Literal["dashboard"]
    cfn: ClassVar[str] = "AWS::CloudWatch::Dashboard"
    service: ClassVar[str] = "cloudwatch"
    tier: ClassVar[str] = "operations"
    gathered: ClassVar[str] = "CloudWatch"

    of: Annotated[list[Annotated[str, refers()]], OneOrMany()] = []
    """The components that it shows; all that have metrics when left out."""
    period_s: Annotated[int, Field(ge=1)] = 300
    """Seconds of each value."""
    text: str | None = None
    """A text at its top, in Markdown."""
