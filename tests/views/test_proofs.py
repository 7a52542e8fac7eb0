"""The views of proofs: network, exposure, and a path as a picture."""

from __future__ import annotations

from pathlib import Path

from archproof.model.architecture import loads
from archproof.proofs.connection import Proof, Prover
from archproof.renderers import views
from archproof.renderers.layout import layout_many
from archproof.renderers.quality import measure
from archproof.renderers.scene import Scene
from archproof.renderers.views import _path
from archproof.renderers.views._reach import proved, written
from archproof.sources.reading import load

from .scenes import SYSTEM, arrows, homes, ids, node, scene

NETWORK = """network:
  vpc: {cidr: 10.0.0.0/16}
  subnets:
    public: {cidr: 10.0.0.0/20, egress: internet_gateway}
    app: {cidr: 10.0.16.0/20, egress: nat}
    data: {cidr: 10.0.32.0/20}
  security_groups:
    lb_sg: {ingress: [{port: 443, from: internet}]}
    web_sg: {}
    db_sg: {%s}
"""
SHOP = """\
users: {kind: person}
lb: {kind: alb, to: web, certificate: cert, in: {subnets: public, security_groups: [lb_sg]}}
cert: {kind: certificate, domain: a.example.com}
web: {kind: ecs_service, image: public.ecr.aws/a/b:1, port: 8080, in: {subnets: app, security_groups: [web_sg]}}
db: {kind: rds, engine: postgres, instance_class: db.m7g.large, in: {subnets: data, security_groups: [db_sg]}}
"""
LINKS = "links:\n  - {from: users, to: lb}\n  - {from: web, to: db, verb: query}\n"
CLOSED = "ingress: [{port: 22, from: 10.0.0.0/20}]"


def shop(view: str, group: str = "", more: str = "", links: str = LINKS) -> Scene:
    """A view of the shop, with these rules on the group of its database."""
    return scene(SHOP + more, view, network=NETWORK % group, rest=links)


def path(source: str, target: str, group: str = "") -> Scene:
    """The picture of a question about the shop."""
    indented = "".join(f"  {line}\n" for line in SHOP.splitlines())
    model = loads(f"{SYSTEM}{NETWORK % group}components:\n{indented}{LINKS}")
    drawn = _path.build(model, Proof(proved(model)[0].ask(source, target)))
    assert drawn.problems() == []
    return drawn


def test_the_network_holds_proven_ways_with_their_ports_in_tiers() -> None:
    drawn = shop("network")
    found = arrows(drawn)
    assert "internet -> lb: 443 (network)" in found
    assert "lb -> web: 8080 (network)" in found
    assert "web -> db: 5432 (network)" in found
    assert (homes(drawn)["db"], homes(drawn)["internet"]) == ("tier:data", None)
    assert not [a for a in found if "internet -> db" in a or "internet -> web" in a]


def test_a_declared_link_that_is_blocked_is_broken_and_says_why() -> None:
    drawn = shop("network", CLOSED)
    broken = [e for e in drawn.edges if e.kind == "broken"]
    assert [(e.source, e.target, e.label) for e in broken] == [("web", "db", "5432 · blocked")]
    assert "db_sg does not let web" in broken[0].tooltip
    assert drawn.subtitle.endswith("1 declared and blocked")


def test_a_way_to_a_data_store_that_no_link_speaks_of_stands_out() -> None:
    host = "host: {kind: ec2_instance, instance_type: t4g.small, in: {subnets: app, security_groups: [web_sg]}}\n"
    assert "host -> db: 5432 · undeclared (undeclared)" in arrows(shop("network", more=host))


def test_without_interfaces_nothing_reaches_anything() -> None:
    assert shop("network").edges
    empty = scene("fn: {kind: lambda, runtime: python3.13}", "network")
    assert (empty.nodes, empty.subtitle) == ((), "Nothing here reaches anything: no connection is proved")


def test_the_exposure_goes_from_the_door_to_what_lies_behind() -> None:
    drawn = shop("exposure")
    assert ids(drawn) == ["internet", "lb", "web", "db"]
    assert arrows(drawn) == ["internet -> lb: 443 (network)", "lb -> web: 8080 (data)", "web -> db: 5432 (data)"]
    assert drawn.subtitle == "The internet enters at one place, in a VPC"


