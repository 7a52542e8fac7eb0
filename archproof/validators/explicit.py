"""What a model says itself of groups and of what roles may do, entry by entry; and what links need in its place.

Rules of the section `network` and of resources, statements of roles, of roles within components, and of resources.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from archproof.model import verbs
from archproof.model.architecture import Architecture
from archproof.model.document import KeyPath
from archproof.model.graph import ports

_ENDS = {"ingress": "from", "egress": "to"}
_GROUP = "AWS::EC2::SecurityGroup"
_GROUP_RULES = {"SecurityGroupIngress": "ingress", "SecurityGroupEgress": "egress"}
_POLICIES = ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy")
_ROLES = ("Roles", "RoleName")


@dataclass(frozen=True, slots=True)
class Change:
    """An entry of a list that may go, or give way to narrower ones."""

    path: KeyPath
    told: str
    """What it is, in a few words."""
    entries: tuple[str, ...] = ()
    """What takes its place, as YAML's flow style writes it."""

    @property
    def sentence(self) -> str:
        """What the change does."""
        return f"narrowed: {self.told} to {', '.join(self.entries)}" if self.entries else f"removed: {self.told}"


@dataclass(frozen=True, slots=True)
class _Statement:
    """An allowing statement, in the words of the language or in those of IAM."""

    path: KeyPath
    said: Mapping[str, Any]
    holder: str
    """What a sentence calls its holder."""
    roles: tuple[str, ...]
    """The components that are, or hold, the role."""
    verbatim: bool = False

    @property
    def key(self) -> str:
        """The key of its actions."""
        return "Action" if self.verbatim else "allow"

    @property
    def actions(self) -> list[str]:
        """The actions that it allows."""
        return [a for a in _listed(self.said.get(self.key)) if isinstance(a, str)]

    @property
    def plain(self) -> bool:
        """Whether it says nothing but what and on what."""
        return set(self.said) <= ({"Sid", "Effect", "Action", "Resource"} if self.verbatim else {"sid", "allow", "on"})

    @property
    def wide(self) -> bool:
        """Whether it speaks of more than it names."""
        on = self.said.get("Resource" if self.verbatim else "on")
        return any("*" in action for action in self.actions) or on in ("*", ["*"])


def candidates(architecture: Architecture) -> Iterator[Change]:
    """Every entry that is explicit: rules of security groups, and allowed actions on what links can reach."""
    for path, rule, told in _rules(architecture):
        yield Change(path, f"the {_direction(path)} rule {_rule_told(rule)} of {told}")
    for statement in _statements(architecture):
        actions = statement.actions
        if all(map(_about_links, actions)):
            yield Change(statement.path, f"the statement {', '.join(actions)} of {statement.holder}")
        for position, action in enumerate(actions if len(actions) > 1 else ()):
            if _about_links(action):
                yield Change((*statement.path, statement.key, position), f"{action} of {statement.holder}")


def narrowings(architecture: Architecture) -> Iterator[Change]:
    """Wide entries with what links need in their place."""
    for path, rule, told in _rules(architecture):
        narrow = tuple(dict.fromkeys(_needed(architecture, path, rule)))
        if narrow:
            yield Change(path, f"the {_direction(path)} rule {_rule_told(rule)} of {told}", narrow)
    for statement in _statements(architecture):
        if statement.wide and statement.plain and all(map(_about_links, statement.actions)):
            narrow = tuple(_linked(architecture, statement))
            if narrow:
                told = f"the statement {', '.join(statement.actions)} of {statement.holder}"
                yield Change(statement.path, told, narrow)


def _listed(value: Any) -> list[Any]:
    """A value that may stand alone in place of a list."""
    return value if isinstance(value, list) else [] if value is None else [value]


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def emptied(architecture: Architecture, gone: set[KeyPath]) -> KeyPath | None:
    """What holds nothing but entries that go, and so goes with them: AWS takes no policy without a statement."""
    for path in sorted(gone, key=str):
        holder = path[:-1]
        if "policies" in holder or "Statement" in holder or holder[-1] == "Policies":
            held = _at(architecture.document.value, holder)
            keys = range(len(_listed(held))) if not _is_map_of(held, holder) else list(held)
            if all((*holder, key) in gone for key in keys):
                # a document goes with the policy around it
                return (
                    holder[:-2]
                    if holder[-1] == "Statement" and "Policies" in holder
                    else (holder[:2] if holder[-1] == "Statement" else holder)
                )
    return None


