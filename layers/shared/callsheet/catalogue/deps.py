"""What the catalogue's use cases are given."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from callsheet.kernel.clock import Clock
from callsheet.kernel.page import Cursors


@dataclass(frozen=True, slots=True)
class Picture:
    """What the catalogue must know of a picture; once it is ready it stays so."""

    user_id: str
    is_ready: bool


# Those pictures that exist, by id; one batch read however many are asked for.
type FindPictures = Callable[[Sequence[str]], Mapping[str, Picture]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueDeps:
    clock: Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingDeps(CatalogueDeps):
    """For lists that come in pages."""

    cursors: Callable[[], Cursors]


@dataclass(frozen=True, slots=True, kw_only=True)
class EditingDeps(CatalogueDeps):
    """For changing what a profile shows. Pictures are kept by a domain that itself asks the catalogue."""

    pictures: FindPictures
