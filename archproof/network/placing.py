"""Whether a resource stands in a network at all, and in one that is not among the resources."""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import Any

from archproof.resources.resource import Path, Resource, Resources
from archproof.resources.topology import topology

_ALWAYS = (
    "AWS::EC2::Instance", "AWS::EC2::NetworkInterface", "AWS::EC2::SpotFleet", "AWS::EC2::EC2Fleet",
    "AWS::AutoScaling::AutoScalingGroup", "AWS::ECS::Service", "AWS::EKS::Cluster", "AWS::EKS::Nodegroup",
    "AWS::ElasticLoadBalancingV2::LoadBalancer", "AWS::ElasticLoadBalancing::LoadBalancer",
    "AWS::RDS::DBInstance", "AWS::RDS::DBCluster", "AWS::RDS::DBProxy", "AWS::DocDB::DBCluster",
    "AWS::DocDB::DBInstance", "AWS::Neptune::DBCluster", "AWS::Neptune::DBInstance", "AWS::MemoryDB::Cluster",
    "AWS::DAX::Cluster", "AWS::ElastiCache::ReplicationGroup", "AWS::ElastiCache::CacheCluster",
    "AWS::ElastiCache::ServerlessCache", "AWS::Redshift::Cluster", "AWS::MSK::Cluster", "AWS::AmazonMQ::Broker",
    "AWS::DMS::ReplicationInstance", "AWS::EMR::Cluster", "AWS::ElasticBeanstalk::Environment",
    "AWS::Cloud9::EnvironmentEC2", "AWS::FSx::FileSystem", "AWS::EFS::MountTarget", "AWS::ApiGatewayV2::VpcLink",
    "AWS::Batch::ComputeEnvironment", "AWS::WorkSpaces::Workspace",
)  # fmt: skip
"""Types that always stand in some VPC, the default one where nothing is said."""
_BEGINNING = (
    "AWS::EC2::Instance", "AWS::AutoScaling::AutoScalingGroup", "AWS::ECS::Service", "AWS::EKS::Nodegroup",
    "AWS::Lambda::Function", "AWS::Serverless::Function", "AWS::RDS::DBProxy", "AWS::EMR::Cluster",
    "AWS::ElasticLoadBalancingV2::LoadBalancer", "AWS::ElasticLoadBalancing::LoadBalancer",
    "AWS::CodeBuild::Project", "AWS::SageMaker::NotebookInstance", "AWS::DMS::ReplicationInstance",
    "AWS::ElasticBeanstalk::Environment", "AWS::ApiGatewayV2::VpcLink", "AWS::Batch::ComputeEnvironment",
)  # fmt: skip
"""Types whose code, or whose own work, opens connections."""
_DEPTH = 4
"""How deep a property may stand that names the subnets or the groups of a resource."""


def unplaced(resources: Resources, resource: Resource) -> bool:
    """Whether a resource without interfaces among the subnets of the system has some all the same, elsewhere."""
    held = topology(resources).interfaces.get(resource.logical_id)
    if resource.type in _ALWAYS or (held is not None and bool(held.subnet_path)):
        return True
    return held is None and _placing(resource.properties)


def astray(resources: Resources, resource: Resource, subnets: Container[str]) -> bool:
    """Whether a resource that has interfaces in subnets of the system may have more in others."""
    held = topology(resources).interfaces.get(resource.logical_id)
    if held is None or not held.subnet_path or resource.made_by == "aws":
        return False
    return _said(resources, resource, held.subnet_path) or any(id not in subnets for id in held.subnets)


def homeless(resources: Resources, placed: Container[str]) -> Iterator[Resource]:
    """Resources that can begin sessions from a VPC, none of whose subnets is among the resources."""
    for type in resources.by_type:
        if type not in _BEGINNING:
            continue
        for resource in resources.of_type(type):
            if resource.logical_id not in placed and unplaced(resources, resource):
                yield resource


def _said(resources: Resources, resource: Resource, path: Path) -> bool:
    """Whether the property that names the subnets of a resource leaves some of them open."""
    from archproof.resources.values import items, name_of

    entries = items(resources, resource.get(*path))
    if entries is None:
        return True
    return any(name_of(resources, entry) is None for entry in entries)


def _placing(properties: dict[str, Any], depth: int = _DEPTH) -> bool:
    """Whether one of some properties names subnets or security groups."""
    for key, inner in properties.items():
        name = str(key).lower()
        if inner and ("subnetid" in name or "subnetgroup" in name or "securitygroupid" in name):
            return True
        if depth > 1 and isinstance(inner, dict) and _placing(inner, depth - 1):
            return True
    return False
