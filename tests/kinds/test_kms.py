"""KMS keys and who their policies let in."""

from __future__ import annotations

from archproof.resources.resource import Resources

from .lowered import complaints, lowered, place


def sids(resources: Resources) -> list[str]:
    return [s["Sid"] for s in resources["Key"].get("KeyPolicy", "Statement")]


def test_a_key_rotates_and_is_lent_through_iam_only() -> None:
    resources = lowered("  key: {kind: kms_key}\n")
    assert resources["Key"].get("EnableKeyRotation") is True
    assert sids(resources) == ["AccountAdministersAndDelegatesToIam"]
    assert resources["KeyAlias"].get("AliasName") == "alias/shop-key"
    assert resources["Key"].attributes["DeletionPolicy"] == "Retain"
    assert complaints(resources) == []


def test_logs_and_auto_scaling_are_let_in_where_they_use_it() -> None:
    resources = lowered("""\
  key: {kind: kms_key, rotation: false, pending_days: 7, alias: shop}
  fn: {kind: lambda, runtime: python3.13, log_key: key}
  web: {kind: auto_scaling_group, instance_type: m7g.large, kms_key: key, in: {subnets: app}}
""")
    assert sids(resources)[1:] == ["CloudWatchLogs", "VolumesOfAutoScalingGroups", "GrantsForVolumes"]
    assert place(resources, "Key", "EnableKeyRotation") == "1:24"
    assert complaints(resources) == []


def test_a_service_that_sends_to_an_encrypted_topic_is_let_in() -> None:
    resources = lowered("""\
  key: {kind: kms_key}
  jobs: {kind: sqs_queue, kms_key: key}
  news: {kind: sns_topic}
links:
  - {from: news, to: jobs, verb: subscribe}
""")
    statement = resources["Key"].get("KeyPolicy", "Statement", 1)
    assert statement["Principal"] == {"Service": "sns.amazonaws.com"}
    assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}


def test_a_policy_that_is_written_stands_as_it_is() -> None:
    resources = lowered("""\
  key:
    kind: kms_key
    usage: sign
    policy:
      Version: "2012-10-17"
      Statement: [{Sid: Mine, Effect: Allow, Principal: "*", Action: "kms:*", Resource: "*"}]
  fn: {kind: lambda, runtime: python3.13, log_key: key}
""")
    assert sids(resources) == ["Mine"]
    assert (resources["Key"].get("KeyUsage"), resources["Key"].get("KeySpec")) == ("SIGN_VERIFY", "RSA_3072")
    assert not resources["Key"].has("EnableKeyRotation")
