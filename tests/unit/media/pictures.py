"""Pictures for tests, drawn here: no file of anybody."""

import struct
import zlib
from io import BytesIO

from PIL import Image, ImageCms

SIZES = (3000, 2000)
ORIENTATION, GPS, MAKE = 0x0112, 0x8825, 0x010F
ROTATED_LEFT = 6  # EXIF: shown after a quarter turn clockwise


def a_picture(size: tuple[int, int] = SIZES, mode: str = "RGB") -> Image.Image:
    """Its left half is red, its right half blue: what is turned can be told."""
    picture = Image.new("RGB", size, (200, 0, 0))
    picture.paste((0, 0, 200), (size[0] // 2, 0, *size))
    return picture.convert(mode)


def a_file(form: str = "JPEG", size: tuple[int, int] = SIZES, mode: str = "RGB", **options: object) -> bytes:
    file = BytesIO()
    a_picture(size, mode).save(file, form, **options)
    return file.getvalue()


def a_phone_picture(size: tuple[int, int] = SIZES) -> bytes:
    """As a phone writes it: turned by a flag, with its maker, a place and a comment."""
    exif = Image.Exif()
    exif[ORIENTATION] = ROTATED_LEFT
    exif[MAKE] = "Secretphone"
    exif[GPS] = {1: "N", 2: (45.0, 31.0, 12.0), 3: "W", 4: (122.0, 40.0, 33.0)}
    return a_file(size=size, exif=exif, comment=b"taken at home")


def with_profile(size: tuple[int, int] = (400, 300)) -> bytes:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return a_file(size=size, icc_profile=profile)


def a_glass_pane() -> bytes:
    """A PNG of 50 × 50 pixels, all of them transparent."""
    file = BytesIO()
    Image.new("RGBA", (50, 50), (200, 0, 0, 0)).save(file, "PNG")
    return file.getvalue()


def an_animation(size: tuple[int, int]) -> bytes:
    file = BytesIO()
    first = a_picture(size)
    first.save(file, "WEBP", save_all=True, append_images=[first.rotate(90)])
    return file.getvalue()


def a_bomb(width: int = 30_000, height: int = 30_000) -> bytes:
    """A PNG of a few hundred bytes whose header promises 900 million pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        [chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(b"\0" * 10_000)), chunk(b"IEND", b"")]
    )


def opened(content: bytes) -> Image.Image:
    picture = Image.open(BytesIO(content))
    picture.load()
    return picture
