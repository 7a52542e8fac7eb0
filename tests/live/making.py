"""What the double's CloudFormation does not make, made by AWS's own API: one function a type."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.live.deploying import Cloud

Properties = dict[str, Any]
Made = dict[str, str]
"""The physical id of what was made under the empty name, and its attributes."""

COMPUTED: dict[tuple[str, str], Callable[[Cloud, str], str]] = {
    ("AWS::Cognito::UserPool", "ProviderURL"): lambda c, id: f"https://cognito-idp.{c.region}.amazonaws.com/{id}",
}


def _tagged(kind: str, props: Properties) -> list[dict[str, Any]]:
    return [{"ResourceType": kind, "Tags": props["Tags"]}] if "Tags" in props else []


def _address(cloud: Cloud, props: Properties) -> Made:
    made = cloud.client("ec2").allocate_address(Domain="vpc", TagSpecifications=_tagged("elastic-ip", props))
    return {"": made["PublicIp"], "AllocationId": made["AllocationId"]}


def _gateway(cloud: Cloud, props: Properties) -> Made:
    made = cloud.client("ec2").create_nat_gateway(
        SubnetId=props["SubnetId"],
        AllocationId=props["AllocationId"],
        TagSpecifications=_tagged("natgateway", props),
    )
    return {"": made["NatGateway"]["NatGatewayId"]}


def _flow_log(cloud: Cloud, props: Properties) -> Made:
    made = cloud.client("ec2").create_flow_logs(
        ResourceIds=[props["ResourceId"]],
        TagSpecifications=_tagged("vpc-flow-log", props),
        **{k: v for k, v in props.items() if k not in ("ResourceId", "Tags")},
    )
    return {"": made["FlowLogIds"][0]}


def _vpc(cloud: Cloud, props: Properties) -> Made:
    client = cloud.client("ec2")
    made = client.create_vpc(CidrBlock=props["CidrBlock"], TagSpecifications=_tagged("vpc", props))["Vpc"]
    for field in ("EnableDnsSupport", "EnableDnsHostnames"):
        if field in props:
            client.modify_vpc_attribute(VpcId=made["VpcId"], **{field: {"Value": props[field]}})
    return {"": made["VpcId"], "CidrBlock": made["CidrBlock"]}


def _internet_gateway(cloud: Cloud, props: Properties) -> Made:
    made = cloud.client("ec2").create_internet_gateway(TagSpecifications=_tagged("internet-gateway", props))
    return {"": made["InternetGateway"]["InternetGatewayId"]}


def _attachment(cloud: Cloud, props: Properties) -> Made:
    cloud.client("ec2").attach_internet_gateway(VpcId=props["VpcId"], InternetGatewayId=props["InternetGatewayId"])
    return {"": f"IGW|{props['VpcId']}"}


def _subnet(cloud: Cloud, props: Properties) -> Made:
    client = cloud.client("ec2")
    said = {k: props[k] for k in ("VpcId", "CidrBlock", "AvailabilityZone")}
    made = client.create_subnet(TagSpecifications=_tagged("subnet", props), **said)["Subnet"]
    public = bool(props.get("MapPublicIpOnLaunch"))
    client.modify_subnet_attribute(SubnetId=made["SubnetId"], MapPublicIpOnLaunch={"Value": public})
    return {"": made["SubnetId"]}


def _route_table(cloud: Cloud, props: Properties) -> Made:
    made = cloud.client("ec2").create_route_table(VpcId=props["VpcId"], TagSpecifications=_tagged("route-table", props))
    return {"": made["RouteTable"]["RouteTableId"], "RouteTableId": made["RouteTable"]["RouteTableId"]}


def _route(cloud: Cloud, props: Properties) -> Made:
    cloud.client("ec2").create_route(**props)
    return {"": f"{props['RouteTableId']}|{props['DestinationCidrBlock']}"}


def _route_table_association(cloud: Cloud, props: Properties) -> Made:
    return {"": cloud.client("ec2").associate_route_table(**props)["AssociationId"]}


def _group(cloud: Cloud, props: Properties) -> Made:
    """A group as CloudFormation makes it: its own rules take the place of the one that lets everything out."""
    client, name = cloud.client("ec2"), cloud.name("group", props.get("GroupName"))
    made = client.create_security_group(
        GroupName=name,
        Description=props["GroupDescription"],
        VpcId=props["VpcId"],
        TagSpecifications=_tagged("security-group", props),
    )
    id = made["GroupId"]
    if props.get("SecurityGroupEgress"):
        everything = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
        client.revoke_security_group_egress(GroupId=id, IpPermissions=everything)
    for rule in props.get("SecurityGroupEgress", []):
        client.authorize_security_group_egress(GroupId=id, IpPermissions=[_permission(rule)])
    for rule in props.get("SecurityGroupIngress", []):
        client.authorize_security_group_ingress(GroupId=id, IpPermissions=[_permission(rule)])
    return {"": id, "GroupId": id}


def _endpoint(cloud: Cloud, props: Properties) -> Made:
    said = {k: v for k, v in props.items() if k != "Tags"}
    if "PolicyDocument" in said:
        said["PolicyDocument"] = json.dumps(said["PolicyDocument"])
    made = cloud.client("ec2").create_vpc_endpoint(TagSpecifications=_tagged("vpc-endpoint", props), **said)
    return {"": made["VpcEndpoint"]["VpcEndpointId"]}


def _acl(cloud: Cloud, props: Properties) -> Made:
    made = cloud.client("ec2").create_network_acl(VpcId=props["VpcId"], TagSpecifications=_tagged("network-acl", props))
    return {"": made["NetworkAcl"]["NetworkAclId"]}


def _acl_entry(cloud: Cloud, props: Properties) -> Made:
    cloud.client("ec2").create_network_acl_entry(**props | {"Protocol": str(props["Protocol"])})
    return {"": f"{props['NetworkAclId']}|{props['RuleNumber']}|{props['Egress']}"}


def _acl_association(cloud: Cloud, props: Properties) -> Made:
    client = cloud.client("ec2")
    acls = client.describe_network_acls()["NetworkAcls"]
    held = [a for acl in acls for a in acl["Associations"] if a["SubnetId"] == props["SubnetId"]]
    made = client.replace_network_acl_association(
        AssociationId=held[0]["NetworkAclAssociationId"], NetworkAclId=props["NetworkAclId"]
    )
    return {"": made["NewAssociationId"]}


def _permission(props: Properties) -> Properties:
    said: Properties = {k: props[k] for k in ("IpProtocol", "FromPort", "ToPort") if k in props}
    about = {"Description": props["Description"]} if "Description" in props else {}
    for field, holder, key in (
        ("CidrIp", "IpRanges", "CidrIp"),
        ("CidrIpv6", "Ipv6Ranges", "CidrIpv6"),
        ("SourceSecurityGroupId", "UserIdGroupPairs", "GroupId"),
        ("DestinationSecurityGroupId", "UserIdGroupPairs", "GroupId"),
        ("SourcePrefixListId", "PrefixListIds", "PrefixListId"),
        ("DestinationPrefixListId", "PrefixListIds", "PrefixListId"),
    ):
        if field in props:
            said[holder] = [{key: props[field], **about}]
    return said


def _ingress(cloud: Cloud, props: Properties) -> Made:
    made = cloud.client("ec2").authorize_security_group_ingress(
        GroupId=props["GroupId"], IpPermissions=[_permission(props)]
    )
    return {"": (made.get("SecurityGroupRules") or [{}])[0].get("SecurityGroupRuleId", "rule")}


def _egress(cloud: Cloud, props: Properties) -> Made:
    made = cloud.client("ec2").authorize_security_group_egress(
        GroupId=props["GroupId"], IpPermissions=[_permission(props)]
    )
    return {"": (made.get("SecurityGroupRules") or [{}])[0].get("SecurityGroupRuleId", "rule")}


def _instance(cloud: Cloud, props: Properties) -> Made:
    said = {
        k: v
        for k, v in props.items()
        if k
        not in (
            "Tags",
            "DisableApiTermination",
            "PropagateTagsToVolumeOnCreation",
            "Monitoring",
            "IamInstanceProfile",
            "NetworkInterfaces",
            "UserData",
        )
    }
    made = cloud.client("ec2").run_instances(
        MinCount=1,
        MaxCount=1,
        Monitoring={"Enabled": bool(props.get("Monitoring"))},
        IamInstanceProfile={"Name": props["IamInstanceProfile"]},
        NetworkInterfaces=[
            {
                "DeviceIndex": int(n["DeviceIndex"]),
                "SubnetId": n["SubnetId"],
                "Groups": n["GroupSet"],
                "AssociatePublicIpAddress": n["AssociatePublicIpAddress"],
            }
            for n in props["NetworkInterfaces"]
        ],
        TagSpecifications=_tagged("instance", props),
        **said,
    )
    id = made["Instances"][0]["InstanceId"]
    if props.get("DisableApiTermination"):
        cloud.client("ec2").modify_instance_attribute(InstanceId=id, DisableApiTermination={"Value": True})
    return {"": id}


def _role(cloud: Cloud, props: Properties) -> Made:
    client, name = cloud.client("iam"), cloud.name("role", props.get("RoleName"))
    made = client.create_role(
        RoleName=name,
        AssumeRolePolicyDocument=json.dumps(props["AssumeRolePolicyDocument"]),
        Tags=props.get("Tags", []),
        **{k: props[k] for k in ("Path", "Description", "MaxSessionDuration", "PermissionsBoundary") if k in props},
    )["Role"]
    for policy in props.get("Policies", []):
        document = json.dumps(policy["PolicyDocument"])
        client.put_role_policy(RoleName=name, PolicyName=policy["PolicyName"], PolicyDocument=document)
    for arn in props.get("ManagedPolicyArns", []):
        client.attach_role_policy(RoleName=name, PolicyArn=arn)
    return {"": name, "Arn": made["Arn"], "RoleId": made["RoleId"]}


def _profile(cloud: Cloud, props: Properties) -> Made:
    client, name = cloud.client("iam"), cloud.name("profile", props.get("InstanceProfileName"))
    made = client.create_instance_profile(InstanceProfileName=name)["InstanceProfile"]
    for role in props["Roles"]:
        client.add_role_to_instance_profile(InstanceProfileName=name, RoleName=role)
    return {"": name, "Arn": made["Arn"]}


def _subnet_group(cloud: Cloud, props: Properties) -> Made:
    name = cloud.name("subnets", props.get("DBSubnetGroupName"))
    cloud.client("rds").create_db_subnet_group(**props | {"DBSubnetGroupName": name})
    return {"": name}


def _parameter_group(cloud: Cloud, props: Properties) -> Made:
    client, name = cloud.client("rds"), cloud.name("parameters", props.get("DBParameterGroupName"))
    client.create_db_parameter_group(
        DBParameterGroupName=name,
        DBParameterGroupFamily=props["Family"],
        Description=props["Description"],
        Tags=props["Tags"],
    )
    said = [
        {"ParameterName": k, "ParameterValue": str(v), "ApplyMethod": "pending-reboot"}
        for k, v in props.get("Parameters", {}).items()
    ]
    if said:
        client.modify_db_parameter_group(DBParameterGroupName=name, Parameters=said)
    return {"": name}


def _database(cloud: Cloud, props: Properties) -> Made:
    renamed = {"VPCSecurityGroups": "VpcSecurityGroupIds", "EnablePerformanceInsights": "EnablePerformanceInsights"}
    said = {renamed.get(k, k): v for k, v in props.items()}
    said["MasterUserPassword"] = "not-a-secret-of-anyone"
    for number in ("AllocatedStorage", "Port", "MaxAllocatedStorage"):
        if number in said:
            said[number] = int(said[number])
    said["DBInstanceIdentifier"] = cloud.name("db", props.get("DBInstanceIdentifier"))
    made = cloud.client("rds").create_db_instance(**said)["DBInstance"]
    return {
        "": made["DBInstanceIdentifier"],
        "DBInstanceArn": made["DBInstanceArn"],
        "DbiResourceId": made["DbiResourceId"],
        "Endpoint.Address": made["Endpoint"]["Address"],
        "Endpoint.Port": str(made["Endpoint"]["Port"]),
    }


def _proxy(cloud: Cloud, props: Properties) -> Made:
    client = cloud.client("rds")
    made = client.create_db_proxy(**props)["DBProxy"]
    return {"": made["DBProxyName"], "DBProxyArn": made["DBProxyArn"], "Endpoint": made["Endpoint"]}


def _proxy_targets(cloud: Cloud, props: Properties) -> Made:
    client, name = cloud.client("rds"), props["DBProxyName"]
    client.register_db_proxy_targets(DBProxyName=name, DBInstanceIdentifiers=props["DBInstanceIdentifiers"])
    pool = props.get("ConnectionPoolConfigurationInfo")
    if pool:
        client.modify_db_proxy_target_group(
            TargetGroupName=props["TargetGroupName"], DBProxyName=name, ConnectionPoolConfig=pool
        )
    groups = client.describe_db_proxy_target_groups(DBProxyName=name)["TargetGroups"]
    return {"": groups[0]["TargetGroupArn"]}


def _secret(cloud: Cloud, props: Properties) -> Made:
    """By the API: what the double's CloudFormation returns for a secret is no ARN."""
    said = {k: props[k] for k in ("Description", "KmsKeyId", "Tags") if k in props}
    made = cloud.client("secretsmanager").create_secret(
        Name=cloud.name("secret", props.get("Name")), SecretString="{}", **said
    )
    return {"": made["ARN"]}


