"""The pages in a real browser: they open from a file, their script runs, and nothing is fetched or refused."""

from __future__ import annotations

import datetime
import shutil
import subprocess
from pathlib import Path

import pytest

from archproof.model.architecture import load
from archproof.renderers import publishing

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-component-update",
    "--disable-background-networking", "--disable-sync", "--enable-logging=stderr", "--virtual-time-budget=2000",
)  # fmt: skip

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("build")
    made = publishing.files(publishing.publish(load(ROOT / "architecture.yaml"), datetime.date(2026, 11, 22)))
    for name, data in made.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def opened(page: Path, profile: Path) -> tuple[str, list[str]]:
    """The page's document after its script ran, and what the console said."""
    command = [str(CHROMIUM), *FLAGS, f"--user-data-dir={profile}", "--dump-dom", page.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    return done.stdout, [line for line in done.stderr.splitlines() if "CONSOLE" in line]


@pytest.mark.parametrize("page", ["index.html", "documents/interview.html"])
def test_a_page_opens_from_a_file_without_a_word_on_the_console(page: str, build: Path, tmp_path: Path) -> None:
    dom, console = opened(build / page, tmp_path)
    assert console == []
    assert "CAST 3" in dom
    assert dom.count("<svg") >= 8


def test_every_file_that_the_index_links_to_is_there(build: Path, tmp_path: Path) -> None:
    import re

    dom, _ = opened(build / "index.html", tmp_path)
    linked = set(re.findall(r'href="([^"#:]+)"', dom))
    assert "documents/interview.html" in linked
    assert [address for address in sorted(linked) if not (build / address).is_file()] == []


def test_the_page_of_drift_runs_and_takes_nothing_of_a_name_for_html(tmp_path: Path) -> None:
    from archproof.drift.formats import render
    from tests.drift.test_report_formats import NASTY, hostile

    (tmp_path / "drift.html").write_text(render(hostile(), "html", title=NASTY, live=NASTY), encoding="utf-8")
    document, said = opened(tmp_path / "drift.html", tmp_path / "profile")
    assert said == []
    assert '<button type="button" class="theme">' in document  # the script ran
    assert document.count("<script>") == 1
