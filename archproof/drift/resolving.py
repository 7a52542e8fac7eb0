"""Declared properties as literals: what a template leaves to deployment is told by the live resources that are bound.

`Ref`, `Fn::GetAtt` and every function over them are worked out with what the live side returns. What cannot be
told stays a function, so that its comparison is unread and says what it waits for.
"""

from __future__ import annotations

import base64
from typing import Any

from archproof.drift.described import Described, token
from archproof.facts import registry_schema
from archproof.iam.globs import has_hole
from archproof.iam.names import Names, forms
from archproof.resources.evaluation import MISSING, Evaluation
from archproof.resources.parameters import PSEUDO
from archproof.resources.resource import Resource, Resources, is_symbolic, referenced
from archproof.sources.live import Live


class _Bound(Evaluation):
    """The functions of a template where some of its resources are known."""

    resolver: Resolver

    def named(self, name: str) -> Any:
        """A parameter, a pseudo parameter, or what a bound resource returns."""
        found = super().named(name)
        if found is not MISSING:
            return found
        if name == "AWS::StackName" and len(self.resolver.stacks) == 1:
            return next(iter(self.resolver.stacks))
        if name == "AWS::StackId" and len(ids := self._stack_ids()) == 1:
            return ids[0]
        logical_id, _, attribute = name.partition(".")
        if isinstance(self.resolver.live, Described) and (name in PSEUDO or name in self.parameters):
            return token(name, "")  # neither side tells: the same on both
        return self.resolver.literal(logical_id, attribute)

    def _stack_ids(self) -> list[str]:
        return self.resolver.live.stack_ids.get(str(self.named("AWS::StackName")), [])


class Resolver:
    """The declared side through its bindings to the live one."""

    def __init__(self, declared: Resources, live: Live, bindings: dict[str, str] | None = None) -> None:
        self.declared = declared
        self.live = live
        self.bindings: dict[str, str] = {} if bindings is None else bindings
        """Declared logical id → live logical id; filled while resources are matched."""
        self.stacks: set[str] = set()
        """The stacks of CloudFormation that resources were found by."""
        self.missing: set[str] = set()
        """Declared resources that are not there."""
        self._names = Names(live.resources)
        self._evaluations: dict[tuple[str | None, str | None], _Bound] = {}

    def properties(self, resource: Resource) -> dict[str, Any]:
        """All properties of a declared resource, as far as they are known."""
        return {key: self.value(resource, value) for key, value in resource.properties.items()}

    def value(self, resource: Resource, value: Any) -> Any:
        """A value of a declared resource, as far as it is known."""
        if not isinstance(value, dict | list):
            return value
        evaluation = self._evaluation(*place(self.declared, resource))
        return _encoded(evaluation.value(value))

    def literal(self, logical_id: str, attribute: str) -> Any:
        """What `Ref` (for an empty attribute) or `Fn::GetAtt` returns of a declared resource; MISSING if unknown."""
        found = self.bindings.get(logical_id)
        if found is None or found not in self.live.resources:
            return MISSING
        return attribute_of(self.live, found, attribute, self._names)

    def condition(self, resource: Resource) -> str | None:
        """The condition that a declared resource hangs on, where nothing tells whether it holds."""
        name = resource.attributes.get("Condition")
        if not isinstance(name, str):
            return None
        holds = self._evaluation(*place(self.declared, resource)).condition(name)
        return None if holds is True else name

    def waits_for(self, value: Any) -> str:
        """Why a value that is still a function is not known."""
        names = list(dict.fromkeys(f"{i}.{a}" if a else i for i, a in referenced(value)))
        unbound = [n for n in names if n.partition(".")[0] in self.declared]
        loose = [n for n in unbound if n.partition(".")[0] not in self.bindings]
        gone = [n for n in loose if n.partition(".")[0] in self.missing]
        if gone:
            return f"it refers to {_listed(gone)}, and that is missing"
        if loose:
            return f"it refers to {_listed(loose)}, and which live resource that is could not be told"
        if unbound:
            return f"nothing that was read tells {_listed(unbound)}"
        if names:
            return f"the value of {_listed(names)} is not known"
        return "it is known only after deployment"

    def _evaluation(self, region: str | None, account: str | None) -> _Bound:
        found = self._evaluations.get((region, account))
        if found is None:
            held = self.declared
            found = _Bound(
                held.parameters, held.given, held.conditions, held.mappings, region=region, account=account,
                attribute=self._attribute,
            )  # fmt: skip
            found.resolver = self
            self._evaluations[region, account] = found
        return found

    def _attribute(self, logical_id: str, name: str) -> Any:
        found = self.literal(logical_id, name)
        if found is MISSING and name == "CidrBlock" and logical_id in self.declared:
            return self.declared[logical_id].get(name, default=MISSING)
        return found


def attribute_of(live: Live, id: str, attribute: str, names: Names) -> Any:
    """What a live resource returns for an attribute (`Ref` for the empty one); MISSING where nobody read it."""
    told = live.attributes.get(id, {})
    if attribute in told:
        return told[attribute]
    resource = live.resources[id]
    unknown = token(id, attribute) if isinstance(live, Described) else MISSING
    if not attribute:
        return resource.physical_id or unknown
    form = forms().get(resource.type)
    if attribute == (form.attribute if form else "Arn"):
        arn = resource.address if resource.address and resource.address.startswith("arn:") else None
        arn = arn or (names.arn(resource) if form else None)
        if arn and not has_hole(arn) and "${" not in arn:
            return arn
    schema = registry_schema(resource.type)
    own = resource.physical_id or ""
    fits = own.startswith("arn:") or not attribute.lower().endswith("arn")
    if own and fits and schema is not None and schema.identifier == ((*attribute.split("."),),):
        return own
    value = resource.get(*attribute.split("."))
    if value is None and attribute in _NAMED:
        value = resource.get(resource.type.rpartition("::")[2] + attribute)  # what a service returns as Name
    return value if isinstance(value, str | int) and not isinstance(value, bool) else unknown


_NAMED = ("Name", "Id")


def place(declared: Resources, resource: Resource) -> tuple[str | None, str | None]:
    """The region and the account of a declared resource; None where the source does not say."""
    region = resource.region or declared.given.get("AWS::Region")
    return region, resource.account or declared.account or declared.given.get("AWS::AccountId")


def _encoded(value: Any) -> Any:
    """A value with `Fn::Base64` of a text that is known as that text encoded, which is what AWS holds."""
    if isinstance(value, list):
        return [_encoded(item) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1 and isinstance(value.get("Fn::Base64"), str):
        return base64.b64encode(value["Fn::Base64"].encode()).decode()
    return value if is_symbolic(value) else {key: _encoded(item) for key, item in value.items()}


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more
