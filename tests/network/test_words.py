"""What answers say: blockers with what is open beside them, blocks of addresses, and names that nothing has."""

from __future__ import annotations

import pytest

from archproof.cli.commands.path import told
from archproof.errors import UsageError
from archproof.model.architecture import loads
from archproof.network.answers import Answer
from archproof.network.system import Network, network
from archproof.proofs.connection import Proof
from archproof.resources.lowering import lower

SHOP = """archproof: 1
system: {name: shop, region: eu-west-1}
network:
  vpc: {cidr: 10.0.0.0/16}
  subnets:
    public: {cidr: 10.0.0.0/20, egress: internet_gateway}
    app: {cidr: 10.0.16.0/20, egress: nat}
    data: {cidr: 10.0.32.0/20}
  security_groups: {web_sg: {}, db_sg: {%s}}
components:
  web: {kind: ecs_service, image: public.ecr.aws/a/b:1, port: 8080, in: {subnets: app, security_groups: web_sg}}
  host: {kind: ec2_instance, instance_type: t4g.small, in: {subnets: app, security_groups: web_sg}}
  db: {kind: rds, engine: postgres, instance_class: db.m7g.large, in: {subnets: %s, security_groups: db_sg}}
links: [{from: [web, host], to: db, verb: query}]
"""


def shop(rules: str = "", tier: str = "data") -> Network:
    """The network of a shop, with these rules on the group of its database, and its tier."""
    return network(lower(loads(SHOP % (rules, tier))))


def ask(net: Network, source: str, target: str, port: int | None = None) -> Answer:
    """An answer of this network."""
    return net.ask(source, target, port)


def test_a_private_database_is_told_with_all_that_keeps_it_so() -> None:
    assert told(Proof(ask(shop(), "internet", "db"))) == (
        "internet → db, tcp: blocked\n\n"
        "The internet cannot reach db: three things stand in the way; each is enough, and only changing all of them "
        "would open it.\n"
        "  1. db has no public address: PubliclyAccessible is off\n"
        "     IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS   architecture.yaml:13\n"
        "  2. the route table DataRouteTable of data (zone a) has no route to the internet gateway\n"
        "     NO_ROUTE_TO_DESTINATION   architecture.yaml:8\n"
        "  3. db_sg does not let the internet in: it admits only tcp 5432 from web_sg\n"
        "     ENI_SG_RULES_MISMATCH   architecture.yaml:9\n\n"
        "  Note: db stands in data (zone b) as well; at least as much is in the way there\n"
    )


def test_a_database_that_somebody_moved_and_opened_is_told_with_what_is_open_already() -> None:
    assert told(Proof(ask(shop("ingress: [{port: 5432, from: internet}]", "public"), "internet", "db"))) == (
        "internet → db, tcp: blocked\n\n"
        "The internet cannot reach db: only one thing stands in the way, and changing it alone would open it.\n"
        "  1. db has no public address: PubliclyAccessible is off\n"
        "     IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS   architecture.yaml:13\n\n"
        "  The rest of the way is open:\n"
        "    - db_sg lets in tcp 5432 from anywhere   architecture.yaml:9\n"
        "    - the route table PublicRouteTable leads back to the internet by the internet gateway"
        "   architecture.yaml:6\n\n"
        "  Note: db stands in public (zone b) as well; at least as much is in the way there\n"
    )


def test_a_block_of_addresses_holds_whoever_stands_in_it() -> None:
    net = shop()
    answer = ask(net, "10.0.16.0/20", "db", 5432)
    assert (answer.verdict, answer.hops[0].title) == ("reachable", "web")
    assert ask(net, "10.0.0.0/8", "db", 5432).verdict == "reachable"
    assert ask(net, "10.0.0.0/20", "db", 5432).verdict == "blocked"


def test_an_address_that_a_member_of_a_group_may_have_is_not_proved_apart() -> None:
    assert ask(shop(), "10.0.16.9", "db", 5432).verdict == "unknown"
    assert ask(shop(), "10.0.32.9", "db", 5432).verdict == "blocked"


def test_what_can_never_be_is_no_setting_to_change() -> None:
    said = told(Proof(ask(shop(), "2001:db8::1", "db"))).splitlines()
    assert said[2:4] == [
        "2001:db8::1 cannot reach db: one thing stands in the way.",
        "  1. 2001:db8::1 is met by IPv6, db by IPv4",
    ]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("internt", "nothing is called 'internt'; did you mean 'internet'? (names are components, logical ids, ARNs, "),
        ("300.1.1.1", "'300.1.1.1' is neither an address nor a CIDR block, such as 10.0.0.7, 10.0.0.0/16 or "),
        ("10.0.0.0/33", "'10.0.0.0/33' is neither an address nor a CIDR block"),
        ("sqs.eu-west-1", "nothing is called 'sqs.eu-west-1': a service is met in the region of who calls it, by "),
        ("a\n\x1bb", "nothing is called 'a b'"),
    ],
)
def test_a_name_that_nothing_has_is_told_with_what_would_do(name: str, said: str) -> None:
    with pytest.raises(UsageError) as raised:
        ask(shop(), name, "db")
    assert str(raised.value).startswith(said)
