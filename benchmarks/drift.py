"""How long a live account takes: 10,000 resources of ten types in a double on loopback that answers after 50 ms.

usage: python benchmarks/drift.py [--size N] [--delay-ms N] [--threads N]

Prints the calls, wall and CPU seconds and the peak memory of reading the account by list calls alone, and of comparing
it with a model of all of it, in which one resource in a hundred is otherwise. The double is a process of its own: what
it takes is not counted. There is no peer on PyPI that compares a model with a live account.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import re
import resource
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ACCOUNT, REGION = "111122223333", "eu-west-1"
TARGETS = {"calls": 60, "seconds": 5.0, "megabytes": 400.0}
_TARGET = re.compile(r"Credential=[^/]+/\d+/([^/]+)/([^/]+)/")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=10_000, help="resources in the account (10000)")
    parser.add_argument("--delay-ms", type=int, default=50, help="how long each answer takes at least (50)")
    parser.add_argument("--threads", type=int, default=16, help="calls under way at a time (16)")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    each = options.size // len(TYPES)
    if options.serve:
        serve(each, options.delay_ms / 1000)
        return
    command = [sys.executable, __file__, "--serve", "--size", str(options.size), "--delay-ms", str(options.delay_ms)]
    double = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert double.stdout is not None
        measure(f"http://127.0.0.1:{double.stdout.readline().strip()}", each, options.threads)
    finally:
        double.terminate()
        double.wait()


def measure(url: str, each: int, threads: int) -> None:
    """Read, compare, and print both."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL"):
        os.environ.pop(name, None)
    os.environ |= {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_EC2_METADATA_DISABLED": "true"}
    from archproof.drift.comparing import Options, compare_systems
    from archproof.sources.aws import account
    from archproof.sources.aws.scope import Scope

    gc.disable()  # as the command line does
    scope = Scope(regions=(REGION,), endpoint_url=url, types=frozenset(TYPES), details=False, threads=threads)
    start, cpu = time.perf_counter(), time.process_time()
    live = account.read(scope)
    read = time.perf_counter() - start, time.process_time() - cpu, _peak_mb()
    print(f"reading       {len(live.resources.all):6,} resources   {live.calls:3} calls   {_figures(*read)}")
    for unread in live.unread:
        print(f"  unread: {unread.operation}: {unread.why}")
    model = declared(each)
    start, cpu = time.perf_counter(), time.process_time()
    found = compare_systems(model, live, Options(region=REGION, account=ACCOUNT))
    compared = time.perf_counter() - start, time.process_time() - cpu, _peak_mb()
    print(f"and comparing {len(found.bindings):6,} bound   {_figures(*compared)}")
    told = f"{len(found.of('declared'))} declared, {len(found.missing)} missing, {len(found.ambiguous)} ambiguous"
    print(f"  {told}, {len(found.of('unread'))} unread, {len(found.unmanaged)} unmanaged; {each * 2 // 100} seeded")
    within = {"calls": live.calls, "seconds": read[0], "megabytes": compared[2]}
    for name, most in TARGETS.items():
        print(f"  {name}: {within[name]:.4g} of {most:g} at most: {'kept' if within[name] <= most else 'MISSED'}")


def _figures(wall: float, cpu: float, memory: float) -> str:
    return f"wall {wall:5.2f} s   cpu {cpu:5.2f} s   memory {memory:4.0f} MB"


def _peak_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1024 if sys.platform != "darwin" else peak / 1024 / 1024


# -- what is declared


def declared(each: int) -> Any:
    """The model of the whole account: every queue of a hundred and every function of a hundred is otherwise."""
    from archproof.resources.resource import Resource, Resources

    found = Resources()
    for type, properties in TYPES.items():
        noun = type.rpartition("::")[2]
        for n in range(each):
            found.add(Resource(f"{noun}{n}", type, properties(n)))
    return found


def _tags(n: int) -> list[dict[str, str]]:
    return [{"Key": "Name", "Value": f"thing-{n}"}, {"Key": "team", "Value": "platform"}]


def _trust() -> dict[str, Any]:
    allowed = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    return {"Version": "2012-10-17", "Statement": [allowed]}


def _permission(n: int) -> dict[str, Any]:
    return {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": f"10.{n // 250}.{n % 250}.0/24"}


TYPES: dict[str, Callable[[int], dict[str, Any]]] = {
    "AWS::CloudWatch::Alarm": lambda n: {
        "AlarmName": f"thing-{n}", "Namespace": "AWS/SQS", "MetricName": "Depth", "Statistic": "Maximum",
        "Period": 300, "EvaluationPeriods": 1, "Threshold": 7 if n % 100 == 50 else 5,
        "ComparisonOperator": "GreaterThanThreshold",
    },
    "AWS::EC2::Instance": lambda n: {"InstanceType": "m7g.large", "Tags": _tags(n)},
    "AWS::EC2::NetworkInterface": lambda n: {"SubnetId": f"subnet-{n:017x}", "Tags": _tags(n)},
    "AWS::EC2::SecurityGroup": lambda n: {
        "GroupName": f"thing-{n}", "GroupDescription": "one of many", "VpcId": "vpc-00000000000000001",
        "SecurityGroupIngress": [_permission(n)], "Tags": _tags(n),
    },
    "AWS::EC2::Subnet": lambda n: {
        "VpcId": "vpc-00000000000000001", "CidrBlock": f"10.{n // 250}.{n % 250}.0/24", "Tags": _tags(n),
    },
    "AWS::IAM::Role": lambda n: {"RoleName": f"thing-{n}", "AssumeRolePolicyDocument": _trust(), "Tags": _tags(n)},
    "AWS::Lambda::Function": lambda n: {
        "FunctionName": f"thing-{n}", "Runtime": "python3.13", "Handler": "app.main", "Timeout": 9,
        "MemorySize": 1024 if n % 100 == 50 else 512, "Role": f"arn:aws:iam::{ACCOUNT}:role/thing-{n}",
    },
    "AWS::S3::Bucket": lambda n: {"BucketName": f"thing-{n}"},
    "AWS::SNS::Topic": lambda n: {"TopicName": f"thing-{n}"},
    "AWS::SQS::Queue": lambda n: {"QueueName": f"thing-{n}"},
}  # fmt: skip


# -- the double

Page = tuple[Callable[[int], Any], int]
"""What one resource is in an answer, and the most that one page has."""


def _xml(value: Any, name: str) -> str:
    """A value as the XML of AWS: entries of lists are items."""
    if isinstance(value, dict):
        return f"<{name}>{''.join(_xml(v, k) for k, v in value.items())}</{name}>"
    if isinstance(value, list):
        return f"<{name}>{''.join(_xml(v, 'member' if name[0].isupper() else 'item') for v in value)}</{name}>"
    return f"<{name}>{str(value).lower() if isinstance(value, bool) else value}</{name}>"


def _small_tags(n: int) -> list[dict[str, str]]:
    return [{"key": t["Key"], "value": t["Value"]} for t in _tags(n)]


def _instance(n: int) -> dict[str, Any]:
    held = {
        "instanceId": f"i-{n:017x}", "imageId": "ami-00000000000000001",
        "instanceState": {"code": 16, "name": "running"},
        "privateDnsName": f"ip-10-0-{n // 250}-{n % 250}.ec2.internal", "amiLaunchIndex": 0, "productCodes": [],
        "instanceType": "m7g.large", "launchTime": "2026-01-01T00:00:00.000Z", "placement": {
            "availabilityZone": f"{REGION}a", "groupName": "", "tenancy": "default"},
        "monitoring": {"state": "disabled"}, "subnetId": f"subnet-{n:017x}", "vpcId": "vpc-00000000000000001",
        "privateIpAddress": f"10.{n // 250}.{n % 250}.9", "sourceDestCheck": True, "architecture": "arm64",
        "groupSet": [{"groupId": f"sg-{n:017x}", "groupName": f"thing-{n}"}], "rootDeviceType": "ebs",
        "rootDeviceName": "/dev/xvda", "virtualizationType": "hvm", "ebsOptimized": True, "tagSet": _small_tags(n),
        "hypervisor": "nitro", "enaSupport": True, "networkInterfaceSet": [],
    }  # fmt: skip
    return {"reservationId": f"r-{n:017x}", "ownerId": ACCOUNT, "groupSet": [], "instancesSet": [held]}


def _interface(n: int) -> dict[str, Any]:
    return {
        "networkInterfaceId": f"eni-{n:017x}", "subnetId": f"subnet-{n:017x}", "vpcId": "vpc-00000000000000001",
        "availabilityZone": f"{REGION}a", "description": "", "ownerId": ACCOUNT, "requesterManaged": False,
        "status": "in-use", "macAddress": "0a:00:00:00:00:01", "privateIpAddress": f"10.{n // 250}.{n % 250}.9",
        "sourceDestCheck": True, "groupSet": [], "tagSet": _small_tags(n), "interfaceType": "interface",
    }  # fmt: skip


def _group(n: int) -> dict[str, Any]:
    rule = {"ipProtocol": "tcp", "fromPort": 443, "toPort": 443, "groups": [], "ipv6Ranges": [], "prefixListIds": [],
            "ipRanges": [{"cidrIp": f"10.{n // 250}.{n % 250}.0/24"}]}  # fmt: skip
    every = {"ipProtocol": "-1", "groups": [], "ipRanges": [{"cidrIp": "0.0.0.0/0"}]}
    return {"ownerId": ACCOUNT, "groupId": f"sg-{n:017x}", "groupName": f"thing-{n}", "tagSet": _small_tags(n),
            "groupDescription": "one of many", "vpcId": "vpc-00000000000000001", "ipPermissions": [rule],
            "ipPermissionsEgress": [every]}  # fmt: skip


def _subnet(n: int) -> dict[str, Any]:
    return {"subnetId": f"subnet-{n:017x}", "vpcId": "vpc-00000000000000001", "state": "available",
            "cidrBlock": f"10.{n // 250}.{n % 250}.0/24", "availableIpAddressCount": 251, "ownerId": ACCOUNT,
            "availabilityZone": f"{REGION}a", "defaultForAz": False, "mapPublicIpOnLaunch": False,
            "tagSet": _small_tags(n)}  # fmt: skip


def _role(n: int) -> dict[str, Any]:
    return {"RoleName": f"thing-{n}", "Path": "/", "RoleId": f"AROA{n:017}", "CreateDate": "2026-01-01T00:00:00Z",
            "Arn": f"arn:aws:iam::{ACCOUNT}:role/thing-{n}", "Tags": _tags(n), "AttachedManagedPolicies": [],
            "AssumeRolePolicyDocument": urllib.parse.quote(json.dumps(_trust())), "RolePolicyList": [],
            "InstanceProfileList": []}  # fmt: skip


def _function(n: int) -> dict[str, Any]:
    return {"FunctionName": f"thing-{n}", "FunctionArn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:thing-{n}",
            "Runtime": "python3.13", "Role": f"arn:aws:iam::{ACCOUNT}:role/thing-{n}", "Handler": "app.main",
            "CodeSize": 100, "Timeout": 9, "MemorySize": 512, "Version": "$LATEST", "PackageType": "Zip",
            "TracingConfig": {"Mode": "PassThrough"}, "Architectures": ["x86_64"], "EphemeralStorage": {"Size": 512},
            "LastModified": "2026-01-01T00:00:00.000+0000", "SnapStart": {"ApplyOn": "None"}}  # fmt: skip


def _alarm(n: int) -> dict[str, Any]:
    return {"AlarmName": f"thing-{n}", "AlarmArn": f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:thing-{n}",
            "Namespace": "AWS/SQS", "MetricName": "Depth", "Statistic": "Maximum", "Period": 300, "Dimensions": [],
            "EvaluationPeriods": 1, "Threshold": 5.0, "ComparisonOperator": "GreaterThanThreshold",
            "ActionsEnabled": True, "AlarmActions": [], "OKActions": [], "InsufficientDataActions": []}  # fmt: skip


OF_XML: dict[str, tuple[str, str, Callable[[int], Any], int]] = {
    "DescribeInstances": ("reservationSet", "nextToken", _instance, 1000),
    "DescribeNetworkInterfaces": ("networkInterfaceSet", "nextToken", _interface, 1000),
    "DescribeSecurityGroups": ("securityGroupInfo", "nextToken", _group, 1000),
    "DescribeSubnets": ("subnetSet", "nextToken", _subnet, 1000),
    "GetAccountAuthorizationDetails": ("RoleDetailList", "Marker", _role, 1000),
    "ListTopics": ("Topics", "NextToken", lambda n: {"TopicArn": f"arn:aws:sns:{REGION}:{ACCOUNT}:thing-{n}"}, 100),
}
OF_JSON: dict[str, tuple[str, str, Callable[[int], Any], int]] = {
    "DescribeAlarms": ("MetricAlarms", "NextToken", _alarm, 100),
    "ListQueues": ("QueueUrls", "NextToken", lambda n: f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/thing-{n}", 1000),
    "functions": ("Functions", "NextMarker", _function, 50),
}
"""By operation: the list, the token, one entry, and the most entries that AWS puts on a page."""


def answers(each: int) -> dict[tuple[str, str], bytes]:
    """Every answer, by operation and token, made before anything is measured."""
    found: dict[tuple[str, str], bytes] = {}
    for kind, table in (("xml", OF_XML), ("json", OF_JSON)):
        for operation, (key, token, entry, most) in table.items():
            for start in range(0, max(each, 1), most):
                held: dict[str, Any] = {key: [entry(n) for n in range(start, min(start + most, each))]}
                if start + most < each:
                    held[token] = str(start + most)
                if operation == "GetAccountAuthorizationDetails":
                    held["IsTruncated"] = start + most < each
                text = json.dumps(held) if kind == "json" else _wrapped(operation, held)
                found[operation, str(start) if start else ""] = text.encode()
    buckets = "".join(
        f"<Bucket><Name>thing-{n}</Name><CreationDate>2026-01-01T00:00:00Z</CreationDate>"
        f"<BucketRegion>{REGION}</BucketRegion></Bucket>" for n in range(each)
    )  # fmt: skip
    found["buckets", ""] = f"<ListAllMyBucketsResult><Buckets>{buckets}</Buckets></ListAllMyBucketsResult>".encode()
    who = f"<Arn>arn:aws:iam::{ACCOUNT}:user/a</Arn><UserId>A</UserId><Account>{ACCOUNT}</Account>"
    said = f"<GetCallerIdentityResult>{who}</GetCallerIdentityResult>"
    found["GetCallerIdentity", ""] = f"<GetCallerIdentityResponse>{said}</GetCallerIdentityResponse>".encode()
    return found


def _wrapped(operation: str, held: dict[str, Any]) -> str:
    inner = "".join(_xml(v, k) for k, v in held.items())
    if operation.startswith("Describe"):
        return f"<{operation}Response>{inner}</{operation}Response>"
    return f"<{operation}Response><{operation}Result>{inner}</{operation}Result></{operation}Response>"


def serve(each: int, delay: float) -> None:
    """Serve the account until the process ends; the port is told on standard output."""
    made = answers(each)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            asked = time.perf_counter()
            operation, token = _asked(self, body)
            data = made.get((operation, token)) or _nothing(operation, self)
            time.sleep(max(0.0, delay - (time.perf_counter() - asked)))
            self.send_response(200)
            self.send_header("Content-Type", "application/json" if data[:1] == b"{" else "text/xml")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_HEAD = _serve

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    print(server.server_port, flush=True)
    server.serve_forever()


def _asked(handler: BaseHTTPRequestHandler, body: str) -> tuple[str, str]:
    """The operation of a request, and the token of the page that it wants."""
    target = handler.headers.get("X-Amz-Target")
    if target:
        said = json.loads(body or "{}")
        return target.rpartition(".")[2], str(said.get("NextToken", ""))
    path, _, query = handler.path.partition("?")
    form = {k: v[0] for k, v in urllib.parse.parse_qs(body or query).items()}
    token = form.get("NextToken") or form.get("Marker") or form.get("nextToken") or ""
    if "Action" in form:
        return form["Action"], token
    match = _TARGET.search(handler.headers.get("Authorization", ""))
    return ("buckets" if match and match[2] == "s3" else path.strip("/").rpartition("/")[2]), token


def _nothing(operation: str, handler: BaseHTTPRequestHandler) -> bytes:
    """The empty answer of a list that the account has nothing in."""
    if handler.headers.get("X-Amz-Target") or handler.command == "GET":
        return b"{}"
    return _wrapped(operation, {}).encode()


if __name__ == "__main__":
    main()
