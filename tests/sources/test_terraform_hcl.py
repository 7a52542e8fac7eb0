"""Folders of Terraform's language as resources: instances, modules, references, places, and what is not known."""

from __future__ import annotations

from pathlib import Path

from archproof.resources.resource import Resource, Resources
from archproof.sources.reading import Request, formats, read
from tests.kinds.lowered import complaints

HERE = Path(__file__).parent / "hcl"


def folder(path: Path, text: str, **files: str) -> Path:
    """A configuration of one file, with others beside it (`__` is `/` in their names, `_` before the end a dot)."""
    (path / "main.tf").write_text(text)
    for name, content in files.items():
        file = path / name.replace("__", "/").replace("_dot_", ".")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
    return path


def by_address(resources: Resources) -> dict[str, Resource]:
    """The first resource of every address."""
    found: dict[str, Resource] = {}
    for resource in resources:
        found.setdefault(resource.address or resource.logical_id, resource)
    return found


def at(resource: Resource, *path: str | int) -> tuple[str, int, int]:
    """Where a property was said: the file, the line and the column."""
    place = resource.location(*path)
    return Path(place.file).name, place.line, place.column


def test_a_folder_and_one_file_of_it_are_known_by_their_names() -> None:
    assert "terraform" in formats()
    assert read(HERE / "serverless").format == "terraform"
    assert read(HERE / "serverless" / "main.tf").format == "terraform"


def test_a_network_with_modules_has_every_instance_with_its_numbers() -> None:
    found = by_address(read(HERE / "network"))
    assert [a for a in found if "module.private" in a] == [
        "module.private.aws_subnet.this[0]", "module.private.aws_subnet.this[1]",
        "module.private.aws_route_table.this[0]", "module.private.aws_route_table.this[1]",
        "module.private.aws_route_table_association.this[0]", "module.private.aws_route_table_association.this[1]",
    ]  # fmt: skip
    assert found["module.private.aws_subnet.this[1]"].properties == {
        "VpcId": {"Ref": "VpcThis"},
        "CidrBlock": "10.20.17.0/24",
        "AvailabilityZone": {"Fn::Select": [1, {"Fn::GetAZs": ""}]},
        "MapPublicIpOnLaunch": False,
        "Tags": [{"Key": "Name", "Value": "shop-test-private-1"}],
    }
    assert found["aws_route.nat[1]"].get("NatGatewayId") == {"Ref": "NatGatewayThis0"}
    rules = found["aws_security_group.database"].get("SecurityGroupIngress")
    assert [(r["FromPort"], r["CidrIp"], r["Description"]) for r in rules] == [
        (5432, "10.20.16.0/20", "postgres"), (3306, "10.20.16.0/20", "mysql"),
    ]  # fmt: skip


def test_the_region_of_the_provider_and_a_parameter_for_a_variable_are_taken() -> None:
    resources = read(HERE / "network", Request(parameters={"zone_count": "3", "cidr": "10.9.0.0/16"}))
    assert resources.region == "eu-central-1"
    found = by_address(resources)
    assert found["module.public.aws_subnet.this[2]"].get("CidrBlock") == "10.9.2.0/24"


def test_the_three_systems_are_templates_that_the_validator_has_nothing_against() -> None:
    for name in ("network", "serverless", "container"):
        assert complaints(read(HERE / name)) == [], name


def test_properties_are_found_in_the_file_that_says_them() -> None:
    found = by_address(read(HERE / "serverless"))
    function = found['aws_lambda_function.orders["list"]']
    assert at(function) == ("main.tf", 53, 1)
    assert at(function, "Timeout") == ("main.tf", 60, 3)
    assert at(function, "Environment", "Variables", "QUEUE") == ("main.tf", 67, 7)
    table = found["aws_dynamodb_table.orders"]
    assert at(table, "GlobalSecondaryIndexes", 0, "IndexName") == ("main.tf", 94, 5)
    nested = by_address(read(HERE / "network"))["module.public.aws_subnet.this[0]"]
    assert at(nested, "CidrBlock") == ("main.tf", 26, 3)
    assert nested.location("CidrBlock").file.endswith("network/modules/subnets/main.tf")


def test_a_policy_document_a_heredoc_and_jsonencode_are_documents_with_references() -> None:
    found = by_address(read(HERE / "serverless"))
    document = found["aws_iam_role_policy.orders"].get("PolicyDocument")
    assert document["Statement"][0] == {
        "Sid": "Table", "Effect": "Allow", "Action": ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"],
        "Resource": [
            {"Fn::GetAtt": ["DynamodbTableOrders", "Arn"]}, {"Fn::Sub": "${DynamodbTableOrders.Arn}/index/*"},
        ],
    }  # fmt: skip
    statement = found["aws_sqs_queue_policy.jobs"].get("PolicyDocument", "Statement", 0)
    assert statement["Condition"] == {
        "ArnEquals": {"aws:SourceArn": {"Fn::GetAtt": ["CloudwatchEventRuleNightly", "Arn"]}}
    }
    assert found["aws_sqs_queue.jobs"].get("RedrivePolicy") == {
        "deadLetterTargetArn": {"Fn::GetAtt": ["SqsQueueDead", "Arn"]}, "maxReceiveCount": 3,
    }  # fmt: skip


