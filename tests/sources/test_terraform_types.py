"""Types of Terraform in CloudFormation's shape, as folders say them: exact properties, clean before AWS's validator."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from archproof.discovery import index
from archproof.resources.resource import Resource, Resources
from archproof.sources.reading import read
from archproof.sources.terraform.mapping import Rule
from archproof.sources.terraform.translation import PACKAGE, mapping_of
from tests.kinds.lowered import complaints
from tests.sources.test_terraform_hcl import by_address, folder

ROLE = "arn:aws:iam::123456789012:role/service"


def made(path: Path, text: str) -> Resources:
    """The resources of a configuration, after a look at them by AWS's validator."""
    resources = read(folder(path, text))
    assert complaints(resources) == []
    return resources


def one(path: Path, text: str) -> Resource:
    """The first resource of a configuration."""
    return next(iter(made(path, text)))


def test_more_than_five_hundred_types_have_a_mapping_and_every_name_in_it_is_a_name() -> None:
    types = index(PACKAGE, "TYPES")
    assert len(types) >= 500
    for name in types:
        mapping = mapping_of(name)
        assert mapping is not None, name
        assert all(_is_named(rule) for rule in mapping.rules.values()), name


def _is_named(rule: Rule) -> bool:
    inner = rule.nested or {}
    return all(step and step[0].isupper() and "_" not in step for step in rule.path) and all(
        map(_is_named, inner.values())
    )


def test_a_table_has_its_keys_its_capacities_and_those_of_its_indexes(tmp_path: Path) -> None:
    table = one(
        tmp_path,
        """
resource "aws_dynamodb_table" "t" {
  name           = "t"
  hash_key       = "a"
  range_key      = "b"
  read_capacity  = 5
  write_capacity = "6"
  attribute {
    name = "a"
    type = "S"
  }
  attribute {
    name = "b"
    type = "N"
  }
  ttl {
    attribute_name = "until"
    enabled        = true
  }
  stream_enabled   = true
  stream_view_type = "NEW_IMAGE"
  local_secondary_index {
    name            = "local"
    range_key       = "b"
    projection_type = "KEYS_ONLY"
  }
  global_secondary_index {
    name               = "global"
    hash_key           = "b"
    read_capacity      = 1
    write_capacity     = 2
    projection_type    = "INCLUDE"
    non_key_attributes = ["c"]
  }
}
""",
    )
    assert table.properties == {
        "TableName": "t",
        "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}, {"AttributeName": "b", "KeyType": "RANGE"}],
        "ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 6},
        "AttributeDefinitions": [
            {"AttributeName": "a", "AttributeType": "S"}, {"AttributeName": "b", "AttributeType": "N"},
        ],
        "TimeToLiveSpecification": {"AttributeName": "until", "Enabled": True},
        "StreamSpecification": {"StreamViewType": "NEW_IMAGE"},
        "LocalSecondaryIndexes": [{
            "IndexName": "local", "Projection": {"ProjectionType": "KEYS_ONLY"},
            "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}, {"AttributeName": "b", "KeyType": "RANGE"}],
        }],
        "GlobalSecondaryIndexes": [{
            "IndexName": "global", "Projection": {"NonKeyAttributes": ["c"], "ProjectionType": "INCLUDE"},
            "KeySchema": [{"AttributeName": "b", "KeyType": "HASH"}],
            "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 2},
        }],
    }  # fmt: skip


def test_a_task_that_a_rule_starts_is_a_target_of_the_rule(tmp_path: Path) -> None:
    rule = one(
        tmp_path,
        f"""
resource "aws_cloudwatch_event_rule" "r" {{
  schedule_expression = "rate(1 hour)"
  is_enabled          = false
}}
resource "aws_cloudwatch_event_target" "t" {{
  rule     = aws_cloudwatch_event_rule.r.name
  arn      = "arn:aws:ecs:us-east-1:123456789012:cluster/main"
  role_arn = "{ROLE}"
  ecs_target {{
    task_definition_arn = "arn:aws:ecs:us-east-1:123456789012:task-definition/t:1"
    launch_type         = "FARGATE"
    network_configuration {{
      subnets          = ["subnet-0123456789abcdef0"]
      assign_public_ip = true
    }}
  }}
}}
""",
    )
    assert rule.get("State") == "DISABLED"
    assert rule.get("Targets", 0, "EcsParameters") == {
        "TaskDefinitionArn": "arn:aws:ecs:us-east-1:123456789012:task-definition/t:1", "LaunchType": "FARGATE",
        "NetworkConfiguration": {
            "AwsVpcConfiguration": {"Subnets": ["subnet-0123456789abcdef0"], "AssignPublicIp": "ENABLED"}
        },
    }  # fmt: skip
    assert rule.get("Targets", 0, "Id") == "CloudwatchEventTargetT"


