"""Users, groups, roles, instance profiles and policies of IAM."""

from __future__ import annotations

from typing import Any

from archproof.resources.resource import Path
from archproof.sources.responses._call import ALL, Call, Per
from archproof.sources.responses._item import Item, Props, document
from archproof.sources.responses._snapshot import Snapshot

KEYS = {
    "UserDetailList": "UserName", "GroupDetailList": "GroupName", "RoleDetailList": "RoleName",
    "Policies": "Arn", "Roles": "RoleName", "Role": "RoleName", "Users": "UserName", "User": "UserName",
    "Groups": "GroupId", "Group": "GroupId", "InstanceProfiles": "InstanceProfileName", "Policy": "Arn",
    "InstanceProfile": "InstanceProfileName", "PolicyVersion": "Document", "AttachedPolicies": "PolicyArn",
    ".PolicyDocument RoleName PolicyName": "RoleName", ".PolicyNames": "",
    "OpenIDConnectProviderList": "Arn", "AccessKeyMetadata": "AccessKeyId", ".Account UserId Arn": "Account",
}  # fmt: skip
LATER = (
    "iam:GetOpenIDConnectProvider", "Roles", "iam:GetPolicy", "PolicyVersion", "AttachedPolicies",
    ".PolicyDocument RoleName PolicyName", "InstanceProfiles",
)  # fmt: skip

_USER, _GROUP = "AWS::IAM::User", "AWS::IAM::Group"
_ROLE, _POLICY = "AWS::IAM::Role", "AWS::IAM::ManagedPolicy"


_INLINE = ("AWS::IAM::Policy", "AWS::IAM::RolePolicy", "AWS::IAM::UserPolicy", "AWS::IAM::GroupPolicy")
_POLICIES = Per("GetAccountAuthorizationDetails", "Policies[]", {"PolicyArn": "Arn"})
CALLS = (
    Call(
        "iam", "GetAccountAuthorizationDetails", "RoleDetailList", (_ROLE, _USER, _GROUP, _POLICY, *_INLINE),
        gives={_ROLE: ("RoleName", "Path", "AssumeRolePolicyDocument", "ManagedPolicyArns", "Policies",
                       "PermissionsBoundary", "Tags"),
               _USER: (ALL, "Tags", "Policies", "ManagedPolicyArns", "Groups"),
               _GROUP: (ALL, "Policies", "ManagedPolicyArns"), _POLICY: (ALL, "PolicyDocument")},
        parameters={"Filter": ["User", "Role", "Group", "LocalManagedPolicy"]}, once=True,
    ),
    Call("iam", "ListRoles", "Roles", gives={_ROLE: ("Description", "MaxSessionDuration")}, once=True),
    Call("iam", "ListInstanceProfiles", "InstanceProfiles", ("AWS::IAM::InstanceProfile",),
         gives={"AWS::IAM::InstanceProfile": (ALL, "Roles")}, once=True),
    Call("iam", "GetPolicy", "Policy", gives={_POLICY: ("Tags",)}, per=_POLICIES, once=True),
    Call("iam", "ListOpenIDConnectProviders", "OpenIDConnectProviderList", ("AWS::IAM::OIDCProvider",), once=True),
    Call("iam", "GetOpenIDConnectProvider", ".Url",
         gives={"AWS::IAM::OIDCProvider": ("Url", "ClientIdList", "ThumbprintList", "Tags")}, once=True,
         per=Per("ListOpenIDConnectProviders", "OpenIDConnectProviderList[]", {"OpenIDConnectProviderArn": "Arn"})),
)  # fmt: skip


def _inline(item: Item, field: str, props: Props) -> None:
    for path, policy in item.entries(field):
        said = {"PolicyName": policy.get("PolicyName"), "PolicyDocument": document(policy.get("PolicyDocument"))}
        props.append("Policies", said, *path)


def _managed(item: Item, props: Props) -> None:
    arns = [p.get("PolicyArn") for _, p in item.entries("AttachedManagedPolicies")]
    if arns:
        props.set("ManagedPolicyArns", arns, "AttachedManagedPolicies")


def _role(item: Item, snapshot: Snapshot) -> None:
    props = item.props(
        "RoleName",
        "Path",
        "Description",
        "MaxSessionDuration",
        PermissionsBoundary="PermissionsBoundary.PermissionsBoundaryArn",
    )
    props.document("AssumeRolePolicyDocument", "AssumeRolePolicyDocument")
    _managed(item, props)
    _inline(item, "RolePolicyList", props)
    name, path = item.text("RoleName"), str(item.get("Path"))
    made_by = "aws" if path.startswith(("/aws-service-role/", "/aws-reserved/")) else None
    snapshot.add(item, _ROLE, name, props, arn=item.text("Arn"), name=name, made_by=made_by,
                 attributes={"RoleId": item.text("RoleId")})  # fmt: skip
    for profile in item.each("InstanceProfileList"):
        _profile(profile, snapshot)


