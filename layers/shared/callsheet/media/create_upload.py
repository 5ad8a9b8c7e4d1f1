"""Somebody is about to upload a picture for a profile of theirs."""

from callsheet.catalogue.errors import ProfileNotFound
from callsheet.catalogue.for_booking import listing_from, listing_key
from callsheet.catalogue.model import Listing
from callsheet.kernel.errors import Forbidden
from callsheet.kernel.ids import new_id
from callsheet.kernel.principal import Principal
from callsheet.media.deps import MediaDeps
from callsheet.media.files import sign_upload
from callsheet.media.model import Asset, CreateUpload, MediaUploadView
from callsheet.media.rules import UPLOAD_WITHIN
from callsheet.media.store import open_upload
from callsheet.platform.once import claim_and_answer, earlier, record_keys
from callsheet.platform.read import get_together
from callsheet.platform.transaction import Transaction


def create_upload(command: CreateUpload, caller: Principal, deps: MediaDeps) -> MediaUploadView:
    """One batch read and one transaction; the form is signed here, without a call.

    Raises ProfileNotFound, Forbidden for somebody else's profile, TooManyUploads. What is kept for a repeated
    Idempotency-Key is the asset: the form, which lets its bearer write, is signed again.
    """
    now, key = deps.clock.now(), caller.request_key
    listing, *records = get_together([listing_key(command.profile_id), *record_keys(key)])
    answered = earlier(Asset, records[0] if records else None, key, now)
    if isinstance(answered, Asset):
        return _view(answered, deps)
    _check_own(listing_from(listing), caller)
    asset = Asset(
        **dict(command),
        id=new_id("med"),
        user_id=caller.user_id,
        created_at=now,
        upload_until=now + UPLOAD_WITHIN,
    )
    txn = Transaction(caller, now)
    claim_and_answer(txn, key, asset, now)
    open_upload(txn, asset)
    txn.commit()
    return _view(asset, deps)


def _check_own(listing: Listing | None, caller: Principal) -> None:
    if listing is None or (not listing.is_published and listing.user_id != caller.id):
        raise ProfileNotFound
    if listing.user_id != caller.user_id:
        raise Forbidden("Only its owner adds pictures to a profile")


def _view(asset: Asset, deps: MediaDeps) -> MediaUploadView:
    return MediaUploadView(
        id=asset.id,
        status=asset.status,
        upload=sign_upload(asset, deps.clock.now()),
        upload_until=asset.upload_until,
    )
