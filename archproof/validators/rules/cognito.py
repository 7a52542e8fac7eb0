"""Amazon Cognito: passwords, second factors, tokens, guests."""

from __future__ import annotations

from collections.abc import Iterator

from archproof.resources.resource import Resource
from archproof.validators.context import Context, amount, listed
from archproof.validators.rule import Hit, rule

TYPES = ("AWS::Cognito::UserPool", "AWS::Cognito::UserPoolClient", "AWS::Cognito::IdentityPool")
POOL, CLIENT = "AWS::Cognito::UserPool", "AWS::Cognito::UserPoolClient"
_SHORTEST = 8
_CLASSES = {
    "RequireLowercase": "lower-case letters", "RequireUppercase": "upper-case letters", "RequireNumbers": "numbers",
    "RequireSymbols": "symbols",
}  # fmt: skip


@rule(
    "cognito-password-weak", "medium", POOL, wa="SEC", fsbp="Cognito.3",
    title="A user pool takes weak passwords",
    why="Short passwords of few kinds of characters are guessed, or found in lists of leaked ones.",
    fix="Set `password: {min_length: 12}` and leave the kinds of characters on.",
)  # fmt: skip
def password(r: Resource, ctx: Context) -> Iterator[Hit]:
    policy = ("Policies", "PasswordPolicy")
    shortest = ctx.number(r, *policy, "MinimumLength", default=_SHORTEST)
    missing = [w for key, w in _CLASSES.items() if ctx.flag(r, *policy, key, default=not r.has(*policy)) is False]
    if shortest is not None and shortest < _SHORTEST:
        yield Hit(f"{r.title} takes passwords of {amount(shortest)} characters", *policy, "MinimumLength")
    elif missing:
        yield Hit(f"{r.title} takes passwords without {listed(missing)}", *policy)


@rule(
    "cognito-mfa-off", "medium", POOL, wa="SEC",
    title="A user pool asks for no second factor",
    why="A password that leaks is then enough to sign in.",
    fix="Set `mfa` to `otp` (or to optional, where users may choose).",
)  # fmt: skip
def mfa(r: Resource, ctx: Context) -> Iterator[Hit]:
    if ctx.text(r, "MfaConfiguration", default="OFF") == "OFF":
        yield Hit(f"{r.title} asks for no second factor", "MfaConfiguration")


@rule(
    "cognito-threat-protection-off", "info", POOL, wa="SEC", fsbp="Cognito.1",
    title="A user pool does not look for attacks",
    why="Threat protection refuses leaked passwords and sign-ins that look wrong.",
    fix="Set `advanced_security` to `enforced`.",
)  # fmt: skip
def threats(r: Resource, ctx: Context) -> Iterator[Hit]:
    mode = ctx.text(r, "UserPoolAddOns", "AdvancedSecurityMode", default="OFF")
    if mode is not None and mode != "ENFORCED":
        yield Hit(f"{r.title} does not enforce threat protection ({mode})", "UserPoolAddOns", "AdvancedSecurityMode")


@rule(
    "cognito-deletion-protection-off", "low", POOL, wa="REL",
    title="A user pool can be deleted by one call",
    why="Users, and the passwords that nobody can export, are gone with it.",
    fix="Set `deletion_protection` to true (or leave it out).",
)  # fmt: skip
def deletion(r: Resource, ctx: Context) -> Iterator[Hit]:
    if ctx.text(r, "DeletionProtection", default="INACTIVE") == "INACTIVE":
        yield Hit(f"{r.title} is not protected from deletion", "DeletionProtection")


_SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
_TOKENS = {
    "AccessTokenValidity": ("AccessToken", "hours", "access", 60), "IdTokenValidity": ("IdToken", "hours", "ID", 60),
}  # fmt: skip


@rule(
    "cognito-token-validity", "high", CLIENT, wa="REL SEC",
    title="A token's validity is outside the quota of Cognito",
    why="Cognito rejects a client whose tokens would live for less, or for longer, than it allows.",
    fix="Set `access_token_min` and `id_token_min` to 5 to 1440, `refresh_token_days` to 3650 or less.",
)  # fmt: skip
def validity(r: Resource, ctx: Context) -> Iterator[Hit]:
    least = ctx.quota("cognito-idp", "ID/access token validity minimum").seconds
    most = ctx.quota("cognito-idp", "ID/access token validity maximum").seconds
    longest = ctx.quota("cognito-idp", "Refresh token validity maximum").seconds
    for key, (unit, default, name, _) in _TOKENS.items():
        number, factor = (
            ctx.number(r, key),
            _SECONDS[ctx.text(r, "TokenValidityUnits", unit, default=default) or default],
        )
        if number is None:
            continue
        minutes = amount(number * factor / 60)
        if number * factor < least:
            message = (
                f"the {name} token of {r.title} lives for {minutes} min, below Cognito's "
                f"minimum of {amount(least / 60)} min"
            )
            yield Hit(message, key)
        elif number * factor > most:
            message = (
                f"the {name} token of {r.title} lives for {minutes} min, above Cognito's "
                f"maximum of {amount(most / 60)} min"
            )
            yield Hit(message, key)
    number, factor = (
        ctx.number(r, "RefreshTokenValidity"),
        _SECONDS[ctx.text(r, "TokenValidityUnits", "RefreshToken", default="days") or "days"],
    )
    if number is not None and number * factor > longest:
        days = amount(number * factor / _SECONDS["days"])
        most_days = amount(longest / _SECONDS["days"])
        yield Hit(f"the refresh token of {r.title} lives for {days} days, above Cognito's maximum of {most_days} days",
                  "RefreshTokenValidity")  # fmt: skip


