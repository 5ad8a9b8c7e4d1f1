"""What others than we do at Stripe: cardholders, banks, account owners, people in the Dashboard, Stripe itself."""

from collections.abc import Callable, Mapping
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from local.stripe_sim.accounts import changed, onboard
from local.stripe_sim.confirming import authenticated
from local.stripe_sim.disputes import decide, open_dispute
from local.stripe_sim.errors import Refusal, no_such
from local.stripe_sim.ledger import book
from local.stripe_sim.paying_out import FAILURES, failed, paid
from local.stripe_sim.setup_intents import authenticated_setup
from local.stripe_sim.shapes import Json
from local.stripe_sim.states import require_status
from local.stripe_sim.world import World

type Act = Callable[[World, str, bytes], Json]


class Command(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Dispute(Command):
    charge: str
    reason: str = "fraudulent"


class _Verdict(Command):
    outcome: str = Field(pattern="^(won|lost)$")


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


class _Payout(Command):
    """The bank has paid it, or sends it back, whatever the account's number says."""

    outcome: Literal["paid", "failed"]
    failure_code: str = "no_account"


def _dispute(world: World, _id: str, body: bytes) -> Json:
    command = _Dispute.model_validate_json(body)
    return open_dispute(world, world.find("charge", command.charge, "charge"), command.reason)


def _verdict(world: World, dispute_id: str, body: bytes) -> Json:
    return decide(world, world.find("dispute", dispute_id), _Verdict.model_validate_json(body).outcome)


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
}
