"""The section `network`: VPCs by tiers, their security groups, and what joins them.

The concise form describes one VPC (`vpc`, `subnets`, …). A system with several writes each under
`vpcs` in the same shape, and what joins them under `peerings` and `transit_gateway`. What does not fit
a tier is written with the explicit kinds (`subnet`, `route_table`, …) among the components.
"""

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from archproof.model.base import Block, Cidr, Intrinsic, OneOrMany, Part, Shorthand, Verbatim

Egress = Literal["internet_gateway", "nat", "egress_only", "transit_gateway", "none"]
Protocol = Literal["tcp", "udp", "icmp", "all"]
Zone = Annotated[str, Field(pattern=r"^([a-f]|[a-z]{2}(-[a-z]+)+-[0-9][a-z]|[a-z0-9]+-az[0-9])$")]
"""`a` is the region's first zone, `b` its second; or a zone's name (`eu-west-1a`) or id (`euw1-az1`)."""
SINGLE = "vpc"
"""The name of the one VPC of the concise form."""
ZONES = "abcdef"
"""The letters of zones, in their order."""


def _form(value: object) -> str:
    """Which form of addresses is meant: so that what is wrong is told of this one alone."""
    if isinstance(value, list):
        return "list"
    if isinstance(value, dict):
        key = str(next(iter(value), ""))
        return "function" if len(value) == 1 and (key == "Ref" or key.startswith("Fn::")) else "map"
    return "text"


TierBlocks = Annotated[
    Annotated[Cidr, Tag("text")]
    | Annotated[Intrinsic, Tag("function")]
    | Annotated[list[Block], Field(min_length=1, max_length=len(ZONES)), Tag("list")]
    | Annotated[dict[Zone, Block], Field(min_length=1, max_length=len(ZONES)), Tag("map")],
    Discriminator(_form),
]


class NetworkPart(Part):
    """What the parts of a VPC have in common: all that the language has no word for."""

    properties: Verbatim = {}
    """CloudFormation properties, verbatim; they win over what the part writes (of a tier: in every subnet). `null`
    removes one."""
    resource_attributes: Verbatim = {}
    """What stands beside these properties in a template: `DeletionPolicy`, `Condition`, …"""
    resources: dict[str, Verbatim | None] = {}
    """The same for one of the resources that it makes, by the end of its name (`SubnetA`, `RouteTable`, `NatGateway`),
    with `attributes` beside them; `null` for one that is not to be made. With a `type` it is one more resource:
    `{Options: {type: AWS::EC2::VPCDHCPOptionsAssociation, …}}`."""


class GroupRule(Part):
    """One rule of a security group: traffic that may come in or go out."""

    port: int | str | Intrinsic | None = None
    """A port, a range (`8000-8100`) or `all`; left out only where the protocol has no ports."""
    protocol: Protocol = "tcp"
    """The protocol."""
    from_: Annotated[list[str | Intrinsic], OneOrMany()] = Field(default=[], alias="from")
    """Where it comes from (ingress): `internet`, a CIDR, a security group, a prefix list (`pl-…`), or a component.
    An intrinsic (`!Ref OfficeCidr`) gives a CIDR."""
    to: Annotated[list[str | Intrinsic], OneOrMany()] = []
    """Where it goes (egress), in the same words."""
    description: str | None = None
    """Why the rule is there."""
    logical_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9]{1,255}$")] | None = None
    """What the rule is called in templates, where it is a resource of its own and not written in its group."""


class SecurityGroup(NetworkPart):
    """A security group. With no rules of its own it gets exactly those that the links need."""

    description: str | None = None
    """What it protects."""
    ingress: list[GroupRule] | None = None
    """What may come in; left out: what the links need."""
    egress: list[GroupRule] | None = None
    """What may go out; left out: what the links need."""
    physical_name: str | None = None
    """Its name in the account."""


class AclRule(Part):
    """One numbered rule of a network ACL."""

    number: Annotated[int, Field(ge=1, le=32766)]
    """The lowest number that matches decides."""
    action: Literal["allow", "deny"]
    """What happens to what matches."""
    cidr: Cidr = "0.0.0.0/0"
    """The other side."""
    port: int | str = "all"
    """A port, a range or `all`."""
    protocol: Protocol = "tcp"
    """The protocol."""


class NetworkAcl(NetworkPart):
    """A network ACL: stateless rules on a subnet's border, lowest number first, then deny."""

    ingress: list[AclRule] = []
    """What may come into the subnets."""
    egress: list[AclRule] = []
    """What may leave them."""


class Vpc(NetworkPart):
    """A VPC: its addresses, its zones, how it reaches the internet, and whether its traffic is logged."""

    cidr: Block
    """Its IPv4 addresses."""
    secondary_cidrs: Annotated[list[Cidr], OneOrMany()] = []
    """More IPv4 addresses, where the first block is not enough."""
    availability_zones: Annotated[int, Field(ge=1, le=6)] = 2
    """How many zones every tier spans."""
    nat: Literal["per_az", "single", "none"] = "per_az"
    """NAT gateways where a tier needs them or it is said: one in each zone, one for all (a single point of
    failure), or none."""
    flow_logs: Literal["cloudwatch", "s3", "none"] = "cloudwatch"
    """Where accepted and rejected flows are recorded; `none` must be said."""
    flow_log_retention_days: Annotated[int, Field(ge=1)] = 365
    """Days the flow logs are kept."""
    ipv6: bool = False
    """Whether it has IPv6 addresses too, Amazon's; every subnet then gets a part of them."""
    dns_hostnames: bool = True
    """Whether interfaces get DNS names; private DNS of endpoints needs it."""
    dns_support: bool = True
    """Whether the VPC's resolver answers; private DNS of endpoints needs it."""
    title: str | None = None
    """Its name in pictures."""
    physical_name: str | None = None
    """Its Name tag in the account."""


