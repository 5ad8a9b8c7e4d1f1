"""The states of a picture, who sees it, and sizes."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsheet.kernel.errors import Forbidden, IllegalTransition
from callsheet.kernel.ids import new_id
from callsheet.kernel.principal import Principal
from callsheet.media.model import Asset, ContentType, MediaStatus, RejectReason
from callsheet.media.rules import MEDIA, MediaAction, fitted, is_visible, refusal_of_size

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
OWNER = Principal(new_id("usr"))


def an_asset(status: MediaStatus = MediaStatus.AWAITING_UPLOAD) -> Asset:
    return Asset(
        id=new_id("med"),
        user_id=OWNER.id,
        profile_id=new_id("prf"),
        content_type=ContentType.JPEG,
        size_bytes=1000,
        status=status,
        created_at=NOW,
        upload_until=NOW,
    )


def test_every_state_ends_and_no_end_goes_on() -> None:
    for status in MediaStatus:
        assert bool(MEDIA.exits(status)) == (status not in MEDIA.terminal)
    assert {row.source for row in MEDIA.transitions} == MEDIA.initial


@pytest.mark.parametrize("status", sorted(MEDIA.terminal))
@pytest.mark.parametrize("action", MediaAction)
def test_what_has_ended_stays_ended(status: MediaStatus, action: MediaAction) -> None:
    with pytest.raises(IllegalTransition):
        MEDIA.step(status, action, "system")


def test_nobody_but_the_system_moves_a_picture() -> None:
    with pytest.raises(Forbidden):
        MEDIA.step(MediaStatus.AWAITING_UPLOAD, MediaAction.PROCESS, "provider")


@pytest.mark.parametrize("status", MediaStatus)
def test_only_what_is_ready_is_for_others_to_see(status: MediaStatus) -> None:
    asset = an_asset(status)
    assert is_visible(asset, OWNER)
    assert is_visible(asset, Principal(new_id("usr"))) == (status is MediaStatus.READY)


def test_an_upload_larger_than_announced_is_refused() -> None:
    assert refusal_of_size(1000, an_asset()) is None
    assert refusal_of_size(1001, an_asset()) is RejectReason.TOO_LARGE


@given(st.integers(1, 40_000), st.integers(1, 40_000), st.sampled_from([2048, 1024, 320]))
def test_a_fitted_picture_is_within_its_edge_and_never_larger_or_empty(
    width: int, height: int, edge: int
) -> None:
    new = fitted(width, height, edge)
    assert max(new) <= max(edge, 1)
    assert min(new) >= 1
    assert new[0] <= width
    assert new[1] <= height
    assert fitted(*new, edge) == new
