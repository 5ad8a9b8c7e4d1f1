"""Moves the disputes of a booking's payment toward Stripe's: each step is one transaction with money, hold and event.

Webhooks may come twice, late, in any order or never: what is written next depends on what stands in the tables and at
Stripe now (`payments/disputes.py`, `next_step`), and nothing is written twice.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from callsheet.bookings.case import Case
from callsheet.bookings.converging_deps import Converging
from callsheet.bookings.dispute_events import DisputeLost, DisputeOpened, DisputeWon
from callsheet.bookings.dispute_postings import borne_by, deferred_of, lost_entry, opened_entries, won_entry
from callsheet.bookings.disputing import dispute
from callsheet.bookings.letting_go import let_go, let_go_and_resume, let_go_as_credit
from callsheet.bookings.refunding import split_in
from callsheet.gateways.disputes import DisputeStatus, FoundDispute
from callsheet.kernel.clock import next_beat
from callsheet.kernel.principal import Principal
from callsheet.ledger.list_entries import list_entries
from callsheet.ledger.post import post, post_all
from callsheet.payments.disputes import (
    LOOK_EVERY,
    WAKE_BEFORE,
    Dispute,
    DisputeItem,
    DisputeStep,
    add_dispute,
    next_step,
    save_dispute,
    stored_disputes,
)
from callsheet.payments.model import Loss, Payment, PaymentStatus
from callsheet.payments.rules import CHECK_DISPUTES, PAYMENT, PaymentAction, is_owed_credit, reduced
from callsheet.payments.states import DISPUTE, DisputeAction
from callsheet.platform.stale import Stale
from callsheet.platform.transaction import Transaction
from callsheet.transfers.for_booking import add_debt

_STRIPE = "stripe"
_MOST_STEPS = 5
_CLOSING = frozenset({DisputeStep.WIN, DisputeStep.LOSE, DisputeStep.END_INQUIRY})


def converge_disputes(case: Case, caller: Principal, deps: Converging) -> None:
    """One query, one call to Stripe, then a transaction a step. Stale where somebody else was faster."""
    payment = case.payment
    if payment.intent_id is None:
        return
    now = deps.clock.now()
    known: dict[str, DisputeItem | None] = dict(stored_disputes(case.booking.id))
    found = deps.disputes.disputes_of(payment.intent_id)
    # What was not heard of is opened first: nothing is let go while another dispute keeps it.
    for closes in (False, True):
        for one in found:
            known[one.id] = _converge(case, known.get(one.id), one, caller, now, closes=closes)
    txn = Transaction(caller, now)
    if found and _is_over_unnoticed(case.payment):
        let_go_and_resume(case, txn, now, {})
    elif is_owed_credit(case.payment):
        let_go_as_credit(case, txn, now)
    txn.commit()


def _is_over_unnoticed(payment: Payment) -> bool:
    """A refund in vain said that there is a dispute, and by now none is open: as if it were won."""
    return payment.status is PaymentStatus.DISPUTED and not payment.open_disputes and not payment.losses


def arm_check(txn: Transaction, case: Case, now: datetime, evidence_due_at: datetime | None = None) -> None:
    """The next daily look, at the same hours whoever arranges it, and one before the bank's deadline."""
    booking = case.booking
    looks = {next_beat(booking.created_at, LOOK_EVERY, now)}
    if evidence_due_at is not None and evidence_due_at - WAKE_BEFORE > now:
        looks.add(evidence_due_at - WAKE_BEFORE)
    for at in looks:
        txn.due(CHECK_DISPUTES, booking.id, at)


@dataclass(slots=True)
class _Step:
    """One step of one dispute, about to be written."""

    case: Case
    stored: DisputeItem | None
    found: FoundDispute
    txn: Transaction
    now: datetime

    @property
    def known(self) -> Dispute:
        if self.stored is None:
            raise Stale
        return self.stored.document

    def save(self, **changes: object) -> None:
        """Create the dispute, or change it."""
        if self.stored is None:
            dispute = _of(self.case.booking.id, self.found).model_copy(update=changes)
            self.stored = add_dispute(self.txn, dispute)
        else:
            save_dispute(self.txn, self.stored, self.known.model_copy(update=changes))


def _of(booking_id: str, found: FoundDispute) -> Dispute:
    return Dispute(
        id=found.id,
        booking_id=booking_id,
        amount=found.amount,
        reason=found.reason,
        status=DisputeStatus.NEEDS_RESPONSE,
        opened_at=found.opened_at,
        evidence_due_at=found.evidence_due_at,
    )


def _converge(
    case: Case,
    stored: DisputeItem | None,
    found: FoundDispute,
    caller: Principal,
    now: datetime,
    *,
    closes: bool,
) -> DisputeItem | None:
    """Step by step toward what was found, and with `closes` to its end; the dispute as it is then stored."""
    for _ in range(_MOST_STEPS):
        step = next_step(stored.document if stored else None, found)
        if step is DisputeStep.NOTHING or (step in _CLOSING and not closes):
            break
        writing = _Step(case, stored, found, Transaction(caller, now), now)
        _WRITERS[step](writing)
        writing.txn.commit()
        stored = writing.stored
    return stored


