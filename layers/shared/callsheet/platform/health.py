"""Is this stage well? One read says whether the tables answer."""

from typing import Literal

from botocore.exceptions import BotoCoreError, ClientError
from pydantic import BaseModel, Field

from callsheet.kernel.errors import Unavailable
from callsheet.kernel.models import FROZEN
from callsheet.platform.read import get_together
from callsheet.platform.records import InboxItem
from callsheet.platform.settings import settings


class Health(BaseModel):
    model_config = FROZEN

    status: Literal["ok"] = Field(description="All that was asked has answered")
    stage: str
    version: str = Field(description="Version of the code that answers")
    stores: dict[str, Literal["ok"]] = Field(description="Each store that was asked")


def check_health() -> Health:
    """Raises Unavailable where the tables do not answer."""
    try:
        get_together([(InboxItem, "HEALTH", "HEALTH")])
    except (BotoCoreError, ClientError) as error:
        raise Unavailable("The tables do not answer", extra={"store": "dynamodb"}) from error
    return Health(
        status="ok", stage=settings().stage, version=settings().service_version, stores={"dynamodb": "ok"}
    )
