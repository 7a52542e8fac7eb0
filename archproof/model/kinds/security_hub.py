"""AWS Security Hub."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from archproof.model.base import Component, OneOrMany

KINDS = {"security_hub": "SecurityHub"}


class SecurityHub(Component):
    """Security Hub in the account and region: checks resources against standards, gathers findings."""

    kind: Literal["security_hub"]
    cfn: ClassVar[str] = "AWS::SecurityHub::Hub"
    service: ClassVar[str] = "securityhub"
    tier: ClassVar[str] = "operations"

    standards: Annotated[list[Literal["fsbp", "cis", "pci", "nist"]], OneOrMany(), Field(min_length=1)]
    """Standards: AWS Foundational Security Best Practices, CIS, PCI DSS, NIST SP 800-53."""
    consolidated: bool = True
    """Whether a control gives one finding, and not one for each standard that has it."""
    new_controls: bool = True
    """Whether controls that AWS adds to the standards are switched on."""