def test_an_empty_exposure_is_said_in_words() -> None:
    drawn = scene("fn: {kind: lambda, runtime: python3.13, in: {subnets: app}}", "exposure")
    assert ids(drawn) == ["internet"]
    assert drawn.subtitle.startswith("Nothing here is reached from the internet")


def test_routes_that_are_open_to_anyone_are_named() -> None:
    api = (
        "pool: {kind: cognito_user_pool}\napp: {kind: cognito_app_client, pool: pool}\n"
        "api: {kind: http_api, authorizer: {jwt: app}, routes: {GET /a: {to: fn}, GET /health: {to: fn, auth: open}}}\n"
        "fn: {kind: lambda, runtime: python3.13}\n"
    )
    drawn = scene(api, "exposure")
    assert "internet -> api: 443 · open: GET /health (undeclared)" in arrows(drawn)
    assert "api -> fn: invokes (reference)" in arrows(drawn)
    assert drawn.subtitle.endswith("1 open without authorization")


def test_function_urls_say_whether_anyone_may_call() -> None:
    given = (
        "fn: {kind: lambda, runtime: python3.13}\n"
        "url: {type: AWS::Lambda::Url, properties: {TargetFunctionArn: {Ref: Fn}, AuthType: NONE}}\n"
    )
    assert "internet -> url: 443 · open to anyone (undeclared)" in arrows(scene(given, "exposure"))


def test_a_way_is_numbered_hop_by_hop_and_told_below() -> None:
    drawn = path("internet", "web")
    way = [(e.source, e.target, e.label) for e in drawn.edges if e.kind == "way"]
    assert way == [("internet", "lb", "1 · 443"), ("lb", "web", "2")]
    assert drawn.notes[0].startswith("1. through the internet gateway: lb has a public address; lb_sg lets in tcp 443")
    assert "lb_sg lets out tcp 8080 to web_sg" in drawn.notes[1]


def test_blockers_stand_where_they_block_with_the_numbers_of_the_text() -> None:
    drawn = path("internet", "db")
    marks = {n.id: [b.mark for b in n.badges] for n in drawn.nodes if n.badges}
    assert marks == {"db": ["1", "3"], "blocker:DataRouteTable": ["2"]}
    assert homes(drawn)["blocker:DataRouteTable"] == "tier:data"
    assert [e.label for e in drawn.edges if e.kind == "broken"] == ["blocked"]
    assert [n[:2] for n in drawn.notes] == ["1.", "2.", "3."]
    assert node(drawn, "db").badges[0].id == "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS"


def test_pictures_of_proofs_pass_the_gate() -> None:
    drawn = [
        shop("network"),
        shop("network", CLOSED),
        shop("exposure"),
        path("internet", "web"),
        path("internet", "db"),
    ]
    assert [measure(placed).faults for placed in layout_many(drawn)] == [0] * len(drawn)


def test_without_a_vpc_proofs_are_no_views_of_the_model() -> None:
    model = loads(f"{SYSTEM}components:\n  fn: {{kind: lambda, runtime: python3.13}}\n")
    assert not {"network", "exposure"} & set(views.names(model))


def test_ports_are_written_short() -> None:
    every = [(0, 65535)]
    assert written({"tcp": every, "udp": every}) == "all ports"
    assert written({"tcp": [(80, 80), (443, 443), (8000, 8080), (9000, 9000)]}) == "80, 443, 8000-8080 and 1 more"
    assert written({"tcp": [], "udp": [(53, 53)]}) == "udp 53"
    assert written({"tcp": [], "udp": []}) == ""


QUEUE = "jobs: {kind: sqs_queue}\n"


def call(action: str = "") -> Scene:
    """The picture of a call of a queue by a task that may send."""
    indented = "".join(f"  {line}\n" for line in (SHOP + QUEUE).splitlines())
    network = NETWORK.replace("  security_groups:", "  endpoints: [sqs]\n  security_groups:") % ""
    links = f"{LINKS}  - {{from: web, to: jobs, verb: send}}\n"
    model = loads(f"{SYSTEM}{network}components:\n{indented}{links}")
    drawn = _path.build(model, Prover(proved(model)[1], model).ask("web", "jobs", actions=[action] if action else []))
    assert drawn.problems() == []
    return drawn


