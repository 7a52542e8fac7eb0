"""Cloud Control: `list-resources` and `get-resource`, which speak CloudFormation already."""

from __future__ import annotations

import functools

from archproof.facts._registry import registry_schema
from archproof.sources.responses._call import ALL, Call, Per, declared, on_demand
from archproof.sources.responses._item import Item, Props, document
from archproof.sources.responses._snapshot import Snapshot, is_id

KEYS = {"ResourceDescriptions": "Identifier", "ResourceDescription": "Identifier"}


def _resource(item: Item, snapshot: Snapshot) -> None:
    type = item.around.get("TypeName") or (item.call.parameters.get("TypeName") if item.call else None)
    said = document(item.get("Properties"))
    if not isinstance(type, str) or not isinstance(said, dict):
        snapshot.unreadable(item, "no TypeName beside it, or properties that are no JSON")
        return
    props = Props(item)
    attributes: dict[str, str | None] = {}
    arn = None
    identifier = item.text("Identifier")
    noun = type.rpartition("::")[2]
    for key, value in said.items():
        own = key in ("Arn", "ARN", f"{noun}Arn", "Id", f"{noun}Id", f"{noun.title()}Id")
        if own and isinstance(value, str):  # what AWS returns and nobody writes
            attributes[key] = value
            arn = value if value.startswith("arn:") and key == "Arn" else arn
        if snapshot.live or not (own and isinstance(value, str)):
            props.set(key, value, "Properties")
    if arn:
        attributes.pop("Arn", None)
    attributes = {k: v for k, v in attributes.items() if v != identifier and v and (snapshot.live or is_id(v))}
    name = next((str(v) for k, v in said.items() if k in ("Name", f"{noun}Name") and isinstance(v, str)), None)
    resource = snapshot.add(item, type, identifier, props, arn=arn, name=name or identifier, attributes=attributes)
    if resource is not None and snapshot.live and item.key == "ResourceDescription":
        resource.properties.update(props.values)  # a list may leave out what the resource itself tells


@functools.cache
def _calls(type: str) -> tuple[Call, Call]:
    said = {"TypeName": type}
    per = Per("ListResources", "ResourceDescriptions[]", {"Identifier": "Identifier"})
    return (
        Call("cloudcontrol", "ListResources", "ResourceDescriptions", (type,), parameters=said, page=100),
        Call("cloudcontrol", "GetResource", "ResourceDescription", gives={type: (ALL, "Tags")}, per=per,
             parameters=said),
    )  # fmt: skip


def calls_for(types: frozenset[str] | None = None) -> tuple[Call, ...]:
    """The calls for the wanted types that no other module of this package lists; none where all is wanted.

    What the registry says that Cloud Control cannot list is not asked for.
    """
    known = {type for call in (*declared(), *on_demand()) for type in call.types}
    wanted = sorted((types or frozenset()) - known)
    return tuple(call for type in wanted if _is_listable(type) for call in _calls(type))


def _is_listable(type: str) -> bool:
    found = registry_schema(type)
    return found is not None and found.listable


def call_named(file: str) -> Call | None:
    """The call that a file of a snapshot is named after: `cloudcontrol.ListResources.AWS-IoT-Thing`."""
    _, operation, type = [*file.split(".", 2), "", ""][:3]
    return next((c for c in _calls(type.replace("-", "::")) if c.operation == operation), None) if type else None


READERS = {"ResourceDescriptions": _resource, "ResourceDescription": _resource}
