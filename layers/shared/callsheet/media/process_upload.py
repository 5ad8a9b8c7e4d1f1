"""A file has arrived: it becomes a picture in three sizes, or it is refused; either way it is not kept.

S3 tells of each object at least once, and a form can be used twice. The asset's state decides: the first content that
ends an upload is the one that counts, and whatever comes later is deleted.
"""

from enum import StrEnum

from callsheet.kernel.principal import Principal
from callsheet.media.deps import MediaDeps
from callsheet.media.events import MediaProcessed, MediaRejected
from callsheet.media.files import (
    Upload,
    delete_upload,
    fetch_upload,
    store_variant,
    upload_key,
    variant_key,
)
from callsheet.media.images import BadImage, drawn_variants
from callsheet.media.model import Asset, MediaStatus, RejectReason, Variant
from callsheet.media.rules import MEDIA, MediaAction, refusal_of_size
from callsheet.media.store import AssetItem, close_upload, stored_asset
from callsheet.platform.stale import Stale
from callsheet.platform.transaction import Transaction


class Processed(StrEnum):
    READY = "ready"
    REJECTED = "rejected"
    LATE = "late"  # the upload had ended before, or there is nothing there any more
    UNKNOWN = "unknown"  # nobody has announced it


def process_upload(key: str, caller: Principal, deps: MediaDeps) -> Processed:
    """One read, the file, three files, one transaction; then the upload is deleted.

    A crash in between leaves the asset waiting: the message comes again and does all of it again, to the same keys.
    """
    stored = stored_asset(key.rpartition("/")[2])
    if stored is None or upload_key(stored.document.user_id, stored.document.id) != key:
        delete_upload(key)
        return Processed.UNKNOWN
    if stored.document.status in MEDIA.terminal:
        delete_upload(key)
        return Processed.LATE
    upload = fetch_upload(key, stored.document.size_bytes)
    if upload is None:
        return Processed.LATE
    try:
        outcome = _take(stored, upload, caller, deps)
    except Stale:
        outcome = Processed.LATE
    delete_upload(key)
    return outcome


def _take(stored: AssetItem, upload: Upload, caller: Principal, deps: MediaDeps) -> Processed:
    """Raises Stale where another delivery has ended the upload meanwhile."""
    try:
        variants = _made(stored.document, upload)
    except BadImage as refusal:
        _reject(stored, upload, refusal.reason, caller, deps)
        return Processed.REJECTED
    asset = _moved(stored.document, MediaAction.PROCESS, etag=upload.etag, variants=variants)
    txn = Transaction(caller, deps.clock.now())
    close_upload(txn, stored, asset)
    largest = variants[0]
    txn.publish(MediaProcessed(**_names(asset), width=largest.width, height=largest.height))
    txn.commit()
    return Processed.READY


def _made(asset: Asset, upload: Upload) -> tuple[Variant, ...]:
    """Check, draw and store. Raises BadImage."""
    refusal = refusal_of_size(len(upload.content), asset)
    if refusal is not None:
        raise BadImage(refusal)
    made = []
    for drawn in drawn_variants(upload.content, asset.content_type):
        key = variant_key(asset, upload.etag, drawn.name)
        store_variant(key, drawn.content)
        made.append(
            Variant(
                name=drawn.name,
                key=key,
                width=drawn.width,
                height=drawn.height,
                size_bytes=len(drawn.content),
            )
        )
    return tuple(made)


def _reject(
    stored: AssetItem, upload: Upload, reason: RejectReason, caller: Principal, deps: MediaDeps
) -> None:
    asset = _moved(stored.document, MediaAction.REJECT, etag=upload.etag, reason=reason)
    txn = Transaction(caller, deps.clock.now())
    close_upload(txn, stored, asset)
    txn.publish(MediaRejected(**_names(asset), reason=reason))
    txn.commit()


def _moved(asset: Asset, action: MediaAction, **changes: object) -> Asset:
    target: MediaStatus = MEDIA.step(asset.status, action, "system").target
    return asset.model_copy(update={"status": target, **changes})


def _names(asset: Asset) -> dict[str, str]:
    return {"media_id": asset.id, "user_id": asset.user_id, "profile_id": asset.profile_id}
