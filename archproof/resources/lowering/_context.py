"""What every lowering works with: names, references, places in the network, roles, and origins."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from archproof.errors import Location
from archproof.model.architecture import Architecture
from archproof.model.base import Component
from archproof.model.document import KeyPath
from archproof.resources.resource import Path, Resource, Resources

Origins = Mapping[str, str | KeyPath]


def logical_id(name: str, suffix: str = "") -> str:
    """A component's id in CloudFormation's letters: `orders_fn` is `OrdersFn`."""
    return "".join(part[:1].upper() + part[1:] for part in name.split("_") if part) + suffix


class Lowering:
    """The state of one lowering: the resources so far, and what is gathered for the end."""

    def __init__(self, architecture: Architecture) -> None:
        self.architecture = architecture
        self.resources = Resources(architecture.region, architecture.account)
        self.ids: dict[tuple[str, str], str] = {}
        """The logical id of (component, suffix)."""
        self.statements: dict[str, list[dict[str, Any]]] = {}
        """IAM statements that a role's holder needs beside its links, by component."""
        self.managed: dict[str, list[str]] = {}
        """Names of AWS managed policies that a role's holder needs, by component."""
        self.key_users: dict[str, list[str]] = {}
        """Service principals that need a KMS key to reach what it encrypts, by the key's component."""
        self.extra: dict[str, Any] = {}
        """What the modules of one subject share (the network's subnets by zone)."""
        self._taken: dict[str, tuple[str, str]] = {}
        self._locators: dict[str, Callable[[Path | None], Location]] = {}
        for name in architecture.components:
            self.id(name)

    # -- names and references

    def id(self, name: str, suffix: str = "") -> str:
        """The logical id of a component's resource: the main one, or the one with `suffix`."""
        key = (name, suffix)
        if key not in self.ids:
            wanted = candidate = logical_id(name, suffix)
            number = 2
            while candidate in self._taken:
                candidate, number = f"{wanted}{number}", number + 1
            self.ids[key] = candidate
            self._taken[candidate] = key
        return self.ids[key]

    def ref(self, name: str, suffix: str = "") -> dict[str, Any]:
        """`Ref` to a component's resource."""
        return {"Ref": self.id(name, suffix)}

    def att(self, name: str, attribute: str, suffix: str = "") -> dict[str, Any]:
        """`Fn::GetAtt` of a component's resource."""
        return {"Fn::GetAtt": [self.id(name, suffix), attribute]}

    def arn(self, name: str) -> Any:
        """The ARN of a component's main resource."""
        component = self.component(name)
        if existing := getattr(component, "arn", None):
            return existing
        cfn = component.type if component.kind == "resource" else component.cfn  # type: ignore[attr-defined]
        form = ARNS.get(cfn, "Arn")
        if form == "Ref":
            return self.ref(name)
        if form.startswith("arn:"):
            if cfn == "AWS::SSM::Parameter" and (component.physical_name or "").startswith("/"):
                form = form.replace("/${}", "${}")  # the name brings its slash
            return {"Fn::Sub": form.replace("${}", "${" + self.id(name) + "}")}
        return self.att(name, form)

    def component(self, name: str) -> Component:
        """The component of this id."""
        return self.architecture.components[name]

    def name(self, name: str) -> str | None:
        """The physical name that is declared for a component, or None: CloudFormation then makes one."""
        return self.component(name).physical_name

    def title(self, name: str) -> str:
        """A component's title."""
        return self.architecture.title(name)

    # -- resources

    def add(
        self,
        name: str,
        type: str,
        properties: dict[str, Any],
        *,
        suffix: str = "",
        origins: Origins | None = None,
        attributes: dict[str, Any] | None = None,
        implied: bool = False,
    ) -> Resource:
        """Add a resource of the component `name`.

        `properties` with the value None are left out. `origins` names, for a property (dots for
        depth: `VpcConfig.SubnetIds`), the field that says it (dots for depth, or a path from the
        component). A main resource (no suffix) takes the component's `properties` over its own.
        """
        component = self.component(name)
        kept = {k: v for k, v in properties.items() if v is not None}
        sources = _paths(tuple(origins.items())) if origins else {}
        if not suffix and component.properties:
            kept = merge(kept, self.translate(component.properties))
            sources = sources | {(key,): ("properties", key) for key in component.properties}
        if component.kind == "resource":
            sources = sources | {(): ("properties",)}
        resource = Resource(
            self.id(name, suffix), type, kept, name, dict(attributes or {}), sources, self.locator(name),
            implied or bool(suffix),
        )  # fmt: skip
        return self.resources.add(resource)

    def add_for(
        self,
        path: KeyPath,
        logical_id: str,
        type: str,
        properties: dict[str, Any],
        *,
        component: str | None = None,
        origins: Origins | None = None,
        attributes: dict[str, Any] | None = None,
        implied: bool = False,
        place: str | None = None,
    ) -> Resource:
        """Add a resource that comes from a place in the document that is no component (a tier, a group).

        `place`: the name of that VPC, tier or group.
        """
        wanted, number = logical_id, 2
        while logical_id in self._taken:
            logical_id, number = f"{wanted}{number}", number + 1
        self._taken[logical_id] = (str(path), "")
        kept = {k: v for k, v in properties.items() if v is not None}
        sources = _paths(tuple(origins.items())) if origins else {}
        document = self.architecture.document

        def locate(inner: Path | None) -> Location:
            return document.locate_key(path) if inner is None else document.locate((*path, *inner))

        return self.resources.add(
            Resource(logical_id, type, kept, component, dict(attributes or {}), sources, locate, implied, place)
        )

    def locator(self, name: str) -> Callable[[Path | None], Location]:
        """What finds the places of a component's fields."""
        found = self._locators.get(name)
        if found is None:
            found = self._locators[name] = functools.partial(_locate, self.architecture, name)
        return found

    def translate(self, value: Any) -> Any:
        """Verbatim CloudFormation with ids of components where logical ids stand: `!Ref orders_fn` works."""
        from archproof.resources.lowering import _verbatim

        return _verbatim.translate(value, self)

    def tags(self, name: str | None, *, title: str | None = None) -> list[dict[str, Any]]:
        """Tags of a resource: the system's, the component's, and its Name."""
        own = self.component(name).tags if name else {}
        merged = {"Name": title or f"{self.architecture.name_prefix}-{(name or '').replace('_', '-')}"}
        merged |= self.architecture.system.tags | own
        return [{"Key": key, "Value": value} for key, value in merged.items()]

    # -- places in the network

    def subnets(self, name: str) -> list[dict[str, Any]]:
        """The subnets a component stands in, one `Ref` for each zone of each tier; empty outside a VPC."""
        from archproof.resources.lowering import _network

        return _network.subnets_of(self, name)

    def groups(self, name: str) -> list[dict[str, Any]]:
        """The ids of a component's security groups; a group of its own is made where it names none."""
        from archproof.resources.lowering import _network

        return _network.groups_of(self, name)

    def vpc(self, name: str) -> dict[str, Any] | None:
        """The VPC a component stands in, or None."""
        from archproof.resources.lowering import _network

        return _network.vpc_of(self, name)

    # -- roles

    def allow(self, name: str, actions: Iterable[str], resources: Any, **condition: Any) -> None:
        """Let the role of a component do `actions` on `resources` (an ARN, or a list)."""
        statement: dict[str, Any] = {"Effect": "Allow", "Action": list(actions), "Resource": resources}
        if condition:
            statement["Condition"] = condition
        self.statements.setdefault(name, []).append(statement)

    def manage(self, name: str, policy: str) -> None:
        """Attach an AWS managed policy (by its path, e.g. `service-role/…`) to a component's role."""
        policies = self.managed.setdefault(name, [])
        if policy not in policies:
            policies.append(policy)

    def role_arn(self, name: str) -> dict[str, Any]:
        """The ARN of the role a component runs with: the one its `role` names, or its own."""
        role = getattr(self.component(name), "role", None)
        return self.att(role, "Arn") if role else self.att(name, "Arn", "Role")

    def finish(self) -> None:
        """Raise InputError for references in verbatim properties to nothing there."""
        from archproof.resources.lowering import _verbatim

        _verbatim.check(self)


