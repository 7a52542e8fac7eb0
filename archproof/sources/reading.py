"""The way in for any source: which format it is, its resources, and the model lifted from what is no model itself."""

from __future__ import annotations

import functools
import importlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archproof.discovery import constants
from archproof.errors import InputError, Location, Problem, UsageError
from archproof.model.text import read_text

if TYPE_CHECKING:
    from archproof.model.architecture import Architecture
    from archproof.model.yaml import Parsed
    from archproof.resources.resource import Resources

PACKAGE = "archproof.sources"
DEFAULT_FILE = "architecture.yaml"
MAX_FLOW = 1 << 20
"""The longest text that is tried as YAML where it begins as JSON does and is none."""
TOLERANCE = 4
"""How many times larger than it may be a template is read: packaging takes comments and blanks out."""
_NAMED = 5
"""So many sources of a folder an error names."""
_MODEL = re.compile(r"""^["']?archproof["']?\s*:""", re.M)


@dataclass(frozen=True)
class Request:
    """What the user said about a source beside its path."""

    parameters: Mapping[str, str] = field(default_factory=dict)
    """Values of a template's parameters or of Terraform's variables."""
    region: str | None = None
    """The region of what does not say its own."""
    environment: str | None = None
    """The environment of a model (`--env`); of no meaning for other sources."""


class Probe:
    """An input while its format is found out: read and parsed once, whoever asks."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self.name = str(path)
        """What messages call it."""

    @functools.cached_property
    def is_folder(self) -> bool:
        """Whether it is a folder."""
        return self.path.is_dir()

    @functools.cached_property
    def text(self) -> str:
        """The text of a file; empty for a folder. Raises InputError where it cannot be read."""
        return "" if self.is_folder else read_text(self.path, self.name)

    @functools.cached_property
    def is_json(self) -> bool:
        """Whether the text begins as JSON does."""
        return self.text.lstrip("\ufeff \t\r\n")[:1] in ("{", "[")

    @functools.cached_property
    def parsed(self) -> Parsed:
        """The text as values with marks, JSON or YAML with CloudFormation's short forms. Raises InputError."""
        from archproof.model import json, template_yaml

        if not self.is_json:
            self.small_enough()
            return template_yaml.parse(self.text, self.name)
        try:
            return json.parse(self.text, self.name)
        except InputError:
            # YAML may begin with a bracket as well; a text too long for a template is a plan or a state
            if len(self.text) > MAX_FLOW:
                raise
            try:
                return template_yaml.parse(self.text, self.name)
            except InputError:
                pass
            raise

    def small_enough(self) -> None:
        """Refuse a template several times as large as CloudFormation takes. Raises InputError."""
        if len(self.text) <= MAX_FLOW:
            return
        from archproof import facts

        limit = facts.quota("cloudformation", "Template body in S3").number
        found = len(self.text.encode("utf-8")) / 1_000_000
        if found > limit * TOLERANCE:
            message = f"the file has {found:,.0f} MB; CloudFormation takes a template of {limit:g} MB"
            raise InputError([Problem(Location(self.name), message)])

    @functools.cached_property
    def keys(self) -> frozenset[str]:
        """The keys at the top of a file that holds a map."""
        value: Any = None if self.is_folder else self.parsed.value
        return frozenset(value) if isinstance(value, dict) else frozenset()


def is_model(path: str | Path) -> bool:
    """Say whether `path` is a model in archproof's own language, by what it says at its top."""
    if os.path.isdir(path):
        return os.path.isfile(os.path.join(path, DEFAULT_FILE))
    try:
        with open(path, "rb") as file:
            head = file.read(1 << 16).decode("utf-8", "replace")
    except (OSError, ValueError):
        return True  # what is wrong is told when it is read
    return bool(_MODEL.search(head))


def formats() -> dict[str, str]:
    """Every format that is read, with the module that reads it."""
    return {name: module for module, name in sorted(constants(PACKAGE, "FORMAT").items())}


def read(path: str | Path, request: Request | None = None) -> Resources:
    """Read the resources of a source in any format. Raises InputError, UsageError where no format fits."""
    probe = Probe(path)
    found = _read(probe, request or Request())
    if found is None:
        raise _strange(probe)
    return found


def _strange(probe: Probe) -> InputError | UsageError:
    """The error for an input that no format fits."""
    listed = ", ".join(formats())
    if probe.is_folder:
        return _empty(probe)
    message = f"neither a model ('archproof: 1' at its top) nor any of: {listed}"
    return InputError([Problem(Location(probe.name), message)])


def _empty(folder: Probe) -> UsageError:
    """The error for a folder that is no source as a whole; it names the sources among its files."""
    from archproof.sources.lifting.importing import beside

    message = f"{folder.name} holds no {DEFAULT_FILE}, no files of Terraform and no output of AWS's command line"
    found = beside(folder.path)
    if not found:
        return UsageError(message)
    more = f" (and {len(found) - _NAMED} more)" if len(found) > _NAMED else ""
    return UsageError(f"{message}; name a file of it: {', '.join(found[:_NAMED])}{more}")


def _in_turn(probe: Probe) -> list[tuple[str, str]]:
    """Every format with its module; first the ones whose literal `ENDINGS` the file's name has."""
    endings = constants(PACKAGE, "ENDINGS")
    return sorted(formats().items(), key=lambda f: not probe.name.endswith(endings.get(f[1], ("\0",))))


def _read(probe: Probe, request: Request) -> Resources | None:
    """The resources of an input, or None where no format fits it."""
    for name, module_name in _in_turn(probe):
        module = importlib.import_module(module_name)
        if module.recognises(probe):
            if request.parameters and not getattr(module, "PARAMETERS", False):
                raise UsageError(f"{probe.name} ({name}) has no parameters: leave --parameter out")
            resources: Resources = module.read(probe, request)
            resources.format = resources.format or name
            return resources
    return None


def _may_be_a_model(probe: Probe) -> bool:
    """Whether an input that no format fits is perhaps a model without its first line, by the sections it has."""
    from archproof.model.document import SECTIONS

    return not probe.text.strip() or bool(probe.keys & {*SECTIONS})


def load(path: str | Path, request: Request | None = None) -> Architecture:
    """The architecture of a model, or the one lifted from any other source. Raises InputError."""
    from archproof.model.architecture import load as load_model

    request = request or Request()
    if not is_model(path):
        probe = Probe(path)
        resources = _read(probe, request)
        if resources is not None:
            from archproof.sources.lifting import lift

            return lift(resources)
        if probe.is_folder or not _may_be_a_model(probe):
            raise _strange(probe)
    elif request.parameters:
        raise UsageError(f"{path} is a model, which has no parameters: leave --parameter out")
    folder = os.path.isdir(path)
    return load_model(os.path.join(path, DEFAULT_FILE) if folder else path, request.environment)
