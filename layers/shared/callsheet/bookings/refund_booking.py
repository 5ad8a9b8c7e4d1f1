"""Support gives money back beyond what the policy says: at once, or with a second person where it is much."""

from callsheet.bookings.asking_refunds import REFUNDING
from callsheet.bookings.case import Case, load_case
from callsheet.bookings.giving_back import claim_refund, given_back, require_refundable
from callsheet.bookings.goodwill import goodwill_split
from callsheet.bookings.refunding_deps import Refunding
from callsheet.bookings.refunds import Refund, RefundBooking, add_refund
from callsheet.bookings.settlement import settle_or_leave_it
from callsheet.bookings.states import RefundStatus
from callsheet.kernel.errors import InvalidRequest
from callsheet.kernel.ids import new_id
from callsheet.kernel.principal import Principal
from callsheet.ledger.second_person import needs_second_person
from callsheet.platform.once import claim_and_answer, earlier_answer
from callsheet.platform.stale import decided_anew
from callsheet.platform.transaction import Transaction


def refund_booking(command: RefundBooking, caller: Principal, deps: Refunding) -> Refund:
    """One batch read, two more where there are amendments, one transaction; then what the provider was paid is taken
    back, and the refund made.

    What has gone back of the booking and its amendments before counts too: small refunds do not add up to a large one
    that nobody else has seen, not even where two people give one each at once.

    The refund stands once the transaction does; where Stripe does not answer, the money follows by itself. Raises
    NothingToRefund where less is left, RefundUnderWay while another goes back, PaymentDisputed, TransferUnderWay.
    """
    if command.amount.amount_minor <= 0:
        raise InvalidRequest("amount: a refund is more than nothing")
    known = earlier_answer(Refund, caller.request_key, deps.clock.now())
    if known is not None:
        return known

    def decide() -> tuple[Case, Refund]:
        now = deps.clock.now()
        case = load_case(command.booking_id)
        require_refundable(case, caller)
        goodwill_split(case.booking.price, case.returned, command.amount, command.borne_by)
        is_small = not needs_second_person(command.amount + given_back(case))
        refund = Refund(
            id=new_id("rfd"),
            booking_id=command.booking_id,
            amount=command.amount,
            borne_by=command.borne_by,
            status=RefundStatus.APPROVED if is_small else RefundStatus.PROPOSED,
            reason=command.reason,
            proposed_by=caller.user_id,
            proposed_at=now,
            decided_by=caller.user_id if is_small else None,
            decided_at=now if is_small else None,
        )
        txn = Transaction(caller, now)
        add_refund(txn, refund)
        claim_and_answer(txn, caller.request_key, refund, now)
        if is_small:
            claim_refund(case, refund, caller, txn, now)
        txn.commit()
        return case, refund

    case, refund = decided_anew(decide)
    settle_or_leave_it(case, REFUNDING, caller, deps)
    return refund
