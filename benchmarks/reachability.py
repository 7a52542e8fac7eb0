"""Reachability over a large network: 10,000 interfaces in 500 groups, and the proofs of a model's check.

`reachability.py [MODEL]`. Prints how long all pairs × all TCP ports take, who reaches one database, the memory, and
what the proofs of a model (`architecture.yaml` beside it) add to a check.
"""

from __future__ import annotations

import gc
import random
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from archproof.network.matrix import matrix  # noqa: E402
from archproof.network.system import Network  # noqa: E402
from archproof.resources.resource import Resource, Resources  # noqa: E402

WELL_USED = sorted(random.Random(1).sample(range(1, 60_000), 240))
"""The ports that rules name: companies use the same few hundred again and again."""
INTERFACES, GROUPS, VPCS, SUBNETS = 10_000, 500, 4, 20


def main() -> int:
    """Measure and print."""
    resources = generated(7)
    rules = sum(len(r.get(f"SecurityGroup{d}") or ()) for r in resources.of_type("AWS::EC2::SecurityGroup")
                for d in ("Ingress", "Egress"))  # fmt: skip
    network, began = Network(resources), time.perf_counter()
    whole = matrix(network.fabric, network.paths("tcp").filters)
    first = time.perf_counter()
    print(f"{INTERFACES:,} interfaces, {GROUPS} groups, {rules:,} rules: read in {first - began:.2f} s")
    open_, pairs = 0, 0
    for row in whole.rows():
        open_ += sum(1 for mask in row if mask)
        pairs += len(row)
    second = time.perf_counter()
    print(f"all pairs, all TCP ports: {second - first:.2f} s")
    print(
        f"  {len(whole.filters.ports)} atoms of ports, {len(whole.kinds):,} classes, {open_:,} of {pairs:,} pairs open"
    )
    database = whole.kinds[0].interfaces[0]
    third = time.perf_counter()
    sources = whole.sources(database)
    took = time.perf_counter() - third
    print(f"who reaches {database.title}: {len(sources):,} interfaces, {took * 1000:.1f} ms")
    print(f"memory at most: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    del whole, network, resources
    gc.collect()
    check(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "architecture.yaml")
    return 0


_PROOFS = """
import time, sys
from archproof.model.architecture import load
from archproof.resources.lowering import lower
from archproof.validators import guarantees
architecture = load(sys.argv[1]); resources = lower(architecture)
began = time.perf_counter()
guarantees.judge(architecture, resources)
print((time.perf_counter() - began) * 1000)
"""


def check(model: Path) -> None:
    """What the proofs of a model's guarantees take in a process of their own, imports and facts included."""
    times = []
    for _ in range(5):
        done = subprocess.run([sys.executable, "-c", _PROOFS, str(model)], capture_output=True, text=True, check=True)
        times.append(float(done.stdout))
    print(f"the guarantees of {model.name}: {min(times):.0f} ms (imports and facts included, best of 5)")


def generated(seed: int) -> Resources:
    """VPCs joined by peering, with ACLs, groups that name each other, and instances."""
    chosen = random.Random(seed)
    resources = Resources()

    def add(id: str, type: str, **said: Any) -> None:
        resources.add(Resource(id, f"AWS::EC2::{type}", said))

    for n in range(VPCS):
        add(f"V{n}", "VPC", CidrBlock=f"10.{n}.0.0/16")
        add(f"P{n}", "VPCPeeringConnection", VpcId={"Ref": f"V{n}"}, PeerVpcId={"Ref": f"V{(n + 1) % VPCS}"})
    subnets = [(f"S{n}x{m}", n, m) for n in range(VPCS) for m in range(SUBNETS)]
    for id, n, m in subnets:
        add(id, "Subnet", VpcId={"Ref": f"V{n}"}, CidrBlock=f"10.{n}.{m * 8}.0/21", AvailabilityZone="us-east-1a")
        add(f"{id}T", "RouteTable", VpcId={"Ref": f"V{n}"})
        add(f"{id}In", "SubnetRouteTableAssociation", SubnetId={"Ref": id}, RouteTableId={"Ref": f"{id}T"})
        for other, peering in (((n + 1) % VPCS, n), ((n - 1) % VPCS, (n - 1) % VPCS)):
            add(f"{id}R{other}", "Route", RouteTableId={"Ref": f"{id}T"}, DestinationCidrBlock=f"10.{other}.0.0/16",
                VpcPeeringConnectionId={"Ref": f"P{peering}"})  # fmt: skip
        if m % 3 == 0:
            _acl(add, id, n, chosen)
    for g in range(GROUPS):
        sides = {side: [_rule(chosen, side, g) for _ in range(chosen.randint(2, 5))] for side in ("Ingress", "Egress")}
        add(f"G{g}", "SecurityGroup", VpcId={"Ref": f"V{g % VPCS}"}, GroupDescription="g",
            SecurityGroupIngress=sides["Ingress"], SecurityGroupEgress=sides["Egress"])  # fmt: skip
    for i in range(INTERFACES):
        # interfaces come in fleets: the same groups in a few subnets
        fleet = i % 260
        n = fleet % VPCS
        m = (fleet * 7 + (i // 260) % 3) % SUBNETS
        groups = [f"G{(fleet * 2 + k * VPCS * 5) % GROUPS // VPCS * VPCS + n}" for k in range(1 + fleet % 2)]
        address = f"10.{n}.{m * 8 + i // 2500}.{i % 250 + 4}"
        held = [{"Fn::GetAtt": [group, "GroupId"]} for group in groups]
        add(f"I{i}", "Instance", SubnetId={"Ref": f"S{n}x{m}"}, PrivateIpAddress=address, SecurityGroupIds=held)
    return resources


def _acl(add: Any, subnet: str, vpc: int, chosen: random.Random) -> None:
    add(f"{subnet}A", "NetworkAcl", VpcId={"Ref": f"V{vpc}"})
    add(f"{subnet}AIn", "SubnetNetworkAclAssociation", SubnetId={"Ref": subnet}, NetworkAclId={"Ref": f"{subnet}A"})
    for egress in (True, False):
        for number, (action, block) in enumerate(
            (("deny", f"10.{vpc}.{chosen.randrange(20) * 8}.0/21"), ("allow", "0.0.0.0/0"))
        ):
            add(f"{subnet}A{egress}{number}", "NetworkAclEntry", NetworkAclId={"Ref": f"{subnet}A"}, Egress=egress,
                RuleNumber=100 + number, RuleAction=action, CidrBlock=block, Protocol=6,
                PortRange={"From": chosen.choice((0, 1024)), "To": 65535})  # fmt: skip


def _rule(chosen: random.Random, side: str, group: int) -> dict[str, Any]:
    first = chosen.choice(WELL_USED)
    rule: dict[str, Any] = {"IpProtocol": "tcp", "FromPort": first, "ToPort": first + chosen.choice((0, 0, 0, 10))}
    if side == "Egress" and chosen.random() < 0.5:
        return {"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}
    if chosen.random() < 0.6:
        key = "SourceSecurityGroupId" if side == "Ingress" else "DestinationSecurityGroupId"
        return rule | {key: {"Fn::GetAtt": [f"G{chosen.randrange(GROUPS)}", "GroupId"]}}
    block = chosen.choice(
        (
            "0.0.0.0/0",
            "10.0.0.0/8",
            f"10.{group % VPCS}.0.0/16",
            f"10.{chosen.randrange(VPCS)}.{chosen.randrange(20) * 8}.0/21",
        )
    )
    return rule | {"CidrIp": block}


if __name__ == "__main__":
    sys.exit(main())
