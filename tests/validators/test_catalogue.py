"""The catalogue: every rule listed, each shown with its example."""

from __future__ import annotations

import json

import pytest

from archproof.errors import UsageError
from archproof.validators import catalogue
from archproof.validators.registry import all_rules


def test_the_list_has_one_line_a_rule() -> None:
    lines = catalogue.list_rules().splitlines()
    assert len(lines) == len(all_rules()) >= 70
    assert lines == sorted(lines)


def test_the_list_in_json_has_every_field_of_a_rule() -> None:
    rules = json.loads(catalogue.list_rules("json"))["rules"]
    assert [rule["id"] for rule in rules] == list(all_rules())
    assert set(rules[0]) == {"id", "severity", "title", "why", "remediation", "types", "frameworks"}


def test_a_rule_is_shown_with_an_example_that_stays_short() -> None:
    text = catalogue.show("lambda-environment-size")
    assert "lambda-environment-size (high)" in text
    assert "<<x * 4100>>" in text
    assert "line 3, column 22: fn has environment variables of 4,113 bytes, above Lambda's maximum of 4 KB" in text
    shown = json.loads(catalogue.show("rds-public-flag", "json"))
    assert shown["example"]["message"] == "db is publicly accessible: it gets a public address"


def test_an_unknown_rule_names_the_nearest() -> None:
    with pytest.raises(UsageError, match="did you mean 'rds-public-flag'"):
        catalogue.show("rds-public-flags")


def test_a_repetition_in_an_example_is_written_out_with_its_number() -> None:
    assert catalogue.unfold("[<<a#, * 3>>]") == "[a0,a1,a2,]"
