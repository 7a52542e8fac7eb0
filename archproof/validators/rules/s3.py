"""Amazon S3: public access, versions, TLS, logging, events."""

from __future__ import annotations

from collections.abc import Iterator

from archproof.resources.resource import Resource
from archproof.validators import policies
from archproof.validators.context import Context, listed
from archproof.validators.rule import Hit, rule

TYPES = ("AWS::S3::Bucket", "AWS::S3::BucketPolicy", "AWS::Events::Rule")
BUCKET = "AWS::S3::Bucket"
_BLOCKS = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")


def bucket_policies(r: Resource, ctx: Context) -> list[policies.Statement]:
    """The statements of a bucket's policies."""
    return [
        statement
        for policy in ctx.resources.users(r, "AWS::S3::BucketPolicy")
        if ctx.resources.target(policy.get("Bucket")) is r
        for statement in policies.statements(policy, "PolicyDocument")
    ]


@rule(
    "s3-public-access-not-blocked", "high", BUCKET, wa="SEC", fsbp="S3.1 S3.8", cis="2.1.4",
    title="A bucket does not block public access",
    why="The block is the one switch that no later policy or ACL can undo by mistake.",
    fix="Leave the public access block on (remove it from `properties`); serve files through CloudFront.",
)  # fmt: skip
def public_access(r: Resource, ctx: Context) -> Iterator[Hit]:
    if not r.has("PublicAccessBlockConfiguration"):
        yield Hit(f"{r.title} does not say that public access is blocked")
        return
    off = [name for name in _BLOCKS if ctx.flag(r, "PublicAccessBlockConfiguration", name, default=False) is False]
    if off:
        yield Hit(f"{r.title} does not block public access: {listed(off)} off", "PublicAccessBlockConfiguration")


@rule(
    "s3-acl-public", "critical", BUCKET, wa="SEC", fsbp="S3.2 S3.3 S3.12",
    title="A bucket's ACL is public",
    why="Everyone on the internet can list or read what lies in it, or even write to it.",
    fix="Remove `AccessControl`; serve files through CloudFront.",
)  # fmt: skip
def acl(r: Resource, ctx: Context) -> Iterator[Hit]:
    said = r.get("AccessControl")
    if said in ("PublicRead", "PublicReadWrite"):
        yield Hit(f"{r.title} has the ACL {said}", "AccessControl")


@rule(
    "s3-policy-public", "critical", "AWS::S3::BucketPolicy", wa="SEC", fsbp="S3.2 S3.3",
    title="A bucket's policy allows everyone",
    why="Everyone on the internet can do what the statement allows.",
    fix="Name the principal, or let CloudFront alone read the bucket (origin access control).",
)  # fmt: skip
def policy_public(r: Resource, ctx: Context) -> Iterator[Hit]:
    for statement in policies.statements(r, "PolicyDocument"):
        if policies.everyone(statement):
            bucket = ctx.resources.target(r.get("Bucket"))
            title = bucket.title if bucket is not None else r.title
            yield Hit(f"the policy of {title} allows {', '.join(statement.actions)} to everyone", *statement.path)


@rule(
    "s3-versioning-off", "medium", BUCKET, wa="REL", hub="S3.14",
    title="A bucket keeps no versions",
    why="An object that is overwritten or deleted by mistake, or by ransomware, is gone.",
    fix="Leave versioning on (set `versioning` to true), with a lifecycle for old versions.",
)  # fmt: skip
def versioning(r: Resource, ctx: Context) -> Iterator[Hit]:
    status = ctx.text(r, "VersioningConfiguration", "Status", default="Suspended")
    if status == "Suspended":
        yield Hit(f"{r.title} keeps no versions of its objects", "VersioningConfiguration", "Status")


@rule(
    "s3-encryption-not-said", "low", BUCKET, wa="SEC", hub="S3.17",
    title="A bucket does not say how it is encrypted",
    why="S3 encrypts with its own key by default; said, the choice can be reviewed and compared with what is live.",
    fix="Leave encryption to the kind (AES256), or set `kms_key`.",
)  # fmt: skip
def encryption(r: Resource, ctx: Context) -> Iterator[Hit]:
    if not r.has("BucketEncryption"):
        yield Hit(f"{r.title} does not say how it is encrypted (S3 uses its own key)")


