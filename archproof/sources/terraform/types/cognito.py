"""Cognito: user pools and what is in them, identity pools."""

from __future__ import annotations

from typing import Any

from archproof.sources.terraform.mapping import Mapping, block, blocks, to
from archproof.sources.terraform.types._shapes import named

TYPES = (
    "aws_cognito_user_pool", "aws_cognito_user_pool_client", "aws_cognito_user_pool_domain",
    "aws_cognito_user_group", "aws_cognito_user", "aws_cognito_user_in_group", "aws_cognito_resource_server",
    "aws_cognito_identity_provider", "aws_cognito_identity_pool", "aws_cognito_identity_pool_roles_attachment",
    "aws_cognito_user_pool_ui_customization",
)  # fmt: skip


def _totp(value: Any) -> Any:
    """The second factor of an app, as a list of factors."""
    said = value[0] if isinstance(value, list) and value else value
    return ["SOFTWARE_TOKEN_MFA"] if isinstance(said, dict) and said.get("enabled") is True else None


def _role_mappings(value: Any) -> Any:
    """Roles by identity provider."""
    if not isinstance(value, list):
        return value
    found: dict[str, Any] = {}
    for said in value:
        rules = [
            {
                "Claim": r.get("claim"),
                "MatchType": r.get("match_type"),
                "RoleARN": r.get("role_arn"),
                "Value": r.get("value"),
            }
            for r in said.get("mapping_rule") or []
        ]
        entry = {"IdentityProvider": said.get("identity_provider"), "Type": said.get("type"),
                 "AmbiguousRoleResolution": said.get("ambiguous_role_resolution"),
                 "RulesConfiguration": {"Rules": rules} if rules else None}  # fmt: skip
        found[f"Mapping{len(found) + 1}"] = {k: v for k, v in entry.items() if v is not None}
    return found


