"""The files of a module: found, read within bounds, parsed once, overrides merged."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from archproof.errors import InputError, Location, Problem
from archproof.model.text import read_text
from archproof.sources.hcl.blocks import Attribute, Block, Body
from archproof.sources.hcl.scan import Source
from archproof.suggest import did_you_mean

MAX_FILE = 2_000_000
MAX_TOTAL = 4_000_000
"""Characters: the grammar reads about a hundred thousand a second."""
MAX_FILES = 2_000
ENDINGS = (".tf", ".tf.json", ".tofu", ".tofu.json")
_BLOCKS = frozenset({
    "terraform", "provider", "variable", "locals", "resource", "data", "module", "output", "moved", "import", "removed",
    "check", "ephemeral", "action",
})  # fmt: skip


@dataclass(slots=True)
class Config:
    """What the files of one folder say."""

    path: Path
    name: str
    """What messages call the folder."""
    variables: dict[str, Block] = field(default_factory=dict)
    locals: dict[str, Attribute] = field(default_factory=dict)
    resources: dict[tuple[str, str, str], Block] = field(default_factory=dict)
    """(`resource` or `data`, type, name) → block."""
    calls: dict[str, Block] = field(default_factory=dict)
    outputs: dict[str, Block] = field(default_factory=dict)
    providers: list[Block] = field(default_factory=list)
    partial: bool = False
    """Whether it is one file of a folder, so that what it does not declare may stand beside it."""


class Folders:
    """The folders of one configuration, each read once."""

    def __init__(self, root: Path, name: str, problems: list[Problem]) -> None:
        self.root = root
        self.name = name
        self.problems = problems
        self.sources: dict[str, str] = {}
        self.total = 0
        self._read: dict[str, Config | None] = {}
        self._boundary = _boundary(root)

    def main(self) -> Config:
        """The folder (or the file) that was given. Raises InputError."""
        if self.root.is_file():
            config = Config(self.root.parent, os.path.dirname(self.name), partial=True)
            self._add(config, [self._parsed(self.root, self.name)])
            return config
        return self._folder(self.root, self.name)

    def module(self, caller: Config, source: str, location: Location) -> Config | None:
        """The folder that a module's source names from its caller; None where it cannot be read, with a problem."""
        path = caller.path / source
        name = os.path.normpath(os.path.join(caller.name, source))
        key = os.path.realpath(path)
        if key in self._read:
            return self._read[key]
        found = None
        if os.path.commonpath([key, self._boundary]) != self._boundary:
            self.problems.append(Problem(location, f"'{source[:100]}' leaves the repository: it is not read"))
        elif not os.path.isdir(key):
            near = did_you_mean(path.name, _folders(path.parent))
            self.problems.append(Problem(location, f"there is no folder '{source[:100]}'{near}"))
        elif not module_files(path):
            self.problems.append(Problem(location, f"the folder '{source[:100]}' holds no .tf files"))
        else:
            found = self._folder(path, name)
        self._read[key] = found
        return found

    def _folder(self, path: Path, name: str) -> Config:
        config = Config(path, name)
        files = module_files(path)
        if len(files) > MAX_FILES:
            raise InputError([Problem(Location(name), f"more than {MAX_FILES:,} files")])
        plain: list[Body] = []
        overrides: list[Body] = []
        for file in files:
            try:
                body = self._parsed(path / file, os.path.join(name, file))
            except InputError as error:
                self.problems += error.problems
                continue
            stem = file.removesuffix(".json").rpartition(".")[0]
            (overrides if stem == "override" or stem.endswith("_override") else plain).append(body)
        self._add(config, plain)
        for body in overrides:
            _override(config, body)
        return config

    def source(self, path: Path, name: str) -> Source:
        """The text of a file within what may be read. Raises InputError."""
        try:
            size = path.stat().st_size
        except OSError:
            size = 0
        self.total += size
        if size > MAX_FILE or self.total > MAX_TOTAL:
            limit = MAX_FILE if size > MAX_FILE else MAX_TOTAL
            what = "a file" if size > MAX_FILE else "a configuration"
            raise InputError([Problem(Location(name), f"{what} of more than {limit // 1_000_000} MB is not read")])
        if os.path.commonpath([os.path.realpath(path), self._boundary]) != self._boundary:
            raise InputError([Problem(Location(name), "a link to a file outside of the repository is not read")])
        text = read_text(path, name).removeprefix("\ufeff")
        self.sources[name] = text
        return Source(text, name)

    def _parsed(self, path: Path, name: str) -> Body:
        source = self.source(path, name)
        if name.endswith(".json"):
            from archproof.sources.hcl.json_files import parse_json

            return parse_json(source)
        from archproof.sources.hcl.build import parse_body

        return parse_body(source)

    def _add(self, config: Config, bodies: list[Body]) -> None:
        for body in bodies:
            for attribute in body.attributes.values():
                message = f"'{attribute.name[:60]}' cannot stand outside of a block"
                self.problems.append(Problem(attribute.location, message))
            for block in body.blocks:
                self._block(config, block)

    def _block(self, config: Config, block: Block) -> None:
        kind, labels = block.type, block.labels
        if kind not in _BLOCKS:
            hint = did_you_mean(kind, _BLOCKS)
            self.problems.append(Problem(block.location, f"a block '{kind[:60]}' is not known{hint}"))
            return
        wanted = {"resource": 2, "data": 2, "variable": 1, "output": 1, "module": 1, "provider": 1}.get(kind)
        if wanted is not None and len(labels) != wanted:
            message = f"'{kind}' has {wanted} label{'s' * (wanted > 1)} ({'type and name' if wanted > 1 else 'name'})"
            self.problems.append(Problem(block.location, f"{message}, and here are {len(labels)}"))
        elif kind == "provider":
            config.providers.append(block)
        elif kind == "locals":
            for name, attribute in block.body.attributes.items():
                self._once(config.locals, name, attribute, f"local.{name}")
        elif kind in ("resource", "data"):
            address = ".".join([*["data"][: kind == "data"], *labels])
            self._once(config.resources, (kind, labels[0], labels[1]), block, address)
        elif kind in ("variable", "output", "module"):
            held = {"variable": config.variables, "output": config.outputs, "module": config.calls}[kind]
            self._once(held, labels[0], block, f"{kind} '{labels[0]}'")

    def _once(self, held: dict[Any, Any], key: Any, value: Attribute | Block, title: str) -> None:
        if key in held:
            first = held[key].location
            self.problems.append(Problem(value.location, f"{title} is said twice (first in {first})"))
        else:
            held[key] = value


