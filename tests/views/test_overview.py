"""The overview: what is drawn, where, and what is drawn on or within something else."""

from __future__ import annotations

from .scenes import arrows, homes, ids, node, scene

FN = "fn: {kind: lambda, runtime: python3.13}\n"


def test_components_stand_in_their_tier_their_area_their_region_the_cloud_or_outside() -> None:
    drawn = scene(
        "users: {kind: person}\ncdn: {kind: cloudfront, origin: site}\nsite: {kind: s3_bucket}\n"
        "pool: {kind: cognito_user_pool}\nids: {kind: cognito_identity_pool, clients: [web], authenticated_role: up}\n"
        "up: {kind: iam_role, trust: ids}\n"
        "web: {kind: cognito_app_client, pool: pool}\n"
        "fn: {kind: lambda, runtime: python3.13, in: {subnets: app}}\n"
        "db: {kind: rds, engine: postgres, instance_class: db.m7g.large, in: {subnets: data}}\n"
    )
    assert homes(drawn) == {
        "users": None, "cdn": "cloud", "site": "region", "pool": "area:identity", "ids": "area:identity",
        "fn": "tier:app", "db": "tier:data",
    }  # fmt: skip


def test_containers_that_hold_nothing_are_not_drawn_and_say_what_they_are() -> None:
    drawn = scene("fn: {kind: lambda, runtime: python3.13, in: {subnets: app}}")
    assert [(g.id, g.title, g.kind, g.parent) for g in drawn.groups] == [
        ("cloud", "AWS Cloud", "cloud", None),
        ("region", "Region eu-west-1", "region", "cloud"),
        ("vpc:vpc", "VPC 10.0.0.0/16 · 2 zones", "vpc", "region"),
        ("tier:app", "app · 10.0.16.0/20 · private, NAT", "subnet_private", "vpc:vpc"),
    ]


def test_the_only_one_of_an_area_gets_no_frame_of_its_own() -> None:
    assert homes(scene("jobs: {kind: sqs_queue}"))["jobs"] == "region"
    two = homes(scene("jobs: {kind: sqs_queue}\nnews: {kind: sns_topic}"))
    assert two == {"jobs": "area:messaging", "news": "area:messaging"}


def test_what_spans_tiers_stands_in_the_vpc() -> None:
    assert homes(scene("fn: {kind: lambda, runtime: python3.13, in: {subnets: [app, data]}}")) == {"fn": "vpc:vpc"}


def test_links_become_arrows_with_the_port_where_it_says_more_than_https() -> None:
    drawn = scene(
        "fn: {kind: lambda, runtime: python3.13, in: {subnets: app}}\njobs: {kind: sqs_queue}\n"
        "db: {kind: rds, engine: postgres, instance_class: db.m7g.large, in: {subnets: data}}\n",
        rest="links:\n  - {from: fn, to: [db, jobs]}\n  - {from: fn, to: db, title: migrates}\n",
    )
    assert arrows(drawn) == [
        "fn -> db: queries · 5432, migrates · 5432 (data)",
        "fn -> jobs: sends (async)",
    ]


def test_details_are_part_of_what_they_name() -> None:
    drawn = scene(
        "pool: {kind: cognito_user_pool}\nweb: {kind: cognito_app_client, pool: pool}\n"
        "api: {kind: http_api, authorizer: {jwt: web}, routes: {GET /a: fn}}\n" + FN
    )
    assert ids(drawn) == ["pool", "api", "fn"]
    assert arrows(drawn) == ["api -> fn: invokes (data)", "api -> pool: authorizer (reference)"]


def test_a_web_acl_is_a_chip_on_what_it_protects() -> None:
    drawn = scene("acl: {kind: waf}\ncdn: {kind: cloudfront, origin: site, waf: acl}\nsite: {kind: s3_bucket}")
    assert ids(drawn) == ["cdn", "site"]
    assert node(drawn, "cdn").overlays == ("waf:acl",)
    assert [(o.id, o.title, o.kind) for o in drawn.overlays] == [("waf:acl", "WAF", "waf")]


def test_a_web_acl_that_protects_nothing_is_a_node() -> None:
    assert ids(scene("acl: {kind: waf}")) == ["acl"]


def test_dead_letters_are_chips_and_no_arrows() -> None:
    drawn = scene("fn: {kind: lambda, runtime: python3.13, dead_letter: dlq}\ndlq: {kind: sqs_queue, title: Undone}")
    assert node(drawn, "fn").overlays == ("dead_letter:dlq",)
    assert [o.title for o in drawn.overlays] == ["Undone"]
    assert arrows(drawn) == []


def test_security_groups_are_chips() -> None:
    drawn = scene("fn: {kind: lambda, runtime: python3.13, in: {subnets: app, security_groups: fn_sg}}")
    assert node(drawn, "fn").overlays == ("group:fn_sg",)


