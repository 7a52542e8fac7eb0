"""Amazon Cognito: user pools, their app clients, and identity pools."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from archproof.model.base import Component, OneOrMany, Part, Shorthand, refers

KINDS = {
    "cognito_user_pool": "CognitoUserPool",
    "cognito_app_client": "CognitoAppClient",
    "cognito_identity_pool": "CognitoIdentityPool",
}

Mfa = Literal["otp", "optional", "sms", "email", "off"]


class PasswordPolicy(Part):
    """What a password must hold."""

    min_length: Annotated[int, Field(ge=1)] = 12
    """The fewest characters."""
    lowercase: bool = True
    """Whether it needs a lower-case letter."""
    uppercase: bool = True
    """Whether it needs an upper-case letter."""
    numbers: bool = True
    """Whether it needs a digit."""
    symbols: bool = True
    """Whether it needs a symbol."""
    temporary_days: Annotated[int, Field(ge=1)] = 1
    """Days that the password an administrator gave stays valid."""
    history: Annotated[int, Field(ge=0)] | None = None
    """Former passwords that may not come back; needs advanced security."""


class Attribute(Part):
    """An attribute of the users: a standard one, or one of the pool's own."""

    type: Literal["string", "number", "date_time", "boolean"] = "string"
    """What it holds."""
    required: bool = False
    """Whether sign-up needs it; only standard attributes can be required."""
    mutable: bool = True
    """Whether it can change."""
    max_length: Annotated[int, Field(ge=1)] | None = None
    """For text: the most characters."""


class Group(Part):
    """A group of users; its name is in their tokens."""

    name: str
    """The name of the group."""
    description: str | None = None
    """Who belongs to it."""
    role: Annotated[str, refers("iam_role")] | None = None
    """The role that an identity pool gives its members."""
    precedence: Annotated[int, Field(ge=0)] | None = None
    """Which group's role wins: the lowest."""


class Domain(Part):
    """Where the sign-in pages are."""

    prefix: str | None = None
    """The first label of a domain of Cognito's."""
    name: str | None = None
    """A domain of one's own; needs `certificate`."""
    certificate: Annotated[str, refers("certificate")] | None = None
    """Its certificate, in us-east-1."""

    @model_validator(mode="after")
    def _one(self) -> "Domain":
        if bool(self.prefix) == bool(self.name):
            raise ValueError("a domain is either a 'prefix' or a 'name' with a 'certificate'")
        if self.name and not self.certificate:
            raise ValueError("a domain of one's own needs a 'certificate'")
        return self


class Provider(Part):
    """A social or enterprise identity provider; the client secret is read from a secret."""

    type: Literal["Google", "Facebook", "LoginWithAmazon", "SignInWithApple", "OIDC", "SAML"] | None = None
    """What it is; its name, when left out."""
    client_id: str | None = None
    """The id of the pool at the provider."""
    secret: Annotated[str, refers("secret")] | None = None
    """The secret that holds `client_secret` (for Apple `private_key`)."""
    scopes: Annotated[list[str], OneOrMany()] = ["openid", "email"]
    """What it is asked for."""
    issuer: str | None = None
    """For OIDC: the issuer."""
    metadata_url: str | None = None
    """For SAML: where its metadata is."""
    team_id: str | None = None
    """For Apple: the team."""
    key_id: str | None = None
    """For Apple: the key."""
    attributes: dict[str, str] = {"email": "email"}
    """Which of its attributes fill those of the pool."""


class Triggers(Part):
    """Functions that the pool invokes."""

    pre_sign_up: Annotated[str, refers("lambda", verb="invoke")] | None = None
    """Before a user is made: accepts, refuses, confirms."""
    post_confirmation: Annotated[str, refers("lambda", verb="invoke")] | None = None
    """After a user is confirmed."""
    pre_authentication: Annotated[str, refers("lambda", verb="invoke")] | None = None
    """Before a sign-in: refuses."""
    post_authentication: Annotated[str, refers("lambda", verb="invoke")] | None = None
    """After a sign-in."""
    pre_token: Annotated[str, refers("lambda", verb="invoke")] | None = None
    """Before tokens are issued: adds and removes claims."""
    custom_message: Annotated[str, refers("lambda", verb="invoke")] | None = None
    """Before a message is sent: its text."""
    define_challenge: Annotated[str, refers("lambda", verb="invoke")] | None = None
    """Custom sign-in: which challenge is next."""
    create_challenge: Annotated[str, refers("lambda", verb="invoke")] | None = None
    """Custom sign-in: makes the challenge."""
    verify_challenge: Annotated[str, refers("lambda", verb="invoke")] | None = None
    """Custom sign-in: judges the answer."""
    user_migration: Annotated[str, refers("lambda", verb="invoke")] | None = None
    """At the first sign-in of a user of an older directory."""


