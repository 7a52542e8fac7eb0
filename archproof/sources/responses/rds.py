"""Databases of RDS: instances, clusters, subnet groups, parameter groups and proxies."""

from __future__ import annotations

from typing import Any

from archproof.sources.responses._call import ALL, Call, Per, listing
from archproof.sources.responses._item import Item, Props, only
from archproof.sources.responses._snapshot import Snapshot, tagged

KEYS = {
    "DBInstances": "DBInstanceIdentifier", "DBClusters": "DBClusterIdentifier", "DBSubnetGroups": "DBSubnetGroupName",
    "DBParameterGroups": "DBParameterGroupName", "DBClusterParameterGroups": "DBClusterParameterGroupName",
    "DBProxies": "DBProxyArn", "TargetGroups": "DBProxyName", "Targets": "RdsResourceId",
}  # fmt: skip

_RDS, _DOCDB, _NEPTUNE = "AWS::RDS::", "AWS::DocDB::", "AWS::Neptune::"
_SUBNETS, _PARAMETERS = f"{_RDS}DBSubnetGroup", f"{_RDS}DBParameterGroup"
_CLUSTER_PARAMETERS = f"{_RDS}DBClusterParameterGroup"
_PROXY, _PROXY_GROUP = f"{_RDS}DBProxy", f"{_RDS}DBProxyTargetGroup"
_PROXIES = Per("DescribeDBProxies", "DBProxies[]", {"DBProxyName": "DBProxyName"})
_TAGGED = (
    (_SUBNETS, "DescribeDBSubnetGroups", "DBSubnetGroups[]", "DBSubnetGroupArn"),
    (_PARAMETERS, "DescribeDBParameterGroups", "DBParameterGroups[]", "DBParameterGroupArn"),
    (_CLUSTER_PARAMETERS, "DescribeDBClusterParameterGroups", "DBClusterParameterGroups[]",
     "DBClusterParameterGroupArn"),
    (_PROXY, "DescribeDBProxies", "DBProxies[]", "DBProxyArn"),
)  # fmt: skip


def _families(noun: str) -> tuple[str, ...]:
    return tuple(f"{family}{noun}" for family in (_RDS, _DOCDB, _NEPTUNE))


CALLS = (
    listing("rds", "DescribeDBInstances", "DBInstances", *_families("DBInstance"),
            gives={**dict.fromkeys(_families("DBInstance"), (ALL, "Tags")),
                   f"{_RDS}DBInstance": (ALL, "Tags", "AllocatedStorage", "Port", "DBParameterGroupName",
                                         "OptionGroupName", "ManageMasterUserPassword", "VPCSecurityGroups",
                                         "DBSubnetGroupName", "AssociatedRoles")}),
    listing("rds", "DescribeDBClusters", "DBClusters", *_families("DBCluster"),
            gives={**dict.fromkeys(_families("DBCluster"), (ALL, "Tags")),
                   f"{_RDS}DBCluster": (ALL, "Tags", "VpcSecurityGroupIds", "DBSubnetGroupName",
                                        "DBClusterParameterGroupName", "ServerlessV2ScalingConfiguration",
                                        "ManageMasterUserPassword", "AssociatedRoles")}),
    listing("rds", "DescribeDBSubnetGroups", "DBSubnetGroups", _SUBNETS, gives={_SUBNETS: (ALL,)}),
    listing("rds", "DescribeDBParameterGroups", "DBParameterGroups", _PARAMETERS, gives={_PARAMETERS: (ALL,)}),
    listing("rds", "DescribeDBClusterParameterGroups", "DBClusterParameterGroups", _CLUSTER_PARAMETERS,
            gives={_CLUSTER_PARAMETERS: (ALL,)}),
    Call("rds", "DescribeDBParameters", ".Parameters", gives={_PARAMETERS: ("Parameters",)},
         parameters={"Source": "user"},
         per=Per("DescribeDBParameterGroups", "DBParameterGroups[?!starts_with(DBParameterGroupName, 'default')]",
                 {"DBParameterGroupName": "DBParameterGroupName"})),
    Call("rds", "DescribeDBClusterParameters", ".Parameters", gives={_CLUSTER_PARAMETERS: ("Parameters",)},
         parameters={"Source": "user"},
         per=Per("DescribeDBClusterParameterGroups",
                 "DBClusterParameterGroups[?!starts_with(DBClusterParameterGroupName, 'default')]",
                 {"DBClusterParameterGroupName": "DBClusterParameterGroupName"})),
    listing("rds", "DescribeDBProxies", "DBProxies", _PROXY, gives={_PROXY: (ALL, "Auth")}),
    listing("rds", "DescribeDBProxyTargetGroups", "TargetGroups", _PROXY_GROUP, gives={_PROXY_GROUP: (ALL,)},
            per=_PROXIES),
    Call("rds", "DescribeDBProxyTargets", "Targets", per=_PROXIES,
         gives={_PROXY_GROUP: ("DBInstanceIdentifiers", "DBClusterIdentifiers")}),
    *(
        Call("rds", "ListTagsForResource", ".TagList", gives={type: ("Tags",)},
             per=Per(operation, each, {"ResourceName": arn}))
        for type, operation, each, arn in _TAGGED
    ),
)  # fmt: skip
_FAMILIES = {"docdb": "AWS::DocDB", "neptune": "AWS::Neptune"}
"""Engines whose instances and clusters have types of their own in CloudFormation."""
_INSTANCE = (
    "DBInstanceIdentifier", "DBInstanceClass", "Engine", "EngineVersion", "AvailabilityZone", "StorageEncrypted",
    "KmsKeyId", "AutoMinorVersionUpgrade", "PreferredMaintenanceWindow", "DBClusterIdentifier", "PubliclyAccessible",
)  # fmt: skip
_RDS_INSTANCE = (
    "MultiAZ", "Iops", "StorageType", "StorageThroughput", "BackupRetentionPeriod",
    "PreferredBackupWindow", "CopyTagsToSnapshot", "DeletionProtection", "MonitoringInterval", "MonitoringRoleArn",
    "LicenseModel", "CharacterSetName", "MaxAllocatedStorage", "NetworkType", "CACertificateIdentifier",
)  # fmt: skip
_CLUSTER = (
    "DBClusterIdentifier", "Engine", "EngineVersion", "DatabaseName", "MasterUsername", "BackupRetentionPeriod",
    "PreferredBackupWindow", "PreferredMaintenanceWindow", "StorageEncrypted", "KmsKeyId", "Port", "DeletionProtection",
    "CopyTagsToSnapshot",
)  # fmt: skip


