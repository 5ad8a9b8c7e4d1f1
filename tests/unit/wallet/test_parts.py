"""What of a payment credit pays, and what of a refund is credit again: no unit is lost, whatever the figures."""

from datetime import UTC, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsheet.bookings.cancellation import refund_everything, refund_share
from callsheet.bookings.credit import credit_for, credit_keys
from callsheet.bookings.dispute_postings import borne_by
from callsheet.bookings.fees import SCHEDULES
from callsheet.bookings.goodwill import BorneBy, goodwill_split
from callsheet.bookings.model import CreateBooking
from callsheet.bookings.postings import Returned, capture_entries, refund_entries
from callsheet.bookings.price import PriceSnapshot
from callsheet.bookings.pricing import price_direct_offer
from callsheet.bookings.tax import FixedRateTax
from callsheet.kernel.ids import new_id
from callsheet.kernel.money import Money, zero
from callsheet.ledger.accounts import STRIPE_CASH, WALLET_HELD, wallet
from callsheet.ledger.model import Entry
from callsheet.payments.model import MadeRefund, Payment
from callsheet.payments.rules import refund_asked
from callsheet.payments.shares import RefundSplit, parted
from callsheet.transfers.model import Leg, Transfer
from callsheet.transfers.sources import source_of
from callsheet.wallet.movements import BalanceItem
from local.stripe_sim.currencies import _MINIMUMS
from tests.support.builders import a_booking

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
PROVIDER = new_id("usr")


def usd(minor: int) -> Money:
    return Money.of(minor, "USD")


def a_price(units: int, where: str = "DE") -> PriceSnapshot:
    return price_direct_offer(Money.whole(units, "USD"), "Portraits", where, FixedRateTax())


def a_payment(amount: int, of_wallet: int, *refunds: tuple[int, int]) -> Payment:
    """`refunds` are what has gone back before: in all, and into the wallet of it."""
    nothing = (usd(0),) * 4
    return Payment(
        id=new_id("pmt"), subject=new_id("bkg"), client_id=new_id("usr"), description="Booking",
        amount=usd(amount), wallet=usd(of_wallet) if of_wallet else None,
        refunds=tuple(
            MadeRefund(
                id=new_id("rfd"), stripe_refund_id="re_1", made_at=NOW, to_wallet=usd(credit) if credit else None,
                split=_split(usd(whole), *nothing),
            )
            for whole, credit in refunds
        ),
    )  # fmt: skip


def _split(*parts: Money) -> RefundSplit:
    payable, provider_fee, service_tax, client_fee, fee_tax = parts
    return RefundSplit(
        payable=payable, provider_fee=provider_fee, service_tax=service_tax, client_fee=client_fee, fee_tax=fee_tax,
        total=payable + provider_fee + service_tax + client_fee + fee_tax,
    )  # fmt: skip


def accounts_of(*entries: Entry) -> dict[str, int]:
    sums: dict[str, int] = {}
    for entry in entries:
        for posting in entry.postings:
            sums[posting.account] = sums.get(posting.account, 0) + posting.amount.amount_minor
    return {account: minor for account, minor in sums.items() if minor}


@given(units=st.integers(5, 5_000), share=st.fractions(0, 1))
def test_card_and_credit_together_post_what_the_card_alone_would(units: int, share: Fraction) -> None:
    price = a_price(units)
    credit = usd(int((price.total.amount_minor - 50) * share))  # the card pays fifty cents at least
    (alone,) = capture_entries("bkg_1", PROVIDER, price, "ch_1")
    both = tuple(capture_entries("bkg_1", PROVIDER, price, "ch_1", credit if credit.amount_minor else None))
    together, whole = accounts_of(*both), accounts_of(alone)
    paid = together.pop(STRIPE_CASH, 0), together.pop(WALLET_HELD, 0)
    assert paid == (price.total.amount_minor - credit.amount_minor, credit.amount_minor)
    assert together == {account: minor for account, minor in whole.items() if account != STRIPE_CASH}
    for entry in both:
        assert not {STRIPE_CASH, WALLET_HELD} <= {posting.account for posting in entry.postings}
        assert all(posting.amount.amount_minor < 0 for posting in entry.postings[1:]), (
            "a part went the wrong way"
        )


@given(
    units=st.integers(5, 5_000), percent=st.integers(1, 100), share=st.fractions(0, 1), goodwill=st.booleans()
)
def test_a_refund_to_both_posts_what_one_to_the_card_alone_would(
    units: int, percent: int, share: Fraction, goodwill: bool
) -> None:
    price, booking = a_price(units), a_booking().build()
    split = refund_share(price, percent)
    if goodwill:
        split = goodwill_split(price, None, split.total, BorneBy.PLATFORM)
    credit = usd(int(split.total.amount_minor * share))
    returned = Returned(
        refund_id="rfd_1", split=split, stripe_refund_id="re_1", are_fees_earned=True, to_wallet=credit
    )
    alone = Returned(refund_id="rfd_1", split=split, stripe_refund_id="re_1", are_fees_earned=True)
    entries = tuple(refund_entries(booking, returned))
    together, whole = accounts_of(*entries), accounts_of(*refund_entries(booking, alone))
    owed = together.pop(STRIPE_CASH, 0) + together.pop(wallet(booking.client_id), 0)
    assert owed == whole.pop(STRIPE_CASH, 0) == -split.total.amount_minor
    assert together == whole
    assert all(len({STRIPE_CASH, wallet(booking.client_id)} & set(accounts_of(one))) <= 1 for one in entries)


