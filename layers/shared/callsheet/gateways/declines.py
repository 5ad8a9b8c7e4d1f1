"""Why banks refuse cards and refunds: Stripe's codes in our words (Stripe, "Decline codes" and "Error codes")."""

from collections.abc import Mapping
from enum import StrEnum


class DeclineReason(StrEnum):
    """Why a card was refused, as a caller may be told (Stripe, "Decline codes").

    Codes that would tell a thief something (lost, stolen, fraudulent) are `card_declined`.
    """

    CARD_DECLINED = "card_declined"
    INSUFFICIENT_FUNDS = "insufficient_funds"
    EXPIRED_CARD = "expired_card"
    INCORRECT_CVC = "incorrect_cvc"
    INCORRECT_NUMBER = "incorrect_number"
    PROCESSING_ERROR = "processing_error"
    AUTHENTICATION_REQUIRED = "authentication_required"
    LIMIT_EXCEEDED = "limit_exceeded"
    CURRENCY_NOT_SUPPORTED = "currency_not_supported"
    INVALID_PAYMENT_METHOD = "invalid_payment_method"


# Whatever is not named is `card_declined`: what the bank does not say (generic_decline, do_not_honor), what a thief
# must not learn (lost_card, stolen_card, pickup_card, fraudulent, merchant_blacklist), and codes that are new.
_REASONS: Mapping[str, DeclineReason] = {
    "insufficient_funds": DeclineReason.INSUFFICIENT_FUNDS,
    "expired_card": DeclineReason.EXPIRED_CARD,
    "incorrect_cvc": DeclineReason.INCORRECT_CVC,
    "invalid_cvc": DeclineReason.INCORRECT_CVC,
    "incorrect_number": DeclineReason.INCORRECT_NUMBER,
    "invalid_number": DeclineReason.INCORRECT_NUMBER,
    "invalid_account": DeclineReason.INCORRECT_NUMBER,
    "processing_error": DeclineReason.PROCESSING_ERROR,
    "issuer_not_available": DeclineReason.PROCESSING_ERROR,
    "reenter_transaction": DeclineReason.PROCESSING_ERROR,
    "try_again_later": DeclineReason.PROCESSING_ERROR,
    "authentication_required": DeclineReason.AUTHENTICATION_REQUIRED,
    "authentication_not_handled": DeclineReason.AUTHENTICATION_REQUIRED,
    "mobile_device_authentication_required": DeclineReason.AUTHENTICATION_REQUIRED,
    "payment_intent_authentication_failure": DeclineReason.AUTHENTICATION_REQUIRED,
    "card_velocity_exceeded": DeclineReason.LIMIT_EXCEEDED,
    "withdrawal_count_limit_exceeded": DeclineReason.LIMIT_EXCEEDED,
    "currency_not_supported": DeclineReason.CURRENCY_NOT_SUPPORTED,
}


def decline_reason(code: str | None, decline_code: str | None) -> DeclineReason:
    """What a caller may be told: the issuer's `decline_code` where it is a known one, else the error's own `code`."""
    known = (_REASONS[word] for word in (decline_code, code) if word is not None and word in _REASONS)
    return next(known, DeclineReason.CARD_DECLINED)


class RefundFailure(StrEnum):
    """Why a bank did not take a refund for its customer (Stripe, "Refund", `failure_reason`)."""

    CARD_LOST_OR_STOLEN = "lost_or_stolen_card"
    CARD_EXPIRED_OR_CANCELED = "expired_or_canceled_card"
    CHARGE_DISPUTED = "charge_for_pending_refund_disputed"
    INSUFFICIENT_FUNDS = "insufficient_funds"
    DECLINED = "declined"
    MERCHANT_REQUEST = "merchant_request"
    UNKNOWN = "unknown"


def refund_failure(reason: str | None) -> RefundFailure:
    """A reason that is new, or that nobody named, is unknown."""
    known = {one.value: one for one in RefundFailure}
    return known.get(reason or "", RefundFailure.UNKNOWN)
