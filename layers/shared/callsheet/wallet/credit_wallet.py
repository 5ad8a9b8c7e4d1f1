"""Support gives a client credit: at once where it is little, not at all where a second person should decide."""

from callsheet.kernel.errors import Forbidden, InvalidRequest, NotFound
from callsheet.kernel.ids import has_prefix, new_id
from callsheet.kernel.principal import Principal
from callsheet.ledger.accounts import GOODWILL, REFERRALS
from callsheet.ledger.post import post
from callsheet.platform.once import claim_and_answer, earlier_answer
from callsheet.platform.read import get_together
from callsheet.platform.stale import decided_anew
from callsheet.platform.transaction import Transaction
from callsheet.users.for_booking import account_from, account_key
from callsheet.wallet.credit_events import WalletCredited
from callsheet.wallet.deps import WalletDeps
from callsheet.wallet.errors import CreditCurrencyUnsupported, CreditTooLarge
from callsheet.wallet.lines import Line, LineKind
from callsheet.wallet.model import CreditKind, CreditWallet, Given, LineView
from callsheet.wallet.movements import move
from callsheet.wallet.postings import credited_entry
from callsheet.wallet.rules import CURRENCIES, left_to_give, with_another
from callsheet.wallet.store import GivenItem, given_key, save_given
from callsheet.wallet.views import view_of

_EXPENSES = {CreditKind.GOODWILL: GOODWILL, CreditKind.REFERRAL: REFERRALS}


def credit_wallet(command: CreditWallet, caller: Principal, deps: WalletDeps) -> LineView:
    """One batch read, one transaction: line, balance, journal entry, event, and what counts toward the limit.

    Raises Forbidden for one's own wallet, NotFound for somebody who was never seen here, CreditCurrencyUnsupported, and
    CreditTooLarge where this and what the client was given within thirty days are more than 500.00 together.
    """
    known = earlier_answer(LineView, caller.request_key, deps.clock.now())
    if known is not None:
        return known
    if caller.user_id == command.user_id:
        raise Forbidden("Nobody gives credit to themselves")
    if not has_prefix(command.user_id, "usr"):
        raise NotFound("There is no such user")
    if command.amount.amount_minor <= 0:
        raise InvalidRequest("amount: credit is more than nothing")
    if command.amount.currency not in CURRENCIES:
        raise CreditCurrencyUnsupported(f"Credit is given in {', '.join(sorted(CURRENCIES))}")
    return decided_anew(lambda: _give(command, caller, deps))


def _give(command: CreditWallet, caller: Principal, deps: WalletDeps) -> LineView:
    now, amount = deps.clock.now(), command.amount
    today = now.date()
    account, stored = get_together(
        [account_key(command.user_id), given_key(command.user_id, amount.currency)]
    )
    if account_from(account) is None:
        raise NotFound("There is no such user")
    given = stored.document.by_day if isinstance(stored, GivenItem) else {}
    left = left_to_give(given, today, amount.currency)
    if left < amount:
        raise CreditTooLarge(extra={"left_minor": left.amount_minor, "currency": left.currency})
    credit_id = new_id("wcr")
    line = Line(
        cause=f"credit:{credit_id}",
        subject=credit_id,
        kind=LineKind(command.kind),
        amount=amount,
        moved_at=now,
        given_by=caller.user_id,
        reason=command.reason,
    )
    view, txn = view_of(line, is_staff=True), Transaction(caller, now)
    claim_and_answer(txn, caller.request_key, view, now)
    save_given(
        txn, command.user_id, amount.currency, stored, Given(by_day=with_another(given, today, amount))
    )
    move(txn, command.user_id, line)
    post(txn, credited_entry(credit_id, command.user_id, _EXPENSES[command.kind], amount), now)
    txn.publish(
        WalletCredited(user_id=command.user_id, amount=amount, credit_id=credit_id, kind=command.kind)
    )
    txn.commit()
    return view
