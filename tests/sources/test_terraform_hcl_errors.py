"""Configurations that are wrong or hostile: an error with its place, within seconds, and never a guess."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from archproof.errors import InputError
from archproof.sources.reading import Request, read
from tests.sources.test_terraform_hcl import folder


def problems(path: Path, text: str, **parameters: str) -> list[str]:
    """What is wrong with a configuration, with line and column."""
    with pytest.raises(InputError) as caught:
        read(folder(path, text), Request(parameters=parameters))
    return [f"{p.location.line}:{p.location.column} {p.message}" for p in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("locals {\n  a = [1,\n}\n", "3:1 this '}' does not close the '[' of line 2"),
        ('locals {\n  a = "abc\n}\n', "2:7 this text is not closed with '\"' on its line"),
        ("locals {\n  a = <<EOT\nabc\n}\n", "2:7 no line with 'EOT' alone closes this text"),
        ('locals {\n  a = "${1 + }"\n}\n', "2:14 not HCL: ')' cannot stand here"),
        ("locals {\n  a = 1\n  a = 2\n}\n", "3:3 'a' is said twice (first on line 2)"),
        ("resource {}\n", "1:1 'resource' has 2 labels (type and name), and here are 0"),
        ('resorce "a" "b" {}\n', "1:1 a block 'resorce' is not known; did you mean 'resource'?"),
        ("locals { a = " + "[" * 99 + "]" * 99 + " }\n", "1:73 nested deeper than 60 brackets"),
    ],
)
def test_what_is_not_the_language_is_told_at_its_place(tmp_path: Path, text: str, message: str) -> None:
    assert problems(tmp_path, text)[0].startswith(message)


def test_names_of_nothing_are_told_all_at_once_with_the_nearest_one(tmp_path: Path) -> None:
    text = """variable "prefix" { default = "a" }
resource "aws_sqs_queue" "queue" { name = var.prefx }
resource "aws_sns_topic" "t" { name = aws_sqs_queue.que.name }
module "m" { source = "./nowhere" }
"""
    assert problems(tmp_path, text) == [
        "2:43 var.prefx is not declared; did you mean 'prefix'?",
        "3:39 aws_sqs_queue.que is not declared; did you mean 'aws_sqs_queue.queue'?",
        "4:23 there is no folder './nowhere'",
    ]


def test_a_parameter_for_no_variable_is_an_error(tmp_path: Path) -> None:
    text = 'variable "stage" { default = "a" }\n'
    assert problems(tmp_path, text, stages="b") == [
        "1:1 no variable is called 'stages' (--parameter); did you mean 'stage'?"
    ]


def test_what_depends_on_itself_is_told_with_its_way(tmp_path: Path) -> None:
    text = 'locals {\n  a = local.b\n  b = local.a\n}\nresource "aws_sqs_queue" "q" { name = local.a }\n'
    assert problems(tmp_path, text) == ["2:3 local.a depends on itself: local.a → local.b → local.a"]


def test_a_module_that_calls_itself_and_one_outside_of_the_repository_are_not_read(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    text = 'module "m" { source = "./." }\nmodule "n" { source = "../../../../../../../../etc" }\n'
    assert problems(inner, text) == [
        "1:23 module 'm' is not read: it calls itself",
        "2:23 '../../../../../../../../etc' leaves the repository: it is not read",
    ]


def test_a_file_outside_of_the_folder_is_not_read_and_named(tmp_path: Path) -> None:
    text = 'resource "aws_sqs_queue" "q" { name = file("/etc/hostname") }\n'
    resources = read(folder(tmp_path, text))
    assert resources.unknown[0].why == "'/etc/hostname' stands outside of the folder: it is not read"
    assert resources.unknown[0].location.line == 1


def test_a_link_to_a_file_elsewhere_is_not_read(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    os.symlink("/etc/hostname", inner / "main.tf")
    with pytest.raises(InputError, match="a link to a file outside of the repository is not read"):
        read(inner)


def test_a_file_that_is_too_large_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text("#" + "x" * 2_000_001)
    with pytest.raises(InputError, match="a file of more than 2 MB is not read"):
        read(tmp_path)


@pytest.mark.parametrize("step", ["[local.a{0}, local.a{0}]", "concat(local.a{0}, local.a{0})"])
def test_lists_that_double_end_in_an_error(tmp_path: Path, step: str) -> None:
    lines = [f"  a{n + 1} = {step.format(n)}\n" for n in range(50)]
    text = (
        'locals {\n  a0 = ["x"]\n'
        + "".join(lines)
        + '}\nresource "aws_sqs_queue" "q" { name = jsonencode(local.a50) }\n'
    )
    assert "takes more than 1,000,000 steps" in problems(tmp_path, text)[0]


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("pow(10, 1000000000)", "a number that is too large"),
        ('format("%1000000000d", 1)', "format() with a width over 10,000"),
        ('regex("^(a+)+$", "' + "a" * 40 + 'b")', "a regular expression that may take very long"),
        ("range(100000000)", "range() has 1,024 elements at most and a step that is not 0"),
    ],
)
def test_functions_with_no_end_are_named_as_not_known(tmp_path: Path, expression: str, why: str) -> None:
    resources = read(folder(tmp_path, f'resource "aws_sqs_queue" "q" {{ name = {expression} }}\n'))
    assert resources.unknown[0].why == why


def test_too_many_instances_are_an_error(tmp_path: Path) -> None:
    text = 'resource "aws_sqs_queue" "q" { count = 1000000000 }\n'
    assert problems(tmp_path, text) == ["1:40 more than 20,000 instances of aws_sqs_queue.q"]


def test_a_function_that_nothing_knows_is_named(tmp_path: Path) -> None:
    resources = read(folder(tmp_path, 'resource "aws_sqs_queue" "q" { name = lowr("A") }\n'))
    assert resources.unknown[0][:2] == ("lowr()", "this reader knows no function of this name; did you mean 'lower'?")
