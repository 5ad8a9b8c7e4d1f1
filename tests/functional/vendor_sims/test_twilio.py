"""Twilio's wire format, as its own SDK reads it."""

from datetime import UTC, datetime
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from local.vendor_sims.twilio.account import ACCOUNT_SID, AUTH_TOKEN
from tests.functional.vendor_sims.conftest import Vendors

_FROM, _TO = "+15005550006", "+447700900123"
_CALLBACK = "http://127.0.0.1:8000/twilio/status?booking=1"
_TWIML = "<Response><Say>Your booking starts soon</Say></Response>"


def test_a_message_is_queued_and_then_delivered(vendors: Vendors, twilio: Client) -> None:
    queued = twilio.messages.create(to=_TO, from_=_FROM, body="See you at ten")
    assert (queued.status, queued.direction, queued.num_segments, queued.price) == (
        "queued",
        "outbound-api",
        "1",
        None,
    )
    assert queued.date_created == datetime(2026, 5, 1, 10, 30, tzinfo=UTC)
    assert queued.sid.startswith("SM")
    assert len(queued.sid) == 34
    assert queued.uri == f"/2010-04-01/Accounts/{ACCOUNT_SID}/Messages/{queued.sid}.json"
    vendors.simulator.tick()
    delivered = queued.fetch()
    assert (delivered.status, delivered.price, delivered.error_code) == ("delivered", "-0.00790", None)
    assert delivered.date_sent == datetime(2026, 5, 1, 10, 30, tzinfo=UTC)
    shown = vendors.control("messages")
    assert [(message["to"], message["body"]) for message in shown] == [(_TO, "See you at ten")]


def test_a_messaging_service_chooses_the_sender_later(vendors: Vendors, twilio: Client) -> None:
    accepted = twilio.messages.create(to=_TO, messaging_service_sid="MG" + "0" * 32, body="Hello")
    assert (accepted.status, accepted.from_, accepted.num_segments) == ("accepted", None, "0")
    vendors.simulator.tick()
    assert (accepted.fetch().from_, accepted.fetch().num_segments) == (_FROM, "1")


@pytest.mark.parametrize(
    ("body", "parts"),
    [("a" * 160, "1"), ("a" * 161, "2"), ("€" * 80, "1"), ("€" * 81, "2"), ("я" * 70, "1"), ("я" * 71, "2")],
)
def test_a_long_message_has_parts(twilio: Client, body: str, parts: str) -> None:
    assert twilio.messages.create(to=_TO, from_=_FROM, body=body).num_segments == parts


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (21211, ("+15005550001", _FROM, "x")),
        (21211, ("07700 900123", _FROM, "x")),
        (21612, ("+15005550002", _FROM, "x")),
        (21408, ("+15005550003", _FROM, "x")),
        (21610, ("+15005550004", _FROM, "x")),
        (21614, ("+15005550009", _FROM, "x")),
        (21212, (_TO, "+15005550001", "x")),
        (21606, (_TO, "+15005550007", "x")),
        (21606, (_TO, "+447700900999", "x")),
        (21611, (_TO, "+15005550008", "x")),
        (21604, ("", _FROM, "x")),
        (21603, (_TO, "", "x")),
        (21602, (_TO, _FROM, "")),
        (21617, (_TO, _FROM, "x" * 1601)),
    ],
)
def test_a_message_that_cannot_be_sent(
    vendors: Vendors, twilio: Client, code: int, said: tuple[str, str, str]
) -> None:
    to, from_, body = said
    with pytest.raises(TwilioRestException) as refused:
        twilio.messages.create(to=to, from_=from_, body=body)
    assert (refused.value.status, refused.value.code) == (400, code)
    answer = vendors.simulator.requests[-1]["response"]
    assert isinstance(answer, dict)
    assert set(answer) == {"code", "message", "more_info", "status"}
    assert answer["more_info"] == f"https://www.twilio.com/docs/errors/{code}"
    assert twilio.messages.list() == []


@pytest.mark.parametrize(
    ("to", "code"),
    [
        ("+15005550001", 21217),
        ("+15005550002", 21214),
        ("+15005550003", 21215),
        ("+15005550004", 21216),
        ("", 21201),
    ],
)
def test_a_number_that_cannot_be_called(twilio: Client, to: str, code: int) -> None:
    with pytest.raises(TwilioRestException) as refused:
        twilio.calls.create(to=to, from_=_FROM, twiml=_TWIML)
    assert refused.value.code == code
    assert twilio.calls.list() == []


def test_what_is_not_simulated_is_refused(twilio: Client) -> None:
    with pytest.raises(TwilioRestException, match="MediaUrl"):
        twilio.messages.create(to=_TO, from_=_FROM, body="x", media_url=["https://callsheet.example/a.png"])
    assert twilio.messages.list() == []


def test_a_wrong_token_is_refused(vendors: Vendors, twilio: Client) -> None:
    stranger = Client(ACCOUNT_SID, "wrong")
    stranger.api.base_url = f"{vendors.url}/twilio"
    with pytest.raises(TwilioRestException) as refused:
        stranger.messages.create(to=_TO, from_=_FROM, body="x")
    assert (refused.value.status, refused.value.code) == (401, 20003)
    assert twilio.messages.list() == []


