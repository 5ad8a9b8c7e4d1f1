"""An account: what is stored of it, what may be changed, and what others see."""

from pydantic import AwareDatetime, BaseModel, Field

from callsheet.kernel.models import COMMAND, FROZEN
from callsheet.kernel.principal import Role
from callsheet.kernel.text import Line


class Account(BaseModel):
    """What a booking must know of its client."""

    model_config = FROZEN

    user_id: str
    stripe_customer_id: str | None = None


class UserView(BaseModel):
    """What anybody who is signed in sees of a user."""

    model_config = FROZEN

    id: str
    display_name: str | None
    created_at: AwareDatetime


class MeView(UserView):
    """The caller's own account."""

    roles: tuple[Role, ...] = Field(description="From the token; every user may act as a client or fan")
    version: int = Field(description="Grows with each change of the account")


class UpdateMe(BaseModel):
    """`version`, where given, is the one the caller has read: the change is refused where it is no longer that."""

    model_config = COMMAND

    display_name: Line
    version: int | None = Field(default=None, strict=True, ge=0)
