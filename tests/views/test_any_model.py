"""No model makes a picture that contradicts itself, and a large one is drawn in sensible time."""

from __future__ import annotations

import time

from hypothesis import given, settings
from hypothesis import strategies as st

from archproof.model.architecture import loads
from archproof.renderers import views
from archproof.renderers.scene import Scene

from .scenes import NETWORK, SYSTEM, scene

PLACED = (
    "kind: lambda, runtime: python3.13", "kind: ecs_service, image: public.ecr.aws/a/b:1, port: 80",
    "kind: rds, engine: postgres, instance_class: db.m7g.large", "kind: ec2_instance, instance_type: t4g.small",
    "kind: elasticache, engine: valkey, node_type: cache.m7g.large", "kind: alb, internal: true",
)  # fmt: skip
ELSEWHERE = (
    "kind: person", "kind: external_system", "kind: lambda, runtime: python3.13", "kind: sqs_queue", "kind: sns_topic",
    "kind: s3_bucket", "kind: waf", "kind: kms_key", "kind: secret", "kind: event_bus", "kind: cognito_user_pool",
    "kind: dynamodb_table, keys: {id: string}", "kind: kinesis_stream", "kind: log_group", "type: AWS::Glue::Database",
    "kind: ecr_repository", "kind: security_hub, standards: [fsbp]", "kind: http_api, authorizer: iam",
    "kind: event_rule, schedule: rate(1 hour)", "kind: ecs_cluster", "kind: vpc, cidr: 10.9.0.0/16",
    "kind: certificate, domain: a.example.com", "kind: sqs_queue, dead_letter: c0", "kind: s3_bucket, access_logs: c1",
    "kind: alarm, of: c2, metric: Errors, above: 0, notify: c3", "kind: lambda, runtime: python3.13, dead_letter: c0",
)  # fmt: skip
FIXED = ("kind: sqs_queue", "kind: s3_bucket", "kind: lambda, runtime: python3.13", "kind: sns_topic")


@st.composite
def models(draw: st.DrawFn) -> str:
    """A model of components of any kinds, anywhere, linked in any way."""
    lines = list(FIXED)
    for _ in range(draw(st.integers(0, 10))):
        if draw(st.booleans()):
            tiers = draw(st.lists(st.sampled_from(["public", "app", "data"]), min_size=1, max_size=2, unique=True))
            lines.append(f"{draw(st.sampled_from(PLACED))}, in: {{subnets: [{', '.join(tiers)}]}}")
        else:
            lines.append(draw(st.sampled_from(ELSEWHERE)))
    names = [f"c{n}" for n in range(len(lines))]
    links = draw(st.lists(st.tuples(st.sampled_from(names), st.sampled_from(names)), max_size=15))
    text = "components:\n" + "".join(f"  {n}: {{{line}}}\n" for n, line in zip(names, lines, strict=True))
    text += "links:\n" + "".join(f"  - {{from: {a}, to: {b}}}\n" for a, b in links) if links else ""
    only = draw(st.lists(st.sampled_from(names), max_size=3, unique=True))
    base = draw(st.sampled_from(["overview", "zones", "context"]))
    return SYSTEM + NETWORK + text + f"views: {{mine: {{base: {base}, only: [{', '.join(only)}]}}}}\n"


@settings(max_examples=60, deadline=None)
@given(models())
def test_no_view_of_any_model_contradicts_itself(text: str) -> None:
    model = loads(text)
    for name in views.names(model):
        drawn = views.build(name, model)
        assert isinstance(drawn, Scene)
        assert drawn.problems() == []
        assert len({(e.source, e.target, e.kind) for e in drawn.edges}) == len(drawn.edges)
        assert all(e.source != e.target for e in drawn.edges)


@settings(max_examples=20, deadline=None)
@given(models())
def test_the_same_model_is_the_same_picture(text: str) -> None:
    assert views.build("overview", loads(text)) == views.build("overview", loads(text))


def test_a_model_of_three_hundred_components_is_a_scene_at_once_and_a_picture_soon() -> None:
    from archproof.renderers import formats

    components = "".join(
        f"fn{n}: {{kind: lambda, runtime: python3.13, in: {{subnets: app}}}}\nq{n}: {{kind: sqs_queue}}\n"
        f"t{n}: {{kind: dynamodb_table, keys: {{id: string}}}}\n" for n in range(100)
    )  # fmt: skip
    links = "links:\n" + "".join(
        f"  - {{from: q{n}, to: fn{n}}}\n  - {{from: fn{n}, to: [t{n}, q{(n + 1) % 100}]}}\n" for n in range(100)
    )
    begun = time.process_time()
    drawn = scene(components, rest=links)
    assert time.process_time() - begun < 5
    assert len(drawn.nodes) == 300
    picture = formats.write(drawn, "svg")
    assert time.process_time() - begun < 60
    assert b"Fn99" in picture
