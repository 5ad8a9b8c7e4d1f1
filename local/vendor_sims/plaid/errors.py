"""Refusals in Plaid's words (Plaid, "Errors")."""

from collections.abc import Iterable

from local.vendor_sims.wire import Answer, Refusal, token

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def request_id() -> str:
    return token(15, _ALPHABET)


def refusal(code: str, message: str, *, kind: str = "INVALID_REQUEST", status: int = 400) -> Refusal:
    return Refusal(
        Answer(
            status,
            {
                "display_message": None,
                "documentation_url": f"https://plaid.com/docs/errors/{kind.lower().replace('_', '-')}/",
                "error_code": code,
                "error_message": message,
                "error_type": kind,
                "request_id": request_id(),
                "suggested_action": None,
            },
        )
    )


def missing(names: Iterable[str]) -> Refusal:
    return refusal("MISSING_FIELDS", f"the following required fields are missing: {', '.join(names)}")


def unknown(names: Iterable[str]) -> Refusal:
    return refusal(
        "UNKNOWN_FIELDS", f"the following fields are not recognized by this endpoint: {', '.join(names)}"
    )


def invalid(message: str) -> Refusal:
    return refusal("INVALID_FIELD", message)


def wrong_keys() -> Refusal:
    return refusal("INVALID_API_KEYS", "invalid client_id or secret provided", kind="INVALID_INPUT")


def not_found() -> Refusal:
    return refusal("NOT_FOUND", "the requested resource was not found", status=404)


def internal() -> Answer:
    message = "an unexpected error occurred"
    return refusal("INTERNAL_SERVER_ERROR", message, kind="API_ERROR", status=500).answer
