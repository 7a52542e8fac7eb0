"""Random networks, each twice: as the simulator's world, and as resources that the engine reads."""

from __future__ import annotations

import ipaddress
import random
from dataclasses import dataclass
from typing import Any

from archproof.resources.resource import Resource, Resources
from tests.network import simulator as sim

PORTS = (0, 22, 80, 443, 1024, 3306, 5432, 8080, 32767, 49152, 65535)
HOSTS = tuple(
    ipaddress.ip_address(a)
    for a in ("8.8.8.8", "198.18.7.7", "52.216.5.9", "3.5.0.77", "2a00:1450::9", "2606:4700::1111")
)
S3 = tuple(ipaddress.ip_network(b) for b in ("52.216.0.0/15", "3.5.0.0/19"))
ALL4, ALL6 = ipaddress.ip_network("0.0.0.0/0"), ipaddress.ip_network("::/0")
block = ipaddress.ip_network
ELB = "AWS::ElasticLoadBalancingV2::"
ZONES, KEEPS = "load_balancing.cross_zone.enabled", "preserve_client_ip.enabled"


@dataclass
class Generated:
    """A network in both shapes."""

    world: sim.World
    resources: Resources


class Maker:
    """Makes one network out of a seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.world = sim.World()
        self.resources = Resources()
        self.kinds: dict[str, str] = {}
        self.generous = self.random.choice((0.5, 0.75, 0.9))
        """How much of what may be open is."""

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def add(self, id: str, type: str, **properties: Any) -> None:
        said = {k: v for k, v in properties.items() if v is not None}
        self.resources.add(Resource(id, type if "::" in type else f"AWS::EC2::{type}", said))

    def make(self) -> Generated:
        self._vpcs()
        self._links()
        self._subnets()
        self._nats()
        self._attachments()
        self._routes()
        self._acls()
        self._groups()
        self._interfaces()
        self._balancers()
        return Generated(self.world, self.resources)

    def _vpcs(self) -> None:
        self.add("S3List", "PrefixList", PrefixListName="com.amazonaws.us-east-1.s3",
                 Entries=[{"Cidr": str(b)} for b in S3])  # fmt: skip
        for n in range(self.random.randint(1, 3)):
            id = f"V{n}"
            four, six = block(f"10.{n}.0.0/16"), block(f"2600:1f1{n}:0:100::/56")
            vpc = self.world.vpcs[id] = sim.Vpc([four])
            self.add(id, "VPC", CidrBlock=str(four))
            if self.chance(0.6):
                vpc.blocks.append(six)
                self.add(f"{id}Six", "VPCCidrBlock", VpcId={"Ref": id}, Ipv6CidrBlock=str(six), Ipv6Pool="pool")
            vpc.gateway = self.chance(0.8)
            if vpc.gateway:
                self.add(f"{id}Gate", "InternetGateway")
                self.add(
                    f"{id}GateIn", "VPCGatewayAttachment", VpcId={"Ref": id}, InternetGatewayId={"Ref": f"{id}Gate"}
                )
            vpc.egress_only = len(vpc.blocks) > 1 and self.chance(0.6)
            if vpc.egress_only:
                self.add(f"{id}Only", "EgressOnlyInternetGateway", VpcId={"Ref": id})

    def _links(self) -> None:
        names = list(self.world.vpcs)
        for i, left in enumerate(names):
            for right in names[i + 1 :]:
                if self.chance(0.5):
                    id = f"P{left}{right}"
                    self.world.peerings[id] = left, right
                    self.add(id, "VPCPeeringConnection", VpcId={"Ref": left}, PeerVpcId={"Ref": right})

    def _subnets(self) -> None:
        for vpc, held in self.world.vpcs.items():
            n = int(vpc[1:])
            for m in range(self.random.randint(2, 4)):
                id = f"{vpc}S{m}"
                blocks: list[sim.Block] = [block(f"10.{n}.{m}.0/24")]
                if len(held.blocks) > 1 and self.chance(0.8):
                    blocks.append(block(f"2600:1f1{n}:0:10{m}::/64"))
                zone = self.random.choice(("us-east-1a", "us-east-1b"))
                self.world.subnets[id] = sim.Subnet(vpc, blocks, zone, [], None)
                six = str(blocks[1]) if len(blocks) > 1 else None
                self.add(id, "Subnet", VpcId={"Ref": vpc}, CidrBlock=str(blocks[0]), AvailabilityZone=zone,
                         Ipv6CidrBlock=six)  # fmt: skip

    def _of(self, vpc: str) -> list[str]:
        return [s for s, held in self.world.subnets.items() if held.vpc == vpc]

    def _nats(self) -> None:
        for n, vpc in enumerate(self.world.vpcs):
            if not self.chance(0.6):
                continue
            id, subnet = f"{vpc}Nat", self.random.choice(self._of(vpc))
            address = self.world.subnets[subnet].blocks[0].network_address + 5
            public = ipaddress.ip_address(f"44.0.{n}.1")
            self.world.nats[id] = sim.Nat(subnet, address, public)
            self.add(f"{id}Eip", "EIP", Domain="vpc", Address=str(public))
            self.add(id, "NatGateway", SubnetId={"Ref": subnet}, PrivateIpAddress=str(address),
                     AllocationId={"Fn::GetAtt": [f"{id}Eip", "AllocationId"]})  # fmt: skip

    def _attachments(self) -> None:
        if len(self.world.vpcs) < 2 or not self.chance(0.6):
            return
        self.world.references = self.chance(0.5)
        self.add("T", "TransitGateway", DefaultRouteTableAssociation="disable", DefaultRouteTablePropagation="disable",
                 SecurityGroupReferencingSupport="enable" if self.world.references else "disable")  # fmt: skip
        tables = ["TR0", "TR1"][: self.random.randint(1, 2)]
        for table in tables:
            self.world.transit_tables[table] = []
            self.add(table, "TransitGatewayRouteTable", TransitGatewayId={"Ref": "T"})
        for vpc in self.world.vpcs:
            if self.chance(0.1):
                continue
            by_zone = {self.world.subnets[s].zone: s for s in self._of(vpc)}
            subnets = [s for s in by_zone.values() if self.chance(0.9)] or list(by_zone.values())[:1]
            id, table = f"A{vpc}", self.random.choice(tables)
            self.world.attachments[id] = sim.Attachment(vpc, subnets, table if self.chance(0.95) else "")
            self.add(id, "TransitGatewayAttachment", TransitGatewayId={"Ref": "T"}, VpcId={"Ref": vpc},
                     SubnetIds=[{"Ref": s} for s in subnets])  # fmt: skip
            if self.world.attachments[id].table:
                self.add(f"{id}In", "TransitGatewayRouteTableAssociation", TransitGatewayAttachmentId={"Ref": id},
                         TransitGatewayRouteTableId={"Ref": table})  # fmt: skip
        for table in tables:
            self._transit_table(table)

    def _transit_table(self, table: str) -> None:
        held = self.world.transit_tables[table]
        for id, attachment in self.world.attachments.items():
            if self.chance(0.85):
                held.append(sim.Route((self.world.vpcs[attachment.vpc].blocks[0],), "tgw", id))
                self.add(f"{table}{id}", "TransitGatewayRouteTablePropagation",
                         TransitGatewayAttachmentId={"Ref": id}, TransitGatewayRouteTableId={"Ref": table})  # fmt: skip
        if self.world.attachments and self.chance(0.4):
            id = self.random.choice(list(self.world.attachments))
            held.append(sim.Route((ALL4,), "tgw", id))
            self.add(f"{table}All", "TransitGatewayRoute", DestinationCidrBlock="0.0.0.0/0",
                     TransitGatewayAttachmentId={"Ref": id}, TransitGatewayRouteTableId={"Ref": table})  # fmt: skip
        if self.chance(0.2):
            hole = self.random.choice(list(self.world.subnets.values())).blocks[0]
            held.append(sim.Route((hole,), "blackhole"))
            self.add(f"{table}Hole", "TransitGatewayRoute", DestinationCidrBlock=str(hole), Blackhole=True,
                     TransitGatewayRouteTableId={"Ref": table})  # fmt: skip

    # -- routes

    def _routes(self) -> None:
        for vpc in self.world.vpcs:
            tables: list[tuple[str, list[sim.Route]]] = []
            for subnet in self._of(vpc):
                if tables and self.chance(0.3):
                    id, routes = self.random.choice(tables)
                else:
                    id, routes = f"{subnet}R", []
                    self.add(id, "RouteTable", VpcId={"Ref": vpc})
                    self._table(id, routes, vpc)
                    tables.append((id, routes))
                self.world.subnets[subnet].table = routes
                self.add(
                    f"{subnet}In", "SubnetRouteTableAssociation", SubnetId={"Ref": subnet}, RouteTableId={"Ref": id}
                )

    def _table(self, id: str, routes: list[sim.Route], vpc: str) -> None:
        held, taken = self.world.vpcs[vpc], set[str]()

        def route(where: sim.Block, kind: str, target: str = "", **said: Any) -> None:
            if str(where) in taken:
                return
            taken.add(str(where))
            routes.append(sim.Route((where,), kind, target))
            key = "DestinationCidrBlock" if where.version == 4 else "DestinationIpv6CidrBlock"
            self.add(f"{id}{len(routes)}", "Route", RouteTableId={"Ref": id}, **{key: str(where)}, **said)

        nats = [n for n, nat in self.world.nats.items() if self.world.subnets[nat.subnet].vpc == vpc]
        attached = any(a.vpc == vpc for a in self.world.attachments.values())
        if held.gateway and self.chance(0.6):
            route(ALL4, "igw", GatewayId={"Ref": f"{vpc}Gate"})
        elif nats and self.chance(0.8):
            route(ALL4, "nat", nats[0], NatGatewayId={"Ref": nats[0]})
        elif attached and self.chance(0.7):
            route(ALL4, "tgw", TransitGatewayId={"Ref": "T"})
        if len(held.blocks) > 1 and held.gateway and self.chance(0.6):
            route(ALL6, "igw", GatewayId={"Ref": f"{vpc}Gate"})
        elif held.egress_only:
            route(ALL6, "eigw", EgressOnlyInternetGatewayId={"Ref": f"{vpc}Only"})
        for name, ends in self.world.peerings.items():
            if vpc in ends and self.chance(0.9):
                other = ends[1] if ends[0] == vpc else ends[0]
                for where in self.world.vpcs[other].blocks:
                    if self.chance(0.9):
                        route(where, "pcx", name, VpcPeeringConnectionId={"Ref": name})
        if attached and self.chance(0.8):
            route(block("10.0.0.0/8"), "tgw", TransitGatewayId={"Ref": "T"})
        if self.chance(0.15):
            where = self.random.choice([*(s.blocks[0] for s in self.world.subnets.values()), block("8.8.8.0/24")])
            route(where, "blackhole", NetworkInterfaceId="eni-gone")
            self.resources[f"{id}{len(routes)}"].attributes["State"] = "blackhole"
        if nats and self.chance(0.2):
            route(block("198.18.0.0/15"), "nat", nats[0], NatGatewayId={"Ref": nats[0]})
        if self.chance(0.3):
            routes.append(sim.Route(S3, "s3"))
            self.add(f"{id}Bucket", "VPCEndpoint", VpcId={"Ref": vpc}, VpcEndpointType="Gateway",
                     ServiceName="com.amazonaws.us-east-1.s3", RouteTableIds=[{"Ref": id}])  # fmt: skip

    # -- ACLs and groups

    def _somewhere(self) -> sim.Block:
        """A block that a rule may name."""
        pick = self.random.random()
        if pick < 0.3:
            return ALL4
        if pick < 0.4:
            return ALL6
        if pick < 0.6:
            return self.random.choice([b for v in self.world.vpcs.values() for b in v.blocks])
        if pick < 0.85:
            return self.random.choice([b for s in self.world.subnets.values() for b in s.blocks])
        return self.random.choice(
            [block("10.0.0.0/8"), block("8.0.0.0/7"), block("44.0.0.0/16"), block("2000::/3"), *S3]
        )

    def _span(self) -> tuple[str, int, int]:
        """A protocol and its ports."""
        pick = self.random.random()
        if pick < 0.35:
            return "all", 0, 65535
        protocol = self.random.choice(("tcp", "tcp", "tcp", "udp", "icmp"))
        if protocol == "icmp":
            return protocol, -1, -1
        if pick < 0.6:
            return protocol, 0, 65535
        first, last = sorted(self.random.sample(PORTS, 2))
        return (protocol, first, last) if pick < 0.85 else (protocol, first, first)

    def _acls(self) -> None:
        numbers = {"all": -1, "tcp": 6, "udp": 17, "icmp": 1}
        for id, subnet in self.world.subnets.items():
            if not self.chance(0.4):
                continue
            acl = subnet.acl = sim.Acl()
            self.add(f"{id}Acl", "NetworkAcl", VpcId={"Ref": subnet.vpc})
            self.add(
                f"{id}AclIn", "SubnetNetworkAclAssociation", SubnetId={"Ref": id}, NetworkAclId={"Ref": f"{id}Acl"}
            )
            for direction, held in (("ingress", acl.ingress), ("egress", acl.egress)):
                entries = [
                    (*self._span(), self._somewhere(), self.chance(0.6)) for _ in range(self.random.randint(0, 4))
                ]
                if self.chance(self.generous):
                    entries.append(("all", 0, 65535, ALL4, True))
                    entries.append(("all", 0, 65535, ALL6, True))
                elif self.chance(0.7):
                    entries.append(("tcp", 1024, 65535, ALL4, True))
                for position, (protocol, first, last, where, allow) in enumerate(entries):
                    number = 100 + position * 10
                    held.append(sim.AclRule(number, allow, protocol, first, last, where))
                    self.add(
                        f"{id}Acl{direction.capitalize()}{number}", "NetworkAclEntry", NetworkAclId={"Ref": f"{id}Acl"},
                        RuleNumber=number, Egress=direction == "egress", RuleAction="allow" if allow else "deny",
                        Protocol=numbers[protocol],
                        PortRange={"From": first, "To": last} if protocol in ("tcp", "udp") else None,
                        Icmp={"Type": -1, "Code": -1} if protocol == "icmp" else None,
                        **{"CidrBlock" if where.version == 4 else "Ipv6CidrBlock": str(where)},
                    )  # fmt: skip

    def _groups(self) -> None:
        names = [f"{vpc}G{n}" for vpc in self.world.vpcs for n in range(self.random.randint(2, 4))]
        for name in names:
            group = self.world.groups[name] = sim.Group()
            said: dict[str, list[dict[str, Any]]] = {"Ingress": [], "Egress": []}
            for direction, held in (("Ingress", group.ingress), ("Egress", group.egress)):
                for _ in range(self.random.randint(0, 4)):
                    protocol, first, last = self._span()
                    peer: sim.Block | str = self.random.choice(names) if self.chance(0.35) else self._somewhere()
                    held.append(sim.Rule(protocol, first, last, peer))
                    said[direction].append(self._rule(direction, protocol, first, last, peer))
                if self.chance(self.generous if direction == "Egress" else self.generous / 2):
                    for where in (ALL4, ALL6):
                        held.append(sim.Rule("all", 0, 65535, where))
                        said[direction].append(self._rule(direction, "all", 0, 65535, where))
            self.add(name, "SecurityGroup", VpcId={"Ref": name.partition("G")[0]}, GroupDescription="g",
                     SecurityGroupIngress=said["Ingress"], SecurityGroupEgress=said["Egress"])  # fmt: skip

    def _rule(self, direction: str, protocol: str, first: int, last: int, peer: sim.Block | str) -> dict[str, Any]:
        rule: dict[str, Any] = {"IpProtocol": "-1" if protocol == "all" else protocol}
        if protocol != "all":
            rule |= {"FromPort": first, "ToPort": last}
        if isinstance(peer, str):
            side = "Source" if direction == "Ingress" else "Destination"
            return rule | {f"{side}SecurityGroupId": {"Fn::GetAtt": [peer, "GroupId"]}}
        return rule | {"CidrIp" if peer.version == 4 else "CidrIpv6": str(peer)}

    def _interfaces(self) -> None:
        count = 0
        for id, subnet in self.world.subnets.items():
            for n in range(self.random.randint(1, 3)):
                name, count = f"{id}I{n}", count + 1
                addresses: list[sim.Address] = [subnet.blocks[0].network_address + 20 + n]
                if len(subnet.blocks) > 1:
                    addresses.append(subnet.blocks[1].network_address + 20 + n)
                public = ipaddress.ip_address(f"44.1.0.{count}") if self.chance(0.4) else None
                mine = [g for g in self.world.groups if g.startswith(f"{subnet.vpc}G")]
                groups = self.random.sample(mine, self.random.randint(1, 2))
                self.world.interfaces[name] = sim.Interface(id, addresses, public, groups)
                self.add(
                    name, "Instance", SubnetId={"Ref": id}, PrivateIpAddress=str(addresses[0]),
                    Ipv6Addresses=[{"Ipv6Address": str(a)} for a in addresses[1:]] or None,
                    SecurityGroupIds=[{"Fn::GetAtt": [g, "GroupId"]} for g in groups],
                )  # fmt: skip
                if public is not None:
                    self.add(f"{name}Eip", "EIP", Domain="vpc", InstanceId={"Ref": name}, Address=str(public))

    # -- load balancers

    def _balancers(self) -> None:
        self.interfaces = list(self.world.interfaces)
        for vpc in self.world.vpcs:
            for n in range(self.random.choice((0, 1, 1, 2))):
                self._balancer(vpc, f"{vpc}B{n}", self.random.choice(("alb", "nlb")))
            inner = [b for b in self.world.balancers if b.startswith(f"{vpc}B") and self.kinds[b] == "alb"]
            if inner and self.chance(0.5):
                self._balancer(vpc, f"{vpc}Front", "nlb", inner)

    def _balancer(self, vpc: str, id: str, kind: str, inner: list[str] | None = None) -> None:
        by_zone = {self.world.subnets[s].zone: s for s in self.random.sample(self._of(vpc), len(self._of(vpc)))}
        subnets = list(by_zone.values())[: 1 if self.chance(0.2) else 2]
        outward = self.chance(0.5)
        mine = [g for g in self.world.groups if g.startswith(f"{vpc}G")]
        groups = self.random.sample(mine, 1) if kind == "alb" or self.chance(0.5) else []
        double = kind == "alb" and self.chance(0.5)
        crosses = self.random.choice((None, True, False)) if kind == "nlb" else None
        held = self.world.balancers[id] = sim.Balancer([], kind == "alb" if crosses is None else crosses)
        self.kinds[id] = kind
        mappings: list[dict[str, Any]] = []
        number = len(self.world.balancers)
        for position, subnet in enumerate(subnets):
            node = f"{id}@{subnet}"
            blocks = self.world.subnets[subnet].blocks
            addresses: list[sim.Address] = [blocks[0].network_address + 100 + number]
            if double and len(blocks) > 1:
                addresses.append(blocks[1].network_address + 100 + number)
            public = ipaddress.ip_address(f"44.2.{number}.{position + 1}") if outward else None
            self.world.interfaces[node] = sim.Interface(subnet, addresses, public, groups, bool(groups))
            held.nodes.append(node)
            said: dict[str, Any] = {"SubnetId": {"Ref": subnet}}
            if kind == "nlb":
                said["PrivateIPv4Address"] = str(addresses[0])
                if public is not None:
                    eip = f"{id}{subnet}Eip"
                    self.add(eip, "EIP", Domain="vpc", Address=str(public))
                    said["AllocationId"] = {"Fn::GetAtt": [eip, "AllocationId"]}
            mappings.append(said)
        self.add(
            id, f"{ELB}LoadBalancer", Type="application" if kind == "alb" else "network",
            Scheme="internet-facing" if outward else "internal", SubnetMappings=mappings,
            IpAddressType="dualstack" if double else None,
            SecurityGroups=[{"Fn::GetAtt": [g, "GroupId"]} for g in groups] or None,
            LoadBalancerAttributes=None if crosses is None else [self._attribute(ZONES, crosses)],
        )  # fmt: skip
        ports = self.random.sample(PORTS[1:-1], 2)
        for position, port in enumerate(ports):
            self._listener(vpc, id, kind, position, port, inner)

    @staticmethod
    def _attribute(key: str, value: bool) -> dict[str, str]:
        return {"Key": key, "Value": str(value).lower()}

    def _listener(self, vpc: str, id: str, kind: str, position: int, port: int, inner: list[str] | None) -> None:
        protocol = self.random.choice(("TCP", "TCP", "TLS", "UDP", "TCP_UDP")) if kind == "nlb" else "HTTP"
        if inner:
            protocol = "TCP"
        groups = []
        for n in range(self.random.choice((0, 1, 1, 1, 2)) if not inner else 1):
            groups.append(f"{id}L{position}T{n}")
            self._target_group(vpc, groups[-1], protocol, kind, inner)
        for carried in {"UDP": ("udp",), "TCP_UDP": ("tcp", "udp")}.get(protocol, ("tcp",)):
            self.world.balancers[id].listeners[carried, port] = groups
        forward = {
            "Type": "forward",
            "ForwardConfig": {"TargetGroups": [{"TargetGroupArn": {"Ref": g}} for g in groups]},
        }
        self.add(f"{id}L{position}", f"{ELB}Listener", LoadBalancerArn={"Ref": id}, Port=port, Protocol=protocol,
                 DefaultActions=[forward if groups else {"Type": "fixed-response"}])  # fmt: skip

    def _target_group(self, vpc: str, id: str, protocol: str, kind: str, inner: list[str] | None) -> None:
        port = self.random.choice(PORTS[1:-1])
        near = [i for i in self.interfaces if self.world.subnets[self.world.interfaces[i].subnet].vpc == vpc]
        type = "alb" if inner else self.random.choice(("instance", "ip"))
        far = type == "ip" and self.chance(0.3)
        pool = inner or (self.interfaces if far else near)
        chosen = self.random.sample(pool, 1 if inner else min(len(pool), self.random.randint(1, 4)))
        if inner:
            port = self.random.choice([p for _, p in self.world.balancers[chosen[0]].listeners])
        targets, said = [], []
        for name in chosen:
            own = self.random.choice(PORTS[1:-1]) if not inner and self.chance(0.3) else None
            targets.append((name, own or port))
            address = str(self.world.interfaces[name].addresses[0]) if type == "ip" else {"Ref": name}
            said.append({"Id": address} | ({"Port": own} if own is not None else {}))
        keeps: bool | None = None
        if kind == "nlb" and protocol in ("TCP", "TLS") and not far and not inner:
            keeps = self.random.choice((None, True, False))
        always = kind == "nlb" and (protocol in ("UDP", "TCP_UDP") or type == "alb")
        if always and far:
            return self._target_group(vpc, id, protocol, kind, inner)
        real = always or (kind == "nlb" and (type == "instance" if keeps is None else keeps))
        crosses = self.random.choice((None, None, True, False)) if not inner else None
        self.world.target_groups[id] = sim.TargetGroup(targets, real, crosses)
        attributes = [
            self._attribute(key, value) for key, value in ((KEEPS, keeps), (ZONES, crosses)) if value is not None
        ]
        self.add(id, f"{ELB}TargetGroup", TargetType=type, Port=port, VpcId={"Ref": vpc}, Targets=said,
                 Protocol="TCP" if protocol == "TLS" else protocol,
                 TargetGroupAttributes=attributes or None)  # fmt: skip
        return None


def make(seed: int) -> Generated:
    """The network of a seed."""
    return Maker(seed).make()