def _family(item: Item) -> str:
    return _FAMILIES.get(str(item.get("Engine")), "AWS::RDS")


def _instance(item: Item, snapshot: Snapshot) -> None:
    family = _family(item)
    props = item.props(*_INSTANCE)
    if family == "AWS::RDS":
        for key in _RDS_INSTANCE:
            props.take(key, key)
        props.take("DBName", "DBName")
        props.take("MasterUsername", "MasterUsername")
        props.take("EnableIAMDatabaseAuthentication", "IAMDatabaseAuthenticationEnabled")
        props.take("EnablePerformanceInsights", "PerformanceInsightsEnabled")
        props.take("PerformanceInsightsKMSKeyId", "PerformanceInsightsKMSKeyId")
        props.take("EnableCloudwatchLogsExports", "EnabledCloudwatchLogsExports")
        props.take("SourceDBInstanceIdentifier", "ReadReplicaSourceDBInstanceIdentifier")
        if item.get("AllocatedStorage") and not item.get("DBClusterIdentifier"):
            props.set("AllocatedStorage", str(item.get("AllocatedStorage")), "AllocatedStorage")
        if item.get("Endpoint.Port"):
            props.set("Port", str(item.get("Endpoint.Port")), "Endpoint", "Port")
        _group_name(item, "DBParameterGroups", "DBParameterGroupName", "DBParameterGroupName", props)
        _group_name(item, "OptionGroupMemberships", "OptionGroupName", "OptionGroupName", props)
        _secret(item, props)
    else:
        props.values.pop("PubliclyAccessible", None)
        props.values.pop("StorageEncrypted", None)
        props.values.pop("KmsKeyId", None)
    if item.get("DBClusterIdentifier"):
        for key in (
            "MasterUsername",
            "DBName",
            "BackupRetentionPeriod",
            "PreferredBackupWindow",
            "DeletionProtection",
        ):
            props.values.pop(key, None)
    _groups(item, "VPCSecurityGroups", props, unless="DBClusterIdentifier")
    if family == "AWS::RDS":
        _group_name(item, "DBSubnetGroup", "DBSubnetGroupName", "DBSubnetGroupName", props)
    name = item.text("DBInstanceIdentifier")
    address = item.text("Endpoint.Address")
    if snapshot.live:
        _as_they_are(item, props)
    snapshot.add(
        item, f"{family}::DBInstance", name, props, name=name,
        attributes={("DBInstanceArn" if family == "AWS::RDS" else ""): item.text("DBInstanceArn"),
                    ("Endpoint.Address" if family == "AWS::RDS" else "Endpoint"): address},
    )  # fmt: skip


