"""Tax transactions: what is owed to the authorities, and what of it is taken back (Stripe, "Tax Transactions")."""

from collections.abc import Sequence

from stripe.params.tax import (
    TransactionCreateFromCalculationParams,
    TransactionCreateReversalParams,
    TransactionLineItemListParams,
    TransactionRetrieveParams,
)

from local.stripe_sim.errors import Refusal, missing, no_such
from local.stripe_sim.listing import list_of
from local.stripe_sim.routing import PAGE, Call, Routes, get, post
from local.stripe_sim.shapes import Obj, Params, inner_of, text_of, whole_of
from local.stripe_sim.world import World, created_metadata, new_id

_MONEY = ("amount", "amount_tax")


def _commit(call: Call) -> Obj:
    world, params = call.world, call.params
    calculation = world.find("tax.calculation", params.text("calculation"), "calculation")
    _check_reference(world, params)
    if whole_of(calculation, "expires_at") <= world.timestamp():
        raise Refusal("The calculation has expired; make a new one.", param="calculation")
    transaction_id = new_id("tax")
    world.lines[transaction_id] = [
        _line(
            world, line, {name: line[name] for name in (*_MONEY, "metadata", "quantity", "reference")}, None
        )
        for line in world.lines[text_of(calculation, "id")]
    ]
    return world.keep(_transaction(world, params, calculation, transaction_id, None))


def _check_reference(world: World, params: Params) -> None:
    reference = params.text("reference")
    for known in world.kept("tax.transaction").values():
        if known["reference"] == reference:
            raise Refusal(
                f"The reference '{reference}' is already used by the tax transaction {known['id']}.",
                param="reference",
            )


def _line(world: World, of: Obj, changes: Obj, original: str | None) -> Obj:
    kept: Obj = {
        "id": new_id("tax_li"),
        "object": "tax.transaction_line_item",
        "livemode": False,
        "product": None,
        "reversal": None if original is None else {"original_line_item": original},
        "tax_behavior": of["tax_behavior"],
        "tax_code": of["tax_code"],
        "type": "transaction" if original is None else "reversal",
    }
    return world.keep(kept | changes)


def _transaction(world: World, params: Params, of: Obj, transaction_id: str, original: str | None) -> Obj:
    now = world.timestamp()
    return {
        "id": transaction_id,
        "object": "tax.transaction",
        "created": now,
        "currency": of["currency"],
        "customer": of["customer"],
        "customer_details": of["customer_details"],
        "livemode": False,
        "metadata": created_metadata(params),
        "posted_at": params.maybe_whole("posted_at") or now,
        "reference": params.text("reference"),
        "reversal": None if original is None else {"original_transaction": original},
        "ship_from_details": None,
        "shipping_cost": None,
        "tax_date": of["tax_date"],
        "type": "transaction" if original is None else "reversal",
    }


def _reverse(call: Call) -> Obj:
    world, params = call.world, call.params
    original = world.find("tax.transaction", params.text("original_transaction"), "original_transaction")
    if original["type"] == "reversal":
        raise Refusal("A reversal cannot be reversed.", param="original_transaction")
    _check_reference(world, params)
    original_id = text_of(original, "id")
    lines = world.lines[original_id]
    left = {text_of(line, "id"): _left(world, original_id, line) for line in lines}
    if not any(any(amounts.values()) for amounts in left.values()):
        raise Refusal("The transaction is already fully reversed.", param="original_transaction")
    changes = _changes(params, lines, left)
    transaction_id = new_id("tax")
    by_id = {text_of(line, "id"): line for line in lines}
    world.lines[transaction_id] = [
        _line(world, by_id[line_id], change, line_id) for line_id, change in changes.items()
    ]
    return world.keep(_transaction(world, params, original, transaction_id, original_id))


def _left(world: World, transaction_id: str, line: Obj) -> dict[str, int]:
    """What of a line is not reversed yet."""
    reversals = [
        text_of(one, "id")
        for one in world.kept("tax.transaction").values()
        if one["type"] == "reversal" and inner_of(one, "reversal")["original_transaction"] == transaction_id
    ]
    back = [
        one
        for reversal in reversals
        for one in world.lines[reversal]
        if inner_of(one, "reversal")["original_line_item"] == line["id"]
    ]
    return {name: whole_of(line, name) + sum(whole_of(one, name) for one in back) for name in _MONEY}


