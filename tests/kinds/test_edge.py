"""CloudFront, certificates, web ACLs and DNS."""

from __future__ import annotations

from .cfn import findings, lowered, problems

SPA = """
spa: {kind: cloudfront, origin: spa_files, title: CMS front end (Angular)}
spa_files: {kind: s3_bucket}
"""

FULL = """
site:
  kind: cloudfront
  origin: files
  spa: true
  behaviors: {"/api/*": api, "/out/*": {origin: out, cache: optimized}}
  aliases: www.example.com
  certificate: cert
  access_logs: logs
  waf: acl
  geo: {allow: [SG, IN]}
  content_security_policy: default-src 'self'
files: {kind: s3_bucket}
logs: {kind: s3_bucket}
api: {kind: http_api, routes: {GET /a: fn}}
fn: {kind: lambda, runtime: python3.13}
out: {kind: external_system, url: "https://x.example.com/path"}
acl: {kind: waf, block_countries: [KP], count_only: core}
cert: {kind: certificate, domain: www.example.com, alternatives: example.com, zone: zone}
zone: {kind: dns_zone, domain: example.com}
www: {kind: dns_record, zone: zone, name: www.example.com, to: site}
text: {kind: dns_record, zone: example.org, name: t.example.org, record: TXT, values: hello}
"""


def test_a_distribution_alone_may_read_its_bucket() -> None:
    resources = lowered(SPA)
    (origin,) = resources["Spa"].get("DistributionConfig", "Origins")
    assert origin == {
        "Id": "spa_files",
        "DomainName": {"Fn::GetAtt": ["SpaFiles", "RegionalDomainName"]},
        "S3OriginConfig": {"OriginAccessIdentity": ""},
        "OriginAccessControlId": {"Fn::GetAtt": ["SpaSpaFilesAccessControl", "Id"]},
    }
    assert resources["SpaFilesPolicy"].get("PolicyDocument", "Statement", 1) == {
        "Effect": "Allow",
        "Principal": {"Service": "cloudfront.amazonaws.com"},
        "Action": "s3:GetObject",
        "Resource": {"Fn::Sub": "${SpaFiles.Arn}/*"},
        "Condition": {
            "ArnEquals": {
                "aws:SourceArn": {"Fn::Sub": "arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${Spa}"}
            }
        },
    }


def test_a_distribution_answers_over_https_with_security_headers() -> None:
    configuration = lowered(SPA)["Spa"].get("DistributionConfig")
    behavior = configuration["DefaultCacheBehavior"]
    assert behavior["ViewerProtocolPolicy"] == "redirect-to-https"
    assert behavior["AllowedMethods"] == ["GET", "HEAD", "OPTIONS"]
    assert behavior["CachePolicyId"] == "658327ea-f89d-4fab-a63d-7e88639e58f6"
    assert behavior["ResponseHeadersPolicyId"] == "67f7725c-6f97-4210-82d7-5512b31e9d03"
    assert configuration["DefaultRootObject"] == "index.html"
    assert configuration["ViewerCertificate"] == {"CloudFrontDefaultCertificate": True}
    assert "CustomErrorResponses" not in configuration


def test_a_named_distribution_asks_for_tls_1_2_and_sends_unknown_paths_to_the_application() -> None:
    resources = lowered(FULL)
    configuration = resources["Site"].get("DistributionConfig")
    assert configuration["ViewerCertificate"] == {
        "AcmCertificateArn": {"Ref": "Cert"},
        "MinimumProtocolVersion": "TLSv1.2_2021",
        "SslSupportMethod": "sni-only",
    }
    assert [e["ErrorCode"] for e in configuration["CustomErrorResponses"]] == [403, 404]
    geo = configuration["Restrictions"]["GeoRestriction"]
    assert geo == {"RestrictionType": "whitelist", "Locations": ["SG", "IN"]}
    assert configuration["WebACLId"] == {"Fn::GetAtt": ["Acl", "Arn"]}
    assert str(resources["Site"].location("DistributionConfig", "WebACLId")) == "architecture.yaml:11:5"


