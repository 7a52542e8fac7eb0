"""Sources whose resources have addresses and no logical ids: Terraform, accounts."""

from __future__ import annotations

import textwrap
from pathlib import Path

from archproof.model.architecture import loads
from archproof.resources.resource import Resource, Resources
from archproof.sources.lifting import lift
from archproof.sources.lifting.names import identifiers
from archproof.sources.lifting.writer import write
from archproof.sources.reading import Request, read
from lifting.lifted import as_called, faults

FOLDER = """
    variable "stage" { default = "test" }
    module "web" {
      source = "./service"
      table  = aws_dynamodb_table.orders.arn
    }
    resource "aws_dynamodb_table" "orders" {
      name         = "orders"
      billing_mode = "PAY_PER_REQUEST"
      hash_key     = "id"
      attribute {
        name = "id"
        type = "S"
      }
    }
    resource "aws_sqs_queue" "jobs" {
      visibility_timeout_seconds = 60
    }
    resource "aws_lambda_event_source_mapping" "jobs" {
      event_source_arn = aws_sqs_queue.jobs.arn
      function_name    = module.web.name
      batch_size       = 5
    }
    resource "aws_kms_key" "main" {
      enable_key_rotation = true
    }
    resource "aws_kms_alias" "main" {
      name          = "alias/${var.stage}"
      target_key_id = aws_kms_key.main.key_id
    }
"""
SERVICE = """
    variable "table" {}
    output "name" { value = aws_lambda_function.orders.function_name }
    resource "aws_lambda_function" "orders" {
      function_name = "orders"
      runtime       = "python3.13"
      handler       = "app.handler"
      s3_bucket     = "code"
      s3_key        = "orders.zip"
      role          = aws_iam_role.orders.arn
    }
    resource "aws_iam_role" "orders" {
      assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [
        { Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }] })
      inline_policy {
        name   = "table"
        policy = jsonencode({ Version = "2012-10-17", Statement = [
          { Effect = "Allow", Action = ["dynamodb:GetItem", "dynamodb:Query"], Resource = var.table }] })
      }
    }
"""


def _folder(path: Path) -> Resources:
    (path / "service").mkdir()
    (path / "main.tf").write_text(textwrap.dedent(FOLDER), encoding="utf-8")
    (path / "service" / "main.tf").write_text(textwrap.dedent(SERVICE), encoding="utf-8")
    return read(str(path), Request())


def test_a_folder_of_terraform_becomes_kinds_with_links_under_short_names(tmp_path: Path) -> None:
    source = _folder(tmp_path)
    lifted = lift(source)
    model = loads(write(lifted))
    assert model.document.value["components"] == {
        "orders_table": {
            "kind": "dynamodb_table", "keys": {"id": "string"}, "billing": "on_demand", "physical_name": "orders"
        },
        "jobs": {"kind": "sqs_queue", "visibility_s": 60},
        "kms_key": {"kind": "kms_key", "rotation": True, "alias": "alias/test"},
        "orders_function": {
            "kind": "lambda", "runtime": "python3.13", "handler": "app.handler", "code": "s3://code/orders.zip",
            "role": {
                "policies": {"table": {"allow": ["dynamodb:GetItem", "dynamodb:Query"], "on": "orders_table"}}
            },
            "physical_name": "orders",
        },
    }  # fmt: skip
    assert model.document.value["links"] == [
        {"from": "jobs", "to": "orders_function", "verb": "trigger", "batch": 5},
        {"from": "orders_function", "to": "orders_table", "verb": "read"},
    ]
    assert "stack" not in model.document.value
    assert faults(as_called(source, lifted), model) == []


def test_what_terraform_calls_a_resource_stays_known(tmp_path: Path) -> None:
    source = _folder(tmp_path)
    given = lift(source).given
    found = {r.address: r.component for r in given}
    assert found["module.web.aws_lambda_function.orders"] == "orders_function"
    assert found["module.web.aws_iam_role.orders"] == "orders_function"
    assert found["aws_dynamodb_table.orders"] == "orders_table"


def _names(*addressed: tuple[str, str]) -> list[str]:
    listed = [Resource(f"R{n}", type, {}, address=address) for n, (type, address) in enumerate(addressed)]
    return list(identifiers(listed).values())


def test_the_shortest_name_goes_to_what_people_ask_for() -> None:
    assert _names(
        ("AWS::IAM::Role", "aws_iam_role.orders"),
        ("AWS::Lambda::Function", "aws_lambda_function.orders"),
        ("AWS::Logs::LogGroup", "aws_cloudwatch_log_group.orders"),
    ) == ["orders_role", "orders", "orders_log_group"]


def test_the_module_is_named_where_the_name_alone_is_not_enough() -> None:
    assert _names(
        ("AWS::Lambda::Function", "module.api.aws_lambda_function.orders"),
        ("AWS::Lambda::Function", "module.web.aws_lambda_function.orders"),
        ("AWS::SQS::Queue", 'module.web["eu"].aws_sqs_queue.jobs'),
    ) == ["api_orders", "web_orders", "jobs"]


def test_names_that_say_nothing_give_way_to_what_it_is_and_keys_of_one_instance_are_left_out() -> None:
    assert _names(
        ("AWS::EC2::VPC", "module.vpc.aws_vpc.this[0]"),
        ("AWS::EC2::Subnet", "module.vpc.aws_subnet.private[0]"),
        ("AWS::EC2::Subnet", "module.vpc.aws_subnet.private[1]"),
        ("AWS::S3::Bucket", 'aws_s3_bucket.files["eu-west-1"]'),
        ("AWS::S3::Bucket", 'aws_s3_bucket.files["us-east-1"]'),
    ) == ["vpc", "private0", "private1", "files_eu_west_1", "files_us_east_1"]


def test_resources_of_an_account_are_called_by_their_tags_or_the_end_of_their_ids() -> None:
    def tagged(name: str) -> dict[str, list[dict[str, str]]]:
        return {"Tags": [{"Key": "Name", "Value": name}]}

    listed = [
        Resource("A", "AWS::EC2::VPC", tagged("Prod EU"), address="vpc-0a1", physical_id="vpc-0a1"),
        Resource("B", "AWS::EC2::InternetGateway", tagged("Prod EU"), address="igw-0a1", physical_id="igw-0a1"),
        Resource(
            "C", "AWS::EC2::Instance", {}, address="i-0123456789abcdef0", physical_id="i-0123456789abcdef0"
        ),
    ]  # fmt: skip
    assert list(identifiers(listed).values()) == ["prod_eu", "prod_eu_internet_gateway", "instance_def0"]
