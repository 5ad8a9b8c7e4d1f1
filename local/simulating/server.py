"""A simulator of a vendor as an HTTP server on the loopback interface."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from typing import Protocol

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from local.simulating.faults import Hang

_TICK_SECONDS = 0.25
_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


class Simulator(Protocol):
    """What answers: framework-free, and safe between threads."""

    def handle(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body; `path` may carry a query. Raises Hang where no answer is to come."""

    def tick(self) -> None:
        """Let happen what became due."""

    def close(self) -> None: ...


class _BrokenConnection(Response):
    """Promises a body that never comes, so that the server drops the connection."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  # ASGI
        headers = [(b"content-length", b"1")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})


def application(simulator: Simulator) -> Starlette:
    """All paths lead to the core; time passes for it also while nobody asks."""

    async def answer(request: Request) -> Response:
        path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        body = await request.body()
        try:
            status, headers, content = await run_in_threadpool(
                simulator.handle, request.method, path, dict(request.headers), body
            )
        except Hang:
            return _BrokenConnection()
        return Response(content, status, headers)

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        ticking = asyncio.create_task(_tick(simulator))
        yield
        ticking.cancel()
        await run_in_threadpool(simulator.close)

    return Starlette(routes=[Route("/{path:path}", answer, methods=_METHODS)], lifespan=lifespan)


async def _tick(simulator: Simulator) -> None:
    while True:
        await asyncio.sleep(_TICK_SECONDS)
        await run_in_threadpool(simulator.tick)


def server(simulator: Simulator, port: int) -> uvicorn.Server:
    """A server that ends on SIGTERM, and lets no slow answer keep it."""
    config = uvicorn.Config(
        application(simulator),
        host="127.0.0.1",
        port=port,
        access_log=False,
        log_level="critical",  # a connection broken on purpose is no error
        timeout_graceful_shutdown=2,
        lifespan="on",
    )
    return uvicorn.Server(config)
