"""SendGrid's wire format, as its own SDK reads it."""

import json
from typing import Any

import pytest
import sendgrid
from python_http_client.exceptions import BadRequestsError, NotFoundError, UnauthorizedError
from sendgrid.helpers.eventwebhook import EventWebhook, EventWebhookHeader
from sendgrid.helpers.mail import Category, CustomArg, Mail, To

from tests.functional.vendor_sims.conftest import Vendors

type Mailer = sendgrid.SendGridAPIClient


def _mail(*to: str) -> Mail:
    mail = Mail(
        "bookings@callsheet.example", [To(one) for one in to], "Tomorrow", "See you at ten", "<p>See you</p>"
    )
    mail.add_category(Category("reminder"))
    mail.add_custom_arg(CustomArg("booking_id", "bkg_1"))
    return mail


def _events(vendors: Vendors) -> list[dict[str, Any]]:
    return [event for delivery in vendors.deliveries() for event in json.loads(delivery.payload)]


def _kinds(vendors: Vendors) -> list[tuple[str, str]]:
    return [(event["email"], event["event"]) for event in _events(vendors)]


def test_a_mail_is_accepted_and_then_delivered(vendors: Vendors, mailer: Mailer) -> None:
    answer = mailer.send(_mail("carla@callsheet.example"))
    assert (answer.status_code, answer.body) == (202, b"")
    processed, delivered = _events(vendors)
    assert (processed["event"], delivered["event"]) == ("processed", "delivered")
    assert delivered["sg_message_id"].startswith(answer.headers["X-Message-Id"] + ".")
    assert (delivered["email"], delivered["booking_id"]) == ("carla@callsheet.example", "bkg_1")
    assert delivered["category"] == ["reminder"]
    assert processed["sg_event_id"] != delivered["sg_event_id"]
    (shown,) = vendors.control("mails")
    assert (shown["to"], shown["subject"], shown["status"]) == (
        "carla@callsheet.example",
        "Tomorrow",
        "delivered",
    )
    assert [content["value"] for content in shown["content"]] == ["See you at ten", "<p>See you</p>"]


def test_events_are_signed_over_the_very_bytes(vendors: Vendors, mailer: Mailer) -> None:
    mailer.send(_mail("carla@callsheet.example"))
    (delivery,) = vendors.deliveries()
    key = json.loads(mailer.client.user.webhooks.event.settings.signed.get().body)["public_key"]
    headers, webhook = delivery.headers(), EventWebhook(key)
    signature, timestamp = headers[EventWebhookHeader.SIGNATURE], headers[EventWebhookHeader.TIMESTAMP]
    payload = delivery.payload.decode()
    assert webhook.verify_signature(payload, signature, timestamp)
    assert not webhook.verify_signature(json.dumps(json.loads(payload)), signature, timestamp)
    assert not webhook.verify_signature(payload, signature, "1")


def test_an_address_that_has_bounced_is_dropped_until_it_is_taken_off(
    vendors: Vendors, mailer: Mailer
) -> None:
    address = "nobody@bounce.example"
    mailer.send(_mail(address))
    processed, bounce = _events(vendors)
    assert (processed["event"], bounce["event"], bounce["type"], bounce["status"]) == (
        "processed",
        "bounce",
        "bounce",
        "5.1.1",
    )
    assert mailer.send(_mail(address)).status_code == 202
    (dropped,) = _events(vendors)
    assert (dropped["event"], dropped["reason"]) == ("dropped", "Bounced Address")
    bounces = mailer.client.suppression.bounces
    (entry,) = json.loads(bounces.get().body)
    assert (entry["email"], entry["created"], entry["status"]) == (address, bounce["timestamp"], "5.1.1")
    assert json.loads(bounces._(address).get().body) == [entry]
    assert bounces._(address).delete().status_code == 204
    assert json.loads(bounces.get().body) == []
    with pytest.raises(NotFoundError):
        bounces._(address).delete()
    mailer.send(_mail(address))
    assert [kind for _, kind in _kinds(vendors)] == ["processed", "bounce"]


def test_bounces_are_deleted_by_name_or_all(vendors: Vendors, mailer: Mailer) -> None:
    mailer.send(_mail("a@bounce.example", "b@bounce.example", "c@bounce.example"))
    vendors.simulator.tick()
    bounces = mailer.client.suppression.bounces

    def left() -> list[str]:
        return [entry["email"] for entry in json.loads(bounces.get().body)]

    with pytest.raises(BadRequestsError):
        bounces.delete(request_body={})
    assert left() == ["c@bounce.example", "b@bounce.example", "a@bounce.example"]
    bounces.delete(request_body={"emails": ["b@bounce.example"]})
    assert left() == ["c@bounce.example", "a@bounce.example"]
    bounces.delete(request_body={"delete_all": True})
    assert left() == []


