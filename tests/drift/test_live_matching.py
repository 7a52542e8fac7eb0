"""Which live resource each declared one is, by every way; what is not sure is shown, and never guessed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from archproof.drift.lock import Entry
from tests.drift.accounts import ACCOUNT, REGION, compare, group, queue, queues, role, subnet, told, vpc, ways, write

QUEUE = "components: {orders: {type: AWS::SQS::Queue, properties: {QueueName: orders}}}\n"
NAMELESS = "components: {orders: {type: AWS::SQS::Queue, properties: {DelaySeconds: 5}}}\n"
VPC = """
components:
  net: {type: AWS::EC2::VPC, properties: {CidrBlock: 10.0.0.0/16, Tags: [{Key: Name, Value: shop}]}}
  app: {type: AWS::EC2::Subnet, properties: {VpcId: !Ref Net, CidrBlock: 10.0.1.0/24}}
"""


def test_a_physical_name_tells_which(tmp_path: Path) -> None:
    write(tmp_path, list=queues("orders", "other"), a=queue("orders"), b=queue("other"))
    found = compare(QUEUE, tmp_path)
    assert ways(found) == {"Orders": "physical name"}
    assert told(found) == ["unmanaged AWS::SQS::Queue https://sqs.eu-west-1.amazonaws.com/111122223333/other"]


def test_a_name_that_is_nowhere_is_missing(tmp_path: Path) -> None:
    write(tmp_path, list=queues("other"), b=queue("other"))
    assert "missing Orders" in told(compare(QUEUE, tmp_path))


def test_what_was_not_listed_is_unread_and_not_missing(tmp_path: Path) -> None:
    write(tmp_path, vpcs={"Vpcs": [vpc("vpc-11111111")]})
    found = compare(QUEUE, tmp_path)
    assert not found.missing
    (one,) = found.of("unread")
    assert (one.resource, one.drift.property, one.drift.why) == ("Orders", "", "not every AWS::SQS::Queue was listed")


def test_another_account_or_region_never_matches(tmp_path: Path) -> None:
    elsewhere = {"Attributes": {"QueueArn": f"arn:aws:sqs:us-east-1:{ACCOUNT}:orders"}}
    write(tmp_path, a=elsewhere)
    assert not compare(QUEUE, tmp_path).bindings
    write(tmp_path, a={"Attributes": {"QueueArn": f"arn:aws:sqs:{REGION}:999988887777:orders"}})
    found = compare(QUEUE, tmp_path)
    assert not found.bindings and not found.unmanaged
    assert "in accounts or regions of which the model says nothing: 1 resources" in found.notes


def test_the_stack_and_its_logical_id_tell_which(tmp_path: Path) -> None:
    tags = [
        {"Key": "aws:cloudformation:stack-name", "Value": "shop"},
        {"Key": "aws:cloudformation:logical-id", "Value": "Sg"},
    ]
    other = [
        {"Key": "aws:cloudformation:stack-name", "Value": "uat"},
        {"Key": "aws:cloudformation:logical-id", "Value": "Sg"},
    ]
    model = (
        "components: {sg: {type: AWS::EC2::SecurityGroup, properties: {GroupDescription: web, VpcId: vpc-11111111}}}\n"
    )
    groups = [group("sg-11111111", "shop-Sg-1", [], Tags=tags), group("sg-22222222", "uat-Sg-1", [], Tags=other)]
    write(tmp_path, groups={"SecurityGroups": groups})
    assert told(compare(model, tmp_path)) == [
        "ambiguous Sg: sg-11111111, sg-22222222; several stacks have this logical id: --stack tells which it is"
    ]
    found = compare(model, tmp_path, stack="uat")
    assert [(b.resource, b.by) for b in found.bindings] == [("Sg", "stack")]
    assert "unmanaged AWS::EC2::SecurityGroup sg-11111111" in told(found)


def test_a_name_that_cloudformation_made_tells_which_where_the_stack_is_known(tmp_path: Path) -> None:
    write(tmp_path, list=queues("shop-Orders-1A2B3C4D5E6F", "shop-Other-1A2B3C4D5E6F"))
    assert [r for r, _, _ in compare(NAMELESS, tmp_path).ambiguous] == ["Orders"]
    found = compare(NAMELESS, tmp_path, stack="shop")
    assert ways(found) == {"Orders": "stack"}


def test_the_tag_name_and_the_tools_own_tag_tell_which(tmp_path: Path) -> None:
    write(
        tmp_path,
        vpcs={"Vpcs": [vpc("vpc-11111111", "10.9.0.0/16", "shop"), vpc("vpc-22222222", "10.9.0.0/16", "other")]},
    )
    found = compare(VPC.partition("  app:")[0].replace("10.0.0.0", "10.9.0.0"), tmp_path)
    assert ways(found) == {"Net": "tags"}
    own = {"Key": "archproof:id", "Value": "Net"}
    write(tmp_path, vpcs={"Vpcs": [vpc("vpc-11111111"), {**vpc("vpc-22222222"), "Tags": [own]}]})
    found = compare("components: {net: {type: AWS::EC2::VPC, properties: {CidrBlock: 10.0.0.0/16}}}\n", tmp_path)
    assert [(b.resource, b.by) for b in found.bindings] == [("Net", "tags")]


def test_the_only_subnet_with_this_block_in_the_bound_vpc(tmp_path: Path) -> None:
    subnets = [
        subnet("subnet-11111111", "vpc-11111111", "10.0.1.0/24"),
        subnet("subnet-22222222", "vpc-22222222", "10.0.1.0/24"),
    ]
    write(
        tmp_path, vpcs={"Vpcs": [vpc("vpc-11111111", name="shop"), vpc("vpc-22222222", name="uat")]},
        subnets={"Subnets": subnets},
    )  # fmt: skip
    found = compare(VPC, tmp_path)
    assert ways(found) == {"Net": "tags", "App": "structure"}
    assert "unmanaged AWS::EC2::Subnet subnet-22222222" in told(found)


def test_what_is_in_something_missing_is_missing_too(tmp_path: Path) -> None:
    write(tmp_path, vpcs={"Vpcs": [vpc("vpc-22222222", "10.7.0.0/16", "uat")]}, subnets={"Subnets": []})
    assert told(compare(VPC, tmp_path))[:2] == ["missing Net", "missing App: Net, which it is a part of, is missing"]


def test_what_is_in_something_unknown_waits_for_it(tmp_path: Path) -> None:
    write(tmp_path, subnets={"Subnets": [subnet("subnet-11111111", "vpc-11111111", "10.0.1.0/24")]})
    found = compare(VPC, tmp_path)
    assert not found.missing and not found.bindings
    assert [d.drift.why for d in found.of("unread")] == [
        "not every AWS::EC2::VPC was listed",
        "it cannot be found before Net is",
    ]


def test_nothing_that_tells_is_ambiguous_even_with_one_candidate(tmp_path: Path) -> None:
    write(tmp_path, list=queues("shop-orders-X1Y2"), a=queue("shop-orders-X1Y2"))
    found = compare(NAMELESS, tmp_path)
    url = f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/shop-orders-X1Y2"
    assert told(found) == [f"ambiguous Orders: {url}; it may be this one, and nothing that is declared tells"]
    assert found.uncertain and not found.drifted
    write(tmp_path, list=queues(), a={"QueueUrls": []})
    assert told(compare(NAMELESS, tmp_path)) == ["missing Orders"]


def test_the_lock_tells_which_and_its_conflicts_are_told(tmp_path: Path) -> None:
    write(tmp_path, list=queues("q1", "q2"), a=queue("q1"), b=queue("q2"))
    url = f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/q2"
    found = compare(NAMELESS, tmp_path, lock={"Orders": Entry("AWS::SQS::Queue", url, ACCOUNT, REGION)})
    assert [(b.by, b.resource) for b in found.bindings] == [("lock", "Orders")]
    found = compare(NAMELESS, tmp_path, lock={"Orders": Entry("AWS::SNS::Topic", url)})
    said = "archproof.lock:1:1: the lock binds Orders as AWS::SNS::Topic, and the model declares AWS::SQS::Queue"
    assert found.notes == [f"{said}: not followed"]
    found = compare(NAMELESS, tmp_path, lock={"Orders": Entry("AWS::SQS::Queue", url + "-gone", ACCOUNT, REGION)})
    assert f"missing Orders: the lock binds it to {url}-gone, which is not there any more" in told(found)


def test_what_the_lock_binds_and_came_back_under_another_id_is_told(tmp_path: Path) -> None:
    write(tmp_path, vpcs={"Vpcs": [vpc("vpc-22222222", name="shop")]}, subnets={"Subnets": []})
    found = compare(VPC, tmp_path, lock={"Net": Entry("AWS::EC2::VPC", "vpc-11111111")})
    assert ways(found) == {"Net": "tags"}
    said = "the lock binds Net to vpc-11111111, which was not found; by its tags it is vpc-22222222 now"
    assert found.notes[0] == f"{said}: --write-lock keeps that"


def test_the_role_that_the_function_has_is_its_role(tmp_path: Path) -> None:
    model = """
