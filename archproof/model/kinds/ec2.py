"""Amazon EC2: instances, and Auto Scaling groups of them."""

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from archproof.model.base import OneOrMany, Placed, refers
from archproof.model.kinds._roles import RunsWith

if TYPE_CHECKING:
    from archproof.model.architecture import Architecture

KINDS = {"ec2_instance": "Ec2Instance", "auto_scaling_group": "AutoScalingGroup"}

Port = Annotated[int, Field(ge=1, le=65535)]


class Machine(Placed):
    """What an instance has, alone or as one of a group."""

    instance_type: str
    """The instance type, e.g. `m7g.large`."""
    ami: str | None = None
    """The image: an id (`ami-…`) or the path of a public parameter; the newest Amazon Linux when left out."""
    port: Annotated[list[Port], OneOrMany()] = []
    """The port that it serves on, or several."""
    user_data: str | None = None
    """The script that it runs when it first starts; never a secret."""
    key_pair: str | None = None
    """The SSH key pair that may sign in; none when left out: Session Manager needs none."""
    session_manager: bool = True
    """Whether Systems Manager can open a shell on it and patch it."""
    imds_v1: bool = False
    """Whether the metadata service answers requests without a token; must be said."""
    metadata_hops: Annotated[int, Field(ge=1)] = 1
    """How many network hops an answer of the metadata service may take; containers need 2."""
    public_ip: bool = False
    """Whether it has a public address; must be said."""
    encrypted: bool = True
    """Whether its volumes are encrypted; `false` must be said."""
    kms_key: Annotated[str, refers("kms_key")] | None = None
    """The key that encrypts its volumes; EBS's own when left out."""
    root_gb: Annotated[int, Field(ge=1)] = 20
    """Size of the root volume in GB."""
    root_device: str = "/dev/xvda"
    """The name that the image has for its root volume."""
    volumes_gb: dict[str, Annotated[int, Field(ge=1)]] = {}
    """Further volumes by device name, in GB: `{/dev/sdf: 100}`."""
    volume_type: Literal["gp3", "gp2", "io1", "io2", "st1", "sc1"] = "gp3"
    """The kind of its volumes."""
    detailed_monitoring: bool = True
    """Whether CloudWatch gets its metrics every minute."""
    role: RunsWith | None = None
    """A role of the model, or a map that says one of its own; left out: one with exactly what its links need."""

    def listens(self, architecture: "Architecture") -> tuple[int, ...]:
        """Its ports."""
        return tuple(self.port)

    def faces_internet(self) -> bool:
        """Whether it has a public address."""
        return self.public_ip

    def calls_services(self) -> tuple[str, ...]:
        """Systems Manager, where it may open a shell."""
        return ("ssm", "ssmmessages", "ec2messages") if self.session_manager else ()


class Ec2Instance(Machine):
    """A virtual machine: no public address, no SSH key, encrypted volumes, metadata by token only."""

    kind: Literal["ec2_instance"]
    cfn: ClassVar[str] = "AWS::EC2::Instance"
    service: ClassVar[str] = "ec2"
    principal: ClassVar[str] = "ec2.amazonaws.com"
    scope: ClassVar[str] = "vpc"
    tier: ClassVar[str] = "compute"

    zone: Annotated[int, Field(ge=1)] = 1
    """The zone it stands in: 1 is the first of its tier."""
    deletion_protection: bool = True
    """Whether it refuses to be terminated."""
    private_ip: str | None = None
    """Its private address; AWS chooses one when left out."""
    source_dest_check: bool = True
    """Whether it gets and sends its own traffic only; a router or NAT instance needs `false`."""


class AutoScalingGroup(Machine):
    """Instances that are replaced when they fail and added when they are busy, across the zones of a tier."""

    kind: Literal["auto_scaling_group"]
    cfn: ClassVar[str] = "AWS::AutoScaling::AutoScalingGroup"
    service: ClassVar[str] = "autoscaling"
    principal: ClassVar[str] = "ec2.amazonaws.com"
    scope: ClassVar[str] = "vpc"
    tier: ClassVar[str] = "compute"

    min: Annotated[int, Field(ge=0)] = 2
    """The fewest instances."""
    max: Annotated[int, Field(ge=0)] = 4
    """The most instances."""
    desired: Annotated[int, Field(ge=0)] | None = None
    """Instances to begin with; scaling decides later. The fewest when left out."""
    target_cpu_percent: Annotated[float, Field(gt=0, le=100)] | None = 60
    """Average CPU use that instances are added or removed for; `null` for no scaling."""
    health_grace_s: Annotated[int, Field(ge=0)] = 300
    """Seconds before a new instance is checked."""
    warmup_s: Annotated[int, Field(ge=0)] = 120
    """Seconds before a new instance counts in the averages."""
    spot: bool = False
    """Whether spare capacity is used, which AWS may take back."""

    @model_validator(mode="after")
    def _bounds(self) -> "AutoScalingGroup":
        if self.max < self.min:
            raise ValueError(f"'max' ({self.max}) is below 'min' ({self.min})")
        return self
