"""Who bears a lost dispute: all of it is borne, by nobody more than their part, and every entry balances."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from callsheet.bookings.dispute_postings import Borne, borne_by, lost_entry, opened_entries, won_entry
from callsheet.gateways.disputes import DisputeMove
from callsheet.kernel.money import Money, zero
from callsheet.payments.shares import RefundSplit, share_out, split_of
from tests.support.builders import a_booking

PRICE = a_booking().build().price
PAID = split_of((PRICE.provider_net, PRICE.provider_fee, PRICE.service_tax, PRICE.client_fee, PRICE.fee_tax))
TOTAL = PRICE.total.amount_minor
some_minor = some.integers(min_value=0, max_value=TOTAL)


def usd(minor: int) -> Money:
    return Money.of(minor, "USD")


def a_part(minor: int) -> RefundSplit | None:
    return split_of(share_out(usd(minor), PAID.parts)) if minor else None


@given(returned=some_minor, promised=some_minor, lost=some.integers(min_value=1, max_value=2 * TOTAL))
def test_all_of_a_loss_is_borne_and_nobody_bears_more_than_is_left_of_their_part(
    returned: int, promised: int, lost: int
) -> None:
    gone = a_part(returned)
    borne = borne_by(PRICE, gone, a_part(promised), usd(lost))
    assert borne.split.total + borne.excess == usd(lost)
    left = PAID.less(gone)
    for part, room in zip(borne.split.parts, left.parts, strict=True):
        assert 0 <= part.amount_minor <= room.amount_minor
    assert borne.excess == usd(max(0, lost - left.total.amount_minor))


@given(minor=some.integers(min_value=1, max_value=TOTAL))
def test_what_a_refund_had_promised_goes_before_everything_else(minor: int) -> None:
    promised = a_part(minor)
    assert promised is not None
    assert borne_by(PRICE, None, promised, usd(minor)).split == promised


@given(
    promised=some.integers(min_value=1, max_value=TOTAL),
    losses=some.lists(some.integers(min_value=1, max_value=TOTAL), min_size=1, max_size=4),
    of_card=some_minor,
)
def test_a_promise_and_all_that_banks_take_of_it_are_together_what_was_promised(
    promised: int, losses: list[int], of_card: int
) -> None:
    """One loss after the other, whatever of the price the card has paid: to the unit, and no part gives too much."""
    still: RefundSplit | None = a_part(promised)
    gone, taken, on_card = None, 0, of_card
    for lost in losses:
        borne = borne_by(PRICE, gone, still, usd(lost), usd(on_card))
        still, taken = borne.still_promised, taken + lost
        gone, on_card = gone.plus(borne.split) if gone else borne.split, max(on_card - lost, 0)
        assert (still.total.amount_minor if still else 0) == max(promised - taken, 0)
        both = gone.plus(still) if still else gone
        assert all(part <= room for part, room in zip(both.parts, PAID.parts, strict=True))


@pytest.mark.parametrize(("lost", "is_left"), [(5_00, 15_00), (20_00, None), (60_00, None)])
def test_a_promise_of_the_platform_s_own_is_covered_too(lost: int, is_left: int | None) -> None:
    nothing = (zero("USD"),) * len(PAID.parts)
    borne = borne_by(PRICE, None, split_of(nothing, usd(20_00)), usd(lost), usd(TOTAL))
    assert borne.split.total == usd(lost)
    assert (borne.still_promised and borne.still_promised.given) == (is_left and usd(is_left))


@given(lost=some.integers(min_value=1, max_value=2 * TOTAL), promised=some.integers(20_00, TOTAL))
def test_what_the_parts_give_in_place_of_the_platform_they_still_do(lost: int, promised: int) -> None:
    """20.00 of goodwill were given before; now the parts are to give all, 20.00 of it to the platform."""
    whole = a_part(promised)
    assert whole is not None
    borne = borne_by(PRICE, None, split_of(whole.parts, usd(-20_00)), usd(lost), usd(TOTAL))
    still = borne.still_promised
    together = borne.split.plus(still) if still else borne.split
    assert together.total >= usd(0)
    assert all(part <= room for part, room in zip(together.parts, PAID.parts, strict=True))
    assert -20_00 <= together.given.amount_minor <= 0
    if lost <= promised - 20_00:
        assert together == split_of(whole.parts, usd(-20_00))


@given(lost=some.integers(min_value=1, max_value=2 * TOTAL), deferred=some_minor)
def test_fees_come_out_of_what_is_not_earned_first(lost: int, deferred: int) -> None:
    borne = borne_by(PRICE, None, None, usd(lost))
    entry = lost_entry(("bkg_1", "usr_1"), "dp_1", borne, usd(deferred))
    moved = {line.account: line.amount.amount_minor for line in entry.postings}
    fees = (borne.split.provider_fee + borne.split.client_fee).amount_minor
    assert moved.get("platform:fees_deferred", 0) == min(fees, deferred)
    assert moved.get("platform:fees_revenue", 0) == max(0, fees - deferred)
    assert moved["stripe:disputed"] == -lost


@given(
    taken=some.integers(min_value=1, max_value=TOTAL), fee=some.integers(0, 2000), back=some.integers(0, 2000)
)
def test_what_is_taken_and_comes_back_leaves_nothing_with_the_bank(taken: int, fee: int, back: int) -> None:
    moved = DisputeMove(amount=usd(taken), fee=usd(fee))
    opened = list(opened_entries("bkg_1", "dp_1", moved))
    won = won_entry("bkg_1", "dp_1", usd(taken), DisputeMove(amount=usd(taken), fee=usd(back)))
    lines = [line for entry in (*opened, won) for line in entry.postings]
    at_the_bank = sum(line.amount.amount_minor for line in lines if line.account == "stripe:disputed")
    cost = sum(line.amount.amount_minor for line in lines if line.account == "expense:chargebacks")
    assert (at_the_bank, cost) == (0, fee - back)
    assert {entry.reference for entry in (*opened, won)} == {"dp_1"}


def test_a_loss_of_nothing_left_is_the_platforms() -> None:
    assert borne_by(PRICE, PAID, None, usd(500)) == Borne(split=PAID.less(PAID), excess=usd(500))
    assert PAID.less(PAID).total == zero("USD")
