"""Deploy a template into doubles of AWS: by their CloudFormation where it makes a type, by the API where it does not.

Resources are made in waves. What depends only on what is there already, and is of a type that the double's
CloudFormation makes, goes into one stack; the rest is made by a function a type (making.py). What the double's
CloudFormation then lacks of what the template says is said once more by the API (completing.py). So what stands in the
double was made by AWS's own words, and by no code of archproof.
"""

from __future__ import annotations

import io
import json
import re
import time
import zipfile
from collections.abc import Iterator
from typing import Any

from tests.live.completing import COMPLETIONS
from tests.live.making import COMPUTED, MAKERS, Properties

NOT_MADE = ("AWS::Cognito::ManagedLoginBranding", "AWS::SecurityHub::Standard", "AWS::WAFv2::LoggingConfiguration")
"""Types that no double knows: nothing can be read of them either."""
_SUB = re.compile(r"\$\{([^!}][^}]*)\}")
IMAGE = "ami-0123456789abcdef0"


class Cloud:
    """Clients of the doubles: `endpoint` serves everything but the services of `others`."""

    def __init__(self, endpoint: str, region: str, account: str, others: dict[str, str] | None = None) -> None:
        self.endpoint, self.region, self.account = endpoint, region, account
        self._others = others or {}
        self._clients: dict[str, Any] = {}
        self._named = 0

    def client(self, service: str) -> Any:
        """A client of a service, made once."""
        import boto3

        if service not in self._clients:
            self._clients[service] = boto3.client(
                service,
                endpoint_url=self._others.get(service, self.endpoint),
                region_name=self.region,
                aws_access_key_id=self.account,
                aws_secret_access_key="double",
            )
        return self._clients[service]

    def name(self, kind: str, said: str | None) -> str:
        """The name that was said, or one as CloudFormation would make it."""
        self._named += 1
        return said or f"cast3-{kind}-{self._named:02}"


