"""The TCP ports that resources listen on, as far as they say it: databases, caches, file systems, endpoints."""

from __future__ import annotations

from collections.abc import Sequence

from archproof.resources.resource import Resource, Resources
from archproof.resources.values import known

_ENGINE = ("AWS::RDS::DBInstance", "AWS::RDS::DBCluster")
_NAMED = {
    "AWS::EFS::MountTarget": "nfs",
    "AWS::EC2::VPCEndpoint": "https",
    "AWS::ElastiCache::ReplicationGroup": "redis",
    "AWS::ElastiCache::ServerlessCache": "redis",
    "AWS::Redshift::Cluster": "redshift",
    "AWS::OpenSearchService::Domain": "https",
}
"""Types whose interfaces listen on the port of one service, by its name in facts/ports.csv."""
_PORT = {
    "AWS::RDS::DBInstance": "Port", "AWS::RDS::DBCluster": "Port", "AWS::ElastiCache::ReplicationGroup": "Port",
    "AWS::Redshift::Cluster": "Port", "AWS::DocDB::DBCluster": "Port", "AWS::Neptune::DBCluster": "DBPort",
}  # fmt: skip


def listens(resources: Resources, owners: Sequence[Resource]) -> tuple[int, ...]:
    """The ports of all of `owners`; empty where one of them does not tell."""
    found: dict[int, None] = {}
    for owner in owners:
        ports = _ports(resources, owner)
        if not ports:
            return ()
        found.update(dict.fromkeys(ports))
    return tuple(found)


def _ports(resources: Resources, owner: Resource) -> list[int]:
    said = known(resources, owner.get(_PORT[owner.type])) if owner.type in _PORT else None
    if isinstance(said, int | str) and str(said).isdigit():
        return [int(said)]
    cluster = resources.target(owner.get("DBClusterIdentifier")) if owner.type in _ENGINE else None
    if cluster is not None and cluster is not owner:
        return _ports(resources, cluster)
    if owner.type in _ENGINE:
        return _engine(known(resources, owner.get("Engine")))
    if owner.type == "AWS::RDS::DBProxy":
        family = {"POSTGRESQL": "postgres", "MYSQL": "mysql", "SQLSERVER": "sqlserver-ex"}
        return _engine(family.get(str(known(resources, owner.get("EngineFamily")))))
    if owner.type in _NAMED:
        return _well_known(_NAMED[owner.type])
    return []


def _engine(engine: object) -> list[int]:
    from archproof import facts

    try:
        return [facts.engine(engine.lower()).port] if isinstance(engine, str) else []
    except KeyError:
        return []


def _well_known(name: str) -> list[int]:
    from archproof import facts

    return [row.number for row in facts.ports() if row.name == name and row.protocol == "tcp"][:1]
