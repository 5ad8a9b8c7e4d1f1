"""`.local/stack.json`: what a running cloud is made of, for scripts and tests (docs/guides/laptop-cloud.md)."""

from pydantic import BaseModel, ConfigDict

from local.place import Place


class NoCloud(SystemExit):
    """There is none in this directory."""


class DemoUser(BaseModel):
    """A person one may act as. `profile_id` and `service_id` where they have something to book."""

    model_config = ConfigDict(frozen=True)

    user_id: str
    roles: tuple[str, ...]
    profile_id: str | None = None
    service_id: str | None = None


class Stack(BaseModel):
    """Where everything answers. `stripe_url` is Stripe's own where a real test key is used."""

    model_config = ConfigDict(frozen=True)

    api_url: str
    graphql_url: str
    aws_endpoint: str
    region: str
    stripe_url: str
    twilio_url: str
    sendgrid_url: str
    plaid_url: str
    typesense_url: str
    typesense_api_key: str
    enforces_iam: bool = False
    outputs: dict[str, str]
    users: dict[str, DemoUser] = {}

    @property
    def simulates_stripe(self) -> bool:
        return self.stripe_url.startswith("http://127.0.0.1")


def read_stack(place: Place) -> Stack:
    """Raises NoCloud, with what to do about it."""
    try:
        return Stack.model_validate_json(place.stack_file.read_bytes())
    except FileNotFoundError:
        raise NoCloud("No laptop cloud is running here: start one with `make run`") from None


def write_stack(stack: Stack, place: Place) -> None:
    """The file appears whole or not at all."""
    unfinished = place.stack_file.with_suffix(".part")
    unfinished.write_text(stack.model_dump_json(indent=2, exclude_none=True) + "\n")
    unfinished.replace(place.stack_file)