class CognitoUserPool(Component):
    """A user pool: signs users in and issues ID, access and refresh tokens.

    Users sign in with a password and a one-time password, and only administrators make them.
    """

    kind: Literal["cognito_user_pool"]
    cfn: ClassVar[str] = "AWS::Cognito::UserPool"
    service: ClassVar[str] = "cognito-idp"
    tier: ClassVar[str] = "identity"

    mfa: Mfa = "otp"
    """The second factor. `otp`: everyone must give the one-time password of an authenticator app; `sms` and
    `email`: everyone must give a code that the pool sends; `optional`: who wants to, with an app; `off`: none."""
    password: PasswordPolicy = PasswordPolicy()
    """What a password must hold."""
    first_factors: Annotated[list[Literal["password", "email_otp", "sms_otp", "passkey"]], OneOrMany()] = ["password"]
    """How a sign-in begins. `email_otp` and `sms_otp` are sign-ins without a password: the pool sends a
    one-time password; they need `mfa: optional` or `off`."""
    sign_in: Annotated[list[Literal["email", "phone", "username"]], OneOrMany()] = ["email"]
    """What users call themselves by; `username` stands alone."""
    self_sign_up: bool = False
    """Whether anyone may make an account; must be said."""
    advanced_security: Literal["enforced", "audit", "off"] = "enforced"
    """Threat protection: compromised passwords and risky sign-ins are blocked, recorded, or not looked at."""
    plan: Literal["lite", "essentials", "plus"] | None = None
    """The feature plan; the smallest that holds what is asked for, when left out."""
    deletion_protection: bool = True
    """Whether the pool refuses to be deleted."""
    recovery: Annotated[list[Literal["email", "phone", "admin"]], OneOrMany()] = ["email"]
    """How a forgotten password is replaced, best first."""
    email_identity: str | None = None
    """The ARN of the SES identity that mails come from; Cognito's own, for few mails a day, when left out."""
    attributes: dict[str, Attribute] = {}
    """Attributes by name, standard (`email`, `phone_number`, …) and own."""
    groups: Annotated[list[Annotated[Group, Shorthand("name")]], OneOrMany()] = []
    """Groups of users: names, or maps with a role."""
    domain: Annotated[Domain, Shorthand("prefix")] | None = None
    """Where its sign-in pages are: a prefix, or a domain of one's own."""
    identity_providers: dict[str, Provider] = {}
    """Other places to sign in at, by name: `Google`, `Facebook`, …"""
    resource_servers: dict[str, dict[str, str]] = {}
    """APIs with the scopes they know, each with what it permits: `{orders: {read: Read orders}}`."""
    triggers: Triggers = Triggers()
    """Functions that it invokes: `{pre_token: claims_fn}`."""
    waf: Annotated[str, refers("waf")] | None = None
    """The web ACL before its endpoints."""

    @model_validator(mode="after")
    def _possible(self) -> "CognitoUserPool":
        if "username" in self.sign_in and len(self.sign_in) > 1:
            raise ValueError("'username' stands alone in 'sign_in'")
        if self.first_factors != ["password"] and self.mfa not in ("off", "optional"):
            raise ValueError(f"a sign-in without a password excludes a second factor for everyone (mfa: {self.mfa})")
        if self.mfa == "email" and not self.email_identity:
            raise ValueError("mfa: email needs 'email_identity', an identity of SES that the mails come from")
        return self


class CognitoAppClient(Component):
    """An app client: an application that signs users of a pool in."""

    kind: Literal["cognito_app_client"]
    cfn: ClassVar[str] = "AWS::Cognito::UserPoolClient"
    service: ClassVar[str] = "cognito-idp"
    tier: ClassVar[str] = "identity"
    detail: ClassVar[bool] = True

    pool: Annotated[str, refers("cognito_user_pool")]
    """The user pool."""
    access_token_min: Annotated[int, Field(ge=1)] = 60
    """Minutes that an access token is valid."""
    id_token_min: Annotated[int, Field(ge=1)] = 60
    """Minutes that an ID token is valid."""
    refresh_token_days: Annotated[int, Field(ge=1)] = 30
    """Days that a refresh token is valid."""
    flows: Annotated[
        list[Literal["srp", "user_auth", "custom", "password", "admin_password", "refresh"]], OneOrMany()
    ] = ["srp", "refresh"]
    """How it signs users in: `srp` never sends the password; `password` does and must be said."""
    callback_urls: Annotated[list[str], OneOrMany()] = []
    """Where users return to after signing in at the pool's pages; makes it an OAuth client."""
    logout_urls: Annotated[list[str], OneOrMany()] = []
    """Where they return to after signing out."""
    grants: Annotated[list[Literal["code", "implicit", "client_credentials"]], OneOrMany()] = ["code"]
    """OAuth grants; `implicit` puts tokens into addresses and must be said."""
    scopes: Annotated[list[str], OneOrMany()] = []
    """OAuth scopes; `openid` and `email` when left out. Own ones are `server/scope`."""
    secret: bool = False
    """Whether it holds a secret; an application in a browser or a phone cannot keep one."""
    prevent_user_existence_errors: bool = True
    """Whether a wrong name and a wrong password look the same."""
    revocation: bool = True
    """Whether refresh tokens can be revoked."""
    identity_providers: Annotated[list[str], OneOrMany()] = []
    """Where users may sign in: `COGNITO` and providers of the pool; all when left out."""


class CognitoIdentityPool(Component):
    """An identity pool: exchanges a token for temporary AWS credentials of a role."""

    kind: Literal["cognito_identity_pool"]
    cfn: ClassVar[str] = "AWS::Cognito::IdentityPool"
    service: ClassVar[str] = "cognito-identity"
    tier: ClassVar[str] = "identity"

    clients: Annotated[list[Annotated[str, refers("cognito_app_client")]], OneOrMany()]
    """The app clients whose tokens it takes."""
    authenticated_role: Annotated[str, refers("iam_role")]
    """The role of users who signed in."""
    guest_access: bool = False
    """Whether those who did not sign in get credentials too; must be said."""
    guest_role: Annotated[str, refers("iam_role")] | None = None
    """The role of guests."""
    classic_flow: bool = False
    """Whether the older flow is allowed, in which the caller chooses the role."""
    role_by_group: bool = False
    """Whether users get the role of their group instead."""

    @model_validator(mode="after")
    def _guests(self) -> "CognitoIdentityPool":
        if self.guest_access != bool(self.guest_role):
            raise ValueError("guests need both 'guest_access: true' and a 'guest_role'")
        return self
