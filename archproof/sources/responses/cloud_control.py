"""Cloud Control: `list-resources` and `get-resource`, which speak CloudFormation already."""

from __future__ import annotations

from archproof.sources.responses._item import Item, Props, document
from archproof.sources.responses._snapshot import Snapshot, is_id

KEYS = {"ResourceDescriptions": "Identifier", "ResourceDescription": "Identifier"}


def _resource(item: Item, snapshot: Snapshot) -> None:
    type = item.around.get("TypeName")
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
        else:
            props.set(key, value, "Properties")
    if arn:
        attributes.pop("Arn", None)
    attributes = {k: v for k, v in attributes.items() if v != identifier and v and is_id(v)}
    name = next((str(v) for k, v in said.items() if k in ("Name", f"{noun}Name") and isinstance(v, str)), None)
    snapshot.add(item, type, identifier, props, arn=arn, name=name or identifier, attributes=attributes)


READERS = {"ResourceDescriptions": _resource, "ResourceDescription": _resource}
