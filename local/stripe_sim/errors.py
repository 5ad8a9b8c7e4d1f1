"""Refusals in Stripe's words (Stripe, "Errors" and "Error codes")."""

from collections.abc import Iterable

from local.stripe_sim.shapes import Obj

_DOCS = "https://docs.stripe.com/error-codes/"


class Refusal(Exception):
    """An answer other than 200. `is_before_execution` says that nothing was begun, so no key keeps it."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        extra: Obj | None = None,
        is_before_execution: bool = False,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.is_before_execution = is_before_execution
        error: Obj = {"message": message, "type": kind}
        if code is not None:
            error |= {"code": code, "doc_url": _DOCS + code.replace("_", "-")}
        if param is not None:
            error["param"] = param
        self.body: Obj = {"error": error | (extra or {})}


def invalid(message: str, param: str | None = None, code: str | None = None) -> Refusal:
    """A request that makes no sense as a request."""
    return Refusal(message, code=code, param=param, is_before_execution=True)


def missing(name: str) -> Refusal:
    return invalid(f"Missing required param: {name}.", name, "parameter_missing")


def unsupported(names: Iterable[str]) -> Refusal:
    """Stripe knows it, this simulator does not: better said than ignored."""
    first = ", ".join(sorted(names))
    return invalid(
        f"The simulator does not do what Stripe does with: {first}.", first, "simulator_unsupported"
    )


def no_such(kind: str, object_id: str, param: str | None = None) -> Refusal:
    """404 for an id of the path, 400 for one that a parameter names."""
    return Refusal(
        f"No such {kind}: '{object_id}'",
        status=404 if param is None else 400,
        code="resource_missing",
        param=param or "id",
    )


def no_route(method: str, path: str) -> Refusal:
    return Refusal(
        f"Unrecognized request URL ({method}: {path}). Please see https://stripe.com/docs or we can help at "
        "https://support.stripe.com/.",
        status=404,
        is_before_execution=True,
    )


def no_key(given: str | None) -> Refusal:
    message = (
        "You did not provide an API key. You need to provide your API key in the Authorization header, using "
        "Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY')."
        if given is None
        else f"Invalid API Key provided: {given[:8]}{'*' * max(len(given) - 12, 0)}{given[8:][-4:]}"
    )
    return Refusal(message, status=401, is_before_execution=True)


def no_account(account_id: str) -> Refusal:
    """The path, or the `Stripe-Account` header, names none of the platform's."""
    return Refusal(
        f"The provided key 'sk_test_***' does not have access to account '{account_id}' (or that account does not "
        "exist). Application access may have been revoked.",
        status=403,
        code="account_invalid",
    )


def internal() -> Refusal:
    """What an injected failure answers."""
    return Refusal("An unknown error occurred", status=500, kind="api_error")
