"""AWS Site-to-Site VPN: the way to a network outside of AWS."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from archproof.model.base import Cidr, Component, OneOrMany, refers

KINDS = {"vpn_connection": "VpnConnection"}


class VpnConnection(Component):
    """A Site-to-Site VPN: two encrypted tunnels between a VPC, or a transit gateway, and a network elsewhere.

    AWS makes the keys of the tunnels. The VPC's tables get a route to each of `cidrs`; of a VPC that is a
    component, the route tables say it (`via:` this connection). CloudFormation does not tell the attachment that
    a transit gateway gets: the gateway's own routes are made once the parameter of the stack names it.
    """

    kind: Literal["vpn_connection"]
    cfn: ClassVar[str] = "AWS::EC2::VPNConnection"
    service: ClassVar[str] = "vpc"
    tier: ClassVar[str] = "network"

    to: Annotated[str, refers("vpc", "transit_gateway", also=("transit_gateway",))]
    """The VPC or the transit gateway that it ends at; `transit_gateway` is that of `network`."""
    address: Annotated[str, Field(pattern=r"^[0-9]{1,3}(\.[0-9]{1,3}){3}$")]
    """The public address of the device at the other end."""
    cidrs: Annotated[list[Cidr], OneOrMany(), Field(min_length=1)]
    """The addresses behind it."""
    asn: Annotated[int, Field(ge=1, le=4294967294)] | None = None
    """Its number for BGP, which then tells the routes; they are written down where it is left out."""
    subnets: Annotated[list[Annotated[str, refers("subnet")]], OneOrMany()] = []
    """Tiers of `network` whose tables get the routes; all when left out."""
    log_retention_days: Annotated[int, Field(ge=1)] = 90
    """Days that the log group of the tunnels keeps their logs."""
