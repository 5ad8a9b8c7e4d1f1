"""Refusals in SendGrid's words (SendGrid, "Mail Send: Errors")."""

from collections.abc import Sequence
from dataclasses import dataclass

from local.vendor_sims.wire import Answer, Json, Refusal

_HELP = "http://sendgrid.com/docs/API_Reference/Web_API_v3/Mail/errors.html"


@dataclass(frozen=True, slots=True)
class Problem:
    """`anchor` is where SendGrid's page explains it."""

    message: str
    field: str | None = None
    anchor: str | None = None


def refusal(problems: Sequence[Problem], status: int = 400) -> Refusal:
    errors: list[Json] = [
        {
            "message": problem.message,
            "field": problem.field,
            "help": None if problem.anchor is None else f"{_HELP}#{problem.anchor}",
        }
        for problem in problems
    ]
    return Refusal(Answer(status, {"errors": errors}))


def not_authenticated(given: str | None) -> Refusal:
    message = (
        "Permission denied, wrong credentials"
        if given is None
        else "The provided authorization grant is invalid, expired, or revoked"
    )
    return refusal([Problem(message)], 401)


def not_found() -> Refusal:
    return refusal([Problem("not found")], 404)


def internal() -> Answer:
    return refusal([Problem("Internal Server Error")], 500).answer
