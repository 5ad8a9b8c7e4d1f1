"""The laptop cloud, up and down. What is up and unchanged stays as it is."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from local import cdk, demo, deploy, processes, users
from local.api import Api
from local.guard import guarded
from local.parts import Parts, start_parts
from local.place import Place, discard
from local.programs import ministack, stripe
from local.say import say, step
from local.simulator import Simulator
from local.stack import Stack, write_stack


class Busy(SystemExit):
    """Somebody else is starting or stopping this cloud."""


def up(place: Place, *, enforce_iam: bool) -> Stack:
    """Start what is not up, deploy what has changed, load demo data. What was started ends again if this fails."""
    place.make()
    with _alone(place), guarded(place) as guard:
        parts = start_parts(place, guard, enforce_iam=enforce_iam)
        guard.watch(cdk.NAME)
        _deploy(place, parts)
        stack = _stack(parts, enforce_iam=enforce_iam)
        if stack.simulates_stripe:
            Simulator(stack.stripe_url).deliver_to(f"{stack.api_url}/v1/webhooks/stripe")
        with step("Demo users and what they sell"):
            stack = stack.model_copy(update={"users": users.ensure(stack)})
            with Api.of(stack) as api:
                stack = stack.model_copy(update={"users": demo.load(stack, api)})
        write_stack(stack, place)
        guard.keep()
    return stack


def down(place: Place) -> list[str]:
    """End every process and forget what they knew; names of those that were up."""
    if not place.root.exists():
        return []
    place.make()
    with _alone(place):
        ended = [name for name in reversed(processes.names(place)) if processes.stop(place, name)]
        for file in (place.stack_file, place.deployed_file, place.clock_file):
            file.unlink(missing_ok=True)
        discard(place.scratch)
    return ended


@contextmanager
def _alone(place: Place) -> Iterator[None]:
    """Raises Busy where another launcher is at work. The lock ends with its process."""
    with (place.root / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy(f"Another launcher is at work in {place.root}") from None
        yield


def _deploy(place: Place, parts: Parts) -> None:
    context = {
        "clock_offset_file": str(place.clock_file),
        "stripe_api_key": stripe.api_key(),
        "stripe_webhook_secret": stripe.webhook_secret(),
        "typesense_url": parts.search.url,
        "typesense_api_key": parts.search.api_key,
        "typesense_search_key": parts.search.search_key,
    }
    if parts.stripe_url is not None:
        context["stripe_api_base"] = parts.stripe_url
    target = deploy.Target(place, parts.aws, parts.aws_endpoint, context)
    with step("The application (cdk deploy)"):
        if not deploy.deploy(target, lambda words: say(f"    [dim]{words}[/]")):
            say("    [dim]nothing has changed[/]")


def _stack(parts: Parts, *, enforce_iam: bool) -> Stack:
    outputs = deploy.outputs(parts.aws_endpoint)
    # By path: names below `localhost`, as the output has them, do not resolve everywhere.
    api_url = f"{parts.aws_endpoint}/_aws/execute-api/{outputs['ApiId']}/$default"
    return Stack(
        api_url=api_url,
        graphql_url=f"{api_url}/graphql",
        aws_endpoint=parts.aws_endpoint,
        region=ministack.REGION,
        stripe_url=parts.stripe_url or "https://api.stripe.com",
        twilio_url=f"{parts.vendors_url}/twilio",
        sendgrid_url=f"{parts.vendors_url}/sendgrid",
        plaid_url=f"{parts.vendors_url}/plaid",
        typesense_url=parts.search.url,
        typesense_api_key=parts.search.api_key,
        enforces_iam=enforce_iam,
        outputs=outputs,
    )
