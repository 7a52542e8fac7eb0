"""Glossary, comparisons and corrections: what is printed fits the system, and its numbers have one source."""

from __future__ import annotations

import pytest

from archproof import facts


def test_only_terms_that_a_system_needs_are_printed() -> None:
    terms = {term.term for term in facts.glossary(["sqs_queue"])}
    assert {"SQS", "Visibility timeout", "Least privilege"} <= terms
    assert not {"CloudFront", "RDS", "VPC"} & terms
    assert len(facts.glossary()) >= 60


def test_terms_are_in_alphabetical_order_and_one_sentence() -> None:
    names = [term.term.lower() for term in facts.glossary()]
    assert names == sorted(names)
    for term in facts.glossary():
        assert term.definition.endswith("."), term.term
        assert ". " not in term.definition, term.term


def test_comparisons_and_claims_follow_the_kinds() -> None:
    pairs = {(pair.a, pair.b) for pair in facts.comparisons(["cognito_user_pool"])}
    assert ("User pool", "Identity pool") in pairs
    assert ("ALB", "NLB") not in pairs
    assert {claim.id for claim in facts.claims(["ecr_repository"])} == {"deployed-to-ecr"}


def test_every_placeholder_is_filled_from_its_table() -> None:
    for text in (
        *(claim.correction for claim in facts.claims()),
        *(pair.difference for pair in facts.comparisons()),
        *(term.definition for term in facts.glossary()),
    ):
        assert "{" not in text and "}" not in text, text
        assert text.endswith("."), text


def test_corrections_carry_the_numbers_of_the_tables() -> None:
    corrections = {claim.id: claim.correction for claim in facts.claims()}
    assert corrections["async-payload"] == "The limit is 1 MB."
    assert "901 that PostgreSQL accepts at 8 GiB" in corrections["pooling-in-functions"]
    assert "deprecated on 2026-11-10" in corrections["dotnet8-on-lambda"]
    assert "successor is dotnet10" in corrections["dotnet8-on-lambda"]


def test_a_placeholder_for_an_unknown_fact_is_an_error() -> None:
    assert facts.fill("at most {quota:lambda/Synchronous payload request}, {as it is}") == ("at most 6 MB, {as it is}")
    for text in ("{quota:lambda/Nothing at all}", "{runtime:dotnet/name}", "{fact:a/b}"):
        with pytest.raises(facts.UnknownFactError):
            facts.fill(text)
