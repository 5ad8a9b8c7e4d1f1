"""The payout account's state table has no dead end; looks become rare and end; nobody is sent anywhere else."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from callsheet.connect.commands import CreateLink, StartOnboarding
from callsheet.connect.model import Opening, PayoutAccount, PayoutStatus
from callsheet.connect.rules import (
    CHECK_DELAYS,
    PAYOUT_ACCOUNT,
    WAITING,
    PayoutAction,
    is_ours,
    is_stale,
    is_waiting,
    made_between,
    next_check,
    opening_key,
)
from callsheet.gateways.connect import LinkPurpose
from callsheet.kernel.diagram import mermaid

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
APP = ("https://app.callsheet.example", "http://localhost:3000")


def reached_from(state: PayoutStatus) -> set[PayoutStatus]:
    seen, frontier = {state}, [state]
    while frontier:
        for row in PAYOUT_ACCOUNT.exits(frontier.pop()):
            if row.target not in seen:
                seen.add(row.target)
                frontier.append(row.target)
    return seen


def test_every_state_is_reached_and_from_each_somebody_can_be_paid_again() -> None:
    (start,) = PAYOUT_ACCOUNT.initial
    assert reached_from(start) == set(PayoutStatus)
    for state in PayoutStatus:
        assert PayoutStatus.ACTIVE in reached_from(state), f"{state} is a dead end"


def test_whoever_waits_has_a_deadline_and_stripe_moves_everything_but_what_is_closed() -> None:
    for row in PAYOUT_ACCOUNT.transitions:
        assert (row.target in WAITING) == (row.deadline == "account.check"), row
    for state in PayoutStatus:
        assert {who for row in PAYOUT_ACCOUNT.exits(state) for who in row.who} == (
            {"owner"} if state is PayoutStatus.CLOSED else {"stripe"}
        )


def test_whoever_can_no_longer_be_paid_is_told() -> None:
    for row in PAYOUT_ACCOUNT.transitions:
        is_bad = row.action in {PayoutAction.RESTRICT, PayoutAction.REJECT, PayoutAction.CLOSE}
        assert ("tell the owner" in row.effects) == is_bad, row


def test_the_diagram_draws_it() -> None:
    assert "    active --> restricted: restrict (stripe) → account.check\n" in mermaid(PAYOUT_ACCOUNT)


def an_account(**changes: object) -> PayoutAccount:
    return PayoutAccount.model_validate(
        {"user_id": "usr_1", "country": "US", "created_at": NOW, "account_id": "acct_1", **changes}
    )


def test_looks_become_rare_and_end_within_two_months() -> None:
    at, looks = NOW, 0
    gaps = []
    while (check_at := next_check(looks, at)) is not None:
        gaps.append(check_at - at)
        at, looks = check_at, looks + 1
    assert gaps == sorted(gaps)
    assert looks == len(CHECK_DELAYS)
    assert at - NOW < timedelta(days=60)


@pytest.mark.parametrize(
    ("status", "age", "stale"),
    [
        (PayoutStatus.ONBOARDING, timedelta(seconds=59), False),
        (PayoutStatus.ONBOARDING, timedelta(minutes=1), True),
        (PayoutStatus.RESTRICTED, timedelta(minutes=1), True),
        (PayoutStatus.ACTIVE, timedelta(hours=23), False),
        (PayoutStatus.ACTIVE, timedelta(days=1), True),
        (PayoutStatus.REJECTED, timedelta(days=1), True),
        (PayoutStatus.CLOSED, timedelta(days=9), False),
    ],
)
def test_what_is_old_is_asked_anew(status: PayoutStatus, age: timedelta, stale: bool) -> None:
    assert is_stale(an_account(status=status, looked_at=NOW - age), NOW) is stale


def test_what_was_never_looked_at_is_old_and_what_stripe_would_not_make_waits_for_nothing() -> None:
    assert is_stale(an_account(), NOW)
    assert is_waiting(an_account())
    assert is_waiting(an_account(account_id=None, opening=Opening(key="k", asked_at=NOW)))
    assert not is_waiting(an_account(account_id=None))
    assert not is_waiting(an_account(status=PayoutStatus.ACTIVE))


def test_each_account_of_a_user_has_a_key_of_its_own() -> None:
    assert [opening_key("usr_1", number) for number in (1, 2)] == ["account/usr_1", "account/usr_1/2"]


def test_an_account_was_made_within_the_day_its_key_was_kept() -> None:
    since, until = made_between(NOW)
    assert since < NOW
    assert until > NOW + timedelta(hours=24)


@pytest.mark.parametrize(
    "url",
    [
        "https://app.callsheet.example",
        "https://app.callsheet.example/",
        "https://APP.callsheet.example/payouts?done=1#x",
        "http://localhost:3000/payouts",
    ],
)
def test_the_app_s_own_addresses_are_ours(url: str) -> None:
    assert is_ours(url, APP)


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/",
        "https://app.callsheet.example.evil.example/",
        "https://app.callsheet.example@evil.example/",
        "https://app.callsheet.example:pw@evil.example/",
        "https://app.callsheet.example:444/",
        "http://app.callsheet.example/",
        "https://evil.example/https://app.callsheet.example",
        "//app.callsheet.example/",
        "javascript://app.callsheet.example/%0aalert(1)",
        "https://user@app.callsheet.example/",
    ],
)
def test_nobody_is_sent_anywhere_else(url: str) -> None:
    assert not is_ours(url, APP)
    assert not is_ours(url, ())


@given(st.text(max_size=40))
def test_whatever_stands_between_an_origin_and_its_path_is_not_the_origin(rest: str) -> None:
    url = f"https://app.callsheet.example{rest}"
    try:
        ours = is_ours(StartOnboarding(country="US", return_url=url, refresh_url=url).return_url, APP)
    except (ValidationError, ValueError):
        return
    assert not ours or rest == "" or rest[0] in "/?#"


@pytest.mark.parametrize(
    "url",
    [
        "https://app.callsheet.example\\@evil.example",
        "https://app.callsheet.example /x",
        "ftp://x",
        "/x",
        "https://é",
    ],
)
def test_an_address_that_readers_disagree_about_is_none(url: str) -> None:
    with pytest.raises(ValidationError):
        StartOnboarding(country="US", return_url=url, refresh_url=url)


@pytest.mark.parametrize("country", ["us", "USA", "", "U1", "ÄÖ"])
def test_a_country_is_two_capital_letters(country: str) -> None:
    with pytest.raises(ValidationError):
        StartOnboarding(country=country, return_url=f"{APP[0]}/", refresh_url=f"{APP[0]}/")


@pytest.mark.parametrize(("purpose", "urls"), list(product(LinkPurpose, range(3))))
def test_a_form_needs_two_addresses_and_the_dashboard_none(purpose: LinkPurpose, urls: int) -> None:
    given_urls = dict.fromkeys(("return_url", "refresh_url")[:urls], f"{APP[0]}/")
    body = {"purpose": purpose, **given_urls}
    if urls == (0 if purpose is LinkPurpose.DASHBOARD else 2):
        assert len(CreateLink.model_validate(body).urls) == urls
    else:
        with pytest.raises(ValidationError):
            CreateLink.model_validate(body)
