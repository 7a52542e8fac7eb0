"""The architecture: every component validated, every reference bound, every link with its meaning.

`load` is the way in. All errors of all stages are gathered and raised at once.
"""

from __future__ import annotations

import functools
import ipaddress
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from archproof.errors import InputError, Location
from archproof.model import document as documents
from archproof.model import network_checks, registry, verbs
from archproof.model.base import ID_PATTERN, Component, Refers
from archproof.model.document import Document, KeyPath, found
from archproof.model.network import Network, SecurityGroup, SubnetTier, VpcNetwork
from archproof.model.organization import Organization
from archproof.model.organization_files import read_files
from archproof.model.references import references
from archproof.model.sections import (
    Decision,
    Drift,
    Flow,
    Guarantee,
    LinkEntry,
    Load,
    RuleSource,
    Stack,
    View,
    Waiver,
)  # fmt: skip
from archproof.model.system import Environment, System
from archproof.model.validation import hint, sound_part, validate
from archproof.model.verbs import Verb
from archproof.suggest import did_you_mean

if TYPE_CHECKING:
    import networkx

    from archproof.model.yaml import Mark, Parsed

ANYWHERE = ("internet",)
_MANY = 200
"""After so many problems nobody reads another suggestion, and each costs a search of all names."""
_STREAM_OPTIONS = ("retries", "max_age_s", "dead_letter", "starting_position")
_NETWORK_KINDS = {"subnet": "tiers", "security_group": "groups", "vpc": "vpcs"}


class Reference(NamedTuple):
    """A field of a component that names something else."""

    source: str
    path: KeyPath
    """Where the field stands in the document."""
    target: str
    meaning: Refers

    @property
    def field(self) -> str:
        """The name of the field, without the positions in lists."""
        return next(str(p) for p in reversed(self.path) if isinstance(p, str))


class Link(NamedTuple):
    """One source, one target, and what passes between them."""

    source: str
    target: str
    verb: Verb
    path: KeyPath
    """Where it is said: an entry of `links`, or the field that implies it."""
    options: LinkEntry | None = None
    """The entry, with port, batch and the like; None for a link that a field implies."""

    @property
    def implied(self) -> bool:
        """Whether a field of a component says it, and not an entry of `links`."""
        return self.options is None

    @property
    def wired(self) -> bool:
        """Whether all that it needs is in the model already, so that nothing is made for it."""
        return self.options is not None and self.options.wired

    @property
    def title(self) -> str:
        """What the arrow says."""
        return (self.options.title if self.options else None) or self.verb.title


@dataclass(slots=True)
class Places:
    """The network of the model by name: tiers and groups of all its VPCs."""

    vpcs: dict[str, VpcNetwork] = field(default_factory=dict)
    tiers: dict[str, SubnetTier] = field(default_factory=dict)
    groups: dict[str, SecurityGroup] = field(default_factory=dict)
    vpc_of: dict[str, str] = field(default_factory=dict)
    """The VPC of a tier (by name) or of a group (by name)."""
    paths: dict[str, KeyPath] = field(default_factory=dict)
    """Where a VPC, a tier (`tier:…`) or a group (`group:…`) stands in the document."""


