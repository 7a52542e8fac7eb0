"""Amazon RDS Proxy: pooled connections to a database."""

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from archproof.model.base import OneOrMany, Placed, refers
from archproof.model.kinds._roles import RunsWith

if TYPE_CHECKING:
    from archproof.model.architecture import Architecture

KINDS = {"rds_proxy": "RdsProxy"}


class RdsProxy(Placed):
    """A proxy that pools connections to a database, for clients that come and go.

    It signs in with the credentials of a secret, which its role may read, and takes TLS connections only.
    """

    kind: Literal["rds_proxy"]
    cfn: ClassVar[str] = "AWS::RDS::DBProxy"
    service: ClassVar[str] = "rds"
    principal: ClassVar[str] = "rds.amazonaws.com"
    scope: ClassVar[str] = "vpc"
    tier: ClassVar[str] = "data"

    target: Annotated[str, refers("rds", "aurora", verb="query")]
    """The database."""
    secret: Annotated[list[Annotated[str, refers("secret", verb="read")]], OneOrMany()] = []
    """The secret with the credentials it signs in with, or several; the database's own when left out."""
    require_tls: bool = True
    """Whether clients must use TLS; `false` must be said."""
    iam_auth: bool = False
    """Whether clients must sign in with IAM."""
    max_connections_percent: Annotated[int, Field(ge=1, le=100)] | None = None
    """The share of the database's max_connections that it may take; RDS's default when left out."""
    max_idle_connections_percent: Annotated[int, Field(ge=0, le=100)] | None = None
    """The share that it may keep open without use."""
    borrow_timeout_s: Annotated[int, Field(ge=0)] | None = None
    """Seconds that a client waits for a free connection."""
    idle_timeout_s: Annotated[int, Field(ge=1)] | None = None
    """Seconds after which an idle client is disconnected."""
    debug_logging: bool = False
    """Whether statements are logged in full; they may hold personal data."""
    role: RunsWith | None = None
    """A role of the model, or a map that says one of its own; left out: one which may read the secrets."""
    physical_name: str | None = None
    """Its name in the account."""

    def listens(self, architecture: "Architecture") -> tuple[int, ...]:
        """The port of its database's engine: a proxy has no port of its own."""
        from archproof import facts

        engine = getattr(architecture.components.get(self.target), "engine", None)
        return (facts.engine(engine).port,) if engine else ()
