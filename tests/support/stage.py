"""A stage to play bookings on, in process: a clock that moves, people who can be booked, and a sweeper.

    stage = Stage()
    booking = stage.book()
    stage.accept(booking)
    stage.advance(hours=100)

Everything goes through the use cases; deadlines and checks are dispatched as the queues would.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from callsheet.amendments.accept_amendment import accept_amendment
from callsheet.amendments.end_amendment import decline_amendment, withdraw_amendment
from callsheet.amendments.follow_booking import follow_booking
from callsheet.amendments.list_amendments import list_amendments
from callsheet.amendments.model import AmendmentView, Answer, Proposal
from callsheet.amendments.propose_amendment import propose_amendment
from callsheet.bookings.accept_booking import accept_booking
from callsheet.bookings.apply_deadline import Deadline, apply_deadline
from callsheet.bookings.cancel_booking import cancel_booking
from callsheet.bookings.case import Case, load_case
from callsheet.bookings.check_disputes import check_disputes
from callsheet.bookings.check_payment import check_payment
from callsheet.bookings.checkout_deps import CheckoutDeps
from callsheet.bookings.complete_booking import complete_booking
from callsheet.bookings.converge_payment import converge_payment
from callsheet.bookings.create_booking import create_booking
from callsheet.bookings.decline_booking import decline_booking
from callsheet.bookings.model import BookingView, CancelBooking, CreateBooking
from callsheet.bookings.tax import FixedRateTax
from callsheet.calendar.deps import CalendarDeps
from callsheet.calendar.model import OpeningWindow, SetRules, WeeklyHours
from callsheet.calendar.set_rules import set_rules
from callsheet.catalogue.create_profile import create_profile
from callsheet.catalogue.create_service import create_service
from callsheet.catalogue.deps import CatalogueDeps
from callsheet.catalogue.details import ProfileRole
from callsheet.catalogue.model import CreateProfile
from callsheet.catalogue.publish_profile import publish_profile
from callsheet.catalogue.selling import CreateService, PolicyKey
from callsheet.connect.check_account import check_account
from callsheet.connect.deps import ConnectDeps
from callsheet.gateways.disputes import DisputeGateway
from callsheet.gateways.payments import Intent, PaymentGateway
from callsheet.gateways.transfers import TransferGateway
from callsheet.kernel.clock import Clock
from callsheet.kernel.errors import CallsheetError, Kind
from callsheet.kernel.ids import new_id
from callsheet.kernel.money import Money
from callsheet.kernel.page import Cursors
from callsheet.kernel.principal import ActorType, Principal, Role, system
from callsheet.platform.records import DUE_SHARDS, DueItem
from callsheet.platform.table import utc_key
from callsheet.reviews.deps import ReviewsDeps
from callsheet.reviews.reveal_reviews import reveal_reviews
from callsheet.transfers.check_payouts import check_payouts
from callsheet.transfers.deps import TransfersDeps
from callsheet.transfers.model import Transfer
from callsheet.transfers.paying_deps import PayingDeps
from callsheet.transfers.payout_deps import PayoutDeps
from callsheet.transfers.reading import load_transfer
from callsheet.transfers.release_reserve import release_reserve
from callsheet.transfers.release_transfer import release_transfer
from callsheet.wallet.check_cash_out import check_cash_out
from callsheet.wallet.deps import WalletDeps
from tests.support.bank_payouts import FakePayouts
from tests.support.crashes import Died
from tests.support.payments import FakePayments
from tests.support.payouts import FakeConnect, connect_deps, onboarded
from tests.support.profiles import filled
from tests.support.transfers import FakeTransfers

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)  # a Monday
ROUND_THE_CLOCK = (OpeningWindow(opens="00:00", closes="24:00"),)
EVERY_DAY = WeeklyHours(
    monday=ROUND_THE_CLOCK, tuesday=ROUND_THE_CLOCK, wednesday=ROUND_THE_CLOCK, thursday=ROUND_THE_CLOCK,
    friday=ROUND_THE_CLOCK, saturday=ROUND_THE_CLOCK, sunday=ROUND_THE_CLOCK,
)  # fmt: skip
_MOST_MESSAGES, _MOST_RECEIVES = 2000, 5


@dataclass(slots=True)
class MovedClock:
    """Stands still until somebody moves it."""

    moment: datetime = NOW

    def now(self) -> datetime:
        return self.moment


@dataclass(frozen=True, slots=True)
class Provider:
    """Somebody who can be booked, by user, by profile, and for one service."""

    user: Principal
    profile_id: str
    service_id: str


def somebody(*roles: Role) -> Principal:
    return Principal(new_id("usr"), roles=frozenset(roles), correlation_id=new_id("cor"))


def a_provider(
    clock: Clock, jurisdiction: str = "US-OR", policy: str = "default", *, is_onboarded: bool = True
) -> Provider:
    """Opens a profile with one service (300.00 USD for two hours) and an always open calendar, and can be paid."""
    user, catalogue = somebody(Role.PROVIDER), CatalogueDeps(clock=clock)
    page = CreateProfile(
        role=ProfileRole.PHOTOGRAPHER, title="Photographer", jurisdiction=jurisdiction, zone="America/Los_Angeles"
    )  # fmt: skip
    profile = create_profile(page, user, catalogue)
    sold = CreateService(
        title="Portraits", price=Money.whole(300, "USD"), duration_minutes=120, policy_key=PolicyKey(policy)
    )  # fmt: skip
    service = create_service(profile.id, sold, user, catalogue)
    filled(profile, user, clock)
    publish_profile(profile.id, user, catalogue)
    set_rules(SetRules(zone="America/Los_Angeles", weekly=EVERY_DAY), user, CalendarDeps(clock=clock))
    if is_onboarded:
        onboarded(user, clock)
    return Provider(user, profile.id, service.id)


@dataclass(slots=True)
class Stage:
    """One client, one provider, an admin, a provider of payments and a clock."""

    clock: MovedClock = field(default_factory=MovedClock)
    fake: FakePayments = field(init=False)
    deps: CheckoutDeps = field(init=False)
    stripe_transfers: FakeTransfers = field(default_factory=FakeTransfers)
    paying: PayingDeps = field(init=False)
    stripe_connect: FakeConnect = field(init=False)
    connect: ConnectDeps = field(init=False)
    bank_payouts: FakePayouts = field(init=False)
    payouts: PayoutDeps = field(init=False)
    carla: Principal = field(default_factory=lambda: somebody(Role.CLIENT))
    adele: Principal = field(default_factory=lambda: somebody(Role.ADMIN))
    pavel: Provider = field(init=False)

    def __post_init__(self) -> None:
        self.fake = FakePayments(self.clock.now)
        self.deps = self.deps_with(self.fake)
        self.paying = PayingDeps(clock=self.clock, transfers=self.stripe_transfers)
        self.stripe_connect = FakeConnect(self.clock)
        self.connect = connect_deps(self.clock, self.stripe_connect)
        self.bank_payouts = FakePayouts(self.clock)
        self.payouts = PayoutDeps(clock=self.clock, payouts=self.bank_payouts)
        self.pavel = a_provider(self.clock)

    def deps_with(
        self,
        payments: PaymentGateway,
        transfers: TransferGateway | None = None,
        disputes: DisputeGateway | None = None,
    ) -> CheckoutDeps:
        return CheckoutDeps(
            clock=self.clock,
            tax=FixedRateTax(),
            cursors=lambda: Cursors("secret"),
            payments=payments,
            transfers=transfers or self.stripe_transfers,
            disputes=disputes or self.fake.disputes,
        )

    @property
    def intents(self) -> Mapping[str, Intent]:
        """All there are, as they stand at whoever moves the money."""
        return self.fake.intents

    def cash_minor(self) -> int:
        """What lies on the platform's account."""
        return self.fake.cash_minor() - self.stripe_transfers.paid_minor()

    @property
    def transfers(self) -> TransfersDeps:
        return TransfersDeps(clock=self.clock, cursors=lambda: Cursors("secret"))

    def transfer(self, booking: BookingView | str) -> Transfer:
        return load_transfer(booking if isinstance(booking, str) else booking.id).document

    def command(self, *, in_hours: float = 72, method: str | None = "pm_card_visa") -> CreateBooking:
        starts_at = self.clock.now() + timedelta(hours=in_hours)
        return CreateBooking(
            provider_id=self.pavel.user.id, amount=100, payment_method=method,
            starts_at=starts_at, ends_at=starts_at + timedelta(hours=2),
        )  # fmt: skip

    def book(
        self, command: CreateBooking | None = None, *, by: Principal | None = None, in_hours: float = 72
    ) -> BookingView:
        return create_booking(command or self.command(in_hours=in_hours), by or self.carla, self.deps)

    def accept(self, booking: BookingView) -> BookingView:
        return accept_booking(booking.id, self.pavel.user, self.deps)

    def accepted(self, *, in_hours: float = 72) -> BookingView:
        return self.accept(self.book(in_hours=in_hours))

    def decline(self, booking: BookingView) -> BookingView:
        return decline_booking(booking.id, self.pavel.user, self.deps)

    def cancel(self, booking: BookingView, by: Principal | None = None, **fields: object) -> BookingView:
        command = CancelBooking.model_validate({"booking_id": booking.id, **fields})
        return cancel_booking(command, by or self.carla, self.deps)

    def complete(self, booking: BookingView, by: Principal | None = None) -> BookingView:
        return complete_booking(booking.id, by or self.carla, self.deps)

    def propose(
        self, booking: BookingView, by: Principal | None = None, *, minor: int = 20_00, **fields: object
    ) -> AmendmentView:
        """A change order of one line, by the client unless told otherwise."""
        lines = [{"title": "A second look", "amount": Money.of(minor, "USD")}]
        asked = {"lines": lines} if "minutes" not in fields else {"kind": "overtime"}
        command = Proposal.model_validate({"booking_id": booking.id, **asked, **fields})
        return propose_amendment(command, by or self.carla, self.deps)

    def consent(
        self, amendment: AmendmentView, by: Principal | None = None, **fields: object
    ) -> AmendmentView:
        return accept_amendment(_answer(amendment, **fields), by or self.pavel.user, self.deps)

    def refuse(self, amendment: AmendmentView, by: Principal | None = None) -> AmendmentView:
        return decline_amendment(_answer(amendment), by or self.pavel.user, self.deps)

    def withdraw(self, amendment: AmendmentView, by: Principal | None = None) -> AmendmentView:
        return withdraw_amendment(_answer(amendment), by or self.carla, self.deps)

    def amendments(self, booking: BookingView, by: Principal | None = None) -> tuple[AmendmentView, ...]:
        return list_amendments(booking.id, by or self.carla).items

    def case(self, booking: BookingView | str) -> Case:
        return load_case(booking if isinstance(booking, str) else booking.id)

    def intent_id(self, booking: BookingView | str) -> str:
        intent_id = self.case(booking).payment.intent_id
        assert intent_id is not None
        return intent_id

    def advance(self, *, hours: float = 0, minutes: float = 0) -> None:
        """Move the clock in one leap and do what has become due."""
        self.clock.moment += timedelta(hours=hours, minutes=minutes)
        self.sweep()

    def sweep(self) -> None:
        """Dispatch what is due until nothing is; what is not yet possible comes again, five times at most."""
        for _ in range(_MOST_MESSAGES):
            due = due_items(self.clock.now())
            if not due:
                return
            for item in due:
                item.delete()
                _received(item, self)
        raise AssertionError("deadlines never end")


