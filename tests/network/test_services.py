"""Small whole systems of one service each: what reaches it, what it reaches, and what opens or shuts the way."""

from __future__ import annotations

from typing import Any

from archproof.network.system import Network
from archproof.proofs.connection import Prover
from archproof.resources.resource import Resource, Resources
from tests.network.test_codes import ALL, Lab, balanced, joined, open_web, ref, route, rule, vpc

ELB = "AWS::ElasticLoadBalancingV2::"


def verdict(lab: Lab, *question: Any) -> str:
    return lab.ask(*question).verdict


def codes(lab: Lab, *question: Any) -> list[str]:
    return [step.code for step in lab.ask(*question).blockers]


def guarded(port: int) -> Lab:
    """Servers in two zones, and a group `Inner` that takes one port from the servers' group."""
    lab = vpc(Lab(), "V", 0, "ab")
    return lab.add("Inner", "SecurityGroup", VpcId=ref("V"), SecurityGroupEgress=[],
                   SecurityGroupIngress=[rule("VGroup", "tcp", port)])  # fmt: skip


def test_a_file_system_is_met_at_its_mount_targets_on_the_port_of_nfs() -> None:
    lab = guarded(2049).add("Fs", "AWS::EFS::FileSystem")
    lab.add("Mount", "AWS::EFS::MountTarget", FileSystemId=ref("Fs"), SubnetId=ref("Vb"), SecurityGroups=[ref("Inner")])
    answer = lab.ask("VaServer", "Mount")
    assert (answer.verdict, answer.ports) == ("reachable", [(2049, 2049)])
    lab.say("Inner", SecurityGroupIngress=[rule("VGroup", "tcp", 443)])
    assert codes(lab, "VaServer", "Mount", 2049) == ["ENI_SG_RULES_MISMATCH"]


def test_the_control_plane_of_a_cluster_stands_in_the_subnets_that_it_is_given() -> None:
    lab = guarded(443)
    lab.add("Cluster", "AWS::EKS::Cluster", RoleArn="arn:aws:iam::111122223333:role/eks",
            ResourcesVpcConfig={"SubnetIds": [ref("Va"), ref("Vb")], "SecurityGroupIds": [ref("Inner")]})  # fmt: skip
    assert verdict(lab, "VaServer", "Cluster", 443) == "reachable"
    assert codes(lab, "VaServer", "Cluster", 22) == ["ENI_SG_RULES_MISMATCH"]


def tasks(lab: Lab, **configuration: Any) -> Lab:
    held = {"Subnets": [ref("Va")], "SecurityGroups": [ref("VGroup")], **configuration}
    return lab.add("Tasks", "AWS::ECS::Service", LaunchType="FARGATE",
                   NetworkConfiguration={"AwsvpcConfiguration": held})  # fmt: skip


def test_a_task_has_an_interface_of_its_own_and_a_public_address_where_it_says_so() -> None:
    lab = tasks(open_web())
    assert codes(lab, "Tasks", "8.8.8.8", 443) == ["IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS"]
    assert verdict(tasks(lab, AssignPublicIp="ENABLED"), "Tasks", "8.8.8.8", 443) == "reachable"
    assert verdict(lab, "internet", "Tasks", 443) == "reachable"


def test_a_database_proxy_stands_between_a_function_and_its_database() -> None:
    lab = guarded(5432)
    lab.add("F", "AWS::Lambda::Function", VpcConfig={"SubnetIds": [ref("Va")], "SecurityGroupIds": [ref("VGroup")]})
    lab.add("Proxy", "AWS::RDS::DBProxy", EngineFamily="POSTGRESQL", VpcSubnetIds=[ref("Va"), ref("Vb")],
            VpcSecurityGroupIds=[ref("PGroup")])  # fmt: skip
    lab.add("PGroup", "SecurityGroup", VpcId=ref("V"), SecurityGroupIngress=[rule("VGroup", "tcp", 5432)],
            SecurityGroupEgress=[rule("DGroup", "tcp", 5432, "Destination")])  # fmt: skip
    lab.add("DGroup", "SecurityGroup", VpcId=ref("V"), SecurityGroupIngress=[rule("PGroup", "tcp", 5432)],
            SecurityGroupEgress=[])  # fmt: skip
    lab.add("Subnets", "AWS::RDS::DBSubnetGroup", SubnetIds=[ref("Va"), ref("Vb")])
    lab.add("Db", "AWS::RDS::DBInstance", Engine="postgres", DBSubnetGroupName=ref("Subnets"),
            VPCSecurityGroups=[ref("DGroup")])  # fmt: skip
    assert lab.ask("F", "Proxy").ports == [(5432, 5432)]
    assert lab.ask("Proxy", "Db").ports == [(5432, 5432)]
    assert codes(lab, "F", "Db") == ["ENI_SG_RULES_MISMATCH"]