def _secret_attachment(cloud: Cloud, props: Properties) -> Made:
    """What it does is written into the value of the secret, which nobody reads."""
    return {"": props["SecretId"]}


def _rotation(cloud: Cloud, props: Properties) -> Made:
    functions = cloud.client("lambda").list_functions()["Functions"]
    cloud.client("secretsmanager").rotate_secret(
        SecretId=props["SecretId"],
        RotationLambdaARN=functions[0]["FunctionArn"],
        RotationRules=props["RotationRules"],
        RotateImmediately=False,
    )
    return {"": props["SecretId"]}


def _hub(cloud: Cloud, props: Properties) -> Made:
    cloud.client("securityhub").enable_security_hub(
        Tags=props.get("Tags", {}), EnableDefaultStandards=props["EnableDefaultStandards"]
    )
    return {"": f"arn:aws:securityhub:{cloud.region}:{cloud.account}:hub/default"}


def _web_acl_association(cloud: Cloud, props: Properties) -> Made:
    cloud.client("wafv2").associate_web_acl(WebACLArn=props["WebACLArn"], ResourceArn=props["ResourceArn"])
    return {"": f"{props['ResourceArn']}|{props['WebACLArn']}"}


_OWN_WORDS = ("Options", "DockerLabels", "Labels")
"""Maps of a container whose keys are people's own."""


