"""What an input holds, counted from its text alone: no line of archproof reads it here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

SAM = "AWS::Serverless-2016-10-31"


class _Loader(yaml.CSafeLoader):
    """YAML with CloudFormation's tags, whatever they hold."""


def _tagged(loader: _Loader, suffix: str, node: yaml.Node) -> Any:
    name = suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}"
    if isinstance(node, yaml.MappingNode):
        return {name: loader.construct_mapping(node, deep=True)}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    return {name: loader.construct_scalar(node)}


_Loader.add_multi_constructor("!", _tagged)


@dataclass
class Raw:
    """The resources of one input as its text names them: name → type."""

    resources: dict[str, str] = field(default_factory=dict)
    sam: bool = False


def template(path: Path) -> Raw:
    """The resources of a template by logical id; empty where the text is none."""
    try:
        value = yaml.load(path.read_text(encoding="utf-8-sig"), _Loader)
    except (yaml.YAMLError, ValueError):
        return Raw()
    resources = value.get("Resources") if isinstance(value, dict) else None
    if not isinstance(resources, dict):
        return Raw()
    macros = value.get("Transform") or []
    found = {k: str(v.get("Type")) for k, v in resources.items() if isinstance(v, dict) and "Type" in v}
    return Raw(found, SAM in (macros if isinstance(macros, list) else [macros]))


def plan(path: Path) -> Raw:
    """The managed resources of a Terraform plan by address."""
    value = _json(path)
    found: dict[str, str] = {}
    if isinstance(value, dict):
        planned = value.get("planned_values") or value.get("values") or {}
        for entry in _modules(planned.get("root_module") or {}):
            found[entry["address"]] = entry["type"]
    return Raw(found)


def state(path: Path) -> Raw:
    """The managed instances of a Terraform state (v4) by address; of `terraform show -json` too."""
    value = _json(path)
    if isinstance(value, dict) and "resources" not in value:
        return plan(path)
    found: dict[str, str] = {}
    for entry in value.get("resources") or [] if isinstance(value, dict) else []:
        if entry.get("mode") != "managed":
            continue
        name = ".".join(part for part in (entry.get("module"), entry["type"], entry["name"]) if part)
        for instance in entry.get("instances") or []:
            key = instance.get("index_key")
            suffix = "" if key is None else f"[{json.dumps(key)}]"
            found[f"{name}{suffix}"] = entry["type"]
    return Raw(found)


def snapshot(folder: Path) -> Raw:
    """The things that a folder of AWS CLI output describes, by the id that AWS gave each."""
    found: dict[str, str] = {}
    for path in sorted(folder.rglob("*.json")):
        value = _json(path)
        for kind, items in value.items() if isinstance(value, dict) else ():
            wanted = _ID.get(kind)
            if kind == "Reservations":
                items = [i for r in items for i in r.get("Instances", ())]
            for item in items if isinstance(items, list) and wanted else ():
                if isinstance(item, dict) and item.get(wanted):
                    found[str(item[wanted])] = kind
    return Raw(found)


_ID = {
    "Addresses": "AllocationId", "CustomerGateways": "CustomerGatewayId", "InternetGateways": "InternetGatewayId",
    "NatGateways": "NatGatewayId", "NetworkAcls": "NetworkAclId", "NetworkInterfaces": "NetworkInterfaceId",
    "Reservations": "InstanceId", "RouteTables": "RouteTableId", "SecurityGroups": "GroupId", "Subnets": "SubnetId",
    "VpcEndpoints": "VpcEndpointId", "Vpcs": "VpcId", "VpcPeeringConnections": "VpcPeeringConnectionId",
    "VpnConnections": "VpnConnectionId", "VpnGateways": "VpnGatewayId", "TransitGateways": "TransitGatewayId",
    "TransitGatewayAttachments": "TransitGatewayAttachmentId", "PrefixLists": "PrefixListId",
}  # fmt: skip


def _modules(module: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for entry in module.get("resources") or ():
        if entry.get("mode") == "managed":
            yield entry
    for child in module.get("child_modules") or ():
        yield from _modules(child)


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError:
        return None
