"""VPC endpoints of the section `network`: gateway endpoints in all route tables, interface endpoints with a
group of their own that lets in exactly the callers that links name.
"""

from __future__ import annotations

from typing import Any

from archproof.model import endpoint_names
from archproof.model.document import KeyPath
from archproof.model.network import Endpoint
from archproof.resources.lowering import _groups
from archproof.resources.lowering._context import Lowering, logical_id
from archproof.resources.lowering._places import EndpointPlace, VpcPlace, named, own_name, section_adder, state


def service_name(service: str) -> Any:
    """The name under which AWS publishes a service's endpoint; a full name stays as it is."""
    return service if service.startswith("com.amazonaws.") else {"Fn::Sub": f"com.amazonaws.${{AWS::Region}}.{service}"}


def private_dns(service: str, said: bool | None) -> bool:
    """Whether the service's own name resolves to the endpoint: not where a gateway takes that traffic."""
    return service not in endpoint_names.gateways() if said is None else said


def lower(ctx: Lowering, place: VpcPlace) -> None:
    """Every endpoint of one VPC."""
    for position, endpoint in enumerate(place.network.endpoints):
        path = (*place.base, "endpoints", position)
        kind = endpoint_names.type_of(endpoint.service, endpoint.type)
        for service in endpoint_names.known()[endpoint.service]:
            _endpoint(ctx, place, path, endpoint, service, gateway=kind == "gateway")


def _endpoint(
    ctx: Lowering, place: VpcPlace, path: KeyPath, endpoint: Endpoint, service: str, *, gateway: bool
) -> None:
    both = any(service in endpoint_names.known()[e.service] and e is not endpoint for e in place.network.endpoints)
    words = service.replace(".", "_").replace("-", "_") + ("_interface" if both and not gateway else "")
    id = f"{place.prefix}{logical_id(words)}Endpoint"
    properties: dict[str, Any] = {
        "VpcId": {"Ref": place.id},
        "ServiceName": service_name(service),
        "VpcEndpointType": "Gateway" if gateway else "Interface",
        "PolicyDocument": endpoint.policy,
        "Tags": named(ctx, own_name(place), service.replace(".", "-")),
    }
    origins = {"PolicyDocument": "policy", "VpcEndpointType": "type", "ServiceName": "service"}
    known = EndpointPlace(service, gateway)
    if gateway:
        tables = dict.fromkeys(table for held in place.tables.values() for table in held)
        properties["RouteTableIds"] = [{"Ref": table} for table in tables]
    else:
        group = _groups.for_endpoint(ctx, id, service, place.name, place.name, path)
        known.private_dns = private_dns(service, endpoint.private_dns)
        known.groups.append(group)
        subnets = place.subnets[endpoint.subnets or place.private_tier]
        properties |= {
            "SubnetIds": [{"Ref": subnet} for subnet in subnets],
            "SecurityGroupIds": [group.ref],
            "PrivateDnsEnabled": known.private_dns,
        }
        origins |= {"SubnetIds": "subnets", "PrivateDnsEnabled": "private_dns"}
    section_adder(ctx, path, id, place.name, endpoint)("", "AWS::EC2::VPCEndpoint", properties, origins=origins)
    state(ctx).add_endpoint(place.name, known)
