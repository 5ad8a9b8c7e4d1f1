"""What happens to pictures. Their files are named by nobody but the media domain."""

from typing import Annotated

from pydantic import Field

from callsheet.kernel.events import EventPayload, ProfileRef, UserRef
from callsheet.kernel.ids import id_pattern
from callsheet.media.model import RejectReason

type MediaRef = Annotated[str, Field(pattern=id_pattern("med"))]


class MediaEvent(EventPayload):
    """Which picture, and whose."""

    aggregate_type = "media"

    media_id: MediaRef
    user_id: UserRef
    profile_id: ProfileRef

    def aggregate_id(self) -> str:
        return self.media_id


class MediaProcessed(MediaEvent):
    """It can be shown. `width` and `height` are its largest variant's, in pixels."""

    name = "media.processed"

    width: int
    height: int


class MediaRejected(MediaEvent):
    name = "media.rejected"

    reason: RejectReason


class MediaExpired(MediaEvent):
    """Nothing was uploaded in time."""

    name = "media.expired"
