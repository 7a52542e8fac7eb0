"""What is wrong in a model is told all at once: the place, what was found, what was expected, what was meant."""

from __future__ import annotations

import pytest

from archproof.errors import InputError
from archproof.model.architecture import loads
from archproof.resources.lowering import lower


def problems(text: str, environment: str | None = None) -> list[str]:
    """What is wrong with a model, as `line:column message`."""
    with pytest.raises(InputError) as caught:
        lower(loads(f"archproof: 1\n{text}", environment))
    return [f"{p.location.line}:{p.location.column} {p.message}" for p in caught.value.problems]


@pytest.mark.parametrize(
    ("component", "expected"),
    [
        ("{kind: lambda, timeout: 5}", "unknown key 'timeout'; did you mean 'timeout_s'? (in seconds)"),
        ("{kind: lambda, memmory_mb: 5}", "unknown key 'memmory_mb'; did you mean 'memory_mb'? (in megabytes)"),
        ("{kind: lambda, tmeout_s: 5}", "unknown key 'tmeout_s'; did you mean 'timeout_s'? (in seconds)"),
        ("{kind: lambda, memory_mb: '512 MB'}",
         "'memory_mb' is a whole number of megabytes, without a unit; found the text '512 MB'"),
        ("{kind: lambda, timeout_s: 20s}",
         "'timeout_s' is a whole number of seconds, without a unit; found the text '20s'"),
        ("{kind: lambda, timeout_s: 1.5}", "'timeout_s' is a whole number; found the number 1.5"),
        ("{kind: lambda, timeout_s: true}", "'timeout_s' is a whole number; found true"),
        ("{kind: lambda, timeout_s: }", "'timeout_s' is a whole number; found nothing"),
        ("{kind: lambda, timeout_s: 0}", "'timeout_s' is at least 1 seconds; found the number 0"),
        ("{kind: lambda, runtime: 3.12}", "'runtime' is text; found the number 3.12: put it in quotes"),
        ("{kind: lambda, tracing: on}", "'tracing' is true or false; found the text 'on'"),
        ("{kind: lambda, architecture: arm}",
         "'architecture' is one of arm64, x86_64; found the text 'arm'; did you mean 'arm64'?"),
        ("{kind: lambda, environment: [a]}", "'environment' is a map; found a list"),
        ("{kind: lambda, environment: {A: 1}}", "'A' is text or a map; found the number 1: put it in quotes"),
        ("{kind: lambda, layers: [1]}", "entry 1 of 'layers' is text; found the number 1: put it in quotes"),
        ("{kind: lambda, layers: {}}", "'layers' is text; found a map"),
        ("{kind: lambda, dead_letter: 5}", "'dead_letter' is a map; found the number 5"),
        ("{kind: lambda, dead_letter: {too: c}}", "'dead_letter' needs 'to': a queue or a topic"),
        ("{kind: sqs_queue, retention_days: .inf}", "'retention_days' is a finite number; found the number inf"),
        ("{kind: sqs_queue, retention_days: -1}", "'retention_days' is more than 0 days; found the number -1"),
        ("{kind: sqs_queue, dead_letter: {max_receives: 3}}", "'dead_letter' needs 'queue': the dead-letter queue"),
        ("{kind: lamda}", "unknown kind: the text 'lamda'; did you mean 'lambda'?"),
        ("{kind: [lambda]}", "unknown kind: a list"),
        ("{runtime: x}", "'a' needs a 'kind' (or a 'type', for any AWS resource)"),
        ("{}", "'a' needs a 'kind' (or a 'type', for any AWS resource)"),
        ("hello", "the component 'a' is a map with a 'kind'; found the text 'hello'"),
        ("", "the component 'a' is a map with a 'kind'; found nothing"),
        ("{type: Bucket}", "'type' does not have the right form: found the text 'Bucket', expected "
         "/^([A-Za-z0-9]{2,64}(::[A-Za-z0-9_@-]+){1,3}|[a-z][a-z0-9]*_[a-z0-9_]+)$/"),
        (
            "{kind: lambda, role: {x: 1}}",
            "unknown key 'x' (known: description, managed, max_session_h, path, permissions_boundary, policies)",
        ),
    ],
)  # fmt: skip
def test_a_wrong_component(component: str, expected: str) -> None:
    assert [p.partition(" ")[2] for p in problems(f"components:\n  a: {component}\n")][:1] == [expected]


@pytest.mark.parametrize("name", ["Upper", "a-b", "1a", "a" * 64, "a b", '"a\\n"', '""', "é"])
def test_an_id_is_lower_case_letters_digits_and_underscores(name: str) -> None:
    (problem,) = problems(f"components:\n  {name}: {{kind: person}}\n")
    assert problem.startswith("3:3 ") and "is no id: lower-case letters, digits and _" in problem