MAPPINGS = {
    "aws_cognito_user_pool": Mapping(
        "AWS::Cognito::UserPool",
        "name=UserPoolName alias_attributes auto_verified_attributes "
        "deletion_protection email_verification_message "
        "email_verification_subject mfa_configuration "
        "sms_authentication_message sms_verification_message "
        "username_attributes user_pool_tier",
        {
            "account_recovery_setting": block(
                "AccountRecoverySetting", "", {"recovery_mechanism": blocks("RecoveryMechanisms", "name priority")}
            ),
            "admin_create_user_config": block(
                "AdminCreateUserConfig",
                "allow_admin_create_user_only",
                {
                    "invite_message_template": block(
                        "InviteMessageTemplate", "email_message email_subject sms_message=SMSMessage"
                    )
                },
            ),
            "device_configuration": block(
                "DeviceConfiguration", "challenge_required_on_new_device device_only_remembered_on_user_prompt"
            ),
            "email_configuration": block(
                "EmailConfiguration",
                "configuration_set email_sending_account from_email_address=From reply_to_email_address source_arn",
            ),
            "email_mfa_configuration": block(
                "", "message=EmailAuthenticationMessage subject=EmailAuthenticationSubject"
            ),
            "lambda_config": block(
                "LambdaConfig",
                "create_auth_challenge custom_message define_auth_challenge "
                "kms_key_id=KMSKeyID post_authentication post_confirmation "
                "pre_authentication pre_sign_up pre_token_generation "
                "user_migration verify_auth_challenge_response",
                {
                    "custom_email_sender": block("CustomEmailSender", "lambda_arn lambda_version"),
                    "custom_sms_sender": block("CustomSMSSender", "lambda_arn lambda_version"),
                    "pre_token_generation_config": block("PreTokenGenerationConfig", "lambda_arn lambda_version"),
                },
            ),
            "password_policy": block(
                "Policies.PasswordPolicy",
                "minimum_length password_history_size require_lowercase "
                "require_numbers require_symbols require_uppercase "
                "temporary_password_validity_days",
            ),
            "schema": blocks(
                "Schema",
                "attribute_data_type name developer_only_attribute mutable required",
                {
                    "number_attribute_constraints": block(
                        "NumberAttributeConstraints", "max_value:text min_value:text"
                    ),
                    "string_attribute_constraints": block(
                        "StringAttributeConstraints", "max_length:text min_length:text"
                    ),
                },
            ),
            "sign_in_policy": block("Policies.SignInPolicy", "allowed_first_auth_factors"),
            "sms_configuration": block("SmsConfiguration", "external_id sns_caller_arn sns_region"),
            "software_token_mfa_configuration": to("EnabledMfas", _totp),
            "user_attribute_update_settings": block(
                "UserAttributeUpdateSettings", "attributes_require_verification_before_update"
            ),
            "username_configuration": block("UsernameConfiguration", "case_sensitive"),
            "user_pool_add_ons": block(
                "UserPoolAddOns",
                "advanced_security_mode",
                {"advanced_security_additional_flows": block("AdvancedSecurityAdditionalFlows", "custom_auth_mode")},
            ),
            "verification_message_template": block(
                "VerificationMessageTemplate",
                "default_email_option email_message email_message_by_link "
                "email_subject email_subject_by_link sms_message",
            ),
            "web_authn_configuration": block(
                "", "relying_party_id=WebAuthnRelyingPartyID user_verification=WebAuthnUserVerification"
            ),
        },
        attributes="id=Ref arn=Arn endpoint=ProviderName",
        tags="map:UserPoolTags",
    ),
    "aws_cognito_user_pool_client": Mapping(
        "AWS::Cognito::UserPoolClient",
        "name=ClientName user_pool_id access_token_validity "
        "allowed_oauth_flows=AllowedOAuthFlows "
        "allowed_oauth_flows_user_pool_client=AllowedOAuthFlowsUserPoolClient "
        "allowed_oauth_scopes=AllowedOAuthScopes auth_session_validity "
        "callback_urls=CallbackURLs "
        "default_redirect_uri=DefaultRedirectURI "
        "enable_propagate_additional_user_context_data "
        "enable_token_revocation explicit_auth_flows generate_secret "
        "id_token_validity logout_urls=LogoutURLs "
        "prevent_user_existence_errors read_attributes "
        "refresh_token_validity supported_identity_providers "
        "write_attributes",
        {
            "analytics_configuration": block(
                "AnalyticsConfiguration", "application_arn application_id external_id role_arn user_data_shared"
            ),
            "refresh_token_rotation": block("RefreshTokenRotation", "feature retry_grace_period_seconds"),
            "token_validity_units": block("TokenValidityUnits", "access_token id_token refresh_token"),
        },
        attributes="id=Ref client_secret=ClientSecret",
        tags="",
    ),
    "aws_cognito_user_pool_domain": Mapping(
        "AWS::Cognito::UserPoolDomain",
        "domain user_pool_id certificate_arn=CustomDomainConfig.CertificateArn managed_login_version",
        attributes="id=Ref domain=Ref "
        "cloudfront_distribution=CloudFrontDistribution "
        "cloudfront_distribution_arn=CloudFrontDistribution",
        tags="",
    ),
    "aws_cognito_user_group": Mapping(
        "AWS::Cognito::UserPoolGroup",
        "name=GroupName user_pool_id description precedence role_arn",
        attributes="id=Ref name=Ref",
        tags="",
    ),
    "aws_cognito_user": Mapping(
        "AWS::Cognito::UserPoolUser",
        "username user_pool_id client_metadata desired_delivery_mediums "
        "-enabled force_alias_creation message_action -password "
        "-temporary_password",
        {"attributes": to("UserAttributes", named), "validation_data": to("ValidationData", named)},
        attributes="id=Ref username=Ref",
        tags="",
        secret="password temporary_password",
    ),
    "aws_cognito_user_in_group": Mapping(
        "AWS::Cognito::UserPoolUserToGroupAttachment",
        "group_name username user_pool_id",
        attributes="id",
        tags="",
    ),
    "aws_cognito_resource_server": Mapping(
        "AWS::Cognito::UserPoolResourceServer",
        "identifier name user_pool_id",
        {"scope": blocks("Scopes", "scope_description scope_name")},
        attributes="id=Ref identifier==identifier",
        tags="",
    ),
    "aws_cognito_identity_provider": Mapping(
        "AWS::Cognito::UserPoolIdentityProvider",
        "provider_details provider_name provider_type user_pool_id attribute_mapping idp_identifiers",
        attributes="id=Ref provider_name==provider_name",
        tags="",
        secret="provider_details.client_secret",
    ),
    "aws_cognito_identity_pool": Mapping(
        "AWS::Cognito::IdentityPool",
        "identity_pool_name allow_classic_flow "
        "allow_unauthenticated_identities developer_provider_name "
        "openid_connect_provider_arns=OpenIdConnectProviderARNs "
        "saml_provider_arns=SamlProviderARNs supported_login_providers",
        {
            "cognito_identity_providers": blocks(
                "CognitoIdentityProviders", "client_id provider_name server_side_token_check"
            )
        },
        attributes="id=Ref",
        tags="IdentityPoolTags",
    ),
    "aws_cognito_identity_pool_roles_attachment": Mapping(
        "AWS::Cognito::IdentityPoolRoleAttachment",
        "identity_pool_id roles",
        {"role_mapping": to("RoleMappings", _role_mappings)},
        attributes="id=Ref",
        tags="",
    ),
    "aws_cognito_user_pool_ui_customization": Mapping(
        "AWS::Cognito::UserPoolUICustomizationAttachment",
        "user_pool_id client_id css=CSS -image_file",
        attributes="id",
        tags="",
    ),
}
