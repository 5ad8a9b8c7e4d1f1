"""One attempt at verifying an identity, as Plaid describes it (Plaid, "Identity Verification")."""

from datetime import datetime
from enum import StrEnum

from local.vendor_sims.plaid.requests import Person
from local.vendor_sims.wire import Json, Obj, token

_TEMPLATE_VERSION = 1


class Status(StrEnum):
    ACTIVE = "active"
    SUCCESS = "success"
    FAILED = "failed"
    PENDING_REVIEW = "pending_review"
    EXPIRED = "expired"
    CANCELED = "canceled"


# From where a status may still change: a person ends what is active; a reviewer may decide again.
NEXT = {
    Status.ACTIVE: frozenset(Status) - {Status.ACTIVE},
    Status.PENDING_REVIEW: frozenset({Status.SUCCESS, Status.FAILED}),
    Status.FAILED: frozenset({Status.SUCCESS}),
    Status.SUCCESS: frozenset({Status.FAILED}),
    Status.EXPIRED: frozenset[Status](),
    Status.CANCELED: frozenset[Status](),
}
# The template asks for terms, a code by SMS, and what is known of the person: no document, no selfie, no lists.
_STEPS = {
    Status.ACTIVE: (
        "active",
        "waiting_for_prerequisite",
        "waiting_for_prerequisite",
        "waiting_for_prerequisite",
    ),
    Status.SUCCESS: ("success", "success", "success", "success"),
    Status.FAILED: ("success", "success", "failed", "success"),
    Status.PENDING_REVIEW: ("success", "success", "success", "pending_review"),
    Status.EXPIRED: ("expired", "expired", "expired", "expired"),
    Status.CANCELED: ("canceled", "canceled", "canceled", "canceled"),
}


def stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def verification(
    *,
    template_id: str,
    client_user_id: str,
    person: Person | None,
    at: datetime,
    is_shareable: bool,
    previous_attempt_id: str | None = None,
) -> Obj:
    """An attempt that waits for the person."""
    own_id = f"idv_{token(14)}"
    link = f"https://flow.plaid.com/verify/{own_id}?key={token(32)}"
    return {
        "id": own_id,
        "client_user_id": client_user_id,
        "created_at": stamp(at),
        "completed_at": None,
        "previous_attempt_id": previous_attempt_id,
        "shareable_url": link if is_shareable else None,
        "template": {"id": template_id, "version": _TEMPLATE_VERSION},
        "user": person_of(person),
        "status": str(Status.ACTIVE),
        "steps": _steps(Status.ACTIVE),
        "documentary_verification": None,
        "selfie_check": None,
        "kyc_check": None,
        "risk_check": None,
        "verify_sms": None,
        "watchlist_screening_id": None,
        "beacon_user_id": None,
        "user_id": None,
        "redacted_at": None,
    }


def person_of(person: Person | None) -> Obj:
    """Every field is there, null where nothing is known."""
    given = (person or Person()).model_dump(mode="json")
    address = given["address"]
    return {
        "phone_number": given["phone_number"],
        "date_of_birth": given["date_of_birth"],
        "ip_address": given.get("ip_address"),
        "email_address": given["email_address"],
        "name": given["name"],
        "address": None if address is None else {**address},
        "id_number": given["id_number"],
    }


def become(attempt: Obj, status: Status, at: datetime) -> None:
    """The person, time or a reviewer has decided."""
    attempt |= {"status": str(status), "steps": _steps(status)}
    if status in {Status.SUCCESS, Status.FAILED}:
        attempt |= {"completed_at": stamp(at), "kyc_check": _kyc_check(attempt, status)}


def _steps(status: Status) -> Obj:
    accept_tos, verify_sms, kyc_check, risk_check = _STEPS[status]
    return {
        "accept_tos": accept_tos,
        "verify_sms": verify_sms,
        "kyc_check": kyc_check,
        "documentary_verification": "not_applicable",
        "selfie_check": "not_applicable",
        "watchlist_screening": "not_applicable",
        "risk_check": risk_check,
    }


def _kyc_check(attempt: Obj, status: Status) -> Obj:
    """Whether what was given is what Plaid's sources say."""
    user = attempt["user"]
    known = user if isinstance(user, dict) else {}
    found = "match" if status is Status.SUCCESS else "no_match"

    def summary(name: str) -> Obj:
        return {"summary": found if known.get(name) is not None else "no_input"}

    address: dict[str, Json] = {"po_box": "no_data", "type": "no_data"}
    return {
        "status": str(status),
        "address": summary("address") | address,
        "name": summary("name"),
        "date_of_birth": summary("date_of_birth"),
        "id_number": summary("id_number") | {"ssa_verification": None},
        "phone_number": summary("phone_number") | {"area_code": "no_data"},
    }
