"""What the catalogue tells the rest; titles are read where they are kept."""

from typing import Annotated

from pydantic import Field

from callsheet.catalogue.details import ProfileRole
from callsheet.catalogue.model import JURISDICTION
from callsheet.kernel.events import EventPayload, ProfileRef, UserRef
from callsheet.kernel.ids import id_pattern
from callsheet.kernel.money import Money

type ServiceRef = Annotated[str, Field(pattern=id_pattern("svc"))]


class ProfileEvent(EventPayload):
    """Which profile, whose, at which version: readers fetch it, and pass over what is older than what they have."""

    aggregate_type = "profile"

    profile_id: ProfileRef
    user_id: UserRef
    role: ProfileRole
    profile_version: int | None = Field(default=None, ge=0, description="Absent in events of before 2026-12")

    def aggregate_id(self) -> str:
        return self.profile_id


class ProfileCreated(ProfileEvent):
    """A draft: nobody but its owner sees it."""

    name = "profile.created"

    jurisdiction: Annotated[str, Field(pattern=JURISDICTION)]


class ProfileUpdated(ProfileEvent):
    """What it shows has changed; `is_published` says whether to everybody."""

    name = "profile.updated"

    is_published: bool


class ProfilePublished(ProfileEvent):
    name = "profile.published"


class ProfileUnpublished(ProfileEvent):
    """From now on it cannot be booked; what is booked stays."""

    name = "profile.unpublished"


class ConductChanged(EventPayload):
    """How reliably its bookings go is another figure: nobody's to read but the search's."""

    name = "profile.conduct_changed"
    aggregate_type = "profile"

    profile_id: ProfileRef

    def aggregate_id(self) -> str:
        return self.profile_id


class ServiceEvent(EventPayload):
    aggregate_type = "service"

    service_id: ServiceRef
    profile_id: ProfileRef
    user_id: UserRef
    price: Money
    duration_minutes: int
    profile_version: int | None = Field(default=None, ge=0, description="Absent in events of before 2026-12")

    def aggregate_id(self) -> str:
        return self.service_id


class ServiceCreated(ServiceEvent):
    name = "service.created"


class ServiceChanged(ServiceEvent):
    """It is another one now, or with `is_active` false none that can be booked; what is booked stays."""

    name = "service.changed"

    is_active: bool
