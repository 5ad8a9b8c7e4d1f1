"""Random histories of money, played against the Stripe simulator: after each step both sides agree (ADR 0135).

Clients pay, well or badly, by card and with credit; work is accepted, added to, cancelled, completed, complained of;
support gives back, finance keeps back; cardholders dispute; accounts are stopped, and providers take their money to
their banks, which send it back; refunds fail, at once or later. Stripe breaks off before or after it has done its
part; its webhooks come twice, shuffled or never; processes die; weeks pass. In the end somebody refunds in Stripe's
Dashboard.

A hundred histories, in groups that processes share (`tests/support/histories.py`).
"""

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
)

from callsheet.amendments.accept_amendment import accept_amendment
from callsheet.amendments.end_amendment import decline_amendment
from callsheet.amendments.model import Answer, Proposal, ProposedLine
from callsheet.amendments.propose_amendment import propose_amendment
from callsheet.bookings.accept_booking import accept_booking
from callsheet.bookings.cancel_booking import cancel_booking
from callsheet.bookings.checkout_deps import CheckoutDeps
from callsheet.bookings.complete_booking import complete_booking
from callsheet.bookings.create_booking import create_booking
from callsheet.bookings.decide_refund import Decision, decide_refund
from callsheet.bookings.decline_booking import decline_booking
from callsheet.bookings.goodwill import BorneBy
from callsheet.bookings.model import CancelBooking, CreateBooking, ReportProblem
from callsheet.bookings.refund_booking import refund_booking
from callsheet.bookings.refunds import RefundBooking, refunds_of
from callsheet.bookings.report_problem import report_problem
from callsheet.bookings.rules import BookingStatus, Party
from callsheet.kernel.errors import CallsheetError
from callsheet.kernel.money import Money
from callsheet.kernel.principal import Principal, system
from callsheet.ledger.payout_gate import reopen, shut
from callsheet.payments.model import PaymentStatus
from callsheet.platform.transaction import Transaction
from callsheet.transfers.bank_payouts import PayInstantly
from callsheet.transfers.commands import HoldTransfer, SetReserve
from callsheet.transfers.pay_instantly import pay_instantly
from callsheet.transfers.place_hold import place_hold
from callsheet.transfers.release_hold import release_hold
from callsheet.transfers.set_reserve import set_reserve
from callsheet.transfers.store import count_transfer
from callsheet.wallet.ask_cash_out import ask_cash_out
from callsheet.wallet.cash_outs import AskCashOut, BankTransfer, CashOut
from callsheet.wallet.decide_cash_out import approve_cash_out
from callsheet.wallet.list_cash_outs import list_cash_outs
from callsheet.wallet.model import CreditKind
from callsheet.wallet.own_money import own_money
from callsheet.wallet.settle_cash_out import pay_cash_out, return_cash_out
from tests.support.at_stripe import Heard, StripeStage
from tests.support.closes import close_every_day
from tests.support.cloud import cloud
from tests.support.crashes import Died
from tests.support.forget import forget
from tests.support.histories import groups, play
from tests.support.money_truths import all_disputes, all_transfers, check_money, check_money_at_rest
from tests.support.truths import all_bookings, all_payments
from tests.support.wallets import credit, fund, wallet_deps, wallet_lines

METHODS = st.sampled_from(
    ["pm_card_visa"] * 4 + [None, "pm_card_chargeDeclined", "pm_card_authenticationRequired"]
)
CRASHES = st.one_of(st.none(), st.none(), st.tuples(st.integers(0, 5), st.booleans()))
PATHS = st.sampled_from(
    [
        "/v1/payment_intents",
        "/v1/refunds",
        "/v1/transfers",
        "/v1/transfers/*/reversals",
        "/v1/disputes",
        "/v1/",
    ]
)
FAULTS = st.sampled_from(["error", "timeout", "applied_then_timeout"])
WHICH = st.integers(0, 3)
EXTRAS = st.sampled_from([9_99, 20_00, 120_00])
_NONE = "bkg_none"
_PAID = frozenset({PaymentStatus.CAPTURED, PaymentStatus.PARTIALLY_REFUNDED})
_DAY = "2026-03-01"  # one that was closed before anything happened here


