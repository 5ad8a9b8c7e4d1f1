"""A picture: what has become of it, and where its variants can be seen."""

from callsheet.kernel.principal import Principal
from callsheet.media.errors import MediaNotFound
from callsheet.media.files import sign_variant
from callsheet.media.model import MediaView, VariantView
from callsheet.media.rules import is_visible
from callsheet.media.store import stored_asset


def get_media(media_id: str, caller: Principal) -> MediaView:
    """One read. Raises MediaNotFound for what is not ready and not the caller's."""
    stored = stored_asset(media_id)
    if stored is None or not is_visible(stored.document, caller):
        raise MediaNotFound
    asset = stored.document
    variants = tuple(
        VariantView(name=variant.name, url=sign_variant(variant), width=variant.width, height=variant.height)
        for variant in asset.variants
    )
    return MediaView(
        **asset.model_dump(include={"id", "user_id", "profile_id", "status", "reason", "created_at"}),
        variants=variants,
    )