def _profile(item: Item, snapshot: Snapshot) -> None:
    props = item.props("InstanceProfileName", "Path")
    roles = [r.get("RoleName") for _, r in item.entries("Roles")]
    if roles:
        props.set("Roles", roles, "Roles")
    name = item.text("InstanceProfileName")
    for role in item.each("Roles"):
        _role(role, snapshot)
    snapshot.add(item, "AWS::IAM::InstanceProfile", name, props, arn=item.text("Arn"), name=name)


def _user(item: Item, snapshot: Snapshot) -> None:
    name = item.text("UserName")
    if str(item.get("Arn")).endswith(":root"):
        return
    props = item.props("UserName", "Path", PermissionsBoundary="PermissionsBoundary.PermissionsBoundaryArn")
    _managed(item, props)
    _inline(item, "UserPolicyList", props)
    if item.get("GroupList"):
        props.set("Groups", item.get("GroupList"), "GroupList")
    snapshot.add(item, "AWS::IAM::User", name, props, arn=item.text("Arn"), name=name)


def _group(item: Item, snapshot: Snapshot) -> None:
    name = item.text("GroupName")
    props = item.props("GroupName", "Path")
    _managed(item, props)
    _inline(item, "GroupPolicyList", props)
    snapshot.add(item, "AWS::IAM::Group", name, props, arn=item.text("Arn"), name=name)


def _policy(item: Item, snapshot: Snapshot) -> None:
    """A managed policy; those of AWS's own are named wherever they are used, and are nobody's resources."""
    arn = str(item.get("Arn"))
    if ":iam::aws:" in arn:
        return
    props = item.props("Description", "Path", ManagedPolicyName="PolicyName")
    if "ManagedPolicyName" not in props.values:  # the end of the ARN is the name
        props.set("ManagedPolicyName", arn.rpartition("/")[2], "Arn")
    default = item.get("DefaultVersionId")
    for path, version in item.entries("PolicyVersionList"):
        if version.get("IsDefaultVersion") is True or version.get("VersionId") == default:
            props.set("PolicyDocument", document(version.get("Document")), *path, "Document")
    snapshot.add(item, _POLICY, arn, props, arn=arn, name=item.text("PolicyName"))


def _version(item: Item, snapshot: Snapshot) -> None:
    """`get-policy-version`: the document of the policy that the file's name tells."""
    policy = snapshot.told_by_path(item, _POLICY)
    if policy is None:
        snapshot.unreadable(item, "whose version it is stands in no field: name the file after the policy")
        return
    props = Props(item)
    props.document("PolicyDocument", "Document")
    snapshot.extend(policy, item, props)


def _attached(item: Item, snapshot: Snapshot) -> None:
    role = snapshot.told_by_path(item, _ROLE)
    if role is None:
        snapshot.unreadable(item, "whom the policy is attached to stands in no field: name the file after the role")
        return
    if item.get("PolicyArn") not in role.properties.get("ManagedPolicyArns", ()):
        snapshot.append(role, "ManagedPolicyArns", item.get("PolicyArn"), item, "PolicyArn")


def _role_policy(item: Item, snapshot: Snapshot) -> None:
    role = snapshot.find(_ROLE, item.text("RoleName"))
    said: dict[str, Any] = {
        "PolicyName": item.get("PolicyName"), "PolicyDocument": document(item.get("PolicyDocument"))
    }  # fmt: skip
    where: Path = ("PolicyDocument",)
    if role is not None and item.text("PolicyName"):
        held = role.properties.get("Policies", ())
        if all(p.get("PolicyName") != said["PolicyName"] for p in held):
            snapshot.append(role, "Policies", said, item, *where)
    else:
        snapshot.unreadable(item, f"the role {item.get('RoleName')} of this policy is in no file")


def _oidc(item: Item, snapshot: Snapshot) -> None:
    arn = item.text("Arn") or item.asked.get("OpenIDConnectProviderArn")
    props = Props(item)
    props.set("Url", "https://" + str(arn).partition(":oidc-provider/")[2], "Arn")
    for name in ("ClientIdList", "ThumbprintList"):
        props.take(name, name.replace("IdList", "IDList"))
    props.tags()
    snapshot.add(item, "AWS::IAM::OIDCProvider", arn, props, arn=arn)


def _nothing(item: Item, snapshot: Snapshot) -> None:
    """No resource: who asked, names alone, keys of users."""


READERS = {
    "iam:GetOpenIDConnectProvider": _oidc,
    "iam:GetPolicy": _policy,
    "UserDetailList": _user,
    "Users": _user,
    "User": _user,
    "GroupDetailList": _group,
    "Groups": _group,
    "Group": _group,
    "RoleDetailList": _role,
    "Roles": _role,
    "Role": _role,
    "Policies": _policy,
    "Policy": _policy,
    "InstanceProfiles": _profile,
    "InstanceProfile": _profile,
    "PolicyVersion": _version,
    "AttachedPolicies": _attached,
    ".PolicyDocument RoleName PolicyName": _role_policy,
    ".PolicyNames": _nothing,
    ".Account UserId Arn": _nothing,
    "OpenIDConnectProviderList": _oidc,
    "AccessKeyMetadata": _nothing,
}
