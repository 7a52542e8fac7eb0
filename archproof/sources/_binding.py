"""Literal ids and ARNs become references to the resources that they name.

A state, an account and a folder of `describe` output say `vpc-0abc…` where a template says `Ref`. What they
say is known exactly, so that an id which is one of their resources' is a reference to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from archproof.resources.resource import Path, Resource, Resources, is_symbolic

Identities = Mapping[str, tuple[str, str | None]]
"""Id or ARN → the logical id that it names, and the attribute that returns it (None: `Ref` does)."""

_NOT_HERE = ("Tags", "TagList", "BucketTags", "HostedZoneTags", "FileSystemTags", "UserPoolTags", "Description")
"""Properties whose words are people's own and name nothing."""
_ENDS = ("/", ":")
"""What may follow an ARN in an ARN of something inside it."""


def bind(resources: Resources, identities: Identities) -> None:
    """Replace, in all properties, every text that is an identity by the reference to its resource.

    ARNs of things inside a resource (`arn:aws:s3:::bucket/*`) become `Fn::Sub`. Identities have to be
    unmistakable (ids, ARNs, domain names), since any property that holds one is bound. A resource is never
    bound to itself, and where a bound ARN in a policy closes a circle of references it stays the ARN it was.
    """
    bound: list[tuple[Resource, Path, str]] = []
    for resource in resources:
        walk = _Walk(resource.logical_id, identities, resources)
        for name, value in resource.properties.items():
            if name not in _NOT_HERE:
                resource.properties[name] = walk.replaced(value, (name,))
        bound += [(resource, path, text) for path, text in walk.bound]
    resources.changed()
    _without_circles(resources, bound)


class _Walk:
    """The replacement in one resource."""

    def __init__(self, own: str, identities: Identities, resources: Resources) -> None:
        self.own = own
        self.identities = identities
        self.resources = resources
        self.bound: list[tuple[Path, str]] = []
        """What was replaced: its place and the text that it was."""

    def replaced(self, value: Any, path: Path) -> Any:
        if isinstance(value, str):
            found = self.reference(value)
            if found is None:
                return value
            self.bound.append((path, value))
            return found
        if isinstance(value, list):
            return [self.replaced(entry, (*path, at)) for at, entry in enumerate(value)]
        if isinstance(value, dict) and not is_symbolic(value):
            return {k: self.replaced(v, (*path, k)) if k not in _NOT_HERE else v for k, v in value.items()}
        return value

    def reference(self, text: str) -> Any:
        """The intrinsic that says `text`, or None."""
        if (found := self.named(text)) is not None:
            return found
        if not text.startswith("arn:") or len(text) > 2048:
            return None
        for end in range(len(text) - 1, 4, -1):
            if text[end] in _ENDS and (found := self.named(text[:end])) is not None:
                key, inner = next(iter(found.items()))
                name = inner if key == "Ref" else ".".join(inner)
                return {"Fn::Sub": f"${{{name}}}{text[end:].replace('${', '${!')}"}
        return None

    def named(self, text: str) -> dict[str, Any] | None:
        found = self.identities.get(text)
        if found is None or found[0] == self.own or found[0] not in self.resources:
            return None
        logical_id, attribute = found
        return {"Ref": logical_id} if attribute is None else {"Fn::GetAtt": [logical_id, attribute]}


def _without_circles(resources: Resources, bound: list[tuple[Resource, Path, str]]) -> None:
    """Take back what was bound in policies and closes a circle: a deployment could not begin anywhere."""
    from archproof.resources.lowering._cycles import circles

    in_policies = [entry for entry in bound if any("Policy" in str(step) or step == "Policies" for step in entry[1])]
    if not in_policies:
        return
    on_circle = circles(resources, [resource.logical_id for resource, _, _ in in_policies])
    for resource, path, text in in_policies:
        members = on_circle.get(resource.logical_id)
        target = resources.target(resource.get(*path))
        if members and target is not None and target.logical_id in members:
            holder = resource.get(*path[:-1])
            holder[path[-1]] = text
    resources.changed()