def _as_they_are(item: Item, props: Props) -> None:
    """What an import leaves out because another resource says it."""
    _groups(item, "VPCSecurityGroups", props)
    for field, name in (("DBParameterGroups", "DBParameterGroupName"), ("OptionGroupMemberships", "OptionGroupName")):
        held = item.get(field)
        if isinstance(held, list) and held and held[0].get(name):
            props.set(name, held[0][name], field)
    if item.get("AllocatedStorage"):
        props.set("AllocatedStorage", str(item.get("AllocatedStorage")), "AllocatedStorage")
    for key in ("MasterUsername", "DBName", "BackupRetentionPeriod", "PreferredBackupWindow", "DeletionProtection"):
        props.take(key, key)
    if not item.get("MasterUserSecret"):
        props.set("ManageMasterUserPassword", False)
    else:
        props.set("MasterUserSecret", dict(item.get("MasterUserSecret")), "MasterUserSecret")


def _secret(item: Item, props: Props) -> None:
    if item.get("MasterUserSecret"):
        props.set("ManageMasterUserPassword", True, "MasterUserSecret")
        key = item.text("MasterUserSecret.KmsKeyId")
        if key:
            props.set("MasterUserSecret", {"KmsKeyId": key}, "MasterUserSecret", "KmsKeyId")


def _group_name(item: Item, field: str, inner: str, name: str, props: Props) -> None:
    """The name of a group that a response gives as a map, a list of one map, or a text."""
    found: Any = item.get(field)
    if isinstance(found, list):
        found = found[0] if found else None
    if isinstance(found, dict):
        found = found.get(inner)
    if isinstance(found, str) and found and (not found.startswith("default") or field == "DBSubnetGroup"):
        props.set(name, found, field)


def _groups(item: Item, name: str, props: Props, unless: str = "") -> None:
    groups = [g["VpcSecurityGroupId"] for _, g in item.entries("VpcSecurityGroups") if g.get("VpcSecurityGroupId")]
    if groups and not (unless and item.get(unless)):
        props.set(name, groups, "VpcSecurityGroups")


def _cluster(item: Item, snapshot: Snapshot) -> None:
    family = _family(item)
    props = item.props(*_CLUSTER)
    if family == "AWS::Neptune":
        props.values.pop("MasterUsername", None)
        props.values.pop("DatabaseName", None)
    if family == "AWS::DocDB":
        props.values.pop("DatabaseName", None)
    _groups(item, "VpcSecurityGroupIds", props)
    _group_name(item, "DBSubnetGroup", "DBSubnetGroupName", "DBSubnetGroupName", props)
    _group_name(item, "DBClusterParameterGroup", "", "DBClusterParameterGroupName", props)
    props.take("EnableCloudwatchLogsExports", "EnabledCloudwatchLogsExports")
    if family == "AWS::RDS":
        for key in (
            "EngineMode",
            "StorageType",
            "AllocatedStorage",
            "Iops",
            "DBClusterInstanceClass",
            "BacktrackWindow",
        ):
            props.take(key, key)
        props.take("EnableIAMDatabaseAuthentication", "IAMDatabaseAuthenticationEnabled")
        scaling = only(item.get("ServerlessV2ScalingConfiguration"), "MinCapacity", "MaxCapacity")
        if scaling:
            props.set("ServerlessV2ScalingConfiguration", scaling, "ServerlessV2ScalingConfiguration")
        props.take("EnableHttpEndpoint", "HttpEndpointEnabled")
        if item.get("MasterUserSecret"):
            props.set("ManageMasterUserPassword", True, "MasterUserSecret")
        if props.values.get("EngineMode") == "provisioned":
            props.values.pop("EngineMode")
        if props.values.get("AllocatedStorage") == 1:  # what Aurora, which has no such setting, answers
            props.values.pop("AllocatedStorage")
    if snapshot.live:
        if family == "AWS::RDS" and not item.get("MasterUserSecret"):
            props.set("ManageMasterUserPassword", False)
        props.take("DBClusterParameterGroupName", "DBClusterParameterGroup")
    name = item.text("DBClusterIdentifier")
    address = "Endpoint" if family != "AWS::RDS" else "Endpoint.Address"
    reader = item.text("ReaderEndpoint")
    more = {"DBClusterArn" if family == "AWS::RDS" else "": item.text("DBClusterArn"), address: item.text("Endpoint"),
            "ReadEndpoint.Address" if family == "AWS::RDS" else "ReadEndpoint": reader}  # fmt: skip
    if not snapshot.live:
        more = {k: v for k, v in more.items() if not k.startswith("ReadEndpoint")}
    cluster = snapshot.add(item, f"{family}::DBCluster", name, props, name=name, attributes=more)
    if cluster is not None and item.get("Port"):
        port = "Endpoint.Port" if family == "AWS::RDS" else "Port"
        snapshot.returned[cluster.logical_id][port] = str(item.get("Port"))


