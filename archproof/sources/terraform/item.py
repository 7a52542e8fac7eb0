"""One instance of a Terraform resource or data source, as any of the readers found it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from archproof.errors import Location
from archproof.resources.resource import Path

_KEY = re.compile(r"\[[^\[\]]*\]\Z|\[\"(?:[^\"\\]|\\.)*\"\]\Z")
_WORDS = re.compile(r"[A-Za-z0-9]+")


@dataclass(slots=True)
class Item:
    """A resource instance (or a data source) with its arguments and attributes in Terraform's shape."""

    address: str
    """Absolute, with module and key: `module.net["a"].aws_subnet.private[0]`."""
    type: str
    values: dict[str, Any]
    """Arguments and known attributes; unknown values as the classes of `values`. Blocks are lists of maps."""
    locate: Callable[[Path | None], Location]
    """The place of a path in `values`; None asks for the place of the item itself."""
    key: str | int | None = None
    """The key of `for_each` or the index of `count`."""
    data: bool = False
    """Whether it is a data source."""
    given: frozenset[str] | None = None
    """The arguments that the configuration says; None where the source does not tell them from attributes."""
    sparse: bool = False
    """Whether arguments that are not said are missing (HCL), so that the provider's defaults have to be added."""
    depends_on: tuple[str, ...] = ()
    """Addresses that `depends_on` names."""
    attributes: dict[str, Any] = field(default_factory=dict)
    """Attributes of the CloudFormation resource that the reader knows (`DeletionPolicy`)."""

    @property
    def base(self) -> str:
        """The address without the key of the instance."""
        return _KEY.sub("", self.address)

    def literal(self, *path: str | int) -> Any:
        """The value at `path`, or None."""
        value: Any = self.values
        for step in path:
            try:
                value = value[step]
            except (KeyError, IndexError, TypeError):
                return None
        return value


def logical_id(address: str) -> str:
    """The CloudFormation name of an address: `module.net.aws_vpc.main` is `NetVpcMain`."""
    words = [w for w in _WORDS.findall(address) if w not in ("module", "aws")]
    return "".join(w[:1].upper() + w[1:] for w in words)[:200] or "Resource"
