"""Scopes that tokens never have: told only where the model shows every app client."""

from __future__ import annotations

import datetime

import pytest

from archproof.model.architecture import loads
from archproof.validators.engine import check

API = (
    "  api: {kind: http_api, authorizer: {jwt: app}, routes: {GET /x: {to: fn, scopes: [%s]}}}\n  fn: {kind: lambda}\n"
)
PLAIN = "archproof: 1\ncomponents:\n  pool: {kind: cognito_user_pool}\n  app: {kind: cognito_app_client, pool: pool}\n"
OAUTH = PLAIN.replace("pool: pool}", "pool: pool, callback_urls: 'https://a.example.com/', flows: refresh}")


def found(text: str) -> list[str]:
    report = check(loads(text), datetime.date(2026, 11, 22), ["api-scope-never-issued"])
    return [f.message for f in report.findings]


def test_a_sign_in_without_oauth_gives_one_scope() -> None:
    assert found(PLAIN + API % "aws.cognito.signin.user.admin") == []
    assert found(PLAIN + API % "openid") == [
        "GET /x of api requires openid, which no token of app has: every call ends in 403"
    ]


def test_an_oauth_client_gives_the_scopes_that_it_names() -> None:
    assert found(OAUTH + API % "openid") == []
    assert len(found(OAUTH + API % "aws.cognito.signin.user.admin")) == 1


def test_one_of_several_scopes_is_enough() -> None:
    assert found(OAUTH + API % "orders/read, email") == []


def test_a_rest_api_takes_the_tokens_of_every_client_of_its_pool() -> None:
    rest = (API % "openid").replace("http_api", "rest_api").replace("{jwt: app}", "{cognito: pool}")
    assert len(found(PLAIN + rest)) == 1
    assert found(OAUTH + rest) == []


@pytest.mark.parametrize(
    "text",
    [
        PLAIN.replace("cognito_user_pool}", "cognito_user_pool, triggers: {pre_token: fn}}") + API % "orders/read",
        "archproof: 1\ncomponents:\n"
        + (API % "orders/read").replace("{jwt: app}", "{issuer: 'https://id.example.com', audience: [shop]}"),
    ],
    ids=["a function may add scopes", "another issuer"],
)
def test_what_the_model_does_not_show_is_not_judged(text: str) -> None:
    assert found(text) == []
