"""Amazon RDS and Aurora: exposure, encryption, backups, availability, TLS, versions."""

from __future__ import annotations

from collections.abc import Iterator

from archproof.resources.resource import Resource
from archproof.validators import policies, vpc, ways
from archproof.validators.context import Context, amount
from archproof.validators.rule import Hit, rule

TYPES = (
    "AWS::RDS::DBInstance", "AWS::RDS::DBCluster", "AWS::RDS::DBSubnetGroup", "AWS::RDS::DBProxy",
)  # fmt: skip
INSTANCE = "AWS::RDS::DBInstance"
CLUSTER = "AWS::RDS::DBCluster"
BOTH = (INSTANCE, CLUSTER)
_BACKUP_DAYS = 7


def in_cluster(r: Resource) -> bool:
    """Whether an instance belongs to a cluster, which then says what the instance leaves out."""
    return r.type == INSTANCE and r.has("DBClusterIdentifier")


def groups(r: Resource, ctx: Context) -> list[Resource]:
    """The security groups of a database; those of its cluster for an instance of one."""
    own = vpc.groups_at(ctx, r, "VPCSecurityGroups") or vpc.groups_at(ctx, r, "VpcSecurityGroupIds")
    cluster = ctx.resources.target(r.get("DBClusterIdentifier"))
    return own or (vpc.groups_at(ctx, cluster, "VpcSecurityGroupIds") if cluster is not None else [])


def subnets(r: Resource, ctx: Context) -> tuple[Resource | None, list[vpc.Subnet]]:
    """The subnet group of a database and its subnets."""
    group = ctx.resources.target(r.get("DBSubnetGroupName"))
    cluster = ctx.resources.target(r.get("DBClusterIdentifier"))
    if group is None and cluster is not None:
        group = ctx.resources.target(cluster.get("DBSubnetGroupName"))
    return group, vpc.subnets_at(ctx, group, "SubnetIds") if group is not None else []


def port(r: Resource, ctx: Context) -> int | None:
    """The port that a database listens on; its engine's where none is said, None where that is not known."""
    from archproof.facts import UnknownFactError, engine

    said = ctx.number(r, "Port")
    if said is not None:
        return int(said)
    if r.has("Port"):
        return None
    cluster = ctx.resources.target(r.get("DBClusterIdentifier"))
    name = r.get("Engine", default=cluster.get("Engine") if cluster is not None else None)
    try:
        return engine(name).port if isinstance(name, str) else None
    except UnknownFactError:
        return None


def _is_public(r: Resource, ctx: Context) -> bool:
    return ctx.flag(r, "PubliclyAccessible", default=False) is True


def _public_subnets(r: Resource, ctx: Context) -> list[Resource]:
    return [s.resource for s in subnets(r, ctx)[1] if s.public]


def _open_rules(r: Resource, ctx: Context) -> list[vpc.GroupRule]:
    number = port(r, ctx)
    found = [rule for group in groups(r, ctx) for rule in vpc.ingress(ctx, group) if rule.world]
    return [rule for rule in found if number is None or rule.covers(number)]


@rule(
    "rds-public-flag", "high", *BOTH, wa="SEC", fsbp="RDS.2", cis="2.2.3",
    title="A database has a public address",
    why="With the flag the database gets an address on the internet; its groups and routes are then all that "
    "protects it.",
    fix="Set `public` to false (or leave it out).",
)  # fmt: skip
def public_flag(r: Resource, ctx: Context) -> Iterator[Hit]:
    if _is_public(r, ctx):
        yield Hit(f"{r.title} is publicly accessible: it gets a public address", "PubliclyAccessible")


@rule(
    "rds-in-public-subnet", "high", *BOTH, wa="SEC", fsbp="RDS.46",
    title="A database's subnet group holds a public subnet",
    why="From a subnet with a route to an internet gateway one flag or one group rule is enough to expose the "
    "database.",
    fix="Place it in a tier with `egress: none`.",
)  # fmt: skip
def public_subnet(r: Resource, ctx: Context) -> Iterator[Hit]:
    public = [] if in_cluster(r) else _public_subnets(r, ctx)
    if public:
        yield Hit(f"{r.title} may stand in a public subnet ({ctx.titles(public)})", "DBSubnetGroupName")


