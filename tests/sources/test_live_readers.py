"""What each reader makes of an answer, whose shape is held against AWS's own service model."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

from archproof.sources import responses
from archproof.sources.live import Live
from archproof.sources.responses._call import Answer, declared

ACCOUNT, REGION = "111122223333", "eu-west-1"


class Case(NamedTuple):
    """Answers one after the other, and the resource that they tell."""

    answers: tuple[tuple[str, dict[str, Any], dict[str, Any]], ...]
    type: str
    properties: dict[str, Any]
    attributes: dict[str, str] = {}


def case(type: str, properties: dict[str, Any], *answers: tuple[Any, ...], **attributes: str) -> Case:
    """A case; an answer is its call, what was answered and what was asked."""
    told = tuple((a[0], a[1], a[2] if len(a) > 2 else {}) for a in answers)
    return Case(told, type, properties, {k.replace("_", "."): v for k, v in attributes.items()})


def arn(service: str, rest: str, region: str = REGION) -> str:
    return f"arn:aws:{service}:{region}:{ACCOUNT}:{rest}"


POOL = "eu-west-1_abc"
API, STATEMENT = {"restApiId": "r1"}, {"Sid": "s", "Effect": "Allow", "Principal": "*", "Action": "events:PutEvents"}
DISTRIBUTION = {"Id": "E1", "ARN": f"arn:aws:cloudfront::{ACCOUNT}:distribution/E1", "DomainName": "d.cloudfront.net",
                "DistributionConfig": {"CallerReference": "x", "Origins": {"Quantity": 1, "Items": [
                    {"Id": "o", "DomainName": "b.s3.amazonaws.com"}]}, "DefaultCacheBehavior": {
                        "TargetOriginId": "o", "ViewerProtocolPolicy": "https-only"}, "Comment": "",
                    "Enabled": True}}  # fmt: skip
FUNCTION = arn("lambda", "function:f")
CASES = [
    case("AWS::ApiGateway::Account", {"CloudWatchRoleArn": "arn:aws:iam::1:role/r"},
         ("apigateway:GetAccount", {"cloudwatchRoleArn": "arn:aws:iam::1:role/r"})),
    case("AWS::ApiGateway::Model", {"RestApiId": "r1", "Name": "Order", "ContentType": "application/json",
                                    "Schema": {"type": "object"}},
         ("apigateway:GetModels", {"items": [{"id": "m", "name": "Order", "contentType": "application/json",
                                             "schema": '{"type": "object"}'}]}, API)),
    case("AWS::ApiGateway::RequestValidator", {"RestApiId": "r1", "Name": "all", "ValidateRequestBody": True,
                                               "ValidateRequestParameters": False},
         ("apigateway:GetRequestValidators", {"items": [{"id": "v", "name": "all", "validateRequestBody": True,
                                                        "validateRequestParameters": False}]}, API)),
    case("AWS::ApiGateway::GatewayResponse", {"RestApiId": "r1", "ResponseType": "DEFAULT_4XX", "StatusCode": "400",
                                              "ResponseTemplates": {"application/json": "{}"}},
         ("apigateway:GetGatewayResponses", {"items": [{"responseType": "DEFAULT_4XX", "statusCode": "400",
          "responseTemplates": {"application/json": "{}"}, "defaultResponse": False}]}, API)),
    case("AWS::ApiGateway::DomainName", {"DomainName": "a.example", "RegionalCertificateArn": "c",
                                         "SecurityPolicy": "TLS_1_2", "EndpointConfiguration": {"Types": ["REGIONAL"]}},
         ("apigateway:GetDomainNames", {"items": [{"domainName": "a.example", "regionalCertificateArn": "c",
          "securityPolicy": "TLS_1_2", "endpointConfiguration": {"types": ["REGIONAL"]},
          "regionalDomainName": "d-1.execute-api"}]}), RegionalDomainName="d-1.execute-api"),
    case("AWS::ApiGateway::BasePathMapping", {"DomainName": "a.example", "RestApiId": "r1", "Stage": "prod"},
         ("apigateway:GetBasePathMappings", {"items": [{"basePath": "(none)", "restApiId": "r1", "stage": "prod"}]},
          {"domainName": "a.example"})),
    case("AWS::ApiGateway::UsagePlan", {"UsagePlanName": "gold", "Throttle": {"RateLimit": 5.0, "BurstLimit": 9},
                                        "ApiStages": [{"ApiId": "r1", "Stage": "prod"}]},
         ("apigateway:GetUsagePlans", {"items": [{"id": "u", "name": "gold", "throttle": {"rateLimit": 5.0,
          "burstLimit": 9}, "apiStages": [{"apiId": "r1", "stage": "prod"}]}]}), Id="u"),
    case("AWS::ApiGatewayV2::ApiMapping", {"DomainName": "a.example", "ApiId": "h1", "Stage": "$default"},
         ("apigatewayv2:GetApiMappings", {"Items": [{"ApiMappingId": "m", "ApiId": "h1", "Stage": "$default"}]},
          {"DomainName": "a.example"}), ApiMappingId="m"),
    case("AWS::ApiGatewayV2::VpcLink", {"Name": "in", "SubnetIds": ["subnet-1"]},
         ("apigatewayv2:GetVpcLinks", {"Items": [{"Name": "in", "SubnetIds": ["subnet-1"], "VpcLinkId": "l",
                                                 "SecurityGroupIds": []}]})),
    case("AWS::ApplicationAutoScaling::ScalableTarget",
         {"ServiceNamespace": "ecs", "ResourceId": "service/c/s", "ScalableDimension": "ecs:service:DesiredCount",
          "MinCapacity": 1, "MaxCapacity": 4, "RoleARN": "r"},
         ("application-autoscaling:DescribeScalableTargets", {"ScalableTargets": [
             {"ServiceNamespace": "ecs", "ResourceId": "service/c/s", "ScalableDimension": "ecs:service:DesiredCount",
              "MinCapacity": 1, "MaxCapacity": 4, "RoleARN": "r", "CreationTime": 0}]}),
         Id="service/c/s|ecs:service:DesiredCount|ecs"),
    case("AWS::Cognito::UserPoolDomain", {"UserPoolId": POOL, "Domain": "login", "ManagedLoginVersion": 2},
         ("cognito-idp:DescribeUserPoolDomain", {"DomainDescription": {"UserPoolId": POOL, "Domain": "login",
          "ManagedLoginVersion": 2, "CloudFrontDistribution": "d.cloudfront.net"}}, {"Domain": "login"}),
         CloudFrontDistribution="d.cloudfront.net"),
    case("AWS::Cognito::UserPoolResourceServer", {"UserPoolId": POOL, "Identifier": "orders", "Name": "orders",
                                                  "Scopes": [{"ScopeName": "read", "ScopeDescription": "r"}]},
         ("cognito-idp:ListResourceServers", {"ResourceServers": [{"UserPoolId": POOL, "Identifier": "orders",
          "Name": "orders", "Scopes": [{"ScopeName": "read", "ScopeDescription": "r"}]}]}, {"UserPoolId": POOL})),
    case("AWS::Cognito::UserPoolGroup", {"UserPoolId": POOL, "GroupName": "admins", "Precedence": 1},
         ("cognito-idp:ListGroups", {"Groups": [{"UserPoolId": POOL, "GroupName": "admins", "Precedence": 1}]},
          {"UserPoolId": POOL})),
    case("AWS::Cognito::ManagedLoginBranding", {"UserPoolId": POOL, "ClientId": "c", "UseCognitoProvidedValues": True},
         ("cognito-idp:DescribeManagedLoginBrandingByClient", {"ManagedLoginBranding": {"UserPoolId": POOL,
          "ManagedLoginBrandingId": "b", "UseCognitoProvidedValues": True}}, {"UserPoolId": POOL, "ClientId": "c"})),
    case("AWS::Cognito::IdentityPool", {"IdentityPoolName": "p", "AllowUnauthenticatedIdentities": False,
                                        "CognitoIdentityProviders": [{"ClientId": "c", "ProviderName": "n"}],
                                        "IdentityPoolTags": [{"Key": "a", "Value": "b"}]},
         ("cognito-identity:ListIdentityPools", {"IdentityPools": [{"IdentityPoolId": "i", "IdentityPoolName": "p"}]}),
         ("cognito-identity:DescribeIdentityPool", {"IdentityPoolId": "i", "IdentityPoolName": "p",
          "AllowUnauthenticatedIdentities": False, "CognitoIdentityProviders": [
              {"ClientId": "c", "ProviderName": "n"}], "IdentityPoolTags": {"a": "b"}}, {"IdentityPoolId": "i"})),
    case("AWS::Cognito::IdentityPoolRoleAttachment", {"IdentityPoolId": "i", "Roles": {"authenticated": "r"}},
         ("cognito-identity:GetIdentityPoolRoles", {"IdentityPoolId": "i", "Roles": {"authenticated": "r"}},
          {"IdentityPoolId": "i"})),
    case("AWS::CloudFront::Distribution",
         {"DistributionConfig": {"Origins": [{"Id": "o", "DomainName": "b.s3.amazonaws.com"}], "Enabled": True,
                                 "DefaultCacheBehavior": {"TargetOriginId": "o", "ViewerProtocolPolicy": "https-only"}},
          "Tags": [{"Key": "a", "Value": "b"}]},
         ("cloudfront:GetDistribution", {"Distribution": DISTRIBUTION}, {"Id": "E1"}),
         ("cloudfront:ListTagsForResource", {"Tags": {"Items": [{"Key": "a", "Value": "b"}]}},
          {"Resource": DISTRIBUTION["ARN"]}), DomainName="d.cloudfront.net"),
    case("AWS::CloudFront::ResponseHeadersPolicy",
         {"ResponseHeadersPolicyConfig": {"Name": "safe", "SecurityHeadersConfig": {
             "ContentTypeOptions": {"Override": True}}}},
         ("cloudfront:ListResponseHeadersPolicies", {"ResponseHeadersPolicyList": {"MaxItems": 1, "Quantity": 1,
          "Items": [{"Type": "custom", "ResponseHeadersPolicy": {"Id": "p", "ResponseHeadersPolicyConfig": {
              "Name": "safe", "SecurityHeadersConfig": {"ContentTypeOptions": {"Override": True}}}}}]}}), Id="p"),
    case("AWS::Events::Archive", {"ArchiveName": "a", "SourceArn": "bus", "RetentionDays": 7},
         ("events:ListArchives", {"Archives": [{"ArchiveName": "a", "EventSourceArn": "bus", "RetentionDays": 7}]})),
    case("AWS::Events::EventBusPolicy", {"EventBusName": "own", "StatementId": "s", "Statement": STATEMENT},
         ("events:ListEventBuses", {"EventBuses": [{"Name": "own", "Arn": arn("events", "event-bus/own"),
          "Policy": '{"Statement": [{"Sid": "s", "Effect": "Allow", "Principal": "*", "Action": "events:PutEvents"}]}'
          }]})),
    case("AWS::Scheduler::Schedule", {"Name": "s", "GroupName": "default", "State": "ENABLED",
                                      "ScheduleExpression": "rate(1 day)", "FlexibleTimeWindow": {"Mode": "OFF"},
                                      "Target": {"Arn": "t", "RoleArn": "r"}},
         ("scheduler:ListSchedules", {"Schedules": [{"Name": "s", "GroupName": "default", "State": "ENABLED"}]}),
         ("scheduler:GetSchedule", {"Name": "s", "GroupName": "default", "State": "ENABLED",
          "ScheduleExpression": "rate(1 day)", "FlexibleTimeWindow": {"Mode": "OFF"},
          "Target": {"Arn": "t", "RoleArn": "r"}}, {"Name": "s", "GroupName": "default"})),
    case("AWS::Lambda::Function", {"FunctionName": "f", "Runtime": "python3.13", "Tags": [{"Key": "a", "Value": "b"}],
                                   "ReservedConcurrentExecutions": 5, "VpcConfig": {"SubnetIds": ["s"],
                                   "SecurityGroupIds": ["g"]}, "Environment": {"Variables": {"A": "b"}}},
         ("lambda:ListFunctions", {"Functions": [{"FunctionName": "f", "FunctionArn": FUNCTION, "Runtime": "python3.13",
          "VpcConfig": {"SubnetIds": ["s"], "SecurityGroupIds": ["g"], "VpcId": "v"},
          "Environment": {"Variables": {"A": "b"}}}]}),
         ("lambda:ListTags", {"Tags": {"a": "b"}}, {"Resource": FUNCTION}),
         ("lambda:GetFunctionConcurrency", {"ReservedConcurrentExecutions": 5}, {"FunctionName": "f"})),
    case("AWS::Lambda::Function", {"FunctionName": "f", "PackageType": "Image", "ImageConfig": {"Command": ["a.h"]}},
         ("lambda:ListFunctions", {"Functions": [{
             "FunctionName": "f", "FunctionArn": FUNCTION, "PackageType": "Image",
             "ImageConfigResponse": {"ImageConfig": {"Command": ["a.h"], "EntryPoint": []}}}]})),
    case("AWS::Lambda::Permission", {"FunctionName": FUNCTION, "Action": "lambda:InvokeFunction",
                                     "Principal": "events.amazonaws.com", "SourceArn": "x"},
         ("lambda:GetPolicy", {"Policy": '{"Statement": [{"Sid": "p", "Effect": "Allow", "Action": '
          '"lambda:InvokeFunction", "Resource": "' + FUNCTION + '", "Principal": {"Service": "events.amazonaws.com"}, '
          '"Condition": {"ArnLike": {"AWS:SourceArn": "x"}}}]}'}, {"FunctionName": "f"})),
    case("AWS::Lambda::EventInvokeConfig", {"FunctionName": "f", "Qualifier": "$LATEST", "MaximumRetryAttempts": 1},
         ("lambda:ListFunctionEventInvokeConfigs", {"FunctionEventInvokeConfigs": [
             {"FunctionArn": f"{FUNCTION}:$LATEST", "MaximumRetryAttempts": 1}]}, {"FunctionName": "f"})),
    case("AWS::Logs::ResourcePolicy", {"PolicyName": "p", "PolicyDocument": "{}"},
         ("logs:DescribeResourcePolicies", {"resourcePolicies": [{"policyName": "p", "policyDocument": "{}"}]})),
    case("AWS::ECR::Repository", {"RepositoryName": "app", "LifecyclePolicy": {"LifecyclePolicyText": "{}"},
                                  "Tags": [{"Key": "a", "Value": "b"}]},
         ("ecr:DescribeRepositories", {"repositories": [{"repositoryName": "app", "repositoryUri": "1.dkr/app",
          "repositoryArn": arn("ecr", "repository/app")}]}),
         ("ecr:GetLifecyclePolicy", {"lifecyclePolicyText": "{}", "registryId": "1"}, {"repositoryName": "app"}),
         ("ecr:ListTagsForResource", {"tags": [{"Key": "a", "Value": "b"}]},
          {"resourceArn": arn("ecr", "repository/app")}), RepositoryUri="1.dkr/app"),
    case("AWS::KMS::Key", {"Description": "d", "KeyUsage": "ENCRYPT_DECRYPT", "Enabled": True, "Origin": "AWS_KMS",
                           "EnableKeyRotation": True, "KeyPolicy": {"Statement": []},
                           "Tags": [{"Key": "a", "Value": "b"}]},
         ("kms:DescribeKey", {"KeyMetadata": {"KeyId": "k", "Arn": arn("kms", "key/k"), "Description": "d",
          "KeyUsage": "ENCRYPT_DECRYPT", "Enabled": True, "Origin": "AWS_KMS", "KeyManager": "CUSTOMER"}},
          {"KeyId": "k"}),
         ("kms:GetKeyRotationStatus", {"KeyRotationEnabled": True}, {"KeyId": "k"}),
         ("kms:GetKeyPolicy", {"Policy": '{"Statement": []}'}, {"KeyId": "k"}),
         ("kms:ListResourceTags", {"Tags": [{"TagKey": "a", "TagValue": "b"}]}, {"KeyId": "k"}),
         Arn=arn("kms", "key/k")),
    case("AWS::SecretsManager::RotationSchedule", {"SecretId": "arn:s", "RotationLambdaARN": "l",
                                                   "RotationRules": {"AutomaticallyAfterDays": 30}},
         ("secretsmanager:ListSecrets", {"SecretList": [{"ARN": "arn:s", "Name": "s", "RotationEnabled": True,
          "RotationLambdaARN": "l", "RotationRules": {"AutomaticallyAfterDays": 30}}]})),
    case("AWS::SSM::Parameter", {"Name": "/a", "Type": "String", "Value": "v", "Tier": "Standard"},
         ("ssm:DescribeParameters", {"Parameters": [{"Name": "/a", "Type": "String", "Tier": "Standard"}]}),
         ("ssm:GetParameters", {"Parameters": [{"Name": "/a", "Type": "String", "Value": "v"}]}, {"Names": ["/a"]})),
    case("AWS::SNS::Subscription", {"TopicArn": arn("sns", "t"), "Protocol": "sqs", "Endpoint": "q",
                                    "RawMessageDelivery": True, "FilterPolicy": {"a": ["b"]}},
         ("sns:ListSubscriptions", {"Subscriptions": [{"SubscriptionArn": arn("sns", "t:1"), "Protocol": "sqs",
          "TopicArn": arn("sns", "t"), "Endpoint": "q"}]}),
         ("sns:GetSubscriptionAttributes", {"Attributes": {"RawMessageDelivery": "true", "FilterPolicy": '{"a": ["b"]}',
          "TopicArn": arn("sns", "t")}}, {"SubscriptionArn": arn("sns", "t:1")})),
    case("AWS::SecurityHub::Hub", {"AutoEnableControls": True, "ControlFindingGenerator": "SECURITY_CONTROL",
                                   "Tags": {"a": "b"}},
         ("securityhub:DescribeHub", {"HubArn": arn("securityhub", "hub/default"), "AutoEnableControls": True,
                                      "ControlFindingGenerator": "SECURITY_CONTROL"}),
         ("securityhub:ListTagsForResource", {"Tags": {"a": "b"}},
          {"ResourceArn": arn("securityhub", "hub/default")})),
    case("AWS::SecurityHub::Standard", {"StandardsArn": "arn:standard"},
         ("securityhub:GetEnabledStandards", {"StandardsSubscriptions": [
             {"StandardsSubscriptionArn": "arn:subscription", "StandardsArn": "arn:standard", "StandardsInput": {},
              "StandardsStatus": "READY"}]})),
    case("AWS::WAFv2::WebACLAssociation", {"ResourceArn": "arn:lb", "WebACLArn": "arn:acl"},
         ("wafv2:ListResourcesForWebACL", {"ResourceArns": ["arn:lb"]}, {"WebACLArn": "arn:acl"})),
    case("AWS::WAFv2::LoggingConfiguration", {"ResourceArn": "arn:acl", "LogDestinationConfigs": ["arn:logs"]},
         ("wafv2:ListLoggingConfigurations", {"LoggingConfigurations": [
             {"ResourceArn": "arn:acl", "LogDestinationConfigs": ["arn:logs"]}]})),
    case("AWS::ElastiCache::ParameterGroup", {"CacheParameterGroupFamily": "redis7", "Description": "d",
                                              "Properties": {"maxmemory-policy": "noeviction"}},
         ("elasticache:DescribeCacheParameterGroups", {"CacheParameterGroups": [{"CacheParameterGroupName": "p",
          "CacheParameterGroupFamily": "redis7", "Description": "d", "ARN": "arn:p"}]}),
         ("elasticache:DescribeCacheParameters", {"Parameters": [{"ParameterName": "maxmemory-policy",
          "ParameterValue": "noeviction"}]}, {"CacheParameterGroupName": "p"})),
    case("AWS::RDS::DBParameterGroup", {"Family": "postgres17", "Description": "d", "Parameters": {"a": "1"}},
         ("rds:DescribeDBParameterGroups", {"DBParameterGroups": [{"DBParameterGroupName": "p",
          "DBParameterGroupFamily": "postgres17", "Description": "d"}]}),
         ("rds:DescribeDBParameters", {"Parameters": [{"ParameterName": "a", "ParameterValue": "1"}]},
          {"DBParameterGroupName": "p"})),
    case("AWS::EC2::Instance", {"DisableApiTermination": True, "BlockDeviceMappings": [
        {"DeviceName": "/dev/xvda", "Ebs": {"DeleteOnTermination": True, "VolumeSize": 20, "VolumeType": "gp3",
                                            "Encrypted": True}}]},
         ("ec2:DescribeInstances", {"Reservations": [{"Instances": [{"InstanceId": "i-0a1b2c3d", "State": {
             "Name": "running"}, "BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": {"VolumeId": "vol-0a1b2c3d",
             "DeleteOnTermination": True}}]}]}]}),
         ("ec2:DescribeVolumes", {"Volumes": [{"VolumeId": "vol-0a1b2c3d", "Size": 20, "VolumeType": "gp3",
          "Encrypted": True, "Attachments": [{"InstanceId": "i-0a1b2c3d", "Device": "/dev/xvda"}]}]}),
         ("ec2:DescribeInstanceAttribute", {"InstanceId": "i-0a1b2c3d", "DisableApiTermination": {"Value": True}},
          {"InstanceId": "i-0a1b2c3d"})),
    case("AWS::EFS::FileSystem", {"Encrypted": True, "FileSystemTags": [{"Key": "a", "Value": "b"}],
                                  "BackupPolicy": {"Status": "ENABLED"},
                                  "LifecyclePolicies": [{"TransitionToIA": "AFTER_30_DAYS"}]},
         ("efs:DescribeFileSystems", {"FileSystems": [{"FileSystemId": "fs-0a1b2c3d", "Encrypted": True, "Tags": [
             {"Key": "a", "Value": "b"}], "OwnerId": ACCOUNT, "CreationToken": "t", "CreationTime": 0,
             "LifeCycleState": "available", "NumberOfMountTargets": 0, "SizeInBytes": {"Value": 0},
             "PerformanceMode": "generalPurpose"}]}),
         ("efs:DescribeBackupPolicy", {"BackupPolicy": {"Status": "ENABLED"}}, {"FileSystemId": "fs-0a1b2c3d"}),
         ("efs:DescribeLifecycleConfiguration", {"LifecyclePolicies": [{"TransitionToIA": "AFTER_30_DAYS"}]},
          {"FileSystemId": "fs-0a1b2c3d"})),
    case("AWS::S3::Bucket", {"BucketName": "b", "ObjectLockEnabled": True, "NotificationConfiguration": {
        "EventBridgeConfiguration": {"EventBridgeEnabled": True},
        "QueueConfigurations": [{"Event": "s3:ObjectCreated:*", "Queue": "q"}]}},
         ("s3:ListBuckets", {"Buckets": [{"Name": "b", "BucketRegion": REGION}]}),
         ("s3:GetObjectLockConfiguration", {"ObjectLockConfiguration": {"ObjectLockEnabled": "Enabled"}},
          {"Bucket": "b"}),
         ("s3:GetBucketNotificationConfiguration", {"EventBridgeConfiguration": {}, "QueueConfigurations": [
             {"QueueArn": "q", "Events": ["s3:ObjectCreated:*"]}]}, {"Bucket": "b"}),
         RegionalDomainName=f"b.s3.{REGION}.amazonaws.com"),
    case("AWS::Backup::BackupPlan", {"BackupPlan": {"BackupPlanName": "daily", "BackupPlanRule": [
        {"RuleName": "r", "TargetBackupVault": "v"}]}},
         ("backup:ListBackupPlans", {"BackupPlansList": [{"BackupPlanId": "p", "BackupPlanName": "daily",
                                                         "BackupPlanArn": "arn:p"}]}),
         ("backup:GetBackupPlan", {"BackupPlan": {"BackupPlanName": "daily", "Rules": [{"RuleName": "r",
          "TargetBackupVaultName": "v", "RuleId": "x"}]}}, {"BackupPlanId": "p"})),
    case("AWS::Athena::WorkGroup", {"Name": "own", "State": "ENABLED", "WorkGroupConfiguration": {
        "EnforceWorkGroupConfiguration": True}},
         ("athena:GetWorkGroup", {"WorkGroup": {"Name": "own", "State": "ENABLED", "Configuration": {
             "EnforceWorkGroupConfiguration": True}}}, {"WorkGroup": "own"})),
    case("AWS::Glue::Database", {"CatalogId": "1", "DatabaseInput": {"Name": "d", "Description": "x"}},
         ("glue:GetDatabases", {"DatabaseList": [{"Name": "d", "Description": "x", "CatalogId": "1"}]})),
    case("AWS::CloudTrail::Trail", {"TrailName": "t", "S3BucketName": "b", "IsLogging": True,
                                    "AdvancedEventSelectors": [
        {"Name": "n", "FieldSelectors": [{"Field": "eventCategory", "Equals": ["Data"]}]}],
        "Tags": [{"Key": "a", "Value": "b"}]},
         ("cloudtrail:DescribeTrails", {"trailList": [{"Name": "t", "S3BucketName": "b",
          "TrailARN": arn("cloudtrail", "trail/t")}]}),
         ("cloudtrail:GetTrailStatus", {"IsLogging": True}, {"Name": arn("cloudtrail", "trail/t")}),
         ("cloudtrail:GetEventSelectors", {"TrailARN": arn("cloudtrail", "trail/t"), "AdvancedEventSelectors": [
             {"Name": "n", "FieldSelectors": [{"Field": "eventCategory", "Equals": ["Data"]}]}]},
          {"TrailName": arn("cloudtrail", "trail/t")}),
         ("cloudtrail:ListTags", {"ResourceTagList": [{"ResourceId": arn("cloudtrail", "trail/t"), "TagsList": [
             {"Key": "a", "Value": "b"}]}]}, {"ResourceIdList": [arn("cloudtrail", "trail/t")]})),
    case("AWS::DynamoDB::Table", {"TableName": "t", "TableClass": "STANDARD_INFREQUENT_ACCESS",
                                  "BillingMode": "PAY_PER_REQUEST", "Tags": [{"Key": "a", "Value": "b"}],
                                  "TimeToLiveSpecification": {"AttributeName": "ttl", "Enabled": True}},
         ("dynamodb:DescribeTable", {"Table": {"TableName": "t", "TableArn": arn("dynamodb", "table/t"),
          "BillingModeSummary": {"BillingMode": "PAY_PER_REQUEST"},
          "TableClassSummary": {"TableClass": "STANDARD_INFREQUENT_ACCESS"}}}, {"TableName": "t"}),
         ("dynamodb:DescribeTimeToLive", {"TimeToLiveDescription": {"AttributeName": "ttl",
          "TimeToLiveStatus": "ENABLED"}}, {"TableName": "t"}),
         ("dynamodb:ListTagsOfResource", {"Tags": [{"Key": "a", "Value": "b"}]},
          {"ResourceArn": arn("dynamodb", "table/t")})),
    case("AWS::KinesisFirehose::DeliveryStream",
         {"DeliveryStreamName": "d", "DeliveryStreamType": "DirectPut", "ExtendedS3DestinationConfiguration": {
             "BucketARN": "b", "RoleARN": "r", "CloudWatchLoggingOptions": {"Enabled": True}},
          "DeliveryStreamEncryptionConfigurationInput": {"KeyType": "AWS_OWNED_CMK"}},
         ("firehose:DescribeDeliveryStream", {"DeliveryStreamDescription": {"DeliveryStreamName": "d",
          "DeliveryStreamARN": arn("firehose", "deliverystream/d"), "DeliveryStreamType": "DirectPut",
          "DeliveryStreamEncryptionConfiguration": {"KeyType": "AWS_OWNED_CMK", "Status": "ENABLED"},
          "Destinations": [{"DestinationId": "1", "ExtendedS3DestinationDescription": {"BucketARN": "b",
           "RoleARN": "r", "CloudWatchLoggingOptions": {"Enabled": True}}}]}}, {"DeliveryStreamName": "d"})),
]  # fmt: skip


def live_of(told: Case) -> Live:
    """What the answers of a case say."""
    calls = {call.title: call for call in reversed(declared())}
    return responses.live(
        Answer(calls[title], ACCOUNT, None if calls[title].once else REGION, asked, value)
        for title, value, asked in told.answers
    )


@pytest.mark.parametrize("told", CASES, ids=lambda told: told.type)
def test_a_resource_is_what_the_answers_say(told: Case) -> None:
    live = live_of(told)
    (found,) = live.resources.of_type(told.type)
    assert {name: found.properties.get(name) for name in told.properties} == told.properties
    assert told.attributes.items() <= live.attributes[found.logical_id].items()
    assert live.unread == []


@pytest.mark.parametrize("told", CASES, ids=lambda told: told.type)
def test_the_answers_of_a_case_have_the_shape_that_aws_gives_them(told: Case) -> None:
    session = pytest.importorskip("botocore.session", reason="needs boto3: pip install 'archproof[test]'")
    for title, value, _ in told.answers:
        service, _, operation = title.partition(":")
        shape = _session(session).get_service_model(service).operation_model(operation).output_shape
        unknown = list(_unknown(value, shape, title))
        assert unknown == []


_sessions: dict[str, Any] = {}


def _session(module: Any) -> Any:
    return _sessions.setdefault("one", module.get_session())


def _unknown(value: Any, shape: Any, path: str) -> list[str]:
    """The fields of an answer that its shape does not have."""
    if shape.type_name == "structure" and isinstance(value, dict):
        strange = [f"{path}.{key}" for key in value if key not in shape.members]
        return strange + [
            entry for key, held in value.items() if key in shape.members
            for entry in _unknown(held, shape.members[key], f"{path}.{key}")
        ]  # fmt: skip
    if shape.type_name == "list" and isinstance(value, list):
        return [entry for n, held in enumerate(value) for entry in _unknown(held, shape.member, f"{path}[{n}]")]
    return []


def test_whether_a_client_has_a_secret_is_unknown_where_the_secret_was_taken_out() -> None:
    client = {"UserPoolId": POOL, "ClientId": "c", "ClientName": "web"}
    told = case("AWS::Cognito::UserPoolClient", {}, ("cognito-idp:DescribeUserPoolClient", {"UserPoolClient": client}))
    live = live_of(told)
    (found,) = live.resources.of_type(told.type)
    assert not live.saw(found, "GenerateSecret") and live.saw(found, "CallbackURLs")
