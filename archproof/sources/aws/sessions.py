"""Sessions: one for each account that is to be read, with its clients, all behind the gate."""

from __future__ import annotations

import functools
import importlib.util
import os
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from archproof import facts
from archproof.errors import UsageError
from archproof.sources.aws import asking, parsing
from archproof.sources.aws.faults import Fault, fault
from archproof.sources.aws.gate import Gate
from archproof.sources.aws.scope import ALL, Scope
from archproof.sources.live import Unread

_HOMES = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}
"""The region of a partition in which its global services are asked."""
_ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(Z|[+-]\d\d:\d\d)\Z")
_ACTIVE = "ACTIVE"


@dataclass(slots=True)
class Account:
    """One account that can be read."""

    number: str
    session: Any
    """A botocore session."""
    scope: Scope
    regions: tuple[str, ...]
    home: str
    """The region in which global services are asked."""
    title: str
    """Whose credentials these are: a profile, a role."""
    _clients: dict[tuple[str, str], Any] = field(default_factory=dict)
    _making: threading.Lock = field(default_factory=threading.Lock)

    def client(self, service: str, region: str) -> Any:
        """The client of a service in a region, made when it is first asked for."""
        with self._making:
            if (service, region) not in self._clients:
                self._clients[service, region] = client(self.session, service, region, self.scope)
            return self._clients[service, region]

    def offers(self, service: str, region: str) -> bool:
        """Whether a service is in a region, as far as the list of endpoints tells; what it does not tell may be."""
        if elsewhere(self.session, self.scope):
            return True
        partition = self.session.get_partition_for_region(region)
        known = self.session.get_available_regions(service, partition)
        return not known or region in known or f"{partition}-global" in known

    def close(self) -> None:
        """Let go of every client and its connections."""
        with self._making:
            for made in self._clients.values():
                made.close()
            self._clients.clear()


def accounts(scope: Scope, declared: list[str] | None = None) -> tuple[list[Account], list[Unread]]:
    """Sign in to every account of a scope; those that could not be signed in to are told.

    `declared` are the only calls that the gate lets through (None: every read). Raises UsageError for a call that is
    wrong: no boto3, a profile that is not there, no region.
    """
    scope.check()
    _needed()
    gate = Gate(declared)
    found: list[Account] = []
    unread: list[Unread] = []
    sources = [_profile(name, gate, scope) for name in scope.profiles or (None,)]
    names = [f"the profile {name}" for name in scope.profiles] or ["the credentials of the environment"]
    wanted: list[tuple[Any, str]] = []
    if scope.organization_role is not None:
        wanted += _organisation(sources[0], gate, scope, unread)
    if scope.roles:
        wanted += [(_assumed(sources[0], role, gate, scope), role) for role in scope.roles]
    if not scope.roles and scope.organization_role is None:
        wanted = list(zip(sources, names, strict=True))
    for session, title in wanted:
        _sign_in(session, title, scope, found, unread)
    return found, unread


def client(session: Any, service: str, region: str, scope: Scope) -> Any:
    """A client as the reading needs it. Not safe to be called by two threads for one session."""
    from botocore.config import Config

    config = Config(
        retries={"mode": "adaptive", "total_max_attempts": scope.attempts},
        max_pool_connections=max(scope.threads, 10),
        connect_timeout=scope.connect_timeout_s,
        read_timeout=scope.read_timeout_s,
        user_agent_appid="archproof",
        endpoint_discovery_enabled=False,
        # a double stands at one address, whatever the bucket or the account
        **({"s3": {"addressing_style": "path"}, "inject_host_prefix": False} if elsewhere(session, scope) else {}),
    )
    return session.create_client(service, region_name=region, endpoint_url=scope.endpoint_url, config=config)


