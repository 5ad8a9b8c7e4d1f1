"""What providers are paid: the same at both doors, and read together for a page of bookings."""

from datetime import UTC, datetime, timedelta

import pytest

from callsheet.gateways.payouts import BankPayoutStatus, PayoutFailure, PayoutMethod
from callsheet.kernel.ids import new_id
from callsheet.kernel.money import Money
from callsheet.kernel.principal import system
from callsheet.platform.transaction import Transaction
from callsheet.transfers.bank_payouts import BankPayout
from callsheet.transfers.payout_store import save_payout
from tests.functional.graphql.asking import Json, ask, code_of, told
from tests.functional.graphql.test_like_rest import ids, snake_keys
from tests.support.calls import calls
from tests.support.gateway import Caller
from tests.support.market import Market

MONEY = "{ amountMinor currency }"
TRANSFERS = f"""
query($limit: Int, $cursor: String) {{ transfers(limit: $limit, cursor: $cursor) {{
  items {{
    id bookingId status transferred {MONEY} reserved {MONEY} reserveUntil netted {MONEY} dueAt delay nextLookAt
    legs {{ amount {MONEY} reversed {MONEY} transferredAt }} createdAt
  }}
  nextCursor
}} }}
"""
PAYOUTS = f"""
query($limit: Int) {{ payouts(limit: $limit) {{
  items {{ id amount {MONEY} fee {MONEY} status method arrivesAt failure createdAt }} nextCursor
}} }}
"""
PAGE = "query($party: Party) { bookingsPage(filter: { party: $party }) { items { id transfer { status } } } }"
ONE = "query($id: ID!) { booking(id: $id) { transfer { status } } }"


def accepted(market: Market, days: int = 3) -> Json:
    starts_at = datetime.now(UTC) + timedelta(days=days)
    span = {"starts_at": starts_at.isoformat(), "ends_at": (starts_at + timedelta(hours=2)).isoformat()}
    booking = market.book(**span)
    assert market.as_pavel(booking, "accept").status == 200
    return booking


def by_rest(market: Market, path: str) -> Json:
    answer = market.api.call("GET", path, user=market.pavel)
    assert answer.status == 200, answer.body
    return answer.json()


def test_transfers_say_the_same_at_both_doors_page_by_page(market: Market) -> None:
    booked = [str(accepted(market, days)["id"]) for days in (3, 4, 5)]
    first = told(market, TRANSFERS, market.pavel, limit=2)
    rest = told(market, TRANSFERS, market.pavel, limit=2, cursor=first["nextCursor"])
    together = {"items": [*_items(first), *_items(rest)], "nextCursor": rest["nextCursor"]}
    assert snake_keys(together) == by_rest(market, "/v1/transfers")
    assert [one["bookingId"] for one in _items(together)] == booked[::-1]
    assert {one["status"] for one in _items(together)} == {"waiting"}


def test_payouts_say_the_same_at_both_doors(market: Market) -> None:
    now = datetime.now(UTC)
    payout = BankPayout(
        id=new_id("pay"), provider_id=market.pavel.user_id, account_id="acct_1", stripe_payout_id="po_1",
        amount=Money.of(8_381, "USD"), status=BankPayoutStatus.FAILED, method=PayoutMethod.STANDARD,
        created_at=now, arrives_at=now, failure=PayoutFailure.ACCOUNT_CLOSED,
    )  # fmt: skip
    txn = Transaction(system("transfers.check_payouts"), now)
    save_payout(txn, None, payout)
    txn.commit()
    shown = told(market, PAYOUTS, market.pavel, limit=2)
    assert snake_keys(shown) == by_rest(market, "/v1/payouts")
    assert ids(shown) == [payout.id]
    assert _items(shown)[0]["failure"] == "account_closed"


def test_a_page_of_bookings_reads_its_transfers_in_one_batch(market: Market) -> None:
    for days in (3, 4, 5):
        accepted(market, days)
    market.book(starts_at=None, ends_at=None)
    ask(market, PAGE, market.pavel, party="provider")  # from now on nothing is read for the first time
    with calls() as made:
        page = told(market, PAGE, market.pavel, party="provider")
    assert [one["transfer"] for one in _items(page)].count({"status": "waiting"}) == 3
    assert [one["transfer"] for one in _items(page)].count(None) == 1
    assert made.count("BatchGetItem") == 2, "the payments of the page, and its transfers"


def test_what_a_provider_gets_is_for_them_and_for_staff(market: Market) -> None:
    booking = accepted(market)
    shown = {"transfer": {"status": "waiting"}}
    assert told(market, ONE, market.pavel, id=booking["id"]) == shown
    assert told(market, ONE, Caller(groups=("finance",)), id=booking["id"]) == shown
    assert told(market, ONE, market.carla, id=booking["id"]) == {"transfer": None}


@pytest.mark.parametrize("query", [TRANSFERS, PAYOUTS])
def test_a_client_is_paid_nothing(market: Market, query: str) -> None:
    assert code_of(ask(market, query, market.carla, limit=2)) == "forbidden"


def test_a_cursor_is_for_its_caller_and_its_list(market: Market) -> None:
    for days in (3, 4):
        accepted(market, days)
    cursor = told(market, TRANSFERS, market.pavel, limit=1)["nextCursor"]
    other = Caller(groups=("provider",))
    assert code_of(ask(market, TRANSFERS, other, limit=1, cursor=cursor)) == "invalid_cursor"
    payouts = "query($c: String) { payouts(cursor: $c) { items { id } } }"
    assert code_of(ask(market, payouts, market.pavel, c=cursor)) == "invalid_cursor"
    too_many = "{ transfers(limit: 101) { items { id } } }"
    assert code_of(ask(market, too_many, market.pavel)) == "invalid_request"


def _items(page: Json) -> list[Json]:
    items = page["items"]
    assert isinstance(items, list)
    return items
