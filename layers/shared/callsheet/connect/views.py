"""Payout accounts as their owners see them. Stripe's ids stay ours."""

from callsheet.connect.model import LinkView, PayoutAccount, PayoutAccountView, RequirementsView
from callsheet.gateways.connect import AccountLink


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
