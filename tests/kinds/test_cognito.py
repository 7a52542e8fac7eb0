"""Cognito user pools, app clients and identity pools."""

from __future__ import annotations

from .cfn import findings, lowered, problems

CAST3 = """
pool: {kind: cognito_user_pool, physical_name: cgup-singtel-cast3-uatez-app, mfa: otp, password: {min_length: 12}}
web_client: {kind: cognito_app_client, pool: pool, access_token_min: 60, refresh_token_days: 30}
aws_access: {kind: cognito_identity_pool, clients: [web_client], authenticated_role: upload_role}
upload_role: {kind: iam_role, trust: aws_access}
"""


def test_a_pool_asks_everyone_for_a_one_time_password_and_lets_nobody_sign_up() -> None:
    pool = lowered(CAST3)["Pool"]
    assert pool.get("UserPoolName") == "cgup-singtel-cast3-uatez-app"
    assert (pool.get("MfaConfiguration"), pool.get("EnabledMfas")) == ("ON", ["SOFTWARE_TOKEN_MFA"])
    assert pool.get("Policies", "PasswordPolicy", "MinimumLength") == 12
    assert pool.get("AdminCreateUserConfig") == {"AllowAdminCreateUserOnly": True}
    assert pool.get("UserPoolAddOns") == {"AdvancedSecurityMode": "ENFORCED"}
    assert pool.get("UserPoolTier") == "PLUS"
    assert pool.get("DeletionProtection") == "ACTIVE"
    assert pool.attributes["DeletionPolicy"] == "Retain"


def test_properties_point_at_the_fields_that_say_them() -> None:
    resources = lowered(CAST3)
    assert str(resources["Pool"].location("Policies", "PasswordPolicy", "MinimumLength")) == "architecture.yaml:3:101"
    assert str(resources["Pool"].location("MfaConfiguration")) == "architecture.yaml:3:80"
    assert str(resources["WebClient"].location("AccessTokenValidity")) == "architecture.yaml:4:54"


def test_a_client_has_its_lifetimes_with_their_units_and_no_secret() -> None:
    client = lowered(CAST3)["WebClient"]
    assert client.get("AccessTokenValidity") == 60
    assert client.get("RefreshTokenValidity") == 30
    assert client.get("TokenValidityUnits") == {"AccessToken": "minutes", "IdToken": "minutes", "RefreshToken": "days"}
    assert client.get("GenerateSecret") is False
    assert client.get("ExplicitAuthFlows") == ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
    assert not client.has("AllowedOAuthFlows")


def test_an_identity_pool_attaches_its_role_to_those_who_signed_in_only() -> None:
    resources = lowered(CAST3)
    assert resources["AwsAccess"].get("AllowUnauthenticatedIdentities") is False
    assert resources["AwsAccess"].get("CognitoIdentityProviders") == [
        {
            "ClientId": {"Ref": "WebClient"},
            "ProviderName": {"Fn::GetAtt": ["Pool", "ProviderName"]},
            "ServerSideTokenCheck": True,
        }
    ]
    assert resources["AwsAccessRoles"].get("Roles") == {"authenticated": {"Fn::GetAtt": ["UploadRole", "Arn"]}}
    assert resources["UploadRole"].get("AssumeRolePolicyDocument", "Statement", 0) == {
        "Effect": "Allow",
        "Principal": {"Federated": "cognito-identity.amazonaws.com"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringEquals": {"cognito-identity.amazonaws.com:aud": {"Ref": "AwsAccess"}},
            "ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": "authenticated"},
        },
    }


FULL = """
pool:
  kind: cognito_user_pool
  mfa: optional
  first_factors: [password, email_otp]
  sign_in: [email, phone]
  groups: [admins, {name: editors, role: staff, precedence: 1}]
  domain: cast3
  attributes: {email: {required: true}, tenant: {max_length: 64}}
  identity_providers: {Google: {client_id: abc, secret: google}}
  resource_servers: {orders: {read: Read orders}}
  triggers: {pre_token: claims}
  properties: {DeletionProtection: INACTIVE}
claims: {kind: lambda, runtime: python3.13}
google: {type: AWS::SecretsManager::Secret, properties: {Description: the client secret}}
client: {kind: cognito_app_client, pool: pool, callback_urls: https://a.example.com/, scopes: [openid, orders/read]}
access: {kind: cognito_identity_pool, clients: client, authenticated_role: staff, role_by_group: true}
staff: {kind: iam_role, trust: access}
"""


