"""The calls that a live account is asked, declared as data beside the readers of their answers.

Each module of this package lists them in `CALLS`; a module whose calls depend on what is wanted has a function
`calls_for(types) -> tuple[Call, ...]` as well (`types` is None for everything). Nothing here sends anything.

>>> Call("s3", "GetBucketVersioning", ".Status MFADelete",
...      gives={"AWS::S3::Bucket": ("VersioningConfiguration",)},
...      per=Per("ListBuckets", "Buckets[]", {"Bucket": "Name"}, place="BucketRegion")).title
's3:GetBucketVersioning'
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from archproof.sources.live import Unread

ALL = "*"
"""In `Call.gives`: every property that the reader of the answer takes from it."""


def full(*types: str) -> dict[str, tuple[str, ...]]:
    """For `Call.gives`: the answer tells all that the reader takes, and the tags."""
    return dict.fromkeys(types, (ALL, "Tags"))


@dataclass(frozen=True, slots=True)
class Per:
    """What a call is sent for: each thing that the answers of another call name."""

    operation: str
    """The call that names the things: `ListBuckets`, or of another service `elbv2:DescribeLoadBalancers`."""
    each: str
    """The things in one answer of that call, as JMESPath: `Buckets[]`, `clusterArns[]`."""
    ask: Mapping[str, str]
    """Parameter → where its value is in the thing, as JMESPath: `Name`; `@` is the thing itself, `^cluster` the
    parameter `cluster` with which the other call was asked."""
    batch: int = 0
    """The most things that one call takes, in a list; 0 where it takes one, not in a list."""
    place: str = ""
    """Where the thing says its region, as JMESPath, if that may be another than its list's: `BucketRegion`."""


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """One operation that is asked of every account and region: a list, or with `per` a detail of each thing."""

    service: str
    """The name of boto3's client: `ec2`, `elbv2`."""
    operation: str
    """The operation as the API calls it: `DescribeVpcs`."""
    key: str
    """The key of the answer, as `KEYS` has it; `.` for an answer that is read as it stands, and empty where it only
    names things for other calls."""
    lists: tuple[str, ...] = ()
    """The CloudFormation types of which there are no others than those that the answers tell."""
    gives: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By type the top-level properties that the answer would tell if they were set; see `ALL`."""
    per: Per | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    """What is always said: `{"MaxBuckets": 1000}`; the text `{account}` stands for the account's number."""
    once: bool = False
    """Whether the service is global: asked in one region of an account and not in all."""
    absent: tuple[str, ...] = ()
    """Codes of errors which say that there is none (`NoSuchBucketPolicy`): an answer, and nothing unread."""
    page: int = 0
    """The most entries that a page may have, where the API's own model does not say it."""
    needs: tuple[str, ...] = ()
    """IAM actions that it takes beside its own (those of the handlers that Cloud Control calls)."""
    always: bool = False
    """Whether it is asked whichever types are wanted: it says something of resources of any type."""
    whose: bool = False
    """Whether it tells what of its things AWS made itself, so that it is asked of all, however few are wanted."""

    @property
    def title(self) -> str:
        """The call as people and policies name it: `ec2:DescribeVpcs`."""
        return f"{self.service}:{self.operation}"

    @property
    def types(self) -> frozenset[str]:
        """The CloudFormation types that the answers say anything of."""
        return frozenset(self.lists) | frozenset(self.gives)

    @property
    def file(self) -> str:
        """The name of the answers in a snapshot, without its ending; no two calls have the same."""
        name = self._named()
        if self.per is None or name not in _shared():
            return name
        return f"{name}.{''.join(_WORDS.findall(self.per.each))}"

    def _named(self) -> str:
        said = [str(v).replace("::", "-") for v in self.parameters.values() if isinstance(v, str) and "{" not in v]
        return ".".join([self.service, self.operation, *said])


@dataclass(slots=True)
class Answer:
    """What was answered to one call in one account and region, all pages of it together.

    In a snapshot the answers of a call are one file, `ACCOUNT/REGION/SERVICE.OPERATION.json`:
    `{"Asked": {"Service", "Operation", "Account", "Region", "Requests", "Unread": […]}, "Vpcs": […]}` for a list, and
    for a call per thing the same `Asked` with `"Answers": [{"Asked": {"Bucket": "a"}, "Answer": {…}}, …]`.
    """

    call: Call
    account: str | None
    region: str | None
    """The region that was asked; None for a call that is asked once an account."""
    asked: Mapping[str, Any]
    """The parameters, without those of paging and `call.parameters`."""
    value: dict[str, Any]
    """The answer in AWS's own shape, without `ResponseMetadata`; empty where there is none (see `Call.absent`)."""
    unread: list[Unread] = field(default_factory=list)
    """Why the answer is not whole; `value` has then what was read."""

    @property
    def whole(self) -> bool:
        """Whether everything was read."""
        return not self.unread


def listing(service: str, operation: str, key: str, *types: str, **more: Any) -> Call:
    """A call whose answer lists all resources of some types and tells all that is to be said of them."""
    return Call(service, operation, key, types, **{"gives": full(*types), **more})


_WORDS = re.compile(r"\w+")


@functools.cache
def _shared() -> frozenset[str]:
    """The names that more than one call would have."""
    counts = Counter(call._named() for call in declared())
    return frozenset(name for name, count in counts.items() if count > 1)


@functools.cache
def declared() -> tuple[Call, ...]:
    """Every call that a module of this package declares, in the order of the modules' names."""
    import importlib

    from archproof.discovery import constants

    found: list[Call] = []
    for name in sorted(constants("archproof.sources.responses", "KEYS")):
        found += getattr(importlib.import_module(name), "CALLS", ())
    return tuple(found)


@functools.cache
def on_demand() -> tuple[Call, ...]:
    """The calls that modules declare only where their types (`ON_DEMAND`) are wanted by name."""
    import importlib

    from archproof.discovery import constants

    found: list[Call] = []
    for name in sorted(constants("archproof.sources.responses", "KEYS")):
        module = importlib.import_module(name)
        if hasattr(module, "ON_DEMAND"):
            found += module.calls_for(frozenset(module.ON_DEMAND))
    return tuple(found)


def calls_for(types: frozenset[str] | None = None) -> tuple[Call, ...]:
    """The calls that say anything of some types (None: of all), with the calls that name their things; lists first."""
    import importlib

    from archproof.discovery import constants

    every = list(declared())
    for name in sorted(constants("archproof.sources.responses", "KEYS")):
        more = getattr(importlib.import_module(name), "calls_for", None)
        if more is not None:
            every += more(types)
    chosen = [call for call in every if types is None or call.always or call.types & types]
    kept = set(chosen)
    for call in chosen:  # grows while it is walked: what names the things is itself named by others
        for other in parents(call, every):
            if other not in kept:
                kept.add(other)
                chosen.append(other)
    position = {call: number for number, call in enumerate(every)}
    return tuple(sorted(chosen, key=lambda call: (depth(call, every), position[call])))


def parents(call: Call, every: list[Call]) -> list[Call]:
    """The calls whose answers name the things that a call is sent for; of two scopes those of its own."""
    if call.per is None:
        return []
    service, _, operation = call.per.operation.rpartition(":")
    return [
        c
        for c in every
        if c.operation == operation
        and c.service == (service or call.service)
        and all(call.parameters.get(k, v) == v for k, v in c.parameters.items())
    ]


def depth(call: Call, every: list[Call]) -> int:
    """How many calls must be answered before a call: 0 for a list."""
    return 1 + max((depth(other, every) for other in parents(call, every)), default=0) if call.per else 0
