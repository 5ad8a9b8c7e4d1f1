"""Events of a booking as its outbox writes them and the queue brings them."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime

from callsheet.bookings.events import BookingAccepted, BookingCancelled
from callsheet.bookings.rules import CancelReason
from callsheet.connect.events import PayoutAccountRestricted
from callsheet.connect.model import RestrictionReason
from callsheet.kernel.events import Envelope, EventPayload, envelope_of
from callsheet.kernel.ids import new_id
from callsheet.kernel.principal import ActorType, Principal
from functions.notifications.notify_parties import handler
from tests.support.gateway import Caller

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Parties:
    """Carla has booked Pavel."""

    carla: Caller = field(default_factory=lambda: Caller(groups=("client",)))
    pavel: Caller = field(default_factory=lambda: Caller(groups=("provider",)))
    booking_id: str = field(default_factory=lambda: new_id("bkg"))

    def accepted(self) -> Envelope:
        return self._told_by(
            self.pavel, BookingAccepted.model_validate({**self._about(), "starts_at": None, "ends_at": None})
        )

    def cancelled(self, by: Caller) -> Envelope:
        about = {**self._about(), "reason": CancelReason.ADMIN, "refund": None}
        return self._told_by(by, BookingCancelled.model_validate(about))

    def restricted(self) -> Envelope:
        """Stripe no longer pays Pavel."""
        about = PayoutAccountRestricted(user_id=self.pavel.user_id, reason=RestrictionReason.REQUIREMENTS_DUE)
        return envelope_of(about, Principal("connect.check_account", ActorType.SYSTEM), new_id("evt"), NOW)

    def _about(self) -> dict[str, object]:
        return {
            "booking_id": self.booking_id,
            "client_id": self.carla.user_id,
            "provider_id": self.pavel.user_id,
            "profile_id": new_id("prf"),
        }

    def _told_by(self, caller: Caller, payload: EventPayload) -> Envelope:
        return envelope_of(payload, Principal(caller.user_id, correlation_id="c-1"), new_id("evt"), NOW)


def message_of(event: Envelope, **changes: object) -> dict[str, str]:
    """SQS's record of an event; `changes` are fields of the envelope."""
    body = {
        "id": new_id("bus"),
        "detail-type": event.name,
        "source": event.source,
        "detail": {**event.model_dump(mode="json"), **changes},
    }
    return {"messageId": event.event_id, "body": json.dumps(body)}


def deliver(*messages: dict[str, str]) -> list[str]:
    """Run the consumer on one batch; the ids of the messages that go back to the queue."""
    answer = handler({"Records": list(messages)}, None)
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]
