"""Taxes are reported when money is taken and taken back with refunds and lost disputes: once each, whatever comes."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from callsheet.gateways.errors import CalculationExpired, TaxReferenceTaken
from callsheet.gateways.tax import TaxGateway, TaxTransaction
from callsheet.kernel.errors import Conflict, NotFound
from callsheet.kernel.models import STORED
from callsheet.kernel.principal import Principal
from callsheet.payments.deps import TaxDeps
from callsheet.payments.taxes import (
    TaxesOf,
    TaxItem,
    TaxRecord,
    TaxReversal,
    add_record,
    reversible,
    save_record,
    tax_key,
)
from callsheet.platform.read import get_together
from callsheet.platform.records import InboxItem, inbox_item
from callsheet.platform.transaction import AlreadyConsumed, Transaction

CONSUMER = "payments.settle_taxes"


class Moved(BaseModel):
    """Whose money has moved; `refund_id` where it went back, `dispute_id` where a bank has taken it for good."""

    model_config = STORED

    booking_id: str
    refund_id: str | None = None
    dispute_id: str | None = None

    @property
    def returned_by(self) -> str | None:
        """Under which id it went back."""
        return self.refund_id or self.dispute_id


class MoneyMoved(BaseModel):
    """The part of an event that matters here."""

    model_config = STORED

    event_id: str
    name: Literal["payment.captured", "payment.refunded", "dispute.lost"]
    payload: Moved


class TaxesNotCommitted(Conflict):
    """The refund was heard of before the capture: it waits for it."""

    code, title = "taxes_not_committed", "These taxes have not been reported yet"


class TaxTransactionLost(NotFound):
    """Committed so long before it was recorded that Stripe no longer says under which id: somebody must look it up."""

    code, title = "tax_transaction_lost", "The transaction of these taxes is not known by its id"


def settle_taxes(
    heard: MoneyMoved, caller: Principal, deps: TaxDeps, taxes_of: Callable[[str, str | None], TaxesOf]
) -> None:
    """Commit or reverse, and note it with the event in one transaction. AlreadyConsumed, without a call, the next time.

    Nobody is asked where a table said what the taxes are. A crash before the note repeats the request, which Stripe
    knows by its key for a day and by its reference for ever. Raises TaxesNotCommitted, TaxTransactionLost, and
    PaymentsUnavailable where the outcome is not known.
    """
    booking_id = heard.payload.booking_id
    taxes = taxes_of(booking_id, heard.payload.returned_by)
    if taxes.calculation_id is None:
        return
    inbox = inbox_item(CONSUMER, heard.event_id, deps.clock.now())
    consumed, item = get_together([(InboxItem, inbox.pk, inbox.sk), tax_key(booking_id)])
    if consumed is not None:
        raise AlreadyConsumed
    stored = item if isinstance(item, TaxItem) else None
    if heard.payload.returned_by is None:
        begun = stored or _begun(booking_id, taxes.calculation_id, caller, deps.clock.now())
        record = _committed(begun, taxes, caller, deps)
    else:
        if stored is None or stored.document.committed_at is None:
            raise TaxesNotCommitted
        begun = stored
        record = _reversed(stored.document, heard.payload.returned_by, taxes, deps)
    txn = Transaction(caller, deps.clock.now())
    if record != begun.document:
        save_record(txn, begun, record)
    txn.consume(heard.event_id, CONSUMER)
    txn.commit()


def _begun(booking_id: str, calculation_id: str, caller: Principal, now: datetime) -> TaxItem:
    """What is about to be committed is written down first."""
    txn = Transaction(caller, now)
    item = add_record(txn, TaxRecord(booking_id=booking_id, calculation_id=calculation_id))
    txn.commit()
    return item


def _committed(stored: TaxItem, taxes: TaxesOf, caller: Principal, deps: TaxDeps) -> TaxRecord:
    if stored.document.committed_at is not None:
        return stored.document
    gateway = deps.gateway()
    try:
        transaction = _commit(stored.document, gateway)
    except CalculationExpired:
        _calculate_anew(stored, taxes, gateway, caller, deps.clock.now())
        transaction = _commit(stored.document, gateway)
    made = {"committed_at": deps.clock.now(), "transaction": transaction}
    return stored.document.model_copy(update=made)


def _commit(record: TaxRecord, gateway: TaxGateway) -> TaxTransaction | None:
    try:
        return gateway.commit(record.calculation_id, record.booking_id)
    except TaxReferenceTaken:
        return None


def _calculate_anew(
    stored: TaxItem, taxes: TaxesOf, gateway: TaxGateway, caller: Principal, now: datetime
) -> None:
    """The same amounts at the taxes of today, written down before they are committed."""
    answer = gateway.calculate(taxes.request)
    txn = Transaction(caller, now)
    anew = {"calculation_id": answer.calculation_id or stored.document.calculation_id}
    save_record(txn, stored, stored.document.model_copy(update=anew))
    txn.commit()


def _reversed(record: TaxRecord, refund_id: str, taxes: TaxesOf, deps: TaxDeps) -> TaxRecord:
    if record.is_reversed(refund_id):
        return record
    if record.transaction is None:
        raise TaxTransactionLost(extra={"booking_id": record.booking_id})
    is_all = taxes.is_whole_refund and not record.reversals
    amounts = record.transaction.lines if is_all else reversible(record, taxes.refund)
    made = None
    if amounts:
        with suppress(TaxReferenceTaken):
            made = deps.gateway().reverse(record.transaction, refund_id, None if is_all else amounts).id
    reversal = TaxReversal(
        refund_id=refund_id, transaction_id=made, amounts=amounts, reversed_at=deps.clock.now()
    )
    return record.model_copy(update={"reversals": (*record.reversals, reversal)})
