"""Findings of cdk-nag that we have looked at and keep, each with its reason where it arises."""

from collections.abc import Mapping

from aws_cdk import Acknowledgment, Validations
from constructs import IConstruct


def argue(construct: IConstruct, reasons: Mapping[str, str]) -> None:
    """Accept findings on a construct: `reasons` by the AwsSolutions rule, e.g. `S1` or `IAM5[Resource::*]`."""
    for rule, reason in reasons.items():
        Validations.of(construct).acknowledge(Acknowledgment(id=f"AwsSolutions-{rule}", reason=reason))
