"""The laptop cloud's launcher: `python -m local up|down|token|invoke|logs|advance|tour`; `make` calls it."""

import argparse
import json
import os
import sys
from pathlib import Path

from local import clock, cloud, lambdas, users
from local.api import Refused
from local.cdk import NotDeployed
from local.place import here
from local.processes import NotHealthy
from local.say import say
from local.show import show_happened, show_stack
from local.stack import read_stack
from local.tour import TourFailed, tour
from local.trail import Trail

_FAILURES = (NotDeployed, NotHealthy, Refused, clock.Unsettled, lambdas.FunctionFailed, TourFailed)


def up() -> None:
    """Start the laptop cloud and deploy to it."""
    cloud.up(here(), enforce_iam=os.environ.get("AUTH", "").lower() == "true")


def down() -> None:
    """End it."""
    ended = cloud.down(here())
    say(f"Ended: {', '.join(ended)}" if ended else "Nothing was running")


def token(user: str) -> None:
    """Print a fresh JWT of a demo user."""
    print(users.token(read_stack(here()), user))


def invoke(function: str, event: str | None) -> None:
    """Run one function on an event, by default on its sample."""
    lambdas.function_name(function)  # says so where there is none
    path = Path(event) if event else lambdas.sample_event(function)
    if not path.is_file():
        raise SystemExit(f"There is no event {path}: name one with EVENT=file")
    print(json.dumps(lambdas.invoke(read_stack(here()), function, path.read_bytes()), indent=2))


def logs(function: str) -> None:
    """Print what a function has said."""
    for line in lambdas.log_lines(read_stack(here()), function):
        print(line.words.rstrip())


def advance(hours: float) -> None:
    """Move the clock on and run what becomes due."""
    place = here()
    stack = read_stack(place)
    trail = Trail(stack)
    trail.look()
    published = clock.advance(place, stack, hours)
    ahead = clock.offset_seconds(place) / 3600
    say(f"The clock is {ahead:g} h ahead of the machine's; {published} deadlines were due")
    show_happened(trail.look())


def play_tour() -> None:
    """Play the tour, then show what there is."""
    place = here()
    stack = read_stack(place)
    tour(place, stack)
    show_stack(stack)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m local", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("up", help=up.__doc__).set_defaults(run=lambda _: up())
    commands.add_parser("down", help=down.__doc__).set_defaults(run=lambda _: down())
    commands.add_parser("tour", help=play_tour.__doc__).set_defaults(run=lambda _: play_tour())
    command = commands.add_parser("token", help=token.__doc__)
    command.add_argument("user")
    command.set_defaults(run=lambda given: token(given.user))
    command = commands.add_parser("invoke", help=invoke.__doc__)
    command.add_argument("function")
    command.add_argument("event", nargs="?")
    command.set_defaults(run=lambda given: invoke(given.function, given.event))
    command = commands.add_parser("logs", help=logs.__doc__)
    command.add_argument("function")
    command.set_defaults(run=lambda given: logs(given.function))
    command = commands.add_parser("advance", help=advance.__doc__)
    command.add_argument("hours", type=float)
    command.set_defaults(run=lambda given: advance(given.hours))
    given = parser.parse_args(arguments)
    try:
        given.run(given)
    except _FAILURES as failure:
        print(f"\n{type(failure).__name__}: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
