"""Amazon CloudFront: distributions."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from archproof.model.base import Component, OneOrMany, Part, Shorthand, refers

KINDS = {"cloudfront": "CloudFront"}

ORIGINS = ("s3_bucket", "alb", "nlb", "http_api", "rest_api", "lambda", "external_system")
Cache = Literal["optimized", "optimized_uncompressed", "disabled", "origin_headers", "origin_headers_and_query"]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]


class Behavior(Part):
    """What happens to requests for some paths."""

    origin: Annotated[str, refers(*ORIGINS, verb="origin")]
    """Where they go."""
    origin_domain: str | None = None
    """The name under which the origin's certificate is valid, where it is not its own."""
    cache: Cache | None = None
    """The managed cache policy; `optimized` for a bucket and `disabled` for everything else, when left out."""
    write: bool | None = None
    """Whether methods that change things pass; not to a bucket, when left out."""


class Geo(Part):
    """Countries, by their two letters: either those that may, or those that may not."""

    allow: Annotated[list[Country], OneOrMany()] = []
    """Only these."""
    deny: Annotated[list[Country], OneOrMany()] = []
    """All but these."""

    @model_validator(mode="after")
    def _one(self) -> "Geo":
        if bool(self.allow) == bool(self.deny):
            raise ValueError("either 'allow' or 'deny'")
        return self


class DistributionLogs(Part):
    """Standard logs."""

    bucket: Annotated[str, refers("s3_bucket")]
    """The bucket that holds them."""
    prefix: str | None = None
    """What their keys begin with; the id of the distribution when left out."""


class CloudFront(Component):
    """A distribution: answers at the edge, over HTTPS only, with security headers.

    A bucket behind it stays private: only this distribution may read it.
    """

    kind: Literal["cloudfront"]
    cfn: ClassVar[str] = "AWS::CloudFront::Distribution"
    service: ClassVar[str] = "cloudfront"
    scope: ClassVar[str] = "global"
    tier: ClassVar[str] = "edge"

    origin: Annotated[str, refers(*ORIGINS, verb="origin")]
    """Where requests go that no behaviour is about."""
    origin_domain: str | None = None
    """The name under which the origin's certificate is valid, where it is not its own."""
    behaviors: dict[str, Annotated[Behavior, Shorthand("origin")]] = {}
    """Other origins by path: `{/api/*: api}`."""
    cache: Cache | None = None
    """The managed cache policy; `optimized` for a bucket and `disabled` for everything else, when left out."""
    write: bool | None = None
    """Whether methods that change things pass; not to a bucket, when left out."""
    root: str | None = None
    """What answers for `/`; `index.html` of a bucket when left out."""
    spa: bool = False
    """Whether unknown paths answer with the root, for applications that route in the browser."""
    aliases: Annotated[list[str], OneOrMany()] = []
    """Names of its own; they need a `certificate`."""
    certificate: Annotated[str, refers("certificate")] | None = None
    """The certificate of the names, in us-east-1."""
    min_tls: Literal["TLSv1.2_2021", "TLSv1.2_2025", "TLSv1.3_2025"] = "TLSv1.2_2021"
    """The oldest protocol and ciphers that it accepts, where it has a certificate of its own."""
    access_logs: Annotated[DistributionLogs, Shorthand("bucket")] | None = None
    """The bucket that its standard logs go to."""
    waf: Annotated[str, refers("waf")] | None = None
    """The web ACL before it, in us-east-1."""
    geo: Geo | None = None
    """Countries that may or may not."""
    security_headers: bool = True
    """Whether answers carry HSTS and the other security headers; `false` must be said."""
    content_security_policy: str | None = None
    """The Content-Security-Policy header."""
    price_class: Literal["all", "200", "100"] = "all"
    """The edge locations that it uses."""
    http_version: Literal["http2", "http2and3"] = "http2and3"
    """The newest protocol that it speaks."""
    ipv6: bool = True
    """Whether it has IPv6 addresses."""

    @model_validator(mode="after")
    def _named(self) -> "CloudFront":
        if self.aliases and not self.certificate:
            raise ValueError("'aliases' need a 'certificate'")
        return self
