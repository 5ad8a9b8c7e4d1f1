"""Who gives what of a refund beyond the policy."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsheet.bookings.errors import NothingToRefund
from callsheet.bookings.goodwill import BorneBy, goodwill_split
from callsheet.bookings.price import PriceSnapshot
from callsheet.bookings.pricing import price_direct_offer
from callsheet.bookings.tax import FixedRateTax
from callsheet.kernel.money import Money
from callsheet.payments.shares import RefundSplit, share_out, split_of
from tests.unit.bookings.test_pricing import usd

AMOUNTS = st.integers(1, 10_000)


def a_price(units: int = 100, jurisdiction: str = "DE") -> PriceSnapshot:
    return price_direct_offer(Money.whole(units, "USD"), "An offer", jurisdiction, FixedRateTax())


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=5), st.data())
def test_shares_lose_nothing_and_stay_in_their_rooms(rooms: list[int], data: st.DataObject) -> None:
    amount = data.draw(st.integers(0, sum(rooms)))
    shares = share_out(usd(amount), [usd(room) for room in rooms])
    assert sum(share.amount_minor for share in shares) == amount
    assert all(0 <= share.amount_minor <= room for share, room in zip(shares, rooms, strict=True))


def test_more_than_the_rooms_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="too small"):
        share_out(usd(3), [usd(1), usd(1)])


def test_everybody_gives_their_share() -> None:
    price = a_price(jurisdiction="US-OR")
    half = goodwill_split(price, None, usd(5000), BorneBy.ALL)
    assert half.total == usd(5000)
    assert (
        half.payable.amount_minor == price.provider_net.amount_minor // 2 + 1
    )  # the residue goes to the largest
    assert half.goodwill is None


def test_the_platform_gives_alone_where_it_should() -> None:
    split = goodwill_split(a_price(), None, usd(2500), BorneBy.PLATFORM)
    assert split.given == split.total == usd(2500)
    assert not any(part.amount_minor for part in split.parts)


@given(st.lists(AMOUNTS, min_size=1, max_size=12), st.sampled_from(BorneBy), st.booleans())
def test_however_many_refunds_there_are_no_part_gives_more_than_it_had(
    amounts: list[int], borne_by: BorneBy, is_taxed: bool
) -> None:
    price, returned = a_price(jurisdiction="DE" if is_taxed else "US-OR"), None
    for amount in amounts:
        try:
            split = goodwill_split(price, returned, usd(amount), borne_by)
        except NothingToRefund:
            gone = returned.total.amount_minor if returned else 0
            assert gone + amount > price.total.amount_minor
            continue
        returned = returned.plus(split) if returned else split
    paid = (price.provider_net, price.provider_fee, price.service_tax, price.client_fee, price.fee_tax)
    if returned is not None:
        assert all(back <= part for back, part in zip(returned.parts, paid, strict=True))
        assert returned.total <= price.total


def test_what_has_gone_back_before_is_not_given_twice() -> None:
    parts = [usd(minor) for minor in (800, 100, 0, 50, 0)]
    before = split_of([usd(300), usd(200), usd(0), usd(0), usd(0)])
    left = split_of(parts).less(before, usd(950))
    assert [part.amount_minor for part in left.parts] == [500, 0, 0, 50, 0]
    assert split_of(parts).less(None, usd(950)) == split_of(parts)


def test_the_platforms_goodwill_comes_back_to_it_where_the_parts_give_all() -> None:
    parts = [usd(minor) for minor in (800, 100, 0, 50, 50)]
    goodwill = split_of([usd(0)] * 5, usd(300))
    left = split_of(parts).less(goodwill, usd(1000))
    assert (left.total, left.given) == (usd(700), usd(-300))
    assert left.plus(goodwill) == split_of(parts)


def test_a_split_whose_parts_are_not_its_total_is_none() -> None:
    with pytest.raises(ValueError, match="not the refund"):
        RefundSplit(
            payable=usd(1), provider_fee=usd(0), service_tax=usd(0), client_fee=usd(0), fee_tax=usd(0),
            total=usd(2),
        )  # fmt: skip