def _locate(architecture: Architecture, name: str, path: Path | None) -> Location:
    return architecture.locate(name, *(path or ()))


@functools.cache
def _paths(origins: tuple[tuple[str, str | KeyPath], ...]) -> dict[Path, Path]:
    """Dotted origins as paths; resources of one kind share the table, which nobody changes."""
    return {tuple(p.split(".")): tuple(f.split(".")) if isinstance(f, str) else f for p, f in origins}


def merge(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Lay `over` on `under`: maps merge, everything else is replaced, None removes."""
    merged = dict(under)
    for key, value in over.items():
        if isinstance(value, dict) and isinstance(merged.get(key), dict) and not _intrinsic(value):
            merged[key] = merge(merged[key], value)
        elif value is None:
            merged.pop(key, None)
        else:
            merged[key] = value
    return merged


def _intrinsic(value: dict[str, Any]) -> bool:
    return len(value) == 1 and next(iter(value)).startswith(("Ref", "Fn::"))


def _regional(service: str, rest: str) -> str:
    """The ARN of a resource of this stack's region and account; `${}` in `rest` stands for its `Ref`."""
    return f"arn:${{AWS::Partition}}:{service}:${{AWS::Region}}:${{AWS::AccountId}}:{rest}"


ARNS = {
    "AWS::SNS::Topic": "Ref",
    "AWS::SecretsManager::Secret": "Ref",
    "AWS::StepFunctions::StateMachine": "Ref",
    "AWS::ElasticLoadBalancingV2::LoadBalancer": "Ref",
    "AWS::ElasticLoadBalancingV2::Listener": "Ref",
    "AWS::ElasticLoadBalancingV2::TargetGroup": "Ref",
    "AWS::CertificateManager::Certificate": "Ref",
    "AWS::ECS::TaskDefinition": "Ref",
    "AWS::ECS::Service": "Ref",
    "AWS::Lambda::LayerVersion": "Ref",
    "AWS::IAM::ManagedPolicy": "Ref",
    "AWS::EC2::VPC": _regional("ec2", "vpc/${}"),
    "AWS::RDS::DBInstance": "DBInstanceArn",
    "AWS::RDS::DBCluster": "DBClusterArn",
    "AWS::RDS::DBProxy": "DBProxyArn",
    "AWS::ApiGateway::RestApi": _regional("execute-api", "${}"),
    "AWS::ApiGatewayV2::Api": _regional("execute-api", "${}"),
    "AWS::SSM::Parameter": _regional("ssm", "parameter/${}"),
    "AWS::CloudFront::Distribution": "arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${}",
    "AWS::Cognito::IdentityPool": _regional("cognito-identity", "identitypool/${}"),
    "AWS::Route53::HostedZone": "arn:${AWS::Partition}:route53:::hostedzone/${}",
    "AWS::SecurityHub::Hub": "Ref",
    "AWS::CloudWatch::Dashboard": "arn:${AWS::Partition}:cloudwatch::${AWS::AccountId}:dashboard/${}",
    "AWS::ElastiCache::ReplicationGroup": _regional("elasticache", "replicationgroup:${}"),
    "AWS::EC2::Instance": _regional("ec2", "instance/${}"),
    "AWS::AutoScaling::AutoScalingGroup": _regional("autoscaling", "autoScalingGroup:*:autoScalingGroupName/${}"),
    "AWS::EFS::FileSystem": "Arn",
    "AWS::DynamoDB::Table": "Arn",
}
