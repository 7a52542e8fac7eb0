"""Caches of ElastiCache, with their subnets and parameters."""

from __future__ import annotations

from archproof.sources.responses._call import ALL, Call, Per, listing
from archproof.sources.responses._item import Item, Props
from archproof.sources.responses._snapshot import Snapshot, plain, tagged

KEYS = {
    "CacheClusters": "CacheClusterId",
    "ReplicationGroups": "ReplicationGroupId",
    "ServerlessCaches": "ARN",
    "CacheSubnetGroups": "CacheSubnetGroupName",
    "CacheParameterGroups": "CacheParameterGroupName",
}
LATER = (
    "elasticache:ListTagsForResource",
    "elasticache:DescribeCacheParameters",
)
_CACHE = "AWS::ElastiCache::"
_GROUP, _CLUSTER, _CACHE_SUBNETS = f"{_CACHE}ReplicationGroup", f"{_CACHE}CacheCluster", f"{_CACHE}SubnetGroup"
_CACHE_PARAMETERS = f"{_CACHE}ParameterGroup"


def _cache_tags(type: str, operation: str, each: str) -> Call:
    return Call("elasticache", "ListTagsForResource", ".TagList", gives={type: ("Tags",)},
                per=Per(operation, each, {"ResourceName": "ARN"}))  # fmt: skip


CALLS = (
    Call("elasticache", "DescribeReplicationGroups", "ReplicationGroups", (_GROUP,), gives={_GROUP: (ALL,)}),
    Call("elasticache", "DescribeCacheClusters", "CacheClusters", (_CLUSTER,),
         gives={_CLUSTER: (ALL, "VpcSecurityGroupIds"),
                _GROUP: ("EngineVersion", "PreferredMaintenanceWindow", "CacheSubnetGroupName", "SecurityGroupIds",
                         "CacheParameterGroupName")}),
    listing("elasticache", "DescribeCacheSubnetGroups", "CacheSubnetGroups", _CACHE_SUBNETS,
            gives={_CACHE_SUBNETS: (ALL,)}),
    listing("elasticache", "DescribeServerlessCaches", "ServerlessCaches", f"{_CACHE}ServerlessCache",
            gives={f"{_CACHE}ServerlessCache": (ALL,)}),
    listing("elasticache", "DescribeCacheParameterGroups", "CacheParameterGroups", _CACHE_PARAMETERS,
            gives={_CACHE_PARAMETERS: (ALL,)}),
    Call("elasticache", "DescribeCacheParameters", ".Parameters", gives={_CACHE_PARAMETERS: ("Properties",)},
         parameters={"Source": "user"},
         per=Per("DescribeCacheParameterGroups", "CacheParameterGroups[?!starts_with(CacheParameterGroupName, "
                 "'default')]", {"CacheParameterGroupName": "CacheParameterGroupName"})),
    _cache_tags(_GROUP, "DescribeReplicationGroups", "ReplicationGroups[]"),
    _cache_tags(_CLUSTER, "DescribeCacheClusters", "CacheClusters[]"),
    _cache_tags(_CACHE_SUBNETS, "DescribeCacheSubnetGroups", "CacheSubnetGroups[]"),
    _cache_tags(f"{_CACHE}ServerlessCache", "DescribeServerlessCaches", "ServerlessCaches[]"),
)  # fmt: skip


def _cache(item: Item, snapshot: Snapshot) -> None:
    if item.get("ReplicationGroupId"):  # the group says it of all its members
        return
    props = item.props(
        "CacheNodeType", "Engine", "EngineVersion", "NumCacheNodes", "PreferredMaintenanceWindow",
        "CacheSubnetGroupName", "SnapshotRetentionLimit", "SnapshotWindow", "TransitEncryptionEnabled",
        "AutoMinorVersionUpgrade", ClusterName="CacheClusterId",
    )  # fmt: skip
    _cache_groups(item, "VpcSecurityGroupIds", props)
    name = item.text("CacheClusterId")
    snapshot.add(item, "AWS::ElastiCache::CacheCluster", name, props, name=name)


def _cache_groups(item: Item, name: str, props: Props) -> None:
    groups = [g["SecurityGroupId"] for _, g in item.entries("SecurityGroups") if g.get("SecurityGroupId")]
    if groups:
        props.set(name, groups, "SecurityGroups")


