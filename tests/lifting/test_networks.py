"""VPCs of templates become tiers and groups of the section `network`; who stands in them says so."""

from __future__ import annotations

from archproof.model.architecture import loads
from archproof.resources.lowering import lower_model
from archproof.resources.resource import Resources
from archproof.sources.lifting import lift
from archproof.sources.lifting.writer import write
from lifting.lifted import faults, resources

VPC = """
VPC: {Type: AWS::EC2::VPC, Properties: {CidrBlock: {Ref: VpcCidr}, EnableDnsSupport: true}}
Gateway: {Type: AWS::EC2::InternetGateway}
Attachment:
  Type: AWS::EC2::VPCGatewayAttachment
  Properties: {VpcId: {Ref: VPC}, InternetGatewayId: {Ref: Gateway}}
"""
PUBLIC = """
PublicSubnetOne:
  Type: AWS::EC2::Subnet
  Properties:
    VpcId: {Ref: VPC}
    CidrBlock: 10.0.0.0/24
    AvailabilityZone: {"Fn::Select": ["0", {"Fn::GetAZs": {Ref: AWS::Region}}]}
    MapPublicIpOnLaunch: "true"
PublicSubnetTwo:
  Type: AWS::EC2::Subnet
  Properties:
    VpcId: {Ref: VPC}
    CidrBlock: 10.0.1.0/24
    AvailabilityZone: {"Fn::Select": [1, {"Fn::GetAZs": ""}]}
    MapPublicIpOnLaunch: true
PublicTable: {Type: AWS::EC2::RouteTable, Properties: {VpcId: {Ref: VPC}}}
PublicRoute:
  Type: AWS::EC2::Route
  DependsOn: Attachment
  Properties: {RouteTableId: {Ref: PublicTable}, DestinationCidrBlock: 0.0.0.0/0, GatewayId: {Ref: Gateway}}
PublicOne:
  Type: AWS::EC2::SubnetRouteTableAssociation
  Properties: {SubnetId: {Ref: PublicSubnetOne}, RouteTableId: {Ref: PublicTable}}
PublicTwo:
  Type: AWS::EC2::SubnetRouteTableAssociation
  Properties: {SubnetId: {Ref: PublicSubnetTwo}, RouteTableId: {Ref: PublicTable}}
"""
PRIVATE = """
Address: {Type: AWS::EC2::EIP, DependsOn: Attachment, Properties: {Domain: vpc}}
Nat:
  Type: AWS::EC2::NatGateway
  Properties: {SubnetId: {Ref: PublicSubnetTwo}, AllocationId: {"Fn::GetAtt": [Address, AllocationId]}}
PrivateSubnetA:
  Type: AWS::EC2::Subnet
  Condition: Private
  Properties: {VpcId: {Ref: VPC}, CidrBlock: {Ref: PrivateCidr}, Tags: [{Key: Name, Value: {"Fn::Sub": "${Stage}-a"}}]}
PrivateTable: {Type: AWS::EC2::RouteTable, Properties: {VpcId: {Ref: VPC}}}
PrivateRoute:
  Type: AWS::EC2::Route
  Properties: {RouteTableId: {Ref: PrivateTable}, DestinationCidrBlock: 0.0.0.0/0, NatGatewayId: {Ref: Nat}}
PrivateOffice:
  Type: AWS::EC2::Route
  Properties: {RouteTableId: {Ref: PrivateTable}, DestinationCidrBlock: 192.168.0.0/16, GatewayId: vgw-1}
PrivateA:
  Type: AWS::EC2::SubnetRouteTableAssociation
  Properties: {SubnetId: {Ref: PrivateSubnetA}, RouteTableId: {Ref: PrivateTable}}
"""
GROUPS = """
WebGroup:
  Type: AWS::EC2::SecurityGroup
  Properties:
    GroupDescription: Takes HTTPS
    VpcId: {Ref: VPC}
    SecurityGroupIngress:
      - {IpProtocol: tcp, FromPort: 443, ToPort: "443", CidrIp: 0.0.0.0/0}
      - {IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIpv6: "::/0"}
      - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: {Ref: OfficeCidr}, Description: Sign in}
AppGroup:
  Type: AWS::EC2::SecurityGroup
  Properties:
    GroupDescription: Runs
    VpcId: {Ref: VPC}
    SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 8080, ToPort: 8090, SourceSecurityGroupId: {Ref: WebGroup}}]
    SecurityGroupEgress: [{IpProtocol: "-1", CidrIp: 10.0.0.0/8, FromPort: 1, ToPort: 2}]
AppItself:
  Type: AWS::EC2::SecurityGroupIngress
  Properties: {GroupId: {Ref: AppGroup}, IpProtocol: "-1", SourceSecurityGroupId: {Ref: AppGroup}}
"""
STANDING = """
Worker:
  Type: AWS::Lambda::Function
  Properties:
    Runtime: python3.13
    Handler: app.handler
    Role: arn:aws:iam::123456789012:role/worker
    Code: {ZipFile: pass}
    VpcConfig: {SubnetIds: [{Ref: PublicSubnetTwo}], SecurityGroupIds: [{Ref: AppGroup}]}
Search:
  Type: AWS::OpenSearchService::Domain
  Properties:
    VPCOptions: {SubnetIds: [{Ref: PrivateSubnetA}], SecurityGroupIds: [{"Fn::GetAtt": [AppGroup, GroupId]}]}
"""


