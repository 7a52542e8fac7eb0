"""The reference page of every kind, from the models and nothing else."""

from __future__ import annotations

import pytest

from archproof.model import reference, registry


@pytest.mark.parametrize("kind", registry.kinds())
def test_every_kind_has_a_page_with_every_field(kind: str) -> None:
    page = reference.page(kind)
    assert page.startswith(f"# {kind}\n\n")
    for key in registry.keys(kind):
        assert f"| `{key}` |" in page
    for line in page.splitlines():
        if line.startswith("| `"):
            cells = [c.strip() for c in line.replace("\\|", "").strip("|").split("|")]
            assert len(cells) == 4, line
            assert cells[3], f"no meaning: {line}"


def test_a_page_tells_types_defaults_and_what_a_field_refers_to() -> None:
    page = reference.page("lambda")
    assert "- CloudFormation type: `AWS::Lambda::Function`" in page
    assert "- Its role is assumed by `lambda.amazonaws.com`" in page
    for row in (
        "| `memory_mb` | whole number (≥ 1) | `512` | Memory in MB; the processor's share grows with it. |",
        "| `role` | id of a `iam_role` or [own-role](#own-role) |  | A role of the model, or a map that says one of "
        "its own; left out: one with exactly what its links need. |",
        "| `architecture` | `arm64` or `x86_64` | `arm64` | The processor. |",
        "| `environment` | map of text or map by name |  | Environment variables; never a secret. An intrinsic "
        "(`!Ref orders`) may stand for a value. |",
        "| `dead_letter` | [on-failure](#on-failure), or its `to` alone |  | Where failed asynchronous invocations go: "
        "a queue or a topic. |",
        "| `to` | id of a `sqs_queue` or `sns_topic` | required | A queue or a topic. |",
        "| `reserved_concurrency` | whole number (≥ 0) |  | Concurrency kept for it, which is also its ceiling. |",
        "| `trigger` | `sqs_queue` | yes | triggers |",
    ):
        assert row in page


def test_the_list_has_a_line_for_every_kind() -> None:
    lines = reference.listing().splitlines()
    assert [line.split()[0] for line in lines] == registry.kinds()
    assert all(len(line.split("  ", 1)[1].strip()) > 5 for line in lines)
