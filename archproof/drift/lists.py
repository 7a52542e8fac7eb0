"""Which entries of two lists belong together: by place where order counts, else by value, identity and likeness."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, NamedTuple

from archproof.facts import Shape

_IN_ORDER = re.compile(
    r"^(Commands?|EntryPoints?|Args|Arguments|ContainerEntrypoint|ContainerArguments|Layers|CacheBehaviors|Steps|Stages|"
    r"Transitions|Transformations|TextTransformations|Sequence|PathComponents|DomainNameServers|NtpServers|Mutations|"
    r"TerminationPolicies|Overrides|CorsRules|RoutingRules|Columns|SortColumns|PartitionKeys|KeyColumns|"
    r"ClusteringKeyColumns|PartitionKeyColumns|SortOrder|Accept|Challenges|Processors|Messages)$"
)
"""Lists whose order means something though the registry seldom says so."""
_SET = re.compile(
    r"(Ids|Arns|ARNs|Groups|Types|Tags|Addresses|Cidrs|CidrBlocks|Records|Names|Protocols|Headers|Methods|Origins|"
    r"Resources|Accounts|Regions|Zones|Subnets|Buckets|Ports|Principals|Values|Metrics|Events|Keys|Emails|Topics|"
    r"Patterns|Permissions|Actions|Scopes|Urls|URLs|Users|Roles|Features|Attributes|Options|Parameters|Rules)$"
)
"""Lists of which the order means nothing though the registry says, without thought, that it does."""
_IDENTITY = (
    ("Key",), ("TagKey",), ("Namespace", "OptionName"), ("Name",), ("Id",), ("ID",), ("Sid",), ("Arn",), ("ARN",),
    ("IndexName",), ("AttributeName",), ("ParameterName",), ("DeviceName",), ("PolicyName",), ("ContainerName",),
    ("ParameterKey",), ("VolumeName",), ("SubnetId",), ("Field",), ("Priority",), ("Order",), ("RuleId",),
    ("RuleName",), ("Type",), ("Port",), ("HttpMethod",), ("Principal",), ("DimensionName",), ("FieldName",),
)  # fmt: skip
SAME, ALIKE, DIFFERENT = 0, 1, 2
"""How two entries compare: all of them, as far as anyone can tell, or not."""
_ENCODE = json.JSONEncoder(sort_keys=True, default=str).encode
_FEW = 900
"""The most comparisons that are cheaper than an index of what the entries hold."""
_MOST = 10_000
"""The most comparisons of entry with entry; longer lists are paired by identity and place."""


class Pairs(NamedTuple):
    """The places of the entries of two lists."""

    together: list[tuple[int, int]]
    declared: list[int]
    """Without a partner."""
    live: list[int]
    """Without a partner."""


def is_ordered(trail: tuple[str, ...], declared: list[Any], live: list[Any], shape: Shape | None) -> bool:
    """Whether the order of a list counts: as the registry says, else by what is known of such lists."""
    if shape is not None and shape.ordered is False:
        return False
    if all(isinstance(one, dict) and ("Priority" in one or "Order" in one) for one in (*declared, *live)):
        return False
    # the members of a group of origins: the first is asked first
    if _IN_ORDER.match(trail[-1]) or trail[-2:] == ("Members", "Items"):
        return True
    if shape is not None and shape.ordered:
        return not (shape.unique or _SET.search(trail[-1]) or _identity(declared, live))
    return bool(declared) and isinstance(declared[0], list)


def is_map(entries: list[Any]) -> bool:
    """Whether a list is a map in the form of names and values, of which AWS may hold more than were declared."""
    if not entries:
        return False
    valued = False
    for entry in entries:
        if not isinstance(entry, dict) or not _MAP.issuperset(entry) or not entry_name(entry):
            return False
        valued = valued or not _VALUE_NAMES.isdisjoint(entry)
    return valued


_NAMES = ("Key", "TagKey", "key", "OptionName", "Name", "ParameterName", "ParameterKey", "name")
_OWN = re.compile(r"(^|[a-z])(Tags|TagList|TagSet|Variables|EnvironmentVariables)$|^(tags|Environment)$")
_VALUES = ("Value", "TagValue", "value", "ParameterValue")
_VALUE_NAMES = frozenset(_VALUES)
_MAP = frozenset((*_NAMES, *_VALUES, "Namespace", "ResourceName", "PropagateAtLaunch"))


def is_own(name: Any, declared: Any) -> bool:
    """Whether a map that is stated is all the user's own: tags and variables, to which no service adds a default."""
    return bool(declared) and isinstance(name, str) and _OWN.search(name) is not None


def entry_name(entry: dict[str, Any]) -> str:
    """The name in an entry of such a map."""
    for name in _NAMES:
        found = entry.get(name)
        if isinstance(found, str):
            return found
    return ""


def entry_value(entry: dict[str, Any]) -> Any:
    """The value in an entry of such a map."""
    return next((entry[n] for n in _VALUES if n in entry), None)


