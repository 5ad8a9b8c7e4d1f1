"""Pictures below their own ids, and which uploads a user has open."""

from pynamodb.attributes import UnicodeSetAttribute
from pynamodb.expressions.condition import size

from callsheet.kernel.access import AccessPath
from callsheet.kernel.ids import has_prefix
from callsheet.media.errors import TooManyUploads
from callsheet.media.model import Asset
from callsheet.media.rules import EXPIRES_AFTER, MAX_OPEN_UPLOADS, UPLOAD_DEADLINE
from callsheet.platform.read import Key, get_together
from callsheet.platform.stale import Stale
from callsheet.platform.table import Document, Table
from callsheet.platform.transaction import Transaction

_ASSET = "ASSET"
_OPEN = "OPEN_UPLOADS"


class AssetItem(Table):
    logical_name = "media"
    document = Document(Asset)


class OpenUploadsItem(Table):
    """Below the user's id: uploads that were announced and have not ended."""

    logical_name = "media"
    media_ids = UnicodeSetAttribute(null=True)


def asset_key(media_id: str) -> Key:
    return (AssetItem, media_id, _ASSET)


def stored_asset(media_id: str) -> AssetItem | None:
    """One strongly consistent read; none for what is no picture's id."""
    if not has_prefix(media_id, "med"):
        return None
    (item,) = get_together([asset_key(media_id)])
    return item if isinstance(item, AssetItem) else None


def open_upload(txn: Transaction, asset: Asset) -> None:
    """A new asset and its deadline. Raises TooManyUploads where its user has ten others open."""
    count = size(OpenUploadsItem.media_ids)  # type: ignore[no-untyped-call]  # PynamoDB leaves it untyped
    has_room = OpenUploadsItem.media_ids.does_not_exist() | (count < MAX_OPEN_UPLOADS)
    txn.create(AssetItem(asset.id, _ASSET, document=asset), Stale())
    txn.update(
        _open_uploads_key(asset.user_id),
        [OpenUploadsItem.media_ids.add({asset.id})],
        has_room,
        TooManyUploads(extra={"maximum": MAX_OPEN_UPLOADS}, retry_after_seconds=60),
    )
    txn.due(UPLOAD_DEADLINE, asset.id, asset.created_at + EXPIRES_AFTER)


def close_upload(txn: Transaction, stored: AssetItem, asset: Asset) -> None:
    """Write how an upload ended. Raises Stale where somebody was faster."""
    stored.document = asset
    txn.replace(stored, Stale())
    txn.update(_open_uploads_key(asset.user_id), [OpenUploadsItem.media_ids.delete({asset.id})])


def _open_uploads_key(user_id: str) -> Key:
    return (OpenUploadsItem, user_id, _OPEN)


ACCESS_PATHS = (
    AccessPath(
        name="one picture",
        table="media",
        keys="pk = <media id>, sk = ASSET",
        use_cases=("media.get_media", "media.process_upload", "media.expire_upload"),
    ),
    AccessPath(
        name="whether pictures can be shown on a profile",
        table="media",
        keys="batch of pk = <media id>, sk = ASSET",
        use_cases=("catalogue.update_profile",),
    ),
    AccessPath(
        name="whether somebody may open one more upload",
        table="media",
        keys="pk = <user id>, sk = OPEN_UPLOADS (a condition, never read)",
        use_cases=("media.create_upload",),
    ),
)