def elsewhere(session: Any, scope: Scope) -> bool:
    """Whether everything is sent to another address than AWS's, by the scope, the environment or the profile."""
    configured = os.environ.get("AWS_ENDPOINT_URL") or session.get_scoped_config().get("endpoint_url")
    ignored = session.get_config_variable("ignore_configured_endpoint_urls")
    return bool(scope.endpoint_url or (configured and not ignored))


def _needed() -> None:
    if importlib.util.find_spec("boto3") is None or importlib.util.find_spec("botocore") is None:
        raise UsageError("reading an account needs boto3: pip install 'archproof[aws]'")


@functools.cache
def _loader() -> Any:
    """One loader of AWS's service models for all sessions: what one has parsed the others need not."""
    from botocore.session import Session

    return Session().get_component("data_loader")


def service_model(service: str) -> dict[str, Any]:
    """AWS's model of a service. Raises UsageError without boto3."""
    _needed()
    model: dict[str, Any] = _loader().load_service_model(service, "service-2")
    return model


def _session(gate: Gate, profile: str | None = None) -> Any:
    from botocore import session as sessions

    made = sessions.Session(profile=profile)
    if made.get_config_variable("data_path") is None:
        made.register_component("data_loader", _loader())
    parsers = parsing.factory_class()()
    parsers.set_parser_defaults(timestamp_parser=timestamp)
    made.register_component("response_parser_factory", parsers)
    gate.guard(made)
    made.get_component("event_emitter").register_first("needs-retry", asking.enough, "archproof-enough")
    made.register("after-call", asking.really_answered, "archproof-answered")
    return made


def timestamp(value: Any) -> str:
    """A time of an answer as AWS's command line writes it: `2026-03-01T12:00:00+00:00`."""
    if isinstance(value, str) and (match := _ISO.match(value)):
        return value[:-1] + "+00:00" if match[1] == "Z" else value
    from botocore.utils import parse_timestamp

    return str(parse_timestamp(value).isoformat())


def _profile(name: str | None, gate: Gate, scope: Scope) -> Any:
    """The session of a profile. Raises UsageError where there is no such profile or no credentials."""
    from botocore import exceptions as known

    try:
        session = _session(gate, name)
        session.get_scoped_config()
        if session.get_credentials() is None:
            where = f"the profile {name} has none" if name else "name a --profile, or set AWS_ACCESS_KEY_ID"
            raise UsageError(f"no credentials for AWS: {where}")
    except known.ProfileNotFound:
        from archproof.suggest import did_you_mean

        called = name or os.environ.get("AWS_PROFILE", "")
        hint = did_you_mean(called, _session_of_none().available_profiles)
        raise UsageError(f"there is no profile '{called[:60]}' in AWS's configuration files{hint}") from None
    except known.BotoCoreError as error:
        raise UsageError(f"no credentials for AWS: {' '.join(str(error).split())[:300]}") from None
    return session


def _session_of_none() -> Any:
    """A session of no profile, which knows what profiles there are."""
    from botocore.session import Session

    return Session(session_vars={"profile": (None, None, None, None)})


def _assumed(source: Any, role: str, gate: Gate, scope: Scope) -> Any:
    """A session that assumes a role when it is first used, and again when the credentials run out."""
    from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials

    session = _session(gate, source.profile)
    region = _default(source, scope)

    def make(service: str, **more: Any) -> Any:
        del more  # the source's own credentials are meant, and its gate
        return client(source, service, region, scope)

    said = {"RoleSessionName": scope.session_name, **({"ExternalId": scope.external_id} if scope.external_id else {})}
    fetcher = AssumeRoleCredentialFetcher(make, source.get_credentials(), role, extra_args=said)
    credentials = DeferredRefreshableCredentials(method="assume-role", refresh_using=fetcher.fetch_credentials)
    session._credentials = credentials
    return session


class Member(NamedTuple):
    """An active account of an organisation."""

    id: str
    name: str | None
    partition: str
    own: bool
    """Whether it is the one that is signed in to, for which no role is needed."""


