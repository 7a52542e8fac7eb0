"""RDS instances, their parameter groups and subnet groups."""

from __future__ import annotations

import pytest

from archproof.errors import InputError
from archproof.model.architecture import loads

from .lowered import HEAD, complaints, lowered, place

MINIMAL = """\
  db: {kind: rds, engine: postgres, instance_class: db.m7g.large, in: {subnets: data, security_groups: [data_sg]}}
"""


def errors(components: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        loads(HEAD + components)
    return [p.message for p in caught.value.problems]


def test_an_instance_is_private_encrypted_backed_up_and_in_two_zones_without_being_told() -> None:
    resources = lowered(MINIMAL)
    properties = dict(resources["Db"].properties)
    assert properties.pop("Tags") == [{"Key": "Name", "Value": "shop-db"}]
    assert properties == {
        "Engine": "postgres",
        "DBInstanceClass": "db.m7g.large",
        "MultiAZ": True,
        "PubliclyAccessible": False,
        "VPCSecurityGroups": [{"Fn::GetAtt": ["DataSg", "GroupId"]}],
        "DBSubnetGroupName": {"Ref": "DbSubnetGroup"},
        "BackupRetentionPeriod": 7,
        "AutoMinorVersionUpgrade": True,
        "CopyTagsToSnapshot": True,
        "DeletionProtection": True,
        "EnableCloudwatchLogsExports": ["postgresql", "upgrade"],
        "AllocatedStorage": "20",
        "StorageType": "gp3",
        "StorageEncrypted": True,
        "MonitoringInterval": 60,
        "MonitoringRoleArn": {"Fn::GetAtt": ["DbMonitoringRole", "Arn"]},
        "EnablePerformanceInsights": True,
        "MasterUsername": "dbadmin",
        "ManageMasterUserPassword": True,
    }
    assert resources["Db"].attributes == {"DeletionPolicy": "Snapshot", "UpdateReplacePolicy": "Snapshot"}
    assert resources["DbSubnetGroup"].get("SubnetIds") == [{"Ref": "DataSubnetA"}, {"Ref": "DataSubnetB"}]
    assert complaints(resources) == []


def test_every_field_of_an_instance_reaches_its_property() -> None:
    resources = lowered("""\
  db:
    kind: rds
    engine: postgres
    engine_version: "17.6"
    instance_class: db.m7g.large
    storage_gb: 100
    max_storage_gb: 500
    storage_type: io2
    iops: 3000
    multi_az: false
    zone: 2
    public: true
    encrypted: false
    deletion_protection: false
    backup_days: 14
    backup_window: 18:00-19:00
    maintenance_window: sun:19:00-sun:20:00
    port: 6432
    database: shop
    master_username: root_of_shop
    parameters: {rds.force_ssl: 1, log_connections: true}
    iam_auth: true
    log_exports: [postgresql]
    performance_insights: false
    monitoring_s: 0
    physical_name: shop-prod
    in: {subnets: data, security_groups: [data_sg]}
""")
    database = resources["Db"]
    expected = {
        "EngineVersion": "17.6", "AllocatedStorage": "100", "MaxAllocatedStorage": 500, "StorageType": "io2",
        "Iops": 3000, "MultiAZ": False, "AvailabilityZone": {"Fn::GetAtt": ["DataSubnetB", "AvailabilityZone"]},
        "PubliclyAccessible": True, "StorageEncrypted": False, "DeletionProtection": False,
        "BackupRetentionPeriod": 14, "PreferredBackupWindow": "18:00-19:00", "Port": "6432", "DBName": "shop",
        "PreferredMaintenanceWindow": "sun:19:00-sun:20:00", "MasterUsername": "root_of_shop",
        "DBParameterGroupName": {"Ref": "DbParameterGroup"}, "EnableIAMDatabaseAuthentication": True,
        "EnableCloudwatchLogsExports": ["postgresql"], "EnablePerformanceInsights": False, "MonitoringInterval": 0,
        "DBInstanceIdentifier": "shop-prod",
    }  # fmt: skip
    assert {key: database.get(key) for key in expected} == expected
    group = resources["DbParameterGroup"]
    assert group.get("Family") == "postgres17"
    assert group.get("Parameters") == {"rds.force_ssl": "1", "log_connections": "1"}
    assert "DbMonitoringRole" not in resources
    assert place(resources, "Db", "PubliclyAccessible") == "12:5"
    assert place(resources, "Db", "AllocatedStorage") == "6:5"
    assert place(resources, "Db", "VPCSecurityGroups", 0) == "27:43"
    assert place(resources, "DbParameterGroup", "Parameters", "rds.force_ssl") == "21:18"
    assert complaints(resources) == []


def test_an_engine_that_takes_clear_text_by_default_gets_the_parameter_that_refuses_it() -> None:
    old = MINIMAL.replace("engine: postgres", 'engine: postgres, engine_version: "14.12"')
    group = lowered(old)["DbParameterGroup"]
    assert (group.get("Family"), group.get("Parameters")) == ("postgres14", {"rds.force_ssl": "1"})
    assert "DbParameterGroup" not in lowered(old.replace('"14.12"', '"16.4"'))
    assert "DbParameterGroup" not in lowered(old.replace("engine: postgres", "require_tls: false, engine: postgres"))


def test_parameters_without_a_version_take_the_newest_major_version_for_group_and_instance() -> None:
    resources = lowered(MINIMAL.replace("engine: postgres", "engine: postgres, parameters: {rds.force_ssl: 1}"))
    assert resources["Db"].get("EngineVersion") == "18"
    assert resources["DbParameterGroup"].get("Family") == "postgres18"
    assert complaints(resources) == []


def test_a_limit_of_connections_is_a_parameter() -> None:
    resources = lowered(MINIMAL.replace("engine: postgres", "engine: postgres, max_connections: 300"))
    assert resources["DbParameterGroup"].get("Parameters") == {"max_connections": "300"}


@pytest.mark.parametrize(
    ("engine", "instance_class", "port", "logs", "family"),
    [
        ("mysql", "db.m7g.large", 3306, ["error", "slowquery"], None),
        ("mariadb", "db.m7g.large", 3306, ["error", "slowquery"], None),
        ("sqlserver-se", "db.m6i.large", 1433, ["agent", "error"], "sqlserver-se-16.0"),
        ("oracle-ee", "db.m5.large", 1521, ["alert", "listener"], None),
    ],
)
def test_every_engine_has_its_port_its_logs_and_a_template_that_validates(
    engine: str, instance_class: str, port: int, logs: list[str], family: str | None
) -> None:
    text = MINIMAL.replace("postgres", engine).replace("db.m7g.large", instance_class)
    architecture = loads(HEAD + text)
    assert architecture.components["db"].listens(architecture) == (port,)
    resources = lowered(text)
    assert resources["Db"].get("EnableCloudwatchLogsExports") == logs
    held = resources["DbParameterGroup"].get("Family") if "DbParameterGroup" in resources else None
    assert held == family
    assert complaints(resources) == []


def test_a_replica_takes_data_administrator_and_encryption_from_its_source() -> None:
    resources = lowered(MINIMAL + MINIMAL.replace("db:", "copy:").replace("kind: rds,", "kind: rds, replica_of: db,"))
    copy = resources["Copy"]
    assert copy.get("SourceDBInstanceIdentifier") == {"Fn::GetAtt": ["Db", "DBInstanceArn"]}
    for inherited in ("MasterUsername", "ManageMasterUserPassword", "StorageEncrypted", "BackupRetentionPeriod"):
        assert not copy.has(inherited)
    assert complaints(resources) == []


def test_replicas_in_a_circle_are_an_error() -> None:
    first = MINIMAL.replace("kind: rds,", "kind: rds, replica_of: other,")
    second = MINIMAL.replace("db:", "other:").replace("kind: rds,", "kind: rds, replica_of: db,")
    assert errors(first + second) == ["'replica_of' goes in a circle: db → other → db"]


def test_a_secret_of_the_model_is_resolved_at_deployment_and_never_written() -> None:
    text = MINIMAL.replace("kind: rds,", "kind: rds, secret: admin,") + "  admin: {kind: secret}\n"
    resources = lowered(text)
    database = resources["Db"]
    assert database.get("MasterUserPassword") == {
        "Fn::Sub": "{{resolve:secretsmanager:${Admin}:SecretString:password}}"
    }
    assert not database.has("ManageMasterUserPassword")
    assert '"username": "dbadmin"' in resources["Admin"].get("GenerateSecretString", "SecretStringTemplate")
    assert complaints(resources) == []


def test_verbatim_properties_win() -> None:
    text = MINIMAL.replace("kind: rds,", "kind: rds, properties: {BackupRetentionPeriod: 1, MonitoringInterval: null},")
    resources = lowered(text)
    assert resources["Db"].get("BackupRetentionPeriod") == 1
    assert not resources["Db"].has("MonitoringInterval")
    assert place(resources, "Db", "BackupRetentionPeriod") == "1:32"


def test_the_engine_is_the_users_choice() -> None:
    assert errors("  db: {kind: rds, instance_class: db.m7g.large}\n") == [
        "'db' needs 'engine': the engine and, of SQL Server and Oracle, the edition"
    ]


def test_a_reference_to_something_else_is_an_error() -> None:
    text = MINIMAL.replace("kind: rds,", "kind: rds, kms_key: queue,") + "  queue: {kind: sqs_queue}\n"
    assert errors(text) == ["'queue' is a sqs queue; expected a kms key"]


def test_parameters_and_a_parameter_group_exclude_each_other() -> None:
    text = MINIMAL.replace("kind: rds,", "kind: rds, parameters: {a: 1}, parameter_group: pg,")
    text += "  pg: {kind: db_parameter_group, engine: postgres, parameters: {a: 1}}\n"
    assert errors(text) == [
        "'db': 'parameters' and 'parameter_group' exclude each other: the group holds the parameters"
    ]


def test_groups_written_out_are_used_in_place_of_own_ones() -> None:
    resources = lowered("""\
  db: {kind: rds, engine: mysql, instance_class: db.m7g.large, subnet_group: nets, parameter_group: tuned}
  nets: {kind: db_subnet_group, in: {subnets: data}}
  tuned: {kind: db_parameter_group, engine: mysql, engine_version: "8.0.40", parameters: {max_connections: 500}}
  shared: {kind: db_parameter_group, engine: aurora-postgresql, engine_version: "16.4", parameters: {work_mem: 64}}
""")
    assert resources["Db"].get("DBSubnetGroupName") == {"Ref": "Nets"}
    assert resources["Db"].get("DBParameterGroupName") == {"Ref": "Tuned"}
    assert resources["Tuned"].get("Family") == "mysql8.0"
    assert resources["Shared"].type == "AWS::RDS::DBClusterParameterGroup"
    assert resources["Shared"].get("Family") == "aurora-postgresql16"
    assert complaints(resources) == []
