"""What every decision on a cash-out is made on, and the one transaction that sets credit aside."""

from dataclasses import dataclass
from datetime import datetime

from callsheet.kernel.errors import Forbidden, NotFound
from callsheet.kernel.ids import has_prefix
from callsheet.kernel.money import Money, zero
from callsheet.kernel.principal import Principal
from callsheet.ledger.post import post
from callsheet.platform.read import get_together
from callsheet.platform.table import Table
from callsheet.platform.transaction import Transaction
from callsheet.wallet.cash_out_store import (
    CashedOutItem,
    CashOutItem,
    cash_out_key,
    cashed_out_key,
    save_cashed_out,
)
from callsheet.wallet.cash_outs import CHECK, UNPAID_AFTER, CashedOut, CashOut
from callsheet.wallet.credit_events import CashOutApproved, CashOutEvent
from callsheet.wallet.errors import CashOutTooLarge
from callsheet.wallet.for_booking import balance_key
from callsheet.wallet.lines import Line, LineKind
from callsheet.wallet.movements import all_lines_of, move, untouched
from callsheet.wallet.own_money import own_money
from callsheet.wallet.postings import cash_out_entry
from callsheet.wallet.rules import with_another

_NO_CREDIT = "No refund of this id has become credit of this client because it did not reach their card"


@dataclass(frozen=True, slots=True)
class Purse:
    """What of a failed refund can still go to a bank, as it was read."""

    booking_id: str
    left: Money
    stored: Table | None
    balance: Table | None

    @property
    def done(self) -> CashedOut:
        return self.stored.document if isinstance(self.stored, CashedOutItem) else CashedOut()


def purse_of(user_id: str, refund_id: str, currency: str) -> Purse:
    """One batch read, then one query: the lines are read after the balance, and hold as long as it is untouched.

    NotFound where that refund left no credit, or in another currency.
    """
    done, balance = get_together([cashed_out_key(user_id, currency), balance_key(user_id, currency)])
    own = own_money(all_lines_of(user_id), currency)
    if refund_id not in own.by_refund:
        raise NotFound(_NO_CREDIT)
    gone = done.document.by_refund.get(refund_id, 0) if isinstance(done, CashedOutItem) else 0
    left = Money.of(min(own.left_minor, own.by_refund[refund_id] - gone), currency)
    return Purse(own.bookings[refund_id], left, done, balance)


def require_room(purse: Purse, amount: Money) -> None:
    """CashOutTooLarge, with what is left."""
    if purse.left < amount:
        left = max(purse.left, zero(amount.currency))
        raise CashOutTooLarge(extra={"left_minor": left.amount_minor, "currency": left.currency})


def require_another(user_id: str, caller: Principal) -> None:
    if caller.user_id == user_id:
        raise Forbidden("Nobody decides on credit of their own")


def stored_cash_out(user_id: str, cash_out_id: str) -> CashOutItem:
    item = get_together([cash_out_key(user_id, cash_out_id)])[0] if has_prefix(cash_out_id, "wco") else None
    if not isinstance(item, CashOutItem):
        raise NotFound("There is no such cash-out of this client")
    return item


def set_aside(txn: Transaction, cash_out: CashOut, purse: Purse, now: datetime) -> None:
    """The wallet has less, and what was paid out more; a bank transfer is waited for. Stale, on commit, where anything
    has moved the wallet meanwhile: what is left of the client's own may be another sum.
    """
    minor, refund_id = cash_out.amount.amount_minor, cash_out.refund_id
    by_refund = {**purse.done.by_refund, refund_id: purse.done.by_refund.get(refund_id, 0) + minor}
    by_day = with_another(purse.done.by_day, now.date(), cash_out.amount)
    save_cashed_out(txn, cash_out, purse.stored, CashedOut(by_day=by_day, by_refund=by_refund))
    line = line_of(cash_out, LineKind.CASHED_OUT, -cash_out.amount, now)
    move(txn, cash_out.user_id, line, untouched(purse.balance))
    post(txn, cash_out_entry(cash_out.id, cash_out.user_id, cash_out.amount), now)
    txn.due(CHECK, f"{cash_out.user_id}/{cash_out.id}", now + UNPAID_AFTER)
    txn.publish(about(CashOutApproved, cash_out))


def line_of(cash_out: CashOut, kind: LineKind, amount: Money, now: datetime) -> Line:
    return Line(cause=f"{kind}:{cash_out.id}", subject=cash_out.id, kind=kind, amount=amount, moved_at=now)


def about[E: CashOutEvent](event: type[E], cash_out: CashOut) -> E:
    return event(
        user_id=cash_out.user_id,
        amount=cash_out.amount,
        cash_out_id=cash_out.id,
        refund_id=cash_out.refund_id,
    )
