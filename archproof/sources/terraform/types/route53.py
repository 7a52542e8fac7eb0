"""Route 53: zones, records, health checks, the resolver."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archproof.sources.terraform.mapping import Mapping, Merge, block, blocks

if TYPE_CHECKING:
    from archproof.sources.terraform.made import Made

TYPES = (
    "aws_route53_zone", "aws_route53_record", "aws_route53_health_check", "aws_route53_zone_association",
    "aws_route53_query_log", "aws_route53_hosted_zone_dnssec", "aws_route53_key_signing_key",
    "aws_route53_cidr_collection", "aws_route53_resolver_endpoint", "aws_route53_resolver_rule",
    "aws_route53_resolver_rule_association", "aws_route53_resolver_query_log_config",
    "aws_route53_resolver_query_log_config_association", "aws_route53_resolver_dnssec_config",
    "aws_route53_resolver_firewall_domain_list", "aws_route53_resolver_firewall_rule_group",
    "aws_route53_resolver_firewall_rule_group_association",
)  # fmt: skip


def _vpc_regions(made: Made) -> None:
    """CloudFormation wants the region of every VPC."""
    for at, vpc in enumerate(made.resource.get("VPCs") or []):
        if isinstance(vpc, dict) and "VPCRegion" not in vpc:
            made.set(("VPCs", at, "VPCRegion"), {"Ref": "AWS::Region"}, "vpc", at)


def _association(made: Made) -> None:
    region = made.value("vpc_region") or {"Ref": "AWS::Region"}
    made.add("VPCs", {"VPCId": made.value("vpc_id"), "VPCRegion": region}, "vpc_id")


def _record(made: Made) -> None:
    """Terraform adds the name of the zone to a record's name that does not end in it."""
    name = made.item.values.get("name")
    zone = made.translation.target(made.item, "zone_id", ("aws_route53_zone",))
    domain = zone.item.values.get("name") if zone is not None else None
    if not isinstance(name, str) or not isinstance(domain, str):
        return
    bare, domain = name.rstrip(".").lower(), domain.rstrip(".")
    if bare != domain.lower() and not bare.endswith("." + domain.lower()):
        made.set("Name", f"{name}.{domain}" if name else domain, "name")


