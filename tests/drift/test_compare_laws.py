"""What holds of every comparison, whatever the type and the values: property sets made by the registry's shapes."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from archproof.drift import compare_resource
from archproof.drift.lists import is_ordered
from archproof.facts import Shape, registry_schema

TYPES = (
    "AWS::ApiGateway::RestApi",
    "AWS::AutoScaling::AutoScalingGroup",
    "AWS::Backup::BackupPlan",
    "AWS::Batch::JobDefinition",
    "AWS::CloudFront::Distribution",
    "AWS::CloudWatch::Alarm",
    "AWS::Cognito::UserPool",
    "AWS::DynamoDB::Table",
    "AWS::EC2::Instance",
    "AWS::EC2::SecurityGroup",
    "AWS::EC2::VPCEndpoint",
    "AWS::ECS::Service",
    "AWS::ECS::TaskDefinition",
    "AWS::EFS::FileSystem",
    "AWS::EKS::Nodegroup",
    "AWS::ElastiCache::ReplicationGroup",
    "AWS::ElasticLoadBalancingV2::ListenerRule",
    "AWS::ElasticLoadBalancingV2::TargetGroup",
    "AWS::Events::Rule",
    "AWS::IAM::Role",
    "AWS::KinesisFirehose::DeliveryStream",
    "AWS::Lambda::Function",
    "AWS::Logs::LogGroup",
    "AWS::RDS::DBCluster",
    "AWS::RDS::DBInstance",
    "AWS::Route53::RecordSet",
    "AWS::S3::Bucket",
    "AWS::SNS::Topic",
    "AWS::SQS::Queue",
    "AWS::StepFunctions::StateMachine",
    "AWS::WAFv2::WebACL",
)
MASK = "****"


def _made(shape: Shape | None, chance: random.Random, depth: int = 0) -> Any:
    """A value of a shape; None where none is made."""
    kinds = shape.kinds if shape else "s"
    if shape and "a" in kinds:
        made = [_made(shape.item, chance, depth + 1) for _ in range(chance.randint(1, 4))]
        return [one for one in made if one is not None] or None
    if shape and "o" in kinds:
        names = [n for n in shape.names if chance.random() < (0.5 if depth < 2 else 0.25)] if depth < 5 else []
        made = {n: _made(shape.child(n), chance, depth + 1) for n in names}
        return {n: v for n, v in made.items() if v is not None} or None
    if "b" in kinds:
        return chance.random() < 0.5
    if "i" in kinds or "n" in kinds:
        return chance.randint(2, 90_000)
    return "".join(chance.choice("bcdfghklmnprstvw") for _ in range(9))


@st.composite
def resources(draw: st.DrawFn) -> tuple[str, dict[str, Any], random.Random]:
    type_ = draw(st.sampled_from(TYPES))
    chance = random.Random(draw(st.integers(0, 10**9)))
    schema = registry_schema(type_)
    assert schema
    settable = [n for n in schema.root.names if (n,) not in schema.read_only]
    made = {n: _made(schema.root.child(n), chance) for n in settable if chance.random() < 0.6}
    return type_, {n: v for n, v in made.items() if v is not None}, chance


def _shuffled(value: Any, shape: Shape | None, trail: tuple[str, ...], chance: random.Random) -> Any:
    if isinstance(value, dict):
        names = list(value)
        chance.shuffle(names)
        return {n: _shuffled(value[n], shape.child(n) if shape else None, (*trail, n), chance) for n in names}
    if isinstance(value, list):
        made = [_shuffled(one, shape.item if shape else None, trail, chance) for one in value]
        if shape and shape.ordered is False and not is_ordered(trail, value, value, shape):
            chance.shuffle(made)
        return made
    return value


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict | list):
        for step, one in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _leaves(one, (*path, step))
    else:
        yield path


def _put(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    holder = value
    for step in path[:-1]:
        holder = holder[step]
    old = holder[path[-1]]
    holder[path[-1]] = new(old)


def _other(old: Any) -> Any:
    if isinstance(old, bool):
        return not old
    return old + 1 if isinstance(old, int) else old[::-1] + "x"


@given(resources())
@settings(max_examples=150, deadline=None)
def test_a_resource_is_what_it_is(made: tuple[str, dict[str, Any], random.Random]) -> None:
    type_, properties, _ = made
    found = compare_resource(type_, properties, copy.deepcopy(properties))
    assert not found.declared and not found.undeclared and not found.unread


@given(resources())
@settings(max_examples=150, deadline=None)
def test_the_order_of_names_and_of_unordered_lists_says_nothing(
    made: tuple[str, dict[str, Any], random.Random],
) -> None:
    type_, properties, chance = made
    schema = registry_schema(type_)
    live = _shuffled(properties, schema.root if schema else None, (), chance)
    found = compare_resource(type_, properties, live)
    assert not found.declared and not found.undeclared and not found.unread


@given(resources())
@settings(max_examples=250, deadline=None)
def test_one_changed_value_is_found_where_it_is(made: tuple[str, dict[str, Any], random.Random]) -> None:
    type_, properties, chance = made
    places = list(_leaves(properties))
    if not places:
        return
    path = chance.choice(places)
    live = copy.deepcopy(properties)
    _put(live, path, _other)
    found = compare_resource(type_, properties, live)
    assert found.declared, path
    assert all(d.path[0] == path[0] for d in found.declared)


@given(resources())
@settings(max_examples=150, deadline=None)
def test_what_is_unread_is_neither_declared_nor_undeclared(made: tuple[str, dict[str, Any], random.Random]) -> None:
    type_, properties, chance = made
    live = copy.deepcopy(properties)
    mine = copy.deepcopy(properties)
    for path in list(_leaves(properties)):
        throw = chance.random()
        if throw < 0.1:
            _put(live, path, lambda _: MASK)
        elif throw < 0.2:
            _put(mine, path, lambda _: {"Ref": "SomeParameter"})
        elif throw < 0.3:
            _put(live, path, _other)
    for name in list(live):
        if chance.random() < 0.2:
            del live[name]
    found = compare_resource(type_, mine, live)
    unread = {d.path for d in found.unread}
    for told in (*found.declared, *found.undeclared):
        assert not any(told.path[:n] in unread for n in range(1, len(told.path) + 1)), told
