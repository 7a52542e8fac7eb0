"""What REST and HTTP APIs share: authorizers, CORS, access logs, names of their own."""

from typing import Annotated, Any

from pydantic import Field, model_validator

from archproof.model.base import OneOrMany, Part, refers

RouteKey = Annotated[str, Field(pattern=r"^(\$default|(ANY|GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) /\S*)$")]
RestRouteKey = Annotated[str, Field(pattern=r"^(ANY|GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) /\S*$")]


class Authorizer(Part):
    """Who may call: tokens of app clients (`jwt`), of another issuer, a function that decides, or IAM."""

    jwt: Annotated[list[Annotated[str, refers("cognito_app_client")]], OneOrMany()] = []
    """App clients whose access tokens are accepted."""
    cognito: Annotated[list[Annotated[str, refers("cognito_user_pool")]], OneOrMany()] = []
    """For a REST API: user pools whose tokens are accepted, whichever their client."""
    issuer: str | None = None
    """Another issuer of tokens; `audience` with it."""
    audience: Annotated[list[str], OneOrMany()] = []
    """Whom its tokens must be meant for."""
    lambda_: Annotated[str, refers("lambda", verb="authorize")] | None = Field(default=None, alias="lambda")
    """A function that decides."""
    cache_s: Annotated[int, Field(ge=0)] = 300
    """For a function: seconds that its answer is kept."""
    identity_source: str | None = None
    """Where the token is; the header `Authorization` when left out."""
    name: str = "authorizer"
    """What it is called in the API."""
    iam: bool = False
    """Whether requests are signed with IAM credentials."""

    @model_validator(mode="after")
    def _one(self) -> "Authorizer":
        given = (self.jwt, self.cognito, self.issuer, self.lambda_, self.iam)
        if sum(bool(x) for x in given) != 1:
            raise ValueError("exactly one of jwt, cognito, issuer, lambda, iam")
        if self.issuer and not self.audience:
            raise ValueError("an 'issuer' needs an 'audience'")
        return self


def authorizer_word(word: str) -> dict[str, Any]:
    """`iam` for `{iam: true}`; any other word is an app client."""
    return {"iam": True} if word == "iam" else {"jwt": word}


class Cors(Part):
    """Which web pages may call from a browser."""

    origins: Annotated[list[str], OneOrMany(), Field(min_length=1)]
    """Origins: `https://app.example.com`."""
    methods: Annotated[list[str], OneOrMany()] = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
    """Methods they may use."""
    headers: Annotated[list[str], OneOrMany()] = ["Authorization", "Content-Type"]
    """Headers they may send."""
    expose: Annotated[list[str], OneOrMany()] = []
    """Headers they may read."""
    credentials: bool = False
    """Whether cookies go with requests."""
    max_age_s: Annotated[int, Field(ge=0)] = 600
    """Seconds that a browser remembers the answer."""


class ApiDomain(Part):
    """A name of one's own."""

    name: str
    """The domain name."""
    certificate: Annotated[str, refers("certificate")]
    """Its certificate, in the region of the API."""
    path: str | None = None
    """The first part of the path that leads to this API; all when left out."""
