"""What a test may look at and disturb, and the simulators as a process of their own."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from queue import Queue
from threading import Thread

import pytest
import requests
from sendgrid import SendGridAPIClient
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from local.vendor_sims.twilio.account import ACCOUNT_SID, AUTH_TOKEN
from tests.functional.vendor_sims.conftest import Vendors

_ROOT = Path(__file__).parents[3]
_FROM, _TO = "+15005550006", "+447700900123"
_CALLBACK = "http://127.0.0.1:9/status"
_opened = urllib.request.build_opener(urllib.request.ProxyHandler({})).open


def _send(twilio: Client, body: str = "x") -> None:
    twilio.messages.create(to=_TO, from_=_FROM, body=body, status_callback=_CALLBACK)


def test_every_request_is_remembered_oldest_first(
    vendors: Vendors, twilio: Client, mailer: SendGridAPIClient
) -> None:
    _send(twilio, "Hello")
    mailer.client.suppression.bounces.get(query_params={"limit": 2})
    first, second = vendors.control("requests")
    assert (first["method"], first["path"], first["status"]) == (
        "POST",
        f"/twilio/2010-04-01/Accounts/{ACCOUNT_SID}/Messages.json",
        201,
    )
    assert (first["params"]["Body"], first["response"]["status"]) == ("Hello", "queued")
    assert (second["path"], second["params"], second["response"]) == (
        "/sendgrid/v3/suppression/bounces",
        {"limit": "2"},
        [],
    )


def test_webhooks_can_be_held_repeated_and_dropped(vendors: Vendors, twilio: Client) -> None:
    vendors.control("webhooks", {"mode": "hold", "duplicate": 1})
    _send(twilio)
    assert vendors.deliveries() == []
    assert vendors.control("webhooks")["held"] == 2
    assert vendors.control("webhooks/flush", {}) == {"flushed": 2}
    assert len(vendors.deliveries()) == 4
    vendors.control("webhooks", {"mode": "drop"})
    _send(twilio)
    vendors.deliveries()
    assert vendors.control("webhooks/flush", {}) == {"flushed": 0}


def test_an_error_does_nothing(vendors: Vendors, twilio: Client) -> None:
    vendors.control("fail", {"path": "/twilio", "kind": "error"})
    with pytest.raises(TwilioRestException) as failed:
        _send(twilio)
    assert (failed.value.status, failed.value.code) == (500, 20500)
    assert vendors.control("messages") == []
    _send(twilio)
    assert len(vendors.control("messages")) == 1


@pytest.mark.parametrize(("kind", "sent"), [("timeout", 0), ("applied_then_timeout", 1)])
def test_a_broken_connection(vendors: Vendors, twilio: Client, kind: str, sent: int) -> None:
    vendors.control("fail", {"path": "/twilio/*/Messages.json", "kind": kind})
    with pytest.raises(requests.RequestException):
        _send(twilio)
    assert len(vendors.control("messages")) == sent


def test_a_command_that_makes_no_sense_is_refused(vendors: Vendors) -> None:
    for path, body in (
        ("/_sim/fail", b'{"path": "/twilio", "kind": "flood"}'),
        ("/_sim/webhooks", b'{"mode": "sometimes"}'),
        ("/_sim/twilio/outcomes", b'{"to": "x", "status": "lost"}'),
        ("/_sim/sendgrid/events", b'{"email": "x", "event": "open"}'),
    ):
        assert vendors.simulator.handle("POST", path, {}, body)[0] == 400, path
    assert vendors.simulator.handle("GET", "/_sim/nothing", {}, b"")[0] == 404
    assert vendors.simulator.handle("GET", "/elsewhere", {}, b"")[0] == 404
    assert vendors.control("webhooks")["mode"] == "normal"


def test_a_process_delivers_and_ends(tmp_path: Path) -> None:
    inbox: Queue[bytes] = Queue()
    with _process(tmp_path) as (url, process), _endpoint(inbox) as endpoint:
        client = Client(ACCOUNT_SID, AUTH_TOKEN)
        client.api.base_url = f"{url}/twilio"
        client.messages.create(to=_TO, from_=_FROM, body="x", status_callback=endpoint)
        told = [inbox.get(timeout=20) for _ in range(2)]
        assert [b"MessageStatus=sent" in told[0], b"MessageStatus=delivered" in told[1]] == [True, True]
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) in {0, -signal.SIGTERM}


@contextmanager
def _process(directory: Path) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "local.vendor_sims", "--port", str(port)]
    process = subprocess.Popen(
        [*command, "--clock-file", str(directory / "clock")],
        cwd=_ROOT,
        env={**os.environ, "PYTHONPATH": str(_ROOT)},
    )
    url, until = f"http://127.0.0.1:{port}", time.monotonic() + 60
    try:
        while True:
            try:
                with _opened(f"{url}/_sim/health", timeout=1):
                    break
            except OSError:
                assert time.monotonic() < until, "the simulator did not start"
                time.sleep(0.05)
        yield url, process
    finally:
        process.kill()
        process.wait()


@contextmanager
def _endpoint(inbox: "Queue[bytes]") -> Iterator[str]:
    """Something that takes webhooks, and where it is."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            inbox.put(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(204)
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
