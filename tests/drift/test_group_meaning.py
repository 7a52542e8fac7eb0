"""Security groups by what they let through: how rules are written is no drift, what they open is."""

from __future__ import annotations

import ipaddress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archproof.drift import meaning
from archproof.drift.meaning import Context

NAMES = {"sg-1": "web (sg-1)"}


def compare(declared: list[Any], live: list[Any], direction: str = "Ingress", **more: Any) -> Context:
    name = f"SecurityGroup{direction}"
    context = Context(
        "AWS::EC2::SecurityGroup", {name: declared}, {name: live}, {"SecurityGroupIngress", "SecurityGroupEgress"},
        name=lambda text: NAMES.get(text, text), **more,
    )  # fmt: skip
    meaning.compare(context)
    return context


def whys(declared: list[Any], live: list[Any], direction: str = "Ingress") -> list[str]:
    return [d.why for d in compare(declared, live, direction).declared_tier]


def tcp(first: int, last: int, cidr: str = "10.0.0.0/8", **more: Any) -> dict[str, Any]:
    return {"IpProtocol": "tcp", "FromPort": first, "ToPort": last, "CidrIp": cidr, **more}


def test_split_and_joined_rules_are_no_drift() -> None:
    assert not whys([tcp(1, 100)], [tcp(51, 100), tcp(1, 60)])
    assert not whys([tcp(443, 443, "0.0.0.0/0")], [tcp(443, 443, "128.0.0.0/1"), tcp(443, 443, "0.0.0.0/1")])
    assert not whys([tcp(0, 65535)], [{"IpProtocol": 6, "FromPort": -1, "ToPort": -1, "CidrIp": "10.0.0.0/8"}])
    assert not whys(
        [{"IpProtocol": "-1", "CidrIp": "10.0.0.0/8"}, tcp(22, 22)], [{"IpProtocol": "-1", "CidrIp": "10.0.0.0/8"}]
    )
    assert not whys([tcp(443, 443, "10.0.0.5/8")], [tcp("443", "443", "10.0.0.0/8")])  # type: ignore[arg-type]


def test_a_rule_that_lets_nothing_through_is_no_rule() -> None:
    nothing = {"IpProtocol": "-1", "CidrIp": "127.0.0.1/32"}
    assert not whys([nothing], [], "Egress")


