"""What each party is shown of a booking: pure, and the one place that decides who sees what."""

from callsheet.bookings.model import (
    Booking,
    BookingView,
    CancellationView,
    MadeRefundView,
    PaymentView,
    PriceView,
    TimelineEntry,
)
from callsheet.bookings.price import PriceSnapshot
from callsheet.bookings.rules import BookingStatus, Party
from callsheet.gateways.declines import DeclineReason
from callsheet.kernel.errors import NotFound
from callsheet.kernel.events import Envelope
from callsheet.kernel.money import Money, total
from callsheet.kernel.principal import ActorType, Principal, Role
from callsheet.payments.model import MadeRefund, Payment

_PAID = frozenset({BookingStatus.ACCEPTED, BookingStatus.COMPLETED})
_STAFF = (Role.ADMIN, Role.SUPPORT, Role.FINANCE)
# What an event says that is none of a party's business: why the client's card was refused, what the provider gets.
_HIDDEN = {Party.CLIENT: frozenset({"provider_net"}), Party.PROVIDER: frozenset({"reason"})}
_OPEN_REASONS = frozenset({"booking.cancelled", "amendment.cancelled"})


def party_of(booking: Booking, caller: Principal) -> Party | None:
    """Which side of the booking the caller is; None for anybody else."""
    match caller.id:
        case booking.client_id:
            return Party.CLIENT
        case booking.provider_id:
            return Party.PROVIDER
        case _:
            return None


def require_access(booking: Booking, caller: Principal) -> Party | None:
    """The caller's side, None for staff; NotFound for anybody else, so that ids tell strangers nothing."""
    party = party_of(booking, caller)
    if party is None and not caller.has_any(*_STAFF):
        raise NotFound("There is no such booking, or it is not yours to see")
    return party


def require_booking(booking: Booking, caller: Principal) -> Party | None:
    """The same for what is done to bookings alone: an amendment is answered at a path of its own, and ends with it."""
    if booking.amends is not None:
        raise NotFound("There is no such booking; an amendment is answered below the booking it amends")
    return require_access(booking, caller)


def role_of(booking: Booking, caller: Principal) -> str:
    """In which role of the state table the caller acts: their side of the booking, else what they are to Callsheet."""
    party = party_of(booking, caller)
    if party is not None:
        return party.value
    if caller.type is not ActorType.USER:
        return caller.type.value
    return "admin" if caller.is_admin else "staff"


def view_of(booking: Booking, payment: Payment, caller: Principal) -> BookingView:
    """The booking as the caller may see it."""
    party = party_of(booking, caller)
    return BookingView(
        id=booking.id,
        status=booking.status,
        amount=booking.price.total.whole_units,
        total=booking.price.total,
        client_id=booking.client_id,
        provider_id=booking.provider_id,
        profile_id=booking.profile_id,
        service_id=booking.service_id,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        price=_price(booking.price, shows_net=party is not Party.CLIENT),
        policy=booking.policy,
        payment=_payment(booking, payment, shows_secret=party is Party.CLIENT),
        answer_by=booking.answer_by,
        acceptance_until=booking.acceptance_until,
        problem_reported_at=booking.problem.reported_at if booking.problem else None,
        cancellation=_cancellation(booking),
        note=booking.note,
        overtime_minutes=booking.overtime_minutes,
        amendments_total=_amendments_total(booking),
        amends=booking.amends.booking_id if booking.amends else None,
        created_at=booking.created_at,
    )


def _amendments_total(booking: Booking) -> Money | None:
    """What was proposed and not accepted yet costs nobody anything; what was given back, the amendment itself says."""
    paid = [one.total for one in booking.amendments if one.status in _PAID]
    return total(paid, booking.price.total.currency) if paid else None


def _price(price: PriceSnapshot, *, shows_net: bool) -> PriceView:
    return PriceView(
        lines=price.lines,
        subtotal=price.subtotal,
        service_tax=price.service_tax,
        client_fee=price.client_fee,
        fee_tax=price.fee_tax,
        total=price.total,
        provider_fee=price.provider_fee if shows_net else None,
        provider_net=price.provider_net if shows_net else None,
        tax_details=price.tax_details,
    )


def _payment(booking: Booking, payment: Payment, *, shows_secret: bool) -> PaymentView:
    is_open = booking.status is BookingStatus.PENDING and payment.authorized_at is None
    return PaymentView(
        status=payment.status,
        client_secret=payment.client_secret if shows_secret and is_open else None,
        requires_action=_wants_the_client(payment) and is_open,
        capture_before=payment.capture_before,
        wallet=payment.wallet,
        card=payment.card,
        refunded=payment.refunded,
        refund_failed=payment.credited,
        refunds=tuple(map(_made, payment.refunds)),
        lost=payment.lost if payment.losses else None,
    )


def _made(refund: MadeRefund) -> MadeRefundView:
    whole = refund.split.total
    return MadeRefundView(
        id=refund.id,
        amount=whole,
        as_credit=whole if refund.failed_at else refund.to_wallet,
        made_at=refund.made_at,
        failed_at=refund.failed_at,
    )


def _wants_the_client(payment: Payment) -> bool:
    """Their bank does; of a card that was charged while they were away, it says so by refusing."""
    return payment.requires_action or payment.decline_reason is DeclineReason.AUTHENTICATION_REQUIRED


def _cancellation(booking: Booking) -> CancellationView | None:
    ended = booking.cancellation
    if ended is None:
        return None
    refund = ended.refund.total if ended.refund else None
    return CancellationView(reason=ended.reason, cancelled_at=ended.cancelled_at, refund=refund)


def entry_of(event: Envelope, booking: Booking, caller: Principal) -> TimelineEntry:
    """An event as a party may see it; staff stay nameless to the parties."""
    party = party_of(booking, caller)
    hidden = _HIDDEN[party] if party is not None else frozenset()
    if event.name in _OPEN_REASONS:
        hidden -= {"reason"}
    is_staff = event.actor.type == ActorType.USER and event.actor.id not in {
        booking.client_id,
        booking.provider_id,
    }
    is_nameless = is_staff and party is not None
    return TimelineEntry(
        event_id=event.event_id,
        name=event.name,
        version=event.version,
        occurred_at=event.occurred_at,
        actor_type="staff" if is_nameless else event.actor.type,
        actor_id="staff" if is_nameless else event.actor.id,
        payload={name: value for name, value in event.payload.items() if name not in hidden},
    )
