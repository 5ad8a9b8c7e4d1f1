"""AWS and Stripe answered from memory: what moto and the simulator said once is written down and said again.

What a replayed request costs is then our code and the clients (serialising, signing, parsing), not the fakes.
"""

import io
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from unittest.mock import patch
from urllib.parse import urlsplit

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from moto.core.botocore_stubber import BotocoreStubber

from tests.support.dynamodb import on_the_wire
from tests.support.stripe import SimulatedStripe

type Headers = Mapping[str, str]
type StripeAnswer = tuple[str, int, Headers]

_STRIPE_ID = re.compile(r"\b[a-z]{2,5}_\w{6,}")


@dataclass(frozen=True, slots=True)
class Recorded:
    """One answer: the operation it was to, and what came back."""

    operation: str
    status: int
    headers: Headers
    body: bytes


@dataclass(slots=True)
class Tape:
    """Answers in the order in which they were asked for; replaying starts over with each request."""

    answers: list[Recorded] = field(default_factory=list)
    position: int = 0

    def rewind(self) -> None:
        self.position = 0

    def next(self, operation: str) -> Recorded:
        """The next answer; LookupError where it was given to another operation."""
        recorded = self.answers[self.position]
        if recorded.operation != operation:
            raise LookupError(f"{operation} is asked where {recorded.operation} was recorded")
        self.position += 1
        return recorded


@contextmanager
def recording(tape: Tape) -> Iterator[None]:
    """Write down what AWS and Stripe answer meanwhile."""
    ask_aws, ask_stripe = BotocoreStubber.__call__, SimulatedStripe.request

    def aws(
        stubber: BotocoreStubber, event_name: str, request: AWSPreparedRequest, **more: object
    ) -> AWSResponse | None:
        response: AWSResponse | None = ask_aws(stubber, event_name, request, **more)
        if response is None:
            return None
        recorded = Recorded(
            _aws_name(event_name), response.status_code, dict(response.headers), response.content
        )
        tape.answers.append(recorded)
        return _aws_answer(request, recorded)

    def stripe(
        client: SimulatedStripe, method: str, url: str, headers: Headers | None, post_data: object = None
    ) -> StripeAnswer:
        body, status, told = ask_stripe(client, method, url, headers, post_data)
        tape.answers.append(Recorded(_stripe_name(method, url), status, told, body.encode()))
        return body, status, told

    with _answered_by(aws, stripe):
        yield


@contextmanager
def replaying(tape: Tape) -> Iterator[None]:
    """Answer from the tape meanwhile."""

    def aws(
        _stubber: BotocoreStubber, event_name: str, request: AWSPreparedRequest, **_more: object
    ) -> AWSResponse:
        return _aws_answer(request, tape.next(_aws_name(event_name)))

    def stripe(
        _client: SimulatedStripe, method: str, url: str, _headers: Headers | None, _post_data: object = None
    ) -> StripeAnswer:
        recorded = tape.next(_stripe_name(method, url))
        return recorded.body.decode(), recorded.status, recorded.headers

    with _answered_by(aws, stripe):
        yield


def _aws_name(event_name: str) -> str:
    """`before-send.dynamodb.TransactWriteItems` names the operation last."""
    return event_name.rsplit(".", 1)[-1]


def _stripe_name(method: str, url: str) -> str:
    return f"{method.upper()} {_STRIPE_ID.sub('…', urlsplit(url).path)}"


def _aws_answer(request: AWSPreparedRequest, recorded: Recorded) -> AWSResponse:
    headers = HTTPHeaders()
    for name, value in recorded.headers.items():
        headers[name] = value
    return AWSResponse(request.url, recorded.status, headers, _Raw(recorded.body))


class _Raw(io.BytesIO):
    def stream(self, **_: object) -> Iterator[bytes]:
        yield self.read()


@contextmanager
def _answered_by(
    aws: Callable[..., AWSResponse | None], stripe: Callable[..., StripeAnswer]
) -> Iterator[None]:
    with (
        on_the_wire(),  # what goes the short way is heard of by nobody
        patch.object(BotocoreStubber, "__call__", aws),
        patch.object(SimulatedStripe, "request", stripe),
    ):
        yield