@rule(
    "s3-tls-not-forced", "medium", BUCKET, wa="SEC", fsbp="S3.5", cis="2.1.1",
    title="A bucket takes requests without TLS",
    why="Requests over plain HTTP show objects and signatures to everyone on the way.",
    fix="Leave the bucket's policy to the kind, which denies requests without TLS (`aws:SecureTransport`).",
)  # fmt: skip
def tls(r: Resource, ctx: Context) -> Iterator[Hit]:
    for statement in bucket_policies(r, ctx):
        test = statement.condition.get("Bool", {})
        if statement.effect == "Deny" and str(test.get("aws:SecureTransport")).lower() == "false":
            return
    yield Hit(f"no policy of {r.title} denies requests without TLS")


@rule(
    "s3-access-logging-off", "info", BUCKET, wa="SEC OPS", fsbp="S3.9",
    title="A bucket's accesses are not logged",
    why="Without the log nobody can say who read an object; data events of CloudTrail serve as well.",
    fix="Set `access_logs` to a bucket for logs, or log data events with CloudTrail.",
)  # fmt: skip
def access_logs(r: Resource, ctx: Context) -> Iterator[Hit]:
    if not r.has("LoggingConfiguration") and not _takes_logs(r, ctx):
        yield Hit(f"{r.title} does not log its accesses")


def _takes_logs(r: Resource, ctx: Context) -> bool:
    """Whether it is itself where logs go."""
    users = ctx.resources.users(r)
    if any(user.type.startswith("AWS::ElasticLoadBalancing") for user in users):
        return True  # a load balancer names a bucket for nothing else, among its attributes by key and value
    return any("Log" in str(step) for user in users for use in ctx.resources.uses(user)
               if use.target == r.logical_id for step in use.path)  # fmt: skip


@rule(
    "s3-website-without-cdn", "medium", BUCKET, wa="SEC PERF", fsbp="CloudFront.13",
    title="A bucket serves a website by itself",
    why="S3's website endpoint has no TLS and needs a public bucket; CloudFront serves the same files privately, "
    "over HTTPS.",
    fix="Put `kind: cloudfront` with `origin:` the bucket before it, and remove the website configuration.",
)  # fmt: skip
def website(r: Resource, ctx: Context) -> Iterator[Hit]:
    if r.has("WebsiteConfiguration"):
        behind = bool(ctx.resources.users(r, "AWS::CloudFront::Distribution"))
        how = "through its website endpoint, which has no TLS" if behind else "without CloudFront, over plain HTTP"
        yield Hit(f"{r.title} serves a website {how}", "WebsiteConfiguration")


@rule(
    "s3-eventbridge-off", "high", "AWS::Events::Rule", wa="REL",
    title="A rule waits for a bucket that sends no events",
    why="A bucket sends its events to EventBridge only where it is told to: the rule never matches, and nothing says "
    "so.",
    fix="Set `eventbridge: true` on the bucket.",
)  # fmt: skip
def eventbridge(r: Resource, ctx: Context) -> Iterator[Hit]:
    pattern = r.get("EventPattern")
    if not isinstance(pattern, dict) or "aws.s3" not in policies.as_list(pattern.get("source")):
        return
    if "AWS API Call via CloudTrail" in policies.as_list(pattern.get("detail-type")):
        return
    named = pattern.get("detail", {}).get("bucket", {}).get("name") if isinstance(pattern.get("detail"), dict) else None
    buckets = [b for b in ctx.resources.targets({"x": named}) if b.type == BUCKET]
    if not buckets and isinstance(named, list):
        buckets = [b for b in ctx.resources.of_type(BUCKET) if b.get("BucketName") in named]
    if not buckets and named is None:
        buckets = ctx.resources.of_type(BUCKET)
        if any(_sends(b, ctx) for b in buckets):
            return
    for bucket in buckets:
        if not _sends(bucket, ctx):
            message = f"{r.title} waits for events of {bucket.title}, which sends none to EventBridge"
            yield Hit(message, "EventPattern")


def _sends(bucket: Resource, ctx: Context) -> bool:
    found = bucket.get("NotificationConfiguration", "EventBridgeConfiguration")
    if found is None:
        return False
    return not isinstance(found, dict) or found.get("EventBridgeEnabled", True) not in (False, "false")