def test_a_call_ends_at_what_is_used_with_what_policies_say() -> None:
    drawn = call()
    way = [(e.source, e.target, e.label) for e in drawn.edges if e.kind == "way"]
    assert way == [("web", "SqsEndpoint", "1 · 443"), ("SqsEndpoint", "used:jobs", "2 · sqs:SendMessage")]
    assert (drawn.subtitle, drawn.notes[1]) == (
        "tcp: reachable on 443, and permitted",
        "2. web may sqs:SendMessage on jobs",
    )


def test_a_call_that_policies_deny_breaks_at_its_last_step() -> None:
    drawn = call("sqs:PurgeQueue")
    broken = [(e.source, e.target, e.label) for e in drawn.edges if e.kind == "broken"]
    assert broken == [("SqsEndpoint", "used:jobs", "2 · not permitted")]
    assert drawn.subtitle == "tcp: reachable on 443, but not permitted"
    assert drawn.notes[1] == "2. web may not sqs:PurgeQueue on jobs: the caller's policies do not allow sqs:PurgeQueue"


def test_a_view_of_ones_own_may_be_cut_from_a_view_of_proofs() -> None:
    view = LINKS + "views:\n  data: {base: network, only: [db, lb]}\n"
    drawn = shop("data", links=view)
    assert ids(drawn) == ["lb", "db", "internet"]
    assert arrows(drawn) == ["internet -> lb: 443 (network)"]
    assert drawn.subtitle == "A part of the view network: what is proved"


def policy(of: str, key: str, action: str, more: str = "") -> str:
    """A policy of a resource that lets anyone do something."""
    statement = f"{{Effect: Allow, Principal: '*', Action: {action}, Resource: '*'{more}}}"
    document = f"{{Version: '2012-10-17', Statement: [{statement}]}}"
    return f"  {of}Policy:\n    Type: AWS::{key}\n    Properties: {{%s, PolicyDocument: {document}}}\n"


DOORS = (
    """Resources:
  Site: {Type: AWS::S3::Bucket, Properties: {PublicAccessBlockConfiguration: {BlockPublicPolicy: false}}}
  Kept: {Type: AWS::S3::Bucket}
  Queue: {Type: AWS::SQS::Queue}
  Logs: {Type: AWS::S3::Bucket}
  Cdn:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Logging: {Bucket: !GetAtt Logs.DomainName}
        Origins: [{Id: a, DomainName: !GetAtt Kept.RegionalDomainName, S3OriginConfig: {}}]
        DefaultCacheBehavior: {TargetOriginId: a, ViewerProtocolPolicy: https-only}
  Search: {Type: AWS::OpenSearchService::Domain}
  Inside: {Type: AWS::OpenSearchService::Domain, Properties: {VPCOptions: {SubnetIds: [subnet-1]}}}
  Guests: {Type: AWS::Cognito::IdentityPool, Properties: {AllowUnauthenticatedIdentities: true}}
"""
    + policy("Site", "S3::BucketPolicy", "s3:GetObject") % "Bucket: !Ref Site"
    + policy("Kept", "S3::BucketPolicy", "s3:GetObject") % "Bucket: !Ref Kept"
    + policy("Queue", "SQS::QueuePolicy", "sqs:SendMessage", ", Condition: {IpAddress: {'aws:SourceIp': 192.0.2.0/24}}")
    % "Queues: [!Ref Queue]"
)


def test_the_internet_meets_every_public_service_and_what_policies_open(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(DOORS)
    drawn = views.build("exposure", load(tmp_path / "template.yaml"))
    assert isinstance(drawn, Scene)
    found = arrows(drawn)
    assert [a.replace("internet -> ", "") for a in found if a.startswith("internet")] == [
        "cdn: 443 · open to anyone (undeclared)",
        "guests: 443 · open to anyone (undeclared)",
        "search: 443 · IAM needed (network)",
        "site: 443 · anyone reads (undeclared)",
        "queue: 443 · sends on conditions (network)",
    ]
    assert [a for a in found if not a.startswith("internet")] == ["cdn -> kept: reads (reference)"]