@dataclass
class Architecture:
    """A model in which every name is bound."""

    document: Document
    system: System
    environment: str | None
    settings: Environment
    defaults: dict[str, dict[str, Any]]
    network: Network
    components: dict[str, Component]
    links: list[Link] = field(default_factory=list)
    organization: Organization | None = None
    control_files: dict[str, Parsed] = field(default_factory=dict)
    """The files of policies that the section `organization` names, by the name there."""
    load: Load = field(default_factory=Load)
    stack: Stack = field(default_factory=Stack)
    flows: dict[str, Flow] = field(default_factory=dict)
    guarantees: list[Guarantee] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    accepted: list[Waiver] = field(default_factory=list)
    drift: Drift = field(default_factory=Drift)
    views: dict[str, View] = field(default_factory=dict)
    rules: list[RuleSource] = field(default_factory=list)
    written_rules: list[tuple[dict[str, Any], Mark]] = field(default_factory=list)
    """The rules that stand in the section `rules` itself, unread, with their places."""
    references: list[Reference] = field(default_factory=list)
    places: Places = field(default_factory=Places)
    given: Any = None
    """The resources of the source that it was lifted from, which then stand in place of those it lowers to."""

    @property
    def region(self) -> str:
        """The region, the environment's where it sets one."""
        return self.settings.region or self.system.region

    @property
    def region_title(self) -> str:
        """What pictures call the region: by its name, unless the source that it was lifted from says none."""
        said = self.given is None or self.settings.region or "region" in self.document.value.get("system", {})
        return f"Region {self.region}" if said else "Region"

    @property
    def account(self) -> str | None:
        """The account, the environment's where it sets one."""
        return self.settings.account or self.system.account

    @property
    def name_prefix(self) -> str:
        """What physical names begin with."""
        return self.settings.name_prefix or self.system.name_prefix or self.system.name

    def title(self, name: str) -> str:
        """The title of a component; a readable form of its id where it has none."""
        component = self.components.get(name)
        return (component.title if component else None) or humanise(name)

    def locate(self, name: str, *path: str | int) -> Location:
        """The place of a component, or of a field within it; of the default that filled the field."""
        component = self.components.get(name)
        full: KeyPath = ("components", name, *path)
        if path and component is not None and not self.document.has(full[:3]):
            default: KeyPath = ("defaults", component.kind, *path)
            if self.document.has(default[:3]):
                return self.document.locate(default)
        return self.document.locate(full) if path else self.document.locate_key(full)

    @functools.cached_property
    def graph(self) -> networkx.MultiDiGraph[str]:
        """The model as a graph; see `archproof.model.graph`."""
        from archproof.model.graph import build

        return build(self)

    @functools.cached_property
    def links_from(self) -> dict[str, list[Link]]:
        """Links by their source."""
        table: dict[str, list[Link]] = {}
        for link in self.links:
            table.setdefault(link.source, []).append(link)
        return table

    @functools.cached_property
    def links_to(self) -> dict[str, list[Link]]:
        """Links by their target."""
        table: dict[str, list[Link]] = {}
        for link in self.links:
            table.setdefault(link.target, []).append(link)
        return table

    def of_kind(self, *kinds: str) -> dict[str, Component]:
        """The components of these kinds, by id."""
        return {name: c for name, c in self.components.items() if c.kind in kinds}


ABBREVIATIONS = frozenset({
    "acl", "acm", "ai", "alb", "api", "aws", "cdn", "ci", "cms", "cpu", "crm", "csv", "db", "dlq", "dns", "ebs",
    "ec2", "ecr", "ecs", "efs", "eks", "erp", "etl", "gpu", "hr", "html", "http", "https", "iam", "id", "io", "ip",
    "jwt", "kms", "kpi", "mfa", "ml", "nat", "nlb", "otp", "pdf", "ram", "rds", "s3", "saml", "sdk", "sftp", "sla",
    "smtp", "sns", "spa", "sql", "sqs", "ssh", "ssl", "ssm", "sso", "tls", "ui", "uri", "url", "ux", "vpc", "vpn",
    "waf", "xml",
})  # fmt: skip
"""Words of ids that are written in capitals."""


def humanise(name: str) -> str:
    """An id as words: `orders_fn` as `Orders fn`, `db_cpu_alarm` as `DB CPU alarm`."""
    words = [w.upper() if w in ABBREVIATIONS else w for w in name.split("_") if w]
    text = " ".join(words)
    return text[:1].upper() + text[1:]


def load(path: str | Path, environment: str | None = None) -> Architecture:
    """Read, validate and resolve the model at `path`.

    Raises InputError with every problem of the files.
    """
    return resolve(documents.read(path), environment)