class Business(RuleBasedStateMachine):
    """One client, one provider with an account, supporters and finance; bookings at six times of a day."""

    bookings = Bundle("bookings")

    @initialize(
        has_been_paid_before=st.booleans(),
        has_card=st.booleans(),
        by_hand=st.sampled_from([0, 0, 1, 3]),
    )
    def open(self, has_been_paid_before: bool, has_card: bool, by_hand: int) -> None:
        self.cloud = cloud()
        self.cloud.__enter__()
        forget()
        self.stage, self.by_hand = StripeStage(), by_hand
        fund(self.stage, 5_000_00)
        if has_card:
            self.stage.add_card()
        for _ in range(5 * has_been_paid_before):
            txn = self._transaction()
            count_transfer(txn, self.stage.pavel.user.id)
            txn.commit()

    def teardown(self) -> None:
        if not hasattr(self, "cloud"):
            return
        try:
            if hasattr(self, "stage"):
                self._come_to_rest()
        finally:
            self.cloud.__exit__(None, None, None)
            forget()

    def _come_to_rest(self) -> None:
        """Whatever stood in the way is lifted, and time passes."""
        self.stage.stripe.simulator.faults.clear()
        self.gate(is_open=True)
        self.account(is_stopped=False)
        for booking in all_transfers():
            self.hold(booking, is_held=False)
        self.stage.hear()
        self.stage.resend(all_disputes())
        for days in (60, 20, 10, 31, 1):  # the last reserve may have begun only now
            self.stage.advance(hours=24 * days)
            self.stage.hear()
            self.stage.resend(all_disputes())
        check_money_at_rest(self.stage)
        close_every_day(self.stage, self._refunded_by_hand())

    def _refunded_by_hand(self) -> dict[str, int]:
        """In the Dashboard, past us, of as many charges as were agreed on: the last thing to happen."""
        made: dict[str, int] = {}
        self.stage.act("/_sim/refunds/next", outcome="succeeded")
        for charge in list(self.stage.world.kept("charge").values()):
            if len(made) == self.by_hand:
                break
            refund = self.stage.act("/_sim/dashboard/refunds", charge=charge["id"], amount=1)
            if refund is not None:
                made[str(refund["id"])] = 1
        self.stage.hear()
        return made

    @rule(
        target=bookings,
        method=METHODS,
        amount=st.sampled_from([100, 37, 1205]),
        start=st.integers(0, 5),
        use_wallet=st.booleans(),
        crash=CRASHES,
    )
    def book(
        self, method: str | None, amount: int, start: int, use_wallet: bool, crash: tuple[int, bool] | None
    ) -> str:
        return self._booked(method, amount, start, crash, use_wallet=use_wallet)

    @rule(
        minor=st.sampled_from([1, 9_99, 33_00, 120_00]),
        kind=st.sampled_from(list(CreditKind)),
        by=st.booleans(),
    )
    def give_credit(self, minor: int, kind: CreditKind, by: bool) -> None:
        self._do(None, lambda: credit(self.stage, minor, kind, self._supporter(by)))

    @rule(which=WHICH, end=st.sampled_from([None, "paid", "not made", "sent back"]), crash=CRASHES)
    def cash_out(self, which: int, end: str | None, crash: tuple[int, bool] | None) -> None:
        """Half of what is left of some refund goes to the client's bank, where it is the client's own."""
        carla, deps = self.stage.carla.user_id, wallet_deps(self.stage.clock)
        own = own_money(wallet_lines(carla), "USD")
        if own.left_minor < 2:
            return
        refund_id = sorted(own.by_refund)[which % len(own.by_refund)]
        command = AskCashOut(
            user_id=carla, refund_id=refund_id, amount=Money.of(own.left_minor // 2, "USD"), reason="No card"
        )
        self._do(crash, lambda: ask_cash_out(command, self._supporter(first=True), deps))
        for one in list_cash_outs(carla).items[-1:]:
            self._settle(one, end)

    def _settle(self, one: CashOut, end: str | None) -> None:
        deps, caller, made = (
            wallet_deps(self.stage.clock),
            self.stage.adele,
            BankTransfer(bank_reference="2026/17"),
        )
        self._do(
            None, lambda: approve_cash_out(one.user_id, one.id, "Seen", self._supporter(first=False), deps)
        )
        if end in {"paid", "sent back"}:
            self._do(None, lambda: pay_cash_out(one.user_id, one.id, made, caller, deps))
        if end in {"not made", "sent back"}:
            self._do(None, lambda: return_cash_out(one.user_id, one.id, "Closed", caller, deps))

    @rule(target=bookings, which=WHICH, by_client=st.booleans(), minor=EXTRAS, method=METHODS, crash=CRASHES)
    def amend(
        self, which: int, by_client: bool, minor: int, method: str | None, crash: tuple[int, bool] | None
    ) -> str:
        """A change order; what comes of it is paid, refunded and disputed like a booking."""
        accepted = [
            one.id
            for one in all_bookings().values()
            if one.amends is None and one.status is BookingStatus.ACCEPTED
        ]
        return (
            self._proposed(accepted[which % len(accepted)], by_client, minor, method, crash)
            if accepted
            else _NONE
        )

    @rule(which=WHICH, is_agreed=st.sampled_from([True, True, False]), method=METHODS, crash=CRASHES)
    def answer(self, which: int, is_agreed: bool, method: str | None, crash: tuple[int, bool] | None) -> None:
        """Whoever is asked says yes or no to what is proposed; or to what is not any more."""
        proposed = [one.id for one in all_bookings().values() if one.amends is not None]
        if proposed:
            act = accept_amendment if is_agreed else decline_amendment
            self._answered(proposed[-1 - which % len(proposed)], act, method, crash)

    def _proposed(
        self, booking: str, by_client: bool, minor: int, method: str | None, crash: tuple[int, bool] | None
    ) -> str:
        known, caller = set(all_bookings()), self.stage.carla if by_client else self.stage.pavel.user
        line = ProposedLine(title="Another hour", amount=Money.of(minor, "USD"))
        proposal = Proposal(booking_id=booking, lines=(line,), payment_method=method if by_client else None)
        self._do(crash, lambda: propose_amendment(proposal, caller, self.stage.deps))
        made = set(all_bookings()) - known
        return made.pop() if made else _NONE

    def _answered(
        self,
        amendment: str,
        answer: Callable[[Answer, Principal, CheckoutDeps], object],
        method: str | None,
        crash: tuple[int, bool] | None,
    ) -> None:
        found = all_bookings().get(amendment)
        if found is None or found.amends is None:
            return
        is_client_asked = found.amends.proposed_by is Party.PROVIDER
        command = Answer(
            booking_id=found.amends.booking_id,
            amendment_id=amendment,
            payment_method=method if is_client_asked else None,
        )
        caller = self.stage.carla if is_client_asked else self.stage.pavel.user
        self._do(crash, lambda: answer(command, caller, self.stage.deps))

    @rule(
        target=bookings,
        amount=st.sampled_from([100, 37, 1205]),
        start=st.integers(0, 5),
        extra=st.sampled_from([None, None, "client", "provider"]),
        days=st.none() | st.integers(0, 9),
    )
    def work(self, amount: int, start: int, extra: str | None, days: int | None) -> MultipleResults[str]:
        """A booking that goes well, perhaps with extra work, up to so many days after it was completed, if it was."""
        booking, amendment = self._booked("pm_card_visa", amount, start, None, use_wallet=True), _NONE
        self.accept(booking, None)
        if extra is not None:
            amendment = self._proposed(booking, extra == "client", 33_00, "pm_card_visa", None)
            self._answered(amendment, accept_amendment, "pm_card_visa", None)
        if days is not None:
            self.stage.advance(hours=48 + start + 3)
            self.complete(booking, None)
            self.stage.advance(hours=24 * days)
        return multiple(booking, amendment)

    def _accepted_at(self, start: int) -> str:
        booking = self._booked("pm_card_visa", 100, start, None, use_wallet=True)
        self.accept(booking, None)
        return booking

    def _booked(
        self,
        method: str | None,
        amount: int,
        start: int,
        crash: tuple[int, bool] | None,
        *,
        use_wallet: bool,
    ) -> str:
        known, starts_at = set(all_bookings()), self.stage.clock.now() + timedelta(hours=48 + start)
        command = CreateBooking(
            provider_id=self.stage.pavel.user.id, amount=amount, payment_method=method,
            starts_at=starts_at, ends_at=starts_at + timedelta(hours=2), use_wallet=use_wallet,
        )  # fmt: skip
        self._do(crash, lambda: create_booking(command, self.stage.carla, self.stage.deps))
        made = set(all_bookings()) - known
        return made.pop() if made else _NONE

    @rule(booking=bookings, crash=CRASHES)
    def accept(self, booking: str, crash: tuple[int, bool] | None) -> None:
        self._do(crash, lambda: accept_booking(booking, self.stage.pavel.user, self.stage.deps))

    @rule(booking=bookings, crash=CRASHES)
    def decline(self, booking: str, crash: tuple[int, bool] | None) -> None:
        self._do(crash, lambda: decline_booking(booking, self.stage.pavel.user, self.stage.deps))

    @rule(booking=bookings, who=st.sampled_from(["carla", "pavel", "adele"]), crash=CRASHES)
    def cancel(self, booking: str, who: str, crash: tuple[int, bool] | None) -> None:
        stage = self.stage
        caller = {"carla": stage.carla, "pavel": stage.pavel.user, "adele": stage.adele}[who]
        self._do(crash, lambda: cancel_booking(CancelBooking(booking_id=booking), caller, stage.deps))

    @rule(booking=bookings, crash=CRASHES)
    def complete(self, booking: str, crash: tuple[int, bool] | None) -> None:
        self._do(crash, lambda: complete_booking(booking, self.stage.carla, self.stage.deps))

    @rule(booking=bookings)
    def report(self, booking: str) -> None:
        report = ReportProblem(booking_id=booking, description="x")
        self._do(None, lambda: report_problem(report, self.stage.carla, self.stage.deps))

    @rule(
        booking=bookings,
        share=st.sampled_from([1, 2, 3, 1000]),
        by=st.booleans(),
        borne_by=st.sampled_from(list(BorneBy)),
        crash=CRASHES,
    )
    def refund(
        self, booking: str, share: int, by: bool, borne_by: BorneBy, crash: tuple[int, bool] | None
    ) -> None:
        """All that is left, or a part of it."""
        payment = all_payments().get(booking)
        if payment is None:
            return
        left = payment.amount - payment.returned.total if payment.returned else payment.amount
        amount = Money.of(left.amount_minor // share, left.currency)
        command = RefundBooking(booking_id=booking, amount=amount, borne_by=borne_by, reason="Out of focus")
        self._do(crash, lambda: refund_booking(command, self._supporter(by), self.stage.deps))

    @rule(booking=bookings, by=st.booleans(), is_approved=st.sampled_from([True, True, False]), crash=CRASHES)
    def decide(self, booking: str, by: bool, is_approved: bool, crash: tuple[int, bool] | None) -> None:
        for refund in refunds_of(booking):
            decision = Decision(
                booking_id=booking, refund_id=refund.id, is_approved=is_approved, reason="Seen the pictures"
            )
            self._do(crash, lambda: decide_refund(decision, self._supporter(by), self.stage.deps))  # noqa: B023

    def _supporter(self, first: bool) -> Principal:
        return self.stage.sue if first else self.stage.sam

    @rule(booking=bookings, is_held=st.booleans())
    def hold(self, booking: str, is_held: bool) -> None:
        change = place_hold if is_held else release_hold
        command = HoldTransfer(reason="The bank has asked")
        self._do(None, lambda: change(booking, command, self.stage.fiona, self.stage.transfers))

    @rule(percent=st.sampled_from([0, 10, 33]), days=st.sampled_from([3, 30]))
    def reserve(self, percent: int, days: int) -> None:
        command = SetReserve(percent=percent, days=days, reason="Many disputes")
        set_reserve(self.stage.pavel.user.id, command, self.stage.fiona, self.stage.transfers)

    @rule(is_open=st.booleans())
    def gate(self, is_open: bool) -> None:
        """A daily close differs, or agrees again."""
        txn = self._transaction()
        (reopen if is_open else shut)(txn, _DAY)
        txn.commit()

    @rule(is_stopped=st.booleans())
    def account(self, is_stopped: bool) -> None:
        """Stripe stops the provider's account, or lets it go on."""
        path = f"/_sim/accounts/{self.stage.account_id}"
        done = (
            self.stage.act(path, disabled_reason="under_review")
            if is_stopped
            else self.stage.act(path, lift=True)
        )
        assert done is not None

    @rule()
    def payout(self) -> None:
        self.stage.pay_out_at_once()

    @rule(crash=CRASHES)
    def pay_instantly(self, crash: tuple[int, bool] | None) -> None:
        """The provider has all that is there at their card within half an hour, for a fee that is owed."""
        self._do(crash, lambda: pay_instantly(PayInstantly(), self.stage.pavel.user, self.stage.payouts))

    @rule(outcome=st.sampled_from(["paid", "failed"]), has_new_card=st.booleans())
    def bank(self, outcome: str, has_new_card: bool) -> None:
        """It has paid what was on its way, or sends it back, even what it has paid; then another card is named."""
        for payout in list(self.stage.world.of(self.stage.account_id).kept("payout")):
            self.stage.act(f"/_sim/payouts/{payout}", outcome=outcome)
        if has_new_card:
            self.stage.add_card()

    @rule(booking=bookings)
    def pay_at_the_form(self, booking: str) -> None:
        payment = all_payments().get(booking)
        if payment is not None and payment.intent_id is not None:
            self.stage.confirm(payment.intent_id)

    @rule(booking=bookings, part=st.sampled_from([None, 1, 2]), is_inquiry=st.booleans())
    def dispute(self, booking: str, part: int | None, is_inquiry: bool) -> None:
        """The cardholder disputes what was not refunded, or a part of it."""
        payment = all_payments().get(booking)
        charge = self.stage.world.kept("charge").get((payment and payment.charge_id) or "")
        if charge is None:
            return
        left = int(str(charge["amount_captured"])) - int(str(charge["amount_refunded"]))
        amount = {} if part is None else {"amount": max(left // (2 * part), 1)}
        self.stage.act("/_sim/disputes", charge=charge["id"], inquiry=is_inquiry, **amount)

    @rule(
        which=WHICH,
        start=st.integers(0, 5),
        parts=st.lists(st.sampled_from([2, 3, 9]), min_size=1, max_size=2),
        how=st.sampled_from(["carla", "pavel", "support"]),
        outcome=st.sampled_from(["lost", "lost", "won", None]),
        is_decided_before=st.booleans(),
        crash=CRASHES,
    )
    def bank_is_faster(  # noqa: PLR0917 - what a bank does, and who gives back meanwhile
        self,
        which: int,
        start: int,
        parts: list[int],
        how: str,
        outcome: str | None,
        is_decided_before: bool,
        crash: tuple[int, bool] | None,
    ) -> None:
        """Money is to go back of what a bank takes a part of, once or twice, before or after it has decided."""
        paid = [one.subject for one in all_payments().values() if one.status in _PAID]
        booking = paid[which % len(paid)] if which and paid else self._accepted_at(start)
        for part in parts:
            self.dispute(booking, part, is_inquiry=False)
        if is_decided_before and outcome is not None:
            self.verdict(outcome, None)
            self._do(None, self.stage.hear)
        if how == "support":
            self.refund(booking, 2, by=True, borne_by=BorneBy.ALL, crash=crash)
        else:
            self.cancel(booking, how, crash)
        if outcome is not None:
            self.verdict(outcome, which)

    @rule(which=WHICH, reason=st.sampled_from(["lost_or_stolen_card", "unknown"]), is_at_once=st.booleans())
    def refund_fails(self, which: int, reason: str, is_at_once: bool) -> None:
        """The next one at once, or one that was made in the last thirty days; banks take no longer."""
        since = self.stage.world.timestamp() - 30 * 24 * 3600
        made = [one for one in self.stage.world.kept("refund").values() if int(str(one["created"])) > since]
        if is_at_once:
            self.stage.act("/_sim/refunds/next", outcome="failed", failure_reason=reason)
        elif made:
            path = f"/_sim/refunds/{made[-1 - which % len(made)]['id']}"
            self.stage.act(path, outcome="failed", failure_reason=reason)

    @rule(outcome=st.sampled_from(["won", "lost", "escalated"]), which=st.none() | WHICH)
    def verdict(self, outcome: str, which: int | None) -> None:
        """All banks decide, or one of them."""
        disputes = list(self.stage.world.kept("dispute"))
        for dispute in disputes if which is None else disputes[which : which + 1]:
            self.stage.act(f"/_sim/disputes/{dispute}", outcome=outcome)

    @rule(how=st.sampled_from(list(Heard)), order=st.integers(0, 99), crash=CRASHES)
    def webhooks(self, how: Heard, order: int, crash: tuple[int, bool] | None) -> None:
        """Until this is called they are late."""
        self._do(crash, lambda: self.stage.hear(how, random.Random(order)))

    @rule(path=PATHS, fault=FAULTS, times=st.integers(1, 4))
    def stripe_breaks(self, path: str, fault: str, times: int) -> None:
        self.stage.stripe.fail(path, fault, times)

    @rule(hours=st.sampled_from([0.02, 0.1, 0.6, 13, 25, 49, 24 * 7, 24 * 21]), crash=CRASHES)
    def time_passes(self, hours: float, crash: tuple[int, bool] | None) -> None:
        self._do(crash, lambda: self.stage.advance(hours=hours))

    @invariant()
    def nothing_is_ever_wrong(self) -> None:
        if hasattr(self, "stage"):
            check_money(self.stage)

    def _do(self, crash: tuple[int, bool] | None, act: Callable[[], object]) -> None:
        with self.stage.dying(crash), suppress(CallsheetError, Died):
            act()

    def _transaction(self) -> Transaction:
        return Transaction(system("simulation"), self.stage.clock.now())


@pytest.mark.parametrize("group", groups(100))
def test_whatever_happens_both_sides_agree(group: int) -> None:
    play(Business, group, steps=30)
