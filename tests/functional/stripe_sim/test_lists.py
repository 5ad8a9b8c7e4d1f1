"""Customers, pages and expansion."""

import pytest
import stripe

from tests.functional.stripe_sim.conftest import MovingClock
from tests.functional.stripe_sim.payments import authorized, captured, charge_of
from tests.support.stripe import SimulatedStripe


def test_a_list_is_paged_newest_first(api: stripe.V1Services) -> None:
    made = [api.customers.create().id for _ in range(5)][::-1]
    first = api.customers.list({"limit": 2})
    assert ([one.id for one in first.data], first.has_more) == (made[:2], True)
    last = api.customers.list({"limit": 3, "starting_after": made[1]})
    assert ([one.id for one in last.data], last.has_more) == (made[2:], False)
    before = api.customers.list({"limit": 2, "ending_before": made[3]})
    assert ([one.id for one in before.data], before.has_more) == (made[1:3], True)
    assert [one.id for one in api.customers.list({"limit": 2}).auto_paging_iter()] == made


def test_cursors_must_name_something(api: stripe.V1Services) -> None:
    customer = api.customers.create().id
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        api.customers.list({"starting_after": "cus_nobody"})
    assert refusal.value.code == "resource_missing"
    with pytest.raises(stripe.InvalidRequestError):
        api.customers.list({"starting_after": customer, "ending_before": customer})


def test_lists_are_filtered_by_time_and_owner(clock: MovingClock, api: stripe.V1Services) -> None:
    customer = api.customers.create().id
    old = authorized(api, customer=customer)
    clock.advance(hours=1)
    new = authorized(api)
    at = new.created
    assert [one.id for one in api.payment_intents.list({"created": {"gte": at}}).data] == [new.id]
    assert [one.id for one in api.payment_intents.list({"created": {"lt": at}}).data] == [old.id]
    assert [one.id for one in api.payment_intents.list({"created": at}).data] == [new.id]
    assert [one.id for one in api.payment_intents.list({"customer": customer}).data] == [old.id]


def test_what_is_asked_for_is_expanded(api: stripe.V1Services) -> None:
    customer = api.customers.create()
    intent = captured(api, customer=customer.id)
    assert isinstance(charge_of(intent).balance_transaction, stripe.BalanceTransaction)
    plain = api.payment_intents.retrieve(intent.id)
    assert plain.latest_charge == charge_of(intent).id
    listed = api.payment_intents.list(
        {"expand": ["data.customer", "data.latest_charge.balance_transaction.source"]}
    )
    assert isinstance(listed.data[0].customer, stripe.Customer)
    assert isinstance(charge_of(listed.data[0]).balance_transaction, stripe.BalanceTransaction)


@pytest.mark.parametrize("path", ["amount", "nothing", "latest_charge.amount", "a.b.c.d.e"])
def test_what_cannot_be_expanded_is_refused(path: str, api: stripe.V1Services) -> None:
    intent = authorized(api)
    with pytest.raises(stripe.InvalidRequestError):
        api.payment_intents.capture(intent.id, {"expand": [path]})
    assert api.payment_intents.retrieve(intent.id).status == "requires_capture"


def test_a_list_expands_what_is_in_it(api: stripe.V1Services) -> None:
    with pytest.raises(stripe.InvalidRequestError, match=r"data\.latest_charge"):
        api.payment_intents.list({"expand": ["latest_charge"]})


def test_a_customer_is_changed_and_deleted(sim: SimulatedStripe, api: stripe.V1Services) -> None:
    customer = api.customers.create({"email": "a@callsheet.test"})
    saved = api.payment_methods.attach("pm_card_visa", {"customer": customer.id})
    changed = api.customers.update(
        customer.id, {"email": "b@callsheet.test", "invoice_settings": {"default_payment_method": saved.id}}
    )
    assert changed.email == "b@callsheet.test"
    assert api.customers.list({"email": "b@callsheet.test"}).data[0].id == customer.id
    assert api.customers.delete(customer.id).deleted
    assert api.customers.retrieve(customer.id).deleted
    assert api.customers.list().data == []
    with pytest.raises(stripe.InvalidRequestError):
        api.customers.update(customer.id, {"email": "c@callsheet.test"})
    types = sim.event_types()
    assert [kind for kind in types if kind.startswith("customer")] == [
        "customer.created",
        "customer.updated",
        "customer.deleted",
    ]


def test_cards_are_saved_and_forgotten(api: stripe.V1Services) -> None:
    customer = api.customers.create()
    saved = api.payment_methods.attach("pm_card_visa", {"customer": customer.id})
    assert api.payment_methods.list({"customer": customer.id, "type": "card"}).data[0].id == saved.id
    assert api.customers.payment_methods.retrieve(customer.id, saved.id).card is not None
    assert api.payment_methods.detach(saved.id).customer is None
    with pytest.raises(stripe.InvalidRequestError):
        api.payment_methods.detach(saved.id)
    assert api.payment_methods.retrieve("pm_card_amex").id.startswith("pm_1")
