"""The index has what everybody may see, as it is now, whatever became of the messages that tell of it."""

import json

import pytest

from callsheet.platform.settings import settings
from functions.search.index_profiles import handler
from tests.support.searching import a_draft, a_profile, documents, indexed

SHOWN = frozenset(
    [
        *("about", "background_checked", "checksum", "city", "country", "created"),
        *("currency", "deliverables", "experience", "followers", "handle", "has_kit"),
        *("headline", "height_cm", "id", "instant_booking", "languages", "location"),
        *("owner_id", "picture_id", "platforms", "price_minor", "rating", "rating_average"),
        *("rating_count", "role", "services", "slug", "software", "studio_access"),
        *("tags", "tie_break", "visibility", "title", "travel_radius_km", "turnaround_hours", "version"),
    ]
)


def test_what_is_published_is_found_and_what_is_not_is_gone(engine: str) -> None:
    pavel, draft = a_profile(), a_draft()
    indexed(pavel, draft)
    assert set(documents()) == {pavel.id}
    pavel.unpublish()
    indexed(pavel)
    assert documents() == {}
    pavel.publish()
    indexed(pavel)
    assert set(documents()) == {pavel.id}


def test_a_document_has_what_the_public_page_shows_and_nothing_beside_it(engine: str) -> None:
    pavel = a_profile(postal_code="97214-1a", about="Since 2012.", handle="pavel_shoots")
    indexed(pavel)
    document = documents()[pavel.id]
    assert set(document) <= SHOWN
    assert "97214" not in json.dumps(document)
    assert document["location"] == [45.52, -122.68]
    assert (document["currency"], document["price_minor"], document["tags"]) == ("USD", 30_000, ["portraits"])
    assert (document["rating"], document["rating_count"]) == (4, 0)


def test_messages_in_any_order_and_any_number_make_the_same_index(engine: str) -> None:
    pavel = a_profile()
    pavel.change(title="First")
    pavel.change(title="Second")
    told = pavel.messages()
    for records in ([*reversed(told)], told, [told[0], told[0]]):
        assert handler({"Records": records}, None) == {"batchItemFailures": []}
        assert documents()[pavel.id]["title"] == "Second"


def test_a_batch_is_written_in_one_go_and_one_bad_message_holds_up_nobody(engine: str) -> None:
    pavel, petra = a_profile(), a_profile("model", "Petra")
    broken = {"messageId": "m-1", "body": "{"}
    lost = {**pavel.messages()[-1], "messageId": "m-2"}
    event = json.loads(lost["body"])
    event["detail"]["payload"] = {}
    lost["body"] = json.dumps(event)
    records = [broken, pavel.messages()[-1], lost, petra.messages()[-1]]
    assert handler({"Records": records}, None) == {
        "batchItemFailures": [{"itemIdentifier": "m-1"}, {"itemIdentifier": "m-2"}]
    }
    assert set(documents()) == {pavel.id, petra.id}


def test_messages_wait_in_the_queue_while_the_engine_does_not_answer(
    engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pavel = a_profile()
    told = pavel.messages()[-1:]
    monkeypatch.setenv("TYPESENSE_URL", "http://127.0.0.1:9")
    settings.cache_clear()
    assert handler({"Records": told}, None) == {
        "batchItemFailures": [{"itemIdentifier": told[0]["messageId"]}]
    }
    monkeypatch.setenv("TYPESENSE_URL", engine)
    settings.cache_clear()
    assert handler({"Records": told}, None) == {"batchItemFailures": []}
    assert set(documents()) == {pavel.id}
