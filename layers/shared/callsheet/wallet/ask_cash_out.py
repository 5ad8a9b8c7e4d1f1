"""Credit of a refund that reached no card is to go to the client's bank; where it is much, a second person decides."""

from callsheet.kernel.errors import InvalidRequest
from callsheet.kernel.ids import new_id
from callsheet.kernel.principal import Principal
from callsheet.platform.once import claim_and_answer, earlier_answer
from callsheet.platform.stale import decided_anew
from callsheet.platform.transaction import Transaction
from callsheet.wallet.cash_out_store import add_cash_out
from callsheet.wallet.cash_outs import CHECK, PROPOSAL_LIVES, AskCashOut, CashOut, CashOutStatus
from callsheet.wallet.cashing_out import purse_of, require_another, require_room, set_aside
from callsheet.wallet.deps import WalletDeps
from callsheet.wallet.rules import CURRENCIES, left_to_give


def ask_cash_out(command: AskCashOut, caller: Principal, deps: WalletDeps) -> CashOut:
    """One batch read, one query, one transaction: a cash-out that waits for its bank transfer or, above 500.00 a client
    in thirty days, for a second person.

    The credit is gone from the wallet before anybody goes to the bank: what the client spends first cannot be paid out,
    and what is set aside first cannot be spent. Raises Forbidden for one's own wallet, NotFound where that refund left
    no credit, CashOutTooLarge with what is left of it.
    """
    known = earlier_answer(CashOut, caller.request_key, deps.clock.now())
    if known is not None:
        return known
    require_another(command.user_id, caller)
    if command.amount.amount_minor <= 0:
        raise InvalidRequest("amount: a cash-out is more than nothing")
    if command.amount.currency not in CURRENCIES:
        raise InvalidRequest("amount: nobody has credit in this currency")
    return decided_anew(lambda: _ask(command, caller, deps))


def _ask(command: AskCashOut, caller: Principal, deps: WalletDeps) -> CashOut:
    now, amount = deps.clock.now(), command.amount
    purse = purse_of(command.user_id, command.refund_id, amount.currency)
    require_room(purse, amount)
    is_small = amount <= left_to_give(purse.done.by_day, now.date(), amount.currency)
    cash_out = CashOut(
        **dict(command),
        id=new_id("wco"),
        booking_id=purse.booking_id,
        status=CashOutStatus.APPROVED if is_small else CashOutStatus.PROPOSED,
        proposed_by=caller.user_id,
        proposed_at=now,
        decided_by=caller.user_id if is_small else None,
        decided_at=now if is_small else None,
    )
    txn = Transaction(caller, now)
    claim_and_answer(txn, caller.request_key, cash_out, now)
    add_cash_out(txn, cash_out)
    if is_small:
        set_aside(txn, cash_out, purse, now)
    else:
        txn.due(CHECK, f"{cash_out.user_id}/{cash_out.id}", now + PROPOSAL_LIVES)
    txn.commit()
    return cash_out
