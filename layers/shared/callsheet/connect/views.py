"""Payout accounts as their owners see them. Stripe's ids stay ours."""

from pydantic import AwareDatetime, BaseModel, Field

from callsheet.connect.model import PayoutAccount, PayoutStatus, Requirement, RestrictionReason
from callsheet.gateways.connect import AccountLink
from callsheet.kernel.models import FROZEN


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


def view_of(account: PayoutAccount) -> PayoutAccountView:
    wanted = account.requirements
    return PayoutAccountView(
        status=account.status,
        can_be_paid=account.can_be_paid,
        country=account.country,
        default_currency=account.default_currency,
        details_submitted=account.details_submitted,
        requirements=RequirementsView(
            due=wanted.due, overdue=wanted.overdue, pending=wanted.pending, deadline=wanted.deadline
        ),
        reason=account.reason,
        looked_at=account.looked_at,
        created_at=account.created_at,
    )


def link_view_of(link: AccountLink) -> LinkView:
    return LinkView(url=link.url, expires_at=link.expires_at)
