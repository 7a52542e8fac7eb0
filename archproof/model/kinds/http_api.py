"""Amazon API Gateway: HTTP APIs."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from archproof.model.base import OneOrMany, Part, Placed, Shorthand, refers
from archproof.model.kinds._api import ApiDomain, Authorizer, Cors, RouteKey, authorizer_word
from archproof.model.kinds._words import Throttle, Words

KINDS = {"http_api": "HttpApi"}

TARGETS = (
    "lambda", "sqs_queue", "state_machine", "event_bus", "kinesis_stream", "alb", "nlb", "external_system",
)  # fmt: skip


class HttpRoute(Part):
    """Where a route leads, and who may use it."""

    to: Annotated[str, refers(*TARGETS, verb="route")]
    """The component that answers."""
    auth: Literal["open", "iam"] | None = None
    """`open` for anyone, `iam` for signed requests; the API's authorizer when left out."""
    scopes: Annotated[list[str], OneOrMany()] = []
    """Scopes of which the access token needs one."""
    timeout_ms: Annotated[int, Field(ge=1)] | None = None
    """Milliseconds after which the API gives up; the most it allows when left out."""
    message_group: str | None = None
    """For a FIFO queue: the group."""
    throttle: Throttle | None = None
    """How many requests pass on this route."""
    permission: Annotated[str, Field(pattern=r"^[A-Za-z0-9]{1,255}$")] | None = None
    """With `definition`: the logical id of a permission that lets this route alone call its function."""


class HttpApi(Placed):
    """An HTTP API. Every route needs its authorizer, signed requests where it has none, or `auth: open`.

    `in` is where its private link to load balancers stands.
    """

    kind: Literal["http_api"]
    cfn: ClassVar[str] = "AWS::ApiGatewayV2::Api"
    service: ClassVar[str] = "apigateway"
    tier: ClassVar[str] = "api"

    authorizer: Annotated[Authorizer, Words(authorizer_word)] | None = None
    """Who may call: `{jwt: client}`, `{lambda: fn}`, `iam`; covers every route. IAM when left out."""
    cors: Annotated[Cors, Shorthand("origins", str, list)] | None = None
    """Web pages that may call from a browser."""
    throttle: Throttle | None = None
    """How many requests pass on each route; the account's quota when left out."""
    routes: dict[RouteKey, Annotated[HttpRoute, Shorthand("to")]] = {}
    """Routes: `GET /orders: orders_fn`, or maps with scopes."""
    definition: Literal["openapi"] | None = None
    """Where routes stand: each in resources of its own (when left out), or all in the `Body` of the API, as OpenAPI 3;
    what more a body says stands under `properties`."""
    stage: str = "$default"
    """The stage; `$default` has no part in the path."""
    detailed_metrics: bool = True
    """Whether each route has metrics of its own."""
    log_retention_days: Annotated[int, Field(ge=1)] = 90
    """Days that access logs are kept."""
    log_key: Annotated[str, refers("kms_key")] | None = None
    """The key that encrypts the logs; AWS's own when left out."""
    domain: ApiDomain | None = None
    """A name of its own."""
    execute_api_endpoint: bool | None = None
    """Whether the name that AWS gives it answers too; not where it has a name of its own, when left out."""

    @model_validator(mode="after")
    def _defined(self) -> "HttpApi":
        if not self.definition and any(r.permission for r in self.routes.values()):
            raise ValueError("'permission' needs a 'definition'")
        return self
