"""Which policies bear on whom: those of a role, those of a resource, as the resources say them.

Read from resources alone, so that a model, a template and a live account look the same. A managed policy of AWS
whose actions no row of the facts tells is `unread`: it may allow anything.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

from archproof.errors import Location
from archproof.facts import managed_policy
from archproof.iam.evaluation import Decision, Policies, decide
from archproof.iam.globs import has_hole, plain
from archproof.iam.names import Names
from archproof.iam.organizations import Controls
from archproof.iam.policies import Statement, statements
from archproof.iam.requests import Context, Principal, Request, Values
from archproof.iam.truth import Truth, either, some
from archproof.resources.resource import Path, Resource, Resources
from archproof.resources.values import sure

INLINE: dict[str, Path] = {
    "AWS::KMS::Key": ("KeyPolicy",),
    "AWS::KMS::ReplicaKey": ("KeyPolicy",),
    "AWS::ECR::Repository": ("RepositoryPolicyText",),
    "AWS::ApiGateway::RestApi": ("Policy",),
    "AWS::EFS::FileSystem": ("FileSystemPolicy",),
    "AWS::OpenSearchService::Domain": ("AccessPolicies",),
    "AWS::Elasticsearch::Domain": ("AccessPolicies",),
    "AWS::DynamoDB::Table": ("ResourcePolicy", "PolicyDocument"),
    "AWS::Kinesis::Stream": ("ResourcePolicy",),
    "AWS::Events::EventBus": ("Policy",),
    "AWS::IAM::Role": ("AssumeRolePolicyDocument",),
    "AWS::EC2::VPCEndpoint": ("PolicyDocument",),
    "AWS::Backup::BackupVault": ("AccessPolicy",),
}
"""Types that hold the policy that others meet, and where."""
BESIDE: dict[str, tuple[str, Path]] = {
    "AWS::S3::BucketPolicy": ("Bucket", ("PolicyDocument",)),
    "AWS::SQS::QueuePolicy": ("Queues", ("PolicyDocument",)),
    "AWS::SQS::QueueInlinePolicy": ("Queue", ("PolicyDocument",)),
    "AWS::SNS::TopicPolicy": ("Topics", ("PolicyDocument",)),
    "AWS::SNS::TopicInlinePolicy": ("TopicArn", ("PolicyDocument",)),
    "AWS::SecretsManager::ResourcePolicy": ("SecretId", ("ResourcePolicy",)),
    "AWS::Kinesis::ResourcePolicy": ("ResourceArn", ("ResourcePolicy",)),
}
"""Types that are the policy of another resource: the property that names it, and where the document is."""
MUST_AGREE = ("AWS::KMS::Key", "AWS::KMS::ReplicaKey", "AWS::IAM::Role")
"""Types whose own policy must allow even the callers of their account."""
_HOLDERS: dict[str, tuple[str, ...]] = {
    "AWS::IAM::Policy": ("Roles", "Users", "Groups"),
    "AWS::IAM::ManagedPolicy": ("Roles", "Users", "Groups"),
    "AWS::IAM::RolePolicy": ("RoleName",),
    "AWS::IAM::UserPolicy": ("UserName",),
    "AWS::IAM::GroupPolicy": ("GroupName",),
}
"""Types that are a policy of identities, and the properties that name these."""
_NAMED_BY = {
    "AWS::IAM::Role": ("Roles", "RoleName"),
    "AWS::IAM::User": ("Users", "UserName"),
    "AWS::IAM::Group": ("Groups", "GroupName"),
}
"""The properties that name an identity of a type."""


class Attached:
    """The policies in one set of resources."""

    def __init__(self, resources: Resources) -> None:
        self.resources = resources
        self.names = Names(resources)
        self.controls = Controls(self.names)
        self._principals: dict[str, Principal] = {}
        self._known: dict[Principal, dict[str, Values]] = {}
        self._identities: dict[str, tuple[list[list[Statement]], list[tuple[str, Location]]]] = {}
        self._policies: dict[str, list[Statement] | None] = {}

    # -- whose

    def principal(self, role: Resource) -> Principal:
        """A role or a user as a caller."""
        found = self._principals.get(role.logical_id)
        if found is None:
            kind: Any = "user" if role.type == "AWS::IAM::User" else "role"
            found = Principal(kind, self.names.arn(role), self.names.account(role))
            self._principals[role.logical_id] = found
        return found

    def identity(self, role: Resource) -> tuple[list[list[Statement]], list[tuple[str, Location]]]:
        """The policies of a role or user, and those of them that cannot be read, with their places."""
        held = self._identities.get(role.logical_id)
        if held is None:
            held = self._identities[role.logical_id] = self._identity(role)
        return held

    def _identity(self, role: Resource) -> tuple[list[list[Statement]], list[tuple[str, Location]]]:
        policies: list[list[Statement]] = []
        unread: list[tuple[str, Location]] = []
        inline = role.get("Policies")
        if isinstance(inline, list):
            policies += [self.document(role, "Policies", n, "PolicyDocument") for n in range(len(inline))]
        elif inline is not None:
            unread.append(("of Policies", role.location("Policies")))
        own = _NAMED_BY.get(role.type, ())
        for user in self._beside(role, *_HOLDERS):
            # its statements may name the role as well (iam:PassRole): only what it is attached to counts
            keys = [key for key in _HOLDERS[user.type] if key in own]
            if any(self._names(user.get(key), role) for key in keys):
                policies.append(self._perhaps(self.document(user, "PolicyDocument"), user, role))
        arns = role.get("ManagedPolicyArns")
        if arns is not None and not isinstance(arns, list):
            unread.append(("of ManagedPolicyArns", role.location("ManagedPolicyArns")))
        for position, arn in enumerate(arns if isinstance(arns, list) else ()):
            found = self.managed(arn, role.location("ManagedPolicyArns", position))
            if found is None:
                unread.append((plain(self.names.text(arn)), role.location("ManagedPolicyArns", position)))
            else:
                policies.append(found)
        for group in self._groups(role) if role.type == "AWS::IAM::User" else ():
            if isinstance(group, str):
                unread.append((f"of the group {group}", role.location("Groups")))
            else:
                held, lost = self.identity(group)
                policies, unread = [*policies, *held], [*unread, *lost]
        return policies, unread

    def _groups(self, user: Resource) -> list[Resource | str]:
        """The groups of a user, those that are not among the resources by their names."""
        said = user.get("Groups")
        entries = said if isinstance(said, list) else [said] if said is not None else []
        groups = self.resources.of_type("AWS::IAM::Group")
        found: list[Resource | str] = []
        for entry in entries:
            held = next((g for g in groups if self._names(entry, g)), None)
            found.append(held if held is not None else plain(self.names.text(entry)))
        for joint in self._beside(user, "AWS::IAM::UserToGroupAddition"):
            if self._names(joint.get("Users"), user):
                group = next((g for g in groups if self._names(joint.get("GroupName"), g)), None)
                found.append(group if group is not None else plain(self.names.text(joint.get("GroupName"))))
        return found

    # -- what is said beside a resource

    @functools.cached_property
    def _literal(self) -> dict[str, list[Resource]]:
        """Policies by the names and ARNs that they give as plain texts, in place of references."""
        found: dict[str, list[Resource]] = {}
        types = {**_HOLDERS, **{type: (key,) for type, (key, _) in BESIDE.items()},
                 "AWS::Lambda::Permission": ("FunctionName",), "AWS::IAM::UserToGroupAddition": ("Users",)}  # fmt: skip
        for type, keys in types.items():
            for resource in self.resources.of_type(type):
                for key in keys:
                    said = resource.get(key)
                    for entry in said if isinstance(said, list) else (said,):
                        if isinstance(entry, str):
                            found.setdefault(entry, []).append(resource)
        return found

    def _beside(self, resource: Resource, *types: str) -> list[Resource]:
        """Resources of some types that refer to another, by a reference or by its name."""
        found = self.resources.users(resource, *types)
        if self._literal:
            for name in (self.names.reference(resource), self.names.arn(resource)):
                found += [r for r in self._literal.get(name, ()) if r.type in types and r not in found]
        return found

    def _names(self, said: Any, resource: Resource) -> bool:
        """Whether a property names a resource, by a reference or by its name."""
        if resource in self.resources.targets(said):
            return True
        entries = said if isinstance(said, list) else (said,)
        texts = [entry for entry in entries if isinstance(entry, str)]
        return bool(texts) and any(t in (self.names.reference(resource), self.names.arn(resource)) for t in texts)

    def _perhaps(self, policy: list[Statement], holder: Resource, of: Resource) -> list[Statement]:
        """A policy as its holder says it, which a condition may leave out."""
        if sure(self.resources, holder, of):
            return policy
        return [statement._replace(sure=False) for statement in policy]

    def managed(self, arn: Any, place: Location) -> list[Statement] | None:
        """The statements of a managed policy: of the resources, or of AWS; None where it is not known."""
        target = self.resources.target(arn)
        if target is not None and target.type == "AWS::IAM::ManagedPolicy":
            return self.document(target, "PolicyDocument")
        text = self.names.text(arn)
        name = text.rpartition("/")[2]
        if has_hole(name) or ":aws:policy/" not in text:
            return None
        known = _of_aws(name)
        return None if known is None else [statement._replace(location=place) for statement in known]

    def boundary(self, role: Resource) -> list[Statement] | None:
        """The permissions boundary of a role or user; None for none. One that is not known may allow anything."""
        said = role.get("PermissionsBoundary")
        if said is None:
            return None
        place = role.location("PermissionsBoundary")
        found = self.managed(said, place)
        return list(statements(None, lambda *path: place)) if found is None else found

    # -- on what

    def resource_policy(self, resource: Resource) -> list[Statement] | None:
        """The policy of a resource itself; None where it has none."""
        if resource.logical_id not in self._policies:
            self._policies[resource.logical_id] = self._resource_policy(resource)
        return self._policies[resource.logical_id]

    def _resource_policy(self, resource: Resource) -> list[Statement] | None:
        found: list[Statement] | None = None
        path = INLINE.get(resource.type)
        if path is not None and resource.has(*path):
            found = self.document(resource, *path)
        for user in self._beside(resource, *BESIDE, "AWS::Lambda::Permission"):
            if user.type == "AWS::Lambda::Permission":
                if self._names(user.get("FunctionName"), resource):
                    found = [*(found or ()), *self._perhaps([self._permission(user, resource)], user, resource)]
                continue
            key, path = BESIDE[user.type]
            if self._names(user.get(key), resource):
                found = [*(found or ()), *self._perhaps(self.document(user, *path), user, resource)]
        return self._default(resource) if found is None else found

    def _default(self, resource: Resource) -> list[Statement] | None:
        """The policy that AWS gives a topic or a key for which nobody says one: it lets in the account."""
        account = self.names.account(resource)
        if resource.type == "AWS::SNS::Topic":
            owner = {"StringEquals": {"aws:SourceOwner": [account]}}
            everyone = (("AWS", "*"),)
            actions = ("sns:Publish", "sns:Subscribe", "sns:GetTopicAttributes", "sns:ListSubscriptionsByTopic")
            return [Statement("Allow", actions, principals=everyone, condition=owner, location=resource.location())]
        if resource.type == "AWS::KMS::Key":
            root = (("AWS", f"arn:{self.names.partition}:iam::{account}:root"),)
            return [Statement("Allow", ("kms:*",), principals=root, location=resource.location())]
        return None

    def document(self, holder: Resource, *path: str | int) -> list[Statement]:
        """The statements of the policy document at `path` of `holder`."""
        return list(statements(holder.get(*path), _locator(holder, path), self.names.text))

    def _permission(self, permission: Resource, function: Resource) -> Statement:
        """An `AWS::Lambda::Permission` as the statement that it adds to the function's policy."""
        text = self.names.text
        who = text(permission.get("Principal", default="*"))
        service = who.endswith((".amazonaws.com", ".amazonaws.com.cn"))
        condition: dict[str, dict[str, list[str]]] = {}
        for operator, key, property in _PERMISSION_KEYS:
            if permission.has(property):
                condition.setdefault(operator, {})[key] = [text(permission.get(property))]
        arn = self.names.arn(function)
        return Statement(
            "Allow", (text(permission.get("Action", default="lambda:InvokeFunction")),), resources=(arn, f"{arn}:*"),
            principals=(("Service" if service else "AWS", who),), condition=condition or None,
            sid=permission.logical_id, location=permission.location(),
        )  # fmt: skip

    # -- may

    def decide(
        self, caller: Resource | Principal, action: str, on: Resource | None = None, *, arn: str | None = None,
        context: Context | None = None, endpoint: Resource | None = None,
    ) -> Decision:  # fmt: skip
        """Decide whether `caller` may do `action` on a resource (or on an ARN, or on `*`).

        `endpoint`: the VPC endpoint that the call goes through. Every policy among the resources is asked.
        """
        principal = self.principal(caller) if isinstance(caller, Resource) else caller
        target = arn or (self.names.arn(on) if on is not None else "*")
        account = self.names.account(on)
        identity: tuple[list[list[Statement]], list[tuple[str, Location]]] = ([], [])
        boundary = None
        if isinstance(caller, Resource):
            identity, boundary = self.identity(caller), self.boundary(caller)
        held = Policies(
            identity=[*identity[0]],
            boundary=boundary,
            resource=self.resource_policy(on) if on is not None else None,
            resource_must_agree=on is not None and on.type in MUST_AGREE,
            service_controls=self.controls.of_caller(principal),
            resource_controls=self.controls.of_resource(
                principal, action, account if on is not None else principal.account or account
            ),
            unread=identity[1],
        )
        if endpoint is not None and endpoint.has("PolicyDocument"):
            held.endpoint = self.document(endpoint, "PolicyDocument")
        known = self._context(principal, context, on, action)
        logical_id = on.logical_id if on is not None else ""
        return decide(Request(principal, action, target, account, known, logical_id), held)

    def _context(self, principal: Principal, given: Context | None, on: Resource | None, action: str) -> Context:
        """What is known of every call that an SDK makes, under what was given."""
        organization = self.controls.id
        where = _region(self.names, on, action)
        known = dict(self._known.get(principal) or self._of_principal(principal))
        if where is not None:
            known["aws:requestedregion"] = (where,)
        if on is not None:
            known["aws:resourceaccount"] = (self.names.account(on),)
        if organization is not None:
            own = self.names.account()
            if principal.account == own or principal.kind in ("service", "anonymous"):
                known["aws:principalorgid"] = (organization,) if principal.account == own else ()
            if on is not None and self.names.account(on) == own:
                known["aws:resourceorgid"] = (organization,)
            source = given.values.get("aws:sourceaccount") if given is not None else None
            if source:
                known.update({"aws:sourceorgid": (organization,)} if source == (own,) else {})
        return Context({**known, **given.values}, given.complete) if given else Context(known)

    def _of_principal(self, principal: Principal) -> dict[str, Values]:
        """What is known of every call of a principal."""
        known = self._known[principal] = {
            "aws:securetransport": ("true",),
            "aws:principalarn": (principal.arn,) if principal.kind in ("role", "user") else (),
            "aws:principalaccount": (principal.account,) if principal.account else (),
            "aws:sourceowner": (principal.account,) if principal.account else (),
            "aws:principalisawsservice": (str(principal.kind == "service").lower(),),
        }
        return known

    def any(self, role: Resource, action: str) -> Truth:
        """Whether a role's own policies allow an action on anything at all."""
        policies, unread = self.identity(role)
        allowing = some(s.covers(action) for policy in policies for s in policy if s.effect == "Allow")
        return either(allowing, None if unread else False)


