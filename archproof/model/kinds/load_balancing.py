"""Elastic Load Balancing: application and network load balancers, listeners, target groups."""

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from archproof.model.base import Component, OneOrMany, Part, Placed, Placement, Shorthand, refers

if TYPE_CHECKING:
    from archproof.model.architecture import Architecture

KINDS = {
    "alb": "ApplicationLoadBalancer",
    "nlb": "NetworkLoadBalancer",
    "listener": "Listener",
    "target_group": "TargetGroup",
}

TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06"
Port = Annotated[int, Field(ge=1, le=65535)]


class HealthCheck(Part):
    """How a load balancer finds out whether a target works; what is left out is the load balancer's default."""

    path: str | None = None
    """The path it asks for over HTTP; `/` for HTTP targets when left out."""
    port: Port | None = None
    """The port, where it is not the one that serves."""
    protocol: Literal["http", "https", "tcp"] | None = None
    """The protocol, where it is not the target's."""
    interval_s: Annotated[int, Field(ge=1)] | None = None
    """Seconds between checks."""
    timeout_s: Annotated[int, Field(ge=1)] | None = None
    """Seconds without an answer that count as a failure."""
    healthy: Annotated[int, Field(ge=1)] | None = None
    """Successes in a row after which a target is used."""
    unhealthy: Annotated[int, Field(ge=1)] | None = None
    """Failures in a row after which it is not."""
    codes: str | None = None
    """Status codes that mean health: `200`, `200-299`."""


class LoadBalancer(Placed):
    """What both kinds of load balancer have."""

    internal: bool = False
    """Whether it is reached from inside the VPC only; else it faces the internet, from public subnets."""
    certificate: Annotated[list[Annotated[str, refers("certificate")]], OneOrMany()] = []
    """The certificate that it serves TLS with; further ones for other names."""
    tls_policy: str = TLS_POLICY
    """The protocols and ciphers that it accepts."""
    port: Port | None = None
    """The port it listens on, where it is not the usual one."""
    target_port: Port | None = None
    """The port of its targets, where it is not the one they listen on."""
    health_check: Annotated[HealthCheck, Shorthand("path")] | None = None
    """How targets are checked: a path, or a map."""
    deregistration_delay_s: Annotated[int, Field(ge=0)] | None = None
    """Seconds that a target which leaves may finish its requests."""
    deletion_protection: bool = True
    """Whether it refuses to be deleted."""
    access_logs: Annotated[str, refers("s3_bucket")] | None = None
    """The bucket that every request is logged to."""
    log_prefix: str | None = None
    """The prefix of its logs in the bucket."""
    physical_name: str | None = None
    """Its name in the account."""


class ApplicationLoadBalancer(LoadBalancer):
    """A load balancer for HTTP: serves TLS, sends plain HTTP there, drops malformed headers.

    `to` says what it forwards to, `routes` what some paths or hosts go to instead. Without a certificate
    `http: true` must say that it serves clear text.
    """

    kind: Literal["alb"]
    cfn: ClassVar[str] = "AWS::ElasticLoadBalancingV2::LoadBalancer"
    service: ClassVar[str] = "elasticloadbalancing"
    scope: ClassVar[str] = "vpc"
    tier: ClassVar[str] = "edge"

    to: Annotated[
        list[
            Annotated[
                str,
                refers("ecs_service", "ec2_instance", "auto_scaling_group", "lambda", "target_group", verb="forward"),
            ]
        ],
        OneOrMany(),
    ] = []
    """What it forwards to; several share the requests evenly."""
    routes: dict[
        str,
        Annotated[
            str, refers("ecs_service", "ec2_instance", "auto_scaling_group", "lambda", "target_group", verb="forward")
        ],
    ] = {}
    """What goes elsewhere, first match first: a path (`/api/*`) or a host (`admin.example.com`) to a component."""
    http: bool = False
    """Whether it serves plain HTTP; must be said where there is no certificate."""
    redirect_http: bool = True
    """With a certificate: whether requests without TLS are sent to the port with it."""
    target_tls: bool = False
    """Whether it speaks TLS with its targets too."""
    stickiness_s: Annotated[int, Field(ge=1)] | None = None
    """Seconds that a client stays with the same target."""
    idle_timeout_s: Annotated[int, Field(ge=1)] | None = None
    """Seconds without traffic after which a connection is closed; the load balancer's default when left out."""
    drop_invalid_headers: bool = True
    """Whether malformed headers are dropped; `false` must be said."""
    waf: Annotated[str, refers("waf")] | None = None
    """The web ACL before it."""

    @model_validator(mode="after")
    def _clear_text_is_said(self) -> "ApplicationLoadBalancer":
        if self.to and not self.certificate and not self.http:
            raise ValueError("needs a 'certificate' to forward, or 'http: true' to serve clear text")
        return self

    def listens(self, architecture: "Architecture") -> tuple[int, ...]:
        """The port that it serves on; the redirection from plain HTTP serves nothing."""
        from archproof.model.kinds._ports import port_of

        explicit = tuple(c.port for c in listeners(self, architecture))
        if not self.to:
            return explicit
        return (self.port or port_of("https" if self.certificate else "http"), *explicit)


