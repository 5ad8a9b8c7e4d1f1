"""A booking that was paid for, as its tables hold it, and the consumers that write documents of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from urllib.parse import urlparse

from pypdf import PdfReader

from callsheet.bookings.model import Booking
from callsheet.bookings.price import PriceLine
from callsheet.bookings.pricing import price
from callsheet.bookings.store import add_booking
from callsheet.bookings.tax import FixedRateTax
from callsheet.documents.files import file_of
from callsheet.documents.model import DocumentFormat, Issued
from callsheet.kernel.ids import new_id
from callsheet.kernel.money import Money
from callsheet.kernel.principal import system
from callsheet.ledger.model import Entry
from callsheet.ledger.post import post
from callsheet.payments.for_booking import add_payment
from callsheet.platform.aws import client
from callsheet.platform.settings import resource_name
from callsheet.platform.transaction import Transaction
from callsheet.users.store import register, rename
from docs.build.samples import a_booking, a_payment, captured, refunded
from functions.documents import issue_receipt, issue_statement
from tests.support.gateway import Answer, Caller, Gateway

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Paid:
    """Carla has paid 315.00 for Pavel's 300.00; in the ledger since `at`."""

    carla: Caller = field(default_factory=lambda: Caller(groups=("client",)))
    pavel: Caller = field(default_factory=lambda: Caller(groups=("provider",)))
    booking_id: str = field(default_factory=lambda: new_id("bkg"))
    at: datetime = NOON
    completed_at: datetime | None = None

    @property
    def booking(self) -> Booking:
        line = PriceLine(key="package", title="Portraits", amount=Money.of(30000, "USD"))
        return a_booking(
            price([line], "US-OR", FixedRateTax()),
            id=self.booking_id,
            client_id=self.carla.user_id,
            provider_id=self.pavel.user_id,
            completed_at=self.completed_at,
        )

    def stored(self) -> "Paid":
        txn = Transaction(system("test"), self.at)
        add_booking(txn, self.booking)
        add_payment(txn, a_payment(self.booking))
        txn.commit()
        self.post(captured(self.booking, self.at, 1), self.at)
        return self

    def post(self, entry: Entry, at: datetime) -> None:
        txn = Transaction(system("test"), at)
        plain = Entry(
            subject=self.booking_id, cause=entry.cause, reference=entry.reference, postings=entry.postings
        )
        post(txn, plain, at)
        txn.commit()

    def refund(self, percent: int, *, days: int = 1) -> None:
        at = self.at + timedelta(days=days)
        self.post(refunded(self.booking, percent, at, days), at)

    def message(self, name: str = "payment.captured", *, days: int = 0) -> dict[str, str]:
        detail = {
            "event_id": new_id("evt"),
            "name": name,
            "occurred_at": (self.at + timedelta(days=days)).isoformat(),
            "payload": {"booking_id": self.booking_id},
        }
        return record(name, detail)

    def receipt(self, user: Caller, query: str = "") -> Answer:
        return Gateway().call("GET", f"/v1/bookings/{self.booking_id}/receipt{query}", user=user)


def record(name: str, detail: Mapping[str, object]) -> dict[str, str]:
    return {
        "messageId": new_id("bus"),
        "body": json.dumps({"id": new_id("bus"), "detail-type": name, "detail": detail}),
    }


def name_them(caller: Caller, display_name: str) -> None:
    registered = Transaction(system("test"), NOON)
    register(registered, caller.user_id, NOON)
    registered.commit()
    named = Transaction(system("test"), NOON)
    rename(named, caller.user_id, display_name, 0)
    named.commit()


def write_receipts(*messages: dict[str, str]) -> int:
    """Run the consumer on one batch; how many messages go back to the queue."""
    return len(issue_receipt.handler({"Records": list(messages)}, None)["batchItemFailures"])


def write_statement(provider: Caller, month: str) -> int:
    payload = {"provider_id": provider.user_id, "month": month}
    message = record("statement.due", {"event_id": f"{month}/1/{provider.user_id}", "payload": payload})
    return len(issue_statement.handler({"Records": [message]}, None)["batchItemFailures"])


def fetched(answer: Answer) -> bytes:
    """What lies at the address that was answered."""
    key = urlparse(str(answer.json()["url"])).path.split("/", 2)[2]
    return client("s3").get_object(Bucket=resource_name("BUCKET", "records"), Key=key)["Body"].read()


def stored_file(issued: Issued, written_as: DocumentFormat) -> bytes:
    key = file_of(issued, written_as).key
    return client("s3").get_object(Bucket=resource_name("BUCKET", "records"), Key=key)["Body"].read()


def words(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)


def files() -> list[str]:
    """Every version of every object in the bucket."""
    listed = client("s3").list_object_versions(Bucket=resource_name("BUCKET", "records"))
    return sorted(version["Key"] for version in listed.get("Versions", []))