def test_a_distribution_with_a_bucket_behind_an_access_control(tmp_path: Path) -> None:
    distribution = one(
        tmp_path,
        """
resource "aws_cloudfront_distribution" "d" {
  enabled             = true
  is_ipv6_enabled     = true
  default_root_object = "index.html"
  origin {
    origin_id                = "bucket"
    domain_name              = "pages.s3.us-east-1.amazonaws.com"
    origin_access_control_id = aws_cloudfront_origin_access_control.a.id
  }
  default_cache_behavior {
    target_origin_id       = "bucket"
    viewer_protocol_policy = "redirect-to-https"
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    forwarded_values {
      query_string = false
      cookies { forward = "none" }
    }
  }
  restrictions {
    geo_restriction { restriction_type = "none" }
  }
  viewer_certificate { cloudfront_default_certificate = true }
}
resource "aws_cloudfront_origin_access_control" "a" {
  name                              = "a"
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}
""",
    )
    assert distribution.get("DistributionConfig") == {
        "Enabled": True, "IPV6Enabled": True, "DefaultRootObject": "index.html",
        "Origins": [{
            "Id": "bucket", "DomainName": "pages.s3.us-east-1.amazonaws.com",
            "S3OriginConfig": {"OriginAccessIdentity": ""},
            "OriginAccessControlId": {"Ref": "CloudfrontOriginAccessControlA"},
        }],
        "DefaultCacheBehavior": {
            "TargetOriginId": "bucket", "ViewerProtocolPolicy": "redirect-to-https", "AllowedMethods": ["GET", "HEAD"],
            "CachedMethods": ["GET", "HEAD"], "ForwardedValues": {"QueryString": False, "Cookies": {"Forward": "none"}},
        },
        "Restrictions": {"GeoRestriction": {"RestrictionType": "none"}},
        "ViewerCertificate": {"CloudFrontDefaultCertificate": True},
    }  # fmt: skip


def test_a_pool_of_users_its_client_and_its_domain(tmp_path: Path) -> None:
    found = by_address(
        made(
            tmp_path,
            """
resource "aws_cognito_user_pool" "p" {
  name                     = "p"
  auto_verified_attributes = ["email"]
  mfa_configuration        = "OPTIONAL"
  software_token_mfa_configuration { enabled = true }
  password_policy {
    minimum_length    = 12
    require_lowercase = true
  }
  schema {
    name                = "tenant"
    attribute_data_type = "String"
    string_attribute_constraints { max_length = 64 }
  }
  tags = { Team = "a" }
}
resource "aws_cognito_user_pool_client" "c" {
  name                                 = "web"
  user_pool_id                         = aws_cognito_user_pool.p.id
  callback_urls                        = ["https://example.com/back"]
  allowed_oauth_flows                  = ["code"]
  allowed_oauth_scopes                 = ["openid"]
  allowed_oauth_flows_user_pool_client = true
  supported_identity_providers         = ["COGNITO"]
}
""",
        )
    )
    pool = found["aws_cognito_user_pool.p"]
    assert pool.get("EnabledMfas") == ["SOFTWARE_TOKEN_MFA"]
    assert pool.get("Policies") == {"PasswordPolicy": {"MinimumLength": 12, "RequireLowercase": True}}
    assert pool.get("Schema", 0, "StringAttributeConstraints") == {"MaxLength": "64"}
    assert pool.get("UserPoolTags") == {"Team": "a"}
    client = found["aws_cognito_user_pool_client.c"]
    assert client.get("CallbackURLs") == ["https://example.com/back"]
    assert client.get("AllowedOAuthFlowsUserPoolClient") is True