def _inquire(step: _Step) -> None:
    """Nothing has moved: the bank asks, and whoever answers well is spared a dispute."""
    is_open = step.found.status is DisputeStatus.INQUIRY
    step.save(status=step.found.status, closed_at=None if is_open else step.now)
    if is_open:
        arm_check(step.txn, step.case, step.now, step.found.evidence_due_at)


def _end_inquiry(step: _Step) -> None:
    status = DISPUTE.step(step.known.status, DisputeAction.END, _STRIPE).target
    step.save(status=status, closed_at=step.now)


def _open(step: _Step) -> None:
    case, found = step.case, step.found
    if step.stored is not None:
        DISPUTE.step(step.known.status, DisputeAction.WITHDRAW, _STRIPE)
    changes = {"evidence_due_at": found.evidence_due_at, "evidence": None, "woken_at": None}
    step.save(status=DisputeStatus.NEEDS_RESPONSE, **changes, **_taken(step))
    dispute(case, step.txn, step.now, {"open_disputes": (*case.payment.open_disputes, found.id)})
    arm_check(step.txn, case, step.now, found.evidence_due_at)
    case.publish(
        step.txn,
        DisputeOpened,
        dispute_id=found.id,
        amount=found.amount,
        reason=found.reason,
        evidence_due_at=found.evidence_due_at,
    )


def _withdraw(step: _Step) -> None:
    """Stripe opens a dispute a moment before it books what it took."""
    step.save(**_taken(step))


def _taken(step: _Step) -> dict[str, object]:
    """What Stripe has booked is posted; nothing where it has not yet."""
    taken = step.found.withdrawn
    if taken is None:
        return {}
    post_all(step.txn, tuple(opened_entries(step.case.booking.id, step.found.id, taken)), step.now)
    return {"withdrawn": taken.amount, "fee": taken.fee}


def _review(step: _Step) -> None:
    step.save(status=DISPUTE.step(step.known.status, DisputeAction.REVIEW, _STRIPE).target)


def _win(step: _Step) -> None:
    case, known, back = step.case, step.known, step.found.reinstated
    status = DISPUTE.step(known.status, DisputeAction.WIN, _STRIPE).target
    step.save(status=status, closed_at=step.now, reinstated=back.amount if back else None)
    if known.withdrawn is not None and back is not None:
        post(step.txn, won_entry(case.booking.id, known.id, known.withdrawn, back), step.now)
    open_ones = tuple(one for one in case.payment.open_disputes if one != known.id)
    if open_ones or case.payment.losses:
        case.save_payment(step.txn, case.payment.model_copy(update={"open_disputes": open_ones}))
        if not open_ones:
            let_go(case, step.txn, step.now)
    else:
        let_go_and_resume(case, step.txn, step.now, {"open_disputes": open_ones})
    case.publish(step.txn, DisputeWon, dispute_id=known.id, amount=known.amount)


def _lose(step: _Step) -> None:
    """What is gone is borne by whoever had a part in what was left: the provider's part is their debt from now on."""
    case, known, booking = step.case, step.known, step.case.booking
    withdrawn = known.withdrawn
    if withdrawn is None:
        raise Stale
    entries = list_entries(booking.id).items  # read after the case, to which the transaction is held
    case.check_booking(step.txn)
    status = DISPUTE.step(known.status, DisputeAction.LOSE, _STRIPE).target
    step.save(status=status, closed_at=step.now)
    payment = case.payment
    promised = split_in(case, payment.set_aside)
    borne = borne_by(booking.price, payment.returned, promised, withdrawn, payment.left_on_card)
    deferred = deferred_of(entries, withdrawn.currency)
    post(step.txn, lost_entry((booking.id, booking.provider_id), known.id, borne, deferred), step.now)
    if not borne.split.payable.is_zero:
        add_debt(step.txn, booking.provider_id, borne.split.payable)
    open_ones = tuple(one for one in payment.open_disputes if one != known.id)
    loss = Loss(dispute_id=known.id, split=borne.split, lost_at=step.now, excess=borne.excess)
    changes: dict[str, object] = {
        "open_disputes": open_ones,
        "losses": (*payment.losses, loss),
        "set_aside": reduced(payment.set_aside, borne.still_promised),
    }
    if payment.status is PaymentStatus.DISPUTED:
        changes["status"] = PAYMENT.step(payment.status, PaymentAction.LOSE, _STRIPE).target
    case.save_payment(step.txn, payment.model_copy(update=changes))
    if not open_ones:
        let_go(case, step.txn, step.now)
    case.publish(
        step.txn,
        DisputeLost,
        dispute_id=known.id,
        amount=known.amount,
        from_provider=borne.split.payable,
    )


_WRITERS: dict[DisputeStep, Callable[[_Step], None]] = {
    DisputeStep.INQUIRE: _inquire,
    DisputeStep.END_INQUIRY: _end_inquiry,
    DisputeStep.OPEN: _open,
    DisputeStep.WITHDRAW: _withdraw,
    DisputeStep.REVIEW: _review,
    DisputeStep.WIN: _win,
    DisputeStep.LOSE: _lose,
}
