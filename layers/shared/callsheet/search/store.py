"""What the index keeps in DynamoDB: which collections are written, and who is about to write which document."""

from datetime import datetime, timedelta

from pydantic import AwareDatetime, BaseModel
from pynamodb.attributes import UnicodeAttribute

from callsheet.kernel.access import AccessPath
from callsheet.kernel.models import FROZEN
from callsheet.platform.read import Key, get_together
from callsheet.platform.table import Document, Table
from callsheet.search.errors import IndexNotFound
from callsheet.search.schemas import Kind

_CLAIM = "CLAIM"
_INDEX = "INDEX"
# A claim says something while its writer works, which is a minute at most.
_CLAIM_KEPT = timedelta(days=1)


class Progress(BaseModel):
    """How far a new collection is built: `shards` are done, `documents` written; the counts are of all attempts."""

    model_config = FROZEN

    started_at: AwareDatetime
    shards: tuple[int, ...] = ()
    documents: int = 0


class Check(BaseModel):
    """What differed when the index was last held against DynamoDB, before it was mended."""

    model_config = FROZEN

    checked_at: AwareDatetime
    documents: int
    missing: int = 0
    stale: int = 0
    extra: int = 0

    @property
    def drift(self) -> int:
        return self.missing + self.stale + self.extra


class Index(BaseModel):
    """The collections of a kind: `live` stands behind the alias, `building` is to take its place.

    `retired` stood there before, and is to be dropped. Collections are numbered, and no number comes twice.
    """

    model_config = FROZEN

    live: str
    number: int = 1
    building: str | None = None
    retired: str | None = None
    progress: Progress | None = None
    check: Check | None = None

    @property
    def written(self) -> tuple[str, ...]:
        """Whatever is written is written to each."""
        return (self.live,) if self.building is None else (self.live, self.building)


class IndexItem(Table):
    logical_name = "search"
    document = Document(Index)


class ClaimItem(Table):
    """Whoever read and wrote a document last began with a `token` of their own here (ADR 0175)."""

    logical_name = "search"
    token = UnicodeAttribute()


def index_key(kind: Kind) -> Key:
    return (IndexItem, f"INDEX#{kind}", _INDEX)


def index_item(kind: Kind, index: Index) -> IndexItem:
    return IndexItem(f"INDEX#{kind}", _INDEX, document=index)


def stored_index(kind: Kind) -> IndexItem:
    """One strongly consistent read. Raises IndexNotFound before anything was indexed."""
    (item,) = get_together([index_key(kind)])
    if not isinstance(item, IndexItem):
        raise IndexNotFound
    return item


def claim_key(subject_id: str) -> Key:
    return (ClaimItem, subject_id, _CLAIM)


def claim_item(subject_id: str, token: str, now: datetime) -> ClaimItem:
    return ClaimItem(subject_id, _CLAIM, token=token, expires_at=int((now + _CLAIM_KEPT).timestamp()))


ACCESS_PATHS = (
    AccessPath(
        name="how an index stands",
        table="search",
        keys="pk = INDEX#<kind>, sk = INDEX",
        use_cases=(
            *("search.get_index", "search.rebuild_index", "search.build_portion"),
            *("search.finish_rebuild", "search.converge_index"),
        ),
    ),
    AccessPath(
        name="which collections are written, and the profiles to write",
        table="search",
        keys="batch of pk = INDEX#<kind>, sk = INDEX, with catalogue's pk = <profile id>, sk = PROFILE",
        use_cases=("search.index_profiles",),
    ),
    AccessPath(
        name="who wrote a document last",
        table="search",
        keys="batch of pk = <profile id>, sk = CLAIM",
        use_cases=("search.index_profiles",),
    ),
)