def test_other_paths_go_elsewhere_uncached_unless_they_say_so() -> None:
    api, out = lowered(FULL)["Site"].get("DistributionConfig", "CacheBehaviors")
    assert api["CachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
    assert "DELETE" in api["AllowedMethods"]
    assert out["CachePolicyId"] == "658327ea-f89d-4fab-a63d-7e88639e58f6"


def test_the_bucket_of_standard_logs_takes_their_acl() -> None:
    resources = lowered(FULL)
    assert resources["Logs"].get("OwnershipControls") == {"Rules": [{"ObjectOwnership": "BucketOwnerPreferred"}]}
    assert resources["Site"].get("DistributionConfig", "Logging", "Prefix") == "site/"


def test_a_web_acl_before_a_distribution_is_global_and_logs() -> None:
    resources = lowered(FULL)
    acl = resources["Acl"]
    assert acl.get("Scope") == "CLOUDFRONT"
    assert [r["Name"] for r in acl.get("Rules")] == [
        "countries", "rate", "ip_reputation", "core", "known_bad_inputs",
    ]  # fmt: skip
    assert acl.get("Rules", 3, "OverrideAction") == {"Count": {}}
    assert resources["AclLogs"].get("LogGroupName") == "aws-waf-logs-system-acl"


def test_a_web_acl_protects_what_it_names() -> None:
    resources = lowered("acl: {kind: waf, protects: pool, rate_limit: null}\npool: {kind: cognito_user_pool, waf: acl}")
    assert resources["Acl"].get("Scope") == "REGIONAL"
    (association,) = resources.of_type("AWS::WAFv2::WebACLAssociation")
    assert association.get("ResourceArn") == {"Fn::GetAtt": ["Pool", "Arn"]}
    assert "rate" not in [r["Name"] for r in resources["Acl"].get("Rules")]


def test_a_certificate_is_proved_in_its_zone() -> None:
    certificate = lowered(FULL)["Cert"]
    assert certificate.get("ValidationMethod") == "DNS"
    assert certificate.get("DomainValidationOptions") == [
        {"DomainName": "www.example.com", "HostedZoneId": {"Ref": "Zone"}},
        {"DomainName": "example.com", "HostedZoneId": {"Ref": "Zone"}},
    ]


def test_a_certificate_that_exists_is_named_by_its_arn() -> None:
    arn = "arn:aws:acm:us-east-1:111111111111:certificate/0a"
    resources = lowered(
        f'cert: {{kind: certificate, domain: a.example.com, arn: "{arn}"}}\n'
        "site: {kind: cloudfront, origin: files, aliases: a.example.com, certificate: cert}\nfiles: {kind: s3_bucket}"
    )
    assert "Cert" not in resources
    assert resources["Site"].get("DistributionConfig", "ViewerCertificate", "AcmCertificateArn") == arn


def test_records_stand_for_components_or_values() -> None:
    resources = lowered(FULL)
    assert resources["Www"].get("AliasTarget") == {
        "DNSName": {"Fn::GetAtt": ["Site", "DomainName"]},
        "HostedZoneId": "Z2FDTNDATAQYW2",
    }
    assert resources["Text"].properties == {
        "HostedZoneName": "example.org.",
        "Name": "t.example.org",
        "Type": "TXT",
        "ResourceRecords": ['"hello"'],
        "TTL": "300",
    }


def test_the_templates_are_valid() -> None:
    assert findings(lowered(SPA)) == []
    assert findings(lowered(FULL)) == []


def test_wrong_ones_are_errors_with_their_place() -> None:
    assert problems("site: {kind: cloudfront, origin: q}\nq: {kind: sqs_queue}") == [
        "architecture.yaml:3:36: 'q' is a sqs queue; expected a s3 bucket or alb or nlb or http api"
    ]
    assert problems("site: {kind: cloudfront, origin: b, aliases: a.b}\nb: {kind: s3_bucket}") == [
        "architecture.yaml:3:9: 'site': 'aliases' need a 'certificate'"
    ]
    zone = "\nzone: {kind: dns_zone, domain: b}"
    assert problems("r: {kind: dns_record, zone: zon, name: a.b, values: 1.2.3.4}" + zone) == [
        "architecture.yaml:3:31: no dns zone is called 'zon'; did you mean 'zone'?"
    ]
