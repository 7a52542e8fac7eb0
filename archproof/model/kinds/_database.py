"""What relational databases have in common: RDS instances and Aurora clusters."""

from typing import TYPE_CHECKING, Annotated

from pydantic import Field, model_validator

from archproof.model.base import OneOrMany, Placed, refers

if TYPE_CHECKING:
    from archproof.model.architecture import Architecture

ParameterValue = str | int | float | bool


class Database(Placed):
    """The fields of every relational database."""

    engine: str
    """The engine, as RDS names it."""
    engine_version: str | None = None
    """Its version, e.g. `17` or `17.4`; left out: RDS's own default, or the newest major version known where
    parameters, which belong to a major version, are needed."""
    instance_class: str | None = None
    """The instance class, e.g. `db.m7g.large`."""
    database: str | None = None
    """The name of the first database in it."""
    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    """The port, where it is not the engine's."""
    public: bool = False
    """Whether it has a public address; must be said."""
    encrypted: bool = True
    """Whether its storage is encrypted; `false` must be said."""
    kms_key: Annotated[str, refers("kms_key")] | None = None
    """The key that encrypts it; RDS's own when left out."""
    deletion_protection: bool = True
    """Whether it refuses to be deleted."""
    backup_days: Annotated[int, Field(ge=0)] = 7
    """Days that automated backups are kept; 0 switches them off."""
    backup_window: str | None = None
    """When backups are taken, in UTC: `18:00-19:00`."""
    maintenance_window: str | None = None
    """When maintenance may happen, in UTC: `sun:19:00-sun:20:00`."""
    auto_minor_upgrades: bool = True
    """Whether minor versions are installed in the maintenance window."""
    master_username: str = "dbadmin"
    """The name of the administrator."""
    secret: Annotated[str, refers("secret")] | None = None
    """A secret of the model with the administrator's name and password; left out: RDS makes and rotates one."""
    secret_key: Annotated[str, refers("kms_key")] | None = None
    """The key of the secret that RDS makes; Secrets Manager's own when left out."""
    require_tls: bool = True
    """Whether connections without TLS are refused, by the engine's parameter where its default does not."""
    parameters: dict[str, ParameterValue] = {}
    """Engine parameters, e.g. `{rds.force_ssl: 1}`: a parameter group of its own."""
    parameter_group: Annotated[str, refers("db_parameter_group")] | None = None
    """A parameter group of the model, in place of `parameters`."""
    subnet_group: Annotated[str, refers("db_subnet_group")] | None = None
    """A subnet group of the model; left out: one of its own over the subnets that it stands in."""
    iam_auth: bool = False
    """Whether database users can sign in with IAM."""
    log_exports: Annotated[list[str], OneOrMany()] | None = None
    """Logs sent to CloudWatch; left out: those of the engine that operations need; `[]` for none."""
    performance_insights: bool = True
    """Whether Performance Insights records what it waits for."""
    performance_insights_days: Annotated[int, Field(ge=1)] | None = None
    """Days that Performance Insights keeps; RDS's default when left out."""
    monitoring_s: Annotated[int, Field(ge=0)] = 60
    """Seconds between samples of the operating system (enhanced monitoring); 0 switches it off."""
    max_connections: Annotated[int, Field(ge=1)] | None = None
    """The most connections that it takes, as a parameter; what the engine's formula gives when left out."""

    @model_validator(mode="after")
    def _one_parameter_group(self) -> "Database":
        if self.parameters and self.parameter_group:
            raise ValueError("'parameters' and 'parameter_group' exclude each other: the group holds the parameters")
        return self

    def listens(self, architecture: "Architecture") -> tuple[int, ...]:
        """Its port, or its engine's."""
        from archproof import facts

        return (self.port or facts.engine(self.engine).port,)