components:
  fn: {type: AWS::Lambda::Function, properties: {FunctionName: fn, Role: !GetAtt FnRole.Arn}}
  fn_role: {type: AWS::IAM::Role, properties: {MaxSessionDuration: 3600}}
"""
    function = {"FunctionName": "fn", "FunctionArn": arn_of("fn"), "Role": f"arn:aws:iam::{ACCOUNT}:role/fn-role-x"}
    write(tmp_path, functions={"Functions": [function]}, roles={"RoleDetailList": [role("fn-role-x"), role("other")]})
    found = compare(model, tmp_path)
    assert ways(found) == {"Fn": "physical name", "FnRole": "structure"}


def arn_of(name: str) -> str:
    return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"


@pytest.mark.parametrize("cidr", ["10.0.1.0/24", "10.0.2.0/24"])
def test_one_candidate_for_two_is_bound_to_neither_or_to_the_one_that_fits(tmp_path: Path, cidr: str) -> None:
    model = VPC + "  data: {type: AWS::EC2::Subnet, properties: {VpcId: !Ref Net, CidrBlock: 10.0.2.0/24}}\n"
    write(
        tmp_path, vpcs={"Vpcs": [vpc("vpc-11111111", name="shop")]},
        subnets={"Subnets": [subnet("subnet-11111111", "vpc-11111111", cidr)]},
    )  # fmt: skip
    missing = {"10.0.1.0/24": "Data", "10.0.2.0/24": "App"}[cidr]
    assert told(compare(model, tmp_path)) == [f"missing {missing}"]


def test_an_attribute_that_nobody_read_tells_nothing(tmp_path: Path) -> None:
    model = """
