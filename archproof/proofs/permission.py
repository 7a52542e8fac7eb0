"""Is it permitted: every action that a use needs, decided by all policies that bear on it, its key included."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any, NamedTuple

from archproof.errors import Location
from archproof.iam.attached import attached
from archproof.iam.evaluation import Decision, Reason, Verdict
from archproof.iam.globs import plain
from archproof.iam.requests import Context
from archproof.proofs.needs import Need
from archproof.resources.resource import Path, Resource, Resources

_KEY_OF: dict[str, Path] = {
    "AWS::S3::Bucket": (
        "BucketEncryption", "ServerSideEncryptionConfiguration", 0, "ServerSideEncryptionByDefault", "KMSMasterKeyID",
    ),
    "AWS::SecretsManager::Secret": ("KmsKeyId",),
    "AWS::SQS::Queue": ("KmsMasterKeyId",),
    "AWS::SNS::Topic": ("KmsMasterKeyId",),
    "AWS::DynamoDB::Table": ("SSESpecification", "KMSMasterKeyId"),
    "AWS::Kinesis::Stream": ("StreamEncryption", "KeyId"),
}  # fmt: skip
"""The properties that name the key which encrypts a resource."""


class Permission(NamedTuple):
    """One action, and what it comes to."""

    caller: str
    action: str
    on: str
    verdict: Verdict
    keys: tuple[str, ...]
    """The condition keys on which it hangs, where it is conditional."""
    reasons: tuple[Reason, ...]
    """What decided: statements that allow (without a code), or what blocks it (with one)."""
    optional: bool = False

    @property
    def sentence(self) -> str:
        """What it comes to: `fn may not sqs:SendMessage on jobs: the caller's policies do not allow it`."""
        why = "; ".join(dict.fromkeys(r.because for r in self.reasons))
        what = f"{self.action} on {self.on}"
        if self.verdict == "allowed":
            return f"{self.caller} may {what}"
        if self.verdict == "denied":
            return f"{self.caller} may not {what}: {why}" if why else f"{self.caller} may not {what}"
        if self.verdict == "conditional":
            return f"{self.caller} may {what}, as {' and '.join(self.keys) or 'a condition'} of the call decides"
        return f"whether {self.caller} may {what} is not known" + (f": {why}" if why else "")

    def as_dict(self) -> dict[str, Any]:
        """The shape of `permission` in the answer of `path`."""
        return {
            "caller": self.caller, "action": self.action, "resource": self.on, "verdict": self.verdict,
            "needed": not self.optional, "keys": list(self.keys),
            "because": [
                {"code": r.code, "because": r.because, "location": r.location.as_dict() if r.location else None}
                for r in self.reasons
            ],
        }  # fmt: skip


@functools.cache
def _key_actions() -> dict[str, tuple[str, ...]]:
    from archproof.facts import rows

    return {row["action"]: tuple(row["key_actions"].split()) for row in rows("key_uses")}


class Permissions:
    """Decisions in one set of resources."""

    def __init__(self, resources: Resources) -> None:
        self.resources = resources
        self.attached = attached(resources)

    def decide(self, need: Need, endpoint: Resource | None = None, context: Context | None = None) -> list[Permission]:
        """What a need comes to, and what the use of the key of its resource does.

        `endpoint`: the VPC endpoint that the call goes through; `context`: what else is known of it.
        """
        known = _joined(need.caller.context, context)
        found = [self._one(need, known, endpoint)]
        for action in _key_actions().get(need.action, ()) if need.on is not None else ():
            found += self._key(need, action, known)
        return found

    def _one(self, need: Need, known: Context, endpoint: Resource | None) -> Permission:
        if not need.caller.known:
            why = Reason("", f"the policies of the role {plain(need.caller.title)} are not known here")
            return self._told(need, Decision("unknown", (why,)))
        if isinstance(need.caller.who, Resource) and not need.caller.who.type.startswith("AWS::IAM::"):
            return self._told(need, Decision("unknown", ()))
        if need.on is not None and _unanswering(need.on):
            because = f"{need.on.title} is a private API without a resource policy, and such a one answers nobody"
            return self._told(need, Decision("denied", (Reason("RESOURCE_POLICY_DENY", because, need.on.location()),)))
        decision = self.attached.decide(
            need.caller.who, need.action, need.on, arn=need.arn, context=known, endpoint=endpoint
        )
        return self._told(need, decision)

    def _told(self, need: Need, decision: Decision) -> Permission:
        reasons = tuple(self._placed(need, r) for r in decision.reasons)
        return Permission(
            plain(need.caller.title), need.action, need.title, decision.verdict, decision.keys, reasons, need.optional
        )

    def _placed(self, need: Need, reason: Reason) -> Reason:
        """A reason with a place to change: where no statement stands, the holder of the policies that lack one."""
        if reason.location is not None or not reason.code:
            return reason
        who = need.caller.who
        if reason.code == "IAM_IMPLICIT_DENY" and isinstance(who, Resource):
            return reason._replace(location=who.location())
        return reason._replace(location=need.on.location() if need.on is not None else None)

    # -- keys

    def _key(self, need: Need, action: str, known: Context) -> Iterator[Permission]:
        """What an action of KMS on the key of the need's resource comes to; nothing where it has no key."""
        on = need.on
        path = _KEY_OF.get(on.type) if on is not None else None
        said = on.get(*path) if on is not None and path is not None else None
        if on is None or path is None or said is None:
            return
        key = next((r for r in self._named(said) if r.type.startswith("AWS::KMS::")), None)
        if key is not None and key.type == "AWS::KMS::Alias":
            key = self.resources.target(key.get("TargetKeyId"))
        service = self.attached.names
        via = f"{_service(need.action)}.{service.region(on)}.amazonaws.com"
        asked = need._replace(action=action, on=key, title=key.title if key else str(plain(service.text(said))))
        if key is None:
            yield from self._foreign(asked, service.text(said), on.location(*path))
            return
        asked = asked._replace(arn=service.arn(key))
        account = need.caller.who.account if not isinstance(need.caller.who, Resource) else None
        values = {
            "kms:viaservice": (via,),
            "kms:calleraccount": (account or service.account(on),),
            "kms:grantisforawsresource": (),
        }
        yield self._one(asked, _joined(known, Context(values)), None)

    def _named(self, said: Any) -> list[Resource]:
        found = self.resources.targets({"x": said})
        if found or not isinstance(said, str) or not said.startswith("alias/"):
            return found
        return [a for a in self.resources.of_type("AWS::KMS::Alias") if a.get("AliasName") == said]

    def _foreign(self, need: Need, said: str, place: Location) -> Iterator[Permission]:
        """A key that is no resource of the system: AWS's own may be used by identities of the account only."""
        if "alias/aws/" in said:
            if isinstance(need.caller.who, Resource):
                return
            because = f"{need.caller.title} cannot use {said}: the policy of a key of AWS names no service"
            yield self._told(need, Decision("denied", (Reason("KMS_KEY_POLICY_DENY", because, place),)))
            return
        because = f"the policy of the key {plain(said)} is not known here"
        yield self._told(need, Decision("unknown", (Reason("", because, place),)))


def _unanswering(on: Resource) -> bool:
    """Whether it is a private API that no resource policy opens."""
    private = on.type == "AWS::ApiGateway::RestApi" and on.get("EndpointConfiguration", "Types") == ["PRIVATE"]
    return private and not on.has("Policy")


def _service(action: str) -> str:
    return action.partition(":")[0]


def _joined(first: Context, second: Context | None) -> Context:
    """What two say together."""
    return first if second is None else Context({**first.values, **second.values}, first.complete or second.complete)
