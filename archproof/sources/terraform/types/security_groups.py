"""Security groups and their rules, said in the group or apart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from archproof.resources.resource import Path, is_symbolic
from archproof.sources.terraform.made import is_absent
from archproof.sources.terraform.mapping import Mapping, Merge, blocks

if TYPE_CHECKING:
    from archproof.sources.terraform.item import Item
    from archproof.sources.terraform.made import Made

TYPES = (
    "aws_security_group", "aws_default_security_group", "aws_security_group_rule",
    "aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule",
    "aws_vpc_security_group_vpc_association", "aws_network_interface_sg_attachment", "aws_db_security_group",
    "aws_elasticache_security_group", "aws_redshift_security_group",
)  # fmt: skip

PROTOCOLS = {"all": "-1", "6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6", "TCP": "tcp", "UDP": "udp"}
_NOWHERE = {
    "CidrIp": "127.0.0.1/32",
    "Description": "no way out: takes the place of the rule that AWS adds",
    "IpProtocol": "-1",
}
_PEERS = {
    "ingress": {"cidr_blocks": "CidrIp", "ipv6_cidr_blocks": "CidrIpv6", "prefix_list_ids": "SourcePrefixListId",
                "security_groups": "SourceSecurityGroupId"},
    "egress": {"cidr_blocks": "CidrIp", "ipv6_cidr_blocks": "CidrIpv6", "prefix_list_ids": "DestinationPrefixListId",
               "security_groups": "DestinationSecurityGroupId"},
}  # fmt: skip
_KINDS = {"ingress": "AWS::EC2::SecurityGroupIngress", "egress": "AWS::EC2::SecurityGroupEgress"}
_APART = {
    "aws_security_group_rule": None,
    "aws_vpc_security_group_ingress_rule": "ingress",
    "aws_vpc_security_group_egress_rule": "egress",
}

Rule = tuple[dict[str, Any], Path]


def _rules(made: Made, said: dict[str, Any], place: Path, way: str) -> Iterator[Rule]:
    """A rule for every range, list and group that Terraform's rule has, with where it was said."""
    common = _common(made, said, place)
    for argument, name in _PEERS[way].items():
        value = said.get(argument)
        peers = made.translation.resolve(value, made.item, (*place, argument)) if not is_absent(value) else []
        for position, peer in enumerate(peers if isinstance(peers, list) else [peers]):
            yield {**common, name: peer}, (*place, argument, position)


def _common(made: Made, said: dict[str, Any], place: Path) -> dict[str, Any]:
    """Protocol, ports and description of a rule."""

    def value(*names: str) -> Any:
        for name in names:
            if not is_absent(said.get(name)):
                return made.translation.resolve(said[name], made.item, (*place, name))
        return None

    protocol = value("protocol", "ip_protocol")
    protocol = PROTOCOLS.get(str(protocol), protocol) if not is_symbolic(protocol) else protocol
    rule: dict[str, Any] = {"IpProtocol": str(protocol) if isinstance(protocol, int) else protocol}
    if rule["IpProtocol"] is None:
        rule["IpProtocol"] = "-1"
    if rule["IpProtocol"] != "-1":
        for argument, name in (("from_port", "FromPort"), ("to_port", "ToPort")):
            port = value(argument)
            if port is not None:
                rule[name] = int(port) if isinstance(port, str) and port.lstrip("-").isdigit() else port
    if description := value("description"):
        rule["Description"] = description
    return rule


def _bare(rule: dict[str, Any]) -> str:
    return repr(sorted((k, str(v)) for k, v in rule.items() if k not in ("Description", "GroupId")))