def held(text: str) -> Resources:
    """The resources of a template with the parameters and conditions that the texts name."""
    found = resources(text)
    found.parameters = {n: {"Type": "String"} for n in ("VpcCidr", "PrivateCidr", "OfficeCidr", "Stage", "VpcId")}
    found.conditions = {"Private": {"Fn::Equals": ["a", "a"]}}
    return found


def network(text: str) -> str:
    """The section `network` of an import, as it is written; the law is asserted on the way."""
    wanted = held(text)
    written = write(lift(wanted))
    assert faults(wanted, loads(written)) == []
    return written.partition("network:\n")[2].partition("stack:\n")[0]


def test_subnets_of_one_way_out_are_a_tier_with_the_zones_and_blocks_that_they_have() -> None:
    found = lift(held(VPC + PUBLIC)).network.model_dump(exclude_unset=True)
    assert found == {
        "vpc": {"cidr": {"Ref": "VpcCidr"}, "dns_support": True},
        "subnets": {
            "public": {
                "cidr": {"a": "10.0.0.0/24", "b": "10.0.1.0/24"}, "egress": "internet_gateway", "public_ips": True,
            }
        },
    }  # fmt: skip


def test_what_has_no_word_is_laid_over_its_part() -> None:
    found = network(VPC + PUBLIC + PRIVATE)
    architecture = loads(f"archproof: 1\nsystem: {{exact: true}}\nnetwork:\n{found}stack:\n  parameters: "
                         "{VpcCidr: {Type: String}, PrivateCidr: {Type: String}, Stage: {Type: String}}\n"
                         "  conditions: {Private: {Fn::Equals: [a, a]}}\n")  # fmt: skip
    vpc, tier = architecture.network.vpc, architecture.network.subnets["private"]
    assert vpc is not None
    assert vpc.nat == "single"
    assert vpc.resources == {"NatGateway": {"SubnetId": {"Ref": "PublicSubnetTwo"}}}
    assert tier.egress == "nat"
    assert tier.cidr == [{"Ref": "PrivateCidr"}]
    assert tier.resources["SubnetA"] == {
        "Tags": [{"Key": "Name", "Value": {"Fn::Sub": "${Stage}-a"}}], "attributes": {"Condition": "Private"},
    }  # fmt: skip
    assert tier.resources["Office"] == {
        "type": "AWS::EC2::Route", "RouteTableId": {"Ref": "PrivateTable"}, "DestinationCidrBlock": "192.168.0.0/16",
        "GatewayId": "vgw-1",
    }  # fmt: skip


