"""Something is to come on top of a booking: one side proposes, and the other is asked where their word is missing."""

from dataclasses import dataclass
from datetime import datetime

from callsheet.amendments.charging import CHARGING
from callsheet.amendments.errors import OtherCurrency, OvertimeIsReportedByProviders
from callsheet.amendments.model import AmendmentView, Proposal
from callsheet.amendments.parties import require_party
from callsheet.amendments.rules import (
    check_limits,
    check_overtime,
    is_agreed_at_checkout,
    lapses_at,
    overtime_line,
    terms_of,
)
from callsheet.amendments.telling import told
from callsheet.bookings.amending import add_amendment
from callsheet.bookings.amendment_events import AmendmentProposed
from callsheet.bookings.amends import AmendmentKind, Amends
from callsheet.bookings.case import Case, load_case
from callsheet.bookings.errors import PaymentDisputed, ProblemOpen
from callsheet.bookings.model import Booking
from callsheet.bookings.ordering_deps import Ordering
from callsheet.bookings.price import PriceLine, PriceSnapshot
from callsheet.bookings.pricing import price
from callsheet.bookings.rules import BOOKING, BookingAction, Party
from callsheet.bookings.settlement import settle_or_leave_it
from callsheet.bookings.views import require_booking
from callsheet.bookings.watching import watch
from callsheet.kernel.ids import new_id
from callsheet.kernel.money import total
from callsheet.kernel.principal import Principal
from callsheet.payments.for_booking import add_payment
from callsheet.payments.model import Ask, InFlight, Payment
from callsheet.payments.rules import is_disputed
from callsheet.platform.once import claim, claimed_subject, record_keys
from callsheet.platform.stale import decided_anew
from callsheet.platform.transaction import Transaction


def propose_amendment(command: Proposal, caller: Principal, deps: Ordering) -> AmendmentView:
    """One batch read and one transaction; then Stripe, where the client has agreed, and a transaction that records it.

    The proposal stands once the transaction does; where Stripe does not answer, the money follows by itself. A client
    whose card is refused gets PaymentDeclined or InvalidPaymentMethod, and the amendment is over.
    """
    case = decided_anew(lambda: _propose(command, caller, deps))
    return told(settle_or_leave_it(case, CHARGING, caller, deps), caller)


def _propose(command: Proposal, caller: Principal, deps: Ordering) -> Case:
    now = deps.clock.now()
    parent = load_case(command.booking_id, beside=record_keys(caller.request_key))
    require_booking(parent.booking, caller)
    party = require_party(parent.booking, caller)
    if known := claimed_subject(parent.beside[0] if parent.beside else None, caller.request_key, now):
        return load_case(known)
    _check(command, parent, party, now)
    lines = _lines(command, parent.booking)
    check_limits(parent.booking, total([line.amount for line in lines], lines[0].amount.currency))
    first = parent.booking.price
    terms = terms_of(parent.booking)
    snapshot = price(lines, first.jurisdiction, deps.tax, terms, postal_code=first.postal_code)
    return _write(_Proposed(command, parent, party, snapshot), caller, now)


def _check(command: Proposal, parent: Case, party: Party, now: datetime) -> None:
    booking = parent.booking
    BOOKING.step(booking.status, BookingAction.AMEND, party)
    if booking.problem is not None:
        raise ProblemOpen
    if is_disputed(parent.payment):
        raise PaymentDisputed
    if command.kind is AmendmentKind.OVERTIME:
        if party is not Party.PROVIDER:
            raise OvertimeIsReportedByProviders
        check_overtime(booking, now)
    if any(line.amount.currency != booking.price.total.currency for line in command.lines):
        raise OtherCurrency(extra={"currency": booking.price.total.currency})


def _lines(command: Proposal, booking: Booking) -> list[PriceLine]:
    if command.minutes is not None:
        return [overtime_line(booking, command.minutes)]
    return [
        PriceLine(key=f"change:{number}", title=line.title, amount=line.amount)
        for number, line in enumerate(command.lines, 1)
    ]


@dataclass(frozen=True, slots=True)
class _Proposed:
    """What is proposed, by whom, on top of what, and at which price."""

    command: Proposal
    parent: Case
    by: Party
    price: PriceSnapshot

    @property
    def is_agreed(self) -> bool:
        """Without a card that can be charged the client is asked all the same."""
        has_card = self.parent.payment.paid_with is not None
        return has_card and is_agreed_at_checkout(self.parent.booking, self.command.minutes)

    def booking(self, now: datetime) -> Booking:
        booking, command = self.parent.booking, self.command
        return Booking(
            id=new_id("bkg"),
            client_id=booking.client_id,
            provider_id=booking.provider_id,
            profile_id=booking.profile_id,
            service_id=booking.service_id,
            price=self.price,
            policy=booking.policy,
            answer_hours=booking.answer_hours,
            acceptance_hours=booking.acceptance_hours,
            note=command.reason,
            created_at=now,
            hold_until=lapses_at(now),
            amends=Amends(
                booking_id=booking.id,
                kind=command.kind,
                proposed_by=self.by,
                minutes=command.minutes,
                is_off_session=self.is_agreed,
                agreed_at=now if self.is_agreed else None,
            ),
        )

    def payment(self, amendment: Booking, now: datetime) -> Payment:
        """A client who proposes is asked to pay at once; one who is proposed to, when they consent."""
        first, is_asked = self.parent.payment, self.by is Party.CLIENT or self.is_agreed
        named = self.command.payment_method if self.by is Party.CLIENT else None
        return Payment(
            id=new_id("pmt"),
            subject=amendment.id,
            client_id=first.client_id,
            amount=amendment.price.total,
            in_flight=InFlight(ask=Ask.AUTHORIZE, since=now) if is_asked else None,
            payment_method=named or first.paid_with,
            customer_id=first.customer_id,
            description=f"Amendment {amendment.id} of booking {self.parent.booking.id}",
        )


def _write(proposed: _Proposed, caller: Principal, now: datetime) -> Case:
    """Amendment, payment, what the booking keeps of it, deadline, claim and event, or none of them."""
    amendment = proposed.booking(now)
    payment = proposed.payment(amendment, now)
    txn = Transaction(caller, now)
    claim(txn, caller.request_key, now, subject=amendment.id)
    parent = proposed.parent.stored_booking
    case = Case(add_amendment(txn, parent, amendment), add_payment(txn, payment), stored_parent=parent)
    txn.due("booking.hold", amendment.id, amendment.hold_until)
    if payment.in_flight is not None:
        watch(txn, amendment.id, now)
    case.publish(txn, AmendmentProposed)
    txn.commit()
    return case
