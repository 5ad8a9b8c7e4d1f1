"""Between one function and AWS: every request passes here, and one transaction can be stopped, before or after it."""

import http.client
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from urllib.parse import urlsplit

from local import aws, lambdas
from tests.e2e.cloud import Cloud

_TRANSACTION = "DynamoDB_20120810.TransactWriteItems"
_NOT_PASSED_ON = frozenset(
    {"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"}
)
_WAIT_SECONDS = 30


@dataclass(slots=True)
class Relay:
    """Counts the transactions that mention somebody, from zero since `watch`.

    Where it has stopped, nothing of the function's passes any more.
    """

    upstream: str
    seen: int = 0
    _mentions: Sequence[bytes] = ()
    _at: int | None = None
    _is_after: bool = False
    _stopped: Event = field(default_factory=Event)
    _let_go: Event = field(default_factory=Event)
    _lock: Lock = field(default_factory=Lock)

    def watch(self, mentions: Sequence[str] = (), at: int | None = None, *, after: bool = False) -> None:
        """Count anew what mentions one of these, and stop at that transaction."""
        with self._lock:
            self.seen, self._at, self._is_after = 0, at, after
            self._mentions = [word.encode() for word in mentions]
            self._stopped, self._let_go = Event(), Event()

    def has_stopped(self) -> bool:
        return self._stopped.is_set()

    def let_go(self) -> None:
        """Drop the connections that wait here, unanswered; whatever comes now passes."""
        self._let_go.set()
        self.watch()

    def passes(self, target: str, body: bytes, *, is_answer: bool) -> bool:
        """Wait here where this is the point; False where the connection is to be dropped."""
        with self._lock:
            stopped, let_go = self._stopped, self._let_go
            is_one = target == _TRANSACTION and any(word in body for word in self._mentions)
            if is_one and not stopped.is_set():
                if self.seen == self._at and is_answer == self._is_after:
                    stopped.set()
                self.seen += is_answer
        if not stopped.is_set():
            return True
        let_go.wait(_WAIT_SECONDS)
        return False


@contextmanager
def relayed(cloud: Cloud, function: str) -> Iterator[Relay]:
    """The function reaches AWS through a relay meanwhile: `AWS_ENDPOINT_URL` of its own says where."""
    relay = Relay(urlsplit(cloud.stack.aws_endpoint).netloc)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(relay))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    client, name = aws.client("lambda", cloud.stack.aws_endpoint), lambdas.function_name(function)
    before = client.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    there = {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}"}
    client.update_function_configuration(FunctionName=name, Environment={"Variables": {**before, **there}})
    try:
        yield relay
    finally:
        client.update_function_configuration(FunctionName=name, Environment={"Variables": before})
        relay.let_go()
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(relay: Relay) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            target = self.headers.get("x-amz-target", "")
            if not relay.passes(target, body, is_answer=False):
                self.close_connection = True
                return
            status, headers, answer = _asked(relay.upstream, self, body)
            if not relay.passes(target, body, is_answer=True):
                self.close_connection = True
                return
            self.send_response(status)
            for name, value in headers:
                if name.lower() not in _NOT_PASSED_ON:
                    self.send_header(name, value)
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler


def _asked(
    upstream: str, request: BaseHTTPRequestHandler, body: bytes
) -> tuple[int, list[tuple[str, str]], bytes]:
    """The same request, host and signature and all, put to AWS."""
    connection = http.client.HTTPConnection(upstream, timeout=_WAIT_SECONDS)
    try:
        connection.putrequest(request.command, request.path, skip_host=True, skip_accept_encoding=True)
        for name, value in request.headers.items():
            connection.putheader(name, value)
        connection.endheaders(body)
        answer = connection.getresponse()
        return answer.status, answer.getheaders(), answer.read()
    finally:
        connection.close()
