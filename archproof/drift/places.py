"""Where resources live: what is declared for one account and region is never something of another."""

from __future__ import annotations

import functools

from archproof.drift.resolving import place
from archproof.resources.resource import Resource, Resources
from archproof.sources.live import Live


class Places:
    """The accounts and regions of both sides."""

    def __init__(self, declared: Resources, live: Live) -> None:
        self.declared = declared
        self.live = live
        self._wanted = {place(declared, r) for r in declared}
        self._listed: dict[str, list[tuple[str | None, str | None]]] = {}
        for account, region, type in live.listed:
            self._listed.setdefault(type, []).append((account, region))

    def fit(self, resource: Resource, live: Resource) -> bool:
        """Whether a live resource is where a declared one is; what is not known fits."""
        region, account = place(self.declared, resource)
        return _same(account, live.account) and (is_global(resource.type) or _same(region, live.region))

    def concerns(self, live: Resource) -> bool:
        """Whether a live resource is in an account and a region of which the declared side speaks."""
        return any(
            _same(account, live.account) and (is_global(live.type) or _same(region, live.region))
            for region, account in self._wanted
        )

    def listed(self, resource: Resource) -> bool:
        """Whether all resources of the type were listed where a declared one is."""
        region, account = place(self.declared, resource)
        if self.live.was_listed(account, region, resource.type):
            return True
        everywhere = is_global(resource.type)
        return any(
            _same(account, a) and (everywhere or _same(region, r)) for a, r in self._listed.get(resource.type, ())
        )


@functools.cache
def is_global(type: str) -> bool:
    """Whether resources of a type live in no region."""
    from archproof import facts

    service = facts.service_of(type)
    return type == "AWS::S3::Bucket" or (service is not None and service.scope == "global")


def _same(wanted: str | None, found: str | None) -> bool:
    return wanted is None or found is None or wanted == found
