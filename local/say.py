"""What the launcher says: facts on standard output, progress where somebody watches."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from rich.console import Console

console = Console(highlight=False, soft_wrap=True)


def say(words: str) -> None:
    console.print(words)


@contextmanager
def step(words: str) -> Iterator[None]:
    """A step that takes a while: named when it starts, timed when it ends."""
    started = monotonic()
    with console.status(words):
        if not console.is_terminal:
            console.print(f"  {words} …")
        yield
    console.print(f"  [green]✓[/] {words} [dim]{monotonic() - started:.1f} s[/]")
