"""Aurora clusters."""

from __future__ import annotations

import pytest

from archproof.errors import InputError
from archproof.model.architecture import loads

from .lowered import HEAD, complaints, lowered, place

IN = "in: {subnets: data, security_groups: [data_sg]}"


def test_a_cluster_has_a_writer_and_a_reader_and_is_protected() -> None:
    resources = lowered(f"  au: {{kind: aurora, engine: aurora-postgresql, instance_class: db.r7g.large, {IN}}}\n")
    cluster = resources["Au"]
    expected = {
        "Engine": "aurora-postgresql", "BackupRetentionPeriod": 7, "DeletionProtection": True,
        "StorageEncrypted": True, "ManageMasterUserPassword": True, "DBSubnetGroupName": {"Ref": "AuSubnetGroup"},
        "VpcSecurityGroupIds": [{"Fn::GetAtt": ["DataSg", "GroupId"]}],
    }  # fmt: skip
    assert {key: cluster.get(key) for key in expected} == expected
    assert cluster.attributes["DeletionPolicy"] == "Snapshot"
    instances = [r.logical_id for r in resources.of_type("AWS::RDS::DBInstance")]
    assert instances == ["AuInstance1", "AuInstance2"]
    assert resources["AuInstance1"].get("DBInstanceClass") == "db.r7g.large"
    assert resources["AuInstance1"].get("PubliclyAccessible") is False
    assert complaints(resources) == []


def test_a_serverless_cluster_scales_between_its_units() -> None:
    resources = lowered(f"""\
  au:
    kind: aurora
    engine: aurora-mysql
    engine_version: 8.0.mysql_aurora.3.08.0
    capacity: {{min_acu: 0.5, max_acu: 8}}
    instances: 1
    storage: io_optimized
    parameters: {{max_connections: 200}}
    {IN}
""")
    assert resources["Au"].get("ServerlessV2ScalingConfiguration") == {"MinCapacity": 0.5, "MaxCapacity": 8}
    assert resources["Au"].get("StorageType") == "aurora-iopt1"
    assert resources["AuInstance1"].get("DBInstanceClass") == "db.serverless"
    group = resources["AuParameterGroup"]
    assert group.get("Family") == "aurora-mysql8.0"
    assert group.get("Parameters") == {"max_connections": "200", "require_secure_transport": "ON"}
    assert place(resources, "Au", "ServerlessV2ScalingConfiguration", "MaxCapacity") == "5:30"
    assert complaints(resources) == []


def test_provisioned_or_serverless_is_the_users_choice() -> None:
    with pytest.raises(InputError) as caught:
        loads(f"{HEAD}  au: {{kind: aurora, engine: aurora-mysql}}\n")
    assert [p.message for p in caught.value.problems] == [
        "'au': needs 'instance_class' (provisioned, e.g. db.r7g.large) "
        "or 'capacity' (serverless, e.g. {min_acu: 0.5, max_acu: 8})"
    ]


def test_it_listens_on_its_engines_port_or_its_own() -> None:
    architecture = loads(f"""{HEAD}\
  a: {{kind: aurora, engine: aurora-mysql, instance_class: db.r7g.large}}
  b: {{kind: aurora, engine: aurora-postgresql, instance_class: db.r7g.large, port: 6000}}
""")
    assert [c.listens(architecture) for c in architecture.components.values()] == [(3306,), (6000,)]
