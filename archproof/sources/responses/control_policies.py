"""AWS Organizations: the policies that limit accounts, what they are attached to, and the units between.

`list-targets-for-policy` and `list-parents` do not say what they were asked about: the map around them does
(`{"PolicyId": …, "Targets": […]}`, `{"ChildId": …, "Parents": […]}`), or the name of their file.
"""

from __future__ import annotations

from typing import Any

from archproof.resources.organization import FULL_ACCESS, POLICY
from archproof.resources.resource import Resource
from archproof.sources.responses._item import Item, Props, document
from archproof.sources.responses._snapshot import Snapshot

KEYS = {
    "Policies": "AwsManaged", "Policy": "PolicySummary", "Targets": "TargetId", "Parents": "Type",
    "OrganizationalUnits": "Id", "Accounts": "JoinedMethod", "Organization": "MasterAccountId", "Roots": "PolicyTypes",
}  # fmt: skip
LATER = ("Targets", "Parents")
_ACCOUNT, _UNIT = "AWS::Organizations::Account", "AWS::Organizations::OrganizationalUnit"
_WHOLE = "AWS::Organizations::Organization"
_EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


def _listed(item: Item, snapshot: Snapshot) -> None:
    _policy(item, snapshot, "")


def _described(item: Item, snapshot: Snapshot) -> None:
    policy = _policy(item, snapshot, "PolicySummary.")
    if policy is None:
        return
    props = Props(item)
    props.set("Content", document(item.get("Content")), "Content")
    snapshot.extend(policy, item, props)


def _policy(item: Item, snapshot: Snapshot, below: str) -> Resource | None:
    props = Props(item)
    for name in ("Name", "Type", "Description"):
        props.take(name, f"{below}{name}")
    if item.get(f"{below}Name") in FULL_ACCESS.values() and item.get(f"{below}AwsManaged") is True:
        props.set("Content", _EVERYTHING, *f"{below}Name".split("."))
    id, arn = item.text(f"{below}Id"), item.text(f"{below}Arn")
    return snapshot.add(item, POLICY, arn or id, props, ref=id, arn=arn, name=id)  # one for all regions and accounts


def _target(item: Item, snapshot: Snapshot) -> None:
    policy = snapshot.find(POLICY, item.around.get("PolicyId")) or snapshot.told_by_path(item, POLICY)
    if policy is None:
        snapshot.unreadable(item, "whose targets they are stands in no field: name the file after the policy")
    elif item.get("TargetId") not in policy.properties.get("TargetIds", ()):
        snapshot.append(policy, "TargetIds", item.get("TargetId"), item, "TargetId")


def _unit(item: Item, snapshot: Snapshot) -> None:
    props = item.props("Name")
    snapshot.add(item, _UNIT, item.text("Id"), props, arn=item.text("Arn"), name=item.text("Id"))


def _account(item: Item, snapshot: Snapshot) -> None:
    props = item.props("Email", AccountName="Name")
    snapshot.add(item, _ACCOUNT, item.text("Id"), props, arn=item.text("Arn"), name=item.text("Id"))


def _parent(item: Item, snapshot: Snapshot) -> None:
    child = _child(item, snapshot)
    if child is None:
        snapshot.unreadable(item, "whose parents they are stands in no field: name the file after the account or unit")
        return
    if child.type == _UNIT:
        props = Props(item)
        props.set("ParentId", item.get("Id"), "Id")
        snapshot.extend(child, item, props)
    elif item.get("Id") not in child.properties.get("ParentIds", ()):
        snapshot.append(child, "ParentIds", item.get("Id"), item, "Id")


def _child(item: Item, snapshot: Snapshot) -> Resource | None:
    said: Any = item.around.get("ChildId")
    for type in (_ACCOUNT, _UNIT):
        found = snapshot.find(type, said) if said else snapshot.told_by_path(item, type)
        if found is not None:
            return found
    return None


def _organization(item: Item, snapshot: Snapshot) -> None:
    whole = snapshot.add(item, _WHOLE, item.text("Id"), Props(item), arn=item.text("Arn"))
    if whole is not None:
        whole.attributes["ManagementAccountId"] = item.text("MasterAccountId")


def _root(item: Item, snapshot: Snapshot) -> None:
    """The root is named by its id wherever it counts."""


READERS = {
    "Policies": _listed, "Policy": _described, "Targets": _target, "Parents": _parent, "OrganizationalUnits": _unit,
    "Accounts": _account, "Organization": _organization, "Roots": _root,
}  # fmt: skip
