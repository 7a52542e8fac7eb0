"""What reads and describes data: Athena, Glue; names of services within a VPC."""

from __future__ import annotations

from archproof.sources.responses._call import Call, Per
from archproof.sources.responses._item import Item, Props, only
from archproof.sources.responses._snapshot import Snapshot

KEYS = {
    "WorkGroups": "EngineVersion", "WorkGroup": "Configuration", "DatabaseList": "CatalogId",
    "Namespaces": "Arn", "Services": "NamespaceId", "HealthChecks": "HealthCheckConfig",
}  # fmt: skip
LATER = ("WorkGroups", "WorkGroup", "servicediscovery:ListServices")
_GROUP, _DATABASE, _HEALTH = "AWS::Athena::WorkGroup", "AWS::Glue::Database", "AWS::Route53::HealthCheck"
_DISCOVERY = "AWS::ServiceDiscovery::"
_NAMESPACES = {
    "DNS_PRIVATE": f"{_DISCOVERY}PrivateDnsNamespace", "DNS_PUBLIC": f"{_DISCOVERY}PublicDnsNamespace",
    "HTTP": f"{_DISCOVERY}HttpNamespace",
}  # fmt: skip
_SERVICE = f"{_DISCOVERY}Service"
CALLS = (
    Call("athena", "ListWorkGroups", "WorkGroups", (_GROUP,), gives={_GROUP: ("Name", "State", "Description")}),
    Call("athena", "GetWorkGroup", "WorkGroup", gives={_GROUP: ("WorkGroupConfiguration",)},
         per=Per("ListWorkGroups", "WorkGroups[]", {"WorkGroup": "Name"})),
    Call("glue", "GetDatabases", "DatabaseList", (_DATABASE,), gives={_DATABASE: ("CatalogId", "DatabaseInput",
                                                                                "DatabaseName")}),
    Call("servicediscovery", "ListNamespaces", "Namespaces", tuple(_NAMESPACES.values()),
         gives=dict.fromkeys(_NAMESPACES.values(), ("Name", "Description"))),
    Call("servicediscovery", "ListServices", "Services", (_SERVICE,),
         gives={_SERVICE: ("Name", "Description", "DnsConfig", "Type", "HealthCheckConfig",
                           "HealthCheckCustomConfig")}),
    Call("route53", "ListHealthChecks", "HealthChecks", (_HEALTH,), gives={_HEALTH: ("HealthCheckConfig",)}, once=True),
)  # fmt: skip


def _group(item: Item, snapshot: Snapshot) -> None:
    name = item.text("Name")
    props = item.props("Name", "State", "Description", WorkGroupConfiguration="Configuration")
    made_by = "aws" if name == "primary" else None
    snapshot.add(item, _GROUP, name, props, name=name, made_by=made_by)


def _database(item: Item, snapshot: Snapshot) -> None:
    name = item.text("Name")
    props = Props(item)
    props.take("CatalogId", "CatalogId")
    said = only(item.value, "Name", "Description", "LocationUri", "Parameters", "CreateTableDefaultPermissions",
                "TargetDatabase", "FederatedDatabase")  # fmt: skip
    props.set("DatabaseInput", said)
    snapshot.add(item, _DATABASE, name, props, name=name, call=f"{name} GlueDatabase")


def _namespace(item: Item, snapshot: Snapshot) -> None:
    type = _NAMESPACES.get(str(item.get("Type")))
    if type is None:
        snapshot.unreadable(item, f"a namespace of the kind {item.get('Type')}, which no reader here knows")
        return
    id = item.text("Id")
    more = {"Id": id, "HostedZoneId": item.text("Properties.DnsProperties.HostedZoneId")}
    snapshot.add(item, type, id, item.props("Name", "Description"), arn=item.text("Arn"), name=item.text("Name"),
                 attributes=more)  # fmt: skip


def _service(item: Item, snapshot: Snapshot) -> None:
    id = item.text("Id")
    props = item.props("Name", "Description", "DnsConfig", "Type", "HealthCheckConfig", "HealthCheckCustomConfig")
    snapshot.add(item, _SERVICE, id, props, arn=item.text("Arn"), name=item.text("Name"),
                 attributes={"Id": id, "Name": None})  # fmt: skip


def _health(item: Item, snapshot: Snapshot) -> None:
    id = item.text("Id")
    props = Props(item)
    props.take("HealthCheckConfig", "HealthCheckConfig")
    snapshot.add(item, _HEALTH, id, props, name=id, attributes={"HealthCheckId": id})


READERS = {
    "WorkGroups": _group,
    "WorkGroup": _group,
    "DatabaseList": _database,
    "Namespaces": _namespace,
    "servicediscovery:ListServices": _service,
    "Services": _service,
    "HealthChecks": _health,
}
