"""Amazon Aurora: clusters of a writer and its readers."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from archproof.model.base import Part
from archproof.model.kinds._database import Database

KINDS = {"aurora": "AuroraCluster"}


class Capacity(Part):
    """What a serverless cluster may grow and shrink between, in Aurora capacity units."""

    min_acu: Annotated[float, Field(ge=0)]
    """The least; 0 lets it pause."""
    max_acu: Annotated[float, Field(gt=0)]
    """The most."""
    pause_after_s: Annotated[int, Field(ge=1)] | None = None
    """For a least of 0: idle seconds before it pauses."""


class AuroraCluster(Database):
    """An Aurora cluster: a writer and readers in other zones over storage that spans three.

    Private, encrypted, backed up and protected from deletion. It is provisioned (`instance_class`) or
    serverless (`capacity`).
    """

    kind: Literal["aurora"]
    cfn: ClassVar[str] = "AWS::RDS::DBCluster"
    service: ClassVar[str] = "rds"
    scope: ClassVar[str] = "vpc"
    tier: ClassVar[str] = "data"

    engine: Literal["aurora-postgresql", "aurora-mysql"]
    """The engine."""
    capacity: Capacity | None = None
    """Serverless: `{min_acu: 0.5, max_acu: 8}`."""
    instances: Annotated[int, Field(ge=1)] = 2
    """Instances: the writer and its readers; one alone has nothing to fail over to."""
    storage: Literal["standard", "io_optimized"] = "standard"
    """Whether I/O is paid for by use or included."""
    backtrack_h: Annotated[int, Field(ge=0)] = 0
    """For aurora-mysql: hours that it can be rewound."""
    data_api: bool = False
    """Whether it can be queried over HTTPS (RDS Data API)."""
    physical_name: str | None = None
    """Its DB cluster identifier in the account."""

    @model_validator(mode="after")
    def _provisioned_or_serverless(self) -> "AuroraCluster":
        if not (self.instance_class or self.capacity):
            raise ValueError(
                "needs 'instance_class' (provisioned, e.g. db.r7g.large) "
                "or 'capacity' (serverless, e.g. {min_acu: 0.5, max_acu: 8})"
            )
        return self
