"""Wallets: for the client, and for support who give credit."""

from callsheet.kernel.routing import Endpoint, Grant, Row, Worker

_READ = (("wallet", Grant.READ), ("platform", Grant.READ_WRITE))
_SUPPORT = ("support", "finance", "admin")
_FINANCE = ("finance", "admin")
_CASH_OUTS = "/v1/users/{user_id}/wallet/cash-outs"
_MOVING = (
    ("wallet", Grant.READ_WRITE),
    ("ledger", Grant.WRITE),
    ("events", Grant.APPEND),
    ("platform", Grant.READ_WRITE),
)


def _deciding(action: str, roles: tuple[str, ...]) -> Endpoint:
    """What becomes of a cash-out; the same decision again changes nothing."""
    return Endpoint(
        name=f"{action}_cash_out",
        method="POST",
        path=f"{_CASH_OUTS}/{{cash_out_id}}/{action}",
        roles=roles,
        idempotent=False,
        tables=_MOVING,
    )


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
    Endpoint(
        name="ask_cash_out",
        method="POST",
        path=_CASH_OUTS,
        roles=_SUPPORT,
        idempotent=True,
        tables=_MOVING,
    ),
    Endpoint(name="list_cash_outs", method="GET", path=_CASH_OUTS, roles=_SUPPORT, tables=_READ),
    _deciding("approve", _SUPPORT),
    _deciding("reject", _SUPPORT),
    _deciding("pay", _FINANCE),
    _deciding("return", _FINANCE),
    Worker(
        name="check_cash_out",
        due=("wallet.cash_out",),
        tables=(("wallet", Grant.READ_WRITE), ("platform", Grant.READ_WRITE)),
    ),
)
