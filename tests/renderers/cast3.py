"""The CAST 3 system as a scene and as a flow, written by hand: something real to draw."""

from __future__ import annotations

from archproof.renderers.scene import (
    Badge,
    Edge,
    Group,
    Message,
    Node,
    Overlay,
    Participant,
    Scene,
    SequenceScene,
)

GROUPS = (
    Group("cloud", "AWS Cloud", "cloud"),
    Group("region", "Region ap-southeast-1", "region", "cloud"),
    Group("vpc", "VPC 10.20.0.0/16 · 2 zones", "vpc", "region"),
    Group("public", "Public tier 10.20.0.0/22", "subnet_public", "vpc"),
    Group("app", "Application tier 10.20.16.0/20", "subnet_private", "vpc"),
    Group("data", "Data tier 10.20.48.0/22", "subnet_isolated", "vpc"),
    Group("identity", "Identity", "zone", "region"),
    Group("ops", "Security and operations", "zone", "region"),
)
NODES = (
    Node("users", "Client users", "people", "people"),
    Node("editors", "CMS editors", "people", "people"),
    Node("spa", "CMS front end", "cloudfront", subtitle="CloudFront, Angular", group="cloud"),
    Node("spa_files", "spa_files", "s3_bucket", subtitle="S3, private", group="region"),
    Node("pool", "User pool", "cognito_user_pool", subtitle="One-time password", group="identity"),
    Node("aws_access", "Identity pool", "cognito_identity_pool", subtitle="upload_role", group="identity"),
    Node("api", "Orders API", "http_api", subtitle="HTTP API, JWT", group="region"),
    Node("igw", "Internet gateway", "internet_gateway", group="vpc"),
    Node("nat", "NAT gateway", "nat_gateway", subtitle="One per zone", group="public"),
    Node("cms_alb", "CMS balancer", "alb", subtitle="ALB, HTTPS 443", group="public", overlays=("alb_sg",),
         badges=(Badge("medium", "no web ACL", "alb-without-waf"),)),
    Node("orders_fn", "orders_fn", "lambda", subtitle=".NET 10, 512 MB", group="app", overlays=("fn_sg",)),
    Node("report_fn", "report_fn", "lambda", subtitle=".NET 10, 2048 MB", group="app", overlays=("fn_sg",),
         badges=(Badge("high", "timeout beyond 1/6 of visibility", "a"), Badge("low", "no X-Ray", "b"))),
    Node("cms", "CMS", "ecs_service", subtitle="Fargate, 2 tasks", group="app", overlays=("cms_sg",)),
    Node("db_proxy", "db_proxy", "rds_proxy", subtitle="RDS Proxy, 80 %", group="app", overlays=("proxy_sg",)),
    Node("endpoints", "VPC endpoints", "vpc_endpoint", subtitle="s3, secrets, sqs", group="app"),
    Node("db", "db", "rds", subtitle="PostgreSQL, Multi-AZ", group="data", overlays=("db_sg",)),
    Node("validate_fn", "validate_fn", "lambda", subtitle=".NET 10, 60 s", group="region"),
    Node("uploads", "uploads", "s3_bucket", subtitle="Encrypted, versioned", group="region"),
    Node("on_upload", "on_upload", "event_rule", subtitle="Object Created", group="region"),
    Node("nightly", "nightly", "schedule", subtitle="18:00 UTC", group="region"),
    Node("jobs", "jobs", "sqs_queue", subtitle="5 receives, then DLQ", group="region"),
    Node("dlq", "dlq", "sqs_queue", subtitle="14 days", group="region"),
    Node("dlq_alarm", "dlq_alarm", "alarm", subtitle="Messages > 0", group="region"),
    Node("topic", "ops", "sns_topic", subtitle="Alerts", group="region"),
    Node("db_secret", "db_secret", "secret", subtitle="Rotates in 30 days", group="region"),
    Node("cms_images", "cms_images", "ecr_repository", subtitle="Scan on push", group="region"),
    Node("posture", "Security Hub", "security_hub", subtitle="FSBP", group="ops"),
    Node("trail", "CloudTrail", "cloudtrail", subtitle="All regions", group="ops"),
    Node("kms", "KMS key", "kms_key", subtitle="Rotates yearly", group="ops"),
    Node("cms_cert", "cms.example.com", "certificate", subtitle="ACM certificate", group="ops"),
    Node("logs", "Log groups", "log_group", subtitle="30 days", group="ops"),
)  # fmt: skip
EDGES = (
    Edge("e1", "users", "spa", "HTTPS"),
    Edge("e2", "spa", "spa_files", "OAC"),
    Edge("e3", "users", "pool", "sign in"),
    Edge("e4", "users", "api", "REST + JWT"),
    Edge("e5", "api", "pool", "verifies", "reference"),
    Edge("e6", "api", "orders_fn", "invoke"),
    Edge("e7", "api", "jobs", "send"),
    Edge("e8", "editors", "igw", "HTTPS"),
    Edge("e9", "igw", "cms_alb", "443", "network"),
    Edge("e10", "cms_alb", "cms", "8080", "network"),
    Edge("e11", "orders_fn", "db_proxy", "5432", "network"),
    Edge("e12", "report_fn", "db_proxy", "5432", "network"),
    Edge("e13", "cms", "db_proxy", "5432", "network"),
    Edge("e14", "db_proxy", "db", "5432", "network"),
    Edge("e15", "orders_fn", "endpoints", "443", "network"),
    Edge("e16", "report_fn", "endpoints", "443", "network"),
    Edge("e17", "endpoints", "uploads", "read, write"),
    Edge("e18", "jobs", "report_fn", "trigger", "async"),
    Edge("e19", "jobs", "dlq", "dead letters", "async"),
    Edge("e20", "uploads", "on_upload", "created", "async"),
    Edge("e21", "on_upload", "validate_fn", "invoke", "async"),
    Edge("e22", "validate_fn", "dlq", "failures", "async"),
    Edge("e23", "nightly", "jobs", "send", "async"),
    Edge("e24", "dlq", "dlq_alarm", "depth", "reference"),
    Edge("e25", "dlq_alarm", "topic", "notify", "async"),
    Edge("e26", "db_proxy", "db_secret", "credentials", "reference"),
    Edge("e27", "cms_images", "cms", "image", "reference", reverse_for_layout=True),
    Edge("e28", "cms", "nat", "egress", "network", reverse_for_layout=True),
    Edge("e29", "users", "aws_access", "credentials"),
    Edge("e30", "aws_access", "uploads", "PUT", "permission"),
)
OVERLAYS = tuple(Overlay(i, i) for i in ("alb_sg", "fn_sg", "cms_sg", "proxy_sg", "db_sg"))


