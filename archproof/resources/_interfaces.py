"""Where each type of resource says its subnets and its security groups."""

from __future__ import annotations

from typing import NamedTuple

from archproof.resources.resource import Path


class Shape(NamedTuple):
    """The properties of one type: a path to ids or to a list of them; `*` stands for every entry of a list."""

    subnets: tuple[Path, ...] = ()
    groups: tuple[Path, ...] = ()
    via: tuple[tuple[Path, Path], ...] = ()
    """Properties that name a resource (a subnet group, a cluster), and where that one says the subnets."""


_DB = ((("DBSubnetGroupName",), ("SubnetIds",)),)
_VPC_CONFIG = Shape((("VpcConfig", "SubnetIds"),), (("VpcConfig", "SecurityGroupIds"),))

SHAPES: dict[str, Shape] = {
    "AWS::Lambda::Function": _VPC_CONFIG,
    "AWS::Serverless::Function": _VPC_CONFIG,
    "AWS::EC2::Instance": Shape(
        (("SubnetId",), ("NetworkInterfaces", "*", "SubnetId")),
        (("SecurityGroupIds",), ("NetworkInterfaces", "*", "GroupSet")),
    ),
    "AWS::EC2::NetworkInterface": Shape((("SubnetId",),), (("GroupSet",),)),
    "AWS::EC2::NatGateway": Shape((("SubnetId",),)),
    "AWS::EC2::VPCEndpoint": Shape((("SubnetIds",),), (("SecurityGroupIds",),)),
    "AWS::EC2::InstanceConnectEndpoint": Shape((("SubnetId",),), (("SecurityGroupIds",),)),
    "AWS::EC2::TransitGatewayAttachment": Shape((("SubnetIds",),)),
    "AWS::EC2::TransitGatewayVpcAttachment": Shape((("SubnetIds",),)),
    "AWS::AutoScaling::AutoScalingGroup": Shape((("VPCZoneIdentifier",),)),
    "AWS::ECS::Service": Shape(
        (("NetworkConfiguration", "AwsvpcConfiguration", "Subnets"),),
        (("NetworkConfiguration", "AwsvpcConfiguration", "SecurityGroups"),),
    ),
    "AWS::EKS::Cluster": Shape((("ResourcesVpcConfig", "SubnetIds"),), (("ResourcesVpcConfig", "SecurityGroupIds"),)),
    "AWS::ElasticLoadBalancingV2::LoadBalancer": Shape(
        (("Subnets",), ("SubnetMappings", "*", "SubnetId")), (("SecurityGroups",),)
    ),
    "AWS::ElasticLoadBalancing::LoadBalancer": Shape((("Subnets",),), (("SecurityGroups",),)),
    "AWS::RDS::DBInstance": Shape(groups=(("VPCSecurityGroups",),), via=_DB),
    "AWS::RDS::DBCluster": Shape(groups=(("VpcSecurityGroupIds",),), via=_DB),
    "AWS::RDS::DBProxy": Shape((("VpcSubnetIds",),), (("VpcSecurityGroupIds",),)),
    "AWS::DocDB::DBCluster": Shape(groups=(("VpcSecurityGroupIds",),), via=_DB),
    "AWS::Neptune::DBCluster": Shape(groups=(("VpcSecurityGroupIds",),), via=_DB),
    "AWS::ElastiCache::ReplicationGroup": Shape(
        groups=(("SecurityGroupIds",),), via=((("CacheSubnetGroupName",), ("SubnetIds",)),)
    ),
    "AWS::ElastiCache::CacheCluster": Shape(
        groups=(("VpcSecurityGroupIds",),), via=((("CacheSubnetGroupName",), ("SubnetIds",)),)
    ),
    "AWS::ElastiCache::ServerlessCache": Shape((("SubnetIds",),), (("SecurityGroupIds",),)),
    "AWS::EFS::MountTarget": Shape((("SubnetId",),), (("SecurityGroups",),)),
    "AWS::Redshift::Cluster": Shape(
        groups=(("VpcSecurityGroupIds",),), via=((("ClusterSubnetGroupName",), ("SubnetIds",)),)
    ),
    "AWS::OpenSearchService::Domain": Shape((("VPCOptions", "SubnetIds"),), (("VPCOptions", "SecurityGroupIds"),)),
    "AWS::MSK::Cluster": Shape(
        (("BrokerNodeGroupInfo", "ClientSubnets"),), (("BrokerNodeGroupInfo", "SecurityGroups"),)
    ),
    "AWS::AmazonMQ::Broker": Shape((("SubnetIds",),), (("SecurityGroups",),)),
    "AWS::ApiGatewayV2::VpcLink": Shape((("SubnetIds",),), (("SecurityGroupIds",),)),
    "AWS::CodeBuild::Project": Shape((("VpcConfig", "Subnets"),), (("VpcConfig", "SecurityGroupIds"),)),
    "AWS::DMS::ReplicationInstance": Shape(
        groups=(("VpcSecurityGroupIds",),), via=((("ReplicationSubnetGroupIdentifier",), ("SubnetIds",)),)
    ),
}