def _small(value: Any) -> Any:
    """A value as the API of ECS has it: every name begins with a small letter."""
    if isinstance(value, list):
        return [_small(v) for v in value]
    if not isinstance(value, dict):
        return value
    return {k[:1].lower() + k[1:]: v if k in _OWN_WORDS else _small(v) for k, v in value.items()}


def _task_definition(cloud: Cloud, props: Properties) -> Made:
    """By the API: the double's CloudFormation keeps neither volumes nor what is said of Linux."""
    family = cloud.name("tasks", props.get("Family"))
    made = cloud.client("ecs").register_task_definition(**_small(props) | {"family": family})
    return {"": made["taskDefinition"]["taskDefinitionArn"]}


def _service(cloud: Cloud, props: Properties) -> Made:
    """By the API: the double's CloudFormation gives no tags to tasks."""
    said = _small(props)
    said |= {"serviceName": cloud.name("service", props.get("ServiceName"))}
    said["enableECSManagedTags"] = said.pop("enableECSManagedTags", False)
    made = cloud.client("ecs").create_service(**said)["service"]
    return {"": made["serviceArn"], "Name": made["serviceName"], "ServiceArn": made["serviceArn"]}


MAKERS: dict[str, Callable[[Cloud, Properties], Made]] = {
    "AWS::EC2::EIP": _address,
    "AWS::ECS::Service": _service,
    "AWS::ECS::TaskDefinition": _task_definition,
    "AWS::EC2::VPC": _vpc,
    "AWS::EC2::InternetGateway": _internet_gateway,
    "AWS::EC2::VPCGatewayAttachment": _attachment,
    "AWS::EC2::Subnet": _subnet,
    "AWS::EC2::RouteTable": _route_table,
    "AWS::EC2::Route": _route,
    "AWS::EC2::SubnetRouteTableAssociation": _route_table_association,
    "AWS::EC2::SecurityGroup": _group,
    "AWS::EC2::VPCEndpoint": _endpoint,
    "AWS::EC2::FlowLog": _flow_log,
    "AWS::EC2::Instance": _instance,
    "AWS::EC2::NatGateway": _gateway,
    "AWS::EC2::NetworkAcl": _acl,
    "AWS::EC2::NetworkAclEntry": _acl_entry,
    "AWS::EC2::SecurityGroupEgress": _egress,
    "AWS::EC2::SecurityGroupIngress": _ingress,
    "AWS::EC2::SubnetNetworkAclAssociation": _acl_association,
    "AWS::IAM::InstanceProfile": _profile,
    "AWS::IAM::Role": _role,
    "AWS::RDS::DBInstance": _database,
    "AWS::RDS::DBParameterGroup": _parameter_group,
    "AWS::RDS::DBProxy": _proxy,
    "AWS::RDS::DBSubnetGroup": _subnet_group,
    "AWS::RDS::DBProxyTargetGroup": _proxy_targets,
    "AWS::SecretsManager::RotationSchedule": _rotation,
    "AWS::SecretsManager::Secret": _secret,
    "AWS::SecretsManager::SecretTargetAttachment": _secret_attachment,
    "AWS::SecurityHub::Hub": _hub,
    "AWS::WAFv2::WebACLAssociation": _web_acl_association,
}
