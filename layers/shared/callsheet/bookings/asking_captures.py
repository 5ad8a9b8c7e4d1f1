"""Stripe is asked to take what it holds, and what came of it is recorded."""

from callsheet.bookings.case import Case
from callsheet.bookings.charging_deps import Charging
from callsheet.bookings.recording import Also, Writers, record
from callsheet.bookings.settlement import Settler
from callsheet.gateways.errors import IntentStateChanged
from callsheet.kernel.principal import Principal
from callsheet.platform.stale import Stale


def capturing(writers: Writers) -> Settler[Charging]:
    """The settler of captures that records with these writers."""

    def capture(case: Case, caller: Principal, deps: Charging, also: Also | None) -> None:
        intent_id = case.payment.intent_id
        if intent_id is None:
            raise Stale  # what was authorised has an intent
        try:
            intent = deps.payments.capture(intent_id, case.payment.id)
        except IntentStateChanged:
            intent = deps.payments.intent(intent_id)
        record(case, intent, writers, caller, deps.clock.now(), also=also)

    return capture
