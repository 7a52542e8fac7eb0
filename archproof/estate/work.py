"""One unit done: the account is read, compared with its model and checked. Whatever goes wrong is in the outcome."""

from __future__ import annotations

import dataclasses
import datetime
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from archproof.errors import ArchproofError
from archproof.estate.models import Packed, at_home, unpack
from archproof.estate.units import Outcome, Unit

if TYPE_CHECKING:
    from archproof.resources.resource import Resources
    from archproof.sources.live import Live


class Plan(NamedTuple):
    """What is done with every unit: plain data."""

    models: Mapping[str, Packed]
    today: datetime.date
    check: bool = True
    """Whether every rule is run on what is live."""
    threads: int = 8
    """Calls of one unit that are under way at a time."""
    endpoint_url: str | None = None


def do(unit: Unit, plan: Plan) -> Outcome:
    """Do one unit."""
    started = time.monotonic()
    outcome = Outcome(unit.account, unit.region, unit.name, unit.model)
    try:
        live, bound = _read(unit, plan)
        outcome.resources, outcome.calls = len(live.resources), live.calls
        outcome.unread = [unread.as_dict() for unread in live.unread]
        if not live.resources and live.unread and not live.listed:
            first = live.unread[0]
            raise ArchproofError(f"{first.code}: {first.why}")
        if unit.live is None:
            _same_account(unit, live)
        if unit.model is not None:
            _compare(unit, live, plan, outcome)
        if plan.check:
            _check(bound(), plan, outcome)
        outcome.status = "partial" if outcome.unread or outcome.unknown else "ok"
    except ArchproofError as error:
        outcome.status, outcome.error = "failed", str(error)
    except Exception as error:
        # one account must not take the others with it: what nobody foresaw is the outcome of this one alone
        outcome.status, outcome.error = "failed", f"{type(error).__name__}: {error}"
    outcome.seconds = round(time.monotonic() - started, 3)
    return outcome


def _read(unit: Unit, plan: Plan) -> tuple[Live, Callable[[], Resources]]:
    """What is live, and the function that gives it with references, as rules take it."""
    if unit.live is not None:
        from archproof.drift import living
        from archproof.sources.reading import Request, read

        path, request = unit.live, Request(region=unit.region)
        return living.of_path(path, request), lambda: read(path, request)
    from archproof.sources.aws import account
    from archproof.sources.aws.scope import Scope

    scope = Scope(
        profiles=(unit.profile,) if unit.profile else (),
        roles=(unit.assume_role,) if unit.assume_role else (),
        external_id=unit.external_id,
        regions=(unit.region,),
        endpoint_url=plan.endpoint_url,
        threads=plan.threads,
    )
    if plan.check or unit.model is None:
        live, resources = account.read_bound(scope)
        return live, lambda: resources
    from archproof.drift import system
    from archproof.resources.lowering import lower
    from archproof.resources.resource import Resources

    architecture = unpack(plan.models[unit.model])
    choose = system.choosing(architecture, at=(unit.account, unit.region))
    return account.read(dataclasses.replace(scope, types=system.wanted(lower(architecture))), choose=choose), Resources


def _same_account(unit: Unit, live: Live) -> None:
    """See that it is the account of the unit that was read: of another, nothing must pass for the unit's."""
    read = {account for account, _, _ in live.listed if account is not None}
    if read and unit.account not in read:
        who = unit.assume_role or (f"the profile {unit.profile}" if unit.profile else "the environment")
        raise ArchproofError(f"the credentials of {who} are those of account {', '.join(sorted(read))}")


def _compare(unit: Unit, live: Live, plan: Plan, outcome: Outcome) -> None:
    from archproof.drift import system
    from archproof.drift.masking import masked

    packed = plan.models[unit.model or ""]
    comparison = system.compare(unpack(packed), live, today=plan.today, at=(unit.account, unit.region))
    outcome.differences = [at_home(d.as_dict(), packed) for d in masked(comparison).differences]
    outcome.missing = [at_home(w.as_dict(), packed) for w in comparison.missing]
    outcome.unmanaged = [w.as_dict() for w in comparison.unmanaged]
    outcome.unread = [u.as_dict() for u in comparison.unread]
    for resource, candidates, why in comparison.ambiguous:
        outcome.unknown.append({"what": f"{resource}: {', '.join(candidates)}", "why": why})


def _check(resources: Resources, plan: Plan, outcome: Outcome) -> None:
    """Run every rule on what is live. The places of findings are ids of AWS and no lines of a file."""
    from archproof.sources.lifting import lift
    from archproof.validators.engine import check

    report = check(lift(resources), plan.today)
    outcome.findings = [finding.as_dict() for finding in report.findings]
    outcome.unknown += [{"what": u.what, "why": u.why} for u in report.unknown]
