"""Which of a client's credit is money they had paid: gifts are spent first, and never become money."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from callsheet.kernel.money import Money
from callsheet.wallet.lines import Line, LineKind
from callsheet.wallet.own_money import OwnMoney, own_money

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
CAUSES = {
    LineKind.RETURNED: "returned",
    LineKind.REFUND_RESIDUE: "refund",
    LineKind.REFUND_FAILED: "refund_failed",
}

type Move = tuple[LineKind, int, str]  # why, how much, of which booking, which is its refund as well


def lines_of(*moves: Move, at_once: bool = False) -> list[Line]:
    return [
        Line(
            cause=f"{CAUSES.get(kind, kind)}:{of}",
            subject=of,
            kind=kind,
            amount=Money.of(minor, "USD"),
            moved_at=NOW if at_once else NOW + timedelta(seconds=number),
        )
        for number, (kind, minor, of) in enumerate(moves)
    ]


def played(*moves: Move, at_once: bool = False) -> OwnMoney:
    return own_money(reversed(lines_of(*moves, at_once=at_once)), "USD")


def test_gifts_are_spent_first_and_a_later_gift_fills_nothing_up() -> None:
    failed, gift = (LineKind.REFUND_FAILED, 100, "rfd_1"), (LineKind.GOODWILL, 50, "wcr_1")
    spent = (LineKind.SPENT, -60, "bkg_1")
    assert played(failed).left_minor == 100
    assert played(failed, gift, spent).left_minor == 90
    assert played(failed, spent, gift).left_minor == 40
    assert played(spent, gift, failed, at_once=True).left_minor == 90, "of one moment what brings comes first"
    assert own_money(lines_of(failed), "EUR") == OwnMoney(0, {}, {})


def test_what_comes_back_is_what_it_was() -> None:
    failed, gift = (LineKind.REFUND_FAILED, 100, "rfd_1"), (LineKind.REFERRAL, 50, "wcr_1")
    spent = (LineKind.SPENT, -150, "bkg_1")
    assert played(failed, gift, spent).left_minor == 0
    assert played(failed, gift, spent, (LineKind.RETURNED, 150, "bkg_1")).left_minor == 100
    assert played(failed, gift, spent, (LineKind.REFUND_RESIDUE, 50, "bkg_1")).left_minor == 0
    assert played(failed, gift, spent, (LineKind.REFUND_RESIDUE, 80, "bkg_1")).left_minor == 30


def test_what_a_lost_dispute_kept_from_the_card_is_their_own_beyond_what_credit_had_paid() -> None:
    gift, spent = (LineKind.GOODWILL, 30, "wcr_1"), (LineKind.SPENT, -30, "bkg_1")
    own = played(gift, spent, (LineKind.REFUND_RESIDUE, 80, "bkg_1"))
    assert (own.left_minor, own.by_refund) == (50, {"bkg_1": 50})


GIFTS = frozenset({LineKind.GOODWILL, LineKind.REFERRAL})


@settings(max_examples=60)
@given(st.data())
def test_it_is_never_more_than_is_there_nor_than_refunds_have_brought(data: st.DataObject) -> None:
    """Whatever is spent, comes back, and is paid out: what was given stays a gift."""
    moves: list[Move] = []
    balance, spent, brought, cashed = 0, Counter[str](), 0, 0
    for number in range(data.draw(st.integers(1, 12))):
        kind = data.draw(st.sampled_from([*GIFTS, LineKind.SPENT, LineKind.REFUND_FAILED, "back", "bank"]))
        if kind == "back":
            of = data.draw(st.sampled_from(sorted(spent) or [""]))
            minor = data.draw(st.integers(0, spent[of]))
            spent[of] -= minor
            move = (LineKind.REFUND_RESIDUE, minor, of)
        elif kind == "bank":
            minor = -data.draw(st.integers(0, played(*moves).left_minor))
            cashed -= minor
            move = (LineKind.CASHED_OUT, minor, "wco_1")
        elif kind == LineKind.SPENT:
            minor = -data.draw(st.integers(0, balance))
            spent[f"bkg_{number}"] = -minor
            move = (LineKind.SPENT, minor, f"bkg_{number}")
        else:
            minor = data.draw(st.integers(1, 100))
            brought += minor if kind == LineKind.REFUND_FAILED else 0
            move = (LineKind(kind), minor, f"rfd_{number}")
        moves.append(move)
        balance += minor
        left = played(*moves).left_minor
        assert 0 <= left <= min(balance, brought - cashed)
