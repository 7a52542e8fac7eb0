"""Amazon DynamoDB: tables."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from archproof.model.base import Component, Part, refers

KINDS = {"dynamodb_table": "DynamoDbTable"}

Keys = Annotated[dict[str, Literal["string", "number", "binary"]], Field(min_length=1, max_length=2)]


class Index(Part):
    """A global secondary index."""

    keys: Keys
    """Its partition key and, second, its sort key, with their types: `{owner: string, created: number}`."""
    projection: Literal["all", "keys"] | list[str] = "all"
    """What it holds: everything, the keys alone, or these attributes beside the keys."""
    read_units: Annotated[int, Field(ge=1)] | None = None
    """For provisioned billing: reads a second; the table's when left out."""
    write_units: Annotated[int, Field(ge=1)] | None = None
    """For provisioned billing: writes a second; the table's when left out."""


class LocalIndex(Part):
    """A local secondary index: the table's partition key with another sort key."""

    sort: Annotated[dict[str, Literal["string", "number", "binary"]], Field(min_length=1, max_length=1)]
    """The sort key with its type: `{created: number}`."""
    projection: Literal["all", "keys"] | list[str] = "all"
    """What it holds: everything, the keys alone, or these attributes beside the keys."""


class DynamoDbTable(Component):
    """A DynamoDB table: encrypted, paid for by use, protected from deletion.

    It can be restored to any second of the last weeks.
    """

    kind: Literal["dynamodb_table"]
    cfn: ClassVar[str] = "AWS::DynamoDB::Table"
    service: ClassVar[str] = "dynamodb"
    tier: ClassVar[str] = "data"

    keys: Keys
    """The partition key and, second, the sort key, with their types: `{id: string, at: number}`."""
    indexes: dict[str, Index] = {}
    """Global secondary indexes, by name."""
    local_indexes: dict[str, LocalIndex] = {}
    """Local secondary indexes, by name."""
    billing: Literal["on_demand", "provisioned"] = "on_demand"
    """Paid for by request, or by capacity kept ready."""
    read_units: Annotated[int, Field(ge=1)] = 5
    """For provisioned billing: reads a second."""
    write_units: Annotated[int, Field(ge=1)] = 5
    """For provisioned billing: writes a second."""
    max_read_units: Annotated[int, Field(ge=1)] | None = None
    """For billing on demand: the most reads a second that are let through."""
    max_write_units: Annotated[int, Field(ge=1)] | None = None
    """For billing on demand: the most writes a second that are let through."""
    point_in_time_recovery: bool = True
    """Whether it can be restored to any second of the last weeks."""
    deletion_protection: bool = True
    """Whether it refuses to be deleted."""
    ttl: str | None = None
    """The attribute with the time (seconds since 1970) after which an item is removed."""
    stream: Literal["new_and_old", "new", "old", "keys"] | None = None
    """What its stream shows of a change; left out: both images where a link reads the stream, else no stream."""
    kms_key: Annotated[str, refers("kms_key")] | None = None
    """The key that encrypts it; DynamoDB's own when left out."""
    infrequent_access: bool = False
    """Whether it is of the cheaper class for data that is seldom read."""
    contributor_insights: bool = False
    """Whether the keys used most are reported."""
    physical_name: str | None = None
    """Its table name in the account."""
