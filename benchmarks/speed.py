"""What 1,000 resources cost: import and check, with checkov and without, beside the peers in the same run."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from measure import Cost, best

SIZE = 1_000
_VALIDATE = """
import sys
import cloudformation_validate as v
v.CompositeEngine().validate_template(sys.argv[1])
"""


def show(checkov: str | None) -> None:
    """Print one row a command."""
    bin_ = Path(sys.executable).parent
    archproof = str(bin_ / "archproof")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.json"
        path.write_text(json.dumps({"Resources": dict(resources(SIZE))}, indent=1), encoding="utf-8")
        model = Path(folder) / "architecture.yaml"
        print(f"\n== speed: a template of {SIZE:,} resources, {path.stat().st_size // 1024} kB")
        imports = [archproof, "import", str(path), "-o", str(model), "--force"]
        check = [archproof, "check", str(path), "--format", "json"]
        rows: list[tuple[str, list[str] | None, int]] = [
            ("import", imports, 3),
            ("check, the first", check, 1),
            ("check, again", check, 3),
            ("check --checkov, the first", [*check, "--checkov"] if checkov else None, 1),
            ("check --checkov, again", [*check, "--checkov"] if checkov else None, 2),
            ("checkov", [checkov, "-f", str(path), "--quiet", "--compact"] if checkov else None, 1),
            ("cfn-lint", [found, str(path)] if (found := _peer(bin_, "cfn-lint")) else None, 1),
            ("cloudformation-validate", [sys.executable, "-c", _VALIDATE, str(path)], 3),
        ]
        # answers of engines are kept by content: the first run finds none of an earlier one
        os.environ["ARCHPROOF_CACHE"] = str(Path(folder) / "cache")
        if checkov:
            os.environ["PATH"] = f"{Path(checkov).parent}{os.pathsep}{os.environ['PATH']}"
        for name, command, runs in rows:
            if command is None:
                print(f"{name:<26} not measured: it is not here")
            else:
                _row(name, best(command, runs, Path(folder)))


def _peer(folder: Path, name: str) -> str | None:
    beside = folder / name
    return str(beside) if beside.is_file() else shutil.which(name)


def _row(name: str, cost: Cost) -> None:
    figures = f"wall {cost.wall:6.2f} s   cpu {cost.cpu:6.2f} s   memory {cost.memory_mb:5.0f} MB"
    print(f"{name:<26} {figures}   exit {cost.status}")


def resources(size: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield a template's resources: services of eight that refer to each other, as a team would write them."""
    for number in range(size // 8):
        name = f"Service{number}"
        role = {
            "AssumeRolePolicyDocument": _policy("sts:AssumeRole", None, {"Service": "lambda.amazonaws.com"}),
            "Policies": [
                {
                    "PolicyName": "own",
                    "PolicyDocument": _policy(
                        ["dynamodb:GetItem", "dynamodb:PutItem"], {"Fn::GetAtt": [f"{name}Table", "Arn"]}
                    ),
                }
            ],
        }
        function = {
            "Runtime": "python3.13", "Handler": "app.handler", "Role": {"Fn::GetAtt": [f"{name}Role", "Arn"]},
            "Code": {"S3Bucket": "code", "S3Key": f"{name}.zip"}, "MemorySize": 512, "Timeout": 20,
            "Environment": {"Variables": {"TABLE": {"Ref": f"{name}Table"}, "BUCKET": {"Ref": f"{name}Bucket"}}},
        }  # fmt: skip
        table = {
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        }
        mapping = {
            "FunctionName": {"Ref": f"{name}Function"}, "BatchSize": 10,
            "EventSourceArn": {"Fn::GetAtt": [f"{name}Queue", "Arn"]},
        }  # fmt: skip
        dead = {"deadLetterTargetArn": {"Fn::GetAtt": [f"{name}Dead", "Arn"]}, "maxReceiveCount": 5}
        for suffix, kind, properties in (
            ("Role", "AWS::IAM::Role", role),
            ("Function", "AWS::Lambda::Function", function),
            ("Logs", "AWS::Logs::LogGroup", {"LogGroupName": {"Fn::Sub": f"/aws/lambda/${{{name}Function}}"}}),
            ("Table", "AWS::DynamoDB::Table", table),
            ("Bucket", "AWS::S3::Bucket", {"VersioningConfiguration": {"Status": "Enabled"}}),
            ("Dead", "AWS::SQS::Queue", {"MessageRetentionPeriod": 1209600}),
            ("Queue", "AWS::SQS::Queue", {"VisibilityTimeout": 120, "RedrivePolicy": dead}),
            ("Mapping", "AWS::Lambda::EventSourceMapping", mapping),
        ):
            yield f"{name}{suffix}", {"Type": kind, "Properties": properties}


def _policy(action: Any, resource: Any, principal: Any = None) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": action, "Resource": resource, "Principal": principal}
    return {"Version": "2012-10-17", "Statement": [{k: v for k, v in statement.items() if v is not None}]}
