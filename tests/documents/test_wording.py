"""What the interview document must not get wrong: keys, capacities, what is down, names and units."""

from __future__ import annotations

import pytest

from archproof.model.architecture import humanise
from archproof.renderers.documents._words import amount, duration, spoken, the
from tests.documents.systems import SHOP, markdown, section

STORES = """\
archproof: 1
system: {name: stores, title: Stores}
network:
  vpc: {cidr: 10.0.0.0/16, availability_zones: 2}
  subnets: {app: {cidr: 10.0.0.0/20}, data: {cidr: 10.0.16.0/20}}
  security_groups: {task_sg: {}, db_sg: {}, cache_sg: {}}
components:
  key: {kind: kms_key, title: Data key}
  raw: {kind: s3_bucket, title: Raw, kms_key: key, access_logs: kept}
  kept: {kind: s3_bucket, title: Kept logs}
  password: {kind: secret, title: Password}
  web:
    kind: ecs_service
    title: Web
    image: example.com/web:1
    port: 8080
    tasks: 2
    secrets: {PASSWORD: {secret: password, key: password}}
    in: {subnets: app, security_groups: [task_sg]}
  db:
    kind: aurora
    title: Records
    engine: aurora-postgresql
    capacity: {min_acu: 0.5, max_acu: 8}
    in: {subnets: data, security_groups: [db_sg]}
  sessions:
    kind: elasticache
    title: Sessions
    engine: valkey
    node_type: cache.t4g.small
    in: {subnets: data, security_groups: [cache_sg]}
  wide_alarm: {kind: alarm, of: db, metric: FreeableMemory, below: 20000000000}
links:
  - {from: web, to: [db, sessions], verb: query}
load: {peak_rps: 10}
"""


@pytest.fixture(scope="module")
def stores() -> str:
    return markdown(STORES)


def test_a_store_says_whose_key_encrypts_it(stores: str) -> None:
    told = section(stores, "### Encryption")
    assert "| Raw | encrypted | the customer managed key Data key [" in told
    assert "| Kept logs | encrypted | S3's own key (SSE-S3) [" in told
    assert "| Password | encrypted | the AWS managed key aws/secretsmanager [" in told
    assert "| Records | encrypted | the AWS managed key aws/rds [" in told
    assert told.count("| Records |") == 1
    assert told.count("\n| Sessions |") == 1


def test_a_serverless_database_says_its_capacity(stores: str) -> None:
    assert "Records is Aurora PostgreSQL" in stores
    assert "on serverless capacity of 0.5 to 8 ACU" in stores
    assert "on not declared" not in stores


def test_a_secret_that_a_container_gets_is_read_by_it(stores: str) -> None:
    assert "| Password | not declared | Web [" in section(stores, "### Secrets")


def test_log_buckets_keep_no_files_and_caches_no_records(stores: str) -> None:
    pitch = section(stores, "### In 30 seconds")
    assert "Raw is a bucket that keeps files [" in pitch
    assert "Sessions, an ElastiCache cluster, holds what must be at hand fast [" in pitch
    assert "Kept logs" not in pitch


def test_an_alarm_rings_at_a_size_that_one_can_read(stores: str) -> None:
    assert "below 20 GB" in section(stores, "### CloudWatch")
    assert "20,000,000,000" not in stores[: stores.index("## Evidence")]


def test_groups_have_the_names_of_the_model(stores: str) -> None:
    told = section(stores, "### Security groups: who may talk to whom")
    assert "| db_sg | task_sg | tcp 5432 [" in told
    assert "SecurityGroup |" not in told


def test_a_load_that_is_declared_is_not_called_undeclared(stores: str) -> None:
    answer = section(stores, "#### Scale · What breaks first at ten times the load?")
    assert "the load is 10 requests/s at the peak" in answer


def test_what_is_sent_to_a_queue_that_is_down_is_refused_and_not_kept() -> None:
    down = section(markdown(SHOP), "#### Failure · Jobs down: what happens?")
    assert "Orders cannot hand anything over: the call fails, and the caller has to try again" in down
    reporter = next(line for line in markdown(SHOP).split("\n") if line.startswith("| Reporter | messages wait"))
    assert "messages wait in Jobs" in reporter


def test_every_card_has_a_question_an_answer_a_follow_up_and_evidence() -> None:
    for text in (SHOP, STORES):
        cards = section(markdown(text), "## Questions and answers").split("\n#### ")[1:]
        assert len(cards) > 8
        for card in cards:
            assert "*Follow-up:*" in card, card
            assert card.count("[") > 1, card
            assert len(card.split("\n\n")) >= 3, card


def test_a_waiver_of_the_whole_system_is_listed_once() -> None:
    from archproof.renderers.documents._failures import Gap, _meets

    waiver = Gap("security-hub-absent", "", "the whole system", "", "", "set up elsewhere", "2027-06-30", None, ())
    assert _meets(waiver, "security-hub-absent", "set up elsewhere", "2027-06-30", None)
    assert not _meets(waiver, "no-alarm", "set up elsewhere", "2027-06-30", None)


def test_jobs_count_for_the_queue_that_speaks_of_them_or_say_what_they_assume() -> None:
    second = "  more: {kind: sqs_queue, title: More}\n  mailer: {kind: lambda, title: Mailer, timeout_s: 5}\n"
    link = "  - {from: more, to: mailer, verb: trigger}\n"
    two = SHOP.replace("  dead: {", second + "  dead: {").replace("load: {", link + "load: {")
    assert "Background jobs at their longest: Reporter" in markdown(two)
    assert "Background jobs at their longest: Mailer" not in markdown(two)
    unnamed = two.replace("report:", "printer:").replace("to: report,", "to: printer,").replace("Reporter", "Printer")
    assert "as if every job were one of its own" in markdown(unnamed)


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("User pool", "the user pool"), ("API", "the API"), ("Orders function", "the Orders function"),
        ("Dead letters", "Dead letters"), ("The gateway", "The gateway"), ("Load balancer", "the load balancer"),
    ],
)  # fmt: skip
def test_a_title_takes_an_article_where_it_says_what_it_is(title: str, said: str) -> None:
    assert the(title) == said


def test_ids_become_titles_with_known_abbreviations_in_capitals() -> None:
    assert [humanise(n) for n in ("db_cpu_alarm", "api_alarm", "orders_fn", "cms")] == [
        "DB CPU alarm", "API alarm", "Orders fn", "CMS",
    ]  # fmt: skip


def test_times_and_sizes_are_said_in_their_largest_whole_unit() -> None:
    assert [duration(s) for s in (30, 90, 180, 3600, 21600)] == ["30 s", "90 s", "3 min", "60 min", "6 h"]
    assert amount(20_000_000_000, "bytes") == "20 GB"
    assert spoken("raised to 1,048,576 bytes after 1,800 s") == "raised to 1 MiB after 30 min"


def test_the_lack_of_a_figure_is_named_by_what_it_is(stores: str) -> None:
    lacking = "load.db_pool_per_function and the number of connections that it accepts are not declared ["
    assert f"- Database connections (Records): {lacking}" in section(stores, "### Not worked out")


def test_a_document_is_written_once_for_both_forms() -> None:
    from archproof.renderers import documents
    from tests.documents.systems import document

    made = document(SHOP)
    text = documents.markdown(made)
    assert len(made.written) == 1
    documents.html(made)
    assert len(made.written) == 1
    assert documents.markdown(made) == text