def test_a_cache_is_met_on_its_port_by_the_group_that_it_admits() -> None:
    lab = guarded(6379).add("Where", "AWS::ElastiCache::SubnetGroup", SubnetIds=[ref("Vb")], Description="d")
    lab.add("Cache", "AWS::ElastiCache::ReplicationGroup", CacheSubnetGroupName=ref("Where"),
            SecurityGroupIds=[ref("Inner")], ReplicationGroupDescription="d")  # fmt: skip
    assert lab.ask("VaServer", "Cache").ports == [(6379, 6379)]
    assert verdict(lab, "internet", "Cache") == "blocked"


def test_a_function_outside_every_vpc_reaches_what_is_public_and_nothing_private() -> None:
    lab = open_web().add("F", "AWS::Lambda::Function", Runtime="python3.13")
    assert verdict(lab, "F", "44.0.0.1", 443) == "reachable"
    assert verdict(lab, "F", "10.0.0.10", 443) == "blocked"
    assert codes(lab, "internet", "F", 443) == ["NO_PATH"]


def test_the_group_of_a_cluster_is_that_of_its_databases() -> None:
    lab = guarded(5432).add("Subnets", "AWS::RDS::DBSubnetGroup", SubnetIds=[ref("Va"), ref("Vb")])
    lab.add("Cluster", "AWS::RDS::DBCluster", Engine="aurora-postgresql", DBSubnetGroupName=ref("Subnets"),
            VpcSecurityGroupIds=[ref("Inner")])  # fmt: skip
    lab.add("Writer", "AWS::RDS::DBInstance", Engine="aurora-postgresql", DBClusterIdentifier=ref("Cluster"))
    assert lab.ask("VaServer", "Writer").ports == [(5432, 5432)]
    lab.say("Inner", SecurityGroupIngress=[])
    assert codes(lab, "VaServer", "Writer") == ["SG_HAS_NO_RULES"]


# -- load balancers


def test_a_target_by_its_address_is_met_like_one_by_its_name() -> None:
    lab = balanced().say("G", TargetType="ip", VpcId=ref("V"), Targets=[{"Id": "10.0.1.10"}])
    assert verdict(lab, "Client", "VbServer", 443) == "reachable"
    assert verdict(lab.say("G", Targets=[{"Id": "10.0.1.11"}]), "Client", "VbServer", 443) == "blocked"


def test_a_function_behind_a_balancer_is_invoked_and_not_connected_to() -> None:
    lab = balanced().say("G", TargetType="lambda", Targets=[{"Id": ref("F")}], Port=None, Protocol=None)
    lab.add("F", "AWS::Lambda::Function", VpcConfig={"SubnetIds": [ref("Vb")], "SecurityGroupIds": [ref("Inner")]})
    assert verdict(lab, "Client", "F", 443) == "blocked"


def test_a_network_balancer_before_an_application_balancer_is_followed_through_both() -> None:
    lab = balanced()
    lab.add("Front", f"{ELB}LoadBalancer", Type="network", Scheme="internal", Subnets=[ref("Va")])
    lab.add("FL", f"{ELB}Listener", LoadBalancerArn=ref("Front"), Port=8443, Protocol="TCP",
            DefaultActions=[{"Type": "forward", "TargetGroupArn": ref("FG")}])  # fmt: skip
    lab.add("FG", f"{ELB}TargetGroup", TargetType="alb", Port=443, Protocol="TCP", Targets=[{"Id": ref("B")}])
    answer = lab.ask("Client", "VbServer", 8443)
    assert (answer.verdict, answer.ports) == ("reachable", [(8443, 8443)])
    assert [hop.title for hop in answer.hops if hop.because.startswith("takes port")] == ["Front", "B"]
    # the application balancer sees the client
    lab.say("BGroup", SecurityGroupIngress=[rule("10.0.0.100/32")])
    assert verdict(lab, "Client", "VbServer", 8443) == "blocked"
    assert verdict(lab.say("BGroup", SecurityGroupIngress=[rule("10.0.0.20/32")]), "Client", "VbServer", 8443) == (
        "reachable"
    )


def test_targets_that_only_deployment_tells_leave_it_open() -> None:
    lab = balanced().say("G", Targets={"Fn::ImportValue": "theirs"}, VpcId=ref("V"))
    assert verdict(lab, "Client", "VbServer", 443) == "unknown"


