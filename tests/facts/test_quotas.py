"""Quotas: values, units, nearest names, and the formulas of max_connections."""

from __future__ import annotations

import pytest

from archproof import facts
from archproof.facts._quotas import evaluate


def test_a_quota_is_found_by_service_and_name() -> None:
    quota = facts.quota("lambda", "Function timeout maximum")
    assert (quota.value, quota.unit, quota.hard, quota.adjustable) == (900, "s", True, False)
    assert quota.seconds == 900
    assert quota.text == "900 s"


def test_every_given_row_is_there() -> None:
    assert len(facts.quotas()) >= 209
    assert len(facts.quotas("lambda")) == 37
    assert facts.quotas("nothing") == ()


def test_sizes_come_in_bytes_and_times_in_seconds() -> None:
    assert facts.quota("lambda", "Synchronous payload request").bytes == 6 * 1024 * 1024
    assert facts.quota("sqs", "Message size maximum").bytes == 1_048_576
    assert facts.quota("s3", "Object size maximum").bytes == 50 * 1024**4
    assert facts.quota("cognito-idp", "ID/access token validity maximum").seconds == 86_400
    assert facts.quota("apigatewayv2", "JWKS endpoint timeout").seconds == 1.5
    assert facts.quota("states", "Express execution duration").seconds == 300
    assert facts.quota("kms", "Deletion waiting period (CloudFormation)").seconds == 30 * 86_400


def test_a_count_is_neither_a_size_nor_a_time() -> None:
    quota = facts.quota("lambda", "Layers per function")
    assert quota.text == "5"
    with pytest.raises(ValueError, match="is in count, not a size"):
        _ = quota.bytes
    with pytest.raises(ValueError, match="is in count, not a time"):
        _ = quota.seconds


def test_the_ceiling_of_an_adjustable_quota_is_a_number() -> None:
    assert facts.quota("vpc", "Rules per network ACL").ceiling == 40
    assert facts.quota("vpc", "VPCs per Region").ceiling is None


def test_a_value_that_varies_is_none_and_says_so() -> None:
    quota = facts.quota("sns", "Messages published per second")
    assert quota.value is None
    assert quota.text == "not one number"
    with pytest.raises(ValueError, match="not one number"):
        _ = quota.number


def test_an_unknown_quota_suggests_the_nearest() -> None:
    with pytest.raises(facts.UnknownFactError) as caught:
        facts.quota("lambda", "Function timeout max")
    assert "Function timeout maximum" in caught.value.nearest
    assert "did you mean 'Function timeout maximum'" in str(caught.value)
    assert isinstance(caught.value, KeyError)


def test_an_unknown_service_suggests_the_nearest() -> None:
    with pytest.raises(facts.UnknownFactError, match="did you mean 'lambda'"):
        facts.quota("lamda", "Function timeout maximum")


@pytest.mark.parametrize(
    ("engine", "memory_gib", "expected"),
    [
        ("postgres", 8, 901),
        ("postgres", 512, 5000),
        ("aurora-postgresql", 16, 1802),
        ("mysql", 8, 682),
        ("mariadb", 8, 341),
        ("aurora-mysql", 16, 1069),
    ],
)
def test_max_connections_follows_the_formula_of_the_engine(engine: str, memory_gib: float, expected: int) -> None:
    assert facts.max_connections(engine, memory_gib) == expected


def test_max_connections_of_an_engine_without_a_formula_is_an_error() -> None:
    with pytest.raises(facts.UnknownFactError, match="no max_connections formula for the engine 'oracle-ee'"):
        facts.max_connections("oracle-ee", 8)
    with pytest.raises(facts.UnknownFactError, match="did you mean 'postgres'"):
        facts.max_connections("postgre", 8)


@pytest.mark.parametrize(
    "formula",
    ["", "1 +", "LEAST(1, 2", "__import__('os')", "open(1)", "x/2", "1 2", "1/0", "{1, 2}", "LEAST"],
)
def test_a_formula_that_is_not_one_is_refused(formula: str) -> None:
    with pytest.raises(ValueError):
        evaluate(formula, {"DBInstanceClassMemory": 1.0})


def test_formulas_bind_products_before_sums() -> None:
    assert evaluate("SUM({DBInstanceClassMemory/2}, 1) + 2*3 - 4", {"DBInstanceClassMemory": 10.0}) == 8
