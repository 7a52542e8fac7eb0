"""Types of Terraform in CloudFormation's shape: exact properties, and nothing that AWS's validator objects to."""

from __future__ import annotations

import contextlib
import json
import random
from pathlib import Path
from typing import Any

import pytest

from archproof.discovery import index
from archproof.errors import InputError
from archproof.resources.template import template
from archproof.sources.terraform.mapping import Mapping
from archproof.sources.terraform.translation import PACKAGE, mapping_of
from tests.kinds.lowered import complaints
from tests.sources.terraform import plan, planned, refers, resources

ROLE = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",\
"Principal":{"Service":"lambda.amazonaws.com"},"Sid":""}]}'


def ref(address: str, attribute: str = "id") -> dict[str, Any]:
    """The expression that is one attribute of a resource."""
    return refers(f"{address}.{attribute}", address)


def made(address: str, values: dict[str, Any], **said: Any) -> dict[str, Any]:
    """A resource of which the arguments `said` are known after apply."""
    constants = {name: {"constant_value": value} for name, value in values.items()}
    return planned(address, values, {**constants, **said}, dict.fromkeys(said, True))


NETWORK = [
    made("aws_vpc.main", {"cidr_block": "10.0.0.0/16", "enable_dns_hostnames": True, "instance_tenancy": "default",
                          "assign_generated_ipv6_cidr_block": False, "tags": {"Name": "main"}}),
    made("aws_subnet.a", {"cidr_block": "10.0.0.0/24", "availability_zone": "us-east-1a"}, vpc_id=ref("aws_vpc.main")),
    made("aws_subnet.b", {"cidr_block": "10.0.1.0/24", "availability_zone": "us-east-1b"}, vpc_id=ref("aws_vpc.main")),
    made("aws_internet_gateway.gw", {}, vpc_id=ref("aws_vpc.main")),
    made("aws_eip.nat", {"domain": "vpc"}),
    made("aws_nat_gateway.nat", {"connectivity_type": "public"}, allocation_id=ref("aws_eip.nat"),
         subnet_id=ref("aws_subnet.a")),
    planned("aws_route_table.public", {"route": [{"cidr_block": "0.0.0.0/0"}]},
            {"vpc_id": ref("aws_vpc.main"), "route": [{"gateway_id": ref("aws_internet_gateway.gw")}]},
            {"vpc_id": True, "route": [{"gateway_id": True}]}),
    made("aws_route_table_association.a", {}, subnet_id=ref("aws_subnet.a"),
         route_table_id=ref("aws_route_table.public")),
    made("aws_route.nat", {"destination_cidr_block": "10.9.0.0/16"}, route_table_id=ref("aws_route_table.public"),
         nat_gateway_id=ref("aws_nat_gateway.nat")),
    made("aws_network_acl.acl", {"ingress": [{"rule_no": 100, "action": "allow", "protocol": "tcp", "from_port": 443,
                                              "to_port": 443, "cidr_block": "0.0.0.0/0"}],
                                 "egress": [{"rule_no": 100, "action": "allow", "protocol": "-1", "from_port": 0,
                                             "to_port": 0, "cidr_block": "0.0.0.0/0"}]},
         vpc_id=ref("aws_vpc.main"), subnet_ids=ref("aws_subnet.a")),
    made("aws_security_group.web", {"name": "web", "description": "web", "ingress": [
        {"from_port": 443, "to_port": 443, "protocol": "tcp", "cidr_blocks": ["0.0.0.0/0"], "self": True}],
        "egress": [{"from_port": 0, "to_port": 0, "protocol": "-1", "cidr_blocks": ["0.0.0.0/0"]}]},
        vpc_id=ref("aws_vpc.main")),
    made("aws_vpc_security_group_ingress_rule.http", {"ip_protocol": "tcp", "from_port": 80, "to_port": 80,
                                                      "cidr_ipv4": "10.0.0.0/8"},
         security_group_id=ref("aws_security_group.web")),
    made("aws_vpc_endpoint.s3", {"service_name": "com.amazonaws.us-east-1.s3", "vpc_endpoint_type": "Gateway"},
         vpc_id=ref("aws_vpc.main"), route_table_ids=ref("aws_route_table.public")),
    made("aws_flow_log.flow", {"traffic_type": "ALL", "log_destination_type": "s3",
                               "log_destination": "arn:aws:s3:::logs-of-flows"}, vpc_id=ref("aws_vpc.main")),
]  # fmt: skip
BALANCED = [
    made("aws_lb.web", {"name": "web", "internal": False, "load_balancer_type": "application", "idle_timeout": 30,
                        "drop_invalid_header_fields": True},
         security_groups=ref("aws_security_group.web"),
         subnets=refers("aws_subnet.a.id", "aws_subnet.a", "aws_subnet.b.id", "aws_subnet.b")),
    made("aws_lb_target_group.web", {"name": "web", "port": 80, "protocol": "HTTP", "deregistration_delay": "30",
                                     "health_check": [{"enabled": True, "path": "/", "port": "traffic-port"}]},
         vpc_id=ref("aws_vpc.main")),
    planned("aws_lb_listener.https", {"port": 443, "protocol": "HTTPS", "ssl_policy": "ELBSecurityPolicy-2016-08",
                                      "certificate_arn": "arn:aws:acm:us-east-1:123456789012:certificate/c",
                                      "default_action": [{"type": "forward", "order": 1}]},
            {"load_balancer_arn": ref("aws_lb.web", "arn"),
             "default_action": [{"target_group_arn": ref("aws_lb_target_group.web", "arn")}]},
            {"load_balancer_arn": True, "default_action": [{"target_group_arn": True}]}),
    made("aws_lb_listener_rule.api", {"priority": 10, "action": [{"type": "fixed-response", "fixed_response": [
        {"content_type": "text/plain", "message_body": "no", "status_code": "404"}]}],
        "condition": [{"path_pattern": [{"values": ["/api/*"]}]}]}, listener_arn=ref("aws_lb_listener.https", "arn")),
    made("aws_launch_template.web", {"name": "web", "image_id": "ami-0123456789abcdef0", "instance_type": "t3.micro",
                                     "ebs_optimized": "true", "metadata_options": [{"http_tokens": "required"}],
                                     "block_device_mappings": [{"device_name": "/dev/xvda", "ebs": [
                                         {"encrypted": "true", "volume_size": 20, "volume_type": "gp3"}]}]},
         vpc_security_group_ids=ref("aws_security_group.web")),
    planned("aws_autoscaling_group.web", {"name": "web", "min_size": 1, "max_size": 3,
                                          "launch_template": [{"version": "$Latest"}],
                                          "tag": [{"key": "Name", "value": "web", "propagate_at_launch": True}]},
            {"vpc_zone_identifier": ref("aws_subnet.a"), "target_group_arns": ref("aws_lb_target_group.web", "arn"),
             "launch_template": [{"id": ref("aws_launch_template.web")}]},
            {"vpc_zone_identifier": True, "target_group_arns": True, "launch_template": [{"id": True}]}),
    made("aws_elb.old", {"name": "old", "internal": True, "listener": [
        {"instance_port": 80, "instance_protocol": "http", "lb_port": 80, "lb_protocol": "http"}],
        "health_check": [{"target": "HTTP:80/", "interval": 30, "timeout": 5, "healthy_threshold": 2,
                          "unhealthy_threshold": 2}]}, subnets=ref("aws_subnet.a")),
]  # fmt: skip
STORED = [
    made("aws_db_subnet_group.db", {"name": "db", "description": "Managed by Terraform"},
         subnet_ids=refers("aws_subnet.a.id", "aws_subnet.a", "aws_subnet.b.id", "aws_subnet.b")),
    made("aws_db_parameter_group.pg", {"name": "pg", "family": "postgres16", "parameter": [
        {"name": "rds.force_ssl", "value": "1", "apply_method": "immediate"}]}),
    made("aws_db_instance.db", {"identifier": "db", "engine": "postgres", "engine_version": "16.4", "username": "root",
                                "instance_class": "db.t3.micro", "allocated_storage": 20, "storage_encrypted": True,
                                "password": "very-secret", "skip_final_snapshot": True, "multi_az": False},
         db_subnet_group_name=ref("aws_db_subnet_group.db", "name"),
         parameter_group_name=ref("aws_db_parameter_group.pg", "name"),
         vpc_security_group_ids=ref("aws_security_group.web")),
    made("aws_rds_cluster.c", {"cluster_identifier": "c", "engine": "aurora-postgresql", "master_username": "root",
                               "manage_master_user_password": True, "storage_encrypted": True}),
    made("aws_rds_cluster_instance.c", {"identifier": "c-1", "engine": "aurora-postgresql",
                                        "instance_class": "db.r6g.large"},
         cluster_identifier=ref("aws_rds_cluster.c")),
    made("aws_s3_bucket.b", {"bucket": "orders-of-tests", "force_destroy": True}),
    made("aws_s3_bucket_server_side_encryption_configuration.b", {"rule": [{"apply_server_side_encryption_by_default":
         [{"sse_algorithm": "aws:kms", "kms_master_key_id": "alias/aws/s3"}], "bucket_key_enabled": True}]},
         bucket=ref("aws_s3_bucket.b")),
    made("aws_s3_bucket_lifecycle_configuration.b", {"rule": [
        {"id": "old", "status": "Enabled", "filter": [{"prefix": "logs/"}], "expiration": [{"days": 30}],
         "transition": [{"days": 7, "storage_class": "GLACIER"}],
         "noncurrent_version_expiration": [{"noncurrent_days": 3}],
         "abort_incomplete_multipart_upload": [{"days_after_initiation": 1}]}]}, bucket=ref("aws_s3_bucket.b")),
    planned("aws_s3_bucket_notification.b", {"lambda_function": [
        {"events": ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"], "filter_suffix": ".csv"}]},
        {"bucket": ref("aws_s3_bucket.b"), "lambda_function": [
            {"lambda_function_arn": ref("aws_lambda_function.f", "arn")}]},
        {"bucket": True, "lambda_function": [{"lambda_function_arn": True}]}),
]  # fmt: skip
CALLED = [
    made("aws_iam_role.r", {"name": "r", "assume_role_policy": ROLE, "path": "/", "max_session_duration": 3600}),
    made("aws_iam_role_policy_attachment.r", {"policy_arn": "arn:aws:iam::aws:policy/AWSLambdaExecute"},
         role=ref("aws_iam_role.r", "name")),
    made("aws_lambda_function.f", {"function_name": "f", "handler": "a.b", "runtime": "python3.12", "filename": "f.zip",
                                   "reserved_concurrent_executions": -1, "memory_size": 128, "timeout": 3,
                                   "environment": [{"variables": {"TABLE": "orders"}}]},
         role=ref("aws_iam_role.r", "arn")),
    made("aws_api_gateway_rest_api.api", {"name": "api", "minimum_compression_size": "-1",
                                          "endpoint_configuration": [{"types": ["REGIONAL"]}]}),
    made("aws_api_gateway_resource.x", {"path_part": "x"}, rest_api_id=ref("aws_api_gateway_rest_api.api"),
         parent_id=ref("aws_api_gateway_rest_api.api", "root_resource_id")),
    made("aws_api_gateway_method.get", {"http_method": "GET", "authorization": "NONE"},
         rest_api_id=ref("aws_api_gateway_rest_api.api"), resource_id=ref("aws_api_gateway_resource.x")),
    made("aws_api_gateway_integration.get", {"http_method": "GET", "type": "AWS_PROXY",
                                             "integration_http_method": "POST", "connection_type": "INTERNET"},
         rest_api_id=ref("aws_api_gateway_rest_api.api"), resource_id=ref("aws_api_gateway_resource.x"),
         uri=ref("aws_lambda_function.f", "invoke_arn")),
    made("aws_api_gateway_method_response.ok", {"http_method": "GET", "status_code": "200"},
         rest_api_id=ref("aws_api_gateway_rest_api.api"), resource_id=ref("aws_api_gateway_resource.x")),
    made("aws_api_gateway_deployment.d", {}, rest_api_id=ref("aws_api_gateway_rest_api.api")),
    made("aws_api_gateway_stage.v1", {"stage_name": "v1", "xray_tracing_enabled": True},
         rest_api_id=ref("aws_api_gateway_rest_api.api"), deployment_id=ref("aws_api_gateway_deployment.d")),
    made("aws_api_gateway_method_settings.all", {"stage_name": "v1", "method_path": "*/*",
                                                 "settings": [{"logging_level": "INFO", "throttling_burst_limit": -1}]},
         rest_api_id=ref("aws_api_gateway_rest_api.api")),
    made("aws_apigatewayv2_api.http", {"name": "http", "protocol_type": "HTTP", "tags": {"a": "b"},
                                       "cors_configuration": [{"allow_origins": ["https://example.org"]}]}),
    made("aws_apigatewayv2_integration.f", {"integration_type": "AWS_PROXY", "payload_format_version": "2.0"},
         api_id=ref("aws_apigatewayv2_api.http"), integration_uri=ref("aws_lambda_function.f", "invoke_arn")),
    made("aws_apigatewayv2_route.f", {"route_key": "GET /x", "authorization_type": "NONE"},
         api_id=ref("aws_apigatewayv2_api.http"), target=ref("aws_apigatewayv2_integration.f")),
    made("aws_apigatewayv2_stage.d", {"name": "$default", "auto_deploy": True},
         api_id=ref("aws_apigatewayv2_api.http")),
]  # fmt: skip
SYSTEM = [*NETWORK, *BALANCED, *STORED, *CALLED]


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The resources of a plan of a whole system."""
    return resources(plan(tmp_path_factory.mktemp("system"), *SYSTEM))


def test_nothing_of_a_whole_system_is_unknown(system: Any) -> None:
    assert system.unknown == []
    assert sorted(system.parameters) == [
        "DbInstanceDbPassword",
        "LambdaFunctionFCodeS3Bucket",
        "LambdaFunctionFCodeS3Key",
    ]


def test_the_validator_of_aws_objects_to_nothing_in_a_whole_system(system: Any) -> None:
    assert complaints(system) == []


def test_networks_have_their_shape(system: Any) -> None:
    assert system["VpcMain"].properties == {
        "CidrBlock": "10.0.0.0/16",
        "EnableDnsHostnames": True,
        "Tags": [{"Key": "Name", "Value": "main"}],
    }
    assert system["InternetGatewayGwAttachment"].properties == {
        "VpcId": {"Ref": "VpcMain"},
        "InternetGatewayId": {"Ref": "InternetGatewayGw"},
    }
    route = system["RouteTablePublicRoute"]
    assert route.get("GatewayId") == {"Ref": "InternetGatewayGw"}
    assert route.attributes == {"DependsOn": "InternetGatewayGwAttachment"}
    assert system["NatGatewayNat"].get("AllocationId") == {"Fn::GetAtt": ["EipNat", "AllocationId"]}
    assert system["NetworkAclAclIngress1"].properties == {
        "NetworkAclId": {"Fn::GetAtt": ["NetworkAclAcl", "Id"]},
        "RuleNumber": 100,
        "RuleAction": "allow",
        "Protocol": 6,
        "Egress": False,
        "CidrBlock": "0.0.0.0/0",
        "PortRange": {"From": 443, "To": 443},
    }


def test_a_rule_with_the_group_itself_stands_apart(system: Any) -> None:
    own = {"Fn::GetAtt": ["SecurityGroupWeb", "GroupId"]}
    assert system["SecurityGroupWeb"].get("SecurityGroupIngress") == [
        {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "0.0.0.0/0"}
    ]
    assert system["SecurityGroupWebIngressRule"].properties == {
        "GroupId": own,
        "IpProtocol": "tcp",
        "FromPort": 443,
        "ToPort": 443,
        "SourceSecurityGroupId": own,
    }


def test_load_balancers_have_their_shape(system: Any) -> None:
    assert system["LbWeb"].get("LoadBalancerAttributes") == [
        {"Key": "idle_timeout.timeout_seconds", "Value": "30"},
        {"Key": "routing.http.drop_invalid_header_fields.enabled", "Value": "true"},
    ]
    assert system["LbListenerHttps"].get("DefaultActions") == [
        {"Type": "forward", "Order": 1, "TargetGroupArn": {"Ref": "LbTargetGroupWeb"}}
    ]
    assert system["LbListenerRuleApi"].get("Conditions") == [
        {"Field": "path-pattern", "PathPatternConfig": {"Values": ["/api/*"]}}
    ]
    assert system["AutoscalingGroupWeb"].get("LaunchTemplate") == {
        "LaunchTemplateId": {"Ref": "LaunchTemplateWeb"},
        "Version": {"Fn::GetAtt": ["LaunchTemplateWeb", "LatestVersionNumber"]},
    }


def test_databases_are_kept_as_terraform_would(system: Any) -> None:
    assert system["DbInstanceDb"].attributes == {"DeletionPolicy": "Delete", "UpdateReplacePolicy": "Delete"}
    assert system["DbParameterGroupPg"].get("Parameters") == {"rds.force_ssl": "1"}
    assert system["RdsClusterInstanceC"].get("DBClusterIdentifier") == {"Ref": "RdsClusterC"}


def test_a_bucket_has_an_entry_for_every_event(system: Any) -> None:
    function = {"Fn::GetAtt": ["LambdaFunctionF", "Arn"]}
    filtered = {"S3Key": {"Rules": [{"Name": "suffix", "Value": ".csv"}]}}
    assert system["S3BucketB"].get("NotificationConfiguration", "LambdaConfigurations") == [
        {"Event": "s3:ObjectCreated:*", "Function": function, "Filter": filtered},
        {"Event": "s3:ObjectRemoved:*", "Function": function, "Filter": filtered},
    ]
    assert system["S3BucketB"].get("LifecycleConfiguration", "Rules", 0) == {
        "Id": "old",
        "Status": "Enabled",
        "ExpirationInDays": 30,
        "Transitions": [{"StorageClass": "GLACIER", "TransitionInDays": 7}],
        "NoncurrentVersionExpiration": {"NoncurrentDays": 3},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
        "Prefix": "logs/",
    }


def test_a_method_has_its_integration_and_responses(system: Any) -> None:
    method = system["ApiGatewayMethodGet"]
    assert method.get("Integration", "Uri") == {
        "Fn::Sub": "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/"
        "${LambdaFunctionF.Arn}/invocations"
    }
    assert method.get("MethodResponses") == [{"StatusCode": "200"}]
    assert system["ApiGatewayDeploymentD"].attributes == {"DependsOn": ["ApiGatewayMethodGet"]}
    assert system["ApiGatewayStageV1"].get("MethodSettings") == [
        {"ResourcePath": "/*", "HttpMethod": "*", "LoggingLevel": "INFO"}
    ]
    assert system["Apigatewayv2RouteF"].get("Target") == {"Fn::Sub": "integrations/${Apigatewayv2IntegrationF}"}
    assert system["Apigatewayv2ApiHttp"].get("Tags") == {"a": "b"}


def test_every_listed_type_has_a_mapping() -> None:
    types = index(PACKAGE, "TYPES")
    assert len(types) >= 120
    assert [t for t in types if not isinstance(mapping_of(t), Mapping)] == []


@pytest.mark.parametrize("kind", sorted(index(PACKAGE, "TYPES")))
def test_a_resource_that_says_nothing_is_read(tmp_path: Path, kind: str) -> None:
    found = resources(plan(tmp_path, planned(f"{kind}.x", {}), planned(f"{kind}.y", {"name": None, "tags": {}})))
    assert len(found) >= 2


ODD = (None, True, -1, "", "x", [], {}, [None], [{}], {"a": 1}, [[1]], refers("aws_vpc.main"), {"Ref": 3}, "[1]", 1.5)


def _spoiled(value: Any, chance: random.Random) -> Any:
    if chance.random() < 0.02:
        return chance.choice(ODD)
    if isinstance(value, dict):
        return {k: _spoiled(v, chance) for k, v in value.items()}
    return [_spoiled(v, chance) for v in value] if isinstance(value, list) else value


@pytest.mark.parametrize("seed", range(20))
def test_values_of_any_shape_end_in_resources_or_an_error_of_the_input(tmp_path: Path, seed: int) -> None:
    path = plan(tmp_path, *SYSTEM)
    value = json.loads(path.read_text())
    chance = random.Random(seed)
    path.write_text(json.dumps({k: _spoiled(v, chance) if isinstance(v, dict | list) else v for k, v in value.items()}))
    with contextlib.suppress(InputError):
        found = resources(path)
        assert template(found)["AWSTemplateFormatVersion"]
        for resource in found:
            assert all(resource.location(*place).file == str(path) for place in resource.origins)


def test_nothing_of_a_whole_system_is_noted_as_without_counterpart_but_what_is(system: Any) -> None:
    notes = {r.logical_id: r.attributes["Metadata"] for r in system if "Metadata" in r.attributes}
    assert notes == {"S3BucketB": {"Terraform": {"force_destroy": True}}}
