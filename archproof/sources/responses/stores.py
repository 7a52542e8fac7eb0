"""Tables, keys, secrets, parameters, caches, file systems and search domains."""

from __future__ import annotations

from typing import Any

from archproof.sources.responses._item import Item, Props, only
from archproof.sources.responses._snapshot import Snapshot, plain

KEYS = {
    "Table": "TableArn",
    "TableNames": "",
    "KeyMetadata": "KeyId",
    "Keys": "KeyId",
    "Aliases": "AliasName",
    "SecretList": "ARN",
    ".SecretString": "SecretString",
    "Parameters": "Type",
    "Parameter": "Type",
    "CacheClusters": "CacheClusterId",
    "ReplicationGroups": "ReplicationGroupId",
    "ServerlessCaches": "ARN",
    "CacheSubnetGroups": "CacheSubnetGroupName",
    "FileSystems": "FileSystemId",
    "MountTargets": "MountTargetId",
    "AccessPoints": "FileSystemId",
    "DomainStatus": "DomainName",
    "DomainStatusList": "DomainName",
    "TimeToLiveDescription": "AttributeName",
    "ContinuousBackupsDescription": "ContinuousBackupsStatus",
    ".KeyRotationEnabled KeyId RotationPeriodInDays NextRotationDate": "KeyRotationEnabled",
    "DomainNames": "DomainName",
}
LATER = (
    "TableNames", "Keys", "Aliases", "MountTargets", "AccessPoints", "TimeToLiveDescription", "DomainNames",
    "ContinuousBackupsDescription", ".KeyRotationEnabled KeyId RotationPeriodInDays NextRotationDate",
)  # fmt: skip

_TABLE, _KEY = "AWS::DynamoDB::Table", "AWS::KMS::Key"


def _table(item: Item, snapshot: Snapshot) -> None:
    props = item.props("TableName", "AttributeDefinitions", "KeySchema")
    props.take("DeletionProtectionEnabled", "DeletionProtectionEnabled")
    mode = item.text("BillingModeSummary.BillingMode") or "PROVISIONED"
    props.set("BillingMode", mode, "BillingModeSummary", "BillingMode")
    provisioned = mode == "PROVISIONED"
    if provisioned:
        props.set("ProvisionedThroughput", _throughput(item.value), "ProvisionedThroughput")
    for field in ("GlobalSecondaryIndexes", "LocalSecondaryIndexes"):
        for path, index in item.entries(field):
            said = only(index, "IndexName", "KeySchema", "Projection")
            if field.startswith("Global") and provisioned:
                said["ProvisionedThroughput"] = _throughput(index)
            props.append(field, said, *path)
    stream = item.get("StreamSpecification.StreamViewType")
    if stream:
        props.set("StreamSpecification", {"StreamViewType": stream}, "StreamSpecification")
    sse = item.get("SSEDescription")
    if isinstance(sse, dict) and sse.get("Status") in ("ENABLED", "UPDATING", "ENABLING"):
        said = {"SSEEnabled": True, "SSEType": sse.get("SSEType"), "KMSMasterKeyId": sse.get("KMSMasterKeyArn")}
        props.set("SSESpecification", {k: v for k, v in said.items() if v}, "SSEDescription")
    name = item.text("TableName")
    snapshot.add(item, _TABLE, name, props, arn=item.text("TableArn"), name=name,
                 attributes={"StreamArn": item.text("LatestStreamArn")})  # fmt: skip


def _throughput(value: dict[str, Any]) -> Any:
    return only(value.get("ProvisionedThroughput") or {}, "ReadCapacityUnits", "WriteCapacityUnits")


def _table_name(item: Item, snapshot: Snapshot) -> None:
    _by_name(item, snapshot, _TABLE, "TableName")


def _by_name(item: Item, snapshot: Snapshot, type: str, name: str) -> None:
    """A thing of which only the name is known."""
    if snapshot.find(type, str(item.value)) is None:
        props = Props(item)
        props.set(name, item.value)
        snapshot.add(item, type, str(item.value), props, name=str(item.value))


