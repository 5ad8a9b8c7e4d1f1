"""graphql-core, Ariadne and Strawberry side by side: import cost and CPU time a request.

    python -m bench.graphql_frameworks

Frameworks that are not installed are left out; install them into a throwaway environment to repeat ADR
0050's table.
"""

import asyncio
import importlib.util
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

_SDL = """
type User { id: ID! }
type Booking { id: ID! client: User! }
type Query { bookings: [Booking!]! }
"""
_QUERY = "{ bookings { id client { id } } }"
_BOOKINGS = [{"id": str(number), "client": {"id": f"u{number}"}} for number in range(20)]
_ROUNDS = 300

_IMPORTS = {
    "graphql": "from graphql import build_schema, execute, parse, validate; import aiodataloader",
    "ariadne": "from ariadne import make_executable_schema, graphql; import aiodataloader",
    "strawberry": "import strawberry; from strawberry.dataloader import DataLoader",
}


def _graphql_core() -> Callable[[], object]:
    from graphql import build_schema, execute, parse, validate

    schema = build_schema(_SDL)
    assert schema.query_type is not None
    schema.query_type.fields["bookings"].resolve = lambda *_: _BOOKINGS

    async def run() -> object:
        document = parse(_QUERY)
        assert not validate(schema, document)
        return execute(schema, document)

    return lambda: asyncio.run(run())


def _ariadne() -> Callable[[], object]:
    from ariadne import QueryType, graphql, make_executable_schema  # type: ignore[import-not-found]

    query = QueryType()
    query.set_field("bookings", lambda *_: _BOOKINGS)
    schema = make_executable_schema(_SDL, query)
    return lambda: asyncio.run(graphql(schema, {"query": _QUERY}))


def _strawberry() -> Callable[[], object]:
    import strawberry  # type: ignore[import-not-found]

    @strawberry.type
    @dataclass
    class User:
        id: str

    @strawberry.type
    @dataclass
    class Booking:
        id: str
        client: User

    def bookings() -> list[Booking]:
        return [Booking(id=f"{number}", client=User(id=f"u{number}")) for number in range(20)]

    query = strawberry.type(
        type("Query", (), {"bookings": strawberry.field(resolver=bookings), "__annotations__": {}})
    )
    schema = strawberry.Schema(query)
    return lambda: asyncio.run(schema.execute(_QUERY))


_RUNNERS = {"graphql": _graphql_core, "ariadne": _ariadne, "strawberry": _strawberry}


def import_milliseconds(statement: str, rounds: int = 7) -> float:
    """The median CPU time of a fresh process with the statement, less that of one without."""

    def cpu(code: str) -> float:
        code = f"import time\n{code}\nprint(time.process_time())"
        out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        return float(out.stdout)

    return 1000 * (
        statistics.median(cpu(statement) for _ in range(rounds))
        - statistics.median(cpu("") for _ in range(rounds))
    )


def request_milliseconds(run: Callable[[], object]) -> float:
    """The median CPU time of one request, warm."""
    spent = []
    for _ in range(_ROUNDS):
        started = time.process_time()
        run()
        spent.append(time.process_time() - started)
    return 1000 * statistics.median(spent)


def main() -> None:
    print(f"{'framework':<14}{'import ms':>12}{'request ms':>12}")
    for name, make in _RUNNERS.items():
        if importlib.util.find_spec(name) is None:
            print(f"{name:<14}{'not installed':>24}")
            continue
        print(f"{name:<14}{import_milliseconds(_IMPORTS[name]):>12.1f}{request_milliseconds(make()):>12.2f}")


if __name__ == "__main__":
    main()
