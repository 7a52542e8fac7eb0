"""What a rule is made of: its metadata, the check, and the hits that the check yields.

A check is a short generator over one resource; `@rule` makes a `Rule` of it. A rule of the whole system
(`@system_rule`) is called once. A value that is known only after deployment is asked for through the
context, which notes it as unknown: no rule passes in silence what it could not decide.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from archproof.errors import Location

if TYPE_CHECKING:
    from archproof.resources.resource import Resource
    from archproof.validators.context import Context
    from archproof.validators.findings import Severity

SYSTEM = "*"


class Hit:
    """One place where a rule is broken: the message, and the property's path in the resource."""

    __slots__ = ("component", "location", "message", "on", "path")

    def __init__(
        self,
        message: str,
        *path: str | int,
        on: Resource | None = None,
        location: Location | None = None,
        component: str | None = None,
    ) -> None:
        """`on`: another resource than the one checked. `location`, `component`: for what is no resource."""
        self.message = message
        self.path = path
        self.on = on
        self.location = location
        self.component = component


Check = Callable[["Resource", "Context"], Iterator[Hit]]
SystemCheck = Callable[["Context"], Iterator[Hit]]


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """A rule: what it is called, what it asks, why, and what to do where it is broken."""

    id: str
    severity: Severity
    title: str
    why: str
    remediation: str
    frameworks: dict[str, tuple[str, ...]]
    """Control ids by framework: `fsbp`, `security_hub`, `cis` (5.0), `well_architected`."""
    types: tuple[str, ...]
    check: Callable[..., Iterator[Hit]]
    url: str = ""
    """Where more is said about it."""

    @property
    def whole_system(self) -> bool:
        """Whether it is called once, for the system, and not for each resource."""
        return self.types == (SYSTEM,)


def metadata(
    id: str, severity: Severity, types: tuple[str, ...], check: Callable[..., Iterator[Hit]], *,
    title: str, why: str, fix: str, wa: str, fsbp: str = "", hub: str = "", cis: str = "",
) -> Rule:  # fmt: skip
    """Make a rule. `wa`, `fsbp`, `hub`, `cis`: control ids with spaces between them."""
    named = {"fsbp": fsbp, "security_hub": hub, "cis": cis, "well_architected": wa}
    frameworks = {name: tuple(ids.split()) for name, ids in named.items() if ids}
    return Rule(id, severity, title, why, fix, frameworks, types, check)


def of_engine(
    id: str, severity: Severity, title: str, *, why: str = "", remediation: str = "", url: str = "",
    frameworks: dict[str, tuple[str, ...]] | None = None, types: tuple[str, ...] = (),
) -> Rule:  # fmt: skip
    """Make the description of a rule that an engine runs, and not archproof."""
    return Rule(id, severity, title, why or title, remediation, frameworks or {}, types, lambda *_: iter(()), url)


def rule(id: str, severity: Severity, *types: str, **about: str) -> Callable[[Check], Rule]:
    """Make a rule of a check of one resource, for every resource of `types`.

    `about`: `title`, `why`, `fix` (what to do), and the control ids `wa`, `fsbp`, `hub`, `cis`.
    """

    def make(check: Check) -> Rule:
        return metadata(id, severity, types, check, **about)

    return make


def system_rule(id: str, severity: Severity, **about: str) -> Callable[[SystemCheck], Rule]:
    """Make a rule of a check of the whole system; `about` as for `rule`."""

    def make(check: SystemCheck) -> Rule:
        return metadata(id, severity, (SYSTEM,), check, **about)

    return make


def model_rule(id: str, severity: Severity, **about: str) -> Callable[[SystemCheck], Rule]:
    """Make a rule of what people say in a model: its words, its decisions, what a whole system should have.

    Of a source that is no model (a template is a part, and has no such words) it says nothing; `about` as for `rule`.
    """

    def make(check: SystemCheck) -> Rule:
        @functools.wraps(check)
        def of_model(ctx: Context) -> Iterator[Hit]:
            if ctx.architecture is not None and ctx.architecture.given is None:
                yield from check(ctx)

        return metadata(id, severity, (SYSTEM,), of_model, **about)

    return make


def dotted(path: tuple[Any, ...]) -> str | None:
    """A property's path as text: `VpcConfig.SubnetIds.0`; None for the resource itself."""
    return ".".join(map(str, path)) or None
