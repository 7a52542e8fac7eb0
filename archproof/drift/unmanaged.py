"""What is live and not declared, without what AWS makes by itself: that is counted in notes."""

from __future__ import annotations

import functools
from collections import Counter
from fnmatch import fnmatchcase

from archproof.drift.differences import Comparison, Whole
from archproof.drift.folding import Folded
from archproof.drift.key_aliases import TYPE as ALIAS
from archproof.drift.keys import dotted
from archproof.drift.places import Places
from archproof.resources.resource import Resource


def tell(result: Comparison, theirs: Folded, bound: set[str], places: Places, mine: Folded) -> None:
    """Add the live resources that nothing declares to `result`."""
    partial = {id for id, subject in mine.subjects.items() if subject.partial}
    candidates = {physical for _, ids, _ in result.ambiguous for physical in ids}
    whose = {s.resource.physical_id for s in theirs.subjects.values() if s.resource.made_by is not None}
    whose |= _gateways(theirs, whose)
    said = _Said(mine)
    left_out: Counter[str] = Counter()
    earlier: Counter[str] = Counter()
    elsewhere = 0
    for id, subject in theirs.subjects.items():
        resource = subject.resource
        if id in bound or id in partial or subject.partial:
            continue
        if not places.concerns(resource):
            elsewhere += 1
        elif resource.type in _JOINTS or said.elsewhere(resource):
            continue
        elif resource.type in _LEFT:
            earlier[resource.type] += 1
        elif made_by_aws(resource) or _owner_made(resource, whose) or resource.physical_id in whose:
            left_out[resource.type] += 1
        elif (resource.physical_id or resource.address or id) not in candidates:
            result.unmanaged.append(_whole(resource))
    for part in theirs.orphans:
        if places.concerns(part) and not made_by_aws(part):
            result.unmanaged.append(_whole(part))
    result.unmanaged.sort(key=lambda w: (w.type, w.physical_id or "", w.resource))
    if left_out:
        kinds = ", ".join(f"{n} {type}" for type, n in sorted(left_out.items()))
        result.notes.append(f"made by AWS and left out: {kinds}")
    for type, n in sorted(earlier.items()):
        result.notes.append(f"left by earlier deployments: {n} {type}")
    if elsewhere:
        result.notes.append(f"in accounts or regions of which the model says nothing: {elsewhere} resources")


class _Said:
    """What other declared resources say, though it is a resource of its own in the account."""

    def __init__(self, mine: Folded) -> None:
        subjects = mine.subjects.values()
        self.stages = {
            (_text(s.properties.get("RestApiId")), s.properties.get("StageName"))
            for s in subjects if s.resource.type == "AWS::ApiGateway::Deployment"
        }  # fmt: skip
        self.types = {s.resource.type for s in subjects}

    def elsewhere(self, resource: Resource) -> bool:
        """Whether a live resource is the stage that a deployment makes, or the alias of a key that nobody declares."""
        if resource.type == "AWS::ApiGateway::Stage":
            return (_text(resource.get("RestApiId")), resource.get("StageName")) in self.stages
        return resource.type == ALIAS and self.types.isdisjoint((ALIAS, "AWS::KMS::Key"))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _gateways(theirs: Folded, whose: set[str | None]) -> set[str | None]:
    """The internet gateways of networks that AWS made."""
    attached = (s.resource for s in theirs.subjects.values() if s.resource.type == "AWS::EC2::VPCGatewayAttachment")
    return {a.get("InternetGatewayId") for a in attached if a.get("VpcId") in whose} - {None}


def _whole(resource: Resource) -> Whole:
    return Whole(
        resource.logical_id, resource.type, None, resource.physical_id or resource.address, resource.account,
        resource.region,
    )  # fmt: skip


@functools.cache
def _rows() -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    from archproof.facts import rows
    from archproof.facts._table import names

    found: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for row in rows("made_by_aws"):
        found.setdefault(row["type"], []).append((row["property"], names(row["names"])))
    return found


def made_by_aws(resource: Resource) -> bool:
    """Whether AWS made a resource by itself: told by the reader, or by its name (facts/made_by_aws.csv)."""
    if resource.made_by is not None:
        return True
    for name, patterns in _rows().get(resource.type, ()):
        value = dotted(resource.properties, name)
        value = resource.physical_id if value is None else value
        if isinstance(value, str) and any(fnmatchcase(value, pattern) for pattern in patterns):
            return True
    return False


_JOINTS = frozenset(
    ("AWS::EC2::EIPAssociation", "AWS::EC2::NetworkInterfaceAttachment", "AWS::EC2::SubnetCidrBlock",
     "AWS::EC2::VPCDHCPOptionsAssociation", "AWS::EC2::VolumeAttachment",
     "AWS::ECS::ClusterCapacityProviderAssociations", "AWS::ElasticLoadBalancingV2::ListenerCertificate",
     "AWS::IAM::UserToGroupAddition", "AWS::SNS::TopicInlinePolicy", "AWS::SQS::QueueInlinePolicy")
)  # fmt: skip
"""Types that say once more what the resources that they join say themselves."""
_LEFT = frozenset(("AWS::Lambda::Version",))
"""Types of which each deployment leaves one that no template declares any more."""
_OWNERS = ("VpcId", "RouteTableId", "NetworkAclId", "SubnetId")
"""Properties through which a thing of a default VPC or of its tables is AWS's as well."""


def _owner_made(resource: Resource, whose: set[str | None]) -> bool:
    """Whether a resource stands in one that AWS made."""
    return any(resource.get(name) in whose for name in _OWNERS if isinstance(resource.get(name), str))
