"""The quick parser of XML reads what botocore's own reads."""

from __future__ import annotations

import random
from typing import Any
from xml.sax.saxutils import escape

import pytest

pytest.importorskip("botocore")

from botocore import parsers
from botocore.loaders import create_loader
from botocore.model import ServiceModel

from archproof.sources.aws import parsing
from archproof.sources.aws.sessions import timestamp

OPERATIONS = [
    ("ec2", "DescribeInstances"), ("ec2", "DescribeSecurityGroups"), ("ec2", "DescribeVpcEndpoints"),
    ("iam", "GetAccountAuthorizationDetails"), ("rds", "DescribeDBInstances"), ("elbv2", "DescribeListeners"),
    ("autoscaling", "DescribeAutoScalingGroups"), ("sns", "GetTopicAttributes"), ("cloudfront", "ListDistributions"),
    ("s3", "ListBuckets"), ("s3", "GetBucketLifecycleConfiguration"), ("s3", "GetBucketAcl"),
    ("route53", "ListResourceRecordSets"), ("redshift", "DescribeClusters"), ("cloudformation", "DescribeStacks"),
]  # fmt: skip


def written(shape: Any, name: str, chance: random.Random, depth: int = 0) -> str:
    """Some XML of a shape."""
    if shape.type_name == "structure":
        if depth > 6:
            return f"<{name}/>"
        inner = "".join(
            written(m, m.serialization.get("name", k), chance, depth + 1)
            for k, m in shape.members.items()
            if (depth == 0 or chance.random() < 0.7)
            and not m.serialization.get("location")
            and not m.serialization.get("xmlAttribute")
        )
        return f"<{name}>{inner}<unheardOf>1</unheardOf></{name}>"
    if shape.type_name == "list":
        each = "item" if shape.member.serialization.get("name") is None else shape.member.serialization["name"]
        flat = shape.serialization.get("flattened")
        each = shape.member.serialization.get("name", name) if flat else each
        inner = "".join(written(shape.member, each, chance, depth + 1) for _ in range(chance.randrange(4)))
        return inner if flat else f"<{name}>{inner}</{name}>"
    if shape.type_name == "map":
        key, value = shape.key.serialization.get("name", "key"), shape.value.serialization.get("name", "value")
        pairs = "".join(
            f"<entry><{key}>k{n}</{key}>{written(shape.value, value, chance, depth + 1)}</entry>" for n in range(2)
        )
        return f"<{name}>{pairs}</{name}>"
    texts = {"boolean": "true", "integer": "7", "long": "7", "double": "1.5", "float": "1.5", "blob": "aGk=",
             "timestamp": "2026-03-01T12:00:00.000Z"}  # fmt: skip
    return f"<{name}>{escape(texts.get(shape.type_name, 'a & <b>'))}</{name}>"


@pytest.mark.parametrize(("service", "operation"), OPERATIONS, ids=[f"{s}-{o}" for s, o in OPERATIONS])
def test_the_same_is_read(service: str, operation: str) -> None:
    model = ServiceModel(create_loader().load_service_model(service, "service-2"), service)
    shape = model.operation_model(operation).output_shape
    protocol = model.resolved_protocol
    quick, own = parsing.factory_class()(), parsers.ResponseParserFactory()
    for factory in (quick, own):
        factory.set_parser_defaults(timestamp_parser=timestamp)
    most = 0
    for seed in range(5):
        inner = written(shape, f"{operation}Response", random.Random(seed))
        if protocol == "query":
            wrapper = shape.serialization.get("resultWrapper", f"{operation}Result")
            inner = f"<R xmlns='http://aws/'>{written(shape, wrapper, random.Random(seed))}</R>"
        response = {"body": inner.encode(), "headers": {}, "status_code": 200, "context": {"operation_name": operation}}
        found = quick.create_parser(protocol).parse(dict(response), shape)
        assert found == own.create_parser(protocol).parse(dict(response), shape)
        most = max(most, len(found))
    assert most > 1


def test_a_parser_of_another_making_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsers, "BaseXMLResponseParser", None)
    assert type(parsing.factory_class()().create_parser("ec2")) is parsers.EC2QueryParser
