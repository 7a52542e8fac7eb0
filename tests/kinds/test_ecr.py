"""ECR repositories."""

from __future__ import annotations

import json

from .lowered import complaints, lowered, place


def test_images_are_scanned_and_tags_do_not_move() -> None:
    resources = lowered("  images: {kind: ecr_repository}\n")
    repository = resources["Images"]
    assert repository.get("ImageScanningConfiguration") == {"ScanOnPush": True}
    assert repository.get("ImageTagMutability") == "IMMUTABLE"
    assert repository.get("EncryptionConfiguration") == {"EncryptionType": "AES256"}
    rules = json.loads(repository.get("LifecyclePolicy", "LifecyclePolicyText"))["rules"]
    assert [r["selection"]["countNumber"] for r in rules] == [14]
    assert repository.attributes["DeletionPolicy"] == "Retain"
    assert complaints(resources) == []


def test_exceptions_point_at_the_field_that_says_them() -> None:
    resources = lowered("""\
  images: {kind: ecr_repository, scan_on_push: false, immutable_tags: false, keep_images: 20, kms_key: key}
  key: {kind: kms_key}
""")
    repository = resources["Images"]
    assert repository.get("EncryptionConfiguration") == {
        "EncryptionType": "KMS", "KmsKey": {"Fn::GetAtt": ["Key", "Arn"]},
    }  # fmt: skip
    assert place(resources, "Images", "ImageScanningConfiguration", "ScanOnPush") == "1:34"
    assert place(resources, "Images", "ImageTagMutability") == "1:55"
    assert complaints(resources) == []