def loads(text: str, environment: str | None = None, file: str = "architecture.yaml") -> Architecture:
    """Like `load`, from text."""
    return resolve(documents.read_string(text, file), environment)


def resolve(document: Document, environment: str | None = None) -> Architecture:
    """Make an architecture of a document. Raises InputError with everything that is wrong in it."""
    _version(document)
    settings = documents.overlay(document, environment)
    values = document.value
    architecture = Architecture(
        document,
        validate(System, values.get("system", {}), ("system",), document) or System(),
        environment,
        Environment.model_construct(**settings) if environment else Environment(),
        _defaults(document),
        validate(Network, values.get("network", {}), ("network",), document) or Network(),
        {},
    )
    architecture.components = _components(document, architecture.defaults)
    architecture.places = _places(architecture)
    _bind(architecture)
    network_checks.check(architecture)
    _links(architecture)
    _sections(architecture)
    _cycles(architecture)
    if document.problems:
        raise InputError(document.problems)
    return architecture


def _version(document: Document) -> None:
    version = document.value.get("archproof")
    if version is None:
        document.problem((), "no version of the language: begin the file with 'archproof: 1'", at="value")
    elif version != 1 or not isinstance(version, int) or isinstance(version, bool):
        message = f"'archproof' is the version of the language, 1; found {found(version)}"
        document.problem(("archproof",), message, at="value")


def _defaults(document: Document) -> dict[str, dict[str, Any]]:
    """The defaults by kind; the fields are checked with the components that they fill."""
    defaults: dict[str, dict[str, Any]] = {}
    for kind, values in document.value.get("defaults", {}).items():
        path: KeyPath = ("defaults", kind)
        if kind not in registry.classes():
            document.problem(path, f"unknown kind '{kind[:60]}'{did_you_mean(kind, registry.kinds())}", at="key")
        elif not isinstance(values, dict):
            document.problem(path, f"the defaults of '{kind}' are a map; found {found(values)}", at="value")
        else:
            known = [key for key in registry.keys(kind) if key != "kind"]
            for key in values:
                if key not in known:
                    document.problem((*path, key), f"unknown key '{key[:60]}'{hint(key, known)}", at="key")
            defaults[kind] = {k: v for k, v in values.items() if k in known}
    return defaults


def _components(document: Document, defaults: dict[str, dict[str, Any]]) -> dict[str, Component]:
    components: dict[str, Component] = {}
    identifier = re.compile(ID_PATTERN)
    classes = registry.classes()
    for name, values in document.value.get("components", {}).items():
        path: KeyPath = ("components", name)
        if not identifier.fullmatch(name):
            message = f"'{name[:60]}' is no id: lower-case letters, digits and _, beginning with a letter, 63 at most"
            document.problem(path, message, at="key")
            continue
        if not isinstance(values, dict):
            document.problem(path, f"the component '{name}' is a map with a 'kind'; found {found(values)}", at="value")
            continue
        kind = values.get("kind", "resource" if "type" in values else None)
        if kind is None:
            document.problem(path, f"'{name}' needs a 'kind' (or a 'type', for any AWS resource)", at="key")
            continue
        if not isinstance(kind, str) or kind not in classes:
            meant = did_you_mean(kind, classes) if isinstance(kind, str) else ""
            document.problem((*path, "kind"), f"unknown kind: {found(kind)}{meant}", at="value")
            continue
        filled = {**defaults[kind], **values} if kind in defaults else values
        model = registry.kind_class(kind)
        component = validate(model, filled, path, document) or sound_part(model, filled)
        if component is not None:
            components[name] = component
    return components


