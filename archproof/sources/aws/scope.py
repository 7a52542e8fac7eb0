"""What is to be read of AWS: which accounts, which regions, which types, and how hard."""

from __future__ import annotations

import re
from dataclasses import dataclass

from archproof import facts
from archproof.errors import UsageError
from archproof.suggest import did_you_mean

ALL = "all"
_ROLE = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+\Z")
_REGION = re.compile(r"[a-z]{2}(?:-[a-z]+)+-\d+\Z")
_SESSION = re.compile(r"[\w+=,.@-]{2,64}\Z")
_EXTERNAL = re.compile(r"[\w+=,.@:/-]{2,1224}\Z")
_NAME = re.compile(r"[\w+=,.@/-]{1,512}\Z")


@dataclass(frozen=True, slots=True)
class Scope:
    """What is to be read. Without profiles and roles it is the account of the environment's own credentials."""

    profiles: tuple[str, ...] = ()
    """Profiles of AWS's configuration files: an account each."""
    roles: tuple[str, ...] = ()
    """ARNs of roles to assume, from the first profile: an account each."""
    organization_role: str | None = None
    """The name of a role to assume in every account of the organisation that the first profile sees."""
    external_id: str | None = None
    session_name: str = "archproof"
    regions: tuple[str, ...] = ()
    """Regions, or `all` for those that each account has enabled; the profile's own when there is none."""
    endpoint_url: str | None = None
    """Where to send everything instead of to AWS."""
    types: frozenset[str] | None = None
    """The CloudFormation types that are wanted; None for all that can be read."""
    details: bool = True
    """Whether to ask for what only a call per resource tells."""
    with_values: bool = False
    """Whether values of environments and the like are kept as they are, and not hashed."""
    threads: int = 16
    """How many calls are under way at a time."""
    attempts: int = 8
    """How often a call is tried before it counts as throttled or unreachable."""
    connect_timeout_s: float = 5
    read_timeout_s: float = 60

    def check(self) -> None:
        """Raise UsageError for what cannot be meant."""
        for role in self.roles:
            if not _ROLE.match(role):
                raise UsageError(f"'{role[:90]}' is no ARN of a role, such as arn:aws:iam::111122223333:role/Audit")
        for region in self.regions:
            if region != ALL and not _REGION.match(region):
                raise UsageError(f"'{region[:60]}' is not a region such as eu-central-1, nor `{ALL}`")
            self._known(region)
        name = self.organization_role
        if name is not None and not _NAME.match(name):
            raise UsageError(f"'{name[:60]}' is not the name of a role")
        if not _SESSION.match(self.session_name):
            raise UsageError(f"'{self.session_name[:60]}' is not the name of a session: 2 to 64 letters and digits")
        if self.external_id is not None and not _EXTERNAL.match(self.external_id):
            raise UsageError("the external id has 2 letters and digits at least")
        if not 1 <= self.threads <= 256:
            raise UsageError("the number of threads is from 1 to 256")
        if not 1 <= self.attempts <= 100:
            raise UsageError("the number of attempts is from 1 to 100")

    def _known(self, region: str) -> None:
        """Refuse a region that nobody knows and that is nearly one of those that are known."""
        if region == ALL or self.endpoint_url:
            return
        known = [r.code for r in facts.regions()]
        hint = did_you_mean(region, known)
        if region not in known and hint:
            raise UsageError(f"AWS has no region '{region}'{hint}")