def _backups(item: Item, snapshot: Snapshot) -> None:
    table = snapshot.told_by_path(item, _TABLE)
    status = item.text("PointInTimeRecoveryDescription.PointInTimeRecoveryStatus")
    if table is not None and status:
        props = Props(item)
        said = {"PointInTimeRecoveryEnabled": status == "ENABLED"}
        props.set("PointInTimeRecoverySpecification", said, "PointInTimeRecoveryDescription")
        snapshot.extend(table, item, props)


def _time_to_live(item: Item, snapshot: Snapshot) -> None:
    table = snapshot.told_by_path(item, _TABLE)
    if table is not None and item.get("TimeToLiveStatus") == "ENABLED":
        props = Props(item)
        said = {"AttributeName": item.get("AttributeName"), "Enabled": True}
        props.set("TimeToLiveSpecification", said, "AttributeName")
        snapshot.extend(table, item, props)


def _key(item: Item, snapshot: Snapshot) -> None:
    props = item.props("Description", "KeyUsage", "KeySpec", "MultiRegion", "Enabled")
    if "Origin" in item.value and item.get("Origin") != "AWS_KMS":
        props.take("Origin", "Origin")
    made_by = "aws" if item.get("KeyManager") == "AWS" else None
    arn = item.text("Arn") or item.text("KeyArn")
    id = item.text("KeyId")
    snapshot.add(item, _KEY, id, props, arn=arn, name=id, made_by=made_by, call=f"Key {str(id)[-4:]}")


def _key_listed(item: Item, snapshot: Snapshot) -> None:
    if snapshot.find(_KEY, item.text("KeyId")) is None:
        _key(item, snapshot)


def _rotation(item: Item, snapshot: Snapshot) -> None:
    key = snapshot.find(_KEY, item.text("KeyId")) or snapshot.told_by_path(item, _KEY)
    if key is not None:
        props = Props(item)
        props.set("EnableKeyRotation", item.get("KeyRotationEnabled"), "KeyRotationEnabled")
        snapshot.extend(key, item, props)


def _alias(item: Item, snapshot: Snapshot) -> None:
    name = str(item.get("AliasName"))
    if not item.get("TargetKeyId"):
        return
    props = item.props("AliasName", "TargetKeyId")
    made_by = "aws" if name.startswith("alias/aws/") else None
    snapshot.add(item, "AWS::KMS::Alias", name, props, call=f"{name[6:]} KeyAlias", made_by=made_by)


def _secret(item: Item, snapshot: Snapshot) -> None:
    """A secret by its name; its value is never taken."""
    arn = item.text("ARN")
    props = item.props("Name", "Description", "KmsKeyId")
    snapshot.add(item, "AWS::SecretsManager::Secret", arn, props, arn=arn, name=item.text("Name"))


def _parameter(item: Item, snapshot: Snapshot) -> None:
    """A parameter; the value of a secure one is never taken."""
    name = item.text("Name")
    props = item.props("Name", "Type", "Description", "Tier", "AllowedPattern", "DataType")
    if item.get("Type") != "SecureString":
        props.take("Value", "Value")
    snapshot.add(item, "AWS::SSM::Parameter", name, props, name=name)


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


def _cache_subnets(item: Item, snapshot: Snapshot) -> None:
    props = item.props("CacheSubnetGroupName", Description="CacheSubnetGroupDescription")
    subnets = [s["SubnetIdentifier"] for _, s in item.entries("Subnets") if s.get("SubnetIdentifier")]
    props.set("SubnetIds", subnets, "Subnets")
    name = item.text("CacheSubnetGroupName")
    made_by = "aws" if name == "default" else None
    snapshot.add(item, "AWS::ElastiCache::SubnetGroup", name, props, name=name, made_by=made_by)


def _file_system(item: Item, snapshot: Snapshot) -> None:
    props = item.props("PerformanceMode", "Encrypted", "KmsKeyId", "ThroughputMode", "ProvisionedThroughputInMibps")
    tags = props.values.pop("Tags", None)
    if tags:
        props.set("FileSystemTags", tags, "Tags")
    id = item.text("FileSystemId")
    snapshot.add(item, "AWS::EFS::FileSystem", id, props, arn=item.text("FileSystemArn"), name=item.text("Name"))


