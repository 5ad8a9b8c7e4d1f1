"""GET /v1/media/{media_id}: a picture and its variants, each with an address that is good for ten minutes."""

from callsheet.http.endpoint import endpoint
from callsheet.kernel.principal import Principal
from callsheet.media.errors import MediaNotFound
from callsheet.media.get_media import get_media
from callsheet.media.model import MediaView


@endpoint(errors=(MediaNotFound,))
def handler(media_id: str, caller: Principal) -> MediaView:
    return get_media(media_id, caller)
