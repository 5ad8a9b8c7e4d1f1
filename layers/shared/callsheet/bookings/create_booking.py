"""A client asks a provider: the slots are held, the money is authorised, and nothing is taken."""

from collections.abc import Sequence
from datetime import datetime

from callsheet.bookings.asking_intents import holding
from callsheet.bookings.authorizing import AUTHORIZING
from callsheet.bookings.case import Case, load_case
from callsheet.bookings.credit import credit_for, credit_keys
from callsheet.bookings.crediting import keep_credit
from callsheet.bookings.errors import OwnServices
from callsheet.bookings.events import BookingRequested
from callsheet.bookings.model import Booking, BookingView, CreateBooking
from callsheet.bookings.offers import Offer, keys_of, offer_for, offered
from callsheet.bookings.ordering_deps import Ordering
from callsheet.bookings.rules import hold_until
from callsheet.bookings.settlement import settle
from callsheet.bookings.spans import take_slots
from callsheet.bookings.store import add_booking
from callsheet.bookings.watching import watch
from callsheet.gateways.declines import DeclineReason
from callsheet.gateways.errors import InvalidPaymentMethod, PaymentDeclined, PaymentsUnavailable
from callsheet.kernel.errors import CallsheetError, Detail, Forbidden, NotFound
from callsheet.kernel.ids import new_id
from callsheet.kernel.principal import Principal
from callsheet.payments.for_booking import add_payment
from callsheet.payments.model import Ask, InFlight, Payment, PaymentStatus
from callsheet.platform.once import Unfinished, answer, claim, earlier, record_keys, refuse
from callsheet.platform.read import Key, get_together
from callsheet.platform.stale import Stale
from callsheet.platform.table import Table
from callsheet.platform.transaction import Transaction
from callsheet.users.for_booking import account_from, account_key

_SETTLERS = holding(AUTHORIZING)


def create_booking(command: CreateBooking, caller: Principal, deps: Ordering) -> BookingView:
    """One batch read and one transaction before Stripe is asked, one transaction after.

    Raises SlotTaken where somebody was faster, PaymentDeclined or InvalidPaymentMethod where the card was refused or is
    none (the slots are free again), PaymentsUnavailable where Stripe does not answer: the booking stands then, and is
    finished or undone by itself; WalletChanged where the client's credit was spent in another window meanwhile.
    """
    now = deps.clock.now()
    client_id = _client_of(command, caller)
    items = get_together(_keys(command, client_id, caller))
    known = earlier(BookingView, items[-1], caller.request_key, now)
    if isinstance(known, BookingView):
        return known
    if isinstance(known, Unfinished):
        return _pay(load_case(known.subject), caller, deps)
    if client_id != caller.user_id and account_from(items[0]) is None:
        raise NotFound("There is no such client")
    found = offered(command, items[1:])
    if found.listing.user_id == client_id:
        raise OwnServices
    offer = offer_for(command, found, deps.tax, now)
    booking = _booking(command, client_id, offer, now)
    return _pay(_request(booking, command, items, caller, now), caller, deps)


def _client_of(command: CreateBooking, caller: Principal) -> str:
    if command.client_id is None or command.client_id == caller.user_id:
        return caller.user_id
    if not caller.is_admin:
        raise Forbidden("client_id must be the caller; only an admin books for somebody else")
    if command.use_wallet:
        raise Forbidden("use_wallet: nobody spends somebody else's credit")
    return command.client_id


def _keys(command: CreateBooking, client_id: str, caller: Principal) -> list[Key]:
    keys = [account_key(client_id), *keys_of(command), *credit_keys(command, client_id)]
    return [*keys, *record_keys(caller.request_key)]


def _booking(command: CreateBooking, client_id: str, offer: Offer, now: datetime) -> Booking:
    service = offer.service
    return Booking(
        id=new_id("bkg"),
        client_id=client_id,
        provider_id=offer.listing.user_id,
        profile_id=offer.listing.profile_id,
        service_id=command.service_id,
        starts_at=offer.starts_at,
        ends_at=offer.ends_at,
        buffer_before_minutes=service.buffer_before_minutes if service else 0,
        buffer_after_minutes=service.buffer_after_minutes if service else 0,
        price=offer.price,
        policy=offer.policy,
        answer_hours=offer.answer_hours,
        acceptance_hours=offer.acceptance_hours,
        note=command.note,
        overtime_minutes=command.overtime_minutes,
        created_at=now,
        hold_until=hold_until(now),
    )


def _request(
    booking: Booking,
    command: CreateBooking,
    items: Sequence[Table | None],
    caller: Principal,
    now: datetime,
) -> Case:
    """The first transaction: booking, slots, payment, deadlines, the request's claim and the event, or none of them."""
    account = account_from(items[0])
    payment = Payment(
        id=new_id("pmt"),
        subject=booking.id,
        client_id=booking.client_id,
        amount=booking.price.total,
        wallet=credit_for(command, booking.price.total, items),
        in_flight=InFlight(ask=Ask.AUTHORIZE, since=now),
        payment_method=command.payment_method,
        customer_id=account.stripe_customer_id if account else None,
        description=f"Booking {booking.id}",
    )
    txn = Transaction(caller, now)
    claim(txn, caller.request_key, now, subject=booking.id)
    take_slots(txn, booking)
    case = Case(add_booking(txn, booking), add_payment(txn, payment))
    keep_credit(txn, payment, now)
    txn.due("booking.hold", booking.id, booking.hold_until)
    watch(txn, booking.id, now)
    case.publish(
        txn,
        BookingRequested,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        total=booking.price.total,
    )
    txn.commit()
    return case


def _pay(case: Case, caller: Principal, deps: Ordering) -> BookingView:
    """Authorise, and keep the answer in the same transaction that records what came of it."""
    is_kept = False

    def keep_answer(txn: Transaction, moved: Case) -> None:
        nonlocal is_kept
        is_kept, now = True, deps.clock.now()
        if refusal := _refusal(moved):
            refuse(txn, caller.request_key, refusal, now)
        else:
            answer(txn, caller.request_key, moved.view(caller), now)

    try:
        settle(case, _SETTLERS, caller, deps, keep_answer)
    except Stale:
        case, is_kept = load_case(case.booking.id), False
    except PaymentsUnavailable:
        if _refusal(case) is None:
            raise
    if not is_kept and caller.request_key is not None:
        # Somebody else, a webhook perhaps, has recorded the outcome: only the answer is still to be kept.
        txn = Transaction(caller, deps.clock.now())
        keep_answer(txn, case)
        txn.commit()
    if refusal := _refusal(case):
        raise refusal
    return case.view(caller)


def _refusal(case: Case) -> CallsheetError | None:
    payment = case.payment
    if payment.status is not PaymentStatus.FAILED or payment.decline_reason is None:
        return None
    if payment.decline_reason is DeclineReason.INVALID_PAYMENT_METHOD:
        return InvalidPaymentMethod(extra={"booking_id": case.booking.id})
    extra: dict[str, Detail] = {"reason": str(payment.decline_reason), "booking_id": case.booking.id}
    return PaymentDeclined("The card was refused; the time is free again", extra=extra)
