"""Profiles that are to be found, and messages that tell of them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from callsheet.catalogue.create_profile import create_profile
from callsheet.catalogue.create_service import create_service
from callsheet.catalogue.deps import CatalogueDeps, EditingDeps
from callsheet.catalogue.get_own_profile import get_own_profile
from callsheet.catalogue.model import CreateProfile, UpdateProfile
from callsheet.catalogue.publish_profile import publish_profile
from callsheet.catalogue.selling import CreateService
from callsheet.catalogue.unpublish_profile import unpublish_profile
from callsheet.catalogue.update_profile import update_profile
from callsheet.gateways.indexing import Document
from callsheet.gateways.search_errors import CollectionMissing
from callsheet.gateways.typesense_index import TypesenseIndex
from callsheet.kernel.ids import new_id
from callsheet.kernel.principal import Principal, Role
from callsheet.platform.records import EventItem
from functions.search.index_profiles import handler
from tests.support.profiles import SESSION, no_pictures, page_of
from tests.support.stage import MovedClock, somebody


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody whose profile is to be found."""

    owner: Principal
    id: str
    clock: MovedClock = field(default_factory=MovedClock)

    def change(self, **fields: object) -> None:
        deps = EditingDeps(clock=self.clock, pictures=no_pictures)
        version = get_own_profile(self.id, self.owner, deps).version
        update_profile(
            self.id, UpdateProfile.model_validate({"version": version, **fields}), self.owner, deps
        )

    def publish(self) -> None:
        publish_profile(self.id, self.owner, CatalogueDeps(clock=self.clock))

    def unpublish(self) -> None:
        unpublish_profile(self.id, self.owner, CatalogueDeps(clock=self.clock))

    def sell(self, **changed: object) -> str:
        command = CreateService.model_validate({**SESSION, **changed})
        return create_service(self.id, command, self.owner, CatalogueDeps(clock=self.clock)).id

    def messages(self) -> list[dict[str, str]]:
        """Every event of the profile, as the queue brings it, oldest first."""
        return [message_of(item) for item in EventItem.query(self.id)]


def a_draft(role: str = "photographer", title: str = "Portraits in daylight", /) -> Found:
    owner, clock = somebody(Role.PROVIDER), MovedClock()
    page = {"role": role, "title": title, "jurisdiction": "US-OR", "zone": "UTC"}
    profile = create_profile(CreateProfile.model_validate(page), owner, CatalogueDeps(clock=clock))
    return Found(owner, profile.id, clock)


def a_profile(
    role: str = "photographer",
    title: str = "Portraits in daylight",
    /,
    *,
    service: Mapping[str, object] | None = None,
    **page: object,
) -> Found:
    """Published, with one service."""
    found = a_draft(role, title)
    found.sell(**(service or {}))
    found.change(**page_of(role, **page))
    found.publish()
    return found


def message_of(item: EventItem) -> dict[str, str]:
    event = item.document
    body = {
        "id": new_id("bus"),
        "detail-type": event.name,
        "source": event.source,
        "detail": event.model_dump(mode="json"),
    }
    return {"messageId": new_id("sqs"), "body": json.dumps(body)}


def indexed(*profiles: Found) -> None:
    """Each profile's last event reaches the index."""
    answer = handler({"Records": [profile.messages()[-1] for profile in profiles]}, None)
    assert answer == {"batchItemFailures": []}


def documents() -> dict[str, Document]:
    """What stands in the index of people, by id."""
    engine = TypesenseIndex()
    collection = engine.aliased("people")
    if collection is None:
        return {}
    try:
        return {str(document["id"]): document for document in engine.export(collection, ())}
    except CollectionMissing:
        return {}
