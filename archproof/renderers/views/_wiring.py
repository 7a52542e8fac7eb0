"""Resources that wire others together and that AWS made: they are in the model, and no picture needs them."""

from __future__ import annotations

from archproof.model.architecture import Architecture

WIRING = frozenset((
    "AWS::EC2::VPC", "AWS::EC2::Subnet", "AWS::EC2::RouteTable", "AWS::EC2::Route",
    "AWS::EC2::SubnetRouteTableAssociation", "AWS::EC2::VPCGatewayAttachment",
    "AWS::EC2::GatewayRouteTableAssociation", "AWS::EC2::InternetGateway", "AWS::EC2::NatGateway", "AWS::EC2::EIP",
    "AWS::EC2::EIPAssociation", "AWS::EC2::EgressOnlyInternetGateway", "AWS::EC2::NetworkAcl",
    "AWS::EC2::NetworkAclEntry", "AWS::EC2::SubnetNetworkAclAssociation", "AWS::EC2::SecurityGroup",
    "AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress", "AWS::EC2::VPCCidrBlock",
    "AWS::EC2::SubnetCidrBlock", "AWS::EC2::DHCPOptions", "AWS::EC2::VPCDHCPOptionsAssociation",
    "AWS::EC2::FlowLog", "AWS::EC2::VPNGatewayRoutePropagation", "AWS::EC2::VPNConnectionRoute",
    "AWS::EC2::TransitGatewayRoute", "AWS::EC2::TransitGatewayRouteTable", "AWS::EC2::PrefixList",
    "AWS::EC2::TransitGatewayRouteTableAssociation", "AWS::EC2::TransitGatewayRouteTablePropagation",
    "AWS::EC2::VolumeAttachment", "AWS::EC2::NetworkInterface", "AWS::EC2::NetworkInterfaceAttachment",
    "AWS::EC2::KeyPair", "AWS::EC2::LaunchTemplate", "AWS::ElasticLoadBalancingV2::Listener",
    "AWS::ElasticLoadBalancingV2::ListenerRule", "AWS::ElasticLoadBalancingV2::TargetGroup",
    "AWS::ElasticLoadBalancingV2::ListenerCertificate", "AWS::RDS::DBSubnetGroup", "AWS::RDS::DBParameterGroup",
    "AWS::RDS::DBClusterParameterGroup", "AWS::ElastiCache::SubnetGroup", "AWS::ElastiCache::ParameterGroup",
    "AWS::DAX::SubnetGroup", "AWS::DMS::ReplicationSubnetGroup", "AWS::Redshift::ClusterSubnetGroup",
    "AWS::DocDB::DBSubnetGroup", "AWS::Neptune::DBSubnetGroup", "AWS::IAM::InstanceProfile", "AWS::IAM::Policy",
    "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy", "AWS::EFS::MountTarget",
    "AWS::AutoScaling::LaunchConfiguration", "AWS::CloudFormation::WaitCondition",
    "AWS::CloudFormation::WaitConditionHandle", "AWS::CloudFormation::InitScript", "AWS::Route53::RecordSetGroup",
    "AWS::SecretsManager::SecretTargetAttachment",
))  # fmt: skip


def hidden(architecture: Architecture) -> list[str]:
    """The components that no overview draws: wiring written as plain resources, and what AWS made by itself."""
    plain = [n for n, c in architecture.components.items() if c.kind == "resource" and c.type in WIRING]  # type: ignore[attr-defined]
    if architecture.given is None:
        return plain
    made: dict[str, bool] = {}
    for resource in architecture.given:
        name = resource.component
        if name is not None:
            made[name] = made.get(name, True) and resource.made_by == "aws"
    return list(dict.fromkeys([*plain, *(n for n, all_of_it in made.items() if all_of_it)]))
