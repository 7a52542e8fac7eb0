"""Templates that mean harm end in an error within seconds."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from archproof.errors import InputError
from archproof.sources.reading import load

TOPIC = "{Type: AWS::SNS::Topic}"


def _values(count: int, letter: str) -> str:
    return "[" + ", ".join(f"{letter}{n}" for n in range(count)) + "]"


BOMB = "Resources:\n  A: {Type: AWS::SNS::Topic, Properties: {X: &x0 [1, 1, 1, 1, 1, 1, 1, 1]}}\n" + "".join(
    f"  B{n}: {{Type: AWS::SNS::Topic, Properties: {{X: &x{n + 1} [{', '.join([f'*x{n}'] * 8)}]}}}}\n"
    for n in range(20)
)
LOOPS = (
    "Transform: AWS::LanguageExtensions\nResources:\n  Fn::ForEach::A:\n    - A\n"
    f"    - {_values(600, 'a')}\n    - Fn::ForEach::B:\n        - B\n        - {_values(600, 'b')}\n"
    f"        - X${{A}}${{B}}: {TOPIC}\n"
)
CHAIN = (
    "Conditions:\n"
    + "".join(f"  C{n}: !Not [!Condition C{n + 1}]\n" for n in range(3000))
    + (f"  C3000: !Equals [a, a]\nResources: {{A: {TOPIC}}}\n")
)
CIRCLE = "Resources:\n" + "".join(
    f"  A{n}: {{Type: AWS::SNS::Topic, DependsOn: A{(n + 1) % 3000}}}\n" for n in range(3000)
)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("bomb.yaml", BOMB, "aliases repeat more than 200,000 values"),
        ("deep.yaml", "Resources: " + "[" * 5000 + "]" * 5000, "nested more than 100 levels deep"),
        ("deep.json", '{"Resources":' * 50_000 + "1" + "}" * 50_000, "nested more than 100 levels deep"),
        ("loops.yaml", LOOPS, "the loops make more than 200,000 values"),
        ("chain.yaml", CHAIN, "conditions rest on one another more than 100 deep"),
        ("circle.yaml", CIRCLE, "circular dependency between resources: A0, A1, A2"),
        ("large.yaml", f"Resources:\n  A: {TOPIC}\n" + "# x\n" * 2_000_000, "the file has 8 MB; CloudFormation takes"),
        ("large.json", json.dumps({"Resources": {"A": {"Type": "x" * 9_000_000}}}), "the file has 9 MB"),
    ],
)  # fmt: skip
def test_a_template_that_means_harm_is_an_error(tmp_path: Path, name: str, text: str, message: str) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    start = time.process_time()
    with pytest.raises(InputError, match=message):
        load(path)
    assert time.process_time() - start < 10


def test_stacks_that_nest_without_end_are_an_error(tmp_path: Path) -> None:
    for level in range(8):
        stacks = "".join(
            f"  S{n}: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: n{level + 1}.yaml}}}}\n"
            for n in range(8)
        )
        (tmp_path / f"n{level}.yaml").write_text(f"Resources:\n{stacks}", encoding="utf-8")
    (tmp_path / "n8.yaml").write_text(f"Resources: {{A: {TOPIC}}}", encoding="utf-8")
    with pytest.raises(InputError, match="stacks nested of more than 500 files"):
        load(tmp_path / "n0.yaml")
