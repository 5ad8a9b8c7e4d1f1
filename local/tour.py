"""The tour."""

from local.place import Place
from local.say import say
from local.stack import Stack


def tour(place: Place, stack: Stack) -> None:
    """Play it."""
    say("")
