"""`archproof import`: what it writes, what it refuses, what it tells."""

from __future__ import annotations

from pathlib import Path

import pytest

from archproof.cli.main import main

_TEMPLATE = "Resources:\n  Jobs: {Type: AWS::SQS::Queue}\n"
_MODEL = """\
archproof: 1
system: {name: jobs, exact: true}
components:
  jobs: {kind: sqs_queue}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "jobs.yaml").write_text(_TEMPLATE, encoding="utf-8")
    return tmp_path


def test_the_model_goes_to_standard_output_and_what_it_is_to_standard_error(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", "jobs.yaml"]) == 0
    assert capsys.readouterr() == (_MODEL, "imported 1 component of 1 resource\n")


def test_a_file_that_is_there_is_replaced_by_force_alone(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "jobs.yaml", "-o", "architecture.yaml"]) == 0
    assert (folder / "architecture.yaml").read_text(encoding="utf-8") == _MODEL
    capsys.readouterr()
    assert main(["import", "jobs.yaml", "-o", "architecture.yaml"]) == 2
    assert capsys.readouterr().err == "archproof: architecture.yaml is there already; --force replaces it\n"
    assert main(["import", "jobs.yaml", "-o", "architecture.yaml", "--force"]) == 0


def test_a_model_is_not_imported(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "architecture.yaml").write_text("archproof: 1\n", encoding="utf-8")
    assert main(["import", "architecture.yaml"]) == 2
    assert capsys.readouterr().err == "archproof: architecture.yaml is a model already\n"


def test_the_canonical_form_of_an_import_is_the_import(folder: Path) -> None:
    assert main(["import", "jobs.yaml", "-o", "a.yaml"]) == 0
    assert main(["fmt", "--check", "a.yaml"]) == 0


def test_init_imports_the_one_source_that_lies_there(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init"]) == 0
    assert (folder / "architecture.yaml").read_text(encoding="utf-8") == _MODEL
    assert capsys.readouterr().err == (
        "imported 1 component of 1 resource\n"
        "wrote architecture.yaml from jobs.yaml; `archproof check architecture.yaml` checks it\n"
    )


def test_init_writes_the_starter_where_there_are_several_sources_or_it_is_asked_for(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", "--starter"]) == 0
    starter = (folder / "architecture.yaml").read_text(encoding="utf-8")
    (folder / "more.json").write_text('{"Resources": {"More": {"Type": "AWS::SQS::Queue"}}}', encoding="utf-8")
    capsys.readouterr()
    assert main(["init", "--force"]) == 0
    assert (folder / "architecture.yaml").read_text(encoding="utf-8") == starter
    assert capsys.readouterr().err.startswith(
        "several sources lie here (jobs.yaml, more.json): `archproof import SOURCE` makes a model of one\n"
    )
