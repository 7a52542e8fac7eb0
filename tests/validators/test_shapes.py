"""Values that a property cannot have: said to be unknown, never passed over; what looks like a secret."""

from __future__ import annotations

import datetime

import pytest

from archproof.model.architecture import loads
from archproof.resources.secrets import looks_secret
from archproof.validators.engine import check
from archproof.validators.findings import Report

TODAY = datetime.date(2026, 11, 22)


def function(properties: str, *, only: str, today: datetime.date = TODAY) -> Report:
    return check(loads(f"archproof: 1\ncomponents:\n  fn: {{kind: lambda, properties: {properties}}}\n"), today, [only])


@pytest.mark.parametrize(
    ("properties", "rule", "what", "why"),
    [
        (
            "{ReservedConcurrentExecutions: ten}",
            "lambda-reserved-above-account",
            "ReservedConcurrentExecutions",
            "number",
        ),
        ("{Timeout: true}", "lambda-timeout-quota", "Timeout", "number"),
        ("{Timeout: '1e999'}", "lambda-timeout-quota", "Timeout", "number"),
        ("{Layers: one}", "lambda-layers-quota", "Layers", "list"),
        ("{VpcConfig: [one]}", "lambda-subnets-quota", "VpcConfig", "map"),
        ("{Environment: [one]}", "lambda-environment-size", "Environment", "map"),
        ("{Environment: {Variables: [one]}}", "lambda-environment-size", "Environment.Variables", "map"),
        ("{TracingConfig: Active}", "lambda-tracing-off", "TracingConfig", "map"),
    ],
)
def test_a_value_of_the_wrong_shape_is_unknown(properties: str, rule: str, what: str, why: str) -> None:
    report = function(properties, only=rule)
    assert report.findings == []
    assert [(u.what, u.why) for u in report.unknown] == [(f"{what} of fn", f"it is no {why}; not decided: {rule}")]


def test_a_flag_that_is_neither_true_nor_false_is_unknown() -> None:
    model = "archproof: 1\ncomponents:\n  db: {type: AWS::RDS::DBInstance, properties: {StorageEncrypted: maybe}}\n"
    report = check(loads(model), TODAY, ["rds-unencrypted"])
    assert report.findings == []
    assert [u.why for u in report.unknown] == ["it is neither true nor false; not decided: rds-unencrypted"]


def test_environment_variables_are_measured_in_utf_8() -> None:
    wide = "é" * 2044  # with {"A":""} around it exactly 4 KB
    assert function(f"{{Environment: {{Variables: {{A: {wide}}}}}}}", only="lambda-environment-size").findings == []
    found = function(f"{{Environment: {{Variables: {{A: {wide}x}}}}}}", only="lambda-environment-size").findings
    assert [f.message for f in found] == ["fn has environment variables of 4,097 bytes, above Lambda's maximum of 4 KB"]


def test_the_day_before_a_deprecation_is_told_as_such() -> None:
    eve = datetime.date(2026, 11, 9)
    found = function("{Runtime: dotnet8}", only="lambda-runtime-deprecation-near", today=eve).findings
    assert [f.message for f in found] == [
        "fn runs on .NET 8 (dotnet8), deprecated on 2026-11-10, tomorrow; its successor is dotnet10"
    ]


@pytest.mark.parametrize(
    "name", ["DB_PASSWORD", "PASSWORD_ADMIN", "apiKey", "ClientSecret", "TOKEN", "dbPasswd", "SECRET_KEY_BASE"]
)
def test_a_name_tells_a_secret(name: str) -> None:
    assert looks_secret(name, "correct horse")


@pytest.mark.parametrize(
    "name",
    [
        "PASSWORD_MIN_LENGTH", "passwordMaxAge", "TOKEN_TTL", "SECRET_ARN", "TOKEN_AUDIENCE", "API_KEY_HEADER",
        "TokenLifetime", "PASSWORD_POLICY", "TOKEN_URL", "PRIVATE_KEY_PATH", "MONKEY", "COMPASS",
    ],
)  # fmt: skip
def test_what_is_about_a_secret_is_none(name: str) -> None:
    assert not looks_secret(name, "12")
