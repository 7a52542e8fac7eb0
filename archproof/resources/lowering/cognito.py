"""Amazon Cognito: user pools with their groups, domains and providers, app clients, identity pools."""

from __future__ import annotations

from typing import Any

from archproof.model.kinds.cognito import CognitoAppClient, CognitoIdentityPool, CognitoUserPool, Provider
from archproof.resources.lowering._context import Lowering, logical_id
from archproof.resources.lowering._grants import may, service_role

KINDS = ("cognito_user_pool", "cognito_app_client", "cognito_identity_pool")

_MFA = {
    "otp": ("ON", ["SOFTWARE_TOKEN_MFA"]),
    "optional": ("OPTIONAL", ["SOFTWARE_TOKEN_MFA"]),
    "sms": ("ON", ["SMS_MFA"]),
    "email": ("ON", ["EMAIL_OTP"]),
    "off": ("OFF", None),
}
_FACTORS = {"password": "PASSWORD", "email_otp": "EMAIL_OTP", "sms_otp": "SMS_OTP", "passkey": "WEB_AUTHN"}
_RECOVERY = {"email": "verified_email", "phone": "verified_phone_number", "admin": "admin_only"}
_SIGN_IN = {"email": "email", "phone": "phone_number"}
_TYPES = {"string": "String", "number": "Number", "date_time": "DateTime", "boolean": "Boolean"}
_TRIGGERS = {
    "pre_sign_up": "PreSignUp", "post_confirmation": "PostConfirmation", "pre_authentication": "PreAuthentication",
    "post_authentication": "PostAuthentication", "custom_message": "CustomMessage", "user_migration": "UserMigration",
    "define_challenge": "DefineAuthChallenge", "create_challenge": "CreateAuthChallenge",
    "verify_challenge": "VerifyAuthChallengeResponse",
}  # fmt: skip
_FLOWS = {
    "srp": "ALLOW_USER_SRP_AUTH", "user_auth": "ALLOW_USER_AUTH", "custom": "ALLOW_CUSTOM_AUTH",
    "password": "ALLOW_USER_PASSWORD_AUTH", "admin_password": "ALLOW_ADMIN_USER_PASSWORD_AUTH",
    "refresh": "ALLOW_REFRESH_TOKEN_AUTH",
}  # fmt: skip


def lower_cognito_user_pool(name: str, pool: CognitoUserPool, ctx: Lowering) -> None:
    """The pool, with its groups, domain, providers, resource servers, and the functions that it invokes."""
    mfa, kinds = _MFA[pool.mfa]
    verified = [_SIGN_IN[s] for s in pool.sign_in if s in _SIGN_IN]
    sends_sms = pool.mfa == "sms" or "sms_otp" in pool.first_factors or "phone" in (*pool.sign_in, *pool.recovery)
    ctx.add(
        name,
        "AWS::Cognito::UserPool",
        {
            "UserPoolName": ctx.name(name),
            "UserPoolTier": _plan(pool),
            "MfaConfiguration": mfa,
            "EnabledMfas": kinds,
            "Policies": _policies(pool),
            "UsernameAttributes": verified or None,
            "UsernameConfiguration": {"CaseSensitive": False},
            "AutoVerifiedAttributes": verified or ["email"],
            "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": not pool.self_sign_up},
            "UserPoolAddOns": {"AdvancedSecurityMode": pool.advanced_security.upper()},
            "DeletionProtection": "ACTIVE" if pool.deletion_protection else "INACTIVE",
            "AccountRecoverySetting": {
                "RecoveryMechanisms": [
                    {"Name": _RECOVERY[r], "Priority": place} for place, r in enumerate(pool.recovery, 1)
                ]
            },
            "EmailConfiguration": {"EmailSendingAccount": "DEVELOPER", "SourceArn": pool.email_identity}
            if pool.email_identity
            else None,
            "SmsConfiguration": _sms(name, ctx) if sends_sms else None,
            "Schema": [_attribute(key, a) for key, a in pool.attributes.items()] or None,
            "LambdaConfig": _triggers(name, pool, ctx) or None,
            "UserPoolTags": {tag["Key"]: tag["Value"] for tag in ctx.tags(name)},
        },
        origins=_POOL_ORIGINS,
        attributes={"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"},
    )
    _groups(name, pool, ctx)
    _domain(name, pool, ctx)
    for key, provider in pool.identity_providers.items():
        _provider(name, key, provider, ctx)
    for key, scopes in pool.resource_servers.items():
        listed = [{"ScopeName": scope, "ScopeDescription": text} for scope, text in scopes.items()]
        server = {"UserPoolId": ctx.ref(name), "Identifier": key, "Name": key, "Scopes": listed}
        ctx.add(
            name, "AWS::Cognito::UserPoolResourceServer", server, suffix=_word(key) + "Server",
            origins={"Scopes": ("resource_servers", key)},
        )  # fmt: skip


