"""What taxes a price was found to bear, as a booking keeps it and a caller sees it."""

from enum import StrEnum

from pydantic import BaseModel, Field

from callsheet.kernel.models import FROZEN
from callsheet.kernel.money import Money


class TaxedPart(StrEnum):
    """What of a booking is taxed on its own: the work that is done, and the fee we charge the client."""

    SERVICE = "service"
    FEE = "fee"


class TaxDetail(BaseModel):
    """One tax of one jurisdiction on one part; several where state, county and city each take theirs."""

    model_config = FROZEN

    part: TaxedPart
    amount: Money
    taxable: Money = Field(description="What it is counted on; part of the line where the rest is exempt")
    percentage: str = Field(description="A decimal number, e.g. 8.875", examples=["19"])
    country: str
    state: str | None = None
    level: str = Field(description="country, state, county, city or district")
    display_name: str = Field(description="The jurisdiction's name")
    taxability_reason: str = Field(description="Stripe's word for it, e.g. standard_rated or not_collecting")
