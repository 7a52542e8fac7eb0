"""`archproof fmt`: the canonical form, what is checked, what is written, what is left alone."""

from __future__ import annotations

import io
import os
import stat
import sys
from pathlib import Path

import pytest

from archproof.cli.main import main
from archproof.model.formatting import canonical

BEFORE = """\
# about the file

links:   # who talks to whom
- {to: fn,
   from: user}
components:

  # people
  user: {title: "Users", kind: person}


  # functions
  fn:
      in: {security_groups: [a],
           subnets: app}   # placed
      kind: lambda
      description: it does this, and that
  # the end
archproof: 1
"""
AFTER = """\
# about the file

archproof: 1
components:
  # people
  user: {kind: person, title: "Users"}

  # functions
  fn:
    kind: lambda
    description: it does this, and that
    in: {subnets: app, security_groups: [a]}  # placed
  # the end
links:  # who talks to whom
  - {from: user, to: fn}
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "a.yaml"
    file.write_text(BEFORE, encoding="utf-8")
    return file


def test_the_canonical_form() -> None:
    assert canonical(BEFORE) == AFTER
    assert canonical(AFTER) == AFTER


def test_it_writes_the_canonical_form(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path.chmod(0o640)
    assert main(["fmt", str(path)]) == 0
    assert path.read_text(encoding="utf-8") == AFTER
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert capsys.readouterr().err == f"formatted {path}\n"
    before = path.stat().st_mtime_ns
    assert main(["fmt", str(path)]) == 0
    assert path.stat().st_mtime_ns == before
    assert os.listdir(path.parent) == ["a.yaml"]


def test_check_writes_nothing_and_tells(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fmt", "--check", str(path)]) == 1
    assert path.read_text(encoding="utf-8") == BEFORE
    assert f"{path} is not in its canonical form" in capsys.readouterr().err
    path.write_text(AFTER, encoding="utf-8")
    assert main(["fmt", "--check", str(path)]) == 0


def test_diff_shows_what_would_change(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fmt", "--diff", str(path)]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"--- {path}\n+++ {path} (canonical)\n")
    assert '-  user: {title: "Users", kind: person}\n' in out
    assert '+  user: {kind: person, title: "Users"}\n' in out
    assert path.read_text(encoding="utf-8") == BEFORE
    assert main(["fmt", "--diff", "--check", str(path)]) == 1


def test_a_file_with_errors_is_left_alone_with_all_the_others(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = path.with_name("bad.yaml")
    bad.write_text("links: []\nlinks: []\ncomponets: {}\n", encoding="utf-8")
    assert main(["fmt", str(path), str(bad), str(path.with_name("none.yaml"))]) == 2
    err = capsys.readouterr().err
    assert f"{bad}:2:1: error: duplicate key 'links' (first on line 1)" in err
    assert f"{bad}:3:1: error: unknown section 'componets'; did you mean 'components'?" in err
    assert "none.yaml:1:1: error: no such file" in err
    assert path.read_text(encoding="utf-8") == BEFORE


def test_standard_input_goes_to_standard_output(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(BEFORE.encode())))
    assert main(["fmt", "-"]) == 0
    assert capsys.readouterr().out == AFTER


def test_a_link_stays_a_link(path: Path) -> None:
    link = path.with_name("link.yaml")
    link.symlink_to(path.name)
    assert main(["fmt", str(link)]) == 0
    assert link.is_symlink()
    assert path.read_text(encoding="utf-8") == AFTER


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("load: {users: 0x1f, peak_rps: 1e3}\n", "load: {peak_rps: 1e3, users: 0x1f}\n", id="numbers stay"),
        pytest.param(
            "flows:\n  a: {title: 'x, y', steps: [{does: 'it''s', from: a, to: b}]}\n",
            "flows:\n  a:\n    title: 'x, y'\n    steps:\n      - {from: a, to: b, does: 'it''s'}\n",
            id="quotes stay",
        ),
        pytest.param(
            "components:\n  a:\n    kind: lambda\n    title: one, two [x]\n",
            'components:\n  a: {kind: lambda, title: "one, two [x]"}\n',
            id="signs between braces are quoted",
        ),
        pytest.param(
            "components:\n  b: &b {title: x, kind: lambda}\n  a: {tags: *c}\n".replace("*c", "*b"),
            "components:\n  b: &b {title: x, kind: lambda}\n  a: {tags: *b}\n",
            id="order stays where there are anchors",
        ),
        pytest.param(
            "components:\n    a:\n        properties:\n            A: !Sub |\n"
            "                x\n                  y\n\n            B: !Ref a\n",
            "components:\n  a:\n    properties:\n      A: !Sub |\n        x\n          y\n\n      B: !Ref a\n",
            id="texts over several lines",
        ),
        pytest.param(
            "system:\n  summary: >-\n      one\n      two\n  name: x\n",
            "system:\n  name: x\n  summary: >-\n    one\n    two\n",
            id="folded texts",
        ),
        pytest.param(
            "system: {summary: one\n    two}\n", "system:\n  summary: one\n    two\n", id="plain texts"
        ),
        pytest.param(
            "links:\n- # first\n  from: a\n  to: b\n# second\n\n- {from: c, # here\n   to: d}\n# end\n",
            "links:\n  - {from: a, to: b}  # first\n  # second\n\n  - from: c  # here\n    to: d\n# end\n",
            id="comments in lists",
        ),
        pytest.param("---\nlinks: []\n", "---\nlinks: []\n", id="the beginning of the document"),
        pytest.param("include: [a.yaml]\nlinks: []\n", "links: []\ninclude: [a.yaml]\n", id="include"),
    ],
)  # fmt: skip
def test_forms(before: str, after: str) -> None:
    assert canonical(before) == after
    assert canonical(after) == after


def test_the_longest_line_has_120_columns() -> None:
    fits = "components:\n  a: {kind: lambda, description: " + "x" * 86 + "}\n"
    assert len(fits.splitlines()[1]) == 120
    assert canonical(fits) == fits
    assert canonical(fits.replace("x}", "xx}")).splitlines()[1] == "  a:"


def test_a_line_that_its_comment_makes_too_long_is_a_block() -> None:
    near = "links: []\ncomponents:\n  a: {kind: lambda, handler: xxxxxxxxxxxxxxxxxxxx}  # " + "y" * 90 + "\n"
    assert canonical(near).splitlines()[1].startswith("  a: {kind: lambda, ")
    far = canonical(near.replace("y" * 90, "y" * 110))
    assert far.splitlines()[1] == "  a:  # " + "y" * 110
    assert canonical(far) == far


def test_every_shipped_model_keeps_its_values() -> None:
    root = Path(__file__).parents[2]
    for path in [*root.glob("examples/*/architecture.yaml"), *root.glob("architecture.yaml")]:
        written = canonical(path.read_text(encoding="utf-8"), path.name)
        assert canonical(written) == written
