"""References among the resources of a snapshot: an id, ARN or URL of another becomes `Ref` or `Fn::GetAtt`.

A mere name is one only in a property that can hold nothing else.
"""

from __future__ import annotations

import functools
from typing import Any

from archproof.resources.resource import Resource
from archproof.sources.responses._snapshot import Snapshot

_NAMES: dict[str, tuple[str, ...]] = {
    "DBSubnetGroupName": ("AWS::RDS::DBSubnetGroup",),
    "DBParameterGroupName": ("AWS::RDS::DBParameterGroup",),
    "DBClusterParameterGroupName": ("AWS::RDS::DBClusterParameterGroup",),
    "DBClusterIdentifier": ("AWS::RDS::DBCluster",),
    "DBInstanceIdentifiers": ("AWS::RDS::DBInstance",),
    "DBClusterIdentifiers": ("AWS::RDS::DBCluster",),
    "DBProxyName": ("AWS::RDS::DBProxy",),
    "CacheSubnetGroupName": ("AWS::ElastiCache::SubnetGroup",),
    "ReplicationGroupId": ("AWS::ElastiCache::ReplicationGroup",),
    "IamInstanceProfile": ("AWS::IAM::InstanceProfile",),
    "Roles": ("AWS::IAM::Role",),
    "RoleName": ("AWS::IAM::Role",),
    "Groups": ("AWS::IAM::Group",),
    "KeyName": ("AWS::EC2::KeyPair",),
    "KmsKeyId": ("AWS::KMS::Key",),
    "TargetKeyId": ("AWS::KMS::Key",),
    "LogGroupName": ("AWS::Logs::LogGroup",),
    "Bucket": ("AWS::S3::Bucket",),
    "DestinationBucketName": ("AWS::S3::Bucket",),
    "S3BucketName": ("AWS::S3::Bucket",),
    "FunctionName": ("AWS::Lambda::Function",),
    "AutoScalingGroupName": ("AWS::AutoScaling::AutoScalingGroup",),
    "Cluster": ("AWS::ECS::Cluster",),
    "ClusterName": ("AWS::EKS::Cluster",),
    "RestApiId": ("AWS::ApiGateway::RestApi",),
    "ParentId": ("AWS::ApiGateway::Resource", "AWS::ApiGateway::RestApi.RootResourceId"),
    "ResourceId": ("AWS::ApiGateway::Resource", "AWS::ApiGateway::RestApi.RootResourceId"),
    "DeploymentId": ("AWS::ApiGateway::Deployment",),
    "AuthorizerId": ("AWS::ApiGateway::Authorizer", "AWS::ApiGatewayV2::Authorizer"),
    "ApiId": ("AWS::ApiGatewayV2::Api",),
    "IntegrationId": ("AWS::ApiGatewayV2::Integration",),
    "VpcLinkId": ("AWS::ApiGatewayV2::VpcLink",),
    "UserPoolId": ("AWS::Cognito::UserPool",),
    "HostedZoneId": ("AWS::Route53::HostedZone",),
    "FileSystemId": ("AWS::EFS::FileSystem",),
    "EventBusName": ("AWS::Events::EventBus",),
    "LaunchTemplateName": ("AWS::EC2::LaunchTemplate",),
    "OriginAccessControlId": ("AWS::CloudFront::OriginAccessControl",),
    "WorkGroup": ("AWS::Athena::WorkGroup",),
}
"""Properties that hold the name of a resource of one of these types (`.Attribute`: what `Fn::GetAtt` returns)."""
_OWN = {"AWS::EC2::FlowLog": ("ResourceId",)}
"""Properties whose name above means another thing here."""


def bind(snapshot: Snapshot) -> None:
    """Put a reference in place of every literal that names another resource of the snapshot."""
    from archproof.sources._binding import bind as bind_ids

    for resource in snapshot.resources:
        binder = _Names(snapshot, resource)
        for key, value in resource.properties.items():
            if key != "Tags":
                resource.properties[key] = binder.value(value, key)
    bind_ids(snapshot.resources, {id: (found.logical_id, attribute) for id, (found, attribute) in snapshot.ids.items()})


@functools.cache
def _named(type: str) -> frozenset[str]:
    """The properties of a type that hold a name."""
    return frozenset(k for k in _NAMES if k not in _OWN.get(type, ()))


class _Names:
    """Binds the names in the properties of one resource."""

    def __init__(self, snapshot: Snapshot, resource: Resource) -> None:
        self.snapshot = snapshot
        self.resource = resource
        self.named = _named(resource.type)

    def value(self, value: Any, key: str) -> Any:
        """A value with references in it; `key` is the property that holds it."""
        if isinstance(value, str):
            if key in self.named:
                return self.text(value, key)
            return self.invocation(value) if "/functions/arn:" in value else value
        if isinstance(value, list):
            return [self.value(v, key) for v in value]
        if isinstance(value, dict):
            return {k: self.value(v, k) for k, v in value.items()}
        return value

    def text(self, text: str, key: str) -> Any:
        """The reference that a name is, or the name itself."""
        for kind in _NAMES[key]:
            type, _, attribute = kind.partition(".")
            named = self.snapshot.names.get((type, f"{attribute}|{text}" if attribute else text))
            if named is not None and named is not self.resource and self._near(named):
                return {"Fn::GetAtt": [named.logical_id, attribute]} if attribute else {"Ref": named.logical_id}
        return text

    def invocation(self, text: str) -> Any:
        """API Gateway's way to a function, with the function's ARN inside it."""
        start, _, rest = text.partition("/functions/")
        arn, slash, end = rest.partition("/")
        found = self.snapshot.ids.get(arn)
        if found is None or found[1] is None or "${" in text:
            return text
        return {"Fn::Sub": f"{start}/functions/${{{found[0].logical_id}.{found[1]}}}{slash}{end}"}

    def _near(self, other: Resource) -> bool:
        """Names are of one account and one region; global services have none."""
        return all(
            a is None or b is None or a == b
            for a, b in ((self.resource.region, other.region), (self.resource.account, other.account))
        )