MAPPINGS = {
    "aws_route53_zone": Mapping(
        "AWS::Route53::HostedZone",
        "name comment=HostedZoneConfig.Comment -delegation_set_id -force_destroy",
        {"vpc": blocks("VPCs", "vpc_id=VPCId vpc_region=VPCRegion")},
        attributes="id=Ref zone_id=Ref name==name name_servers=NameServers "
        "arn=sub:arn:${AWS::Partition}:route53:::hostedzone/${.}",
        tags="HostedZoneTags",
        finish=_vpc_regions,
    ),
    "aws_route53_record": Mapping(
        "AWS::Route53::RecordSet",
        "name type zone_id=HostedZoneId -allow_overwrite health_check_id "
        "multivalue_answer_routing_policy=MultiValueAnswer "
        "records=ResourceRecords set_identifier ttl=TTL:text",
        {
            "alias": block("AliasTarget", "evaluate_target_health name=DNSName zone_id=HostedZoneId"),
            "cidr_routing_policy": block("CidrRoutingConfig", "collection_id location_name"),
            "failover_routing_policy": block("", "type=Failover"),
            "geolocation_routing_policy": block(
                "GeoLocation", "continent=ContinentCode country=CountryCode subdivision=SubdivisionCode"
            ),
            "geoproximity_routing_policy": block(
                "GeoProximityLocation",
                "aws_region=AWSRegion bias local_zone_group",
                {"coordinates": block("Coordinates", "latitude longitude")},
            ),
            "latency_routing_policy": block("", "region"),
            "weighted_routing_policy": block("", "weight"),
        },
        attributes="id=Ref fqdn=Ref name==name",
        tags="",
        finish=_record,
    ),
    "aws_route53_health_check": Mapping(
        "AWS::Route53::HealthCheck",
        "type=HealthCheckConfig.Type "
        "child_healthchecks=HealthCheckConfig.ChildHealthChecks "
        "child_health_threshold=HealthCheckConfig.HealthThreshold "
        "cloudwatch_alarm_name=HealthCheckConfig.AlarmIdentifier.Name "
        "cloudwatch_alarm_region=HealthCheckConfig.AlarmIdentifier.Region "
        "-disabled enable_sni=HealthCheckConfig.EnableSNI "
        "failure_threshold=HealthCheckConfig.FailureThreshold "
        "fqdn=HealthCheckConfig.FullyQualifiedDomainName "
        "insufficient_data_health_status=HealthCheckConfig.InsufficientDataHealthStatus "
        "invert_healthcheck=HealthCheckConfig.Inverted "
        "ip_address=HealthCheckConfig.IPAddress "
        "measure_latency=HealthCheckConfig.MeasureLatency "
        "port=HealthCheckConfig.Port -reference_name "
        "regions=HealthCheckConfig.Regions "
        "request_interval=HealthCheckConfig.RequestInterval "
        "resource_path=HealthCheckConfig.ResourcePath "
        "routing_control_arn=HealthCheckConfig.RoutingControlArn "
        "search_string=HealthCheckConfig.SearchString -triggers",
        attributes="id=Ref",
        tags="HealthCheckTags",
    ),
    "aws_route53_zone_association": Mapping(
        None,
        "-vpc_id -zone_id -vpc_region",
        attributes="id",
        tags="",
        merge=Merge("zone_id", "aws_route53_zone"),
        finish=_association,
    ),
    "aws_route53_query_log": Mapping(
        None,
        "cloudwatch_log_group_arn=QueryLoggingConfig.CloudWatchLogsLogGroupArn -zone_id",
        attributes="id",
        tags="",
        merge=Merge("zone_id", "aws_route53_zone"),
    ),
    "aws_route53_hosted_zone_dnssec": Mapping(
        "AWS::Route53::DNSSEC",
        "hosted_zone_id -signing_status",
        attributes="id",
        tags="",
    ),
    "aws_route53_key_signing_key": Mapping(
        "AWS::Route53::KeySigningKey",
        "hosted_zone_id key_management_service_arn name status",
        attributes="id",
        tags="",
    ),
    "aws_route53_cidr_collection": Mapping(
        "AWS::Route53::CidrCollection",
        "name",
        attributes="id=Id arn=Arn",
        tags="",
    ),
    "aws_route53_resolver_endpoint": Mapping(
        "AWS::Route53Resolver::ResolverEndpoint",
        "direction security_group_ids name protocols resolver_endpoint_type",
        {"ip_address": blocks("IpAddresses", "subnet_id ip ipv6")},
        attributes="id=Ref arn=Arn",
    ),
    "aws_route53_resolver_rule": Mapping(
        "AWS::Route53Resolver::ResolverRule",
        "domain_name rule_type name resolver_endpoint_id",
        {"target_ip": blocks("TargetIps", "ip ipv6 port:text protocol")},
        attributes="id=Ref arn=Arn",
    ),
    "aws_route53_resolver_rule_association": Mapping(
        "AWS::Route53Resolver::ResolverRuleAssociation",
        "resolver_rule_id vpc_id=VPCId name",
        attributes="id=Ref",
        tags="",
    ),
    "aws_route53_resolver_query_log_config": Mapping(
        "AWS::Route53Resolver::ResolverQueryLoggingConfig",
        "destination_arn name",
        attributes="id=Ref arn=Arn",
    ),
    "aws_route53_resolver_query_log_config_association": Mapping(
        "AWS::Route53Resolver::ResolverQueryLoggingConfigAssociation",
        "resolver_query_log_config_id resource_id",
        attributes="id=Ref",
        tags="",
    ),
    "aws_route53_resolver_dnssec_config": Mapping(
        "AWS::Route53Resolver::ResolverDNSSECConfig",
        "resource_id",
        attributes="id=Ref",
        tags="",
    ),
    "aws_route53_resolver_firewall_domain_list": Mapping(
        "AWS::Route53Resolver::FirewallDomainList",
        "name domains",
        attributes="id=Ref arn=Arn",
    ),
    "aws_route53_resolver_firewall_rule_group": Mapping(
        "AWS::Route53Resolver::FirewallRuleGroup",
        "name",
        attributes="id=Ref arn=Arn",
    ),
    "aws_route53_resolver_firewall_rule_group_association": Mapping(
        "AWS::Route53Resolver::FirewallRuleGroupAssociation",
        "firewall_rule_group_id name priority vpc_id mutation_protection",
        attributes="id=Ref arn=Arn",
    ),
}
