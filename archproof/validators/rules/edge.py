"""The edge: load balancers and CloudFront distributions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archproof.resources.resource import Resource
from archproof.validators import vpc
from archproof.validators.context import Context
from archproof.validators.policies import as_list
from archproof.validators.rule import Hit, rule

TYPES = (
    "AWS::ElasticLoadBalancingV2::LoadBalancer", "AWS::ElasticLoadBalancingV2::Listener",
    "AWS::CloudFront::Distribution", "AWS::WAFv2::WebACL",
)  # fmt: skip
BALANCER, LISTENER, DISTRIBUTION, WEB_ACL = TYPES


def _is_alb(r: Resource) -> bool:
    return bool(r.get("Type", default="application") == "application")


def _internet(r: Resource) -> bool:
    return bool(r.get("Scheme", default="internet-facing") == "internet-facing")


def _subnets(r: Resource, ctx: Context) -> list[vpc.Subnet]:
    known = vpc.subnets(ctx)
    found = vpc.subnets_at(ctx, r, "Subnets")
    for entry in as_list(r.get("SubnetMappings")):
        found += [known[t.logical_id] for t in ctx.resources.targets(entry) if t.logical_id in known]
    return found


def _attributes(r: Resource) -> dict[str, Any]:
    held = as_list(r.get("LoadBalancerAttributes"))
    return {str(a.get("Key")): a.get("Value") for a in held if isinstance(a, dict)}


def _off(r: Resource, key: str) -> bool:
    return str(_attributes(r).get(key, "false")).lower() == "false"


@rule(
    "alb-without-waf", "medium", BALANCER, wa="SEC", hub="ELB.16",
    title="A load balancer on the internet has no web ACL",
    why="Without a web application firewall every known attack on the web reaches the service itself.",
    fix="Set `waf` to a web ACL with AWS's managed rules.",
)  # fmt: skip
def without_waf(r: Resource, ctx: Context) -> Iterator[Hit]:
    if _is_alb(r) and _internet(r) and not ctx.resources.users(r, "AWS::WAFv2::WebACLAssociation"):
        yield Hit(f"{r.title} faces the internet without a web ACL")


@rule(
    "alb-http-without-redirect", "high", LISTENER, wa="SEC", fsbp="ELB.1 ELB.18",
    title="A listener serves plain HTTP",
    why="Passwords, cookies and tokens pass in clear between the browser and the load balancer.",
    fix="Set `certificate`: the load balancer then listens on 443 and redirects 80.",
)  # fmt: skip
def plain_http(r: Resource, ctx: Context) -> Iterator[Hit]:
    balancer = ctx.resources.target(r.get("LoadBalancerArn"))
    if ctx.text(r, "Protocol") != "HTTP" or (balancer is not None and not _internet(balancer)):
        return
    if not _redirects(r, ctx):
        title = balancer.title if balancer is not None else r.title
        yield Hit(f"{title} serves plain HTTP on port {r.get('Port')} and does not redirect to HTTPS", "Protocol")


@rule(
    "alb-redirect-port-closed", "low", LISTENER, wa="REL",
    title="A redirect to HTTPS listens on a port that is closed",
    why="Who types the name without https waits until the browser gives up: no security group lets the request in.",
    fix="Let in the port of the redirect in a security group of the load balancer, or set `redirect_http` to false.",
)  # fmt: skip
def redirect_closed(r: Resource, ctx: Context) -> Iterator[Hit]:
    balancer, port = ctx.resources.target(r.get("LoadBalancerArn")), ctx.number(r, "Port")
    if balancer is None or port is None or r.get("Protocol") != "HTTP" or not _redirects(r, ctx):
        return
    groups = vpc.groups_at(ctx, balancer, "SecurityGroups")
    if not groups or len(groups) < len(as_list(balancer.get("SecurityGroups"))):
        return  # a group that is not of this model may let it in
    anyone = any(opened.world for group in groups for opened in vpc.ingress(ctx, group))
    if anyone and vpc.admits(ctx, groups, int(port)) is False:  # known clients are told the right address
        message = f"{balancer.title} redirects port {int(port)} to HTTPS, but {ctx.titles(groups)} lets nobody in there"
        yield Hit(message, "Port")


def _redirects(r: Resource, ctx: Context) -> bool:
    actions = [a for a in ctx.items(r, "DefaultActions") if isinstance(a, dict)]
    return any(a.get("Type") == "redirect" and a.get("RedirectConfig", {}).get("Protocol") == "HTTPS" for a in actions)


_OLD_POLICIES = ("ELBSecurityPolicy-2015-05", "ELBSecurityPolicy-2016-08", "ELBSecurityPolicy-TLS-1-0-2015-04")


@rule(
    "alb-tls-policy-old", "medium", LISTENER, wa="SEC", fsbp="ELB.17",
    title="A listener takes old TLS versions",
    why="TLS 1.0 and 1.1 are broken; the policy that AWS chooses where none is named still takes them.",
    fix="Set `tls_policy` to ELBSecurityPolicy-TLS13-1-2-2021-06 (or leave it out).",
)  # fmt: skip
def tls_policy(r: Resource, ctx: Context) -> Iterator[Hit]:
    if ctx.text(r, "Protocol") not in ("HTTPS", "TLS"):
        return
    policy = ctx.text(r, "SslPolicy", default=_OLD_POLICIES[1])
    if policy is not None and (policy in _OLD_POLICIES or "TLS-1-0" in policy or "TLS-1-1" in policy
                               or "-1-0-" in policy or "-1-1-" in policy):  # fmt: skip
        balancer = ctx.resources.target(r.get("LoadBalancerArn"))
        title = balancer.title if balancer is not None else r.title
        yield Hit(f"{title} takes TLS 1.0 or 1.1: its policy is {policy}", "SslPolicy")


@rule(
    "alb-in-private-subnet", "high", BALANCER, wa="REL",
    title="A load balancer for the internet stands in private subnets",
    why="Without a route to an internet gateway nobody outside reaches it.",
    fix="Place it in a tier with `egress: internet_gateway`, or set `internal: true`.",
)  # fmt: skip
def private(r: Resource, ctx: Context) -> Iterator[Hit]:
    inside = [s.resource for s in _subnets(r, ctx) if s.public is False]
    if _internet(r) and inside:
        message = (
            f"{r.title} faces the internet, but from {ctx.titles(inside)} there is no route to an internet gateway"
        )
        yield Hit(message, "Subnets")


@rule(
    "alb-single-zone", "high", BALANCER, wa="REL", fsbp="ELB.13",
    title="A load balancer's subnets share a zone",
    why="An application load balancer needs two zones; two of its subnets in one zone are rejected.",
    fix="Place it in a tier of a network with `availability_zones: 2` or more.",
)  # fmt: skip
def single_zone(r: Resource, ctx: Context) -> Iterator[Hit]:
    found = _subnets(r, ctx)
    zones = vpc.zones(found)
    if found and zones and (len(zones) < len(found) or (len(zones) == 1 and _is_alb(r))):
        subnets = "its subnet stands" if len(found) == 1 else f"its {len(found)} subnets stand"
        yield Hit(f"{r.title} needs a zone for each subnet and two in all: {subnets} in {len(zones)}", "Subnets")


@rule(
    "alb-deletion-protection-off", "low", BALANCER, wa="REL", fsbp="ELB.6",
    title="A load balancer can be deleted by one call",
    why="Its name in DNS is gone with it.",
    fix="Set `deletion_protection` to true.",
)  # fmt: skip
def deletion(r: Resource, ctx: Context) -> Iterator[Hit]:
    if _off(r, "deletion_protection.enabled"):
        yield Hit(f"{r.title} is not protected from deletion", "LoadBalancerAttributes")


@rule(
    "alb-access-logs-off", "low", BALANCER, wa="OPS SEC", fsbp="ELB.5",
    title="A load balancer writes no access log",
    why="Without it nobody can say who asked for what, and which target answered with an error.",
    fix="Set `access_logs` to a bucket.",
)  # fmt: skip
def logs(r: Resource, ctx: Context) -> Iterator[Hit]:
    if _off(r, "access_logs.s3.enabled"):
        yield Hit(f"{r.title} writes no access log", "LoadBalancerAttributes")


@rule(
    "alb-invalid-headers-kept", "low", BALANCER, wa="SEC", fsbp="ELB.4",
    title="A load balancer passes invalid headers on",
    why="Malformed headers are the tool of request smuggling.",
    fix="Leave `drop_invalid_headers` at true.",
)  # fmt: skip
def headers(r: Resource, ctx: Context) -> Iterator[Hit]:
    if _is_alb(r) and _off(r, "routing.http.drop_invalid_header_fields.enabled"):
        yield Hit(f"{r.title} passes invalid headers on", "LoadBalancerAttributes")


def _config(r: Resource) -> dict[str, Any]:
    found = r.get("DistributionConfig")
    return found if isinstance(found, dict) else {}


def _origins(r: Resource) -> list[tuple[int, dict[str, Any]]]:
    return [(n, o) for n, o in enumerate(as_list(_config(r).get("Origins"))) if isinstance(o, dict)]


@rule(
    "cloudfront-s3-without-oac", "high", DISTRIBUTION, wa="SEC", fsbp="CloudFront.13",
    title="A distribution reads a bucket without origin access control",
    why="The bucket then has to be public, and everyone can pass CloudFront by.",
    fix="Name the bucket in `origin`: the distribution then gets an access control, and the bucket a policy for it "
    "alone.",
)  # fmt: skip
def without_oac(r: Resource, ctx: Context) -> Iterator[Hit]:
    for position, origin in _origins(r):
        if "S3OriginConfig" not in origin and not _is_bucket(ctx, origin):
            continue
        identity = origin.get("S3OriginConfig", {}).get("OriginAccessIdentity")
        if not origin.get("OriginAccessControlId") and not identity:
            name = origin.get("Id", position)
            message = f"{r.title} reads its origin {name} without origin access control"
            yield Hit(message, "DistributionConfig", "Origins", position)


def _is_bucket(ctx: Context, origin: dict[str, Any]) -> bool:
    target = ctx.resources.target(origin.get("DomainName"))
    website = "CustomOriginConfig" in origin
    return target is not None and target.type == "AWS::S3::Bucket" and not website


def _behaviours(r: Resource) -> list[tuple[tuple[str | int, ...], dict[str, Any]]]:
    config = _config(r)
    found: list[tuple[tuple[str | int, ...], dict[str, Any]]] = []
    if isinstance(config.get("DefaultCacheBehavior"), dict):
        found.append((("DistributionConfig", "DefaultCacheBehavior"), config["DefaultCacheBehavior"]))
    for position, held in enumerate(as_list(config.get("CacheBehaviors"))):
        if isinstance(held, dict):
            found.append((("DistributionConfig", "CacheBehaviors", position), held))
    return found


@rule(
    "cloudfront-http-allowed", "medium", DISTRIBUTION, wa="SEC", fsbp="CloudFront.3",
    title="A distribution serves plain HTTP",
    why="Pages, cookies and tokens pass in clear between the browser and CloudFront.",
    fix="Leave `viewer_protocol` at redirect-to-https.",
)  # fmt: skip
def http_allowed(r: Resource, ctx: Context) -> Iterator[Hit]:
    for path, held in _behaviours(r):
        if held.get("ViewerProtocolPolicy") == "allow-all":
            pattern = held.get("PathPattern", "its default behaviour")
            yield Hit(f"{r.title} serves {pattern} over plain HTTP too", *path, "ViewerProtocolPolicy")


@rule(
    "cloudfront-tls-version", "medium", DISTRIBUTION, wa="SEC", fsbp="CloudFront.15",
    title="A distribution takes old TLS versions",
    why="TLS before 1.2 is broken.",
    fix="Set `tls_version` to TLSv1.2_2021 (or leave it out).",
)  # fmt: skip
def tls_version(r: Resource, ctx: Context) -> Iterator[Hit]:
    path = ("DistributionConfig", "ViewerCertificate", "MinimumProtocolVersion")
    version = r.get(*path)
    custom = r.has(*path[:2], "AcmCertificateArn") or r.has(*path[:2], "IamCertificateId")
    if custom and (version is None or (isinstance(version, str) and not version.startswith(("TLSv1.2", "TLSv1.3")))):
        yield Hit(f"{r.title} takes TLS versions before 1.2 ({version or 'TLSv1'})", *path)


@rule(
    "cloudfront-certificate-region", "high", DISTRIBUTION, wa="REL",
    title="A distribution's certificate is not in us-east-1",
    why="CloudFront takes certificates of ACM from us-east-1 only.",
    fix="Name one of us-east-1 by its `arn`, or keep the distribution in a system of its own with that region.",
)  # fmt: skip
def certificate_region(r: Resource, ctx: Context) -> Iterator[Hit]:
    path = ("DistributionConfig", "ViewerCertificate", "AcmCertificateArn")
    arn = r.get(*path)
    if isinstance(arn, str) and arn.startswith("arn:"):
        region = arn.split(":")[3] if arn.count(":") >= 5 else ""
        title = "its certificate"
    else:
        target = ctx.resources.target(arn)
        if target is None or target.type != "AWS::CertificateManager::Certificate":
            return
        component = ctx.component(target)
        region, title = getattr(component, "region", None) or ctx.resources.region, f"its certificate {target.title}"
    if region and region != "us-east-1":
        yield Hit(f"{r.title} is on CloudFront, but {title} is in {region}, not in us-east-1", *path)


@rule(
    "cloudfront-waf-region", "high", WEB_ACL, wa="REL",
    title="A distribution's web ACL is not in us-east-1",
    why="Web ACLs for CloudFront can be made in us-east-1 only; elsewhere the deployment is rejected.",
    fix="Name one of us-east-1 by its `arn`, or keep the distribution in a system of its own with that region.",
)  # fmt: skip
def web_acl_region(r: Resource, ctx: Context) -> Iterator[Hit]:
    region = ctx.resources.region
    if ctx.text(r, "Scope") == "CLOUDFRONT" and region != "us-east-1":
        yield Hit(f"{r.title} is for CloudFront, but it is made in {region}, not in us-east-1", "Scope")


@rule(
    "cloudfront-origin-cleartext", "medium", DISTRIBUTION, wa="SEC", fsbp="CloudFront.9 CloudFront.10",
    title="A distribution fetches from its origin over plain HTTP",
    why="The path from the browser is encrypted, and then the last hop is not.",
    fix="Set the origin's protocol to https-only.",
)  # fmt: skip
def origin_cleartext(r: Resource, ctx: Context) -> Iterator[Hit]:
    for position, origin in _origins(r):
        policy = origin.get("CustomOriginConfig", {}).get("OriginProtocolPolicy")
        if policy in ("http-only", "match-viewer"):
            path = ("DistributionConfig", "Origins", position, "CustomOriginConfig", "OriginProtocolPolicy")
            yield Hit(f"{r.title} fetches from its origin {origin.get('Id', position)} by {policy}", *path)


@rule(
    "cloudfront-logging-off", "low", DISTRIBUTION, wa="OPS SEC", fsbp="CloudFront.5",
    title="A distribution writes no log",
    why="Without it nobody can say who asked for what.",
    fix="Set `access_logs` to a bucket.",
)  # fmt: skip
def cloudfront_logs(r: Resource, ctx: Context) -> Iterator[Hit]:
    delivered = ctx.resources.users(r, "AWS::Logs::DeliverySource")
    if not r.has("DistributionConfig", "Logging") and not delivered:
        yield Hit(f"{r.title} writes no access log")


@rule(
    "cloudfront-without-waf", "low", DISTRIBUTION, wa="SEC", fsbp="CloudFront.6",
    title="A distribution has no web ACL",
    why="CloudFront is the place to stop attacks and floods, before they cost anything further in.",
    fix="Set `waf` to a web ACL of the scope CLOUDFRONT.",
)  # fmt: skip
def cloudfront_waf(r: Resource, ctx: Context) -> Iterator[Hit]:
    if not r.has("DistributionConfig", "WebACLId"):
        yield Hit(f"{r.title} has no web ACL")


@rule(
    "cloudfront-root-object-missing", "low", DISTRIBUTION, wa="SEC", fsbp="CloudFront.1",
    title="A distribution of files has no default root object",
    why="A request for `/` then asks the bucket for a listing, and gets an error at best.",
    fix="Leave `root_object` at index.html.",
)  # fmt: skip
def root_object(r: Resource, ctx: Context) -> Iterator[Hit]:
    files = any("S3OriginConfig" in origin or _is_bucket(ctx, origin) for _, origin in _origins(r))
    if files and not r.has("DistributionConfig", "DefaultRootObject"):
        yield Hit(f"{r.title} has no default root object")
