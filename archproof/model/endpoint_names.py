"""Names of VPC endpoints: what follows `com.amazonaws.<region>.` in a service's PrivateLink name."""

from __future__ import annotations

import functools


@functools.cache
def gateways() -> frozenset[str]:
    """Services with an endpoint of the gateway kind."""
    from archproof import facts

    return frozenset(s.key for s in facts.services() if s.gateway_endpoint)


@functools.cache
def known() -> dict[str, tuple[str, ...]]:
    """Every name that an endpoint may be written by, with the endpoints it means.

    An endpoint's own name means itself; the key of a service (`ecr`, `kinesis`) means what `needed` says.
    """
    from archproof import facts

    names: dict[str, tuple[str, ...]] = {name: (name,) for s in facts.services() for name in s.interface_endpoints}
    for service in facts.services():
        if service.interface_endpoints and service.key not in names:
            names[service.key] = needed(service.key)
    return names


@functools.cache
def needed(service: str) -> tuple[str, ...]:
    """The endpoints that a caller of a service needs: `ecr` both of its own, every other its first.

    `service` is a key of the services table, or already an endpoint's name. Empty where there is none.
    """
    from archproof import facts

    try:
        endpoints = facts.service(service).interface_endpoints
    except KeyError:
        return known().get(service, ())
    return tuple(e for e in endpoints if e.startswith(f"{service}.")) or endpoints[:1]


def type_of(service: str, said: str | None) -> str:
    """`gateway` or `interface`: what is said, else gateway where the service has one."""
    return said or ("gateway" if service in gateways() else "interface")