def _is_map_of(held: Any, holder: KeyPath) -> bool:
    """Whether a holder is a map of policies, and no statement that stands alone in place of a list."""
    return isinstance(held, dict) and holder[-1] == "policies"


def _at(value: Any, path: KeyPath) -> Any:
    """The value at a path; None where there is none."""
    for step in path:
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        elif step != 0:
            return None
    return value


# -- rules of security groups


def _rules(architecture: Architecture) -> Iterator[tuple[KeyPath, Mapping[str, Any], str]]:
    """The rules of security groups, with their places and the names of their groups."""
    value = architecture.document.value
    network = _mapping(value.get("network"))
    places: list[tuple[KeyPath, Mapping[str, Any]]] = [(("network",), network)]
    places += [(("network", "vpcs", n), _mapping(held)) for n, held in _mapping(network.get("vpcs")).items()]
    for base, held in places:
        for name, group in _mapping(held.get("security_groups")).items():
            for direction in _ENDS:
                for position, rule in enumerate(_listed(_mapping(group).get(direction))):
                    if isinstance(rule, dict):
                        yield (*base, "security_groups", name, direction, position), rule, name
    for name, component in _mapping(value.get("components")).items():
        if _mapping(component).get("type") == _GROUP:
            for key in _GROUP_RULES:
                rules = _mapping(component.get("properties")).get(key)
                for position, rule in enumerate(_listed(rules)):
                    if isinstance(rule, dict):
                        yield ("components", name, "properties", key, position), rule, name


def _direction(path: KeyPath) -> str:
    return _GROUP_RULES.get(str(path[-2]), str(path[-2]))


def _rule_told(rule: Mapping[str, Any]) -> str:
    """A rule in a few words: `tcp 5432 from fn_sg`."""
    if "IpProtocol" in rule:
        first, last = rule.get("FromPort"), rule.get("ToPort")
        port = "all" if first is None or str(first) == "-1" else str(first) if first == last else f"{first}-{last}"
        protocol = {"-1": "all"}.get(str(rule["IpProtocol"]), str(rule["IpProtocol"]))
        peer = next((v for k, v in rule.items() if k.startswith(("Cidr", "Source", "Destination"))), "")
        return f"{protocol} {port} with {_text(peer)}"
    parts = [str(rule.get("protocol", "tcp")), str(rule.get("port", "all"))]
    for key in ("from", "to"):
        if key in rule:
            parts += [key, " and ".join(str(e) for e in _listed(rule[key]))]
    return " ".join(parts)


def _text(value: Any) -> str:
    """A value of a resource in a few words: what a reference names."""
    if isinstance(value, dict) and len(value) == 1:
        held = next(iter(value.values()))
        return str(held[0] if isinstance(held, list) and held else held).partition(".")[0]
    return str(value)


def _needed(architecture: Architecture, path: KeyPath, rule: Mapping[str, Any]) -> Iterator[str]:
    """The rules that the links of a group's members need, where a rule is wider than a port and a group."""
    if "IpProtocol" in rule or path[0] != "network":
        return
    group, direction = str(path[-3]), str(path[-2])
    end = _ENDS[direction]
    wide = not str(rule.get("port", "all")).isdigit()
    if not wide and all(isinstance(e, str) and e in architecture.places.groups for e in _listed(rule.get(end))):
        return
    for link in architecture.links:
        own, other = (link.target, link.source) if direction == "ingress" else (link.source, link.target)
        opened = ports(architecture, link)
        if group not in _groups(architecture, own) or not opened:
            continue
        for peer in _groups(architecture, other):
            for port in opened:
                yield f"{{port: {port}, {end}: {peer}}}"


def _groups(architecture: Architecture, name: str) -> list[str]:
    """The security groups that a component stands in."""
    component = architecture.components.get(name)
    placed = component.placement if component is not None else None
    return list(placed.security_groups or ()) if placed is not None else []


