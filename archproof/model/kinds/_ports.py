"""Ports by the name of what is served, from the facts."""


def port_of(name: str) -> int:
    """Return the TCP port that facts/ports.csv gives `name` (`redis`, `nfs`). Raises KeyError for an unknown name."""
    from archproof import facts

    for port in facts.ports():
        if port.name == name and port.protocol == "tcp":
            return port.number
    raise KeyError(name)
