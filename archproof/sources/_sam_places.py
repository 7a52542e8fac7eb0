"""Where each part of a translated SAM template was said: which resource, which event, which property."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from archproof.model.yaml import Mark
from archproof.sources._sam_values import Node, Path

SERVERLESS = "AWS::Serverless::"
_RENAMED = {
    "Code": ("CodeUri", "InlineCode", "ImageUri"),
    "Content": ("ContentUri",),
    "TracingConfig": ("Tracing",),
    "TracingConfiguration": ("Tracing",),
    "DeadLetterConfig": ("DeadLetterQueue",),
    "Body": ("DefinitionBody", "DefinitionUri"),
    "BodyS3Location": ("DefinitionUri",),
    "Definition": ("SchemaInline",),
    "DefinitionString": ("Definition", "DefinitionUri"),
    "DefinitionS3Location": ("DefinitionUri", "SchemaUri"),
    "LoggingConfiguration": ("Logging",),
    "StateMachineName": ("Name",),
    "StateMachineType": ("Type",),
    "ManagedPolicyArns": ("Policies",),
    "KeySchema": ("PrimaryKey",),
    "AttributeDefinitions": ("PrimaryKey",),
    "TemplateURL": ("Location",),
    "AccessLogSettings": ("AccessLogSetting",),
}
"""What SAM calls a property that has another name in CloudFormation."""
_SAID_BY = {
    "AWS::IAM::Role": ("Policies", "Role"),
    "AWS::Lambda::Version": ("AutoPublishAlias",),
    "AWS::Lambda::Alias": ("AutoPublishAlias",),
    "AWS::Lambda::Url": ("FunctionUrlConfig",),
    "AWS::Lambda::EventInvokeConfig": ("EventInvokeConfig",),
    "AWS::CodeDeploy::Application": ("DeploymentPreference",),
    "AWS::CodeDeploy::DeploymentGroup": ("DeploymentPreference",),
    "AWS::ApiGateway::UsagePlan": ("Auth",),
    "AWS::ApiGateway::UsagePlanKey": ("Auth",),
    "AWS::ApiGateway::ApiKey": ("Auth",),
    "AWS::ApiGateway::DomainName": ("Domain",),
    "AWS::ApiGateway::DomainNameV2": ("Domain",),
    "AWS::ApiGateway::BasePathMapping": ("Domain",),
    "AWS::ApiGatewayV2::DomainName": ("Domain",),
    "AWS::ApiGatewayV2::ApiMapping": ("Domain",),
    "AWS::Route53::RecordSetGroup": ("Domain",),
    "AWS::StepFunctions::StateMachineAlias": ("AutoPublishAlias",),
    "AWS::StepFunctions::StateMachineVersion": ("AutoPublishAlias",),
}
"""The property of a SAM resource that makes another resource of this type beside it."""
_NAMED = (("EventInvokeConfig", "EventInvokeConfig"), ("Url", "FunctionUrlConfig"), ("URL", "FunctionUrlConfig"))
"""How the names begin of what a property of a SAM resource makes, after the name of that."""
_ONCE = {
    "ServerlessDeploymentApplication": "DeploymentPreference",
    "CodeDeployServiceRole": "DeploymentPreference",
    "ServerlessUsagePlan": "Auth",
    "ServerlessApiKey": "Auth",
    "ServerlessUsagePlanKey": "Auth",
}
"""The property that asks for what SAM makes once in a template, by its logical id."""
_IMPLICIT = {"ServerlessRestApi": ("Api", "RestApiId"), "ServerlessHttpApi": ("HttpApi", "ApiId")}
"""The APIs that SAM makes for events that name none: the type of the events, and what they do not say."""
_MADE = Node()
"""The node of a value that the translator, or a stand-in, made."""
_ANY_METHOD = "x-amazon-apigateway-any-method"


@dataclass
class Places:
    """Finds the place of everything in the outcome of a template."""

    template: dict[str, Any]
    """The SAM template as it was read."""
    mark: Mark
    serverless: list[str] = field(default_factory=list)
    """The logical ids of its SAM resources, the longest first."""
    routes: dict[tuple[str, str, str], Path] = field(default_factory=dict)
    """The event behind a route: API, path and method."""
    names: set[str] = field(default_factory=set)
    event_names: dict[str, set[str]] = field(default_factory=dict)
    """The names of the events of each resource that was asked for."""

    def __post_init__(self) -> None:
        resources = self.template["Resources"]
        ids = [i for i, r in resources.items() if str(r.get("Type")).startswith(SERVERLESS) or "Connectors" in r]
        self.serverless = sorted(ids, key=lambda i: (-len(i), i))
        self.names = set(ids)
        for logical_id in ids:
            for path, event in self.events(logical_id):
                self._route(path, event)

    def events(self, logical_id: str) -> Iterator[tuple[Path, dict[str, Any]]]:
        """The events of a resource, with their paths."""
        events = (self.template["Resources"][logical_id].get("Properties") or {}).get("Events")
        for name, event in events.items() if isinstance(events, dict) else ():
            if isinstance(event, dict):
                yield ("Resources", logical_id, "Properties", "Events", name), event

    def _route(self, path: Path, event: dict[str, Any]) -> None:
        said = event.get("Properties")
        said = said if isinstance(said, dict) else {}
        for implicit, (kind, key) in _IMPLICIT.items():
            if event.get("Type") == kind:
                api = said.get(key, implicit)
                api = api.get("Ref", implicit) if isinstance(api, dict) else api
                method = str(said.get("Method", "any")).lower()
                method = _ANY_METHOD if method in ("any", "*") else method
                self.routes[str(api), str(said.get("Path", "$default")), method] = path

    def source(self, logical_id: str, kind: str, node: Node) -> Path:
        """What made a resource of the outcome: a resource, one of its events, or one of its properties."""
        if logical_id in self.template["Resources"]:
            return "Resources", logical_id
        maker = _longest(logical_id, self.names)
        if maker is None:
            return self._implicit(logical_id) or self._shared(logical_id) or self._by_values(node, kind)
        rest = logical_id[len(maker) :]
        if maker not in self.event_names:
            self.event_names[maker] = {str(path[-1]) for path, _ in self.events(maker)}
        if name := _longest(rest, self.event_names[maker]):
            return "Resources", maker, "Properties", "Events", name
        connectors = self.template["Resources"][maker].get("Connectors")
        for name in sorted(connectors, key=len, reverse=True) if isinstance(connectors, dict) else ():
            if rest.startswith(name):
                return "Resources", maker, "Connectors", name
        return self._event(maker, node) or self._property(maker, kind, rest) or ("Resources", maker)

    def _event(self, maker: str, node: Node) -> Path | None:
        """The event that says something of a resource, where that is not named after it."""
        lead = ("Resources", maker, "Properties", "Events")
        return next((o[:5] for o in _origins(node) if o[:4] == lead and len(o) > 5), None)

    def _property(self, maker: str, kind: str, rest: str = "") -> Path | None:
        """The property of a SAM resource that makes one of this type, with `rest` after the name of its maker."""
        by_name = [key for start, key in _NAMED if rest.startswith(start)]
        return next((found for key in (*by_name, *_SAID_BY.get(kind, ())) if (found := self._said(maker, key))), None)

    def _said(self, maker: str, key: str) -> Path | None:
        """Where a property of a SAM resource is said: by itself, or under `Globals`."""
        resource = self.template["Resources"][maker]
        section = str(resource.get("Type"))[len(SERVERLESS) :]
        for path in (("Resources", maker, "Properties", key), ("Globals", section, key)):
            if self.at(path) is not None:
                return path
        return None

    def _implicit(self, logical_id: str) -> Path | None:
        for implicit, (event_type, key) in _IMPLICIT.items():
            if logical_id.startswith(implicit):
                for maker in self.template["Resources"]:
                    for path, event in self.events(maker) if maker in self.serverless else ():
                        said = event.get("Properties")
                        if event.get("Type") == event_type and not (isinstance(said, dict) and key in said):
                            return path
                return ("Globals", event_type) if self.at(("Globals", event_type)) is not None else None
        return None

    def _by_values(self, node: Node, kind: str) -> Path:
        """The resource that most of the values of an outcome came from, or what it says of such an outcome."""
        counts: dict[str, int] = {}
        for origin in _origins(node):
            if origin[0] == "Resources":
                counts[str(origin[1])] = counts.get(str(origin[1]), 0) + 1
        makers = sorted(counts, key=lambda maker: (-counts[maker], maker))
        if not makers:
            return ("Transform",)
        return (self._property(makers[0], kind) if makers[0] in self.serverless else None) or ("Resources", makers[0])

    def _shared(self, logical_id: str) -> Path | None:
        """What first asks for a resource that SAM makes once for all who do."""
        key = _ONCE.get(logical_id)
        for maker in self.template["Resources"] if key else ():
            if maker in self.serverless and (found := self._said(maker, str(key))):
                return found
        return None

    def at(self, path: Path) -> Mark | None:
        """The mark of a path of the template, or None where nothing is said there."""
        mark = self.mark
        for step in path:
            try:
                mark = mark.children[step]
            except (KeyError, IndexError, TypeError):
                return None
        return mark

    def nearest(self, path: Path) -> Mark:
        """The mark of the deepest part of a path that is said."""
        for end in range(len(path), 0, -1):
            if (found := self.at(path[:end])) is not None:
                return found
        return self.mark

    def resource(self, logical_id: str, value: dict[str, Any], node: Node) -> Mark:
        """The marks of a resource of the outcome."""
        source = self.source(logical_id, str(value.get("Type")), node)
        inner = (*source, "Properties")
        base = inner if self.at(inner) is not None else source
        whole = self.nearest(source)
        children = {}
        for key, part in node.inside.items():
            children[key] = self.value(part, key, source, value[key], exact=True)
            if key == "Properties":
                said = value[key]
                self._of_globals(logical_id, base, said, part)
                inside = {
                    name: self.value(part.inside.get(name, _MADE), name, base, said[name], logical_id, exact=True)
                    for name in said
                }
                children[key] = (self.at(base) or whole)._replace(children=inside)
        return whole._replace(children=children)

    def _of_globals(self, logical_id: str, base: Path, said: dict[str, Any], node: Node) -> None:
        """Give what `Globals` says of an API that SAM makes for events the place that it has there."""
        for implicit, (kind, _) in _IMPLICIT.items():
            for name in said if logical_id.startswith(implicit) else ():
                path = ("Globals", kind, name)
                if self.at(path) is not None and self._lookup(base, name) is None:
                    node.inside[name] = Node(path, node.inside.get(name, _MADE).inside)

    def value(
        self, node: Node, key: Any, outer: Path, value: Any, api: str = "", route: str = "", *, exact: bool = False
    ) -> Mark:
        """The mark of a value at `key` of what came from `outer`, with the marks of all that is inside.

        `api` and `route`: the resource, and the path of the API that the value stands under. `exact`: whether
        `outer` is where the map or list came from that holds the value, and not only near it.
        """
        found = node.origin or (self._lookup(outer, key) if exact else None)
        here = found or outer
        exact = found is not None
        route = key if isinstance(key, str) and key.startswith("/") else route
        inside: Any = None
        if isinstance(value, dict):
            inside = {}
            for name, item in value.items():
                place = self.routes.get((api, route, name), here)
                inside[name] = self.value(node.inside.get(name, _MADE), name, place, item, api, route, exact=exact)
        elif isinstance(value, list):
            inside = []
            for index, item in enumerate(value):
                place = self._policy(here, item) if key in ("ManagedPolicyArns", "Policies") else here
                part = node.inside.get(index, _MADE)
                inside.append(self.value(part, index, place, item, api, route, exact=exact and place == here))
        return self._place(here, exact)._replace(children=inside)

    def _place(self, path: Path, exact: bool) -> Mark:
        """The mark of a path; of the name alone of the resource or the event that made what nothing says."""
        mark = self.nearest(path)
        if exact:
            return mark
        owner = path[:-1] if path[-1:] == ("Properties",) else path
        if len(owner) == 2 or owner[-2:-1] == ("Events",):
            mark = self.nearest(owner)
            if mark.key_line >= 0:
                return Mark(mark.file, mark.key_line, mark.key_column, mark.key_end_line, mark.key_end_column)
        return mark

    def _policy(self, policies: Path, item: Any) -> Path:
        """The entry of `Policies` that a policy of a role comes from."""
        said: Any = self.template
        for step in policies:
            said = said.get(step) if isinstance(said, dict) else None
        if not isinstance(said, list):
            return policies
        if isinstance(item, str):
            wanted = item.rpartition("/")[2]
            index = next((i for i, s in enumerate(said) if isinstance(s, str) and s.rpartition("/")[2] == wanted), None)
        else:
            name = item.get("PolicyName") if isinstance(item, dict) else None
            number = re.search(r"Policy([0-9]+)\Z", name) if isinstance(name, str) else None
            index = int(number[1]) if number and int(number[1]) < len(said) else None
        return policies if index is None else (*policies, index)

    def _lookup(self, outer: Path, key: Any) -> Path | None:
        """The path of a value that carries none: by its name, or the one that SAM has for it."""
        for name in (key, *_RENAMED.get(key, ())):
            path = (*outer, name)
            if self.at(path) is not None:
                return path
            if len(outer) == 3 and outer[0] == "Resources" and isinstance(name, str):
                found = self._said(str(outer[1]), name) if str(outer[1]) in self.serverless else None
                if found is not None:
                    return found
        return None


def _longest(text: str, names: set[str]) -> str | None:
    """The longest of `names` that `text` begins with."""
    return next((text[:end] for end in range(len(text), 0, -1) if text[:end] in names), None)


def _origins(node: Node) -> Iterator[Path]:
    """Where the texts and numbers in an outcome came from, in order."""
    if node.inside:
        for part in node.inside.values():
            yield from _origins(part)
    elif node.origin is not None:
        yield node.origin
