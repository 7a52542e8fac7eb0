"""AWS Certificate Manager: certificates."""

from __future__ import annotations

from archproof.model.kinds.acm import Certificate
from archproof.resources.lowering._context import Lowering

KINDS = ("certificate",)


def lower_certificate(name: str, certificate: Certificate, ctx: Lowering) -> None:
    """The certificate; none where it exists already."""
    if certificate.arn:
        return
    names = [certificate.domain, *certificate.alternatives]
    zone = certificate.zone
    options = [{"DomainName": n, "HostedZoneId": ctx.ref(zone)} for n in names] if zone else None
    ctx.add(
        name,
        "AWS::CertificateManager::Certificate",
        {
            "DomainName": certificate.domain,
            "SubjectAlternativeNames": certificate.alternatives or None,
            "ValidationMethod": certificate.validation.upper(),
            "DomainValidationOptions": options,
            "CertificateTransparencyLoggingPreference": "ENABLED" if certificate.transparency_logging else "DISABLED",
            "Tags": ctx.tags(name),
        },
        origins={
            "DomainName": "domain",
            "SubjectAlternativeNames": "alternatives",
            "ValidationMethod": "validation",
            "DomainValidationOptions": "zone",
            "CertificateTransparencyLoggingPreference": "transparency_logging",
        },
    )
