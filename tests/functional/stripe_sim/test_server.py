"""The simulator as a process: the SDK over a real socket, and a clean end."""

import io
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from queue import Queue
from threading import Thread

import pytest
import stripe

from tests.functional.stripe_sim.payments import authorized, order

_ROOT = Path(__file__).parents[3]
_START_SECONDS = 30


@dataclass(frozen=True, slots=True)
class _Process:
    url: str
    clock_file: Path
    process: "subprocess.Popen[bytes]"

    def control(self, path: str, body: dict[str, object]) -> None:
        request = urllib.request.Request(f"{self.url}{path}", json.dumps(body).encode(), method="POST")
        with _opened(request) as answer:
            assert answer.status == 200


_opened = urllib.request.build_opener(urllib.request.ProxyHandler({})).open


@pytest.fixture
def running(tmp_path: Path) -> Iterator[_Process]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    clock_file = tmp_path / "clock"
    command = [sys.executable, "-m", "local.stripe_sim", "--port", str(port), "--clock-file", str(clock_file)]
    process = subprocess.Popen(command, cwd=_ROOT, env={**os.environ, "PYTHONPATH": str(_ROOT)})
    running = _Process(f"http://127.0.0.1:{port}", clock_file, process)
    try:
        _wait_for(running.url)
        yield running
    finally:
        process.kill()
        process.wait()


def test_a_payment_over_a_socket(running: _Process) -> None:
    inbox: Queue[str] = Queue()
    with _endpoint(inbox) as endpoint:
        running.control("/_sim/webhooks", {"url": endpoint})
        api = _client(running.url).v1
        intent = authorized(api)
        assert [inbox.get(timeout=10) for _ in range(3)] == [
            "payment_intent.created",
            "charge.succeeded",
            "payment_intent.amount_capturable_updated",
        ]
        running.control("/_sim/fail", {"path": "/v1/payment_intents", "kind": "timeout"})
        with pytest.raises(stripe.APIConnectionError):
            api.payment_intents.create(order())
        running.clock_file.write_text(str(8 * 24 * 3600))
        assert inbox.get(timeout=10) == "charge.expired"  # although nobody asked
        assert api.payment_intents.retrieve(intent.id).status == "canceled"
    running.process.send_signal(signal.SIGTERM)
    assert running.process.wait(timeout=10) in {0, -signal.SIGTERM}


def test_a_form_is_filled_in_where_it_is_linked_to(running: _Process) -> None:
    api = _client(running.url).v1
    account = api.accounts.create({"type": "express", "capabilities": {"transfers": {"requested": True}}}).id
    link = api.account_links.create(
        {
            "account": account,
            "refresh_url": f"{running.url}/_sim/health",
            "return_url": f"{running.url}/_sim/requests",
            "type": "account_onboarding",
        }
    )
    assert link.url.startswith(f"{running.url}/setup/e/{account}/")
    with _opened(link.url) as form:
        assert b"external_account" in form.read()
    with _opened(urllib.request.Request(link.url, b"", method="POST")) as after:
        assert after.url == f"{running.url}/_sim/requests"
    assert api.accounts.retrieve(account).payouts_enabled


def test_a_file_over_a_socket(running: _Process) -> None:
    evidence = io.BytesIO(b"%PDF-1.7 \x00\r\n\xff")
    file = _client(running.url).v1.files.create({"file": evidence, "purpose": "dispute_evidence"})
    assert file.size == len(evidence.getvalue())


def _client(url: str) -> stripe.StripeClient:
    return stripe.StripeClient(
        "sk_test_callsheet",
        base_addresses={"api": url, "files": url},
        http_client=stripe.RequestsClient(timeout=5),
        max_network_retries=0,
    )


def _wait_for(url: str) -> None:
    end = time.monotonic() + _START_SECONDS
    while True:
        try:
            with _opened(f"{url}/_sim/health", timeout=1):
                return
        except OSError:
            assert time.monotonic() < end, "the simulator did not start"
            time.sleep(0.05)


@contextmanager
def _endpoint(inbox: "Queue[str]") -> Iterator[str]:
    """Something that takes webhooks, and where it is."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            inbox.put(json.loads(body)["type"])
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    endpoint = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=endpoint.serve_forever, daemon=True)
    thread.start()
    with endpoint:
        yield f"http://127.0.0.1:{endpoint.server_port}/webhooks"
        endpoint.shutdown()
        thread.join()
