"""Reading network interfaces: for each resource that has some, where they stand and whether the internet knows them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archproof.iam.truth import some
from archproof.network.addresses import Span, parse
from archproof.network.fabric import Fabric, Group, Interface, Nat, Subnet, Truth
from archproof.resources.network_types import Interfaces
from archproof.resources.resource import Path, Resource, Resources
from archproof.resources.topology import Topology
from archproof.resources.values import UNKNOWN, items, known, name_of, sure

NAT = "AWS::EC2::NatGateway"
BALANCER = "AWS::ElasticLoadBalancingV2::LoadBalancer"
CLASSIC = "AWS::ElasticLoadBalancing::LoadBalancer"
DATABASE = "AWS::RDS::DBInstance"
_NEVER_PUBLIC = ("AWS::Lambda::Function", "AWS::Serverless::Function")
_PUBLIC: dict[str, tuple[Path, tuple[Any, ...]]] = {
    "AWS::RDS::DBInstance": (("PubliclyAccessible",), (True, "true")),
    "AWS::RDS::DBCluster": (("PubliclyAccessible",), (True, "true")),
    "AWS::Redshift::Cluster": (("PubliclyAccessible",), (True, "true")),
    "AWS::DMS::ReplicationInstance": (("PubliclyAccessible",), (True, "true")),
    "AWS::AmazonMQ::Broker": (("PubliclyAccessible",), (True, "true")),
    "AWS::ECS::Service": (("NetworkConfiguration", "AwsvpcConfiguration", "AssignPublicIp"), ("ENABLED",)),
}
"""Types that say themselves whether their interfaces get a public address: the property, and the values for yes."""
_BY_SUBNET = ("AWS::EC2::Instance", "AWS::AutoScaling::AutoScalingGroup", "AWS::EC2::NetworkInterface")
"""Types whose interfaces follow the subnet where nothing else is said."""
_DUAL_STACK: dict[str, tuple[tuple[Path, tuple[str, ...]], ...]] = {
    "AWS::Lambda::Function": ((("VpcConfig", "Ipv6AllowedForDualStack"), ("true",)),),
    "AWS::Serverless::Function": ((("VpcConfig", "Ipv6AllowedForDualStack"), ("true",)),),
    "AWS::ElasticLoadBalancingV2::LoadBalancer": (
        (("IpAddressType",), ("dualstack", "dualstack-without-public-ipv4")),
    ),
    "AWS::EC2::VPCEndpoint": ((("IpAddressType",), ("dualstack", "ipv6")),),
    "AWS::RDS::DBInstance": ((("NetworkType",), ("dual",)),),
    "AWS::RDS::DBCluster": ((("NetworkType",), ("dual",)),),
    "AWS::ElastiCache::ReplicationGroup": ((("NetworkType",), ("dual_stack", "ipv6")),),
    "AWS::EFS::MountTarget": ((("IpAddressType",), ("dual_stack", "ipv6_only")),),
    "AWS::EC2::Instance": ((("Ipv6AddressCount",), ()), (("Ipv6Addresses",), ())),
    "AWS::EC2::NetworkInterface": ((("Ipv6AddressCount",), ()), (("Ipv6Addresses",), ())),
}
"""Types whose interfaces may have IPv6 addresses: the properties that say so, with the values that mean yes."""
_INSTANCE = "AWS::EC2::Instance"
_DEFAULT = "default:"
"""What the ids of the groups begin with that AWS makes for VPCs."""
_TRANSIT = ("AWS::EC2::TransitGatewayAttachment", "AWS::EC2::TransitGatewayVpcAttachment")


def read(resources: Resources, topology: Topology, fabric: Fabric) -> None:
    """Add every interface of `resources` to `fabric`, NAT gateways among them."""
    reader = _Owners(resources, fabric)
    entries = dict(topology.interfaces)
    for resource in resources.of_type("AWS::AutoScaling::AutoScalingGroup"):
        held = entries.get(resource.logical_id)
        if held is not None:
            entries[resource.logical_id] = reader.launched(held)
    for resource in resources.of_type(_INSTANCE):
        held = reader.started(resource, entries.get(resource.logical_id))
        if held is not None:
            entries[resource.logical_id] = held
    attached = _attached(resources)
    for resource in resources.of_type(DATABASE):
        clustered = _clustered(resources, entries, resource)
        if clustered is not None:
            entries[resource.logical_id] = clustered
    for resource in resources.of_type("AWS::SecretsManager::RotationSchedule"):
        if resource.has("HostedRotationLambda", "VpcSubnetIds"):
            entries[resource.logical_id] = _hosted(resources, resource)
    live: dict[str, list[Interface]] = {}
    beside: dict[str, list[Interface]] = {}
    for id, entry in entries.items():
        if entry.resource.type in _TRANSIT or not entry.subnets or _stands_for(resources, entry.resource):
            continue
        holder = entry.resource.attributes.get("Holder")
        joined = attached.get(id)
        found = list(reader.interfaces(entry, joined or resources.all.get(str(holder))))
        if found and joined is not None:
            beside.setdefault(joined.logical_id, []).extend(found)
            fabric.parts[id] = found
        elif found and holder is not None:
            live.setdefault(holder, []).extend(found)
            fabric.parts[id] = found
        elif found:
            fabric.interfaces[id] = found
    # the interfaces that an account tells are those of its instances, each with its own groups
    fabric.interfaces.update(live)
    for id, found in beside.items():
        fabric.interfaces[id] = [*fabric.interfaces.get(id, ()), *found]
    for resource in resources.of_type(NAT):
        held_interfaces = fabric.interfaces.get(resource.logical_id)
        if held_interfaces:
            public = known(resources, resource.get("ConnectivityType")) != "private"
            fabric.nats[resource.logical_id] = Nat(resource.logical_id, resource, held_interfaces[0], public)


def _attached(resources: Resources) -> dict[str, Resource]:
    """The instances that interfaces of their own are attached to, by the interface."""
    found: dict[str, Resource] = {}
    for instance in resources.of_type(_INSTANCE):
        for entry in items(resources, instance.get("NetworkInterfaces")) or ():
            held = resources.target(entry.get("NetworkInterfaceId")) if isinstance(entry, dict) else None
            if held is not None:
                found[held.logical_id] = instance
    for joint in resources.of_type("AWS::EC2::NetworkInterfaceAttachment"):
        holder, held = resources.target(joint.get("InstanceId")), resources.target(joint.get("NetworkInterfaceId"))
        if holder is not None and held is not None and holder.type == _INSTANCE:
            found[held.logical_id] = holder
    return found


_MADE = {
    "ELB ": (BALANCER, CLASSIC), "Interface for NAT Gateway": (NAT,),
    "VPC Endpoint Interface": ("AWS::EC2::VPCEndpoint",),
    "AWS Lambda VPC ENI": ("AWS::Lambda::Function",), "EFS mount target": ("AWS::EFS::MountTarget",),
    "Network Interface for Transit Gateway": _TRANSIT, "RDSNetworkInterface": ("AWS::RDS::DBInstance",),
    "ElastiCache": ("AWS::ElastiCache::ReplicationGroup", "AWS::ElastiCache::CacheCluster"),
}  # fmt: skip
"""How descriptions begin of the interfaces that AWS makes for other resources, and the types of those."""


def _stands_for(resources: Resources, interface: Resource) -> bool:
    """Whether an interface that AWS made is one of another resource here, which has it already."""
    if interface.made_by != "aws" or "Holder" in interface.attributes:
        return False
    said = str(interface.get("Description"))
    return any(said.startswith(begin) and resources.of_type(*types) for begin, types in _MADE.items())


def _clustered(resources: Resources, entries: dict[str, Interfaces], database: Resource) -> Interfaces | None:
    """The interfaces of a database in a cluster: it has the cluster's groups, and its subnets where it says none."""
    cluster = resources.target(database.get("DBClusterIdentifier"))
    held = entries.get(cluster.logical_id) if cluster is not None else None
    if held is None:
        return None
    own = entries.get(database.logical_id)
    subnets, path = (own.subnets, own.subnet_path) if own is not None and own.subnets else (held.subnets, ())
    groups = own.groups if own is not None and own.groups else held.groups
    return Interfaces(database, subnets, groups, held.complete and (own is None or own.complete), path)


