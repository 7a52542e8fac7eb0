"""The files of policies that the section `organization` names: each read once, none from outside the model's folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from archproof.errors import InputError
from archproof.model.document import Document, KeyPath, found
from archproof.model.text import UnreadableError, read_text

if TYPE_CHECKING:
    from archproof.model.organization import Control, Organization
    from archproof.model.yaml import Parsed


def read_files(organization: Organization, document: Document) -> dict[str, Parsed]:
    """The files by the names that the section gives them. What cannot be read is a problem of the document."""
    files: dict[str, Parsed] = {}
    for path, control in controls(organization):
        name = control.file
        if name is None or name in files:
            continue
        parsed = _read(name, path, document)
        if parsed is not None:
            files[name] = parsed
    return files


def controls(organization: Organization) -> list[tuple[KeyPath, Control]]:
    """Every policy with its place in the document."""
    return [
        (("organization", key, level, position), control)
        for key in ("service_controls", "resource_controls")
        for level, held in getattr(organization, key).items()
        for position, control in enumerate(held)
    ]


def _read(name: str, path: KeyPath, document: Document) -> Parsed | None:
    from archproof.model.json import parse

    folder = Path(document.file).parent
    target = folder / name if "\0" not in name else folder
    root = Path(os.path.realpath(folder))
    if "\0" in name or not Path(os.path.realpath(target)).is_relative_to(root):
        document.problem(path, f"'{name[:60]}' lies outside the folder of {document.file}", at="value")
        return None
    shown = str(target)
    try:
        text = read_text(target, shown)
        parsed = parse(text, shown)
    except UnreadableError as error:
        message = f"'{name[:60]}': {error.message}; expected a file with a policy, or FullAWSAccess"
        document.problem(path, message, at="value")
        return None
    except InputError as error:
        document.problems.extend(error.problems)
        return None
    document.sources[shown] = text
    if not isinstance(parsed.value, dict) or "Statement" not in parsed.value:
        message = f"'{name[:60]}' holds no policy: expected a map with a Statement; found {found(parsed.value)}"
        document.problem(path, message, at="value")
        return None
    return parsed
