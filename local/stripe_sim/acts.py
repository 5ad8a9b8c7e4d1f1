"""What others than we do at Stripe: cardholders, banks, account owners, people in the Dashboard, Stripe itself."""

from collections.abc import Callable, Mapping
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from local.stripe_sim.accounts import changed, onboard
from local.stripe_sim.confirming import authenticated
from local.stripe_sim.disputing import decide, escalate, open_dispute
from local.stripe_sim.errors import Refusal, no_such
from local.stripe_sim.ledger import book
from local.stripe_sim.paying_out import FAILURES, failed, paid
from local.stripe_sim.refunds import fail, make, succeed
from local.stripe_sim.setup_intents import authenticated_setup
from local.stripe_sim.shapes import Json, Params
from local.stripe_sim.states import require_status
from local.stripe_sim.world import World

type Act = Callable[[World, str, bytes], Json]


type _Reason = Literal[
    "bank_cannot_process",
    "check_returned",
    "credit_not_processed",
    "customer_initiated",
    "debit_not_authorized",
    "duplicate",
    "fraudulent",
    "general",
    "incorrect_account_details",
    "insufficient_funds",
    "noncompliant",
    "product_not_received",
    "product_unacceptable",
    "subscription_canceled",
    "unrecognized",
]

_NEXT = "next"


class Command(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Dispute(Command):
    """A cardholder disputes a charge, or `amount` of it; an inquiry takes no money yet."""

    charge: str
    reason: _Reason = "fraudulent"
    amount: int | None = None
    inquiry: bool = False


class _Verdict(Command):
    outcome: Literal["won", "lost", "escalated"]


class _Authentication(Command):
    outcome: str = Field(default="success", pattern="^(success|failure)$")


class _Account(Command):
    """`onboard` tells all that is due; `require` asks for more, `by` a time or at once; `lift` takes that back."""

    onboard: bool = False
    lift: bool = False
    require: list[str] = []
    by: AwareDatetime | None = None
    verify: list[str] = []
    disabled_reason: str | None = None
    charges_enabled: bool | None = None
    payouts_enabled: bool | None = None


class _Movement(Command):
    """A movement of the balance that no call makes: a fee of Stripe's, an adjustment, money added by hand."""

    type: Literal["adjustment", "stripe_fee", "topup", "contribution", "tax_fee"]
    amount: int
    currency: str = "usd"
    description: str | None = None
    account: str | None = None


class _Refund(Command):
    """The bank credits its customer after all, or cannot; of the `next` refund, as soon as it is made."""

    outcome: Literal["succeeded", "failed"]
    failure_reason: Literal[
        "charge_for_pending_refund_disputed",
        "declined",
        "expired_or_canceled_card",
        "insufficient_funds",
        "lost_or_stolen_card",
        "merchant_request",
        "unknown",
    ] = "expired_or_canceled_card"


class _DashboardRefund(Command):
    """Somebody refunds by hand, in Stripe's Dashboard: no request of ours caused it."""

    charge: str | None = None
    payment_intent: str | None = None
    amount: int | None = Field(default=None, ge=1)
    reason: Literal["duplicate", "fraudulent", "requested_by_customer"] | None = None
    metadata: dict[str, str] | None = None


class _Payout(Command):
    """The bank has paid it, or sends it back, whatever the account's number says."""

    outcome: Literal["paid", "failed"]
    failure_code: str = "no_account"


def _dispute(world: World, _id: str, body: bytes) -> Json:
    command = _Dispute.model_validate_json(body)
    charge = world.find("charge", command.charge, "charge")
    return open_dispute(world, charge, command.reason, is_inquiry=command.inquiry, amount=command.amount)


def _verdict(world: World, dispute_id: str, body: bytes) -> Json:
    outcome, dispute = _Verdict.model_validate_json(body).outcome, world.find("dispute", dispute_id)
    return escalate(world, dispute) if outcome == "escalated" else decide(world, dispute, outcome)


def _authenticate(world: World, intent_id: str, body: bytes) -> Json:
    outcome = _Authentication.model_validate_json(body).outcome
    intent = world.find("payment_intent", intent_id)
    require_status(intent, "authenticated", ("requires_action",))
    return authenticated(world, intent, has_passed=outcome == "success")


def _authenticate_setup(world: World, intent_id: str, body: bytes) -> Json:
    outcome = _Authentication.model_validate_json(body).outcome
    intent = world.find("setup_intent", intent_id)
    require_status(intent, "authenticated", ("requires_action",))
    return authenticated_setup(world, intent, has_passed=outcome == "success")


def _account(world: World, account_id: str, body: bytes) -> Json:
    command = _Account.model_validate_json(body)
    account = world.find("account", account_id)
    if command.onboard:
        return onboard(world, account)
    standing = world.standings[account_id]
    if command.lift:
        standing.lift()
    by = None if command.by is None else int(command.by.timestamp())
    standing.demanded |= dict.fromkeys(command.require, by)
    standing.verifying += command.verify
    standing.reason = command.disabled_reason or standing.reason
    standing.forced |= command.model_dump(include={"charges_enabled", "payouts_enabled"}, exclude_none=True)
    return changed(world, account)


def _refund(world: World, refund_id: str, body: bytes) -> Json:
    command = _Refund.model_validate_json(body)
    if refund_id == _NEXT:
        world.refund_fails_for = command.failure_reason if command.outcome == "failed" else None
        return {}
    refund = world.find("refund", refund_id)
    if command.outcome == "succeeded":
        return succeed(world, refund)
    return fail(world, refund, command.failure_reason)


def _dashboard_refund(world: World, _id: str, body: bytes) -> Json:
    command = _DashboardRefund.model_validate_json(body)
    return make(world, Params(command.model_dump(exclude_none=True)))


def _move(world: World, _id: str, body: bytes) -> Json:
    command = _Movement.model_validate_json(body)
    if command.account is not None:
        world.find("account", command.account, "account")
        world = world.of(command.account)
    made = book(
        world,
        command.type,
        None,
        command.amount,
        command.currency,
        description=command.description,
        category="other_adjustment" if command.type == "adjustment" else None,
    )
    return world.find("balance_transaction", made)


def _payout(world: World, payout_id: str, body: bytes) -> Json:
    command = _Payout.model_validate_json(body)
    if command.failure_code not in FAILURES:
        raise Refusal(f"Invalid failure_code: must be one of {', '.join(FAILURES)}", param="failure_code")
    for theirs in world.connected.values():
        payout = theirs.kept("payout").get(payout_id)
        if payout is not None and command.outcome == "paid":
            return paid(theirs, payout)
        if payout is not None:
            return failed(world, theirs, payout, command.failure_code)
    raise no_such("payout", payout_id)


ACTS: Mapping[str, Act] = {
    "/_sim/disputes": _dispute,
    "/_sim/disputes/{id}": _verdict,
    "/_sim/payment_intents/{id}/authenticate": _authenticate,
    "/_sim/setup_intents/{id}/authenticate": _authenticate_setup,
    "/_sim/accounts/{id}": _account,
    "/_sim/balance_transactions": _move,
    "/_sim/payouts/{id}": _payout,
    "/_sim/refunds/{id}": _refund,
    "/_sim/dashboard/refunds": _dashboard_refund,
}
