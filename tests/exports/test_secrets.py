"""Secrets of a template, which no output repeats."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archproof.cli.main import main
from archproof.resources.secrets import looks_secret

TEMPLATE = """\
Parameters:
  Env: {Type: String, Default: prod}
  Entry: {Type: String, NoEcho: true, Default: DefaultQ1x}
  Empty: {Type: String, NoEcho: true, Default: ''}
  Kept: {Type: String, NoEcho: true, Default: '{{resolve:ssm-secure:/kept:1}}'}
Resources:
  Fn:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/r
      Code: {S3Bucket: b, S3Key: k}
      Environment:
        Variables:
          API_KEY: !Sub 'key-${Env}-SubQ2x'
          DB_PASSWORD: !Join ['-', [JoinQ3x, a]]
          TOKEN: !Base64 BaseQ4x
          DB_SECRET: !Sub '${AWS::StackName}-secret'
          PASSWORD: !Join ['', ['{{resolve:secretsmanager:', !Ref Env, ':SecretString:password}}']]
"""
SECRETS = ("DefaultQ1x", "SubQ2x", "JoinQ3x", "BaseQ4x")


@pytest.fixture
def template(tmp_path: Path) -> str:
    path = tmp_path / "template.yaml"
    path.write_text(TEMPLATE, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    "command",
    [
        ["import"], ["explain"], ["check", "--format", "json"], ["check", "--format", "markdown"],
        ["export", "--to", "json"], ["export", "--to", "graphml"], ["export", "--to", "cloudformation"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_no_command_repeats_a_secret(template: str, command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command[0], template, *command[1:]]) in (0, 1)
    shown = capsys.readouterr()
    assert shown.out
    assert [secret for secret in SECRETS if secret in shown.out + shown.err] == []


def test_what_is_no_secret_stays(template: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", template, "--to", "cloudformation"]) == 0
    shown = capsys.readouterr().out
    assert "DB_SECRET: !Sub ${AWS::StackName}-secret" in shown
    assert "- '{{resolve:secretsmanager:'" in shown
    assert "Default: ''" in shown
    assert "Default: '{{resolve:ssm-secure:/kept:1}}'" in shown


ELSEWHERE = r"""
Metadata: {Deployed: {Password: MetaQ1x}}
Mappings:
  Database: {prod: {DbPassword: MapQ2x, Class: db.t3.micro}}
Resources:
  Host:
    Type: AWS::EC2::Instance
    Properties: {ImageId: ami-1, UserData: !Base64 {"Fn::Join": ["", ["export DB_PASSWORD=ScriptQ3x", "\n"]]}}
  Fn:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/r
      Code: {ZipFile: "DB_PASSWORD = 'CodeQ4x'\n"}
      Environment: {Variables: {SETTINGS: '{"user": "u", "password": "JsonQ5x"}'}}
  Key: {Type: AWS::SSM::Parameter, Properties: {Name: /app/db_password, Type: String, Value: ParameterQ6x}}
Outputs:
  DbPassword: {Value: OutputQ7x}
"""


@pytest.mark.parametrize(
    "command", [["import"], ["explain"], ["export", "--to", "json"], ["export", "--to", "cloudformation"]], ids=" ".join
)
def test_a_secret_is_hidden_wherever_it_stands(
    tmp_path: Path, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "template.yaml"
    path.write_text(ELSEWHERE, encoding="utf-8")
    assert main([command[0], str(path), *command[1:]]) == 0
    shown = capsys.readouterr().out
    names = ("MetaQ1x", "MapQ2x", "ScriptQ3x", "CodeQ4x", "JsonQ5x", "ParameterQ6x", "OutputQ7x")
    assert [name for name in names if name in shown] == []


@pytest.mark.parametrize(
    "text",
    [
        "connect(password=password, user=user)", "password = get_secret()", 'if password == "": fail()',
        '{"type": "object", "properties": {"password": {"type": "string"}}}', "PASSWORD=$(aws ssm get-parameter)",
        'export DB_PASSWORD="$1"',
    ],
)  # fmt: skip
def test_words_about_secrets_are_no_secrets(text: str) -> None:
    assert not looks_secret("Code", text)


def test_passwords_that_another_provider_made_are_hidden(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = {"id": "none", "length": 16, "result": "RandomQ1x", "bcrypt_hash": "BcryptQ2x"}
    entry = {"mode": "managed", "type": "random_password", "name": "p", "instances": [{"attributes": made}]}
    path = tmp_path / "terraform.tfstate"
    path.write_text(json.dumps({"version": 4, "lineage": "a", "resources": [entry]}), encoding="utf-8")
    for command in (["import"], ["explain"], ["export", "--to", "json"]):
        assert main([command[0], str(path), *command[1:]]) == 0
        shown = capsys.readouterr().out
        assert "RandomQ1x" not in shown
        assert "BcryptQ2x" not in shown
