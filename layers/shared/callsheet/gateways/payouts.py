"""What Callsheet asks of whoever pays connected accounts out to banks; `gateways/stripe_payouts.py` is Stripe."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from callsheet.kernel.money import Money


class BankPayoutStatus(StrEnum):
    PENDING = "pending"
    IN_TRANSIT = "in_transit"
    PAID = "paid"
    FAILED = "failed"
    CANCELED = "canceled"


class PayoutMethod(StrEnum):
    STANDARD = "standard"
    INSTANT = "instant"


class PayoutFailure(StrEnum):
    """Why a bank sent money back, in words that stay the same."""

    ACCOUNT_CLOSED = "account_closed"
    ACCOUNT_UNKNOWN = "account_unknown"
    ACCOUNT_RESTRICTED = "account_restricted"
    OWNER_MISMATCH = "owner_mismatch"
    CURRENCY = "currency"
    DECLINED = "declined"
    INSUFFICIENT_FUNDS = "insufficient_funds"
    OTHER = "other"


class PayoutRefusal(StrEnum):
    """Why an instant payout was not made, for certain."""

    FUNDS = "funds"  # the account has not so much
    UNSUPPORTED = "unsupported"  # its card or bank takes none
    ACCOUNT = "account"  # it may not be paid out
    LIMIT = "limit"  # so much or so many a day
    OTHER = "other"


class PayoutRefused(Exception):
    """The provider of payments will not make this payout; nothing has moved."""

    def __init__(self, reason: PayoutRefusal) -> None:
        super().__init__(reason)
        self.reason = reason


class PayoutGone(Exception):
    """The account has no such payout, or is none of ours any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InstantPayoutOrder:
    """The same order under the same `key`, our id of it, is the same payout."""

    key: str
    account_id: str
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPayout:
    """A payout as it stands at the provider; `key` is ours where we asked for it."""

    id: str
    amount: Money
    status: BankPayoutStatus
    method: PayoutMethod
    created_at: datetime
    arrives_at: datetime
    failure: PayoutFailure | None = None
    key: str | None = None


class PayoutGateway(Protocol):
    """Everything happens on the connected account. All raise PaymentsUnavailable where the outcome is not known."""

    def payout(self, account_id: str, payout_id: str) -> FoundPayout:
        """Raises PayoutGone."""
        ...

    def instant_funds(self, account_id: str) -> tuple[Money, ...]:
        """What can be paid out at once, by currency; empty where no card or bank of the account takes that."""
        ...

    def pay_instantly(self, order: InstantPayoutOrder) -> FoundPayout:
        """Raises PayoutRefused."""
        ...

    def find_payout(self, order: InstantPayoutOrder, since: datetime) -> FoundPayout | None:
        """The payout that was made under this key at or after `since`; None where there is none."""
        ...
