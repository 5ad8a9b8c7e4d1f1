"""What happened, and what there is, on a terminal."""

from collections import defaultdict

from rich.table import Table

from local.say import console
from local.stack import Stack
from local.trail import Happened


def show_happened(happened: Happened) -> None:
    """Events with who consumed them, then what Stripe was asked; nothing where nothing happened."""
    consumers: defaultdict[str, list[str]] = defaultdict(list)
    for consumer, event_id in happened.consumed:
        consumers[event_id].append(consumer)
    shown = {event.id for event in happened.events}
    for event in happened.events:
        by = f" → {', '.join(consumers[event.id])}" if consumers[event.id] else ""
        console.print(f"      [magenta]event[/]   {event.name} [dim]{event.subject} by {event.actor}{by}[/]")
    for event_id, names in consumers.items():
        if event_id not in shown:
            console.print(f"      [magenta]inbox[/]   {', '.join(names)} [dim]has consumed {event_id}[/]")
    for request in happened.stripe:
        console.print(
            f"      [blue]stripe[/]  {request.method} {request.path} [dim]{_in_short(request.params)} → {request.status}[/]"
        )


def show_stack(stack: Stack) -> None:
    """URLs, people, and what to try next."""
    table = Table(
        title="The laptop cloud is running", show_header=False, title_justify="left", box=None, padding=(0, 2)
    )
    table.add_row("REST", stack.api_url)
    table.add_row("GraphQL", stack.graphql_url)
    table.add_row("OpenAPI", f"{stack.api_url}/v1/openapi.json")
    table.add_row("AWS", f"{stack.aws_endpoint}{' (IAM enforced)' if stack.enforces_iam else ''}")
    table.add_row("Stripe", f"{stack.stripe_url}{'/_sim/requests' if stack.simulates_stripe else ''}")
    table.add_row("Typesense", stack.typesense_url or "none: set TYPESENSE_URL")
    for name, user in stack.users.items():
        table.add_row(name, f"{', '.join(user.roles)} [dim]{user.user_id} {user.profile_id or ''}[/]")
    console.print()
    console.print(table)
    console.print("\nWhat to try next")
    for command, why in (
        ("make token USER=carla", "a JWT to call the API with"),
        ("make advance HOURS=48", "let acceptance windows and expiries pass"),
        ("make logs FN=bookings/create_booking", "what a function said"),
        ("make invoke FN=platform/get_health", "run a function on its sample event"),
        ("make run", "again: redeploys what you changed"),
        ("make stop", "end it all"),
    ):
        console.print(f"  {command:<38} [dim]{why}[/]")


def _in_short(params: dict[str, object]) -> str:
    """The fields one looks for, e.g. `amount=10000 currency=usd`."""
    wanted = ("amount", "amount_to_capture", "currency", "capture_method", "payment_method", "payment_intent")
    return " ".join(f"{name}={params[name]}" for name in wanted if name in params)