def _places(architecture: Architecture) -> Places:
    """Gather tiers and groups of all VPCs; their names are unique across them."""
    places = Places(architecture.network.each())
    for vpc, network in places.vpcs.items():
        base: KeyPath = ("network", "vpcs", vpc) if vpc in architecture.network.vpcs else ("network",)
        places.paths[vpc] = (*base, "vpc")
        for prefix, key, held in (
            ("tier", "subnets", places.tiers), ("group", "security_groups", places.groups),
        ):  # fmt: skip
            for name, value in getattr(network, key).items():
                path = (*base, key, name)
                if not re.fullmatch(ID_PATTERN, name):
                    architecture.document.problem(path, f"'{name[:60]}' is no id", at="key")
                elif name in held:
                    message = f"'{name}' is the name of a {prefix} in VPC '{places.vpc_of[f'{prefix}:{name}']}' already"
                    architecture.document.problem(path, message, at="key")
                else:
                    held[name] = value
                    places.vpc_of[f"{prefix}:{name}"] = vpc
                    places.paths[f"{prefix}:{name}"] = path
    if architecture.network.subnets and not architecture.network.vpc:
        architecture.document.problem(("network", "subnets"), "'subnets' need a 'vpc' beside them", at="key")
    return places


def _named(architecture: Architecture, meaning: Refers) -> tuple[list[str], str]:
    """The names that a reference may hold, and what they are in a message."""
    kinds = meaning.kinds
    names: list[str] = []
    for kind, attribute in _NETWORK_KINDS.items():
        if kind in kinds:
            names += getattr(architecture.places, attribute)
    names += [n for n, c in architecture.components.items() if not kinds or c.kind in kinds]
    names += meaning.also
    words = " or ".join(k.replace("_", " ") for k in kinds[:4]) if kinds else "component"
    return names, words


def _bind(architecture: Architecture) -> None:
    """Check that every reference names something of the right kind, and note it."""
    document, components = architecture.document, architecture.components
    declared = document.value.get("components", {})
    for name, component in components.items():
        for inner, target, meaning in references(component):
            path: KeyPath = ("components", name, *inner)
            if target in meaning.also:
                continue
            if not _exists(architecture, target, meaning):
                if target in declared and target not in components:
                    continue  # its own problem is told already
                _dangling(architecture, path, target, meaning)
                continue
            architecture.references.append(Reference(name, path, target, meaning))


def _exists(architecture: Architecture, target: str, meaning: Refers) -> bool:
    component = architecture.components.get(target)
    if component is not None and (not meaning.kinds or component.kind in meaning.kinds):
        return True
    if component is not None and component.kind == "resource":
        return True
    return any(
        kind in meaning.kinds and target in getattr(architecture.places, attribute)
        for kind, attribute in _NETWORK_KINDS.items()
    )


def _dangling(architecture: Architecture, path: KeyPath, target: str, meaning: Refers) -> None:
    names, words = _named(architecture, meaning)
    component = architecture.components.get(target)
    if component is not None:
        message = f"'{target}' is a {component.kind.replace('_', ' ')}; expected a {words}"
    else:
        message = f"no {words} is called '{target[:60]}'"
    if len(architecture.document.problems) < _MANY:
        message += did_you_mean(target, names)
    architecture.document.problem(path, message, at="value")


def _component(architecture: Architecture, path: KeyPath, name: str, *, also: tuple[str, ...] = ()) -> bool:
    """Say whether `name` is a component (or one of `also`); note the problem where it is not."""
    if name in architecture.components or name in also:
        return True
    if name not in architecture.document.value.get("components", {}):
        few = len(architecture.document.problems) < _MANY
        meant = did_you_mean(name, [*architecture.components, *also]) if few else ""
        architecture.document.problem(path, f"no component is called '{name[:60]}'{meant}", at="value")
    return False