def test_alarms_and_dashboards_are_one_node() -> None:
    drawn = scene(
        FN + "ops: {kind: sns_topic}\none: {kind: alarm, of: fn, metric: Errors, above: 0, notify: ops}\n"
        "two: {kind: alarm, of: fn, metric: Throttles, above: 0, notify: ops}\nboard: {kind: dashboard, of: [fn]}\n"
    )
    assert ids(drawn) == ["fn", "ops", "all:CloudWatch"]
    assert node(drawn, "all:CloudWatch").subtitle == "2 alarms, 1 dashboard"
    assert arrows(drawn) == ["all:CloudWatch -> ops: notifies (reference)"]


def test_a_bucket_of_access_logs_stands_with_operations_and_has_no_arrows() -> None:
    drawn = scene(
        "files: {kind: s3_bucket, access_logs: logs}\nlogs: {kind: s3_bucket}\n"
        "posture: {kind: security_hub, standards: [fsbp]}\n"
    )
    assert homes(drawn) == {"files": "region", "logs": "area:operations", "posture": "area:operations"}
    assert arrows(drawn) == []


def test_findings_are_badges_the_worst_first() -> None:
    import datetime

    from archproof.model.architecture import loads
    from archproof.renderers import views
    from archproof.renderers.scene import Scene
    from archproof.validators.engine import check

    model = loads("archproof: 1\ncomponents:\n  open: {kind: s3_bucket, versioned: false}\n"
                  "  fn: {kind: lambda, runtime: python2.7, timeout_s: 5000}\n")  # fmt: skip
    drawn = views.build("overview", model, check(model, datetime.date(2026, 11, 22)).findings)
    assert isinstance(drawn, Scene)
    badges = node(drawn, "fn").badges
    assert "lambda-timeout-quota" in [b.id for b in badges]
    assert [b.severity for b in badges] == sorted(
        (b.severity for b in badges), key=["critical", "high", "medium"].index
    )


TWO = """network:
  vpcs:
    hub:
      vpc: {cidr: 10.0.0.0/16, title: Hub}
      subnets: {shared: {cidr: 10.0.0.0/20, egress: internet_gateway}, inner: {cidr: 10.0.16.0/20, egress: nat}}
    one: {vpc: {cidr: 10.1.0.0/16, nat: none}, subnets: {app1: {cidr: 10.1.0.0/20, egress: transit_gateway}}}
    two: {vpc: {cidr: 10.2.0.0/16, nat: none}, subnets: {app2: {cidr: 10.2.0.0/20, egress: transit_gateway}}}
"""
IN_TWO = "".join(
    f"{fn}: {{kind: lambda, runtime: python3.13, in: {{subnets: {tier}}}}}\n"
    for fn, tier in (("a", "inner"), ("b", "app1"), ("c", "app2"))
)


def test_a_transit_gateway_is_a_node_between_the_frames_of_its_vpcs() -> None:
    joined = TWO + "  transit_gateway: {attach: [hub, one, two], isolated: [one, two], egress_vpc: hub}\n"
    drawn = scene(IN_TWO, network=joined)
    assert node(drawn, "transit_gateway:network").subtitle == "keeps apart one and two"
    assert arrows(drawn) == [
        "vpc:hub <-> transit_gateway:network: way to the internet (network)",
        "transit_gateway:network <-> vpc:one:  (network)",
        "transit_gateway:network <-> vpc:two:  (network)",
    ]


def test_a_peering_is_an_arrow_between_frames_that_are_drawn() -> None:
    network = TWO.replace("egress: transit_gateway", "egress: none") + "  peerings: [{between: [one, two]}]\n"
    assert arrows(scene(IN_TWO, network=network)) == ["vpc:one <-> vpc:two: peering (network)"]
    assert arrows(scene(IN_TWO.splitlines()[0], network=network)) == []


def test_a_vpn_joins_its_frame_and_itself() -> None:
    vpn = "office: {kind: vpn_connection, to: %s, address: 198.51.100.7, cidrs: 192.168.0.0/16}\n"
    drawn = scene("fn: {kind: lambda, runtime: python3.13, in: {subnets: app}}\n" + vpn % "vpc")
    assert arrows(drawn) == ["office <-> vpc:vpc: VPN (network)"]
    joined = TWO + "  transit_gateway: {attach: [hub, one, two]}\n"
    assert "office <-> transit_gateway:network: VPN (network)" in arrows(
        scene(IN_TWO + vpn % "transit_gateway", network=joined)
    )


def test_a_model_without_a_network_has_a_region_and_no_vpc() -> None:
    drawn = scene(FN, network="")
    assert [g.id for g in drawn.groups] == ["cloud", "region"]


def test_the_picture_says_what_it_is_of() -> None:
    drawn = scene(FN)
    assert (drawn.id, drawn.title, drawn.subtitle) == ("overview", "Web shop", "Sells things")
    assert drawn.description == "Web shop: 1 component in eu-west-1"
