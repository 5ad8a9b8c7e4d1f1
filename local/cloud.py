"""The laptop cloud, up and down. What is up and unchanged stays as it is."""

import fcntl
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from local import demo, deploy, processes, users
from local.api import Api
from local.guard import Guard, guarded
from local.place import Place
from local.ports import free_port
from local.processes import Program, Running
from local.programs import ministack, stripe, typesense
from local.say import say, step
from local.simulator import Simulator
from local.stack import Stack, write_stack


class Busy(SystemExit):
    """Somebody else is starting or stopping this cloud."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What has to run before anything can be deployed."""

    aws: Running
    aws_endpoint: str
    stripe_url: str | None
    search: typesense.Search


def up(place: Place, *, enforce_iam: bool) -> Stack:
    """Start what is not up, deploy what has changed, load demo data. What was started ends again if this fails."""
    place.make()
    with _alone(place), guarded(place) as guard:
        parts = _parts(place, guard, enforce_iam=enforce_iam)
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
        shutil.rmtree(place.scratch, ignore_errors=True)
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


def _parts(place: Place, guard: Guard, *, enforce_iam: bool) -> Parts:
    def aws(port: int) -> Program:
        return ministack.program(place, port, enforce_iam=enforce_iam)

    running, endpoint = _ensure(place, guard, aws, "AWS (MiniStack)")
    return Parts(running, endpoint, _stripe(place, guard), _search(place, guard))


def _stripe(place: Place, guard: Guard) -> str | None:
    if stripe.real_key():
        processes.stop(place, stripe.NAME)
        say("  [green]✓[/] Stripe itself, with the key in STRIPE_API_KEY")
        return None
    return _ensure(place, guard, lambda port: stripe.program(place, port), "Stripe (simulator)")[1]


def _search(place: Place, guard: Guard) -> typesense.Search:
    own = typesense.of_ones_own()
    if own is not None:
        say(f"  [green]✓[/] Typesense at {own.url}")
        return own
    if not typesense.runs_here():
        say(
            "  [yellow]–[/] Typesense's binary is for x86-64 Linux: set TYPESENSE_URL and TYPESENSE_API_KEY to use one"
        )
        return typesense.Search("", "")
    _, url = _ensure(place, guard, lambda port: typesense.program(place, port), "Search (Typesense)")
    return typesense.Search(url, typesense.API_KEY)


def _ensure(
    place: Place, guard: Guard, program_on: Callable[[int], Program], words: str
) -> tuple[Running, str]:
    """The process as it should be, and its URL: kept where it is up, well and the same; else started anew."""
    free = free_port()
    name = program_on(free).name
    known = processes.find(place, name)
    if known is not None:
        program = program_on(known.port)
        if known.fingerprint == program.fingerprint and processes.is_healthy(program):
            say(f"  [green]✓[/] {words} [dim]is up[/]")
            return known, program.url
        processes.stop(place, name)
    program = program_on(free)
    guard.watch(name)
    with step(f"{words} at {program.url}"):
        return processes.start(program, place), program.url


def _deploy(place: Place, parts: Parts) -> None:
    context = {
        "clock_offset_file": str(place.clock_file),
        "stripe_api_key": stripe.api_key(),
        "stripe_webhook_secret": stripe.webhook_secret(),
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
        typesense_url=parts.search.url,
        typesense_api_key=parts.search.api_key,
        enforces_iam=enforce_iam,
        outputs=outputs,
    )