def _changes(params: Params, lines: Sequence[Obj], left: dict[str, dict[str, int]]) -> dict[str, Obj]:
    """What each line of the reversal says, by the line that it reverses. Amounts are negative."""
    if params.text("mode") == "full":
        if "line_items" in params or "flat_amount" in params:
            raise Refusal("You can only name amounts when mode=partial.", param="mode")
        return {
            text_of(line, "id"): _whole_line(line, left[text_of(line, "id")])
            for line in lines
            if any(left[text_of(line, "id")].values())
        }
    if "flat_amount" in params:
        return _flat(params.whole("flat_amount"), lines, left)
    given = params.values.get("line_items")
    if not isinstance(given, list) or not given:
        raise missing("line_items")
    return _by_line([Params(one) for one in given if isinstance(one, dict)], left)


def _whole_line(line: Obj, left: dict[str, int]) -> Obj:
    negative: Obj = {name: -amount for name, amount in left.items()}
    return {"metadata": {}, "quantity": line["quantity"], "reference": line["reference"], **negative}


def _by_line(given: Sequence[Params], left: dict[str, dict[str, int]]) -> dict[str, Obj]:
    changes: dict[str, Obj] = {}
    for number, item in enumerate(given):
        original, path = item.text("original_line_item"), f"line_items[{number}]"
        if original not in left or original in changes:
            raise no_such("line item", original, f"{path}[original_line_item]")
        for name in _MONEY:
            if not -left[original][name] <= item.whole(name) <= 0:
                raise Refusal(
                    f"The {name} must be negative, and not more than what is left of the line: {left[original][name]}.",
                    param=f"{path}[{name}]",
                )
        changes[original] = {
            "amount": item.whole("amount"),
            "amount_tax": item.whole("amount_tax"),
            "metadata": created_metadata(item),
            "quantity": item.maybe_whole("quantity") or 1,
            "reference": item.text("reference"),
        }
    return changes


def _flat(amount: int, lines: Sequence[Obj], left: dict[str, dict[str, int]]) -> dict[str, Obj]:
    """An amount with its taxes, spread over the lines by what is left of each; the last takes what rounding leaves."""
    totals = {line_id: _total(line, left[line_id]) for line in lines for line_id in [text_of(line, "id")]}
    whole = sum(totals.values())
    if not -whole <= amount < 0:
        raise Refusal(f"The flat_amount must be between {-whole} and -1.", param="flat_amount")
    changes: dict[str, Obj] = {}
    back, spread = -amount, 0
    for line in lines:
        line_id = text_of(line, "id")
        share = back * (spread + totals[line_id]) // whole - back * spread // whole
        spread += totals[line_id]
        tax = share * left[line_id]["amount_tax"] // totals[line_id] if totals[line_id] else 0
        net = share if line["tax_behavior"] == "inclusive" else share - tax
        if share:
            changes[line_id] = _whole_line(line, {"amount": net, "amount_tax": tax})
    return changes


def _total(line: Obj, left: dict[str, int]) -> int:
    """What the customer paid for what is left of a line."""
    return left["amount"] + (0 if line["tax_behavior"] == "inclusive" else left["amount_tax"])


def _retrieve(call: Call) -> Obj:
    return call.world.find("tax.transaction", call.id)


def _list_lines(call: Call) -> Obj:
    call.world.find("tax.transaction", call.id)
    return list_of(reversed(call.world.lines[call.id]), call.params, f"{_PATH}/{call.id}/line_items")


_PATH = "/v1/tax/transactions"
_DOES = "metadata reference"

ROUTES: Routes = (
    post(
        _PATH + "/create_from_calculation",
        TransactionCreateFromCalculationParams,
        _commit,
        _DOES + " calculation posted_at",
    ),
    post(
        _PATH + "/create_reversal",
        TransactionCreateReversalParams,
        _reverse,
        _DOES + " flat_amount line_items mode original_transaction",
    ),
    get(_PATH + "/{id}", TransactionRetrieveParams, _retrieve),
    get(_PATH + "/{id}/line_items", TransactionLineItemListParams, _list_lines, PAGE),
)
