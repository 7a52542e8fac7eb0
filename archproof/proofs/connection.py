"""A connection proved: its network and its permission, and what would have to change where one of them says no."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import field
from typing import TYPE_CHECKING, Any

from archproof.errors import UsageError
from archproof.fields import Fields
from archproof.iam.requests import Context
from archproof.model.verbs import Verb
from archproof.network.answers import Answer, Share, Verdict
from archproof.network.ends import Party, service_of
from archproof.network.filters import Pass
from archproof.network.system import Network, network
from archproof.network.trace import Step
from archproof.proofs.callers import deliveries
from archproof.proofs.needs import Need, Needs
from archproof.proofs.permission import Permission, Permissions
from archproof.resources.resource import Resource, Resources

if TYPE_CHECKING:
    from archproof.model.architecture import Architecture, Link

_HTTPS = 443
_EVERY = Pass(-1, -1)
_OUTSIDE = ("person", "external_system")
_DELIVERING = ("trigger", "subscribe", "target", "notify", "dead_letter", "feed", "replicate", "match")
"""Verbs that AWS itself carries out, without an interface of the source."""


class Proof(Fields):
    """Network and permission of one connection."""

    answer: Answer
    permissions: list[Permission] = field(default_factory=list)

    @property
    def needed(self) -> list[Permission]:
        """The permissions without which it does not work."""
        return [p for p in self.permissions if not p.optional]

    @property
    def verdict(self) -> Verdict:
        """Reachable where the network passes it and every needed action is allowed."""
        said = [p.verdict for p in self.needed]
        if self.answer.verdict == "blocked" or "denied" in said:
            return "blocked"
        if self.answer.verdict == "unknown" or any(v != "allowed" for v in said):
            return "unknown"
        return "reachable"

    @property
    def denials(self) -> list[tuple[Permission, str, str, Any]]:
        """What blocks it in policies: the permission, its code, why, and the place."""
        return [
            (p, reason.code, f"{p.caller} may not {p.action} on {p.on}: {reason.because}", reason.location)
            for p in self.needed if p.verdict == "denied" for reason in p.reasons if reason.code
        ]  # fmt: skip

    def as_dict(self) -> dict[str, Any]:
        """The JSON of `path`: that of the network, its verdict and blockers those of the whole, and `permission`."""
        told = self.answer.as_dict()
        told["network"] = {"verdict": told["verdict"]}
        told["verdict"] = self.verdict
        for permission, code, because, place in self.denials:
            where = place.as_dict() if place is not None else None
            told["blockers"].append(
                {"code": code, "component": permission.caller, "because": because, "location": where}
            )
        told["permission"] = [p.as_dict() for p in self.permissions]
        return told


class Prover:
    """Proofs in one system."""

    def __init__(self, resources: Resources, architecture: Architecture | None = None) -> None:
        self.resources = resources
        self.architecture = architecture
        self.outside = tuple(architecture.of_kind(*_OUTSIDE)) if architecture is not None else ()
        self.network: Network = network(resources, self.outside)
        self.needs = Needs(resources)
        self.permissions = Permissions(resources)
        self._parties: dict[str, Party] = {}
        """Parties whose name alone decides what they are."""

    # -- questions

    def ask(
        self, source: str, target: str, port: int | None = None, protocol: str = "tcp", actions: Sequence[str] = ()
    ) -> Proof:  # fmt: skip
        """Whether `source` reaches `target` and may do what it is there for, or `actions`.

        Raises UsageError where nothing has one of the names.
        """
        first = self.network.naming.party(source)
        second = self.network.naming.party(target, first)
        links = self._links(source, target)
        own, other = _main(first), _main(second)
        meant = None if links else self.needs.verb(own, other)
        verbs = [link.verb for link in links] or ([meant] if meant is not None else [])
        needs = [n for link in links for n in self.of_link(link)]
        if actions or not links:
            needs = list(self.needs.of(own, other, meant, actions=actions))
        answer, met = self._answer(first, second, port, protocol, needs, verbs)
        return Proof(answer, self.judge(answer, met, needs))

    def link(self, link: Link, *, needed: bool = False) -> list[Permission]:
        """Every permission that a link of the model needs, decided; `needed`: only those it does not work without."""
        needs = self.of_link(link)
        wanted = [need for need in needs if not (needed and need.optional)]
        if not wanted:
            return []
        if not self._guarded:
            # what holds whatever the way is needs no way
            found = self._judged(wanted, None, Context())
            if all(p.verdict in ("allowed", "denied") for p in found):
                return found
        source, target = self._party(link.source), None
        if source is not None:
            target = self._party(link.target, source)
        if source is None or target is None:
            return []
        answer, met = self._answer(source, target, None, "tcp", needs, [link.verb])
        return self.judge(answer, met, wanted)

    def of_link(self, link: Link) -> list[Need]:
        """What a link of the model needs."""
        source, target = self._party(link.source), self._party(link.target)
        if source is None or target is None:
            return []
        options = link.options
        actions = tuple(options.actions or ()) if options else ()
        prefix = (options.prefix or "") if options else ""
        return list(self.needs.of(_main(source), _main(target), link.verb, actions=actions, prefix=prefix))

    def judge(self, answer: Answer, target: Party, needs: Sequence[Need]) -> list[Permission]:
        """Decide needs, each call going through the endpoint that the answer's way goes through."""
        return self._judged(needs, *self._way(answer, target))

    @functools.cached_property
    def _guarded(self) -> bool:
        """Whether some VPC endpoint has a policy of its own."""
        return any(r.has("PolicyDocument") for r in self.resources.of_type("AWS::EC2::VPCEndpoint"))

    def _judged(self, needs: Sequence[Need], endpoint: Resource | None, context: Context) -> list[Permission]:
        found: dict[tuple[str, str, str, bool], Permission] = {}
        for need in needs:
            if not isinstance(need.caller.who, Resource) and need.caller.known:
                decided = self.permissions.decide(need)
            else:
                decided = self.permissions.decide(need, endpoint, context)
            for permission in decided:
                key = (permission.caller, permission.action, need.arn, permission.optional)
                held = found.get(key)
                if held is None or _RANK[permission.verdict] > _RANK[held.verdict]:
                    found[key] = permission
        return list(found.values())

    # -- the network's part

    def _answer(
        self, source: Party, target: Party, port: int | None, protocol: str, needs: Sequence[Need],
        verbs: Sequence[Verb],
    ) -> tuple[Answer, Party]:  # fmt: skip
        """What the network says, and the party that is met: a function is called through Lambda's own endpoint.

        What AWS itself delivers, or what its public addresses answer, needs no network of ours.
        """
        plain = port in (None, _HTTPS) and protocol == "tcp"
        inside = source.unplaced or any(e.interface is not None for e in source.ends)
        if plain and self._delivered(source, target, needs, verbs):
            return _given(
                source, target, "AWS itself carries it: no network of the system lies between", [], ""
            ), target
        calls = any(isinstance(n.caller.who, Resource) or not n.caller.known for n in needs)
        service = self._called(target, needs)
        if plain and service is not None and target.service is None:
            target = _renamed(self.network.naming.party(service, source), target)
        if plain and not inside and self._public(source, target, calls):
            where = "on the internet" if not source.resources else "outside every VPC"
            met = f"the public addresses of {target.service}" if target.service else "its public addresses"
            return _given(source, target, f"{target.name} is met at {met}", [_HTTPS], where), target
        if (
            not inside
            and not any(e.interface is not None for e in target.ends)
            and source.resources
            and target.resources
        ):
            return self._elsewhere(source, target), target
        return self.network.between(source, target, port, protocol), target

    def _called(self, target: Party, needs: Sequence[Need]) -> str | None:
        """The service whose endpoint is called where a target is used; None where it has interfaces of its own."""
        used = next((s for n in needs if n.on is not None and (s := service_of(n.on)) is not None), None)
        if used is not None:
            return used
        main = _main(target)
        owners = {id(e.interface.owner) for e in target.ends if e.interface is not None}
        if not owners or any(id(r) in owners for r in main):
            return None
        # what has interfaces is made beside it (the function that rotates a secret)
        beside = [r for r in main if r.type in _CALLED_BY_NAME]
        return next((s for r in beside if (s := service_of(r)) is not None), None)

    def _elsewhere(self, source: Party, target: Party) -> Answer:
        """The answer for two parts of services of AWS, neither of which stands in a network of the system."""
        places = [r.location() for r in _main(source)[:1]]
        known = any((a.type, b.type) in deliveries() for a in _main(source) for b in _main(target))
        if known:
            because, code = f"nothing makes {source.name} call {target.name}", "NO_PATH"
        else:
            because = f"whether {source.name} calls {target.name} is between services of AWS, and not known here"
            code = "UNSUPPORTED_COMPONENT"
        open_ = Pass(0, 0) if known else Pass(0, -1)
        step = Step(source.name, "service", because, open_, code, next(iter(places), None))
        verdict: Verdict = "blocked" if known else "unknown"
        back: Share = "none" if known else "unknown"
        return Answer(source.name, target.name, "tcp", verdict, [], blockers=[step], back=back)

    def _delivered(self, source: Party, target: Party, needs: Sequence[Need], verbs: Sequence[Verb]) -> bool:
        """Whether AWS itself carries it: a service for the source, or what polls, sends on and reads for it."""
        if any(not isinstance(n.caller.who, Resource) and n.caller.known for n in needs):
            return True
        own, other = _main(source), _main(target)
        if any(v.verb in _DELIVERING or v.holder == "target" for v in verbs):
            if self._links(source.name, target.name):
                return True
            if any((a.type, b.type) in deliveries() for a in own for b in other):
                return False
            return any(self.needs.wired(a, b) for a in own for b in other)
        if any(v.verb == "route" for v in verbs):
            return bool(needs)
        return bool(needs) and bool(own) and all(r.type in _MANAGED for r in own)

    def _public(self, source: Party, target: Party, calls: bool) -> bool:
        """Whether both ends are met over public addresses: code outside a VPC, and a service of AWS."""
        if any(e.interface is not None for e in target.ends):
            return False
        if target.name in self.outside:
            return bool(source.resources)  # code that runs outside a VPC calls it over the internet
        if target.service is None and not any(r.type in _EDGE for r in _main(target)):
            return False
        if any(r.get("EndpointConfiguration", "Types") == ["PRIVATE"] for r in target.resources):
            return False
        return source.name in self.outside or source.name == "internet" or (calls and bool(source.resources))

    def _way(self, answer: Answer, target: Party) -> tuple[Resource | None, Context]:
        """The VPC endpoint that a way goes through, and what that tells of its calls."""
        names = self.permissions.attached.names
        steps = [*answer.hops, *answer.blockers]
        endpoint = next((s.resource for s in steps if s.kind == "vpc_endpoint" and s.resource is not None), None)
        owners = [e.interface.owner for e in target.ends if e.interface is not None]
        endpoint = endpoint or next((o for o in owners if o.type == "AWS::EC2::VPCEndpoint"), None)
        if endpoint is not None and answer.verdict != "blocked":
            vpc = self.resources.target(endpoint.get("VpcId"))
            known = {"aws:sourcevpce": (names.reference(endpoint),), "aws:sourceip": ()}
            if vpc is not None:
                known["aws:sourcevpc"] = (names.reference(vpc),)
            return endpoint, Context(known)
        if answer.verdict == "reachable":
            return None, Context({"aws:sourcevpce": (), "aws:sourcevpc": (), "aws:vpcsourceip": ()})
        return endpoint, Context()

    # -- names

    def _links(self, source: str, target: str) -> list[Link]:
        if self.architecture is None:
            return []
        return [link for link in self.architecture.links_from.get(source, ()) if link.target == target]

    def _party(self, name: str, peer: Party | None = None) -> Party | None:
        if peer is None and name in self._parties:
            return self._parties[name]
        try:
            found = self.network.naming.party(name, peer)
        except UsageError:
            return None
        if peer is None:
            self._parties[name] = found
        return found


