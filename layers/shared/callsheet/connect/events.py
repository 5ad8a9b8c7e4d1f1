"""What a payout account tells the rest."""

from typing import Annotated

from pydantic import Field

from callsheet.connect.model import RestrictionReason
from callsheet.kernel.events import EventPayload
from callsheet.kernel.ids import id_pattern


class PayoutAccountEvent(EventPayload):
    """Whose it is. Nothing of what Stripe knows of them."""

    aggregate_type = "payout_account"

    user_id: Annotated[str, Field(pattern=id_pattern("usr"))]

    def aggregate_id(self) -> str:
        return self.user_id


class PayoutAccountEnabled(PayoutAccountEvent):
    """Its owner can be paid from now on."""

    name = "payout_account.enabled"


class PayoutAccountRestricted(PayoutAccountEvent):
    """Its owner cannot be paid (any more)."""

    name = "payout_account.restricted"

    reason: RestrictionReason