def _hosted(resources: Resources, schedule: Resource) -> Interfaces:
    """The interfaces of the rotation function that AWS makes for a secret: its lists are texts with commas."""
    found: list[list[str]] = []
    complete = True
    for key in ("VpcSubnetIds", "VpcSecurityGroupIds"):
        said = schedule.get("HostedRotationLambda", key)
        value = known(resources, said)
        named = [r.logical_id for r in resources.targets(said)]
        if isinstance(value, str):
            named = [part.strip() for part in value.split(",") if part.strip()]
        complete = complete and bool(named)
        found.append(named)
    return Interfaces(schedule, found[0], found[1], complete, ("HostedRotationLambda", "VpcSubnetIds"))


class _Owners:
    def __init__(self, resources: Resources, fabric: Fabric) -> None:
        self.resources = resources
        self.fabric = fabric
        self.perhaps: set[str] = set()
        """What an elastic address is associated with under a condition that is not known."""
        self.elastic = self._elastic()

    def _elastic(self) -> dict[str, tuple[Span, ...]]:
        """Elastic addresses by what they are associated with (an instance, an interface, a NAT gateway)."""
        found: dict[str, tuple[Span, ...]] = {}
        for type, keys in (
            ("AWS::EC2::EIP", ("InstanceId", "NetworkInterfaceId")),
            ("AWS::EC2::EIPAssociation", ("InstanceId", "NetworkInterfaceId")),
        ):
            for resource in self.resources.of_type(type):
                where = self._elastic_address(resource)
                for key in keys:
                    owner = name_of(self.resources, resource.get(key))
                    if owner is not None and not sure(self.resources, resource, self.resources.all.get(owner)):
                        self.perhaps.add(owner)
                    elif owner is not None:
                        found[owner] = (*found.get(owner, ()), *((where,) if where else ()))
        for gateway in self.resources.of_type(NAT):
            held = self.resources.target(gateway.get("AllocationId"))
            where = self._elastic_address(held) if held is not None else None
            if where is not None:
                found[gateway.logical_id] = (where,)
        return found

    def _elastic_address(self, resource: Resource) -> Span | None:
        """The address of an elastic address or of its association, where a source tells it."""
        allocated = self.resources.target(resource.get("AllocationId"))
        for holder in (resource, *((allocated,) if allocated is not None else ())):
            for said in (holder.get("PublicIp"), holder.get("Address"), holder.get("EIP"),
                         holder.attributes.get("PublicIp"), holder.physical_id):  # fmt: skip
                value = known(self.resources, said)
                where = parse(value) if isinstance(value, str) else None
                if where is not None:
                    return where
        return None

    def launched(self, entry: Interfaces) -> Interfaces:
        """The interfaces of an Auto Scaling group, with the groups that its launch template says."""
        template = self._template(entry.resource)
        if template is None:
            return Interfaces(entry.resource, entry.subnets, entry.groups, False, entry.subnet_path)
        groups: list[str] = []
        complete = entry.complete
        for path in _template_groups(template):
            said = items(self.resources, template.get(*path))
            names = [name_of(self.resources, g) for g in said or ()]
            complete = complete and said is not None and None not in names
            groups += [n for n in names if n is not None]
        return Interfaces(entry.resource, entry.subnets, groups, complete, entry.subnet_path, ())

    def started(self, instance: Resource, entry: Interfaces | None) -> Interfaces | None:
        """The interfaces of an instance that a launch template says more of; None for others."""
        if not instance.has("LaunchTemplate") or (entry is not None and entry.subnets and entry.groups):
            return None
        template = self._template(instance)
        if template is None:
            return Interfaces(instance, entry.subnets, entry.groups, False, entry.subnet_path) if entry else None
        subnets, complete = (list(entry.subnets), entry.complete) if entry is not None else ([], True)
        path = entry.subnet_path if entry is not None else ()
        for at in () if path else _expand(template, (("LaunchTemplateData", "NetworkInterfaces", "*", "SubnetId"),)):
            name = name_of(self.resources, template.get(*at))
            complete = complete and name is not None
            subnets += [name] if name is not None else []
            path = ("LaunchTemplate",)
        if not subnets:
            return None
        held = Interfaces(instance, subnets, entry.groups if entry is not None else [], complete, path)
        return held if held.groups else self.launched(held)

    def _template(self, group: Resource) -> Resource | None:
        for path in (
            ("LaunchTemplate", "LaunchTemplateId"), ("LaunchTemplate", "LaunchTemplateName"),
            ("MixedInstancesPolicy", "LaunchTemplate", "LaunchTemplateSpecification", "LaunchTemplateId"),
            ("LaunchConfigurationName",),
        ):  # fmt: skip
            if group.has(*path):
                return self.resources.target(group.get(*path))
        return None

    def interfaces(self, entry: Interfaces, holder: Resource | None = None) -> Iterator[Interface]:
        """One interface for each subnet of a resource; `holder`: the instance that it is attached to."""
        owner = entry.resource
        single = owner.type in (
            "AWS::EC2::Instance", "AWS::EC2::NetworkInterface", NAT, BALANCER, "AWS::EFS::MountTarget"
        )  # fmt: skip
        groups, filtered = self._groups(entry)
        for id in entry.subnets:
            subnet = self.fabric.subnets.get(id)
            if subnet is None:
                continue
            own, public = self._addresses(owner, subnet)
            six = self._six(owner, subnet)
            spans = own or tuple(s for s in subnet.spans if s.version == 4 or six is not False)
            yield Interface(
                holder or owner, subnet, spans, groups or self._default(subnet, filtered), filtered, entry.complete,
                self._public(owner, subnet, public), public, bool(own) and single,
                owner.type in (NAT, BALANCER, CLASSIC), True if own else six,
            )  # fmt: skip

    def _six(self, owner: Resource, subnet: Subnet) -> Truth:
        """Whether the interfaces of a resource get an IPv6 address where the subnet has some."""
        if owner.type == "AWS::ECS::Service":
            return None  # a setting of the account decides
        for path, yes in _DUAL_STACK.get(owner.type, ()):
            said = known(self.resources, owner.get(*path))
            if said is UNKNOWN:
                return None
            if said is not None:
                return str(said).lower() in yes if yes else bool(said)
        if owner.type in _BY_SUBNET:
            given = known(self.resources, subnet.resource.get("AssignIpv6AddressOnCreation"))
            return None if given is UNKNOWN else given in (True, "true")
        return False

    def _groups(self, entry: Interfaces) -> tuple[tuple[str, ...], bool]:
        """The groups of a resource, and whether groups apply to it at all."""
        owner = entry.resource
        for id in entry.groups:
            if id not in self.fabric.groups and id.startswith(_DEFAULT):
                self._given(id.removeprefix(_DEFAULT))
            elif id not in self.fabric.groups:
                self.fabric.groups[id] = Group(id, None, complete=False)
        kind = known(self.resources, owner.get("Type"))
        unfiltered = owner.type == NAT or (owner.type == BALANCER and kind in ("network", "gateway"))
        return tuple(entry.groups), bool(entry.groups) or not unfiltered

    def _default(self, subnet: Subnet, filtered: bool) -> tuple[str, ...]:
        """The default group of a VPC, which what names no group has: its members reach each other and everything."""
        if not filtered:
            return ()
        for group in self.fabric.groups.values():
            if group.vpc == subnet.vpc and group.resource is not None and self._is_default(group.resource):
                return (group.id,)
        return (self._given(subnet.vpc),)

    def _is_default(self, group: Resource) -> bool:
        """Whether a group is the one that AWS made with its VPC: by its name, or as Terraform takes it over."""
        said = [known(self.resources, group.get(key)) for key in ("GroupName", "GroupDescription")]
        return said[0] == "default" or (said[0] is None and said[1] == "default VPC security group")

    def _given(self, vpc: str | None) -> str:
        """The default group that AWS makes for a VPC."""
        id = f"{_DEFAULT}{vpc}"
        self.fabric.groups.setdefault(id, Group(id, None, vpc, egress_open=True, self_open=True))
        return id

    def _addresses(self, owner: Resource, subnet: Subnet) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
        """The private and the public addresses that a source tells; nothing where they are assigned later."""
        private: list[Span] = []
        for path in _expand(owner, _PRIVATE_PATHS):
            found = known(self.resources, owner.get(*path))
            where = parse(found) if isinstance(found, str) else None
            if where is not None and any(s.covers(where) for s in subnet.spans):
                private.append(where)
        for text in owner.attributes.get("PrivateAddresses", ()):
            where = parse(text)
            if where is not None and any(s.covers(where) for s in subnet.spans):
                private.append(where)
        mapped, elastic = self._mapped(owner, subnet)
        private += mapped
        public = [*self.elastic.get(owner.logical_id, ()), *elastic]
        for said in (owner.attributes.get("PublicIpAddress"), owner.attributes.get("PublicIp"),
                     *owner.attributes.get("PublicAddresses", ())):  # fmt: skip
            where = parse(said) if isinstance(said, str) else None
            if where is not None:
                public.append(where)
        return tuple(dict.fromkeys(private)), tuple(dict.fromkeys(public))

    def _mapped(self, owner: Resource, subnet: Subnet) -> tuple[list[Span], list[Span]]:
        """The private and the public addresses that a load balancer is given in a subnet."""
        private: list[Span] = []
        public: list[Span] = []
        for entry in items(self.resources, owner.get("SubnetMappings")) or () if owner.type == BALANCER else ():
            if not isinstance(entry, dict) or name_of(self.resources, entry.get("SubnetId")) != subnet.id:
                continue
            for key in ("PrivateIPv4Address", "IPv6Address"):
                said = known(self.resources, entry.get(key))
                where = parse(said) if isinstance(said, str) else None
                if where is not None:
                    private.append(where)
            held = self.resources.target(entry.get("AllocationId"))
            where = self._elastic_address(held) if held is not None else None
            if where is not None:
                public.append(where)
        if private and not any(s.version == 6 for s in private) and self._six(owner, subnet) is not False:
            private += [s for s in subnet.spans if s.version == 6]
        return private, public

    def _public(self, owner: Resource, subnet: Subnet, addresses: tuple[Span, ...]) -> Truth:
        """Whether the interfaces of a resource in a subnet have a public IPv4 address."""
        if owner.type in _NEVER_PUBLIC:
            return False
        if owner.type not in (BALANCER, CLASSIC) and (addresses or owner.logical_id in self.elastic):
            return True
        if owner.type == NAT:
            return bool(known(self.resources, owner.get("ConnectivityType")) != "private")
        if owner.logical_id in self.perhaps:
            return None
        if owner.type in (BALANCER, CLASSIC):
            scheme = known(self.resources, owner.get("Scheme"))
            return None if scheme is UNKNOWN else scheme != "internal"
        if owner.type == "AWS::RDS::DBCluster" and not owner.has("PubliclyAccessible"):
            members = self.resources.users(owner, "AWS::RDS::DBInstance")
            if members:  # a cluster is met at its instances
                return some(self._public(member, subnet, ()) for member in members)
        if owner.type in _PUBLIC:
            path, yes = _PUBLIC[owner.type]
            said = known(self.resources, owner.get(*path))
            if said is UNKNOWN:
                return None
            # a database of a VPC with an internet gateway is public where nothing is said
            if said is None and owner.type.startswith("AWS::RDS::"):
                vpc = self.fabric.vpcs.get(subnet.vpc or "")
                return None if vpc is not None and vpc.internet_gateways else False
            return said in yes
        if owner.type in _BY_SUBNET:
            return self._launched_public(owner, subnet)
        return False

    def _launched_public(self, owner: Resource, subnet: Subnet) -> Truth:
        """What the launch says of a public address, else what the subnet gives."""
        if owner.physical_id and owner.type != "AWS::AutoScaling::AutoScalingGroup":
            return False  # a live interface tells its public address, where it has one
        holder = owner
        if owner.type == "AWS::AutoScaling::AutoScalingGroup" or owner.has("LaunchTemplate"):
            template = self._template(owner)
            if template is None:
                return None
            holder = template
            if owner.has("NetworkInterfaces"):
                holder = owner
        for path in (*_expand(holder, _PUBLIC_PATHS),):
            said = known(self.resources, holder.get(*path))
            return None if said is UNKNOWN else said in (True, "true")
        given = known(self.resources, subnet.resource.get("MapPublicIpOnLaunch"))
        if owner.type == "AWS::EC2::NetworkInterface":
            return False
        return None if given is UNKNOWN else given in (True, "true")


