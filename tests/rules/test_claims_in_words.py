"""Words of the model: what is claimed, and what only sounds like a claim."""

from __future__ import annotations

import datetime

import pytest

from archproof.model.architecture import loads
from archproof.validators.engine import check


def found(text: str) -> list[str]:
    model = f'archproof: 1\ncomponents:\n  pool: {{kind: cognito_user_pool, description: "{text}"}}\n'
    report = check(loads(model), datetime.date(2026, 11, 22))
    return [f.rule for f in report.findings if f.rule.startswith("words-")]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("The entire architecture resides in a VPC", "words-everything-in-vpc"),
        ("Everything in one VPC", "words-everything-in-vpc"),
        ("All our services run inside the company VPC", "words-everything-in-vpc"),
        ("Flow logs tell who was refused", "words-flow-logs"),
        ("No trace without flow logs, and flow logs are on", "words-flow-logs"),
        ("Alarms wake the operators", "words-alarms"),
    ],
)
def test_a_claim_that_nothing_bears_out_is_told(text: str, rule: str) -> None:
    assert found(text) == [rule]


@pytest.mark.parametrize(
    "text",
    [
        "All functions in the VPC share one proxy",
        "There are no flow logs",
        "We do not need any flow logs here",
        "Nobody is paged, and there are no alarms",
        "Stands alone without a web application firewall",
        "It does not all run in a VPC",
    ],
)
def test_what_is_denied_is_no_claim(text: str) -> None:
    assert found(text) == []
