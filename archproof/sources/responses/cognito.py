"""User pools of Cognito, with what stands in them, and identity pools."""

from __future__ import annotations

from archproof.sources.responses._call import ALL, Call, Per, listing
from archproof.sources.responses._item import Item, Props, stack_of, tag_list
from archproof.sources.responses._snapshot import Reader, Snapshot, plain

KEYS = {
    "UserPool": "Id", "UserPools": "Id", "UserPoolClient": "ClientId", "UserPoolClients": "ClientId",
    "ResourceServers": "Identifier", "DomainDescription": "UserPoolId",
    "ManagedLoginBranding": "ManagedLoginBrandingId", "Providers": "ProviderType", "IdentityPools": "IdentityPoolId",
}  # fmt: skip
LATER = (
    "UserPools", "UserPoolClients", "UserPoolClient", "cognito-idp:GetUserPoolMfaConfig",
    "cognito-identity:GetIdentityPoolRoles", "cognito-identity:ListIdentityPools", "IdentityPools",
)  # fmt: skip
_COGNITO = "AWS::Cognito::"
_POOL, _CLIENT = f"{_COGNITO}UserPool", f"{_COGNITO}UserPoolClient"
_SERVER, _DOMAIN, _GROUP = f"{_COGNITO}UserPoolResourceServer", f"{_COGNITO}UserPoolDomain", f"{_COGNITO}UserPoolGroup"
_PROVIDER, _BRANDING = f"{_COGNITO}UserPoolIdentityProvider", f"{_COGNITO}ManagedLoginBranding"
_IDENTITIES, _ROLES = f"{_COGNITO}IdentityPool", f"{_COGNITO}IdentityPoolRoleAttachment"
_POOLS = Per("ListUserPools", "UserPools[]", {"UserPoolId": "Id"})
_CLIENTS = Per("ListUserPoolClients", "UserPoolClients[]", {"UserPoolId": "UserPoolId", "ClientId": "ClientId"})
_IDENTITY_POOLS = Per("ListIdentityPools", "IdentityPools[]", {"IdentityPoolId": "IdentityPoolId"})
CALLS = (
    Call("cognito-idp", "ListUserPools", "UserPools", (_POOL,), gives={_POOL: ("UserPoolName",)},
         parameters={"MaxResults": 60}),
    Call("cognito-idp", "DescribeUserPool", "UserPool", per=_POOLS,
         gives={_POOL: (ALL, "UserPoolTags", "LambdaConfig", "Schema", "EmailConfiguration", "SmsConfiguration",
                        "DeviceConfiguration", "UserAttributeUpdateSettings", "EmailVerificationMessage",
                        "EmailVerificationSubject", "SmsVerificationMessage", "SmsAuthenticationMessage")}),
    Call("cognito-idp", "GetUserPoolMfaConfig", ".", per=_POOLS,
         gives={_POOL: ("EnabledMfas", "WebAuthnRelyingPartyID", "WebAuthnUserVerification")}),
    Call("cognito-idp", "ListUserPoolClients", "UserPoolClients", (_CLIENT,), per=_POOLS, page=60,
         gives={_CLIENT: ("UserPoolId", "ClientName")}),
    Call("cognito-idp", "DescribeUserPoolClient", "UserPoolClient", gives={_CLIENT: (ALL,)},
         per=Per("ListUserPoolClients", "UserPoolClients[]", {"UserPoolId": "UserPoolId", "ClientId": "ClientId"})),
    listing("cognito-idp", "ListResourceServers", "ResourceServers", _SERVER, gives={_SERVER: (ALL,)}, page=50,
            per=_POOLS),
    listing("cognito-idp", "ListGroups", "Groups", _GROUP, gives={_GROUP: (ALL,)}, per=_POOLS, page=60),
    Call("cognito-idp", "ListIdentityProviders", "Providers", (_PROVIDER,), per=_POOLS, page=60,
         gives={_PROVIDER: ("UserPoolId", "ProviderName", "ProviderType")}),
    Call("cognito-idp", "DescribeUserPoolDomain", "DomainDescription", (_DOMAIN,), gives={_DOMAIN: (ALL,)},
         per=Per("DescribeUserPool", "[UserPool][?Domain]", {"Domain": "Domain"})),
    Call("cognito-idp", "DescribeUserPoolDomain", "DomainDescription", (_DOMAIN,), gives={_DOMAIN: (ALL,)},
         per=Per("DescribeUserPool", "[UserPool][?CustomDomain]", {"Domain": "CustomDomain"})),
    listing("cognito-idp", "DescribeManagedLoginBrandingByClient", "ManagedLoginBranding", _BRANDING,
            gives={_BRANDING: (ALL, "ClientId")}, per=_CLIENTS, absent=("ResourceNotFoundException",)),
    Call("cognito-identity", "ListIdentityPools", "IdentityPools", (_IDENTITIES,),
         gives={_IDENTITIES: ("IdentityPoolName",)}, parameters={"MaxResults": 60}),
    Call("cognito-identity", "DescribeIdentityPool", ".IdentityPoolId", gives={_IDENTITIES: (ALL, "IdentityPoolTags")},
         per=_IDENTITY_POOLS),
    Call("cognito-identity", "GetIdentityPoolRoles", ".", (_ROLES,), gives={_ROLES: (ALL,)}, per=_IDENTITY_POOLS),
)  # fmt: skip


