"""A picture's way: announced by a profile's owner, sent to S3, made into variants or refused, and looked at."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, quote_plus, urlparse

import pytest

from callsheet.kernel.ids import new_id
from callsheet.kernel.principal import Principal, system
from callsheet.media.create_upload import create_upload
from callsheet.media.deps import MediaDeps
from callsheet.media.errors import TooManyUploads
from callsheet.media.expire_upload import expire_upload
from callsheet.media.files import upload_key
from callsheet.media.model import MAX_UPLOAD_BYTES, CreateUpload, MediaStatus, MediaUploadView
from callsheet.media.process_upload import Processed, process_upload
from callsheet.media.rules import EXPIRES_AFTER, MAX_OPEN_UPLOADS, UPLOAD_WITHIN
from callsheet.media.store import AssetItem, stored_asset
from callsheet.platform.aws import client
from callsheet.platform.records import DueItem, EventItem
from callsheet.platform.settings import resource_name
from functions.media import expire_upload as expire_function
from functions.media import process_upload as process_function
from tests.support.calls import calls
from tests.support.gateway import Answer, Caller, Gateway
from tests.support.profiles import page_of
from tests.unit.media.pictures import a_bomb, a_file, a_phone_picture, opened

pytestmark = pytest.mark.usefixtures("tables")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PAGE: Mapping[str, object] = {
    "role": "photographer",
    "title": "Portraits in daylight",
    "jurisdiction": "US-OR",
    "zone": "America/Los_Angeles",
}


@dataclass(slots=True)
class MovedClock:
    at: datetime = NOW

    def now(self) -> datetime:
        return self.at


@dataclass(frozen=True, slots=True)
class Studio:
    """A provider with a profile, and the means to upload for it."""

    gateway: Gateway
    owner: Caller
    profile_id: str

    def ask(self, user: Caller | None = None, key: str | None = None, **changes: object) -> Answer:
        return self.announce(changes, user, key)

    def announce(
        self, changes: Mapping[str, object], user: Caller | None = None, key: str | None = None
    ) -> Answer:
        body = {"profile_id": self.profile_id, "content_type": "image/jpeg", "size_bytes": 2_000_000}
        headers = {"Idempotency-Key": key} if key else {}
        return self.gateway.call(
            "POST", "/v1/media/uploads", body={**body, **changes}, user=user or self.owner, headers=headers
        )

    def announced(self, **changes: object) -> str:
        answer = self.announce(changes)
        assert answer.status == 201, answer.body
        return str(answer.json()["id"])

    def key(self, media_id: str) -> str:
        return upload_key(self.owner.user_id, media_id)

    def uploaded(self, content: bytes, **changes: object) -> str:
        media_id = self.announced(**changes)
        put(self.key(media_id), content)
        return media_id

    def shown(self, media_id: str, user: Caller | None = None) -> Answer:
        return self.gateway.call("GET", f"/v1/media/{media_id}", user=user or self.owner)


@pytest.fixture
def studio(tables: None) -> Studio:
    gateway, owner = Gateway(), Caller(groups=("provider",))
    answer = gateway.call("POST", "/v1/profiles", body=PAGE, user=owner)
    assert answer.status == 201, answer.body
    return Studio(gateway, owner, str(answer.json()["id"]))


def put(key: str, content: bytes) -> None:
    client("s3").put_object(Bucket=resource_name("BUCKET", "uploads"), Key=key, Body=content)


def keys(bucket: str) -> list[str]:
    found = client("s3").list_objects_v2(Bucket=resource_name("BUCKET", bucket)).get("Contents", [])
    return [one["Key"] for one in found]


def notified(*object_keys: str, event: str = "ObjectCreated:Post") -> dict[str, str]:
    """The message that S3 puts into the queue."""
    records = [
        {
            "eventName": event,
            "responseElements": {"x-amz-request-id": "C3D13FE58DE4C810"},
            "s3": {
                "bucket": {"name": resource_name("BUCKET", "uploads")},
                "object": {"key": quote_plus(key), "size": 1, "eTag": "d41d8cd98f00b204e9800998ecf8427e"},
            },
        }
        for key in object_keys
    ]
    return {
        "messageId": f"m-{object_keys[0] if object_keys else 0}",
        "body": json.dumps({"Records": records}),
    }


def deliver(*messages: dict[str, str]) -> list[str]:
    """Which messages go back to the queue."""
    answer = process_function.handler({"Records": list(messages)}, None)
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def events(media_id: str) -> list[tuple[str, dict[str, object]]]:
    return [(item.document.name, dict(item.document.payload)) for item in EventItem.query(media_id)]


def asset_of(media_id: str) -> AssetItem:
    stored = stored_asset(media_id)
    assert stored is not None
    return stored


def test_an_upload_is_announced_with_a_form_that_takes_that_picture_alone(studio: Studio) -> None:
    answer = studio.ask(content_type="image/png", size_bytes=5000)
    view = answer.json()
    assert (answer.status, view["status"]) == (201, "awaiting_upload")
    form = view["upload"]
    assert isinstance(form, dict)
    fields = form["fields"]
    assert fields["key"] == f"uploads/{studio.owner.user_id}/{view['id']}"
    assert fields["Content-Type"] == "image/png"
    policy = json.loads(base64.b64decode(fields["policy"]))
    assert {"Content-Type": "image/png"} in policy["conditions"]
    assert {"key": fields["key"]} in policy["conditions"]
    assert ["content-length-range", 1, 5000] in policy["conditions"]
    good_for = datetime.fromisoformat(policy["expiration"]) - datetime.now(UTC)
    assert good_for <= UPLOAD_WITHIN


def test_announcing_is_one_batch_read_and_one_transaction(studio: Studio) -> None:
    caller = Principal(studio.owner.user_id)
    command = CreateUpload.model_validate(
        {"profile_id": studio.profile_id, "content_type": "image/jpeg", "size_bytes": 10}
    )
    with calls() as made:
        create_upload(command, caller, MediaDeps(clock=MovedClock()))
    assert made == ["BatchGetItem", "TransactWriteItems"]


@pytest.mark.parametrize(
    "changes",
    [
        {"size_bytes": 0},
        {"size_bytes": -1},
        {"size_bytes": MAX_UPLOAD_BYTES + 1},
        {"size_bytes": 10**30},
        {"size_bytes": "5000"},
        {"size_bytes": 1.5},
        {"size_bytes": None},
        {"content_type": "image/gif"},
        {"content_type": "image/jpeg; charset=x"},
        {"content_type": "text/html"},
        {"profile_id": "prf_1"},
        {"profile_id": "usr_01JTX0000000000000000000A1"},
        {"key": "uploads/elsewhere"},
    ],
)
def test_an_announcement_that_does_not_fit_is_refused_and_nothing_is_kept(
    studio: Studio, changes: dict[str, object]
) -> None:
    answer = studio.announce(changes)
    assert (answer.status, answer.json()["code"]) == (400, "invalid_request")
    assert list(DueItem.query("DUE#0")) == []


def test_nobody_uploads_for_somebody_else_s_profile(studio: Studio) -> None:
    stranger = Caller(groups=("provider",))
    draft = studio.ask(stranger)
    assert (draft.status, draft.json()["code"]) == (404, "profile_not_found")
    unknown = studio.ask(profile_id=new_id("prf"))
    assert (unknown.status, unknown.json()["code"]) == (404, "profile_not_found")
    body = {"title": "One", "price": {"amount_minor": 100, "currency": "USD"}, "duration_minutes": 60}
    studio.gateway.call("POST", f"/v1/profiles/{studio.profile_id}/services", body=body, user=studio.owner)
    page = f"/v1/me/profiles/{studio.profile_id}"
    assert studio.gateway.call("PATCH", page, body=page_of(version=1), user=studio.owner).status == 200
    published = studio.gateway.call("POST", f"/v1/profiles/{studio.profile_id}/publish", user=studio.owner)
    assert published.status == 200, published.body
    assert studio.ask(stranger).status == 403
    assert studio.ask(Caller(groups=("client",))).status == 403


def test_the_same_key_opens_one_upload_and_its_form_is_signed_again(studio: Studio) -> None:
    first, again = studio.ask(key="k"), studio.ask(key="k")
    assert first.json()["id"] == again.json()["id"]
    assert again.json()["upload"]
    assert studio.ask(key="k", size_bytes=7).status == 422


def test_ten_uploads_are_open_at_once_and_an_end_makes_room(studio: Studio) -> None:
    caller, deps = Principal(studio.owner.user_id), MediaDeps(clock=MovedClock())
    command = CreateUpload.model_validate(
        {"profile_id": studio.profile_id, "content_type": "image/jpeg", "size_bytes": 1000}
    )
    opened_ones = [create_upload(command, caller, deps) for _ in range(MAX_OPEN_UPLOADS)]
    with pytest.raises(TooManyUploads):
        create_upload(command, caller, deps)
    put(studio.key(opened_ones[0].id), b"no picture")
    assert process_upload(studio.key(opened_ones[0].id), system("test"), deps) is Processed.REJECTED
    assert isinstance(create_upload(command, caller, deps), MediaUploadView)


def test_a_picture_becomes_three_variants_and_the_upload_goes(studio: Studio) -> None:
    media_id = studio.uploaded(a_phone_picture())
    assert deliver(notified(studio.key(media_id))) == []
    assert keys("uploads") == []
    assert len(keys("media")) == 3
    asset = asset_of(media_id).document
    assert asset.status is MediaStatus.READY
    for variant in asset.variants:
        stored = client("s3").get_object(Bucket=resource_name("BUCKET", "media"), Key=variant.key)
        content = stored["Body"].read()
        assert stored["ContentType"] == "image/jpeg"
        assert opened(content).size == (variant.width, variant.height)
        assert b"Secretphone" not in content
    assert events(media_id) == [
        (
            "media.processed",
            {
                "media_id": media_id,
                "user_id": studio.owner.user_id,
                "profile_id": studio.profile_id,
                "width": 1365,
                "height": 2048,
            },
        )
    ]


def test_a_picture_that_is_ready_is_there_to_be_looked_at_for_a_while(studio: Studio) -> None:
    media_id = studio.uploaded(a_file())
    before = studio.shown(media_id)
    assert (before.json()["status"], before.json()["variants"]) == ("awaiting_upload", [])
    assert studio.shown(media_id, Caller()).status == 404
    deliver(notified(studio.key(media_id)))
    view = studio.shown(media_id, Caller()).json()
    assert view["status"] == "ready"
    variants = view["variants"]
    assert isinstance(variants, list)
    assert [one["name"] for one in variants] == ["large", "medium", "small"]
    query = parse_qs(urlparse(variants[0]["url"]).query)
    assert query["X-Amz-Expires"] == ["600"]


@pytest.mark.parametrize("media_id", ["med_1", "bkg_01JTX0000000000000000000A1", "%00"])
def test_what_is_no_picture_is_not_found(studio: Studio, media_id: str) -> None:
    answer = studio.shown(media_id)
    assert answer.status == 404
    assert studio.shown(new_id("med")).json()["code"] == "media_not_found"


def test_a_message_that_comes_again_does_nothing_twice(studio: Studio) -> None:
    media_id = studio.uploaded(a_file())
    message = notified(studio.key(media_id))
    deliver(message)
    first, files = asset_of(media_id), keys("media")
    assert deliver(message, message) == []
    again = asset_of(media_id)
    assert (again.document, again.version) == (first.document, first.version)
    assert (keys("media"), len(events(media_id))) == (files, 1)


def test_of_two_uploads_under_one_form_the_first_that_is_processed_counts(studio: Studio) -> None:
    media_id = studio.uploaded(a_file())
    deliver(notified(studio.key(media_id)))
    put(studio.key(media_id), a_file(size=(100, 100)))
    deliver(notified(studio.key(media_id)))
    assert asset_of(media_id).document.variants[0].width == 2048
    assert (keys("uploads"), len(events(media_id))) == ([], 1)


def test_two_workers_on_one_picture_make_it_ready_once(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    media_id = studio.uploaded(a_file(size=(400, 300)))
    deps = MediaDeps(clock=MovedClock())

    class Racing:
        """While the first draws, the second is done."""

        def now(self) -> datetime:
            process_upload(studio.key(media_id), system("second"), deps)
            return NOW

    slower = process_upload(studio.key(media_id), system("first"), MediaDeps(clock=Racing()))
    assert slower is Processed.LATE
    assert asset_of(media_id).document.status is MediaStatus.READY
    assert len(events(media_id)) == 1
    assert len(keys("media")) == 3


@pytest.mark.parametrize(
    ("content", "changes", "reason"),
    [
        (a_file(size=(300, 200)), {"size_bytes": 100}, "too_large"),
        (a_file("PNG", (300, 200)), {}, "wrong_type"),
        (b"<html><script>alert(1)</script></html>", {}, "wrong_type"),
        (a_file(size=(300, 200))[:900], {}, "unreadable"),
        (a_bomb(), {"content_type": "image/png"}, "too_many_pixels"),
    ],
)
def test_what_is_not_the_announced_picture_is_refused_and_deleted(
    studio: Studio, content: bytes, changes: dict[str, object], reason: str
) -> None:
    media_id = studio.uploaded(content, **changes)
    assert deliver(notified(studio.key(media_id))) == []
    assert (keys("uploads"), keys("media")) == ([], [])
    view = studio.shown(media_id).json()
    assert (view["status"], view["reason"], view["variants"]) == ("rejected", reason, [])
    ((name, payload),) = events(media_id)
    assert (name, payload["reason"]) == ("media.rejected", reason)
    assert studio.shown(media_id, Caller()).status == 404


def test_an_upload_that_nobody_announced_is_deleted(studio: Studio) -> None:
    media_id = studio.announced()
    foreign = f"uploads/{new_id('usr')}/{media_id}"
    unknown = f"uploads/{studio.owner.user_id}/{new_id('med')}"
    odd = "uploads/ü +/../x"
    for key in (foreign, unknown, odd):
        put(key, a_file(size=(10, 10)))
    assert deliver(notified(foreign, unknown, odd)) == []
    assert keys("uploads") == []
    assert asset_of(media_id).document.status is MediaStatus.AWAITING_UPLOAD


def test_an_object_that_is_gone_leaves_the_picture_waiting(studio: Studio) -> None:
    media_id = studio.announced()
    assert deliver(notified(studio.key(media_id))) == []
    assert asset_of(media_id).document.status is MediaStatus.AWAITING_UPLOAD


def test_s3_s_test_message_and_other_moments_are_no_upload(studio: Studio) -> None:
    media_id = studio.uploaded(a_file(size=(10, 10)))
    test = {"messageId": "m", "body": json.dumps({"Service": "Amazon S3", "Event": "s3:TestEvent"})}
    removed = notified(studio.key(media_id), event="ObjectRemoved:Delete")
    assert deliver(test, removed) == []
    assert keys("uploads") == [studio.key(media_id)]


def test_a_message_that_is_none_of_s3_s_goes_back_alone(studio: Studio) -> None:
    media_id = studio.uploaded(a_file(size=(10, 10)))
    broken = {"messageId": "m-broken", "body": '{"Records": [{"eventName": 5}]}'}
    assert deliver(broken, notified(studio.key(media_id))) == ["m-broken"]
    assert asset_of(media_id).document.status is MediaStatus.READY


def an_expiry(media_id: str) -> dict[str, list[dict[str, str]]]:
    body = {
        "id": "b-1",
        "detail-type": "due.media.upload",
        "detail": {"kind": "media.upload", "subject": media_id},
    }
    return {"Records": [{"messageId": "m-1", "body": json.dumps(body)}]}


def test_an_upload_that_never_came_is_given_up_after_an_hour(studio: Studio) -> None:
    clock = MovedClock()
    deps = MediaDeps(clock=clock)
    command = CreateUpload.model_validate(
        {"profile_id": studio.profile_id, "content_type": "image/jpeg", "size_bytes": 1000}
    )
    media_id = create_upload(command, Principal(studio.owner.user_id), deps).id
    deadlines = [item for shard in range(8) for item in DueItem.query(f"DUE#{shard}")]
    assert [(item.kind, item.subject) for item in deadlines] == [("media.upload", media_id)]
    assert not expire_upload(media_id, system("test"), deps)
    put(studio.key(media_id), b"stuck")
    clock.at = NOW + EXPIRES_AFTER
    assert expire_upload(media_id, system("test"), deps)
    assert not expire_upload(media_id, system("test"), deps)
    assert asset_of(media_id).document.status is MediaStatus.EXPIRED
    assert [name for name, _ in events(media_id)] == ["media.expired"]
    assert keys("uploads") == []
    put(studio.key(media_id), a_file(size=(10, 10)))
    assert process_upload(studio.key(media_id), system("test"), deps) is Processed.LATE
    assert keys("uploads") == []


def test_a_deadline_of_what_is_ready_or_unknown_is_moot(studio: Studio) -> None:
    media_id = studio.uploaded(a_file(size=(10, 10)))
    deliver(notified(studio.key(media_id)))
    for subject in (media_id, new_id("med"), "nonsense"):
        assert expire_function.handler(an_expiry(subject), None) == {"batchItemFailures": []}
    assert asset_of(media_id).document.status is MediaStatus.READY
    assert UPLOAD_WITHIN + timedelta(minutes=30) < EXPIRES_AFTER
