"""Tables, file systems and search domains."""

from __future__ import annotations

from typing import Any

from archproof.sources.responses._call import ALL, Call, Per, listing
from archproof.sources.responses._item import Item, Props, only
from archproof.sources.responses._snapshot import Reader, Snapshot, detail, plain, tagged

KEYS = {
    "Table": "TableArn",
    "TableNames": "",
    "FileSystems": "FileSystemId",
    "MountTargets": "MountTargetId",
    "AccessPoints": "FileSystemId",
    "DomainStatus": "DomainName",
    "DomainStatusList": "DomainName",
    "TimeToLiveDescription": "AttributeName",
    "ContinuousBackupsDescription": "ContinuousBackupsStatus",
    "DomainNames": "DomainName",
}
LATER = (
    "dynamodb:ListTagsOfResource",
    "efs:DescribeLifecycleConfiguration",
    "efs:DescribeBackupPolicy",
    "efs:DescribeFileSystemPolicy",
    "opensearch:ListTags",
    "TableNames",
    "MountTargets",
    "efs:DescribeMountTargetSecurityGroups",
    "AccessPoints",
    "TimeToLiveDescription",
    "DomainNames",
    "ContinuousBackupsDescription",
)
_TABLE, _DOMAIN = "AWS::DynamoDB::Table", "AWS::OpenSearchService::Domain"
_FILES, _MOUNT = "AWS::EFS::FileSystem", "AWS::EFS::MountTarget"
_TABLES = Per("ListTables", "TableNames[]", {"TableName": "@"})
_SYSTEMS = Per("DescribeFileSystems", "FileSystems[]", {"FileSystemId": "FileSystemId"})
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
    if snapshot.live:
        props.take("TableClass", "TableClassSummary.TableClass")
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


def _file_detail(name: str, source: str) -> Reader:
    def read(item: Item, snapshot: Snapshot) -> None:
        found = snapshot.told_by_path(item, _FILES)
        if found is not None:
            props = Props(item)
            props.document(name, source)
            snapshot.extend(found, item, props)

    return read


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
    "efs:DescribeLifecycleConfiguration": _file_detail("LifecyclePolicies", "LifecyclePolicies"),
    "efs:DescribeBackupPolicy": _file_detail("BackupPolicy", "BackupPolicy"),
    "efs:DescribeFileSystemPolicy": _file_detail("FileSystemPolicy", "Policy"),
    "efs:DescribeMountTargetSecurityGroups": detail(_MOUNT, "SecurityGroups"),
    "opensearch:ListTags": tagged(_DOMAIN),
    "Table": _table,
    "TableNames": _table_name,
    "ContinuousBackupsDescription": _backups,
    "TimeToLiveDescription": _time_to_live,
    "FileSystems": _file_system,
    "MountTargets": _mount_target,
    "AccessPoints": plain(
        "AWS::EFS::AccessPoint", "AccessPointId", "FileSystemId", "PosixUser", "RootDirectory", arn="AccessPointArn"
    ),
    "DomainStatus": _domain,
    "DomainStatusList": _domain,
    "DomainNames": _domain_name,
}
