"""Certificates: ACM and private authorities."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archproof.sources.terraform.mapping import Mapping, Merge, block, blocks

if TYPE_CHECKING:
    from archproof.sources.terraform.item import Item

TYPES = (
    "aws_acm_certificate", "aws_acm_certificate_validation", "aws_acmpca_certificate_authority",
)  # fmt: skip


def _certificate(item: Item) -> str | None:
    imported = item.values.get("certificate_body") or item.values.get("private_key")
    return None if imported else "AWS::CertificateManager::Certificate"


MAPPINGS = {
    "aws_acm_certificate": Mapping(
        _certificate,
        "certificate_authority_arn -certificate_body -certificate_chain "
        "domain_name -early_renewal_duration key_algorithm -private_key "
        "subject_alternative_names validation_method",
        {
            "options": block("", "certificate_transparency_logging_preference export=CertificateExport"),
            "validation_option": blocks("DomainValidationOptions", "domain_name validation_domain"),
        },
        attributes="id=Ref arn=Ref domain_name==domain_name",
        secret="private_key",
        why="CloudFormation imports no certificates",
    ),
    "aws_acm_certificate_validation": Mapping(
        None,
        "-certificate_arn -validation_record_fqdns",
        attributes="id==certificate_arn certificate_arn==certificate_arn",
        tags="",
        merge=Merge("certificate_arn", "aws_acm_certificate"),
    ),
    "aws_acmpca_certificate_authority": Mapping(
        "AWS::ACMPCA::CertificateAuthority",
        "-enabled key_storage_security_standard -permanent_deletion_time_in_days type usage_mode",
        {
            "certificate_authority_configuration": block(
                "",
                "key_algorithm signing_algorithm",
                {
                    "subject": block(
                        "Subject",
                        "common_name country distinguished_name_qualifier "
                        "generation_qualifier given_name initials locality organization "
                        "organizational_unit pseudonym state surname title",
                    )
                },
            ),
            "revocation_configuration": block(
                "RevocationConfiguration",
                "",
                {
                    "crl_configuration": block(
                        "CrlConfiguration", "custom_cname enabled expiration_in_days s3_bucket_name s3_object_acl"
                    ),
                    "ocsp_configuration": block("OcspConfiguration", "enabled ocsp_custom_cname"),
                },
            ),
        },
        attributes="id=Ref arn=Ref",
    ),
}