def _domain(item: Item, snapshot: Snapshot) -> None:
    props = item.props("UserPoolId", "Domain", "ManagedLoginVersion", "CustomDomainConfig")
    name = item.text("Domain")
    snapshot.add(item, _DOMAIN, name, props, name=name, call=f"{name} UserPoolDomain",
                 attributes={"CloudFrontDistribution": item.text("CloudFrontDistribution")})  # fmt: skip


def _branding(item: Item, snapshot: Snapshot) -> None:
    """The look of a client's pages; the answer says the pool and not the client."""
    props = item.props("UserPoolId", "UseCognitoProvidedValues", "Settings", "Assets")
    props.set("ClientId", item.asked.get("ClientId"))
    id = item.text("ManagedLoginBrandingId")
    ref = f"{item.get('UserPoolId')}|{id}"
    snapshot.add(item, _BRANDING, id, props, ref=ref, call=f"{item.asked.get('ClientId')} Branding",
                 attributes={"ManagedLoginBrandingId": id})  # fmt: skip


def _part(type: str, name: str, *same: str) -> Reader:
    """A reader of what is told by its pool and its name."""

    def read(item: Item, snapshot: Snapshot) -> None:
        pool = item.text("UserPoolId") or item.asked.get("UserPoolId")
        props = item.props(name, *same)
        props.set("UserPoolId", pool)
        called = item.text(name)
        snapshot.add(item, type, f"{pool}|{called}", props, ref=called, call=f"{called} {type.rpartition('::')[2]}")

    return read


def _identity_pool(item: Item, snapshot: Snapshot) -> None:
    id = item.text("IdentityPoolId")
    props = item.props(
        "IdentityPoolName", "AllowUnauthenticatedIdentities", "CognitoIdentityProviders", "SupportedLoginProviders",
        "DeveloperProviderName", "SamlProviderARNs", AllowClassicFlow="AllowClassicFlow",
        OpenIdConnectProviderARNs="OpenIdConnectProviderARNs",
    )  # fmt: skip
    if isinstance(item.get("IdentityPoolTags"), dict):
        props.set("Tags", tag_list(item.get("IdentityPoolTags")), "IdentityPoolTags")
        props.stack = stack_of(item.get("IdentityPoolTags"))
    snapshot.add(item, _IDENTITIES, id, props, name=id, attributes={"Name": item.text("IdentityPoolName")},
                 call=f"{item.get('IdentityPoolName')} IdentityPool")  # fmt: skip


def _roles(item: Item, snapshot: Snapshot) -> None:
    """The roles of an identity pool, where it has any."""
    pool = item.text("IdentityPoolId") or item.asked.get("IdentityPoolId")
    if item.get("Roles") or item.get("RoleMappings"):
        props = Props(item)
        props.set("IdentityPoolId", pool)
        props.take("Roles", "Roles")
        props.take("RoleMappings", "RoleMappings")
        snapshot.add(item, _ROLES, f"{pool}|roles", props, ref=pool, call=f"{pool} Roles")


