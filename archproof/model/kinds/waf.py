"""AWS WAF: web ACLs."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from archproof.model.base import Component, OneOrMany, refers

KINDS = {"waf": "WebAcl"}

RuleGroup = Literal[
    "core", "known_bad_inputs", "ip_reputation", "sql_injection", "anonymous_ip", "admin_protection", "linux",
    "windows", "php", "wordpress", "bot_control",
]  # fmt: skip
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]


class WebAcl(Component):
    """A web ACL: AWS's managed rules and a rate limit before an API, a load balancer or a distribution.

    Before CloudFront it must stand in us-east-1: in a system of another region, name one by its `arn`.
    """

    kind: Literal["waf"]
    cfn: ClassVar[str] = "AWS::WAFv2::WebACL"
    service: ClassVar[str] = "wafv2"
    tier: ClassVar[str] = "edge"
    chip: ClassVar[str] = "waf"

    rules: Annotated[list[RuleGroup], OneOrMany()] = ["ip_reputation", "core", "known_bad_inputs"]
    """Managed rule groups, in order."""
    count_only: Annotated[list[RuleGroup], OneOrMany()] = []
    """Rule groups that count what they would block, to try them out."""
    rate_limit: Annotated[int, Field(ge=10)] | None = 2000
    """Requests in five minutes after which an address is blocked; `null` for no limit."""
    block_countries: Annotated[list[Country], OneOrMany()] = []
    """Countries that are blocked, by their two letters."""
    protects: Annotated[list[Annotated[str, refers("rest_api", "alb", "cognito_user_pool")]], OneOrMany()] = []
    """What it stands before; its `waf` can say it too."""
    log_retention_days: Annotated[int, Field(ge=1)] = 90
    """Days that its log is kept."""
    log_key: Annotated[str, refers("kms_key")] | None = None
    """The key that encrypts the log; AWS's own when left out."""
    arn: str | None = None
    """A web ACL that exists already: nothing is made."""