class SubnetTier(NetworkPart):
    """A tier: one subnet in each availability zone, all with the same way out."""

    cidr: TierBlocks
    """The addresses of the whole tier, of which each zone gets an equal part; or those of each subnet: a list in the
    order of the zones, or a map (`{a: 10.0.1.0/24, b: 10.0.2.0/24}`)."""
    egress: Egress = "none"
    """The default route: `internet_gateway` makes the tier public, `nat` private, `none` isolated."""
    public_ips: bool = False
    """Whether instances get a public address when they start; must be said even in a public tier."""
    route_tables: str | None = None
    """`one` for all its subnets, `per_az` one in each zone, `main` for the VPC's own, or the tier before it whose
    tables it uses. When left out: one in each zone where each has its NAT gateway, else one."""
    network_acl: str | None = None
    """A network ACL of `network_acls`; the VPC's default when left out."""
    title: str | None = None
    """Its name in pictures."""

    @property
    def addresses(self) -> str | None:
        """The block of the whole tier where it is one and known."""
        return self.cidr if isinstance(self.cidr, str) else None

    @property
    def blocks(self) -> str:
        """Its addresses in words: the blocks that are known."""
        known = [self.cidr] if isinstance(self.cidr, str) else [b for _, b in self.said or () if isinstance(b, str)]
        return ", ".join(known)

    @property
    def said(self) -> list[tuple[str, str | Verbatim]] | None:
        """The zone and the block of every subnet, where each is said; None where the zones share the tier's block."""
        if isinstance(self.cidr, str):
            return None
        if isinstance(self.cidr, list):
            return list(zip(ZONES, self.cidr, strict=False))
        if any(k == "Ref" or k.startswith("Fn::") for k in self.cidr):
            return [(ZONES[0], self.cidr)]
        return list(self.cidr.items())

    @property
    def names_zones(self) -> bool:
        """Whether it says the zone of each subnet."""
        return isinstance(self.cidr, dict) and bool(self.said) and self.said != [(ZONES[0], self.cidr)]


class Endpoint(NetworkPart):
    """A VPC endpoint: a private way to one AWS service."""

    service: str
    """The service: `s3`, `sqs`, `secretsmanager`, `ecr.api`, …; `ecr` is all of a service's endpoints."""
    type: Literal["gateway", "interface"] | None = None
    """Gateway (a route, free, S3 and DynamoDB only) or interface (addresses in subnets); gateway where there is one."""
    subnets: str | None = None
    """The tier of an interface endpoint (it takes one subnet a zone); the first private one when left out."""
    private_dns: bool | None = None
    """Whether the service's own name resolves to an interface endpoint; yes, but for a service with a gateway."""
    policy: Verbatim | None = None
    """Its policy document; AWS's, which allows everything, when left out."""


class VpcNetwork(Part):
    """One VPC with all that is in it."""

    vpc: Vpc | None = None
    """The VPC itself."""
    subnets: dict[str, SubnetTier] = {}
    """Its tiers, by name."""
    endpoints: list[Annotated[Endpoint, Shorthand("service")]] = []
    """Private ways to AWS services: names, or maps with a policy."""
    security_groups: dict[str, SecurityGroup] = {}
    """Its security groups, by name."""
    network_acls: dict[str, NetworkAcl] = {}
    """Its network ACLs, by name."""


class Peering(Part):
    """A peering connection, with routes in the tables of both sides."""

    between: Annotated[list[str], Field(min_length=2, max_length=2)]
    """The two VPCs."""
    subnets: Annotated[list[str], OneOrMany()] = []
    """Tiers, of either side, whose tables get the routes; all when left out."""


class Attachment(Part):
    """One VPC joined to a transit gateway."""

    vpc: str
    """The VPC."""
    subnets: str | None = None
    """The tier whose subnets hold the attachment (one a zone); the first private one when left out."""


class TransitGateway(Part):
    """A transit gateway that joins VPCs."""

    attach: Annotated[list[Annotated[Attachment, Shorthand("vpc")]], Field(min_length=1)]
    """The VPCs attached."""
    isolated: Annotated[list[str], OneOrMany()] = []
    """Attached VPCs that reach only those not isolated (spokes that must not see each other)."""
    egress_vpc: str | None = None
    """The attached VPC through which tiers with `egress: transit_gateway` leave for the internet."""
    amazon_asn: Annotated[int, Field(ge=1)] | None = None
    """Its own number for BGP; AWS's default when left out."""


class Network(VpcNetwork):
    """The network of the system: one VPC, or several under `vpcs`."""

    vpcs: dict[str, VpcNetwork] = {}
    """Several VPCs by name, each in the shape of the concise form."""
    peerings: list[Peering] = []
    """Peering connections between VPCs of `vpcs`."""
    transit_gateway: TransitGateway | None = None
    """A transit gateway between VPCs of `vpcs`."""

    def each(self) -> dict[str, VpcNetwork]:
        """Every VPC by name; the concise form's is called `vpc`."""
        single = {SINGLE: VpcNetwork.model_construct(**{f: getattr(self, f) for f in VpcNetwork.model_fields})}
        return {**(single if self.vpc else {}), **self.vpcs}
