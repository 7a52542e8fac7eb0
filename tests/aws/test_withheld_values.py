"""What stands in an answer in place of a secret."""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archproof.sources.aws.secrets import Cleaner
from archproof.sources.hiding import hidden, is_hidden, same

SALT = "111122223333"
SECRET = "hunter2-and-more"


def clean(value: Any, with_values: bool = False) -> Any:
    return Cleaner(SALT, with_values).clean(value)


def pair(name: str, **more: str) -> dict[str, str]:
    return {"name": name, "value": SECRET, **more}


def test_variables_of_functions_tasks_and_builds_are_hashed() -> None:
    found = clean({
        "Environment": {"Variables": {"A": SECRET}},
        "containerDefinitions": [{"environment": [pair("B")], "image": "a"}],
        "environment": {"type": "LINUX", "image": "b", "environmentVariables": [
            pair("C", type="PLAINTEXT"), pair("D", type="SECRETS_MANAGER"),
        ]},
        "RuntimeEnvironmentVariables": {"E": SECRET},
    })  # fmt: skip
    assert found["Environment"]["Variables"] == {"A": hidden("A", SECRET, SALT)}
    assert found["containerDefinitions"][0]["environment"] == [{"name": "B", "value": hidden("B", SECRET, SALT)}]
    assert found["environment"]["type"] == "LINUX" and found["environment"]["image"] == "b"
    one, two = found["environment"]["environmentVariables"]
    assert one["value"] == hidden("C", SECRET, SALT)
    assert two["value"] == SECRET  # where the secret is kept, and not what it is
    assert found["RuntimeEnvironmentVariables"] == {"E": hidden("E", SECRET, SALT)}


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ({"UserPoolClient": {"ClientId": "a", "ClientSecret": SECRET}}, {"UserPoolClient": {"ClientId": "a"}}),
        ({"CustomerGatewayConfiguration": f"<psk>{SECRET}</psk>", "VpnConnectionId": "v"}, {"VpnConnectionId": "v"}),
        ({"Type": "SecureString", "Value": SECRET, "Name": "n"}, {"Type": "SecureString", "Name": "n"}),
        ({"Type": "String", "Value": "plain"}, {"Type": "String", "Value": "plain"}),
        ({"Location": "https://s3/a?X-Amz-Security-Token=" + "t" * 90 + "&X-Amz-Signature=s"}, {}),
        ({"MySQLSettings": {"Password": SECRET, "Port": 1}}, {"MySQLSettings": {"Port": 1}}),
        ({"Blob": b"\x00\x01", "ResponseMetadata": {"a": 1}}, {}),
        ({"PasswordPolicy": {"MinimumLength": 8}}, {"PasswordPolicy": {"MinimumLength": 8}}),
        ({"SecretArn": "arn:a", "MasterUserSecret": {"a": 1}}, {"SecretArn": "arn:a", "MasterUserSecret": {"a": 1}}),
    ],
)
def test_secrets_links_and_bytes_are_dropped_and_their_names_alone_are_not(value: Any, kept: Any) -> None:
    assert clean(value) == kept


def test_start_scripts_headers_and_keys_of_tunnels_are_hashed() -> None:
    found = clean({"UserData": SECRET, "Items": [{"HeaderName": "X", "HeaderValue": SECRET}], "PreSharedKey": SECRET})
    assert found["UserData"] == hidden("UserData", SECRET, SALT)
    assert is_hidden(found["Items"][0]["HeaderValue"]) and is_hidden(found["PreSharedKey"])
    assert clean({"UserData": {"Value": SECRET}})["UserData"] == {"Value": hidden("UserData", SECRET, SALT)}


def test_the_properties_that_cloud_control_tells_as_a_text_are_cleaned_too() -> None:
    told = {"Environment": {"Variables": {"A": SECRET}}, "FunctionName": "f"}
    found = clean({"ResourceDescriptions": [{"Identifier": "f", "Properties": json.dumps(told)}]})
    inner = json.loads(found["ResourceDescriptions"][0]["Properties"])
    assert inner == {"Environment": {"Variables": {"A": hidden("A", SECRET, SALT)}}, "FunctionName": "f"}


def test_values_are_kept_where_they_are_asked_for_and_passwords_even_then_not() -> None:
    value = {"Environment": {"Variables": {"A": SECRET}}, "Password": SECRET, "UserData": SECRET}
    assert clean(value, with_values=True) == {"Environment": {"Variables": {"A": SECRET}}, "UserData": SECRET}


def test_times_are_written_as_the_command_line_does() -> None:
    moment = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)
    assert clean({"CreatedAt": moment}) == {"CreatedAt": "2026-03-01T12:00:00+00:00"}


@given(st.text(min_size=1), st.text(), st.text())
def test_a_hidden_value_is_the_same_for_the_same_value_and_no_other(name: str, one: str, other: str) -> None:
    live = hidden(name, one, SALT)
    assert same(name, one, live)
    assert same(name, other, live) == (one == other)
    assert is_hidden(live) and (not one or one not in live or len(one) < 5)


def test_a_number_or_a_flag_that_is_declared_is_the_text_that_is_live() -> None:
    assert same("PORT", 8080, hidden("PORT", "8080", SALT))
    assert same("DEBUG", True, hidden("DEBUG", "true", SALT))


def test_the_unit_of_a_token_is_no_token() -> None:
    units = {"AccessToken": "minutes", "IdToken": "minutes", "RefreshToken": "days"}
    found = clean({"TokenValidityUnits": dict(units), "AccessToken": SECRET})
    assert found == {"TokenValidityUnits": units}
