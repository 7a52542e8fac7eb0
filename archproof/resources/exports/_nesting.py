"""A template as a root and nested stacks: parameters and outputs carry what one part uses of another.

Values that a nested stack returns are texts. What returns a list stays with those that use it. What the name of the
stack means stays that of the root.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from typing import Any

from archproof.errors import UsageError
from archproof.resources.exports._limits import Limits
from archproof.resources.exports._partition import clusters, parts
from archproof.resources.exports._rewriting import Reference, references, rewritten, used

Template = dict[str, Any]
ROOT = "template"
_LISTS = frozenset(
    (
        "AWS::EC2::VPC.CidrBlockAssociations", "AWS::EC2::VPC.Ipv6CidrBlocks", "AWS::EC2::Subnet.Ipv6CidrBlocks",
        "AWS::EC2::VPCEndpoint.DnsEntries", "AWS::EC2::VPCEndpoint.NetworkInterfaceIds",
        "AWS::EC2::NetworkInterface.SecondaryPrivateIpAddresses", "AWS::Route53::HostedZone.NameServers",
        "AWS::ElasticLoadBalancingV2::LoadBalancer.SecurityGroups",
        "AWS::ElasticLoadBalancingV2::TargetGroup.LoadBalancerArns",
        "AWS::DirectoryService::MicrosoftAD.DnsIpAddresses",
        "AWS::DirectoryService::SimpleAD.DnsIpAddresses", "AWS::AmazonMQ::Broker.AmqpEndpoints",
        "AWS::AmazonMQ::Broker.IpAddresses", "AWS::AmazonMQ::Broker.StompEndpoints",
        "AWS::ElastiCache::ReplicationGroup.ReadEndPoint.Addresses.List",
        "AWS::ElastiCache::ReplicationGroup.ReadEndPoint.Ports.List",
    )
)  # fmt: skip
"""Attributes that return a list, which no output of a nested stack can."""
_OF_STACK = ("AWS::StackName", "AWS::StackId")
_SSM = re.compile(r"AWS::SSM::Parameter::Value<(.+)>")


def nested(whole: Template, ending: str, write: Callable[[Template], str], most: Limits) -> dict[str, Template]:
    """The root and the parts of a template, by the names of their files. Raises UsageError where it cannot be cut."""
    cut = _Cut(whole, most)
    made = {f"parts/part-{number}.{ending}": cut.part(number) for number in range(1, len(cut.parts) + 1)}
    result = {f"{ROOT}.{ending}": cut.root(list(made)), **made}
    for name, template in result.items():
        size = len(write(template).encode())
        for count, allowed, what in (
            (size, most.size, "bytes"), (len(template["Resources"]), most.resources, "resources"),
            (len(template.get("Parameters", ())), most.parameters, "parameters"),
            (len(template.get("Outputs", ())), most.outputs, "outputs"),
        ):  # fmt: skip
            if count > allowed:
                raise UsageError(f"{name} would have {count:,} {what}; a template has {allowed:,} at most")
    return result


class _Cut:
    """A template cut into parts."""

    def __init__(self, whole: Template, most: Limits) -> None:
        self.whole = whole
        self.most = most
        self.entries: dict[str, Any] = whole["Resources"]
        self.conditions: dict[str, Any] = whole.get("Conditions", {})
        self.parameters: dict[str, Any] = whole.get("Parameters", {})
        self.uses = {name: list(dict.fromkeys(references(entry))) for name, entry in self.entries.items()}
        self.depends = {name: _depends(entry) for name, entry in self.entries.items()}
        self.sizes = {name: len(json.dumps(entry, indent=2)) + len(name) + 20 for name, entry in self.entries.items()}
        self.asked_at_root = set(references(whole.get("Outputs", {})))
        self.users: dict[Reference, set[str]] = {}
        for name, found in self.uses.items():
            for reference in found:
                self.users.setdefault(reference, set()).add(name)
        self.parts = self._cut()
        self.home = {name: number for number, part in enumerate(self.parts, 1) for name in part}
        self.names = self._names()

    # -- cutting

    def _cut(self) -> list[list[str]]:
        graph: dict[str, set[str]] = {name: set() for name in self.entries}
        for name, found in self.uses.items():
            for target, attribute in found:
                if target in self.entries and target != name:
                    graph[name].add(target)
                    if attribute and f"{self.entries[target].get('Type')}.{attribute}" in _LISTS:
                        graph[target].add(name)
            graph[name].update(d for d in self.depends[name] if d in self.entries and d != name)
        order = clusters(graph)
        largest = max(map(len, order))
        if largest > self.most.resources:
            raise UsageError(
                f"{largest:,} resources refer to each other in circles and cannot be parted; "
                f"a template has {self.most.resources:,} at most"
            )
        place = {name: number for number, name in enumerate(self.entries)}
        found_parts = parts(order, self.most.resources, self._fits, place)
        if found_parts is None:
            raise UsageError(
                "resources that refer to each other in a circle need more parameters, outputs or bytes "
                "than one template may have"
            )
        return found_parts

    def _fits(self, names: Iterable[str]) -> bool:
        """Whether a part of these resources keeps within the quotas."""
        inside = set(names)
        asked = {r for name in inside for r in self.uses[name]}
        incoming = sum(1 for r in asked if r[0] in self.entries and r[0] not in inside)
        incoming += sum(1 for r in asked if r[0] in self.parameters or r[0] in _OF_STACK)
        incoming += len(self._parameters_of_conditions(self._conditions(inside)))
        outgoing = sum(
            1
            for reference, users in self.users.items()
            if reference[0] in inside and (reference in self.asked_at_root or not users <= inside)
        )
        outgoing += sum(1 for r in self.asked_at_root if r[0] in inside and r not in self.users)
        size = sum(self.sizes[name] for name in inside)
        size += 300 * (incoming + outgoing) + len(json.dumps(self.whole.get("Mappings", {}), indent=2))
        return incoming <= self.most.parameters and outgoing <= self.most.outputs and size < self.most.size * 0.9

    def _conditions(self, names: Iterable[str]) -> list[str]:
        """The conditions that these resources need, with those that they are made of."""
        wanted: list[str] = []
        for name in names:
            entry = self.entries[name]
            wanted += [entry["Condition"]] if isinstance(entry.get("Condition"), str) else []
            wanted += used(entry, "Fn::If")
        needed: dict[str, None] = {}
        while wanted:
            condition = wanted.pop()
            if condition not in needed and condition in self.conditions:
                needed[condition] = None
                wanted += used(self.conditions[condition], "Condition")
        return [name for name in self.conditions if name in needed]

    def _parameters_of_conditions(self, conditions: Iterable[str]) -> set[str]:
        found = {r[0] for name in conditions for r in references(self.conditions[name])}
        return {name for name in found if name in self.parameters or name in _OF_STACK}

    # -- writing

    def _names(self) -> dict[Reference, str]:
        """What every value that crosses from part to part is called, as an output and as a parameter."""
        taken = {*self.entries, *self.parameters, *self.conditions}
        names: dict[Reference, str] = {}
        crossing = [r for name in self.entries for r in self.uses[name]]
        for reference in [*crossing, *sorted(self.asked_at_root, key=str), *((p, None) for p in _OF_STACK)]:
            target, attribute = reference
            if reference in names or (target not in self.entries and target not in _OF_STACK):
                continue
            start = target if target in self.entries else f"Root{target.partition('::')[2]}"
            end = re.sub(r"[^A-Za-z0-9]", "", attribute) if attribute else ("Ref" if target in self.entries else "")
            wanted = name = f"{start[:200]}{end[:40]}"
            number = 1
            while name in taken:
                number += 1
                name = f"{wanted}{number}"
            taken.add(name)
            names[reference] = name
        return names

    def part(self, number: int) -> Template:
        """The template of a part."""
        here = self.parts[number - 1]
        inside = set(here)
        asked: dict[Reference, None] = {}

        def replace(reference: Reference) -> Any:
            target = reference[0]
            if (target in self.entries and target not in inside) or target in _OF_STACK:
                asked[reference] = None
                return {"Ref": self.names[reference]}
            if target in self.parameters:
                asked[target, None] = None
            return None

        written = {name: self._entry(name, inside, replace) for name in here}
        conditions = {name: rewritten(self.conditions[name], replace) for name in self._conditions(here)}
        mappings = {*used([written, conditions], "Fn::FindInMap")} & {*self.whole.get("Mappings", ())}
        if _has_dynamic_map([written, conditions]):
            mappings = {*self.whole.get("Mappings", ())}
        parameters = {}
        for target, attribute in asked:
            if target in self.parameters:
                parameters[target] = _typed(self.parameters[target])
            else:
                parameters[self.names[target, attribute]] = {"Type": "String"}
        result = self._head(f"Part {number} of {len(self.parts)}")
        sections = {
            "Parameters": parameters,
            "Mappings": {k: v for k, v in self.whole.get("Mappings", {}).items() if k in mappings},
            "Conditions": conditions,
            "Resources": written,
            "Outputs": self._outputs(here),
        }
        return {**result, **{k: v for k, v in sections.items() if v}}

    def _head(self, of: str) -> Template:
        said = self.whole.get("Description")
        head: Template = {"AWSTemplateFormatVersion": self.whole.get("AWSTemplateFormatVersion", "2010-09-09")}
        head["Description"] = f"{of}: {said}"[:1024] if isinstance(said, str) else of
        if "Transform" in self.whole:
            head["Transform"] = self.whole["Transform"]
        return head

    def _entry(self, name: str, inside: set[str], replace: Callable[[Reference], Any]) -> Any:
        entry = {k: v if k == "DependsOn" else rewritten(v, replace) for k, v in self.entries[name].items()}
        if "DependsOn" in entry:  # waiting for another part is the root's to say
            kept = [d for d in self.depends[name] if d in inside or d not in self.entries]
            entry.pop("DependsOn")
            if kept:
                entry["DependsOn"] = kept if len(kept) > 1 else kept[0]
        return entry

    def _outputs(self, here: list[str]) -> dict[str, Any]:
        """What other parts and the root use of these resources."""
        inside = set(here)
        outputs: dict[str, Any] = {}
        for reference, name in self.names.items():
            target, attribute = reference
            asked = self.users.get(reference, set()) - inside or reference in self.asked_at_root
            if target in inside and asked:
                value = {"Fn::GetAtt": [target, attribute]} if attribute else {"Ref": target}
                condition = self.entries[target].get("Condition")
                outputs[name] = {"Value": value, **({"Condition": condition} if condition else {})}
        return outputs

    def root(self, files: list[str]) -> Template:
        """The template that has the parts as its nested stacks."""
        stacks = [self._stack_name(number) for number in range(1, len(self.parts) + 1)]
        result: Template = {k: v for k, v in self.whole.items() if k not in ("Resources", "Outputs")}
        result["Resources"] = {}
        for number, (name, file) in enumerate(zip(stacks, files, strict=True), 1):
            properties: dict[str, Any] = {"TemplateURL": file}
            values = self._arguments(number, stacks)
            if values:
                properties["Parameters"] = values
            waits = sorted({self.home[d] for n in self.parts[number - 1] for d in self.depends[n] if d in self.home})
            entry: dict[str, Any] = {"Type": "AWS::CloudFormation::Stack", "Properties": properties}
            if before := [stacks[w - 1] for w in waits if w != number]:
                entry["DependsOn"] = before
            result["Resources"][name] = entry
        if self.whole.get("Outputs"):
            result["Outputs"] = {
                name: {k: rewritten(v, lambda r: self._from_part(r, stacks)) for k, v in output.items()}
                for name, output in self.whole["Outputs"].items()
            }
        return result

    def _stack_name(self, number: int) -> str:
        name, wanted, tries = f"Part{number}", f"Part{number}", 1
        while name in self.parameters or name in self.conditions:
            tries += 1
            name = f"{wanted}x{tries}"
        return name

    def _arguments(self, number: int, stacks: list[str]) -> dict[str, Any]:
        """What the root passes to a part."""
        values: dict[str, Any] = {}
        by_name = {name: reference for reference, name in self.names.items()}
        for name in self.part(number).get("Parameters", {}):
            if name in self.parameters:
                listed = "List" in str(self.parameters[name].get("Type", ""))
                values[name] = {"Fn::Join": [",", {"Ref": name}]} if listed else {"Ref": name}
                continue
            reference = by_name[name]
            if reference[0] in _OF_STACK:
                values[name] = {"Ref": reference[0]}
                continue
            found = self._from_part(reference, stacks)
            condition = self.entries[reference[0]].get("Condition")
            values[name] = {"Fn::If": [condition, found, ""]} if condition else found
        return values

    def _from_part(self, reference: Reference, stacks: list[str]) -> Any:
        """The output of the part that holds a resource; None for what is no resource."""
        if reference[0] not in self.entries:
            return None
        return {"Fn::GetAtt": [stacks[self.home[reference[0]] - 1], f"Outputs.{self.names[reference]}"]}


def _depends(entry: Any) -> list[str]:
    found = entry.get("DependsOn", [])
    return [found] if isinstance(found, str) else [d for d in found if isinstance(d, str)]


def _typed(parameter: dict[str, Any]) -> dict[str, Any]:
    """The declaration of a parameter in a part: what Systems Manager holds is looked up by the root."""
    match = _SSM.fullmatch(str(parameter.get("Type", "")))
    if not match:
        return parameter
    inner = match[1]
    return {
        **{k: v for k, v in parameter.items() if k != "Default"},
        "Type": "CommaDelimitedList" if inner in ("List<String>", "CommaDelimitedList") else inner,
    }


def _has_dynamic_map(value: Any) -> bool:
    """Whether an `Fn::FindInMap` names its map by a function."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "Fn::FindInMap" and isinstance(inner, list) and inner and not isinstance(inner[0], str):
                return True
            if _has_dynamic_map(inner):
                return True
        return False
    return isinstance(value, list) and any(_has_dynamic_map(v) for v in value)