def test_another_account_and_another_message_are_not_found(twilio: Client) -> None:
    with pytest.raises(TwilioRestException) as message:
        twilio.messages("SM" + "0" * 32).fetch()
    with pytest.raises(TwilioRestException) as account:
        twilio.api.v2010.accounts("AC" + "0" * 32).messages.create(to=_TO, from_=_FROM, body="x")
    assert [(one.value.status, one.value.code) for one in (message, account)] == [(404, 20404)] * 2


def test_status_callbacks_are_signed(vendors: Vendors, twilio: Client) -> None:
    sent = twilio.messages.create(to=_TO, from_=_FROM, body="x", status_callback=_CALLBACK)
    deliveries = vendors.deliveries()
    told = [dict(parse_qsl(delivery.payload.decode())) for delivery in deliveries]
    assert [(one["MessageSid"], one["MessageStatus"]) for one in told] == [
        (sent.sid, "sent"),
        (sent.sid, "delivered"),
    ]
    validator = RequestValidator(AUTH_TOKEN)
    for delivery, params in zip(deliveries, told, strict=True):
        signature = delivery.headers()["X-Twilio-Signature"]
        assert validator.validate(delivery.url, params, signature)
        assert not validator.validate(delivery.url, params | {"MessageStatus": "failed"}, signature)


def test_a_message_that_does_not_arrive_says_why(vendors: Vendors, twilio: Client) -> None:
    vendors.control("twilio/outcomes", {"to": _TO, "status": "undelivered", "error_code": 30003})
    sent = twilio.messages.create(to=_TO, from_=_FROM, body="x", status_callback=_CALLBACK)
    last = parse_qs(vendors.deliveries()[-1].payload.decode())
    assert (last["MessageStatus"], last["ErrorCode"]) == (["undelivered"], ["30003"])
    assert (sent.fetch().error_code, sent.fetch().error_message) == (30003, "Unreachable destination handset")


def test_who_has_answered_stop_gets_nothing_until_start(vendors: Vendors, twilio: Client) -> None:
    vendors.control("twilio/opt_outs", {"number": _TO})
    with pytest.raises(TwilioRestException) as refused:
        twilio.messages.create(to=_TO, from_=_FROM, body="x")
    assert refused.value.code == 21610
    assert twilio.messages.list() == []
    vendors.control("twilio/opt_outs", {"number": _TO, "is_opted_out": False})
    assert twilio.messages.create(to=_TO, from_=_FROM, body="x").status == "queued"


def test_messages_come_in_pages_newest_first(twilio: Client) -> None:
    sids = [twilio.messages.create(to=_TO, from_=_FROM, body=str(number)).sid for number in range(5)]
    twilio.messages.create(to="+447700900456", from_=_FROM, body="to somebody else")
    page = twilio.messages.page(to=_TO, page_size=2)
    assert [message.sid for message in page] == [sids[4], sids[3]]
    following = page.next_page()
    assert following is not None
    assert [message.sid for message in following] == [sids[2], sids[1]]
    assert [message.sid for message in following.previous_page()] == [sids[4], sids[3]]
    assert [message.sid for message in twilio.messages.list(to=_TO, page_size=2)] == sids[::-1]


def test_a_call_rings_and_says_what_it_was_given(vendors: Vendors, twilio: Client) -> None:
    call = twilio.calls.create(
        to=_TO,
        from_=_FROM,
        twiml=_TWIML,
        status_callback=_CALLBACK,
        status_callback_event=["initiated", "ringing", "answered", "completed"],
    )
    assert (call.status, call.duration) == ("queued", None)
    told = [dict(parse_qsl(delivery.payload.decode())) for delivery in vendors.deliveries()]
    assert [(one["CallStatus"], one["SequenceNumber"]) for one in told] == [
        ("initiated", "0"),
        ("ringing", "1"),
        ("in-progress", "2"),
        ("completed", "3"),
    ]
    assert told[-1]["Timestamp"] == "Fri, 01 May 2026 10:30:00 +0000"
    assert (call.fetch().status, call.fetch().duration) == ("completed", "12")
    assert [one["twiml"] for one in vendors.control("messages")] == [_TWIML]


def test_a_callback_by_get_is_signed_over_its_whole_url(vendors: Vendors, twilio: Client) -> None:
    vendors.control("twilio/outcomes", {"to": _TO, "status": "no-answer"})
    twilio.calls.create(
        to=_TO, from_=_FROM, twiml=_TWIML, status_callback=_CALLBACK, status_callback_method="GET"
    )
    (delivery,) = vendors.deliveries()
    assert (delivery.method, delivery.payload) == ("GET", b"")
    assert parse_qs(urlsplit(delivery.url).query)["CallStatus"] == ["no-answer"]
    assert RequestValidator(AUTH_TOKEN).validate(delivery.url, {}, delivery.headers()["X-Twilio-Signature"])
