"""The interview document says what the model says, each sentence with its line."""

from __future__ import annotations

import re

import pytest

from archproof.errors import UsageError
from archproof.model.architecture import loads
from archproof.renderers import documents
from archproof.resources.lowering import lower
from tests.documents.systems import SHOP, SITE, TODAY, cited, evidence, markdown, section

HEADINGS = [
    "The pitch", "Requirements and load", "Pictures", "Components", "Flows", "Network", "Security",
    "Guarantees of data and messages", "Capacity", "Failures and alarms", "Decisions",
    "Known gaps and accepted findings", "Corrections to common claims", "Questions and answers", "Glossary", "Evidence",
]  # fmt: skip


HEADS = (
    r"\| (Load|Environment|Component|Limit|Tier|Group|Feature|Role of|Secret|Store|What|When this is down|Alarm|"
    r"Severity|Term|Service|Function) \|"
)


@pytest.fixture(scope="module")
def shop() -> str:
    return markdown(SHOP)


def test_every_section_of_the_outline_is_there_in_its_order(shop: str) -> None:
    assert re.findall(r"^## (.*)$", shop, re.M) == HEADINGS
    assert re.findall(r"^## (.*)$", markdown(SITE), re.M) == HEADINGS


def test_the_pitch_names_what_the_model_names(shop: str) -> None:
    pitch = section(shop, "### In 30 seconds")
    assert "**Shop**: takes orders; 9 components in eu-west-1 " in pitch
    assert "Buyers can sign in at Accounts and use the Order API " in pitch
    assert "The work is done by 2 Lambda functions on .NET 10 " in pitch
    assert "Users sign in at Accounts, and the Order API checks their token before any code of ours runs " in pitch
    assert cited(shop, "**Shop**: takes orders")[-1] == ("architecture.yaml:6", "system.region: eu-west-1")


def test_the_concurrency_is_worked_out_with_its_formula(shop: str) -> None:
    said = "120 requests/s × 0.4 s = 48 at once, of 100: **52 % free**"
    assert said in section(shop, "## Capacity")
    behind = cited(shop, said)
    assert ("architecture.yaml:46", "load.peak_rps: 120") in behind
    assert ("architecture.yaml:30", "orders.reserved_concurrency: 100") in behind


def test_connections_jobs_visibility_and_uploads_are_worked_out(shop: str) -> None:
    capacity = section(shop, "## Capacity")
    assert "(Orders 100) × 1 each = 100, of 901: **89 % free**" in capacity
    assert "300 jobs/h × 300 s ÷ 3,600 s = 25 at once, of 20: **25 % too much**" in capacity
    assert "no more than 20 × 3,600 s ÷ 300 = 240 s on average" in capacity
    assert "6 × 300 s = 1,800 s, of 1,800 s: **exactly enough**" in capacity
    assert "8 MB in one request, of min(10 MB, 6 MB) = 6 MB: **33 % too much**" in capacity


def test_what_breaks_first_is_the_tightest_limit(shop: str) -> None:
    answer = section(shop, "#### Scale · What breaks first at ten times the load?")
    assert answer.strip().startswith("Background jobs at their longest (Reporter), at 0.8 times the load")
    assert "Then concurrent executions (Orders), at 2.08 times" in answer


def test_the_limits_of_lambda_stand_beside_what_is_used(shop: str) -> None:
    limits = section(shop, "### Lambda and its limits")
    assert "| Timeout | 900 s | Orders 20 s = 2 %; Reporter 300 s = 33 % [" in limits
    assert "| Memory | 128 MB to 10,240 MB | Orders 512 MB = 5 %" in limits
    for word, value in [("Environment variables", "4 KB"), ("Layers", "5"), ("Payload, asynchronous", "1 MB")]:
        assert f"| {word} | {value} | " in limits
    assert "| Package, zipped, uploaded directly | 50 MB | not declared [" in limits


def test_a_flow_is_numbered_with_the_failure_of_each_step(shop: str) -> None:
    flow = section(shop, "### Ordering")
    assert "![Flow order](<order.svg>)" in flow
    assert "1. **Buyers → Order API**: send an order [" in flow
    assert "   - *Fails* with `401`: no valid token [" in flow
    assert "   - *Too slow*: the function is stopped after 20 s, the API itself gives up after 30 s [" in flow
    assert "3. **Orders → Jobs**: asks for a receipt (nobody waits for it) [" in flow
    assert "   - *Fails* and ends up in Dead: after five receives [" in flow
    assert cited(shop, "**Buyers → Order API**: send an order") == [
        ("architecture.yaml:51", "flows.order.steps.0: buyers → api")
    ]


def test_messages_that_fail_are_followed_to_their_end(shop: str) -> None:
    queue = section(section(shop, "## Guarantees of data and messages"), "### Jobs")
    assert "AWS advises six times the function's timeout for that: 6 × 300 s = 1,800 s; 1,800 s is enough [" in queue
    assert "After 5 receives a message moves to Dead, which keeps it for 14 days [" in queue