def members(scope: Scope) -> list[Member]:
    """The active accounts of the organisation that the first profile sees. Raises UsageError where AWS lists none."""
    scope.check()
    _needed()
    source = _profile(scope.profiles[0] if scope.profiles else None, Gate(None), scope)
    try:
        return list(_members(source, scope))
    except UsageError:
        raise
    except Exception as error:  # whatever AWS or the way to it does, without the list there is nothing to begin with
        raise UsageError(f"the accounts of the organisation could not be listed: {fault(error).why}") from None


def _members(source: Any, scope: Scope) -> Iterator[Member]:
    region = _default(source, scope)
    own = client(source, "sts", region, scope).get_caller_identity()
    number, partition = str(own["Account"]), str(own["Arn"]).split(":")[1]
    listing = client(source, "organizations", _home(source, region), scope).get_paginator("list_accounts")
    for page in listing.paginate():
        for account in page["Accounts"]:
            if account.get("Status", account.get("State", _ACTIVE)) == _ACTIVE:
                id = str(account["Id"])
                yield Member(id, account.get("Name"), partition, id == number)


def _organisation(source: Any, gate: Gate, scope: Scope, unread: list[Unread]) -> list[tuple[Any, str]]:
    """A session for each account of the organisation; the account that is signed in to already needs no role."""
    found: list[tuple[Any, str]] = []
    operation = "organizations:ListAccounts"
    try:
        for account in _members(source, scope):
            if account.own:
                found.append((source, f"account {account.id}"))
                continue
            role = f"arn:{account.partition}:iam::{account.id}:role/{scope.organization_role}"
            found.append((_assumed(source, role, gate, scope), role))
    except UsageError:
        raise
    except Exception as error:  # whatever AWS or the way to it does, what was listed is read and the rest is told
        said = fault(error)
        why = f"the accounts of the organisation could not be listed: {said.why}"
        unread.append(Unread(why, _code(said), operation=operation))
    return found


def _sign_in(session: Any, title: str, scope: Scope, found: list[Account], unread: list[Unread]) -> None:
    """Find out which account a session is of, and its regions."""
    region = _default(session, scope)
    try:
        number = str(client(session, "sts", region, scope).get_caller_identity()["Account"])
    except Exception as error:  # one account that cannot be signed in to leaves the others
        said = fault(error)
        account = title.split(":")[4] if title.startswith("arn:") else None
        unread.append(Unread(f"{title}: {said.why}", _code(said), account, operation="sts:GetCallerIdentity"))
        return
    if any(other.number == number for other in found):
        return
    account_regions = list(dict.fromkeys(r for r in scope.regions if r != ALL)) or [region]
    if ALL in scope.regions:
        try:
            answer = client(session, "ec2", region, scope).describe_regions()
            account_regions = sorted(str(r["RegionName"]) for r in answer["Regions"])
        except Exception as error:
            said = fault(error)
            why = f"which regions the account has enabled could not be read: {said.why}"
            unread.append(Unread(why, _code(said), number, operation="ec2:DescribeRegions"))
    found.append(Account(number, session, scope, tuple(account_regions), _home(session, region), title))


def _code(said: Fault) -> str:
    return "denied" if said.code == "strange" else said.code


def _default(session: Any, scope: Scope) -> str:
    """The region to begin in. Raises UsageError where nobody says one."""
    for region in scope.regions:
        if region != ALL:
            return region
    own = session.get_config_variable("region")
    if own:
        return str(own)
    if ALL in scope.regions:
        return _HOMES["aws"]
    raise UsageError("no region is set: name a --region (or `--region all`), or set AWS_REGION")


def _home(session: Any, region: str) -> str:
    """The region of the partition in which its global services are asked."""
    try:
        partition = facts.region(region).partition
    except facts.UnknownFactError:
        partition = str(session.get_partition_for_region(region))
    return _HOMES.get(partition, region)