@rule(
    "rds-open-security-group", "high", *BOTH, wa="SEC", fsbp="EC2.19",
    title="A database's security group is open to the world",
    why="A rule for every address leaves only the routes between the internet and the database.",
    fix="Let in only the security groups of the clients: give the group no `ingress`, and write the links.",
)  # fmt: skip
def open_group(r: Resource, ctx: Context) -> Iterator[Hit]:
    if in_cluster(r):
        return
    for opened in _open_rules(r, ctx):
        number = port(r, ctx)
        on = f"its port {number}" if number else "its port"
        group = opened.group.title
        message = f"{r.title} has the security group {group}, which opens {on} to {opened.cidr}"
        yield Hit(message, *opened.path, on=opened.holder)


@rule(
    "rds-exposed-to-internet", "critical", *BOTH, wa="SEC", fsbp="RDS.2 RDS.46 EC2.19", cis="2.2.3",
    title="A database can be reached from the internet",
    why="A public address, a public subnet and an open group together: anyone can try passwords and use any hole of "
    "the engine.",
    fix="Set `public` to false, place it in a tier with `egress: none`, and let in only the groups of its clients.",
)  # fmt: skip
def exposed(r: Resource, ctx: Context) -> Iterator[Hit]:
    if in_cluster(r) and ctx.resources.target(r.get("DBClusterIdentifier")) is not None:
        return  # the cluster is met at its instances, and told of once
    answer = ways.from_internet(ctx, r, port(r, ctx))
    if answer is None:
        if _is_public(r, ctx) and (not groups(r, ctx) or _open_rules(r, ctx)):
            ctx.undecided(r, "DBSubnetGroupName", why="its subnets are not among the resources")
    elif answer.verdict == "reachable":
        message = (
            f"{r.title} can be reached from the internet: a public address, a public subnet and a security group that "
            "is open to the world"
        )
        opened = [m for m in ctx.resources.users(r, INSTANCE) if r.type == CLUSTER and _is_public(m, ctx)]
        yield Hit(message, "PubliclyAccessible", on=opened[0] if opened else None)
    elif answer.verdict == "unknown":
        ctx.undecided(r, "PubliclyAccessible", why=ways.reasons([answer]))


@rule(
    "rds-unencrypted", "high", *BOTH, wa="SEC", fsbp="RDS.3 RDS.27", cis="2.2.1",
    title="A database's storage is not encrypted",
    why="Encryption cannot be switched on later: an unencrypted database has to be copied to be encrypted.",
    fix="Set `encrypted` to true (or leave it out).",
)  # fmt: skip
def unencrypted(r: Resource, ctx: Context) -> Iterator[Hit]:
    copied = r.has("SourceDBInstanceIdentifier") or r.has("SnapshotIdentifier") or r.has("DBSnapshotIdentifier")
    if in_cluster(r) or r.has("KmsKeyId") or copied:
        return
    if ctx.flag(r, "StorageEncrypted", default=False) is False:
        yield Hit(f"the storage of {r.title} is not encrypted", "StorageEncrypted")


@rule(
    "rds-instance-cluster-encryption", "high", INSTANCE, wa="SEC",
    title="An instance and its cluster differ in encryption",
    why="The storage belongs to the cluster; an instance that says otherwise is rejected, or misleads its reader.",
    fix="Set the encryption on the cluster alone.",
)  # fmt: skip
def encryption_differs(r: Resource, ctx: Context) -> Iterator[Hit]:
    cluster = ctx.resources.target(r.get("DBClusterIdentifier"))
    if cluster is None or not r.has("StorageEncrypted"):
        return
    own, shared = ctx.flag(r, "StorageEncrypted"), ctx.flag(cluster, "StorageEncrypted", default=False)
    if own is not None and shared is not None and own != shared:
        says = {True: "encrypted", False: "not encrypted"}
        yield Hit(f"{r.title} is {says[own]}, its cluster {cluster.title} is {says[shared]}", "StorageEncrypted")


def _backup_days(r: Resource, ctx: Context) -> float | None:
    if in_cluster(r) or r.has("SourceDBInstanceIdentifier"):
        return None
    return ctx.number(r, "BackupRetentionPeriod", default=1)


