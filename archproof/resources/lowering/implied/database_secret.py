"""Who fetches a database's password reads the secret that RDS made for it, and uses the key of that."""

from __future__ import annotations

from archproof.model.architecture import Link
from archproof.resources.lowering._context import Lowering
from archproof.resources.lowering._database import administrator_secret

IMPLIES = "database_secret"


def lower(link: Link, ctx: Lowering) -> None:
    """Let the source read the secret of the database's administrator."""
    arn, key = administrator_secret(link.target, ctx)
    ctx.allow(link.source, ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"], arn)
    if key:
        ctx.allow(link.source, ["kms:Decrypt"], key)
