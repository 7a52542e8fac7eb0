"""The entries of all files, each with its region and account, and the order in which they are read."""

from __future__ import annotations

import importlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from archproof.errors import Unknown
from archproof.model.json import parse
from archproof.model.yaml import Mark
from archproof.resources.resource import Resources
from archproof.sources.live import Unread
from archproof.sources.reading import Probe
from archproof.sources.responses import _files
from archproof.sources.responses._call import Answer, Call
from archproof.sources.responses._heard import Heard, asked_of, call_of, module_with, unread_of
from archproof.sources.responses._item import NOWHERE, Item
from archproof.sources.responses._snapshot import Snapshot

_REGION = re.compile(r"(?<![a-z0-9])([a-z]{2}(?:-[a-z]+){1,2}-\d)(?![0-9])")
_ACCOUNT = re.compile(r"(?<![0-9a-z])(\d{12})(?![0-9a-z])")
_ARN = re.compile(r"arn:aws[a-z-]*:[a-z0-9-]+:([a-z0-9-]*):(\d{12}|):")
_QUEUE = re.compile(r"https?://(?:sqs\.([a-z0-9-]+)\.|([a-z0-9-]+)\.queue\.)[\w.:-]+/(\d{12})/")
"""The address of a queue, which says where it is as an ARN does."""
_PAGING = frozenset(
    ("ResponseMetadata", "NextToken", "nextToken", "Marker", "NextMarker", "IsTruncated", "MaxItems", "MaxResults")
)
"""What stands beside the entries of a response and says nothing of the system."""
_NEXT = (
    "NextToken", "nextToken", "NextMarker", "nextMarker", "Marker", "position", "PaginationToken", "NextRecordName",
    "LastEvaluatedTableName", "ContinuationToken", "NextPageToken", "nextPageToken", "Truncated", "HasMoreStreams",
    "HasMoreDeliveryStreams",
)  # fmt: skip
_DEPTH = 4
_GONE = frozenset({"deleted", "deleting", "rejected", "expired", "failed", "terminated", "DELETED", "INACTIVE"})
_STATES = ("State", "Status", "status")
_FIELDS = re.compile(r"(?:Id|ID|Arn|ARN|Name|arn|name|Url)\Z")