def test_rules_of_groups_are_words_and_a_direction_without_words_stays_verbatim() -> None:
    found = network(VPC + PUBLIC + GROUPS)
    assert found.partition("  security_groups:\n")[2] == (
        "    web_group:\n"
        "      description: Takes HTTPS\n"
        '      ingress: [{port: 443, from: [internet, "::/0"]}, '
        "{port: 22, from: !Ref OfficeCidr, description: Sign in}]\n"
        "    app_group:\n"
        "      description: Runs\n"
        "      ingress: [{port: 8080-8090, from: web_group}, {protocol: all, from: app_group, logical_id: AppItself}]\n"
        '      properties: {SecurityGroupEgress: [{IpProtocol: "-1", CidrIp: 10.0.0.0/8, FromPort: 1, ToPort: 2}]}\n'
    )


def test_components_stand_in_tiers_and_so_do_plain_resources() -> None:
    wanted = held(VPC + PUBLIC + PRIVATE + GROUPS + STANDING)
    architecture = lift(wanted)
    worker, search = architecture.components["worker"], architecture.components["search"]
    assert worker.kind == "lambda"
    assert worker.placement is not None
    assert (worker.placement.subnets, worker.placement.security_groups) == (["public"], ["app_group"])
    assert worker.properties["VpcConfig"]["SubnetIds"] == [{"Ref": "PublicSubnetTwo"}]
    assert search.kind == "resource"
    assert search.placement is not None
    assert (search.placement.subnets, search.placement.security_groups) == (["private"], ["app_group"])
    assert faults(wanted, architecture) == []


def test_a_vpc_that_fits_no_tier_stays_as_it_is() -> None:
    table = (
        PRIVATE
        + """
Other: {Type: AWS::EC2::RouteTable, Properties: {VpcId: {Ref: VPC}}}
PrivateSubnetB: {Type: AWS::EC2::Subnet, Properties: {VpcId: {Ref: VPC}, Ipv6Native: true}}
"""
    )
    wanted = held(VPC + PUBLIC + table)
    architecture = lift(wanted)
    assert not architecture.network.subnets
    assert faults(wanted, architecture) == []


def test_several_vpcs_stand_under_their_names() -> None:
    other = VPC.replace("VPC:", "Spoke:", 1).replace("{Ref: VPC}", "{Ref: Spoke}").replace("Gateway:", "Spoke2:", 1)
    other = "\n".join(line for line in other.splitlines() if line.startswith("Spoke:"))
    data = "\nDataSubnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: {Ref: Spoke}, CidrBlock: 10.9.0.0/24}}\n"
    wanted = held(VPC + PUBLIC + other + data)
    architecture = lift(wanted)
    assert list(architecture.network.vpcs) == ["vpc", "spoke"]
    assert list(architecture.places.tiers) == ["vpc_public", "spoke_data"]
    assert faults(wanted, architecture) == []


def test_a_group_in_a_vpc_from_outside_is_a_component_with_its_rules() -> None:
    text = GROUPS.replace("{Ref: VPC}", "{Ref: VpcId}")
    architecture = lift(held(text))
    assert [c.kind for c in architecture.components.values()] == ["security_group", "security_group"]
    assert {r.logical_id for r in lower_model(architecture)} == {"WebGroup", "AppGroup", "AppItself"}
    assert faults(held(text), architecture) == []


def test_an_instance_stands_in_its_tier_and_wiring_is_not_drawn() -> None:
    from archproof.renderers.views import overview

    text = (
        VPC
        + PUBLIC
        + GROUPS
        + """
Server:
  Type: AWS::EC2::Instance
  Properties: {InstanceType: t3.micro, SubnetId: {Ref: PublicSubnetOne}, SecurityGroupIds: [{Ref: WebGroup}]}
Fixed: {Type: AWS::EC2::EIP, Properties: {InstanceId: {Ref: Server}}}
"""
    )
    wanted = held(text)
    architecture = lift(wanted)
    server = architecture.components["server"]
    assert server.kind == "ec2_instance"
    assert server.properties == {}
    assert faults(wanted, architecture) == []
    scene = overview.build(architecture, [])
    assert [(node.id, node.group) for node in scene.nodes] == [("server", "tier:public")]
