"""Tables, keys, secrets, parameters, caches, file systems and search domains."""

from __future__ import annotations

import json
from typing import Any

from archproof.sources.responses._call import ALL, Call, Per, listing
from archproof.sources.responses._item import Item, Props, document, only
from archproof.sources.responses._snapshot import Reader, Snapshot, detail, plain, tagged

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
    "CacheParameterGroups": "CacheParameterGroupName",
}
LATER = (
    "dynamodb:ListTagsOfResource", "kms:ListResourceTags", "kms:GetKeyPolicy", "ssm:ListTagsForResource",
    "secretsmanager:GetResourcePolicy", "elasticache:ListTagsForResource", "elasticache:DescribeCacheParameters",
    "efs:DescribeLifecycleConfiguration", "efs:DescribeBackupPolicy", "efs:DescribeFileSystemPolicy",
    "opensearch:ListTags", "ssm:DescribeParameters", "TableNames", "Keys", "Aliases", "MountTargets",
    "efs:DescribeMountTargetSecurityGroups", "AccessPoints", "TimeToLiveDescription", "DomainNames",
    "ContinuousBackupsDescription", ".KeyRotationEnabled KeyId RotationPeriodInDays NextRotationDate",
)  # fmt: skip

_TABLE, _KEY = "AWS::DynamoDB::Table", "AWS::KMS::Key"
_SECRET, _PARAMETER = "AWS::SecretsManager::Secret", "AWS::SSM::Parameter"
_ROTATION, _POLICY = "AWS::SecretsManager::RotationSchedule", "AWS::SecretsManager::ResourcePolicy"
_CACHE = "AWS::ElastiCache::"
_GROUP, _CLUSTER, _CACHE_SUBNETS = f"{_CACHE}ReplicationGroup", f"{_CACHE}CacheCluster", f"{_CACHE}SubnetGroup"
_CACHE_PARAMETERS = f"{_CACHE}ParameterGroup"
_FILES, _MOUNT, _DOMAIN = "AWS::EFS::FileSystem", "AWS::EFS::MountTarget", "AWS::OpenSearchService::Domain"
_TABLES = Per("ListTables", "TableNames[]", {"TableName": "@"})
_KEYS = Per("ListKeys", "Keys[]", {"KeyId": "KeyId"})
_OWN_KEYS = Per("DescribeKey", "[KeyMetadata][?KeyManager=='CUSTOMER']", {"KeyId": "KeyId"})
_SYSTEMS = Per("DescribeFileSystems", "FileSystems[]", {"FileSystemId": "FileSystemId"})


def _cache_tags(type: str, operation: str, each: str) -> Call:
    return Call("elasticache", "ListTagsForResource", ".TagList", gives={type: ("Tags",)},
                per=Per(operation, each, {"ResourceName": "ARN"}))  # fmt: skip


CALLS = (
    Call("dynamodb", "ListTables", "TableNames", (_TABLE,)),
    Call("dynamodb", "DescribeTable", "Table", per=_TABLES,
         gives={_TABLE: (ALL, "GlobalSecondaryIndexes", "LocalSecondaryIndexes", "StreamSpecification",
                         "SSESpecification", "ProvisionedThroughput", "OnDemandThroughput", "TableClass",
                         "WarmThroughput", "BillingMode")}),
    Call("dynamodb", "DescribeContinuousBackups", "ContinuousBackupsDescription", per=_TABLES,
         gives={_TABLE: ("PointInTimeRecoverySpecification",)}),
    Call("dynamodb", "DescribeTimeToLive", "TimeToLiveDescription", gives={_TABLE: ("TimeToLiveSpecification",)},
         per=_TABLES),
    Call("dynamodb", "ListTagsOfResource", ".Tags", gives={_TABLE: ("Tags",)},
         per=Per("DescribeTable", "[Table]", {"ResourceArn": "TableArn"})),
    Call("kms", "ListKeys", "Keys", (_KEY,)),
    Call("kms", "DescribeKey", "KeyMetadata", per=_KEYS,
         gives={_KEY: ("Description", "KeyUsage", "KeySpec", "MultiRegion", "Enabled", "Origin")}),
    Call("kms", "GetKeyRotationStatus", ".KeyRotationEnabled KeyId RotationPeriodInDays NextRotationDate",
         gives={_KEY: ("EnableKeyRotation", "RotationPeriodInDays")}, per=_OWN_KEYS),
    Call("kms", "GetKeyPolicy", ".Policy", gives={_KEY: ("KeyPolicy",)}, parameters={"PolicyName": "default"},
         per=_OWN_KEYS),
    Call("kms", "ListResourceTags", ".Tags", gives={_KEY: ("Tags",)}, per=_OWN_KEYS),
    listing("kms", "ListAliases", "Aliases", "AWS::KMS::Alias", gives={"AWS::KMS::Alias": (ALL,)}),
    Call("secretsmanager", "ListSecrets", "SecretList", (_SECRET, _ROTATION),
         gives={_SECRET: ("Name", "Description", "KmsKeyId", "Tags", "ReplicaRegions"), _ROTATION: (ALL,)}),
    Call("secretsmanager", "GetResourcePolicy", ".ResourcePolicy", (_POLICY,),
         gives={_POLICY: ("SecretId", "ResourcePolicy")},
         per=Per("ListSecrets", "SecretList[]", {"SecretId": "ARN"})),
    Call("ssm", "DescribeParameters", "Parameters", (_PARAMETER,),
         gives={_PARAMETER: ("Name", "Type", "Description", "Tier", "AllowedPattern", "DataType", "Policies")}),
    Call("ssm", "GetParameters", "Parameters", gives={_PARAMETER: ("Value",)},
         per=Per("DescribeParameters", "Parameters[?Type!='SecureString']", {"Names": "Name"}, batch=10)),
    Call("ssm", "ListTagsForResource", ".TagList", gives={_PARAMETER: ("Tags",)},
         parameters={"ResourceType": "Parameter"},
         per=Per("DescribeParameters", "Parameters[]", {"ResourceId": "Name"})),
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
    Call("efs", "DescribeFileSystems", "FileSystems", (_FILES,), gives={_FILES: (ALL, "FileSystemTags")}),
    Call("efs", "DescribeLifecycleConfiguration", ".LifecyclePolicies", gives={_FILES: ("LifecyclePolicies",)},
         per=_SYSTEMS),
    Call("efs", "DescribeBackupPolicy", ".BackupPolicy", gives={_FILES: ("BackupPolicy",)}, per=_SYSTEMS,
         absent=("PolicyNotFound",)),
    Call("efs", "DescribeFileSystemPolicy", ".Policy", gives={_FILES: ("FileSystemPolicy",)}, per=_SYSTEMS,
         absent=("PolicyNotFound",)),
    Call("efs", "DescribeMountTargets", "MountTargets", (_MOUNT,), per=_SYSTEMS,
         gives={_MOUNT: ("FileSystemId", "SubnetId", "IpAddress")}),
    Call("efs", "DescribeMountTargetSecurityGroups", ".SecurityGroups", gives={_MOUNT: ("SecurityGroups",)},
         per=Per("DescribeMountTargets", "MountTargets[]", {"MountTargetId": "MountTargetId"})),
    listing("efs", "DescribeAccessPoints", "AccessPoints", "AWS::EFS::AccessPoint"),
    Call("opensearch", "ListDomainNames", "DomainNames", (_DOMAIN,)),
    Call("opensearch", "DescribeDomains", "DomainStatusList", gives={_DOMAIN: (ALL,)},
         per=Per("ListDomainNames", "DomainNames[]", {"DomainNames": "DomainName"}, batch=5)),
    Call("opensearch", "ListTags", ".TagList", gives={_DOMAIN: ("Tags",)},
         per=Per("DescribeDomains", "DomainStatusList[]", {"ARN": "ARN"})),
)  # fmt: skip


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
        if snapshot.live:
            props.take("RotationPeriodInDays", "RotationPeriodInDays")
        snapshot.extend(key, item, props)


