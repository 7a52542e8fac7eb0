"""Amazon Route 53: hosted zones and records."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, model_validator

from archproof.model.base import Component, OneOrMany, Part, refers
from archproof.model.kinds._words import Words

KINDS = {"dns_zone": "DnsZone", "dns_record": "DnsRecord"}

TARGETS = ("cloudfront", "alb", "nlb", "http_api", "rest_api")


class InZone(Part):
    """The hosted zone of a record."""

    zone: Annotated[str, refers("dns_zone")] | None = None
    """A zone of the model."""
    domain: str | None = None
    """A zone of the account, by its name."""


def _zone(word: str) -> dict[str, Any]:
    return {"domain": word} if "." in word else {"zone": word}


class DnsZone(Component):
    """A hosted zone."""

    kind: Literal["dns_zone"]
    cfn: ClassVar[str] = "AWS::Route53::HostedZone"
    service: ClassVar[str] = "route53"
    scope: ClassVar[str] = "global"
    tier: ClassVar[str] = "edge"
    detail: ClassVar[bool] = True

    domain: str
    """The domain name."""
    vpcs: Annotated[list[Annotated[str, refers("vpc")]], OneOrMany()] = []
    """The VPCs in which it answers; on the internet when left out."""


class DnsRecord(Component):
    """A record: a name that stands for a component, or for values."""

    kind: Literal["dns_record"]
    cfn: ClassVar[str] = "AWS::Route53::RecordSet"
    service: ClassVar[str] = "route53"
    scope: ClassVar[str] = "global"
    tier: ClassVar[str] = "edge"

    zone: Annotated[InZone, Words(_zone)]
    """The hosted zone: a component, or the name of one in the account."""
    name: str
    """The full name: `app.example.com`."""
    to: Annotated[str, refers(*TARGETS, verb="alias")] | None = None
    """The component that it stands for."""
    record: Literal["A", "AAAA", "CNAME", "TXT", "MX", "CAA", "SRV", "NS"] = "A"
    """The type, for values."""
    values: Annotated[list[str], OneOrMany()] = []
    """The values."""
    ttl_s: Annotated[int, Field(ge=0)] = 300
    """Seconds that resolvers keep the values."""

    @model_validator(mode="after")
    def _one(self) -> "DnsRecord":
        if bool(self.to) == bool(self.values):
            raise ValueError("a record has either 'to' or 'values'")
        return self
