"""What happened, and what there is, on a terminal."""

from collections import Counter
from collections.abc import Mapping, Sequence

from rich import box
from rich.padding import Padding
from rich.table import Table

from local.api import Document, items, text
from local.say import console
from local.simulator import SeenRequest
from local.stack import Stack
from local.trail import Happened

_FIELDS = ("amount", "amount_to_capture", "currency", "capture_method", "payment_method", "payment_intent")


def show_happened(happened: Happened) -> None:
    """What Stripe was asked, the events that were written, who consumed what."""
    for request in happened.stripe:
        console.print(f"      [blue]stripe[/]   {_call(request)}")
    for event in happened.events:
        console.print(f"      [magenta]event[/]    {event.name} [dim]of {event.subject}, by {event.actor}[/]")
    for (worker, outcome), times in Counter(
        (taken.worker, taken.outcome) for taken in happened.consumed
    ).items():
        console.print(
            f"      [yellow]worker[/]   {worker} [dim]{outcome}{f' × {times}' if times > 1 else ''}[/]"
        )


def show_books(entries: Sequence[Document], stack: Stack) -> None:
    """One booking's accounts and what stands on each: debits left, credits right."""
    names = {user.user_id: name for name, user in stack.users.items()}
    sums: Counter[tuple[str, str]] = Counter()
    for posting in (line for entry in entries for line in items(entry, "postings")):
        amount_minor = int(text(posting, "amount", "amount_minor"))
        sums[text(posting, "account"), text(posting, "amount", "currency")] += amount_minor
    table = Table(box=box.SIMPLE, padding=(0, 1), header_style="dim", show_edge=False)
    table.add_column("the ledger now")
    table.add_column("debit", justify="right")
    table.add_column("credit", justify="right")
    for (account, currency), minor in sums.items():
        owner = next((user_id for user_id in names if user_id in account), "")
        shown = f"{abs(minor) / 100:,.2f} {currency}"
        if minor:
            table.add_row(
                account.replace(owner, names.get(owner, "")),
                shown if minor > 0 else "",
                shown if minor < 0 else "",
            )
    console.print(Padding(table, (0, 0, 0, 6)))


def show_stack(stack: Stack) -> None:
    """URLs, people, and what to try next."""
    console.rule("[bold]The laptop cloud is running[/]")
    for name, value in (
        ("REST", stack.api_url),
        ("GraphQL", stack.graphql_url),
        ("OpenAPI", f"{stack.api_url}/v1/openapi.json"),
        ("AWS", stack.aws_endpoint + (" (IAM enforced)" if stack.enforces_iam else "")),
        ("Stripe", stack.stripe_url + ("/_sim/requests" if stack.simulates_stripe else "")),
        ("Twilio", stack.twilio_url),
        ("SendGrid", stack.sendgrid_url),
        ("Plaid", stack.plaid_url),
        ("Typesense", stack.typesense_url or "none: TYPESENSE_URL names one"),
    ):
        console.print(f"  {name:<10} {value}")
    console.print("\nWho is there")
    for name, user in stack.users.items():
        console.print(
            f"  {name:<10} {', '.join(user.roles):<14} [dim]{user.user_id}  {user.profile_id or ''}[/]"
        )
    console.print("\nWhat to try next")
    for command, why in (
        ("make token USER=carla", "a JWT to call the API with"),
        ("make advance HOURS=48", "let acceptance windows and expiries pass"),
        ("make logs FN=bookings/create_booking", "what a function said"),
        ("make invoke FN=platform/get_health", "run a function on its sample event"),
        ("make run", "redeploy what was changed, play the tour again"),
        ("make stop", "end it all"),
    ):
        console.print(f"  {command:<38} [dim]{why}[/]")


def _call(request: SeenRequest) -> str:
    return f"{request.method} {request.path} [dim]{_in_short(request.params)} → {request.status}[/]"


def _in_short(params: Mapping[str, object]) -> str:
    """The fields one looks for, e.g. `amount=10000 currency=usd`."""
    return " ".join(f"{name}={params[name]}" for name in _FIELDS if name in params)
