"""Bodies of requests to Plaid, as far as they are simulated, and what Plaid says to a body that is none."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from local.vendor_sims.plaid.errors import invalid, missing, unknown


def _day(value: object) -> object:
    """Plaid writes days as 1990-05-29 and takes nothing else."""
    return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else value


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Name(_Part):
    given_name: str
    family_name: str


class Place(_Part):
    country: str = Field(pattern="^[A-Z]{2}$")
    street: str | None = None
    street2: str | None = None
    city: str | None = None
    region: str | None = None
    postal_code: str | None = None


class IdNumber(_Part):
    value: str
    type: str


class Person(_Part):
    """What is known of somebody before they show anything."""

    email_address: str | None = None
    phone_number: str | None = Field(default=None, pattern=r"^\+[1-9]\d{6,14}$")
    date_of_birth: Annotated[date | None, BeforeValidator(_day)] = None
    name: Name | None = None
    address: Place | None = None
    id_number: IdNumber | None = None


class UserToVerify(Person):
    client_user_id: str | None = None
    ip_address: str | None = None


class CreateVerification(_Part):
    is_shareable: bool
    template_id: str
    gave_consent: bool = False
    client_user_id: str | None = None
    user: UserToVerify | None = None
    is_idempotent: bool | None = None


class GetVerification(_Part):
    identity_verification_id: str


class ListVerifications(_Part):
    template_id: str
    client_user_id: str | None = None
    cursor: str | None = None


class RetryVerification(_Part):
    """Of the strategies only `reset` is simulated: everything is asked for again."""

    client_user_id: str
    template_id: str
    strategy: str = Field(pattern="^reset$")
    user: UserToVerify | None = None
    is_shareable: bool | None = None


class UserOfLink(Person):
    client_user_id: str


class TemplateOfLink(_Part):
    template_id: str
    gave_consent: bool = False


class CreateLinkToken(_Part):
    """Link for identity verification only: its other products are not simulated."""

    client_name: str
    language: str
    country_codes: list[str] = Field(min_length=1)
    user: UserOfLink
    products: list[str] = Field(min_length=1)
    identity_verification: TemplateOfLink
    webhook: str | None = None
    redirect_uri: str | None = None


class GetVerificationKey(_Part):
    key_id: str


def read[Body: BaseModel](kind: type[Body], body: Mapping[str, object]) -> Body:
    """Raises Refusal: for what is missing, else for what is unknown, else for the first that is wrong."""
    try:
        return kind.model_validate(body)
    except ValidationError as error:
        found = [
            (details["type"], ".".join(map(str, details["loc"])), details["msg"])
            for details in error.errors()
        ]
        lacking = [field for kind_, field, _ in found if kind_ == "missing"]
        extra = [field for kind_, field, _ in found if kind_ == "extra_forbidden"]
        if lacking:
            raise missing(lacking) from error
        if extra:
            raise unknown(extra) from error
        raise invalid(f"{found[0][1]}: {found[0][2]}") from error
