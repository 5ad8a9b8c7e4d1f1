"""What providers ask of their payout account."""

from typing import Self

from pydantic import BaseModel, Field, model_validator

from callsheet.connect.model import Country, Url
from callsheet.gateways.connect import LinkPurpose
from callsheet.kernel.models import COMMAND


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
