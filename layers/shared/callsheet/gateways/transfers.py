"""What Callsheet asks of whoever moves money to providers; `gateways/stripe_transfers.py` is Stripe Connect."""

from dataclasses import dataclass
from typing import Protocol

from callsheet.gateways.refusals import TransferRefusal
from callsheet.kernel.money import Money


class TransferRefused(Exception):
    """The provider of payments will not make this transfer now; nothing has moved."""

    def __init__(self, reason: TransferRefusal) -> None:
        super().__init__(reason)
        self.reason = reason


class ReversalRefused(Exception):
    """The account no longer has what was transferred to it; nothing has moved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferOrder:
    """The same order under the same `key` is the same transfer.

    `group` is the booking it is for; `charge_id` the charge whose money it passes on, which may not have settled yet.
    """

    key: str
    group: str
    account_id: str
    amount: Money
    charge_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferReceipt:
    """A transfer, or a reversal of one, as it was made."""

    id: str
    amount: Money


class TransferGateway(Protocol):
    """Every call carries an idempotency key of ours. All raise PaymentsUnavailable where the outcome is not known."""

    def transfer(self, order: TransferOrder) -> TransferReceipt:
        """Move money to a connected account. Raises TransferRefused."""
        ...

    def find_transfer(self, order: TransferOrder) -> TransferReceipt | None:
        """The transfer that was made under this key, however long ago; None where there is none."""
        ...

    def reverse(self, transfer_id: str, amount: Money, key: str) -> TransferReceipt:
        """Take part of a transfer back. Raises ReversalRefused where the account has not so much, and only then."""
        ...

    def find_reversal(self, transfer_id: str, key: str) -> TransferReceipt | None:
        """The reversal that was made under this key, however long ago; None where there is none."""
        ...