_POOL_ORIGINS = {
    "UserPoolName": "physical_name",
    "UserPoolTier": "plan",
    "MfaConfiguration": "mfa",
    "EnabledMfas": "mfa",
    "Policies.PasswordPolicy": "password",
    "Policies.PasswordPolicy.MinimumLength": "password.min_length",
    "Policies.PasswordPolicy.RequireLowercase": "password.lowercase",
    "Policies.PasswordPolicy.RequireUppercase": "password.uppercase",
    "Policies.PasswordPolicy.RequireNumbers": "password.numbers",
    "Policies.PasswordPolicy.RequireSymbols": "password.symbols",
    "Policies.PasswordPolicy.TemporaryPasswordValidityDays": "password.temporary_days",
    "Policies.PasswordPolicy.PasswordHistorySize": "password.history",
    "Policies.SignInPolicy": "first_factors",
    "UsernameAttributes": "sign_in",
    "AutoVerifiedAttributes": "sign_in",
    "AdminCreateUserConfig": "self_sign_up",
    "AdminCreateUserConfig.AllowAdminCreateUserOnly": "self_sign_up",
    "UserPoolAddOns": "advanced_security",
    "UserPoolAddOns.AdvancedSecurityMode": "advanced_security",
    "DeletionProtection": "deletion_protection",
    "AccountRecoverySetting": "recovery",
    "EmailConfiguration": "email_identity",
    "SmsConfiguration": "mfa",
    "Schema": "attributes",
    "LambdaConfig": "triggers",
}


def _plan(pool: CognitoUserPool) -> str:
    """The plan said, or the smallest that holds what is asked for."""
    if pool.plan:
        return pool.plan.upper()
    return "PLUS" if pool.advanced_security != "off" or pool.password.history else "ESSENTIALS"


def _policies(pool: CognitoUserPool) -> dict[str, Any]:
    password = {
        "MinimumLength": pool.password.min_length,
        "RequireLowercase": pool.password.lowercase,
        "RequireUppercase": pool.password.uppercase,
        "RequireNumbers": pool.password.numbers,
        "RequireSymbols": pool.password.symbols,
        "TemporaryPasswordValidityDays": pool.password.temporary_days,
    }
    if pool.password.history:
        password["PasswordHistorySize"] = pool.password.history
    policies: dict[str, Any] = {"PasswordPolicy": password}
    if pool.first_factors != ["password"]:
        # Cognito refuses a policy that leaves the password out
        factors = ["password", *(f for f in pool.first_factors if f != "password")]
        policies["SignInPolicy"] = {"AllowedFirstAuthFactors": [_FACTORS[f] for f in factors]}
    return policies


def _attribute(key: str, attribute: Any) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "Name": key,
        "AttributeDataType": _TYPES[attribute.type],
        "Required": attribute.required,
        "Mutable": attribute.mutable,
    }
    if attribute.max_length:
        schema["StringAttributeConstraints"] = {"MinLength": "0", "MaxLength": str(attribute.max_length)}
    return schema


def _sms(name: str, ctx: Lowering) -> dict[str, Any]:
    """Text messages go through a role of the pool's; the external id keeps other pools out."""
    role = service_role(ctx, name, "cognito-idp.amazonaws.com", [may(["sns:Publish"], "*")], "SmsRole", "sms")
    external = f"{ctx.architecture.name_prefix}-{name}"
    trust = ctx.resources[ctx.id(name, "SmsRole")].properties["AssumeRolePolicyDocument"]
    trust["Statement"][0]["Condition"]["StringEquals"]["sts:ExternalId"] = external
    return {"SnsCallerArn": role, "ExternalId": external, "SnsRegion": {"Ref": "AWS::Region"}}


