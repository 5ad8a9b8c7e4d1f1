"""Transfers at Stripe: what is asked, and what the answers mean, over the real SDK and a canned wire."""

import pytest
import stripe

from callsheet.gateways.errors import PaymentsUnavailable
from callsheet.gateways.refusals import TransferRefusal
from callsheet.gateways.stripe_transfers import StripeTransfers
from callsheet.gateways.transfers import ReversalRefused, TransferOrder, TransferReceipt, TransferRefused
from callsheet.kernel.money import Money
from tests.unit.gateways.canned import Canned, CannedStripe, Json, an_error, ok

ORDER = TransferOrder(
    key="trf_1/1", group="bkg_1", account_id="acct_1", amount=Money.of(8_381, "USD"), charge_id="ch_1"
)
KEPT = an_error(500, "api_error", {"idempotent-replayed": "true"})


def a_transfer(**changes: object) -> Json:
    return {
        "id": "tr_1",
        "object": "transfer",
        "amount": 8_381,
        "currency": "usd",
        "metadata": {"subject": "bkg_1", "transfer_key": "trf_1/1"},
        **changes,
    }


def a_reversal(**changes: object) -> Json:
    return {
        "id": "trr_1",
        "object": "transfer_reversal",
        "amount": 500,
        "currency": "usd",
        "metadata": {"transfer_key": "rfd_1/1"},
        **changes,
    }


def a_list(*items: Json) -> Canned:
    return ok({"object": "list", "data": list(items), "has_more": False, "url": "/v1/transfers"})


def over(*answers: Canned | Exception) -> tuple[StripeTransfers, CannedStripe]:
    wire = CannedStripe(*answers)
    return StripeTransfers(wire), wire


def broken() -> Exception:
    return stripe.APIConnectionError("gone", should_retry=True)  # type: ignore[no-untyped-call]


def test_a_transfer_passes_the_money_of_its_charge_on_under_our_key() -> None:
    gateway, wire = over(ok(a_transfer()))
    assert gateway.transfer(ORDER) == TransferReceipt(id="tr_1", amount=Money.of(8_381, "USD"))
    (sent,) = wire.sent
    assert (sent.method, sent.path, sent.key) == ("POST", "/v1/transfers", "trf_1/1")
    assert sent.params == {
        "amount": "8381",
        "currency": "usd",
        "destination": "acct_1",
        "transfer_group": "bkg_1",
        "source_transaction": "ch_1",
        "metadata[subject]": "bkg_1",
        "metadata[transfer_key]": "trf_1/1",
    }


def test_money_of_no_charge_comes_from_the_balance() -> None:
    gateway, wire = over(ok(a_transfer()))
    gateway.transfer(
        TransferOrder(key="k", group="bkg_1", account_id="a", amount=ORDER.amount, charge_id=None)
    )
    assert "source_transaction" not in wire.sent[0].params


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("insufficient_capabilities_for_transfer", TransferRefusal.ACCOUNT),
        ("account_closed", TransferRefusal.ACCOUNT),
        ("resource_missing", TransferRefusal.ACCOUNT),
        ("balance_insufficient", TransferRefusal.BALANCE),
        ("parameter_invalid_integer", TransferRefusal.OTHER),
    ],
)
def test_a_refusal_says_whose_it_is(code: str, reason: TransferRefusal) -> None:
    gateway, _ = over(an_error(400, "invalid_request_error", code=code))
    with pytest.raises(TransferRefused) as refused:
        gateway.transfer(ORDER)
    assert refused.value.reason is reason


def test_an_account_that_is_no_longer_ours_is_refused_though_the_sdk_hides_its_code() -> None:
    gateway, _ = over(an_error(403, "invalid_request_error", code="account_invalid"))
    with pytest.raises(TransferRefused) as refused:
        gateway.transfer(ORDER)
    assert refused.value.reason is TransferRefusal.ACCOUNT


def test_no_answer_is_no_refusal() -> None:
    gateway, wire = over(broken(), broken())
    with pytest.raises(PaymentsUnavailable):
        gateway.transfer(ORDER)
    assert {sent.key for sent in wire.sent} == {"trf_1/1"}


def test_a_lost_answer_is_found_among_those_of_the_booking() -> None:
    other = a_transfer(id="tr_0", metadata={"transfer_key": "trf_1/0"})
    gateway, wire = over(a_list(other, a_transfer()))
    assert gateway.find_transfer(ORDER) == TransferReceipt(id="tr_1", amount=ORDER.amount)
    assert wire.sent[0].params["transfer_group"] == "bkg_1"
    gateway, _ = over(a_list(other))
    assert gateway.find_transfer(ORDER) is None


def test_a_failure_that_stripe_keeps_is_asked_past_once_nothing_is_found() -> None:
    gateway, wire = over(KEPT, KEPT, a_list(), ok(a_transfer()))
    assert gateway.transfer(ORDER).id == "tr_1"
    assert [sent.key for sent in wire.sent if sent.method == "POST"] == [
        *["trf_1/1"] * 2,  # the SDK's own repetition
        "trf_1/1/again",
    ]


def test_a_failure_that_had_its_effect_is_not_repeated() -> None:
    gateway, wire = over(KEPT, KEPT, a_list(a_transfer()))
    assert gateway.transfer(ORDER).id == "tr_1"
    assert [sent.method for sent in wire.sent] == ["POST", "POST", "GET"]


def test_part_of_a_transfer_is_taken_back_under_our_key() -> None:
    gateway, wire = over(ok(a_reversal()))
    taken = gateway.reverse("tr_1", Money.of(500, "USD"), "rfd_1/1")
    assert taken == TransferReceipt(id="trr_1", amount=Money.of(500, "USD"))
    (sent,) = wire.sent
    assert (sent.path, sent.key) == ("/v1/transfers/tr_1/reversals", "rfd_1/1")
    assert sent.params == {"amount": "500", "metadata[transfer_key]": "rfd_1/1"}


@pytest.mark.parametrize("code", ["balance_insufficient", "insufficient_funds"])
def test_what_the_account_no_longer_has_is_refused(code: str) -> None:
    gateway, _ = over(an_error(400, "invalid_request_error", code=code))
    with pytest.raises(ReversalRefused):
        gateway.reverse("tr_1", Money.of(500, "USD"), "rfd_1/1")


@pytest.mark.parametrize(
    ("status", "fields"),
    [
        (400, {"param": "amount"}),
        (400, {"code": "parameter_unknown", "param": "metadata[x]"}),
        (404, {"code": "resource_missing", "param": "id"}),
        (403, {"code": "account_invalid"}),
    ],
)
def test_a_reversal_that_fails_for_another_reason_is_no_debt_of_anybodys(
    status: int, fields: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    """It was taken for an empty account once, and made the provider's debt."""
    gateway, _ = over(an_error(status, "invalid_request_error", **fields))
    with pytest.raises(PaymentsUnavailable):
        gateway.reverse("tr_1", Money.of(500, "USD"), "rfd_1/1")
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == [
        "reversal_refused"
    ]


def test_a_reversal_without_an_answer_is_found_later() -> None:
    gateway, _ = over(broken(), broken(), a_list(a_reversal()), a_list())
    with pytest.raises(PaymentsUnavailable):
        gateway.reverse("tr_1", Money.of(500, "USD"), "rfd_1/1")
    assert gateway.find_reversal("tr_1", "rfd_1/1") == TransferReceipt(
        id="trr_1", amount=Money.of(500, "USD")
    )
    assert gateway.find_reversal("tr_1", "rfd_1/1") is None