def _links(architecture: Architecture) -> None:
    """Bind the entries of `links`, one `Link` for each pair; then the links that fields imply."""
    document = architecture.document
    for position, values in enumerate(document.value.get("links", [])):
        path: KeyPath = ("links", position)
        entry = validate(LinkEntry, values, path, document)
        if entry is None:
            continue
        sources = [s for i, s in enumerate(entry.from_) if _component(architecture, (*path, "from", i), s)]
        targets = [t for i, t in enumerate(entry.to) if _component(architecture, (*path, "to", i), t)]
        for source in sources:
            for target in targets:
                verb = _verb(architecture, path, entry.verb, source, target)
                if verb:
                    architecture.links.append(Link(source, target, verb, path, entry))
                    _stream_options(architecture, path, entry, architecture.links[-1])
    for reference in architecture.references:
        if reference.meaning.edge == "data":
            ends = (reference.source, reference.target)
            source, target = reversed(ends) if reference.meaning.reverse else ends
            kinds = architecture.components[source].kind, architecture.components[target].kind
            implied = verbs.find(reference.meaning.verb, *kinds) or verbs.default(*kinds)
            architecture.links.append(Link(source, target, implied, reference.path))


def _stream_options(architecture: Architecture, path: KeyPath, entry: LinkEntry, link: Link) -> None:
    """Check what only the trigger of a stream may say; where it gives up, the function sends dead letters."""
    said = [key for key in _STREAM_OPTIONS if getattr(entry, key) is not None]
    kinds = architecture.components[link.source].kind, architecture.components[link.target].kind
    if said and (link.verb.verb != "trigger" or kinds[0] not in ("kinesis_stream", "dynamodb_table")):
        message = f"'{said[0]}' is for a trigger by a stream; this link is '{link.verb.verb}' from a {kinds[0]}"
        architecture.document.problem((*path, said[0]), message, at="key")
        return
    place = (*path, "dead_letter")
    if entry.dead_letter and _component(architecture, place, entry.dead_letter):
        found = architecture.components[entry.dead_letter].kind
        verb = verbs.find("dead_letter", kinds[1], found)
        if verb is None:
            message = f"'{entry.dead_letter}' is a {found.replace('_', ' ')}; expected a sqs queue or sns topic"
            architecture.document.problem(place, message, at="value")
        else:
            architecture.links.append(Link(link.target, entry.dead_letter, verb, place))


def _verb(architecture: Architecture, path: KeyPath, verb: str | None, source: str, target: str) -> Verb | None:
    kinds = architecture.components[source].kind, architecture.components[target].kind
    if verb is None:
        return verbs.default(*kinds)
    row = verbs.find(verb, *kinds)
    if row is None:
        place = (*path, "verb")
        if verb not in verbs.names():
            message = f"unknown verb '{verb[:60]}'{did_you_mean(verb, verbs.names())}"
        else:
            fitting = ", ".join(verbs.fitting(*kinds))
            message = f"'{verb}' does not fit from a {kinds[0]} to a {kinds[1]}; what fits: {fitting}"
        architecture.document.problem(place, message, at="value")
    return row


