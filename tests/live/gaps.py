"""What the doubles do not keep or return although AWS does: the only differences that the tests leave out.

Each was said to the double by AWS's own API (deploying.py, making.py, completing.py). A test fails where one of them is
not needed any more.
"""

from __future__ import annotations

from typing import NamedTuple


class Gap(NamedTuple):
    """One property that a double does not keep as AWS does."""

    rule: str
    """The ignore rule, as the command line takes it."""
    why: str


GAPS = (
    Gap("ApiJobsIntegration:CredentialsArn", "ministack's CreateIntegration drops it"),
    Gap("ApiJobsIntegration:IntegrationSubtype", "ministack's CreateIntegration drops it"),
    Gap("ApiAuthorizer:AuthorizerResultTtlInSeconds", "ministack has 300 for JWT authorizers too, which have none"),
    Gap("Db:EnablePerformanceInsights", "moto's DescribeDBInstances has no PerformanceInsightsEnabled"),
    Gap("Db:CACertificateIdentifier", "moto has a certificate authority of its own, rds-ca-default"),
    Gap("DbSecretRotation:RotationRules", "ministack's ListSecrets leaves it out; its DescribeSecret has it"),
    Gap("CmsSg:SecurityGroupEgress[2].Description", "moto drops the description of a rule to a prefix list"),
    Gap("FnSg:SecurityGroupEgress[2].Description", "moto drops the description of a rule to a prefix list"),
)
UNREAD = {
    "RegionalAclLogging": "no double has ListLoggingConfigurations of WAF",
    "WebClientBranding": "no double has branding of managed login",
    "PostureFsbp": "no double has GetEnabledStandards of Security Hub",
    "Posture Tags": "moto has no ListTagsForResource of Security Hub",
}
"""What nobody can read of the doubles."""
NEVER_READ = {
    "DbSecret GenerateSecretString", "DbSecretAttachment", "DbSecretRotation HostedRotationLambda",
    "OpsHost ImageId", "OpsHost PropagateTagsToVolumeOnCreation", "Posture EnableDefaultStandards",
    "OrdersFn Code", "ValidateFn Code", "ReportFn Code", "MailFn Code",
}  # fmt: skip
"""What nobody can read of AWS either: write-only properties, the image that a parameter of AWS's names."""
