"""Security groups with their rules, and network ACLs with their entries."""

from __future__ import annotations

from typing import Any

from archproof.resources.resource import Path
from archproof.sources.responses._call import listing
from archproof.sources.responses._item import Item, Props
from archproof.sources.responses._snapshot import Snapshot

KEYS = {"SecurityGroups": "GroupId", "NetworkAcls": "NetworkAclId", "SecurityGroupRules": "SecurityGroupRuleId"}
LATER = ("SecurityGroups", "NetworkAcls", "SecurityGroupRules")

CALLS = (
    listing(
        "ec2", "DescribeSecurityGroups", "SecurityGroups", "AWS::EC2::SecurityGroup", "AWS::EC2::SecurityGroupIngress",
        "AWS::EC2::SecurityGroupEgress",
    ),
    listing(
        "ec2", "DescribeNetworkAcls", "NetworkAcls", "AWS::EC2::NetworkAcl", "AWS::EC2::NetworkAclEntry",
        "AWS::EC2::SubnetNetworkAclAssociation",
    ),
)  # fmt: skip
_PEERS = {"IpRanges": "CidrIp", "Ipv6Ranges": "CidrIpv6", "PrefixListIds": "PrefixListId"}
_LAST_RULE = 32767
"""The number of the entry that ends every ACL and that nobody can write."""


def _group(item: Item, snapshot: Snapshot) -> None:
    name = item.text("GroupName")
    props = item.props("GroupName", "VpcId", GroupDescription="Description")
    made_by = "aws" if name == "default" else None
    id = item.text("GroupId")
    vpc = snapshot.find("AWS::EC2::VPC", item.text("VpcId"))
    of = vpc.logical_id if vpc else item.text("VpcId")
    call = f"{of} Default SecurityGroup" if made_by and "Tags" not in props.values else None
    own: list[tuple[str, dict[str, Any], Path]] = []
    for field, direction in (("IpPermissions", "Ingress"), ("IpPermissionsEgress", "Egress")):
        if isinstance(item.get(field), list):
            props.set(f"SecurityGroup{direction}", [], field)
        for path, permission in item.entries(field):
            _permission(path, permission, direction, props, own)
    group = snapshot.add(
        item, "AWS::EC2::SecurityGroup", id, props, name=name, attributes={"GroupId": id}, call=call, made_by=made_by
    )
    if group is None:
        return
    if snapshot.live:  # without references nothing goes in circles, and the group says all of its rules
        for direction, rule, _ in own:
            group.properties[f"SecurityGroup{direction}"].append(rule)
        return
    for direction, rule, path in own:
        said = Props(item)
        said.set("GroupId", id, "GroupId")
        for key, value in rule.items():
            said.set(key, value, *path, key)
        side = "Source" if direction == "Ingress" else "Destination"
        peer = rule[f"{side}SecurityGroupId"]
        snapshot.add(
            item, f"AWS::EC2::SecurityGroup{direction}",
            f"{id}|{peer}|{rule.get('IpProtocol')}|{rule.get('FromPort')}|{rule.get('ToPort')}", said,
            call=f"{group.logical_id} {direction} {rule.get('FromPort', 'All')}", origin=path, made_by=made_by,
        )  # fmt: skip


def _permission(
    path: Path, permission: dict[str, Any], direction: str, props: Props, own: list[tuple[str, dict[str, Any], Path]]
) -> None:
    """One rule for each peer of a permission; those of groups stand alone, for groups name each other in circles."""
    base = {k: permission[k] for k in ("IpProtocol", "FromPort", "ToPort") if permission.get(k) is not None}
    side = "Source" if direction == "Ingress" else "Destination"
    for field, key in _PEERS.items():
        for number, peer in enumerate(permission.get(field) or ()):
            name = f"{side}PrefixListId" if key == "PrefixListId" else key
            rule = {**base, name: peer.get(key), **_description(peer)}
            props.append(f"SecurityGroup{direction}", rule, *path, field, number)
    for number, peer in enumerate(permission.get("UserIdGroupPairs") or ()):
        rule = {**base, f"{side}SecurityGroupId": peer.get("GroupId"), **_description(peer)}
        own.append((direction, rule, (*path, "UserIdGroupPairs", number)))


def _description(peer: dict[str, Any]) -> dict[str, Any]:
    return {"Description": peer["Description"]} if peer.get("Description") else {}


def _rule(item: Item, snapshot: Snapshot) -> None:
    """A rule of `describe-security-group-rules`: only where the group itself was not described."""
    if snapshot.find("AWS::EC2::SecurityGroup", item.text("GroupId")):
        return
    direction, side = ("Egress", "Destination") if item.get("IsEgress") is True else ("Ingress", "Source")
    props = item.props("GroupId", "IpProtocol", "FromPort", "ToPort", "Description", CidrIp="CidrIpv4")
    props.take("CidrIpv6", "CidrIpv6")
    props.take(f"{side}PrefixListId", "PrefixListId")
    props.take(f"{side}SecurityGroupId", "ReferencedGroupInfo.GroupId")
    props.values.pop("Tags", None)
    snapshot.add(item, f"AWS::EC2::SecurityGroup{direction}", item.text("SecurityGroupRuleId"), props)


def _acl(item: Item, snapshot: Snapshot) -> None:
    made_by = "aws" if item.get("IsDefault") is True else None
    vpc = snapshot.find("AWS::EC2::VPC", item.text("VpcId"))
    props = item.props("VpcId")
    call = f"{vpc.logical_id} Default NetworkAcl" if made_by and vpc and "Tags" not in props.values else None
    acl = snapshot.add(item, "AWS::EC2::NetworkAcl", item.text("NetworkAclId"), props, made_by=made_by, call=call)
    if acl is None:
        return
    for entry in item.each("Entries"):
        if entry.get("RuleNumber", 0) >= _LAST_RULE:
            continue
        said = entry.props("CidrBlock", "Ipv6CidrBlock", "Egress", "RuleAction", "RuleNumber", "PortRange")
        said.set("NetworkAclId", item.get("NetworkAclId"))
        protocol = str(entry.get("Protocol"))
        said.set("Protocol", int(protocol) if protocol.lstrip("-").isdigit() else protocol, "Protocol")
        if isinstance(entry.get("IcmpTypeCode"), dict):
            said.take("Icmp", "IcmpTypeCode")
        way = "Out" if entry.get("Egress") else "In"
        snapshot.add(
            entry, "AWS::EC2::NetworkAclEntry", f"{item.text('NetworkAclId')}|{way}|{entry.get('RuleNumber')}", said,
            call=f"{acl.logical_id} {way} {entry.get('RuleNumber')} Entry", made_by=made_by,
        )  # fmt: skip
    for association in item.each("Associations"):
        subnet = snapshot.find("AWS::EC2::Subnet", association.text("SubnetId"))
        said = association.props("SubnetId", "NetworkAclId")
        snapshot.add(
            association, "AWS::EC2::SubnetNetworkAclAssociation", association.text("NetworkAclAssociationId"), said,
            call=f"{subnet.logical_id if subnet else association.text('SubnetId')} AclAssociation", made_by=made_by,
        )  # fmt: skip


READERS = {"SecurityGroups": _group, "NetworkAcls": _acl, "SecurityGroupRules": _rule}
