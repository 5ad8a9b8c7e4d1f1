"""What is asked of transfers."""

from pydantic import BaseModel, Field

from callsheet.kernel.models import COMMAND
from callsheet.kernel.page import PageQuery


class SetReserve(BaseModel):
    """Keep a share of each transfer of a provider back; `percent` 0 ends it for what comes."""

    model_config = COMMAND

    percent: int = Field(strict=True, ge=0, le=50)
    days: int = Field(strict=True, ge=1, le=180)
    reason: str = Field(min_length=3, max_length=500)


class HoldTransfer(BaseModel):
    """Why money is kept back, or let go, for the record."""

    model_config = COMMAND

    reason: str = Field(min_length=3, max_length=500)


class TransferQuery(PageQuery):
    """Mine, newest first."""
