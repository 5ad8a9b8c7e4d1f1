"""The one client of Stripe's, and what its answers mean to every gateway that speaks through it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, lru_cache

import stripe

from callsheet.gateways.errors import PaymentsUnavailable
from callsheet.platform.secrets import forget_secrets, secret
from callsheet.platform.settings import settings

# To connect, and to wait for an answer. With one repetition a call ends within 15 s: 25 s leave time to answer.
_TIMEOUTS_SECONDS = (3.0, 7.0)
_REPETITIONS = 1
RECENT = 100
MISSING = "resource_missing"
_UNSURE = (stripe.APIConnectionError, stripe.RateLimitError, stripe.APIError)


type Made = (
    stripe.Account
    | stripe.PaymentIntent
    | stripe.Payout
    | stripe.Refund
    | stripe.Transfer
    | stripe.TransferReversal
)


def services(http: stripe.HTTPClient | None = None) -> stripe.V1Services:
    """The services under the key that is valid now.

    `http`, or else the SDK's own `stripe.default_http_client`, replaces the network in tests.
    """
    return _client(secret("stripe")["api_key"], http or stripe.default_http_client or _network()).v1


@contextmanager
def outcome() -> Iterator[None]:
    """Stripe's answers that say nothing of the outcome as PaymentsUnavailable.

    A refused card and a request that is wrong pass through: the one is an answer, the other a bug.
    """
    try:
        yield
    except _UNSURE as error:
        raise PaymentsUnavailable(retry_after_seconds=2) from error
    except stripe.AuthenticationError as error:
        forget_secrets()  # the key may have been rotated
        raise PaymentsUnavailable(retry_after_seconds=2) from error


def past_a_kept_failure[R](
    ask: Callable[[str], R], key: str, find: Callable[[], R | None] = lambda: None
) -> R:
    """Ask; where Stripe repeats a failure of its own that it keeps under the key for a day, ask under another.

    A second key protects nothing: `find` looks first whether the failed call had its effect after all. It is not needed
    for what the state of an object lets happen once anyway.
    """
    try:
        return ask(key)
    except stripe.APIError as error:
        if (error.headers or {}).get("idempotent-replayed") != "true":
            raise
    return find() or ask(f"{key}/again")


def code_of(error: stripe.StripeError) -> str | None:
    """The SDK keeps the code of a PermissionError in what Stripe sent alone."""
    return error.code or getattr(error.error, "code", None)


def says(made: Made, name: str, value: str) -> bool:
    """True where the metadata we gave it says so."""
    return made.metadata is not None and made.metadata.to_dict().get(name) == value


@cache
def _network() -> stripe.HTTPClient:
    return stripe.RequestsClient(timeout=_TIMEOUTS_SECONDS)


@lru_cache(maxsize=1)
def _client(api_key: str, http: stripe.HTTPClient) -> stripe.StripeClient:
    base = settings().stripe_api_base
    return stripe.StripeClient(
        api_key,
        http_client=http,
        max_network_retries=_REPETITIONS,
        base_addresses={"api": base, "files": base} if base else None,
    )
