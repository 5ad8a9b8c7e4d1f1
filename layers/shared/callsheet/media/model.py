"""Pictures as they are stored, asked for and shown."""

from enum import StrEnum

from pydantic import AwareDatetime, BaseModel, Field

from callsheet.kernel.events import ProfileRef
from callsheet.kernel.models import COMMAND, FROZEN

MAX_UPLOAD_BYTES = 20 * 1024 * 1024


class ContentType(StrEnum):
    """What may be uploaded. What is served is always JPEG."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"


class MediaStatus(StrEnum):
    AWAITING_UPLOAD = "awaiting_upload"
    READY = "ready"
    REJECTED = "rejected"
    EXPIRED = "expired"


class RejectReason(StrEnum):
    """Why an upload was not taken."""

    TOO_LARGE = "too_large"  # in bytes
    WRONG_TYPE = "wrong_type"  # another one than announced, or none that we take
    TOO_MANY_PIXELS = "too_many_pixels"
    UNREADABLE = "unreadable"  # damaged, or cut off


class VariantName(StrEnum):
    """Sizes by their longer edge; the figures stand in `rules.py`."""

    LARGE = "large"
    MEDIUM = "medium"
    SMALL = "small"


class CreateUpload(BaseModel):
    """A picture for one of the caller's profiles is about to be uploaded."""

    model_config = COMMAND

    profile_id: ProfileRef
    content_type: ContentType
    size_bytes: int = Field(
        strict=True, ge=1, le=MAX_UPLOAD_BYTES, description="The upload may not be larger"
    )


class Variant(BaseModel):
    """A file made of an upload; `key` is where it lies in the bucket `media`."""

    model_config = FROZEN

    name: VariantName
    key: str
    width: int
    height: int
    size_bytes: int


class Asset(BaseModel):
    """A picture as it is stored. `etag` is the content that was taken, or refused."""

    model_config = FROZEN

    id: str
    user_id: str
    profile_id: str
    content_type: ContentType
    size_bytes: int
    status: MediaStatus = MediaStatus.AWAITING_UPLOAD
    created_at: AwareDatetime
    upload_until: AwareDatetime
    etag: str | None = None
    reason: RejectReason | None = None
    variants: tuple[Variant, ...] = ()


class PresignedPost(BaseModel):
    """A form (multipart/form-data) to send to `url`: these fields first, then the file as `file`."""

    model_config = FROZEN

    url: str
    fields: dict[str, str]


class MediaUploadView(BaseModel):
    """Where to send the picture, and until when."""

    model_config = FROZEN

    id: str
    status: MediaStatus
    upload: PresignedPost
    upload_until: AwareDatetime


class VariantView(BaseModel):
    """One size of a picture. `url` is good for a few minutes."""

    model_config = FROZEN

    name: VariantName
    url: str
    width: int
    height: int


class MediaView(BaseModel):
    """A picture and what has become of it."""

    model_config = FROZEN

    id: str
    user_id: str
    profile_id: str
    status: MediaStatus
    reason: RejectReason | None = None
    variants: tuple[VariantView, ...]
    created_at: AwareDatetime
