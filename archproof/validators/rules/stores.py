"""Other stores and machines: DynamoDB, ElastiCache, EFS, Kinesis, EC2."""

from __future__ import annotations

from collections.abc import Iterator

from archproof.resources.resource import Resource
from archproof.validators import vpc
from archproof.validators.context import Context
from archproof.validators.policies import as_list
from archproof.validators.rule import Hit, rule

TYPES = (
    "AWS::DynamoDB::Table", "AWS::ElastiCache::ReplicationGroup", "AWS::EFS::FileSystem", "AWS::EFS::MountTarget",
    "AWS::Kinesis::Stream", "AWS::KinesisFirehose::DeliveryStream", "AWS::EC2::Instance", "AWS::EC2::LaunchTemplate",
    "AWS::EC2::Volume", "AWS::StepFunctions::StateMachine",
)  # fmt: skip
TABLE, CACHE, FILES, MOUNT, STREAM, FIREHOSE, INSTANCE, TEMPLATE, VOLUME, MACHINE = TYPES


@rule(
    "dynamodb-recovery-off", "medium", TABLE, wa="REL", fsbp="DynamoDB.2",
    title="A table has no point-in-time recovery",
    why="What a faulty release overwrites is then gone.",
    fix="Leave `point_in_time_recovery` at true.",
)  # fmt: skip
def recovery(r: Resource, ctx: Context) -> Iterator[Hit]:
    path = ("PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled")
    if ctx.flag(r, *path, default=False) is False:
        yield Hit(f"{r.title} has no point-in-time recovery", *path)


@rule(
    "dynamodb-deletion-protection-off", "low", TABLE, wa="REL", fsbp="DynamoDB.6",
    title="A table can be deleted by one call",
    why="A stack that is torn down, or a slip, deletes the table and its data.",
    fix="Leave `deletion_protection` at true.",
)  # fmt: skip
def table_deletion(r: Resource, ctx: Context) -> Iterator[Hit]:
    if ctx.flag(r, "DeletionProtectionEnabled", default=False) is False:
        yield Hit(f"{r.title} is not protected from deletion", "DeletionProtectionEnabled")


@rule(
    "elasticache-unencrypted", "medium", CACHE, wa="SEC", fsbp="ElastiCache.4",
    title="A cache is not encrypted on disk",
    why="Snapshots and swapped memory then lie in clear on AWS's disks.",
    fix="Leave `encrypted` at true.",
)  # fmt: skip
def cache_at_rest(r: Resource, ctx: Context) -> Iterator[Hit]:
    if ctx.flag(r, "AtRestEncryptionEnabled", default=False) is False:
        yield Hit(f"{r.title} is not encrypted on disk", "AtRestEncryptionEnabled")


@rule(
    "elasticache-tls-off", "medium", CACHE, wa="SEC", fsbp="ElastiCache.5",
    title="A cache takes connections without TLS",
    why="Sessions and cached data pass in clear through the network.",
    fix="Leave `tls` at true.",
)  # fmt: skip
def cache_tls(r: Resource, ctx: Context) -> Iterator[Hit]:
    if ctx.flag(r, "TransitEncryptionEnabled", default=False) is False:
        yield Hit(f"{r.title} takes connections without TLS", "TransitEncryptionEnabled")


@rule(
    "elasticache-single-node", "medium", CACHE, wa="REL", fsbp="ElastiCache.3",
    title="A cache has nothing to fail over to",
    why="When the node or its zone fails, the cache is away and empty, and the database behind it gets every request.",
    fix="Set `replicas` to 1 or more.",
)  # fmt: skip
def cache_failover(r: Resource, ctx: Context) -> Iterator[Hit]:
    if ctx.flag(r, "AutomaticFailoverEnabled", default=False) is False:
        yield Hit(f"{r.title} does not fail over by itself", "AutomaticFailoverEnabled")


@rule(
    "efs-unencrypted", "high", FILES, wa="SEC", fsbp="EFS.1 EFS.8", cis="2.3.1",
    title="A file system is not encrypted",
    why="Encryption cannot be switched on later: the files have to be copied.",
    fix="Leave `encrypted` at true.",
)  # fmt: skip
def files_encrypted(r: Resource, ctx: Context) -> Iterator[Hit]:
    if ctx.flag(r, "Encrypted", default=False) is False:
        yield Hit(f"{r.title} is not encrypted", "Encrypted")


