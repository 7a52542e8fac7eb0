"""Amazon ElastiCache: Valkey, Redis OSS and Memcached."""

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from archproof.model.base import Placed, refers
from archproof.model.kinds._database import ParameterValue

if TYPE_CHECKING:
    from archproof.model.architecture import Architecture

KINDS = {"elasticache": "ElastiCache"}


class ElastiCache(Placed):
    """A cache: encrypted at rest and on the way, with a token to sign in, a replica in another zone and backups.

    Memcached has no replicas, no backups and no token: it is nodes that share the keys.
    """

    kind: Literal["elasticache"]
    cfn: ClassVar[str] = "AWS::ElastiCache::ReplicationGroup"
    service: ClassVar[str] = "elasticache"
    scope: ClassVar[str] = "vpc"
    tier: ClassVar[str] = "data"

    engine: Literal["valkey", "redis", "memcached"]
    """The engine."""
    engine_version: str | None = None
    """Its version; ElastiCache's default when left out."""
    node_type: str
    """The node type, e.g. `cache.m7g.large`."""
    shards: Annotated[int, Field(ge=1)] = 1
    """Parts that the keys are spread over (cluster mode from 2)."""
    replicas: Annotated[int, Field(ge=0)] = 1
    """Replicas of each shard, in other zones."""
    nodes: Annotated[int, Field(ge=1)] = 2
    """For memcached: nodes."""
    multi_az: bool = True
    """Whether a replica in another zone takes over; `false` must be said."""
    encrypted: bool = True
    """Whether what is stored is encrypted; `false` must be said."""
    encrypted_in_transit: bool = True
    """Whether clients must use TLS; `false` must be said."""
    kms_key: Annotated[str, refers("kms_key")] | None = None
    """The key that encrypts it; ElastiCache's own when left out."""
    auth: Literal["token", "open"] = "token"
    """How clients sign in; `open` must be said."""
    secret: Annotated[str, refers("secret")] | None = None
    """A secret of the model whose value is the token; one of its own when left out."""
    backup_days: Annotated[int, Field(ge=0)] = 7
    """Days that daily snapshots are kept; 0 switches them off."""
    backup_window: str | None = None
    """When snapshots are taken, in UTC: `18:00-19:00`."""
    maintenance_window: str | None = None
    """When maintenance may happen, in UTC: `sun:19:00-sun:20:00`."""
    auto_minor_upgrades: bool = True
    """Whether minor versions are installed in the maintenance window."""
    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    """The port, where it is not the engine's."""
    parameter_family: str | None = None
    """The parameter group family, e.g. `valkey8`, for `parameters`."""
    parameters: dict[str, ParameterValue] = {}
    """Engine parameters, e.g. `{maxmemory-policy: allkeys-lru}`: a parameter group of its own."""
    log_retention_days: Annotated[int, Field(ge=1)] = 30
    """Days that its slow log and engine log are kept."""
    physical_name: str | None = None
    """Its replication group (or cache cluster) id in the account."""

    def listens(self, architecture: "Architecture") -> tuple[int, ...]:
        """Its port, or its engine's."""
        from archproof.model.kinds._ports import port_of

        return (self.port or port_of("memcached" if self.engine == "memcached" else "redis"),)
