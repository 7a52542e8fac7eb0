"""ECR: repositories, their policies, the registry."""

from __future__ import annotations

from archproof.sources.terraform.mapping import Mapping, Merge, block, blocks

TYPES = (
    "aws_ecr_repository", "aws_ecr_lifecycle_policy", "aws_ecr_repository_policy", "aws_ecr_registry_policy",
    "aws_ecr_pull_through_cache_rule", "aws_ecr_replication_configuration",
    "aws_ecr_registry_scanning_configuration", "aws_ecrpublic_repository",
)  # fmt: skip


MAPPINGS = {
    "aws_ecr_repository": Mapping(
        "AWS::ECR::Repository",
        "name=RepositoryName -force_delete image_tag_mutability",
        {
            "encryption_configuration": block("EncryptionConfiguration", "encryption_type kms_key"),
            "image_scanning_configuration": block("ImageScanningConfiguration", "scan_on_push"),
            "image_tag_mutability_exclusion_filter": blocks(
                "ImageTagMutabilityExclusionFilters",
                "filter=ImageTagMutabilityExclusionFilterValue filter_type=ImageTagMutabilityExclusionFilterType",
            ),
        },
        attributes="id=Ref name=Ref arn=Arn repository_url=RepositoryUri",
    ),
    "aws_ecr_lifecycle_policy": Mapping(
        None,
        "policy=LifecyclePolicy.LifecyclePolicyText -repository",
        attributes="id==repository",
        tags="",
        merge=Merge("repository", "aws_ecr_repository"),
    ),
    "aws_ecr_repository_policy": Mapping(
        None,
        "policy=RepositoryPolicyText:json -repository",
        attributes="id==repository",
        tags="",
        merge=Merge("repository", "aws_ecr_repository"),
    ),
    "aws_ecr_registry_policy": Mapping(
        "AWS::ECR::RegistryPolicy",
        "policy=PolicyText:json",
        attributes="id",
        tags="",
    ),
    "aws_ecr_pull_through_cache_rule": Mapping(
        "AWS::ECR::PullThroughCacheRule",
        "ecr_repository_prefix upstream_registry_url credential_arn custom_role_arn upstream_repository_prefix",
        attributes="id=Ref",
        tags="",
    ),
    "aws_ecr_replication_configuration": Mapping(
        "AWS::ECR::ReplicationConfiguration",
        "",
        {
            "replication_configuration": block(
                "ReplicationConfiguration",
                "",
                {
                    "rule": blocks(
                        "Rules",
                        "",
                        {
                            "destination": blocks("Destinations", "region registry_id"),
                            "repository_filter": blocks("RepositoryFilters", "filter filter_type"),
                        },
                    )
                },
            )
        },
        attributes="id",
        tags="",
    ),
    "aws_ecr_registry_scanning_configuration": Mapping(
        "AWS::ECR::RegistryScanningConfiguration",
        "scan_type",
        {
            "rule": blocks(
                "Rules", "scan_frequency", {"repository_filter": blocks("RepositoryFilters", "filter filter_type")}
            )
        },
        attributes="id",
        tags="",
    ),
    "aws_ecrpublic_repository": Mapping(
        "AWS::ECR::PublicRepository",
        "repository_name -force_destroy",
        {
            "catalog_data": block(
                "RepositoryCatalogData",
                "about_text architectures description=RepositoryDescription "
                "-logo_image_blob operating_systems usage_text",
            )
        },
        attributes="id=Ref arn=Arn",
    ),
}