def test_a_pool_invokes_its_trigger_and_only_it_may() -> None:
    resources = lowered(FULL)
    assert resources["Pool"].get("LambdaConfig", "PreTokenGenerationConfig") == {
        "LambdaArn": {"Fn::GetAtt": ["Claims", "Arn"]},
        "LambdaVersion": "V2_0",
    }
    assert resources["ClaimsPoolPermission"].properties == {
        "FunctionName": {"Fn::GetAtt": ["Claims", "Arn"]},
        "Action": "lambda:InvokeFunction",
        "Principal": "cognito-idp.amazonaws.com",
        "SourceArn": {"Fn::GetAtt": ["Pool", "Arn"]},
    }


def test_a_pool_can_send_the_one_time_password_itself() -> None:
    assert lowered(FULL)["Pool"].get("Policies", "SignInPolicy") == {
        "AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]
    }


def test_groups_domains_providers_and_servers_are_resources_of_their_own() -> None:
    resources = lowered(FULL)
    assert resources["PoolEditorsGroup"].get("RoleArn") == {"Fn::GetAtt": ["Staff", "Arn"]}
    assert resources["PoolDomain"].get("Domain") == "cast3"
    assert resources["PoolOrdersServer"].get("Scopes") == [{"ScopeName": "read", "ScopeDescription": "Read orders"}]
    assert resources["PoolGoogleProvider"].get("ProviderDetails") == {
        "client_id": "abc",
        "authorize_scopes": "openid email",
        "client_secret": {"Fn::Sub": "{{resolve:secretsmanager:${Google}:SecretString:client_secret}}"},
    }
    client = resources["Client"]
    assert client.get("SupportedIdentityProviders") == ["COGNITO", "Google"]
    assert client.get("AllowedOAuthFlows") == ["code"]
    assert client.attributes["DependsOn"] == ["PoolGoogleProvider", "PoolOrdersServer"]


def test_a_client_of_the_managed_pages_has_a_style_without_which_they_stay_shut() -> None:
    style = lowered(FULL)["ClientBranding"]
    assert style.type == "AWS::Cognito::ManagedLoginBranding"
    assert style.properties == {
        "UserPoolId": {"Ref": "Pool"},
        "ClientId": {"Ref": "Client"},
        "UseCognitoProvidedValues": True,
    }
    assert "ClientBranding" not in lowered(FULL.replace("  domain: cast3\n", ""))


def test_verbatim_properties_win() -> None:
    assert lowered(FULL)["Pool"].get("DeletionProtection") == "INACTIVE"


def test_text_messages_need_a_role_with_an_external_id() -> None:
    resources = lowered("pool: {kind: cognito_user_pool, mfa: sms}")
    trust = resources["PoolSmsRole"].get("AssumeRolePolicyDocument", "Statement", 0)
    assert trust["Condition"]["StringEquals"]["sts:ExternalId"] == "system-pool"
    assert resources["Pool"].get("SmsConfiguration", "ExternalId") == "system-pool"


def test_the_templates_are_valid() -> None:
    for text in (CAST3, FULL, "pool: {kind: cognito_user_pool, mfa: sms}"):
        assert findings(lowered(text)) == []


def test_a_client_of_something_else_is_an_error_with_its_place() -> None:
    assert problems("q: {kind: sqs_queue}\nc: {kind: cognito_app_client, pool: q}") == [
        "architecture.yaml:4:39: 'q' is a sqs queue; expected a cognito user pool"
    ]


def test_what_cognito_refuses_is_refused_here() -> None:
    assert problems("p: {kind: cognito_user_pool, first_factors: email_otp}") == [
        "architecture.yaml:3:6: 'p': a sign-in without a password excludes a second factor for everyone (mfa: otp)"
    ]
    assert problems("p: {kind: cognito_user_pool, mfa: totp}") == [
        "architecture.yaml:3:37: 'mfa' is one of otp, optional, sms, email, off; found the text 'totp'; "
        "did you mean 'otp'?"
    ]