def test_a_mail_that_is_blocked_once_is_tried_again(vendors: Vendors, mailer: Mailer) -> None:
    vendors.control("sendgrid/outcomes", {"email": "Carla@callsheet.example", "outcome": "blocked"})
    mailer.send(_mail("carla@callsheet.example"))
    assert [(event["event"], event.get("type")) for event in _events(vendors)] == [
        ("processed", None),
        ("bounce", "blocked"),
    ]
    vendors.control("sendgrid/outcomes", {"email": "carla@callsheet.example", "outcome": None})
    mailer.send(_mail("carla@callsheet.example"))
    assert [kind for _, kind in _kinds(vendors)] == ["processed", "delivered"]


@pytest.mark.parametrize(
    ("event", "name", "reason"),
    [
        ("spamreport", "spam_reports", "Spam Reporting Address"),
        ("unsubscribe", "unsubscribes", "Unsubscribed Address"),
    ],
)
def test_who_wants_no_more_mail_gets_none(
    vendors: Vendors, mailer: Mailer, event: str, name: str, reason: str
) -> None:
    mailer.send(_mail("carla@callsheet.example"))
    vendors.deliveries()
    vendors.control("sendgrid/events", {"email": "carla@callsheet.example", "event": event})
    assert _kinds(vendors) == [("carla@callsheet.example", event)]
    mailer.send(_mail("carla@callsheet.example"))
    assert [(told["event"], told["reason"]) for told in _events(vendors)] == [("dropped", reason)]
    (entry,) = json.loads(mailer.client.suppression._(name).get().body)
    assert entry["email"] == "carla@callsheet.example"


def test_sandbox_mode_checks_and_sends_nothing(vendors: Vendors, mailer: Mailer) -> None:
    body = _mail("carla@callsheet.example").get() | {"mail_settings": {"sandbox_mode": {"enable": True}}}
    assert mailer.client.mail.send.post(request_body=body).status_code == 200
    assert (vendors.deliveries(), vendors.control("mails")) == ([], [])


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        ({"personalizations": []}, "personalizations", "must have at least one personalization"),
        ({"personalizations": [{"to": []}]}, "personalizations.0.to", "The to array is required"),
        (
            {"personalizations": [{"to": [{"email": "carla"}]}]},
            "personalizations.0.to.0.email",
            "valid address",
        ),
        (
            {"personalizations": [{"to": [{"email": "a@b.example"}], "cc": [{"email": "A@b.example"}]}]},
            "personalizations.0",
            "should be unique between to, cc, and bcc",
        ),
        ({"from": {"email": ""}}, "from.email", "The from object must be provided"),
        ({"from": {"email": "x"}}, "from.email", "does not contain a valid address"),
        ({"subject": ""}, "subject", "The subject is required"),
        ({"content": []}, "content", "the content parameter is required"),
        ({"content": [{"type": "text/plain", "value": ""}]}, "content.0.value", "at least one character"),
        (
            {"content": [{"type": "text/html", "value": "x"}, {"type": "text/plain", "value": "x"}]},
            "content",
            "text/plain must be first",
        ),
        ({"categories": ["a", "a"]}, "categories", "duplicate categories"),
        ({"headers": {"Subject": "x"}}, "headers.Subject", "may not include"),
        ({"subject": 7}, "subject", "Expected: string, given: integer"),
        ({"send_at": 1}, "send_at", "Additional property send_at is not allowed"),
        ({"mail_settings": {"footer": {"enable": True}}}, "mail_settings.footer", "not allowed"),
    ],
)
def test_a_mail_that_makes_no_sense(
    vendors: Vendors, mailer: Mailer, change: dict[str, object], field: str, message: str
) -> None:
    with pytest.raises(BadRequestsError) as refused:
        mailer.client.mail.send.post(request_body=_mail("carla@callsheet.example").get() | change)
    (error,) = json.loads(refused.value.body)["errors"]
    assert set(error) == {"message", "field", "help"}
    assert error["field"] == field
    assert message in error["message"]
    assert (vendors.deliveries(), vendors.control("mails")) == ([], [])


def test_a_wrong_key_is_refused(vendors: Vendors) -> None:
    stranger = sendgrid.SendGridAPIClient("SG.wrong", host=f"{vendors.url}/sendgrid")
    with pytest.raises(UnauthorizedError) as refused:
        stranger.send(_mail("carla@callsheet.example"))
    (error,) = json.loads(refused.value.body)["errors"]
    assert error["message"] == "The provided authorization grant is invalid, expired, or revoked"
    assert vendors.control("mails") == []
