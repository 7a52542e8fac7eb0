"""Every example of the documentation is run, and prints what the page says.

`ARCHPROOF_REFRESH_DOCS=1 python -m pytest tests/docs` writes what commands print now into the pages.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from archproof.model.architecture import load, loads
from archproof.resources.lowering import lower

from .pages import PAGES, ROOT, Block, Shell, blocks, commands, renewed, same

REFRESH = bool(os.environ.get("ARCHPROOF_REFRESH_DOCS"))
DAY = "1795305600"
"""2026-11-22, as SOURCE_DATE_EPOCH."""


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shell]:
    """A shell in an empty folder, on a fixed day, without a terminal."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", DAY)
    monkeypatch.setenv("NO_COLOR", "1")
    shell = Shell()
    yield shell
    shell.close()


@pytest.mark.parametrize("page", PAGES)
def test_the_examples_of_a_page_run_and_print_what_it_says(page: str, shell: Shell) -> None:
    wrong: list[str] = []
    fresh: dict[Block, str] = {}
    examples = blocks(page)
    for block in reversed(examples):  # a model may include a file that the page shows later
        if block.file:
            _write(block)
    for block in examples:
        where = f"{page}:{block.line}"
        if block.file:
            _write(block)
        if block.model and not block.wrong:
            lower(load(block.file) if block.file else loads(block.text))
        elif block.module:
            shell.add(block.module, block.text)
        elif block.language in ("python", "pycon"):
            wrong += shell.execute(block, where)
        elif block.language == "console":
            printed = [(c, shell.run(c.line)) for c in commands(block)]
            different = [f"{where}: $ {c.line}\n{text}" for c, text in printed if not same(c.output, text)]
            if different:
                wrong += different
                fresh[block] = "".join(f"$ {c.line}\n{renewed(c.output, t)}" for c, t in printed)
        elif block.note.startswith("draw: "):
            view = block.note.removeprefix("draw: ")
            shell.run(f"archproof draw '{ROOT / 'architecture.yaml'}' --view {view} -o drawn.mmd")
            drawn = Path("drawn.mmd").read_text(encoding="utf-8")
            if drawn != block.text:
                wrong.append(f"{where}: the view {view} is now\n{drawn}")
                fresh[block] = drawn
        elif block.note.startswith("drawn: "):
            drawn = Path(block.note.removeprefix("drawn: ")).read_text(encoding="utf-8")
            if drawn != block.text:
                wrong.append(f"{where}: {block.note} is now\n{drawn}")
                fresh[block] = drawn
    if REFRESH:
        _refresh(page, fresh)
    else:
        assert not wrong, "\n".join(wrong)


def _write(block: Block) -> None:
    assert block.file
    path = Path(block.file)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(block.text, encoding="utf-8")


def _refresh(page: str, fresh: dict[Block, str]) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    for block in sorted(fresh, key=lambda b: -b.start):
        text = text[: block.start] + fresh[block] + text[block.start + len(block.text) :]
    (ROOT / page).write_text(text, encoding="utf-8")


@pytest.mark.parametrize("page", PAGES)
def test_every_link_of_a_page_leads_somewhere(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"```.*?^```$", "", text, flags=re.M | re.S)):
        name, _, anchor = target.partition("#")
        if name.startswith("https:"):
            continue
        file = (ROOT / page).parent / name if name else ROOT / page
        assert file.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), flags=re.M)
            assert anchor in [re.sub(r"[^\w -]", "", h.lower()).replace(" ", "-") for h in headings], target


@pytest.mark.parametrize("page", PAGES)
def test_every_example_of_a_page_is_of_a_language_that_is_run_or_known_not_to_be(page: str) -> None:
    known = {"yaml", "json", "hcl", "console", "python", "pycon", "mermaid", "sh", "text"}
    assert {b.language for b in blocks(page)} <= known
    fences = re.findall(r"^```(\w*)$", (ROOT / page).read_text(encoding="utf-8"), flags=re.M)
    assert len(fences) == 2 * len(blocks(page))


def test_the_documentation_names_every_command_section_and_view() -> None:
    from archproof.discovery import index
    from archproof.model.document import SECTIONS
    from archproof.renderers.views import PACKAGE

    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [c for c in index("archproof.cli.commands", "COMMAND") if f"`{c}`" not in readme] == []
    language = (ROOT / "docs/language.md").read_text(encoding="utf-8")
    assert [s for s in SECTIONS if f"## `{s}`" not in language] == []
    pictures = (ROOT / "docs/pictures.md").read_text(encoding="utf-8")
    assert [v for v in index(PACKAGE, "VIEW") if f"`{v}`" not in pictures] == []
