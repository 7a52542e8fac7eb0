"""What joins a VPC to services and to other VPCs, explicit: endpoints, peerings, transit gateways."""

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from archproof.model.base import Component, OneOrMany, Part, Placed, Shorthand, Verbatim, refers

if TYPE_CHECKING:
    from archproof.model.architecture import Architecture

KINDS = {"vpc_endpoint": "VpcEndpoint", "vpc_peering": "VpcPeering", "transit_gateway": "TransitGatewayComponent"}

Account = Annotated[str, Field(pattern=r"^[0-9]{12}$")]


class VpcEndpoint(Placed):
    """A VPC endpoint: a private way to an AWS service, or to a partner's."""

    kind: Literal["vpc_endpoint"]
    cfn: ClassVar[str] = "AWS::EC2::VPCEndpoint"
    service: ClassVar[str] = "vpc"
    scope: ClassVar[str] = "vpc"
    tier: ClassVar[str] = "network"

    to: str
    """The service: `s3`, `sqs`, `ecr.api`, …, or the full name of a partner's (`com.amazonaws.vpce.…`)."""
    type: Literal["gateway", "interface"] | None = None
    """Gateway (a route, S3 and DynamoDB only) or interface; gateway where there is one."""
    route_tables: Annotated[list[Annotated[str, refers("route_table")]], OneOrMany()] = []
    """For a gateway: the tables that get the route, beside those with a route `via` it."""
    private_dns: bool | None = None
    """Whether the service's own name resolves to it; yes, but for a service with a gateway."""
    policy: Verbatim | None = None
    """Its policy document; AWS's, which allows everything, when left out."""

    @property
    def gateway(self) -> bool:
        """Whether it is a gateway endpoint."""
        from archproof.model.endpoint_names import type_of

        return type_of(self.to, self.type) == "gateway"

    def listens(self, architecture: "Architecture") -> tuple[int, ...]:
        """An interface endpoint answers where the service does: HTTPS."""
        from archproof.model.kinds._ports import port_of

        return () if self.gateway else (port_of("https"),)


class VpcPeering(Component):
    """A peering connection between two VPCs. Routes are said in the route tables."""

    kind: Literal["vpc_peering"]
    cfn: ClassVar[str] = "AWS::EC2::VPCPeeringConnection"
    service: ClassVar[str] = "vpc"
    tier: ClassVar[str] = "network"

    vpc: Annotated[str, refers("vpc")]
    """The VPC that asks."""
    peer: Annotated[str, refers("vpc")] | None = None
    """The other VPC, of the model."""
    peer_vpc_id: Annotated[str, Field(pattern=r"^vpc-[0-9a-f]+$")] | None = None
    """The other VPC, where it is not of the model."""
    peer_account: Account | None = None
    """The account of the other VPC, where it is another: twelve digits, in quotes."""
    peer_region: str | None = None
    """The region of the other VPC, where it is another."""
    peer_role_arn: str | None = None
    """The role that accepts in another account."""

    @model_validator(mode="after")
    def _one_peer(self) -> "VpcPeering":
        if (self.peer is None) == (self.peer_vpc_id is None):
            raise ValueError("a peering has exactly one of 'peer' and 'peer_vpc_id'")
        return self


class VpcAttachment(Part):
    """One VPC joined to a transit gateway."""

    vpc: Annotated[str, refers("vpc")]
    """The VPC."""
    subnets: Annotated[list[Annotated[str, refers("subnet")]], OneOrMany()] = []
    """The subnets that hold the attachment, one a zone; of a VPC of `network`, its first private tier when left out."""


class TransitGatewayComponent(Component):
    """A transit gateway with its attachments and tables. Routes to it are said in the route tables."""

    kind: Literal["transit_gateway"]
    cfn: ClassVar[str] = "AWS::EC2::TransitGateway"
    service: ClassVar[str] = "vpc"
    tier: ClassVar[str] = "network"

    attach: list[Annotated[VpcAttachment, Shorthand("vpc")]] = []
    """The VPCs attached."""
    isolated: Annotated[list[Annotated[str, refers("vpc")]], OneOrMany()] = []
    """Attached VPCs that reach only those not isolated."""
    egress_vpc: Annotated[str, refers("vpc")] | None = None
    """The attached VPC through which the others leave for the internet."""
    amazon_asn: Annotated[int, Field(ge=1)] | None = None
    """Its own number for BGP; AWS's default when left out."""