# -- statements


def _statements(architecture: Architecture) -> Iterator[_Statement]:
    """The allowing statements of identities, with their places."""
    for name, component in _mapping(architecture.document.value.get("components")).items():
        held = _mapping(component)
        base: KeyPath = ("components", name)
        yield from _own(architecture, (*base, "policies"), held.get("policies"), name)
        yield from _own(architecture, (*base, "role", "policies"), _mapping(held.get("role")).get("policies"), name)
        properties, here = _mapping(held.get("properties")), (*base, "properties")
        kind = held.get("type") or held.get("kind")
        if kind in _POLICIES:
            roles = tuple(_text(r) for key in _ROLES for r in _listed(properties.get(key)))
            document = _mapping(properties.get("PolicyDocument"))
            yield from _verbatim(architecture, (*here, "PolicyDocument"), document, name, roles)
        elif kind in ("AWS::IAM::Role", "iam_role"):
            for position, policy in enumerate(_listed(properties.get("Policies"))):
                document = _mapping(_mapping(policy).get("PolicyDocument"))
                path = (*here, "Policies", position, "PolicyDocument")
                yield from _verbatim(architecture, path, document, name, (name,))


def _own(architecture: Architecture, base: KeyPath, policies: Any, name: str) -> Iterator[_Statement]:
    """Statements in the words of the language: policies by name, or in a list."""
    if isinstance(policies, list):
        policies = dict(enumerate(policies))
    for policy, said in _mapping(policies).items():
        for position, statement in enumerate(_listed(said)):
            if isinstance(statement, dict) and statement.get("allow"):
                yield _Statement((*base, policy, position), statement, name, _holders(architecture, (name,)))


def _verbatim(
    architecture: Architecture, path: KeyPath, document: Mapping[str, Any], name: str, roles: Sequence[str]
) -> Iterator[_Statement]:
    """Statements in the words of IAM."""
    for position, statement in enumerate(_listed(document.get("Statement"))):
        if isinstance(statement, dict) and statement.get("Effect") == "Allow" and statement.get("Action"):
            holders = _holders(architecture, roles)
            yield _Statement((*path, "Statement", position), statement, name, holders, verbatim=True)


def _holders(architecture: Architecture, roles: Sequence[str]) -> tuple[str, ...]:
    """Roles, and the components that run with them."""
    held = [n for n, c in architecture.components.items() if getattr(c, "role", None) in roles]
    named = [
        n for n, c in architecture.components.items()
        if _text(_mapping(getattr(c, "properties", None)).get("Role")) in roles
    ]  # fmt: skip
    return tuple(dict.fromkeys([*roles, *held, *named]))


def _about_links(action: str) -> bool:
    """Whether an action is one of a service that links speak of: of others nobody says what needs them."""
    prefix = action.partition(":")[0]
    return any(a.partition(":")[0] == prefix for v in verbs.table() for a, _ in v.actions)


def _covers(pattern: str, action: str) -> bool:
    from archproof.validators.policies import matches

    return matches(pattern, action)


def _linked(architecture: Architecture, statement: _Statement) -> Iterator[str]:
    """The statements that the links of a role's holders need of what one allows, one for each resource."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for link in architecture.links:
        own, other = (link.target, link.source) if link.verb.holder == "target" else (link.source, link.target)
        said = link.options.actions if link.options and link.options.actions else None
        for action, suffix in [(a, "") for a in said] if said else link.verb.actions:
            if own in statement.roles and any(_covers(pattern, action) for pattern in statement.actions):
                place = ("*", "") if suffix in ("*", "stream") else (other, suffix)
                found.setdefault(place, {})[action] = None
    for (on, suffix), actions in found.items():
        listed = ", ".join(f'"{action}"' for action in actions)
        if statement.verbatim:
            arn = '"*"' if on == "*" else f'!Sub "${{{on}.Arn}}{suffix}"' if suffix else f"!GetAtt {on}.Arn"
            yield f"{{Effect: Allow, Action: [{listed}], Resource: {arn}}}"
        else:
            named = '"*"' if on == "*" else f'"{on}{suffix}"' if suffix else on
            yield f"{{allow: [{listed}], on: {named}}}"