class Gathering:
    """The entries of every response of a snapshot."""

    def __init__(self, resources: Resources, *, live: bool = False) -> None:
        self.resources = resources
        self.live = live
        """Whether it is to be told what was asked, for answers that do not say it too."""
        self.items: list[Item] = []
        self.heard: list[Heard] = []
        """The answers, each with what was asked, as far as that is known."""
        self.unread: list[Unread] = []
        """What is unread of no call that is known here."""

    def file(self, probe: Probe) -> None:
        """Gather the entries of one file. Raises InputError where it is not JSON."""
        before, unknown = len(self.items), len(self.resources.unknown)
        known = False
        for text in _files.texts(probe):
            parsed = parse(text, probe.name)
            value, mark = parsed.value, parsed.mark
            key = self._key_of_list(value, probe)
            if key is not None:
                value, mark = {key: value}, mark._replace(children={key: mark})
            region, account = _of_path(probe.name)
            if isinstance(value, dict) and isinstance(value.get("Asked"), dict):
                known = self._asked(value, mark, probe) or known
                continue
            known = self._response(value, mark, probe.name, region, account, 0) or known
        if len(self.items) == before and len(self.resources.unknown) == unknown and not known:
            self.resources.notes.append(f"{probe.name}: left out, no response of AWS")
        else:
            self.resources.sources[probe.name] = probe.text

    def _asked(self, value: dict[str, Any], mark: Mark, probe: Probe) -> bool:
        """Gather the answers of one call that a snapshot of the tool's own holds, with what was asked."""
        said = asked_of(value["Asked"], probe.path.stem)
        if said is None:  # no list of anything: who could not be signed in to
            self.unread += unread_of(value["Asked"])
            return bool(self.unread)
        call, account, region, unread = said
        if "Answers" not in value:
            rest = {k: v for k, v in value.items() if k != "Asked"}
            self._answer(call, rest, mark, probe.name, {}, region, account)
            self.heard.append(Heard(call, account, region, {}, rest, not unread, unread))
            return True
        found = value["Answers"] if isinstance(value["Answers"], list) else []
        for number, entry in enumerate(found):
            answer = entry.get("Answer") if isinstance(entry, dict) else None
            asked = entry.get("Asked") if isinstance(entry, dict) else None
            if not isinstance(answer, dict) or not isinstance(asked, dict):
                where = mark.children["Answers"]
                self.resources.unknown.append(Unknown(call.title, "an entry without Asked and Answer", where.key()))
                continue
            inner = mark.children["Answers"].children[number].children["Answer"]
            self._answer(call, answer, inner, probe.name, asked, region, account)
            whole = entry.get("Whole", True) is True
            self.heard.append(Heard(call, account, region, asked, answer, whole, []))
        if unread or not found:
            self.heard.append(Heard(call, account, region, None, {}, not unread, unread))
        return True

    def answers(self, answers: Iterable[Answer]) -> None:
        """Gather answers that stand in no file."""
        for answer in answers:
            self._answer(answer.call, answer.value, NOWHERE, "-", answer.asked, answer.region, answer.account)
            self.heard.append(
                Heard(answer.call, answer.account, answer.region, answer.asked, answer.value, answer.whole,
                      answer.unread)
            )  # fmt: skip

    def _answer(
        self, call: Call, value: dict[str, Any], mark: Mark, file: str, asked: Any, region: str | None,
        account: str | None,
    ) -> None:  # fmt: skip
        """Gather the entries of the answer to a call that is known."""
        start = len(self.items)
        if call.key.startswith("."):
            if call.key == "." or value.get(call.key[1:].split()[0]) is not None:
                self.items.append(Item(call.key, value, mark, file, value))
        elif call.key:
            for key, held in value.items():
                if held is None or (key != call.key and (key not in _files.table() or not _known(key, held))):
                    continue
                inner = mark.children[key] if mark.children else mark
                if self.resources.lists is not None:
                    self.resources.lists.add(key)
                if isinstance(held, list):
                    for number, entry in enumerate(held):
                        there = inner.children[number] if inner.children else inner
                        self.items.append(Item(key, entry, there, file, value))
                else:
                    self.items.append(Item(key, held, inner, file, value))
        for item in self.items[start:]:
            item.region, item.account, item.asked, item.call = region, account, asked, call

    def _key_of_list(self, value: Any, probe: Probe) -> str | None:
        """The response that a bare list (of `--query`) is of, by the file's name and its entries."""
        if not isinstance(value, list) or not value or not isinstance(value[0], dict):
            return None
        stem = re.sub(r"[^a-z]", "", probe.path.stem.lower())
        keys = [k for k in _files.table() if stem.endswith(k.lower()) and _files.module_of(k, value[0])]
        return max(keys, key=len) if keys else None

    def _response(self, value: Any, mark: Mark, file: str, region: str | None, account: str | None, depth: int) -> bool:
        """Gather from a response, or from what holds some; say whether any was found, however empty."""
        if depth > _DEPTH:
            return False
        if isinstance(value, list):
            found = [
                self._response(v, mark.children[n], file, region, account, depth + 1)
                for n, v in enumerate(value)
                if isinstance(v, dict)
            ]
            return any(found)
        if not isinstance(value, dict):
            return False
        items = []
        any_known = False
        for key, held in value.items():
            if key not in _files.table() or not (held == [] or held == {} or _known(key, held)):
                continue
            any_known = True
            if self.resources.lists is not None:
                self.resources.lists.add(key)
            items += list(self._entries(key, held, mark.children[key], file, value))
            if self.live and (call := call_of(file, key)) is not None and isinstance(held, dict | list):
                for here, whose in _said_by(held) or [(region, account)]:
                    whole = not _goes_on(value)
                    self.heard.append(Heard(call, whose or account, here or region, None, value, whole, [], file))
        key = None if any_known else _files.whole(value)
        if key is not None:
            any_known = True
            items.append(Item(key, value, mark, file, value))
        for item in items:
            item.region, item.account = region, account
        self.items += items
        if not any_known:
            any_known = self._around(value, mark, file, region, account, depth)
        self._others(value, mark, any_known, depth)
        return any_known

    def _around(self, value: Any, mark: Mark, file: str, region: str | None, account: str | None, depth: int) -> bool:
        """Look for responses in a map that is none itself; a key may be the region or the account of what it holds."""
        found = False
        for key, held in value.items():
            if isinstance(held, dict | list):
                here = key if _REGION.fullmatch(key) else region
                whose = key if _ACCOUNT.fullmatch(key) else account
                found = self._response(held, mark.children[key], file, here, whose, depth + 1) or found
        return found

    def _entries(self, key: str, held: Any, mark: Mark, file: str, around: dict[str, Any]) -> Iterator[Item]:
        if isinstance(held, str):
            why = "a text where a list stands"
            self.resources.unknown.append(Unknown(key, why, mark.at()))
            return
        if not isinstance(held, list):
            yield Item(key, held, mark, file, around)
            return
        for number, entry in enumerate(held):
            if _files.module_of(key, entry):
                yield Item(key, entry, mark.children[number], file, around)
            else:
                why = f"an entry of {key} without the field that tells what it is"
                self.resources.unknown.append(Unknown(key, why, mark.children[number].at()))

    def _others(self, value: dict[str, Any], mark: Mark, any_known: bool, depth: int) -> None:
        """Tell the keys of a response that nothing here reads."""
        if any_known and not _is_reply(value):
            return
        for key, held in value.items():
            listed = isinstance(held, list) and held and all(_is_entry(entry) for entry in held)
            if key in _PAGING or not listed or _known(key, held) or (depth and not any_known):
                continue
            what = f"{len(held)} entr{'y' if len(held) == 1 else 'ies'} of the response {key}"
            self.resources.unknown.append(Unknown(what, "no reader for this response of AWS", mark.children[key].key()))

    # -- where in AWS

    def places(self, region: str | None) -> None:
        """Give every entry its region and account: its own, its file's, its folder's, the snapshot's."""
        own = [(None, None) if item.call else _said(item.value) for item in self.items]
        by_file: dict[str, tuple[set[str], set[str]]] = {}
        for item, (here, whose) in zip(self.items, own, strict=True):
            for name in _prefixes(item.file):
                regions, accounts = by_file.setdefault(name, (set(), set()))
                regions |= {here or item.region or ""} - {""}
                accounts |= {whose or item.account or ""} - {""}
        for item, (here, whose) in zip(self.items, own, strict=True):
            if item.call is not None:
                continue
            item.region = here or item.region or _single(item.file, by_file, 0) or region
            item.account = whose or item.account or _single(item.file, by_file, 1)
        self.heard = [self._placed(heard, by_file, region) for heard in self.heard]
        most = Counter(item.region for item in self.items if item.region).most_common(1)
        owner = Counter(item.account for item in self.items if item.account).most_common(1)
        self.resources.region = most[0][0] if most else region or self.resources.region
        self.resources.account = owner[0][0] if owner else None

    def _placed(self, heard: Heard, found: dict[str, tuple[set[str], set[str]]], region: str | None) -> Heard:
        """What was heard without a word of where, in its place."""
        if not heard.file:
            return heard
        here = None if heard.call.once else heard.region or _single(heard.file, found, 0) or region
        return heard._replace(account=heard.account or _single(heard.file, found, 1), region=here)

    # -- reading

    def read(self, snapshot: Snapshot) -> None:
        """Have every entry read by its module: what stands alone first, then what speaks of others."""
        modules = {name: importlib.import_module(name) for name in dict.fromkeys(self._modules()) if name}
        first: list[tuple[Item, Any]] = []
        later: list[tuple[int, int, Item, Any]] = []
        for item, name in zip(self.items, self._modules(), strict=True):
            if not name:
                self._stranger(item)
                continue
            module = modules[name]
            order = getattr(module, "LATER", ())
            key = item.call.title if item.call and item.call.title in module.READERS else item.key
            if key not in order or (hasattr(module, "early") and module.early(item)):
                first.append((item, module.READERS[key]))
            else:  # in the order in which the module names them, then in that of the files
                later.append((order.index(key), len(later), item, module.READERS[key]))
        for item, reader in first + [entry[2:] for entry in sorted(later, key=lambda entry: entry[:2])]:
            if _is_gone(item.value):
                snapshot.left_out(item, "deleted things")
                continue
            snapshot.here = item
            try:
                reader(item, snapshot)
            except (AttributeError, IndexError, KeyError, TypeError, ValueError):
                # fields of another shape than AWS gives them; what the entry is stays told
                snapshot.unreadable(item, f"an entry of {item.key} whose fields have not the shape that AWS gives them")
        for module in modules.values():
            if hasattr(module, "finish"):
                module.finish(snapshot)
        snapshot.note()

    def _stranger(self, item: Item) -> None:
        why = f"an entry of {item.key} without the field that tells what it is"
        self.resources.unknown.append(Unknown(item.key, why, item.mark.at()))

    def _modules(self) -> list[str]:
        return [
            (module_with(item.call) if item.call and item.key == item.call.key else None)
            or _files.module_of(item.key, item.value)
            or ""
            for item in self.items
        ]


