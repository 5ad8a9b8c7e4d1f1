"""What sets a function off: HTTP, a webhook, a minute that has passed, and a file that has arrived."""

import httpx
import pytest

from local.api import Document, items, text
from tests.e2e.cloud import Cloud
from tests.e2e.market import Market, Person, Stripe, an_offer, eventually
from tests.unit.media.pictures import a_file, opened

# The schedule runs once a minute.
SCHEDULED_WITHIN_SECONDS = 100
DAYS_AHEAD = 7


@pytest.fixture(scope="module")
def market(cloud: Cloud) -> Market:
    return Market(cloud)


def test_a_webhook_brings_a_payment_that_we_have_not_seen(market: Market) -> None:
    market.settle()
    client, booking_id = _paid_behind_our_back(market, market.provider())
    market.becomes(booking_id, client, "pending", "authorized")


def test_the_schedule_finds_what_is_due_without_anybody_asking(market: Market) -> None:
    provider = market.provider()  # known to Stripe before its webhooks stay away
    market.settle()
    market.cloud.stripe.set_webhooks(mode="drop")
    try:
        client, booking_id = _paid_behind_our_back(market, provider)
        assert market.states(booking_id, client) == ("pending", "requires_payment")
        market.time_passes_unseen(3 * 60)
        market.becomes(booking_id, client, "pending", "authorized", within_seconds=SCHEDULED_WITHIN_SECONDS)
    finally:
        market.cloud.stripe.set_webhooks(mode="normal")


def test_a_picture_that_is_uploaded_becomes_variants_that_anybody_may_look_at(market: Market) -> None:
    owner, picture = market.provider(), a_file("PNG", (640, 480))
    media_id = _upload(market, owner, picture, announced=len(picture))
    view = _looked_at(market, owner, media_id)
    assert text(view, "status") == "ready"
    variants = items(view, "variants")
    assert [text(variant, "name") for variant in variants] == ["large", "medium", "small"]
    for variant in variants:
        seen = httpx.get(text(variant, "url"), timeout=20, trust_env=False)
        assert (seen.status_code, seen.headers["content-type"]) == (200, "image/jpeg")
        assert opened(seen.content).size == (variant["width"], variant["height"])
    assert text(market.get(f"/v1/media/{media_id}", market.client()), "status") == "ready"


def test_what_is_no_picture_is_refused_however_it_is_named(market: Market) -> None:
    owner = market.provider()
    media_id = _upload(market, owner, b"<script>alert(1)</script>", announced=1000)
    view = _looked_at(market, owner, media_id)
    assert (text(view, "status"), text(view, "reason")) == ("rejected", "wrong_type")
    assert items(view, "variants") == []


def _paid_behind_our_back(market: Market, provider: Person) -> tuple[Person, str]:
    """A booking whose client has just paid in a form of Stripe's."""
    client = market.client()
    offer = an_offer(provider, market.day(DAYS_AHEAD), payment_method=None)
    booking = market.post("/v1/bookings", client, offer)
    Stripe(market.cloud).confirm(text(booking, "payment", "client_secret"))
    return client, text(booking, "id")


def _upload(market: Market, owner: Person, content: bytes, announced: int) -> str:
    """Announce a PNG, and send something in the form that this has given."""
    asked = {"profile_id": owner.profile_id, "content_type": "image/png", "size_bytes": announced}
    media = market.post("/v1/media/uploads", owner, asked)
    form = media["upload"]
    assert isinstance(form, dict)
    fields = form["fields"]
    assert isinstance(fields, dict)
    sent = httpx.post(
        str(form["url"]),
        data={name: str(value) for name, value in fields.items()},
        files={"file": ("picture.png", content)},
        timeout=20,
        trust_env=False,
    )
    assert sent.is_success, sent.text
    return text(media, "id")


def _looked_at(market: Market, owner: Person, media_id: str) -> Document:
    return eventually(
        lambda: market.get(f"/v1/media/{media_id}", owner),
        lambda view: text(view, "status") != "awaiting_upload",
    )
