"""What documents say: the same thing every time, and what the ledger and the price say."""

import json
import subprocess
import sys
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from callsheet.bookings.price import PriceLine
from callsheet.bookings.pricing import price, price_direct_offer
from callsheet.bookings.tax import FixedRateTax
from callsheet.documents.canonical import canonical, document_hash, document_json, sha256
from callsheet.documents.figures import figure
from callsheet.documents.model import MovementKind
from callsheet.documents.paper import legible
from callsheet.documents.receipt import Receipt
from callsheet.documents.receipt_paper import receipt_pdf
from callsheet.documents.receipts import build_receipt
from callsheet.documents.statement_paper import statement_pdf
from callsheet.documents.statements import month_before, span_of, statement_id
from callsheet.kernel.money import Money
from docs.build.samples import (
    CLIENT,
    NAMES,
    PAID_AT,
    PROVIDER,
    a_booking,
    a_payment,
    captured,
    refunded,
    the_receipt,
    the_statement,
)

_GOLDEN = Path(__file__).parent / "golden"
_TAX = FixedRateTax()
_DRAW = """
from callsheet.documents.canonical import sha256, document_json
from callsheet.documents.receipt import Receipt
from callsheet.documents.receipt_paper import receipt_pdf
from callsheet.documents.statement_paper import statement_pdf
from docs.build.samples import the_receipt, the_statement
r, s = the_receipt(), the_statement()
print([sha256(b) for b in (document_json(r), receipt_pdf(r), document_json(s), statement_pdf(s))])
"""


def _receipt(*lines: PriceLine, jurisdiction: str = "US-OR", names: dict[str, str] | None = None) -> Receipt:
    booking = a_booking(price(lines, jurisdiction, _TAX))
    paid = captured(booking, PAID_AT, 1, "ch_1")
    known = NAMES if names is None else names
    return build_receipt(booking, a_payment(booking), [paid], known, occurred_at=PAID_AT)


def _line(minor: int, currency: str = "USD", title: str = "Portraits") -> PriceLine:
    return PriceLine(key="package", title=title, amount=Money.of(minor, currency))


def _words(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)


def test_the_same_document_is_the_same_bytes_in_every_process() -> None:
    def drawn(seed: str) -> str:
        environment = {"PYTHONHASHSEED": seed, "PYTHONPATH": "layers/shared:.", "TZ": f"UTC{seed}"}
        return subprocess.run(
            [sys.executable, "-c", _DRAW],
            capture_output=True,
            text=True,
            check=True,
            env=environment,
            timeout=60,
        ).stdout

    assert drawn("1") == drawn("2") != ""


@pytest.mark.parametrize("name", ["receipt_300", "direct_offer_100", "receipt_group_studio"])
def test_receipts_of_the_golden_prices_are_the_golden_documents(name: str) -> None:
    receipts = {
        "receipt_300": _receipt(_line(30000)),
        "receipt_group_studio": _receipt(_line(40000, title="Four hours"), _line(4000, title="Cleaning")),
        "direct_offer_100": _direct_offer(),
    }
    assert document_json(receipts[name]) == (_GOLDEN / f"{name}.json").read_bytes().rstrip(b"\n")


def _direct_offer() -> Receipt:
    booking = a_booking(price_direct_offer(Money.whole(100, "USD"), "Portraits", "US-OR", _TAX))
    paid = captured(booking, PAID_AT, 1, "ch_1")
    return build_receipt(booking, a_payment(booking), [paid], NAMES, occurred_at=PAID_AT)


def test_of_300_the_client_pays_315_and_the_provider_gets_264() -> None:
    assert _receipt(_line(30000)).total == Money.of(31500, "USD")
    statement = the_statement(4)  # its fourth booking costs 300.00
    (row,) = [row for row in statement.currencies[0].bookings if row.gross == Money.of(30000, "EUR")]
    assert row.net == Money.of(26400, "EUR")


def test_the_hash_in_the_json_is_that_of_the_rest() -> None:
    told = json.loads(document_json(the_receipt()))
    assert told.pop("content_sha256") == sha256(canonical(told))


def test_the_paper_says_what_the_document_says() -> None:
    receipt, words = the_receipt(), _words(receipt_pdf(the_receipt()))
    for expected in (
        "300.00", "120.00", "38.50", "458.50", "22.93", "91.48", "EUR 572.91", "19 %", "87.12", "4.36",
        "−286.46", "EUR 286.45", "ch_3TDu0c2eZvKYlo2C", receipt.number, "R-ZQGM4H8GZS-1", "1 / 1",
    ):  # fmt: skip
        assert expected in words
    assert json.loads(document_json(receipt))["content_sha256"] in words


@pytest.mark.parametrize(
    "name", ["Ελένη Παπαδοπούλου", "Юлія Їжакевич", "Zoë Łukasiewicz-Ștefănescu", "Nguyễn Thị Hằng"]
)
def test_a_name_in_any_european_alphabet_survives(name: str) -> None:
    assert name in _words(receipt_pdf(_receipt(_line(30000), names={CLIENT: name})))


def test_a_name_the_font_has_no_letters_for_stands_in_the_json_and_its_id_on_the_paper() -> None:
    receipt = _receipt(_line(30000), names={CLIENT: "佐藤 花子"})
    words = _words(receipt_pdf(receipt))
    assert "佐藤 花子" in document_json(receipt).decode()
    assert "?? ??" in words
    assert CLIENT in words


