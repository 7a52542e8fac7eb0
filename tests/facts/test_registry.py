"""The registry's schemas are read one type at a time, with what a comparison asks of them."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from archproof.facts import UnknownFactError, _registry, registry_schema, registry_types


def test_a_type_tells_which_properties_are_read_only_fixed_and_never_read() -> None:
    schema = registry_schema("AWS::RDS::DBInstance")
    assert schema
    assert ("Endpoint", "Address") in schema.read_only
    assert ("MasterUserPassword",) in schema.write_only
    assert ("DBInstanceIdentifier",) in schema.create_only
    assert schema.identifier == (("DBInstanceIdentifier",),)
    assert schema.tagging == "Tags"
    assert schema.transforms[("Engine",)] == "$lowercase(Engine)"
    assert "rds:DescribeDBInstances" in schema.read_permissions and schema.readable and schema.listable


def test_shapes_tell_kinds_order_and_items_through_references() -> None:
    schema = registry_schema("AWS::EC2::SecurityGroup")
    assert schema
    rules = schema.root.child("SecurityGroupIngress")
    assert rules and rules.kinds == "a" and rules.ordered is False
    assert rules.item and rules.item.required == {"IpProtocol"}
    port = rules.item.child("FromPort")
    assert port and port.kinds == "i"
    assert schema.root.child("NoSuchProperty") is None


def test_a_shape_that_holds_itself_can_be_followed_as_deep_as_one_likes() -> None:
    schema = registry_schema("AWS::WAFv2::WebACL")
    assert schema
    shape = schema.root.child("Rules")
    shape = shape and shape.item and shape.item.child("Statement")
    for _ in range(50):
        assert shape
        shape = shape.child("NotStatement")
        shape = shape and shape.child("Statement")


def test_a_free_map_has_one_shape_for_all_its_values() -> None:
    schema = registry_schema("AWS::Lambda::Function")
    assert schema
    environment = schema.root.child("Environment")
    variables = environment and environment.child("Variables")
    assert variables and variables.free and variables.child("ANY_NAME")


def test_every_type_can_be_read() -> None:
    types = registry_types()
    assert len(types) > 1_500 and list(types) == sorted(types)
    for name in types:
        schema = registry_schema(name)
        assert schema is not None and schema.type == name


def test_a_type_that_the_registry_does_not_know_has_no_schema() -> None:
    assert registry_schema("AWS::No::Such") is None
    assert registry_schema("Custom::Thing") is None


def test_one_type_is_read_in_less_than_five_milliseconds() -> None:
    registry_schema("AWS::SQS::Queue")  # the index
    took = []
    for _ in range(5):
        start = time.process_time()
        _registry.registry_schema.__wrapped__("AWS::EC2::Instance")
        took.append(time.process_time() - start)
    assert min(took) < 0.005


def test_an_installation_without_schemas_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_registry, "FOLDER", tmp_path)
    with pytest.raises(UnknownFactError, match="schemas of AWS's resource types are missing from this installation"):
        _registry._index.__wrapped__()


def test_the_packed_schemas_are_the_same_bytes_each_time_and_carry_their_license(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    program = (
        "import sys, pathlib; sys.path.insert(0, sys.argv[1]); import hatch_build\n"
        "t = pathlib.Path(sys.argv[2]); (t / 'licenses').mkdir(parents=True)\n"
        "hatch_build.registry(t / 'registry', t / 'licenses')\n"
    )
    for name in ("a", "b"):
        subprocess.run([sys.executable, "-c", program, str(root), str(tmp_path / name)], check=True)
    for file in ("registry/index.json", "registry/types.jsonl", "licenses/cfn-lint.txt"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()
    assert "MIT No Attribution" in (tmp_path / "a/licenses/cfn-lint.txt").read_text(encoding="utf-8")
