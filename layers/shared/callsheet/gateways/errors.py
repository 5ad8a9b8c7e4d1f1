"""What the outside can refuse us."""

from callsheet.gateways.declines import DeclineReason
from callsheet.kernel.errors import CallsheetError, Conflict, Kind, Unavailable


class PaymentDeclined(CallsheetError):
    """`extra["reason"]` is a DeclineReason."""

    code, title, kind = "payment_declined", "The payment was refused", Kind.PAYMENT


class IntentRefused(Exception):
    """Stripe will not make an intent of this order, now or later; what becomes of it is the booking's to say.

    `is_customer_gone`: the customer was deleted at Stripe, and another is to be made next time.
    """

    def __init__(self, reason: DeclineReason, *, is_customer_gone: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_customer_gone = is_customer_gone


class IntentNotFound(CallsheetError):
    code, title, kind = "intent_not_found", "The payment provider knows no such payment", Kind.MISSING


class InvalidPaymentMethod(CallsheetError):
    code, title, kind = "invalid_payment_method", "There is no such payment method", Kind.INVALID


class AmountNotPayable(CallsheetError):
    code, title, kind = "amount_not_payable", "The currency has no such small parts on cards", Kind.INVALID


class PaymentsUnavailable(Unavailable):
    """No answer came, or one that says nothing of the outcome: what was asked for may have happened."""

    code, title = "payments_unavailable", "The payment provider does not answer; try again"


class IntentStateChanged(CallsheetError):
    """The intent is not in a state that allows this any more; fetch it and look."""

    code, title, kind = "payment_state_changed", "The payment has moved on meanwhile", Kind.CONFLICT


class InvalidSignature(CallsheetError):
    """Says nothing of what was wrong with it: the sender knows, or should not."""

    code, title, kind = (
        "invalid_signature",
        "The signature is not one of the payment provider's",
        Kind.INVALID,
    )


class TaxPlaceUnknown(CallsheetError):
    """Stripe Tax cannot say what the taxes are where the service is performed: it wants more of the address."""

    code, title, kind = (
        "tax_place_unknown",
        "The place of the service is not precise enough to tax",
        Kind.CONFLICT,
    )


class CalculationExpired(Conflict):
    """A calculation of taxes lives for 90 days; calculate anew."""

    code, title = "tax_calculation_expired", "The taxes were calculated too long ago"


class TaxReferenceTaken(Conflict):
    """Taxes were committed or reversed under this reference before; Stripe does not say which they were."""

    code, title = "tax_reference_taken", "These taxes were reported before"