@given(st.data())
def test_parting_a_split_loses_nothing_even_where_goodwill_comes_back(data: st.DataObject) -> None:
    """What the platform gave in place of the parts is negative in a later refund."""
    price = a_price(100)
    given_before = data.draw(st.integers(1, price.total.amount_minor))
    before = goodwill_split(price, None, usd(given_before), BorneBy.PLATFORM)
    split = refund_everything(price).less(before, price.total)
    to_wallet = usd(data.draw(st.integers(0, split.total.amount_minor)))
    to_card, credit = parted(split, to_wallet)
    assert (credit.total if credit else zero("USD")) == to_wallet
    together = [part for part in (to_card, credit) if part is not None]
    assert sum(part.total.amount_minor for part in together) == split.total.amount_minor
    for index, part in enumerate(split.parts):
        assert sum(one.parts[index].amount_minor for one in together) == part.amount_minor
        assert all(one.parts[index].amount_minor >= 0 for one in together)
    assert sum(one.given.amount_minor for one in together) == split.given.amount_minor


@pytest.mark.parametrize(
    ("before", "asked", "to_card", "to_wallet"),
    [
        ((), 60_00, 60_00, None),
        ((), 70_00, 70_00, None),
        ((), 70_01, 70_00, 1),
        (((70_00, 0),), 30_00, 0, 30_00),
        (((50_00, 0),), 30_00, 20_00, 10_00),
        (((80_00, 10_00),), 20_00, 0, 20_00),
    ],
)
def test_a_refund_goes_to_the_card_first_and_the_residue_into_the_wallet(
    before: tuple[tuple[int, int], ...], asked: int, to_card: int, to_wallet: int | None
) -> None:
    payment = a_payment(100_00, 30_00, *before)
    claim = refund_asked(payment, "rfd_1", _split(usd(asked), *(usd(0),) * 4), NOW)
    assert claim.to_card == usd(to_card)
    assert claim.to_wallet == (None if to_wallet is None else usd(to_wallet))


def test_a_bank_takes_from_the_parts_no_more_than_is_left_of_what_the_card_paid() -> None:
    """70.00 by card, 30.00 by credit: whoever was refunded 70.00 and disputes them too takes them from the platform."""
    price = a_price(100, "US-OR")
    borne = borne_by(price, None, None, usd(70_00), usd(70_00))
    assert (borne.split.total, borne.excess) == (usd(70_00), usd(0))
    returned = goodwill_split(price, None, usd(70_00), BorneBy.ALL)
    again = borne_by(price, returned, None, usd(70_00), usd(0))
    assert (again.split.total, again.excess) == (usd(0), usd(70_00))


def asked(**fields: object) -> CreateBooking:
    return CreateBooking.model_validate({"provider_id": PROVIDER, "use_wallet": True, **fields})


@pytest.mark.parametrize(
    ("price", "balance", "spent"),
    [
        (100_00, 30_00, 30_00),
        (100_00, 99_49, 99_49),
        (100_00, 99_51, 99_50),
        (100_00, 500_00, 99_50),
        (100_00, 0, None),
        (50, 10_00, None),
        (40, 10_00, None),
    ],
)
def test_the_card_keeps_the_least_that_can_be_charged(price: int, balance: int, spent: int | None) -> None:
    items = [None, BalanceItem("usr_1", "BALANCE#USD", balance=balance)]
    found = credit_for(asked(amount=100), usd(price), items)
    assert found == (None if spent is None else usd(spent))


def test_credit_of_another_currency_pays_nothing_and_without_the_word_none_does() -> None:
    items = [BalanceItem("usr_1", "BALANCE#EUR", balance=10_00)]
    assert credit_for(asked(amount=100), usd(100_00), items) is None
    assert credit_for(asked(amount=100, currency="EUR"), Money.of(100_00, "EUR"), items) == Money.of(
        10_00, "EUR"
    )
    assert (
        credit_for(asked(amount=100, currency="EUR", use_wallet=False), Money.of(100_00, "EUR"), items)
        is None
    )


def test_an_offer_s_currency_is_known_before_anything_is_read_and_a_service_s_is_not() -> None:
    assert [key[2] for key in credit_keys(asked(amount=100, currency="EUR"), "usr_1")] == ["BALANCE#EUR"]
    assert len(credit_keys(asked(service_id=new_id("svc")), "usr_1")) == len(SCHEDULES)
    assert credit_keys(asked(amount=100, use_wallet=False), "usr_1") == []


def test_the_least_that_a_card_is_charged_is_stripes() -> None:
    ours = {currency.lower(): schedule.card_minimum_minor for currency, schedule in SCHEDULES.items()}
    assert ours == {currency: _MINIMUMS[currency] for currency in ours}


@pytest.mark.parametrize(
    ("charged", "legs", "amount", "passes_on_the_charge"),
    [
        (100_00, (), 83_81, True),
        (80_00, (), 80_00, True),
        (80_00, (), 80_01, False),
        (80_00, (70_00,), 10_00, True),
        (80_00, (70_00,), 10_01, False),
        (80_00, (90_00,), 80_00, True),
        (None, (), 90_00, True),
        (None, (70_00,), 10_00, False),
    ],
)
def test_a_transfer_passes_on_the_charge_as_long_as_all_of_it_is_within(
    charged: int | None, legs: tuple[int, ...], amount: int, passes_on_the_charge: bool
) -> None:
    transfer = Transfer(
        id=new_id("trf"), booking_id=new_id("bkg"), provider_id=PROVIDER, currency="USD", charge_id="ch_1",
        charged=None if charged is None else usd(charged), created_at=NOW,
        legs=tuple(
            Leg(number=number, amount=usd(leg), stripe_transfer_id=f"tr_{number}", transferred_at=NOW)
            for number, leg in enumerate(legs, 1)
        ),
    )  # fmt: skip
    assert source_of(transfer, usd(amount)) == ("ch_1" if passes_on_the_charge else None)
