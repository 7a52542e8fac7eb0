"""ElastiCache."""

from __future__ import annotations

from archproof.model.architecture import loads

from .lowered import HEAD, complaints, lowered, place

IN = "in: {subnets: data, security_groups: [data_sg]}"


def test_a_cache_is_encrypted_with_a_token_a_replica_and_backups() -> None:
    resources = lowered(f"  c: {{kind: elasticache, engine: valkey, node_type: cache.m7g.large, {IN}}}\n")
    cache = resources["C"]
    expected = {
        "Engine": "valkey", "NumNodeGroups": 1, "ReplicasPerNodeGroup": 1, "AutomaticFailoverEnabled": True,
        "MultiAZEnabled": True, "AtRestEncryptionEnabled": True, "TransitEncryptionEnabled": True,
        "AuthToken": {"Fn::Sub": "{{resolve:secretsmanager:${CToken}}}"}, "SnapshotRetentionLimit": 7,
        "CacheSubnetGroupName": {"Ref": "CSubnetGroup"},
        "SecurityGroupIds": [{"Fn::GetAtt": ["DataSg", "GroupId"]}],
    }  # fmt: skip
    assert {key: cache.get(key) for key in expected} == expected
    assert [log["LogType"] for log in cache.get("LogDeliveryConfigurations")] == ["slow-log", "engine-log"]
    assert resources["CLogGroup"].get("RetentionInDays") == 30
    assert complaints(resources) == []


def test_every_exception_has_to_be_said_and_points_at_its_field() -> None:
    resources = lowered(f"""\
  c:
    kind: elasticache
    engine: redis
    engine_version: "7.1"
    node_type: cache.t4g.micro
    replicas: 0
    encrypted: false
    encrypted_in_transit: false
    auth: open
    backup_days: 0
    parameters: {{maxmemory-policy: allkeys-lru}}
    {IN}
""")
    cache = resources["C"]
    assert cache.get("MultiAZEnabled") is False
    assert cache.get("AtRestEncryptionEnabled") is False
    assert not cache.has("AuthToken")
    assert resources["CParameterGroup"].get("CacheParameterGroupFamily") == "redis7"
    assert place(resources, "C", "TransitEncryptionEnabled") == "8:5"
    assert place(resources, "C", "SnapshotRetentionLimit") == "10:5"
    assert complaints(resources) == []


def test_memcached_is_a_cluster_of_nodes_across_zones() -> None:
    resources = lowered(f"  c: {{kind: elasticache, engine: memcached, node_type: cache.m7g.large, {IN}}}\n")
    cache = resources["C"]
    assert (cache.type, cache.get("NumCacheNodes"), cache.get("AZMode")) == (
        "AWS::ElastiCache::CacheCluster", 2, "cross-az",
    )  # fmt: skip
    assert complaints(resources) == []


def test_it_listens_on_its_engines_port() -> None:
    architecture = loads(f"""{HEAD}\
  a: {{kind: elasticache, engine: redis, node_type: cache.m7g.large}}
  b: {{kind: elasticache, engine: memcached, node_type: cache.m7g.large}}
  c: {{kind: elasticache, engine: valkey, node_type: cache.m7g.large, port: 7000}}
""")
    assert [c.listens(architecture) for c in architecture.components.values()] == [(6379,), (11211,), (7000,)]
