"""What cannot be said in the words of the language is given up alone; the rest of the system is lifted all the same."""

from __future__ import annotations

from typing import Any

import pytest

from archproof.model.architecture import loads
from archproof.resources.lowering import attempt, kms, lower_model
from archproof.resources.lowering._context import Lowering
from archproof.sources.lifting import lift, synthesis
from archproof.sources.lifting.drafts import Lifting
from archproof.sources.lifting.writer import write
from lifting.lifted import faults, imported, resources

KEYS = {f"Key{n}": {"Type": "AWS::KMS::Key", "Properties": {"EnableKeyRotation": True}} for n in range(5)}
QUEUES = {f"Queue{n}": {"Type": "AWS::SQS::Queue", "Properties": {"VisibilityTimeout": n + 5}} for n in range(20)}


def test_a_failure_that_names_nobody_costs_only_what_causes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def finish(ctx: Lowering) -> None:
        if "key3" in ctx.architecture.of_kind("kms_key"):
            raise KeyError("KeyPolicy")

    monkeypatch.setattr(kms, "finish", finish)
    wanted = resources({**KEYS, **QUEUES})
    lifted = lift(wanted)
    plain = [name for name, c in lifted.components.items() if c.kind == "resource"]
    assert plain == ["key3"]
    assert faults(wanted, loads(write(lifted))) == []


def test_one_refusal_after_another_leaves_the_rest_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    refused = [f"queue{n}" for n in range(6)]

    def failing(architecture: Any) -> tuple[Lowering, list[str]]:
        ctx, failed = attempt(architecture)
        queues = architecture.of_kind("sqs_queue")
        return ctx, failed or [name for name in refused if name in queues][:1]

    monkeypatch.setattr("archproof.resources.lowering.attempt", failing)
    wanted = resources({**KEYS, **QUEUES})
    lifted = lift(wanted)
    assert [name for name, c in lifted.components.items() if c.kind == "resource"] == refused


def test_a_module_that_fails_makes_no_more_guesses(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        @staticmethod
        def lift(lifting: Lifting) -> None:
            raise TypeError("unhashable type")

    found = synthesis._subjects()
    monkeypatch.setattr(synthesis, "_subjects", lambda: [Broken, *found])
    lifted = lift(resources(QUEUES))
    assert {c.kind for c in lifted.components.values()} == {"sqs_queue"}


def test_keys_without_a_policy_are_kinds() -> None:
    assert imported({"Key": {"Type": "AWS::KMS::Key", "Properties": {"EnableKeyRotation": True}}}) == (
        "components:\n  key: {kind: kms_key, rotation: true}\n"
    )


def test_functions_that_only_templates_know_are_written_in_their_long_form() -> None:
    wanted = resources({"Jobs": {"Type": "AWS::SQS::Queue"}})
    assertion = {"Fn::EachMemberEquals": [{"Fn::ValueOf": ["Subnets", "VpcId"]}, {"Ref": "Vpc"}]}
    wanted.template = {"Rules": {"SubnetsInVpc": {"Assertions": [{"Assert": assertion}]}}}
    wanted.parameters = {"Vpc": {"Type": "AWS::EC2::VPC::Id"}, "Subnets": {"Type": "List<AWS::EC2::Subnet::Id>"}}
    text = write(lift(wanted))
    assert "Assert: {Fn::EachMemberEquals: [{Fn::ValueOf: [Subnets, VpcId]}, !Ref Vpc]}" in text
    assert lower_model(loads(text)).template["Rules"] == wanted.template["Rules"]
