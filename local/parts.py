"""The processes a cloud is made of: kept where they are well and unchanged, else started anew."""

from collections.abc import Callable
from dataclasses import dataclass

from local import processes
from local.guard import Guard
from local.place import Place, discard
from local.ports import free_port
from local.processes import Program, Running
from local.programs import ministack, stripe, typesense, vendors
from local.say import say, step

type ProgramOn = Callable[[int], Program]


@dataclass(frozen=True, slots=True)
class Parts:
    """What has to run before anything can be deployed. Without `stripe_url` Stripe itself is spoken to."""

    aws: Running
    aws_endpoint: str
    stripe_url: str | None
    vendors_url: str
    search: typesense.Search


def start_parts(place: Place, guard: Guard, *, enforce_iam: bool) -> Parts:
    """Each part, running and well; `guard` knows of those that were started."""

    def aws(port: int) -> Program:
        return ministack.program(place, port, enforce_iam=enforce_iam)

    def simulator(port: int) -> Program:
        return stripe.program(place, port)

    def other_vendors(port: int) -> Program:
        return vendors.program(place, port)

    is_simulated = stripe.real_key() is None

    def search(port: int) -> Program:
        return typesense.program(place, port)

    one_history = [aws, other_vendors]
    one_history += [simulator] if is_simulated else []
    one_history += [search] if typesense.of_ones_own() is None and typesense.runs_here() else []
    if not all(kept(place, part) for part in one_history):
        _end_the_world(place)
    running, endpoint = _ensure(place, guard, aws, "AWS (MiniStack)")
    if is_simulated:
        stripe_url = _ensure(place, guard, simulator, "Stripe (simulator)")[1]
    else:
        stripe_url = None
        say("  [green]✓[/] Stripe itself, with the key in STRIPE_API_KEY")
    vendors_url = _ensure(place, guard, other_vendors, "Twilio, SendGrid, Plaid (simulators)")[1]
    return Parts(running, endpoint, stripe_url, vendors_url, _search(place, guard))


def _end_the_world(place: Place) -> None:
    """AWS, the vendors, the search and the clock remember one history between them: they begin together."""
    for name in (ministack.NAME, stripe.NAME, vendors.NAME, typesense.NAME):
        processes.stop(place, name)
    discard(typesense.folder_of(place))
    for file in (place.clock_file, place.stack_file):
        file.unlink(missing_ok=True)


def _search(place: Place, guard: Guard) -> typesense.Search:
    own = typesense.of_ones_own()
    if own is not None:
        say(f"  [green]✓[/] Typesense at {own.url}")
        return own
    if not typesense.runs_here():
        say(
            "  [yellow]–[/] Typesense's binary is for x86-64 Linux; TYPESENSE_URL and TYPESENSE_API_KEY name another"
        )
        return typesense.Search("", "", "")
    _, url = _ensure(place, guard, lambda port: typesense.program(place, port), "Search (Typesense)")
    typesense.ensure_search_key(url)
    return typesense.Search(url, typesense.API_KEY, typesense.SEARCH_KEY)


def _ensure(place: Place, guard: Guard, program_on: ProgramOn, words: str) -> tuple[Running, str]:
    """The process as it should be, and its URL."""
    known = kept(place, program_on)
    if known is not None:
        say(f"  [green]✓[/] {words} [dim]is up[/]")
        return known, program_on(known.port).url
    program = program_on(free_port())
    processes.stop(place, program.name)
    guard.watch(program.name)
    with step(f"{words} at {program.url}"):
        return processes.start(program, place), program.url


def kept(place: Place, program_on: ProgramOn) -> Running | None:
    """The process that is up, where it is what it would be if it were started now, and answers."""
    known = processes.find(place, program_on(0).name)
    if known is None:
        return None
    program = program_on(known.port)
    return known if known.fingerprint == program.fingerprint and processes.is_healthy(program) else None