def test_parts_of_a_resource_that_terraform_says_apart_are_in_it() -> None:
    found = by_address(read(HERE / "serverless"))
    rule = found["aws_cloudwatch_event_rule.nightly"]
    assert rule.get("Targets") == [
        {"Id": "jobs", "Arn": {"Fn::GetAtt": ["SqsQueueJobs", "Arn"]}, "Input": '{"kind":"nightly"}'}
    ]
    assert at(rule, "Targets", 0, "Arn") == ("main.tf", 141, 3)
    container = by_address(read(HERE / "container"))
    assert container["aws_ecr_repository.app"].has("LifecyclePolicy", "LifecyclePolicyText")


def test_a_variable_without_a_value_is_a_parameter() -> None:
    resources = read(HERE / "serverless")
    assert resources.parameters["AlarmEmail"] == {"Type": "String", "Description": "Who is told of errors"}
    assert by_address(resources)["aws_sns_topic_subscription.alarms"].get("Endpoint") == {"Ref": "AlarmEmail"}


def test_outputs_are_in_the_words_of_cloudformation() -> None:
    assert read(HERE / "serverless").outputs["TableArn"] == {
        "Value": {"Fn::Sub": "arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${DynamodbTableOrders}"}
    }


def test_a_module_of_a_registry_is_a_named_unknown_and_its_outputs_are_parameters() -> None:
    resources = read(HERE / "container")
    assert "module.network (terraform_module)" in [u.what for u in resources.unknown]
    service = by_address(resources)["aws_ecs_service.app"]
    assert service.get("NetworkConfiguration", "AwsvpcConfiguration") == {
        "Subnets": {"Ref": "NetworkPrivateSubnets"},
        "SecurityGroups": [{"Fn::GetAtt": ["SecurityGroupApp", "GroupId"]}],
        "AssignPublicIp": "DISABLED",
    }
    assert resources.parameters["NetworkPrivateSubnets"]["Type"] == "CommaDelimitedList"


def test_containers_and_rules_of_a_firewall_have_the_spelling_of_cloudformation() -> None:
    found = by_address(read(HERE / "container"))
    container = found["aws_ecs_task_definition.app"].get("ContainerDefinitions", 0)
    assert container["LogConfiguration"]["Options"]["awslogs-group"] == {"Ref": "CloudwatchLogGroupApp"}
    assert container["Image"] == {"Fn::Sub": "${EcrRepositoryApp.RepositoryUri}:1.4.2"}
    rate, common = found["aws_wafv2_web_acl.app"].get("Rules")
    assert rate["Action"] == {"Block": {}}
    negated = rate["Statement"]["RateBasedStatement"]["ScopeDownStatement"]["NotStatement"]["Statement"]
    assert negated["ByteMatchStatement"]["FieldToMatch"] == {"UriPath": {}}
    assert common["OverrideAction"] == {"None": {}}


def test_secrets_are_in_no_property_and_in_no_excerpt() -> None:
    resources = read(HERE / "container")
    secret = by_address(resources)["aws_secretsmanager_secret.database"].get("SecretString")
    assert resources.parameters[secret["Ref"]]["NoEcho"] is True
    assert "not-a-real-password" not in "".join(resources.sources.values())


def test_a_count_that_is_not_known_is_one_instance_and_named(tmp_path: Path) -> None:
    text = """
data "aws_subnets" "all" {}
resource "aws_sqs_queue" "q" {
  count = length(data.aws_subnets.all.ids)
  name  = "q-${count.index}"
}
"""
    resources = read(folder(tmp_path, text))
    assert [r.address for r in resources] == ["aws_sqs_queue.q"]
    unknown = next(u for u in resources.unknown if u.what == "aws_sqs_queue.q: count")
    assert "length(data.aws_subnets.all.ids)" in unknown.why and unknown.location.line == 4


def test_values_of_files_win_in_terraforms_order(tmp_path: Path) -> None:
    text = 'variable "name" { default = "a" }\nresource "aws_sqs_queue" "q" { name = var.name }\n'
    path = folder(tmp_path, text, terraform_dot_tfvars='name = "b"\n')
    assert next(iter(read(path))).get("QueueName") == "b"
    (path / "x.auto.tfvars.json").write_text('{"name": "c"}')
    assert next(iter(read(path))).get("QueueName") == "c"
    assert next(iter(read(path, Request(parameters={"name": "d"})))).get("QueueName") == "d"


def test_json_syntax_is_the_same_language(tmp_path: Path) -> None:
    (tmp_path / "main.tf.json").write_text(
        """{
  "locals": {"prefix": "a"},
  "resource": {
    "aws_sqs_queue": {
      "q": {
        "for_each": "${toset([\\"x\\"])}",
        "name": "${local.prefix}-${each.key}"
      }
    }
  }
}"""
    )
    (queue,) = read(tmp_path)
    assert queue.address == 'aws_sqs_queue.q["x"]' and queue.get("QueueName") == "a-x"
    assert at(queue, "QueueName") == ("main.tf.json", 7, 9)


def test_a_provider_with_an_alias_says_the_region_of_its_resources(tmp_path: Path) -> None:
    text = """
provider "aws" { region = "eu-west-1" }
provider "aws" {
  alias  = "edge"
  region = "us-east-1"
}
resource "aws_sqs_queue" "here" {}
resource "aws_sqs_queue" "there" { provider = aws.edge }
module "m" {
  source    = "./m"
  providers = { aws = aws.edge }
}
"""
    path = folder(tmp_path, text, m__x_dot_tf='resource "aws_sqs_queue" "inner" {}\n')
    assert {r.address: r.region for r in read(path)} == {
        "aws_sqs_queue.here": None, "aws_sqs_queue.there": "us-east-1", "module.m.aws_sqs_queue.inner": "us-east-1",
    }  # fmt: skip
