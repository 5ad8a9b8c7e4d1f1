"""The account that somebody is paid into: what is stored of it, what they send, and what they see."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import AwareDatetime, BaseModel, Field, StringConstraints, model_validator

from callsheet.gateways.connect import LinkPurpose
from callsheet.kernel.models import COMMAND, FROZEN

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


class StartOnboarding(BaseModel):
    """In which country one is paid, and where to come back to from the form."""

    model_config = COMMAND

    country: Country = Field(description="ISO 3166-1 alpha-2; it cannot be changed later")
    return_url: Url = Field(description="Where the form leads back to, finished or not")
    refresh_url: Url = Field(
        description="Where it leads if the link is no longer good: ask for another there"
    )


class CreateLink(BaseModel):
    """Forms need a `return_url` and a `refresh_url`, as where onboarding starts; the dashboard takes neither."""

    model_config = COMMAND

    purpose: LinkPurpose = LinkPurpose.ONBOARDING
    return_url: Url | None = None
    refresh_url: Url | None = None

    @model_validator(mode="after")
    def _says_where_to_come_back_to(self) -> Self:
        wanted = 0 if self.purpose is LinkPurpose.DASHBOARD else 2
        if len(self.urls) != wanted:
            raise ValueError("a form needs return_url and refresh_url; the dashboard takes neither")
        return self

    @property
    def urls(self) -> tuple[str, ...]:
        """Where to come back to, and where to if the link is no longer good."""
        return tuple(url for url in (self.return_url, self.refresh_url) if url is not None)


class RequirementsView(BaseModel):
    """What the payment provider wants to know, in stable words."""

    model_config = FROZEN

    due: tuple[Requirement, ...]
    overdue: tuple[Requirement, ...] = Field(
        description="Asked for too long: nothing is paid until it is there"
    )
    pending: tuple[Requirement, ...] = Field(description="Sent, and being looked at")
    deadline: AwareDatetime | None = Field(description="When what is due becomes overdue")


class PayoutAccountView(BaseModel):
    """The caller's payout account."""

    model_config = FROZEN

    status: PayoutStatus
    can_be_paid: bool = Field(description="Bookings can be accepted while this is true")
    country: str
    default_currency: str | None
    details_submitted: bool = Field(description="The form has been filled in once")
    requirements: RequirementsView
    reason: RestrictionReason | None = Field(description="Why nothing can be paid")
    looked_at: AwareDatetime | None = Field(description="As of when all this is so")
    created_at: AwareDatetime


class LinkView(BaseModel):
    """An address at the payment provider's, for the caller alone."""

    model_config = FROZEN

    url: str
    expires_at: AwareDatetime | None


class OnboardingView(BaseModel):
    """The caller's payout account, and the form to fill in for it."""

    model_config = FROZEN

    account: PayoutAccountView
    link: LinkView