def overview(**changes: object) -> Scene:
    """The whole system by tiers."""
    values: dict[str, object] = {
        "id": "overview",
        "title": "CAST 3",
        "subtitle": "Serverless back end on .NET with a containerised CMS and an Angular front end",
        "nodes": NODES,
        "groups": GROUPS,
        "edges": EDGES,
        "overlays": OVERLAYS,
    }
    return Scene(**{**values, **changes})  # type: ignore[arg-type]


def signing_in() -> SequenceScene:
    """A flow with answers, failures, a self-message and an asynchronous end."""
    people = (
        Participant("users", "Client users", "people"),
        Participant("pool", "User pool", "cognito_user_pool", subtitle="Cognito"),
        Participant("api", "Orders API", "http_api", subtitle="HTTP API"),
        Participant("orders_fn", "orders_fn", "lambda", subtitle="Lambda"),
        Participant("db_proxy", "db_proxy", "rds_proxy", subtitle="RDS Proxy"),
        Participant("jobs", "jobs", "sqs_queue", subtitle="SQS"),
    )
    steps = (
        Message("users", "pool", "sign in with a one-time password", "ID, access and refresh tokens"),
        Message(
            "users", "api", "GET /orders with the access token", failures=(("401", "token rejected by the authorizer"),)
        ),
        Message("api", "api", "verifies the signature and the scopes of the token"),
        Message(
            "api", "orders_fn", "invokes with the verified claims", failures=(("429", "reserved concurrency used up"),)
        ),
        Message("orders_fn", "db_proxy", "queries orders", "rows", failures=(("504", "pool exhausted"),)),
        Message("orders_fn", "jobs", "queues a report", mode="async"),
        Message("api", "users", "200 with the orders"),
    )
    return SequenceScene(
        "sign_in", "Signing in and calling the API", people, steps, "From the browser to the database and back"
    )
