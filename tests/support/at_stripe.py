"""A stage whose money moves at the Stripe simulator: the real gateways over the SDK, one clock for both sides.

    stage = StripeStage()
    booking = stage.accepted()
    stage.advance(hours=100)
    stage.hear(Heard.SHUFFLED)

Webhooks wait until they are heard. Every call to Stripe is one of `stage.steps`, so that a process can die at it.
"""

import json
import random
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

import stripe

from callsheet.bookings.converge_payment import converge_payment
from callsheet.connect.commands import StartOnboarding
from callsheet.connect.converge_account import converge_account, converge_account_at_stripe
from callsheet.connect.start_onboarding import start_onboarding
from callsheet.connect.store import stored_account
from callsheet.gateways.payments import Intent, IntentStatus
from callsheet.gateways.stripe_connect import StripeConnect
from callsheet.gateways.stripe_disputes import StripeDisputes
from callsheet.gateways.stripe_payments import StripePayments
from callsheet.gateways.stripe_payouts import StripePayouts
from callsheet.gateways.stripe_transfers import StripeTransfers
from callsheet.kernel.errors import CallsheetError
from callsheet.kernel.money import Money
from callsheet.kernel.principal import ActorType, Principal, Role
from callsheet.payments.apply_stripe_event import Converging, apply_stripe_event
from callsheet.payments.stripe_events import StripeEvent, concern_of
from callsheet.transfers.converge_payout import converge_payout
from callsheet.transfers.paying_deps import PayingDeps
from callsheet.transfers.payout_deps import PayoutDeps
from local.stripe_sim.ledger import balance_minor
from local.stripe_sim.shapes import Obj, inner_of, text_of, whole_of
from local.stripe_sim.world import World
from tests.support.crashes import (
    Died,
    MortalDisputes,
    MortalPayments,
    MortalPayouts,
    MortalTransfers,
    Steps,
)
from tests.support.payouts import APP, connect_deps
from tests.support.stage import Stage, a_provider, somebody
from tests.support.stripe import SimulatedStripe

_MOST_RECEIVES = 5
_CARD = "tok_visa_debit_us_transferSuccess"
_PENDING, _AVAILABLE = "pending", "available"


class Heard(StrEnum):
    """What becomes of the webhooks that have been sent meanwhile."""

    IN_ORDER = "in order"
    TWICE = "twice"
    SHUFFLED = "shuffled"
    DROPPED = "dropped"