def test_a_link_of_an_http_api_has_interfaces_of_its_own() -> None:
    lab = balanced().add("Link", "AWS::ApiGatewayV2::VpcLink", Name="l", SubnetIds=[ref("Va")],
                         SecurityGroupIds=[ref("VGroup")])  # fmt: skip
    assert verdict(lab, "Link", "VbServer", 443) == "reachable"
    lab.say("BGroup", SecurityGroupIngress=[])
    assert codes(lab, "Link", "VbServer", 443) == ["SG_HAS_NO_RULES"]


def test_a_link_of_a_rest_api_is_a_network_balancer() -> None:
    lab = balanced("network").add("Link", "AWS::ApiGateway::VpcLink", Name="l", TargetArns=[ref("B")])
    assert verdict(lab, "Link", "VbServer") == "reachable"
    assert verdict(lab.say("Inner", SecurityGroupIngress=[]), "Link", "VbServer") == "blocked"


def test_a_balancer_opens_connections_to_its_targets_alone() -> None:
    lab = balanced().say("VaServer", SecurityGroupIds=[ref("Inner")])
    assert lab.ask("B", "VbServer").ports == [(8080, 8080)]
    assert verdict(lab, "B", "VaServer") == "blocked"


# -- services and endpoints


def proof(lab: Lab, source: str, target: str, *actions: str) -> tuple[str, list[str]]:
    """The verdict of network and permission together, and the codes of what blocks."""
    resources = Resources(region="us-east-1", account="111122223333")
    for id, (type, said) in lab.parts.items():
        resources.add(Resource(id, type, {k: v for k, v in said.items() if v is not None}))
    found = Prover(resources).ask(source, target, actions=actions)
    return found.verdict, [blocker["code"] for blocker in found.as_dict()["blockers"]]


def statement(effect: str, action: str, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Statement": [{"Effect": effect, "Principal": "*", "Action": action, "Resource": resource, **more}]}


def caller(lab: Lab, action: str) -> Lab:
    """A function in a VPC whose role may do one thing."""
    lab.add("F", "AWS::Lambda::Function", Role={"Fn::GetAtt": ["Role", "Arn"]},
            VpcConfig={"SubnetIds": [ref("Va")], "SecurityGroupIds": [ref("VGroup")]})  # fmt: skip
    may = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]}
    trust = {"Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"},
                            "Action": "sts:AssumeRole"}]}  # fmt: skip
    return lab.add("Role", "AWS::IAM::Role", AssumeRolePolicyDocument=trust,
                   Policies=[{"PolicyName": "p", "PolicyDocument": may}])  # fmt: skip


def test_the_policy_of_a_gateway_endpoint_judges_what_goes_through_it() -> None:
    lab = caller(vpc(Lab(), "V", 0), "s3:GetObject").add("Bucket", "AWS::S3::Bucket")
    lab.add("E", "VPCEndpoint", VpcEndpointType="Gateway", VpcId=ref("V"), ServiceName="com.amazonaws.us-east-1.s3",
            RouteTableIds=[ref("VaTable")])  # fmt: skip
    assert proof(lab, "F", "Bucket", "s3:GetObject") == ("reachable", [])
    lab.say("E", PolicyDocument=statement("Allow", "s3:PutObject"))
    assert proof(lab, "F", "Bucket", "s3:GetObject") == ("blocked", ["ENDPOINT_POLICY_DENY"])
    assert proof(lab.say("E", PolicyDocument=statement("Allow", "s3:*")), "F", "Bucket", "s3:GetObject")[0] == (
        "reachable"
    )


def test_the_policy_of_an_interface_endpoint_judges_what_goes_through_it() -> None:
    lab = caller(vpc(Lab(), "V", 0), "sqs:SendMessage").add("Queue", "AWS::SQS::Queue")
    lab.add("E", "VPCEndpoint", VpcEndpointType="Interface", VpcId=ref("V"), SubnetIds=[ref("Va")],
            ServiceName="com.amazonaws.us-east-1.sqs", SecurityGroupIds=[ref("VGroup")], PrivateDnsEnabled=True,
            PolicyDocument=statement("Deny", "sqs:*"))  # fmt: skip
    assert proof(lab, "F", "Queue", "sqs:SendMessage") == ("blocked", ["ENDPOINT_POLICY_DENY"])
    assert proof(lab.say("E", PolicyDocument=None), "F", "Queue", "sqs:SendMessage") == ("reachable", [])


