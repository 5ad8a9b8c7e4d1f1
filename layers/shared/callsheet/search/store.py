"""What the index keeps in DynamoDB: which collections are written, and who is about to write which document."""

from datetime import datetime, timedelta

from pydantic import BaseModel
from pynamodb.attributes import UnicodeAttribute

from callsheet.kernel.access import AccessPath
from callsheet.kernel.models import FROZEN
from callsheet.platform.read import Key
from callsheet.platform.table import Document, Table
from callsheet.search.schemas import Kind

_CLAIM = "CLAIM"
_INDEX = "INDEX"
# A claim says something while its writer works, which is a minute at most.
_CLAIM_KEPT = timedelta(days=1)


class Index(BaseModel):
    """The collections of a kind: `live` stands behind the alias, `building` is to take its place."""

    model_config = FROZEN

    live: str
    building: str | None = None

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


def claim_key(subject_id: str) -> Key:
    return (ClaimItem, subject_id, _CLAIM)


def claim_item(subject_id: str, token: str, now: datetime) -> ClaimItem:
    return ClaimItem(subject_id, _CLAIM, token=token, expires_at=int((now + _CLAIM_KEPT).timestamp()))


ACCESS_PATHS = (
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
