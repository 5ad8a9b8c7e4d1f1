"""What of a booking's taxes was reported to the state: one item beside its payment."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import AwareDatetime, BaseModel

from callsheet.gateways.tax import PartAmount, TaxRequest, TaxTransaction
from callsheet.gateways.tax_details import TaxedPart
from callsheet.kernel.access import AccessPath
from callsheet.kernel.models import FROZEN
from callsheet.kernel.money import total
from callsheet.platform.read import Key
from callsheet.platform.stale import Stale
from callsheet.platform.table import Document, Table
from callsheet.platform.transaction import Transaction

_SORT = "TAX"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxesOf:
    """What a booking says of its taxes. Without a `calculation_id` there is nothing to report.

    `request` is what was taxed, to be calculated anew; `refund` what a refund gives back of each part, and
    `is_whole_refund` says that nothing of either stays.
    """

    calculation_id: str | None
    request: TaxRequest
    refund: tuple[PartAmount, ...] = ()
    is_whole_refund: bool = False


class TaxReversal(BaseModel):
    """What went back under a refund's id; `transaction_id` is None where Stripe no longer says which it was."""

    model_config = FROZEN

    refund_id: str
    transaction_id: str | None
    amounts: tuple[PartAmount, ...]
    reversed_at: AwareDatetime


class TaxRecord(BaseModel):
    """What is about to be committed, and what was. `transaction` is None though committed where only its id is lost."""

    model_config = FROZEN

    booking_id: str
    calculation_id: str
    committed_at: AwareDatetime | None = None
    transaction: TaxTransaction | None = None
    reversals: tuple[TaxReversal, ...] = ()

    def is_reversed(self, refund_id: str) -> bool:
        return any(made.refund_id == refund_id for made in self.reversals)

    def left_of(self, part: TaxedPart) -> PartAmount | None:
        """What of a part is committed and not taken back; None where it was never committed."""
        lines = self.transaction.lines if self.transaction else ()
        line = next((line for line in lines if line.part is part), None)
        if line is None:
            return None
        back = [amount for made in self.reversals for amount in made.amounts if amount.part is part]
        currency = line.amount.currency
        return line.model_copy(
            update={
                "amount": line.amount - total([one.amount for one in back], currency),
                "tax": line.tax - total([one.tax for one in back], currency),
            }
        )


def reversible(record: TaxRecord, refund: Sequence[PartAmount]) -> tuple[PartAmount, ...]:
    """What can go back of a refund: of no part more than is left.

    A direct offer's residue makes its subtotal a few units more or less than what was taxed.
    """
    found: list[PartAmount] = []
    for wanted in refund:
        left = record.left_of(wanted.part)
        if left is not None:
            amounts = {"amount": min(wanted.amount, left.amount), "tax": min(wanted.tax, left.tax)}
            found.append(left.model_copy(update=amounts))
    return tuple(one for one in found if not (one.amount.is_zero and one.tax.is_zero))


class TaxItem(Table):
    logical_name = "payments"
    document = Document(TaxRecord)


def tax_key(booking_id: str) -> Key:
    return (TaxItem, booking_id, _SORT)


def add_record(txn: Transaction, record: TaxRecord) -> TaxItem:
    """Stale where somebody else has just begun."""
    item = TaxItem(record.booking_id, _SORT, document=record)
    txn.create(item, Stale())
    return item


def save_record(txn: Transaction, stored: TaxItem, record: TaxRecord) -> None:
    stored.document = record
    txn.replace(stored, Stale())


ACCESS_PATHS = (
    AccessPath(
        name="what of a booking's taxes was reported",
        table="payments",
        keys="pk = <booking id>, sk = TAX",
        use_cases=("payments.settle_taxes",),
    ),
)
