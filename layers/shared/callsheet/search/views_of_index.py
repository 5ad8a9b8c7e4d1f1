"""An index as admins see it."""

from pydantic import AwareDatetime, BaseModel, Field

from callsheet.catalogue.for_search import PUBLISHED_SHARDS
from callsheet.kernel.models import FROZEN
from callsheet.search.schemas import Kind
from callsheet.search.store import Check, Index


class RebuildView(BaseModel):
    """How far the collection is that is being built."""

    model_config = FROZEN

    started_at: AwareDatetime
    shards_done: int
    shards: int
    documents: int


class IndexView(BaseModel):
    """`live` is what is searched; `last_check` what differed from the tables before it was mended."""

    model_config = FROZEN

    kind: Kind
    live: str
    building: str | None = Field(default=None, description="What is to take its place")
    rebuild: RebuildView | None = None
    last_check: Check | None = None


def index_view(kind: Kind, index: Index) -> IndexView:
    progress = index.progress if index.building is not None else None
    return IndexView(
        kind=kind,
        live=index.live,
        building=index.building,
        rebuild=progress
        and RebuildView(
            started_at=progress.started_at,
            shards_done=len(progress.shards),
            shards=PUBLISHED_SHARDS,
            documents=progress.documents,
        ),
        last_check=index.check,
    )