def pairs(declared: list[Any], live: list[Any], ordered: bool, alike: Callable[[Any, Any], int]) -> Pairs:
    """Pair the entries of two lists; those that are the same go first, then those that are meant to be."""
    if ordered:
        shorter = min(len(declared), len(live))
        return Pairs([(i, i) for i in range(shorter)], [*range(shorter, len(declared))], [*range(shorter, len(live))])
    together: list[tuple[int, int]] = []
    mine, theirs = _equal(declared, live, together)
    identity = _identity([declared[d] for d in mine], [live[i] for i in theirs])
    if identity:
        mine, theirs = _by_identity(mine, theirs, together, declared, live, identity)
    if len(mine) * len(theirs) <= _MOST:
        mine, theirs = _matched(mine, theirs, together, lambda d, i: alike(declared[d], live[i]))
    mine, theirs = _rest(mine, theirs, together, declared, live)
    together.sort()
    return Pairs(together, mine, theirs)


def _equal(declared: list[Any], live: list[Any], together: list[tuple[int, int]]) -> tuple[list[int], list[int]]:
    """Pair what is equal as it stands."""
    if len(declared) * len(live) <= _FEW:
        rest = list(range(len(live)))
        mine = []
        for d, value in enumerate(declared):
            at = next((i for i in rest if live[i] == value), None)
            if at is None:
                mine.append(d)
            else:
                together.append((d, at))
                rest.remove(at)
        return mine, rest
    places: dict[str, list[int]] = {}
    for i in range(len(live) - 1, -1, -1):
        places.setdefault(_text(live[i]), []).append(i)
    mine = []
    for d, value in enumerate(declared):
        held = places.get(_text(value))
        if held:
            together.append((d, held.pop()))
        else:
            mine.append(d)
    return mine, sorted(i for held in places.values() for i in held)


def _text(value: Any) -> str:
    return _ENCODE(value) if isinstance(value, dict | list) else repr(value)


def _matched(
    mine: list[int], theirs: list[int], together: list[tuple[int, int]], alike: Callable[[int, int], int]
) -> tuple[list[int], list[int]]:
    """Pair what is the same in another way of writing; then what is the same as far as anyone can tell."""
    ranks: dict[tuple[int, int], int] = {}
    for wanted in (SAME, ALIKE):
        left = []
        for d in mine:
            for i in theirs:
                if ranks.setdefault((d, i), -1) < 0:
                    ranks[d, i] = alike(d, i)
                if ranks[d, i] == wanted:
                    together.append((d, i))
                    theirs = [other for other in theirs if other != i]
                    break
            else:
                left.append(d)
        mine = left
    return mine, theirs


def _identity(declared: list[Any], live: list[Any]) -> tuple[str, ...] | None:
    """The names by which the entries of two lists are told apart, if there are such."""
    if not declared or not live or not all(isinstance(v, dict) for v in (*declared, *live)):
        return None
    for names in _IDENTITY:
        if names[0] in declared[0] and all(_apart(side, names) for side in (declared, live)):
            return names
    return None


def _apart(entries: list[dict[str, Any]], names: tuple[str, ...]) -> bool:
    """Whether each entry has its own value of some names."""
    keys = {_key(entry, names) for entry in entries}
    return None not in keys and len(keys) == len(entries)


def _key(value: dict[str, Any], names: tuple[str, ...]) -> tuple[str, ...] | None:
    found = []
    for name in names:
        one = value.get(name)
        if not isinstance(one, str | int):
            return None
        found.append(str(one))
    return tuple(found)


def _by_identity(
    mine: list[int],
    theirs: list[int],
    together: list[tuple[int, int]],
    declared: list[Any],
    live: list[Any],
    names: tuple[str, ...],
) -> tuple[list[int], list[int]]:
    held = {_key(live[i], names): i for i in theirs}
    left = []
    for d in mine:
        at = held.pop(_key(declared[d], names), None)
        if at is None:
            left.append(d)
        else:
            together.append((d, at))
    return left, sorted(held.values())


def _rest(
    mine: list[int], theirs: list[int], together: list[tuple[int, int]], declared: list[Any], live: list[Any]
) -> tuple[list[int], list[int]]:
    """Pair objects that have the most in common, so that one changed value is told as that value."""
    if not mine or not theirs or len(mine) * len(theirs) > _MOST:
        return mine, theirs
    both = all(isinstance(declared[d], dict) for d in mine) and all(isinstance(live[i], dict) for i in theirs)
    if not both:
        if len(mine) == len(theirs) == 1:
            together.append((mine[0], theirs[0]))
            return [], []
        return mine, theirs
    scores = sorted((-_common(declared[d], live[i]), d, i) for d in mine for i in theirs)
    done: set[int] = set()
    taken: set[int] = set()
    for score, d, i in scores:
        if score and d not in done and i not in taken:
            together.append((d, i))
            done.add(d)
            taken.add(i)
    return [d for d in mine if d not in done], [i for i in theirs if i not in taken]


def _common(a: dict[str, Any], b: dict[str, Any]) -> int:
    return sum(2 if a[k] == b[k] else 0 for k in a if k in b) + (
        1 if len(a) == len(b) == 1 and a.keys() == b.keys() else 0
    )
