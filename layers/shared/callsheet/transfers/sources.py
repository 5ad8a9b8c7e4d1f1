"""Which money a transfer passes on: pure."""

from callsheet.kernel.money import Money
from callsheet.transfers.model import Transfer


def source_of(transfer: Transfer, amount: Money) -> str | None:
    """The charge whose money the next leg passes on, settled or not; None where the platform's balance pays (ADR 0153).

    Stripe lets all transfers of one charge be no more than the charge, and credit was no charge of anybody's.
    """
    if (
        transfer.charged is None
    ):  # captured when no credit could be spent: what comes later has settled by then
        return None if transfer.legs else transfer.charge_id
    left = transfer.charged
    for leg in transfer.legs:
        left = left - leg.amount if leg.amount <= left else left  # a leg that was more was the platform's
    return transfer.charge_id if amount <= left else None
