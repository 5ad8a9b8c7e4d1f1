"""What an account tells the rest."""

from typing import Annotated

from pydantic import Field

from callsheet.kernel.events import EventPayload
from callsheet.kernel.ids import id_pattern


class UserRegistered(EventPayload):
    """Somebody has an account; told once, whichever way it came to be."""

    name = "user.registered"
    aggregate_type = "user"

    user_id: Annotated[str, Field(pattern=id_pattern("usr"))]

    def aggregate_id(self) -> str:
        return self.user_id
