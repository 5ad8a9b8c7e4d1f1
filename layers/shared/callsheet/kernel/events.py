"""Domain events: facts in the past tense, versioned, without personal data."""

from datetime import datetime
from typing import Annotated, ClassVar, Literal

from pydantic import AwareDatetime, BaseModel, Field

from callsheet.kernel.ids import id_pattern
from callsheet.kernel.models import COMMAND, FROZEN
from callsheet.kernel.principal import Principal

type UserRef = Annotated[str, Field(pattern=id_pattern("usr"))]
type BookingRef = Annotated[str, Field(pattern=id_pattern("bkg"))]
type ProfileRef = Annotated[str, Field(pattern=id_pattern("prf"))]


class EventPayload(BaseModel):
    """Base of every event model: subclasses set `name` and `version` and declare the payload's fields.

    `aggregate_type` names what it is about (`booking`), `aggregate_id()` which one.
    """

    model_config = COMMAND

    name: ClassVar[str]
    version: ClassVar[int] = 1
    aggregate_type: ClassVar[str]
    privacy: ClassVar[Literal["public", "internal"]] = "internal"
    retention: ClassVar[str] = "P10Y"

    def aggregate_id(self) -> str:
        raise NotImplementedError


class Actor(BaseModel):
    model_config = FROZEN

    type: str
    id: str
    role: str | None = None


class Aggregate(BaseModel):
    """What the event is about. `sequence` grows with each event of one aggregate and orders its timeline."""

    model_config = FROZEN

    type: str
    id: str
    sequence: str


class Envelope(BaseModel):
    """What travels: the fact and where it came from. `event_id` survives retries and replays."""

    model_config = FROZEN

    event_id: str
    name: str
    version: int
    occurred_at: AwareDatetime
    emitted_at: AwareDatetime
    source: str
    actor: Actor
    correlation_id: str
    causation_id: str | None = None
    aggregate: Aggregate
    privacy: str
    retention: str
    payload: dict[str, object]


def envelope_of(
    payload: EventPayload, caller: Principal, event_id: str, now: datetime, role: str | None = None
) -> Envelope:
    """Wrap a fact for the outbox. The id is a ULID, so it doubles as the aggregate's sequence."""
    return Envelope(
        event_id=event_id,
        name=payload.name,
        version=payload.version,
        occurred_at=now,
        emitted_at=now,
        source=f"callsheet.{payload.aggregate_type}",
        actor=Actor(type=caller.type, id=caller.id, role=role),
        correlation_id=caller.correlation_id,
        causation_id=caller.causation_id,
        aggregate=Aggregate(type=payload.aggregate_type, id=payload.aggregate_id(), sequence=event_id[4:]),
        privacy=payload.privacy,
        retention=payload.retention,
        payload=payload.model_dump(mode="json"),
    )