def test_a_private_api_asks_its_resource_policy_who_comes_by_which_endpoint() -> None:
    lab = caller(api_endpoint(), "execute-api:Invoke")
    assert proof(lab, "F", "Api", "execute-api:Invoke") == ("blocked", ["RESOURCE_POLICY_DENY"])
    lab.say("Api", Policy=statement("Allow", "execute-api:Invoke"))
    assert proof(lab, "F", "Api", "execute-api:Invoke") == ("reachable", [])
    lab.say("Api", Policy=statement("Deny", "execute-api:Invoke"))
    assert proof(lab, "F", "Api", "execute-api:Invoke") == ("blocked", ["RESOURCE_POLICY_DENY"])


def api_endpoint() -> Lab:
    lab = vpc(Lab(), "V", 0)
    lab.add(
        "Api", "AWS::ApiGateway::RestApi", EndpointConfiguration={"Types": ["PRIVATE"], "VpcEndpointIds": [ref("E")]}
    )
    return lab.add("E", "VPCEndpoint", VpcEndpointType="Interface", VpcId=ref("V"), SubnetIds=[ref("Va")],
                   ServiceName="com.amazonaws.us-east-1.execute-api", SecurityGroupIds=[ref("VGroup")],
                   PrivateDnsEnabled=True)  # fmt: skip


def test_a_private_api_is_met_through_its_endpoint_alone() -> None:
    lab = api_endpoint()
    assert verdict(lab, "VaServer", "Api", 443) == "reachable"
    assert verdict(lab, "internet", "Api", 443) == "blocked"
    assert verdict(lab.say("VGroup", SecurityGroupIngress=[]), "VaServer", "Api", 443) == "blocked"


def test_a_gateway_endpoint_of_another_region_serves_nothing_here() -> None:
    lab = vpc(Lab(), "V", 0).add("E", "VPCEndpoint", VpcEndpointType="Gateway", VpcId=ref("V"),
                                 ServiceName="com.amazonaws.us-east-1.s3", RouteTableIds=[ref("VaTable")])  # fmt: skip
    resources = Resources(region="us-east-1")
    for id, (type, said) in lab.parts.items():
        resources.add(Resource(id, type, said))
    assert Network(resources).ask("VaServer", "s3", 443).verdict == "reachable"
    far = Resources(region="eu-west-1")
    for id, (type, said) in lab.parts.items():
        far.add(Resource(id, type, said))
    assert Network(far).ask("VaServer", "s3", 443).verdict == "blocked"


# -- several regions and accounts


def apart(lab: Lab, **where: dict[str, str]) -> Network:
    """The network of a lab whose parts stand in the regions and accounts that `where` says by their first letters."""
    resources = Resources()
    for id, (type, said) in lab.parts.items():
        place = next((held for begin, held in where.items() if id.startswith(begin)), {})
        resources.add(Resource(id, type, said, **place))  # type: ignore[arg-type]
    return Network(resources)


def test_networks_of_two_regions_with_the_same_addresses_do_not_meet() -> None:
    lab = vpc(vpc(Lab(), "V", 0), "W", 0)
    network = apart(lab, V={"region": "us-east-1"}, W={"region": "eu-west-1"})
    assert network.ask("VaServer", "WaServer", 443).verdict == "blocked"
    assert network.ask("WaServer", "VaServer", 443).verdict == "blocked"


def test_networks_of_two_accounts_meet_where_they_are_peered() -> None:
    where = {"V": {"account": "111122223333"}, "W": {"account": "444455556666"}}
    assert apart(vpc(vpc(Lab(), "V", 0), "W", 1), **where).ask("VaServer", "WaServer", 443).verdict == "blocked"
    assert apart(joined("peering"), **where).ask("VaServer", "WaServer", 443).verdict == "reachable"


def test_a_subnet_that_is_routed_to_the_internet_in_one_region_opens_none_in_another() -> None:
    lab = vpc(vpc(Lab(), "V", 0), "W", 0)
    route(lab, "VaTable", ALL, GatewayId=ref("VGate"))
    lab.add("VaEip", "EIP", InstanceId=ref("VaServer"), Address="44.0.0.1")
    lab.add("WaEip", "EIP", InstanceId=ref("WaServer"), Address="44.0.0.2")
    network = apart(lab, V={"region": "us-east-1"}, W={"region": "eu-west-1"})
    assert network.ask("internet", "VaServer", 443).verdict == "reachable"
    assert [s.code for s in network.ask("internet", "WaServer", 443).blockers] == ["NO_ROUTE_TO_DESTINATION"]