def _goes_on(value: dict[str, Any]) -> bool:
    """Whether a response says that there is another page."""
    return value.get("IsTruncated") is True or any(value.get(key) for key in _NEXT)


def _known(key: str, held: Any) -> bool:
    if isinstance(held, list):
        return any(_files.module_of(key, entry) for entry in held)
    return _files.module_of(key, held) is not None


def _is_entry(entry: Any) -> bool:
    return isinstance(entry, dict) and any(_FIELDS.search(k) and isinstance(v, str) for k, v in entry.items())


def _is_reply(value: dict[str, Any]) -> bool:
    return any(key in _files.table() for key in value)


def _is_gone(value: Any) -> bool:
    """Whether an entry says that what it tells of is deleted, or about to be."""
    if not isinstance(value, dict):
        return False
    for name in _STATES:
        state = value.get(name)
        if isinstance(state, dict):
            state = state.get("Code")
        if isinstance(state, str) and state in _GONE:
            return True
    return False


def _of_path(name: str) -> tuple[str | None, str | None]:
    """The region and the account that the path of a file names; the nearest to the file wins."""
    regions, accounts = _REGION.findall(name), _ACCOUNT.findall(name)
    return regions[-1] if regions else None, accounts[-1] if accounts else None


def _prefixes(file: str) -> list[str]:
    parts = re.split(r"(?<=[/\\])", file)
    return ["".join(parts[:end]) for end in range(len(parts), -1, -1)]


