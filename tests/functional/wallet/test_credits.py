"""Support gives credit: once, never to themselves, and never so much that a second person should have decided."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from callsheet.kernel.errors import Forbidden, IdempotencyKeyReused, InvalidRequest, NotFound
from callsheet.kernel.ids import new_id
from callsheet.kernel.money import Money
from callsheet.kernel.principal import RequestKey, Role
from callsheet.ledger.accounts import GOODWILL, REFERRALS, wallet
from callsheet.ledger.list_entries import list_entries
from callsheet.platform.records import EventItem
from callsheet.platform.stale import Stale
from callsheet.platform.transaction import Transaction
from callsheet.users.deps import UsersDeps
from callsheet.users.get_me import get_me
from callsheet.wallet.credit_wallet import credit_wallet
from callsheet.wallet.errors import CreditCurrencyUnsupported, CreditTooLarge, WalletChanged
from callsheet.wallet.for_booking import hold
from callsheet.wallet.get_wallet import get_wallet
from callsheet.wallet.lines import LineKind
from callsheet.wallet.model import CreditKind, CreditWallet, WalletQuery
from tests.support.calls import calls
from tests.support.stage import Stage, somebody
from tests.support.truths import sum_of
from tests.support.wallets import balance_minor, check_wallets, credit, wallet_deps, wallet_lines


def test_credit_is_a_line_a_balance_an_entry_and_an_event(stage: Stage) -> None:
    given = credit(stage, 20_00)
    assert (given.kind, given.amount) == (LineKind.GOODWILL, Money.of(20_00, "USD"))
    carla = stage.carla.user_id
    assert balance_minor(carla) == 20_00
    (line,) = wallet_lines(carla)
    assert (line.cause, line.reason) == (f"credit:{line.subject}", "The light failed")
    (entry,) = list_entries(line.subject).items
    assert {posting.account: posting.amount.amount_minor for posting in entry.postings} == {
        GOODWILL: 20_00,
        wallet(carla): -20_00,
    }
    names = [item.document.name for item in EventItem.query(carla)]
    assert names == ["user.registered", "wallet.credited"]
    check_wallets()


def test_what_somebody_brought_is_another_expense(stage: Stage) -> None:
    credit(stage, 20_00, CreditKind.REFERRAL)
    credit(stage, 5_00)
    assert (sum_of(REFERRALS), sum_of(GOODWILL)) == (20_00, 5_00)
    assert balance_minor(stage.carla.user_id) == 25_00
    check_wallets()


def test_giving_is_two_reads_at_most_and_one_transaction(stage: Stage) -> None:
    get_me(stage.carla, UsersDeps(clock=stage.clock))
    with calls() as made:
        credit_wallet(asked(stage, 1_00), somebody(Role.SUPPORT), wallet_deps(stage.clock))
    assert made == ["BatchGetItem", "TransactWriteItems"]


def test_the_same_key_gives_once_and_another_body_is_refused(stage: Stage) -> None:
    get_me(stage.carla, UsersDeps(clock=stage.clock))
    sue = replace(somebody(Role.SUPPORT), request_key=RequestKey(new_id("req"), "one body"))
    first, again = (credit_wallet(asked(stage, 1_00), sue, wallet_deps(stage.clock)) for _ in range(2))
    assert first == again
    assert balance_minor(stage.carla.user_id) == 1_00
    other = replace(sue, request_key=RequestKey(sue.request_key.record_id, "another"))  # type: ignore[union-attr]  # set above
    with pytest.raises(IdempotencyKeyReused):
        credit_wallet(asked(stage, 2_00), other, wallet_deps(stage.clock))
    check_wallets()


def asked(stage: Stage, minor: int, currency: str = "USD", **changes: str) -> CreditWallet:
    fields = {"user_id": stage.carla.user_id, "kind": CreditKind.GOODWILL, "reason": "The light failed"}
    return CreditWallet.model_validate({**fields, "amount": Money.of(minor, currency), **changes})


def test_nobody_gives_to_themselves_to_strangers_nothing_or_in_other_money(stage: Stage) -> None:
    credit(stage, 1_00)
    sue, deps = somebody(Role.SUPPORT), wallet_deps(stage.clock)
    carla_too = replace(stage.carla, roles=frozenset({Role.SUPPORT}))
    for caller, command, error in (
        (carla_too, asked(stage, 1_00), Forbidden),
        (sue, asked(stage, 1_00, user_id=new_id("usr")), NotFound),
        (sue, asked(stage, 1_00, user_id="somebody"), NotFound),
        (sue, asked(stage, 0), InvalidRequest),
        (sue, asked(stage, -1_00), InvalidRequest),
        (sue, asked(stage, 1_00, "SEK"), CreditCurrencyUnsupported),
    ):
        with pytest.raises(error):
            credit_wallet(command, caller, deps)
    assert balance_minor(stage.carla.user_id) == 1_00
    check_wallets()


def test_more_than_five_hundred_within_thirty_days_is_refused_whoever_gives_it(stage: Stage) -> None:
    with pytest.raises(CreditTooLarge):
        credit(stage, 500_01)
    assert wallet_lines(stage.carla.user_id) == []
    credit(stage, 300_00)
    credit(stage, 200_00, CreditKind.REFERRAL)
    with pytest.raises(CreditTooLarge) as refusal:
        credit(stage, 1)
    assert refusal.value.extra == {"left_minor": 0, "currency": "USD"}
    assert balance_minor(stage.carla.user_id) == 500_00
    stage.clock.moment = stage.clock.moment.replace(month=4, day=1)
    credit(stage, 500_00)
    assert balance_minor(stage.carla.user_id) == 1_000_00
    check_wallets()


def test_two_who_give_at_once_are_counted_together(stage: Stage) -> None:
    """Each saw that 300.00 more is within the limit; both together are not."""
    credit(stage, 1_00)

    def give(_: int) -> bool:
        try:
            credit(stage, 300_00)
        except (CreditTooLarge, Stale):
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        given = list(pool.map(give, range(4)))
    assert sum(given) == 1
    assert balance_minor(stage.carla.user_id) == 301_00
    check_wallets()


def test_a_cause_moves_a_wallet_once(stage: Stage) -> None:
    credit(stage, 20_00)
    carla, booking_id = stage.carla.user_id, new_id("bkg")
    for refusal in (None, Stale):
        txn = Transaction(stage.carla, stage.clock.now())
        hold(txn, carla, booking_id, Money.of(5_00, "USD"), stage.clock.now())
        if refusal is None:
            txn.commit()
        else:
            with pytest.raises(refusal):
                txn.commit()
    assert balance_minor(carla) == 15_00


@pytest.mark.parametrize("minor", [0, 19_99])
def test_a_wallet_never_gives_more_than_it_has(stage: Stage, minor: int) -> None:
    carla = stage.carla.user_id
    if minor:
        credit(stage, minor)
    txn = Transaction(stage.carla, stage.clock.now())
    hold(txn, carla, new_id("bkg"), Money.of(20_00, "USD"), stage.clock.now())
    with pytest.raises(WalletChanged):
        txn.commit()
    assert balance_minor(carla) == minor
    check_wallets()


def test_pages_go_from_the_newest_to_the_oldest_and_tell_the_client_no_names(stage: Stage) -> None:
    for minor in (1_00, 2_00, 3_00):
        credit(stage, minor)
        stage.clock.moment = stage.clock.moment.replace(hour=stage.clock.moment.hour + 1)
    deps = wallet_deps(stage.clock)
    first = get_wallet(WalletQuery(limit=2), stage.carla, deps)
    rest = get_wallet(WalletQuery(limit=2, cursor=first.next_cursor), stage.carla, deps)
    shown = [*first.items, *rest.items]
    assert [line.amount.amount_minor for line in shown] == [3_00, 2_00, 1_00]
    assert {(line.given_by, line.reason, line.booking_id) for line in shown} == {(None, None, None)}
    assert first.balances == rest.balances == (Money.of(6_00, "USD"),)
    with calls() as made:
        get_wallet(WalletQuery(), stage.carla, deps)
    assert made == ["Query", "Query"]
