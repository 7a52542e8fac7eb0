"""Route tables, routes, network ACLs and what they are associated with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archproof.resources.resource import Path, Resource
from archproof.sources.terraform.made import forget, is_absent
from archproof.sources.terraform.mapping import Mapping, Merge
from archproof.sources.terraform.types.security_groups import PROTOCOLS
from archproof.sources.terraform.types.vpc import attachment

if TYPE_CHECKING:
    from archproof.sources.terraform.item import Item
    from archproof.sources.terraform.made import Made

TYPES = (
    "aws_route_table", "aws_default_route_table", "aws_route", "aws_route_table_association",
    "aws_main_route_table_association", "aws_network_acl", "aws_default_network_acl", "aws_network_acl_rule",
    "aws_network_acl_association",
)  # fmt: skip

_DESTINATIONS = {
    "cidr_block": "DestinationCidrBlock", "destination_cidr_block": "DestinationCidrBlock",
    "ipv6_cidr_block": "DestinationIpv6CidrBlock", "destination_ipv6_cidr_block": "DestinationIpv6CidrBlock",
    "destination_prefix_list_id": "DestinationPrefixListId",
}  # fmt: skip
_TARGETS = {
    "gateway_id": "GatewayId", "nat_gateway_id": "NatGatewayId", "instance_id": "InstanceId",
    "network_interface_id": "NetworkInterfaceId", "transit_gateway_id": "TransitGatewayId",
    "vpc_endpoint_id": "VpcEndpointId", "vpc_peering_connection_id": "VpcPeeringConnectionId",
    "egress_only_gateway_id": "EgressOnlyInternetGatewayId", "carrier_gateway_id": "CarrierGatewayId",
    "local_gateway_id": "LocalGatewayId", "core_network_arn": "CoreNetworkArn",
}  # fmt: skip
_ROUTE = " ".join(f"{a}={p}" for a, p in {**_DESTINATIONS, **_TARGETS}.items())
_NUMBERS = {"-1": -1, "all": -1, "tcp": 6, "udp": 17, "icmp": 1, "icmpv6": 58, "ipv6-icmp": 58}


def _table(made: Made) -> None:
    """The routes that stand in the table."""
    own = _own_routes(made)
    entries = made.item.values.get("route")
    for position, said in enumerate(entries if isinstance(entries, list) else []):
        if not isinstance(said, dict):
            continue
        route = _route_of(made, said, ("route", position))
        named = {k: v for k, v in route.items() if k in _DESTINATIONS.values()}
        from_endpoint = "DestinationPrefixListId" in route and str(route.get("VpcEndpointId", "")).startswith("vpce-")
        if not named or from_endpoint or repr(named) in own or set(route) == set(named):
            continue
        resource = made.extra("Route", "AWS::EC2::Route", {"RouteTableId": made.ref()}, "route", position)
        for argument, name in {**_DESTINATIONS, **_TARGETS}.items():
            if name in route and not is_absent(said.get(argument)):
                made.fill(resource, {name: route[name]}, "route", position, argument)
        if "VpcEndpointId" in route:
            made.fill(resource, {"VpcEndpointId": route["VpcEndpointId"]}, "route", position, "gateway_id")
        _after_gateway(made, resource, said.get("gateway_id"))
    for position, gateway in enumerate(made.value("propagating_vgws") or []):
        properties = {"RouteTableIds": [made.ref()], "VpnGatewayId": gateway}
        made.extra("Propagation", "AWS::EC2::VPNGatewayRoutePropagation", properties, "propagating_vgws", position)


def _route_of(made: Made, said: dict[str, Any], place: Path) -> dict[str, Any]:
    """The properties of a route; empty for the one that every table has."""
    found: dict[str, Any] = {}
    for argument, name in {**_DESTINATIONS, **_TARGETS}.items():
        if not is_absent(said.get(argument)):
            found[name] = made.translation.resolve(said[argument], made.item, (*place, argument))
    gateway = found.get("GatewayId")
    if gateway == "local":
        return {}
    if isinstance(gateway, str) and gateway.startswith("vpce-"):
        found["VpcEndpointId"] = found.pop("GatewayId")
    if "InstanceId" in found:  # a state tells its interface too
        found.pop("NetworkInterfaceId", None)
    return found


def _own_routes(made: Made) -> set[str]:
    """The destinations of this table that are items of their own, which a state repeats in it."""
    memo: dict[str, dict[str, set[str]]] = made.translation.memo
    if "routes" not in memo:
        found: dict[str, set[str]] = {}
        for other in made.translation.made.values():
            if other.item.type == "aws_route":
                named = {
                    k: v for k, v in _route_of(other, other.item.values, ()).items() if k in _DESTINATIONS.values()
                }
                found.setdefault(repr(other.value("route_table_id")), set()).add(repr(named))
        memo["routes"] = found
    return memo["routes"].get(repr(made.ref()), set()) | memo["routes"].get(repr(made.item.values.get("id")), set())


def _route(made: Made) -> None:
    route = _route_of(made, made.item.values, ())
    for name in (*_DESTINATIONS.values(), *_TARGETS.values()):
        if name not in route:
            forget(made.resource, (name,))
    if "VpcEndpointId" in route:
        made.set("VpcEndpointId", route["VpcEndpointId"], "gateway_id")
    _after_gateway(made, made.resource, made.item.values.get("gateway_id"))


def _after_gateway(made: Made, route: Resource, gateway: Any) -> None:
    """CloudFormation makes a route to a gateway only once that is attached."""
    if is_absent(gateway):
        return
    said = type(made.item)(made.item.address, made.item.type, {"gateway_id": gateway}, made.item.locate)
    target = made.translation.target(said, "gateway_id", ("aws_internet_gateway",))
    attached = attachment(target) if target else None
    if attached is not None:
        route.attributes["DependsOn"] = attached.logical_id


def _main(made: Made) -> None:
    """The main table, which CloudFormation cannot set: the subnets that name no other are associated with it."""
    _table(made)
    _for_the_rest(made, made.value("vpc_id"), made.ref())


def _main_association(made: Made) -> None:
    _for_the_rest(made, made.value("vpc_id"), made.ref("id"))


def _for_the_rest(made: Made, network: Any, table: Any) -> None:
    resources = made.translation.resources
    if network is None:
        return
    held = [r.get("SubnetId") for r in resources.of_type("AWS::EC2::SubnetRouteTableAssociation")]
    for other in list(made.translation.made.values()):
        if other.resource.type != "AWS::EC2::Subnet" or other.resource.get("VpcId") != network:
            continue
        if other.ref() not in held and other.item.values.get("id") not in [h for h in held if isinstance(h, str)]:
            properties = {"SubnetId": other.ref(), "RouteTableId": table}
            made.extra("Main", "AWS::EC2::SubnetRouteTableAssociation", properties)


def _association_type(item: Item) -> str:
    gateway = not is_absent(item.values.get("gateway_id"))
    return "AWS::EC2::GatewayRouteTableAssociation" if gateway else "AWS::EC2::SubnetRouteTableAssociation"


def _number(value: Any) -> Any:
    if isinstance(value, str):
        value = PROTOCOLS.get(value, value)
        value = int(value) if value.lstrip("-").isdigit() else _NUMBERS.get(value, value)
    return value


def _entry(made: Made, said: dict[str, Any], place: Path, egress: bool) -> dict[str, Any]:
    """The properties of an entry of an ACL but for its ACL."""

    def value(*names: str) -> Any:
        for name in names:
            if not is_absent(said.get(name)):
                return made.translation.resolve(said[name], made.item, (*place, name))
        return None

    found: dict[str, Any] = {
        "RuleNumber": value("rule_no", "rule_number"),
        "RuleAction": value("action", "rule_action"),
        "Protocol": _number(value("protocol")),
        "Egress": egress,
        "CidrBlock": value("cidr_block"),
        "Ipv6CidrBlock": value("ipv6_cidr_block"),
    }
    if found["Protocol"] in (6, 17):
        found["PortRange"] = {"From": value("from_port") or 0, "To": value("to_port") or 0}
    elif found["Protocol"] in (1, 58):
        code, kind = value("icmp_code"), value("icmp_type")
        found["Icmp"] = {
            "Code": _number(code) if code is not None else -1,
            "Type": _number(kind) if kind is not None else -1,
        }
    return {k: v for k, v in found.items() if v is not None}


def _acl(made: Made) -> None:
    """The entries and subnets that stand in the ACL."""
    separate = _own_entries(made)
    for argument in ("ingress", "egress"):
        entries = made.item.values.get(argument)
        for position, said in enumerate(entries if isinstance(entries, list) else []):
            if not isinstance(said, dict):
                continue
            entry = _entry(made, said, (argument, position), argument == "egress")
            if (entry["Egress"], repr(entry.get("RuleNumber"))) in separate:
                continue
            properties = {"NetworkAclId": made.ref(), **entry}
            made.extra(f"{argument.capitalize()}{position + 1}", "AWS::EC2::NetworkAclEntry", properties,
                       argument, position)  # fmt: skip
    for position, subnet in enumerate(made.value("subnet_ids") or []):
        properties = {"SubnetId": subnet, "NetworkAclId": made.ref()}
        made.extra("Association", "AWS::EC2::SubnetNetworkAclAssociation", properties, "subnet_ids", position)


def _own_entries(made: Made) -> set[tuple[bool, str]]:
    """Way and number of the entries of this ACL that are items of their own, which a state repeats in it."""
    found = set()
    for other in made.translation.made.values():
        if other.item.type == "aws_network_acl_rule":
            named = other.value("network_acl_id")
            if named == made.ref() or (isinstance(named, str) and named == made.item.values.get("id")):
                found.add((other.item.values.get("egress") is True, repr(other.item.values.get("rule_number"))))
    return found


def _rule(made: Made) -> None:
    egress = made.item.values.get("egress") is True
    for name, value in _entry(made, made.item.values, (), egress).items():
        argument = {"RuleNumber": "rule_number", "RuleAction": "rule_action", "Protocol": "protocol",
                    "Egress": "egress", "CidrBlock": "cidr_block", "Ipv6CidrBlock": "ipv6_cidr_block",
                    "PortRange": "from_port", "Icmp": "icmp_type"}[name]  # fmt: skip
        made.fill(made.resource, {name: value}, argument)


MAPPINGS = {
    "aws_route_table": Mapping("AWS::EC2::RouteTable", "vpc_id +route +propagating_vgws", finish=_table),
    "aws_default_route_table": Mapping(
        "AWS::EC2::RouteTable",
        "vpc_id +route +propagating_vgws +default_route_table_id",
        attributes="id default_route_table_id=Ref",
        finish=_main,
    ),
    "aws_route": Mapping("AWS::EC2::Route", f"route_table_id {_ROUTE}", tags="", finish=_route),
    "aws_route_table_association": Mapping(_association_type, "route_table_id subnet_id gateway_id", tags=""),
    "aws_main_route_table_association": Mapping(
        None,
        "+vpc_id +route_table_id",
        attributes="id==route_table_id",
        merge=Merge("route_table_id", "aws_route_table"),
        tags="",
        finish=_main_association,
    ),
    "aws_network_acl": Mapping(
        "AWS::EC2::NetworkAcl", "vpc_id +ingress +egress +subnet_ids", attributes="id=Id", finish=_acl
    ),
    "aws_default_network_acl": Mapping(
        "AWS::EC2::NetworkAcl",
        "vpc_id +ingress +egress +subnet_ids +default_network_acl_id",
        attributes="id=Id default_network_acl_id=Id",
        finish=_acl,
    ),
    "aws_network_acl_rule": Mapping(
        "AWS::EC2::NetworkAclEntry",
        "network_acl_id +rule_number +egress +protocol +rule_action +cidr_block +ipv6_cidr_block +from_port +to_port "
        "+icmp_type +icmp_code",
        tags="",
        finish=_rule,
    ),
    "aws_network_acl_association": Mapping(
        "AWS::EC2::SubnetNetworkAclAssociation", "network_acl_id subnet_id", tags=""
    ),
}
