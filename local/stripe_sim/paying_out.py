"""Money on its way from connected accounts to their banks: what happens to payouts, and when (Stripe, "Payouts").

A standard payout arrives on the second day after it was made, an instant one after half an hour. One that fails puts
its money back, and nothing more goes to that bank account until it is replaced.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from local.stripe_sim.errors import Refusal
from local.stripe_sim.external_accounts import default_of
from local.stripe_sim.ledger import balance_minor, book, currencies
from local.stripe_sim.shapes import Json, Obj, Params, inner_of, text_of, whole_of
from local.stripe_sim.world import World, created_metadata, new_id

_DAY = 24 * 3600
_STANDARD_DAYS, _INSTANT_SECONDS = 2, 1_800
_INSTANT_PERCENT, _INSTANT_LEAST = 1, 50
# Stripe, "Payout failures".
FAILURES: Mapping[str, str] = {
    "account_closed": "The bank account has been closed.",
    "could_not_process": "The bank could not process this payout.",
    "debit_not_authorized": "Debit transactions are not approved on your bank account.",
    "insufficient_funds": "Your Stripe account has insufficient funds to cover the payout.",
    "invalid_currency": "The bank was unable to process this payout because of its currency.",
    "no_account": "The bank account details on file are probably incorrect: no such bank account could be located.",
}


def instant_fee(amount: int) -> int:
    return max((amount * _INSTANT_PERCENT + 50) // 100, _INSTANT_LEAST)


def pay_out(
    world: World,
    to: Obj,
    amount: int,
    params: Params,
    *,
    is_instant: bool = False,
    is_automatic: bool = False,
) -> Obj:
    """Take the money out of the balance and send it on its way."""
    payout_id, currency, now = new_id("po"), text_of(to, "currency"), world.timestamp()
    fee = instant_fee(amount) if is_instant else 0
    on_standard = now - now % _DAY + _STANDARD_DAYS * _DAY
    description = params.maybe_text("description") or ("STRIPE PAYOUT" if is_automatic else None)
    transaction = book(world, "payout", payout_id, -amount, currency, fee=fee, description=description)
    payout: Obj = {
        "id": payout_id,
        "object": "payout",
        "amount": amount,
        "application_fee": None,
        "application_fee_amount": None,
        "arrival_date": now + _INSTANT_SECONDS if is_instant else on_standard,
        "automatic": is_automatic,
        "balance_transaction": transaction,
        "created": now,
        "currency": currency,
        "description": description,
        "destination": to["id"],
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "livemode": False,
        "metadata": created_metadata(params),
        "method": "instant" if is_instant else "standard",
        "original_payout": None,
        "payout_method": None,
        "reconciliation_status": "in_progress" if is_automatic else "not_applicable",
        "reversed_by": None,
        "source_type": "card",
        "statement_descriptor": params.maybe_text("statement_descriptor"),
        "status": "pending",
        "trace_id": None,
        "type": to["object"],
    }
    world.emit("payout.created", world.keep(payout))
    return payout


def pay_automatically(world: World, account: Obj) -> None:
    """Once a day, if this is one of the days of its schedule, all that is available goes to the bank."""
    today = datetime.fromtimestamp(world.timestamp(), UTC)
    is_new_day, world.paid_on = world.paid_on not in {"", f"{today:%F}"}, f"{today:%F}"
    if not is_new_day or not account["payouts_enabled"] or not _is_payday(account, today):
        return
    for currency in currencies(world):
        amount, to = balance_minor(world, currency), default_of(account, currency)
        if amount <= 0 or to is None or to["status"] == "errored":
            continue
        taken = [
            text_of(one, "id")
            for one in world.kept("balance_transaction").values()
            if one["currency"] == currency and one["status"] == "available"
        ]
        payout = pay_out(world, to, amount, Params(), is_automatic=True)
        for one in (*taken, text_of(payout, "balance_transaction")):
            world.paid_out.setdefault(one, text_of(payout, "id"))


def _is_payday(account: Obj, today: datetime) -> bool:
    schedule = inner_of(inner_of(inner_of(account, "settings"), "payouts"), "schedule")
    match schedule["interval"]:
        case "daily":
            return True
        case "weekly":
            days = schedule.get("weekly_payout_days") or [schedule.get("weekly_anchor") or "monday"]
            return f"{today:%A}".lower() in _listed(days)
        case "monthly":
            return today.day in _listed(
                schedule.get("monthly_payout_days") or [schedule.get("monthly_anchor") or 1]
            )
        case _:
            return False


def _listed(days: Json) -> list[Json]:
    return days if isinstance(days, list) else []


def move_on(platform: World, world: World) -> None:
    """Payouts reach the bank, then they are paid or fail."""
    now = world.timestamp()
    for payout in list(world.kept("payout").values()):
        goes_at = whole_of(payout, "created") // _DAY * _DAY + _DAY
        if payout["status"] == "pending" and payout["method"] == "standard" and now >= goes_at:
            world.change("payout.updated", payout, status="in_transit")
        if payout["status"] in {"pending", "in_transit"} and now >= whole_of(payout, "arrival_date"):
            code = platform.failing.get(text_of(payout, "destination"))
            if code is None:
                paid(world, payout)
            else:
                failed(platform, world, payout, code)


def paid(world: World, payout: Obj) -> Obj:
    """The bank has it. What has come back from there is not sent again."""
    if payout["status"] not in {"pending", "in_transit"}:
        raise Refusal(f"Payout {payout['id']} is {payout['status']} already.")
    reconciled = "completed" if payout["automatic"] else "not_applicable"
    world.change("payout.paid", payout, status="paid", reconciliation_status=reconciled)
    if payout["automatic"]:
        world.emit("payout.reconciliation_completed", payout)
    return payout


def failed(platform: World, world: World, payout: Obj, code: str) -> Obj:
    """The bank sends the money back, even after it seemed to be paid."""
    if payout["status"] in {"failed", "canceled"}:
        raise Refusal(f"Payout {payout['id']} is {payout['status']} already.")
    back = book(
        world, "payout_failure", text_of(payout, "id"), _taken(world, payout), text_of(payout, "currency")
    )
    world.change(
        "payout.failed",
        payout,
        status="failed",
        failure_code=code,
        failure_message=FAILURES[code],
        failure_balance_transaction=back,
    )
    to = platform.anywhere(text_of(payout, "type"), text_of(payout, "destination"))
    if to is not None:
        world.change("account.external_account.updated", to, status="errored")
    return payout


def canceled(world: World, payout: Obj) -> Obj:
    back = book(
        world, "payout_cancel", text_of(payout, "id"), _taken(world, payout), text_of(payout, "currency")
    )
    return world.change("payout.canceled", payout, status="canceled", failure_balance_transaction=back)


def _taken(world: World, payout: Obj) -> int:
    """What left the balance, with the fee."""
    return -whole_of(world.find("balance_transaction", text_of(payout, "balance_transaction")), "net")