def _group(made: Made) -> None:
    """The rules in the group; those with the group itself or in a circle of groups stand apart."""
    separate = _separate(made)
    if not made.resource.has("GroupDescription"):
        default = made.item.type == "aws_default_security_group"
        text = "default VPC security group" if default else "Managed by Terraform"
        made.set("GroupDescription", text, "description")
    for way in ("ingress", "egress"):
        known = {_bare(rule) for m in separate for rule, _ in _apart(m, way)}
        _inline(made, way, known)
    if not made.resource.has("SecurityGroupEgress"):
        made.set("SecurityGroupEgress", [dict(_NOWHERE)], "egress")
    if not made.resource.has("VpcId"):  # rules on the way out need a VPC
        made.set("VpcId", made.translation.parameter("DefaultVpcId", "the id of the default VPC"), "vpc_id")


def _inline(made: Made, way: str, known: set[str]) -> None:
    entries = made.item.values.get(way)
    own = made.ref()
    for position, said in enumerate(entries if isinstance(entries, list) else []):
        if not isinstance(said, dict):
            continue
        rules = list(_rules(made, said, (way, position), way))
        if said.get("self") is True:
            peer = _PEERS[way]["security_groups"]
            rules.append(({**_common(made, said, (way, position)), peer: own}, (way, position, "self")))
        for rule, place in rules:
            if _bare(rule) in known:  # a state repeats the rules that are resources of their own
                continue
            group = rule.get(_PEERS[way]["security_groups"])
            if group is not None and _leads_back(made, group):
                extra = made.extra(f"{way.capitalize()}Rule", _KINDS[way], {"GroupId": own}, *place)
                made.fill(extra, rule, *place)
            else:
                made.add(f"SecurityGroup{way.capitalize()}", rule, *place)


def _leads_back(made: Made, group: Any) -> bool:
    """Whether a group that a rule names names this one, over any number of groups."""
    translation = made.translation
    groups = _groups(made)
    pending, seen = [group], set()
    while pending:
        named = pending.pop()
        target = translation.resources.target(named)
        found = groups.get(target.logical_id if target else named if isinstance(named, str) else "")
        if found is None or found.resource.logical_id in seen:
            continue
        if found.resource is made.resource:
            return True
        seen.add(found.resource.logical_id)
        for way in ("ingress", "egress"):
            entries = found.item.values.get(way)
            for said in entries if isinstance(entries, list) else []:
                others = said.get("security_groups") if isinstance(said, dict) else None
                if not is_absent(others):
                    resolved = translation.resolve(others, found.item, (way, "security_groups"))
                    pending += resolved if isinstance(resolved, list) else [resolved]
    return False


def _groups(made: Made) -> dict[str, Made]:
    """Every group by its logical id and by its id."""
    memo: dict[str, dict[str, Made]] = made.translation.memo
    if "security groups" not in memo:
        found: dict[str, Made] = {}
        for other in made.translation.made.values():
            if other.mapping.finish is _group:
                found[other.resource.logical_id] = other
                if isinstance(known := other.item.values.get("id"), str):
                    found[known] = other
        memo["security groups"] = found
    return memo["security groups"]


def _separate(made: Made) -> list[Made]:
    """The rules of a group that are items of their own."""
    memo: dict[str, dict[str, list[Made]]] = made.translation.memo
    if "rules of groups" not in memo:
        found: dict[str, list[Made]] = {}
        for rule in made.translation.made.values():
            if rule.item.type in _APART:
                found.setdefault(repr(rule.value("security_group_id")), []).append(rule)
        memo["rules of groups"] = found
    by_group = memo["rules of groups"]
    return by_group.get(repr(made.ref()), []) + by_group.get(repr(made.item.values.get("id")), [])


def _way(item: Item) -> str:
    return _APART[item.type] or ("egress" if item.values.get("type") == "egress" else "ingress")


