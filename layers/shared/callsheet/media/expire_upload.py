"""An hour has passed: an upload that nobody has finished is given up."""

from callsheet.kernel.principal import Principal
from callsheet.media.deps import MediaDeps
from callsheet.media.events import MediaExpired
from callsheet.media.files import delete_upload, upload_key
from callsheet.media.rules import EXPIRES_AFTER, MEDIA, MediaAction
from callsheet.media.store import close_upload, stored_asset
from callsheet.platform.stale import decided_anew
from callsheet.platform.transaction import Transaction


def expire_upload(media_id: str, caller: Principal, deps: MediaDeps) -> bool:
    """False where the upload has ended before, or its hour is not over yet."""
    return decided_anew(lambda: _expire(media_id, caller, deps))


def _expire(media_id: str, caller: Principal, deps: MediaDeps) -> bool:
    stored, now = stored_asset(media_id), deps.clock.now()
    if stored is None or stored.document.status in MEDIA.terminal:
        return False
    asset = stored.document
    if now < asset.created_at + EXPIRES_AFTER:
        return False
    target = MEDIA.step(asset.status, MediaAction.EXPIRE, "system").target
    txn = Transaction(caller, now)
    close_upload(txn, stored, asset.model_copy(update={"status": target}))
    txn.publish(MediaExpired(media_id=asset.id, user_id=asset.user_id, profile_id=asset.profile_id))
    txn.commit()
    # It may hold what could not be processed for an hour.
    delete_upload(upload_key(asset.user_id, asset.id))
    return True