def test_a_record_has_the_name_of_its_zone_and_a_parameter_that_is_secret_is_not_cloudformations(
    tmp_path: Path,
) -> None:
    resources = made(
        tmp_path,
        """
resource "aws_route53_zone" "z" { name = "example.com" }
resource "aws_route53_record" "www" {
  zone_id = aws_route53_zone.z.zone_id
  name    = "www"
  type    = "A"
  ttl     = 300
  records = ["192.0.2.1"]
}
resource "aws_route53_record" "apex" {
  zone_id = aws_route53_zone.z.zone_id
  name    = "example.com"
  type    = "MX"
  ttl     = 300
  records = ["10 mail.example.com"]
}
resource "aws_ssm_parameter" "s" {
  name  = "/s"
  type  = "SecureString"
  value = "hidden-value"
}
""",
    )
    found = by_address(resources)
    assert found["aws_route53_record.www"].properties == {
        "HostedZoneId": {"Ref": "Route53ZoneZ"}, "Name": "www.example.com", "Type": "A", "TTL": "300",
        "ResourceRecords": ["192.0.2.1"],
    }  # fmt: skip
    assert found["aws_route53_record.apex"].get("Name") == "example.com"
    assert [u.why for u in resources.unknown] == ["CloudFormation makes no parameters of the type SecureString"]
    assert "hidden-value" not in json.dumps([r.properties for r in resources])
    assert "hidden-value" not in "".join(resources.sources.values())


@pytest.mark.parametrize(
    ("text", "type", "properties"),
    [
        (
            'resource "aws_kinesis_stream" "s" {\n shard_count = 2\n encryption_type = "KMS"\n'
            ' kms_key_id = "alias/k"\n}',
            "AWS::Kinesis::Stream",
            {"ShardCount": 2, "StreamEncryption": {"EncryptionType": "KMS", "KeyId": "alias/k"}},
        ),
        (
            'resource "aws_efs_file_system" "f" {\n encrypted = true\n'
            ' lifecycle_policy { transition_to_ia = "AFTER_30_DAYS" }\n tags = { Name = "f" }\n}\n'
            'resource "aws_efs_backup_policy" "b" {\n file_system_id = aws_efs_file_system.f.id\n'
            ' backup_policy { status = "ENABLED" }\n}',
            "AWS::EFS::FileSystem",
            {"Encrypted": True, "LifecyclePolicies": [{"TransitionToIA": "AFTER_30_DAYS"}],
             "FileSystemTags": [{"Key": "Name", "Value": "f"}], "BackupPolicy": {"Status": "ENABLED"}},
        ),
        (
            'resource "aws_guardduty_detector" "d" {}\nresource "aws_guardduty_detector_feature" "f" {\n'
            ' detector_id = aws_guardduty_detector.d.id\n name = "S3_DATA_EVENTS"\n status = "ENABLED"\n}',
            "AWS::GuardDuty::Detector",
            {"Enable": True, "Features": [{"Name": "S3_DATA_EVENTS", "Status": "ENABLED"}]},
        ),
        (
            'resource "aws_backup_plan" "p" {\n name = "daily"\n rule {\n  rule_name = "r"\n  target_vault_name = "v"\n'
            '  schedule = "cron(0 5 ? * * *)"\n  lifecycle { delete_after = 30 }\n }\n}',
            "AWS::Backup::BackupPlan",
            {"BackupPlan": {"BackupPlanName": "daily", "BackupPlanRule": [
                {"RuleName": "r", "TargetBackupVault": "v", "ScheduleExpression": "cron(0 5 ? * * *)",
                 "Lifecycle": {"DeleteAfterDays": 30}}]}},
        ),
        (
            'resource "aws_elasticache_parameter_group" "g" {\n family = "redis7"\n parameter {\n'
            '  name = "maxmemory-policy"\n  value = "allkeys-lru"\n }\n}',
            "AWS::ElastiCache::ParameterGroup",
            {"CacheParameterGroupFamily": "redis7", "Description": "Managed by Terraform",
             "Properties": {"maxmemory-policy": "allkeys-lru"}},
        ),
        (
            f'resource "aws_sfn_state_machine" "m" {{\n name = "m"\n role_arn = "{ROLE}"\n type = "EXPRESS"\n'
            ' definition = jsonencode({ StartAt = "A", States = { A = { Type = "Succeed" } } })\n}',
            "AWS::StepFunctions::StateMachine",
            {"StateMachineName": "m", "RoleArn": ROLE, "StateMachineType": "EXPRESS",
             "DefinitionString": '{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}'},
        ),
    ],
    ids=lambda v: v if isinstance(v, str) and v.startswith("AWS::") else "",
)  # fmt: skip
def test_a_resource_has_exactly_these_properties(
    tmp_path: Path, text: str, type: str, properties: dict[str, Any]
) -> None:
    resource = one(tmp_path, text)
    assert (resource.type, resource.properties) == (type, properties)
