"""The tour: a client finds a photographer, books, pays, is accepted; the session passes; the money reaches his bank."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from local import clock
from local.api import Api, Document, Method, items, text
from local.place import Place
from local.say import console
from local.show import show_books, show_happened
from local.stack import Stack
from local.trail import Trail

_DAYS_AHEAD = 14
_MOST_WAITS = 3  # a look at once, a newcomer's week, and one to spare
_ROOM_MINUTES = 120  # so that the booking stands in the middle of something free
_WISHED = {
    "q": "portriats",
    "roles": "photographer",
    "languages": "cs",
    "latitude": 45.51,
    "longitude": -122.66,
    "radius_km": 25,
}
_CLIENT: Final = "carla"
_PROVIDER: Final = "pavel"
_ADMIN: Final = "adele"


class TourFailed(RuntimeError):
    """Something was not as the story has it."""


class Story:
    """Tells each step: who does what, the call, the answer in short, and what happened underneath."""

    def __init__(self, place: Place, api: Api) -> None:
        self.place, self.api, self.stack = place, api, api.stack
        self._trail = Trail(api.stack)
        self._trail.look()
        self._steps = 0

    def title(self, words: str) -> None:
        self._steps += 1
        console.print(f"\n[bold]{self._steps}. {words}[/]")

    def call(
        self, user: str, method: Method, path: str, body: Mapping[str, object] | None = None, shown: str = ""
    ) -> Document:
        """Make the call and tell it; `shown` is the call without what nobody reads. Raises Refused."""
        console.print(f"   [cyan]{user}[/]  {method} {shown or path}")
        return self.api.call(method, path, user=user, body=body)

    def answer(self, words: str) -> None:
        console.print(f"   [green]→[/] {words}")

    def underneath(self) -> None:
        """What happened since the last time, once all of it has."""
        clock.settle(self.stack)
        show_happened(self._trail.look())

    def books(self, booking_id: str) -> None:
        """Where the booking's money stands in the ledger."""
        path = f"/v1/admin/ledger/entries?subject={booking_id}"
        show_books(items(self.api.call("GET", path, user=_ADMIN)), self.stack)

    def now(self) -> datetime:
        """The time in the cloud."""
        return datetime.now(UTC) + timedelta(seconds=clock.offset_seconds(self.place))

    def pass_until(self, moment: datetime, hour: str) -> None:
        hours = max(1, -int((self.now() - moment).total_seconds() // 3600))
        console.print(f"   [cyan]make advance HOURS={hours}[/]  [dim]{hour}[/]")
        clock.advance(self.place, self.stack, hours)


def tour(place: Place, stack: Stack) -> None:
    """Play it. Raises TourFailed, or what a step raised."""
    console.rule("[bold]The tour[/]")
    with Api.of(stack) as api:
        story = Story(place, api)
        search(story)
        span = find_somebody(story)
        ask_the_price(story, span)
        booking_id = book(story, span)
        accept(story, booking_id, span)
        let_the_session_pass(story, booking_id, span)
        complete(story, booking_id)
        pay_the_provider(story, booking_id)
        pay_his_bank(story, booking_id)
        look_at_the_books(story, booking_id)


def search(story: Story) -> None:
    """By what he does and where, misspelt; a machine without a search engine leaves it out."""
    if not story.stack.typesense_url:
        return
    story.title("Carla searches for a photographer who speaks Czech, in a hurry")
    clock.settle(story.stack)  # who was published a moment ago is found by now
    query = {**_WISHED, "facets": "role", "sort": "distance"}
    page = story.call(_CLIENT, "GET", f"/v1/search/people?{urlencode(query)}")
    for hit in items(page):
        stars = text(hit, "rating", "average") or "no reviews yet"
        story.answer(
            f"{text(hit, 'title')} · from {money(hit, 'price')} · {text(hit, 'distance_km')} km · {stars}"
        )
    if story.stack.users[_PROVIDER].profile_id not in {text(hit, "id") for hit in items(page)}:
        raise TourFailed(f"Pavel should have been found: {page}")


def find_somebody(story: Story) -> Document:
    """The first span of Pavel's calendar that is free long enough."""
    profile_id = story.stack.users[_PROVIDER].profile_id
    story.title("She looks at what Pavel sells, and when he is free")
    profile = story.call(_CLIENT, "GET", f"/v1/profiles/{profile_id}")
    service = items(profile, "services")[0]
    minutes = int(text(service, "duration_minutes"))
    story.answer(
        f"{text(profile, 'title')} · {text(service, 'title')}, {money(service, 'price')}, {minutes} minutes"
    )
    first_on = story.now().date()
    query = {
        "from": first_on,
        "to": first_on + timedelta(days=_DAYS_AHEAD),
        "minimum_minutes": minutes + _ROOM_MINUTES,
        "zone": text(profile, "zone"),
    }
    path = f"/v1/providers/{profile_id}/availability?{urlencode(query)}"
    free = items(story.call(_CLIENT, "GET", path, shown=path.partition("&")[0]), "free")
    if not free:
        raise TourFailed(f"Pavel has no {minutes + _ROOM_MINUTES} minutes in {_DAYS_AHEAD} days")
    story.answer(f"{len(free)} spans are free; the first is {when(free[0])}")
    starts_at = _full_hour(datetime.fromisoformat(text(free[0], "starts_at")))
    ends_at = starts_at + timedelta(minutes=minutes)
    span: Document = {
        "starts_at": starts_at.isoformat(),
        "ends_at": ends_at.isoformat(),
        "zone": text(profile, "zone"),
    }
    _show_day(story, span, "That day")
    return span


def ask_the_price(story: Story, span: Document) -> None:
    story.title("She asks what it would cost")
    quote = story.call(_CLIENT, "POST", "/v1/quotes", _wish(story, span))
    for line in items(quote, "lines"):
        story.answer(f"{text(line, 'title'):<40} {money(line, 'amount'):>12}")
    story.answer(f"{'Total':<40} {money(quote, 'total'):>12}")


def book(story: Story, span: Document) -> str:
    story.title("She books and pays; her card is authorised, not charged")
    wish = {**_wish(story, span), "payment_method": "pm_card_visa", "note": "Portraits for a new website"}
    booking = story.call(_CLIENT, "POST", "/v1/bookings", wish)
    story.answer(
        f"{text(booking, 'id')} is {text(booking, 'status')}, payment {text(booking, 'payment', 'status')}"
    )
    story.underneath()
    _show_day(story, span, "The same day")
    return text(booking, "id")


def accept(story: Story, booking_id: str, span: Document) -> None:
    story.title("Pavel accepts; now the money is taken")
    _expect(story.call(_PROVIDER, "POST", f"/v1/bookings/{booking_id}/accept"), "accepted", "captured")
    story.answer("accepted, payment captured")
    story.underneath()
    story.books(booking_id)
    _show_day(story, span, "The same day")


def let_the_session_pass(story: Story, booking_id: str, span: Document) -> None:
    story.title("The day comes and goes")
    story.pass_until(
        datetime.fromisoformat(text(span, "ends_at")), f"until the session is over, {when(span)}"
    )
    story.underneath()
    booking = story.call(_CLIENT, "GET", f"/v1/bookings/{booking_id}")
    story.answer(
        f"{text(booking, 'status')}; silence accepts the work at {text(booking, 'acceptance_until')}"
    )


def complete(story: Story, booking_id: str) -> None:
    story.title("Carla is happy and says so")
    _expect(story.call(_CLIENT, "POST", f"/v1/bookings/{booking_id}/complete"), "completed", "captured")
    story.answer("completed: the fees are earned, the provider's money is due")
    story.underneath()
    story.books(booking_id)
    timeline = story.call(_CLIENT, "GET", f"/v1/bookings/{booking_id}/timeline")
    story.answer(" → ".join(text(event, "name") for event in items(timeline)))


def pay_the_provider(story: Story, booking_id: str) -> None:
    """A newcomer's first bookings wait a week (numbers.md); then the money leaves by itself."""
    story.title("Pavel is paid")
    path = f"/v1/bookings/{booking_id}/transfer"
    transfer = story.call(_PROVIDER, "GET", path)
    for _ in range(_MOST_WAITS):
        if text(transfer, "status") != "due":
            break
        looked_at = datetime.fromisoformat(text(transfer, "next_look_at"))
        why = text(transfer, "delay").replace("_", " ") or "due"
        story.answer(f"{why}: the money is looked at on {looked_at:%a %d %b %H:%M}")
        story.pass_until(looked_at, "until then")
        story.underneath()
        transfer = story.call(_PROVIDER, "GET", path)
    if text(transfer, "status") != "transferred":
        raise TourFailed(f"Pavel should have been paid: {transfer}")
    story.answer(f"{money(transfer, 'transferred')} are on his account at Stripe")
    story.books(booking_id)


def pay_his_bank(story: Story, booking_id: str) -> None:
    """Stripe pays out by itself, once a day; its webhooks say how far the money has come."""
    story.title("Stripe pays out to Pavel's bank")
    transferred_at = story.now()
    looked_at, why = _midnight_after(transferred_at), "until Stripe's day of payouts begins"
    payout: Document = {}
    for _ in range(_MOST_WAITS):
        story.pass_until(looked_at, why)
        story.underneath()
        payouts = items(story.call(_PROVIDER, "GET", "/v1/payouts"))
        payout = next((one for one in payouts if _moment(one, "created_at") >= transferred_at), {})
        if not payout or text(payout, "status") == "paid":
            break
        looked_at, why = _moment(payout, "arrives_at"), "until the bank has it"
        story.answer(
            f"{money(payout, 'amount')} are {text(payout, 'status').replace('_', ' ')}, "
            f"there on {looked_at:%a %d %b %H:%M}"
        )
    if text(payout, "status") != "paid":
        raise TourFailed(f"Pavel's bank should have the money: {payout}")
    story.answer(f"{money(payout, 'amount')} are at his bank: paid")
    story.books(booking_id)


def look_at_the_books(story: Story, booking_id: str) -> None:
    story.title("Adele looks at the books")
    entries = story.call(_ADMIN, "GET", f"/v1/admin/ledger/entries?subject={booking_id}")
    for entry in items(entries):
        lines = (f"{text(line, 'account')} {money(line, 'amount')}" for line in items(entry, "postings"))
        story.answer(f"{text(entry, 'cause')}: {', '.join(lines)}")
    balance = story.call(_ADMIN, "GET", "/v1/admin/ledger/trial-balance")
    for total in items(balance, "totals"):
        debit, credit = (int(text(total, side)) / 100 for side in ("debit_minor", "credit_minor"))
        story.answer(f"{text(total, 'currency')}: debits {debit:,.2f} = credits {credit:,.2f}")
    if balance.get("is_balanced") is not True:
        raise TourFailed(f"The ledger does not balance: {balance}")


def when(span: Document) -> str:
    """A span as people read it, in the zone it came in, e.g. `Thu 26 Nov 08:00–10:00`."""
    zone = text(span, "zone")
    starts_at, ends_at = (datetime.fromisoformat(text(span, name)) for name in ("starts_at", "ends_at"))
    if zone:
        starts_at, ends_at = starts_at.astimezone(ZoneInfo(zone)), ends_at.astimezone(ZoneInfo(zone))
    return f"{starts_at:%a %d %b %H:%M}–{ends_at:%H:%M}"


def money(document: Document, name: str) -> str:
    """An amount with two decimals: the demo is in dollars."""
    return f"{int(text(document, name, 'amount_minor')) / 100:,.2f} {text(document, name, 'currency')}"


def _moment(document: Document, name: str) -> datetime:
    return datetime.fromisoformat(text(document, name))


def _midnight_after(moment: datetime) -> datetime:
    """The next start of a day, UTC."""
    return moment.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def _full_hour(moment: datetime) -> datetime:
    """The second full hour from then on."""
    return moment.replace(minute=0, second=0) + timedelta(hours=2 if moment.minute else 1)


def _wish(story: Story, span: Document) -> dict[str, object]:
    pavel = story.stack.users[_PROVIDER]
    return {
        "provider_id": pavel.profile_id,
        "service_id": pavel.service_id,
        "starts_at": span["starts_at"],
        "ends_at": span["ends_at"],
    }


def _show_day(story: Story, span: Document, words: str) -> None:
    """A day of the calendar, an hour a pair of marks: free, or not."""
    zone = text(span, "zone")
    day = datetime.fromisoformat(text(span, "starts_at")).astimezone(ZoneInfo(zone)).date()
    query = urlencode({"from": day, "to": day, "zone": zone})
    path = f"/v1/providers/{story.stack.users[_PROVIDER].profile_id}/availability"
    free = items(story.call(_CLIENT, "GET", f"{path}?{query}", shown=f"{path}?from={day}"), "free")
    spans = [
        (datetime.fromisoformat(text(one, "starts_at")), datetime.fromisoformat(text(one, "ends_at")))
        for one in free
    ]
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
    halves = (midnight + timedelta(minutes=30 * number) for number in range(48))
    marks = "".join("█" if any(start <= half < end for start, end in spans) else "·" for half in halves)
    story.answer(f"{words}: 00 [green]{marks}[/] 24  [dim]█ free, · taken or closed[/]")


def _expect(booking: Document, status: str, payment: str) -> None:
    found = text(booking, "status"), text(booking, "payment", "status")
    if found != (status, payment):
        raise TourFailed(f"The booking should be {status}, its payment {payment}; they are {found}")
