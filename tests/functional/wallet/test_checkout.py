"""Credit pays at checkout before the card, and is there again where the booking comes to nothing: once, always."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from callsheet.bookings.create_booking import create_booking
from callsheet.bookings.model import BookingView, CreateBooking
from callsheet.gateways.errors import InvalidPaymentMethod, PaymentDeclined
from callsheet.gateways.tax import TaxAnswer, TaxRequest
from callsheet.kernel.errors import Forbidden
from callsheet.kernel.ids import new_id
from callsheet.kernel.money import Money
from callsheet.kernel.principal import RequestKey
from callsheet.ledger.accounts import STRIPE_CASH, WALLET_HELD, wallet
from callsheet.ledger.list_entries import list_entries
from callsheet.payments.model import PaymentStatus
from callsheet.platform.records import EventItem
from callsheet.wallet.errors import WalletChanged
from callsheet.wallet.lines import LineKind
from tests.functional.bookings.test_budgets import READ, WRITE, counting
from tests.support.crashes import Died, MortalPayments, Steps
from tests.support.earning import NET, an_old_hand
from tests.support.stage import Stage
from tests.support.truths import all_bookings, check_at_rest, sum_of
from tests.support.wallets import balance_minor, check_wallets, credit, held_minor, wallet_lines

THIRTY, SEVENTY = Money.of(30_00, "USD"), Money.of(70_00, "USD")


def asked(stage: Stage, *, method: str | None = "pm_card_visa", in_hours: float = 72) -> CreateBooking:
    return stage.command(method=method, in_hours=in_hours).model_copy(update={"use_wallet": True})


def booked(stage: Stage, minor: int = 30_00, *, in_hours: float = 72) -> BookingView:
    """100.00, of which so much is credit."""
    credit(stage, minor)
    return stage.book(asked(stage, in_hours=in_hours))


def carlas(stage: Stage) -> int:
    return balance_minor(stage.carla.user_id)


def test_credit_goes_before_the_card_which_is_asked_for_the_rest(stage: Stage) -> None:
    booking = booked(stage)
    assert (booking.total, booking.payment.wallet, booking.payment.card) == (
        Money.of(100_00, "USD"),
        THIRTY,
        SEVENTY,
    )
    (intent,) = stage.intents.values()
    assert intent.amount == SEVENTY
    assert (carlas(stage), held_minor()) == (0, 30_00)
    assert [line.kind for line in wallet_lines(stage.carla.user_id)] == [LineKind.GOODWILL, LineKind.SPENT]
    names = [item.document.name for item in EventItem.query(stage.carla.user_id)]
    assert names == ["user.registered", "wallet.credited", "wallet.spent"]
    check_wallets()


def test_without_the_word_no_credit_is_touched(stage: Stage) -> None:
    credit(stage, 30_00)
    booking = stage.book()
    assert (booking.payment.wallet, booking.payment.card) == (None, booking.total)
    assert carlas(stage) == 30_00


def test_the_word_with_an_empty_wallet_is_a_booking_like_any_other(stage: Stage) -> None:
    booking = stage.book(asked(stage))
    assert booking.payment.wallet is None
    assert [entry.cause for entry in list_entries(booking.id).items] == []


def test_a_booking_always_has_a_card_behind_it(stage: Stage) -> None:
    booking = booked(stage, 500_00)
    assert booking.payment.card == Money.of(50, "USD")
    assert carlas(stage) == 500_00 - 99_50
    check_wallets()


def test_credit_of_a_service_s_own_currency_pays_for_it(stage: Stage) -> None:
    credit(stage, 30_00)
    starts_at = stage.clock.now() + timedelta(hours=72)
    command = CreateBooking(
        provider_id=stage.pavel.user.id, service_id=stage.pavel.service_id, payment_method="pm_card_visa",
        starts_at=starts_at, use_wallet=True,
    )  # fmt: skip
    assert stage.book(command).payment.wallet == THIRTY


def test_spending_credit_costs_no_more_calls(stage: Stage) -> None:
    credit(stage, 30_00)
    with counting(stage) as calls:
        stage.book(asked(stage), by=replace(stage.carla, request_key=RequestKey("key", "body")))
    assert calls == [READ, WRITE, "create_customer", "authorize", WRITE]


def test_nobody_spends_somebody_else_s_credit(stage: Stage) -> None:
    credit(stage, 30_00)
    with pytest.raises(Forbidden):
        stage.book(asked(stage).model_copy(update={"client_id": stage.carla.user_id}), by=stage.adele)
    assert (carlas(stage), all_bookings()) == (30_00, {})


def test_accepting_posts_two_entries_which_are_the_price_together(stage: Stage) -> None:
    booking = stage.accept(booked(stage))
    held, card, credit_, processing = list_entries(booking.id).items
    assert [one.cause for one in (held, card, credit_, processing)] == [
        *("wallet_held", "capture", "capture_wallet", "processing")
    ]
    assert {posting.account for posting in card.postings} & {
        WALLET_HELD,
        wallet(stage.carla.user_id),
    } == set()
    assert STRIPE_CASH not in {posting.account for posting in credit_.postings}
    assert (carlas(stage), held_minor()) == (0, 0)
    assert -sum_of(f"provider:{stage.pavel.user.id}:payable") == NET.amount_minor
    assert -sum_of("platform:fees_deferred") == 100_00 - NET.amount_minor
    check_wallets()
    check_at_rest(stage)


def _lapses(stage: Stage, booking: BookingView) -> None:
    stage.fake.lapse(stage.intent_id(booking))
    stage.advance(hours=25)


ENDS: dict[str, Callable[[Stage, BookingView], object]] = {
    "declined by the provider": lambda stage, booking: stage.decline(booking),
    "cancelled by the client": lambda stage, booking: stage.cancel(booking),
    "unanswered": lambda stage, booking: stage.advance(hours=25),
    "lapsed at Stripe": _lapses,
}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_a_booking_that_nobody_accepts_gives_the_credit_back(
    stage: Stage, end: Callable[[Stage, BookingView], object]
) -> None:
    booking = booked(stage)
    end(stage, booking)
    stage.advance(hours=1)
    assert stage.case(booking).payment.status is PaymentStatus.VOIDED
    assert (carlas(stage), held_minor()) == (30_00, 0)
    kinds = {line.kind: line.amount for line in wallet_lines(stage.carla.user_id)}
    assert (kinds[LineKind.SPENT], kinds[LineKind.RETURNED]) == (-THIRTY, THIRTY)
    assert [item.document.name for item in EventItem.query(stage.carla.user_id)][-1] == "wallet.returned"
    check_wallets()
    check_at_rest(stage)


@pytest.mark.parametrize(
    ("method", "error"), [("pm_card_chargeDeclined", PaymentDeclined), ("pm_nonsense", InvalidPaymentMethod)]
)
def test_a_card_that_is_refused_gives_the_credit_back_before_the_caller_hears_of_it(
    stage: Stage, method: str, error: type[Exception]
) -> None:
    credit(stage, 30_00)
    with pytest.raises(error):
        stage.book(asked(stage, method=method))
    assert (carlas(stage), held_minor()) == (30_00, 0)
    stage.advance(hours=1)  # the refused intent is canceled too: nothing comes back twice
    assert carlas(stage) == 30_00
    check_wallets()
    check_at_rest(stage)


def test_a_client_who_never_confirms_has_their_credit_again_once_the_hold_ends(stage: Stage) -> None:
    credit(stage, 30_00)
    stage.book(asked(stage, method=None))
    assert carlas(stage) == 0
    stage.advance(minutes=31)
    assert (carlas(stage), held_minor()) == (30_00, 0)
    check_wallets()


def test_while_stripe_is_away_the_credit_is_kept_and_follows_when_it_answers(stage: Stage) -> None:
    booking = booked(stage)
    stage.fake.is_away = True
    stage.cancel(booking)
    assert (carlas(stage), held_minor()) == (0, 30_00)
    stage.fake.is_away = False
    stage.advance(minutes=10)
    assert (carlas(stage), held_minor()) == (30_00, 0)
    check_at_rest(stage)


def test_what_somebody_captures_past_us_goes_back_to_where_it_came_from(stage: Stage) -> None:
    booking = booked(stage)
    stage.fake.capture(stage.intent_id(booking), "somebody else")
    stage.advance(minutes=10)
    stage.cancel(booking)
    stage.advance(hours=26)
    payment = stage.case(booking).payment
    assert (payment.status, payment.refunded) == (PaymentStatus.REFUNDED, Money.of(100_00, "USD"))
    assert [intent.refunded_minor for intent in stage.intents.values()] == [70_00]
    assert (carlas(stage), held_minor()) == (30_00, 0)
    check_wallets()
    check_at_rest(stage)


def test_two_checkouts_at_once_never_spend_the_same(stage: Stage) -> None:
    """Both have read the same balance: one spends it, the other is told to try again, and has then nothing of it."""
    credit(stage, 30_00)

    def book(number: int) -> str:
        try:
            return str(stage.book(asked(stage, in_hours=72 + 5 * number)).payment.wallet)
        except WalletChanged:
            return "changed"

    with ThreadPoolExecutor(5) as pool:
        spent = list(pool.map(book, range(5)))
    assert spent.count("30.00 USD") == 1
    assert set(spent) <= {"30.00 USD", "changed", "None"}
    assert (carlas(stage), held_minor()) == (0, 30_00)
    assert len(all_bookings()) == 5 - spent.count("changed"), "who is refused has no booking"
    check_wallets()


def test_credit_that_was_spent_between_reading_and_writing_is_a_conflict_and_nothing_is_held(
    stage: Stage,
) -> None:
    credit(stage, 30_00)

    class Sly:
        """Prices the offer, while the same client books in another window."""

        def calculate(self, request: TaxRequest) -> TaxAnswer:
            if not all_bookings():
                stage.book(asked(stage, in_hours=100))
            return stage.deps.tax.calculate(request)

    with pytest.raises(WalletChanged):
        create_booking(asked(stage), stage.carla, replace(stage.deps, tax=Sly()))
    assert len(all_bookings()) == 1
    assert carlas(stage) == 0
    assert stage.book(asked(stage)).payment.wallet is None, "the slots are free, and there is no credit left"
    check_wallets()


CREATING = ["transaction", "create_customer", "authorize", "transaction"]


@pytest.mark.parametrize("at", range(len(CREATING)))
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("method", ["pm_card_visa", "pm_card_chargeDeclined"])
def test_a_crash_while_creating_neither_loses_nor_doubles_credit(
    stage: Stage, at: int, after: bool, method: str
) -> None:
    credit(stage, 30_00)
    steps, keyed = Steps(at, after), replace(stage.carla, request_key=RequestKey(new_id("req"), "body"))
    with steps.watching_transactions(), pytest.raises(Died):
        create_booking(asked(stage, method=method), keyed, stage.deps_with(MortalPayments(stage.fake, steps)))
    assert steps.names == CREATING[: at + 1]
    check_wallets()
    stage.advance(minutes=5)
    with suppress(PaymentDeclined):
        stage.book(asked(stage, method=method), by=keyed)
    assert carlas(stage) + held_minor() == 30_00
    assert held_minor() == (30_00 if method == "pm_card_visa" else 0)
    check_wallets()
    stage.advance(hours=30)
    assert (carlas(stage), held_minor()) == (30_00, 0)
    check_at_rest(stage)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", range(3))
@pytest.mark.parametrize("act", ["accept", "decline"])
def test_a_crash_while_deciding_moves_the_credit_once(stage: Stage, act: str, at: int, after: bool) -> None:
    booking, steps = booked(stage), Steps(at, after)
    mortal = stage.deps_with(MortalPayments(stage.fake, steps))
    whole, stage.deps = stage.deps, mortal
    with steps.watching_transactions(), pytest.raises(Died):
        (stage.accept if act == "accept" else stage.decline)(booking)
    stage.deps = whole
    check_wallets()
    stage.advance(minutes=5)
    is_done = at > 0 or after
    expected = {"accept": (0, 0), "decline": (30_00, 0)}[act] if is_done else (0, 30_00)
    assert (carlas(stage), held_minor()) == expected
    check_wallets()
    check_at_rest(stage)


def test_a_provider_gets_all_of_their_part_where_credit_has_paid_most_of_it(stage: Stage) -> None:
    """The charge is less than what they get: the platform's balance pays, and no charge is named."""
    an_old_hand(stage)
    credit(stage, 60_00)
    booking = stage.accept(stage.book(asked(stage, in_hours=30)))
    stage.advance(hours=33)
    stage.complete(booking)
    stage.sweep()
    assert stage.transfer(booking).transferred == NET
    ((order, _),) = stage.stripe_transfers.made.values()
    assert (order.amount, order.charge_id) == (NET, None)
    check_at_rest(stage)
