"""Changes to the deployed reference system, by AWS's own API, and what a comparison must say of each.

All of them stand at once when the account is read. A change with no `told` is harmless: it must be silent.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple

from tests.live.deploying import Cloud, Deployment


class Account(NamedTuple):
    """The deployed system, as mutations see it."""

    cloud: Cloud
    id: dict[str, str]
    """The physical id by logical id."""
    template: dict[str, Any]

    def to(self, service: str) -> Any:
        """A client of a service."""
        return self.cloud.client(service)

    @staticmethod
    def of(deployment: Deployment) -> Account:
        """The account of a deployment."""
        return Account(deployment.cloud, deployment.physical, deployment.template)


class Mutation(NamedTuple):
    """One change."""

    what: str
    change: Callable[[Account], Any]
    told: tuple[str, ...] = ()
    """What is said: `tier Resource Property`; `missing Resource`; `unmanaged Type`."""
    line: str = ""
    """What the line of architecture.yaml says that is told; empty for what stands in no line."""


ANYWHERE = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}


def _role(account: Account, name: str, edit: Callable[[dict[str, Any]], None]) -> None:
    """Change the inline policy of a role."""
    client, role = account.to("iam"), account.id[name]
    held = client.get_role_policy(RoleName=role, PolicyName="links")["PolicyDocument"]
    edit(held)
    client.put_role_policy(RoleName=role, PolicyName="links", PolicyDocument=json.dumps(held))


def _bucket(account: Account, name: str, edit: Callable[[dict[str, Any]], None], indent: int | None = None) -> None:
    """Change the policy of a bucket."""
    client, bucket = account.to("s3"), account.id[name]
    held = json.loads(client.get_bucket_policy(Bucket=bucket)["Policy"])
    edit(held)
    client.put_bucket_policy(Bucket=bucket, Policy=json.dumps(held, indent=indent))


def _queue(account: Account, name: str, **attributes: str) -> None:
    account.to("sqs").set_queue_attributes(QueueUrl=account.id[name], Attributes=attributes)


def _queue_policy(
    account: Account, name: str, edit: Callable[[dict[str, Any]], None], indent: int | None = None
) -> None:
    """Change the policy of a queue."""
    said = {"QueueUrl": account.id[name], "AttributeNames": ["Policy"]}
    held = json.loads(account.to("sqs").get_queue_attributes(**said)["Attributes"]["Policy"])
    edit(held)
    _queue(account, name, Policy=json.dumps(held, indent=indent))


def _function(account: Account, name: str, **said: Any) -> None:
    account.to("lambda").update_function_configuration(FunctionName=account.id[name], **said)


def _database(account: Account, **said: Any) -> None:
    account.to("rds").modify_db_instance(DBInstanceIdentifier=account.id["Db"], ApplyImmediately=True, **said)


def _alarm(account: Account, name: str, **said: Any) -> None:
    """An alarm as it is, with something else."""
    client = account.to("cloudwatch")
    held = client.describe_alarms(AlarmNames=[account.id[name]])["MetricAlarms"][0]
    kept = {
        k: held[k]
        for k in (
            "AlarmName", "AlarmDescription", "ActionsEnabled", "AlarmActions", "MetricName", "Namespace", "Statistic",
            "Dimensions", "Period", "EvaluationPeriods", "Threshold", "ComparisonOperator", "TreatMissingData",
        )
        if held.get(k) not in (None, "")
    }  # fmt: skip
    client.put_metric_alarm(**kept | said)


def _lifecycle(account: Account, name: str, days: int) -> None:
    rule = {"ID": "incomplete-uploads", "Status": "Enabled", "Filter": {"Prefix": ""},
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": days}}  # fmt: skip
    said = {"Bucket": account.id[name], "LifecycleConfiguration": {"Rules": [rule]}}
    account.to("s3").put_bucket_lifecycle_configuration(**said)


def _tags(account: Account, name: str, edit: Callable[[list[dict[str, str]]], None]) -> None:
    """Change the tags of a bucket."""
    client, bucket = account.to("s3"), account.id[name]
    held = [t for t in client.get_bucket_tagging(Bucket=bucket)["TagSet"] if not t["Key"].startswith("aws:")]
    edit(held)
    client.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": held})


def _rules_again(account: Account, name: str) -> None:
    """Take the ingress rules of a group away and put them back, the last first."""
    client, id = account.to("ec2"), account.id[name]
    held = client.describe_security_groups(GroupIds=[id])["SecurityGroups"][0]["IpPermissions"]
    client.revoke_security_group_ingress(GroupId=id, IpPermissions=held)
    for permission in reversed(held):
        client.authorize_security_group_ingress(GroupId=id, IpPermissions=[permission])


def _split_everyone(account: Account) -> None:
    """Port 443 from everywhere as the two halves of everywhere."""
    client, id = account.to("ec2"), account.id["AlbSg"]
    https = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
    client.revoke_security_group_ingress(GroupId=id, IpPermissions=[https | {"IpRanges": [{"CidrIp": "0.0.0.0/0"}]}])
    halves = [{"CidrIp": "0.0.0.0/1"}, {"CidrIp": "128.0.0.0/1"}]
    client.authorize_security_group_ingress(GroupId=id, IpPermissions=[https | {"IpRanges": halves}])


def _close(account: Account, name: str) -> None:
    """Take all ingress rules of a group away."""
    client, id = account.to("ec2"), account.id[name]
    held = client.describe_security_groups(GroupIds=[id])["SecurityGroups"][0]["IpPermissions"]
    client.revoke_security_group_ingress(GroupId=id, IpPermissions=held)


def _split_first(held: dict[str, Any]) -> None:
    """The first statement with several actions as one statement an action."""
    one = next(s for s in held["Statement"] if isinstance(s["Action"], list) and len(s["Action"]) > 1)
    held["Statement"].remove(one)
    held["Statement"] += [{**one, "Action": action} for action in one["Action"]]


def _actions(held: dict[str, Any], change: Callable[[list[str]], list[str]]) -> None:
    """Change the actions of the first statement."""
    first = held["Statement"][0]
    first["Action"] = change(first["Action"])


def _as_texts(held: dict[str, Any]) -> None:
    """Lists of one as the one."""
    for statement in held["Statement"]:
        for key in ("Action", "Resource"):
            if isinstance(statement[key], list) and len(statement[key]) == 1:
                statement[key] = statement[key][0]


def _pattern_again(account: Account) -> None:
    """An event pattern with other white space and the keys in another order."""
    client, name = account.to("events"), account.id["OnUpload"]
    held = json.loads(client.describe_rule(Name=name)["EventPattern"])
    text = json.dumps(dict(reversed(held.items())), indent=3)
    client.put_rule(Name=name, EventPattern=text, State="ENABLED")


def _dashboard_again(account: Account) -> None:
    client, name = account.to("cloudwatch"), account.id["Board"]
    held = json.loads(client.get_dashboard(DashboardName=name)["DashboardBody"])
    client.put_dashboard(DashboardName=name, DashboardBody=json.dumps(held, indent=1, sort_keys=True))


def _acl_entry(account: Account) -> None:
    said = {"NetworkAclId": account.id["DataAcl"], "RuleNumber": 100, "Protocol": "6", "RuleAction": "allow"}
    ports = {"From": 5432, "To": 5432}
    account.to("ec2").replace_network_acl_entry(**said, Egress=False, CidrBlock="0.0.0.0/0", PortRange=ports)


def _route(account: Account, name: str, **said: Any) -> None:
    id = account.id[name].rpartition("/")[2]
    account.to("apigatewayv2").update_route(ApiId=account.id["Api"], RouteId=id, **said)


def _web_acl(account: Account, limit: int) -> None:
    client = account.to("wafv2")
    name, id, scope = account.id["RegionalAcl"].split("|")
    held = client.get_web_acl(Name=name, Scope=scope, Id=id)
    acl = held["WebACL"]
    next(r for r in acl["Rules"] if r["Name"] == "rate")["Statement"]["RateBasedStatement"]["Limit"] = limit
    said = {k: acl[k] for k in ("DefaultAction", "Rules", "VisibilityConfig")}
    client.update_web_acl(Name=name, Scope=scope, Id=id, LockToken=held["LockToken"], **said)


def _vpc(account: Account, **said: Any) -> None:
    account.to("ec2").modify_vpc_attribute(VpcId=account.id["Vpc"], **said)


def _pool_client(account: Account, **said: Any) -> None:
    client = account.to("cognito-idp")
    ids = {"UserPoolId": account.id["Pool"], "ClientId": account.id["WebClient"]}
    held = client.describe_user_pool_client(**ids)["UserPoolClient"]
    kept = ("RefreshTokenValidity", "AccessTokenValidity", "IdTokenValidity", "TokenValidityUnits", "CallbackURLs",
            "ExplicitAuthFlows", "SupportedIdentityProviders", "LogoutURLs", "AllowedOAuthFlows", "AllowedOAuthScopes",
            "AllowedOAuthFlowsUserPoolClient", "PreventUserExistenceErrors", "EnableTokenRevocation")  # fmt: skip
    client.update_user_pool_client(**ids, **{k: held[k] for k in kept} | said)


def _balancer(account: Account, **said: str) -> None:
    attributes = [{"Key": k.replace("__", "."), "Value": v} for k, v in said.items()]
    account.to("elbv2").modify_load_balancer_attributes(LoadBalancerArn=account.id["CmsAlb"], Attributes=attributes)


def _new_function(account: Account) -> None:
    held = account.to("lambda").get_function_configuration(FunctionName=account.id["MailFn"])
    code = {"S3Bucket": "deployment", "S3Key": "mail_fn.zip"}
    said = {"FunctionName": "by-hand", "Runtime": "python3.13", "Handler": "index.handler", "Role": held["Role"]}
    account.to("lambda").create_function(**said, Code=code)


def _new_bucket(account: Account) -> None:
    where = {"LocationConstraint": account.cloud.region}
    account.to("s3").create_bucket(Bucket="by-hand-of-someone", CreateBucketConfiguration=where)


def _new_role(account: Account) -> None:
    trust = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}]}  # fmt: skip
    account.to("iam").create_role(RoleName="role-by-hand", AssumeRolePolicyDocument=json.dumps(trust))


def _trust(account: Account, name: str, principal: dict[str, Any]) -> None:
    trust = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}]}  # fmt: skip
    account.to("iam").update_assume_role_policy(RoleName=account.id[name], PolicyDocument=json.dumps(trust))


def _without_deny(held: dict[str, Any]) -> None:
    held["Statement"] = [s for s in held["Statement"] if s["Effect"] != "Deny"] or [
        {"Effect": "Deny", "Principal": "*", "Action": "s3:DeleteBucket", "Resource": held["Statement"][0]["Resource"]}
    ]


def _everyone(held: dict[str, Any]) -> None:
    bucket = held["Statement"][0]["Resource"][1]
    held["Statement"].append({"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": bucket})


REAL = (
    # functions
    Mutation("more memory", lambda a: _function(a, "OrdersFn", MemorySize=1024),
             ("declared OrdersFn MemorySize",), "memory_mb: 512"),
    Mutation("another runtime", lambda a: _function(a, "OrdersFn", Runtime="dotnet8"),
             ("declared OrdersFn Runtime",), "runtime: dotnet10"),
    Mutation("less time", lambda a: _function(a, "ValidateFn", Timeout=30),
             ("declared ValidateFn Timeout",), "timeout_s: 60"),
    Mutation("no traces", lambda a: _function(a, "ReportFn", TracingConfig={"Mode": "PassThrough"}),
             ("declared ReportFn TracingConfig.Mode",), "report_fn:"),
    Mutation("another subnet", lambda a: _function(a, "ReportFn", VpcConfig={
        "SubnetIds": [a.id["PublicSubnetA"]], "SecurityGroupIds": [a.id["FnSg"]]}),
             ("declared ReportFn VpcConfig.SubnetIds",), "in: {subnets: app, security_groups: [fn_sg]}"),
    Mutation("a variable that nobody declared", lambda a: _function(a, "MailFn", Environment={
        "Variables": {"DEBUG": "1"}}), ("undeclared MailFn Environment",), "mail_fn:"),
    Mutation("less concurrency", lambda a: a.to("lambda").put_function_concurrency(
        FunctionName=a.id["MailFn"], ReservedConcurrentExecutions=5),
             ("declared MailFn ReservedConcurrentExecutions",), "reserved_concurrency: 20"),
    Mutation("no failures kept", lambda a: _function(a, "ValidateFn", DeadLetterConfig={"TargetArn": ""}),
             ("declared ValidateFn DeadLetterConfig.TargetArn",), "dead_letter: dlq"),
    Mutation("larger batches", lambda a: a.to("lambda").update_event_source_mapping(
        UUID=a.id["MailsMailFnMapping"], BatchSize=1),
             ("declared MailsMailFnMapping BatchSize",), "{from: mails, to: mail_fn, verb: trigger"),
    Mutation("a function that nobody declared", _new_function, ("unmanaged by-hand",)),
    # queues and topics
    Mutation("less visibility", lambda a: _queue(a, "Jobs", VisibilityTimeout="900"),
             ("declared Jobs VisibilityTimeout",), "visibility_s: 1800"),
    Mutation("less retention", lambda a: _queue(a, "Dlq", MessageRetentionPeriod="86400"),
             ("declared Dlq MessageRetentionPeriod",), "retention_days: 14"),
    Mutation("more receives", lambda a: _queue(a, "Mails", RedrivePolicy=json.dumps(
        {"deadLetterTargetArn": f"arn:aws:sqs:{a.cloud.region}:{a.cloud.account}:{a.id['Dlq'].rpartition('/')[2]}",
         "maxReceiveCount": 50})),
             ("declared Mails RedrivePolicy.maxReceiveCount",), "dead_letter: {queue: dlq, max_receives: 5}"),
    Mutation("a delay that nobody declared", lambda a: _queue(a, "Mails", DelaySeconds="30"),
             ("undeclared Mails DelaySeconds",), "mails:"),
    Mutation("a queue takes what comes without TLS", lambda a: _queue_policy(a, "Jobs", _without_deny),
             ("declared JobsPolicy PolicyDocument.Statement[0]",), "jobs:"),
    Mutation("someone more is told", lambda a: a.to("sns").subscribe(
        TopicArn=a.id["Ops"], Protocol="email", Endpoint="someone@example.org"), ("unmanaged *:cast3-Ops-*",)),
    # buckets
    Mutation("no versions", lambda a: a.to("s3").put_bucket_versioning(
        Bucket=a.id["Uploads"], VersioningConfiguration={"Status": "Suspended"}),
             ("declared Uploads VersioningConfiguration.Status",), "uploads:"),
    Mutation("public policies let in", lambda a: a.to("s3").put_public_access_block(
        Bucket=a.id["Reports"], PublicAccessBlockConfiguration={
            "BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": False,
            "RestrictPublicBuckets": True}),
             ("declared Reports PublicAccessBlockConfiguration.BlockPublicPolicy",), "reports:"),
    Mutation("unfinished uploads kept", lambda a: _lifecycle(a, "Logs", 70),
             ("declared Logs LifecycleConfiguration.Rules[0].AbortIncompleteMultipartUpload.DaysAfterInitiation",),
             "logs:"),
    Mutation("every page may upload", lambda a: a.to("s3").put_bucket_cors(
        Bucket=a.id["Uploads"], CORSConfiguration={"CORSRules": [
            {"AllowedOrigins": ["*"], "AllowedMethods": ["GET", "PUT"], "AllowedHeaders": ["*"],
             "ExposeHeaders": ["ETag"], "MaxAgeSeconds": 3000}]}),
             ("declared Uploads CorsConfiguration.CorsRules[0].AllowedOrigins[0]",), "cors: https://app.example.com"),
    Mutation("another owner", lambda a: _tags(a, "SpaFiles", lambda t: t.append(t.pop() | {"Value": "nobody"})),
             ("declared SpaFiles Tags[2].Value",), "spa_files:"),
    Mutation("a Deny taken away", lambda a: _bucket(a, "Uploads", _without_deny),
             ("declared UploadsPolicy PolicyDocument.Statement[0]",), "uploads:"),
    Mutation("everyone may read", lambda a: _bucket(a, "Reports", _everyone),
             ("declared ReportsPolicy PolicyDocument",), "reports:"),
    Mutation("a bucket that nobody declared", _new_bucket, ("unmanaged by-hand-of-someone",)),
    # groups and the network
    Mutation("SSH from everywhere", lambda a: a.to("ec2").authorize_security_group_ingress(
        GroupId=a.id["OpsSg"], IpPermissions=[ANYWHERE]), ("declared OpsSg SecurityGroupIngress",), "ops_sg:"),
    Mutation("a group let in more", lambda a: a.to("ec2").authorize_security_group_ingress(
        GroupId=a.id["CmsSg"], IpPermissions=[ANYWHERE | {"FromPort": 8080, "ToPort": 8080}]),
             ("declared CmsSg SecurityGroupIngress",), "to: cms"),
    Mutation("nobody let in", lambda a: _close(a, "DbSg"),
             ("declared DbSg SecurityGroupIngress[0]", "declared DbSg SecurityGroupIngress[1]"), "db"),
    Mutation("public addresses", lambda a: a.to("ec2").modify_subnet_attribute(
        SubnetId=a.id["AppSubnetA"], MapPublicIpOnLaunch={"Value": True}),
             ("declared AppSubnetA MapPublicIpOnLaunch",), "app:"),
    Mutation("no names", lambda a: _vpc(a, EnableDnsHostnames={"Value": False}),
             ("declared Vpc EnableDnsHostnames",), "vpc:"),
    Mutation("the second fence open", _acl_entry, ("declared DataAclIngress100 CidrBlock",), "number: 100"),
    Mutation("a way out", lambda a: a.to("ec2").create_route(
        RouteTableId=a.id["DataRouteTable"], DestinationCidrBlock="0.0.0.0/0", GatewayId=a.id["InternetGateway"]),
             ("unmanaged rtb-*|0.0.0.0/0",)),
    Mutation("no flow logs", lambda a: a.to("ec2").delete_flow_logs(FlowLogIds=[a.id["VpcFlowLog"]]),
             ("missing VpcFlowLog",), "flow_logs: cloudwatch"),
    # identities
    Mutation("an action more", lambda a: _role(a, "OrdersFnRole", lambda d: _actions(
        d, lambda x: [*x, "s3:DeleteObject"])),
             ("declared OrdersFnRole Policies[0].PolicyDocument.Statement[0]",), "orders_fn:"),
    Mutation("everything", lambda a: a.to("iam").attach_role_policy(
        RoleName=a.id["ReportFnRole"], PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess"),
             ("declared ReportFnRole ManagedPolicyArns",), "report_fn:"),
    Mutation("someone else's role", lambda a: _trust(a, "MailFnRole", {
        "Service": "lambda.amazonaws.com", "AWS": "arn:aws:iam::999999999999:root"}),
             ("declared MailFnRole AssumeRolePolicyDocument.Statement[0]",), "mail_fn:"),
    Mutation("a role that nobody declared", _new_role, ("unmanaged role-by-hand",)),
    Mutation("longer tokens", lambda a: _pool_client(a, AccessTokenValidity=600),
             ("declared WebClient AccessTokenValidity",), "access_token_min: 60"),
    Mutation("another page to return to", lambda a: _pool_client(a, CallbackURLs=["https://evil.example.com/"]),
             ("declared WebClient CallbackURLs[0]",), "callback_urls:"),
    # data
    Mutation("deletion allowed", lambda a: _database(a, DeletionProtection=False),
             ("declared Db DeletionProtection",), "db:"),
    Mutation("fewer backups", lambda a: _database(a, BackupRetentionPeriod=1),
             ("declared Db BackupRetentionPeriod",), "backup_days: 14"),
    Mutation("a larger class", lambda a: _database(a, DBInstanceClass="db.m7g.2xlarge"),
             ("declared Db DBInstanceClass",), "instance_class: db.m7g.large"),
    Mutation("connections without TLS", lambda a: a.to("rds").modify_db_parameter_group(
        DBParameterGroupName=a.id["DbParameterGroup"], Parameters=[
            {"ParameterName": "rds.force_ssl", "ParameterValue": "0", "ApplyMethod": "immediate"}]),
             ("declared DbParameterGroup Parameters.rds.force_ssl",), "parameters:"),
    Mutation("every connection for one proxy", lambda a: a.to("rds").modify_db_proxy_target_group(
        TargetGroupName="default", DBProxyName=a.id["DbProxy"], ConnectionPoolConfig={
            "MaxConnectionsPercent": 100, "MaxIdleConnectionsPercent": 40}),
             ("declared DbProxyTargetGroup ConnectionPoolConfigurationInfo.MaxConnectionsPercent",),
             "max_connections_percent: 80"),
    Mutation("keys for ever", lambda a: a.to("kms").disable_key_rotation(KeyId=a.id["OpsKey"]),
             ("declared OpsKey EnableKeyRotation",), "ops:"),
    # the API, containers, balancers
    Mutation("a door open", lambda a: _route(a, "ApiGETOrdersRoute", AuthorizationType="NONE"),
             ("declared ApiGETOrdersRoute AuthorizationType",), "authorizer: {jwt: web_client}"),
    Mutation("no throttling", lambda a: a.to("apigatewayv2").update_stage(
        ApiId=a.id["Api"], StageName="$default", DefaultRouteSettings={
            "DetailedMetricsEnabled": True, "ThrottlingRateLimit": 9000.0, "ThrottlingBurstLimit": 400}),
             ("declared ApiStage DefaultRouteSettings.ThrottlingRateLimit",), "throttle: {rps: 200, burst: 400}"),
    Mutation("fewer tasks", lambda a: a.to("ecs").update_service(
        cluster=a.id["CmsCluster"], service=a.id["Cms"], desiredCount=1), ("declared Cms DesiredCount",), "tasks: 2"),
    Mutation("images unseen", lambda a: a.to("ecr").put_image_scanning_configuration(
        repositoryName=a.id["CmsImages"], imageScanningConfiguration={"scanOnPush": False}),
             ("declared CmsImages ImageScanningConfiguration.ScanOnPush",), "scan_on_push: true"),
    Mutation("no access logs", lambda a: _balancer(a, access_logs__s3__enabled="false"),
             ("declared CmsAlb LoadBalancerAttributes[2].Value",), "access_logs: logs"),
    Mutation("more calls", lambda a: _web_acl(a, 20000),
             ("declared RegionalAcl Rules[0].Statement.RateBasedStatement.Limit",), "rate_limit: 2000"),
    Mutation("termination allowed", lambda a: a.to("ec2").modify_instance_attribute(
        InstanceId=a.id["OpsHost"], DisableApiTermination={"Value": False}),
             ("declared OpsHost DisableApiTermination",), "ops_host:"),
    # looking after it
    Mutation("kept for less", lambda a: a.to("logs").put_retention_policy(
        logGroupName=a.id["OrdersFnLogGroup"], retentionInDays=1),
             ("declared OrdersFnLogGroup RetentionInDays",), "log_retention_days: 30"),
    Mutation("a log group gone", lambda a: a.to("logs").delete_log_group(logGroupName=a.id["RegionalAclLogs"]),
             ("missing RegionalAclLogs",), "regional_acl:"),
    Mutation("a higher threshold", lambda a: _alarm(a, "JobsAlarm", Threshold=36000.0),
             ("declared JobsAlarm Threshold",), "above: 3600"),
    Mutation("nobody told", lambda a: _alarm(a, "MailAlarm", AlarmActions=[]),
             ("declared MailAlarm AlarmActions",), "mail_alarm:"),
    Mutation("an alarm gone", lambda a: a.to("cloudwatch").delete_alarms(AlarmNames=[a.id["DbCpuAlarm"]]),
             ("missing DbCpuAlarm",), "db_cpu_alarm:"),
    Mutation("another hour", lambda a: a.to("events").put_rule(
        Name=a.id["Nightly"], ScheduleExpression="cron(0 3 * * ? *)", State="ENABLED"),
             ("declared Nightly ScheduleExpression",), "schedule: cron(0 18 * * ? *)"),
)  # fmt: skip
HARMLESS = (
    Mutation("rules of a group in another order", lambda a: _rules_again(a, "ProxySg")),
    Mutation("a rule as two halves", _split_everyone),
    Mutation("statements in another order", lambda a: _queue_policy(a, "Dlq", lambda d: d["Statement"].reverse())),
    Mutation("a policy with white space", lambda a: _queue_policy(a, "Mails", lambda d: None, indent=4)),
    Mutation("a bucket's policy with white space", lambda a: _bucket(a, "SpaFiles", lambda d: None, indent=2)),
    Mutation("a statement as several", lambda a: _role(a, "ReportFnRole", _split_first)),
    Mutation("actions in another order", lambda a: _role(a, "ValidateFnRole", lambda d: _actions(
        d, lambda x: [*reversed(x)]))),
    Mutation("actions in other letters", lambda a: _role(a, "CmsRole", lambda d: _actions(
        d, lambda x: [action.lower() for action in x]))),
    Mutation("lists of one as texts", lambda a: _role(a, "MailFnRole", _as_texts)),
    Mutation("a statement twice", lambda a: _role(a, "DbProxyRole", lambda d: d["Statement"].append(
        dict(d["Statement"][0])))),
    Mutation("tags in another order", lambda a: _tags(a, "Logs", lambda t: t.reverse())),
    Mutation("a default said", lambda a: _queue(a, "Jobs", DelaySeconds="0", KmsDataKeyReusePeriodSeconds="300")),
    Mutation("a default of a function said", lambda a: _function(a, "ReportFn", MemorySize=2048, EphemeralStorage={
        "Size": 512})),
    Mutation("an alarm said once more", lambda a: _alarm(a, "ReportAlarm", ActionsEnabled=True)),
    Mutation("a pattern with white space", _pattern_again),
    Mutation("a dashboard with white space", _dashboard_again),
    Mutation("the same days", lambda a: _lifecycle(a, "Reports", 7)),
)  # fmt: skip
