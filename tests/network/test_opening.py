"""The law of blockers: whoever changes all that is told to stand in the way has opened it."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

from archproof.network.answers import Answer
from archproof.network.hops import Step
from archproof.network.system import Network
from archproof.resources.resource import Resource, Resources
from tests.network.worlds import PORTS, make

GROUPS = ("ENI_SG_RULES_MISMATCH", "SG_HAS_NO_RULES", "SG_REFERENCES_NOT_PRESERVED")
ACLS = ("SUBNET_ACL_RESTRICTION",)
ANYWHERE = ({"CidrIp": "0.0.0.0/0"}, {"CidrIpv6": "::/0"})


def _rules(step: Step, number: int) -> list[Resource]:
    """What opens a group: everything in and out, by both versions."""
    assert step.resource is not None
    return [
        Resource(f"Law{number}{way}{n}", f"AWS::EC2::SecurityGroup{way}",
                 {"GroupId": {"Ref": step.resource.logical_id}, "IpProtocol": "-1", **block})
        for way in ("Ingress", "Egress") for n, block in enumerate(ANYWHERE)
    ]  # fmt: skip


def _entries(step: Step, number: int) -> list[Resource]:
    """What opens an ACL: entries before all others."""
    assert step.resource is not None
    blocks: tuple[dict[str, Any], ...] = ({"CidrBlock": "0.0.0.0/0"}, {"Ipv6CidrBlock": "::/0"})
    return [
        Resource(f"Law{number}{out}{n}", "AWS::EC2::NetworkAclEntry",
                 {"NetworkAclId": {"Ref": step.resource.logical_id}, "RuleNumber": 1 + n, "Egress": out,
                  "Protocol": -1, "RuleAction": "allow", **block})
        for out in (False, True) for n, block in enumerate(blocks)
    ]  # fmt: skip


def _opened(resources: Resources, answer: Answer) -> Resources | None:
    """The resources with every blocker changed; None where one is of a kind that is not changed here."""
    changed = Resources(resources.region, resources.account)
    for resource in resources:
        changed.add(resource)
    for number, step in enumerate(answer.blockers):
        if step.resource is None or step.code not in (*GROUPS, *ACLS):
            return None
        for extra in _rules(step, number) if step.code in GROUPS else _entries(step, number):
            changed.add(extra)
    return changed


def test_changing_everything_that_is_told_opens_the_way() -> None:
    seen: Counter[str] = Counter()
    wrong = []
    for seed in range(300, 320):
        generated, chosen = make(seed), random.Random(seed)
        network = Network(generated.resources)
        names = [n for n in generated.world.interfaces if "@" not in n]
        for _ in range(40):
            source, target = chosen.sample(names, 2)
            port = chosen.choice(PORTS[1:-1])
            answer = network.ask(source, target, port)
            if answer.verdict != "blocked":
                continue
            opened = _opened(generated.resources, answer)
            if opened is None:
                seen["other"] += 1
                continue
            seen["changed"] += 1
            after = Network(opened).ask(source, target, port)
            if after.verdict != "reachable":
                wrong.append((seed, source, target, port, [(s.code, s.because) for s in answer.blockers],
                              after.verdict, [(s.code, s.because) for s in after.blockers]))  # fmt: skip
    assert wrong == []
    assert seen["changed"] > 150