def _triggers(name: str, pool: CognitoUserPool, ctx: Lowering) -> dict[str, Any]:
    """The functions by trigger. The pool may invoke them through the links that the fields imply."""
    config: dict[str, Any] = {}
    for field, key in _TRIGGERS.items():
        if function := getattr(pool.triggers, field):
            config[key] = ctx.arn(function)
    if function := pool.triggers.pre_token:
        version = "V1_0" if pool.plan == "lite" else "V2_0"
        config["PreTokenGenerationConfig"] = {"LambdaArn": ctx.arn(function), "LambdaVersion": version}
    return config


def _groups(name: str, pool: CognitoUserPool, ctx: Lowering) -> None:
    for position, group in enumerate(pool.groups):
        properties = {
            "UserPoolId": ctx.ref(name),
            "GroupName": group.name,
            "Description": group.description,
            "Precedence": group.precedence,
            "RoleArn": ctx.arn(group.role) if group.role else None,
        }
        ctx.add(
            name, "AWS::Cognito::UserPoolGroup", properties, suffix=_word(group.name) + "Group",
            origins={"GroupName": ("groups", position), "RoleArn": ("groups", position, "role")},
        )  # fmt: skip


def _domain(name: str, pool: CognitoUserPool, ctx: Lowering) -> None:
    if pool.domain is None:
        return
    own = pool.domain.certificate
    properties = {
        "UserPoolId": ctx.ref(name),
        "Domain": pool.domain.name or pool.domain.prefix,
        "CustomDomainConfig": {"CertificateArn": ctx.arn(own)} if own else None,
        "ManagedLoginVersion": None if pool.plan == "lite" else 2,
    }
    ctx.add(name, "AWS::Cognito::UserPoolDomain", properties, suffix="Domain", origins={"Domain": "domain"})


def _provider(name: str, key: str, provider: Provider, ctx: Lowering) -> None:
    """An identity provider; its secret is resolved at deployment and stands in no template."""
    kind = provider.type or key
    details: dict[str, Any] = {}
    if provider.client_id:
        details = {"client_id": provider.client_id, "authorize_scopes": " ".join(provider.scopes)}
    if provider.secret:
        member = "private_key" if kind == "SignInWithApple" else "client_secret"
        reference = "{{resolve:secretsmanager:${" + ctx.id(provider.secret) + "}:SecretString:" + member + "}}"
        details[member] = {"Fn::Sub": reference}
    if kind == "OIDC":
        details |= {"oidc_issuer": provider.issuer, "attributes_request_method": "GET"}
    if kind == "SAML":
        details = {"MetadataURL": provider.metadata_url}
    if kind == "SignInWithApple":
        details |= {"team_id": provider.team_id, "key_id": provider.key_id}
    properties = {
        "UserPoolId": ctx.ref(name),
        "ProviderName": key,
        "ProviderType": kind,
        "ProviderDetails": {k: v for k, v in details.items() if v is not None},
        "AttributeMapping": dict(provider.attributes),
    }
    ctx.add(
        name, "AWS::Cognito::UserPoolIdentityProvider", properties, suffix=_word(key) + "Provider",
        origins={"ProviderName": ("identity_providers", key), "ProviderDetails": ("identity_providers", key)},
    )  # fmt: skip


def _word(text: str) -> str:
    """Any name in the letters of a logical id."""
    return logical_id("".join(c if c.isalnum() else "_" for c in text))