def _apart(made: Made, way: str) -> list[Rule]:
    """The rules of a rule that is a resource of its own."""
    if _way(made.item) != way:
        return []
    values = made.item.values
    if made.item.type != "aws_security_group_rule":
        peers = {"cidr_ipv4": "cidr_blocks", "cidr_ipv6": "ipv6_cidr_blocks", "prefix_list_id": "prefix_list_ids",
                 "referenced_security_group_id": "security_groups"}  # fmt: skip
        common = _common(made, values, ())
        return [
            ({**common, _PEERS[way][name]: made.value(argument)}, (argument,))
            for argument, name in peers.items()
            if not is_absent(values.get(argument))
        ]
    rules = list(_rules(made, {k: v for k, v in values.items() if k != "security_groups"}, (), way))
    peer = _PEERS[way]["security_groups"]
    if not is_absent(values.get("source_security_group_id")):
        rules.append(({**_common(made, values, ()), peer: made.value("source_security_group_id")},
                      ("source_security_group_id",)))  # fmt: skip
    if values.get("self") is True:
        rules.append(({**_common(made, values, ()), peer: made.value("security_group_id")}, ("self",)))
    return rules


def _rule(made: Made) -> None:
    """The first range is the resource itself, every other one more."""
    way = _way(made.item)
    group = made.value("security_group_id")
    for position, (rule, place) in enumerate(_apart(made, way)):
        if position == 0:
            resource = made.resource
        else:
            resource = made.extra(str(position + 1), _KINDS[way], {"GroupId": group}, "security_group_id")
        made.fill(resource, rule, *place)


def _rule_type(item: Item) -> str:
    return _KINDS[_way(item)]


_GROUP = "-revoke_rules_on_delete +ingress +egress"
_RULE = (
    "security_group_id=GroupId +type +protocol +ip_protocol +from_port +to_port +cidr_blocks +ipv6_cidr_blocks "
    "+prefix_list_ids +source_security_group_id +self +description +cidr_ipv4 +cidr_ipv6 +prefix_list_id "
    "+referenced_security_group_id"
)


def _interface(made: Made) -> None:
    made.add("GroupSet", made.value("security_group_id"), "security_group_id")


MAPPINGS = {
    "aws_security_group": Mapping(
        "AWS::EC2::SecurityGroup",
        f"name=GroupName description=GroupDescription vpc_id -name_prefix {_GROUP}",
        attributes="id=GroupId arn=sub:arn:${AWS::Partition}:ec2:${AWS::Region}:${AWS::AccountId}:security-group/"
        "${.GroupId}",
        finish=_group,
    ),
    "aws_default_security_group": Mapping(
        "AWS::EC2::SecurityGroup",
        f"description=GroupDescription vpc_id {_GROUP}",
        attributes="id=GroupId",
        finish=_group,
    ),
    "aws_security_group_rule": Mapping(_rule_type, _RULE, tags="", attributes="id=Id", finish=_rule),
    "aws_vpc_security_group_ingress_rule": Mapping(
        "AWS::EC2::SecurityGroupIngress", _RULE, tags="", attributes="id=Id", finish=_rule
    ),
    "aws_vpc_security_group_egress_rule": Mapping(
        "AWS::EC2::SecurityGroupEgress", _RULE, tags="", attributes="id=Id", finish=_rule
    ),
    "aws_vpc_security_group_vpc_association": Mapping(
        "AWS::EC2::SecurityGroupVpcAssociation", "security_group_id=GroupId vpc_id", tags=""
    ),
    "aws_network_interface_sg_attachment": Mapping(
        None,
        "+network_interface_id",
        tags="",
        merge=Merge("network_interface_id", "aws_network_interface"),
        finish=_interface,
    ),
    "aws_db_security_group": Mapping(
        "AWS::RDS::DBSecurityGroup",
        "description=GroupDescription -name",
        {
            "ingress": blocks(
                "DBSecurityGroupIngress",
                "cidr=CIDRIP security_group_id=EC2SecurityGroupId security_group_name=EC2SecurityGroupName "
                "security_group_owner_id=EC2SecurityGroupOwnerId",
            )
        },
        attributes="id=Ref name=Ref",
    ),
    "aws_elasticache_security_group": Mapping(
        "AWS::ElastiCache::SecurityGroup", "description -name -security_group_names", attributes="id=Ref name=Ref"
    ),
    "aws_redshift_security_group": Mapping(
        "AWS::Redshift::ClusterSecurityGroup", "description -name -ingress", attributes="id=Ref name=Ref"
    ),
}
