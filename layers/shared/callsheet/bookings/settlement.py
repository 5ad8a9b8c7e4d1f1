"""Asks Stripe for what is in flight, and records the outcome: the one way in which money of a booking moves.

What is about to be asked stands in the payment before (`InFlight`), under an idempotency key made of our own ids.
Whoever comes after a crash, be it the caller again, a webhook or the sweeper, asks the same and finishes the same. Each
door brings who asks for what it may have put in flight (`asking_intents`, `asking_refunds`); what else it finds in
flight is left to the look at the payment that was arranged with it, which can ask for everything.
"""

from collections.abc import Callable, Mapping

from callsheet.bookings.case import Case, load_case
from callsheet.bookings.recording import Also
from callsheet.gateways.errors import IntentStateChanged, PaymentsUnavailable
from callsheet.kernel.errors import IllegalTransition
from callsheet.kernel.principal import Principal
from callsheet.payments.model import Ask
from callsheet.platform.stale import Stale

_MOST_STEPS, _MOST_TURNS = 3, 3

type Settler[D] = Callable[[Case, Principal, D, Also | None], None]
type Settlers[D] = Mapping[Ask, Settler[D]]


def settle[D](
    case: Case, settlers: Settlers[D], caller: Principal, deps: D, also: Also | None = None
) -> None:
    """Ask for what is in flight until nothing is; `case` then holds what has become of it.

    `also` adds to the first transaction that is written. Raises PaymentsUnavailable where the outcome is not known
    (what was asked for stays in flight, and is watched), Stale where somebody else has recorded meanwhile.
    """
    for _ in range(_MOST_STEPS):
        asked = case.payment.in_flight
        if asked is None or asked.ask not in settlers:
            return
        settlers[asked.ask](case, caller, deps, also)
        also = None


def settle_or_leave_it[D](case: Case, settlers: Settlers[D], caller: Principal, deps: D) -> Case:
    """The same where the caller need not wait for the money: it is watched, and follows when Stripe answers.

    Where somebody else has recorded a part meanwhile, as a webhook's consumer does, the rest is asked for from there:
    they may have died since, and the caller is to be told of the end.
    """
    for _ in range(_MOST_TURNS):
        try:
            settle(case, settlers, caller, deps)
        except (PaymentsUnavailable, IntentStateChanged):
            now_stored = load_case(case.booking.id)
            if now_stored.stored_payment.version == case.stored_payment.version:
                return case
            case = now_stored
        except (Stale, IllegalTransition):  # or the two reads of the case saw different moments
            case = load_case(case.booking.id)
        else:
            return case
    return case
