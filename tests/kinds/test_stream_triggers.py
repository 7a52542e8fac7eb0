"""What a link from a stream says of its consumer: attempts, age, what hears of records given up."""

from __future__ import annotations

import pytest

from archproof.errors import InputError

from .lowered import FIRST_LINE, complaints, lowered, place

COMPONENTS = """\
  stream: {kind: kinesis_stream}
  jobs: {kind: sqs_queue}
  undone: {kind: sqs_queue}
  other: {kind: sqs_queue}
  fn: {kind: lambda, runtime: python3.13, dead_letter: other, retries: 1}
"""
FULL = (
    "links:\n  - {from: stream, to: fn, verb: trigger, retries: 3, max_age_s: 600, dead_letter: undone, "
    "starting_position: trim_horizon}\n"
)


def problems(links: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        lowered(COMPONENTS + links)
    return [f"{p.location.line - FIRST_LINE + 1}:{p.location.column} {p.message}" for p in caught.value.problems]


def test_a_link_says_how_often_how_long_and_what_hears_of_the_rest() -> None:
    resources = lowered(COMPONENTS + FULL)
    mapping = resources["StreamFnMapping"]
    assert mapping.get("MaximumRetryAttempts") == 3
    assert mapping.get("MaximumRecordAgeInSeconds") == 600
    assert mapping.get("StartingPosition") == "TRIM_HORIZON"
    assert mapping.get("DestinationConfig") == {"OnFailure": {"Destination": {"Fn::GetAtt": ["Undone", "Arn"]}}}
    assert place(resources, mapping.logical_id, "MaximumRetryAttempts") == "7:43"
    assert complaints(resources) == []


def test_the_function_may_send_what_it_gave_up() -> None:
    resources = lowered(COMPONENTS + FULL)
    statements = resources["FnRole"].get("Policies", 0, "PolicyDocument", "Statement")
    sends = [s["Resource"] for s in statements if "sqs:SendMessage" in s["Action"]]
    assert {"Fn::GetAtt": ["Undone", "Arn"]} in sends


def test_left_out_the_functions_own_words_hold() -> None:
    resources = lowered(COMPONENTS + "links:\n  - {from: stream, to: fn, verb: trigger}\n")
    mapping = resources["StreamFnMapping"]
    assert mapping.get("MaximumRetryAttempts") == 1
    assert mapping.get("StartingPosition") == "LATEST"
    assert mapping.get("DestinationConfig") == {"OnFailure": {"Destination": {"Fn::GetAtt": ["Other", "Arn"]}}}


def test_a_queue_has_no_such_options() -> None:
    assert problems("links:\n  - {from: jobs, to: fn, verb: trigger, retries: 3}\n") == [
        "7:41 'retries' is for a trigger by a stream; this link is 'trigger' from a sqs_queue"
    ]


def test_what_was_given_up_goes_to_a_queue_or_a_topic() -> None:
    assert problems("links:\n  - {from: stream, to: fn, verb: trigger, dead_letter: fn}\n") == [
        "7:56 'fn' is a lambda; expected a sqs queue or sns topic"
    ]
    assert problems("links:\n  - {from: stream, to: fn, verb: trigger, dead_letter: undon}\n") == [
        "7:56 no component is called 'undon'; did you mean 'undone'?"
    ]
