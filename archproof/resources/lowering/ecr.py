"""Amazon ECR: repositories."""

from __future__ import annotations

import json
from typing import Any

from archproof.model.kinds.ecr import EcrRepository
from archproof.resources.lowering._context import Lowering

KINDS = ("ecr_repository",)


def lower_ecr_repository(name: str, repository: EcrRepository, ctx: Lowering) -> None:
    """The repository."""
    rules = _rules(repository)
    encryption: dict[str, Any] = {"EncryptionType": "AES256"}
    if repository.kms_key:
        encryption = {"EncryptionType": "KMS", "KmsKey": ctx.arn(repository.kms_key)}
    ctx.add(
        name,
        "AWS::ECR::Repository",
        {
            "RepositoryName": ctx.name(name),
            "ImageScanningConfiguration": {"ScanOnPush": repository.scan_on_push},
            "ImageTagMutability": "IMMUTABLE" if repository.immutable_tags else "MUTABLE",
            "EncryptionConfiguration": encryption,
            "LifecyclePolicy": {"LifecyclePolicyText": json.dumps({"rules": rules})} if rules else None,
            "RepositoryPolicyText": ctx.translate(repository.policy) if repository.policy else None,
            "Tags": ctx.tags(name),
        },
        origins={
            "RepositoryName": "physical_name",
            "ImageScanningConfiguration": "scan_on_push",
            "ImageTagMutability": "immutable_tags",
            "EncryptionConfiguration": "kms_key",
            "LifecyclePolicy": "keep_images" if repository.keep_images else "untagged_days",
            "RepositoryPolicyText": "policy",
        },
        attributes={"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"},
    )


def _rules(repository: EcrRepository) -> list[dict[str, Any]]:
    """What is deleted with time; the rule about every image must come last."""
    rules: list[dict[str, Any]] = []
    if repository.untagged_days:
        selection = {
            "tagStatus": "untagged", "countType": "sinceImagePushed", "countUnit": "days",
            "countNumber": repository.untagged_days,
        }  # fmt: skip
        rules.append(_expire(1, "Images without a tag", selection))
    if repository.keep_images:
        selection = {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": repository.keep_images}
        rules.append(_expire(len(rules) + 1, "All but the newest", selection))
    return rules


def _expire(priority: int, description: str, selection: dict[str, Any]) -> dict[str, Any]:
    return {
        "rulePriority": priority,
        "description": description,
        "selection": selection,
        "action": {"type": "expire"},
    }
