"""Reviews over HTTP: who may write, read, report and hide them."""

from collections.abc import Mapping

import pytest

from callsheet.kernel.ids import new_id
from callsheet.reviews.store import ReviewItem
from tests.support.gateway import Answer, Caller, Gateway
from tests.support.reviews import completed, say
from tests.support.stage import Stage

SUPPORT = Caller(groups=("support",))


@pytest.fixture
def stage(tables: None) -> Stage:
    return Stage()


def carla(stage: Stage) -> Caller:
    return Caller.named(stage.carla.id, "client")


def pavel(stage: Stage) -> Caller:
    return Caller.named(stage.pavel.user.id, "provider")


def ask(method: str, path: str, user: Caller | None = None, body: object = None) -> Answer:
    return Gateway().call(method, path, user=user, body=body)


def revealed(stage: Stage, count: int = 1) -> list[str]:
    """The ids of that many of the client's reviews, oldest first."""
    found = []
    for stars in range(1, count + 1):
        booking = completed(stage)
        written = say(stage, booking, stage.carla, stars, f"Review {stars}")
        say(stage, booking, stage.pavel.user, stars)
        assert written.mine is not None
        found.append(written.mine.id)
    return found


def test_everybody_reads_a_profile_s_reviews_page_by_page_the_newest_first(stage: Stage) -> None:
    revealed(stage, 3)
    path = f"/v1/profiles/{stage.pavel.profile_id}/reviews"
    first = ask("GET", f"{path}?limit=2").json()
    second = ask("GET", f"{path}?limit=2&cursor={first['next_cursor']}").json()
    pages = [first["items"], second["items"]]
    assert all(isinstance(page, list) for page in pages)
    words = [review["words"] for page in pages if isinstance(page, list) for review in page]
    assert words == ["Review 3", "Review 2", "Review 1"]
    assert "bkg_" not in str(pages)
    assert ask("GET", f"{path}?cursor=x").json()["code"] == "invalid_cursor"
    profile = ask("GET", f"/v1/profiles/{stage.pavel.profile_id}").json()
    assert profile["rating"] == {"reviews": 3, "stars": 6, "average": 2.0}


def test_what_is_said_of_a_client_is_for_providers_and_the_client(stage: Stage) -> None:
    revealed(stage)
    path = f"/v1/users/{stage.carla.id}/reviews"
    for reader in (carla(stage), Caller(groups=("provider",)), SUPPORT):
        items = ask("GET", path, reader).json()["items"]
        assert isinstance(items, list)
        assert [(review["by"], review["author_id"]) for review in items] == [
            ("provider", stage.pavel.user.id)
        ]
    assert ask("GET", path, Caller(groups=("client",))).json()["code"] == "forbidden"
    assert ask("GET", path).status == 401
    assert ask("GET", f"/v1/users/{'x' * 3000}/reviews", SUPPORT).json() == {"items": [], "next_cursor": None}


def test_a_draft_has_no_reviews_to_read(stage: Stage) -> None:
    revealed(stage)
    ask("POST", f"/v1/profiles/{stage.pavel.profile_id}/unpublish", pavel(stage))
    for profile_id in (stage.pavel.profile_id, new_id("prf"), "x" * 3000, stage.pavel.user.id):
        assert ask("GET", f"/v1/profiles/{profile_id}/reviews").json()["code"] == "profile_not_found"
    as_a_user = ask("GET", f"/v1/users/{stage.pavel.profile_id}/reviews", Caller(groups=("provider",)))
    assert as_a_user.json() == {"items": [], "next_cursor": None}


def test_the_first_report_is_kept_and_the_review_stays(stage: Stage) -> None:
    (review_id,) = revealed(stage)
    for user, reason in ((pavel(stage), "personal_data"), (carla(stage), "other")):
        answer = ask("POST", f"/v1/reviews/{review_id}/report", user, {"reason": reason})
        assert (answer.status, answer.json()["words"]) == (200, "Review 1")
    hidden = ask(
        "POST", f"/v1/admin/reviews/{review_id}/hide", SUPPORT, {"reason": "untrue", "note": "Asked"}
    )
    report, hiding = hidden.json()["report"], hidden.json()["hiding"]
    assert isinstance(report, dict)
    assert (report["reason"], report["reported_by"]) == ("personal_data", stage.pavel.user.id)
    assert isinstance(hiding, dict)
    assert (hiding["reason"], hiding["note"], hiding["hidden_by"]) == ("untrue", "Asked", SUPPORT.user_id)
    gone = ask("POST", f"/v1/reviews/{review_id}/report", carla(stage), {"reason": "other"})
    assert (gone.status, gone.json()["code"]) == (404, "review_not_found")


def test_support_sees_what_waits_and_keeps_or_hides_it(stage: Stage) -> None:
    ids = revealed(stage, 3)
    for review_id in ids:
        assert (
            ask("POST", f"/v1/reviews/{review_id}/report", carla(stage), {"reason": "untrue"}).status == 200
        )
    first = ask("GET", "/v1/admin/reviews/reported?limit=2", SUPPORT).json()
    rest = ask("GET", f"/v1/admin/reviews/reported?limit=2&cursor={first['next_cursor']}", SUPPORT).json()
    assert [waiting(first), waiting(rest), rest["next_cursor"]] == [sorted(ids)[:2], sorted(ids)[2:], None]
    kept = ask("POST", f"/v1/admin/reviews/{ids[0]}/keep", SUPPORT).json()
    report = kept["report"]
    assert isinstance(report, dict)
    assert (report["kept_by"], kept["hiding"]) == (SUPPORT.user_id, None)
    assert ask("POST", f"/v1/admin/reviews/{ids[0]}/keep", SUPPORT).json() == kept
    ask("POST", f"/v1/admin/reviews/{ids[1]}/hide", SUPPORT, {"reason": "untrue"})
    assert waiting(ask("GET", "/v1/admin/reviews/reported", SUPPORT).json()) == [ids[2]]
    ask("POST", f"/v1/reviews/{ids[0]}/report", pavel(stage), {"reason": "other"})
    assert waiting(ask("GET", "/v1/admin/reviews/reported", SUPPORT).json()) == [ids[2]], "it was looked at"
    hidden = ask("POST", f"/v1/admin/reviews/{ids[1]}/keep", SUPPORT)
    assert (hidden.status, hidden.json()["code"]) == (404, "review_not_found")


