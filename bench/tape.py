"""AWS answered from memory: what moto said once is written down and said again.

What a replayed request costs is then our code and the AWS client (serialising, signing, parsing), not the
fake.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from moto.core.botocore_stubber import BotocoreStubber


@dataclass(frozen=True, slots=True)
class Recorded:
    """One answer of AWS: the operation it was to, and what came back."""

    operation: str
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class Tape:
    """Answers in the order in which they were asked for; replaying starts over with each request."""

    answers: list[Recorded] = field(default_factory=list)
    position: int = 0

    def rewind(self) -> None:
        self.position = 0

    def next(self, request: AWSPreparedRequest) -> AWSResponse:
        recorded = self.answers[self.position]
        self.position += 1
        return _response(request, recorded.status, recorded.headers, recorded.body)


def _response(request: AWSPreparedRequest, status: int, headers: dict[str, str], body: bytes) -> AWSResponse:
    known = HTTPHeaders()
    for name, value in headers.items():
        known[name] = value
    return AWSResponse(request.url, status, known, _Raw(body))


class _Raw(io.BytesIO):
    def stream(self, **_: object) -> Iterator[bytes]:
        yield self.read()


@contextmanager
def recording(tape: Tape) -> Iterator[None]:
    """Write down what AWS answers meanwhile."""
    original = BotocoreStubber.__call__

    def listen(
        self: BotocoreStubber, event_name: str, request: AWSPreparedRequest, **more: object
    ) -> AWSResponse | None:
        response: AWSResponse | None = original(self, event_name, request, **more)
        if response is not None:
            operation = event_name.rsplit(".", 1)[-1]
            tape.answers.append(
                Recorded(operation, response.status_code, dict(response.headers), response.content)
            )
            return _response(request, response.status_code, dict(response.headers), response.content)
        return None

    with _patched(listen):
        yield


@contextmanager
def replaying(tape: Tape) -> Iterator[None]:
    """Answer from the tape meanwhile."""

    def repeat(_self: BotocoreStubber, request: AWSPreparedRequest, **_: object) -> AWSResponse:
        return tape.next(request)

    with _patched(repeat):
        yield


@contextmanager
def _patched(call: object) -> Iterator[None]:
    original = BotocoreStubber.__call__
    setattr(BotocoreStubber, "__call__", call)  # noqa: B010 - the class is moto's, the assignment deliberate
    try:
        yield
    finally:
        setattr(BotocoreStubber, "__call__", original)  # noqa: B010