@rule(
    "rds-backups-off", "high", *BOTH, wa="REL", fsbp="RDS.11",
    title="A database is not backed up",
    why="Without automated backups nothing brings the data back, and there is no point-in-time recovery.",
    fix="Set `backup_days` to 7 or more.",
)  # fmt: skip
def backups_off(r: Resource, ctx: Context) -> Iterator[Hit]:
    if _backup_days(r, ctx) == 0:
        yield Hit(f"{r.title} has no automated backups (kept for 0 days)", "BackupRetentionPeriod")


@rule(
    "rds-backups-short", "medium", *BOTH, wa="REL", fsbp="RDS.11",
    title="A database's backups are kept for less than 7 days",
    why="A fault that is found after a week can then no longer be undone.",
    fix="Set `backup_days` to 7 or more.",
)  # fmt: skip
def backups_short(r: Resource, ctx: Context) -> Iterator[Hit]:
    days = _backup_days(r, ctx)
    if days is not None and 0 < days < _BACKUP_DAYS:
        yield Hit(f"{r.title} keeps backups for {amount(days)} day{'' if days == 1 else 's'}, less than 7",
                  "BackupRetentionPeriod")  # fmt: skip


@rule(
    "rds-single-az", "medium", *BOTH, wa="REL", fsbp="RDS.5 RDS.15", cis="2.2.4",
    title="A database stands in one zone",
    why="When the zone fails, or while the instance is patched, the database is away until it is restored.",
    fix="Set `multi_az` to true (for Aurora: `instances` to 2 or more).",
)  # fmt: skip
def single_az(r: Resource, ctx: Context) -> Iterator[Hit]:
    if r.type == INSTANCE:
        if in_cluster(r) or r.has("SourceDBInstanceIdentifier") or str(r.get("Engine")).startswith("aurora"):
            return
        if ctx.flag(r, "MultiAZ", default=False) is False:
            yield Hit(f"{r.title} has no standby in a second zone", "MultiAZ")
    elif len(ctx.resources.users(r, INSTANCE)) == 1:
        yield Hit(f"{r.title} has one instance, so none to fail over to")


@rule(
    "rds-deletion-protection-off", "medium", *BOTH, wa="REL", fsbp="RDS.7 RDS.8",
    title="A database can be deleted by one call",
    why="A stack that is torn down, or a slip, deletes the database with its automated backups.",
    fix="Set `deletion_protection` to true (or leave it out).",
)  # fmt: skip
def deletion_protection(r: Resource, ctx: Context) -> Iterator[Hit]:
    if not in_cluster(r) and ctx.flag(r, "DeletionProtection", default=False) is False:
        yield Hit(f"{r.title} is not protected from deletion", "DeletionProtection")


@rule(
    "rds-tls-not-forced", "medium", *BOTH, wa="SEC", fsbp="RDS.38 RDS.39 RDS.41 RDS.44",
    title="A database takes connections without TLS",
    why="Where TLS is offered but not forced, one client that forgets it sends passwords and data in clear.",
    fix="Leave `require_tls` at true, or set the engine's parameter (`rds.force_ssl: 1`) in `parameters`.",
)  # fmt: skip
def tls(r: Resource, ctx: Context) -> Iterator[Hit]:
    from archproof.facts import UnknownFactError, engine

    name = ctx.text(r, "Engine")
    if in_cluster(r) or name is None:
        return
    try:
        known = engine(name)
    except UnknownFactError:
        ctx.undecided(r, "Engine", why=f"no engine '{name}' is among the facts")
        return
    if not known.tls_parameter:
        return
    group, value = _parameter(r, ctx, known.tls_parameter)
    if value is None and _forces_by_default(r, name, known.tls_default_from):
        return
    if value is None and r.has("DBParameterGroupName") and group is None:
        ctx.undecided(r, "DBParameterGroupName", why="the parameter group is not in the model")
    elif value is None:
        yield Hit(f"{r.title} does not force TLS: {known.tls_parameter} is not set")
    elif value.upper() not in known.tls_values:
        path = ("Parameters", known.tls_parameter)
        yield Hit(f"{r.title} does not force TLS: {known.tls_parameter} is {value}", *path, on=group)