def _answer(amendment: AmendmentView, **fields: object) -> Answer:
    ids = {"booking_id": amendment.booking_id, "amendment_id": amendment.id}
    return Answer.model_validate({**ids, **fields})


def due_items(now: datetime) -> list[DueItem]:
    """The deadlines up to `now`, the oldest first."""
    upto = f"{utc_key(now)}~"
    found = [
        item for shard in range(DUE_SHARDS) for item in DueItem.query(f"DUE#{shard}", DueItem.sk <= upto)
    ]
    return sorted(found, key=lambda item: item.sk)


def dispatch(item: DueItem, stage: "Stage") -> None:  # noqa: C901 - a table, one row a kind of deadline
    """What the consumers of deadlines do."""
    caller = system("sweeper", new_id("cor"))
    match item.kind:
        case "dispute.check":
            check_disputes(item.subject, caller, stage.deps)
        case "refund.check":
            converge_payment(item.subject, caller, stage.deps)
        case "account.check":
            check_account(item.subject, datetime.fromisoformat(item.due_at), caller, stage.connect)
        case "payment.check":
            check_payment(item.subject, datetime.fromisoformat(item.due_at), caller, stage.deps)
        case "booking.amendments":
            follow_booking(item.subject, datetime.fromisoformat(item.due_at), caller, stage.deps)
        case "transfer.release":
            release_transfer(item.subject, caller, stage.paying)
        case "payout.check":
            check_payouts(item.subject, datetime.fromisoformat(item.due_at), caller, stage.payouts)
        case "reserve.release":
            release_reserve(item.subject, caller, stage.transfers)
        case "wallet.cash_out":
            wallet = WalletDeps(clock=stage.clock, cursors=stage.deps.cursors)
            check_cash_out(item.subject, datetime.fromisoformat(item.due_at), caller, wallet)
        case "review.reveal":
            reveal_reviews(item.subject, caller, ReviewsDeps(clock=stage.clock, cursors=stage.deps.cursors))
        case kind:
            apply_deadline(Deadline(kind), item.subject, caller, stage.deps)


def _received(item: DueItem, stage: "Stage") -> None:
    """A queue brings a message again, five times at most; then it lies with the dead letters.

    A process that dies leaves its message where it is.
    """
    for _ in range(_MOST_RECEIVES):
        try:
            return dispatch(item, stage)
        except Died:
            continue
        except CallsheetError as error:
            if error.kind not in {Kind.CONFLICT, Kind.UNAVAILABLE}:
                raise
    return None


def stripe() -> Principal:
    """Whoever applies a webhook."""
    return Principal("stripe", ActorType.STRIPE)