def module_files(path: Path) -> list[str]:
    """The names of the files of a folder that Terraform reads, in its order."""
    try:
        names = sorted(os.listdir(path))
    except OSError:
        return []
    return [n for n in names if n.endswith(ENDINGS) and not n.startswith(".") and (path / n).is_file()]


def _folders(path: Path) -> list[str]:
    try:
        return sorted(e.name for e in os.scandir(path) if e.is_dir())[:500]
    except OSError:
        return []


def _boundary(root: Path) -> str:
    """Where modules may be read from: the repository around the folder, else the folder two above it."""
    folder = Path(os.path.realpath(root if root.is_dir() else root.parent))
    for ancestor in (folder, *folder.parents):
        if (ancestor / ".git").exists():
            return str(ancestor)
    above = [p for p in folder.parents[:2] if p != Path(p.anchor)]
    return str(above[-1] if above else folder)


def _override(config: Config, body: Body) -> None:
    """Merge what an override file says into the blocks of the same name."""
    for block in body.blocks:
        if block.type == "locals":
            config.locals.update(block.body.attributes)
            continue
        held: dict[Any, Block] = {
            "variable": config.variables, "output": config.outputs, "module": config.calls,
            "resource": config.resources, "data": config.resources,
        }.get(block.type, {})  # type: ignore[assignment]  # fmt: skip
        key: Any = (block.type, *block.labels) if block.type in ("resource", "data") else block.labels[:1]
        base = held.get(key if isinstance(key, tuple) else key[0] if key else "")
        if base is not None:
            base.body.attributes.update(block.body.attributes)
            replaced = {b.type for b in block.body.blocks}
            base.body.blocks = [b for b in base.body.blocks if b.type not in replaced] + block.body.blocks
