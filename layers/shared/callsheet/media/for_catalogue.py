"""What a profile that shows pictures must know of them; the catalogue is handed this, since it stands below."""

from collections.abc import Mapping, Sequence

from callsheet.catalogue.deps import Picture
from callsheet.media.model import MediaStatus
from callsheet.media.store import AssetItem, asset_key
from callsheet.platform.read import get_together


def find_pictures(media_ids: Sequence[str]) -> Mapping[str, Picture]:
    """Those of the ids, at most a hundred, that there are; one strongly consistent batch read."""
    items = get_together([asset_key(media_id) for media_id in media_ids])
    return {
        item.pk: Picture(item.document.user_id, item.document.status is MediaStatus.READY)
        for item in items
        if isinstance(item, AssetItem)
    }
