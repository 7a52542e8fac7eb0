"""What links promise and do not give: databases without credentials, rights that no role holds, uploads refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from archproof.validators import policies
from archproof.validators.context import Context
from archproof.validators.rule import Hit, system_rule

if TYPE_CHECKING:
    from archproof.model.architecture import Architecture, Link
    from archproof.resources.resource import Resource

TYPES = ("*",)

_RUNS = ("lambda", "ecs_service", "ecs_task_definition")
_DATABASES = ("rds", "aurora", "rds_proxy")
_HANDED_OVER = ("read", "inject", "fetch")


@system_rule(
    "database-without-credentials", "medium", wa="SEC",
    title="What queries a database has nothing to sign in with",
    why="A function or task then has its password from a place that the model does not show: a variable, a file, the "
    "code.",
    fix="Set `iam_auth: true` on the proxy or the database, or name its secret in `secrets` of what queries it.",
)  # fmt: skip
def without_credentials(ctx: Context) -> Iterator[Hit]:
    architecture = ctx.architecture
    for link in architecture.links if architecture else ():
        assert architecture is not None
        kinds = architecture.components[link.source].kind, architecture.components[link.target].kind
        if link.verb.verb != "query" or kinds[0] not in _RUNS or kinds[1] not in _DATABASES:
            continue
        if not _signs_in(architecture, link) and not _role_reads(ctx, link.source):
            message = f"{link.source} queries {link.target}, but reads no secret of it and does not sign in with IAM"
            yield Hit(message, location=architecture.document.locate(link.path), component=link.source)


def _signs_in(architecture: Architecture, link: Link) -> bool:
    """Whether the source signs in with its role, or is handed a secret that fits."""
    target: Any = architecture.components[link.target]
    if target.iam_auth:
        return True
    database = getattr(target, "target", link.target)
    owners = {link.target, database}
    role = getattr(architecture.components[link.source], "role", None)
    holders = [link.source, role] if isinstance(role, str) else [link.source]
    for held in (held for holder in holders for held in architecture.links_from.get(holder, ())):
        if held.verb.verb not in _HANDED_OVER:
            continue
        if held.target in owners or (
            architecture.components[held.target].kind == "secret" and _fits(architecture, held.target, owners)
        ):
            return True
    return False


def _fits(architecture: Architecture, secret: str, owners: set[str]) -> bool:
    """Whether a secret may be one of these databases': it is, or nothing says that it is another's."""
    said = getattr(architecture.components[secret], "for_", None)
    named_by = {
        r.source for r in architecture.references
        if r.target == secret and r.field == "secret" and not architecture.components[r.source].kind.startswith("ecs")
    }  # fmt: skip
    others = named_by | ({said} if said else set())
    return not others or bool(others & owners)


def _role_reads(ctx: Context, source: str) -> bool:
    """Whether a role with statements of its own may read some secret, or sign in: what is said is not guessed at."""
    role = getattr(ctx.architecture.components[source], "role", None) if ctx.architecture else None
    # a role of its own is one of the source's resources
    holder = source if role and not isinstance(role, str) else role
    if not holder:
        return False
    wanted = ("secretsmanager:GetSecretValue", "rds-db:connect")
    roles = ctx.cached("roles of components", lambda: _roles(ctx))
    return any(policies.may(ctx, r, action) is not False for r in roles.get(holder, ()) for action in wanted)


def _roles(ctx: Context) -> dict[str, list[Resource]]:
    """The roles by the component that they were lowered from."""
    found: dict[str, list[Resource]] = {}
    for role in ctx.resources.of_type("AWS::IAM::Role"):
        if role.component is not None:
            found.setdefault(role.component, []).append(role)
    return found


@system_rule(
    "link-grants-nothing", "low", wa="SEC",
    title="A link needs rights that no role of the model can hold",
    why="A resource that is written in CloudFormation's words brings its role itself: the link draws an arrow, and the "
    "call fails with AccessDenied unless that role allows it.",
    fix="Make the role an `iam_role` of the model and link that too, or write the statement into its own role.",
)  # fmt: skip
def grants_nothing(ctx: Context) -> Iterator[Hit]:
    architecture = ctx.architecture
    for link in architecture.links if architecture else ():
        assert architecture is not None
        actions = (link.options.actions if link.options else None) or [a for a, _ in link.verb.actions]
        holder = link.target if link.verb.holder == "target" else link.source
        if not (link.verb.holder and actions) or architecture.components[holder].kind != "resource":
            continue
        other = link.source if holder == link.target else link.target
        if not _granted(ctx, holder, other, actions[0]):
            message = f"{holder} needs {actions[0]} on {other}, but this link gives it to no role"
            yield Hit(message, location=architecture.document.locate(link.path), component=holder)


def _granted(ctx: Context, holder: str, other: str, action: str) -> bool:
    """Whether a role that the resource names allows it all the same, or cannot be read here."""
    own = next((r for r in ctx.resources if r.component == holder), None)
    on = next((r for r in ctx.resources if r.component == other), None)
    roles = [r for r in ctx.resources.targets(own.properties) if r.type == "AWS::IAM::Role"] if own else []
    return any(policies.may(ctx, role, action, on) is not False for role in roles)


@system_rule(
    "s3-browser-upload-without-cors", "low", wa="OPS",
    title="People upload to a bucket that no page may use",
    why="A browser asks the bucket whether the page may send to it; without a CORS rule the upload never starts.",
    fix="Set `cors` of the bucket to the origin of the page that uploads.",
)  # fmt: skip
def upload_without_cors(ctx: Context) -> Iterator[Hit]:
    architecture = ctx.architecture
    for link in architecture.links if architecture else ():
        assert architecture is not None
        if link.verb.verb != "upload" or architecture.components[link.source].kind != "person":
            continue
        buckets = [b for b in ctx.resources.of_type("AWS::S3::Bucket") if b.component == link.target]
        if any(not b.has("CorsConfiguration") for b in buckets):
            message = f"{link.source} uploads to {link.target}, which no page in a browser may use: it has no CORS rule"
            yield Hit(message, location=architecture.document.locate(link.path), component=link.target)