def lower_cognito_app_client(name: str, client: CognitoAppClient, ctx: Lowering) -> None:
    """The app client; an OAuth client where it has addresses to return to."""
    pool = ctx.component(client.pool)
    providers = list(pool.identity_providers) if isinstance(pool, CognitoUserPool) else []
    servers = list(pool.resource_servers) if isinstance(pool, CognitoUserPool) else []
    oauth = bool(client.callback_urls) or "client_credentials" in client.grants
    scopes = client.scopes or (["openid", "email"] if "client_credentials" not in client.grants else [])
    depends = [ctx.id(client.pool, _word(p) + "Provider") for p in providers]
    depends += [ctx.id(client.pool, _word(s) + "Server") for s in servers]
    ctx.add(
        name,
        "AWS::Cognito::UserPoolClient",
        {
            "UserPoolId": ctx.ref(client.pool),
            "ClientName": ctx.name(name),
            "GenerateSecret": client.secret,
            "ExplicitAuthFlows": [_FLOWS[f] for f in client.flows],
            "AccessTokenValidity": client.access_token_min,
            "IdTokenValidity": client.id_token_min,
            "RefreshTokenValidity": client.refresh_token_days,
            "TokenValidityUnits": {"AccessToken": "minutes", "IdToken": "minutes", "RefreshToken": "days"},
            "EnableTokenRevocation": client.revocation,
            "PreventUserExistenceErrors": "ENABLED" if client.prevent_user_existence_errors else "LEGACY",
            "SupportedIdentityProviders": client.identity_providers or ["COGNITO", *providers],
            "AllowedOAuthFlowsUserPoolClient": True if oauth else None,
            "AllowedOAuthFlows": client.grants if oauth else None,
            "AllowedOAuthScopes": scopes if oauth else None,
            "CallbackURLs": client.callback_urls or None,
            "LogoutURLs": client.logout_urls or None,
        },
        origins={
            "UserPoolId": "pool",
            "ClientName": "physical_name",
            "GenerateSecret": "secret",
            "ExplicitAuthFlows": "flows",
            "AccessTokenValidity": "access_token_min",
            "IdTokenValidity": "id_token_min",
            "RefreshTokenValidity": "refresh_token_days",
            "EnableTokenRevocation": "revocation",
            "PreventUserExistenceErrors": "prevent_user_existence_errors",
            "SupportedIdentityProviders": "identity_providers",
            "AllowedOAuthFlows": "grants",
            "AllowedOAuthScopes": "scopes",
            "CallbackURLs": "callback_urls",
            "LogoutURLs": "logout_urls",
        },
        attributes={"DependsOn": depends} if depends else None,
    )
    if client.callback_urls and isinstance(pool, CognitoUserPool) and pool.domain and pool.plan != "lite":
        # managed login shows no page for a client without a style: this is Cognito's own
        branding = {"UserPoolId": ctx.ref(client.pool), "ClientId": ctx.ref(name), "UseCognitoProvidedValues": True}
        ctx.add(name, "AWS::Cognito::ManagedLoginBranding", branding, suffix="Branding", implied=True)


def lower_cognito_identity_pool(name: str, pool: CognitoIdentityPool, ctx: Lowering) -> None:
    """The identity pool and the attachment of its roles."""
    clients = [c for c in map(ctx.component, pool.clients) if isinstance(c, CognitoAppClient)]
    providers = [
        {
            "ClientId": ctx.ref(client_name),
            "ProviderName": ctx.att(client.pool, "ProviderName"),
            "ServerSideTokenCheck": True,
        }
        for client_name, client in zip(pool.clients, clients, strict=False)
    ]
    ctx.add(
        name,
        "AWS::Cognito::IdentityPool",
        {
            "IdentityPoolName": ctx.name(name),
            "AllowUnauthenticatedIdentities": pool.guest_access,
            "AllowClassicFlow": pool.classic_flow,
            "CognitoIdentityProviders": providers,
        },
        origins={
            "IdentityPoolName": "physical_name",
            "AllowUnauthenticatedIdentities": "guest_access",
            "AllowClassicFlow": "classic_flow",
            "CognitoIdentityProviders": "clients",
        },
    )
    roles = {"authenticated": ctx.arn(pool.authenticated_role)}
    if pool.guest_role:
        roles["unauthenticated"] = ctx.arn(pool.guest_role)
    properties: dict[str, Any] = {"IdentityPoolId": ctx.ref(name), "Roles": roles}
    if pool.role_by_group:
        properties["RoleMappings"] = {
            client_name: {
                "IdentityProvider": {
                    "Fn::Sub": "${" + ctx.id(client.pool) + ".ProviderName}:${" + ctx.id(client_name) + "}"
                },
                "Type": "Token",
                "AmbiguousRoleResolution": "AuthenticatedRole",
            }
            for client_name, client in zip(pool.clients, clients, strict=False)
        }
    ctx.add(
        name, "AWS::Cognito::IdentityPoolRoleAttachment", properties, suffix="Roles",
        origins={
            "Roles": "authenticated_role",
            "Roles.authenticated": "authenticated_role",
            "Roles.unauthenticated": "guest_role",
            "RoleMappings": "role_by_group",
        },
    )  # fmt: skip
