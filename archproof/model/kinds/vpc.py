"""Amazon VPC, explicit: what does not fit the tiers of the section `network`, part by part."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from archproof.model.base import Block, Component, OneOrMany, Part, refers
from archproof.model.network import AclRule, Zone

KINDS = {
    "vpc": "VpcComponent",
    "subnet": "Subnet",
    "route_table": "RouteTable",
    "internet_gateway": "InternetGateway",
    "nat_gateway": "NatGateway",
    "egress_only_gateway": "EgressOnlyGateway",
    "network_acl": "NetworkAclComponent",
    "flow_log": "FlowLog",
}

SubnetIds = Annotated[list[Annotated[str, refers("subnet")]], OneOrMany()]
WAYS = ("internet_gateway", "nat", "egress_only", "transit_gateway")
"""The ways out that a VPC of the section `network` has of its own, in the words of its tiers."""


class _NetworkPart(Component):
    """What the parts of a VPC have in common."""

    service: ClassVar[str] = "vpc"
    tier: ClassVar[str] = "network"


class VpcComponent(_NetworkPart):
    """A VPC on its own: subnets, tables and gateways are components beside it.

    For the usual shape, tiers over availability zones, the section `network` says it in a few lines.
    """

    kind: Literal["vpc"]
    cfn: ClassVar[str] = "AWS::EC2::VPC"

    cidr: Block
    """Its IPv4 addresses."""
    ipv6: bool = False
    """Whether it has IPv6 addresses too, Amazon's."""
    dns_hostnames: bool = True
    """Whether interfaces get DNS names; private DNS of endpoints needs it."""
    dns_support: bool = True
    """Whether the VPC's resolver answers; private DNS of endpoints needs it."""


class Subnet(_NetworkPart):
    """One subnet, in one availability zone."""

    kind: Literal["subnet"]
    cfn: ClassVar[str] = "AWS::EC2::Subnet"

    vpc: Annotated[str, refers("vpc")]
    """Its VPC."""
    cidr: Block
    """Its IPv4 addresses."""
    zone: Zone | None = None
    """Its zone: `a` is the region's first, `b` its second; or a zone's name (`eu-west-1a`) or id (`euw1-az1`). AWS
    chooses one when left out."""
    public_ips: bool = False
    """Whether instances get a public address when they start; must be said."""
    ipv6_index: Annotated[int, Field(ge=0, le=255)] | None = None
    """Which of the VPC's IPv6 blocks of 64 bits it has, counted from 0; none when left out."""


class Route(Part):
    """One route: what is sent where."""

    to: str
    """A CIDR, `internet`, a VPC, a prefix list (`pl-…`), or the service of a gateway endpoint (`s3`)."""
    via: Annotated[
        str,
        refers(
            "internet_gateway", "nat_gateway", "egress_only_gateway", "vpc_peering", "transit_gateway",
            "vpc_endpoint", "ec2_instance", "vpn_connection", also=WAYS,
        ),
    ]  # fmt: skip
    """Where it goes: a gateway, a peering, an endpoint, an instance; or a way out of a VPC of `network` (`nat`)."""


class RouteTable(_NetworkPart):
    """A route table, with its routes and the subnets that use it."""

    kind: Literal["route_table"]
    cfn: ClassVar[str] = "AWS::EC2::RouteTable"

    vpc: Annotated[str, refers("vpc")]
    """Its VPC."""
    routes: list[Route] = []
    """Its routes, beside the VPC's own `local`."""
    subnets: SubnetIds = []
    """The subnets that use it."""


class InternetGateway(_NetworkPart):
    """An internet gateway, attached to its VPC."""

    kind: Literal["internet_gateway"]
    cfn: ClassVar[str] = "AWS::EC2::InternetGateway"

    vpc: Annotated[str, refers("vpc")]
    """The VPC it is attached to."""


class NatGateway(_NetworkPart):
    """A NAT gateway with a public address of its own."""

    kind: Literal["nat_gateway"]
    cfn: ClassVar[str] = "AWS::EC2::NatGateway"

    subnet: Annotated[str, refers("subnet")]
    """The subnet it stands in, a public one; of a tier, the first zone's."""
    private: bool = False
    """Whether it has no public address and only joins private networks."""


class EgressOnlyGateway(_NetworkPart):
    """An egress-only internet gateway: lets IPv6 out, and nothing in."""

    kind: Literal["egress_only_gateway"]
    cfn: ClassVar[str] = "AWS::EC2::EgressOnlyInternetGateway"

    vpc: Annotated[str, refers("vpc")]
    """Its VPC."""


class NetworkAclComponent(_NetworkPart):
    """A network ACL: stateless rules on a subnet's border, lowest number first, then deny."""

    kind: Literal["network_acl"]
    cfn: ClassVar[str] = "AWS::EC2::NetworkAcl"

    vpc: Annotated[str, refers("vpc")]
    """Its VPC."""
    ingress: list[AclRule] = []
    """What may come into the subnets."""
    egress: list[AclRule] = []
    """What may leave them."""
    subnets: SubnetIds = []
    """The subnets it guards."""


class FlowLog(_NetworkPart):
    """A flow log: the record of what a VPC or a subnet accepted and rejected."""

    kind: Literal["flow_log"]
    cfn: ClassVar[str] = "AWS::EC2::FlowLog"
    service: ClassVar[str] = "vpc"
    tier: ClassVar[str] = "operations"

    of: Annotated[str, refers("vpc", "subnet")]
    """The VPC or the subnet."""
    to: Annotated[str, refers("log_group", "s3_bucket")] | None = None
    """A log group or a bucket of the model; a log group of its own when left out."""
    traffic: Literal["all", "accept", "reject"] = "all"
    """What is recorded."""
    retention_days: Annotated[int, Field(ge=1)] = 365
    """Days that a log group of its own keeps it."""
