"""AWS Certificate Manager: certificates."""

from typing import Annotated, ClassVar, Literal

from archproof.model.base import Component, OneOrMany, refers

KINDS = {"certificate": "Certificate"}


class Certificate(Component):
    """A public TLS certificate, proved by DNS and renewed by AWS.

    It works in the region of the system only. CloudFront and Cognito's domains want one of us-east-1: in a
    system of another region, name that one by its `arn`.
    """

    kind: Literal["certificate"]
    cfn: ClassVar[str] = "AWS::CertificateManager::Certificate"
    service: ClassVar[str] = "acm"
    tier: ClassVar[str] = "edge"
    detail: ClassVar[bool] = True

    domain: str
    """The domain name: `app.example.com`, `*.example.com`."""
    alternatives: Annotated[list[str], OneOrMany()] = []
    """More names that it holds for."""
    validation: Literal["dns", "email"] = "dns"
    """How one proves to own the names."""
    zone: Annotated[str, refers("dns_zone")] | None = None
    """The hosted zone in which the proof is written; by hand when left out."""
    transparency_logging: bool = True
    """Whether it stands in public logs; browsers refuse those that do not."""
    arn: str | None = None
    """A certificate that exists already: nothing is made."""
