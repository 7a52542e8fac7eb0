"""Amazon API Gateway: REST APIs."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from archproof.model.base import Component, OneOrMany, Part, Shorthand, Verbatim, refers
from archproof.model.kinds._api import ApiDomain, Authorizer, Cors, RestRouteKey, authorizer_word
from archproof.model.kinds._words import Throttle, Words

KINDS = {"rest_api": "RestApi"}

TARGETS = ("lambda", "sqs_queue", "sns_topic", "state_machine", "event_bus", "nlb", "external_system")


class RestRoute(Part):
    """Where a route leads, and who may use it."""

    to: Annotated[str, refers(*TARGETS, verb="route")]
    """The component that answers."""
    auth: Literal["open", "iam"] | None = None
    """`open` for anyone, `iam` for signed requests; the API's authorizer when left out."""
    scopes: Annotated[list[str], OneOrMany()] = []
    """Scopes of which the access token needs one."""
    api_key: bool = False
    """Whether an API key of a usage plan is needed too; it counts requests, it proves nobody's identity."""
    timeout_ms: Annotated[int, Field(ge=1)] | None = None
    """Milliseconds after which the API gives up."""
    validate_: Literal["body", "parameters", "all"] | None = Field(default=None, alias="validate")
    """What is checked before the request is passed on."""
    body_schema: Verbatim | None = None
    """The JSON schema of the body."""
    required: Annotated[list[str], OneOrMany()] = []
    """Parameters that must be there: `querystring.page`, `header.X-Request-Id`."""
    permission: Annotated[str, Field(pattern=r"^[A-Za-z0-9]{1,255}$")] | None = None
    """With `definition`: the logical id of a permission that lets this route alone call its function."""


class UsagePlan(Part):
    """How much the holders of some API keys may call."""

    throttle: Throttle | None = None
    """Requests a second."""
    quota: Annotated[int, Field(ge=1)] | None = None
    """Requests in a `period`."""
    period: Literal["day", "week", "month"] = "month"
    """The period of the quota."""
    keys: Annotated[list[str], OneOrMany()] = []
    """Names of the keys; their values are made by AWS."""


class RestApi(Component):
    """A REST API. Every route needs its authorizer, signed requests where it has none, or `auth: open`."""

    kind: Literal["rest_api"]
    cfn: ClassVar[str] = "AWS::ApiGateway::RestApi"
    service: ClassVar[str] = "apigateway"
    tier: ClassVar[str] = "api"

    endpoint: Literal["regional", "edge", "private"] = "regional"
    """Where it answers: in its region, at the edge, or in VPCs only."""
    authorizer: Annotated[Authorizer, Words(authorizer_word)] | None = None
    """Who may call: `{cognito: pool}`, `{jwt: client}` (any client of its pool), `{lambda: fn}`, `iam`; covers
    every route. IAM when left out."""
    cors: Annotated[Cors, Shorthand("origins", str, list)] | None = None
    """Web pages that may call from a browser."""
    throttle: Throttle | None = None
    """How many requests pass on each method; the account's quota when left out."""
    waf: Annotated[str, refers("waf")] | None = None
    """The web ACL before it."""
    routes: dict[RestRouteKey, Annotated[RestRoute, Shorthand("to")]] = {}
    """Routes: `GET /orders: orders_fn`, or maps with scopes."""
    definition: Literal["openapi", "swagger"] | None = None
    """Where routes stand: each in resources of its own (when left out), or all in the `Body` of the API, as OpenAPI 3
    or Swagger 2; what more a body says stands under `properties`."""
    vpc_endpoints: Annotated[list[Annotated[str, refers("vpc_endpoint")]], OneOrMany()] = []
    """For a private API: the VPC endpoints that lead to it; others are refused."""
    policy: Verbatim = {}
    """Its resource policy; a private API has one that its endpoints pass."""
    stage: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$")] = "live"
    """The stage, which is the first part of the path."""
    deployment: Annotated[str, Field(pattern=r"^[0-9a-f]{10,64}$")] | None = None
    """With `definition`: the fingerprint of what is deployed; another one deploys again. Made of the routes when left
    out."""
    usage_plans: dict[str, UsagePlan] = {}
    """Plans for holders of API keys, by name."""
    logging: Literal["error", "info", "off"] = "error"
    """What the execution log holds; bodies are never logged."""
    log_retention_days: Annotated[int, Field(ge=1)] = 90
    """Days that access logs are kept."""
    log_key: Annotated[str, refers("kms_key")] | None = None
    """The key that encrypts the logs; AWS's own when left out."""
    tracing: bool = True
    """Whether X-Ray traces requests."""
    detailed_metrics: bool = True
    """Whether each method has metrics of its own."""
    cache_gb: Annotated[float, Field(gt=0)] | None = None
    """Size of the encrypted response cache; none when left out."""
    cache_s: Annotated[int, Field(ge=0)] = 300
    """Seconds that responses are cached."""
    binary_types: Annotated[list[str], OneOrMany()] = []
    """Content types that are passed on as they are."""
    domain: ApiDomain | None = None
    """A name of its own."""
    execute_api_endpoint: bool | None = None
    """Whether the name that AWS gives it answers too; not where it has a name of its own, when left out."""

    @model_validator(mode="after")
    def _defined(self) -> "RestApi":
        said = [k for k, r in self.routes.items() if r.validate_ or r.body_schema or r.required]
        if self.definition and said:
            raise ValueError(f"with 'definition', what '{said[0]}' checks stands in the 'Body' under 'properties'")
        alone = [k for k, r in self.routes.items() if r.permission]
        if not self.definition and (alone or self.deployment):
            raise ValueError("'permission' and 'deployment' need a 'definition'")
        return self

    @model_validator(mode="after")
    def _private(self) -> "RestApi":
        if self.endpoint == "private" and not (self.vpc_endpoints or self.policy):
            raise ValueError("a private API needs 'vpc_endpoints' or a 'policy'")
        if self.authorizer and self.authorizer.issuer:
            raise ValueError("a REST API checks tokens of Cognito itself; another issuer needs a 'lambda' authorizer")
        return self