@pytest.mark.parametrize(
    ("declared", "live", "said"),
    [
        ([], [tcp(22, 22, "0.0.0.0/0")], "opens tcp 22 to the whole internet (0.0.0.0/0)"),
        ([tcp(22, 22)], [tcp(22, 22, "0.0.0.0/0")], "opens tcp 22 to the whole internet (0.0.0.0/0) but 10.0.0.0/8"),
        ([tcp(22, 22)], [tcp(20, 30)], "opens tcp 20-21, 23-30 to 10.0.0.0/8"),
        ([tcp(22, 22)], [tcp(22, 22, "10.0.0.0/16")], "closes tcp 22 to 10.0.0.0/8 but 10.0.0.0/16"),
        ([tcp(5432, 5432)], [tcp(5433, 5433)], "opens tcp 5433 to 10.0.0.0/8; closes tcp 5432 to 10.0.0.0/8"),
        ([tcp(80, 80)], [], "closes tcp 80 to 10.0.0.0/8"),
        ([], [{"IpProtocol": "-1", "SourceSecurityGroupId": "sg-1"}], "opens everything to web (sg-1)"),
        ([], [{"IpProtocol": "-1", "SourceSecurityGroupId": "sg-2"}], "opens everything to the group sg-2"),
        ([], [{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIpv6": "::/0"}],
         "opens tcp 443 to the whole internet (::/0)"),
        ([], [{"IpProtocol": "icmp", "FromPort": 8, "ToPort": -1, "CidrIp": "10.0.0.0/8"}],
         "opens icmp type 8 to 10.0.0.0/8"),
        ([], [{"IpProtocol": "50", "CidrIp": "10.0.0.0/8"}], "opens protocol 50 to 10.0.0.0/8"),
    ],
)  # fmt: skip
def test_what_is_opened_and_for_whom(declared: list[Any], live: list[Any], said: str) -> None:
    assert whys(declared, live) == [said]


def test_a_changed_rule_is_one_difference_with_both_sides() -> None:
    (found,) = compare([tcp(443, 443), tcp(22, 22)], [tcp(22, 22, "0.0.0.0/0"), tcp(443, 443)]).declared_tier
    assert (found.property, found.expected, found.actual) == (
        "SecurityGroupIngress[1]",
        tcp(22, 22),
        tcp(22, 22, "0.0.0.0/0"),
    )


def test_what_goes_out_is_told_as_such() -> None:
    found = whys([tcp(443, 443)], [{"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}], "Egress")
    said = "opens the way out to the whole internet (0.0.0.0/0), everything but what is declared"
    assert found == [said]


def test_without_egress_rules_aws_lets_everything_out() -> None:
    def tiers(live: list[Any]) -> tuple[int, int]:
        context = Context("AWS::EC2::SecurityGroup", {}, {"SecurityGroupEgress": live})
        meaning.compare(context)
        return len(context.declared_tier), len(context.undeclared_tier)

    assert tiers([{"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}]) == (0, 0)
    assert tiers([{"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}, {"IpProtocol": "-1", "CidrIpv6": "::/0"}]) == (0, 0)
    assert tiers([tcp(443, 443)]) == (0, 1)


def test_descriptions_of_the_same_rule_are_compared() -> None:
    context = compare([tcp(22, 22, Description="ops")], [tcp(22, 22, Description="everyone")])
    (found,) = context.declared_tier
    assert (found.property, found.expected, found.actual) == ("SecurityGroupIngress[0].Description", "ops", "everyone")
    assert not compare([tcp(22, 22)], [tcp(22, 22, Description="everyone")]).declared_tier


def test_a_rule_for_what_is_not_known_is_unread_and_excuses_the_one_it_may_be() -> None:
    vague = {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "SourceSecurityGroupId": {"Ref": "Fn"}}
    live = [{"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "SourceSecurityGroupId": "sg-1"}, tcp(22, 22)]
    context = compare([vague], live, waits_for=lambda value: f"waits for {value}")
    assert [d.why for d in context.unread_tier] == ["waits for {'Ref': 'Fn'}"]
    assert [d.why for d in context.declared_tier] == ["opens tcp 22 to 10.0.0.0/8"]


# -- laws

CIDRS = st.builds(
    lambda bits, length: str(ipaddress.ip_network((bits & ~((1 << (32 - length)) - 1), length))),
    st.integers(0, 2**32 - 1), st.sampled_from([0, 1, 4, 8, 16, 24, 32]),
)  # fmt: skip
RULES = st.builds(
    lambda proto, ports, cidr: {"IpProtocol": proto, "FromPort": min(ports), "ToPort": max(ports), "CidrIp": cidr},
    st.sampled_from(["tcp", "udp"]), st.tuples(st.integers(0, 200), st.integers(0, 200)), CIDRS,
)  # fmt: skip
GROUPS = st.lists(RULES | st.builds(lambda cidr: {"IpProtocol": "-1", "CidrIp": cidr}, CIDRS), max_size=6)


def split(rule: dict[str, Any]) -> list[dict[str, Any]]:
    """The same rule as several: ports in two parts, the block in two halves."""
    parts = [rule]
    if rule.get("FromPort", -1) < rule.get("ToPort", -1):
        middle = (rule["FromPort"] + rule["ToPort"]) // 2
        parts = [{**rule, "ToPort": middle}, {**rule, "FromPort": middle + 1}]
    found = []
    for part in parts:
        block = ipaddress.ip_network(part["CidrIp"])
        halves = [str(half) for half in block.subnets()] if block.prefixlen < 32 else [part["CidrIp"]]
        found += [{**part, "CidrIp": half} for half in halves]
    return found


@given(GROUPS, st.randoms(use_true_random=False))
@settings(max_examples=120, deadline=None)
def test_splitting_and_shuffling_is_silent(rules: list[dict[str, Any]], random: Any) -> None:
    live = [part for rule in rules for part in (split(rule) if random.random() < 0.7 else [rule])]
    random.shuffle(live)
    assert not whys(rules, live)
    assert not whys(live, rules)


def allows(rules: list[dict[str, Any]], protocol: str, port: int, address: int) -> bool:
    """The plain meaning, as a second opinion."""
    return any(
        (r["IpProtocol"] == "-1" or (r["IpProtocol"] == protocol and r["FromPort"] <= port <= r["ToPort"]))
        and ipaddress.ip_address(address) in ipaddress.ip_network(r["CidrIp"])
        and not ipaddress.ip_network(r["CidrIp"]).subnet_of(ipaddress.ip_network("127.0.0.0/8"))  # type: ignore[arg-type]
        for r in rules
    )


@given(GROUPS, RULES, st.integers(0, 200), st.integers(0, 2**32 - 1))
@settings(max_examples=150, deadline=None)
def test_a_flow_that_one_side_alone_allows_is_always_told(
    rules: list[dict[str, Any]], more: dict[str, Any], port: int, address: int
) -> None:
    live = [*rules, more]
    base = int(ipaddress.ip_network(more["CidrIp"]).network_address)
    for at, p in ((address, port), (base, more["FromPort"])):
        if allows(live, more["IpProtocol"], p, at) != allows(rules, more["IpProtocol"], p, at):
            assert [w for w in whys(rules, live) if w.startswith("opens")]
            assert [w for w in whys(live, rules) if w.startswith("closes")]


def test_one_rule_that_is_not_known_excuses_one_live_rule_and_not_two() -> None:
    vague = tcp(443, 443, {"Ref": "Office"})  # type: ignore[arg-type]
    office, world = tcp(443, 443, "198.51.100.0/24"), tcp(443, 443, "0.0.0.0/0")
    assert whys([vague], [office]) == []
    (said,) = whys([vague], [office, world])
    assert said.startswith("opens tcp 443 to 198.51.100.0/24, or opens tcp 443 to the whole internet (0.0.0.0/0)")
    assert said.endswith(": only one of these can be what is declared")
    assert whys([vague, vague], [office, world]) == []


def test_opening_to_everyone_beside_a_group_is_said_and_in_its_place_too() -> None:
    group = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "SourceSecurityGroupId": "sg-1"}
    world = tcp(443, 443, "0.0.0.0/0")
    assert whys([group], [group, world]) == ["opens tcp 443 to the whole internet (0.0.0.0/0)"]
    closed = "closes tcp 443 to web (sg-1), whom a rule for everyone lets in"
    assert whys([group], [world]) == [f"opens tcp 443 to the whole internet (0.0.0.0/0); {closed}"]
    assert whys([group], [tcp(80, 80, "0.0.0.0/0")])[-1].endswith("closes tcp 443 to web (sg-1)")