@dataclass(slots=True)
class StripeStage(Stage):
    """The provider has an account at the simulator, and the taxes of their country in their prices."""

    stripe: SimulatedStripe = field(init=False)
    steps: Steps = field(default_factory=Steps)
    sue: Principal = field(default_factory=lambda: somebody(Role.SUPPORT))
    sam: Principal = field(default_factory=lambda: somebody(Role.SUPPORT))
    fiona: Principal = field(default_factory=lambda: somebody(Role.FINANCE))

    def __post_init__(self) -> None:
        self.stripe = SimulatedStripe(self.clock.now)
        transfers = MortalTransfers(StripeTransfers(self.stripe), self.steps)
        self.deps = self.deps_with(
            MortalPayments(StripePayments(self.stripe), self.steps),
            transfers,
            MortalDisputes(StripeDisputes(self.stripe), self.steps),
        )
        self.paying = PayingDeps(clock=self.clock, transfers=transfers)
        self.connect = connect_deps(self.clock, StripeConnect(self.stripe))
        self.payouts = PayoutDeps(
            clock=self.clock, payouts=MortalPayouts(StripePayouts(self.stripe), self.steps)
        )
        self.pavel = a_provider(self.clock, "DE", is_onboarded=False)
        self._onboard()

    def add_card(self) -> None:
        """The provider names a debit card to be paid to, which takes money at once."""
        with suppress(stripe.StripeError):
            self.stripe.client().v1.accounts.external_accounts.create(
                self.account_id, {"external_account": _CARD, "default_for_currency": True}
            )

    def _onboard(self) -> None:
        command = StartOnboarding(country="DE", return_url=f"{APP}/back", refresh_url=f"{APP}/again")
        start_onboarding(command, self.pavel.user, self.connect)
        self.stripe.onboard(self.account_id)
        converge_account(self.pavel.user.id, at_stripe(), self.connect)

    @property
    def account_id(self) -> str:
        """The provider's account at Stripe."""
        stored = stored_account(self.pavel.user.id)
        assert stored is not None
        assert stored.document.account_id is not None
        return stored.document.account_id

    @property
    def world(self) -> World:
        """What the platform has at Stripe, to look at."""
        return self.stripe.simulator.world

    @property
    def intents(self) -> Mapping[str, Intent]:
        charges = self.world.kept("charge")
        return {
            intent_id: _intent(intent, charges.get(str(intent["latest_charge"])))
            for intent_id, intent in self.world.kept("payment_intent").items()
        }

    def cash_minor(self) -> int:
        return balance_minor(self.world, "usd", _PENDING, _AVAILABLE)

    def advance(self, *, hours: float = 0, minutes: float = 0) -> None:
        """Both clocks move in one leap; what has become due at Stripe happens before what has become due here."""
        self.clock.moment += timedelta(hours=hours, minutes=minutes)
        self.stripe.simulator.tick()
        self.sweep()

    @contextmanager
    def dying(self, at: tuple[int, bool] | None) -> Iterator[None]:
        """The process dies at the step of this number from here, before or after it; None lives on."""
        self.steps.names.clear()
        self.steps.at, self.steps.after = at or (None, False)
        try:
            with self.steps.watching_transactions():
                yield
        finally:
            self.steps.at = None

    def hear(self, how: Heard = Heard.IN_ORDER, order: random.Random | None = None) -> None:
        """Webhooks arrive as they do: every effect through the consumer that applies them."""
        payloads = [payload for payload, _ in self.stripe.deliveries()]
        match how:
            case Heard.DROPPED:
                return
            case Heard.TWICE:
                payloads = [payload for payload in payloads for _ in range(2)]
            case Heard.SHUFFLED:
                (order or random.Random(0)).shuffle(payloads)
            case Heard.IN_ORDER:
                pass
        for payload in payloads:
            self._applied(StripeEvent.model_validate_json(payload))

    def _applied(self, event: StripeEvent) -> None:
        """A queue brings a message again, five times at most."""
        caller, concern = at_stripe(), concern_of(event)
        if not concern.is_ours:
            return
        converging = Converging(
            booking=lambda booking: converge_payment(booking, caller, self.deps),
            account=lambda account: converge_account_at_stripe(account, caller, self.connect),
            payout=lambda account, payout: converge_payout(account, payout, caller, self.payouts),
        )
        for _ in range(_MOST_RECEIVES):
            with suppress(CallsheetError, Died):
                apply_stripe_event(event.id, concern, caller, self.deps, converging)
                return

    def resend(self, known_disputes: Collection[str]) -> None:
        """Somebody has Stripe send again what was lost of disputes of which nobody has heard.

        The close of their day is how they come to know: no look of ours asks after disputes of old payments.
        """
        for dispute_id, dispute in self.world.kept("dispute").items():
            if dispute_id not in known_disputes:
                intent = self.world.kept("payment_intent")[text_of(dispute, "payment_intent")]
                converge_payment(text_of(inner_of(intent, "metadata"), "subject"), at_stripe(), self.deps)

    def act(self, path: str, **body: object) -> Obj | None:
        """Something happens at Stripe without us; None where it cannot."""
        status, _, answer = self.stripe.simulator.handle("POST", path, {}, json.dumps(body).encode())
        done: Obj = json.loads(answer)
        return done if status == 200 else None

    def pay_out_at_once(self) -> None:
        """The provider takes what they can to their bank."""
        theirs = self.world.of(self.account_id)
        amount = balance_minor(theirs, "usd")
        if amount > 0:
            with suppress(stripe.StripeError):
                self.stripe.client().v1.payouts.create(
                    {"amount": amount, "currency": "usd"}, {"stripe_account": self.account_id}
                )

    def confirm(self, intent_id: str) -> None:
        """The client pays at the form, or answers their bank."""
        intent = self.world.kept("payment_intent")[intent_id]
        if intent["status"] == IntentStatus.REQUIRES_ACTION:
            self.stripe.authenticate(intent_id)
        elif intent["status"] == IntentStatus.REQUIRES_PAYMENT_METHOD:
            with suppress(stripe.StripeError):
                self.stripe.client().v1.payment_intents.confirm(intent_id, {"payment_method": "pm_card_visa"})


def at_stripe() -> Principal:
    """Whoever applies a webhook."""
    return Principal("stripe", ActorType.STRIPE)


def _intent(intent: Obj, charge: Obj | None) -> Intent:
    return Intent(
        id=text_of(intent, "id"),
        status=IntentStatus(text_of(intent, "status")),
        amount=Money.of(whole_of(intent, "amount"), text_of(intent, "currency").upper()),
        charge_id=None if charge is None else text_of(charge, "id"),
        refunded_minor=0 if charge is None else whole_of(charge, "amount_refunded"),
        is_disputed=charge is not None and charge["disputed"] is True,
    )
