"""Wallets: for the client, and for support who give credit."""

from callsheet.kernel.routing import Endpoint, Grant, Row

_READ = (("wallet", Grant.READ), ("platform", Grant.READ_WRITE))
_SUPPORT = ("support", "finance", "admin")

ROUTES: tuple[Row, ...] = (
    Endpoint(
        name="get_my_wallet",
        method="GET",
        path="/v1/me/wallet",
        tables=_READ,
        secrets=("cursor",),
    ),
    Endpoint(
        name="get_wallet",
        method="GET",
        path="/v1/users/{user_id}/wallet",
        roles=_SUPPORT,
        tables=_READ,
        secrets=("cursor",),
    ),
    Endpoint(
        name="credit_wallet",
        method="POST",
        path="/v1/users/{user_id}/wallet/credits",
        roles=_SUPPORT,
        idempotent=True,
        tables=(
            ("wallet", Grant.READ_WRITE),
            ("users", Grant.READ),
            ("ledger", Grant.WRITE),
            ("events", Grant.APPEND),
            ("platform", Grant.READ_WRITE),
        ),
    ),
)
