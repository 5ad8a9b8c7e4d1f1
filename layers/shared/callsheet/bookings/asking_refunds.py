"""Stripe is asked to give money back, after what the provider had of it has come back, and the outcome is recorded."""

from callsheet.bookings.case import Case
from callsheet.bookings.failed_refunds import record_if_failed
from callsheet.bookings.recording import Also
from callsheet.bookings.refunding import record_refund, record_refund_in_vain, split_in_flight
from callsheet.bookings.refunding_deps import Refunding
from callsheet.bookings.settlement import Settlers
from callsheet.gateways.asking import was_asked_before
from callsheet.gateways.errors import IntentStateChanged, PaymentsUnavailable
from callsheet.kernel.principal import Principal
from callsheet.payments.model import Ask
from callsheet.platform.stale import Stale
from callsheet.transfers.take_back import take_back

# It has left the balance, and may have come back already.
_REFUNDED = frozenset({"succeeded", "pending", "failed", "canceled"})


def _refund(case: Case, caller: Principal, deps: Refunding, _also: Also | None) -> None:
    """Give back; a refund that was asked for before is looked for first, since keys are forgotten after a day."""
    payment, asked = case.payment, case.payment.in_flight
    if asked is None or asked.refund_id is None or asked.to_card is None or payment.intent_id is None:
        raise Stale  # the two reads of the case saw different moments
    _take_back(case, asked.refund_id, caller, deps)
    now, made = deps.clock.now(), None
    if (
        asked.to_card.is_zero
    ):  # all of it is credit again, or was given as goodwill before: nothing for Stripe
        record_refund(case, None, caller, now)
        return
    if was_asked_before(asked.since, now):
        made = deps.payments.find_refund(payment.intent_id, asked.refund_id)
    try:
        receipt = made or deps.payments.refund(payment.intent_id, asked.to_card, asked.refund_id)
    except IntentStateChanged:
        if not deps.payments.intent(payment.intent_id).is_disputed:
            raise
        record_refund_in_vain(case, caller, now)
        return
    if receipt.status not in _REFUNDED:
        raise PaymentsUnavailable(f"The refund is {receipt.status}")
    record_refund(case, receipt, caller, now)
    record_if_failed(case, receipt, caller, now)


def _take_back(case: Case, refund_id: str, caller: Principal, deps: Refunding) -> None:
    """What the provider has been paid comes back first, so that a refund is never paid out of somebody else's money."""
    stored, split = case.stored_transfer, split_in_flight(case)
    if stored is None or split is None or stored.document.legs_claimed == 0:
        return
    case.stored_transfer = take_back(case.booking.id, split.payable, refund_id, caller, deps)


REFUNDING: Settlers[Refunding] = {Ask.REFUND: _refund}