def test_what_people_write_is_never_read_as_markup() -> None:
    title = '<img src="file:///etc/passwd"/><b>&amp; more'
    assert title in _words(receipt_pdf(_receipt(_line(30000, title=title)))).replace("\n", "")


def test_yen_have_no_decimals() -> None:
    words = _words(receipt_pdf(_receipt(_line(123_456, "JPY"), jurisdiction="JP")))
    assert "123,456" in words
    assert "123,456." not in words
    assert "JPY" in words


@pytest.mark.parametrize(
    ("minor", "currency", "told"),
    [
        (123450, "USD", "1,234.50"), (-5, "EUR", "−0.05"), (1235, "JPY", "1,235"), (1500, "KWD", "1.500"),
        (0, "USD", "0.00"), (-1_000_000_00, "USD", "−1,000,000.00"),
    ],
)  # fmt: skip
def test_figures_have_their_currencys_decimals(minor: int, currency: str, told: str) -> None:
    assert figure(minor, currency) == told


def test_many_lines_flow_over_three_pages_under_the_same_headings() -> None:
    receipt = _receipt(*(_line(1000 + number, title=f"Line {number}") for number in range(70)))
    pages = PdfReader(BytesIO(receipt_pdf(receipt))).pages
    words = [page.extract_text() for page in pages]
    assert len(pages) == 3
    assert all(f"{number} / 3" in page for number, page in enumerate(words, 1))
    assert all("Description" in page for page in words)
    assert all(receipt.number in page for page in words)
    assert all(f"Line {number}\n" in "\n".join(words) for number in range(70))


def test_the_file_says_what_it_is_and_embeds_its_fonts() -> None:
    receipt = the_receipt()
    reader = PdfReader(BytesIO(receipt_pdf(receipt)))
    assert reader.metadata is not None
    assert reader.metadata.title == f"Receipt {receipt.number}"
    assert reader.metadata.author == "Callsheet"
    assert reader.metadata.keywords == f"sha256:{document_hash(receipt)}"
    assert reader.metadata.creation_date == receipt.issued_at
    fonts = reader.pages[0]["/Resources"].get_object()["/Font"].get_object()  # type: ignore[index]
    used = [str(font.get_object()["/BaseFont"]) for font in fonts.values()]
    assert any("+SourceSansPro" in font for font in used)


def test_a_refund_of_everything_leaves_nothing_paid() -> None:
    booking = a_booking(price([_line(30000)], "US-OR", _TAX))
    entries = [
        captured(booking, PAID_AT, 1, "ch_1"),
        refunded(booking, 100, PAID_AT + timedelta(days=1), 2),
    ]
    receipt = build_receipt(booking, a_payment(booking), entries, NAMES, occurred_at=PAID_AT)
    assert receipt.paid.is_zero
    assert receipt.refunded == receipt.total
    assert receipt.issued_at == PAID_AT + timedelta(days=1)


def test_a_receipt_that_does_not_add_up_is_not_made() -> None:
    booking = a_booking(price([_line(30000)], "US-OR", _TAX))
    other = a_booking(price([_line(40000)], "US-OR", _TAX))
    paid = captured(other, PAID_AT, 1, "ch_1")
    with pytest.raises(ValueError, match="not the total"):
        build_receipt(booking, a_payment(booking), [paid], NAMES, occurred_at=PAID_AT)


@given(bookings=st.integers(1, 12))
def test_opening_and_every_sum_are_the_closing_balance(bookings: int) -> None:
    (part,) = the_statement(bookings).currencies
    assert (
        part.opening.payable_minor + sum(change.amount_minor for change in part.sums)
        == part.closing.payable_minor
    )
    assert sum(move.amount.amount_minor for move in part.movements) == sum(c.amount_minor for c in part.sums)


def test_a_statement_has_gross_fee_refunds_reserves_and_transfers() -> None:
    (part,) = the_statement().currencies
    sums = {change.kind: change.amount_minor for change in part.sums}
    assert sums[MovementKind.PAYMENT] == part.gross_minor - part.provider_fee_minor
    assert sums[MovementKind.REFUND] == -12650
    assert sums[MovementKind.RESERVED] == -2750 == -part.closing.reserve_minor
    assert part.closing.payable_minor == 26400 + sum(sums.values())
    words = _words(statement_pdf(the_statement()))
    assert all(told in words for told in ("−126.50", "−27.50", "EUR 390.50", "March 2026", "1 / 3", "3 / 3"))


def test_months_end_where_the_next_begins() -> None:
    assert span_of("2026-12").ends_at == span_of("2027-01").begins_at
    assert month_before(span_of("2026-01").begins_at) == "2025-12"
    assert month_before(span_of("2026-12").begins_at) == "2026-11"
    assert (
        statement_id(PROVIDER, "2026-03")
        == statement_id(PROVIDER, "2026-03")
        != statement_id(PROVIDER, "2026-04")
    )


@given(st.text())
def test_every_text_can_be_drawn(words: str) -> None:
    receipt_line = legible(words)
    assert "\n" not in receipt_line
    assert legible(receipt_line) == receipt_line