@rule(
    "efs-backups-off", "medium", FILES, wa="REL", fsbp="EFS.2 EFS.7",
    title="A file system is not backed up",
    why="A file that is deleted by mistake is gone.",
    fix="Leave `backups` at true.",
)  # fmt: skip
def files_backups(r: Resource, ctx: Context) -> Iterator[Hit]:
    if ctx.text(r, "BackupPolicy", "Status", default="DISABLED") == "DISABLED":
        yield Hit(f"{r.title} is not backed up", "BackupPolicy", "Status")


@rule(
    "efs-in-public-subnet", "medium", MOUNT, wa="SEC", fsbp="EFS.6",
    title="A file system's mount target stands in a public subnet",
    why="One group rule is then enough to show it to the internet.",
    fix="Place it in a tier with `egress: none`.",
)  # fmt: skip
def mount_public(r: Resource, ctx: Context) -> Iterator[Hit]:
    public = [s.resource for s in vpc.subnets_at(ctx, r, "SubnetId") if s.public]
    if public:
        yield Hit(f"{r.title} has a mount target in the public subnet {ctx.titles(public)}", "SubnetId")


@rule(
    "kinesis-unencrypted", "medium", STREAM, FIREHOSE, wa="SEC", fsbp="Kinesis.1",
    title="A stream is not encrypted",
    why="Records then lie in clear on AWS's disks.",
    fix="Leave `encrypted` at true.",
)  # fmt: skip
def stream_encrypted(r: Resource, ctx: Context) -> Iterator[Hit]:
    key = "StreamEncryption" if r.type == STREAM else "DeliveryStreamEncryptionConfigurationInput"
    from_stream = r.type == FIREHOSE and r.get("DeliveryStreamType") not in (None, "DirectPut")
    if not r.has(key) and not from_stream:
        yield Hit(f"{r.title} is not encrypted")


@rule(
    "ec2-metadata-v1", "high", INSTANCE, TEMPLATE, wa="SEC", fsbp="EC2.8 EC2.170", cis="5.7",
    title="An instance answers version 1 of the metadata service",
    why="A server that can be made to fetch an address then hands out the credentials of its role.",
    fix="Leave the metadata options to the kind, which asks for tokens.",
)  # fmt: skip
def metadata(r: Resource, ctx: Context) -> Iterator[Hit]:
    path = ("MetadataOptions", "HttpTokens")
    if r.type == TEMPLATE:
        path = ("LaunchTemplateData", *path)  # type: ignore[assignment]
    if r.type == INSTANCE and r.has("LaunchTemplate"):
        return
    if ctx.text(r, *path, default="optional") == "optional":
        yield Hit(f"{r.title} answers version 1 of the metadata service (tokens are optional)", *path)


@rule(
    "ec2-public-ip", "medium", INSTANCE, wa="SEC", fsbp="EC2.9",
    title="An instance gets a public address",
    why="It can then be reached from the internet, as far as its group allows.",
    fix="Place it in a tier with `egress: nat`, behind a load balancer.",
)  # fmt: skip
def public_ip(r: Resource, ctx: Context) -> Iterator[Hit]:
    for position, entry in enumerate(as_list(r.get("NetworkInterfaces"))):
        if isinstance(entry, dict) and entry.get("AssociatePublicIpAddress") in (True, "true"):
            path = ("NetworkInterfaces", position, "AssociatePublicIpAddress")
            yield Hit(f"{r.title} gets a public address", *path)


@rule(
    "ebs-unencrypted", "high", INSTANCE, VOLUME, wa="SEC", fsbp="EC2.3", cis="5.1.1",
    title="A volume is not encrypted",
    why="A snapshot of it that is shared by mistake shows everything.",
    fix="Leave `encrypted` at true.",
)  # fmt: skip
def volume(r: Resource, ctx: Context) -> Iterator[Hit]:
    if r.type == VOLUME:
        if ctx.flag(r, "Encrypted", default=False) is False:
            yield Hit(f"{r.title} is not encrypted", "Encrypted")
        return
    for position, entry in enumerate(as_list(r.get("BlockDeviceMappings"))):
        if (
            isinstance(entry, dict)
            and isinstance(entry.get("Ebs"), dict)
            and entry["Ebs"].get("Encrypted") in (None, False)
        ):
            device = entry.get("DeviceName", position)
            yield Hit(f"the volume {device} of {r.title} is not encrypted", "BlockDeviceMappings", position, "Ebs")
