"""Text formats keep hostile names harmless; formats are found by extension."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archproof.errors import UsageError
from archproof.renderers import diagrams_script, dot, formats, mermaid
from archproof.renderers.scene import Edge, Group, Message, Node, Participant, Scene, SequenceScene

from . import cast3

HOSTILE = st.text(max_size=60) | st.sampled_from(
    ['"] --> x', "end", "'''\nimport os", '"; rm -rf /', "%%{init}%%", "]]|>{()}", "\\"]
)


def hostile(name: str) -> Scene:
    nodes = (Node(name + "1", name, "lambda", subtitle=name, group="g"), Node(name + "2", name, "AWS::X::Y"))
    return Scene(
        "s", name, nodes, (Group("g", name, "vpc"), Group("h", name)), (Edge("e", nodes[0].id, nodes[1].id, name),)
    )


def test_every_format_is_found_by_its_extension_and_an_unknown_one_is_named() -> None:
    assert {"svg", "png", "mmd", "py", "dot"} <= set(formats.extensions())
    with pytest.raises(UsageError, match="bmp"):
        formats.write(cast3.overview(), "bmp")


def test_no_file_is_left_where_a_format_fails(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        formats.save(cast3.overview(), tmp_path / "x.bmp")
    assert not list(tmp_path.iterdir())


@given(HOSTILE)
def test_mermaid_strings_hold_no_syntax(name: str) -> None:
    for line in mermaid.write(hostile(name)).decode().splitlines()[3:]:
        for inner in re.findall(r'"([^"]*)"', line):
            assert not set(re.sub(r"#\d+;|<br/>", "", inner)) & set('"[]{}|<>;#&`\\')
        assert line.count('"') % 2 == 0


@given(HOSTILE)
def test_mermaid_lines_are_of_known_shapes(name: str) -> None:
    shapes = (
        r'\s*(n\d+\[".*"\]|subgraph g\d+\[".*"\]|end|n\d+ \S+ n\d+|'
        r'n\d+ [-=.<>]+\|".*"\| n\d+|style g\d+ \S+( \S+)*|flowchart LR)'
    )
    body = mermaid.write(hostile(name)).decode().split("---\n")[-1]
    assert all(re.fullmatch(shapes, line) for line in body.splitlines())


@given(HOSTILE)
def test_mermaid_sequences_are_of_known_shapes(name: str) -> None:
    people = (Participant("a", name, "person"), Participant("b", name, "lambda"))
    flow = SequenceScene("f", name, people, (Message("a", "b", name, name, failures=((name, name),)),))
    shapes = r"\s*((actor|participant) p\d as .*|p\d(->>|-->>|-\))p\d: .*|Note over p\d: .*|sequenceDiagram|autonumber)"
    body = mermaid.write(flow).decode().split("---\n")[-1]
    for line in body.splitlines():
        assert re.fullmatch(shapes, line)
        assert ";" not in re.sub(r"#\d+;", "", line)


@given(HOSTILE)
def test_a_script_holds_names_only_as_literals(name: str) -> None:
    tree = ast.parse(diagrams_script.write(hostile(name)).decode())
    calls = {n.func.id for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}
    assert calls <= {"Diagram", "Cluster", "Edge", "Path", "str", "ComputeLambda", "GeneralGeneral"}
    imported = {a.name for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) for a in n.names}
    assert imported <= {"Path", "Cluster", "Diagram", "Edge", "Lambda", "General"}


def test_a_script_runs_and_draws(tmp_path: Path) -> None:
    pytest.importorskip("diagrams", reason="the diagrams package is an extra")
    if not shutil.which("dot"):
        pytest.skip("Graphviz is not installed")
    script = tmp_path / "picture.py"
    script.write_bytes(diagrams_script.write(cast3.overview()))
    subprocess.run([sys.executable, str(script)], check=True, cwd=tmp_path)
    assert (tmp_path / "picture.png").stat().st_size > 10_000


@pytest.mark.parametrize("name", ['a"b', "\\", 'x\\"; y', "<b>&"])
def test_dot_is_accepted_by_graphviz(name: str) -> None:
    if not shutil.which("dot"):
        pytest.skip("Graphviz is not installed")
    read = subprocess.run(["dot", "-Tcanon"], input=dot.write(hostile(name)), check=False, capture_output=True)
    assert (read.returncode, read.stderr) == (0, b"")


def test_text_formats_take_flows_too() -> None:
    for extension in ("mmd", "py", "dot"):
        assert formats.write(cast3.signing_in(), extension)
