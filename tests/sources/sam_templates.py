"""What the tests of SAM share: a template transformed, and the line that each part of the outcome points at."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

from archproof.errors import Location
from archproof.model.yaml import Mark, parse
from archproof.sources import _sam
from archproof.sources.reading import Request


class Transformed:
    """A SAM template and its outcome."""

    def __init__(self, text: str, folder: Path = Path("/nowhere"), region: str | None = None, **given: str) -> None:
        self.text = "Transform: AWS::Serverless-2016-10-31\n" + textwrap.dedent(text)
        parsed = parse(self.text, "t.yaml")
        self.outcome = _sam.transform(parsed.value, parsed.mark, Request(given, region), folder)

    @property
    def resources(self) -> dict[str, Any]:
        """The resources of the outcome."""
        found: dict[str, Any] = self.outcome.value["Resources"]
        return found

    @property
    def types(self) -> dict[str, str]:
        """The type of each, by logical id."""
        return {logical_id: resource["Type"] for logical_id, resource in self.resources.items()}

    def properties(self, logical_id: str) -> dict[str, Any]:
        """The properties of a resource of the outcome."""
        found: dict[str, Any] = self.resources[logical_id]["Properties"]
        return found

    def mark(self, *path: str | int) -> Mark:
        """The mark of a part of the outcome's resources."""
        mark = self.outcome.mark.children["Resources"]
        for step in path:
            mark = mark.children[step]
        return mark  # type: ignore[no-any-return]

    def place(self, *path: str | int) -> Location:
        """The place of a part of the outcome's resources."""
        return self.mark(*path).entry()

    def line(self, *path: str | int) -> str:
        """The line of the template that a part of the outcome points at."""
        return self.text.splitlines()[self.place(*path).line - 1].strip()
