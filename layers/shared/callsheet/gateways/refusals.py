"""Why money was not moved to a provider."""

from enum import StrEnum


class TransferRefusal(StrEnum):
    """Why money was not moved, for certain: asking again later may help."""

    ACCOUNT = "account"  # the connected account takes no transfers (any more)
    BALANCE = "balance"  # the platform's own balance does not suffice
    OTHER = "other"
