"""How an account stands during a scan: what has failed so that asking again is of no use.

One expired token is asked of once, and not ten thousand times; a region that is not there is given up when two of its
services are not.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from archproof.sources.aws.asking import Reply
from archproof.sources.aws.faults import Fault
from archproof.sources.aws.jobs import Job

_SERVICES = 2
"""So many services of a region are unreachable, and no other was reached: the region is."""


@dataclass(slots=True)
class Standing:
    """What is known to be of no use in one account. Threads share it."""

    _lock: threading.Lock = field(default_factory=threading.Lock)
    _account: Fault | None = None
    _regions: dict[str, Fault] = field(default_factory=dict)
    _services: dict[tuple[str, str], Fault] = field(default_factory=dict)
    _reached: set[tuple[str, str]] = field(default_factory=set)
    """Services with their regions that have answered."""

    def why_not(self, job: Job) -> Fault | None:
        """Why a question of a job is not worth asking; None where it is."""
        where = job.where
        with self._lock:
            found = self._account or self._regions.get(where) or self._services.get((job.call.service, where))
        if found is None and job.hopeless():
            return Fault("denied", f"every one of the first {len(job.answers)} was denied")
        return found

    def stop(self, fault: Fault) -> None:
        """Ask nothing more in the account."""
        with self._lock:
            self._account = self._account or fault

    def learn(self, job: Job, reply: Reply) -> None:
        """Remember what an answer says of all that would be asked next, and say in it what that makes of it."""
        service, where, fault = job.call.service, job.where, reply.fault
        with self._lock:
            if fault is None or fault.code not in ("expired", "strange", "unreachable") or reply.pages:
                self._reached.add((service, where))
            if fault is None:
                return
            if fault.code == "expired":
                self._account = self._account or fault
            elif fault.code == "strange":
                reply.fault = self._strange(where, fault)
            elif fault.code == "unreachable" and not fault.status and (service, where) not in self._reached:
                self._unreachable(service, where, fault)

    def _strange(self, where: str, fault: Fault) -> Fault:
        """Credentials that are not known: the region is not enabled, or they are gone for all."""
        if any(region == where for _, region in self._reached):
            self._account = self._account or Fault("expired", f"the credentials are not known any more: {fault.why}")
            return self._account
        why = f"the region is not enabled for the account, or does not know its credentials: {fault.why}"
        return self._regions.setdefault(where, Fault("unavailable", why))

    def _unreachable(self, service: str, where: str, fault: Fault) -> None:
        self._services.setdefault((service, where), fault)
        down = [s for s, region in self._services if region == where]
        if len(down) >= _SERVICES and not any(region == where for _, region in self._reached):
            self._regions.setdefault(where, Fault("unreachable", f"the region cannot be reached: {fault.why}"))