def _subnet_group(item: Item, snapshot: Snapshot) -> None:
    props = item.props("DBSubnetGroupName", "DBSubnetGroupDescription")
    subnets = [s["SubnetIdentifier"] for _, s in item.entries("Subnets") if s.get("SubnetIdentifier")]
    props.set("SubnetIds", subnets, "Subnets")
    name = item.text("DBSubnetGroupName")
    made_by = "aws" if str(name).startswith("default") else None
    arn = {"": item.text("DBSubnetGroupArn")} if snapshot.live else {}
    snapshot.add(item, "AWS::RDS::DBSubnetGroup", name, props, name=name, made_by=made_by, attributes=arn)


def _parameter_group(item: Item, snapshot: Snapshot) -> None:
    cluster = "Cluster" if item.key == "DBClusterParameterGroups" else ""
    name = item.text(f"DB{cluster}ParameterGroupName")
    props = item.props("Description", Family="DBParameterGroupFamily")
    props.set(f"DB{cluster}ParameterGroupName", name, f"DB{cluster}ParameterGroupName")
    made_by = "aws" if str(name).startswith("default.") else None
    arn = {"": item.text(f"DB{cluster}ParameterGroupArn")} if snapshot.live else {}
    snapshot.add(item, f"AWS::RDS::DB{cluster}ParameterGroup", name, props, name=name, made_by=made_by, attributes=arn)


def _proxy(item: Item, snapshot: Snapshot) -> None:
    props = item.props(
        "DBProxyName", "EngineFamily", "VpcSecurityGroupIds", "VpcSubnetIds", "RoleArn", "RequireTLS",
        "IdleClientTimeout", "DebugLogging",
    )  # fmt: skip
    for path, auth in item.entries("Auth"):
        props.append("Auth", only(auth, "AuthScheme", "SecretArn", "IAMAuth", "Description", "UserName"), *path)
    name = item.text("DBProxyName")
    snapshot.add(
        item, "AWS::RDS::DBProxy", name, props, name=name,
        attributes={"DBProxyArn": item.text("DBProxyArn"), "Endpoint": item.text("Endpoint")},
    )  # fmt: skip


def _proxy_targets(item: Item, snapshot: Snapshot) -> None:
    props = item.props("DBProxyName", "TargetGroupName", ConnectionPoolConfigurationInfo="ConnectionPoolConfig")
    snapshot.add(
        item, "AWS::RDS::DBProxyTargetGroup", item.text("TargetGroupArn"), props,
        attributes={"TargetGroupArn": item.text("TargetGroupArn")} if snapshot.live else None,
        call=f"{item.text('DBProxyName')} TargetGroup",
    )  # fmt: skip


def _target(item: Item, snapshot: Snapshot) -> None:
    """A target of a proxy's group; whose it is stands in no field where there are several proxies."""
    groups = snapshot.resources.of_type("AWS::RDS::DBProxyTargetGroup")
    asked = item.asked.get("DBProxyName")
    if asked:
        groups = [group for group in groups if group.get("DBProxyName") == asked]
    if len(groups) == 1 and item.text("RdsResourceId"):
        kind = "DBClusterIdentifiers" if item.get("Type") == "TRACKED_CLUSTER" else "DBInstanceIdentifiers"
        snapshot.append(groups[0], kind, item.get("RdsResourceId"), item, "RdsResourceId")
    elif len(groups) != 1:
        snapshot.unreadable(item, "whose target it is stands in no field")


def _parameters(item: Item, snapshot: Snapshot) -> None:
    """The parameters of a group that differ from the engine's."""
    for type in (_PARAMETERS, _CLUSTER_PARAMETERS):
        wanted = "DBClusterParameterGroupName" if type == _CLUSTER_PARAMETERS else "DBParameterGroupName"
        found = snapshot.find(type, item.asked.get(wanted))
        if found is not None:
            said = {str(p.get("ParameterName")): p.get("ParameterValue") for _, p in item.entries("Parameters")}
            props = Props(item)
            props.set("Parameters", {k: v for k, v in said.items() if v is not None}, "Parameters")
            snapshot.extend(found, item, props)


LATER = ("Targets", "rds:DescribeDBParameters", "rds:DescribeDBClusterParameters", "rds:ListTagsForResource")
READERS = {
    "rds:DescribeDBParameters": _parameters,
    "rds:DescribeDBClusterParameters": _parameters,
    "rds:ListTagsForResource": tagged(*(row[0] for row in _TAGGED)),
    "DBInstances": _instance,
    "DBClusters": _cluster,
    "DBSubnetGroups": _subnet_group,
    "DBParameterGroups": _parameter_group,
    "DBClusterParameterGroups": _parameter_group,
    "DBProxies": _proxy,
    "TargetGroups": _proxy_targets,
    "Targets": _target,
}
