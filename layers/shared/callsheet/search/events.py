"""What the search tells the rest."""

from typing import Annotated, Literal

from pydantic import Field

from callsheet.kernel.events import EventPayload, ProfileRef, UserRef
from callsheet.kernel.ids import id_pattern

type SavedSearchRef = Annotated[str, Field(pattern=id_pattern("svs"))]


class SearchMatched(EventPayload):
    """A profile answers a search that `user_id` has saved; told once of each profile."""

    name = "search.matched"
    aggregate_type = "saved_search"
    retention = "P1Y"

    saved_search_id: SavedSearchRef
    user_id: UserRef
    profile_id: ProfileRef

    def aggregate_id(self) -> str:
        return self.saved_search_id


class SearchSettingChanged(EventPayload):
    """A setting of the search is another: `setting_version` of it was made, by the actor."""

    name = "search.setting_changed"
    aggregate_type = "search_setting"

    kind: Literal["ranking", "synonyms"]
    setting_version: int = Field(ge=1)

    def aggregate_id(self) -> str:
        return self.kind
