"""What becomes of an upload, who sees it, and how large its variants are: pure decisions."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

from callsheet.kernel.principal import Principal
from callsheet.kernel.states import StateTable, Transition
from callsheet.media.model import Asset, ContentType, MediaStatus, RejectReason, VariantName

# The form is good for this long; what is not processed by EXPIRES_AFTER never will be.
UPLOAD_WITHIN = timedelta(minutes=15)
EXPIRES_AFTER = timedelta(hours=1)
# numbers.md, "Limits".
MAX_OPEN_UPLOADS = 10
# 40 million pixels are 120 MB in memory, and more than the sensors of most cameras have.
MAX_PIXELS = 40_000_000
LONG_EDGES: Mapping[VariantName, int] = {
    VariantName.LARGE: 2048,
    VariantName.MEDIUM: 1024,
    VariantName.SMALL: 320,
}
FORMATS: Mapping[ContentType, str] = {
    ContentType.JPEG: "JPEG",
    ContentType.PNG: "PNG",
    ContentType.WEBP: "WEBP",
}
UPLOAD_DEADLINE = "media.upload"


class MediaAction(StrEnum):
    PROCESS = "process"
    REJECT = "reject"
    EXPIRE = "expire"


_SYSTEM = frozenset({"system"})
_WAITING = MediaStatus.AWAITING_UPLOAD

MEDIA: StateTable[MediaStatus, MediaAction] = StateTable(
    name="media",
    initial=frozenset({_WAITING}),
    terminal=frozenset({MediaStatus.READY, MediaStatus.REJECTED, MediaStatus.EXPIRED}),
    transitions=(
        Transition(
            action=MediaAction.PROCESS, source=_WAITING, target=MediaStatus.READY, who=_SYSTEM,
            condition="the upload is the picture that was announced", effects=("store variants", "delete the upload"),
        ),
        Transition(
            action=MediaAction.REJECT, source=_WAITING, target=MediaStatus.REJECTED, who=_SYSTEM,
            condition="the upload is none that we take", effects=("delete the upload",),
        ),
        Transition(
            action=MediaAction.EXPIRE, source=_WAITING, target=MediaStatus.EXPIRED, who=_SYSTEM,
            condition="an hour after it was announced", effects=("delete the upload",),
        ),
    ),
)  # fmt: skip


def is_visible(asset: Asset, caller: Principal) -> bool:
    """What is ready is there to be looked at by whoever is signed in; the rest is its owner's alone."""
    return asset.status is MediaStatus.READY or asset.user_id == caller.id


def refusal_of_size(size_bytes: int, asset: Asset) -> RejectReason | None:
    """S3 holds uploads to the announced size; this holds S3 to it."""
    return RejectReason.TOO_LARGE if size_bytes > asset.size_bytes else None


def fitted(width: int, height: int, long_edge: int) -> tuple[int, int]:
    """The size in which a picture's longer edge is at most `long_edge`; never larger than it was, never empty."""
    longest = max(width, height)
    if longest <= long_edge:
        return width, height
    return max(1, round(width * long_edge / longest)), max(1, round(height * long_edge / longest))
