"""What only deployment knows, and what comes with other resources: stacks, attributes, stages, gateways."""

from __future__ import annotations

from pathlib import Path

from archproof.drift import living, system
from archproof.sources.reading import Request, load
from tests.drift.accounts import ACCOUNT, REGION, TODAY, arn, compare, queue, queues, told, vpc, write

STACK = arn("cloudformation", "stack/shop/1a2b3c4d-5e6f-4000-8000-9a8b7c6d5e4f")
MODEL = """
components:
  orders:
    type: AWS::SQS::Queue
    properties:
      QueueName: !Join ["-", [orders, !Select [2, !Split ["/", !Ref "AWS::StackId"]]]]
"""
API = """
components:
  api: {type: AWS::ApiGateway::RestApi, properties: {Name: shop}}
  release: {type: AWS::ApiGateway::Deployment, properties: {RestApiId: !Ref Api, StageName: Stage}}
  live:
    type: AWS::ApiGateway::Stage
    properties: {RestApiId: !Ref Api, DeploymentId: !Ref Release, StageName: live}
"""


def test_the_id_of_the_stack_is_that_of_the_live_one(tmp_path: Path) -> None:
    name = f"orders-{STACK.rpartition('/')[2]}"
    stacks = {"StackSummaries": [{"StackName": "shop", "StackId": STACK, "StackStatus": "CREATE_COMPLETE"}]}
    folder = write(tmp_path, stacks=stacks, list=queues(name), queue=queue(name))
    assert told(compare(MODEL, folder, stack="shop")) == []


def test_a_stage_that_a_deployment_makes_is_declared_by_it(tmp_path: Path) -> None:
    stages = [{"stageName": name, "deploymentId": "d1", "createdDate": 0} for name in ("Stage", "live", "test")]
    folder = write(
        tmp_path,
        apis={"items": [{"id": "a1", "name": "shop", "apiKeySource": "HEADER"}]},
        **{"apigateway-get-stages-a1": {"restApiId": "a1", "item": stages}},
        **{"apigateway-get-deployments-a1": {"restApiId": "a1", "items": [{"id": "d1", "createdDate": 0}]}},
    )
    found = compare(API, folder)
    assert [w.physical_id for w in found.unmanaged] == ["test"]


def test_the_gateway_of_the_default_network_is_made_by_aws(tmp_path: Path) -> None:
    def gateway(id: str, vpc: str) -> dict[str, object]:
        attached = [{"VpcId": vpc, "State": "available"}]
        return {"InternetGatewayId": id, "OwnerId": ACCOUNT, "Attachments": attached, "Tags": []}

    folder = write(
        tmp_path,
        vpcs={"Vpcs": [vpc("vpc-11111111", IsDefault=True), vpc("vpc-22222222")]},
        gateways={"InternetGateways": [gateway(f"igw-{n * 8}", f"vpc-{n * 8}") for n in "12"]},
    )
    found = compare(MODEL, folder)
    assert [w.physical_id for w in found.unmanaged if w.type == "AWS::EC2::InternetGateway"] == ["igw-22222222"]


TEMPLATE = """
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Stage: {Type: String, Default: live}
  Given: {Type: String}
Conditions:
  Live: !Equals [!Ref Stage, live]
  Wanted: !Equals [!Ref Given, "yes"]
Resources:
  Orders: {Type: AWS::SQS::Queue, Condition: Live, Properties: {QueueName: orders}}
  Parcels: {Type: AWS::SQS::Queue, Condition: Wanted, Properties: {QueueName: parcels}}
"""


def by_condition(folder: Path, **parameters: str) -> list[str]:
    (folder / "shop.yaml").write_text(TEMPLATE, encoding="utf-8")
    live = write(folder / "live", list=queues("notes"), notes=queue("notes"))
    architecture = load(folder / "shop.yaml", Request(parameters, REGION))
    found = system.compare(architecture, living.of_path(str(live), Request(region=REGION)), today=TODAY, region=REGION)
    unread = [f"{d.resource}: {d.drift.why}" for d in found.of("unread")]
    return [*(f"missing {w.resource}" for w in found.missing), *unread]


def test_what_hangs_on_a_condition_that_holds_is_missing_where_it_is_not(tmp_path: Path) -> None:
    open_ = "Parcels: whether it is created hangs on the condition Wanted, which is not known"
    assert by_condition(tmp_path) == ["missing Orders", open_]
    assert by_condition(tmp_path, Given="yes") == ["missing Orders", "missing Parcels"]
    assert by_condition(tmp_path, Given="no", Stage="test") == []
