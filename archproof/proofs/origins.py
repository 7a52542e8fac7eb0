"""The ARNs by which the policy of a target knows who delivers: of an API one for each of its routes."""

from __future__ import annotations

from collections.abc import Iterator

from archproof.iam.globs import hole
from archproof.iam.names import Names
from archproof.resources.resource import Path, Resource

_APIS = ("AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api")
_FILTER = "AWS::Logs::SubscriptionFilter"


class Origins:
    """Source ARNs in one set of resources."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.resources = names.resources

    def arns(self, source: Resource, target: Resource) -> list[str | None]:
        """What the target's policy sees; None for the source's own ARN."""
        if source.type == _FILTER:
            group = self.resources.target(source.get("LogGroupName"))
            return [self.names.arn(group) if group is not None else self._group(source)]
        if source.type not in _APIS:
            return [None]
        base = self.names.arn(source).removesuffix("/*/*/*")
        found = [*self._of_body(source, target), *self._of_parts(source, target)]
        return [f"{base}/{rest}" for rest in dict.fromkeys(found)] or [f"{base}/{_stage(hole('route'))}"]

    def _group(self, filter: Resource) -> str:
        """A log group that is none of the resources."""
        names, name = self.names, self.names.text(filter.get("LogGroupName"))
        return f"arn:{names.partition}:logs:{names.region(filter)}:{names.account(filter)}:log-group:{name}:*"

    def _of_body(self, source: Resource, target: Resource) -> Iterator[str]:
        """Routes and authorizers of an API whose definition names the target."""
        for use in self.resources.uses(source):
            if use.target != target.logical_id or use.path[0] != "Body":
                continue
            if len(use.path) > 3 and use.path[1] == "paths":
                yield _stage(_operation(use.path))
            else:
                yield f"authorizers/{hole('authorizer')}"

    def _of_parts(self, source: Resource, target: Resource) -> Iterator[str]:
        """Routes of an API that are resources of their own."""
        for part in self.resources.users(source):
            if self._leads(part, target):
                yield _stage(self._route(part))

    def _leads(self, route: Resource, target: Resource) -> bool:
        if route.type == "AWS::ApiGateway::Method":
            return any(u.target == target.logical_id for u in self.resources.uses(route))
        if route.type != "AWS::ApiGatewayV2::Route":
            return False
        integrations = self.resources.targets(route.get("Target"))
        return any(u.target == target.logical_id for i in integrations for u in self.resources.uses(i))

    def _route(self, route: Resource) -> str:
        """The method and path of a route, as they stand in its ARN; holes where they are any."""
        if route.type == "AWS::ApiGatewayV2::Route":
            key = route.get("RouteKey")
            if key == "$default":
                return "$default"
            method, _, path = key.partition(" ") if isinstance(key, str) else ("", "", "")
        else:
            method, path = str(route.get("HttpMethod", default="")), self._path(route.get("ResourceId"))
        return _called(method, path)

    def _path(self, value: object, depth: int = 0) -> str:
        """The path of a resource of a REST API."""
        part = self.resources.target(value)
        if part is None or depth > len(self.resources) or part.type != "AWS::ApiGateway::Resource":
            return "/"
        above = self._path(part.get("ParentId"), depth + 1).rstrip("/")
        return f"{above}/{self.names.text(part.get('PathPart'))}"


def _stage(route: str) -> str:
    return f"{hole('stage')}/{route}"


def _operation(path: Path) -> str:
    """The route of an operation of an OpenAPI definition, by the path that leads to it."""
    where, method = str(path[2]), str(path[3])
    if where == "/$default":
        return "$default"
    # a definition may end a path in a slash, an API has none there
    return _called("" if method == "x-amazon-apigateway-any-method" else method.upper(), where.rstrip("/") or "/")


def _called(method: str, path: str) -> str:
    method = hole("method") if method in ("", "ANY") else method
    return f"{method}{path}" if path else f"{method}/{hole('path')}"