def test_names_of_python_are_no_keys() -> None:
    assert problems("components: {f: {kind: lambda, in_: {subnets: a}}}\nlinks: [{from_: f, from: f, to: f}]\n") == [
        "2:32 unknown key 'in_'; did you mean 'in'?",
        "3:10 unknown key 'from_'; did you mean 'from'?",
    ]


def test_references_are_bound_by_kind() -> None:
    assert problems(
        "components:\n"
        "  jobs: {kind: sqs_queue, dead_letter: dql}\n"
        "  dlq: {kind: sqs_queue}\n"
        "  fn: {kind: lambda, dead_letter: user, role: jobs}\n"
        "  user: {kind: person}\n"
    ) == [
        "3:40 no sqs queue is called 'dql'; did you mean 'dlq'?",
        "5:35 'user' is a person; expected a sqs queue or sns topic",
        "5:47 'jobs' is a sqs queue; expected a iam role",
    ]


def test_a_reference_to_a_wrong_component_is_not_told_twice() -> None:
    found = problems("components:\n  a: {kind: sqs_queue, dead_letter: b}\n  b: {kind: sqs_queue, fifo: 1}\n")
    assert found == ["4:30 'fifo' is true or false; found the number 1"]


def test_dead_letters_that_go_in_a_circle() -> None:
    assert problems(
        "components:\n  a: {kind: sqs_queue, dead_letter: b}\n  b: {kind: sqs_queue, dead_letter: {queue: a}}\n"
    ) == ["4:45 'dead_letter' goes in a circle: a → b → a"]
    assert problems("components:\n  a: {kind: sqs_queue, dead_letter: a}\n") == [
        "3:37 'dead_letter' goes in a circle: a → a"
    ]


def test_entries_of_lists_are_called_by_what_they_are() -> None:
    assert problems(
        "components: {u: {kind: person}, f: {kind: lambda}}\n"
        "links:\n"
        "  - {from: u}\n"
        "  - u\n"
        "  - {from: u, to: g}\n"
        "  - {from: u, to: f, verb: invok}\n"
        "  - {from: u, to: [f, 1], port: 70000}\n"
        "flows:\n"
        "  a: {steps: [{from: u, does: x}]}\n"
        "  b: {steps: []}\n"
        "guarantees:\n"
        "  - {}\n"
        "  - {never: {from: cafe, to: f}}\n"
        "  - {never: {from: 10.0.0.0/33, to: 10.0.0.1}}\n"
        "decisions: [{id: a, title: b}]\n"
        "accepted: [{rule: x, reason: y, until: 2027-02-30, component: ff}]\n"
    ) == [
        "4:5 a link needs 'to': the component it reaches, or several",
        "5:5 a link is a map; found the text 'u'",
        "6:19 no component is called 'g'",
        "7:28 unknown verb 'invok'; did you mean 'invoke'?",
        "8:23 entry 2 of 'to' is text; found the number 1: put it in quotes",
        "8:33 'port' is at most 65535; found the number 70000",
        "10:15 a step needs 'to': on whom",
        "11:14 'steps' has at least 1 entry; found none",
        "13:5 a guarantee is exactly one of never, always, only; found none",
        "14:20 no component is called 'cafe'",
        "15:20 no component is called '10.0.0.0/33'",
        "16:13 a decision needs 'because': why",
        "17:40 'until': '2027-02-30' is not a day; write it as 2027-03-31",
    ]


def test_a_verb_that_does_not_fit_names_those_that_do() -> None:
    (found,) = problems(
        "components: {q: {kind: sqs_queue}, f: {kind: lambda}}\nlinks: [{from: q, to: f, verb: query}]\n"
    )
    assert found.startswith("3:32 'query' does not fit from a sqs_queue to a lambda; what fits: ")
    assert "trigger" in found


def test_sections_are_checked_before_what_is_in_them() -> None:
    assert problems("componets: {}\nlinks: {}\nsystem: [1]\nflows: 5\nload: {peak: 5}\n") == [
        "2:1 unknown section 'componets'; did you mean 'components'? (sections: archproof, system, organization, "
        "defaults, network, components, links, load, flows, guarantees, decisions, accepted, drift, rules, views, "
        "stack, include)",
        "3:8 'links' is a list; found a map",
        "4:9 'system' is a map; found a list",
        "5:8 'flows' is a map; found the number 5",
        "6:8 unknown key 'peak'; did you mean 'peak_rps'?",
    ]


