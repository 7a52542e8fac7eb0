"""The components by the part they play, which the sections of a document are built around."""

from __future__ import annotations

from dataclasses import dataclass

from archproof.renderers.documents._evidence import Evidence
from archproof.renderers.documents._reader import Named, Reader

CACHES = ("elasticache",)
DATABASES = ("rds", "aurora", "dynamodb_table", "redshift", "opensearch_domain", "docdb", "neptune")
APIS = ("http_api", "rest_api")
BALANCERS = ("alb", "nlb")
CONTAINERS = ("ecs_service", "ec2_instance", "auto_scaling_group")
TIERS = ("client", "edge", "identity", "api", "compute", "data", "messaging", "network", "operations", "")


@dataclass(frozen=True, slots=True)
class Parts:
    """Components by part, each list in the order of the model."""

    people: list[Named]
    others: list[Named]
    fronts: list[Named]
    apis: list[Named]
    balancers: list[Named]
    functions: list[Named]
    containers: list[Named]
    workflows: list[Named]
    databases: list[Named]
    proxies: list[Named]
    caches: list[Named]
    log_buckets: list[Named]
    buckets: list[Named]
    queues: list[Named]
    dead_letters: list[Named]
    topics: list[Named]
    rules: list[Named]
    streams: list[Named]
    pools: list[Named]
    clients: list[Named]
    identity_pools: list[Named]
    secrets: list[Named]
    alarms: list[Named]
    watchers: list[Named]

    @property
    def messaging(self) -> bool:
        """Whether anything is asynchronous here."""
        return bool(self.queues or self.dead_letters or self.topics or self.rules or self.streams)


def parts(reader: Reader) -> Parts:
    """Sort the components by the part they play."""
    dead = dead_letter_queues(reader)
    logging = log_buckets(reader)
    queues = reader.of_kind("sqs_queue")
    rules = reader.of_kind("event_rule", "schedule")
    return Parts(
        people=reader.of_kind("person"),
        others=reader.of_kind("external_system"),
        fronts=reader.of_kind("cloudfront"),
        apis=reader.of_kind(*APIS),
        balancers=reader.of_kind(*BALANCERS),
        functions=reader.of_kind("lambda"),
        containers=reader.of_kind(*CONTAINERS),
        workflows=reader.of_kind("state_machine"),
        databases=reader.of_kind(*DATABASES),
        proxies=reader.of_kind("rds_proxy"),
        caches=reader.of_kind(*CACHES),
        log_buckets=[b for b in reader.of_kind("s3_bucket") if b.id in logging],
        buckets=[b for b in reader.of_kind("s3_bucket") if b.id not in logging],
        queues=[q for q in queues if q.id not in dead],
        dead_letters=[q for q in queues if q.id in dead],
        topics=reader.of_kind("sns_topic"),
        rules=rules,
        streams=reader.of_kind("kinesis_stream", "firehose"),
        pools=reader.of_kind("cognito_user_pool"),
        clients=reader.of_kind("cognito_app_client"),
        identity_pools=reader.of_kind("cognito_identity_pool"),
        secrets=reader.of_kind("secret", "ssm_parameter"),
        alarms=reader.of_kind("alarm"),
        watchers=reader.of_kind("security_hub", "dashboard", "cloudtrail", "guardduty", "config"),
    )


def dead_letter_queues(reader: Reader) -> set[str]:
    """The queues that take what others gave up."""
    return {k.target for k in reader.architecture.links if k.verb.verb == "dead_letter"}


def log_buckets(reader: Reader) -> set[str]:
    """The buckets that hold nothing but logs: only fields for logs lead to them, and no link that carries data."""
    logged = {
        r.target for r in reader.architecture.references
        if any("access_logs" in str(step) for step in r.path[2:]) and reader.component(r.target).kind == "s3_bucket"
    }  # fmt: skip
    return {n for n in logged if not reader.links(target=n) and not reader.links(source=n)}


def is_async(reader: Reader, name: str) -> bool:
    """Whether a function is invoked by something that does not wait for its answer."""
    return any(k.verb.mode == "async" and k.verb.verb != "dead_letter" for k in reader.links(target=name))


def placed_in(reader: Reader, name: str) -> tuple[list[str], Evidence] | None:
    """The tiers that a component stands in, and the line that says so."""
    placement = reader.component(name).stands_in
    if placement is None or not placement.subnets:
        return None
    what = f"{name}.in: {', '.join(placement.subnets)}"
    return list(placement.subnets), reader.place(("components", name, "in"), what)


def alarms_of(reader: Reader, name: str) -> list[Named]:
    """The alarms that watch a component."""
    return [a for a in reader.of_kind("alarm") if getattr(reader.component(a.id), "of", None) == name]
