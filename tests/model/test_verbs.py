"""The table of verbs: every row speaks of kinds, services and lowerings that exist."""

from __future__ import annotations

import pytest

from archproof.discovery import index
from archproof.model import registry, verbs
from archproof.model.verbs import Verb


def ids(verb: Verb) -> str:
    return f"{verb.verb}-{verb.source}-{verb.target}"


@pytest.mark.parametrize("verb", verbs.table(), ids=ids)
def test_a_row_of_the_table_names_only_what_exists(verb: Verb) -> None:
    kinds = {*registry.kinds(), "*"}
    assert {verb.source, verb.target} <= kinds
    assert verb.mode in ("sync", "async")
    assert verb.holder in ("source", "target", "")
    assert bool(verb.actions) <= bool(verb.holder)
    assert verb.port in ("listens", "") or verb.port.isdigit()
    assert verb.title
    assert not verb.implies or verb.implies in index("archproof.resources.lowering.implied", "IMPLIES")


def test_no_two_rows_are_about_the_same() -> None:
    rows = [(v.verb, v.source, v.target) for v in verbs.table()]
    assert len(rows) == len(set(rows))


def test_a_link_between_any_two_kinds_means_something_without_a_verb() -> None:
    for source in registry.kinds():
        for target in registry.kinds():
            assert verbs.default(source, target).title


def test_an_action_is_written_as_iam_writes_it() -> None:
    for verb in verbs.table():
        for action, suffix in verb.actions:
            service, _, name = action.partition(":")
            assert service.replace("-", "").isalnum(), ids(verb)
            assert name[:1].isupper() or name == "connect", ids(verb)
            assert suffix in ("", "*", "stream") or suffix.startswith("/"), ids(verb)


def test_a_prefix_limits_what_is_read_and_what_is_listed() -> None:
    from archproof.model.architecture import loads
    from archproof.resources.lowering import lower

    text = (
        "archproof: 1\ncomponents:\n  fn: {kind: lambda, runtime: python3.13}\n  files: {kind: s3_bucket}\n"
        "links:\n  - {from: fn, to: files, verb: read, prefix: in/}\n"
    )
    statements = lower(loads(text))["FnRole"].get("Policies", 0, "PolicyDocument", "Statement")
    assert statements[:2] == [
        {
            "Effect": "Allow",
            "Action": ["s3:ListBucket"],
            "Resource": {"Fn::GetAtt": ["Files", "Arn"]},
            "Condition": {"StringLike": {"s3:prefix": ["in/*"]}},
        },
        {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": {"Fn::Sub": "${Files.Arn}/in/*"}},
    ]