def _key_policy(item: Item, snapshot: Snapshot) -> None:
    key = snapshot.told_by_path(item, _KEY)
    if key is not None:
        props = Props(item)
        props.document("KeyPolicy", "Policy")
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
    secret = snapshot.add(item, _SECRET, arn, props, arn=arn, name=item.text("Name"))
    if secret is not None and snapshot.live and item.get("RotationEnabled") is True:
        more = Props(item)
        more.set("SecretId", arn, "ARN")
        more.take("RotationLambdaARN", "RotationLambdaARN")
        more.take("RotationRules", "RotationRules")
        snapshot.add(item, _ROTATION, f"{arn}|rotation", more, ref=arn, call=f"{secret.logical_id} Rotation")


def _secret_policy(item: Item, snapshot: Snapshot) -> None:
    """The policy of a secret, where it has one."""
    if item.text("ResourcePolicy"):
        props = Props(item)
        props.set("SecretId", item.text("ARN"), "ARN")
        props.document("ResourcePolicy", "ResourcePolicy")
        snapshot.add(item, _POLICY, f"{item.text('ARN')}|policy", props, ref=item.text("ARN"),
                     call=f"{item.text('Name')} SecretPolicy")  # fmt: skip


def _parameter(item: Item, snapshot: Snapshot) -> None:
    """A parameter; the value of a secure one is never taken."""
    name = item.text("Name")
    props = item.props("Name", "Type", "Description", "Tier", "AllowedPattern", "DataType")
    if item.get("Type") != "SecureString":
        props.take("Value", "Value")
    if snapshot.live:
        policies = [document(p.get("PolicyText")) for _, p in item.entries("Policies") if p.get("PolicyText")]
        props.values.pop("Policies", None)
        if policies:
            props.set("Policies", json.dumps(policies), "Policies")
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


def _file_detail(name: str, source: str) -> Reader:
    def read(item: Item, snapshot: Snapshot) -> None:
        found = snapshot.told_by_path(item, _FILES)
        if found is not None:
            props = Props(item)
            props.document(name, source)
            snapshot.extend(found, item, props)

    return read


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
    "dynamodb:ListTagsOfResource": tagged(_TABLE),
    "kms:ListResourceTags": tagged(_KEY),
    "kms:GetKeyPolicy": _key_policy,
    "secretsmanager:GetResourcePolicy": _secret_policy,
    "ssm:ListTagsForResource": tagged(_PARAMETER),
    "ssm:DescribeParameters": _parameter,
    "elasticache:ListTagsForResource": tagged(_GROUP, _CLUSTER, _CACHE_SUBNETS, f"{_CACHE}ServerlessCache"),
    "elasticache:DescribeCacheParameters": _cache_parameters,
    "CacheParameterGroups": _parameter_group,
    "efs:DescribeLifecycleConfiguration": _file_detail("LifecyclePolicies", "LifecyclePolicies"),
    "efs:DescribeBackupPolicy": _file_detail("BackupPolicy", "BackupPolicy"),
    "efs:DescribeFileSystemPolicy": _file_detail("FileSystemPolicy", "Policy"),
    "efs:DescribeMountTargetSecurityGroups": detail(_MOUNT, "SecurityGroups"),
    "opensearch:ListTags": tagged(_DOMAIN),
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