class Deployment:
    """A template while it is deployed, and the physical ids of what was made."""

    def __init__(self, cloud: Cloud, template: dict[str, Any], name: str, parameters: dict[str, str]) -> None:
        self.cloud, self.template, self.name = cloud, template, name
        self.resources: dict[str, dict[str, Any]] = {
            k: r for k, r in json.loads(json.dumps(template["Resources"])).items() if r["Type"] not in NOT_MADE
        }
        self.parameters = {k: p.get("Default", "") for k, p in template.get("Parameters", {}).items()} | parameters
        self.physical: dict[str, str] = {}
        self.attributes: dict[tuple[str, str], str] = {}
        self.updates = 0
        """How often the stack was deployed."""
        self._template: dict[str, Any] = {}
        self._asked: dict[str, tuple[str, str]] = {}

    def run(self) -> Deployment:
        """Make everything. Raises RuntimeError with what could not be made."""
        while rest := [k for k in self.resources if k not in self.physical]:
            wave = self._stack_wave(rest)
            if wave:
                self._stack(wave)
                continue
            ready = [k for k in rest if self.resources[k]["Type"] in MAKERS and self._needs(k) <= self.physical.keys()]
            if not ready:
                raise RuntimeError(f"nothing to go on with: {sorted({self.resources[k]['Type'] for k in rest})}")
            for logical_id in ready:
                resource = self.resources[logical_id]
                self._make(logical_id, resource["Type"], self.value(resource.get("Properties", {})))
        for logical_id, resource in self.resources.items():
            if resource["Type"] in COMPLETIONS:
                props = self.value(resource.get("Properties", {}))
                COMPLETIONS[resource["Type"]](self.cloud, self.physical[logical_id], props)
        return self

    def _make(self, logical_id: str, type: str, props: Properties) -> None:
        made = MAKERS[type](self.cloud, props)
        self.physical[logical_id] = made.pop("")
        self.attributes.update({(logical_id, attribute): value for attribute, value in made.items()})

    # -- values

    def value(self, value: Any) -> Any:
        """A value of the template with literals in place of what is known already."""
        if isinstance(value, list):
            return [self.value(v) for v in value]
        if isinstance(value, str) and value.startswith("{{resolve:ssm:"):
            return IMAGE
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            [(key, inner)] = value.items()
            if key == "Ref" and self._ref(inner) is not None:
                return self._ref(inner)
            if key == "Fn::GetAtt" and (inner[0], inner[1]) in self.attributes:
                return self.attributes[inner[0], inner[1]]
            if key == "Fn::Sub":
                text, more = (inner, {}) if isinstance(inner, str) else inner
                return self._sub(text, self.value(more))
            if key == "Fn::Split" and isinstance(text := self.value(inner[1]), str):
                return text.split(inner[0])
            if key == "Fn::Join":
                parts = [self.value(v) for v in inner[1]]
                return inner[0].join(parts) if all(isinstance(p, str) for p in parts) else {key: [inner[0], parts]}
            if key == "Fn::Select" and isinstance(chosen := self.value(inner[1]), list):
                return chosen[int(inner[0])]
            if key == "Fn::GetAZs":
                return [f"{self.cloud.region}{letter}" for letter in "abc"]
        return {k: self.value(v) for k, v in value.items()}

    def _ref(self, name: str) -> str | None:
        pseudo = {"AWS::Region": self.cloud.region, "AWS::AccountId": self.cloud.account, "AWS::Partition": "aws"}
        return self.physical.get(name) or self.parameters.get(name) or pseudo.get(name)

    def _sub(self, text: str, more: dict[str, Any]) -> Any:
        def known(match: re.Match[str]) -> str:
            if isinstance(more.get(match[1]), str):
                return str(more[match[1]])
            name, _, attribute = match[1].partition(".")
            found = self.attributes.get((name, attribute)) if attribute else self._ref(name)
            return match[0] if found is None else found

        said = _SUB.sub(known, text)
        if not _SUB.search(said):
            return said
        return {"Fn::Sub": [said, more] if more else said}

    def _needs(self, logical_id: str) -> set[str]:
        resource = self.resources[logical_id]
        after = resource.get("DependsOn") or []
        named = {name for name, _ in references(resource.get("Properties"))} | set(
            [after] if isinstance(after, str) else after
        )
        return named & self.resources.keys()

    # -- stacks

    def _stack_wave(self, rest: list[str]) -> list[str]:
        """The most of `rest` that one stack can make now."""
        wave = {k for k in rest if self.resources[k]["Type"] not in MAKERS}
        while True:
            later = {k for k in wave if not self._needs(k) <= wave | self.physical.keys() or self._computed(k, wave)}
            if not later:
                return [k for k in rest if k in wave]
            wave -= later

    def _computed(self, logical_id: str, wave: set[str]) -> bool:
        """Whether a resource needs an attribute of this very wave that the double's CloudFormation does not know."""
        named = references(self.resources[logical_id].get("Properties"))
        return any(reference[0] in wave and self._is_computed(reference) for reference in named)

    def _is_computed(self, reference: tuple[str, str]) -> bool:
        return (self.resources[reference[0]]["Type"], reference[1]) in COMPUTED

    def _stack(self, wave: list[str]) -> None:
        """Make the resources of a wave: the stack as it is, with them added to it."""
        for logical_id in wave:
            resource = self.value(self.resources[logical_id])
            after = [d for d in _texts(resource.pop("DependsOn", [])) if d in self._template or d in wave]
            self._template[logical_id] = resource | ({"DependsOn": after} if after else {})
        wanted = {r for k in self.resources for r in references(self.resources[k].get("Properties")) if r[0] in wave}
        for reference in sorted(wanted | {(k, "") for k in wave}):
            if not self._is_computed(reference):
                self._asked[f"O{len(self._asked)}"] = reference
        for output in self._deployed():
            logical_id, attribute = self._asked[output["OutputKey"]]
            if attribute:
                self.attributes[logical_id, attribute] = output["OutputValue"]
            else:
                self.physical[logical_id] = output["OutputValue"]
        for logical_id in wave:
            for (type, attribute), compute in COMPUTED.items():
                if self.resources[logical_id]["Type"] == type:
                    self.attributes[logical_id, attribute] = compute(self.cloud, self.physical[logical_id])

    def _deployed(self) -> list[dict[str, str]]:
        """The outputs of the stack once it holds all that it is to hold by now."""
        outputs = {
            key: {"Value": {"Fn::GetAtt": [logical_id, attribute]} if attribute else {"Ref": logical_id}}
            for key, (logical_id, attribute) in self._asked.items()
        }
        template = {"AWSTemplateFormatVersion": "2010-09-09", "Resources": self._template, "Outputs": outputs}
        body = json.dumps(template).encode()
        self.cloud.client("s3").put_object(Bucket=BUCKET, Key=f"{self.name}.json", Body=body)
        formation = self.cloud.client("cloudformation")
        said = {
            "StackName": self.name,
            "TemplateURL": f"{self.cloud.endpoint}/{BUCKET}/{self.name}.json",
            "Capabilities": ["CAPABILITY_NAMED_IAM"],
        }
        if self.updates:
            formation.update_stack(**said)
        else:
            formation.create_stack(**said, OnFailure="DO_NOTHING")
        self.updates += 1
        stack = _settled(formation, self.name)
        if stack["StackStatus"] not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
            raise RuntimeError(f"{self.name}: {stack['StackStatus']}: {stack.get('StackStatusReason')}")
        return list(stack["Outputs"])


BUCKET = "deployment"


def prepare(cloud: Cloud, template: dict[str, Any]) -> None:
    """Make the bucket that holds templates and the code of every function."""
    storage = cloud.client("s3")
    storage.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": cloud.region})
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("index.py", "def handler(event, context):\n    return event\n")
    for resource in template["Resources"].values():
        key = resource.get("Properties", {}).get("Code", {}).get("S3Key")
        if isinstance(key, str):
            storage.put_object(Bucket=BUCKET, Key=key, Body=held.getvalue())


def references(value: Any) -> Iterator[tuple[str, str]]:
    """Every (logical id, attribute) that a value names; the attribute is empty for `Ref`."""
    if isinstance(value, dict):
        if isinstance(value.get("Ref"), str):
            yield value["Ref"], ""
        if isinstance(value.get("Fn::GetAtt"), list):
            yield value["Fn::GetAtt"][0], value["Fn::GetAtt"][1]
        said = value.get("Fn::Sub")
        if said:
            for name in _SUB.findall(said if isinstance(said, str) else said[0]):
                logical_id, _, attribute = name.partition(".")
                yield logical_id, attribute
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def _texts(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _settled(formation: Any, name: str) -> dict[str, Any]:
    for _ in range(600):
        stack: dict[str, Any] = formation.describe_stacks(StackName=name)["Stacks"][0]
        if "IN_PROGRESS" not in stack["StackStatus"]:
            return stack
        time.sleep(0.05)
    raise RuntimeError(f"{name} does not come to an end")
