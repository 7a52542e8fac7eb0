"""Secrets of a template, which no output repeats."""

from __future__ import annotations

from pathlib import Path

import pytest

from archproof.cli.main import main

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
