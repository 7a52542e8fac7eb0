"""The names of resources as policies write them: ARNs and texts, with holes for what is known only after deployment."""

from __future__ import annotations

import functools
import json
import re
from typing import Any, NamedTuple

from archproof.iam.globs import hole, unique
from archproof.resources.resource import SUBSTITUTION, Resource, Resources

_FIELD = re.compile(r"\$\{([^}]*)\}")


class Form(NamedTuple):
    """How AWS names the resources of one type (facts/arns.csv)."""

    arn: str
    """Its ARN: `${}` stands for the name, `${Region}`, `${Account}` and `${Partition}` for where it lives."""
    name: str
    """The property that gives the name; empty where AWS makes one."""
    ref: str
    """What `Ref` returns: `name`, `arn`, `id` or something `other`."""
    attribute: str
    """The attribute of `Fn::GetAtt` that is the ARN."""


@functools.cache
def forms() -> dict[str, Form]:
    """The forms by CloudFormation type."""
    from archproof.facts import rows

    return {r["type"]: Form(r["arn"], r["name"], r["ref"], r["attribute"]) for r in rows("arns")}


@functools.cache
def _pieces(arn: str) -> list[str]:
    """The texts of a form, and between them the names of its fields."""
    return _FIELD.split(arn)


class Names:
    """Names in one set of resources."""

    def __init__(self, resources: Resources) -> None:
        self.resources = resources
        self._arns: dict[str, str] = {}

    # -- where

    def region(self, resource: Resource | None = None) -> str:
        """The region of a resource (of the stack when left out); a hole where the source does not say."""
        own = resource.region if resource is not None else None
        if own:
            return own
        return hole("AWS::Region") if self.resources.format else self.resources.region

    def account(self, resource: Resource | None = None) -> str:
        """The account of a resource, or a hole."""
        own = resource.account if resource is not None else None
        return own or self.resources.account or hole("AWS::AccountId")

    @functools.cached_property
    def partition(self) -> str:
        """The partition of the region; `aws` where that is not known."""
        from archproof import facts

        try:
            return facts.region(self.resources.region).partition
        except KeyError:
            return "aws"

    # -- resources

    def arn(self, resource: Resource) -> str:
        """The ARN of a resource; a hole of its own for a type whose form is not known."""
        found = self._arns.get(resource.logical_id)
        if found is None:
            self._arns[resource.logical_id] = hole(resource.logical_id)  # for a name that refers to itself
            found = self._arns[resource.logical_id] = self._arn(resource)
        return found

    def _arn(self, resource: Resource) -> str:
        if resource.physical_id and resource.physical_id.startswith("arn:"):
            return resource.physical_id
        form = forms().get(resource.type)
        if form is None:
            return hole(f"{resource.logical_id}.Arn")
        values = {
            "Partition": self.partition, "Region": self.region(resource), "Account": self.account(resource),
            "": self._named(resource, form),
        }  # fmt: skip
        return "".join(
            [
                piece if not number % 2 else values.get(piece) or hole(f"{resource.logical_id}.{piece}")
                for number, piece in enumerate(_pieces(form.arn))
            ]
        )

    def _named(self, resource: Resource, form: Form) -> str:
        """The name inside its ARN."""
        said = resource.get(form.name) if form.name else None
        name = self.text(said) if said is not None else resource.physical_id or unique(resource.logical_id)
        path = resource.get("Path") if resource.type.startswith("AWS::IAM::") else None
        prefix = self.text(path).lstrip("/") if path is not None else ""
        return prefix + (name.lstrip("/") if resource.type == "AWS::SSM::Parameter" else name.removeprefix("alias/"))

    def reference(self, resource: Resource) -> str:
        """What `Ref` returns."""
        form = forms().get(resource.type)
        if form is None or form.ref == "other":
            return resource.physical_id or hole(f"{resource.logical_id}.Ref")
        if form.ref == "arn":
            return self.arn(resource)
        return (
            self._named(resource, form) if form.ref == "name" else resource.physical_id or unique(resource.logical_id)
        )

    # -- values

    def text(self, value: Any) -> str:
        """A value of a template as text; what is not known in it are holes."""
        if isinstance(value, str):
            return value
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, int | float):
            return str(value)
        if isinstance(value, dict) and len(value) == 1:
            function, inner = next(iter(value.items()))
            found = self._function(function, inner)
            if found is not None:
                return found
        return hole(json.dumps(value, sort_keys=True, default=str))

    def _function(self, function: str, inner: Any) -> str | None:
        if function == "Ref" and isinstance(inner, str):
            return self._name(inner)
        if function == "Fn::GetAtt":
            parts = inner.split(".", 1) if isinstance(inner, str) else inner
            if isinstance(parts, list) and all(isinstance(p, str) for p in parts):
                return self._name(".".join(parts))
        if function == "Fn::Sub":
            text, *rest = inner if isinstance(inner, list) and inner else [inner]
            local = rest[0] if rest and isinstance(rest[0], dict) else {}
            if isinstance(text, str):
                return SUBSTITUTION.sub(lambda m: self._substituted(m, local), text)
        if function == "Fn::Join" and isinstance(inner, list) and len(inner) == 2 and isinstance(inner[1], list):
            return str(inner[0]).join(self.text(part) for part in inner[1])
        return None

    def _substituted(self, match: re.Match[str], local: dict[str, Any]) -> str:
        if match[1]:  # `${!x}` is the text `${x}`
            return "${" + match[2] + "}"
        name = match[2].strip()
        return self.text(local[name]) if name in local else self._name(name)

    def _name(self, name: str) -> str:
        """`Queue`, `Queue.Arn` or `AWS::Region` as text."""
        if name.startswith("AWS::"):
            if name == "AWS::Region":
                return self.region()
            if name == "AWS::AccountId":
                return self.account()
            if name == "AWS::Partition":
                return self.partition
        logical_id, _, attribute = name.partition(".")
        resource = self.resources.all.get(logical_id)
        if resource is None:
            return hole(name)
        if not attribute:
            return self.reference(resource)
        form = forms().get(resource.type)
        if form is not None and attribute == form.attribute:
            return self.arn(resource)
        if attribute == "StreamArn":
            return f"{self.arn(resource)}/stream/{hole(name)}"
        return hole(name)