_PRIVATE_PATHS: tuple[Path, ...] = (
    ("PrivateIpAddress",), ("PrivateIpAddresses", "*", "PrivateIpAddress"), ("IpAddress",),
    ("NetworkInterfaces", "*", "PrivateIpAddress"), ("Ipv6Addresses", "*", "Ipv6Address"),
    ("NetworkInterfaces", "*", "Ipv6Addresses", "*", "Ipv6Address"),
)  # fmt: skip
_PUBLIC_PATHS: tuple[Path, ...] = (
    ("NetworkInterfaces", "*", "AssociatePublicIpAddress"),
    ("LaunchTemplateData", "NetworkInterfaces", "*", "AssociatePublicIpAddress"),
    ("AssociatePublicIpAddress",),
)


def _template_groups(template: Resource) -> list[Path]:
    """Where a launch template or configuration says security groups."""
    paths: tuple[Path, ...] = (
        ("LaunchTemplateData", "SecurityGroupIds"), ("LaunchTemplateData", "NetworkInterfaces", "*", "Groups"),
        ("SecurityGroups",),
    )  # fmt: skip
    return list(_expand(template, paths))


def _expand(resource: Resource, paths: tuple[Path, ...]) -> Iterator[Path]:
    """The paths of these that a resource has, `*` standing for every entry of a list."""
    for path in paths:
        if "*" not in path:
            if resource.has(*path):
                yield path
            continue
        at = path.index("*")
        held = resource.get(*path[:at])
        for position in range(len(held) if isinstance(held, list) else 0):
            yield from _expand(resource, ((*path[:at], position, *path[at + 1 :]),))


def switch(owner: Resource) -> str | None:
    """The property by which a resource says that it has no public address (`PubliclyAccessible`); None for others."""
    path, yes = _PUBLIC.get(owner.type, ((), ()))
    return str(path[-1]) if path and owner.get(*path) not in yes else None