def waiting(page: Mapping[str, object]) -> list[str]:
    items = page["items"]
    assert isinstance(items, list)
    return [str(item["id"]) for item in items]


def test_nobody_decides_about_a_review_of_their_own_booking_or_without_being_asked(stage: Stage) -> None:
    (review_id,) = revealed(stage)
    path = f"/v1/admin/reviews/{review_id}/keep"
    unasked = ask("POST", path, SUPPORT)
    assert (unasked.status, unasked.json()["code"]) == (409, "not_reported")
    ask("POST", f"/v1/reviews/{review_id}/report", carla(stage), {"reason": "untrue"})
    for user in (carla(stage), pavel(stage), Caller.named(stage.pavel.user.id, "provider", "support")):
        assert ask("POST", path, user).status == 403
    assert ask("GET", "/v1/admin/reviews/reported", carla(stage)).status == 403
    assert waiting(ask("GET", "/v1/admin/reviews/reported", SUPPORT).json()) == [review_id]


def test_who_may_not_read_a_review_cannot_report_it_either(stage: Stage) -> None:
    booking = completed(stage)
    of_pavel = say(stage, booking, stage.carla, 5, "Of Pavel").mine
    of_carla = say(stage, booking, stage.pavel.user, 5, "Of Carla").mine
    assert of_pavel
    assert of_carla
    ask("POST", f"/v1/profiles/{stage.pavel.profile_id}/unpublish", pavel(stage))
    stranger = Caller(groups=("client",))
    for review_id in (of_pavel.id, of_carla.id):
        refused = ask("POST", f"/v1/reviews/{review_id}/report", stranger, {"reason": "other"})
        assert (refused.status, refused.json()["code"]) == (404, "review_not_found")
        assert "Of " not in str(refused.body)
        (item,) = ReviewItem.query(review_id)
        assert item.document.report is None, "and nothing changed"
        for party in (carla(stage), pavel(stage)):
            assert ask("POST", f"/v1/reviews/{review_id}/report", party, {"reason": "other"}).status == 200


def test_nobody_but_support_hides_and_what_is_no_review_is_not_found(stage: Stage) -> None:
    (review_id,) = revealed(stage)
    for user in (pavel(stage), carla(stage)):
        assert ask("POST", f"/v1/admin/reviews/{review_id}/hide", user, {"reason": "untrue"}).status == 403
    for path in ("/v1/reviews/{}/report", "/v1/admin/reviews/{}/hide"):
        for nothing in (new_id("rev"), "x", "x" * 3000):
            answer = ask("POST", path.format(nothing), SUPPORT, {"reason": "other"})
            assert (answer.status, answer.json()["code"]) == (404, "review_not_found")
    assert ReviewItem.by_subject.count(stage.pavel.profile_id) == 1


@pytest.mark.parametrize(
    "body",
    [{"stars": 0}, {"stars": 6}, {"stars": "5"}, {"stars": 5, "words": "x" * 2001}, {"words": "Fine"}, {}],
)
def test_a_review_that_does_not_fit_is_refused(stage: Stage, body: dict[str, object]) -> None:
    answer = ask("POST", f"/v1/bookings/{new_id('bkg')}/reviews", carla(stage), body)
    assert (answer.status, answer.json()["code"]) == (400, "invalid_request")


def test_the_handlers_speak_for_the_use_cases(stage: Stage) -> None:
    booking = completed(stage)
    path = f"/v1/bookings/{booking.id}/reviews"
    # The handlers' clock is long past the stage's.
    late = ask("POST", path, carla(stage), {"stars": 5})
    assert (late.status, late.json()["code"]) == (410, "review_window_closed")
    assert ask("GET", path, pavel(stage)).json()["mine"] is None
    assert ask("GET", path, Caller()).json()["code"] == "not_found"
    assert ask("GET", f"/v1/bookings/{'x' * 3000}/reviews", carla(stage)).json()["code"] == "not_found"


def test_support_hides_nothing_of_its_own_bookings_and_nothing_changes(stage: Stage) -> None:
    (review_id,) = revealed(stage)
    for party in (stage.pavel.user.id, stage.carla.id):
        user = Caller.named(party, "support")
        answer = ask("POST", f"/v1/admin/reviews/{review_id}/hide", user, {"reason": "untrue"})
        assert (answer.status, answer.json()["code"]) == (403, "forbidden")
    items = ask("GET", f"/v1/profiles/{stage.pavel.profile_id}/reviews").json()["items"]
    assert isinstance(items, list)
    assert [review["id"] for review in items] == [review_id]
    profile = ask("GET", f"/v1/profiles/{stage.pavel.profile_id}").json()
    assert profile["rating"] == {"reviews": 1, "stars": 1, "average": 1.0}