_MANAGED = ("AWS::RDS::DBProxy", "AWS::RDS::DBInstance", "AWS::RDS::DBCluster")
"""Types that call services of AWS for themselves, and not from their interfaces."""
_CALLED_BY_NAME = ("AWS::SecretsManager::Secret",)
"""Types that may have a part with interfaces beside them, but are met at their service's endpoint."""
_EDGE = ("AWS::CloudFront::Distribution",)
"""Types of services without an endpoint of their own that the internet meets."""
_RANK = {"allowed": 0, "conditional": 1, "unknown": 2, "denied": 3}


def _main(party: Party) -> list[Resource]:
    """The resources of a party that it is named for; those that were made for it only where it has no others."""
    return [r for r in party.resources if not r.implied] or party.resources


def _renamed(service: Party, target: Party) -> Party:
    return Party(
        target.name, service.ends, service.listens, target.resources, service.service, doubt=service.doubt
    )  # fmt: skip


def _given(source: Party, target: Party, because: str, ports: list[int], where: str) -> Answer:
    """The answer for what needs no network of the system; `where` the source stands."""

    def step(party: Party, kind: str, why: str) -> Step:
        first = next(iter(_main(party)), None)
        return Step(party.name, kind, why, _EVERY, "", first.location() if first is not None else None)

    between = Step(target.name, "service", because, _EVERY, "")
    hops = [step(source, "source", f"begins {where}".strip()), between, step(target, "target", "arrives")]
    return Answer(source.name, target.name, "tcp", "reachable", [(p, p) for p in ports], hops)
