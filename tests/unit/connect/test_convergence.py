"""What Stripe says of an account decides where it goes, whatever was known before."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsheet.connect.convergence import next_action, reason_of, requirements_of
from callsheet.connect.model import PayoutStatus, Requirement, RestrictionReason
from callsheet.connect.rules import PAYOUT_ACCOUNT, PayoutAction
from callsheet.gateways.connect import ConnectedAccount

NEW = ConnectedAccount(id="acct_1", country="US", currently_due=("external_account",))
GOOD = ConnectedAccount(
    id="acct_1", country="US", transfers_enabled=True, payouts_enabled=True, details_submitted=True
)
BAD = replace(GOOD, disabled_reason="rejected.fraud", transfers_enabled=False, payouts_enabled=False)
KNOWN = [status for status in PayoutStatus if status is not PayoutStatus.CLOSED]


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (GOOD, dict.fromkeys(KNOWN, PayoutStatus.ACTIVE)),
        (
            replace(GOOD, payouts_enabled=False),
            {
                PayoutStatus.ONBOARDING: PayoutStatus.ONBOARDING,
                PayoutStatus.ACTIVE: PayoutStatus.RESTRICTED,
                PayoutStatus.RESTRICTED: PayoutStatus.RESTRICTED,
                PayoutStatus.REJECTED: PayoutStatus.RESTRICTED,
            },
        ),
        (
            replace(GOOD, transfers_enabled=False),
            {
                PayoutStatus.ONBOARDING: PayoutStatus.ONBOARDING,
                PayoutStatus.ACTIVE: PayoutStatus.RESTRICTED,
                PayoutStatus.RESTRICTED: PayoutStatus.RESTRICTED,
                PayoutStatus.REJECTED: PayoutStatus.RESTRICTED,
            },
        ),
        (BAD, dict.fromkeys(KNOWN, PayoutStatus.REJECTED)),
    ],
)
def test_an_account_goes_where_stripe_says_it_is(
    seen: ConnectedAccount, expected: dict[PayoutStatus, PayoutStatus]
) -> None:
    for status, target in expected.items():
        action = next_action(status, seen)
        reached = PAYOUT_ACCOUNT.step(status, action, "stripe").target if action else status
        assert reached is target, status


def test_the_second_look_moves_nothing() -> None:
    for status, seen in product(KNOWN, (NEW, GOOD, BAD, replace(GOOD, payouts_enabled=False))):
        action = next_action(status, seen)
        if action is not None:
            assert next_action(PAYOUT_ACCOUNT.step(status, action, "stripe").target, seen) is None


def test_a_rejected_account_is_rejected_even_while_something_is_still_enabled() -> None:
    assert (
        next_action(PayoutStatus.ACTIVE, replace(GOOD, disabled_reason="rejected.other"))
        is PayoutAction.REJECT
    )


@pytest.mark.parametrize(
    ("seen", "reason"),
    [
        (NEW, RestrictionReason.REQUIREMENTS_DUE),
        (replace(NEW, disabled_reason="requirements.past_due"), RestrictionReason.REQUIREMENTS_DUE),
        (replace(NEW, currently_due=(), details_submitted=True), RestrictionReason.UNDER_REVIEW),
        (replace(NEW, disabled_reason="requirements.pending_verification"), RestrictionReason.UNDER_REVIEW),
        (replace(NEW, disabled_reason="under_review"), RestrictionReason.UNDER_REVIEW),
        (replace(NEW, disabled_reason="listed"), RestrictionReason.UNDER_REVIEW),
        (replace(NEW, disabled_reason="rejected.listed"), RestrictionReason.REJECTED),
        (replace(NEW, disabled_reason="platform_paused"), RestrictionReason.OTHER),
        (replace(NEW, disabled_reason="a.new.one"), RestrictionReason.OTHER),
        (ConnectedAccount(id="acct_1", country="US"), RestrictionReason.OTHER),
    ],
)
def test_why_nothing_can_be_paid_is_one_of_our_words(
    seen: ConnectedAccount, reason: RestrictionReason
) -> None:
    assert reason_of(PayoutStatus.RESTRICTED, seen) is reason
    assert reason_of(PayoutStatus.ACTIVE, seen) is None


@pytest.mark.parametrize(
    ("field", "word"),
    [
        ("external_account", Requirement.BANK_ACCOUNT),
        ("tos_acceptance.date", Requirement.TERMS),
        ("individual.first_name", Requirement.IDENTITY),
        ("individual.dob.day", Requirement.IDENTITY),
        ("individual.verification.document", Requirement.IDENTITY_DOCUMENT),
        ("person_1a2b.verification.additional_document", Requirement.IDENTITY_DOCUMENT),
        ("individual.address.line1", Requirement.ADDRESS),
        ("individual.email", Requirement.CONTACT),
        ("individual.phone", Requirement.CONTACT),
        ("individual.ssn_last_4", Requirement.TAX_ID),
        ("individual.id_number", Requirement.TAX_ID),
        ("person_1a2b.relationship.title", Requirement.PEOPLE),
        ("representative.first_name", Requirement.PEOPLE),
        ("owners.address.city", Requirement.PEOPLE),
        ("company.owners_provided", Requirement.PEOPLE),
        ("company.tax_id", Requirement.TAX_ID),
        ("company.address.city", Requirement.ADDRESS),
        ("company.name", Requirement.BUSINESS),
        ("company.verification.document", Requirement.BUSINESS_DOCUMENT),
        ("documents.company_license.files", Requirement.BUSINESS_DOCUMENT),
        ("business_profile.mcc", Requirement.BUSINESS),
        ("business_type", Requirement.BUSINESS),
        ("settings.payments.statement_descriptor", Requirement.BUSINESS),
        ("interv_123.support.form", Requirement.OTHER),
    ],
)
def test_what_stripe_asks_for_is_one_of_our_words(field: str, word: Requirement) -> None:
    assert requirements_of(replace(NEW, currently_due=(field,))).due == (word,)


@given(st.lists(st.text()))
def test_every_requirement_has_a_word_and_none_comes_twice(fields: list[str]) -> None:
    found = requirements_of(replace(NEW, past_due=tuple(fields))).overdue
    assert len(set(found)) == len(found)
    assert bool(found) == bool(fields)
