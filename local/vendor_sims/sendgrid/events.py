"""What SendGrid tells about a mail to one recipient (SendGrid, "Event Webhook Reference")."""

from dataclasses import dataclass

from local.vendor_sims.wire import Json, Obj, token

_BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_BOUNCED = "550 5.1.1 The email account that you tried to reach does not exist."
_BLOCKED = "550 5.7.1 Message rejected by the receiving server."
_DROPPED = {
    "bounces": "Bounced Address",
    "spam_reports": "Spam Reporting Address",
    "unsubscribes": "Unsubscribed Address",
}


def message_id() -> str:
    """As `X-Message-Id` has it."""
    return token(22, _BASE64URL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One mail to one recipient."""

    message_id: str
    number: int
    email: str
    categories: tuple[str, ...]
    custom_args: tuple[tuple[str, str], ...]

    def event(self, kind: str, timestamp: int, **more: Json) -> Obj:
        """Custom arguments stand beside the event's own fields, which they cannot replace."""
        event: Obj = dict(self.custom_args)
        if self.categories:
            event["category"] = list(self.categories)
        return event | {
            "email": self.email,
            "timestamp": timestamp,
            "smtp-id": f"<{self.message_id}@geopod-ismtpd-0>",
            "event": kind,
            "sg_event_id": token(22, _BASE64URL),
            "sg_message_id": f"{self.message_id}.recvd-0-{self.number}.0",
            **more,
        }

    def processed(self, timestamp: int) -> Obj:
        return self.event("processed", timestamp, send_at=timestamp)

    def delivered(self, timestamp: int) -> Obj:
        return self.event("delivered", timestamp, ip="127.0.0.1", response="250 2.0.0 OK", tls=1)

    def bounced(self, timestamp: int) -> Obj:
        """A hard bounce: the address is suppressed from now on."""
        return self.event(
            "bounce",
            timestamp,
            ip="127.0.0.1",
            reason=_BOUNCED,
            status="5.1.1",
            type="bounce",
            bounce_classification="Invalid Address",
            tls=1,
        )

    def blocked(self, timestamp: int) -> Obj:
        """Refused this time; nothing is suppressed."""
        return self.event(
            "bounce",
            timestamp,
            ip="127.0.0.1",
            reason=_BLOCKED,
            status="5.7.1",
            type="blocked",
            bounce_classification="Content",
            tls=1,
        )

    def dropped(self, timestamp: int, suppressed_by: str) -> Obj:
        """Not even tried, because the address is on a list."""
        return self.event("dropped", timestamp, reason=_DROPPED[suppressed_by], status="5.0.0")

    def spam_reported(self, timestamp: int) -> Obj:
        return self.event("spamreport", timestamp)

    def unsubscribed(self, timestamp: int) -> Obj:
        return self.event("unsubscribe", timestamp)
