"""The body of `POST /v3/mail/send`, as far as it is simulated, and what SendGrid says to a body that is none."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from local.vendor_sims.sendgrid.errors import Problem, refusal

_TYPES = {
    "string_type": "string",
    "list_type": "array",
    "dict_type": "object",
    "model_type": "object",
    "bool_type": "boolean",
    "int_type": "integer",
}


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Address(_Part):
    email: str = ""
    name: str | None = None


class Personalization(_Part):
    to: list[Address] = []
    cc: list[Address] = []
    bcc: list[Address] = []
    from_: Address | None = Field(default=None, alias="from")
    subject: str | None = None
    headers: dict[str, str] = {}
    substitutions: dict[str, str] = {}
    dynamic_template_data: dict[str, object] = {}
    custom_args: dict[str, str] = {}

    @property
    def recipients(self) -> list[Address]:
        return [*self.to, *self.cc, *self.bcc]


class Content(_Part):
    type: str = ""
    value: str = ""


class Attachment(_Part):
    content: str
    filename: str
    type: str | None = None
    disposition: str | None = None
    content_id: str | None = None


class Unsubscribing(_Part):
    group_id: int
    groups_to_display: list[int] = []


class _Switch(_Part):
    enable: bool = False


class MailSettings(_Part):
    sandbox_mode: _Switch = _Switch()


class ClickTracking(_Switch):
    enable_text: bool = False


class OpenTracking(_Switch):
    substitution_tag: str | None = None


class Tracking(_Part):
    """Accepted, and of no effect: nobody opens these mails or follows their links."""

    click_tracking: ClickTracking = ClickTracking()
    open_tracking: OpenTracking = OpenTracking()


class Mail(_Part):
    """Left out are `send_at`, `batch_id`, `ip_pool_name` and settings that go around suppressions: refused."""

    personalizations: list[Personalization] = []
    from_: Address | None = Field(default=None, alias="from")
    reply_to: Address | None = None
    reply_to_list: list[Address] = []
    subject: str | None = None
    content: list[Content] = []
    attachments: list[Attachment] = []
    template_id: str | None = None
    headers: dict[str, str] = {}
    categories: list[str] = []
    custom_args: dict[str, str] = {}
    asm: Unsubscribing | None = None
    mail_settings: MailSettings = MailSettings()
    tracking_settings: Tracking = Tracking()

    @property
    def has_template(self) -> bool:
        return self.template_id is not None


def read(body: Mapping[str, object]) -> Mail:
    """Raises Refusal, with every problem of the shape there is."""
    try:
        return Mail.model_validate(body)
    except ValidationError as error:
        raise refusal([_problem(details) for details in error.errors()]) from error


def _problem(details: ErrorDetails) -> Problem:
    field = ".".join(str(part) for part in details["loc"])
    match details["type"]:
        case "extra_forbidden":
            return Problem(f"Additional property {details['loc'][-1]} is not allowed", field)
        case "missing":
            return Problem(f"{details['loc'][-1]} is required", field)
        case kind:
            expected = _TYPES.get(kind, kind)
            return Problem(f"Invalid type. Expected: {expected}, given: {_given(details['input'])}.", field)


def _given(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
        case _:
            return "object"
