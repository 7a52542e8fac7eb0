"""What a check of 1,000 resources costs with each policy engine, beside the engines on their own in the same run.

usage: python benchmarks/engines.py [--checkov PROGRAM] [--cfn-lint PROGRAM] [--resources N] [--runs N]

The template is generated: functions with roles, queues, buckets and tables; every other role has wildcards. Prints
wall and CPU seconds (of all processes together) and peak memory; a program that is not there is named.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from measure import Cost, best, run

WIDE = ("s3:*", "dynamodb:*", "sqs:*", "iam:*", "ec2:*", "logs:*", "secretsmanager:Get*", "lambda:Invoke*")


def template(resources: int) -> dict[str, Any]:
    """A template with that many resources, five to a service."""
    made: dict[str, Any] = {}
    for number in range(-(-resources // 5)):
        made |= service(number)
    return {"AWSTemplateFormatVersion": "2010-09-09", "Resources": dict(list(made.items())[:resources])}


def service(number: int) -> dict[str, Any]:
    """A function with its role, queue, bucket and table."""
    name = f"S{number}"
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    allowed = [
        {"Effect": "Allow", "Action": ["sqs:SendMessage"], "Resource": {"Fn::GetAtt": [f"{name}Queue", "Arn"]}},
        {"Effect": "Allow", "Action": ["dynamodb:Query"], "Resource": {"Fn::GetAtt": [f"{name}Table", "Arn"]}},
    ]
    if number % 2:
        wide = [WIDE[number % len(WIDE)], WIDE[(number * 3 + 1) % len(WIDE)]]
        allowed.append({"Effect": "Allow", "Action": wide, "Resource": "*"})
    policy = {"PolicyName": name, "PolicyDocument": {"Version": "2012-10-17", "Statement": allowed}}
    return {
        f"{name}Role": {"Type": "AWS::IAM::Role", "Properties": {
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]}, "Policies": [policy]}},
        f"{name}Function": {"Type": "AWS::Lambda::Function", "Properties": {
            "Code": {"ZipFile": "x"}, "Role": {"Fn::GetAtt": [f"{name}Role", "Arn"]}, "Handler": "a.b",
            "Runtime": "python3.13", "Environment": {"Variables": {"QUEUE": {"Ref": f"{name}Queue"}}}}},
        f"{name}Queue": {"Type": "AWS::SQS::Queue", "Properties": {"VisibilityTimeout": 30}},
        f"{name}Bucket": {"Type": "AWS::S3::Bucket"},
        f"{name}Table": {"Type": "AWS::DynamoDB::Table", "Properties": {
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}], "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}]}},
    }  # fmt: skip


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkov", default=os.environ.get("ARCHPROOF_CHECKOV") or shutil.which("checkov"))
    parser.add_argument("--cfn-lint", default=shutil.which("cfn-lint"))
    parser.add_argument("--resources", type=int, default=1_000)
    parser.add_argument("--runs", type=int, default=3, help="runs of each command; the cheapest counts")
    options = parser.parse_args()
    archproof = str(Path(sys.executable).with_name("archproof"))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.json"
        path.write_text(json.dumps(template(options.resources), indent=1), encoding="utf-8")
        os.environ["ARCHPROOF_CACHE"] = str(Path(folder) / "cache")
        check = [archproof, "check", str(path), "--format", "json"]
        show("check, its own rules", best([*check, "--skip", "cfn/*", "--no-cache"], options.runs))
        show("check", best([*check, "--no-cache"], options.runs))
        if options.checkov:
            with_checkov = [*check, "--checkov", "--checkov-path", options.checkov]
            show("check --checkov", best([*with_checkov, "--no-cache"], options.runs))
            run(with_checkov)
            show("check --checkov, again", best(with_checkov, options.runs))
            plain = [options.checkov, "-f", str(path), "--framework", "cloudformation", "-o", "json", "--compact"]
            os.environ["BC_SKIP_MAPPING"] = "TRUE"  # it would wait for its maker's servers
            show("checkov alone", best(plain, options.runs))
        else:
            print("checkov                    not measured: none on PATH (--checkov)")
        if options.cfn_lint:
            show("cfn-lint alone", best([options.cfn_lint, str(path)], 1))
        else:
            print("cfn-lint                   not measured: none on PATH (--cfn-lint)")


def show(what: str, cost: Cost) -> None:
    """Print one row."""
    figures = f"wall {cost.wall:6.2f} s   cpu {cost.cpu:6.2f} s   memory {cost.memory_mb:5.0f} MB"
    print(f"{what:<26} {figures}   exit {cost.status}", flush=True)


if __name__ == "__main__":
    main()