components:
  fn: {type: AWS::Lambda::Function, properties: {Role: !GetAtt FnRole.RoleId}}
  fn_role: {type: AWS::IAM::Role, properties: {RoleName: fn}}
"""
    function = {"FunctionName": "made-up", "FunctionArn": arn_of("made-up"), "Role": f"arn:aws:iam::{ACCOUNT}:role/fn"}
    write(tmp_path, functions={"Functions": [function]}, roles={"RoleDetailList": [role("fn")]})
    found = compare(model, tmp_path)
    assert ways(found) == {"FnRole": "physical name"}
    assert "ambiguous Fn: made-up; it may be this one, and nothing that is declared tells" in told(found)


def test_a_name_in_other_capitals_is_another_name_unless_aws_may_have_lowered_it(tmp_path: Path) -> None:
    model = "components:\n  jobs: {kind: sqs_queue, physical_name: jobs}\n"
    found = compare(model, write(tmp_path / "a", q=[queues("Jobs"), queue("Jobs")]))
    assert not found.bindings and [w.resource for w in found.missing] == ["Jobs"]
    both = [queues("Jobs", "jobs"), queue("Jobs"), queue("jobs")]
    found = compare(model, write(tmp_path / "b", q=both))
    assert ways(found) == {"Jobs": "physical name"} and [w.physical_id for w in found.unmanaged] == [
        f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/Jobs"
    ]


def test_a_model_may_be_several_stacks_and_those_nested_in_one(tmp_path: Path) -> None:
    def stack(name: str, id: str, queue: str) -> dict[str, Any]:
        url = f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{queue}"
        about = {"StackName": name, "StackId": f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/{name}/1"}
        entry = {**about, "LogicalResourceId": id, "PhysicalResourceId": url, "ResourceType": "AWS::SQS::Queue"}
        return {"StackResources": [{**entry, "ResourceStatus": "CREATE_COMPLETE"}]}

    model = "components:\n  jobs: {kind: sqs_queue}\n  mails: {kind: sqs_queue}\n"
    answers = {
        "q": [queues("a", "b", "c"), queue("a"), queue("b"), queue("c")],
        "s": [stack("shop", "Jobs", "a"), stack("shop-Post-1ABCDEFGHIJKL", "Mails", "b"), stack("test", "Jobs", "c")],
    }
    found = compare(model, write(tmp_path, **answers))
    assert found.ambiguous[0][2] == "several stacks have this logical id: --stack tells which it is"
    for said in ("shop", "shop,shop-Post-1ABCDEFGHIJKL"):
        assert ways(compare(model, tmp_path, stack=said)) == {"Jobs": "stack", "Mails": "stack"}