@rule(
    "cognito-callback-http", "high", CLIENT, wa="SEC",
    title="An app client sends codes over plain HTTP",
    why="Whoever sees the redirect has the code, and with it the user's tokens. Only localhost may be plain.",
    fix="Write the address in `callback_urls` with https.",
)  # fmt: skip
def callback(r: Resource, ctx: Context) -> Iterator[Hit]:
    for position, url in enumerate(ctx.items(r, "CallbackURLs")):
        if (
            isinstance(url, str)
            and url.startswith("http://")
            and not url.startswith(("http://localhost", "http://127.0.0.1"))
        ):
            yield Hit(f"{r.title} redirects to {url}", "CallbackURLs", position)


@rule(
    "cognito-implicit-grant", "medium", CLIENT, wa="SEC",
    title="An app client uses the implicit grant",
    why="Tokens then stand in the address of the page, in histories and logs; the code grant with PKCE replaced it.",
    fix="Set `grants` to `code`.",
)  # fmt: skip
def implicit(r: Resource, ctx: Context) -> Iterator[Hit]:
    if "implicit" in ctx.items(r, "AllowedOAuthFlows"):
        yield Hit(f"{r.title} uses the implicit grant", "AllowedOAuthFlows")


@rule(
    "cognito-oauth-without-domain", "medium", CLIENT, wa="REL",
    title="An app client signs in over OAuth, and its pool has no domain",
    why="The pages and the token endpoint of OAuth stand at the pool's domain: without one nobody can sign in there.",
    fix="Set `domain` of the user pool, or leave `callback_urls` out.",
)  # fmt: skip
def without_domain(r: Resource, ctx: Context) -> Iterator[Hit]:
    pool = ctx.resources.target(r.get("UserPoolId"))
    if pool is None or not ctx.items(r, "AllowedOAuthFlows"):
        return
    if ctx.flag(r, "AllowedOAuthFlowsUserPoolClient", default=False) is not True:
        return
    if not ctx.resources.users(pool, "AWS::Cognito::UserPoolDomain"):
        yield Hit(f"{r.title} signs in over OAuth, but {pool.title} has no domain", "AllowedOAuthFlows")


@rule(
    "cognito-secret-in-browser", "medium", CLIENT, wa="SEC",
    title="An app client with a secret serves a browser",
    why="What a browser runs can hold no secret: it stands in the page for everyone to read.",
    fix="Set `secret` to false; the code grant with PKCE needs none.",
)  # fmt: skip
def secret(r: Resource, ctx: Context) -> Iterator[Hit]:
    browser = any(isinstance(u, str) and "localhost" in u for u in ctx.items(r, "CallbackURLs"))
    flows = ctx.items(r, "ExplicitAuthFlows")
    browser = browser or "ALLOW_USER_SRP_AUTH" in flows or "code" in ctx.items(r, "AllowedOAuthFlows")
    served = browser and bool(ctx.resources.of_type("AWS::CloudFront::Distribution"))
    if ctx.flag(r, "GenerateSecret", default=False) is True and served:
        yield Hit(f"{r.title} has a secret, and a front end in the browser signs in with it", "GenerateSecret")


@rule(
    "cognito-user-existence-told", "low", CLIENT, wa="SEC",
    title="An app client tells which users exist",
    why="Different errors for a wrong user and a wrong password let anyone try out who has an account.",
    fix="Set `prevent_user_existence_errors` to true (or leave it out).",
)  # fmt: skip
def existence(r: Resource, ctx: Context) -> Iterator[Hit]:
    if ctx.text(r, "PreventUserExistenceErrors", default="LEGACY") == "LEGACY":
        yield Hit(f"{r.title} tells which users exist", "PreventUserExistenceErrors")


@rule(
    "cognito-guests-allowed", "medium", "AWS::Cognito::IdentityPool", wa="SEC", fsbp="Cognito.2",
    title="An identity pool gives credentials to guests",
    why="Everyone gets AWS credentials without signing in; the guest role is then open to the world.",
    fix="Set `guest_access` to false (or leave it out).",
)  # fmt: skip
def guests(r: Resource, ctx: Context) -> Iterator[Hit]:
    if ctx.flag(r, "AllowUnauthenticatedIdentities") is True:
        yield Hit(f"{r.title} gives AWS credentials to guests", "AllowUnauthenticatedIdentities")


@rule(
    "cognito-clients-quota", "high", POOL, wa="REL",
    title="A user pool has more app clients than the quota",
    why="A client beyond the quota is rejected until AWS raises it.",
    fix="Share clients between applications of one kind, or have the quota raised.",
)  # fmt: skip
def clients_quota(r: Resource, ctx: Context) -> Iterator[Hit]:
    number, quota = len(ctx.resources.users(r, CLIENT)), ctx.quota("cognito-idp", "App clients per pool")
    if number > quota.number:
        message = (
            f"{r.title} has {amount(number)} app clients, above Cognito's maximum of {quota.text}, which AWS can raise"
        )
        yield Hit(message)
