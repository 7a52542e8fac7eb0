"""Plans of Terraform: references, unknown values, secrets, modules, data sources, places."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archproof.errors import InputError
from tests.sources.terraform import plan, planned, refers, resources

FUNCTION = {"function_name": "orders", "handler": "app.main", "runtime": "python3.12", "memory_size": 512}


def test_what_is_known_after_apply_refers_to_the_resource_that_will_say_it(tmp_path: Path) -> None:
    path = plan(
        tmp_path,
        planned("aws_vpc.main", {"cidr_block": "10.0.0.0/16"}, unknown={"id": True}),
        planned("aws_subnet.a", {"cidr_block": "10.0.1.0/24"}, {"vpc_id": refers("aws_vpc.main.id", "aws_vpc.main")},
                {"id": True, "vpc_id": True}),
        planned("aws_iam_role.r", {"name": "r", "assume_role_policy": "{}"}, unknown={"arn": True}),
        planned("aws_lambda_function.f", {**FUNCTION, "vpc_config": [{}]},
                {"role": refers("aws_iam_role.r.arn", "aws_iam_role.r"),
                 "vpc_config": [{"subnet_ids": refers("aws_subnet.a.id", "aws_subnet.a")}]},
                {"role": True, "vpc_config": [{"subnet_ids": True}]}),
    )  # fmt: skip
    found = resources(path)
    assert found["SubnetA"].get("VpcId") == {"Ref": "VpcMain"}
    assert found["LambdaFunctionF"].get("Role") == {"Fn::GetAtt": ["IamRoleR", "Arn"]}
    assert found["LambdaFunctionF"].get("VpcConfig", "SubnetIds") == [{"Ref": "SubnetA"}]
    assert found["LambdaFunctionF"].address == "aws_lambda_function.f"
    assert found.unknown == []


def test_old_plans_that_name_no_attribute_mean_the_one_that_the_argument_takes(tmp_path: Path) -> None:
    path = plan(
        tmp_path,
        planned("aws_iam_role.r", {"name": "r"}),
        planned("aws_lambda_function.f", FUNCTION, {"role": refers("aws_iam_role.r")}, {"role": True}),
        planned("aws_iam_instance_profile.p", {"name": "p"}, {"role": refers("aws_iam_role.r")}, {"role": True}),
    )
    found = resources(path)
    assert found["LambdaFunctionF"].get("Role") == {"Fn::GetAtt": ["IamRoleR", "Arn"]}
    assert found["IamInstanceProfileP"].get("Roles") == [{"Ref": "IamRoleR"}]


def test_a_known_value_that_another_resource_says_is_a_reference_to_it(tmp_path: Path) -> None:
    path = plan(
        tmp_path,
        planned("aws_lambda_function.f", FUNCTION),
        planned("aws_lambda_permission.p",
                {"action": "lambda:InvokeFunction", "function_name": "orders", "principal": "s3.amazonaws.com"},
                {"function_name": refers("aws_lambda_function.f.function_name", "aws_lambda_function.f")}),
    )  # fmt: skip
    assert resources(path)["LambdaPermissionP"].get("FunctionName") == {"Ref": "LambdaFunctionF"}


def test_a_text_that_holds_a_reference_among_words_is_unknown_and_not_guessed(tmp_path: Path) -> None:
    path = plan(
        tmp_path,
        planned("aws_s3_bucket.b", {"bucket": "b"}),
        planned("aws_s3_bucket_policy.p", {"bucket": "b"},
                {"policy": refers("aws_s3_bucket.b.arn", "aws_s3_bucket.b")}, {"policy": True}),
    )  # fmt: skip
    found = resources(path)
    assert found["S3BucketPolicyP"].get("PolicyDocument") == {"Ref": "S3BucketPolicyPPolicy"}
    assert found.parameters["S3BucketPolicyPPolicy"] == {
        "Type": "String",
        "Description": "aws_s3_bucket_policy.p: policy",
    }
    assert [(u.what, u.why) for u in found.unknown] == [
        ("aws_s3_bucket_policy.p: policy", "known only after apply (from aws_s3_bucket.b.arn)")
    ]


def test_a_policy_document_is_written_from_its_data_source(tmp_path: Path) -> None:
    statement = {"effect": "Allow", "actions": ["s3:GetObject"], "principals": [{"type": "*", "identifiers": ["*"]}],
                 "condition": [{"test": "Bool", "variable": "aws:SecureTransport", "values": ["true"]}]}  # fmt: skip
    path = plan(
        tmp_path,
        planned("aws_s3_bucket.b", {"bucket": "b"}),
        planned("data.aws_iam_policy_document.d", {"statement": [statement]},
                {"statement": [{"resources": refers("aws_s3_bucket.b.arn", "aws_s3_bucket.b")}]},
                {"json": True, "statement": [{"resources": True}]}),
        planned("aws_s3_bucket_policy.p", {"bucket": "b"},
                {"policy": refers("data.aws_iam_policy_document.d.json", "data.aws_iam_policy_document.d")},
                {"policy": True}),
    )  # fmt: skip
    found = resources(path)
    assert found["S3BucketPolicyP"].get("PolicyDocument") == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": "s3:GetObject",
                "Resource": {"Fn::GetAtt": ["S3BucketB", "Arn"]},
                "Principal": "*",
                "Condition": {"Bool": {"aws:SecureTransport": "true"}},
            }
        ],
    }
    assert len(found) == 2


def test_references_go_through_variables_and_outputs_of_modules(tmp_path: Path) -> None:
    values = {
        "root_module": {
            "child_modules": [
                {"address": "module.net", "resources": [
                    {"address": "module.net.aws_vpc.main", "mode": "managed", "type": "aws_vpc", "name": "main",
                     "values": {"cidr_block": "10.0.0.0/16"}}]},
                {"address": 'module.app["x"]', "resources": [
                    {"address": 'module.app["x"].aws_security_group.g', "mode": "managed",
                     "type": "aws_security_group", "name": "g", "values": {"name": "g", "description": "d"}}]},
            ]
        }
    }  # fmt: skip
    configuration = {
        "root_module": {
            "module_calls": {
                "net": {"module": {
                    "outputs": {"id": {"expression": refers("aws_vpc.main.id", "aws_vpc.main")}},
                    "resources": [{"type": "aws_vpc", "name": "main", "mode": "managed", "expressions": {}}]}},
                "app": {"expressions": {"network": refers("module.net.id", "module.net")}, "module": {
                    "resources": [{"type": "aws_security_group", "name": "g", "mode": "managed",
                                   "expressions": {"vpc_id": refers("var.network")}}]}},
            }
        }
    }  # fmt: skip
    path = plan(tmp_path, planned_values=values, configuration=configuration, resource_changes=[])
    found = resources(path)
    assert found["AppXSecurityGroupG"].get("VpcId") == {"Ref": "NetVpcMain"}
    assert found["AppXSecurityGroupG"].address == 'module.app["x"].aws_security_group.g'


def test_a_counted_resource_is_referred_to_as_a_whole_or_by_the_same_index(tmp_path: Path) -> None:
    subnets = [planned(f"aws_subnet.a[{n}]", {"cidr_block": f"10.0.{n}.0/24"}) for n in range(2)]
    path = plan(
        tmp_path,
        *subnets,
        planned("aws_db_subnet_group.g", {"name": "g"}, {"subnet_ids": refers("aws_subnet.a")}, {"subnet_ids": True}),
        *(
            planned(f"aws_route_table_association.r[{n}]", {"route_table_id": "rtb-1"},
                    {"subnet_id": refers("aws_subnet.a", "count.index")}, {"subnet_id": True})
            for n in range(2)
        ),
    )  # fmt: skip
    value = json.loads(path.read_text())
    for entry in value["planned_values"]["root_module"]["resources"]:
        if entry["address"].endswith("]"):
            entry["index"] = int(entry["address"][-2])
    path.write_text(json.dumps(value))
    found = resources(path)
    assert found["DbSubnetGroupG"].get("SubnetIds") == [{"Ref": "SubnetA0"}, {"Ref": "SubnetA1"}]
    assert found["RouteTableAssociationR1"].get("SubnetId") == {"Ref": "SubnetA1"}


def test_a_sensitive_value_is_a_parameter_and_stands_in_no_output(tmp_path: Path) -> None:
    said = planned("aws_db_instance.db", {"identifier": "db", "password": "hunter2-hunter2", "username": "root"})
    said["sensitive"] = {"username": True}
    found = resources(plan(tmp_path, said))
    assert found["DbInstanceDb"].get("MasterUserPassword") == {"Ref": "DbInstanceDbPassword"}
    assert found["DbInstanceDb"].get("MasterUsername") == {"Ref": "DbInstanceDbUsername"}
    assert found.parameters["DbInstanceDbPassword"]["NoEcho"] is True
    text = next(iter(found.sources.values()))
    assert "hunter2" not in text
    assert len(text) == len((tmp_path / "plan.json").read_text())


def test_every_property_stands_where_the_plan_says_it(tmp_path: Path) -> None:
    path = plan(
        tmp_path,
        planned("aws_vpc.main", {"cidr_block": "10.0.0.0/16", "tags": {"Team": "a"}}),
        planned("aws_subnet.a", {"cidr_block": "10.0.1.0/24"}, {"vpc_id": refers("aws_vpc.main.id")}, {"vpc_id": True}),
    )
    lines = path.read_text().splitlines()
    found = resources(path)
    vpc, subnet = found["VpcMain"], found["SubnetA"]
    assert '"cidr_block": "10.0.0.0/16"' in lines[vpc.location("CidrBlock").line - 1]
    assert '"Team": "a"' in lines[vpc.location("Tags", 0, "Value").line - 1]
    assert '"vpc_id": {' in lines[subnet.location("VpcId").line - 1]
    assert subnet.location().line < subnet.location("CidrBlock").line


def test_what_is_no_resource_of_aws_is_a_node_with_its_reason(tmp_path: Path) -> None:
    found = resources(
        plan(
            tmp_path,
            planned("random_password.p", {"length": 16}, unknown={"result": True}),
            planned("aws_made_up_thing.t", {"name": "t", "tags_all": {}}),
            planned("aws_ebs_encryption_by_default.e", {"enabled": True}),
        )
    )
    assert [(r.type, r.properties) for r in found] == [
        ("random_password", {"length": 16}),
        ("aws_made_up_thing", {"name": "t"}),
        ("aws_ebs_encryption_by_default", {"enabled": True}),
    ]
    assert [(u.what, u.why) for u in found.unknown] == [
        ("random_password.p (random_password)", "a resource of the provider random, not of AWS"),
        ("aws_made_up_thing.t (aws_made_up_thing)", "no mapping of aws_made_up_thing to CloudFormation is known"),
        ("aws_ebs_encryption_by_default.e (aws_ebs_encryption_by_default)",
         "a setting of the account, which no CloudFormation type has"),
    ]  # fmt: skip


def test_arguments_without_a_counterpart_are_noted_and_unheard_of_ones_unknown(tmp_path: Path) -> None:
    constant = {"constant_value": True}
    found = resources(
        plan(
            tmp_path,
            planned("aws_lambda_function.f", {**FUNCTION, "publish": True, "brand_new": True},
                    {"publish": constant, "brand_new": constant}),
        )
    )  # fmt: skip
    assert found["LambdaFunctionF"].attributes == {"Metadata": {"Terraform": {"publish": True}}}
    assert [u.what for u in found.unknown] == ["aws_lambda_function.f: brand_new"]


def test_what_a_plan_deletes_is_named_and_no_resource(tmp_path: Path) -> None:
    change = {"address": "aws_vpc.old", "type": "aws_vpc", "name": "old", "mode": "managed",
              "change": {"actions": ["delete"], "before": {}, "after": None}}  # fmt: skip
    found = resources(plan(tmp_path, resource_changes=[change]))
    assert len(found) == 0
    assert found.template["Metadata"] == {"Terraform": {"Deleted": ["aws_vpc.old"]}}


def test_the_region_is_that_of_the_provider(tmp_path: Path) -> None:
    provider = {"aws": {"name": "aws", "expressions": {"region": refers("var.region")}}}
    configuration = {"root_module": {}, "provider_config": provider}
    path = plan(tmp_path, configuration=configuration, variables={"region": {"value": "eu-central-1"}})
    assert resources(path).region == "eu-central-1"
    assert resources(plan(tmp_path), region="ap-south-1").region == "ap-south-1"


def test_a_plan_of_the_wrong_shape_is_an_error_with_its_place(tmp_path: Path) -> None:
    path = plan(tmp_path, planned_values=[])
    with pytest.raises(InputError) as error:
        resources(path)
    assert str(error.value) == f"{path}:4:3: planned_values of a plan is a map"


def test_entries_that_are_no_resources_are_passed_over(tmp_path: Path) -> None:
    odd = {"root_module": {"resources": [None, 3, {"type": 4}, {"type": "aws_vpc", "values": None}],
                           "child_modules": [7, {"address": 5, "resources": {}}]}}  # fmt: skip
    found = resources(plan(tmp_path, planned_values=odd, resource_changes=[None], configuration={"root_module": []}))
    assert [r.type for r in found] == ["AWS::EC2::VPC"]


def test_circles_of_references_end(tmp_path: Path) -> None:
    loop = {"module": {"outputs": {"o": {"expression": refers("var.v")}}}, "expressions": {"v": refers("module.m.o")}}
    path = plan(
        tmp_path,
        planned("aws_vpc.a", {}, {"ipv4_ipam_pool_id": refers("aws_vpc.b.ipv4_ipam_pool_id")}),
        planned("aws_vpc.b", {}, {"ipv4_ipam_pool_id": refers("aws_vpc.a.ipv4_ipam_pool_id")}),
        planned("aws_subnet.s", {"cidr_block": "10.0.0.0/24"}, {"vpc_id": refers("module.m.o")}, {"vpc_id": True}),
    )  # fmt: skip
    value = json.loads(path.read_text())
    value["configuration"]["root_module"]["module_calls"] = {"m": loop}
    path.write_text(json.dumps(value))
    found = resources(path)
    assert found["SubnetS"].get("VpcId") == {"Ref": "SubnetSVpcId"}
    assert "Ref" in found["VpcA"].get("Ipv4IpamPoolId")


def test_a_plan_of_a_version_to_come_is_not_guessed(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text('{"format_version": "2.0", "planned_values": {"root_module": {}}}', encoding="utf-8")
    with pytest.raises(InputError) as error:
        resources(path)
    assert str(error.value) == f"{path}:1:2: a plan of format_version 2.0; versions 0 and 1 are read"