def _parameter(r: Resource, ctx: Context, name: str) -> tuple[Resource | None, str | None]:
    for key in ("DBParameterGroupName", "DBClusterParameterGroupName"):
        group = ctx.resources.target(r.get(key))
        if group is not None:
            value = group.get("Parameters", name)
            if isinstance(value, bool):
                return group, str(int(value))
            return group, None if value is None or isinstance(value, dict) else str(value)
    return None, None


def _version(r: Resource, engine: str) -> tuple[int, ...]:
    """The version that is said, as numbers; else the newest major, which AWS takes where none is said."""
    from archproof.facts import engine_versions

    said = r.get("EngineVersion")
    text = said if isinstance(said, str) else next((v.major for v in reversed(engine_versions(engine))), "")
    return tuple(int(part) for part in text.split(".") if part.isdigit())


def _forces_by_default(r: Resource, engine: str, since: str | None) -> bool:
    return since is not None and _version(r, engine) >= tuple(int(part) for part in since.split("."))


@rule(
    "rds-engine-support", "medium", *BOTH, wa="SEC OPS",
    title="A database's engine version is out of standard support",
    why="After standard support a version costs an extra charge, and after extended support it is upgraded by force.",
    fix="Set `engine_version` to a version in standard support.",
)  # fmt: skip
def engine_support(r: Resource, ctx: Context) -> Iterator[Hit]:
    from archproof.facts import engine_version

    if in_cluster(r) or not r.has("EngineVersion"):
        return
    name, version = ctx.text(r, "Engine"), ctx.text(r, "EngineVersion")
    known = engine_version(name, version) if name and version else None
    if known is not None and known.support(ctx.today) in ("extended", "ended") and known.standard_until:
        until = known.standard_until.isoformat()
        yield Hit(f"{r.title} runs {name} {version}, whose standard support ended on {until}", "EngineVersion")


@rule(
    "rds-password-in-clear", "high", *BOTH, wa="SEC", fsbp="SecretsManager.1",
    title="A database's password stands in plain text",
    why="Whoever reads the file, or its history, has the database's password.",
    fix="Leave the password out: RDS then keeps it in a secret that it rotates; or name one in `secret`.",
)  # fmt: skip
def password(r: Resource, ctx: Context) -> Iterator[Hit]:
    value = r.get("MasterUserPassword")
    if isinstance(value, str) and not value.startswith("{{resolve:"):
        yield Hit(f"the password of {r.title} stands in plain text", "MasterUserPassword")


@rule(
    "rds-logs-not-exported", "low", *BOTH, wa="OPS SEC", fsbp="RDS.9 RDS.34 RDS.36 RDS.37 RDS.40 RDS.42",
    title="A database exports no logs",
    why="Logs on the instance are gone after some days, and with the instance.",
    fix="Leave `log_exports` out, or name the logs of the engine.",
)  # fmt: skip
def logs(r: Resource, ctx: Context) -> Iterator[Hit]:
    if not in_cluster(r) and not r.has("EnableCloudwatchLogsExports"):
        yield Hit(f"{r.title} exports no logs to CloudWatch")


@rule(
    "rds-minor-upgrades-off", "low", INSTANCE, wa="SEC OPS", fsbp="RDS.13", cis="2.2.2",
    title="A database does not take minor versions by itself",
    why="Minor versions bring security patches; without the switch they wait for someone to remember.",
    fix="Set `auto_minor_upgrades` to true (or leave it out).",
)  # fmt: skip
def minor_upgrades(r: Resource, ctx: Context) -> Iterator[Hit]:
    if ctx.flag(r, "AutoMinorVersionUpgrade", default=True) is False:
        yield Hit(f"{r.title} does not take minor versions by itself", "AutoMinorVersionUpgrade")