def _sections(architecture: Architecture) -> None:
    """Bind the sections that speak of components."""
    document = architecture.document
    values = document.value
    load = validate(Load, values.get("load", {}), ("load",), document)
    architecture.load = load or Load()
    if values.get("organization"):
        organization = validate(Organization, values["organization"], ("organization",), document)
        architecture.organization = organization
        architecture.control_files = read_files(organization, document) if organization else {}
    architecture.stack = validate(Stack, values.get("stack", {}), ("stack",), document) or Stack()
    for name, value in values.get("flows", {}).items():
        flow = validate(Flow, value, ("flows", name), document)
        for position, step in enumerate(flow.steps if flow else []):
            here: KeyPath = ("flows", name, "steps", position)
            _component(architecture, (*here, "from"), step.from_)
            _component(architecture, (*here, "to"), step.to)
        if flow:
            architecture.flows[name] = flow
    for name, value in values.get("views", {}).items():
        view = validate(View, value, ("views", name), document)
        for key in ("only", "without") if view else ():
            for position, component in enumerate(getattr(view, key)):
                _component(architecture, ("views", name, key, position), component)
        if view:
            architecture.views[name] = view
    _guarantees(architecture)
    for position, value in enumerate(values.get("decisions", [])):
        decision = validate(Decision, value, ("decisions", position), document)
        for place, component in enumerate(decision.affects if decision else []):
            _component(architecture, ("decisions", position, "affects", place), component)
        if decision:
            architecture.decisions.append(decision)
    for position, value in enumerate(values.get("accepted", [])):
        waiver = validate(Waiver, value, ("accepted", position), document)
        if waiver and (waiver.component is None or _waived(architecture, position, waiver.component)):
            architecture.accepted.append(waiver)
    architecture.drift = validate(Drift, values.get("drift", {}), ("drift",), document) or Drift()
    for position, ignored in enumerate(architecture.drift.ignore):
        if not any((ignored.resource, ignored.component, ignored.type, ignored.property)):
            message = "say what is ignored: 'resource', 'component', 'type' or 'property'"
            document.problem(("drift", "ignore", position), message)
    for position, value in enumerate(values.get("rules", [])):
        if isinstance(value, str) and value and "\0" not in value:
            architecture.rules.append(RuleSource(position, value))
        elif isinstance(value, dict):
            architecture.written_rules.append((value, document.find(("rules", position))[0]))
        else:
            message = f"expected a rule, or a file of rules or a folder of them; found {found(value)}"
            document.problem(("rules", position), message, at="value")


def _waived(architecture: Architecture, position: int, name: str) -> bool:
    places = architecture.places
    also = (*places.vpcs, *places.tiers, *places.groups)
    return _component(architecture, ("accepted", position, "component"), name, also=also)


def _guarantees(architecture: Architecture) -> None:
    for position, value in enumerate(architecture.document.value.get("guarantees", [])):
        path: KeyPath = ("guarantees", position)
        guarantee = validate(Guarantee, value, path, architecture.document)
        if guarantee is None:
            continue
        given = [w for w in ("never", "always", "only") if getattr(guarantee, w)]
        if len(given) != 1:
            message = f"a guarantee is exactly one of never, always, only; found {' and '.join(given) or 'none'}"
            architecture.document.problem(path, message)
            continue
        ends = getattr(guarantee, given[0])
        for key, names in (("from", ends.from_), ("to", ends.to)):
            for index, name in enumerate(names):
                if not _address(name):
                    _component(architecture, (*path, given[0], key, index), name, also=ANYWHERE)
        architecture.guarantees.append(guarantee)


def _address(name: str) -> bool:
    """Say whether `name` is an address or a CIDR; a word like `cafe` has hexadecimal letters and is none."""
    if not ("." in name or ":" in name):
        return False
    try:
        ipaddress.ip_network(name, strict=False)
    except ValueError:
        return False
    return True


def _cycles(architecture: Architecture) -> None:
    """Note every reference that leads back to where it began, through fields of one name, and must not."""
    fields: dict[str, dict[str, list[Reference]]] = {}
    for reference in architecture.references:
        if reference.meaning.acyclic:
            following = fields.setdefault(str(reference.path[2]), {})
            following.setdefault(reference.source, []).append(reference)
    for name, following in fields.items():
        _circles(architecture, name, following)


def _circles(architecture: Architecture, field: str, following: dict[str, list[Reference]]) -> None:
    """Note every circle that the references of one field make."""
    state: dict[str, int] = {}
    for start in following:
        stack: list[tuple[str, int]] = [(start, 0)] if start not in state else []
        trail = [start]
        while stack:
            name, position = stack.pop()
            state[name] = 1
            edges = following.get(name, [])
            if position == len(edges):
                state[name] = 2
                trail.pop()
                continue
            stack.append((name, position + 1))
            target = edges[position].target
            if state.get(target) == 1:
                circle = " → ".join([*trail[trail.index(target) :], target])
                message = f"'{field}' goes in a circle: {circle}"
                architecture.document.problem(edges[position].path, message, at="value")
            elif target not in state:
                stack.append((target, 0))
                trail.append(target)
