"""One server on the loopback interface, empty for each test, and the vendors' own SDKs that speak to it."""

import json
import socket
import time
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Thread
from typing import Any

import plaid
import pytest
import sendgrid
from plaid.api import plaid_api
from twilio.rest import Client

from local.simulating.server import server
from local.vendor_sims.deliveries import Delivery
from local.vendor_sims.plaid.api import CLIENT_ID, SECRET
from local.vendor_sims.sendgrid.api import API_KEY
from local.vendor_sims.simulator import Simulator
from local.vendor_sims.twilio.account import ACCOUNT_SID, AUTH_TOKEN

_opened = urllib.request.build_opener(urllib.request.ProxyHandler({})).open


@dataclass(frozen=True, slots=True)
class Vendors:
    """A running simulator; its webhooks wait to be taken by hand."""

    url: str
    simulator: Simulator

    def deliveries(self) -> list[Delivery]:
        """All that is to happen happens; the webhooks of it, in order."""
        self.simulator.tick()
        return self.simulator.outbox.take()

    def control(self, path: str, body: Mapping[str, object] | None = None) -> Any:
        """GET without a body, else POST."""
        content = None if body is None else json.dumps(body).encode()
        with _opened(urllib.request.Request(f"{self.url}/_sim/{path}", content)) as answer:
            return json.load(answer)


@pytest.fixture(scope="session")
def _running() -> Iterator[Vendors]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    simulator = Simulator(lambda: datetime(2026, 5, 1, 10, 30, tzinfo=UTC))
    serving = server(simulator, port)
    thread = Thread(target=serving.run, daemon=True)
    thread.start()
    until = time.monotonic() + 20
    while not serving.started:
        assert time.monotonic() < until, "the simulator did not start"
        time.sleep(0.01)
    yield Vendors(f"http://127.0.0.1:{port}", simulator)
    serving.should_exit = True
    thread.join()


@pytest.fixture
def vendors(_running: Vendors) -> Vendors:
    _running.simulator.reset()
    _running.simulator.sendgrid.webhook_url = "http://127.0.0.1:9/sendgrid"
    _running.simulator.plaid.webhook_url = "http://127.0.0.1:9/plaid"
    return _running


@pytest.fixture
def twilio(vendors: Vendors) -> Client:
    client = Client(ACCOUNT_SID, AUTH_TOKEN)
    client.api.base_url = f"{vendors.url}/twilio"
    return client


@pytest.fixture
def mailer(vendors: Vendors) -> sendgrid.SendGridAPIClient:
    return sendgrid.SendGridAPIClient(API_KEY, host=f"{vendors.url}/sendgrid")


@pytest.fixture
def identity(vendors: Vendors) -> Iterator[plaid_api.PlaidApi]:
    keys = {"clientId": CLIENT_ID, "secret": SECRET}
    with plaid.ApiClient(plaid.Configuration(host=f"{vendors.url}/plaid", api_key=keys)) as client:
        yield plaid_api.PlaidApi(client)