@rule(
    "rds-subnet-group-single-zone", "high", "AWS::RDS::DBSubnetGroup", wa="REL",
    title="A database's subnet group covers one zone",
    why="RDS asks for subnets in two zones or more, also where the database itself stands in one.",
    fix="Place the database in a tier of a network with `availability_zones: 2` or more.",
)  # fmt: skip
def one_zone(r: Resource, ctx: Context) -> Iterator[Hit]:
    found = vpc.subnets_at(ctx, r, "SubnetIds")
    if found and len(vpc.zones(found)) == 1:
        names = ctx.titles([s.resource for s in found])
        yield Hit(f"{r.title} covers one zone only (subnets {names}); RDS asks for two", "SubnetIds")


@rule(
    "rds-port-not-admitted", "high", INSTANCE, CLUSTER, "AWS::RDS::DBProxy", wa="REL",
    title="A database's security group does not let in its port",
    why="Rules for another port than the one the database listens on leave its clients waiting until they time out.",
    fix="Correct the port of the rule, or give the group no `ingress`: the links then make exactly the right rules.",
)  # fmt: skip
def wrong_port(r: Resource, ctx: Context) -> Iterator[Hit]:
    held = [rule for group in groups(r, ctx) for rule in vpc.ingress(ctx, group)]
    number = _proxy_port(r, ctx) if r.type.endswith("Proxy") else port(r, ctx)
    if not held or number is None or in_cluster(r) or any(rule.covers(number) for rule in held):
        return
    ports = ", ".join(dict.fromkeys(str(h.first) if h.first == h.last else f"{h.first}-{h.last}" for h in held))
    message = f"{r.title} listens on {number}, but its security group lets in {ports} only"
    yield Hit(message, *held[0].path[:-1], on=held[0].holder)


_PROXY = {"POSTGRESQL": "postgres", "MYSQL": "mysql", "SQLSERVER": "sqlserver-se"}


def _proxy_port(r: Resource, ctx: Context) -> int | None:
    from archproof.facts import engine

    family = _PROXY.get(str(r.get("EngineFamily")))
    return engine(family).port if family else None


@rule(
    "rds-proxy-without-secret", "high", "AWS::RDS::DBProxy", wa="REL",
    title="A proxy has no secret",
    why="The proxy signs in to the database with a secret; without one it cannot open a connection.",
    fix="Set `secret` to the secret of the database user.",
)  # fmt: skip
def proxy_secret(r: Resource, ctx: Context) -> Iterator[Hit]:
    auth = ctx.value(r, "Auth", default=[])
    if not isinstance(auth, list) or r.get("DefaultAuthScheme") == "IAM_AUTH":
        return
    if not any(isinstance(a, dict) and "SecretArn" in a for a in auth):
        yield Hit(f"{r.title} has no secret to sign in to the database with", "Auth")


@rule(
    "rds-proxy-tls-off", "medium", "AWS::RDS::DBProxy", wa="SEC", fsbp="RDS.43",
    title="A proxy takes connections without TLS",
    why="Passwords and data then pass in clear between the function and the proxy.",
    fix="Set `require_tls` to true (or leave it out).",
)  # fmt: skip
def proxy_tls(r: Resource, ctx: Context) -> Iterator[Hit]:
    if ctx.flag(r, "RequireTLS", default=False) is False:
        yield Hit(f"{r.title} takes connections without TLS", "RequireTLS")


@rule(
    "rds-proxy-rights", "high", "AWS::RDS::DBProxy", wa="REL",
    title="A proxy's role cannot read its secret",
    why="The proxy reads the secret with its role; without the right it cannot sign in to the database.",
    fix="Leave `role` out: its own role may read the secrets it names.",
)  # fmt: skip
def proxy_rights(r: Resource, ctx: Context) -> Iterator[Hit]:
    role = policies.role_of(ctx, r, "RoleArn")
    if role is None:
        return
    for position, auth in enumerate(ctx.items(r, "Auth")):
        secret = ctx.resources.target(auth.get("SecretArn")) if isinstance(auth, dict) else None
        if secret is None or secret.type != "AWS::SecretsManager::Secret":
            continue
        answer = policies.may(ctx, role, "secretsmanager:GetSecretValue", secret)
        if answer is False:
            message = f"{r.title} signs in with {secret.title}, but its role {role.title} may not read that secret"
            yield Hit(message, "Auth", position, "SecretArn")
        elif answer is None:
            ctx.undecided(r, "RoleArn", why=f"a policy of {role.title} cannot be read here")
