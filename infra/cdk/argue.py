"""Findings of cdk-nag that we have looked at and keep, each with its reason where it arises."""

from collections.abc import Iterable, Mapping

from aws_cdk import Acknowledgment, Aws, Validations
from aws_cdk import aws_iam as iam
from constructs import IConstruct

_WILDCARDS = {
    "*": "X-Ray knows no resources, and dynamodb:ListStreams no single stream.",
    "/*": "Objects are named by the ids of what they show; the bucket is named in full.",
    ":log-stream:*": "Lambda names its log streams itself; the group is named in full.",
}


def argue(construct: IConstruct, reasons: Mapping[str, str]) -> None:
    """Accept findings on a construct: `reasons` by the AwsSolutions rule, e.g. `S1` or `IAM5[Resource::*]`."""
    for rule, reason in reasons.items():
        Validations.of(construct).acknowledge(Acknowledgment(id=f"AwsSolutions-{rule}", reason=reason))


def argue_wildcards(role: IConstruct, statements: Iterable[iam.PolicyStatement]) -> None:
    """Accept those wildcards of a function's role that have a reason above; cdk-nag refuses all others."""
    for resource in {resource for statement in statements for resource in statement.resources}:
        reason = next((_WILDCARDS[end] for end in _WILDCARDS if _ends(resource, end)), None)
        if reason is not None:
            argue(role, {f"IAM5[Resource::{_as_nag_writes(resource)}]": reason})


def _ends(resource: str, end: str) -> bool:
    return resource == end if end == "*" else resource.endswith(end)


def _as_nag_writes(resource: str) -> str:
    for token, written in (
        (Aws.PARTITION, "<AWS::Partition>"),
        (Aws.REGION, "<AWS::Region>"),
        (Aws.ACCOUNT_ID, "<AWS::AccountId>"),
    ):
        resource = resource.replace(token, written)
    return resource