def test_sections_may_be_empty() -> None:
    assert loads("archproof: 1\ncomponents:\nlinks:\nsystem: ~\n").components == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("system: {}\n", "1:1 no version of the language: begin the file with 'archproof: 1'"),
        ("archproof: 2\n", "1:12 'archproof' is the version of the language, 1; found the number 2"),
        ("archproof: '1'\n", "1:12 'archproof' is the version of the language, 1; found the text '1'"),
        ("archproof: true\n", "1:12 'archproof' is the version of the language, 1; found true"),
        ("- a\n", "1:1 expected sections (a map), found a list"),
        ("hello\n", "1:1 expected sections (a map), found plain text"),
        ("null\n", "1:1 the file is empty; `archproof init` writes one to start from"),
    ],
)
def test_a_file_that_is_no_model(text: str, expected: str) -> None:
    with pytest.raises(InputError) as caught:
        loads(text)
    (problem,) = caught.value.problems
    assert f"{problem.location.line}:{problem.location.column} {problem.message}" == expected


def test_an_error_in_a_default_is_told_once_and_where_the_default_stands() -> None:
    assert problems(
        "defaults:\n  lambda: {timeout_s: x, memory: 5}\n  lamda: {}\n  sqs_queue: 5\n"
        "components: {a: {kind: lambda}, b: {kind: lambda}, c: {kind: lambda, timeout_s: 5}}\n"
    ) == [
        "3:23 'timeout_s' is a whole number; found the text 'x'",
        "3:26 unknown key 'memory'; did you mean 'memory_mb'? (in megabytes)",
        "4:3 unknown kind 'lamda'; did you mean 'lambda'?",
        "5:14 the defaults of 'sqs_queue' are a map; found the number 5",
    ]


def test_a_reference_in_a_default_is_told_where_the_default_stands() -> None:
    found = problems("defaults: {lambda: {dead_letter: nowhere}}\ncomponents: {a: {kind: lambda}}\n")
    assert found == ["2:34 no sqs queue or sns topic is called 'nowhere'"]


def test_long_names_are_shortened_and_many_errors_stay_quick() -> None:
    name = "x" * 1_000_000
    assert all(
        len(p) < 400 for p in problems(f"components:\n  a: {{kind: lambda, role: {name}}}\n  ? {name}\n  : {{}}\n")
    )
    many = "".join(f"  f{i}: {{kind: lambda, role: g{i}}}\n" for i in range(1000))
    assert len(problems(f"components:\n{many}")) == 1000


def test_verbatim_references_must_name_something() -> None:
    assert problems(
        "components:\n"
        "  f:\n"
        "    kind: lambda\n"
        "    properties:\n"
        "      A: !Ref qq\n"
        "      B: !GetAtt nope.Arn\n"
        '      C: !Sub "${q} ${q.Arn} ${AWS::Region} ${!literal} ${AWS::Regin}"\n'
        '      D: !Sub ["${local} ${other}", {local: !Ref F}]\n'
        "      E: {Ref: AWS::AccountId}\n"
        "      F: [{Fn::GetAtt: [fRole, Arn]}]\n"
        "  q: {kind: sqs_queue}\n"
        "  t: {type: AWS::SNS::Topic, depends_on: [q, nothing]}\n"
    ) == [
        "6:10 no component or resource is called 'qq'; did you mean 'q'?",
        "7:10 no component or resource is called 'nope'",
        "8:10 no component or resource is called 'AWS::Regin'; did you mean 'AWS::Region'?",
        "9:10 no component or resource is called 'other'",
        "11:24 no component or resource is called 'fRole'; did you mean 'FRole'?",
        "13:46 no component or resource is called 'nothing'",
    ]


def test_ids_of_components_in_verbatim_references_become_logical_ids() -> None:
    resources = lower(loads(
        "archproof: 1\n"
        "components:\n"
        "  a_b: {kind: sqs_queue}\n"
        "  t:\n"
        "    type: AWS::SNS::Topic\n"
        '    properties: {A: !Ref a_b, B: !GetAtt a_b.Arn, C: !Sub "x ${a_b.Arn} ${!a_b}",\n'
        '      D: !Sub ["${a_b}", {a_b: 1}]}\n'
    ))  # fmt: skip
    assert resources["T"].properties == {
        "A": {"Ref": "AB"}, "B": {"Fn::GetAtt": ["AB", "Arn"]},
        "C": {"Fn::Sub": "x ${AB.Arn} ${!a_b}"}, "D": {"Fn::Sub": ["${a_b}", {"a_b": 1}]},
    }  # fmt: skip
