"""Literal ids and ARNs that name resources become references to them."""

from __future__ import annotations

from typing import Any

from archproof.resources.resource import Resource, Resources
from archproof.sources._binding import bind

IDENTITIES = {
    "vpc-0a1": ("Vpc", None),
    "arn:aws:s3:::orders": ("Bucket", "Arn"),
    "arn:aws:lambda:eu-west-1:123456789012:function:f": ("Function", "Arn"),
}


def _resources(**properties: dict[str, Any]) -> Resources:
    resources = Resources()
    for name, held in properties.items():
        resources.add(Resource(name, f"AWS::Test::{name}", held))
    return resources


def test_an_id_becomes_a_ref_and_an_arn_an_attribute() -> None:
    resources = _resources(Vpc={}, Bucket={}, Other={"VpcId": "vpc-0a1", "List": ["arn:aws:s3:::orders", "else"]})
    bind(resources, IDENTITIES)
    assert resources["Other"].properties == {
        "VpcId": {"Ref": "Vpc"},
        "List": [{"Fn::GetAtt": ["Bucket", "Arn"]}, "else"],
    }
    assert resources.users(resources["Vpc"]) == [resources["Other"]]


def test_the_arn_of_something_inside_a_resource_becomes_a_substitution() -> None:
    resources = _resources(Bucket={}, Other={"PolicyDocument": {"Resource": "arn:aws:s3:::orders/${aws:username}/*"}})
    bind(resources, IDENTITIES)
    expected = {"Fn::Sub": "${Bucket.Arn}/${!aws:username}/*"}
    assert resources["Other"].get("PolicyDocument", "Resource") == expected


def test_an_arn_that_only_begins_alike_stays() -> None:
    resources = _resources(Bucket={}, Other={"Resource": "arn:aws:s3:::orders-archive/*"})
    bind(resources, IDENTITIES)
    assert resources["Other"].properties == {"Resource": "arn:aws:s3:::orders-archive/*"}


def test_tags_and_descriptions_and_the_resource_itself_are_left_alone() -> None:
    own = {"VpcId": "vpc-0a1"}
    said = {"Tags": [{"Key": "k", "Value": "vpc-0a1"}], "Description": "vpc-0a1"}
    resources = _resources(Vpc=dict(own), Other=dict(said))
    bind(resources, IDENTITIES)
    assert resources["Vpc"].properties == own
    assert resources["Other"].properties == said


def test_what_is_an_intrinsic_already_is_not_looked_into() -> None:
    resources = _resources(Vpc={}, Other={"A": {"Fn::Sub": "vpc-0a1"}})
    bind(resources, IDENTITIES)
    assert resources["Other"].properties == {"A": {"Fn::Sub": "vpc-0a1"}}


def test_a_policy_that_would_close_a_circle_keeps_its_arn() -> None:
    arn = "arn:aws:lambda:eu-west-1:123456789012:function:f"
    resources = _resources(
        Function={"Role": {"Ref": "Role"}},
        Role={"Policies": [{"PolicyDocument": {"Resource": [arn, "arn:aws:s3:::orders"]}}]},
        Bucket={},
    )
    bind(resources, IDENTITIES)
    assert resources["Role"].get("Policies", 0, "PolicyDocument", "Resource") == [
        arn,
        {"Fn::GetAtt": ["Bucket", "Arn"]},
    ]