class NetworkLoadBalancer(LoadBalancer):
    """A load balancer for TCP, UDP and TLS connections, across all zones."""

    kind: Literal["nlb"]
    cfn: ClassVar[str] = "AWS::ElasticLoadBalancingV2::LoadBalancer"
    service: ClassVar[str] = "elasticloadbalancing"
    scope: ClassVar[str] = "vpc"
    tier: ClassVar[str] = "edge"

    to: Annotated[
        list[
            Annotated[
                str,
                refers("ecs_service", "ec2_instance", "auto_scaling_group", "alb", "target_group", verb="forward"),
            ]
        ],
        OneOrMany(),
    ] = []
    """What it forwards to; one, or none where `listener` components say."""
    protocol: Literal["tcp", "tls", "udp", "tcp_udp"] | None = None
    """The protocol; left out: TLS with a certificate, else TCP."""
    cross_zone: bool = True
    """Whether every zone's connections reach the targets of all zones."""
    preserve_client_ip: bool | None = None
    """Whether targets see the client's address; the load balancer's default when left out."""

    @model_validator(mode="after")
    def _one_target(self) -> "NetworkLoadBalancer":
        if len(self.to) > 1:
            raise ValueError("'to' is one: write a 'listener' for each of the others")
        return self

    def listens(self, architecture: "Architecture") -> tuple[int, ...]:
        """Its port, the usual one of TLS with a certificate, or the port of what it forwards to."""
        explicit = tuple(c.port for c in listeners(self, architecture))
        return (nlb_port(self, architecture), *explicit) if self.to else explicit


def nlb_port(balancer: NetworkLoadBalancer, architecture: "Architecture") -> int:
    """The port of the listener that `to` makes."""
    from archproof.model.kinds._ports import port_of

    if balancer.port:
        return balancer.port
    target = architecture.components.get(balancer.to[0]) if balancer.to else None
    if balancer.certificate or target is None:
        return port_of("https")
    found = target.listens(architecture) or (getattr(target, "port", None) or port_of("https"),)
    return int(found[0])


def listeners(balancer: Component, architecture: "Architecture") -> "list[Listener]":
    """The `listener` components of a load balancer."""
    found = [c for c in architecture.components.values() if isinstance(c, Listener)]
    return [c for c in found if architecture.components.get(c.load_balancer) is balancer]


class Rule(Part):
    """A rule of a listener: what matches goes to another target group."""

    path: Annotated[list[str], OneOrMany()] = []
    """Paths that match: `/api/*`."""
    host: Annotated[list[str], OneOrMany()] = []
    """Hosts that match: `admin.example.com`."""
    to: Annotated[str, refers("target_group", verb="forward")]
    """The target group."""


class Listener(Component):
    """A listener written out: a port of a load balancer and where it leads."""

    kind: Literal["listener"]
    cfn: ClassVar[str] = "AWS::ElasticLoadBalancingV2::Listener"
    service: ClassVar[str] = "elasticloadbalancing"
    tier: ClassVar[str] = "edge"
    detail: ClassVar[bool] = True

    load_balancer: Annotated[str, refers("alb", "nlb")]
    """The load balancer."""
    port: Port
    """The port."""
    protocol: Literal["http", "https", "tcp", "tls", "udp", "tcp_udp"]
    """The protocol; `http` and `tcp` are not encrypted by it."""
    certificate: Annotated[list[Annotated[str, refers("certificate")]], OneOrMany()] = []
    """For HTTPS and TLS: the certificate, and further ones for other names."""
    tls_policy: str = TLS_POLICY
    """The protocols and ciphers that it accepts."""
    to: Annotated[str, refers("target_group", verb="forward")] | None = None
    """The target group that it forwards to."""
    redirect_to_https: bool = False
    """Whether it only sends clients to HTTPS."""
    fixed_status: Annotated[int, Field(ge=200, le=599)] | None = None
    """A status that it answers everything with that no rule takes."""
    rules: list[Rule] = []
    """What goes elsewhere, first match first."""

    @model_validator(mode="after")
    def _complete(self) -> "Listener":
        if sum((self.to is not None, self.redirect_to_https, self.fixed_status is not None)) != 1:
            raise ValueError("needs exactly one of 'to', 'redirect_to_https' and 'fixed_status'")
        if self.protocol in ("https", "tls") and not self.certificate:
            raise ValueError(f"needs a 'certificate' for {self.protocol.upper()}")
        return self


class TargetGroup(Component):
    """A target group written out: what a load balancer forwards to, and how it is checked."""

    kind: Literal["target_group"]
    cfn: ClassVar[str] = "AWS::ElasticLoadBalancingV2::TargetGroup"
    service: ClassVar[str] = "elasticloadbalancing"
    tier: ClassVar[str] = "edge"
    detail: ClassVar[bool] = True

    port: Port
    """The port of the targets."""
    protocol: Literal["http", "https", "tcp", "tls", "udp", "tcp_udp"]
    """The protocol that the load balancer speaks with them."""
    target_type: Literal["ip", "instance", "lambda", "alb"] = "ip"
    """What targets are registered as; `ip` for containers."""
    to: Annotated[
        list[Annotated[str, refers("ecs_service", "ec2_instance", "auto_scaling_group", "lambda", verb="forward")]],
        OneOrMany(),
    ] = []
    """Its targets."""
    in_: Placement | None = Field(default=None, alias="in")
    """The VPC: `{vpc: main}`; the only one of `network` when left out."""
    health_check: Annotated[HealthCheck, Shorthand("path")] | None = None
    """How targets are checked: a path, or a map."""
    deregistration_delay_s: Annotated[int, Field(ge=0)] | None = None
    """Seconds that a target which leaves may finish its requests."""
    stickiness_s: Annotated[int, Field(ge=1)] | None = None
    """Seconds that a client stays with the same target."""
    physical_name: str | None = None
    """Its name in the account."""
