"""Amazon EFS: shared file systems."""

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from archproof.model.base import Part, Placed, refers

if TYPE_CHECKING:
    from archproof.model.architecture import Architecture

KINDS = {"efs": "EfsFileSystem"}


class AccessPoint(Part):
    """A door into a file system: one directory, and the user that everything is done as."""

    path: str = "/"
    """The directory that clients see as the root; it is made where it does not exist."""
    uid: Annotated[int, Field(ge=0)] = 1000
    """The user id."""
    gid: Annotated[int, Field(ge=0)] = 1000
    """The group id."""
    permissions: Annotated[str, Field(pattern=r"^[0-7]{3,4}$")] = "0750"
    """The rights of the directory when it is made, in octal."""


class EfsFileSystem(Placed):
    """A file system with a mount target in each zone: encrypted, backed up, for TLS connections only.

    Clients need an IAM right to mount it, which a link gives their role.
    """

    kind: Literal["efs"]
    cfn: ClassVar[str] = "AWS::EFS::FileSystem"
    service: ClassVar[str] = "elasticfilesystem"
    scope: ClassVar[str] = "vpc"
    tier: ClassVar[str] = "data"

    encrypted: bool = True
    """Whether it is encrypted; `false` must be said."""
    kms_key: Annotated[str, refers("kms_key")] | None = None
    """The key that encrypts it; EFS's own when left out."""
    backup: bool = True
    """Whether AWS Backup takes a copy every day."""
    require_tls: bool = True
    """Whether mounts without TLS are refused; `false` must be said."""
    anonymous: bool = False
    """Whether any client that reaches a mount target may mount it, without an IAM right; must be said."""
    throughput: Literal["elastic", "bursting", "provisioned"] = "elastic"
    """How its throughput is set."""
    throughput_mibps: Annotated[float, Field(gt=0)] | None = None
    """For provisioned throughput: MiB a second."""
    performance: Literal["general", "max_io"] = "general"
    """The performance mode."""
    archive_after_days: Literal[1, 7, 14, 30, 60, 90, 180, 270, 365] | None = 30
    """Days without use after which a file moves to the cheaper class; `null` keeps all where they are."""
    access_points: dict[str, AccessPoint] = {}
    """Access points, by name."""

    def listens(self, architecture: "Architecture") -> tuple[int, ...]:
        """The NFS port of its mount targets."""
        from archproof.model.kinds._ports import port_of

        return (port_of("nfs"),)
