"""Stripe's documented test payment methods and what each does (Stripe, "Testing": cards by PaymentMethod)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto


class Authentication(Enum):
    """When the bank wants its customer to authenticate (3D Secure)."""

    NEVER = auto()
    ALWAYS = auto()  # on every payment, however the card was saved
    UNLESS_SET_UP = auto()  # not off session, once saved for it
    ON_SESSION_ONLY = auto()  # as if saved for off-session use already


@dataclass(frozen=True, slots=True)
class Decline:
    code: str
    message: str
    decline_code: str | None = None
    is_blocked: bool = False  # by Radar, before any bank was asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What a test payment method is and does."""

    brand: str = "visa"
    last4: str = "4242"
    funding: str = "credit"
    country: str = "US"
    decline: Decline | None = None
    is_attachable: bool = True
    authentication: Authentication = Authentication.NEVER
    dispute_reason: str | None = None
    is_inquiry: bool = False
    refund_status: str = "succeeded"
    is_available_at_once: bool = False
    risk_level: str = "normal"


def _declined(decline_code: str) -> Decline:
    return Decline("card_declined", "Your card was declined.", decline_code)


_FUNDS = Decline("card_declined", "Your card has insufficient funds.", "insufficient_funds")
_EXPIRED = Decline("expired_card", "Your card has expired.", "expired_card")
_CVC = Decline("incorrect_cvc", "Your card's security code is incorrect.", "incorrect_cvc")
_PROCESSING = Decline(
    "processing_error",
    "An error occurred while processing your card. Try again in a little bit.",
    "processing_error",
)
_BLOCKED = Decline("card_declined", "Your card was declined.", "fraudulent", is_blocked=True)


def _refused(last4: str, decline: Decline) -> Card:
    return Card(last4=last4, decline=decline, is_attachable=False)


CARDS: Mapping[str, Card] = {
    "pm_card_visa": Card(),
    "pm_card_visa_debit": Card(last4="5556", funding="debit"),
    "pm_card_mastercard": Card(brand="mastercard", last4="4444"),
    "pm_card_mastercard_debit": Card(brand="mastercard", last4="3222", funding="debit"),
    "pm_card_mastercard_prepaid": Card(brand="mastercard", last4="5100", funding="prepaid"),
    "pm_card_amex": Card(brand="amex", last4="8431"),
    "pm_card_discover": Card(brand="discover", last4="9424"),
    "pm_card_diners": Card(brand="diners", last4="0004"),
    "pm_card_jcb": Card(brand="jcb", last4="0505"),
    "pm_card_unionpay": Card(brand="unionpay", last4="0005"),
    "pm_card_de": Card(country="DE", last4="0016"),
    "pm_card_gb": Card(country="GB", last4="0000"),
    "pm_card_bypassPending": Card(last4="0077", is_available_at_once=True),
    "pm_card_chargeDeclined": _refused("0002", _declined("generic_decline")),
    "pm_card_chargeDeclinedInsufficientFunds": _refused("9995", _FUNDS),
    "pm_card_chargeDeclinedLostCard": _refused("9987", _declined("lost_card")),
    "pm_card_chargeDeclinedStolenCard": _refused("9979", _declined("stolen_card")),
    "pm_card_chargeDeclinedExpiredCard": _refused("0069", _EXPIRED),
    "pm_card_chargeDeclinedIncorrectCvc": _refused("0127", _CVC),
    "pm_card_chargeDeclinedProcessingError": _refused("0119", _PROCESSING),
    "pm_card_chargeDeclinedVelocityLimitExceeded": _refused("6975", _declined("card_velocity_exceeded")),
    "pm_card_chargeDeclinedFraudulent": _refused("0019", _BLOCKED),
    "pm_card_chargeCustomerFail": Card(last4="0341", decline=_declined("generic_decline")),
    "pm_card_radarBlock": Card(last4="0019", decline=_BLOCKED, risk_level="highest"),
    "pm_card_riskLevelHighest": Card(last4="4954", decline=_BLOCKED, risk_level="highest"),
    "pm_card_riskLevelElevated": Card(last4="9235", risk_level="elevated"),
    "pm_card_authenticationRequired": Card(last4="3184", authentication=Authentication.ALWAYS),
    "pm_card_authenticationRequiredOnSetup": Card(last4="3155", authentication=Authentication.UNLESS_SET_UP),
    "pm_card_authenticationRequiredSetupForOffSession": Card(
        last4="0446", authentication=Authentication.ON_SESSION_ONLY
    ),
    "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds": Card(
        last4="3178", authentication=Authentication.ALWAYS, decline=_FUNDS
    ),
    "pm_card_threeDSecure2Required": Card(last4="3220", authentication=Authentication.ALWAYS),
    "pm_card_threeDSecureRequired": Card(last4="3063", authentication=Authentication.ALWAYS),
    "pm_card_threeDSecureOptional": Card(last4="3055"),
    "pm_card_createDispute": Card(last4="0259", dispute_reason="fraudulent"),
    "pm_card_createDisputeProductNotReceived": Card(last4="2685", dispute_reason="product_not_received"),
    "pm_card_createDisputeInquiry": Card(last4="1976", dispute_reason="fraudulent", is_inquiry=True),
    "pm_card_pendingRefund": Card(last4="7726", refund_status="pending"),
    "pm_card_refundFail": Card(last4="5126", refund_status="failed"),
}