def _mfa(item: Item, snapshot: Snapshot) -> None:
    pool = snapshot.told_by_path(item, _POOL)
    if pool is None:
        return
    props = Props(item)
    factors = {"SmsMfaConfiguration": "SMS_MFA", "SoftwareTokenMfaConfiguration": "SOFTWARE_TOKEN_MFA",
               "EmailMfaConfiguration": "EMAIL_OTP"}  # fmt: skip
    on = [
        word for field, word in factors.items() if item.get(field) and item.get(f"{field}.Enabled", True) is not False
    ]
    props.set("EnabledMfas", on)
    props.take("WebAuthnRelyingPartyID", "WebAuthnConfiguration.RelyingPartyId")
    props.take("WebAuthnUserVerification", "WebAuthnConfiguration.UserVerification")
    snapshot.extend(pool, item, props)


def _user_pool(item: Item, snapshot: Snapshot) -> None:
    props = item.props(
        "Policies",
        "DeletionProtection",
        "AutoVerifiedAttributes",
        "AliasAttributes",
        "UsernameAttributes",
        "MfaConfiguration",
        "UserPoolAddOns",
        "AccountRecoverySetting",
        "AdminCreateUserConfig",
        "UsernameConfiguration",
        "VerificationMessageTemplate",
        "UserPoolTier",
        UserPoolName="Name",
    )
    triggers = item.get("LambdaConfig")
    if isinstance(triggers, dict) and triggers:
        props.set("LambdaConfig", triggers, "LambdaConfig")
    tags = item.get("UserPoolTags")
    if isinstance(tags, dict) and tags:
        props.set("UserPoolTags", {k: v for k, v in tags.items() if not k.startswith("aws:")}, "UserPoolTags")
    id = item.text("Id")
    more = {"ProviderName": f"cognito-idp.{item.region}.amazonaws.com/{id}",
            "ProviderURL": f"https://cognito-idp.{item.region}.amazonaws.com/{id}"}  # fmt: skip
    if snapshot.live and item.get("SchemaAttributes"):
        props.set("Schema", item.get("SchemaAttributes"), "SchemaAttributes")
    pool = snapshot.add(
        item, "AWS::Cognito::UserPool", id, props, arn=item.text("Arn"), name=id, call=f"{item.get('Name')} UserPool"
    )
    if pool is not None:
        snapshot.returned[pool.logical_id].update(more)


def _user_pool_client(item: Item, snapshot: Snapshot) -> None:
    """A client; its secret is never taken."""
    props = item.props(
        "UserPoolId", "ClientName", "RefreshTokenValidity", "AccessTokenValidity", "IdTokenValidity",
        "TokenValidityUnits", "ExplicitAuthFlows", "SupportedIdentityProviders", "CallbackURLs", "LogoutURLs",
        "AllowedOAuthFlows", "AllowedOAuthScopes", "AllowedOAuthFlowsUserPoolClient", "PreventUserExistenceErrors",
        "EnableTokenRevocation",
    )  # fmt: skip
    if item.get("ClientSecret"):
        props.set("GenerateSecret", True, "ClientSecret")
    id = item.text("ClientId")
    snapshot.add(
        item, "AWS::Cognito::UserPoolClient", id, props, name=id, call=f"{item.get('ClientName')} UserPoolClient"
    )


READERS = {
    "UserPools": _user_pool,
    "UserPool": _user_pool,
    "UserPoolClients": _user_pool_client,
    "UserPoolClient": _user_pool_client,
    "cognito-idp:GetUserPoolMfaConfig": _mfa,
    "ResourceServers": _part(_SERVER, "Identifier", "Name", "Scopes"),
    "cognito-idp:ListGroups": _part(_GROUP, "GroupName", "Description", "RoleArn", "Precedence"),
    "Providers": _part(_PROVIDER, "ProviderName", "ProviderType"),
    "DomainDescription": _domain,
    "ManagedLoginBranding": _branding,
    "IdentityPools": plain(_IDENTITIES, "IdentityPoolId", "IdentityPoolName", name="IdentityPoolId"),
    "cognito-identity:DescribeIdentityPool": _identity_pool,
    "cognito-identity:GetIdentityPoolRoles": _roles,
}