def _region(names: Names, on: Resource | None, action: str) -> str | None:
    """The region that a call is made to; None where nobody can say.

    Services without regions are called in us-east-1.
    """
    service = _global_services()
    if action.partition(":")[0].lower() in service:
        return "us-east-1"
    return names.region(on) if on is not None else None


@functools.cache
def _global_services() -> frozenset[str]:
    from archproof.facts import services

    return frozenset(s.iam_prefix for s in services() if s.iam_prefix and s.scope == "global")


_PERMISSION_KEYS = (
    ("ArnLike", "aws:SourceArn", "SourceArn"),
    ("StringEquals", "aws:SourceAccount", "SourceAccount"),
    ("StringEquals", "aws:PrincipalOrgID", "PrincipalOrgID"),
    ("StringEquals", "lambda:FunctionUrlAuthType", "FunctionUrlAuthType"),
    ("StringEquals", "lambda:EventSourceToken", "EventSourceToken"),
)


@functools.cache
def _of_aws(name: str) -> tuple[Statement, ...] | None:
    """The statements of a managed policy of AWS, which have no place; None where the facts do not know it."""
    document = managed_policy(name)
    return None if document is None else tuple(statements(document, lambda *path: Location("-")))


def _locator(holder: Resource, path: Path) -> Callable[..., Location]:
    if not any(not origin or origin[0] == path[0] for origin in holder.origins):
        place = holder.location()  # nothing inside has a place of its own
        return lambda *inner: place
    return lambda *inner: holder.location(*path, *inner)


_CACHE: WeakKeyDictionary[Resources, tuple[int, Attached]] = WeakKeyDictionary()


def attached(resources: Resources) -> Attached:
    """The policies of `resources`, read once; again only where resources were added since."""
    held = _CACHE.get(resources)
    if held is None or held[0] != len(resources):
        held = _CACHE[resources] = (len(resources), Attached(resources))
    return held[1]
