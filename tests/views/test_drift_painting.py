"""What is live, painted on views: a model, and another model in the place of the account."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from archproof.cli.main import main
from archproof.drift import living, system
from archproof.errors import UsageError
from archproof.model.architecture import loads
from archproof.renderers import formats, views
from archproof.renderers.options import Options
from archproof.renderers.scene import Scene
from archproof.renderers.views import _drift
from archproof.resources.lowering import lower

from .scenes import NETWORK, SYSTEM, node

FN = "fn: {kind: lambda, runtime: python3.13, in: {subnets: app, security_groups: [fn_sg]}, memory_mb: 512}\n"
JOBS = "jobs: {kind: sqs_queue}\nmails: {kind: sqs_queue}\n"
LINKS = (
    "links:\n  - {from: fn, to: [jobs, mails]}\n"
    "flows: {order: {steps: [{from: fn, to: jobs, does: sends the order}]}}\n"
)
EXTRA = """old: {kind: sqs_queue}
host: {kind: ec2_instance, ami: ami-0a1b2c3d, instance_type: t3.micro, in: {subnets: app, security_groups: [fn_sg]}}
"""


def text(components: str, network: str = NETWORK, rest: str = LINKS) -> str:
    indented = "".join(f"  {line}\n" for line in components.strip().splitlines())
    return f"{SYSTEM}{network}components:\n{indented}{rest}"


def painted(components: str, live: str, view: str = "overview", network: str = NETWORK, rest: str = LINKS) -> Scene:
    """A view of a model with another one painted on it."""
    architecture = loads(text(components))
    side = living.of_resources(lower(loads(text(live, network, rest))), "eu-west-1")
    comparison = system.compare(architecture, side, today=datetime.date(2026, 11, 23))
    scene = _drift.painted(views.build(view, architecture), view, architecture, comparison, side, "live")
    assert scene.problems() == []
    return scene


def test_nothing_is_painted_where_nothing_differs() -> None:
    scene = painted(FN + JOBS, FN + JOBS)
    assert {n.change for n in scene.nodes} | {e.change for e in scene.edges} == {""}
    assert scene.subtitle.startswith("Compared with live: no difference; ")
    assert scene.notes == ()


def test_what_is_missing_changed_and_extra_is_painted_in_its_place() -> None:
    live = FN.replace("512", "1024") + "jobs: {kind: sqs_queue}\n" + EXTRA
    scene = painted(FN + JOBS, live, rest=LINKS.replace("[jobs, mails]", "jobs"))
    assert {n.id: n.change for n in scene.nodes} == {
        "fn": "changed", "jobs": "", "mails": "missing", "extra:Host": "extra", "extra:Old": "extra",
    }  # fmt: skip
    fn, host, old = node(scene, "fn"), node(scene, "extra:Host"), node(scene, "extra:Old")
    assert "MemorySize 512 → 1024" in fn.told
    assert (host.group, host.title, host.subtitle, host.icon) == (
        "tier:app", "shop-host", "EC2 Instance", "AWS::EC2::Instance",
    )  # fmt: skip
    assert old.group == node(scene, "jobs").group  # where its like stands
    assert {e.target: e.change for e in scene.edges} == {"jobs": "", "mails": "missing"}
    placed = formats.write(scene, ".svg", Options()).decode()
    for words in ("declared, and not there", "there, and not declared", "there, and otherwise", "MemorySize 512"):
        assert words in placed
    assert b"MemorySize 512 " in formats.write(scene, ".mmd", Options())
    drawn = formats.write(scene, ".dot", Options()).decode()
    assert 'style="rounded,dashed", penwidth=2]' in drawn and "\\nMemorySize 512 → 1024" in drawn


def test_a_wider_group_is_told_on_its_members_before_all_else() -> None:
    rule = "{SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}]}"
    wider = NETWORK.replace("fn_sg: {}", f"fn_sg: {{properties: {rule}}}")
    scene = painted(FN + JOBS, FN + JOBS, network=wider)
    assert node(scene, "fn").alarms == ("fn_sg opens tcp 22 to the whole internet (0.0.0.0/0)",)
    assert [o.change for o in scene.overlays if o.id == "group:fn_sg"] == ["changed"]
    assert node(painted(FN + JOBS, FN + JOBS, "network", wider), "fn").change == "changed"


def test_many_alike_are_one_card_and_what_has_no_place_is_told_below() -> None:
    many = "".join(f"q{n}: {{kind: sqs_queue}}\n" for n in range(5))
    scene = painted(FN + JOBS, FN + JOBS + many)
    extra = next(n for n in scene.nodes if n.change == "extra")
    assert (extra.title, extra.subtitle) == ("5 × SQS Queue", "Q0, Q1, Q2 …")
    zones = painted(FN + JOBS, FN + JOBS + EXTRA, "zones")
    assert node(zones, "extra:Host").group == "tier:app@a"
    assert [n for n in zones.notes if "not declared: AWS::SQS::Queue" in n]


def test_what_no_card_shows_is_told_below() -> None:
    other = NETWORK.replace("data: {cidr: 10.0.32.0/20}", "data: {cidr: 10.0.32.0/20, egress: nat}")
    scene = painted(FN + JOBS, FN + JOBS, network=other)
    assert scene.notes and scene.notes[0].startswith("Not in this picture: ")


def test_a_flow_has_no_place_for_it() -> None:
    with pytest.raises(UsageError, match="'order' tells a flow"):
        painted(FN + JOBS, FN + JOBS, "order")


def test_the_command_draws_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "architecture.yaml").write_text(text(FN + JOBS), encoding="utf-8")
    (tmp_path / "live.yaml").write_text(text(FN.replace("512", "256") + JOBS), encoding="utf-8")
    assert main(["draw", "--live", "live.yaml", "-o", "a.svg"]) == 0
    assert "MemorySize 512 → 256" in (tmp_path / "a.svg").read_text(encoding="utf-8")
    capsys.readouterr()
    for call, said in (
        (["--path", "fn:jobs"], "--live paints on views; a path is proved of the model alone"),
        (["--quality"], "--quality measures the model's own views: leave out --live"),
    ):
        assert main(["draw", "--live", "live.yaml", *call]) == 2
        assert capsys.readouterr().err == f"archproof: {said}\n"
