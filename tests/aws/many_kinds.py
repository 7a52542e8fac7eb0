"""An account with things of many kinds, made through the API of whatever double stands at an address."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import boto3

REGION, OWNER = "eu-west-1", "123456789012"
_ROLE = f"arn:aws:iam::{OWNER}:role/worker"


def _policy(action: str, resource: str = "*", **more: Any) -> str:
    statement = {"Effect": "Allow", "Action": action, "Resource": resource, **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


_TRUST = json.dumps(
    {"Version": "2012-10-17",
     "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
)  # fmt: skip


def code() -> bytes:
    """A program for a function."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("a.py", "def h(event, context): pass")
    return held.getvalue()


class Things:
    """Makes the things; each maker stands alone but for the network."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.network: dict[str, Any] = {}

    def client(self, service: str) -> Any:
        return boto3.client(
            service, endpoint_url=self._url, region_name=REGION, aws_access_key_id=OWNER, aws_secret_access_key="x"
        )

    def make_network(self) -> None:
        ec2 = self.client("ec2")
        vpc = ec2.create_vpc(CidrBlock="10.7.0.0/16")["Vpc"]["VpcId"]
        ec2.create_tags(Resources=[vpc], Tags=[{"Key": "Name", "Value": "shop"}])
        subnets = [
            ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.7.{n}.0/24", AvailabilityZone=f"{REGION}{zone}")["Subnet"][
                "SubnetId"
            ]
            for n, zone in enumerate("ab")
        ]
        gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
        table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
        ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
        ec2.associate_route_table(RouteTableId=table, SubnetId=subnets[0])
        group = ec2.create_security_group(GroupName="web", Description="the web", VpcId=vpc)["GroupId"]
        rule = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
        ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule])
        inner = ec2.create_security_group(GroupName="inner", Description="inside", VpcId=vpc)["GroupId"]
        pair = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "UserIdGroupPairs": [{"GroupId": group}]}
        ec2.authorize_security_group_ingress(GroupId=inner, IpPermissions=[pair])
        self.network = {"vpc": vpc, "subnets": subnets, "group": group}

    def make_endpoint(self) -> None:
        self.client("ec2").create_vpc_endpoint(
            VpcId=self.network["vpc"], ServiceName=f"com.amazonaws.{REGION}.s3", VpcEndpointType="Gateway"
        )

    def make_volume(self) -> None:
        self.client("ec2").create_volume(AvailabilityZone=f"{REGION}a", Size=8, VolumeType="gp3")

    def make_roles(self) -> None:
        iam = self.client("iam")
        iam.create_role(RoleName="worker", AssumeRolePolicyDocument=_TRUST)
        iam.put_role_policy(RoleName="worker", PolicyName="own", PolicyDocument=_policy("s3:GetObject"))
        arn = iam.create_policy(PolicyName="shared", PolicyDocument=_policy("sqs:SendMessage"))["Policy"]["Arn"]
        iam.attach_role_policy(RoleName="worker", PolicyArn=arn)
        iam.create_instance_profile(InstanceProfileName="web")
        iam.add_role_to_instance_profile(InstanceProfileName="web", RoleName="worker")
        iam.create_user(UserName="ci")
        iam.create_group(GroupName="people")

    def make_function(self) -> None:
        lambda_ = self.client("lambda")
        arn = lambda_.create_function(
            FunctionName="worker", Runtime="python3.12", Role=_ROLE, Handler="a.h", Code={"ZipFile": code()},
            Environment={"Variables": {"MODE": "fast"}}, Timeout=30,
        )["FunctionArn"]  # fmt: skip
        lambda_.add_permission(
            FunctionName=arn, StatementId="s", Action="lambda:InvokeFunction", Principal="sns.amazonaws.com"
        )

    def make_queues(self) -> None:
        sqs = self.client("sqs")
        sqs.create_queue(QueueName="lost")
        dead = json.dumps({"deadLetterTargetArn": f"arn:aws:sqs:{REGION}:{OWNER}:lost", "maxReceiveCount": "3"})
        url = sqs.create_queue(QueueName="orders", Attributes={"DelaySeconds": "7", "RedrivePolicy": dead})["QueueUrl"]
        said = _policy("sqs:SendMessage", f"arn:aws:sqs:{REGION}:{OWNER}:orders", Principal={"AWS": OWNER})
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": said})
        sqs.create_queue(QueueName="first.fifo", Attributes={"FifoQueue": "true"})

    def make_topic(self) -> None:
        sns = self.client("sns")
        arn = sns.create_topic(Name="news", Attributes={"DisplayName": "News"})["TopicArn"]
        sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=f"arn:aws:sqs:{REGION}:{OWNER}:orders")

    def make_table(self) -> None:
        self.client("dynamodb").create_table(
            TableName="orders", KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}], BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        )  # fmt: skip

    def make_buckets(self) -> None:
        s3 = self.client("s3")
        for name in ("shop-files", "shop-logs"):
            s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_bucket_versioning(Bucket="shop-files", VersioningConfiguration={"Status": "Enabled"})
        rule = {"ID": "old", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 30}}
        s3.put_bucket_lifecycle_configuration(Bucket="shop-logs", LifecycleConfiguration={"Rules": [rule]})
        policy = _policy("s3:GetObject", "arn:aws:s3:::shop-files/*", Principal={"AWS": OWNER})
        s3.put_bucket_policy(Bucket="shop-files", Policy=policy)

    def make_key(self) -> None:
        kms = self.client("kms")
        key = kms.create_key(Description="orders")["KeyMetadata"]["KeyId"]
        kms.create_alias(AliasName="alias/orders", TargetKeyId=key)

    def make_secrets(self) -> None:
        self.client("secretsmanager").create_secret(Name="orders", SecretString="hunter2")
        self.client("ssm").put_parameter(Name="/orders/mode", Value="fast", Type="String")

    def make_events(self) -> None:
        events = self.client("events")
        events.create_event_bus(Name="shop")
        events.put_rule(Name="placed", EventBusName="shop", EventPattern='{"source": ["orders"]}')
        target = {"Id": "q", "Arn": f"arn:aws:sqs:{REGION}:{OWNER}:orders"}
        events.put_targets(Rule="placed", EventBusName="shop", Targets=[target])
        events.put_rule(Name="nightly", ScheduleExpression="rate(1 day)")

    def make_machine(self) -> None:
        said = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}})
        self.client("stepfunctions").create_state_machine(name="orders", definition=said, roleArn=_ROLE)

    def make_logs(self) -> None:
        logs = self.client("logs")
        logs.create_log_group(logGroupName="/shop/web")
        logs.put_retention_policy(logGroupName="/shop/web", retentionInDays=30)

    def make_alarm(self) -> None:
        self.client("cloudwatch").put_metric_alarm(
            AlarmName="late", MetricName="ApproximateAgeOfOldestMessage", Namespace="AWS/SQS", Statistic="Maximum",
            Period=60, EvaluationPeriods=1, Threshold=60.0, ComparisonOperator="GreaterThanThreshold",
            Dimensions=[{"Name": "QueueName", "Value": "orders"}],
        )  # fmt: skip

    def make_balancer(self) -> None:
        elb = self.client("elbv2")
        groups = [self.network["group"]]
        balancer = elb.create_load_balancer(Name="web", Subnets=self.network["subnets"], SecurityGroups=groups)
        arn = balancer["LoadBalancers"][0]["LoadBalancerArn"]
        target = elb.create_target_group(
            Name="web", Protocol="HTTP", Port=80, VpcId=self.network["vpc"], TargetType="ip"
        )["TargetGroups"][0]["TargetGroupArn"]
        elb.create_listener(
            LoadBalancerArn=arn,
            Protocol="HTTP",
            Port=80,
            DefaultActions=[{"Type": "forward", "TargetGroupArn": target}],
        )

    def make_databases(self) -> None:
        rds = self.client("rds")
        rds.create_db_subnet_group(
            DBSubnetGroupName="db", DBSubnetGroupDescription="databases", SubnetIds=self.network["subnets"]
        )
        rds.create_db_instance(
            DBInstanceIdentifier="orders", DBInstanceClass="db.t4g.micro", Engine="postgres", AllocatedStorage=20,
            MasterUsername="root", MasterUserPassword="hunter2-hunter2", DBSubnetGroupName="db", EngineVersion="16.4",
        )  # fmt: skip

    def make_caches(self) -> None:
        caches = self.client("elasticache")
        caches.create_cache_subnet_group(
            CacheSubnetGroupName="cache", CacheSubnetGroupDescription="caches", SubnetIds=self.network["subnets"]
        )

    def make_containers(self) -> None:
        self.client("ecr").create_repository(repositoryName="shop/web")
        ecs = self.client("ecs")
        ecs.create_cluster(clusterName="shop")
        container = {"name": "web", "image": "nginx", "memory": 128, "essential": True}
        ecs.register_task_definition(family="web", containerDefinitions=[container])

    def make_pool(self) -> None:
        pools = self.client("cognito-idp")
        pool = pools.create_user_pool(PoolName="people")["UserPool"]["Id"]
        pools.create_user_pool_client(UserPoolId=pool, ClientName="web")

    def make_apis(self) -> None:
        apis = self.client("apigatewayv2")
        api = apis.create_api(Name="orders", ProtocolType="HTTP")["ApiId"]
        apis.create_stage(ApiId=api, StageName="$default", AutoDeploy=True)
        rest = self.client("apigateway")
        rest.create_rest_api(name="old")

    def make_streams(self) -> None:
        self.client("kinesis").create_stream(StreamName="clicks", ShardCount=1)

    def make_zone(self) -> None:
        zone = self.client("route53").create_hosted_zone(Name="shop.example", CallerReference="1")["HostedZone"]["Id"]
        record = {"Name": "www.shop.example", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]}
        change = {"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]}
        self.client("route53").change_resource_record_sets(HostedZoneId=zone, ChangeBatch=change)

    def make_files(self) -> None:
        self.client("efs").create_file_system(CreationToken="shop", Encrypted=True)

    def make_schedules(self) -> None:
        self.client("scheduler").create_schedule_group(Name="shop")


def make(url: str) -> tuple[list[str], dict[str, str]]:
    """Make everything that the double takes; the makers that it took, and why it refused the others."""
    things = Things(url)
    made: list[str] = []
    refused: dict[str, str] = {}
    things.make_network()
    things.make_roles()
    for name in sorted(n for n in dir(Things) if n.startswith("make_")):
        maker: Callable[[], None] = getattr(things, name)
        if name in ("make_network", "make_roles"):
            continue
        try:
            maker()
            made.append(name.removeprefix("make_"))
        except Exception as error:  # what a double does not take is told by name
            refused[name.removeprefix("make_")] = str(error)[:200]
    return made, refused