def _replication_group(item: Item, snapshot: Snapshot) -> None:
    props = item.props(
        "ReplicationGroupId",
        "CacheNodeType",
        "SnapshotRetentionLimit",
        "SnapshotWindow",
        "AtRestEncryptionEnabled",
        "TransitEncryptionEnabled",
        "TransitEncryptionMode",
        "KmsKeyId",
        "AutoMinorVersionUpgrade",
        "Engine",
        "UserGroupIds",
        ReplicationGroupDescription="Description",
    )
    for key, field in (("AutomaticFailoverEnabled", "AutomaticFailover"), ("MultiAZEnabled", "MultiAZ")):
        if item.get(field) is not None:
            props.set(key, item.get(field) in ("enabled", "enabling"), field)
    members = item.get("MemberClusters")
    for member in snapshot.members(members, "CacheClusters", "CacheClusterId"):
        for key in ("EngineVersion", "PreferredMaintenanceWindow"):
            if member.get(key):
                props.values.setdefault(key, member.get(key))
        subnets = member.get("CacheSubnetGroupName")
        if subnets:
            props.values.setdefault("CacheSubnetGroupName", subnets)
        parameters = member.get("CacheParameterGroup.CacheParameterGroupName")
        if snapshot.live and parameters:
            props.values.setdefault("CacheParameterGroupName", parameters)
        groups = [g["SecurityGroupId"] for _, g in member.entries("SecurityGroups") if g.get("SecurityGroupId")]
        if groups:
            props.values.setdefault("SecurityGroupIds", groups)
    nodes = item.get("NodeGroups")
    if isinstance(nodes, list) and nodes:
        props.set("NumNodeGroups", len(nodes), "NodeGroups")
        replicas = len((nodes[0] or {}).get("NodeGroupMembers") or [1]) - 1
        props.set("ReplicasPerNodeGroup", replicas, "NodeGroups")
    name = item.text("ReplicationGroupId")
    snapshot.add(item, "AWS::ElastiCache::ReplicationGroup", name, props, arn=item.text("ARN"), name=name)


def _cache_parameters(item: Item, snapshot: Snapshot) -> None:
    """The parameters of a group that differ from the engine's."""
    found = snapshot.told_by_path(item, _CACHE_PARAMETERS)
    if found is not None:
        said = {str(p.get("ParameterName")): p.get("ParameterValue") for _, p in item.entries("Parameters")}
        props = Props(item)
        props.set("Properties", {k: v for k, v in said.items() if v is not None}, "Parameters")
        snapshot.extend(found, item, props)


def _parameter_group(item: Item, snapshot: Snapshot) -> None:
    name = item.text("CacheParameterGroupName")
    props = item.props("CacheParameterGroupFamily", "Description", "CacheParameterGroupName")
    made_by = "aws" if str(name).startswith("default.") else None
    snapshot.add(item, _CACHE_PARAMETERS, name, props, arn=item.text("ARN"), name=name, made_by=made_by)


def _cache_subnets(item: Item, snapshot: Snapshot) -> None:
    props = item.props("CacheSubnetGroupName", Description="CacheSubnetGroupDescription")
    subnets = [s["SubnetIdentifier"] for _, s in item.entries("Subnets") if s.get("SubnetIdentifier")]
    props.set("SubnetIds", subnets, "Subnets")
    name = item.text("CacheSubnetGroupName")
    made_by = "aws" if name == "default" else None
    snapshot.add(item, "AWS::ElastiCache::SubnetGroup", name, props, name=name, made_by=made_by)


READERS = {
    "elasticache:ListTagsForResource": tagged(_GROUP, _CLUSTER, _CACHE_SUBNETS, f"{_CACHE}ServerlessCache"),
    "elasticache:DescribeCacheParameters": _cache_parameters,
    "CacheParameterGroups": _parameter_group,
    "CacheClusters": _cache,
    "ReplicationGroups": _replication_group,
    "ServerlessCaches": plain(
        "AWS::ElastiCache::ServerlessCache",
        "ServerlessCacheName",
        "ServerlessCacheName",
        "Engine",
        "MajorEngineVersion",
        "SubnetIds",
        "SecurityGroupIds",
        "KmsKeyId",
        "Description",
        arn="ARN",
        name="ServerlessCacheName",
    ),
    "CacheSubnetGroups": _cache_subnets,
}
