"""Aliases of keys: decided where what they stand for was read, unread where it was not."""

from __future__ import annotations

from pathlib import Path

from archproof.drift import system
from archproof.model.architecture import loads
from archproof.resources.lowering import lower
from tests.drift.accounts import HEAD, arn, compare, queue, queues, told, write

MODEL = """
components:
  orders: {type: AWS::SQS::Queue, properties: {QueueName: orders, KmsMasterKeyId: alias/orders}}
"""
KEY, OTHER = "1a2b3c4d-0000-4000-8000-111111111111", "1a2b3c4d-0000-4000-8000-222222222222"


def folder(path: Path, key: str, *aliases: str) -> Path:
    held = [
        {"AliasName": alias, "AliasArn": arn("kms", alias), "TargetKeyId": id}
        for alias, id in zip(aliases[::2], aliases[1::2], strict=True)
    ]
    answer = {"Aliases": held} if held else {"Aliases": []}
    return write(path, list=queues("orders"), orders=queue("orders", KmsMasterKeyId=key), aliases=answer)


def test_an_alias_of_the_live_key_is_that_key(tmp_path: Path) -> None:
    assert told(compare(MODEL, folder(tmp_path, arn("kms", f"key/{KEY}"), "alias/orders", KEY))) == []


def test_an_alias_of_another_key_is_a_difference(tmp_path: Path) -> None:
    found = compare(MODEL, folder(tmp_path, arn("kms", f"key/{KEY}"), "alias/orders", OTHER))
    assert told(found) == [f"declared Orders KmsMasterKeyId: 'alias/orders' -> '{arn('kms', f'key/{KEY}')}'"]


def test_an_alias_that_nobody_read_stays_unread(tmp_path: Path) -> None:
    found = compare(MODEL, folder(tmp_path, arn("kms", f"key/{KEY}"), "alias/parcels", KEY))
    assert told(found) == ["unread Orders KmsMasterKeyId: 'alias/orders' -> None"]


def test_a_key_that_is_declared_and_its_live_alias_are_the_same(tmp_path: Path) -> None:
    model = MODEL.replace("alias/orders", KEY)
    assert told(compare(model, folder(tmp_path, "alias/orders", "alias/orders", KEY))) == []


def test_aliases_are_read_where_one_is_named() -> None:
    named = system.wanted(lower(loads(HEAD + MODEL)))
    assert named == {"AWS::SQS::Queue", "AWS::KMS::Alias"}
    assert system.wanted(lower(loads(HEAD + MODEL.replace("alias/orders", KEY)))) == {"AWS::SQS::Queue"}
