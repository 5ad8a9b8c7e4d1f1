"""What Callsheet asks of whoever moves the money; `gateways/stripe_payments.py` is Stripe."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from callsheet.gateways.declines import DeclineReason, RefundFailure
from callsheet.kernel.money import Money


class IntentStatus(StrEnum):
    """Stripe, "PaymentIntent", `status`."""

    REQUIRES_PAYMENT_METHOD = "requires_payment_method"
    REQUIRES_CONFIRMATION = "requires_confirmation"
    REQUIRES_ACTION = "requires_action"
    PROCESSING = "processing"
    REQUIRES_CAPTURE = "requires_capture"
    CANCELED = "canceled"
    SUCCEEDED = "succeeded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """A PaymentIntent as it stands at the provider.

    `fee` is what the provider took of a captured charge, where it is known already; `capture_before` when an
    authorisation ends; `decline_reason` what the last refused attempt was refused for; `subject` what it pays for,
    where it was made by us; `payment_method` what it is, or is to be, paid with.
    """

    id: str
    status: IntentStatus
    amount: Money
    client_secret: str | None = None
    capture_before: datetime | None = None
    charge_id: str | None = None
    fee: Money | None = None
    decline_reason: DeclineReason | None = None
    refunded_minor: int = 0
    is_disputed: bool = False
    subject: str | None = None
    payment_method: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a PaymentIntent is made from; the same order under the same key answers the same intent.

    Payments of one `group` belong together: of a booking and of what was agreed on later. `is_off_session` where the
    client is not there to answer their bank; else the payment method is kept, so that it can be used without them.
    """

    payment_id: str
    subject: str  # the booking it pays for
    group: str
    amount: Money
    customer_id: str
    payment_method: str | None  # confirmed at once where there is one
    description: str
    is_off_session: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundReceipt:
    """A refund as the provider has it; `status` is Stripe's: succeeded, pending, failed, canceled, requires_action.

    `failure` says why it did not reach the client: whatever it was before, the money lies with us again.
    """

    id: str
    amount: Money
    status: str
    failure: RefundFailure | None = None


class PaymentGateway(Protocol):
    """Every call carries an idempotency key of ours, so that a repeated one does nothing twice.

    All raise PaymentsUnavailable where the outcome is not known.
    """

    def create_customer(self, user_id: str) -> str:
        """The customer's id. Carries nothing personal but our user id as metadata."""
        ...

    def authorize(self, order: Order) -> Intent:
        """Create a PaymentIntent with manual capture, confirmed at once where the order has a payment method.

        A refused card answers the intent with its `decline_reason`, not an error: off session that is
        `authentication_required` where the bank wants to hear from the client, who may then confirm the same intent.
        Raises IntentRefused where no intent can be made of the order, and AmountNotPayable before anything is asked.
        """
        ...

    def find_intent(self, payment_id: str, since: datetime, customer_id: str | None) -> Intent | None:
        """The intent that was ordered for this payment of ours at `since` or later; None where there is none."""
        ...

    def intent(self, intent_id: str) -> Intent:
        """Raises IntentNotFound."""
        ...

    def capture(self, intent_id: str, payment_id: str) -> Intent:
        """Take all that is authorised. Raises IntentStateChanged where it cannot be captured (any more)."""
        ...

    def cancel(self, intent_id: str, payment_id: str) -> Intent:
        """Void. Raises IntentStateChanged where it is captured; a canceled intent answers as it is."""
        ...

    def refund(self, intent_id: str, amount: Money, refund_id: str) -> RefundReceipt:
        """Give back `amount` of what was captured; `refund_id` (`rfd_…`) is the key.

        Raises IntentStateChanged where there is not so much left to give back.
        """
        ...

    def find_refund(self, intent_id: str, refund_id: str) -> RefundReceipt | None:
        """The refund that was made under this id of ours, however long ago; None where there is none."""
        ...

    def refunds_of(self, intent_id: str) -> tuple[RefundReceipt, ...]:
        """All that were made of one intent, whoever made them."""
        ...
