"""Dates: Lambda runtimes and database engine versions."""

from __future__ import annotations

from datetime import date

import pytest

from archproof import facts


@pytest.mark.parametrize(
    ("today", "status"),
    [
        (date(2026, 11, 9), "supported"),
        (date(2026, 11, 10), "deprecated"),
        (date(2027, 1, 31), "deprecated"),
        (date(2027, 2, 1), "create_blocked"),
        (date(2027, 3, 2), "create_blocked"),
        (date(2027, 3, 3), "update_blocked"),
    ],
)
def test_dotnet_8_goes_through_its_stages_on_their_days(today: date, status: str) -> None:
    runtime = facts.runtime("dotnet8")
    assert runtime is not None
    assert (runtime.name, runtime.successor) == (".NET 8", "dotnet10")
    assert runtime.status(today) == status


def test_every_successor_is_a_runtime() -> None:
    for runtime in facts.runtimes():
        assert runtime.successor is None or facts.runtime(runtime.successor), runtime.id


@pytest.mark.parametrize(
    "id", ["python3.14", "nodejs24.x", "java25", "dotnet10", "ruby3.4", "provided.al2023", "go1.x", "dotnet6"]
)
def test_known_runtimes_have_rows(id: str) -> None:
    runtime = facts.runtime(id)
    assert runtime is not None
    assert runtime.os.startswith("Amazon Linux")


def test_a_runtime_that_nobody_knows_is_none() -> None:
    assert facts.runtime("cobol85") is None


def test_an_engine_version_is_found_by_its_full_version() -> None:
    version = facts.engine_version("postgres", "16.4")
    assert version is not None
    assert version.major == "16"
    assert version.support(date(2029, 2, 28)) == "standard"
    assert version.support(date(2029, 3, 1)) == "extended"
    assert version.support(date(2032, 3, 1)) == "ended"
    assert facts.engine_version("mariadb", "10.1") is None
    mariadb = facts.engine_version("mariadb", "10.11.4")
    assert mariadb is not None
    assert mariadb.major == "10.11"


def test_a_version_without_dates_has_unknown_support() -> None:
    version = facts.engine_version("aurora-mysql", "8.4")
    assert version is not None
    assert version.support(date(2026, 11, 22)) == "unknown"


def test_every_engine_version_belongs_to_an_engine() -> None:
    for version in facts.engine_versions():
        assert facts.engine(version.engine)
    assert {engine.id for engine in facts.engines()} == {v.engine for v in facts.engine_versions()}


def test_engines_say_which_parameter_forces_tls() -> None:
    postgres = facts.engine("postgres")
    assert (postgres.port, postgres.tls_parameter, postgres.tls_values) == (5432, "rds.force_ssl", ("1",))
    assert postgres.parameter_group_family.format(major="16") == "postgres16"
    assert facts.engine("mysql").tls_parameter == "require_secure_transport"
    assert facts.engine("oracle-ee").tls_parameter == ""
    assert facts.engine("oracle-ee").proxy_family is None
    with pytest.raises(facts.UnknownFactError, match="'postgres'"):
        facts.engine("postgresql")
