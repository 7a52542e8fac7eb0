"""What is a part of one component and of nothing else: permissions and versions of a function, stages of an API."""

from __future__ import annotations

from archproof.resources.resource import Resource
from archproof.sources.lifting._claims import belong, mentioned
from archproof.sources.lifting.drafts import Draft, Lifting

SUBJECT = "belongings"
ORDER = 95

_OWNERS = {
    "AWS::Lambda::Version": "FunctionName",
    "AWS::Lambda::Alias": "FunctionName",
    "AWS::Lambda::Permission": "FunctionName",
    "AWS::Lambda::EventSourceMapping": "FunctionName",
    "AWS::Lambda::EventInvokeConfig": "FunctionName",
    "AWS::Lambda::Url": "TargetFunctionArn",
    "AWS::Lambda::LayerVersionPermission": "LayerVersionArn",
    "AWS::ApiGateway::Deployment": "RestApiId",
    "AWS::ApiGateway::Stage": "RestApiId",
    "AWS::ApiGateway::Resource": "RestApiId",
    "AWS::ApiGateway::Method": "RestApiId",
    "AWS::ApiGateway::Model": "RestApiId",
    "AWS::ApiGateway::RequestValidator": "RestApiId",
    "AWS::ApiGateway::Authorizer": "RestApiId",
    "AWS::ApiGateway::GatewayResponse": "RestApiId",
    "AWS::ApiGateway::UsagePlanKey": "UsagePlanId",
    "AWS::ApiGatewayV2::Deployment": "ApiId",
    "AWS::ApiGatewayV2::Stage": "ApiId",
    "AWS::ApiGatewayV2::Route": "ApiId",
    "AWS::ApiGatewayV2::RouteResponse": "ApiId",
    "AWS::ApiGatewayV2::Integration": "ApiId",
    "AWS::ApiGatewayV2::IntegrationResponse": "ApiId",
    "AWS::ApiGatewayV2::Authorizer": "ApiId",
    "AWS::ApiGatewayV2::Model": "ApiId",
    "AWS::AppSync::GraphQLSchema": "ApiId",
    "AWS::AppSync::ApiKey": "ApiId",
    "AWS::AppSync::DataSource": "ApiId",
    "AWS::AppSync::Resolver": "ApiId",
    "AWS::AppSync::FunctionConfiguration": "ApiId",
    "AWS::SQS::QueuePolicy": "Queues",
    "AWS::SNS::TopicPolicy": "Topics",
    "AWS::SNS::Subscription": "TopicArn",
    "AWS::S3::BucketPolicy": "Bucket",
    "AWS::KMS::Alias": "TargetKeyId",
    "AWS::Events::EventBusPolicy": "EventBusName",
    "AWS::Events::Archive": "SourceArn",
    "AWS::Logs::MetricFilter": "LogGroupName",
    "AWS::Logs::SubscriptionFilter": "LogGroupName",
    "AWS::SecretsManager::ResourcePolicy": "SecretId",
    "AWS::SecretsManager::RotationSchedule": "SecretId",
    "AWS::EC2::VPCGatewayAttachment": "VpcId",
    "AWS::EC2::SubnetRouteTableAssociation": "SubnetId",
    "AWS::EC2::Route": "RouteTableId",
    "AWS::EC2::SecurityGroupIngress": "GroupId",
    "AWS::EC2::SecurityGroupEgress": "GroupId",
    "AWS::IAM::InstanceProfile": "Roles",
    "AWS::IAM::Policy": "Roles",
    "AWS::Cognito::UserPoolDomain": "UserPoolId",
    "AWS::Cognito::UserPoolGroup": "UserPoolId",
    "AWS::Route53::RecordSet": "HostedZoneId",
}
"""The property that names the one resource that another belongs to."""


def lift(lifting: Lifting) -> None:
    """Everything that no kind claimed and that belongs to one component."""
    named = mentioned(lifting)
    for type, property in _OWNERS.items():
        for drafted in list(lifting.of_type(type)):
            owner = _owner(lifting, drafted.resource, property)
            held = _holder(lifting, owner) if owner is not None else None
            if held is None or held is drafted or drafted.name in named:
                continue
            if not _offered(lifting, held, drafted.resource):
                belong(lifting, held, drafted.resource)


def _offered(lifting: Lifting, holder: Draft, resource: Resource) -> bool:
    """Whether the holder's kind makes such a one itself, and so will claim it: a key has one alias of its own."""
    if resource.type != "AWS::KMS::Alias" or holder.kind != "kms_key":
        return False
    return len(lifting.users(holder.resource, resource.type)) == 1


def _holder(lifting: Lifting, owner: Resource) -> Draft | None:
    """The component that a resource is, or belongs to."""
    held = lifting.drafts.get(owner.logical_id)
    if held is None and owner.logical_id in lifting.owners:
        held = lifting.owners[owner.logical_id][0]
    return held


def _owner(lifting: Lifting, resource: Resource, property: str) -> Resource | None:
    """The one resource that `property` names, if it is one alone."""
    value = resource.get(property)
    if isinstance(value, list):
        if len(value) != 1:
            return None
        value = value[0]
    found = lifting.resources.targets(value)
    return found[0] if len(found) == 1 else None
