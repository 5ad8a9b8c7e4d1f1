"""Reading pictures of strangers, and making clean ones of them. The one module that loads Pillow.

Whatever was in the file beside the picture (EXIF with its places, comments, thumbnails, bytes behind the end) stays
behind: variants are drawn anew from the pixels.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from callsheet.media.model import ContentType, RejectReason, VariantName
from callsheet.media.rules import FORMATS, LONG_EDGES, MAX_PIXELS, fitted

# Ours is checked before a pixel is decoded. Pillow's own limit only warns, up to twice as many.
Image.MAX_IMAGE_PIXELS = None
_QUALITY = 85
_WHITE = (255, 255, 255)
# What Pillow's decoders raise on damaged files.
_DAMAGED = (OSError, SyntaxError, ValueError, EOFError, LookupError, OverflowError, struct.error, zlib.error)


class BadImage(Exception):
    """The upload cannot be taken."""

    def __init__(self, reason: RejectReason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Drawn:
    """A variant's file, a JPEG."""

    name: VariantName
    width: int
    height: int
    content: bytes


def drawn_variants(content: bytes, content_type: ContentType) -> tuple[Drawn, ...]:
    """The variants of a picture, largest first. Raises BadImage for anything but a whole picture of that type."""
    _check(content, content_type)
    try:
        picture = _upright_rgb(content)
    except _DAMAGED as error:
        raise BadImage(RejectReason.UNREADABLE) from error
    return tuple(_variants(picture))


def _check(content: bytes, content_type: ContentType) -> None:
    """Type and size stand in the header; `verify` then looks for damage without decoding."""
    try:
        with Image.open(BytesIO(content), formats=tuple(FORMATS.values())) as image:
            if image.format != FORMATS[content_type]:
                raise BadImage(RejectReason.WRONG_TYPE)
            if image.width * image.height > MAX_PIXELS:
                raise BadImage(RejectReason.TOO_MANY_PIXELS)
            image.verify()
    except UnidentifiedImageError as error:
        raise BadImage(RejectReason.WRONG_TYPE) from error
    except _DAMAGED as error:
        raise BadImage(RejectReason.UNREADABLE) from error


def _upright_rgb(content: bytes) -> Image.Image:
    """The first frame as its author saw it: turned as EXIF says, in sRGB, what was transparent on white."""
    with Image.open(BytesIO(content), formats=tuple(FORMATS.values())) as opened:
        opened.load()
        profile = opened.info.get("icc_profile")
        picture = ImageOps.exif_transpose(opened)
    if picture.has_transparency_data:
        layer = picture.convert("RGBA")
        picture = Image.new("RGB", layer.size, _WHITE)
        picture.paste(layer, mask=layer.getchannel("A"))
    picture = _in_srgb(picture, profile)
    picture.info.clear()
    return picture


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Cameras and editors write wider colour spaces; without its profile such a picture would look pale."""
    if not profile or picture.mode not in {"RGB", "CMYK"}:
        return picture.convert("RGB")
    try:
        own = ImageCms.ImageCmsProfile(BytesIO(profile))
        converted = ImageCms.profileToProfile(picture, own, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, *_DAMAGED):
        return picture.convert("RGB")
    return converted or picture.convert("RGB")


def _variants(picture: Image.Image) -> Iterator[Drawn]:
    """Each is made of the one before: the large picture is resampled once."""
    for name, long_edge in LONG_EDGES.items():
        picture = picture.resize(fitted(*picture.size, long_edge), Image.Resampling.LANCZOS)
        file = BytesIO()
        picture.save(file, "JPEG", quality=_QUALITY, optimize=True, progressive=True)
        yield Drawn(name, picture.width, picture.height, file.getvalue())