def test_identity_says_who_checks_what(shop: str) -> None:
    identity = section(shop, "## Security")
    assert "passwords of at least 14 characters" in identity
    assert "Web: ID 60 min, access 15 min, refresh 30 days" in identity
    going_on = "A valid call goes on: to Orders for `GET /orders` (scope `orders.read`), with the verified claims"
    assert going_on in identity
    assert "a token that fails is answered with `401`, a missing scope with `403`, and no function runs [" in identity


def test_a_guarantee_that_nothing_proved_is_not_called_proved(shop: str) -> None:
    assert "- **Not proved yet**: internet never reaches db, because it holds the ledger [" in shop
    unchecked = markdown(SHOP, found=False)
    assert "**Not checked**: never: internet → db" in unchecked
    assert "**Proved**" not in shop + unchecked


def test_decisions_name_what_was_rejected(shop: str) -> None:
    assert section(shop, "### One database").strip().startswith("Orders must balance [")
    assert "Rejected: a table for each [" in shop


def test_findings_are_told_with_their_lines_and_waivers_with_their_end(shop: str) -> None:
    gaps = section(shop, "## Known gaps and accepted findings")
    assert "| **high** | `queue-slow` | `jobs` | 60 s is too short [" in gaps
    assert "- `no-alarm`, `db`, until 2026-11-22, by team: small [" in gaps
    assert "- the guarantee: nothing proves it [" in gaps
    assert cited(shop, "60 s is too short") == [("architecture.yaml:39", "queue-slow (high)")]


def test_corrections_stand_with_how_this_model_stands(shop: str) -> None:
    claims = section(shop, "## Corrections to common claims")
    assert "“The back end runs on .NET Core 8.”" in claims
    assert "In this model: runtime of orders and report is dotnet10 [" in claims


def test_every_family_of_cards_is_there(shop: str) -> None:
    cards = section(shop, "## Questions and answers")
    families = ["Trace", "Limit", "Why", "Failure", "Path", "Scale", "Compare", "Myth"]
    assert re.findall(r"^### (.*)$", cards, re.M) == families
    for family in families:
        assert re.search(rf"^#### {family} · .+$", cards, re.M), family
    assert "min(10 MB, 6 MB) = 6 MB: the smaller of what the API and a function behind it take [" in cards


def test_what_nobody_declared_is_called_so() -> None:
    site = markdown(SITE)
    assert "Requirements: not declared [" in site
    assert "The team that answers for it: not declared [" in site
    assert "Decisions: not declared [" in site
    assert "| requests at the peak | not declared [" in site
    assert "There is no VPC in this system" in site
    assert "there is no database" in site
    assert "None" not in site.replace("None applies", "").replace("None of", "").replace("None:", "")


def test_without_a_figure_there_is_no_arithmetic() -> None:
    text = markdown(SHOP.replace("peak_rps: 120, ", ""))
    assert "- Concurrent executions (Orders): load.peak_rps is not declared; the limit is 100 [" in text
    assert "= 48 at once" not in text


def test_every_number_resolves_and_every_line_is_used(shop: str) -> None:
    index = evidence(shop)
    assert list(index) == list(range(1, len(index) + 1))
    body = shop[: shop.index("\n## Evidence\n")]
    used: set[int] = set()
    for start, end in re.findall(r"(?<!\\)\[(\d+)\](?:–\[(\d+)\])?", body):
        used |= set(range(int(start), int(end or start) + 1))
    assert used == set(index)
    for number in index:
        assert f"\n[{number}]: #e{number}\n" in shop


@pytest.mark.parametrize("text", [SHOP, SITE], ids=["shop", "site"])
def test_every_paragraph_item_and_row_has_evidence(text: str) -> None:
    made = markdown(text)
    body = made[made.index("\n## ") : made.index("\n## Evidence\n")]
    for line in body.split("\n"):
        plain = not line.strip() or line.startswith(("#", "| ---", "!["))
        header = re.match(HEADS, line)
        if not plain and not header and not line.startswith("*Follow-up:* and encoded"):
            assert re.search(r"\[\d+\]", line), line


def test_lines_of_evidence_are_the_lines_of_the_model(shop: str) -> None:
    lines = SHOP.split("\n")
    for where, what in evidence(shop).values():
        found = re.fullmatch(r"architecture\.yaml:(\d+)", where)
        if found and what.startswith("components."):
            component = what.removeprefix("components.").split(":")[0].replace("\\", "")
            assert component in lines[int(found[1]) - 1]


def test_the_same_model_gives_the_same_bytes() -> None:
    assert markdown(SHOP) == markdown(SHOP)


def test_without_pictures_it_says_how_to_draw_them() -> None:
    architecture = loads(SITE)
    made = documents.explain(
        "interview", architecture, lower(architecture), None, {"overview": ("All", "<svg/>")}, TODAY
    )
    assert "*Picture: All; `archproof draw --view overview` draws it.*" in documents.markdown(made)


def test_a_document_that_nobody_wrote_is_an_error_with_the_nearest() -> None:
    architecture = loads(SITE)
    with pytest.raises(UsageError, match="no document is called 'intervew'; did you mean 'interview'"):
        documents.explain("intervew", architecture, lower(architecture), None, {}, TODAY)
