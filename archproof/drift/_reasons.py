"""Why something was not read: the call that was denied, what nothing here reads, or what nobody asked for."""

from __future__ import annotations

from archproof.resources.resource import Resource
from archproof.sources.live import Live, Unread


class Reasons:
    """What the reader told of what it could not read."""

    def __init__(self, live: Live) -> None:
        self._by_id: dict[str, list[Unread]] = {}
        self._by_type: dict[str, list[Unread]] = {}
        self._other: list[Unread] = []
        for unread in live.unread:
            if unread.id is not None:
                self._by_id.setdefault(unread.id, []).append(unread)
            for type in unread.types:
                self._by_type.setdefault(type, []).append(unread)
            if unread.id is None and not unread.types:
                self._other.append(unread)

    def of_property(self, live: Resource, property: str) -> str:
        """Why a property of a live resource was not read."""
        for id in (live.physical_id, live.address):
            for unread in self._by_id.get(id or "", ()):
                if not unread.properties or property in unread.properties:
                    return said(unread)
        for unread in self._by_type.get(live.type, ()):
            if unread.id is None and _near(unread, live) and (not unread.properties or property in unread.properties):
                return said(unread)
        return "no call that was made tells it"

    def hides(self, live: Resource, property: str) -> bool:
        """Whether a call failed that would have told a property of a live resource, however much another told of it."""
        own = [u for id in (live.physical_id, live.address) for u in self._by_id.get(id or "", ())]
        if any(not u.properties or property in u.properties for u in own):
            return True
        return any(
            u.id is None and _near(u, live) and property in u.properties for u in self._by_type.get(live.type, ())
        )

    def of_type(self, resource: Resource, region: str | None, account: str | None) -> str:
        """Why it is not known whether a declared resource is there."""
        for unread in self._by_type.get(resource.type, ()):
            if unread.id is None and unread.region in (None, region) and unread.account in (None, account):
                return said(unread)
        for unread in self._other:
            if unread.region in (None, region) and unread.account in (None, account) and unread.code in _WIDE:
                return said(unread)
        return f"not every {resource.type} was listed"


_WIDE = ("expired", "unreachable")


def said(unread: Unread) -> str:
    """What could not be read, with the call."""
    call = f"{unread.operation}: " if unread.operation and unread.operation not in unread.why else ""
    return call + unread.why


def _near(unread: Unread, live: Resource) -> bool:
    return unread.region in (None, live.region) and unread.account in (None, live.account)
