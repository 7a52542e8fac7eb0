"""Amazon RDS: database instances, parameter groups, subnet groups."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from archproof.model.base import Component, Placement, refers
from archproof.model.kinds._database import Database, ParameterValue

KINDS = {"rds": "RdsInstance", "db_parameter_group": "DbParameterGroup", "db_subnet_group": "DbSubnetGroup"}

RdsEngine = Literal[
    "postgres", "mysql", "mariadb",
    "sqlserver-ee", "sqlserver-se", "sqlserver-ex", "sqlserver-web",
    "oracle-ee", "oracle-se2", "oracle-ee-cdb", "oracle-se2-cdb",
]  # fmt: skip
AuroraEngine = Literal["aurora-postgresql", "aurora-mysql"]
AnyEngine = Literal[
    "postgres", "mysql", "mariadb",
    "sqlserver-ee", "sqlserver-se", "sqlserver-ex", "sqlserver-web",
    "oracle-ee", "oracle-se2", "oracle-ee-cdb", "oracle-se2-cdb",
    "aurora-postgresql", "aurora-mysql",
]  # fmt: skip


class RdsInstance(Database):
    """A database instance of RDS: private, encrypted, in two zones, backed up, protected from deletion.

    The administrator's password is made and rotated by RDS in Secrets Manager. `sqlserver-ex` and
    `sqlserver-web` have no Multi-AZ: say `multi_az: false`.
    """

    kind: Literal["rds"]
    cfn: ClassVar[str] = "AWS::RDS::DBInstance"
    service: ClassVar[str] = "rds"
    scope: ClassVar[str] = "vpc"
    tier: ClassVar[str] = "data"

    engine: RdsEngine
    """The engine and, of SQL Server and Oracle, the edition."""
    instance_class: str
    """The instance class, e.g. `db.m7g.large`."""
    storage_gb: Annotated[int, Field(ge=1)] = 20
    """Storage in GB."""
    max_storage_gb: Annotated[int, Field(ge=1)] | None = None
    """How far the storage may grow by itself, in GB; it does not when left out."""
    storage_type: Literal["gp3", "gp2", "io1", "io2", "standard"] = "gp3"
    """The kind of storage."""
    iops: Annotated[int, Field(ge=1)] | None = None
    """Provisioned I/O operations a second."""
    storage_throughput_mbps: Annotated[int, Field(ge=1)] | None = None
    """Provisioned throughput of gp3 in MiB/s."""
    multi_az: bool = True
    """Whether a standby waits in a second zone; `false` must be said."""
    zone: Annotated[int, Field(ge=1)] | None = None
    """The zone it stands in (1 is the first of the tier), without Multi-AZ; RDS chooses when left out."""
    license: Literal["included", "byo"] | None = None
    """For SQL Server and Oracle: a licence included in the price, or one's own."""
    replica_of: Annotated[str, refers("rds", verb="replicate", reverse=True, acyclic=True)] | None = None
    """The instance that it is a read replica of."""
    physical_name: str | None = None
    """Its DB instance identifier in the account."""


class DbParameterGroup(Component):
    """Parameters of a database engine's major version; of a whole cluster for the Aurora engines."""

    kind: Literal["db_parameter_group"]
    cfn: ClassVar[str] = "AWS::RDS::DBParameterGroup"
    service: ClassVar[str] = "rds"
    tier: ClassVar[str] = "data"
    detail: ClassVar[bool] = True

    engine: AnyEngine
    """The engine."""
    engine_version: str | None = None
    """The engine's version; the newest major version known when left out."""
    family: str | None = None
    """The family, e.g. `postgres17`, where it does not follow from engine and version."""
    parameters: dict[str, ParameterValue]
    """The parameters, e.g. `{rds.force_ssl: 1}`."""


class DbSubnetGroup(Component):
    """The subnets that databases may stand in: of two zones or more."""

    kind: Literal["db_subnet_group"]
    cfn: ClassVar[str] = "AWS::RDS::DBSubnetGroup"
    service: ClassVar[str] = "rds"
    tier: ClassVar[str] = "data"
    detail: ClassVar[bool] = True

    in_: Placement = Field(alias="in")
    """The subnets: `{subnets: data}`."""
