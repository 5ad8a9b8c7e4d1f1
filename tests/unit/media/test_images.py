"""Strangers' files: what is a picture is drawn anew, what is not is refused with its reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsheet.media.images import BadImage, drawn_variants
from callsheet.media.model import ContentType, RejectReason
from tests.unit.media.pictures import (
    GPS,
    MAKE,
    ORIENTATION,
    a_bomb,
    a_file,
    a_glass_pane,
    a_phone_picture,
    an_animation,
    opened,
    with_profile,
)

JPEG, PNG, WEBP = ContentType.JPEG, ContentType.PNG, ContentType.WEBP
TAKEN = [("JPEG", JPEG), ("PNG", PNG), ("WEBP", WEBP)]


def reason_of(content: bytes, content_type: ContentType) -> RejectReason:
    with pytest.raises(BadImage) as refused:
        drawn_variants(content, content_type)
    return refused.value.reason


@pytest.mark.parametrize(("form", "content_type"), TAKEN)
def test_a_picture_comes_in_three_sizes(form: str, content_type: ContentType) -> None:
    drawn = drawn_variants(a_file(form), content_type)
    assert [(one.name, one.width, one.height) for one in drawn] == [
        ("large", 2048, 1365),
        ("medium", 1024, 682),
        ("small", 320, 213),
    ]
    assert [opened(one.content).size for one in drawn] == [(one.width, one.height) for one in drawn]
    assert {opened(one.content).format for one in drawn} == {"JPEG"}


def test_a_small_picture_is_never_made_larger() -> None:
    sizes = {(one.width, one.height) for one in drawn_variants(a_file(size=(200, 100)), JPEG)}
    assert sizes == {(200, 100)}


def test_what_a_phone_wrote_beside_the_picture_stays_behind() -> None:
    original = a_phone_picture()
    assert opened(original).getexif()[MAKE] == "Secretphone"
    for one in drawn_variants(original, JPEG):
        exif = opened(one.content).getexif()
        assert dict(exif) == {}
        assert dict(exif.get_ifd(GPS)) == {}
        assert b"Secretphone" not in one.content
        assert b"taken at home" not in one.content
        assert b"Exif" not in one.content


def test_a_picture_is_turned_as_its_flag_says_before_the_flag_is_lost() -> None:
    large = opened(drawn_variants(a_phone_picture(), JPEG)[0].content)
    assert large.size == (1365, 2048)
    top, bottom = large.getpixel((600, 100)), large.getpixel((600, 1900))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert top[0] > 150 > top[2]  # red, which was on the left
    assert bottom[2] > 150 > bottom[0]
    assert ORIENTATION not in large.getexif()


@pytest.mark.parametrize("mode", ["L", "P", "1", "I;16", "LA", "RGBA"])
def test_pictures_of_every_kind_become_rgb(mode: str) -> None:
    (large, *_) = drawn_variants(a_file("PNG", (100, 80), mode), PNG)
    assert opened(large.content).mode == "RGB"


def test_what_was_transparent_is_white() -> None:
    (large, *_) = drawn_variants(a_glass_pane(), PNG)
    assert opened(large.content).getpixel((25, 25)) == (255, 255, 255)


def test_a_print_picture_becomes_rgb() -> None:
    assert opened(drawn_variants(a_file("JPEG", (90, 60), "CMYK"), JPEG)[0].content).mode == "RGB"


@pytest.mark.parametrize("file", [with_profile(), a_file(size=(40, 30), icc_profile=b"no profile at all")])
def test_a_colour_profile_is_applied_and_not_passed_on(file: bytes) -> None:
    assert "icc_profile" not in opened(drawn_variants(file, JPEG)[0].content).info


def test_of_an_animation_the_first_frame_is_taken() -> None:
    (large, *_) = drawn_variants(an_animation((60, 40)), WEBP)
    assert (large.width, large.height) == (60, 40)


@pytest.mark.parametrize(("form", "content_type"), [("JPEG", PNG), ("PNG", WEBP), ("WEBP", JPEG)])
def test_another_type_than_announced_is_refused(form: str, content_type: ContentType) -> None:
    assert reason_of(a_file(form, (20, 20)), content_type) is RejectReason.WRONG_TYPE


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a" + b"\0" * 50,
        a_file("GIF", (20, 20)),
        a_file("BMP", (20, 20)),
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"%PDF-1.7\n",
        b"PK\x03\x04" + b"\0" * 40,
        b"MZ" + b"\0" * 100,
    ],
)
def test_what_is_no_picture_we_take_is_refused(content: bytes) -> None:
    assert reason_of(content, JPEG) is RejectReason.WRONG_TYPE


@pytest.mark.parametrize(("form", "content_type"), TAKEN)
@pytest.mark.parametrize("kept", [0.3, 0.6, 0.97])
def test_a_picture_that_was_cut_off_is_refused(form: str, content_type: ContentType, kept: float) -> None:
    whole = a_file(form, (600, 400))
    assert reason_of(whole[: int(len(whole) * kept)], content_type) in {
        RejectReason.UNREADABLE,
        RejectReason.WRONG_TYPE,
    }


def test_a_bomb_is_refused_by_its_header_alone() -> None:
    assert reason_of(a_bomb(), PNG) is RejectReason.TOO_MANY_PIXELS


def test_of_a_file_that_is_two_things_at_once_only_the_picture_is_left() -> None:
    polyglot = a_file(size=(300, 200)) + b"PK\x03\x04<script>alert(1)</script>"
    for one in drawn_variants(polyglot, JPEG):
        assert b"<script>" not in one.content
        assert b"PK\x03\x04" not in one.content


_WHOLE = {form: a_file(form, (48, 32)) for form, _ in TAKEN}


@given(form=st.sampled_from(TAKEN), at=st.integers(0, 10_000), noise=st.binary(min_size=1, max_size=12))
def test_a_damaged_file_is_drawn_or_refused_and_never_anything_else(
    form: tuple[str, ContentType], at: int, noise: bytes
) -> None:
    whole = _WHOLE[form[0]]
    at %= len(whole)
    damaged = whole[:at] + noise + whole[at + len(noise) :]
    try:
        drawn = drawn_variants(damaged, form[1])
    except BadImage:
        return
    assert len(drawn) == 3
