"""`expand[]`: an id is replaced by the object it names, where the SDK's resource class says that it may be."""

from collections.abc import Sequence
from copy import deepcopy
from functools import cache
from typing import ForwardRef, get_args

import stripe

from local.stripe_sim.errors import Refusal
from local.stripe_sim.listing import list_of
from local.stripe_sim.routing import Call
from local.stripe_sim.shapes import Json, Obj, Params, text_of
from local.stripe_sim.world import World

_MAX_DEPTH = 4
_CLASSES = {
    "payment_intent": stripe.PaymentIntent,
    "charge": stripe.Charge,
    "refund": stripe.Refund,
    "customer": stripe.Customer,
    "payment_method": stripe.PaymentMethod,
    "setup_intent": stripe.SetupIntent,
    "balance_transaction": stripe.BalanceTransaction,
    "dispute": stripe.Dispute,
    "transfer": stripe.Transfer,
    "transfer_reversal": stripe.TransferReversal,
    "payout": stripe.Payout,
    "bank_account": stripe.BankAccount,
    "card": stripe.Card,
    "file": stripe.File,
    "account": stripe.Account,
    "event": stripe.Event,
    "tax.calculation": stripe.tax.Calculation,
    "tax.calculation_line_item": stripe.tax.CalculationLineItem,
    "tax.transaction": stripe.tax.Transaction,
    "tax.transaction_line_item": stripe.tax.TransactionLineItem,
}
# Attributes that are left out unless they are expanded, and what the lists among them are of.
_LEFT_OUT = {
    ("charge", "refunds"): "refund",
    ("tax.calculation", "line_items"): "tax.calculation_line_item",
    ("tax.calculation_line_item", "tax_breakdown"): "",
    ("tax.transaction", "line_items"): "tax.transaction_line_item",
}
# Calls whose path ends with something else than what they answer.
_ANSWERS = {
    "reversals": "transfer_reversal",
    "external_accounts": "bank_account",
    "calculations": "tax.calculation",
    "transactions": "tax.transaction",
    "create_from_calculation": "tax.transaction",
    "create_reversal": "tax.transaction",
    "login_links": "",
    "line_items": "",
}


def check_expandable(paths: Sequence[str], path: str, *, is_list: bool) -> None:
    """Refuse what the answer of a call to `path` cannot have expanded, before anything is done."""
    kind = _answered_kind(path)
    if not kind:
        return
    for wanted in paths:
        steps = wanted.split(".")
        if len(steps) > _MAX_DEPTH:
            raise Refusal(
                f"You cannot expand more than {_MAX_DEPTH} levels of a property. Property: {wanted}",
                is_before_execution=True,
            )
        if is_list and steps[0] != "data":
            raise _not_expandable(steps[0], "data.")
        _check_steps(kind, steps[1:] if is_list else steps)


def _answered_kind(path: str) -> str:
    for part in reversed(path.split("/")):
        if part in _ANSWERS:
            return _ANSWERS[part]
        if part.removesuffix("s") in _CLASSES:
            return part.removesuffix("s")
    return ""


def _check_steps(kind: str, steps: Sequence[str]) -> None:
    if not steps:
        return
    if (kind, steps[0]) in _LEFT_OUT:
        if len(steps) > 2 and steps[1] == "data":
            _check_steps(_LEFT_OUT[kind, steps[0]], steps[2:])
        return
    kinds = _expandable(kind).get(steps[0])
    if kinds is not None:
        if len(kinds) == 1:
            _check_steps(next(iter(kinds)), steps[1:])
    elif len(steps) == 1 or steps[0] not in _CLASSES[kind].__annotations__:
        raise _not_expandable(steps[0])


def expanded(answer: Obj, paths: Sequence[str], call: Call) -> Obj:
    """A copy of the answer with everything in `paths` filled in. Raises Refusal for what cannot be expanded."""
    copy = deepcopy(answer)
    for path in paths:
        _expand(copy, path.split("."), call)
    return copy


def _expand(obj: Obj, steps: Sequence[str], call: Call) -> None:
    step, rest = steps[0], steps[1:]
    if obj.get("object") == "list" and step == "data":
        _deeper(obj.get("data"), rest, call)
        return
    kind = str(obj.get("object", ""))
    if kind in _CLASSES:
        if (kind, step) in _LEFT_OUT:
            obj[step] = _left_out(obj, step, call.world)
        elif step in _expandable(kind):
            obj[step] = _filled(obj.get(step), _expandable(kind)[step], call)
        elif not rest or not isinstance(obj.get(step), dict):
            raise _not_expandable(step)
    elif step not in obj:
        raise _not_expandable(step)
    _deeper(obj.get(step), rest, call)


def _deeper(value: Json, rest: Sequence[str], call: Call) -> None:
    if not rest:
        return
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            _expand(item, rest, call)


def _filled(value: Json, kinds: frozenset[str], call: Call) -> Json:
    if not isinstance(value, str):
        return value
    for kind in sorted(kinds):
        found = call.world.kept(kind).get(value) or call.platform.anywhere(kind, value)
        if found is not None:
            return deepcopy(found)
    return value


def _left_out(obj: Obj, step: str, world: World) -> Json:
    if step == "refunds":
        return _refunds(obj, world)
    if step == "line_items":
        owner, kind = text_of(obj, "id"), text_of(obj, "object").replace(".", "/")
        return deepcopy(list_of(reversed(world.lines[owner]), Params(), f"/v1/{kind}s/{owner}/line_items"))
    return deepcopy(world.included.get((text_of(obj, "id"), step)))


def _refunds(charge: Obj, world: World) -> Obj:
    charge_id = text_of(charge, "id")
    url = f"/v1/charges/{charge_id}/refunds"
    mine = [refund for refund in world.kept("refund").values() if refund["charge"] == charge_id]
    return deepcopy(list_of(mine, Params(), url))


@cache
def _expandable(kind: str) -> dict[str, frozenset[str]]:
    """Attribute → the kinds of object it may hold instead of an id."""
    resource = _CLASSES[kind]
    fields = {name: _kinds(annotation) for name, annotation in resource.__annotations__.items()}
    return {name: kinds for name, kinds in fields.items() if kinds}


def _kinds(annotation: object) -> frozenset[str]:
    """The kinds beside `str` in `Union[str, ForwardRef("Charge"), None]`."""
    options = get_args(annotation)
    if str not in options:
        return frozenset()
    names = {
        option.__forward_arg__.removesuffix("Resource")
        for option in options
        if isinstance(option, ForwardRef)
    }
    return frozenset(kind for kind, resource in _CLASSES.items() if resource.__name__ in names)


def _not_expandable(step: str, instead: str = "") -> Refusal:
    hint = f" You may want to try expanding '{instead}{step}' instead." if instead else ""
    return Refusal(
        f"This property cannot be expanded ({step}).{hint}", param="expand", is_before_execution=True
    )
