"""What a macro of the account may change is not compared, and never called other than declared."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from archproof.api import load
from archproof.drift import living, system
from archproof.sources.reading import Request
from tests.drift.accounts import REGION, queue, queues, told, write

_JOBS = "  Jobs: {Type: AWS::SQS::Queue, Properties: {QueueName: jobs, VisibilityTimeout: 60}}\n"
_MINE = "unread Jobs : None -> None"


def _compared(folder: Path, template: str) -> tuple[list[str], set[str]]:
    """Every difference with the queue `jobs`, whose timeout is 30 seconds, and why something is unread."""
    answers = write(folder / "live", lists=queues("jobs"), jobs=queue("jobs"))
    (folder / "t.yaml").write_text(template, encoding="utf-8")
    live = living.of_path(str(answers), Request(region=REGION))
    found = system.compare(load(folder / "t.yaml"), live, today=datetime.date(2026, 11, 23), region=REGION)
    return told(found), {d.drift.why for d in found.of("unread")}


@pytest.mark.parametrize("said", ["Mine", "[Mine]", "[{Name: Mine}]", "[AWS::LanguageExtensions, Mine]"])
def test_a_macro_of_the_whole_template_leaves_all_of_it_unread(tmp_path: Path, said: str) -> None:
    lines, why = _compared(tmp_path, f"Transform: {said}\nResources:\n{_JOBS}{_JOBS.replace('obs', 'ets')}")
    assert lines == [_MINE, "unread Jets : None -> None"]
    assert why == {"the macro Mine may make something else of it in the account"}


@pytest.mark.parametrize("said", ["AWS::LanguageExtensions", "[AWS::SecretsManager-2020-07-23]"])
def test_what_is_known_to_leave_a_resource_as_it_is_is_compared(tmp_path: Path, said: str) -> None:
    lines, _ = _compared(tmp_path, f"Transform: {said}\nResources:\n{_JOBS}")
    assert lines == ["declared Jobs VisibilityTimeout: 60 -> 30"]


def test_a_macro_within_a_resource_leaves_that_one_unread_and_no_other(tmp_path: Path) -> None:
    macro = _JOBS.replace("60}", "60, Fn::Transform: {Name: Mine}}")
    lines, why = _compared(tmp_path, f"Resources:\n{macro}{_JOBS.replace('obs', 'ets')}")
    assert lines == [_MINE, "missing Jets"]
    assert why == {"the macro Mine may make something else of it in the account"}
