"""Where a payout account goes next, given what Stripe says of it: pure decisions."""

from collections.abc import Iterable
from datetime import datetime

from callsheet.connect.model import (
    PayoutAccount,
    PayoutStatus,
    Requirement,
    Requirements,
    RestrictionReason,
)
from callsheet.connect.rules import PayoutAction
from callsheet.gateways.connect import ConnectedAccount


def next_action(status: PayoutStatus, seen: ConnectedAccount) -> PayoutAction | None:
    """Where an account goes that Stripe describes as `seen`; None where it is there already."""
    if is_rejected(seen):
        return None if status is PayoutStatus.REJECTED else PayoutAction.REJECT
    if seen.transfers_enabled and seen.payouts_enabled:
        return None if status is PayoutStatus.ACTIVE else PayoutAction.ENABLE
    return PayoutAction.RESTRICT if status in {PayoutStatus.ACTIVE, PayoutStatus.REJECTED} else None


def is_rejected(seen: ConnectedAccount) -> bool:
    return (seen.disabled_reason or "").startswith("rejected.")


def reason_of(status: PayoutStatus, seen: ConnectedAccount) -> RestrictionReason | None:
    """Why nothing can be paid into an account in this state; None where it can."""
    if status is PayoutStatus.ACTIVE:
        return None
    if is_rejected(seen):
        return RestrictionReason.REJECTED
    match seen.disabled_reason:
        case "under_review" | "listed" | "requirements.pending_verification":
            return RestrictionReason.UNDER_REVIEW
        case None if not (seen.currently_due or seen.past_due):
            return RestrictionReason.UNDER_REVIEW if seen.details_submitted else RestrictionReason.OTHER
        case None | "requirements.past_due" | "action_required.requested_capabilities":
            return RestrictionReason.REQUIREMENTS_DUE
        case _:
            return RestrictionReason.OTHER


def requirements_of(seen: ConnectedAccount) -> Requirements:
    """What Stripe wants to know, in our words."""
    overdue = _words(seen.past_due)
    return Requirements(
        due=_words(seen.currently_due),
        overdue=overdue,
        pending=_words(seen.pending_verification),
        deadline=seen.deadline,
    )


def seen_as(
    stored: PayoutAccount, seen: ConnectedAccount, status: PayoutStatus, now: datetime
) -> PayoutAccount:
    """The account with all that Stripe says of it."""
    return stored.model_copy(
        update={
            "status": status,
            "opening": None,
            "account_id": seen.id,
            "country": seen.country or stored.country,
            "default_currency": seen.default_currency,
            "transfers_enabled": seen.transfers_enabled,
            "payouts_enabled": seen.payouts_enabled,
            "details_submitted": seen.details_submitted,
            "requirements": requirements_of(seen),
            "reason": reason_of(status, seen),
            "looked_at": now,
        }
    )


def _words(fields: Iterable[str]) -> tuple[Requirement, ...]:
    return tuple(sorted({_word(field) for field in fields}))


def _word(field: str) -> Requirement:
    """A field as Stripe names it: `individual.dob.day`, `person_1a2b.verification.document`, `external_account`."""
    whose, _, what = field.partition(".")
    match whose:
        case "external_account" | "bank_account":
            return Requirement.BANK_ACCOUNT
        case "tos_acceptance":
            return Requirement.TERMS
        case "owners" | "directors" | "executives" | "representative":
            return Requirement.PEOPLE
        case "business_profile" | "business_type" | "settings":
            return Requirement.BUSINESS
        case "company" | "documents":
            return _company_word(what)
        case _ if whose == "individual" or whose.startswith("person_"):
            return _person_word(what)
        case _:
            return Requirement.OTHER


def _company_word(what: str) -> Requirement:
    if what.endswith(("_provided", "declaration")):
        return Requirement.PEOPLE
    if "verification" in what or "document" in what or what.endswith(".files"):
        return Requirement.BUSINESS_DOCUMENT
    if what.startswith(("tax_id", "vat_id")):
        return Requirement.TAX_ID
    return Requirement.ADDRESS if what.startswith("address") else Requirement.BUSINESS


def _person_word(what: str) -> Requirement:
    part = what.partition(".")[0]
    match part:
        case "verification":
            return Requirement.IDENTITY_DOCUMENT
        case "address" | "registered_address":
            return Requirement.ADDRESS
        case "email" | "phone":
            return Requirement.CONTACT
        case "id_number" | "ssn_last_4":
            return Requirement.TAX_ID
        case "relationship":
            return Requirement.PEOPLE
        case _:
            return Requirement.IDENTITY
