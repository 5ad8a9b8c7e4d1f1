"""The account that somebody is paid into: what is stored of it, what they send, and what they see."""

from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, StringConstraints

from callsheet.kernel.models import FROZEN

type Country = Annotated[str, StringConstraints(pattern="^[A-Z]{2}$")]
# No space, no control character, and no backslash, which browsers read as a slash.
type Url = Annotated[str, StringConstraints(pattern=r"^https?://[\x21-\x5b\x5d-\x7e]+$", max_length=2000)]


class PayoutStatus(StrEnum):
    ONBOARDING = "onboarding"
    ACTIVE = "active"
    RESTRICTED = "restricted"
    REJECTED = "rejected"
    CLOSED = "closed"


class Requirement(StrEnum):
    """What is asked of an account's owner, in words that stay the same; the form says it in detail."""

    IDENTITY = "identity"
    IDENTITY_DOCUMENT = "identity_document"
    ADDRESS = "address"
    CONTACT = "contact"
    TAX_ID = "tax_id"
    BANK_ACCOUNT = "bank_account"
    BUSINESS = "business"
    BUSINESS_DOCUMENT = "business_document"
    PEOPLE = "people"
    TERMS = "terms"
    OTHER = "other"


class RestrictionReason(StrEnum):
    """Why nothing can be paid. Why an account was rejected is the payment provider's to say."""

    REQUIREMENTS_DUE = "requirements_due"
    UNDER_REVIEW = "under_review"
    REJECTED = "rejected"
    CLOSED = "closed"
    OTHER = "other"


class Requirements(BaseModel):
    """What is due, overdue, and looked at by the payment provider; `deadline` is when what is due will count."""

    model_config = FROZEN

    due: tuple[Requirement, ...] = ()
    overdue: tuple[Requirement, ...] = ()
    pending: tuple[Requirement, ...] = ()
    deadline: AwareDatetime | None = None


class Opening(BaseModel):
    """An account that is about to be made at Stripe, written down before it is; gone once the outcome is recorded.

    `asked_at` is no later than the first time that Stripe was asked under `key`.
    """

    model_config = FROZEN

    key: str
    asked_at: AwareDatetime


class PayoutAccount(BaseModel):
    """The account of one user. With neither an `account_id` nor an `opening` there is none: Stripe would not make it.

    `check_at` is when it is looked at next if nobody does before; `checks` how often that was since it began to wait.
    """

    model_config = FROZEN

    user_id: str
    country: str
    created_at: AwareDatetime
    status: PayoutStatus = PayoutStatus.ONBOARDING
    openings: int = 0  # how many there have been: each has a key of its own
    opening: Opening | None = None
    account_id: str | None = None
    default_currency: str | None = None
    transfers_enabled: bool = False
    payouts_enabled: bool = False
    details_submitted: bool = False
    requirements: Requirements = Requirements()
    reason: RestrictionReason | None = None
    looked_at: AwareDatetime | None = None
    checks: int = 0
    check_at: AwareDatetime | None = None

    @property
    def can_be_paid(self) -> bool:
        return self.status is PayoutStatus.ACTIVE