def _single(file: str, found: dict[str, tuple[set[str], set[str]]], which: int) -> str | None:
    """What the file says with one voice, else its folder, and so on up."""
    for name in _prefixes(file):
        if name not in found:
            continue
        said = found[name][which]
        if len(said) == 1:
            return next(iter(said))
        if said:
            return None
    return None


def _said(value: Any) -> tuple[str | None, str | None]:
    """The region and the account that an entry itself tells."""
    if isinstance(value, str):
        if (queue := _QUEUE.match(value)) and _REGION.fullmatch(queue[1] or queue[2]):
            return queue[1] or queue[2], queue[3]
        match = _ARN.match(value)
        return (match[1] or None, match[2] or None) if match else (None, None)
    region = account = None
    zone = value.get("AvailabilityZone") or value.get("ZoneName")
    placement = value.get("Placement")
    if zone is None and isinstance(placement, dict):
        zone = placement.get("AvailabilityZone")
    if isinstance(zone, str) and (match := _REGION.match(zone)):
        region = match[1]
    owner = value.get("OwnerId")
    if isinstance(owner, str) and _ACCOUNT.fullmatch(owner):
        account = owner
    for key, held in value.items():
        own = isinstance(held, str) and key.lower().endswith("arn") and _is_own(key, value)
        if own and (match := _ARN.match(held)):
            region, account = region or match[1] or None, account or match[2] or None
    for held in value.get("Instances", ()) if isinstance(value.get("Instances"), list) else ():
        region = region or (_said(held)[0] if isinstance(held, dict) else None)
    return region, account


def _said_by(held: Any) -> list[tuple[str | None, str | None]]:
    """The regions and accounts that the entries of a list tell, where any does: it is a list of each of them."""
    found = dict.fromkeys(_said(entry) for entry in held if isinstance(entry, dict | str)) if held else {}
    return [place for place in found if place[0]] if isinstance(held, list) else []


_FOREIGN = re.compile(r"role|kms|certificate|destination|policy|principal|boundary", re.I)


def _is_own(key: str, value: dict[str, Any]) -> bool:
    """Whether an ARN is the entry's own, and not of what it uses."""
    return key.lower() == "arn" or not _FOREIGN.search(key) or len(value) <= 3
