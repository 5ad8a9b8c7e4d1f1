"""Random histories of a few bookings on one calendar: after each step, what must never be is not.

Clients book and pay, well or badly; providers accept and decline; anybody cancels; Stripe is away, answers late, lets
authorisations run out, delivers webhooks twice or never; processes die; time passes.

How many, and which: `tests/support/histories.py`.
"""

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from callsheet.bookings.accept_booking import accept_booking
from callsheet.bookings.cancel_booking import cancel_booking
from callsheet.bookings.converge_payment import converge_payment
from callsheet.bookings.create_booking import create_booking
from callsheet.bookings.decline_booking import decline_booking
from callsheet.bookings.model import CancelBooking, ReportProblem
from callsheet.bookings.report_problem import report_problem
from callsheet.bookings.rules import BookingStatus
from callsheet.gateways.payments import IntentStatus, PaymentGateway
from callsheet.kernel.errors import CallsheetError
from tests.support.cloud import cloud
from tests.support.crashes import Died, MortalPayments, Steps
from tests.support.forget import forget
from tests.support.histories import groups, play
from tests.support.stage import Stage, stripe
from tests.support.truths import all_bookings, all_payments, check_always, check_at_rest

METHODS = st.sampled_from(
    ["pm_card_visa", "pm_card_visa", None, "pm_card_chargeDeclined", "pm_card_authenticationRequired"]
)
CRASHES = st.one_of(st.none(), st.tuples(st.integers(0, 3), st.booleans()))


class Marketplace(RuleBasedStateMachine):
    """One provider, one client, starts in three places of one day, so that bookings get into each other's way."""

    bookings = Bundle("bookings")

    @initialize()
    def open(self) -> None:
        self.cloud = cloud()
        self.cloud.__enter__()
        forget()
        self.stage = Stage()

    def teardown(self) -> None:
        if not hasattr(self, "cloud"):
            return
        try:
            self.stage.fake.is_away = False
            self.stage.advance(hours=24 * 60)
            check_at_rest(self.stage)
            rest = {booking.status for booking in all_bookings().values() if booking.problem is None}
            assert rest <= {BookingStatus.COMPLETED, BookingStatus.CANCELLED}, "something waits for ever"
        finally:
            self.cloud.__exit__(None, None, None)
            forget()

    @rule(target=bookings, method=METHODS, start=st.integers(0, 2), crash=CRASHES)
    def book(self, method: str | None, start: int, crash: tuple[int, bool] | None) -> str:
        known = set(all_bookings())
        command = self.stage.command(in_hours=48 + start, method=method)
        self._do(
            crash, lambda payments: create_booking(command, self.stage.carla, self.stage.deps_with(payments))
        )
        made = set(all_bookings()) - known
        return made.pop() if made else "bkg_none"

    @rule(booking=bookings, crash=CRASHES)
    def accept(self, booking: str, crash: tuple[int, bool] | None) -> None:
        self._do(
            crash,
            lambda payments: accept_booking(booking, self.stage.pavel.user, self.stage.deps_with(payments)),
        )

    @rule(booking=bookings, crash=CRASHES)
    def decline(self, booking: str, crash: tuple[int, bool] | None) -> None:
        self._do(
            crash,
            lambda payments: decline_booking(booking, self.stage.pavel.user, self.stage.deps_with(payments)),
        )

    @rule(booking=bookings, who=st.sampled_from(["carla", "pavel", "adele"]), crash=CRASHES)
    def cancel(self, booking: str, who: str, crash: tuple[int, bool] | None) -> None:
        caller = {"carla": self.stage.carla, "pavel": self.stage.pavel.user, "adele": self.stage.adele}[who]
        command = CancelBooking(booking_id=booking)
        self._do(crash, lambda payments: cancel_booking(command, caller, self.stage.deps_with(payments)))

    @rule(booking=bookings)
    def complete(self, booking: str) -> None:
        with suppress(CallsheetError):
            view = self.stage.case(booking).view(self.stage.carla)
            self.stage.complete(view)

    @rule(booking=bookings)
    def report(self, booking: str) -> None:
        with suppress(CallsheetError):
            report_problem(
                ReportProblem(booking_id=booking, description="x"), self.stage.carla, self.stage.deps
            )

    @rule(booking=bookings)
    def pay_at_the_form(self, booking: str) -> None:
        payment = all_payments().get(booking)
        if payment is None or payment.intent_id is None:
            return
        intent = self.stage.fake.intents[payment.intent_id]
        if intent.status in {IntentStatus.REQUIRES_PAYMENT_METHOD, IntentStatus.REQUIRES_ACTION}:
            self.stage.fake.confirm(payment.intent_id)

    @rule(booking=bookings)
    def authorisation_runs_out(self, booking: str) -> None:
        payment = all_payments().get(booking)
        if payment is None or payment.intent_id is None:
            return
        if self.stage.fake.intents[payment.intent_id].status is IntentStatus.REQUIRES_CAPTURE:
            self.stage.fake.lapse(payment.intent_id)

    @rule(booking=bookings, times=st.integers(1, 2))
    def webhook(self, booking: str, times: int) -> None:
        for _ in range(times):
            with suppress(CallsheetError):
                converge_payment(booking, stripe(), self.stage.deps)

    @rule(away=st.booleans())
    def stripe_goes_or_comes(self, away: bool) -> None:
        self.stage.fake.is_away = away

    @rule(minutes=st.sampled_from([1, 5, 31, 60 * 13, 60 * 25, 60 * 49]))
    def time_passes(self, minutes: int) -> None:
        self.stage.advance(minutes=minutes)

    @invariant()
    def nothing_is_ever_wrong(self) -> None:
        if hasattr(self, "stage"):
            check_always(self.stage)

    def _do(self, crash: tuple[int, bool] | None, act: Callable[[PaymentGateway], object]) -> None:
        steps = Steps(*crash) if crash else Steps()
        with steps.watching_transactions(), suppress(CallsheetError, Died):
            act(MortalPayments(self.stage.fake, steps))


@pytest.mark.parametrize("group", groups(25))
def test_whatever_happens_nothing_is_ever_wrong(group: int) -> None:
    play(Marketplace, group, steps=12)
