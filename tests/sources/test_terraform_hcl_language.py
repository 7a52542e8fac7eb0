"""The language as Terraform 1.11 works it out: each value was taken from a run of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from archproof.sources.hcl.configuration import load
from archproof.sources.hcl.evaluation import Run
from archproof.sources.hcl.folder import Folders


def outputs(folder: Path, text: str) -> dict[str, Any]:
    """The outputs of a configuration of one file."""
    (folder / "main.tf").write_text(text)
    run = Run()
    module = load(Folders(folder, "here", run.problems), run, {})
    found = {name: run.settle(module.output(name)) for name in module.config.outputs}
    assert not run.problems and not run.unknown
    return found


CASES: list[tuple[str, Any]] = [
    ('[for s in ["x","y"] : upper(s)]', ["X", "Y"]),
    ('{ for i, s in ["x","y"] : s => i if i > 0 }', {"y": 1}),
    ('{ for s in ["ab","ac","b"] : substr(s, 0, 1) => s... }', {"a": ["ab", "ac"], "b": ["b"]}),
    (
        'format("%05.2f|%5s|%-5s|%q|%x|%v|%03d", 3.14159, "a", "b", "q", 255, true, 7)',
        '03.14|    a|b    |"q"|ff|true|007',
    ),
    ('formatlist("%s-%s", ["a","b"], "c")', ["a-c", "b-c"]),
    ('cidrsubnet("10.0.0.0/16", 8, 3)', "10.0.3.0/24"),
    ('cidrsubnets("10.1.0.0/16", 4, 4, 8, 4)', ["10.1.0.0/20", "10.1.16.0/20", "10.1.32.0/24", "10.1.48.0/20"]),
    ('cidrhost("10.0.0.0/24", -2)', "10.0.0.254"),
    ('jsonencode({ b = [1, 2.5, true, null], a = "<x>&" })', '{"a":"\\u003cx\\u003e\\u0026","b":[1,2.5,true,null]}'),
    ('yamlencode({ a = [1, "two"], b = { c = true } })', '"a":\n- 1\n- "two"\n"b":\n  "c": true\n'),
    ('regex("^([a-z]+)-(\\\\d+)$", "abc-12")', ["abc", "12"]),
    ('regex("(?P<n>[a-z]+)", "abc-12")', {"n": "abc"}),
    ('regexall("[a-z]", "a1b")', ["a", "b"]),
    ('replace("a-b_c", "/[-_]/", ".")', "a.b.c"),
    ('replace("hello", "/(l+)/", "<$1>")', "he<ll>o"),
    ("[{ a = 1 }, { a = 2 }][*].a", [1, 2]),
    ('try({}.x, "fallback")', "fallback"),
    ('formatdate("DD MMM YYYY hh:mm ZZZ", "2018-01-02T23:12:01Z")', "02 Jan 2018 23:12 UTC"),
    ('md5("hello")', "5d41402abc4b2a76b9719d911017c592"),
    ('sort(["b","a","10","9"])', ["10", "9", "a", "b"]),
    ('setproduct(["a","b"], [1,2])', [["a", 1], ["a", 2], ["b", 1], ["b", 2]]),
    ('transpose({ a = ["1","2"], b = ["2"] })', {"1": ["a"], "2": ["a", "b"]}),
    ('element(["a","b"], 3)', "b"),
    ('flatten([["a",["b"]], [], ["c"]])', ["a", "b", "c"]),
    ('title("hello world-foo")', "Hello World-Foo"),
    ("10 / 4", 2.5),
    ("-7 % 3", -1),
    ('"1" == 1', False),
    ("!true || 1 < 2 && 3 >= 3", True),
    ("chunklist([1,2,3], 2)", [[1, 2], [3]]),
    ("merge({a=1},{b=2, a=3})", {"a": 3, "b": 2}),
    ('coalesce("", "x")', "x"),
    ('index(["a","b"], "b")', 1),
    ('zipmap(["a","b"],[1,2])', {"a": 1, "b": 2}),
    ('lookup({a="1"}, "b", "z")', "z"),
    ('distinct(["a","b","a"])', ["a", "b"]),
    ("range(1, 10, 3)", [1, 4, 7]),
    ('"a${true}b${12}c${1.50}"', "atrueb12c1.5"),
    ('timeadd("2020-01-01T00:00:00Z", "36h")', "2020-01-02T12:00:00Z"),
    ('indent(2, "a\\nb")', "a\n  b"),
    ('uuidv5("dns", "example.com")', "cfbff0d1-9375-5685-968c-48ce8b15ae17"),
    ('base64sha256("x")', "LXEWQrcmsEQBYnyp+6wy9chTD7GQPMTbAiWHF5IaSIE="),
    ('urlencode("a b/c?d=é")', "a+b%2Fc%3Fd%3D%C3%A9"),
    ('csvdecode("a,b\\n1,2\\n")', [{"a": "1", "b": "2"}]),
    ('trim("!!x!!", "!")', "x"),
    ("keys({b=1,a=2})", ["a", "b"]),
    ("1000000 * 1000000", 1000000000000),
    ("0.1 + 0.2", 0.3),
    ('toset(["b","a","b"])', ["a", "b"]),
    ('contains(["a"], "a")', True),
    ('slice(["a","b","c"], 1, 3)', ["b", "c"]),
    ("one([])", None),
    ('parseint("ff", 16)', 255),
    ("log(16, 2)", 4),
    ('jsondecode("{\\"a\\": [1, {\\"b\\": null}]}")', {"a": [1, {"b": None}]}),
    ("alltrue([true, true])", True),
    ("sum([1, 2.5])", 3.5),
    ('strrev("abc")', "cba"),
    ('compact(["a", "", null])', ["a"]),
    ('join(",", [1, "b", true])', "1,b,true"),
]


@pytest.mark.parametrize(("expression", "value"), CASES, ids=[e[:40] for e, _ in CASES])
def test_an_expression_has_the_value_that_terraform_gives_it(tmp_path: Path, expression: str, value: Any) -> None:
    found = outputs(tmp_path, f'output "x" {{ value = {expression} }}')["x"]
    assert found == value and isinstance(found, bool) == isinstance(value, bool)


HEREDOCS = """
output "directives" {
  value = <<-EOT
      first
      %{ if true }
        yes
      %{ endif }
      ${"x"} end
BLANK
      z
  EOT
}
output "strip_markers" {
  value = <<-EOT
    %{ if true ~}
    a
    %{ endif ~}
    %{ if true ~}
    b
    %{ endif ~}
  EOT
}
output "loop" {
  value = <<-EOT
    ${"q"}
      %{ for x in ["1"] }
      a${x}
      %{ endfor }
  EOT
}
output "plain" {
  value = <<EOT
plain $${x} ${1 + 2} \\n
EOT
}
"""


def test_heredocs_lose_their_indentation_line_by_line_as_in_terraform(tmp_path: Path) -> None:
    assert outputs(tmp_path, HEREDOCS.replace("BLANK", "   ")) == {
        "directives": "first\n\n  yes\n\nx end\n   \nz\n",
        "strip_markers": "    a\n        b\n",
        "loop": "q\n  \n  a1\n  \n",
        "plain": "plain ${x} 3 \\n\n",
    }


def test_optional_attributes_of_an_object_have_their_defaults(tmp_path: Path) -> None:
    text = """
variable "buckets" {
  type    = map(object({ versioned = optional(bool, true), days = optional(number) }))
  default = { logs = {}, data = { versioned = "false", days = "30" } }
}
output "x" { value = var.buckets }
"""
    assert outputs(tmp_path, text)["x"] == {
        "logs": {"versioned": True, "days": None}, "data": {"versioned": False, "days": 30},
    }  # fmt: skip


def test_try_takes_the_first_argument_that_has_a_value(tmp_path: Path) -> None:
    text = """
locals { held = { a = [1] } }
output "x" { value = [try(local.held.b, local.held.a[1], "none"), can(local.held.a[0]), can(local.held.z)] }
"""
    assert outputs(tmp_path, text)["x"] == ["none", True, False]


def test_a_template_file_is_read_within_the_folder(tmp_path: Path) -> None:
    (tmp_path / "user.sh").write_text("%{ for p in ports ~}\nopen ${p} ${name}\n%{ endfor ~}\n")
    text = 'output "x" { value = templatefile("${path.module}/user.sh", { ports = [80, 443], name = "n" }) }'
    assert outputs(tmp_path, text)["x"] == "open 80 n\nopen 443 n\n"
