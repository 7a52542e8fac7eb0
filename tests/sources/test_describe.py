"""Output of the AWS command line as a source: which files it is, what becomes of them, where each thing was said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from archproof.cli.main import main
from archproof.errors import InputError
from archproof.resources.resource import Resources
from archproof.resources.topology import Topology
from archproof.sources.reading import Probe, Request, read
from archproof.sources.responses._files import is_response

VPC, SUBNET, OTHER, TABLE = "vpc-0a1b2c3d", "subnet-0a1b2c3d", "subnet-0b1b2c3d", "rtb-0a1b2c3d"
IGW, GROUP, PEER = "igw-0a1b2c3d", "sg-0a1b2c3d", "sg-0b1b2c3d"
OWNER = "111122223333"


def name(value: str) -> list[dict[str, str]]:
    return [{"Key": "Name", "Value": value}, {"Key": "aws:cloudformation:stack-name", "Value": "x"}]


NETWORK: dict[str, Any] = {
    "Vpcs": [{"VpcId": VPC, "CidrBlock": "10.0.0.0/16", "IsDefault": False, "OwnerId": OWNER, "Tags": name("shop")}],
    "Subnets": [
        {"SubnetId": SUBNET, "VpcId": VPC, "CidrBlock": "10.0.0.0/24", "AvailabilityZone": "eu-west-3a",
         "Tags": name("web")},
        {"SubnetId": OTHER, "VpcId": VPC, "CidrBlock": "10.0.1.0/24", "AvailabilityZone": "eu-west-3b"},
    ],
    "InternetGateways": [{"InternetGatewayId": IGW, "Attachments": [{"VpcId": VPC, "State": "available"}]}],
    "RouteTables": [
        {"RouteTableId": TABLE, "VpcId": VPC, "Associations": [
            {"Main": True, "RouteTableAssociationId": "rtbassoc-00000001", "RouteTableId": TABLE}],
         "Routes": [
             {"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "Origin": "CreateRouteTable"},
             {"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": IGW, "Origin": "CreateRoute"}]},
    ],
}  # fmt: skip
GROUPS = {
    "SecurityGroups": [
        {"GroupId": GROUP, "GroupName": "web", "Description": "d", "VpcId": VPC, "IpPermissionsEgress": [],
         "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443,
                            "IpRanges": [{"CidrIp": "0.0.0.0/0"}, {"CidrIp": "10.0.0.0/8", "Description": "office"}],
                            "UserIdGroupPairs": [{"GroupId": PEER, "UserId": OWNER}]}]},
        {"GroupId": PEER, "GroupName": "default", "Description": "d", "VpcId": VPC, "IpPermissions": []},
    ]
}  # fmt: skip


def snapshot(folder: Path, files: dict[str, Any]) -> Resources:
    """The resources of a folder with these files: JSON of what is no text."""
    for path, value in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        text = value if isinstance(value, str) else json.dumps(value, indent=1)
        (folder / path).write_text(text, encoding="utf-8")
    return read(folder)


def test_a_network_becomes_resources_that_refer_to_each_other(tmp_path: Path) -> None:
    resources = snapshot(tmp_path, {f"{key}.json": {key: value} for key, value in NETWORK.items()})
    assert (resources.format, resources.region, resources.account) == ("aws-output", "eu-west-3", OWNER)
    web = resources["WebSubnet"]
    assert web.properties == {
        "VpcId": {"Ref": "ShopVPC"}, "CidrBlock": "10.0.0.0/24", "AvailabilityZone": "eu-west-3a",
        "Tags": [{"Key": "Name", "Value": "web"}],
    }  # fmt: skip
    assert (web.physical_id, web.address, web.region, web.account) == (SUBNET, SUBNET, "eu-west-3", OWNER)
    assert resources["InternetGateway2c3dAttachment"].properties == {
        "VpcId": {"Ref": "ShopVPC"}, "InternetGatewayId": {"Ref": "InternetGateway2c3d"},
    }  # fmt: skip
    assert resources.unknown == [] and resources.notes == []


def test_the_main_table_serves_the_subnets_that_no_other_names(tmp_path: Path) -> None:
    resources = snapshot(tmp_path, {"all": NETWORK})
    association = resources["WebSubnetRouteTableAssociation"]
    assert (association.implied, association.made_by) == (True, "aws")
    assert association.get("RouteTableId") == {"Ref": "ShopVPCMainRouteTable"}
    assert Topology(resources).subnets["WebSubnet"].kind == "public"


def test_what_aws_made_is_kept_and_marked(tmp_path: Path) -> None:
    default = {**NETWORK["Vpcs"][0], "IsDefault": True}
    resources = snapshot(tmp_path, {"a.json": {**NETWORK, "Vpcs": [default]}, "b.json": GROUPS})
    made = {r.logical_id for r in resources if r.made_by == "aws"}
    assert {"ShopVPC", "ShopVPCMainRouteTable", "ShopVPCMainRouteTableLocal1000016Route"} <= made
    assert "ShopVPCDefaultSecurityGroup" in made
    assert "ShopVPCMainRouteTableDefaultRoute" not in made


def test_rules_of_groups_stand_alone_and_the_others_in_their_group(tmp_path: Path) -> None:
    resources = snapshot(tmp_path, {"network.json": NETWORK, "groups.json": GROUPS})
    group = resources["WebSecurityGroup"]
    assert group.get("SecurityGroupIngress") == [
        {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "0.0.0.0/0"},
        {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "10.0.0.0/8", "Description": "office"},
    ]
    assert group.get("SecurityGroupEgress") == []
    assert resources["WebSecurityGroupIngress443"].properties == {
        "GroupId": {"Fn::GetAtt": ["WebSecurityGroup", "GroupId"]}, "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443,
        "SourceSecurityGroupId": {"Fn::GetAtt": ["ShopVPCDefaultSecurityGroup", "GroupId"]},
    }  # fmt: skip


def test_every_property_is_told_with_its_line_and_column(tmp_path: Path) -> None:
    text = '{"Vpcs": [\n  {"VpcId": "vpc-0a1b2c3d",\n   "CidrBlock": "10.0.0.0/16"}\n]}'
    vpc = next(iter(snapshot(tmp_path, {"x.json": text})))
    assert tuple(vpc.location())[1:3] == (2, 3)
    assert tuple(vpc.location("CidrBlock"))[1:3] == (3, 4)
    groups = snapshot(tmp_path, {"x.json": json.dumps(GROUPS, indent=1)})
    place = groups["WebSecurityGroup"].location("SecurityGroupIngress", 1, "CidrIp")
    row = (tmp_path / "x.json").read_text(encoding="utf-8").splitlines()[place.line - 1]
    assert '"CidrIp": "10.0.0.0/8"' in row


def test_regions_and_accounts_are_told_by_folders_and_by_the_data(tmp_path: Path) -> None:
    queue = {"QueueUrls": ["https://sqs.eu-west-1.amazonaws.com/111122223333/jobs"]}
    resources = snapshot(
        tmp_path,
        {
            "111122223333/eu-west-1/queues.json": queue,
            "444455556666/us-east-1/list.json": {"Functions": [{"FunctionName": "jobs", "Runtime": "python3.13",
                "FunctionArn": "arn:aws:lambda:us-east-2:444455556666:function:jobs"}]},
            "444455556666/us-east-1/more.json": queue,
        },
    )  # fmt: skip
    assert [(r.logical_id, r.region, r.account) for r in resources] == [
        ("JobsFunction", "us-east-2", "444455556666"),
        ("JobsQueue", "eu-west-1", "111122223333"),
    ]


def test_things_of_the_same_name_in_two_regions_are_two(tmp_path: Path) -> None:
    log = {"logGroups": [{"logGroupName": "/app", "retentionInDays": 7}]}
    resources = snapshot(tmp_path, {"eu-west-1/logs": log, "eu-west-3/logs": log, "eu-west-3/again": log})
    assert [(r.logical_id, r.region) for r in resources] == [
        ("AppLogGroup", "eu-west-1"), ("AppLogGroup2", "eu-west-3"),
    ]  # fmt: skip


def test_pages_bare_lists_and_merged_responses_are_read(tmp_path: Path) -> None:
    page = '{"Vpcs": [{"VpcId": "vpc-%08d", "CidrBlock": "10.0.0.0/16"}], "NextToken": "x"}'
    files = {
        "pages.json": page % 1 + "\n" + page % 2,
        "list.json": f"[{page % 3}, {page % 4}]",
        "describe-vpcs.json": '[{"VpcId": "vpc-00000005", "CidrBlock": "10.0.0.0/16"}]',
        "wrapped.json": {"eu-north-1": {"vpcs": {"Vpcs": [{"VpcId": "vpc-00000006", "CidrBlock": "10.0.0.0/16"}]}}},
        "reply.json": {"Vpcs": [], "ResponseMetadata": {"RequestId": "x"}},
    }
    resources = snapshot(tmp_path, files)
    assert sorted(str(r.physical_id) for r in resources) == [f"vpc-{n:08d}" for n in range(1, 7)]
    assert {r.region for r in resources if r.physical_id == "vpc-00000006"} == {"eu-north-1"}
    second = next(r for r in resources if r.physical_id == "vpc-00000002")
    assert tuple(second.location())[1:3] == (2, 11)
    assert resources.notes == []


def test_what_no_reader_knows_is_unknown_and_what_is_no_output_is_noted(tmp_path: Path) -> None:
    files = {
        "vpcs.json": {"Vpcs": NETWORK["Vpcs"]},
        "new.json": {"SpaceStations": [{"SpaceStationId": "s-1"}, {"SpaceStationId": "s-2"}]},
        "package.json": {"name": "x", "version": "1"},
        "README.md": "# words",
        "odd.json": {"Vpcs": [{"CidrBlock": "10.0.0.0/16"}, {"VpcId": "vpc-00000001"}]},
    }
    resources = snapshot(tmp_path, files)
    assert [(u.what, u.why, Path(u.location.file).name) for u in resources.unknown] == [
        ("2 entries of the response SpaceStations", "no reader for this response of AWS", "new.json"),
        ("Vpcs", "an entry of Vpcs without the field that tells what it is", "odd.json"),
    ]
    assert [n.rpartition("/")[2] for n in resources.notes] == [
        "README.md: left out, no JSON", "package.json: left out, no response of AWS",
    ]  # fmt: skip


def test_deleted_things_are_left_out_and_counted(tmp_path: Path) -> None:
    files = {
        "i.json": {"Reservations": [{"Instances": [{"InstanceId": "i-00000001", "State": {"Name": "terminated"}}]}]},
        "n.json": {"NatGateways": [{"NatGatewayId": "nat-0a1b2c3d", "State": "deleted", "SubnetId": SUBNET}]},
    }
    resources = snapshot(tmp_path, files)
    assert len(resources) == 0
    assert resources.notes == ["left out: 1 terminated instances", "left out: 1 deleted things"]


FUNCTION = {
    "FunctionName": "orders", "FunctionArn": f"arn:aws:lambda:eu-west-1:{OWNER}:function:orders",
    "Runtime": "python3.13", "Role": f"arn:aws:iam::{OWNER}:role/orders", "Handler": "app.main",
    "Environment": {"Variables": {"DB_PASSWORD": "hunter2", "QUEUE": f"https://sqs.eu-west-1.amazonaws.com/{OWNER}/jobs"}},
}  # fmt: skip


def test_a_function_its_role_queue_and_trigger_find_each_other(tmp_path: Path) -> None:
    queue = f"arn:aws:sqs:eu-west-1:{OWNER}:jobs"
    policy = {"Statement": [{"Effect": "Allow", "Action": "sqs:*", "Resource": [queue, "arn:aws:s3:::files/in/*"]}]}
    trust = "%7B%22Statement%22%3A%20%5B%5D%7D"
    files = {
        "fn.json": {"Configuration": FUNCTION, "Code": {"RepositoryType": "S3", "Location": "https://x"},
                    "Concurrency": {"ReservedConcurrentExecutions": 5}},
        "list.json": {"Functions": [FUNCTION]},
        "iam.json": {"RoleDetailList": [{"RoleName": "orders", "Path": "/", "Arn": FUNCTION["Role"],
                     "AssumeRolePolicyDocument": trust,
                     "RolePolicyList": [{"PolicyName": "p", "PolicyDocument": policy}]}]},
        "queue.json": {"Attributes": {"QueueArn": queue, "VisibilityTimeout": "30"}},
        "s3.json": {"Buckets": [{"Name": "files"}], "Owner": {}},
        "esm.json": {"EventSourceMappings": [{"UUID": "u", "EventSourceArn": queue, "BatchSize": 10,
                     "FunctionArn": FUNCTION["FunctionArn"]}]},
        "policy.json": {"Policy": json.dumps({"Statement": [{"Sid": "s3", "Resource": FUNCTION["FunctionArn"],
                        "Principal": {"Service": "s3.amazonaws.com"}, "Action": "lambda:InvokeFunction",
                        "Condition": {"ArnLike": {"AWS:SourceArn": "arn:aws:s3:::files"}}}]}), "RevisionId": "1"},
    }  # fmt: skip
    resources = snapshot(tmp_path, files)
    function = resources["OrdersFunction"]
    assert function.get("Role") == {"Fn::GetAtt": ["OrdersRole", "Arn"]}
    assert function.get("ReservedConcurrentExecutions") == 5
    assert function.get("Environment", "Variables", "QUEUE") == {"Ref": "JobsQueue"}
    role = resources["OrdersRole"]
    assert role.get("AssumeRolePolicyDocument") == {"Statement": []}
    assert role.get("Policies", 0, "PolicyDocument", "Statement", 0, "Resource") == [
        {"Fn::GetAtt": ["JobsQueue", "Arn"]}, {"Fn::Sub": "${FilesBucket.Arn}/in/*"},
    ]  # fmt: skip
    mapping = resources["OrdersJobsEventSourceMapping"]
    assert mapping.get("EventSourceArn") == {"Fn::GetAtt": ["JobsQueue", "Arn"]}
    assert mapping.get("FunctionName") == {"Fn::GetAtt": ["OrdersFunction", "Arn"]}
    permission = resources["OrdersFunctionPermissionS3"]
    assert permission.properties == {
        "FunctionName": {"Fn::GetAtt": ["OrdersFunction", "Arn"]}, "Action": "lambda:InvokeFunction",
        "Principal": "s3.amazonaws.com", "SourceArn": {"Fn::GetAtt": ["FilesBucket", "Arn"]},
    }  # fmt: skip


def test_secrets_reach_no_output(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {
        "fn.json": {"Functions": [FUNCTION]},
        "secret.json": {"ARN": f"arn:aws:secretsmanager:eu-west-1:{OWNER}:secret:db-a", "Name": "db",
                        "SecretString": "hunter2"},
        "p.json": {"Parameters": [{"Name": "/a", "Type": "SecureString", "Value": "hunter2"}]},
    }  # fmt: skip
    resources = snapshot(tmp_path, files)
    assert [r.type for r in resources] == [
        "AWS::Lambda::Function", "AWS::SSM::Parameter", "AWS::SecretsManager::Secret",
    ]  # fmt: skip
    monkeypatch.chdir(tmp_path.parent)
    for command in (["export", "--to", "json"], ["export", "--to", "cloudformation"], ["export", "--to", "graphml"],
                    ["check", "--format", "json"]):  # fmt: skip
        assert main([command[0], str(tmp_path), *command[1:]]) in (0, 1)
    assert "hunter2" not in capsys.readouterr().out


def test_buckets_take_what_the_files_named_after_them_say(tmp_path: Path) -> None:
    files = {
        "buckets.json": {"Buckets": [{"Name": "files"}, {"Name": "files-logs"}]},
        "files/get-bucket-versioning.json": {"Status": "Enabled"},
        "files-logs-encryption.json": {"ServerSideEncryptionConfiguration": {"Rules": [
            {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}, "BucketKeyEnabled": True}]}},
        "files/policy.json": {"Policy": json.dumps({"Statement": [{"Effect": "Deny", "Action": "s3:*",
                              "Resource": "arn:aws:s3:::files-logs/*"}]})},
    }  # fmt: skip
    resources = snapshot(tmp_path, files)
    assert resources["FilesBucket"].get("VersioningConfiguration") == {"Status": "Enabled"}
    encryption = resources["FilesLogsBucket"].get("BucketEncryption", "ServerSideEncryptionConfiguration", 0)
    assert encryption == {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}, "BucketKeyEnabled": True}
    # whose policy it is, its own statements tell better than the folder
    assert resources["FilesLogsBucketPolicy"].get("Bucket") == {"Ref": "FilesLogsBucket"}


def test_cloud_control_speaks_cloudformation_already(tmp_path: Path) -> None:
    arn = f"arn:aws:logs:eu-west-1:{OWNER}:log-group:/app:*"
    said = json.dumps({"LogGroupName": "/app", "Arn": arn, "RetentionInDays": 7})
    one = {"TypeName": "AWS::Logs::LogGroup", "ResourceDescription": {"Identifier": "/app", "Properties": said}}
    resource = next(iter(snapshot(tmp_path, {"r.json": one})))
    assert (resource.type, resource.physical_id) == ("AWS::Logs::LogGroup", "/app")
    assert resource.properties == {"LogGroupName": "/app", "RetentionInDays": 7}


def test_one_file_is_a_source_as_well(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "anything"
    file.write_text(json.dumps(NETWORK), encoding="utf-8")
    assert len(read(file)) == 10
    assert main(["check", str(file), "--fail-on", "critical"]) == 0
    assert "resources)" in capsys.readouterr().out


@pytest.mark.parametrize(
    "text",
    ['{"Resources": {}}', '{"planned_values": {}}', '{"Status": "Enabled"}', '{"items": [{"id": 1, "x": 2}]',
     '{"Rules": []}x', "[]", "{}", '"Vpcs"'],
)  # fmt: skip
def test_other_json_is_not_taken_for_output_of_aws(text: str) -> None:
    assert not is_response(text) or "Rules" in text


def test_a_file_that_is_broken_is_told_with_its_place(tmp_path: Path) -> None:
    files = {"a.json": {"Vpcs": NETWORK["Vpcs"]}, "b.json": '{"Subnets": [\n  {"SubnetId": }\n]}'}
    with pytest.raises(InputError) as caught:
        snapshot(tmp_path, files)
    problem = caught.value.problems[0]
    assert (Path(problem.location.file).name, problem.location.line) == ("b.json", 2)


def test_a_file_that_is_neither_json_nor_aws_is_left_out(tmp_path: Path) -> None:
    resources = snapshot(tmp_path, {"a.json": {"Vpcs": NETWORK["Vpcs"]}, "tsconfig.json": '{"a": 1, // why\n}'})
    assert [r.logical_id for r in resources] == ["ShopVPC"]
    assert [n.rpartition("/")[2] for n in resources.notes] == ["tsconfig.json: left out, no JSON"]


def test_what_was_left_out_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    snapshot(Path("in"), {"a.json": {"Vpcs": NETWORK["Vpcs"]}, **{f"{n:02}.txt": "x" for n in range(12)}})
    assert main(["export", "in", "--to", "json"]) == 0
    told = capsys.readouterr().err.splitlines()
    assert told[0] == "in/00.txt: left out, no JSON"
    assert told[10] == "and 2 more notes"


def test_nothing_outside_the_folder_is_read(tmp_path: Path) -> None:
    outside = tmp_path / "secret.json"
    outside.write_text(json.dumps(NETWORK), encoding="utf-8")
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "link.json").symlink_to(outside)
    (folder / "loop").symlink_to(folder)
    resources = snapshot(folder, {"vpcs.json": {"Vpcs": NETWORK["Vpcs"]}})
    assert [r.logical_id for r in resources] == ["ShopVPC"]
    assert resources.notes == [f"{folder}/link.json: left out, a link that leaves the folder"]


ODD = {
    "Vpcs": [None, 3, {"VpcId": 5}, {"VpcId": "vpc-00000001", "CidrBlockAssociationSet": [1, {"CidrBlock": None}]}],
    "Reservations": [{"Instances": "x"}], "Functions": [{"FunctionArn": {}}], "QueueUrls": [3],
    "SecurityGroups": [{"GroupId": "sg-1", "IpPermissions": [{"IpRanges": [3]}]}],
    "RouteTables": [{"RouteTableId": "rtb-1", "Routes": [{"DestinationCidrBlock": 3}], "Associations": [4]}],
}  # fmt: skip


def test_fields_of_another_shape_than_awss_are_told_and_never_a_crash(tmp_path: Path) -> None:
    resources = snapshot(tmp_path, {"odd.json": ODD})
    assert "vpc-00000001" in {r.physical_id for r in resources}
    assert ("SecurityGroups", "an entry of SecurityGroups whose fields have not the shape that AWS gives them") in {
        (u.what, u.why) for u in resources.unknown
    }


def test_deep_nesting_is_no_response(tmp_path: Path) -> None:
    (tmp_path / "bomb.json").write_text('{"Vpcs": ' + "[" * 200_000, encoding="utf-8")
    assert Probe(tmp_path).is_folder
    with pytest.raises(InputError):
        snapshot(tmp_path, {"v.json": {"Vpcs": NETWORK["Vpcs"]}})


def test_the_same_files_give_the_same_resources(tmp_path: Path) -> None:
    files = {"network.json": NETWORK, "groups.json": GROUPS}
    first = snapshot(tmp_path, files)
    second = read(tmp_path, Request())
    assert [(r.logical_id, r.properties) for r in first] == [(r.logical_id, r.properties) for r in second]
