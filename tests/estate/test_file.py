"""The file of an estate: what it is made of, and every message about what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from archproof.errors import InputError, UsageError
from archproof.estate.file import read
from archproof.estate.units import Unit, chosen, units
from archproof.sources.aws.sessions import Member

WHOLE = """\
estate: 1
name: Acme
models:
  shop: {file: model.yaml, env: prod}
defaults:
  regions: [eu-central-1, eu-west-1]
  assume_role: audit
accounts:
  - id: "111111111111"
    name: shop-prod
    model: shop
    external_id: x1
  - id: "222222222222"
    regions: [us-east-1]
    assume_role: arn:aws:iam::222222222222:role/other
  - id: "333333333333"
    profile: third
    live: "snapshots/{region}"
organization:
  skip: ["555555555555"]
  regions: [eu-north-1]
"""


def _write(folder: Path, text: str) -> Path:
    (folder / "model.yaml").write_text("archproof: 1\n", encoding="utf-8")
    file = folder / "estate.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def _problems(folder: Path, text: str) -> list[str]:
    file = _write(folder, text)
    with pytest.raises(InputError) as raised:
        read(file)
    return [str(p).removeprefix(f"{folder}/") for p in raised.value.problems]


def test_every_account_region_is_a_unit_with_what_it_says_or_the_defaults_say(tmp_path: Path) -> None:
    estate = read(_write(tmp_path, WHOLE))
    members = [
        Member("444444444444", "four", "aws", False),
        Member("555555555555", "five", "aws", False),
        Member("111111111111", "one", "aws", False),
        Member("666666666666", "home", "aws", True),
    ]
    role = "arn:aws:iam::{}:role/audit".format
    third = str(tmp_path / "snapshots")
    one, three = role("111111111111"), role("333333333333")
    assert units(estate, str(tmp_path), members) == [
        Unit("111111111111", "eu-central-1", "shop-prod", "shop", None, one, "x1"),
        Unit("111111111111", "eu-west-1", "shop-prod", "shop", None, one, "x1", home=False),
        Unit("222222222222", "us-east-1", None, None, None, "arn:aws:iam::222222222222:role/other"),
        Unit("333333333333", "eu-central-1", None, None, "third", three, None, f"{third}/eu-central-1"),
        Unit("333333333333", "eu-west-1", None, None, "third", three, None, f"{third}/eu-west-1", home=False),
        Unit("444444444444", "eu-north-1", "four", None, None, role("444444444444")),
        Unit("666666666666", "eu-north-1", "home", None, None, None),
    ]


def test_accounts_are_chosen_by_number_or_name_and_regions_by_name(tmp_path: Path) -> None:
    all_ = units(read(_write(tmp_path, WHOLE.split("organization:")[0])), str(tmp_path))
    assert [u.key for u in chosen(all_, ["shop-prod", "222222222222"], [])] == [
        "111111111111/eu-central-1", "111111111111/eu-west-1", "222222222222/us-east-1",
    ]  # fmt: skip
    assert [u.key for u in chosen(all_, [], ["eu-west-1"])] == ["111111111111/eu-west-1", "333333333333/eu-west-1"]
    with pytest.raises(UsageError, match="the estate has no region 'eu-west-9'"):
        chosen(all_, [], ["eu-west-9"])


def test_what_is_no_estate_is_told(tmp_path: Path) -> None:
    assert _problems(tmp_path, "accounts: []\n") == [
        "estate.yaml:1:1: no estate: expected a map that begins with 'estate: 1'"
    ]


def test_all_that_is_wrong_is_told_at_once_with_its_place(tmp_path: Path) -> None:
    text = WHOLE.replace("model: shop", "model: shpo").replace("regions: [us-east-1]", "regions: []")
    text = text.replace("model.yaml", "modell.yaml").replace('"222222222222"', '"111111111111"')
    assert _problems(tmp_path, text) == [
        "estate.yaml:4:16: no such file: 'modell.yaml'",
        "estate.yaml:11:12: no model is called 'shpo'; did you mean 'shop'?",
        f"estate.yaml:13:5: account 111111111111 stands here twice; first at {tmp_path}/estate.yaml:9:5",
    ]


def test_an_unknown_key_and_a_wrong_number_have_their_messages(tmp_path: Path) -> None:
    text = 'estate: 1\naccounts:\n  - id: "12"\n    region: [eu-west-1]\n'
    assert _problems(tmp_path, text) == [
        "estate.yaml:3:9: 'id' does not have the right form: found the text '12', "
        "expected an account id of twelve digits",
        "estate.yaml:4:5: unknown key 'region'; did you mean 'regions'?",
    ]


def test_an_account_needs_a_region(tmp_path: Path) -> None:
    assert _problems(tmp_path, 'estate: 1\naccounts:\n  - id: "111111111111"\n') == [
        "estate.yaml:3:5: no regions: say them here or in 'defaults'"
    ]


def test_a_role_that_is_named_is_one_of_the_partition_of_the_region(tmp_path: Path) -> None:
    file = tmp_path / "estate.yaml"
    said = "  - {id: '111122223333', assume_role: read, regions: [cn-north-1, us-gov-west-1, eu-west-1]}"
    file.write_text(f"estate: 1\naccounts:\n{said}\n", encoding="utf-8")
    assert [unit.assume_role for unit in units(read(file), str(tmp_path))] == [
        f"arn:{partition}:iam::111122223333:role/read" for partition in ("aws-cn", "aws-us-gov", "aws")
    ]
