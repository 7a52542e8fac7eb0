"""IAM: roles, users, groups, policies and what attaches them, instance profiles, identity providers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archproof.sources.terraform.made import keep
from archproof.sources.terraform.mapping import Mapping, Merge, blocks, to

if TYPE_CHECKING:
    from archproof.sources.terraform.made import Made

TYPES = (
    "aws_iam_role", "aws_iam_role_policy", "aws_iam_role_policy_attachment", "aws_iam_policy",
    "aws_iam_policy_attachment", "aws_iam_user", "aws_iam_user_policy", "aws_iam_user_policy_attachment",
    "aws_iam_group", "aws_iam_group_policy", "aws_iam_group_policy_attachment", "aws_iam_group_membership",
    "aws_iam_user_group_membership", "aws_iam_user_login_profile", "aws_iam_instance_profile", "aws_iam_access_key",
    "aws_iam_openid_connect_provider", "aws_iam_saml_provider", "aws_iam_service_linked_role",
    "aws_iam_server_certificate", "aws_iam_account_password_policy", "aws_iam_account_alias", "aws_iam_user_ssh_key",
    "aws_iam_service_specific_credential", "aws_iam_virtual_mfa_device",
)  # fmt: skip

_HOLDERS = {"role": ("aws_iam_role", "Roles"), "user": ("aws_iam_user", "Users"), "group": ("aws_iam_group", "Groups")}


def _inline(made: Made) -> None:
    """A state repeats the policy in its role; CloudFormation wants a name for it."""
    for argument, (kind, _) in _HOLDERS.items():
        holder = made.translation.target(made.item, argument, (kind,))
        if holder is not None:
            name = made.item.values.get("name")
            keep(holder.resource, ("Policies",), lambda p, name=name: p.get("PolicyName") != name)  # type: ignore[misc]
    if not made.resource.has("PolicyName"):
        made.set("PolicyName", made.resource.logical_id)


def _attachment(made: Made) -> None:
    """A policy of the same configuration names who has it (the way round that closes no circle); others the holder."""
    policy = made.translation.target(made.item, "policy_arn", ("aws_iam_policy",))
    for argument, (kind, holders) in _HOLDERS.items():
        for name in (argument, f"{argument}s"):
            value = made.value(name)
            entries = value if isinstance(value, list) else [value] if value is not None else []
            for position, entry in enumerate(entries):
                place = (name, position) if isinstance(value, list) else (name,)
                if policy is not None and entry not in (policy.resource.get(holders) or []):
                    made.on(policy).add(holders, entry, *place)
                _hold(made, policy, kind, entry)


def _hold(made: Made, policy: Made | None, kind: str, entry: Any) -> None:
    """Write the policy into the role, user or group called `entry`, or take out what a state repeats there."""
    arn = made.value("policy_arn")
    for holder in _holders(made, kind).get(repr(entry), []):
        if policy is not None:
            repeated = [arn, policy.ref("arn"), policy.item.values.get("arn")]
            keep(holder.resource, ("ManagedPolicyArns",), lambda held, repeated=repeated: held not in repeated)  # type: ignore[misc]
        elif arn not in (holder.resource.get("ManagedPolicyArns") or []):
            made.on(holder).add("ManagedPolicyArns", arn, "policy_arn")


def _holders(made: Made, kind: str) -> dict[str, list[Made]]:
    """The roles (users, groups) by what may stand for their name."""
    memo: dict[str, dict[str, list[Made]]] = made.translation.memo
    if kind not in memo:
        found: dict[str, list[Made]] = {}
        for holder in made.translation.made.values():
            if holder.item.type == kind:
                for name in {repr(holder.ref("name")), repr(holder.item.values.get("name"))}:
                    found.setdefault(name, []).append(holder)
        memo[kind] = found
    return memo[kind]


def _groups(made: Made) -> None:
    for position, group in enumerate(made.value("groups") or []):
        made.add("Groups", group, "groups", position)


_ATTACHMENT = "+policy_arn +role +roles +user +users +group +groups -name"
_POLICIES = blocks("Policies", "name=PolicyName policy=PolicyDocument:json")


def _policy_of(holder: str) -> Mapping:
    return Mapping(
        "AWS::IAM::Policy",
        "name=PolicyName policy=PolicyDocument:json -name_prefix",
        {holder: to(_HOLDERS[holder][1], lambda value: [value], symbolic=True)},
        attributes=f"name==name {holder}=={holder}",
        tags="",
        finish=_inline,
    )


def _attachment_to(holder: str) -> Mapping:
    return Mapping(
        None,
        _ATTACHMENT,
        attributes=f"{holder}=={holder} policy_arn==policy_arn",
        tags="",
        merge=Merge(f"{holder} policy_arn", f"{_HOLDERS[holder][0]} aws_iam_policy"),
        finish=_attachment,
    )


MAPPINGS = {
    "aws_iam_role": Mapping(
        "AWS::IAM::Role",
        "name=RoleName assume_role_policy=AssumeRolePolicyDocument:json description path max_session_duration "
        "permissions_boundary managed_policy_arns -name_prefix -force_detach_policies",
        {"inline_policy": _POLICIES},
        attributes="id name=Ref arn=Arn unique_id=RoleId",
    ),
    "aws_iam_role_policy": _policy_of("role"),
    "aws_iam_user_policy": _policy_of("user"),
    "aws_iam_group_policy": _policy_of("group"),
    "aws_iam_role_policy_attachment": _attachment_to("role"),
    "aws_iam_user_policy_attachment": _attachment_to("user"),
    "aws_iam_group_policy_attachment": _attachment_to("group"),
    "aws_iam_policy_attachment": Mapping(
        None,
        _ATTACHMENT,
        tags="",
        attributes="policy_arn==policy_arn",
        merge=Merge("policy_arn roles users groups", "aws_iam_policy aws_iam_role aws_iam_user aws_iam_group"),
        finish=_attachment,
    ),
    "aws_iam_policy": Mapping(
        "AWS::IAM::ManagedPolicy",
        "name=ManagedPolicyName policy=PolicyDocument:json description path -name_prefix",
        attributes="id arn=Ref policy_id=PolicyId",
        tags="",
    ),
    "aws_iam_user": Mapping(
        "AWS::IAM::User",
        "name=UserName path permissions_boundary -force_destroy",
        attributes="id name=Ref arn=Arn",
    ),
    "aws_iam_group": Mapping("AWS::IAM::Group", "name=GroupName path", attributes="id name=Ref arn=Arn", tags=""),
    "aws_iam_group_membership": Mapping(
        "AWS::IAM::UserToGroupAddition", "group=GroupName users -name", attributes="group==group", tags=""
    ),
    "aws_iam_user_group_membership": Mapping(
        None, "+groups +user", tags="", merge=Merge("user", "aws_iam_user"), finish=_groups
    ),
    "aws_iam_user_login_profile": Mapping(
        None,
        "password=LoginProfile.Password password_reset_required=LoginProfile.PasswordResetRequired +user -pgp_key "
        "-password_length",
        secret="password encrypted_password",
        tags="",
        merge=Merge("user", "aws_iam_user"),
    ),
    "aws_iam_instance_profile": Mapping(
        "AWS::IAM::InstanceProfile",
        "name=InstanceProfileName path -name_prefix",
        {"role": to("Roles", lambda value: [value], symbolic=True)},
        attributes="id name=Ref arn=Arn role==role",
        tags="",
    ),
    "aws_iam_access_key": Mapping(
        "AWS::IAM::AccessKey",
        "user=UserName status -pgp_key",
        attributes="id secret=SecretAccessKey user==user",
        secret="secret ses_smtp_password_v4 encrypted_secret",
        tags="",
    ),
    "aws_iam_openid_connect_provider": Mapping(
        "AWS::IAM::OIDCProvider",
        "url client_id_list thumbprint_list",
        attributes="id arn=Ref",
    ),
    "aws_iam_saml_provider": Mapping("AWS::IAM::SAMLProvider", "name saml_metadata_document", attributes="id arn=Ref"),
    "aws_iam_service_linked_role": Mapping(
        "AWS::IAM::ServiceLinkedRole",
        "aws_service_name=AWSServiceName custom_suffix description",
        attributes="name=RoleName",
        tags="",
    ),
    "aws_iam_server_certificate": Mapping(
        "AWS::IAM::ServerCertificate",
        "name=ServerCertificateName certificate_body certificate_chain path private_key -name_prefix",
        attributes="name=Ref arn=Arn",
        secret="private_key",
    ),
    "aws_iam_virtual_mfa_device": Mapping(
        "AWS::IAM::VirtualMFADevice",
        "virtual_mfa_device_name path",
        attributes="id arn=Ref",
        secret="base_32_string_seed qr_code_png",
        finish=lambda made: made.set("Users", []),
    ),
    "aws_iam_account_password_policy": Mapping(None, why="a setting of the account, which no CloudFormation type has"),
    "aws_iam_account_alias": Mapping(None, why="a setting of the account, which no CloudFormation type has"),
    "aws_iam_user_ssh_key": Mapping(None),
    "aws_iam_service_specific_credential": Mapping(None, secret="service_password"),
}