def _mount_target(item: Item, snapshot: Snapshot) -> None:
    props = item.props("FileSystemId", "SubnetId", "IpAddress", "SecurityGroups")
    snapshot.add(item, "AWS::EFS::MountTarget", item.text("MountTargetId"), props)


def _domain(item: Item, snapshot: Snapshot) -> None:
    """A search domain of the service under either of its names."""
    old = item.get("ElasticsearchVersion") is not None
    cluster = "ElasticsearchClusterConfig" if old else "ClusterConfig"
    props = item.props(
        "DomainName", "EngineVersion", "ElasticsearchVersion", "EBSOptions", cluster, "NodeToNodeEncryptionOptions",
        "LogPublishingOptions", "AdvancedOptions", "CognitoOptions", "SnapshotOptions",
    )  # fmt: skip
    props.document("AccessPolicies", "AccessPolicies")
    encryption = only(item.get("EncryptionAtRestOptions"), "Enabled", "KmsKeyId")
    if encryption:
        props.set("EncryptionAtRestOptions", encryption, "EncryptionAtRestOptions")
    endpoint = only(
        item.get("DomainEndpointOptions"),
        "EnforceHTTPS",
        "TLSSecurityPolicy",
        "CustomEndpointEnabled",
        "CustomEndpoint",
        "CustomEndpointCertificateArn",
    )
    if endpoint:
        props.set("DomainEndpointOptions", endpoint, "DomainEndpointOptions")
    vpc = only(item.get("VPCOptions"), "SubnetIds", "SecurityGroupIds")
    if vpc:
        props.set("VPCOptions", vpc, "VPCOptions")
    security = only(item.get("AdvancedSecurityOptions"), "Enabled", "InternalUserDatabaseEnabled")
    if security:
        props.set("AdvancedSecurityOptions", security, "AdvancedSecurityOptions")
    name = item.text("DomainName")
    type = "AWS::Elasticsearch::Domain" if old else "AWS::OpenSearchService::Domain"
    snapshot.add(item, type, name, props, arn=item.text("ARN"), name=name)


def _domain_name(item: Item, snapshot: Snapshot) -> None:
    """A domain of a mere list of names."""
    name = item.text("DomainName")
    for type in ("AWS::OpenSearchService::Domain", "AWS::Elasticsearch::Domain"):
        if snapshot.find(type, name) is not None:
            return
    snapshot.add(item, "AWS::OpenSearchService::Domain", name, item.props("DomainName"), name=name)


READERS = {
    "Table": _table,
    "TableNames": _table_name,
    "ContinuousBackupsDescription": _backups,
    "TimeToLiveDescription": _time_to_live,
    "KeyMetadata": _key,
    "Keys": _key_listed,
    ".KeyRotationEnabled KeyId RotationPeriodInDays NextRotationDate": _rotation,
    "Aliases": _alias,
    "SecretList": _secret,
    ".SecretString": _secret,
    "Parameters": _parameter,
    "Parameter": _parameter,
    "CacheClusters": _cache,
    "ReplicationGroups": _replication_group,
    "ServerlessCaches": plain(
        "AWS::ElastiCache::ServerlessCache", "ServerlessCacheName", "ServerlessCacheName", "Engine",
        "MajorEngineVersion", "SubnetIds", "SecurityGroupIds", "KmsKeyId", "Description", arn="ARN",
        name="ServerlessCacheName",
    ),
    "CacheSubnetGroups": _cache_subnets,
    "FileSystems": _file_system,
    "MountTargets": _mount_target,
    "AccessPoints": plain("AWS::EFS::AccessPoint", "AccessPointId", "FileSystemId", "PosixUser", "RootDirectory",
                          arn="AccessPointArn"),
    "DomainStatus": _domain,
    "DomainStatusList": _domain,
    "DomainNames": _domain_name,
}  # fmt: skip
