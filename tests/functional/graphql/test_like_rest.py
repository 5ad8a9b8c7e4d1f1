"""GraphQL and REST are two doors to the same operations: what one takes, shows and refuses, so does the other."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from callsheet.kernel.ids import new_id
from tests.functional.graphql.asking import Json, ask, ask_under, code_of, told
from tests.support.gateway import Caller
from tests.support.market import Market
from tests.support.truths import all_bookings

MONEY = "{ amountMinor currency }"
POLICY = "policy { key version bands { hoursBeforeStart clientPercent } }"
BOOKING = f"""
query($id: ID!) {{ booking(id: $id) {{
  id status amount total {MONEY} client {{ id }} provider {{ id }} profileId serviceId startsAt endsAt {POLICY}
  price {{
    lines {{ key title amount {MONEY} }} subtotal {MONEY} serviceTax {MONEY} clientFee {MONEY} feeTax {MONEY}
    total {MONEY} providerFee {MONEY} providerNet {MONEY}
    taxDetails {{
      part amount {MONEY} taxable {MONEY} percentage country state level displayName taxabilityReason
    }}
  }}
  payment {{
    status clientSecret requiresAction captureBefore wallet {MONEY} card {MONEY} refunded {MONEY} refundFailed {MONEY}
    refunds {{ id amount {MONEY} asCredit {MONEY} madeAt failedAt }} lost {MONEY}
  }}
  answerBy acceptanceUntil problemReportedAt cancellation {{ reason cancelledAt refund {MONEY} }} note createdAt
  overtimeMinutes amendmentsTotal {MONEY} amends
}} }}
"""
QUOTE = f"""
query($input: QuoteInput!) {{
  quote(input: $input) {{ total {MONEY} lines {{ kind title amount {MONEY} }} startsAt endsAt {POLICY} }}
}}
"""
CANCEL = f"""
mutation($id: ID!, $reason: String, $percent: Int) {{
  cancelBooking(id: $id, reason: $reason, refundPercent: $percent) {{
    status cancellation {{ reason refund {MONEY} }} payment {{ status refunded {MONEY} }}
  }}
}}
"""
PAGE = """
query($filter: BookingFilter, $limit: Int, $cursor: String) {
  bookingsPage(filter: $filter, limit: $limit, cursor: $cursor) { items { id } nextCursor }
}
"""
TIMELINE = """
query($id: ID!, $limit: Int, $cursor: String) {
  bookingTimeline(id: $id, limit: $limit, cursor: $cursor) {
    items { eventId name version occurredAt actorType actorId payload } nextCursor
  }
}
"""


def snake_keys(value: object) -> object:
    """An answer of GraphQL as REST spells it; a person is known to REST by their id alone."""
    match value:
        case dict():
            named = {re.sub("([A-Z])", r"_\1", str(name)).lower(): one for name, one in value.items()}
            people = {
                f"{name}_id": person["id"]
                for name in ("client", "provider")
                if isinstance(person := named.pop(name, None), dict)
            }
            return {name: snake_keys(one) for name, one in named.items()} | people
        case list():
            return [snake_keys(one) for one in value]
        case _:
            return value


def seen_by_rest(market: Market, path: str, user: Caller) -> Json:
    answer = market.api.call("GET", f"/v1/bookings{path}", user=user)
    assert answer.status == 200, answer.body
    return answer.json()


def ids(page: Json) -> list[str]:
    items = page["items"]
    assert isinstance(items, list)
    return [one["id"] for one in items]


def test_a_booking_says_the_same_at_both_doors(market: Market) -> None:
    booking = market.book(service_id=market.provider.service_id, amount=None, note="Hello")
    for user in (market.carla, market.pavel, Caller(groups=("support",))):
        shown = snake_keys(told(market, BOOKING, user, id=booking["id"]))
        assert shown == seen_by_rest(market, f"/{booking['id']}", user)


def test_a_booking_that_ended_says_the_same_at_both_doors(market: Market) -> None:
    booking = market.book(payment_method=None)
    market.post(f"/v1/bookings/{booking['id']}/cancel")
    shown = snake_keys(told(market, BOOKING, id=booking["id"]))
    assert shown == seen_by_rest(market, f"/{booking['id']}", market.carla)


def test_what_went_back_says_the_same_at_both_doors(market: Market) -> None:
    booking = market.book()
    assert market.as_pavel(booking, "accept").status == 200
    assert market.as_pavel(booking, "cancel").status == 200
    for user in (market.carla, market.pavel):
        shown = snake_keys(told(market, BOOKING, user, id=booking["id"]))
        assert shown == seen_by_rest(market, f"/{booking['id']}", user)
    payment = seen_by_rest(market, f"/{booking['id']}", market.carla)["payment"]
    assert isinstance(payment, dict)
    (refund,) = payment["refunds"]
    assert (refund["amount"], refund["as_credit"], refund["failed_at"]) == (payment["refunded"], None, None)
    assert payment["lost"] is None


def test_what_the_provider_gets_is_not_the_client_s_to_see(market: Market) -> None:
    booking = market.book()
    query = (
        f"query($id: ID!) {{ booking(id: $id) {{ price {{ providerFee {MONEY} providerNet {MONEY} }} }} }}"
    )
    assert told(market, query, id=booking["id"]) == {"price": {"providerFee": None, "providerNet": None}}
    net = told(market, query, market.pavel, id=booking["id"])["price"]
    assert isinstance(net, dict)
    assert None not in net.values()


def test_a_quote_says_the_same_at_both_doors(market: Market) -> None:
    at = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    provider = market.provider
    asked = {"providerId": provider.user.id, "serviceId": provider.service_id, "startsAt": at}
    by_rest = market.post("/v1/quotes", snake_keys(asked)).json()
    assert snake_keys(told(market, QUOTE, input=asked)) == by_rest


def test_an_admin_says_with_a_reason_what_goes_back(market: Market) -> None:
    booking = market.book()
    market.as_pavel(booking, "accept")
    admin = Caller(groups=("admin",))
    asked: Json = {"id": booking["id"], "percent": 100}
    assert code_of(ask(market, CANCEL, reason="Because", **asked)) == "forbidden"
    assert code_of(ask(market, CANCEL, admin, **asked)) == "invalid_request"
    assert code_of(ask(market, CANCEL, admin, reason="x", id=booking["id"], percent=101)) == "invalid_request"
    assert all_bookings()[str(booking["id"])].status == "accepted"
    assert told(market, CANCEL, admin, reason="The studio burnt down", **asked) == {
        "status": "cancelled",
        "cancellation": {"reason": "admin", "refund": {"amountMinor": 95_24, "currency": "USD"}},
        "payment": {"status": "partially_refunded", "refunded": {"amountMinor": 95_24, "currency": "USD"}},
    }
    ended = all_bookings()[str(booking["id"])].cancellation
    assert ended is not None
    assert ended.words == "The studio burnt down"


def test_a_timeline_is_the_one_of_rest_page_by_page(market: Market) -> None:
    booking = market.book()
    market.as_pavel(booking, "accept")
    for user in (market.carla, market.pavel):
        first = told(market, TIMELINE, user, id=booking["id"], limit=3)
        rest = told(market, TIMELINE, user, id=booking["id"], cursor=first["nextCursor"])
        by_rest = seen_by_rest(market, f"/{booking['id']}/timeline", user)
        assert isinstance(first["items"], list)
        assert isinstance(rest["items"], list)
        assert len(first["items"]) == 3
        assert snake_keys([*first["items"], *rest["items"]]) == by_rest["items"]
        assert rest["nextCursor"] is None


def test_a_timeline_is_for_the_parties_and_its_cursor_for_its_caller(market: Market) -> None:
    booking = market.book()
    cursor = told(market, TIMELINE, id=booking["id"], limit=1)["nextCursor"]
    borrowed = ask(market, TIMELINE, market.pavel, id=booking["id"], cursor=cursor)
    assert code_of(borrowed) == "invalid_cursor"
    for asked in (booking["id"], new_id("bkg"), "nonsense", ""):
        refused = ask(market, TIMELINE, market.stranger, id=asked)
        assert code_of(refused) == "not_found"
        assert refused["data"] == {"bookingTimeline": None}


def test_bookings_can_be_narrowed_to_a_span_of_time(market: Market) -> None:
    at = datetime.now(UTC) + timedelta(days=4)
    starts = [at + timedelta(hours=3 * number) for number in range(3)]
    booked = [
        market.book(starts_at=one.isoformat(), ends_at=(one + timedelta(hours=2)).isoformat())["id"]
        for one in starts
    ]
    span = {"startsFrom": starts[1].isoformat(), "startsBefore": starts[2].isoformat()}
    assert ids(told(market, PAGE, filter=span)) == [booked[1]]
    assert ids(told(market, PAGE, filter={"startsFrom": starts[1].isoformat(), "status": "pending"})) == [
        booked[2],
        booked[1],
    ]
    first_page = "query($f: BookingFilter) { bookings(filter: $f) { id } }"
    before = ask(market, first_page, f={"startsBefore": starts[1].isoformat()})
    assert before == {"data": {"bookings": [{"id": booked[0]}]}}


@pytest.mark.parametrize("limit", [0, -1, 101, 2**31 - 1])
def test_a_limit_that_rest_refuses_is_refused(market: Market, limit: int) -> None:
    booking = market.book()
    assert code_of(ask(market, PAGE, limit=limit)) == "invalid_request"
    assert (
        code_of(ask(market, f"{{ bookingsPage(limit: {limit}) {{ items {{ id }} }} }}")) == "invalid_request"
    )
    assert code_of(ask(market, TIMELINE, id=booking["id"], limit=limit)) == "invalid_request"


@pytest.mark.parametrize("given", [{}, {"limit": None}, {"limit": 1}, {"limit": 100}], ids=str)
def test_a_limit_is_one_to_a_hundred_or_left_out(market: Market, given: Json) -> None:
    booking = market.book()
    assert ids(told(market, PAGE, **given)) == [booking["id"]]


def test_each_field_of_a_mutation_has_a_part_of_the_key_for_itself(market: Market) -> None:
    both = """
    mutation($one: CreateBookingInput!, $other: CreateBookingInput!) {
      one: createBooking(input: $one) { id }
      other: createBooking(input: $other) { id }
    }
    """
    asked: Json = {"clientId": market.carla.user_id, "providerId": market.provider.user.id, "amount": 100}
    first = ask_under(market, "k-1", both, one=asked, other={**asked, "amount": 200})
    assert ask_under(market, "k-1", both, one=asked, other={**asked, "amount": 200}) == first
    assert sorted(booking.price.total.whole_units for booking in all_bookings().values()) == [100, 200]
