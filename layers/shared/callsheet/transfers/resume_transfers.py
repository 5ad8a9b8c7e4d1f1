"""What a provider's money waits for may be over before its next look: then it is looked at now.

Of the reasons to wait, who hears of their end:

- `held`: whoever lifts a hold arranges the look in the same transaction (`lifting.py`).
- `account_not_ready`, and `refused` where Stripe said that it was the account: `payout_account.enabled`, here.
- `new_provider`: `transfer.paid`, here. The first five wait; once five were paid nothing else of that provider does.
- `refused` for the platform's balance or for no reason given: nothing tells of a balance that suffices again, so that
  looks an hour, two, four hours apart, and a day at most, are what there is.
- `close_failed`: looked at each hour. The end of a close lets go of everybody at once; a look of each within the
  hour is a load, all of them in the same second would be a storm, and no list names those who wait.
"""

from collections.abc import Callable
from enum import StrEnum

from pydantic import BaseModel, Field

from callsheet.gateways.refusals import TransferRefusal
from callsheet.kernel.events import UserRef
from callsheet.kernel.models import STORED
from callsheet.kernel.principal import Principal
from callsheet.platform.read import get_together
from callsheet.platform.stale import decided_anew
from callsheet.platform.transaction import Transaction
from callsheet.transfers.deps import TransfersDeps
from callsheet.transfers.model import Delay, Transfer, TransferStatus
from callsheet.transfers.planning import FIRST_TRANSFERS
from callsheet.transfers.reading import load_transfer
from callsheet.transfers.rules import LOOK
from callsheet.transfers.store import CountItem, count_key, page_of, save_transfer

_PAGE = 100
# Whoever hears late that the fifth was paid may count some more by then; of the hundredth nothing follows.
_HEARD_BY = 2 * FIRST_TRANSFERS


class Resumes(StrEnum):
    """The events that end a reason to wait, by name."""

    ACCOUNT_ENABLED = "payout_account.enabled"
    TRANSFER_PAID = "transfer.paid"


class Enabled(BaseModel):
    """What is read of `payout_account.enabled`: whose account it is."""

    model_config = STORED

    user_id: UserRef


class Paid(BaseModel):
    """What is read of `transfer.paid`: to whom."""

    model_config = STORED

    user_id: UserRef = Field(alias="provider_id")


type Waits = Callable[[Transfer], bool]


def resume_transfers(what: Resumes, provider_id: str, caller: Principal, deps: TransfersDeps) -> int:
    """How many are looked at now: a query a page of the provider's transfers, a read and a transaction for each; of
    `transfer.paid`, one read where not five were paid just now.

    The event may come twice, or find some resumed already; who dies on the way is asked again, and goes on. What waits
    for the fifth does so on condition of the count it has read, so that the fifth is never missed. A claim that reads
    the account just before it changes is not seen here: it looks again by itself (`transfers/planning.py`).
    """
    match what:
        case Resumes.ACCOUNT_ENABLED:
            return _resume_all(provider_id, _waits_for_account, caller, deps)
        case Resumes.TRANSFER_PAID:
            was_fifth = FIRST_TRANSFERS <= _paid_to(provider_id) < _HEARD_BY
            return _resume_all(provider_id, _waits_as_new, caller, deps) if was_fifth else 0


def _resume_all(provider_id: str, waits: Waits, caller: Principal, deps: TransfersDeps) -> int:
    resumed, after = 0, None
    while True:
        transfers, after = page_of(provider_id, _PAGE, after)
        waiting = [one.booking_id for one in transfers if waits(one)]
        resumed += sum(_resume(booking_id, waits, caller, deps) for booking_id in waiting)
        if after is None:
            return resumed


def _paid_to(provider_id: str) -> int:
    (count,) = get_together([count_key(provider_id)])
    return count.transfers if isinstance(count, CountItem) else 0


def _waits_for_account(transfer: Transfer) -> bool:
    was_refused = transfer.delay is Delay.REFUSED and transfer.refusal is TransferRefusal.ACCOUNT
    is_for_it = was_refused or transfer.delay is Delay.ACCOUNT_NOT_READY
    return transfer.status is TransferStatus.DUE and is_for_it


def _waits_as_new(transfer: Transfer) -> bool:
    return transfer.status is TransferStatus.DUE and transfer.delay is Delay.NEW_PROVIDER


def _resume(booking_id: str, waits: Waits, caller: Principal, deps: TransfersDeps) -> bool:
    def decide() -> bool:
        stored, now = load_transfer(booking_id), deps.clock.now()
        if not waits(stored.document):  # the index is a moment behind
            return False
        txn = Transaction(caller, now)
        save_transfer(txn, stored, stored.document.model_copy(update={"next_look_at": now}))
        txn.due(LOOK, booking_id, now)
        txn.commit()
        return True

    return decided_anew(decide)
