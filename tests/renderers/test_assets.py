"""The build brings in what the lock names, and says what is wrong when it cannot."""

from __future__ import annotations

import importlib.util
import json
import shutil
from pathlib import Path
from types import ModuleType

import pytest

from archproof import assets

ROOT = Path(__file__).parents[2]


@pytest.fixture
def hook() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def checkout(tmp_path: Path, hook: ModuleType) -> Path:
    for name in hook.INPUTS:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def test_the_lock_pins_every_package_with_a_hash_and_names_no_host() -> None:
    text = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    packages = {k: v for k, v in json.loads(text)["packages"].items() if k}
    assert packages and all(p["integrity"].startswith("sha512-") and "resolved" not in p for p in packages.values())
    direct = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["dependencies"]
    assert all(packages[f"node_modules/{name}"]["version"] == version for name, version in direct.items())


def test_the_assets_and_their_licences_are_there(hook: ModuleType) -> None:
    for name in (*hook.COPIES, "icons.json", "advances.json"):
        assert assets.path(name).stat().st_size > 100


def test_present_assets_are_not_built_again(checkout: Path, hook: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    target = checkout / hook.ASSETS
    target.mkdir(parents=True)
    (target / "stamp.txt").write_text(hook.fingerprint(checkout), encoding="ascii")
    monkeypatch.setattr(hook, "npm_ci", None)
    assert hook.ensure(checkout) is False


def test_a_failing_npm_is_reported_with_advice_and_leaves_nothing(
    checkout: Path, hook: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    failing = tmp_path / "npm"
    failing.write_text("#!/bin/sh\necho no network >&2\nexit 1\n")
    failing.chmod(0o755)
    monkeypatch.setattr(hook, "npm", lambda: ["sh", str(failing)])
    with pytest.raises(RuntimeError, match=r"(?s)no network.*npm_config_registry"):
        hook.ensure(checkout)
    assert not (checkout / hook.ASSETS).exists()


def test_a_checkout_that_was_never_built_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(assets, "FOLDER", tmp_path)
    with pytest.raises(assets.AssetsMissing, match="pip install"):
        assets.path("icons.json")
